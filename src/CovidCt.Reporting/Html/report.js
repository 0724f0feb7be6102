"use strict";
// Sorting: a heading becomes a button; a click sorts by its column, another one turns the order round.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator("en", { numeric: true });

  const key = (row, column, isNumber) => {
    const cell = row.cells[column];
    if (!isNumber) return cell.textContent;
    const text = cell.dataset.value ?? cell.dataset.sortValue ?? cell.textContent;
    return Number.parseFloat(text);
  };

  const sort = (column) => {
    const heading = headings[column];
    const isNumber = heading.dataset.sort === "number";
    // Figures are read from the best down, names from A on.
    const first = isNumber ? "descending" : "ascending";
    const second = isNumber ? "ascending" : "descending";
    const order = heading.getAttribute("aria-sort") === first ? second : first;
    const sign = order === "ascending" ? 1 : -1;
    const rows = [...body.rows].map((row) => ({ row, key: key(row, column, isNumber) }));
    rows.sort((a, b) => {
      if (!isNumber) return sign * collator.compare(a.key, b.key);
      // What is unknown stays below, whichever way the rest is turned.
      if (Number.isNaN(a.key) || Number.isNaN(b.key)) return Number.isNaN(a.key) - Number.isNaN(b.key);
      return sign * (a.key - b.key);
    });
    body.append(...rows.map((entry) => entry.row));
    for (const other of headings) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
  };

  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(column));
    heading.append(button);
  });
}

// Paper has nothing to unfold.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});
