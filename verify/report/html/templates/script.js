"use strict";
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const rows = [...document.querySelectorAll("tr[data-claim]")].map((row) => ({
    row,
    section: document.getElementById(row.dataset.claim),
    models: row.dataset.models.split("|"),
    text: row.dataset.text.toLowerCase(),
    number: row.dataset.number,
  }));

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
    const { verdict, source, model, text } = chosen();
    const words = text.toLowerCase().split(/\s+/);
    const number = /^(?:theorem\s*)?(\d+)$/i.exec(text)?.[1];
    let shown = 0;
    for (const each of rows) {
      const fits =
        (!verdict.length || verdict.includes(each.row.dataset.verdict)) &&
        (!source || source === each.row.dataset.source) &&
        (!model || each.models.includes(model)) &&
        (number ? each.number === number : words.every((word) => each.text.includes(word)));
      each.row.hidden = each.section.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown
      ? `${shown} of ${rows.length} claims shown`
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

  // A link may lead to what a filter or a closed part hides.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
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

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });

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
  for (const formula of document.querySelectorAll(".formula")) wide.observe(formula);

  form.hidden = count.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { show(); store(); });
  form.addEventListener("reset", () => setTimeout(() => { show(); store(); }));
  addEventListener("hashchange", restore);
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  show();
  restore();
})();
