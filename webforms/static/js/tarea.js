// Saves the draft of a task by itself, and the keys of the task page: Ctrl Enter completes, Ctrl S saves.
"use strict";

const formulario = document.querySelector("form[data-tarea]");
const senal = formulario.querySelector("[data-guardado]");
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
    const respuesta = await fetch(formulario.dataset.tarea, {
      method: "PUT",
      signal: enCurso.signal,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": formulario.elements.csrf_token.value },
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

formulario.addEventListener("input", programar);
formulario.addEventListener("change", programar);
formulario.addEventListener("submit", () => {
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
    formulario.requestSubmit(formulario.querySelector("[data-completar]"));
  }
  if (evento.key.toLowerCase() === "s") {
    evento.preventDefault();
    guardar();
  }
});
