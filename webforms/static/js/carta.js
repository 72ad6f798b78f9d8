// A letter while it is written: how it looks with examples, and a word put where the cursor stands. Without it the page does the same by its button.
"use strict";

const ejemplos = new Map(Object.entries(JSON.parse(document.getElementById("carta-ejemplos").textContent)));
/** @type {HTMLInputElement | HTMLTextAreaElement} */
let donde;
const asunto = document.querySelector("input#asunto");
const texto = document.querySelector("textarea#texto");
donde = texto;

function lleno(molde) {
  return molde.replace(/\{(\w+)(\??)\}/g, (todo, nombre) => ejemplos.get(nombre) ?? todo);
}

function mostrar() {
  document.querySelector('[data-queda="asunto"]').textContent = lleno(asunto.value);
  document.querySelector('[data-queda="texto"]').textContent = lleno(texto.value);
}

for (const campo of [asunto, texto]) {
  campo.addEventListener("input", mostrar);
  campo.addEventListener("focus", () => {
    donde = campo;
  });
}
for (const boton of document.querySelectorAll("[data-inserta]")) {
  boton.addEventListener("click", () => {
    donde.setRangeText(boton.dataset.inserta, donde.selectionStart, donde.selectionEnd, "end");
    donde.focus();
    mostrar();
  });
}
mostrar();
