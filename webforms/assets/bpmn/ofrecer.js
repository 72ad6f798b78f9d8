// The menus offer what runs: what the deployer refuses whatever else is drawn (engine/lint) is not in them.
// tests/acceptance/test_editor_menu.py presses every entry and asks the deployer.
import PopupMenu from "diagram-js/lib/features/popup-menu/PopupMenu";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

const DESPUES = 500; // after the entries of bpmn-js
const ORILLA = 8; // px from a menu to the edge of the window
const ESCALADA_AL_BORDE = ["replace-with-escalation-boundary", "replace-with-non-interrupting-escalation-boundary"];

// Entry → whether it is refused on this element.
const RECHAZADAS = [
  [["replace-with-script-task", "replace-with-conditional-flow"], () => true],
  [["replace-with-conditional-start"], ({ businessObject }) => !businessObject.$parent.triggeredByEvent],
  [ESCALADA_AL_BORDE, ({ businessObject }) => !isAny(businessObject.attachedToRef, ["bpmn:SubProcess", "bpmn:CallActivity"])],
  [["replace-with-compensation-start"], ({ businessObject }) => !is(businessObject.$parent.$parent, "bpmn:SubProcess")],
];

class Ofrecer {
  static $inject = ["popupMenu"];

  constructor(popupMenu) {
    popupMenu.registerProvider("bpmn-replace", DESPUES, this);
  }

  getPopupMenuEntries(elemento) {
    const fuera = new Set(RECHAZADAS.flatMap(([entradas, rechaza]) => (rechaza(elemento) ? entradas : [])));
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
