// The kiosk: number pad, one press only, printing, and back to the start when nobody is there any more. Everything works without it.
(() => {
  "use strict";
  const OCIOSO = 90; // seconds without a touch on the second step

  // --- number pad
  document.querySelectorAll("[data-teclado]").forEach((teclado) => {
    const campo = /** @type {HTMLInputElement} */ (document.getElementById(teclado.dataset.teclado));
    teclado.hidden = "letras" in teclado.dataset;
    teclado.addEventListener("click", (evento) => {
      const tecla = /** @type {Element} */ (evento.target).closest("[data-tecla]")?.dataset.tecla;
      if (!tecla) return;
      if (tecla === "vaciar") campo.value = "";
      else if (tecla === "borrar") campo.value = campo.value.slice(0, -1);
      else if (campo.value.length < 20) campo.value += tecla;
    });
  });

  // --- letters, for the documents that have them
  const tipo = document.querySelector("select#tipo_doc");
  const letras = document.querySelector("[data-letras]");
  if (tipo && letras) {
    const mostrar = () => (letras.hidden = tipo.value !== "PA");
    tipo.addEventListener("change", mostrar);
    mostrar();
  }

  // --- a second press does nothing; the key of the form makes it harmless even where scripts are off
  document.querySelectorAll("form[data-una-vez]").forEach((formulario) => {
    let enviado = false;
    formulario.addEventListener("submit", (evento) => {
      if (enviado) evento.preventDefault();
      enviado = true;
    });
  });

  // --- errors first
  document.querySelector("[data-foco]")?.focus();

  // --- back to the start
  function contarHasta(segundos, destino, cuenta) {
    let final = 0;
    const reinicia = () => (final = performance.now() + segundos * 1000);
    reinicia();
    ["pointerdown", "keydown"].forEach((tipo) => document.addEventListener(tipo, reinicia));
    const reloj = setInterval(() => {
      const quedan = Math.max(0, Math.ceil((final - performance.now()) / 1000));
      if (cuenta) cuenta.textContent = String(quedan);
      if (quedan > 0) return;
      clearInterval(reloj);
      location.replace(destino);
    }, 500);
  }
  const principal = document.querySelector("main[data-vuelve]");
  if (principal) {
    const nota = document.querySelector("[data-cuenta]");
    if (nota) nota.hidden = false;
    contarHasta(Number(principal.dataset.vuelve), principal.dataset.destino, nota?.querySelector("b"));
  }
  const ocioso = document.querySelector("[data-ocioso]");
  if (ocioso) contarHasta(OCIOSO, ocioso.dataset.ocioso, null);

  // --- print
  const boton = document.querySelector("[data-imprimir-ahora]");
  if (boton) {
    boton.hidden = false;
    boton.addEventListener("click", () => window.print());
  }
  if (document.querySelector("main[data-imprimir]")) window.print();
})();
