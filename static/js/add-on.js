// Adding a household: another person without a round trip, the phone's own position.
"use strict";

const form = document.getElementById("register");
const people = document.getElementById("people");
const blank = document.getElementById("blank-person");
const add = form.querySelector("[data-add]");
const total = form.querySelector('[name="members-TOTAL_FORMS"]');
const most = Number(form.querySelector('[name="members-MAX_NUM_FORMS"]').value);

if (add) {
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    if (number >= most) return;
    const copy = document.createElement("template");
    copy.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(number));
    const person = copy.content.firstElementChild;
    person.querySelector("[data-number]").textContent = String(number + 1);
    people.append(person);
    total.value = String(number + 1);
    add.hidden = number + 1 >= most;
    person.querySelector("input[type=text]").focus();
  });
}

const locate = form.querySelector("[data-locate]");
if (locate && "geolocation" in navigator) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition((position) => {
      form.elements.lat.value = position.coords.latitude.toFixed(6);
      form.elements.lon.value = position.coords.longitude.toFixed(6);
    });
  });
}
