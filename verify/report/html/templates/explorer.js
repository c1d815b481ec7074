const explorer = (() => {
  const $ = (id) => document.getElementById(id);
  const main = $("explorer");
  const data = JSON.parse(main.dataset.explorer);
  main.removeAttribute("data-explorer");
  const names = Object.keys(data.spectra);
  const gaussian = (s) => s.likelihood === "gaussian";
  const squares = (name) => data.spectra[name].values.map((x) => (name === "gaussian" ? x * x : x));
  const positive = names.flatMap(squares).filter((x) => x > 0);
  const most = data.spectra.gaussian.values.length;
  const top = positive.length ? Math.ceil(Math.log10(Math.max(...positive, 1))) + 1 : 2;
  const bottom = positive.length ? Math.max(Math.floor(Math.log10(Math.min(...positive, 1))) - 1, top - 8) : -2;
  // Sliders move in log10, but for the number of latents.
  const range = (name) =>
    name === "latent" ? [1, most] : name.startsWith("beta") ? [bottom, top] : name.startsWith("sigma") ? [-3, 1] : [-2, 2];

  const initial = () => {
    const s = { likelihood: names[0], levels: 1, latent: Math.min(8, most), eta_dec: 1, eta_enc: 1, x: "beta_1", y: "eta_dec", mode: 1 };
    for (let l = 1; l <= data.levels; l++) Object.assign(s, { [`beta_${l}`]: 1, [`sigma_${l}`]: 0.5, [`fixed_${l}`]: false });
    return s;
  };

  const each = (s, f) => Array.from({ length: s.levels }, (_, k) => f(k + 1));
  const programOf = (s) => PROGRAMS[each(s, (l) => (s[`fixed_${l}`] ? "F" : "L")).join("")];
  const given = (s) => [s.eta_dec, s.eta_enc, ...each(s, (l) => s[`beta_${l}`]), ...each(s, (l) => s[`sigma_${l}`])];
  const sum = (values) => values.reduce((a, b) => a + b, 0);

  // The optimum at a setting: of each mode that has a latent, of each level, and in all.
  const outcome = (s) => {
    const { values, beyond } = data.spectra[s.likelihood];
    if (!gaussian(s)) {
      // The prior's deviation is the unit of σ.
      const edges = values.map((x) => EDGE(x, s.fixed_1 ? s.sigma_1 / s.eta_enc : 1));
      const active = edges.slice(0, s.latent).filter((x) => x > s.beta_1).length;
      return { bounded: true, edges, water: s.beta_1, active: [active], above: edges.filter((x) => x > s.beta_1).length, stable: !(edges[0] > s.beta_1) };
    }
    const program = programOf(s);
    const parameters = given(s);
    const bounded = program.bounded(1, ...parameters);
    const modes = values.slice(0, s.latent).map((theta) => program.optimum(theta, ...parameters));
    const rates = each(s, (l) => sum(modes.map((mode) => mode.rates[l - 1])));
    return {
      bounded,
      modes,
      edges: values.map((x) => x * x),
      water: program.water?.(1, ...parameters),
      active: each(s, (l) => sum(modes.map((mode) => mode.active[l - 1]))),
      rates,
      rate: sum(rates),
      distortion: sum(modes.map((mode) => mode.distortion)) + sum(values.slice(s.latent).map((x) => x * x)) + beyond,
    };
  };

  const short = (x) => {
    if (x === 0) return "0";
    const size = Math.abs(x);
    const text = size >= 1e5 || size < 1e-3 ? x.toExponential(2).replace("e+", "e") : String(Number(x.toPrecision(4)));
    return text.replace("-", "−");
  };
  const lowered = (l) => String.fromCharCode(0x2080 + Number(l));
  const raised = (k) => [...String(k)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
  const symbol = (name) => {
    const [word, l] = name.split("_");
    return { beta: "β", sigma: "σ", eta: "η" }[word] + (word === "eta" ? `_${l}` : state.levels > 1 ? lowered(l) : "");
  };

  const NS = "http://www.w3.org/2000/svg";
  const draw = (tag, attributes, text) => {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const tag = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const BOX = { left: 78, right: 428, top: 12, bottom: 228 };
  const decades = (lo, hi) => {
    const step = Math.ceil((hi - lo) / 7) || 1;
    const found = [];
    for (let k = Math.ceil(lo); k <= hi; k += step) found.push(k);
    return found;
  };
  // Multiples of 1, 2 or 5 times a power of ten, at most six of them.
  const rounds = (most) => {
    const unit = 10 ** Math.floor(Math.log10(most / 5));
    const step = unit * [1, 2, 5, 10].find((k) => most / (k * unit) <= 5.5);
    return Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
  };
  const frame = (across, up) => [
    draw("path", { class: "axis", d: `M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}` }),
    draw("text", { x: (BOX.left + BOX.right) / 2, y: 276, "text-anchor": "middle" }, across),
    draw("text", { x: 15, y: 120, "text-anchor": "middle", transform: "rotate(-90 15 120)" }, up),
  ];
  const ticks = (values, place, label, sideways) =>
    values.flatMap((value) => {
      const at = place(value);
      return sideways
        ? [draw("path", { class: "axis", d: `M${BOX.left - 4} ${at}h4` }), draw("text", { x: BOX.left - 7, y: at + 5, "text-anchor": "end" }, label(value))]
        : [draw("path", { class: "axis", d: `M${at} ${BOX.bottom}v4` }), draw("text", { x: at, y: BOX.bottom + 20, "text-anchor": "middle" }, label(value))];
    });
  const power = (k) => (k >= -2 && k <= 3 ? String(Number((10 ** k).toPrecision(1))) : `10${raised(k)}`);
  const scale = (lo, hi, from, to) => (x) => from + ((x - lo) / (hi - lo || 1)) * (to - from);

  const drawSpectrum = (s, found) => {
    const shown = found.edges.slice(0, Math.min(found.edges.length, Math.max(60, s.latent)));
    const seen = [...shown, found.water ?? 0].filter((x) => x > 0);
    const hi = Math.ceil(Math.log10(Math.max(...seen, 1e-300)) + 0.05);
    const lo = Math.max(Math.floor(Math.log10(Math.min(...seen, 1e300)) - 0.05), hi - 9);
    const y = scale(lo, hi, BOX.bottom, BOX.top);
    const width = (BOX.right - BOX.left) / shown.length;
    const parts = shown.map((value, k) => {
      const height = value > 0 ? Math.max(0, BOX.bottom - y(Math.log10(value))) : 0;
      const on = gaussian(s) ? found.modes[k]?.active[0] : value > found.water;
      const kind = k >= s.latent ? "unserved" : on ? "on" : "off";
      return draw("rect", { class: kind, x: BOX.left + k * width + width * 0.1, y: BOX.bottom - height, width: width * 0.8, height });
    });
    const what = gaussian(s) ? "θ²" : "λ";
    if (found.water > 0) {
      const at = Math.max(BOX.top, y(Math.log10(found.water)));
      parts.push(draw("path", { class: "water", d: `M${BOX.left} ${at}H${BOX.right}` }));
      parts.push(draw("text", { class: "water", x: BOX.right, y: at - 5 < 14 ? at + 15 : at - 5, "text-anchor": "end" }, `${gaussian(s) ? "water level" : "β"} ${short(found.water)}`));
    }
    const every = Math.max(1, Math.ceil(shown.length / 8));
    const labels = shown.map((_, k) => k).filter((k) => k % every === 0);
    $("spectrum").replaceChildren(
      ...parts,
      ...frame("mode", what),
      ...ticks(decades(lo, hi), y, power, true),
      ...ticks(labels, (k) => BOX.left + (k + 0.5) * width, (k) => String(k + 1), false),
    );
    const sorts = gaussian(s) ? "active (green) or collapsed (purple)" : "above β (green) or below (purple)";
    const where = s.levels > 1 ? `z₁ is ${sorts}` : sorts;
    $("spectrum-title").textContent = `The spectrum ${what}: ${where}; grey modes have no latent`;
  };

  const axes = (s) => {
    const found = each(s, (l) => `beta_${l}`);
    if (gaussian(s)) found.push("eta_dec");
    return [...found, ...each(s, (l) => `sigma_${l}`).filter((name) => s[name.replace("sigma", "fixed")])];
  };
  const inWords = (active) => {
    const on = active.flatMap((yes, k) => (yes ? [`z${lowered(k + 1)}`] : []));
    return on.length ? `${on.join(", ")} active` : "all collapsed";
  };
  const regionAt = (s) => {
    if (s.levels === 1) return outcomeCount(s);
    const program = programOf(s);
    if (!program.bounded(1, ...given(s))) return "no minimum";
    return inWords(program.optimum(data.spectra.gaussian.values[s.mode - 1], ...given(s)).active);
  };
  const outcomeCount = (s) => {
    if (!gaussian(s)) return outcome(s).active[0];
    const water = programOf(s).water(1, ...given(s));
    return data.spectra.gaussian.values.slice(0, s.latent).filter((x) => x * x > water).length;
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = (key, s) => {
    if (s.levels === 1) {
      const share = key / s.latent;
      return dark.matches ? `hsl(150 35% ${14 + 50 * share}%)` : `hsl(150 38% ${95 - 58 * share}%)`;
    }
    if (key === "no minimum") return dark.matches ? "#555" : "#999";
    const bits = sum([...key.matchAll(/z(.)/g)].map((m) => 2 ** (m[1].charCodeAt(0) - 0x2081)));
    const place = bits / 2 ** s.levels;
    return `hsl(${Math.round(300 - 300 * place)} 45% ${(dark.matches ? 34 : 72) + (bits % 2 ? 0 : 8)}%)`;
  };

  const drawRegions = (s) => {
    const choices = axes(s);
    $("regions-figure").hidden = choices.length < 2;
    if (choices.length < 2) return;
    for (const [id, other] of [["x", null], ["y", s.x]]) {
      const open = choices.filter((name) => name !== other);
      if (!open.includes(s[id])) s[id] = open.includes("eta_dec") && id === "y" ? "eta_dec" : open[0];
      $(id).replaceChildren(...open.map((name) => Object.assign(tag("option", symbol(name)), { value: name, selected: name === s[id] })));
    }
    const [columns, rows] = [96, 64];
    const [xs, ys] = [range(s.x), range(s.y)];
    const x = scale(...xs, BOX.left, BOX.right);
    const y = scale(...ys, BOX.bottom, BOX.top);
    const [width, height] = [(BOX.right - BOX.left) / columns, (BOX.bottom - BOX.top) / rows];
    const parts = [];
    const keys = new Set();
    for (let j = 0; j < rows; j++) {
      const up = 10 ** (ys[0] + ((ys[1] - ys[0]) * (rows - j - 0.5)) / rows);
      const line = Array.from({ length: columns }, (_, i) => regionAt({ ...s, [s.y]: up, [s.x]: 10 ** (xs[0] + ((xs[1] - xs[0]) * (i + 0.5)) / columns) }));
      for (let i = 0; i < columns; ) {
        let end = i;
        while (end < columns && line[end] === line[i]) end++;
        keys.add(line[i]);
        parts.push(draw("rect", { x: BOX.left + i * width, y: BOX.top + j * height, width: (end - i) * width + 0.4, height: height + 0.4, fill: paint(line[i], s), "shape-rendering": "crispEdges" }));
        i = end;
      }
    }
    const here = [x(Math.log10(s[s.x])), y(Math.log10(s[s.y]))];
    const inside = here[0] >= BOX.left && here[0] <= BOX.right && here[1] >= BOX.top && here[1] <= BOX.bottom;
    if (inside) parts.push(draw("circle", { class: "here", cx: here[0], cy: here[1], r: 6 }));
    $("regions").replaceChildren(...parts, ...frame(symbol(s.x), symbol(s.y)), ...ticks(decades(...xs), x, power, false), ...ticks(decades(...ys), y, power, true));
    const current = regionAt(s);
    let listed = [...keys].sort((a, b) => (a < b ? -1 : 1));
    if (s.levels === 1) {
      listed = [...keys].sort((a, b) => a - b);
      if (listed.length > 7) listed = listed.filter((key, k) => k % Math.ceil(listed.length / 6) === 0 || key === current || k === listed.length - 1);
    }
    $("legend").replaceChildren(
      ...listed.map((key) => {
        const item = tag("li", "");
        const patch = draw("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
        patch.append(draw("rect", { width: 10, height: 10, fill: paint(key, s) }));
        item.append(patch, s.levels === 1 ? `${key} active` : key);
        if (key === current) item.setAttribute("aria-current", "true");
        return item;
      }),
    );
    $("regions-title").textContent = s.levels === 1 ? `How many latents are active${gaussian(s) ? "" : ", about"}; the dot is this setting` : `Which levels are active on mode ${s.mode}; the dot is this setting`;
    $("field-mode").hidden = s.levels === 1;
  };

  const drawCurve = (s, found) => {
    $("curve-figure").hidden = !gaussian(s) || !found.bounded;
    if ($("curve-figure").hidden) return;
    const points = [];
    for (let k = -100; k <= 100; k++) {
      const at = { ...s };
      for (let l = 1; l <= s.levels; l++) at[`beta_${l}`] = s[`beta_${l}`] * 10 ** (k / 20);
      const { rate, distortion } = outcome(at);
      if (Number.isFinite(rate + distortion)) points.push([rate, distortion]);
    }
    const span = Math.max(found.rate * 2, 1);
    const shown = points.filter(([rate]) => rate <= span);
    const high = Math.max(...shown.map((p) => p[1]), found.distortion);
    const x = scale(0, span, BOX.left, BOX.right);
    const y = scale(0, high || 1, BOX.bottom, BOX.top);
    const path = shown.map(([rate, distortion], k) => `${k ? "L" : "M"}${x(rate).toFixed(2)} ${y(distortion).toFixed(2)}`).join("");
    $("curve").replaceChildren(
      ...frame("rate, nats", "distortion"),
      ...ticks(rounds(span), x, short, false),
      ...ticks(rounds(high || 1), y, short, true),
      draw("path", { class: "line", d: path }),
      draw("circle", { class: "here", cx: x(found.rate), cy: y(found.distortion), r: 6 }),
    );
    $("curve-title").textContent = `Rate and distortion as ${s.levels === 1 ? "β varies" : "all β vary together"}; the dot is this setting`;
  };

  const quoted = (word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const command = (s) => {
    const fixed = each(s, (l) => (s[`fixed_${l}`] ? l : 0)).filter(Boolean);
    const free = each(s, (l) => l).filter((l) => !fixed.includes(l));
    if (s.levels > 1) {
      const lists = [["--learnable", free], ["--fixed", fixed]].filter(([, list]) => list.length);
      return ["collapse-audit derive --levels", s.levels, ...lists.map(([name, list]) => `${name} ${list.join(",")}`)].join(" ");
    }
    const words = ["collapse-audit", "predict"];
    if (data.output === "digits") words.push("--dataset", "digits");
    else words.push("--output", data.output, ...(data.input === null ? [] : ["--input", data.input]));
    for (const [name, value] of Object.entries(data.reading)) {
      const flag = `--${name.replaceAll("_", "-")}`;
      for (const one of Array.isArray(value) ? value : [value]) words.push(flag, ...(one === true ? [] : [String(one)]));
    }
    words.push("--model", data.input === null ? "vae" : "cvae", "--latent", String(s.latent), "--beta", String(s.beta_1));
    if (gaussian(s)) words.push("--eta-dec", String(s.eta_dec));
    else words.push("--likelihood", s.likelihood, ...(data.spectra[s.likelihood].dispersion ? ["--dispersion", String(data.spectra[s.likelihood].dispersion)] : []));
    if (s.eta_enc !== 1) words.push("--eta-enc", String(s.eta_enc));
    if (fixed.length) words.push("--sigma", Array(s.latent).fill(s.sigma_1).join(","));
    return words.map(quoted).join(" ");
  };

  const say = (s, found) => {
    if (!found.bounded) {
      return ["There is no minimum here.", "From a learnable level to the next learnable one β must not fall: the loss is unbounded below."];
    }
    if (!gaussian(s)) {
      const { filtered } = data.spectra[s.likelihood];
      const edge = `Threshold β = ${short(found.edges[0])}${filtered < data.spectra[s.likelihood].values[0] ? `; ${short(EDGE(filtered, s.fixed_1 ? s.sigma_1 / s.eta_enc : 1))} without rare values` : ""}.`;
      if (found.stable) return ["Complete collapse is stable.", `${edge} Whether it is optimal is not known.`];
      return [`Complete collapse is a saddle; about ${found.active[0]} of ${s.latent} latents are active.`, `${edge} How many are active is an estimate, no bound either way.`];
    }
    const counts = s.levels === 1 ? `${found.active[0]} of ${s.latent} latents are active` : `Active of ${s.latent}: ${found.active.map((n, k) => `${n} in z${lowered(k + 1)}`).join(", ")}`;
    const parts = s.levels === 1 ? "" : ` (${found.rates.map((x, k) => `level ${k + 1}: ${short(x)}`).join(", ")})`;
    return [`${counts}.`, `Rate ${short(found.rate)} nats${parts}, distortion ${short(found.distortion)} per row.`];
  };

  const fillTable = (s, found) => {
    const heads = gaussian(s) ? ["mode", "θ²", "active", ...each(s, (l) => (s.levels === 1 ? "rate, nats" : `rate of level ${l}`)), "distortion"] : ["mode", "λ, as β", "above β"];
    const rows = found.edges.slice(0, s.latent).slice(0, 40).map((edge, k) => {
      const mode = found.modes?.[k];
      if (!mode) return [k + 1, short(edge), edge > found.water ? "yes" : "no"];
      return [k + 1, short(edge), s.levels === 1 ? (mode.active[0] ? "yes" : "no") : inWords(mode.active), ...mode.rates.map(short), short(mode.distortion)];
    });
    const line = (name, cells) => {
      const row = tag("tr", "");
      row.append(...cells.map((cell) => Object.assign(tag(name, cell), name === "th" ? { scope: "col" } : {})));
      return row;
    };
    $("modes").tHead.replaceChildren(line("th", heads));
    $("modes").tBodies[0].replaceChildren(...rows.map((cells) => line("td", cells)));
  };

  let state = initial();
  const fields = ["latent", "eta_dec", "eta_enc", ...Array.from({ length: data.levels }, (_, k) => [`beta_${k + 1}`, `sigma_${k + 1}`]).flat()];
  const valid = (name, value) => Number.isFinite(value) && value > 0 && (name !== "latent" || (Number.isInteger(value) && value <= most));

  // The address keeps what is not as at the beginning; whatever it says that makes no sense is left out.
  const store = () => {
    const kept = new URLSearchParams();
    const plain = initial();
    for (const [name, value] of Object.entries(state)) if (value !== plain[name]) kept.set(name, String(value));
    history.replaceState(null, "", kept.size ? `#?${kept}` : location.pathname + location.search);
  };
  const restore = () => {
    state = initial();
    const kept = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
    for (const name of fields) if (kept.has(name) && valid(name, Number(kept.get(name)))) state[name] = Number(kept.get(name));
    for (const name of Object.keys(state)) if (name.startsWith("fixed")) state[name] = kept.get(name) === "true";
    if (names.includes(kept.get("likelihood"))) state.likelihood = kept.get("likelihood");
    const levels = Number(kept.get("levels"));
    if (Number.isInteger(levels) && levels >= 1 && levels <= data.levels) state.levels = levels;
    const mode = Number(kept.get("mode"));
    if (Number.isInteger(mode) && mode >= 1 && mode <= most) state.mode = mode;
    for (const id of ["x", "y"]) state[id] = kept.get(id) ?? state[id];
    show();
  };

  const settle = (skipped) => {
    if (!gaussian(state)) state.levels = 1;
    state.mode = Math.min(state.mode, state.latent);
    $("likelihood").value = state.likelihood;
    $("levels").value = String(state.levels);
    $("levels").disabled = !gaussian(state);
    for (const name of fields) {
      const slider = $(name);
      const [lo, hi] = range(name);
      Object.assign(slider, { min: lo, max: hi, step: name === "latent" ? 1 : 0.01 });
      slider.value = name === "latent" ? state[name] : Math.log10(state[name]);
      slider.setAttribute("aria-valuetext", String(state[name]));
      const number = $(`${name}-number`);
      if (number !== skipped) number.value = String(state[name]);
      number.setAttribute("aria-invalid", "false");
    }
    $("field-eta_dec").hidden = !gaussian(state);
    for (let l = 1; l <= data.levels; l++) {
      $(`level-${l}`).hidden = l > state.levels;
      $(`fixed_${l}`).checked = state[`fixed_${l}`];
      $(`field-sigma_${l}`).hidden = !state[`fixed_${l}`];
    }
    const modes = Math.min(state.latent, 100);
    if ($("mode").length !== modes) $("mode").replaceChildren(...Array.from({ length: modes }, (_, k) => tag("option", String(k + 1))));
    $("mode").value = String(state.mode);
  };

  const show = (skipped) => {
    settle(skipped);
    const found = outcome(state);
    const [verdict, detail] = say(state, found);
    $("verdict").textContent = verdict;
    $("detail").textContent = detail;
    $("command").textContent = command(state);
    drawSpectrum(state, found);
    drawRegions(state);
    drawCurve(state, found);
    fillTable(state, found);
  };
  // Many events a frame, one drawing.
  let waiting = 0;
  const soon = (skipped) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => (show(skipped), store()));
  };

  for (const name of fields) {
    $(name).addEventListener("input", (event) => {
      const value = Number(event.target.value);
      state[name] = name === "latent" ? value : Number((10 ** value).toPrecision(4));
      soon();
    });
    $(`${name}-number`).addEventListener("input", (event) => {
      const value = Number(event.target.value.trim().replace(",", "."));
      const good = valid(name, value);
      event.target.setAttribute("aria-invalid", String(!good));
      if (!good) return;
      state[name] = value;
      soon(event.target);
    });
    $(`${name}-number`).addEventListener("change", () => settle());
  }
  for (const id of ["likelihood", "levels", "x", "y", "mode"]) {
    $(id).addEventListener("change", (event) => {
      state[id] = id === "levels" || id === "mode" ? Number(event.target.value) : event.target.value;
      soon();
    });
  }
  for (let l = 1; l <= data.levels; l++) {
    $(`fixed_${l}`).addEventListener("change", (event) => {
      state[`fixed_${l}`] = event.target.checked;
      soon();
    });
  }
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("reset").addEventListener("click", () => {
    state = initial();
    soon();
  });
  $("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText($("command").textContent);
      $("copy").textContent = "Copied";
      setTimeout(() => ($("copy").textContent = "Copy"), 1500);
    } catch {
      getSelection().selectAllChildren($("command"));
    }
  });
  addEventListener("hashchange", restore);
  dark.addEventListener("change", () => show());
  restore();
  return { outcome, command, initial };
})();
