// The page of the code, which stands before what the tablet keeps when there is no network: whoever knows it opens what is theirs.
"use strict";
{
  const formulario = document.querySelector("form[data-candado]");
  const { codigo } = formulario.elements;
  const boton = formulario.querySelector("button[type=submit]");
  const falla = document.getElementById("codigo-e");

  async function deQuien(dicho) {
    for (const equipo of await Base.todos("equipo")) {
      if (!equipo.delCodigo) continue;
      try {
        return { quien: equipo.quien, llave: await Cierre.desenvolverConCodigo(equipo.delCodigo, dicho, equipo.quien), desde: Date.now() };
      } catch {
        // that of another person
      }
    }
    return null;
  }

  formulario.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    boton.disabled = true;
    boton.textContent = _("Abriendo…");
    const abierta = await deQuien(codigo.value);
    if (abierta) {
      const { active } = await navigator.serviceWorker.ready;
      const canal = new MessageChannel();
      canal.port1.onmessage = () => location.reload();
      active.postMessage({ que: "abrir", abierta }, [canal.port2]);
      return;
    }
    boton.disabled = false;
    boton.textContent = _("Abrir");
    falla.hidden = false;
    falla.closest(".campo").classList.add("con-error");
    codigo.setAttribute("aria-invalid", "true");
    codigo.setAttribute("aria-describedby", "codigo-a codigo-e");
    codigo.select();
    codigo.focus();
  });
  window.addEventListener("online", () => location.reload());
  Base.todos("equipo").then((equipos) => {
    const alguien = equipos.some((equipo) => equipo.delCodigo);
    for (const parte of document.querySelectorAll("[data-alguien]")) parte.hidden = !alguien;
    document.querySelector("[data-nadie]").hidden = alguien;
    if (alguien) codigo.focus();
  });
}
