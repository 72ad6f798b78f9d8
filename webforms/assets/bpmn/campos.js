// The fields of a user task: add, remove, order, and what each one asks.
import { boton, casilla, grupo, lista, nodo, nombreDe, parrafo, texto } from "./dom.js";

export const TIPOS = [
  ["text", _("Texto de una línea")],
  ["longtext", _("Texto largo")],
  ["choice", _("Elegir de una lista")],
  ["boolean", _("Sí o no")],
  ["integer", _("Número entero")],
  ["number", _("Número con decimales")],
  ["date", _("Fecha")],
  ["email", _("Correo electrónico")],
  ["file", _("Archivo")],
];
const SIN_DECISION = new Set(["longtext", "file"]);
const CON_LIMITES = new Set(["text", "longtext", "integer", "number"]);

export const TIPOS_VARIABLE = [
  ["text", _("Texto")],
  ["integer", _("Número entero")],
  ["number", _("Número con decimales")],
  ["boolean", _("Sí o no")],
  ["instant", _("Fecha y hora")],
  ["list", _("Lista")],
];

// "si:Sí|no:No" ↔ one option a line
export function opcionesALineas(opciones = "") {
  return opciones.split("|").filter(Boolean).join("\n");
}

export function lineasAOpciones(lineas) {
  return lineas
    .split("\n")
    .map((linea) => linea.trim().replaceAll("|", "/"))
    .filter(Boolean)
    .map((linea) => (linea.includes(":") ? linea.replace(/\s*:\s*/, ":") : `${nombreDe(linea)}:${linea}`))
    .join("|");
}

function nombreLibre(base, otros) {
  let nombre = base || "campo";
  for (let n = 2; otros.includes(nombre); n += 1) nombre = `${base || "campo"}_${n}`;
  return nombre;
}

export function seccionCampos(panel, elemento, conFormulario) {
  const campos = panel.ext.todas(elemento, "v:Field");
  const titulo = conFormulario ? _("Respuestas del formulario que usa el diagrama") : _("Campos del formulario");
  return grupo(
    titulo,
    campos.length ? null : nodo("p", { class: "nota" }, conFormulario ? _("Ninguna.") : _("Todavía no hay campos: quien haga la tarea solo verá un botón para completarla.")),
    ...campos.map((campo, i) => unCampo(panel, elemento, campos, campo, i)),
    boton(_("Agregar campo"), () => agregar(panel, elemento, campos), { clave: "campo-agregar" }),
  );
}

function agregar(panel, elemento, campos) {
  const name = nombreLibre("campo", campos.map((c) => c.name));
  const nuevo = panel.ext.crear("v:Field", { name, label: "", type: "text" });
  panel.abiertos.add(`campo:${campos.length}`);
  panel.ext.poner(elemento, "v:Field", [...campos, nuevo]);
  panel.dibujar(`campo-${campos.length}-rotulo`);
}

function mover(panel, elemento, campos, de, a) {
  const orden = [...campos];
  orden.splice(a, 0, ...orden.splice(de, 1));
  panel.intercambiar(`campo:${de}`, `campo:${a}`);
  panel.ext.poner(elemento, "v:Field", orden);
  panel.dibujar(`campo-${a}-resumen`);
}

function quitar(panel, elemento, campos, i) {
  panel.abiertos.delete(`campo:${i}`);
  panel.ext.poner(elemento, "v:Field", campos.filter((_, j) => j !== i));
  panel.dibujar("campo-agregar");
}

