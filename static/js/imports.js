// The pages of imports: choosing a code shows its lines without a second press.
"use strict";

const code = document.getElementById("code");
if (code && code.form) code.addEventListener("change", () => code.form.requestSubmit());
