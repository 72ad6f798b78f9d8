// What a service task does, and what its action is given: a value as it is written, or an expression after "=", as in a spreadsheet.
import { grupo, lista, nodo, parrafo, texto } from "./dom.js";

const TIPO = "v:Input";

function escrito(entrada) {
  if (!entrada) return "";
  return entrada.expr === undefined ? (entrada.value ?? "") : `= ${entrada.expr}`;
}

function leido(name, dicho) {
  const limpio = dicho.trim();
  if (!limpio) return null;
  return limpio.startsWith("=") ? { name, expr: limpio.slice(1).trim() } : { name, value: limpio };
}

function fijar(panel, elemento, name, dicho) {
  const otras = panel.ext.todas(elemento, TIPO).map((v) => ({ name: v.name, value: v.value, expr: v.expr }));
  const nueva = leido(name, dicho);
  const lugar = otras.findIndex((v) => v.name === name);
  if (lugar >= 0) otras.splice(lugar, 1, ...(nueva ? [nueva] : []));
  else if (nueva) otras.push(nueva);
  panel.ext.poner(elemento, TIPO, otras.map((v) => panel.ext.crear(TIPO, v)));
}

function control(panel, elemento, regla) {
  const entrada = panel.ext.todas(elemento, TIPO).find((v) => v.name === regla.name);
  const comun = { etiqueta: regla.required ? regla.label : `${regla.label} (opcional)`, ayuda: regla.hint, valor: escrito(entrada), clave: `entrada-${regla.name}` };
  const cambia = (dicho) => {
    fijar(panel, elemento, regla.name, dicho);
    if (regla.kind === "process") panel.repintar(); // its variables are asked for below
  };
  const ofrecidas = { choice: regla.options, letter: panel.catalogo.cartas, list: panel.catalogo.listas, process: otros(panel) }[regla.kind];
  if (regla.kind === "json") return parrafo({ ...comun, corta: true, cambia });
  if (!ofrecidas) return texto({ ...comun, corta: true, sugerencias: panel.variables(), cambia });
  const opciones = [["", _("Elija…")], ...ofrecidas.map((o) => (Array.isArray(o) ? o : [o, o]))];
  if (comun.valor && !opciones.some(([valor]) => valor === comun.valor)) opciones.push([comun.valor, comun.valor]);
  return lista({ ...comun, opciones, cambia });
}

function otros(panel) {
  return panel.catalogo.processes.filter(([id]) => Object.hasOwn(panel.catalogo.abren_casos, id));
}

// What may be given besides: variables of the process that is begun, else those that the task itself gives.
function ofrecidasDe(panel, elemento, accion) {
  const cual = accion.inputs.find((regla) => regla.kind === "process");
  if (!cual) return panel.ext.todas(elemento, "v:Output").map((v) => v.name);
  return new Map(Object.entries(panel.catalogo.abren_casos)).get(panel.ext.todas(elemento, TIPO).find((v) => v.name === cual.name)?.value) ?? [];
}

function libres(panel, elemento, accion) {
  const conocidas = new Set(accion.inputs.map((regla) => regla.name));
  const propias = panel.ext.todas(elemento, TIPO).filter((v) => !conocidas.has(v.name));
  const salidas = ofrecidasDe(panel, elemento, accion).filter((name) => name && !propias.some((v) => v.name === name));
  const filas = [...propias.map((v) => v.name), ...salidas];
  if (!filas.length && accion.inputs.length) return [];
  if (!filas.length) return [nodo("p", { class: "nota" }, _("Agregue abajo las variables que entrega; aquí dirá qué valor tiene cada una."))];
  return filas.map((name) => control(panel, elemento, { name, label: name, hint: _("Un texto, o = y una expresión."), kind: "text", required: true, options: [] }));
}

// What it would do with values of an example: a page of its own, on the draft as it is saved.
function probar(panel, elemento) {
  const href = panel.catalogo.probar.replace("PASO", encodeURIComponent(elemento.id));
  return nodo("p", {}, nodo("a", { class: "btn btn-sm btn-outline-primary", href, "data-guarda": true, "data-clave": "probar" }, _("Probar")));
}

export function seccionAccion(panel, elemento) {
  const { handlers } = panel.catalogo;
  const acciones = new Map(Object.entries(panel.catalogo.acciones));
  const actual = panel.ext.una(elemento, "v:Handler")?.name ?? "";
  const accion = acciones.get(actual);
  const opciones = [["", _("Elija…")], ...[...acciones].map(([name, a]) => [name, a.label]), ...handlers.filter((h) => !acciones.has(h)).map((h) => [h, h])];
  const elegir = (name) => {
    panel.juntos(() => {
      panel.ext.fijar(elemento, "v:Handler", "name", { name });
      if (!acciones.has(name)) panel.ext.poner(elemento, TIPO, []);
    });
    panel.repintar();
  };
  return nodo(
    "div",
    {},
    lista({ etiqueta: _("Qué hace"), opciones, valor: actual, clave: "manejador", cambia: elegir }),
    accion ? grupo(_("Con qué"), ...accion.inputs.map((regla) => control(panel, elemento, regla)), ...(accion.free ? libres(panel, elemento, accion) : [])) : null,
    accion && panel.catalogo.se_prueban.includes(actual) ? probar(panel, elemento) : null,
  );
}
