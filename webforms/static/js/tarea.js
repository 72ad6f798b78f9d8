// Saves the draft of a task by itself, and the keys of the task page: Ctrl Enter completes, Ctrl S saves.
"use strict";

// A field may be called "elements" or "dataset": nothing is read from the form as a member.
const TAREA = "form[data-tarea]";
const formulario = document.querySelector(TAREA);
const senal = document.querySelector(`${TAREA} [data-guardado]`);
const direccion = Element.prototype.getAttribute.call(formulario, "data-tarea");
const testigo = document.querySelector(`${TAREA} [name=csrf_token]`);
const escuchar = (tipo, accion) => EventTarget.prototype.addEventListener.call(formulario, tipo, accion);
const ESPERA = 1500;
let reloj = null;
let enCurso = null;
let enviando = false;
let otra = false; // another page has saved this draft: nothing is written over it until the person says so
const oculto = (nombre) => document.querySelector(`${TAREA} [name=${nombre}]`);

function escrito() {
  const valores = new Map([["_pagina", [oculto("_pagina").value]], ["_borrador", [oculto("_borrador").value]]]);
  for (const [nombre, valor] of new FormData(formulario)) {
    if (typeof valor !== "string" || nombre.startsWith("_") || nombre === "csrf_token") continue;
    valores.set(nombre, [...(valores.get(nombre) ?? []), valor]);
  }
  return Object.fromEntries(valores);
}

function decir(texto, clase = "") {
  senal.textContent = texto;
  senal.className = `guardado derecha ${clase}`;
}

// What the other page has saved, beside the decision: it stays among the earlier versions of the task.
function avisarDeOtra({ mensaje, otro, visto }) {
  otra = true;
  const aviso = document.createElement("div");
  aviso.className = "aviso ambar mb-3";
  aviso.setAttribute("role", "alert");
  const dicho = document.createElement("p");
  dicho.append(Object.assign(document.createElement("b"), { textContent: mensaje }));
  const lista = Object.assign(document.createElement("dl"), { className: "ficha mb-2" });
  for (const [etiqueta, texto] of otro) {
    lista.append(Object.assign(document.createElement("dt"), { textContent: etiqueta }));
    lista.append(Object.assign(document.createElement("dd"), { textContent: texto }));
  }
  const boton = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-sm btn-outline-secondary",
    textContent: otro.length ? _("Guardar lo de esta pestaña; lo otro queda en «Versiones anteriores»") : _("Guardar lo de esta pestaña en lugar de lo otro"),
  });
  boton.addEventListener("click", () => {
    otra = false;
    oculto("_borrador").value = visto;
    aviso.remove();
    guardar({ sobre: true });
  });
  aviso.append(dicho, lista, boton);
  Element.prototype.before.call(formulario, aviso);
}

async function guardar({ sobre = false } = {}) {
  clearTimeout(reloj);
  reloj = null;
  if (enviando || otra || !document.querySelector(TAREA)) return; // the login is over, and the page shows nothing
  enCurso?.abort();
  enCurso = new AbortController();
  try {
    const respuesta = await fetch(direccion, {
      method: "PUT",
      signal: enCurso.signal,
      keepalive: true,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": testigo.value },
      body: JSON.stringify(sobre ? { ...escrito(), _sobre: ["1"] } : escrito()),
    });
    const cuerpo = await respuesta.json();
    if (respuesta.ok) {
      oculto("_borrador").value = cuerpo.visto;
      decir(_("✓ Borrador guardado, {c}", { c: cuerpo.guardado }));
      if (!reloj) Red.guardado(formulario);
    } else if (cuerpo.error === "otra_pestana") {
      decir(_("Sin guardar"), "sin-guardar");
      avisarDeOtra(cuerpo);
    } else decir(cuerpo.mensaje ?? _("No se pudo guardar el borrador"), "sin-guardar");
  } catch (error) {
    if (error.name === "AbortError") return;
    decir("");
    Red.seCorto(formulario);
  }
}

function programar() {
  clearTimeout(reloj);
  reloj = setTimeout(guardar, ESPERA);
}

escuchar("input", programar);
escuchar("change", programar);
escuchar("submit", () => {
  enviando = true;
  clearTimeout(reloj);
  enCurso?.abort();
});
// Another form of this page (see the data, take, release) leads away: first what was typed is kept.
async function guardarAntesDeIrse(evento) {
  if (evento.target === formulario || !reloj) return;
  evento.preventDefault();
  evento.stopImmediatePropagation();
  await guardar();
  evento.target.requestSubmit(evento.submitter);
}
document.addEventListener("submit", guardarAntesDeIrse, true);
window.addEventListener("pageshow", () => (enviando = false));
document.addEventListener("conexion", () => {
  enviando = false;
  guardar();
});
window.addEventListener("pagehide", () => reloj && guardar());
document.addEventListener("visibilitychange", () => document.hidden && reloj && guardar());
if (Element.prototype.hasAttribute.call(formulario, "data-sucio")) programar(); // what was sent and came back
document.addEventListener("keydown", (evento) => {
  if (evento.key === "Enter" && !evento.ctrlKey && /** @type {Element} */ (evento.target).matches("input[list]")) evento.preventDefault(); // it chooses, and sends nothing
  if (!evento.ctrlKey || evento.altKey) return;
  if (evento.key === "Enter") {
    evento.preventDefault();
    document.querySelector(`${TAREA} [data-completar]`).click();
  }
  if (evento.key.toLowerCase() === "s") {
    evento.preventDefault();
    guardar();
  }
});
