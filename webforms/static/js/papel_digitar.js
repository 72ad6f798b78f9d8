// The later entry of a paper: Ctrl Enter saves and opens the next one. Without it the button does.
"use strict";
document.addEventListener("keydown", (evento) => {
  if (!evento.ctrlKey || evento.altKey || evento.key !== "Enter") return;
  evento.preventDefault();
  document.querySelector("[data-completar]")?.click();
});
