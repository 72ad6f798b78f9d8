// Passkeys: asks the browser for one, and sends what it signed with the form. Without it, or in a browser that has none, the form stays hidden.
"use strict";
const puede = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;
for (const formulario of puede ? document.querySelectorAll("form[data-llave]") : []) {
  const no = formulario.querySelector("[data-no]");
  formulario.hidden = false;
  formulario.addEventListener("submit", async (evento) => {
    if (formulario.elements.nombre?.value.trim() === "") return; // the page says so, and no device keeps a key that nobody knows
    evento.preventDefault();
    no.hidden = true;
    const boton = formulario.querySelector("button");
    boton.disabled = true;
    try {
      const token = formulario.elements.csrf_token.value;
      const dicho = await fetch(formulario.dataset.opciones, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } });
      if (!dicho.ok) throw new Error(String(dicho.status));
      const { opciones, pregunta } = await dicho.json();
      const poner = formulario.dataset.llave === "poner";
      const llave = poner
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(opciones) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(opciones) });
      formulario.elements.pregunta.value = pregunta;
      formulario.elements.respuesta.value = JSON.stringify(llave);
      formulario.submit();
    } catch (error) {
      boton.disabled = false;
      no.textContent = error.name === "InvalidStateError" ? _("Este aparato ya tiene una llave suya.") : _("No se usó ninguna llave. Inténtelo otra vez.");
      no.hidden = false;
      boton.focus();
    }
  });
}
