// What every page shares. Each part is a refinement: without it the page still works.
"use strict";

const token = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:configRequest", (event) => {
  if (token && event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = token.content;
  }
});

// A fragment that could not be fetched must not fail in silence.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const target = event.detail.elt;
    if (target.matches("[data-failed]")) return;
    target.setAttribute("data-failed", "");
    const line = document.createElement("p");
    line.className = "field-error";
    line.setAttribute("role", "alert");
    line.textContent = "โหลดข้อมูลล่าสุดไม่สำเร็จ ตรวจสอบสัญญาณแล้วเปิดหน้านี้ใหม่";
    target.append(line);
  });
}

// Messages can be put away.
for (const button of document.querySelectorAll("[data-close]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest(".notice").remove());
}

// A refused form: go to what has to be mended.
const refused = document.querySelector("[data-focus]");
if (refused) refused.focus();

// A link to a field, as from the board of what is to be mended: stand in it.
const wanted = location.hash.startsWith("#id_") && document.getElementById(location.hash.slice(1));
if (wanted && !refused) wanted.focus();

// On a phone the tab one is at may lie outside the row.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
}

// Menus close when one leaves them.
for (const menu of document.querySelectorAll("[data-menu]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Without a signal, say so.
const strip = document.querySelector("[data-offline]");
if (strip) {
  const show = () => { strip.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

// One press, one post: a slow line invites a second press.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    form.removeAttribute("data-sent");
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});

// A password may be looked at while it is typed.
for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
    button.textContent = hidden ? "ซ่อน" : "แสดง";
  });
}

// Print buttons exist only where they can work.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// What is folded on the screen is open on paper.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.figure-table")) details.open = true;
});
