// The inbox: asks every fifteen seconds what is new and says it; it never moves the line under the cursor. Chooses all; counts what is chosen.
(() => {
  "use strict";
  const CADA = 15000;
  const TARDE = 60000; // without an answer for this long the page says that its list is old
  const vivo = document.querySelector("[data-vivo]");
  const nuevas = document.querySelector("[data-nuevas]");
  const detener = document.querySelector("[data-detener]");
  const sinConexion = document.querySelector("[data-sin-conexion]");
  const esperan = document.querySelector("[data-esperan]");
  const esperanDicho = document.querySelector("[data-esperan-dicho]");
  const filas = new Map([...document.querySelectorAll("[data-tarea]")].map((fila) => [fila.dataset.tarea, fila]));
  const plural = (n, uno, varios) => (n === 1 ? uno : varios.replace("#", n.toLocaleString("es-CO")));
  const hora = (cuando) => new Date(cuando).toLocaleTimeString("es-CO", { hour: "2-digit", minute: "2-digit", hour12: false });

  let ultima = Date.now();
  let quieta = localStorage.getItem("bandeja-quieta") === "1";

  // What is said already is not said again: it would be read aloud each time.
  function decir(donde, texto) {
    if (donde.textContent !== texto) donde.textContent = texto;
  }

  function decirEdad() {
    const segundos = Math.round((Date.now() - ultima) / 1000);
    const tarde = !quieta && Date.now() - ultima > TARDE;
    vivo.classList.toggle("quieto", quieta || tarde);
    const hace = segundos < 60 ? `${segundos} s` : `${Math.floor(segundos / 60)} min`;
    decir(vivo, quieta ? _("Detenida a las {h}", { h: hora(ultima) }) : segundos < 20 ? _("Al día") : _("Actualizada hace {hace}", { hace }));
    sinConexion.hidden = !tarde;
    if (tarde) decir(sinConexion, _("Esta lista es de las {h}: no llega nada nuevo. Antes de «Tomar» se comprueba que nadie la haya tomado.", { h: hora(ultima) }));
  }

  function decirEnFila(fila, texto) {
    const donde = fila.querySelector("[data-responsable]");
    if (donde.dataset.dicho === texto) return;
    donde.dataset.dicho = texto;
    donde.textContent = texto;
    fila.classList.add("cambio");
  }

  function comparar(ahora) {
    const tareas = new Map(Object.entries(ahora.tareas));
    const llegadas = [...tareas.keys()].filter((id) => !filas.has(id)).length;
    for (const [id, fila] of filas) {
      if (!tareas.has(id)) decirEnFila(fila, _("Ya no está en esta lista"));
      else if (tareas.get(id) !== fila.dataset.tiene) decirEnFila(fila, tareas.get(id) ? _("La tomó {q}", { q: tareas.get(id) }) : _("Sin asignar"));
    }
    nuevas.hidden = llegadas === 0;
    if (llegadas) nuevas.textContent = plural(llegadas, _("Mostrar 1 nueva"), _("Mostrar # nuevas"));
    document.title = document.title.replace(/\(\d+\)/, `(${ahora.total})`);
  }

  // the cases that wait for the citizen change by themselves, never under whoever is on one of their lines
  function mostrarEsperas(nuevas) {
    if (nuevas.html === undefined || esperan.contains(document.activeElement)) return;
    esperan.innerHTML = nuevas.html;
    esperan.dataset.huella = nuevas.huella;
    const { uno, varios, ninguno } = esperanDicho.dataset;
    esperanDicho.textContent = nuevas.total ? plural(nuevas.total, uno, varios) : ninguno;
  }

  // What is asked while a form leaves would bring back the cookie of before, without the word that the next page is to say.
  let enCurso = new AbortController();
  document.addEventListener("submit", () => enCurso.abort());

  async function preguntar() {
    if (quieta || document.hidden) return;
    enCurso = new AbortController();
    /** @type {RequestInit} */
    const pedido = { headers: { Accept: "application/json" }, redirect: "error", signal: enCurso.signal };
    try {
      const respuesta = await fetch(`${vivo.dataset.vivo}&esperan=${esperan.dataset.huella}`, pedido);
      if (!respuesta.ok) return;
      const ahora = await respuesta.json();
      comparar(ahora);
      mostrarEsperas(ahora.esperan);
      ultima = Date.now();
    } catch {
      // the age says it
    }
    decirEdad();
  }

  function rotular() {
    detener.textContent = quieta ? _("Seguir") : _("Detener");
    decirEdad();
  }

  detener.hidden = false;
  detener.addEventListener("click", () => {
    quieta = !quieta;
    localStorage.setItem("bandeja-quieta", quieta ? "1" : "0");
    rotular();
    preguntar();
  });
  rotular();
  setInterval(preguntar, CADA);
  setInterval(decirEdad, 5000);
  document.addEventListener("visibilitychange", preguntar);

  // --- by keyboard, as on the page of a task: the next line, its button, the search, the list of these keys
  const lineas = () => [...document.querySelectorAll("li.fila")];
  const actual = () => lineas().findIndex((linea) => linea.contains(document.activeElement));
  function irA(n) {
    const todas = lineas();
    todas[Math.max(0, Math.min(n, todas.length - 1))]?.querySelector("a.titulo").focus();
  }
  const TECLAS = {
    ArrowDown: () => irA(actual() + 1),
    ArrowUp: () => irA(actual() < 0 ? 0 : actual() - 1),
    Enter: () => lineas()[actual()]?.querySelector(".accion button, .accion a").click(),
    b: () => document.getElementById("q").focus(),
    "/": () => document.getElementById("atajos").focus(),
  };
  document.addEventListener("keydown", (evento) => {
    const hacer = TECLAS[evento.key.length === 1 ? evento.key.toLowerCase() : evento.key];
    if (!hacer || !evento.ctrlKey || evento.altKey || evento.metaKey) return;
    const escribe = document.activeElement?.matches("input[type=search], input:not([type]), select");
    if (escribe && evento.key.length > 1) return; // the arrows and the return key belong to the field
    evento.preventDefault();
    hacer();
  });

  // --- the lists of the filter wait behind a button
  const mas = document.querySelector("[data-mas]");
  const filtros = mas.closest("form");
  filtros.classList.add("plegados");
  mas.hidden = false;
  mas.setAttribute("aria-expanded", "false");
  mas.addEventListener("click", () => mas.setAttribute("aria-expanded", String(!filtros.classList.toggle("plegados"))));

  // --- several at once
  const lote = document.querySelector("[data-lote]");
  if (!lote) return;
  const todas = lote.querySelector("input[data-todas]");
  const casillas = [...lote.querySelectorAll("[name=item]")];
  const cuantas = lote.querySelector("[data-cuantas]");
  function contar() {
    const n = casillas.filter((casilla) => casilla.checked).length;
    cuantas.textContent = n ? plural(n, _("1 elegida"), _("# elegidas")) : _("Elegir todas");
    lote.classList.toggle("sin-elegir", n === 0 && !lote.querySelector("[aria-invalid]"));
    todas.checked = n > 0 && n === casillas.length;
    todas.indeterminate = n > 0 && n < casillas.length;
  }
  todas.addEventListener("change", () => {
    for (const casilla of casillas) casilla.checked = todas.checked;
    contar();
  });
  lote.addEventListener("change", contar);
  contar();
})();
