// The rating tablet: waits for a question at its desk, shows the time that is left, and closes when it is over.
(() => {
  "use strict";
  const CADA = 2000;
  const GRACIAS = 8000;
  const OTRO_IDIOMA = 60_000;
  const principal = document.querySelector("main");
  document.querySelector("[data-foco]")?.focus();

  // --- waiting
  const pendiente = principal.dataset.pendiente;
  async function preguntar() {
    try {
      const respuesta = await fetch(pendiente, { cache: "no-store", headers: { Accept: "application/json" } });
      if (respuesta.status === 403) return location.reload(); // the device was withdrawn: the page says so
      if (respuesta.ok) {
        const { ir } = await respuesta.json();
        if (ir) return location.assign(ir);
      }
    } catch {
      // the server starts again or the network is down: ask again
    }
    return setTimeout(preguntar, CADA);
  }
  if (pendiente) {
    preguntar();
    const pedido = new URLSearchParams(location.search);
    // thanks, the word that a question ended, and the language of who has just left, end by themselves: the next person finds the agency's
    if (pedido.has("gracias") || pedido.has("cerrada")) setTimeout(() => location.replace(location.pathname), GRACIAS);
    else if (principal.dataset.otroIdioma !== undefined) setTimeout(() => location.replace(location.pathname), OTRO_IDIOMA);
  }

  // --- the question ends when the next person is called at this desk; what was sent is on its way to its own answer
  const { vigente, destino } = principal.dataset;
  let enviado = false;
  async function mirar() {
    try {
      const respuesta = await fetch(vigente, { cache: "no-store", headers: { Accept: "application/json" } });
      if (respuesta.ok && !(await respuesta.json()).vigente && !enviado) return location.replace(destino);
    } catch {
      // the next look comes by itself
    }
    return setTimeout(mirar, CADA);
  }
  if (vigente) setTimeout(mirar, CADA);

  // --- time left
  if (principal.dataset.quedan !== undefined) {
    const final = performance.now() + Number(principal.dataset.quedan) * 1000;
    const tiempo = document.querySelector("[data-tiempo]");
    const formulario = document.querySelector("form");
    const frase = (total) => {
      const minutos = Math.floor(total / 60);
      const segundos = total % 60;
      const p = tiempo.dataset;
      const enMinutos = minutos ? `${minutos} ${minutos === 1 ? p.minuto : p.minutos} ${p.y} ` : "";
      return `${enMinutos}${segundos} ${segundos === 1 ? p.segundo : p.segundos}`;
    };
    formulario?.addEventListener("submit", (evento) => {
      if (enviado) evento.preventDefault();
      enviado = true;
    });
    // what was chosen and is complete is sent before the question goes away
    const completo = () => {
      const valor = formulario?.querySelector("input[name=calificacion]:checked")?.value;
      return valor && (Number(valor) > 2 || formulario.querySelector("input[name=motivo_calificacion]:checked"));
    };
    setInterval(() => {
      const quedan = Math.max(0, Math.ceil((final - performance.now()) / 1000));
      if (tiempo) tiempo.textContent = frase(quedan);
      if (quedan === 3 && !enviado && completo()) formulario.requestSubmit();
      if (quedan === 0 && !enviado) location.replace(principal.dataset.destino);
    }, 500);
  }
})();
