// Drawing without a mouse: what the palette does, as a form of the panel.
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { boton, grupo, lista, nodo } from "./dom.js";
import { definicion } from "./extensiones.js";
import { eventosAlBorde, eventosDespues } from "./ofrecer.js";
import { nombreDeTipo } from "./tipos.js";

const NUEVOS = [
  ["bpmn:UserTask", _("Tarea de usuario")],
  ["bpmn:ServiceTask", _("Tarea automática")],
  ["bpmn:BusinessRuleTask", _("Tarea de tabla de decisión")],
  ["bpmn:CallActivity", _("Llamada a otro proceso")],
  ["bpmn:ExclusiveGateway", _("Compuerta exclusiva")],
  ["bpmn:ParallelGateway", _("Compuerta paralela")],
  ["bpmn:EndEvent", _("Fin")],
];
const HUECO = 160; // one column of the grid
const CAPAS = ["bpmn:Lane", "bpmn:Participant"];

const ESQUINA = 24; // px from the corner of an activity to the middle of an event on its border
const PASO = 7; // px between two places that are tried there
const JUNTO = 6; // px between an event on a border and what is beside it

let ultimoTipo = "bpmn:UserTask";
let ultimoBorde = "replace-with-timer-boundary";

export function seccionAgregar(panel, elemento) {
  if (is(elemento.parent, "bpmn:Collaboration")) return null; // its pool is not drawn: bpmn-js has no place for what is new
  if (is(elemento, "bpmn:SequenceFlow")) return paraFlujo(panel, elemento);
  if (is(elemento, "bpmn:FlowNode")) return paraNodo(panel, elemento);
  return null;
}

// What may follow an element: [key, label, what makes the shape].
function queSigue(panel, origen) {
  const traducir = panel.modeler.get("translate");
  const eventos = eventosDespues(origen).map(({ actionName, label, target }) => [actionName, traducir(label), target]);
  return [...NUEVOS.map(([t, nombreDe]) => [t, nombreDe, { type: t }]), ...eventos].filter(([, , hechura]) => cabeDespues(origen, hechura));
}

// A gateway of events waits for events, and what compensates is an activity.
function cabeDespues(origen, { type, eventDefinitionType }) {
  if (is(origen, "bpmn:EventBasedGateway")) return type === "bpmn:IntermediateCatchEvent";
  if (origen.host && definicion(origen, "bpmn:CompensateEventDefinition")) return !eventDefinitionType && /Task|Activity/.test(type);
  return true;
}

function termina({ type, eventDefinitionType }) {
  return type === "bpmn:EndEvent" || (type === "bpmn:IntermediateThrowEvent" && eventDefinitionType === "bpmn:LinkEventDefinition");
}

function tipo(etiqueta, opciones) {
  if (!opciones.some(([clave]) => clave === ultimoTipo)) [[ultimoTipo]] = opciones;
  return lista({ etiqueta, opciones, valor: ultimoTipo, clave: "agregar-tipo", cambia: (t) => (ultimoTipo = t) });
}

// What the chosen kind makes, after this element.
function hechura(panel, origen) {
  return { ...queSigue(panel, origen).find(([clave]) => clave === ultimoTipo)[2] };
}

function paraFlujo(panel, flujo) {
  const opciones = queSigue(panel, flujo.source).filter(([, , hecha]) => !termina(hecha));
  return grupo(_("Insertar en este flujo"), tipo(_("Qué insertar"), opciones), boton(_("Insertar"), () => insertar(panel, flujo), { clave: "insertar" }));
}

function paraNodo(panel, nodoBpmn) {
  const salidas = tieneSalidas(nodoBpmn);
  const bordes = eventosAlBorde(nodoBpmn);
  const destinos = salidas ? posiblesDestinos(panel, nodoBpmn) : [];
  let destino = destinos[0]?.[0];
  return grupo(
    _("Dibujar sin ratón"),
    salidas ? tipo(_("Qué sigue"), queSigue(panel, nodoBpmn)) : null,
    unicaSalida(nodoBpmn) ? nodo("p", { class: "nota" }, _("Queda antes de «{n}»; un fin queda en otra salida.", { n: nombre(unicaSalida(nodoBpmn).target) })) : null,
    salidas ? boton(_("Agregar después"), () => agregarDespues(panel, nodoBpmn), { clave: "agregar-despues" }) : null,
    destinos.length ? nodo("div", { class: "mt-3" }, lista({ etiqueta: _("Conectar con"), opciones: destinos, valor: destino, cambia: (id) => (destino = id) })) : null,
    destinos.length ? boton(_("Conectar"), () => conectar(panel, nodoBpmn, destino)) : null,
    bordes.length ? nodo("div", { class: "mt-3" }, borde(panel, bordes)) : null,
    bordes.length ? boton(_("Agregar al borde"), () => agregarAlBorde(panel, nodoBpmn), { clave: "agregar-al-borde" }) : null,
    nodo("div", { class: "mt-3" }, boton(_("Quitar del diagrama"), () => quitar(panel, nodoBpmn), { de: nombreDeTipo(nodoBpmn) })),
  );
}

// Who works without a mouse goes on from what stood beside it, else from the process.
function quitar(panel, nodoBpmn) {
  const { host, incoming, outgoing } = nodoBpmn;
  const vecinos = [host, ...incoming.map(({ source }) => source), ...outgoing.map(({ target }) => target)];
  panel.modeling.removeElements([nodoBpmn]);
  elegir(panel, vecinos.find((e) => e?.parent) ?? null, "titulo");
}