function unCampo(panel, elemento, campos, campo, i) {
  const cambiar = (atributos) => panel.ext.cambiar(elemento, campo, atributos);
  const otros = campos.filter((c) => c !== campo).map((c) => c.name);
  const de = campo.label || campo.name;
  const resumen = nodo("summary", { "data-clave": `campo-${i}-resumen` }, `${i + 1}. ${de}`);
  const rotular = (label) => {
    const automatico = !campo.name || /^campo(_\d+)?$/.test(campo.name);
    const propio = automatico && nombreDe(label) ? { name: nombreLibre(nombreDe(label), otros) } : {};
    cambiar({ label, ...propio });
  };
  return panel.plegable(
    `campo:${i}`,
    resumen,
    texto({ etiqueta: _("Pregunta o rótulo"), valor: campo.label, clave: `campo-${i}-rotulo`, cambia: rotular }),
    texto({ etiqueta: _("Nombre de la variable"), ayuda: _("Minúsculas sin tildes ni espacios; así se llama en las condiciones."), corta: true, valor: campo.name, clave: `campo-${i}-nombre`, cambia: (name) => cambiar({ name: name || nombreLibre("campo", otros) }) }),
    lista({ etiqueta: _("Tipo"), opciones: TIPOS, valor: campo.type || "text", clave: `campo-${i}-tipo`, cambia: (type) => cambiar(alCambiarTipo(campo, type)) }),
    campo.type === "choice" ? parrafo({ etiqueta: _("Opciones"), ayuda: _("Una por línea. Escriba «valor: texto», o solo el texto."), valor: opcionesALineas(campo.options), clave: `campo-${i}-opciones`, cambia: (lineas) => cambiar({ options: lineasAOpciones(lineas) }) }) : null,
    texto({ etiqueta: _("Ayuda (opcional)"), valor: campo.hint, clave: `campo-${i}-ayuda`, cambia: (hint) => cambiar({ hint }) }),
    CON_LIMITES.has(campo.type || "text") ? limites(campo, i, cambiar) : null,
    casilla({ etiqueta: _("Es obligatorio"), valor: campo.required, clave: `campo-${i}-obligatorio`, cambia: (required) => cambiar({ required }) }),
    SIN_DECISION.has(campo.type) ? null : casilla({ etiqueta: _("Decide el camino"), ayuda: _("Su valor se puede usar en condiciones y tablas, y queda en la historia del caso para siempre. No la marque en datos personales."), valor: campo.decision, clave: `campo-${i}-decide`, cambia: (decision) => cambiar({ decision }) }),
    casilla({ etiqueta: _("Se busca por él"), ayuda: _("El caso se encuentra por este dato, y sale en listas y exportaciones."), valor: campo.search, clave: `campo-${i}-busca`, cambia: (search) => cambiar({ search }) }),
    nodo(
      "div",
      { class: "fila-flex" },
      i > 0 ? boton(_("Subir"), () => mover(panel, elemento, campos, i, i - 1), { de }) : null,
      i < campos.length - 1 ? boton(_("Bajar"), () => mover(panel, elemento, campos, i, i + 1), { de }) : null,
      boton(_("Quitar campo"), () => quitar(panel, elemento, campos, i), { de }),
    ),
  );
}

function alCambiarTipo(campo, type) {
  return {
    type,
    decision: SIN_DECISION.has(type) ? false : campo.decision,
    options: type === "choice" ? campo.options || `si:${_("Sí")}|no:${_("No")}` : "",
    ...(CON_LIMITES.has(type) ? {} : { min: "", max: "" }),
  };
}

function limites(campo, i, cambiar) {
  const deTexto = ["text", "longtext"].includes(campo.type || "text");
  return nodo(
    "div",
    { class: "dos" },
    texto({ etiqueta: deTexto ? _("Mínimo de letras") : _("Mínimo"), corta: true, valor: campo.min, clave: `campo-${i}-min`, cambia: (min) => cambiar({ min: min.replace(",", ".") }) }),
    texto({ etiqueta: deTexto ? _("Máximo de letras") : _("Máximo"), corta: true, valor: campo.max, clave: `campo-${i}-max`, cambia: (max) => cambiar({ max: max.replace(",", ".") }) }),
  );
}

// Variables: `v:output` of a task, `v:variable` of a process.
export function seccionVariables(panel, elemento, tipo, titulo, ayuda) {
  const todas = panel.ext.todas(elemento, tipo);
  const prefijo = tipo === "v:Output" ? "salida" : "variable";
  const filas = todas.map((variable, i) =>
    panel.plegable(
      `${prefijo}:${i}`,
      nodo("summary", { "data-clave": `${prefijo}-${i}-resumen` }, variable.name || _("(sin nombre)")),
      texto({ etiqueta: _("Nombre de la variable"), corta: true, valor: variable.name, clave: `${prefijo}-${i}-nombre`, cambia: (name) => panel.ext.cambiar(elemento, variable, { name }) }),
      lista({ etiqueta: _("Tipo"), opciones: TIPOS_VARIABLE, valor: variable.type || "text", cambia: (type) => panel.ext.cambiar(elemento, variable, { type }) }),
      boton(_("Quitar"), () => { panel.ext.poner(elemento, tipo, todas.filter((v) => v !== variable)); panel.dibujar(`${prefijo}-agregar`); }, { de: variable.name }),
    ),
  );
  const alAgregar = () => {
    panel.abiertos.add(`${prefijo}:${todas.length}`);
    panel.ext.poner(elemento, tipo, [...todas, panel.ext.crear(tipo, { name: "", type: "text" })]);
    panel.dibujar(`${prefijo}-${todas.length}-nombre`);
  };
  return grupo(titulo, ayuda ? nodo("p", { class: "nota" }, ayuda) : null, ...filas, boton(_("Agregar variable"), alAgregar, { clave: `${prefijo}-agregar` }));
}
