// Spanish of bpmn-js: the community's strings, corrected where they do not read well in Colombia, and those that are missing.
import es from "bpmn-js-i18n/translations/es.js";

export const PROPIAS = {
  "Activate create/remove space tool": "Abrir o cerrar espacio",
  "Activate global connect tool": "Conectar elementos",
  "Activate hand tool": "Mover el lienzo",
  "Activate lasso tool": "Elegir varios elementos",
  "Add lane above": "Agregar un carril arriba",
  "Add text annotation": "Agregar una nota",
  "Ad-hoc sub-process": "Subproceso ad hoc",
  "Align elements ": "Alinear elementos",
  "Append compensation activity": "Agregar actividad de compensación",
  "Append end event": "Agregar un fin",
  "Append gateway": "Agregar una compuerta",
  "Append intermediate/boundary event": "Agregar un evento intermedio",
  "Append task": "Agregar una tarea",
  "Append text annotation": "Agregar una nota",
  "Boundary event": "Evento de borde",
  "Business rule task": "Tarea de tabla de decisión",
  "Call activity": "Llamada a otro proceso",
  "Connect using association": "Conectar con una asociación",
  "Connect using data input association": "Conectar como dato de entrada",
  "Connect using sequence/message flow or association": "Conectar con un flujo o una asociación",
  "Connect to other element": "Conectar con otro elemento",
  "Create data object reference": "Crear un objeto de datos",
  "Create data store reference": "Crear un almacén de datos",
  "Create end event": "Crear un fin",
  "Create expanded sub-process": "Crear un subproceso",
  "Create gateway": "Crear una compuerta",
  "Create group": "Crear un grupo",
  "Create intermediate/boundary event": "Crear un evento intermedio o de borde",
  "Create pool/participant": "Crear un participante",
  "Create start event": "Crear un inicio",
  "Create task": "Crear una tarea",
  "Data object": "Objeto de datos",
  "Data store": "Almacén de datos",
  "Empty pool/participant": "Participante vacío",
  "Empty pool/participant (removes content)": "Participante vacío (quita el contenido)",
  "Expanded pool/participant": "Participante con contenido",
  "End event": "Fin",
  "Event based instantiating Gateway": "Compuerta de eventos que inicia",
  "Parallel Event based instantiating Gateway": "Compuerta de eventos en paralelo que inicia",
  "Intermediate throw event": "Evento intermedio",
  "Participant multiplicity": "Varios participantes",
  "Receive task": "Tarea de espera",
  "Service task": "Tarea automática",
  "Start event": "Inicio",
  "Task": "Tarea sin tipo",
  "Toggle non-interrupting": "Cambiar si interrumpe",
  "User task": "Tarea de usuario",
  "already rendered {element}": "{element} está dibujado dos veces",
  "no diagram to display": "el archivo no tiene dibujo",
  "no process or collaboration to display": "el archivo no tiene proceso que mostrar",
};

// Events are called in the menu what the panel calls them.
const CLASES = {
  Message: "de mensaje", Timer: "de tiempo", Conditional: "de condición", Signal: "de señal", Error: "de error", Escalation: "de escalada",
  Compensation: "de compensación", Link: "de enlace", Cancel: "de cancelación", Terminate: "que termina todo",
};
const LUGARES = {
  "start event": ["Inicio", ""], "end event": ["Fin", ""], "boundary event": ["Evento de borde", ""],
  "intermediate catch event": ["Evento", " (espera)"], "intermediate throw event": ["Evento", " (lanza)"],
};
const EVENTOS = Object.fromEntries(
  Object.entries(CLASES).flatMap(([clave, clase]) => Object.entries(LUGARES).flatMap(([lugar, [nombre, como]]) => [
    [`${clave} ${lugar}`, `${nombre} ${clase}${como}`],
    [`${clave} ${lugar} (non-interrupting)`, `${nombre} ${clase} (no interrumpe)`],
  ])),
);

const TEXTOS = new Map(Object.entries({ ...es, ...EVENTOS, ...PROPIAS }));

// Keys that were asked for and have no Spanish; a browser test asserts that none is left.
export const SIN_TRADUCIR = new Set();

// On a page in another language bpmn-js speaks its own English.
const EN_ESPANOL = document.documentElement.lang.startsWith("es");

function traducir(texto, valores = {}) {
  if (EN_ESPANOL && !TEXTOS.has(texto) && /[a-z]/i.test(texto)) SIN_TRADUCIR.add(texto);
  return ((EN_ESPANOL && TEXTOS.get(texto)) || texto).replace(/{([^}]+)}/g, (todo, nombre) => (Object.hasOwn(valores, nombre) ? valores[nombre] : todo));
}

export default { translate: ["value", traducir] };
