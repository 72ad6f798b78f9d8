// A page that lives as the board (the queue of a point, documents to be received): asks every few seconds and changes only the
// parts that tell something new. What the pointer or the focus rests on waits, so that no button moves away under a press; of a
// list with marked lines only that line waits. Nothing changes while somebody types in a search. Everything works without it.
"use strict";
(() => {
  const viva = document.getElementById("fila-viva");
  const marca = document.getElementById("vivo");
  const detener = document.getElementById("detener");
  if (!viva || !marca || !detener) return;
  const CADA = Number(viva.dataset.cada || 3000);
  const dicho = document.getElementById("vivo-dicho");
  const textos = { vivo: marca.textContent, detener: detener.textContent };
  let etiqueta = `"${viva.dataset.etiqueta}"`;
  let visto = Date.now();
  let parada = false;
  let fallos = 0;
  const porPoner = new Map();

  const enUso = (parte) => parte.contains(document.activeElement) || parte.querySelector(".ir:hover, li:hover, button:hover") !== null;

  const escribe = () => (document.querySelector("input[data-quieto]:focus")?.value ?? "") !== "";
  const lineas = (parte) => new Map([...parte.querySelectorAll("[data-clave]")].map((li) => [li.dataset.clave, li]));

  // What changed in words, for who does not see it: a line that is new, that says something else, that went.
  function contar(antes, ahora) {
    const dichas = [];
    for (const [clave, li] of ahora) {
      if (!antes.has(clave)) dichas.push(`${viva.dataset.llego}: ${li.dataset.dicho}.`);
      else if (antes.get(clave) !== li.dataset.dicho) dichas.push(`${li.dataset.dicho}.`);
    }
    for (const [clave, texto] of antes) if (!ahora.has(clave)) dichas.push(`${texto}: ${viva.dataset.seFue}.`);
    if (dicho && dichas.length) dicho.textContent = dichas.join(" ");
  }

  // The part is in use: its other lines change where they stand, new ones come at the end, none goes.
  function mezclar(parte, nueva) {
    const suyas = lineas(parte);
    for (const [clave, li] of lineas(nueva)) {
      const vieja = suyas.get(clave);
      if (!vieja) [...suyas.values()].at(-1)?.parentElement.append(li.cloneNode(true));
      else if (vieja.dataset.huella !== li.dataset.huella && !vieja.matches(":hover, :focus-within")) vieja.replaceWith(li.cloneNode(true));
    }
  }

  function poner() {
    if (escribe()) return;
    const antes = new Map([...lineas(viva)].map(([clave, li]) => [clave, li.dataset.dicho]));
    for (const [nombre, nueva] of porPoner) {
      const parte = viva.querySelector(`[data-parte="${nombre}"]`);
      if (enUso(parte)) {
        mezclar(parte, nueva);
        continue;
      }
      const abiertos = [...parte.querySelectorAll("details[open]")].map((d) => d.id);
      parte.innerHTML = nueva.innerHTML;
      parte.dataset.huella = nueva.dataset.huella;
      for (const id of abiertos) document.getElementById(id)?.setAttribute("open", "");
      porPoner.delete(nombre);
    }
    contar(antes, lineas(viva));
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

  // What is asked while a form leaves would bring back the cookie of before, without the word that the next page is to say.
  let enCurso = new AbortController();
  document.addEventListener("submit", () => enCurso.abort());

  async function preguntar() {
    if (!parada) {
      enCurso = new AbortController();
      try {
        /** @type {RequestInit} */
        const pedido = { headers: { "If-None-Match": etiqueta }, cache: "no-store", redirect: "manual", signal: enCurso.signal };
        const respuesta = await fetch(viva.dataset.url, pedido);
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
        if (!enCurso.signal.aborted) fallos += 1;
      }
    }
    setTimeout(preguntar, CADA);
  }

  function decir() {
    const hace = Math.round((Date.now() - visto) / 1000);
    marca.classList.toggle("quieto", parada || fallos > 2);
    marca.textContent = parada ? _("Detenida hace {n} s", { n: hace }) : fallos > 2 ? _("Sin conexión hace {n} s", { n: hace }) : _("{vivo}, hace {n} s", { vivo: textos.vivo, n: hace });
    poner();
  }

  detener.addEventListener("click", () => {
    parada = !parada;
    detener.setAttribute("aria-pressed", String(parada));
    detener.textContent = parada ? _("Seguir en vivo") : textos.detener;
    decir();
  });
  marca.hidden = detener.hidden = false;
  decir();
  setInterval(decir, 1000);
  setTimeout(preguntar, CADA);
})();
