// On a phone the filters stay folded until somebody wants them.
"use strict";

for (const box of document.querySelectorAll(".narrowing:not([data-narrowed])")) {
  if (window.matchMedia("(max-width: 799.98px)").matches) box.open = false;
}
