// Pages of PD-27. Everything is there and can be sent without this; here it is only made shorter.
"use strict";

const form = document.querySelector("form[data-assess]");

if (form) {
  const chosen = (name) => {
    const input = form.querySelector(`input[name="${name}"]:checked`);
    return input ? input.value : "";
  };

  // What is hidden is still sent as it was, so nothing that was answered is lost by a slip.
  const refresh = () => {
    const farming = chosen("A1");
    for (const part of form.querySelectorAll("[data-farm]")) part.hidden = farming === "no";

    const debts = chosen("has_debts");
    const rows = form.querySelector("[data-debts]");
    if (rows) {
      const filled = [...rows.querySelectorAll("input")].some((input) => input.value.trim());
      rows.hidden = debts !== "yes" && !(debts === "no" && filled);
    }
    const reason = form.querySelector("[data-no-debts]");
    if (reason) reason.hidden = debts !== "no";

    const hazards = form.querySelector("[data-hazard-rows]");
    if (hazards) hazards.hidden = chosen("N5") !== "some";

    for (const person of form.querySelectorAll("[data-person]")) {
      const names = new Set();
      for (const input of person.querySelectorAll("input:checked")) names.add(input.name);
      person.querySelector("[data-answered]").textContent = names.size;
    }
  };

  // "ไม่มี" and a thing cannot both be ticked.
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type === "checkbox" && box.checked) {
      for (const other of form.querySelectorAll(`input[type="checkbox"][name="${box.name}"]`)) {
        if (other !== box && (box.value === "none" || other.value === "none")) other.checked = false;
      }
    }
    refresh();
  });

  // Hazard rows beyond the first wait until they are wanted.
  const more = form.querySelector("[data-hazard-more]");
  if (more) {
    const rows = [...form.querySelectorAll("[data-hazard-row]")];
    const used = (row) => [...row.querySelectorAll("select")].some((select) => select.value);
    rows.forEach((row, index) => { row.hidden = index > 0 && !used(row); });
    const update = () => { more.hidden = !rows.some((row) => row.hidden); };
    more.addEventListener("click", () => {
      const next = rows.find((row) => row.hidden);
      if (next) {
        next.hidden = false;
        next.querySelector("select").focus();
      }
      update();
    });
    update();
  }

  // Leaving with unsaved answers asks first.
  let changed = false;
  form.addEventListener("change", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  refresh();
}
