// Drawing without a mouse: what the palette does, as a form of the panel.
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { boton, grupo, lista, nodo } from "./dom.js";
import { definicion } from "./extensiones.js";
import { nombreDeTipo } from "./tipos.js";

const NUEVOS = [
  ["bpmn:UserTask", "Tarea de usuario"],
  ["bpmn:ServiceTask", "Tarea automática"],
  ["bpmn:BusinessRuleTask", "Tarea de tabla de decisión"],
  ["bpmn:CallActivity", "Llamada a otro proceso"],
  ["bpmn:ExclusiveGateway", "Compuerta exclusiva"],
  ["bpmn:ParallelGateway", "Compuerta paralela"],
  ["bpmn:EndEvent", "Fin"],
];
const HUECO = 160; // one column of the grid
const CAPAS = ["bpmn:Lane", "bpmn:Participant"];

let ultimoTipo = "bpmn:UserTask";

export function seccionAgregar(panel, elemento) {
  if (is(elemento.parent, "bpmn:Collaboration")) return null; // its pool is not drawn: bpmn-js has no place for what is new
  if (is(elemento, "bpmn:SequenceFlow")) return paraFlujo(panel, elemento);
  if (is(elemento, "bpmn:FlowNode")) return paraNodo(panel, elemento);
  return null;
}

function tipo(etiqueta, opciones = NUEVOS) {
  return lista({ etiqueta, opciones, valor: ultimoTipo, clave: "agregar-tipo", cambia: (t) => (ultimoTipo = t) });
}

function paraFlujo(panel, flujo) {
  const opciones = NUEVOS.filter(([t]) => t !== "bpmn:EndEvent");
  if (ultimoTipo === "bpmn:EndEvent") ultimoTipo = "bpmn:UserTask";
  return grupo("Insertar en este flujo", tipo("Qué insertar", opciones), boton("Insertar", () => insertar(panel, flujo), { clave: "insertar" }));
}

function paraNodo(panel, nodoBpmn) {
  const salidas = tieneSalidas(nodoBpmn);
  const destinos = salidas ? posiblesDestinos(panel, nodoBpmn) : [];
  let destino = destinos[0]?.[0];
  return grupo(
    "Dibujar sin ratón",
    salidas ? tipo("Qué sigue") : null,
    unicaSalida(nodoBpmn) ? nodo("p", { class: "nota" }, `Queda antes de «${nombre(unicaSalida(nodoBpmn).target)}»; un fin queda en otra salida.`) : null,
    salidas ? boton("Agregar después", () => agregarDespues(panel, nodoBpmn), { clave: "agregar-despues" }) : null,
    destinos.length ? nodo("div", { class: "mt-3" }, lista({ etiqueta: "Conectar con", opciones: destinos, valor: destino, cambia: (id) => (destino = id) })) : null,
    destinos.length ? boton("Conectar", () => conectar(panel, nodoBpmn, destino)) : null,
    nodo("div", { class: "mt-3" }, boton("Quitar del diagrama", () => panel.modeling.removeElements([nodoBpmn]), { de: nombreDeTipo(nodoBpmn) })),
  );
}

function posiblesDestinos(panel, origen) {
  const reglas = panel.modeler.get("bpmnRules");
  return panel.modeler
    .get("elementRegistry")
    .filter((e) => is(e, "bpmn:FlowNode") && !e.labelTarget && e !== origen && reglas.canConnectSequenceFlow(origen, e))
    .map((e) => [e.id, nombre(e)]);
}

function nombre(elemento) {
  return getBusinessObject(elemento).name || `${nombreDeTipo(elemento)} ${elemento.id}`;
}

// Nothing follows an end or a link that leads elsewhere, and a compensation has one activity: another would take its place.
function tieneSalidas(nodoBpmn) {
  if (is(nodoBpmn, "bpmn:EndEvent")) return false;
  if (is(nodoBpmn, "bpmn:IntermediateThrowEvent") && definicion(nodoBpmn, "bpmn:LinkEventDefinition")) return false;
  return !(definicion(nodoBpmn, "bpmn:CompensateEventDefinition") && nodoBpmn.host && nodoBpmn.outgoing.length);
}

