// A page with several forms: what is typed into one is not lost when another is sent. It stays in this tab, for this person and
// case, until its own form is sent.
"use strict";

for (const campo of document.querySelectorAll("textarea[data-guarda]")) {
  const clave = `sin-enviar ${campo.dataset.guarda}`;
  const guardado = sessionStorage.getItem(clave);
  if (guardado && !campo.value) {
    campo.value = guardado;
    const plegado = campo.closest("details");
    if (plegado) plegado.open = true;
  }
  sessionStorage.removeItem(clave);
  for (const otro of document.querySelectorAll("main form"))
    if (otro !== campo.form) otro.addEventListener("submit", () => campo.value.trim() && sessionStorage.setItem(clave, campo.value));
}
