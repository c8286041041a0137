// The pages of imports: choosing a code shows its lines without a second press; the grid by keys.
"use strict";

const code = document.getElementById("code");
if (code && code.form) code.addEventListener("change", () => code.form.requestSubmit());

const grid = document.getElementById("grid");
if (grid) {
  const step = (row, key) => {
    let next = row;
    do {
      next = key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
    } while (next && !next.hasAttribute("data-row"));
    return next;
  };

  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("input.form-control");
    const row = cell && cell.closest("tr[data-row]");
    if (!row) return;
    if (event.key === "Enter") {
      const save = row.querySelector("[data-save]");
      if (!save) return;
      event.preventDefault();
      save.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = step(row, event.key);
      if (!next) return;
      event.preventDefault();
      const cells = (of) => [...of.querySelectorAll("input.form-control")];
      const there = cells(next)[cells(row).indexOf(cell)];
      if (there) {
        there.focus();
        there.select();
      }
    }
  });

  // A row that was saved is put in anew: go on where one was, or in the next row.
  let at = null;
  grid.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.target.closest("tr[data-row]");
    at = row && { row: row.dataset.row, next: step(row, "ArrowDown") };
  });
  grid.addEventListener("htmx:afterSettle", () => {
    if (!at) return;
    const same = grid.querySelector(`tr[data-row="${at.row}"]`);
    const there = (same || at.next || grid).querySelector("input.is-invalid, input.form-control");
    at = null;
    if (there) there.focus();
  });
}
