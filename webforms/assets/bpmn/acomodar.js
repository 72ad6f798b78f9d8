// Inserting and removing keep the drawing: what follows moves on (hoja.js), what stays keeps its place.
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { foto, planear } from "./hoja.js";
import { trazar } from "./trazar.js";

// Nothing leads through these, or they bring along what stands in them.
const SIN_PASO = ["bpmn:StartEvent", "bpmn:EndEvent", "bpmn:SubProcess"];

// Places and waypoints, and nothing that follows from them.
class Colocar {
  static $inject = ["bpmnUpdater"];

  constructor(bpmnUpdater) {
    this.actualizador = bpmnUpdater;
  }

  execute(contexto) {
    contexto.antes = foto([...contexto.lugares.keys()]);
    return this.#poner(contexto.lugares);
  }

  revert(contexto) {
    return this.#poner(contexto.antes);
  }

  #poner(lugares) {
    for (const [elemento, lugar] of lugares) {
      if (Array.isArray(lugar)) {
        elemento.waypoints = lugar.map((punto) => ({ ...punto }));
        this.actualizador.updateConnectionWaypoints(elemento);
      } else {
        Object.assign(elemento, lugar);
        if (!elemento.labelTarget) this.actualizador.updateBounds(elemento);
      }
    }
    return [...lugares.keys()];
  }
}

class Acomodar extends CommandInterceptor {
  static $inject = ["eventBus", "commandStack", "elementRegistry", "modeling", "bpmnRules"];
  pila; registro; modeling; reglas;

  constructor(eventBus, commandStack, elementRegistry, modeling, bpmnRules) {
    super(eventBus);
    Object.assign(this, { pila: commandStack, registro: elementRegistry, modeling, reglas: bpmnRules });
    commandStack.registerHandler("acomodar.colocar", Colocar);
    this.#alInsertar();
    this.#alQuitar();
    this.#alTrazar();
  }

  // A flow that runs around everything; as bpmn-js draws it where there is no such way.
  conectar(origen, destino) {
    const trazada = trazar(origen, destino, this.#dibujados());
    return this.modeling.connect(origen, destino, { type: "bpmn:SequenceFlow", ...(trazada && { trazada }) });
  }

  #alTrazar() {
    this.postExecuted("connection.create", 100, ({ connection }) => {
      if (!connection.trazada) return;
      this.pila.execute("acomodar.colocar", { lugares: new Map([[connection, connection.trazada.waypoints]]) });
      delete connection.trazada;
    }, true);
  }

  // Where everything would stand, or null where no straight piece of the flow can be opened.
  planear(flujo, forma) {
    return planear(flujo, forma, this.#dibujados());
  }

  // The new shape, or null.
  insertar(flujo, forma) {
    return this.planear(flujo, forma) ? this.modeling.createShape(forma, { x: 0, y: 0 }, flujo) : null;
  }

  // What is made on a flow, by a button or dropped there: the cut, what is new, its flows, and everything where the cut put it.
  #alInsertar() {
    this.preExecute("shape.create", 2000, (contexto) => {
      const { shape, parent: flujo } = contexto;
      if (!is(flujo, "bpmn:SequenceFlow") || isAny(shape, SIN_PASO) || !this.reglas.canInsert(shape, flujo)) return;
      const plan = this.planear(flujo, shape);
      if (!plan) return; // bpmn-js puts it where it was dropped
      this.pila.execute("acomodar.colocar", { lugares: plan.lugares });
      Object.assign(contexto, { parent: flujo.parent, position: plan.centro, abierto: { flujo, plan } });
    }, true);
    this.postExecuted("shape.create", 2000, ({ shape, abierto }) => {
      if (!abierto) return;
      const { flujo, plan } = abierto;
      const { target } = flujo;
      this.modeling.reconnectEnd(flujo, shape, plan.antes, { layoutConnection: false });
      const sigue = this.modeling.connect(shape, target, { type: "bpmn:SequenceFlow", waypoints: plan.despues });
      const { width, height } = shape;
      const lugar = { x: Math.round(plan.centro.x - width / 2), y: Math.round(plan.centro.y - height / 2), width, height };
      this.pila.execute("acomodar.colocar", { lugares: vivos(new Map([...plan.lugares, [shape, lugar], [flujo, plan.antes], [sigue, plan.despues]])) });
    }, true);
  }

