// Nothing is sent into a line that is cut. While somebody is at a form the server is asked whether it is there; where nobody answers the form
// stays, a banner at its top says what is kept and where, and it goes once when the line is back, or when the person presses again. What is
// typed is kept meanwhile in this tab, closed by a key that only this login is given, until it was answered: also where the line broke
// while it was on its way. The page that is opened again shows it.
"use strict";
const Red = (() => {
  const aqui = document.querySelector("[data-red]").dataset;
  const LATIDO = 4000; // between two looks while somebody is at a form
  const FRESCA = 10_000; // an answer that is younger says that the line is there: what is pressed then goes at once
  const OTRA_VEZ = 3000; // between two looks while the line is cut
  const PACIENCIA = 6000; // a server that is slower than this is as one that is away
  const NO_SE_GUARDAN = new Set(["hidden", "password", "file", "submit", "button", "image", "reset"]);
  const MARCADOS = new Set(["checkbox", "radio"]);
  const DE_LA_TAREA = ["_pagina", "_borrador"]; // which draft the text was written over
  const ARCHIVOS = "_archivos"; // names of the files that only this page had
  const SE_ENVIO = "enviado"; // which form left this tab last, and from where

  let abierta = false; // what came back stands in its fields
  let cortada = false;
  let espera = null; // the form that was pressed last, and its button: one page is answered by one
  let reloj = 0;
  let contacto = 0; // when the server answered last: this page is its first answer
  let late = false;
  const claves = new WeakMap();
  const soltados = new WeakSet();
  const preguntan = new WeakSet();
  const vueltos = new WeakMap(); // form → "vuelto", or "dudoso" where nobody knows whether it arrived
  const perdidos = new WeakMap(); // form → the files that did not come back
  const faltan = new WeakMap(); // form → what came back for fields that are not there yet
  const avisos = new WeakMap();
  const turnos = new Map();
  const noCaben = new Set();

  // A field may be called like a member of the form: nothing is asked of the form itself.
  const atributo = (formulario, nombre) => Element.prototype.getAttribute.call(formulario, nombre);
  const tiene = (formulario, nombre) => Element.prototype.hasAttribute.call(formulario, nombre);
  const esta = (formulario) => document.contains(formulario);
  const hechos = () => /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("main form[method]")]);
  const adonde = (formulario, boton = null) => new URL((boton && atributo(boton, "formaction")) ?? (atributo(formulario, "action") || location.href), location.href);
  const camposDe = (formulario) =>
    /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name], textarea[name], select[name]")]).filter(
      (campo) => campo.form === formulario && !NO_SE_GUARDAN.has(campo.type) && campo.autocomplete !== "one-time-code",
    );
  const seEscribe = (campo) => campo.matches("textarea, input") && !MARCADOS.has(campo.type);
  const seGuarda = (formulario) =>
    atributo(formulario, "method") === "post" &&
    atributo(formulario, "role") !== "search" &&
    (tiene(formulario, "data-tarea") || camposDe(formulario).some(seEscribe));

  function claveDe(formulario) {
    if (!claves.has(formulario)) {
      const suyo = adonde(formulario).pathname;
      const n = hechos().filter((otro) => adonde(otro).pathname === suyo).indexOf(formulario);
      claves.set(formulario, `sin-enviar ${aqui.quien} ${suyo} ${n}`);
    }
    return claves.get(formulario);
  }

  const llave = aqui.red && crypto.subtle ? Cierre.deServidor(aqui.red, ["encrypt", "decrypt"]) : null; // no https: nothing stays

  // --- what is typed
  function cambiado(campo) {
    if (MARCADOS.has(campo.type)) return campo.checked !== campo.defaultChecked;
    if (!campo.options) return campo.value !== campo.defaultValue;
    const de = [...campo.options];
    const antes = de.some((o) => o.defaultSelected) ? de.map((o) => o.defaultSelected) : de.map((_o, n) => n === 0 && !campo.multiple);
    return de.some((o, n) => o.selected !== antes[n]);
  }

  function valoresDe(campos) {
    if (MARCADOS.has(campos[0].type)) return campos.filter((c) => c.checked).map((c) => c.value);
    return campos.flatMap((c) => (c.options ? [...c.options].filter((o) => o.selected).map((o) => o.value) : [c.value]));
  }

  function porNombre(formulario) {
    const grupos = new Map();
    for (const campo of camposDe(formulario)) grupos.set(campo.name, [...(grupos.get(campo.name) ?? []), campo]);
    return grupos;
  }

  // What the person changed; of a form that came back with what was sent, all that it says.
  function escrito(formulario) {
    const todo = aqui.otraVez !== undefined;
    const dichos = [...porNombre(formulario)]
      .filter(([, campos]) => campos.some(cambiado) || (todo && valoresDe(campos).some((v) => v !== "")))
      .map(([nombre, campos]) => [nombre, valoresDe(campos)]);
    const sinLugar = [...(faltan.get(formulario) ?? [])];
    const archivos = [...(perdidos.get(formulario) ?? []), ...soloAqui(formulario)];
    if (archivos.length) sinLugar.push([ARCHIVOS, archivos]);
    if (!dichos.length && !sinLugar.length) return null;
    const suyos = DE_LA_TAREA.map((nombre) => [nombre, oculto(formulario, nombre)?.value]).filter(([, valor]) => valor !== undefined);
    return [...suyos, ...dichos, ...sinLugar];
  }

  const soloAqui = (formulario) =>
    /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[type=file]")]).filter((c) => c.form === formulario).flatMap((c) => [...c.files].map((archivo) => archivo.name));

  const oculto = (formulario, nombre) =>
    /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[type=hidden][name="${nombre}"]`)]).find((campo) => campo.form === formulario);

  function olvidar(clave) {
    turnos.set(clave, (turnos.get(clave) ?? 0) + 1);
    sessionStorage.removeItem(clave);
  }

  async function guardar(formulario) {
    if (!llave || !abierta || !seGuarda(formulario)) return;
    const clave = claveDe(formulario);
    const turno = (turnos.get(clave) ?? 0) + 1;
    turnos.set(clave, turno);
    const dicho = escrito(formulario);
    const cerrado = dicho && (await Cierre.enTexto(await llave, { dicho, dudoso: vueltos.get(formulario) === "dudoso" }, clave));
    if (turnos.get(clave) !== turno) return; // a later one says it
    noCaben.delete(clave);
    sessionStorage.removeItem(clave);
    try {
      if (cerrado) sessionStorage.setItem(clave, cerrado);
    } catch {
      noCaben.add(clave);
    }
    pintar(formulario);
  }

  // --- what comes back
  function poner(campos, valores) {
    campos.forEach((campo, n) => {
      let otro = false;
      if (MARCADOS.has(campo.type)) {
        otro = campo.checked !== valores.includes(campo.value);
        campo.checked = valores.includes(campo.value);
      } else if (campo.options) {
        otro = [...campo.options].some((o) => o.selected !== valores.includes(o.value));
        for (const o of campo.options) o.selected = valores.includes(o.value);
      } else if (n < valores.length) {
        otro = campo.value !== valores[n];
        campo.value = valores[n];
      }
      if (!otro) return;
      volvieron += 1;
      for (let dentro = campo.closest("details"); dentro; dentro = dentro.parentElement.closest("details")) dentro.open = true;
      for (const tipo of ["input", "change"]) campo.dispatchEvent(new Event(tipo, { bubbles: true }));
    });
  }
  let volvieron = 0;

  function reponer(formulario, dicho) {
    volvieron = 0;
    const sinLugar = new Map();
    for (const [nombre, valores] of dicho) {
      const campos = porNombre(formulario).get(nombre);
      if (nombre === ARCHIVOS) {
        perdidos.set(formulario, valores.filter((uno) => !soloAqui(formulario).includes(uno)));
        volvieron += perdidos.get(formulario).length;
      } else if (DE_LA_TAREA.includes(nombre)) oculto(formulario, nombre)?.setAttribute("value", valores);
      else if (campos) poner(campos, valores);
      else sinLugar.set(nombre, valores);
    }
    faltan.set(formulario, sinLugar);
    return volvieron > 0;
  }

  // Fields that another answer brings (what was found about a person) get theirs when they are there.
  new MutationObserver(() => {
    for (const formulario of hechos()) {
      const suyos = faltan.get(formulario);
      if (!suyos?.size) continue;
      for (const [nombre, campos] of porNombre(formulario)) {
        const valores = suyos.get(nombre);
        suyos.delete(nombre);
        if (valores) poner(campos, valores);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });

  async function traer(formulario, dudoso) {
    const clave = claveDe(formulario);
    const cerrado = sessionStorage.getItem(clave);
    if (!cerrado || !llave) return;
    try {
      const { dicho, dudoso: yaLoEra } = await Cierre.deTexto(await llave, cerrado, clave);
      if (!reponer(formulario, dicho)) return olvidar(clave); // the server has it
      vueltos.set(formulario, dudoso || yaLoEra ? "dudoso" : "vuelto");
      return pintar(formulario);
    } catch {
      return olvidar(clave); // of a login that is over
    }
  }

  // --- the banner
  function hacer(nombre, propiedades, ...hijos) {
    const hecho = Object.assign(document.createElement(nombre), propiedades);
    hecho.append(...hijos);
    return hecho;
  }

  function dondeQueda(formulario) {
    const campos = camposDe(formulario);
    if (!campos.length) return "";
    const guardado = llave && seGuarda(formulario) && !noCaben.has(claveDe(formulario))
      ? _("Lo que escribe queda guardado, cifrado, en esta pestaña de este equipo, y vuelve solo si abre otra vez esta página.")
      : _("Lo que escribe está solo en esta página: no la cierre.");
    const deArchivos = _("Los archivos elegidos están solo en esta página.");
    return soloAqui(formulario).length ? `${guardado} ${deArchivos}` : guardado;
  }

  function noVolvieron(formulario) {
    const nombres = perdidos.get(formulario) ?? [];
    return nombres.length ? _("No volvió el archivo que no alcanzó a guardarse. Elíjalo otra vez: {n}.", { n: nombres.join(", ") }) : "";
  }

  function dichoDe(formulario) {
    if (espera?.formulario === formulario)
      return [_("Sin conexión con Ventanilla: no se envió."), _("Se envía solo, una vez, cuando vuelva la conexión; también puede pulsar otra vez."), dondeQueda(formulario)];
    if (cortada && formulario === principal()) return [_("Sin conexión con Ventanilla."), _("Puede seguir; envíe cuando vuelva la conexión."), dondeQueda(formulario)];
    if (vueltos.get(formulario) === "dudoso")
      return [_("No se sabe si se envió."), _("La conexión se cortó mientras salía. Mire primero si ya quedó; aquí sigue lo que había escrito, y no se envía solo."), noVolvieron(formulario)];
    if (vueltos.has(formulario)) return [_("Volvió lo que había escrito."), _("Todavía no se ha enviado."), noVolvieron(formulario)];
    return null;
  }

  function botar(formulario) {
    vueltos.delete(formulario);
    perdidos.delete(formulario);
    faltan.delete(formulario);
    HTMLFormElement.prototype.reset.call(formulario);
    for (const campo of camposDe(formulario)) campo.dispatchEvent(new Event("change", { bubbles: true }));
    olvidar(claveDe(formulario));
    pintar(formulario);
    camposDe(formulario)[0]?.focus();
  }

  function pintar(formulario) {
    if (!esta(formulario)) return;
    const dicho = dichoDe(formulario);
    let aviso = avisos.get(formulario);
    if (!dicho) {
      aviso?.remove();
      avisos.delete(formulario);
      return;
    }
    if (!aviso) {
      aviso = hacer("div", { className: "aviso ambar mb-3 sin-red", tabIndex: -1 });
      aviso.setAttribute("role", "status");
      const arriba = camposDe(formulario).length ? formulario : document.querySelector("main");
      Element.prototype.prepend.call(arriba, aviso);
      avisos.set(formulario, aviso);
    }
    const [titulo, ...frases] = dicho;
    const texto = frases.filter(Boolean).join(" ");
    const vuelto = vueltos.has(formulario) && !cortada;
    if (aviso.dataset.dicho === titulo + texto) return; // what is said already is not read aloud again
    aviso.dataset.dicho = titulo + texto;
    aviso.replaceChildren(hacer("p", {}, hacer("b", { textContent: titulo }), ` ${texto}`));
    if (!vuelto) return;
    const boton = hacer("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Descartar lo que volvió") });
    boton.addEventListener("click", () => botar(formulario));
    aviso.append(boton);
  }

  // --- the line
  // Who is in at this browser, or null where nobody answers. An error of ours is an answer; one of what stands before us is none.
  async function preguntar() {
    try {
      const respuesta = await fetch(aqui.sesion, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PACIENCIA) });
      const nuestra = respuesta.headers.get("Content-Type")?.includes("json");
      if (respuesta.status >= 500 && !nuestra) return null;
      contacto = performance.now();
      return respuesta.ok && nuestra ? await respuesta.json() : {};
    } catch {
      return null;
    }
  }

  let tocado = null;
  const principal = () => [espera?.formulario, tocado, ...hechos().filter((uno) => tiene(uno, "data-tarea")), ...hechos().filter(seGuarda)].find((uno) => uno && esta(uno));

  function mirarDespues() {
    clearTimeout(reloj);
    reloj = setTimeout(mirar, OTRA_VEZ);
  }

  function seCorto(formulario = principal()) {
    cortada = true;
    hechos().forEach(pintar);
    if (formulario) guardar(formulario);
    mirarDespues();
  }

  function volvio() {
    cortada = false;
    clearTimeout(reloj);
    document.dispatchEvent(new Event("conexion"));
    hechos().forEach(pintar);
  }

  async function mirar() {
    if (!cortada) return;
    const dicho = await preguntar();
    if (dicho === null) {
      mirarDespues();
      return;
    }
    if (!cortada) return; // it was pressed meanwhile
    volvio();
    // Whoever else has entered since sends nothing of it (sesion.js).
    if (espera && esta(espera.formulario) && (dicho.quien ?? aqui.quien) === aqui.quien) soltar(espera);
  }

  // --- sending
  function soltar({ formulario, boton }) {
    espera = null;
    pintar(formulario);
    soltados.add(formulario);
    HTMLFormElement.prototype.requestSubmit.call(formulario, boton?.form === formulario ? boton : undefined);
    soltados.delete(formulario); // a browser that found a fault in it sent nothing
  }

  function esperar(formulario, boton) {
    espera = { formulario, boton };
    seCorto(formulario);
    const aviso = avisos.get(formulario);
    aviso?.scrollIntoView({ block: "center" });
    aviso?.focus({ preventScroll: true });
  }

  async function alEnviar(evento) {
    const formulario = evento.target;
    const boton = evento.submitter;
    if (!hechos().includes(formulario) || atributo(formulario, "target")) return;
    const hayLinea = navigator.onLine && !cortada && performance.now() - contacto < FRESCA;
    if (soltados.delete(formulario) || (hayLinea && !preguntan.has(formulario))) {
      // The other scripts of the page may still keep it, or send it themselves.
      setTimeout(() => evento.defaultPrevented || sessionStorage.setItem(SE_ENVIO, JSON.stringify([claveDe(formulario), location.href.split("#")[0]])));
      return;
    }
    evento.preventDefault();
    evento.stopImmediatePropagation();
    if (preguntan.has(formulario)) return;
    preguntan.add(formulario);
    const dicho = await preguntar();
    preguntan.delete(formulario);
    if (!esta(formulario)) return;
    if (dicho === null) {
      esperar(formulario, boton);
      return;
    }
    if (cortada) volvio();
    soltar({ formulario, boton });
  }
  document.addEventListener("submit", alEnviar, true);

  async function latir({ target }) {
    const suyo = /** @type {Element} */ (target).closest?.("main form[method]");
    if (!suyo || late || cortada || performance.now() - contacto < LATIDO) return;
    late = true;
    if ((await preguntar()) === null) seCorto();
    late = false;
  }
  for (const tipo of ["focusin", "input", "pointerdown", "keydown"]) document.addEventListener(tipo, latir);

  // Its answer is here: what left is kept no more. Where the form itself came back, what it says is kept on.
  function respondida(clave, otraVez) {
    olvidar(clave);
    const suyo = otraVez && hechos().find((uno) => claveDe(uno) === clave);
    if (suyo) guardar(suyo);
  }

  async function alAbrir() {
    const [clave, desde] = JSON.parse(sessionStorage.getItem(SE_ENVIO) ?? "[]");
    const paso = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0])?.type;
    const llego = clave && paso !== "back_forward" && document.referrer.split("#")[0] === desde;
    if (llego) olvidar(clave);
    if (llego || hechos().some((uno) => claveDe(uno) === clave)) sessionStorage.removeItem(SE_ENVIO);
    for (const formulario of hechos()) if (seGuarda(formulario)) await traer(formulario, claveDe(formulario) === clave);
    abierta = true;
    if (llego) respondida(clave, aqui.otraVez !== undefined);
  }

  const alEscribir = ({ target, type, isTrusted }) => {
    const formulario = /** @type {HTMLInputElement} */ (target).form;
    if (!formulario || !hechos().includes(formulario)) return;
    const escribe = isTrusted && type !== "focusout"; // a name that was chosen from a list is no input
    if (escribe) {
      tocado = formulario;
      if (espera?.formulario === formulario) espera = null; // who goes on writing presses again: half a sentence is not sent
      hechos().forEach(pintar);
    }
    if (/** @type {HTMLInputElement} */ (target).files?.length) perdidos.delete(formulario); // it was chosen again
    guardar(formulario);
  };
  for (const tipo of ["input", "change", "focusout"]) document.addEventListener(tipo, alEscribir);
  window.addEventListener("offline", () => seCorto());
  window.addEventListener("online", mirar);
  alAbrir();

  return {
    seCorto,
    esperar,
    // The draft of a task is on the server.
    guardado(formulario) {
      contacto = performance.now();
      if (!cortada) olvidar(claveDe(formulario));
    },
    // What a script sent was answered by a page whose form stands in the place of the one before.
    respondido(antes) {
      respondida(claveDe(antes), true);
    },
  };
})();
