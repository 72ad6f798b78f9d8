// Documents that are filed: print, copy the number, rows for more documents and the sum of their folios. Without it all ten rows are shown.
"use strict";
for (const boton of document.querySelectorAll("[data-imprimir-ahora]")) {
  boton.hidden = false;
  boton.addEventListener("click", () => window.print());
}
for (const boton of document.querySelectorAll("[data-copiar]")) {
  boton.hidden = !navigator.clipboard;
  boton.addEventListener("click", async () => {
    await navigator.clipboard.writeText(boton.dataset.copiar);
    document.querySelector("[data-dicho]").textContent = boton.dataset.copiado;
  });
}
const otro = document.querySelector("[data-otro-documento]");
if (otro) {
  const filas = [...document.querySelectorAll("tr[data-de-mas]")];
  const suma = document.querySelector("[data-folios]");
  const sumar = () => {
    const folios = [...document.querySelectorAll("input[name^='folios_']")].map((c) => Number.parseInt(c.value, 10)).filter((n) => n > 0);
    const total = folios.reduce((a, b) => a + b, 0);
    const cuantos = total === 1 ? suma.dataset.uno : suma.dataset.varios.replace("{n}", String(total));
    const en = folios.length === 1 ? suma.dataset.enUno : suma.dataset.en.replace("{n}", String(folios.length));
    suma.textContent = total ? `${cuantos} ${en}` : "";
  };
  for (const fila of filas) fila.hidden = true;
  otro.hidden = filas.length === 0;
  otro.addEventListener("click", () => {
    const fila = filas.shift();
    fila.hidden = false;
    fila.querySelector("input").focus();
    otro.hidden = filas.length === 0;
  });
  document.addEventListener("input", (e) => /** @type {HTMLInputElement} */ (e.target).name?.startsWith("folios_") && sumar());
  sumar();
}
