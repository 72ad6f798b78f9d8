// A page with several forms: what is typed into one is not lost when another is sent. It stays in this tab, closed by a key that only this
// login is given, until its own form is sent.
"use strict";
for (const campo of document.querySelectorAll("textarea[data-guarda]")) guardarLoEscrito(campo);

async function guardarLoEscrito(campo) {
  const clave = `sin-enviar ${campo.dataset.guarda}`;
  if (!crypto.subtle) return; // no https: nothing stays
  const llave = await Cierre.deServidor(campo.dataset.llave, ["encrypt", "decrypt"]);
  const guardado = sessionStorage.getItem(clave);
  if (guardado && !campo.value) {
    try {
      campo.value = await Cierre.deTexto(llave, guardado, clave);
      const plegado = campo.closest("details");
      if (plegado) plegado.open = true;
    } catch {
      sessionStorage.removeItem(clave); // of a login that is over
    }
  }
  let enviado = false;
  campo.form.addEventListener("submit", () => {
    enviado = true;
    sessionStorage.removeItem(clave);
  });
  const guardar = async () => {
    const dicho = campo.value;
    const cerrado = dicho.trim() && (await Cierre.enTexto(llave, dicho, clave));
    if (enviado || campo.value !== dicho) return; // a later one says it
    if (cerrado) sessionStorage.setItem(clave, cerrado);
    else sessionStorage.removeItem(clave);
  };
  campo.addEventListener("input", guardar);
  campo.addEventListener("focusout", guardar); // a name that was chosen from the list is no input
}
