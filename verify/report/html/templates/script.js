"use strict";
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const [spaces, heads, nodes, roots] = JSON.parse(document.getElementById("parts").textContent);

  // A node is a text, [head, …nodes], or the number of one that occurs more than once; no text is read as markup.
  const text = (node) => (typeof node === "number" ? nodes[node] : node);
  const build = (packed) => {
    const node = text(packed);
    if (typeof node === "string") return document.createTextNode(node);
    const [head, ...children] = node;
    const [space, name, ...attributes] = heads[head];
    const made = document.createElementNS(spaces[space], name);
    for (let k = 0; k < attributes.length; k += 2) made.setAttribute(attributes[k], text(attributes[k + 1]));
    made.append(...children.map(build));
    return made;
  };
  const words = (packed) => {
    const node = text(packed);
    return typeof node === "string" ? node : node.slice(1).map(words).join("");
  };

  const asked = () => form.elements.text.value.trim().toLowerCase();
  const theorem = (sought) => /^(?:theorem\s*)?(\d+)$/i.exec(sought)?.[1];

  // What a fold holds is made when it is opened, once; of what is searched for, the records are opened with it.
  const open = (fold) => {
    const place = fold.querySelector("[data-part]");
    if (place) {
      const made = build(roots[place.dataset.part]);
      for (const formula of made.querySelectorAll(".formula, .reason")) wide.observe(formula);
      place.replaceWith(made);
    }
    const sought = asked();
    if (!sought || theorem(sought)) return;
    for (const part of fold.querySelectorAll("details")) {
      const said = part.textContent.toLowerCase();
      if (sought.split(/\s+/).every((word) => said.includes(word))) part.open = true;
    }
  };

  const claims = [...document.querySelectorAll("section.claim")].map((section) => {
    const part = section.querySelector("[data-part]").dataset.part;
    const { verdict, source, models, number } = section.dataset;
    const head = section.textContent.toLowerCase();
    let all;
    return {
      section, verdict, source, number,
      models: models.split("|"),
      says: (word) => head.includes(word) || (all ??= words(roots[part]).toLowerCase()).includes(word),
    };
  });

  const chosen = () => {
    const data = new FormData(form);
    return {
      verdict: data.getAll("verdict"),
      source: data.get("source"),
      model: data.get("model"),
      text: data.get("text").trim(),
    };
  };

  const show = () => {
    const { verdict, source, model, text: sought } = chosen();
    const parts = sought.toLowerCase().split(/\s+/);
    const number = theorem(sought);
    let shown = 0;
    for (const each of claims) {
      const fits =
        (!verdict.length || verdict.includes(each.verdict)) &&
        (!source || source === each.source) &&
        (!model || each.models.includes(model)) &&
        (number ? each.number === number : parts.every(each.says));
      each.section.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown
      ? `${shown} of ${claims.length} claims shown`
      : "No claim fits; clear the filter to see all.";
  };

  // The filter is kept in the address, behind "#?", where no anchor begins.
  const store = () => {
    const { verdict, ...others } = chosen();
    const kept = new URLSearchParams(verdict.map((name) => ["verdict", name]));
    for (const [name, value] of Object.entries(others)) if (value) kept.set(name, value);
    history.replaceState(null, "", kept.size ? `#?${kept}` : location.pathname + location.search);
  };

  const restore = () => {
    if (!location.hash.startsWith("#?")) return reveal();
    const kept = new URLSearchParams(location.hash.slice(2));
    for (const box of form.elements.verdict?.length === undefined ? [form.elements.verdict] : form.elements.verdict) {
      if (box) box.checked = kept.getAll("verdict").includes(box.value);
    }
    for (const name of ["source", "model", "text"]) form.elements[name].value = kept.get(name) ?? "";
    show();
  };

  // A link may lead to what a filter hides, or into a part that is not made yet.
  const reveal = () => {
    const id = location.hash.length > 1 && decodeURIComponent(location.hash.slice(1));
    if (!id) return;
    for (const { section } of claims) if (id.startsWith(`${section.id}-`)) open(section.querySelector(".fold"));
    const target = document.getElementById(id);
    if (!target) return;
    if (target.matches("section.claim")) target.querySelector(".fold").open = true;
    for (let node = target; node; node = node.parentElement) {
      if (node.hidden) node.hidden = false;
      if (node.localName === "details") node.open = true;
    }
    target.scrollIntoView();
  };

  const copy = async (button) => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  // A formula that is wider than the page can be scrolled with the keyboard, which takes a place among the tab stops.
  const wide = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      if (scrolls) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", "Formula wider than the page");
      } else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  });

  document.documentElement.classList.add("live");
  form.hidden = count.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { show(); store(); });
  form.addEventListener("reset", () => setTimeout(() => { show(); store(); }));
  addEventListener("hashchange", restore);
  addEventListener("click", ({ target }) => { if (target.matches?.("button.copy")) copy(target); });
  for (const fold of document.querySelectorAll(".fold")) {
    fold.addEventListener("toggle", () => { if (fold.open) open(fold); });
  }
  show();
  restore();
})();
