// What bpmn-js rewrites by itself beside what was asked for is kept as it stood (docs/decisions/editor-keeps.md).
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import BpmnUpdater from "bpmn-js/lib/features/modeling/BpmnUpdater";
import { getBusinessObject, getDi, is, isAny } from "bpmn-js/lib/util/ModelUtil";

const [ANTES, DESPUES] = [5000, 500];
const DE_FORMA = ["shape.create", "shape.delete", "shape.move", "shape.resize"];
const DE_VARIAS = ["spaceTool", "lane.add", "lane.resize", "lane.split", "elements.create", "elements.delete", "elements.move"];
const SIN_PARADERO = "__targetRef_placeholder"; // the name that bpmn-js knows such a property by

// What an element stands in changes when it is drawn in something else, and comes back with it. A note or a frame belongs to
// its process wherever on the sheet it is drawn.
const CON_CASA = ["bpmn:FlowElement", "bpmn:Artifact", "bpmn:MessageFlow", "bpmn:Participant"];

class Actualizador extends BpmnUpdater {
  static $inject = [...BpmnUpdater.$inject, "elementRegistry"];

  constructor(eventBus, bpmnFactory, connectionDocking, elementRegistry) {
    super(eventBus, bpmnFactory, connectionDocking);
    this.registro = elementRegistry;
    this.casas = new WeakMap(); // element → what it is drawn in → what it stands in; data object → what it stands in
    eventBus.on("bpmnElement.added", ({ element }) => {
      if (element.parent) this.#anotar(element);
    });
  }

  updateParent(elemento, antes) {
    const bo = getBusinessObject(elemento);
    const casa = elemento.parent && this.casas.get(elemento)?.get(this.#lugar(elemento));
    const suya = casa && !is(bo, "bpmn:DataStoreReference") && (bo.$parent === casa || isAny(bo, CON_CASA));
    if (!suya) {
      super.updateParent(elemento, antes);
      if (elemento.parent) this.#anotar(elemento);
      else if (is(bo, "bpmn:Participant")) this.#desalojar(bo.processRef, getBusinessObject(antes));
    } else if (bo.$parent !== casa) {
      this.updateSemanticParent(bo, casa, undefined);
      if (bo.dataObjectRef) this.updateSemanticParent(bo.dataObjectRef, this.casas.get(bo.dataObjectRef) ?? casa, undefined); // it went with its reference
      this.updateDiParent(getDi(elemento), getDi(elemento.parent));
    }
  }

  #lugar(elemento) {
    return is(elemento, "bpmn:Artifact") ? this : elemento.parent;
  }

  #anotar(elemento) {
    if (!this.casas.has(elemento)) this.casas.set(elemento, new WeakMap());
    const casa = getBusinessObject(elemento)?.$parent;
    if (casa) this.casas.get(elemento).set(this.#lugar(elemento), casa);
    const dato = getBusinessObject(elemento)?.dataObjectRef;
    if (dato?.$parent) this.casas.set(dato, dato.$parent);
  }

  // The notes of a process that goes, when they are not drawn in it and so stay.
  #desalojar(proceso, colaboracion) {
    const notas = this.registro.filter((e) => is(e, "bpmn:Artifact") && !e.labelTarget && e.parent);
    for (const nota of notas.filter((e) => proceso && getBusinessObject(e).$parent === proceso)) {
      this.updateSemanticParent(getBusinessObject(nota), colaboracion, undefined);
      this.casas.delete(nota);
    }
  }
}

// A node changes its lane when it is drawn in another one, not whenever something near it moves.
class CarrilPorDibujo extends CommandInterceptor {
  static $inject = ["eventBus", "modeling", "elementRegistry"];
  antes; carriles;

