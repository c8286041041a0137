// The reason is asked for only where it is needed; without this script it is always there.
"use strict";

const box = document.querySelector("[data-reason]");
const outcomes = document.querySelectorAll('input[name="outcome"]');

function show() {
  const chosen = [...outcomes].find((input) => input.checked);
  box.hidden = !chosen || chosen.value === "poor";
  box.querySelector("textarea").required = !box.hidden;
}

for (const input of outcomes) input.addEventListener("change", show);
if (box) show();
