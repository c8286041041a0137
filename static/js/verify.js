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

// Where the visit is, if the person lets the phone tell; without it the place stays empty.
const place = document.querySelector("[data-place]");

function readPlace() {
  const said = place.querySelector("[data-place-said]");
  said.textContent = "กำลังอ่านตำแหน่ง…";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const fields = place.closest("form").elements;
      fields.lat.value = coords.latitude.toFixed(6);
      fields.lon.value = coords.longitude.toFixed(6);
      fields.accuracy_m.value = Math.ceil(coords.accuracy);
      said.textContent = `อ่านตำแหน่งแล้ว คลาดเคลื่อนไม่เกิน ${Math.ceil(coords.accuracy)} เมตร`;
      place.querySelector("[data-place-clear]").hidden = false;
    },
    () => {
      said.textContent = "อ่านตำแหน่งไม่ได้ บันทึกต่อโดยไม่มีพิกัดได้";
    },
    { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
  );
}

function clearPlace() {
  const fields = place.closest("form").elements;
  for (const name of ["lat", "lon", "accuracy_m"]) fields[name].value = "";
  place.querySelector("[data-place-said]").textContent = "ลบตำแหน่งแล้ว";
  place.querySelector("[data-place-clear]").hidden = true;
}

if (place && "geolocation" in navigator) {
  place.hidden = false;
  place.querySelector("[data-place-read]").addEventListener("click", readPlace);
  place.querySelector("[data-place-clear]").addEventListener("click", clearPlace);
}
