// The turn on a phone: asks again every few seconds, keeps what it shows when there is no connection.
(() => {
  "use strict";
  const caja = document.getElementById("seguimiento");
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const respuesta = await fetch(location.href, { cache: "no-store" });
      if (!respuesta.ok) return;
      const pagina = new DOMParser().parseFromString(await respuesta.text(), "text/html");
      const nueva = pagina.getElementById("seguimiento");
      if (nueva) caja.replaceChildren(...nueva.childNodes);
    } catch {
      // the next try comes by itself
    }
  }, Number(caja.dataset.cada) * 1000);
})();