  #dibujados() {
    return this.registro.filter((e) => e.parent);
  }

  // What stays keeps its place, and a flow that leads on runs where the two did. A frame goes with the last that stands in it.
  #alQuitar() {
    this.preExecute("elements.delete", 6000, (contexto) => {
      contexto.elements = [...contexto.elements, ...this.#vaciados(new Set(contexto.elements))];
      if (!contexto.elements.every((e) => e.waypoints || is(e, "bpmn:FlowNode") || is(e, "bpmn:Artifact"))) return;
      contexto.foto = foto(this.#dibujados());
      for (const nodo of contexto.elements) {
        const [entra, sale] = [nodo.incoming?.[0], nodo.outgoing?.[0]];
        const sigue = entra && sale && nodo.incoming.length === 1 && nodo.outgoing.length === 1 && seguido(entra.waypoints, sale.waypoints);
        if (sigue) contexto.foto.set(entra, sigue);
      }
    }, true);
    this.postExecuted("elements.delete", 100, (contexto) => {
      if (contexto.foto) this.pila.execute("acomodar.colocar", { lugares: vivos(contexto.foto) });
    }, true);
  }

  #vaciados(quitados) {
    const seVa = (e) => Boolean(e) && (quitados.has(e) || seVa(e.host) || seVa(e.parent));
    const sueltos = this.#dibujados().filter((e) => !e.waypoints && !e.labelTarget && e.width && !isAny(e, ["bpmn:Group", "bpmn:Lane", "bpmn:Participant"]));
    const dentro = (marco, { x, y, width, height }) => x >= marco.x && y >= marco.y && x + width <= marco.x + marco.width && y + height <= marco.y + marco.height;
    return this.registro.filter((marco) => {
      if (!is(marco, "bpmn:Group") || marco.labelTarget || !marco.parent || quitados.has(marco)) return false;
      const suyos = sueltos.filter((e) => dentro(marco, e));
      return suyos.length > 0 && suyos.every(seVa);
    });
  }
}

function vivos(lugares) {
  return new Map([...lugares].filter(([e]) => e.parent && (e.waypoints || e.width !== undefined)));
}

// The line in, through where the element stood, and the line out; null where the two would run back over each other.
function seguido(entra, sale) {
  const [a, e] = entra.slice(-2);
  const [s, b] = sale;
  const [acostada, sigueAcostada] = [a.y === e.y, s.y === b.y];
  const codos =
    acostada !== sigueAcostada ? [acostada ? { x: s.x, y: e.y } : { x: e.x, y: s.y }]
    : acostada ? [{ x: Math.round((e.x + s.x) / 2), y: e.y }, { x: Math.round((e.x + s.x) / 2), y: s.y }]
    : [{ x: e.x, y: Math.round((e.y + s.y) / 2) }, { x: s.x, y: Math.round((e.y + s.y) / 2) }];
  const puntos = [...entra.slice(0, -1), ...codos, ...sale.slice(1)].map(({ x, y }) => ({ x, y }));
  const enLinea = (p, q, r) => (p.x === q.x && q.x === r.x) || (p.y === q.y && q.y === r.y);
  const vuelve = (p, q, r) => enLinea(p, q, r) && (q.x - p.x) * (r.x - q.x) + (q.y - p.y) * (r.y - q.y) < 0;
  if (puntos.some((q, k) => k > 0 && k < puntos.length - 1 && vuelve(puntos[k - 1], q, puntos[k + 1]))) return null;
  return puntos.filter((q, k) => k === 0 || k === puntos.length - 1 || !enLinea(puntos[k - 1], q, puntos[k + 1]));
}

export default { __init__: ["acomodar"], acomodar: ["type", Acomodar] };