// A second way out of anything but a gateway would run beside the first: what is added to it stands in between.
function unicaSalida(origen) {
  const salidas = origen.outgoing.filter((flujo) => is(flujo, "bpmn:SequenceFlow"));
  return salidas.length === 1 && !is(origen, "bpmn:Gateway") ? salidas[0] : null;
}

function conectar(panel, origen, id) {
  const destino = panel.modeler.get("elementRegistry").get(id);
  const flujo = panel.modeling.connect(origen, destino, { type: "bpmn:SequenceFlow" });
  if (flujo) elegir(panel, flujo);
}

function agregarDespues(panel, origen) {
  const flujo = unicaSalida(origen);
  if (flujo && ultimoTipo !== "bpmn:EndEvent") return insertar(panel, flujo);
  const forma = panel.modeler.get("elementFactory").createShape({ type: ultimoTipo });
  return elegir(panel, panel.modeler.get("autoPlace").append(origen, forma));
}

// By the rules of the sheet (acomodar.js); where a flow has no straight piece with room, into a new column beside its source.
function insertar(panel, flujo) {
  const { modeler, modeling } = panel;
  const forma = modeler.get("elementFactory").createShape({ type: ultimoTipo });
  const puesta = modeler.get("acomodar").insertar(flujo, forma);
  if (puesta) return elegir(panel, puesta);
  const { source, target } = flujo;
  const derecha = source.x + source.width;
  abrirColumna(modeler, derecha + 1);
  const lugar = { x: derecha + (HUECO - forma.width) / 2 + forma.width / 2, y: source.y + source.height / 2 };
  const nueva = modeling.createShape(forma, lugar, flujo.parent);
  modeling.reconnectEnd(flujo, nueva, { x: lugar.x, y: lugar.y });
  modeling.connect(nueva, target, { type: "bpmn:SequenceFlow" });
  return elegir(panel, nueva);
}

function abrirColumna(modeler, inicio) {
  const spaceTool = modeler.get("spaceTool");
  const raiz = modeler.get("canvas").getRootElement();
  const formas = modeler.get("elementRegistry").filter((e) => e !== raiz && e.parent && !e.waypoints);
  const { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(formas, "x", HUECO, inicio);
  spaceTool.makeSpace(movingShapes, resizingShapes, { x: HUECO, y: 0 }, "e", inicio);
}

function elegir(panel, elemento) {
  panel.modeler.get("selection").select(elemento);
  if (panel.modeler.get("canvas").viewbox().outer.width) panel.modeler.get("canvas").scrollToElement(elemento, 80);
  panel.dibujar("nombre");
}

// "Ir al elemento": every element of the canvas in a list, by lane and from left to right.
export function elementosEnOrden(modeler) {
  return modeler
    .get("elementRegistry")
    .filter((e) => e.parent && !e.labelTarget && isAny(e, ["bpmn:FlowNode", "bpmn:SequenceFlow", "bpmn:MessageFlow", ...CAPAS]))
    .map((e) => ({ e, capa: isAny(e, CAPAS) ? 0 : is(e, "bpmn:FlowNode") ? 1 : 2 }))
    .sort((p, q) => p.capa - q.capa || (p.e.x ?? p.e.waypoints[0].x) - (q.e.x ?? q.e.waypoints[0].x))
    .map(({ e }) => [e.id, rotulo(e)]);
}

function rotulo(elemento) {
  const bo = getBusinessObject(elemento);
  if (is(elemento, "bpmn:SequenceFlow")) {
    const de = bo.sourceRef?.name || bo.sourceRef?.id;
    const a = bo.targetRef?.name || bo.targetRef?.id;
    return `Flujo${bo.name ? ` «${bo.name}»` : ""}: ${de} → ${a}`;
  }
  return bo.name ? `${bo.name} (${nombreDeTipo(elemento).toLowerCase()})` : `${nombreDeTipo(elemento)} ${bo.id}`;
}
