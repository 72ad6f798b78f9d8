// The turn on a phone: asks again every few seconds, keeps what it shows when there is no connection, vibrates when it is near.
(() => {
  "use strict";
  const CERCA = 2;
  const caja = document.getElementById("seguimiento");
  const casilla = document.querySelector("input#vibrar");
  const retirar = document.getElementById("retirar-turno");

  // --- vibration: browsers allow it once the person has touched the page
  if ("vibrate" in navigator) {
    document.getElementById("con-vibracion").hidden = false;
    document.getElementById("nota-vibracion").hidden = false;
    casilla.addEventListener("change", () => casilla.checked && navigator.vibrate(120));
  }
  const cerca = (d) => d.delante !== "" && Number(d.delante) <= CERCA;
  function vibrar(antes, ahora) {
    if (!casilla.checked) return;
    if (ahora.llamado !== antes.llamado && ahora.estado === "llamado") navigator.vibrate([500, 200, 500, 200, 500]);
    else if (cerca(ahora) && !cerca(antes)) navigator.vibrate([300, 150, 300]);
  }

  setInterval(async () => {
    if (document.hidden && !casilla.checked) return;
    try {
      const respuesta = await fetch(location.href, { cache: "no-store" });
      if (!respuesta.ok) return;
      const pagina = new DOMParser().parseFromString(await respuesta.text(), "text/html");
      const nueva = pagina.getElementById("seguimiento");
      if (!nueva) return;
      vibrar({ ...caja.dataset }, nueva.dataset);
      Object.assign(caja.dataset, nueva.dataset);
      caja.replaceChildren(...nueva.childNodes);
      if (retirar) retirar.hidden = nueva.dataset.estado !== "espera";
    } catch {
      // the next try comes by itself
    }
  }, Number(caja.dataset.cada) * 1000);
})();