  constructor(eventBus, modeling, elementRegistry) {
    super(eventBus);
    this.registro = elementRegistry;
    eventBus.on("import.parse.start", () => {
      this.hondura = 0;
    });
    this.preExecute([...DE_FORMA, ...DE_VARIAS], ANTES, () => {
      if (!this.hondura) [this.antes, this.carriles] = [this.#lugares(), this.#deTipo("bpmn:Lane")];
      this.hondura += 1;
    });
    this.postExecuted([...DE_FORMA, ...DE_VARIAS], DESPUES, () => {
      this.hondura -= 1;
      if (this.hondura) return;
      const ahora = this.#lugares();
      const movidos = [...new Set([...this.antes.keys(), ...ahora.keys()])].filter((nodo) => this.antes.get(nodo) !== ahora.get(nodo));
      const quitados = this.carriles.filter((carril) => !carril.parent);
      if (movidos.length || quitados.length) modeling.updateLaneRefs(movidos, quitados);
    });
  }

  #deTipo(tipo) {
    return this.registro.filter((e) => is(e, tipo) && !e.labelTarget && e.parent);
  }

  // Node → the lanes that its middle lies in.
  #lugares() {
    const carriles = this.#deTipo("bpmn:Lane");
    const en = (c, x, y) => x > c.x && x < c.x + c.width && y > c.y && y < c.y + c.height;
    return new Map(this.#deTipo("bpmn:FlowNode").map((n) => [n, carriles.filter((c) => en(c, n.x + n.width / 2, n.y + n.height / 2)).map((c) => c.id).join(" ")]));
  }
}

// The category of a group comes with the group and stays for whoever names it, whether or not the group does; so do its words,
// which are the name of the group.
class CategoriaDeGrupo extends CommandInterceptor {
  static $inject = ["eventBus", "bpmnjs"];

  constructor(eventBus, bpmnjs) {
    super(eventBus);
    const enlazar = ({ categoryValue, category }) => {
      if (!categoryValue || !category) return;
      agregar(bpmnjs.getDefinitions().get("rootElements"), category);
      agregar(category.get("categoryValue"), categoryValue);
      [category.$parent, categoryValue.$parent] = [bpmnjs.getDefinitions(), category];
    };
    const deGrupo = (accion) => (contexto) => {
      if (is(contexto.labelTarget ?? contexto.shape, "bpmn:Group")) accion(contexto);
    };
    this.preExecute("shape.delete", ANTES, (contexto) => {
      if (is(contexto.shape.labelTarget, "bpmn:Group") && contexto.hints?.nested) contexto.hints = { ...contexto.hints, unsetLabel: false };
    }, true);
    this.executed(["shape.create", "label.create", "shape.move", "shape.resize"], DESPUES, deGrupo((contexto) => {
      contexto.eranDeAntes = Boolean(contexto.categoryValue && contexto.category?.$parent);
      enlazar(contexto);
    }), true);
    this.reverted(["shape.create", "label.create", "shape.move", "shape.resize"], deGrupo((contexto) => {
      if (!contexto.categoryValue || contexto.eranDeAntes) return;
      quitar(bpmnjs.getDefinitions().get("rootElements"), contexto.category);
      contexto.category.$parent = null;
    }), true);
  }
}

// Where the data of an association goes is rewritten when the association goes to another activity, not when it is drawn elsewhere.
class EntradaDeDatos extends CommandInterceptor {
  static $inject = ["eventBus", "bpmnFactory"];

  constructor(eventBus, bpmnFactory) {
    super(eventBus);
    const deEntrada = (accion) => (contexto) => {
      if (is(contexto.connection, "bpmn:DataInputAssociation")) accion(contexto);
    };
    this.execute(["connection.create", "connection.reconnect"], deEntrada((contexto) => {
      const { connection } = contexto;
      contexto.iba = { targetRef: getBusinessObject(connection).targetRef, en: connection.target };
    }), true);
    this.executed(["connection.create", "connection.reconnect"], deEntrada((contexto) => {
      const { connection, iba } = contexto;
      if (iba.targetRef && iba.en === connection.target) return;
      const actividad = getBusinessObject(connection.target);
      const propiedades = actividad.get("properties");
      let paradero = propiedades.find((p) => p.name === SIN_PARADERO);
      if (!paradero) {
        paradero = contexto.paraderoNuevo = bpmnFactory.create("bpmn:Property", { name: SIN_PARADERO });
        paradero.$parent = actividad;
        propiedades.push(paradero);
      }
      getBusinessObject(connection).targetRef = paradero;
    }), true);
    this.reverted(["connection.create", "connection.reconnect"], deEntrada((contexto) => {
      getBusinessObject(contexto.connection).targetRef = contexto.iba.targetRef;
      const nuevo = contexto.paraderoNuevo;
      if (nuevo) quitar(nuevo.$parent.get("properties"), nuevo);
    }), true);
  }
}

