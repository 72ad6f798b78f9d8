// 5.2.4 and 5.2.5: the record is looked for while the adviser goes on, keys for "all is equal" and the search by
// name. Without this file the buttons of the page do the same.
"use strict";
(() => {
  const TAREA = "form[data-tarea]";
  const tarea = () => document.querySelector(TAREA);
  const cotejo = () => document.querySelector(`${TAREA} [data-cotejo]`);
  const BUSCADOS = ["tipo_doc", "num_doc", "documento_exhibido"];
  const ESCRITOS = ["nombre_buscado", "motivo_busqueda", "nombre_nuevo", "nombre_corregido", "motivo_correccion"];
  let enCurso = null;
  let soltado = Promise.resolve();

  // What is put in the place of a button that is just being pressed would take the press with it.
  document.addEventListener("pointerdown", ({ target }) => {
    if (!cotejo()?.contains(/** @type {Node} */ (target))) return;
    soltado = new Promise((seguir) => {
      for (const fin of ["pointerup", "pointercancel"]) document.addEventListener(fin, () => setTimeout(seguir), { once: true });
    });
  });

  // Looks for what is written, and puts what the page would show in its place; the field that has the focus keeps it.
  async function buscar() {
    const numero = document.querySelector(`${TAREA} [name=num_doc]`);
    if (!numero?.value.trim()) return;
    enCurso?.abort();
    enCurso = new AbortController();
    const datos = new FormData(tarea());
    datos.set("camino", "buscar");
    try {
      const respuesta = await fetch(tarea().getAttribute("action"), { method: "POST", body: datos, signal: enCurso.signal });
      if (respuesta.status !== 200 || respuesta.redirected) return;
      const pagina = new DOMParser().parseFromString(await respuesta.text(), "text/html");
      await soltado;
      const ahora = new FormData(tarea());
      if (BUSCADOS.some((campo) => ahora.get(campo) !== datos.get(campo))) return; // typed on meanwhile: leaving the field asks again
      poner(pagina, ahora);
    } catch (error) {
      if (error.name !== "AbortError") Red.seCorto(tarea());
    }
  }

  function poner(pagina, ahora) {
    const nuevo = pagina.querySelector("[data-cotejo]");
    const boton = pagina.querySelector(`${TAREA} [data-completar]`);
    if (!nuevo) return;
    for (const campo of ESCRITOS) {
      const elemento = nuevo.querySelector(`[name=${campo}]`);
      if (elemento && ahora.has(campo)) elemento.value = ahora.get(campo);
    }
    const { id: foco, selectionStart: desde, selectionEnd: hasta, selectionDirection: sentido } = /** @type {HTMLInputElement} */ (document.activeElement ?? {});
    cotejo().replaceWith(nuevo);
    if (boton) document.querySelector(`${TAREA} [data-completar]`).replaceWith(boton);
    const enfocado = /** @type {HTMLInputElement} */ (document.getElementById(foco || "-"));
    enfocado?.focus();
    if (enfocado && Number.isInteger(desde)) enfocado.setSelectionRange(desde, hasta, sentido); // what is selected is about to be typed over
    const dicho = nuevo.querySelector(".aviso h2, #crm");
    const senal = document.querySelector("[data-cotejo-dicho]");
    if (dicho && senal) senal.textContent = dicho.textContent.trim();
    preparar();
  }

  function todoIgual() {
    for (const casilla of document.querySelectorAll(`${TAREA} [name^=igual_]`)) casilla.checked = true;
    document.querySelector(`${TAREA} [data-completar]`)?.focus();
  }

  function preparar() {
    const boton = document.querySelector("[data-todo-igual]");
    if (boton) {
      boton.hidden = false;
      boton.addEventListener("click", todoIgual);
    }
    for (const atajo of document.querySelectorAll("[data-con]")) atajo.hidden = !document.querySelector(atajo.dataset.con);
  }

  document.addEventListener("change", (evento) => {
    const target = /** @type {HTMLInputElement} */ (evento.target);
    if (cotejo()?.contains(target) && BUSCADOS.includes(target.name)) buscar();
  });
  document.addEventListener("keydown", (evento) => {
    if (evento.key === "Enter" && /** @type {HTMLInputElement} */ (evento.target).name === "nombre_buscado") {
      evento.preventDefault();
      document.querySelector('[data-tecla-ctrl="b"]').click();
    }
    if (!evento.ctrlKey || evento.altKey || evento.shiftKey) return;
    const tecla = evento.key.toLowerCase();
    const boton = tecla === "i" ? document.querySelector("[data-todo-igual]") : document.querySelector(`[data-tecla-ctrl="${tecla}"]`);
    if (!boton) return;
    evento.preventDefault();
    boton.click();
  });
  preparar();
})();
