// Progressive enhancement; every page works without it. Filters apply while the reader types,
// columns sort, a slider chooses the position, and postings open when a link leads to them and
// for printing.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Filters: show and hide rows as the server does, without a request.
  for (const form of all("form[data-filter]")) {
    const rows = all("main tbody tr");
    const shown = form.querySelector("[data-seen]");
    const value = (name) => form.elements[name]?.value ?? "";
    const apply = () => {
      const type = value("type"), group = value("group"), flag = value("flag");
      const text = value("q").trim().toLocaleLowerCase();
      let count = 0;
      for (const row of rows) {
        const fits = (!type || row.dataset.type === type)
          && (!group || row.dataset.group === group)
          && (!flag || row.dataset.marks.split(" ").includes(flag))
          && (!text || row.querySelector(".unit").textContent.toLocaleLowerCase().includes(text));
        row.hidden = !fits;
        count += fits;
      }
      if (shown) shown.textContent = count;
    };
    form.hidden = false;
    form.querySelector("button").hidden = true;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
    window.addEventListener("pageshow", apply);
  }

  // Sorting: each heading becomes a button; a second press reverses the order.
  const number = (cell) => {
    const found = /[-−+]?\d+(\.\d+)?/.exec(cell.textContent);
    return found ? Number(found[0].replace("−", "-")) : -Infinity;
  };
  for (const table of all("table[data-sortable]")) {
    for (const heading of all("th[data-sort]", table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const descending = heading.getAttribute("aria-sort") === "ascending";
        for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const column = heading.cellIndex, sign = descending ? -1 : 1;
        const byNumber = heading.dataset.sort === "number";
        const key = (row) => byNumber ? number(row.cells[column]) : row.cells[column].textContent;
        const order = (one, other) => byNumber
          ? (one === other ? 0 : one < other ? -1 : 1) : one.localeCompare(other, "zh");
        const body = table.tBodies[0];
        const keyed = [...body.rows].map((row) => [key(row), row]);
        keyed.sort((one, other) => sign * order(one[0], other[0]));
        body.append(...keyed.map(([, row]) => row));
      });
    }
  }

  // "As known on": a slider over all positions beside the field.
  for (const field of all("input[data-head]")) {
    const head = Number(field.dataset.head);
    if (head < 2) continue;
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 1, max: head, value: field.dataset.at });
    slider.setAttribute("aria-label", field.labels[0].textContent.trim());
    slider.addEventListener("input", () => {
      field.value = Number(slider.value) === head ? "" : slider.value;
    });
    field.addEventListener("input", () => {
      if (/^\d+$/.test(field.value)) slider.value = field.value;
    });
    field.after(slider);
  }

  // Postings: open the one that the address names, all by a button, and all for printing.
  const reveal = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named instanceof HTMLDetailsElement) {
      named.open = true;
      named.scrollIntoView();
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  for (const button of all("button[data-open-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const postings = all("main details");
      const open = postings.some((one) => !one.open);
      for (const one of postings) one.open = open;
    });
  }
  // What is being computed: look again after so many seconds.
  for (const one of all("[data-again]")) {
    setTimeout(() => location.reload(), 1000 * Number(one.dataset.again));
  }

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = all("main details:not([open]):not(.nought)");
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();