// bpmn-js appends what it touches at the end of its list. The order of some says something (the ways of a choice, an ad hoc
// sub-process), and nobody should look for a change where there is none: what came with the file keeps its order, what is new
// stands behind it. A node that names no flows of its own in the file, which BPMN allows, goes on naming none.
const LISTAS = ["rootElements", "flowElements", "artifacts", "laneSets", "lanes", "flowNodeRef", "incoming", "outgoing", "participants", "messageFlows", "categoryValue", "categoryValueRef", "dataInputAssociations", "dataOutputAssociations", "properties", "planeElement"];

class OrdenDeAntes {
  static $inject = ["eventBus"];

  constructor(eventBus) {
    eventBus.on("import.parse.complete", ({ definitions }) => {
      this.orden = new Map(); // element → list → its members as they came
      this.calladas = new Map(); // node → those of its lists that the file does not write
      if (!definitions) return;
      recorrer(definitions, (elemento) => this.#recordar(elemento));
      recorrer(definitions, (elemento) => this.#callar(elemento));
    });
    eventBus.on("saveXML.start", ({ definitions }) => {
      recorrer(definitions, (elemento) => this.#ordenar(elemento));
    });
  }

  #recordar(elemento) {
    const listas = LISTAS.filter((lista) => Array.isArray(elemento[lista]));
    if (listas.length) this.orden.set(elemento, Object.fromEntries(listas.map((lista) => [lista, [...elemento[lista]]])));
  }

  #callar(flujo) {
    if (!is(flujo, "bpmn:SequenceFlow")) return;
    for (const [nodo, lista] of [[flujo.sourceRef, "outgoing"], [flujo.targetRef, "incoming"]]) {
      if (nodo && !this.orden.get(nodo)?.[lista]?.length) this.calladas.set(nodo, new Set([...(this.calladas.get(nodo) ?? []), lista]));
    }
  }

  #ordenar(elemento) {
    for (const [lista, antes] of Object.entries(this.orden.get(elemento) ?? {})) {
      if (Array.isArray(elemento[lista])) elemento[lista].splice(0, Infinity, ...enOrden(elemento[lista], antes));
    }
    for (const lista of this.calladas.get(elemento) ?? []) elemento[lista]?.splice(0, Infinity);
  }
}

function enOrden(miembros, antes) {
  const quedan = new Set(miembros);
  const viejos = antes.filter((m) => quedan.has(m));
  const conocidos = new Set(viejos);
  return [...viejos, ...miembros.filter((m) => !conocidos.has(m))];
}

function recorrer(elemento, visita) {
  visita(elemento);
  for (const { ns, isReference, isVirtual } of elemento.$descriptor?.properties ?? []) {
    if (isReference || isVirtual) continue;
    const hijos = [elemento[ns.localName]].flat();
    for (const hijo of hijos) if (hijo?.$descriptor && hijo.$parent === elemento) recorrer(hijo, visita);
  }
}

function agregar(lista, miembro) {
  if (!lista.includes(miembro)) lista.push(miembro);
}

function quitar(lista, miembro) {
  const lugar = lista.indexOf(miembro);
  if (lugar >= 0) lista.splice(lugar, 1);
}

export default {
  __init__: ["ordenDeAntes"],
  ordenDeAntes: ["type", OrdenDeAntes],
  bpmnUpdater: ["type", Actualizador],
  updateCategoryValueRefsBehavior: ["value", null], // what stands in a group is what its author says, not what is drawn inside
  updateFlowNodeRefsBehavior: ["type", CarrilPorDibujo],
  categoryRootElementReferenceBehavior: ["type", CategoriaDeGrupo],
  dataInputAssociationBehavior: ["type", EntradaDeDatos],
};
