// The menus offer what runs: what the deployer refuses whatever else is drawn (engine/lint) is not in them.
// tests/acceptance/test_editor_menu.py presses every entry and asks the deployer.
import PopupMenu from "diagram-js/lib/features/popup-menu/PopupMenu";
import { BOUNDARY_EVENT, END_EVENT, INTERMEDIATE_EVENT } from "bpmn-js/lib/features/replace/ReplaceOptions";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

const DESPUES = 500; // after the entries of bpmn-js
const ORILLA = 8; // px from a menu to the edge of the window
const ESCALADA_AL_BORDE = ["replace-with-escalation-boundary", "replace-with-non-interrupting-escalation-boundary"];
const UNA_VEZ = new Set(["bpmn:CancelEventDefinition", "bpmn:CompensateEventDefinition"]); // on one activity

// Entry → whether it is refused in what stands there (`padre`) or on the border of an activity (`host`).
/** @type {[string[], (lugar: any) => boolean][]} */
const RECHAZADAS = [
  [["replace-with-script-task", "replace-with-conditional-flow"], () => true],
  [["replace-with-conditional-start"], ({ padre }) => !padre.triggeredByEvent],
  [ESCALADA_AL_BORDE, ({ host }) => !isAny(host, ["bpmn:SubProcess", "bpmn:CallActivity"])],
  [["replace-with-compensation-start"], ({ padre }) => !is(padre.$parent, "bpmn:SubProcess")],
];

function rechazadas({ businessObject }) {
  const lugar = { padre: businessObject.$parent, host: businessObject.attachedToRef };
  return new Set(RECHAZADAS.flatMap(([entradas, rechaza]) => (rechaza(lugar) ? entradas : [])));
}

// The events that could be drawn after an element, or on its border, with what makes each: the catalogue of the menu, and its refusals.
// Nothing leads to an event that catches a link: it has no place after anything.
export function eventosDespues({ businessObject }) {
  const cancela = (clase) => clase !== "bpmn:CancelEventDefinition" || is(businessObject.$parent, "bpmn:Transaction");
  const intermedios = INTERMEDIATE_EVENT.filter(({ target }) => /Intermediate/.test(target.type) && !esEnlaceQueEspera(target));
  return [...intermedios, ...END_EVENT.filter(({ target }) => target.type === "bpmn:EndEvent" && target.eventDefinitionType && cancela(target.eventDefinitionType))];
}

export function eventosAlBorde({ businessObject, incoming = [], attachers = [] }) {
  if (!is(businessObject, "bpmn:Activity") || businessObject.isForCompensation || businessObject.triggeredByEvent) return [];
  if (is(businessObject, "bpmn:ReceiveTask") && incoming.some(({ source }) => is(source, "bpmn:EventBasedGateway"))) return [];
  const fuera = rechazadas({ businessObject: { $parent: businessObject.$parent, attachedToRef: businessObject } });
  const puestos = attachers.flatMap((e) => e.businessObject.eventDefinitions ?? []).map((d) => d.$type);
  const cabe = (clase) =>
    (clase !== "bpmn:CancelEventDefinition" || is(businessObject, "bpmn:Transaction")) && !(UNA_VEZ.has(clase) && puestos.includes(clase));
  return BOUNDARY_EVENT.filter(({ actionName, target }) => !fuera.has(actionName) && cabe(target.eventDefinitionType));
}

function esEnlaceQueEspera(/** @type {{ type: string, eventDefinitionType?: string }} */ { type, eventDefinitionType }) {
  return type === "bpmn:IntermediateCatchEvent" && eventDefinitionType === "bpmn:LinkEventDefinition";
}

class Ofrecer {
  static $inject = ["popupMenu", "replaceMenuProvider"];

  constructor(popupMenu, replaceMenuProvider) {
    this.menu = replaceMenuProvider;
    popupMenu.registerProvider("bpmn-replace", DESPUES, this);
  }

  // What the menu turns an element into, for whoever has no mouse: [entry, label, act].
  tipos(elemento) {
    const entradas = this.getPopupMenuEntries(elemento)(this.menu.getPopupMenuEntries(elemento));
    return Object.entries(entradas).map(([clave, { label, action }]) => [clave, label, action]);
  }

  getPopupMenuEntries(elemento) {
    const fuera = rechazadas(elemento);
    return (entradas) => Object.fromEntries(Object.entries(entradas).filter(([clave]) => !fuera.has(clave)));
  }
}

// The menu opens whole within the window, wherever the page is scrolled to.
class MenuALaVista extends PopupMenu {
  static $inject = PopupMenu.$inject;

  _ensureVisible(caja, { x, y }) {
    const { width, height } = caja.getBoundingClientRect();
    const cabe = (lugar, largo, ventana) => Math.max(ORILLA, Math.min(lugar, ventana - largo - ORILLA));
    return { x: cabe(x, width, window.innerWidth), y: cabe(y, height, window.innerHeight) };
  }
}

export default { __init__: ["ofrecer"], ofrecer: ["type", Ofrecer], popupMenu: ["type", MenuALaVista] };
