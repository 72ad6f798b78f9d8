// The queue of a point, live as the board: asks every three seconds and changes only the parts that tell something new.
// What the pointer or the focus rests on waits, so that no button moves away under a press. Everything works without it.
"use strict";
(() => {
  const CADA = 3000;
  const viva = document.getElementById("fila-viva");
  const marca = document.getElementById("vivo");
  const detener = document.getElementById("detener");
  if (!viva || !marca || !detener) return;
  const textos = { vivo: marca.textContent, detener: detener.textContent };
  let etiqueta = `"${viva.dataset.etiqueta}"`;
  let visto = Date.now();
  let parada = false;
  let fallos = 0;
  const porPoner = new Map();

  const enUso = (parte) => parte.contains(document.activeElement) || parte.querySelector(".ir:hover, li:hover, button:hover") !== null;

  function poner() {
    for (const [nombre, nueva] of porPoner) {
      const parte = viva.querySelector(`[data-parte="${nombre}"]`);
      if (enUso(parte)) continue;
      const abiertos = [...parte.querySelectorAll("details[open]")].map((d) => d.id);
      parte.innerHTML = nueva.innerHTML;
      parte.dataset.huella = nueva.dataset.huella;
      for (const id of abiertos) document.getElementById(id)?.setAttribute("open", "");
      porPoner.delete(nombre);
    }
  }

  function recibir(html) {
    const hoja = new DOMParser().parseFromString(html, "text/html");
    for (const nueva of hoja.querySelectorAll("[data-parte]")) {
      const nombre = nueva.dataset.parte;
      const parte = viva.querySelector(`[data-parte="${nombre}"]`);
      if (parte.dataset.huella !== nueva.dataset.huella) porPoner.set(nombre, nueva);
      else porPoner.delete(nombre);
    }
    poner();
  }

  async function preguntar() {
    if (!parada) {
      try {
        const respuesta = await fetch(viva.dataset.url, { headers: { "If-None-Match": etiqueta }, cache: "no-store", redirect: "manual" });
        if (respuesta.status === 204 || respuesta.type === "opaqueredirect") {
          location.reload(); // somebody is at the desk, or the session ended: the page says so
          return;
        }
        if (respuesta.status === 200) {
          etiqueta = respuesta.headers.get("ETag");
          recibir(await respuesta.text());
        } else if (respuesta.status !== 304) throw new Error(String(respuesta.status));
        visto = Date.now();
        fallos = 0;
      } catch {
        fallos += 1;
      }
    }
    setTimeout(preguntar, CADA);
  }

  function decir() {
    const hace = Math.round((Date.now() - visto) / 1000);
    marca.classList.toggle("quieto", parada || fallos > 2);
    marca.textContent = parada ? `Detenida hace ${hace} s` : fallos > 2 ? `Sin conexión hace ${hace} s` : `${textos.vivo}, hace ${hace} s`;
    poner();
  }

  detener.addEventListener("click", () => {
    parada = !parada;
    detener.setAttribute("aria-pressed", String(parada));
    detener.textContent = parada ? "Seguir en vivo" : textos.detener;
    decir();
  });
  marca.hidden = detener.hidden = false;
  decir();
  setInterval(decir, 1000);
  setTimeout(preguntar, CADA);
})();