function borde(panel, bordes) {
  const traducir = panel.modeler.get("translate");
  if (!bordes.some(({ actionName }) => actionName === ultimoBorde)) ultimoBorde = bordes[0].actionName;
  const opciones = bordes.map(({ actionName, label }) => [actionName, traducir(label)]);
  return lista({ etiqueta: _("Evento en su borde"), opciones, valor: ultimoBorde, clave: "borde-tipo", cambia: (t) => (ultimoBorde = t) });
}

function agregarAlBorde(panel, actividad) {
  const { target } = eventosAlBorde(actividad).find(({ actionName }) => actionName === ultimoBorde);
  const forma = panel.modeler.get("elementFactory").createShape({ ...target });
  const lugar = lugarEnElBorde(panel.modeler, actividad, forma);
  elegir(panel, panel.modeling.createShape(forma, lugar, actividad, { attach: true }));
}

// Along the lower border from its right end, else along the upper one: where nothing stands or runs; where that is nowhere, at least
// beside the other events of the border.
function lugarEnElBorde(modeler, actividad, { width }) {
  const { x, y } = actividad;
  const lugares = [];
  for (const alto of [y + actividad.height, y]) {
    for (let medio = x + actividad.width - ESQUINA; medio >= x + ESQUINA; medio -= PASO) lugares.push({ x: medio, y: alto });
  }
  const fuera = new Set([actividad, ...ancestros(actividad)]);
  const otros = modeler.get("elementRegistry").filter((e) => e.parent && (!fuera.has(e) || esMarco(e)) && (e.waypoints || e.width));
  const libre = (lugar, estorbos) => !estorbos.some((e) => toca(e, lugar, width / 2 + JUNTO / 2));
  return lugares.find((l) => libre(l, otros)) ?? lugares.find((l) => libre(l, actividad.attachers ?? [])) ?? lugares[0];
}

function ancestros({ parent }) {
  return parent ? [parent, ...ancestros(parent)] : [];
}

function toca(elemento, { x, y }, lejos) {
  const cerca = (a, b, v) => Math.min(a, b) < v + lejos && Math.max(a, b) > v - lejos;
  const { x: izquierda, y: arriba, width, height, waypoints } = elemento;
  if (!waypoints && !esMarco(elemento)) return cerca(izquierda, izquierda + width, x) && cerca(arriba, arriba + height, y);
  const [derecha, abajo] = [izquierda + width, arriba + height];
  const orilla = [[izquierda, arriba], [derecha, arriba], [derecha, abajo], [izquierda, abajo], [izquierda, arriba]].map(([a, b]) => ({ x: a, y: b }));
  const puntos = waypoints ?? orilla;
  return puntos.slice(1).some((q, i) => cerca(puntos[i].x, q.x, x) && cerca(puntos[i].y, q.y, y));
}

// What is drawn as a line around others.
function esMarco(elemento) {
  return isAny(elemento, [...CAPAS, "bpmn:Group"]) && !elemento.labelTarget;
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
  const flujo = panel.modeler.get("acomodar").conectar(origen, destino);
  if (flujo) elegir(panel, flujo);
}

function agregarDespues(panel, origen) {
  const [flujo, hecha] = [unicaSalida(origen), hechura(panel, origen)];
  if (flujo && !termina(hecha)) return insertar(panel, flujo);
  const forma = panel.modeler.get("elementFactory").createShape(hecha);
  return elegir(panel, panel.modeler.get("autoPlace").append(origen, forma));
}

// By the rules of the sheet (acomodar.js); where a flow has no straight piece with room, into a new column beside its source.
function insertar(panel, flujo) {
  const { modeler, modeling } = panel;
  const forma = modeler.get("elementFactory").createShape(hechura(panel, flujo.source));
  const puesta = modeler.get("acomodar").insertar(flujo, forma);
  if (puesta) return elegir(panel, puesta);
  const { source, target } = flujo;
  const derecha = source.x + source.width;
  panel.juntos(() => {
    abrirColumna(modeler, derecha + 1);
    const lugar = { x: derecha + (HUECO - forma.width) / 2 + forma.width / 2, y: source.y + source.height / 2 };
    modeling.createShape(forma, lugar, flujo.parent);
    modeling.reconnectEnd(flujo, forma, { x: lugar.x, y: lugar.y });
    modeling.connect(forma, target, { type: "bpmn:SequenceFlow" });
  });
  return elegir(panel, forma);
}

function abrirColumna(modeler, inicio) {
  const spaceTool = modeler.get("spaceTool");
  const raiz = modeler.get("canvas").getRootElement();
  const formas = modeler.get("elementRegistry").filter((e) => e !== raiz && e.parent && !e.waypoints);
  const { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(formas, "x", HUECO, inicio);
  spaceTool.makeSpace(movingShapes, resizingShapes, { x: HUECO, y: 0 }, "e", inicio);
}

function elegir(panel, elemento, foco = "nombre") {
  panel.modeler.get("selection").select(elemento);
  if (elemento && panel.modeler.get("canvas").viewbox().outer.width) panel.modeler.get("canvas").scrollToElement(elemento, 80);
  panel.dibujar(foco);
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
    return bo.name ? _("Flujo «{f}»: {de} → {a}", { f: bo.name, de, a }) : _("Flujo: {de} → {a}", { de, a });
  }
  return bo.name ? `${bo.name} (${nombreDeTipo(elemento).toLowerCase()})` : `${nombreDeTipo(elemento)} ${bo.id}`;
}
