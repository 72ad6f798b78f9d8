// A file of a task is kept in its draft as soon as it is chosen. Below its field stands what became of it; what is kept is taken out of the
// field, so that the form does not carry it once more. What could not be kept stays in the field, and goes with the form.
"use strict";
{
  const TAREA = "form[data-tarea]";
  const enCurso = new Map(); // field → what its sending is stopped by, and when it is over
  const formulario = () => document.querySelector(TAREA);
  const oculto = (nombre) => document.querySelector(`${TAREA} [name=${nombre}]`);
  const campos = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`${TAREA} input[type=file]`)]);

  function hacer(nombre, propiedades, ...hijos) {
    const hecho = Object.assign(document.createElement(nombre), propiedades);
    hecho.append(...hijos);
    return hecho;
  }

  function listaDe(campo) {
    if (!campo.nextElementSibling?.matches(".elegidos")) campo.after(hacer("ul", { className: "elegidos" }));
    return campo.nextElementSibling;
  }

  // One line for what is kept, one for what was chosen last and is not kept, or not yet.
  function mostrar(campo, clase, nombre, estado, quitar) {
    const lista = listaDe(campo);
    const antes = lista.querySelector(`.${clase}`);
    const li = antes ?? hacer("li", { className: clase }, hacer("span", { className: "nombre" }), hacer("span", { className: "nota" }));
    if (!antes) {
      li.querySelector(".nota").setAttribute("role", "status");
      lista.append(li);
    }
    li.querySelector(".nombre").textContent = nombre;
    li.querySelector(".nota").textContent = estado;
    li.querySelector("label, button")?.remove();
    if (!quitar) return;
    const boton = hacer("button", { type: "button", className: "btn btn-sm btn-outline-secondary" }, _("Quitar"), hacer("span", { className: "visually-hidden", textContent: ` ${nombre}` }));
    boton.addEventListener("click", quitar);
    li.append(boton);
  }

  function olvidar(campo, clase) {
    listaDe(campo).querySelector(`.${clase}`)?.remove();
    if (!listaDe(campo).children.length) listaDe(campo).remove();
  }

  function decirError(campo, texto) {
    const id = `${campo.id}-e`;
    document.getElementById(id)?.remove();
    campo.closest(".campo")?.classList.toggle("con-error", Boolean(texto));
    const descrito = (campo.getAttribute("aria-describedby") ?? "").split(" ").filter((otro) => otro && otro !== id);
    if (texto) {
      const solo = hacer("span", { className: "visually-hidden", textContent: _("Error:") });
      campo.before(hacer("p", { className: "error mb-1", id }, solo, ` ${texto}`));
      campo.setAttribute("aria-invalid", "true");
      descrito.push(id);
    } else campo.removeAttribute("aria-invalid");
    if (descrito.length) campo.setAttribute("aria-describedby", descrito.join(" "));
    else campo.removeAttribute("aria-describedby");
  }

  // What the server says of it; null: nobody answered, or it was not waited for.
  async function pedir(campo, nombre, valor) {
    enCurso.get(campo)?.control.abort();
    const control = new AbortController();
    const cuerpo = new FormData();
    cuerpo.append(nombre, valor);
    for (const suyo of ["_pagina", "_borrador"]) cuerpo.append(suyo, oculto(suyo).value);
    const direccion = `${Element.prototype.getAttribute.call(formulario(), "data-tarea")}/${encodeURIComponent(campo.name)}`;
    const cabezas = { Accept: "application/json", "X-CSRFToken": oculto("csrf_token").value };
    const respuesta = fetch(direccion, { method: "PUT", signal: control.signal, headers: cabezas, body: cuerpo });
    enCurso.set(campo, { control, listo: respuesta.catch(() => null) });
    try {
      const dada = await respuesta;
      const dicho = dada.headers.get("Content-Type")?.includes("json") ? await dada.json() : {};
      if (dada.ok) oculto("_borrador").value = dicho.visto;
      return { bien: dada.ok, ...dicho };
    } catch (error) {
      if (error.name === "AbortError") return null;
      Red.seCorto(formulario());
      return { sinRed: true };
    } finally {
      if (enCurso.get(campo)?.control === control) enCurso.delete(campo);
    }
  }

  function soltar(campo) {
    enCurso.get(campo)?.control.abort();
    campo.value = "";
    decirError(campo, "");
    olvidar(campo, "elegido");
    campo.dispatchEvent(new Event("input", { bubbles: true })); // the tab names no file any more that is only on this page
    campo.focus();
  }

  async function quitar(campo) {
    const dicho = await pedir(campo, "_quitar", campo.name);
    if (!dicho?.bien) {
      if (dicho) listaDe(campo).querySelector(".conservado .nota").textContent = dicho.mensaje ?? _("No se pudo quitar: intente otra vez");
      return;
    }
    olvidar(campo, "conservado");
    campo.focus();
  }

  const conservado = (campo, nombre, estado) => mostrar(campo, "conservado", nombre, estado, () => quitar(campo));

  async function elegido(campo) {
    const [archivo] = campo.files;
    decirError(campo, "");
    if (!archivo) return olvidar(campo, "elegido");
    const dejar = (estado) => mostrar(campo, "elegido", archivo.name, estado, () => soltar(campo));
    dejar(_("Guardando…"));
    const pesado = archivo.size > Number(campo.dataset.megas) * 1024 * 1024;
    const dicho = pesado ? { mensaje: _("El archivo pesa más de {n} MB", { n: campo.dataset.megas }) } : await pedir(campo, campo.name, archivo);
    if (dicho === null || campo.files[0] !== archivo) return undefined;
    if (dicho.sinRed) return dejar(_("Sin guardar: está solo en esta página"));
    if (!dicho.bien) {
      dejar(_("No se guardó"));
      return decirError(campo, dicho.mensaje ?? _("No se pudo guardar el archivo"));
    }
    campo.value = "";
    olvidar(campo, "elegido");
    conservado(campo, dicho.nombre, _("✓ Guardado, {c}", { c: dicho.guardado }));
    return campo.dispatchEvent(new Event("input", { bubbles: true }));
  }

  for (const campo of campos()) {
    const li = campo.nextElementSibling?.querySelector(".conservado");
    if (li) conservado(campo, li.querySelector(".nombre").textContent, li.querySelector(".nota").textContent);
    if (campo.files.length) elegido(campo); // a browser that kept it when one goes back
  }
  document.addEventListener("change", ({ target }) => campos().includes(/** @type {HTMLInputElement} */ (target)) && elegido(target));
  document.addEventListener("conexion", () => campos().filter((campo) => campo.files.length && !campo.hasAttribute("aria-invalid")).forEach(elegido));
  // The form takes along what is still on its way; another one of this page waits for it.
  document.addEventListener("submit", async (evento) => {
    const otro = /** @type {HTMLFormElement} */ (evento.target);
    if (otro === formulario() || !enCurso.size) return;
    evento.preventDefault();
    evento.stopImmediatePropagation();
    await Promise.all([...enCurso.values()].map(({ listo }) => listo));
    HTMLFormElement.prototype.requestSubmit.call(otro, evento.submitter);
  }, true);
  document.addEventListener("submit", (evento) => {
    if (evento.target === formulario() && !evento.defaultPrevented) for (const { control } of enCurso.values()) control.abort();
  });
}
