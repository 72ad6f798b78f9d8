// A page that is left open shows nothing of a login that is over: it was left in another tab, nobody used it, somebody ended it, or another
// person has entered since. What was typed goes along to the login, as when it is sent too late. Works without the server, too.
"use strict";
{
  const { content: quien, dataset } = document.querySelector("meta[name=quien]");
  const CADA = 60_000;
  const ATRAS = 5 * CADA; // of a tab that nobody sees
  const DURA = Number(dataset.dura) * 1000; // without a word from the server a login cannot be longer than this
  const SIN_RED = null;
  const VECES = 5; // «Salir» of another tab may still be on its way
  const canal = new BroadcastChannel("sesion");
  let ultima = Date.now();
  let oculta = false;
  let salio = false;
  let parrafo = null;
  let seguir = null;

  const tiene = (formulario, que) => Element.prototype.querySelector.call(formulario, que);
  const atributo = (formulario, nombre) => Element.prototype.getAttribute.call(formulario, nombre);

  // What was sent and not taken, or came back after a login, is shown again: nobody touches it on this page, and it is nowhere else.
  function mostradoOtraVez() {
    if (dataset.pagina === undefined) return null;
    const esSuyo = (formulario) => new URL(atributo(formulario, "action") || location.href, location.href).pathname === location.pathname;
    const deAqui = [...document.querySelectorAll("main form")].filter((formulario) => tiene(formulario, "[name=_firma]") && esSuyo(formulario));
    return document.querySelector("main form[data-otra-vez]") ?? deAqui.find((uno) => tiene(uno, "textarea, select, input:not([type=hidden])")) ?? null;
  }

  const vuelta = dataset.pagina ?? location.href; // what answered a form may have an address that only takes forms
  let tocado = mostradoOtraVez(); // the form in which something was typed last

  const recordar = ({ target, isTrusted }) => {
    const formulario = target.form;
    if (isTrusted && formulario && tiene(formulario, "[name=_firma]")) tocado = formulario;
  };
  document.addEventListener("input", recordar, true);
  document.addEventListener("change", recordar, true);

  function hacer(nombre, propiedades, ...hijos) {
    const hecho = Object.assign(document.createElement(nombre), propiedades);
    hecho.append(...hijos);
    return hecho;
  }

  const enviar = (formulario) => HTMLFormElement.prototype.submit.call(formulario);

  // What was typed, to be brought back and not sent: its page shows it again after the login, and does nothing.
  function devolver() {
    const formulario = hacer("form", { method: "post", action: atributo(tocado, "action") || location.pathname + location.search });
    const claves = new Set([...Element.prototype.querySelectorAll.call(tocado, "[type=password]")].map((campo) => atributo(campo, "name")));
    for (const [name, value] of new FormData(tocado)) {
      if (typeof value === "string" && !claves.has(name) && name !== "_retomar") formulario.append(hacer("input", { type: "hidden", name, value }));
    }
    formulario.append(hacer("input", { type: "hidden", name: "_retomar", value: "1" }));
    const boton = hacer("button", { type: "button", className: "btn btn-primary", textContent: _("Ingresar y recuperar lo que escribí") });
    boton.addEventListener("click", async () => {
      const esta = await preguntar();
      if (deOtra(esta)) parrafo.textContent = _("Todavía está ingresada la otra persona. Cuando salga, pulse otra vez: lo que escribió sigue aquí.");
      else if (esta === SIN_RED) parrafo.textContent = _("No hay conexión con Ventanilla. Lo que escribió sigue aquí: pulse otra vez cuando vuelva.");
      else enviar(formulario); // past what other scripts do with forms of the page that was here
    });
    formulario.append(boton);
    return formulario;
  }

  function decir(otra) {
    const solo = otra ? _("En este navegador ingresó otra persona: esta página no era suya.") : _("Ingrese otra vez para seguir en esta página.");
    const texto = otra
      ? _("En este navegador ingresó otra persona. Lo que escribió no se ha enviado: sigue aquí, y vuelve cuando ella salga e ingrese quien lo escribió.")
      : _("Lo que escribió no se ha enviado y vuelve cuando ingrese con la misma cuenta.");
    parrafo.textContent = tocado ? texto : solo;
    if (tocado) return;
    // The page that was here is not of who has entered since: it would answer them that there is none.
    seguir.href = otra ? dataset.inicio : vuelta;
    seguir.textContent = otra ? _("Ir al inicio de quien ingresó") : _("Ingresar");
  }

  function ocultar(otra = false) {
    if (oculta) {
      decir(otra);
      return;
    }
    oculta = true;
    parrafo = hacer("p", { role: "status" });
    seguir = tocado ? devolver() : hacer("a", { className: "btn btn-primary" });
    decir(otra);
    const titulo = hacer("h1", { className: "mb-3 mt-4", textContent: _("Su sesión terminó"), tabIndex: -1 });
    document.title = `${titulo.textContent} · Ventanilla`;
    document.body.className = "";
    document.body.replaceChildren(hacer("main", { className: "angosta ingreso", id: "contenido" }, titulo, parrafo, seguir));
    sessionStorage.clear();
    titulo.focus();
  }

  function irse() {
    ocultar();
    const formulario = document.querySelector("main form");
    if (formulario) enviar(formulario);
    else location.replace(vuelta);
  }

  // Who is in at this browser; undefined: the server does not say, SIN_RED: nobody answers.
  async function preguntar() {
    try {
      const respuesta = await fetch(dataset.sesion, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
      return respuesta.ok ? (await respuesta.json()).quien : undefined;
    } catch {
      return SIN_RED;
    }
  }

  const deOtra = (esta) => Boolean(esta) && esta !== quien;

  async function mirar() {
    const esta = await preguntar();
    if (esta === undefined || esta === SIN_RED) {
      if (Date.now() - ultima > DURA) ocultar();
      return;
    }
    if (deOtra(esta)) ocultar(true); // what one wrote is not sent by another
    else if (!esta || (oculta && !salio)) irse();
    ultima = Date.now();
  }

  // Somebody left in another tab: nothing is shown from now on. Where that did not reach the server, the person says whether to go on.
  async function salieron(vez = 1) {
    salio = true;
    ocultar();
    const esta = await preguntar();
    if (deOtra(esta)) ocultar(true);
    else if (esta === "") irse();
    else if (vez < VECES) setTimeout(salieron, 1000, vez + 1);
  }

  canal.addEventListener("message", ({ data }) => (data === "salir" ? salieron() : mirar()));
  document.addEventListener("submit", ({ target }) => {
    if (Element.prototype.getAttribute.call(target, "action") === dataset.salir) canal.postMessage("salir");
  });
  setInterval(() => (document.hidden && Date.now() - ultima < ATRAS ? null : mirar()), CADA);
  document.addEventListener("visibilitychange", () => document.hidden || mirar());
  window.addEventListener("focus", mirar);
  window.addEventListener("online", mirar);
  window.addEventListener("pageshow", ({ persisted }) => persisted && mirar());
}
