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

function escrito() {
  const valores = {};
  for (const [nombre, valor] of new FormData(formulario)) {
    if (typeof valor !== "string" || nombre.startsWith("_") || nombre === "csrf_token") continue;
    (valores[nombre] ??= []).push(valor);
  }
  return valores;
}

function decir(texto, clase = "") {
  senal.textContent = texto;
  senal.className = `guardado derecha ${clase}`;
}

async function guardar() {
  clearTimeout(reloj);
  reloj = null;
  if (enviando) return;
  enCurso?.abort();
  enCurso = new AbortController();
  try {
    const respuesta = await fetch(direccion, {
      method: "PUT",
      signal: enCurso.signal,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": testigo.value },
      body: JSON.stringify(escrito()),
    });
    const cuerpo = await respuesta.json();
    if (respuesta.ok) decir(`✓ Borrador guardado, ${cuerpo.guardado}`);
    else decir(cuerpo.mensaje ?? "No se pudo guardar el borrador", "sin-guardar");
  } catch (error) {
    if (error.name !== "AbortError") decir("Sin conexión: el borrador se guarda cuando vuelva", "sin-guardar");
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
window.addEventListener("pageshow", () => (enviando = false));
window.addEventListener("online", guardar);
document.addEventListener("visibilitychange", () => document.hidden && reloj && guardar());
document.addEventListener("keydown", (evento) => {
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
