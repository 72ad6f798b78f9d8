// Inserting and removing keep the drawing. The sheet is cut across the flow where nothing stands, what lies behind the cut moves on,
// what the cut goes through (lines, lanes, frames) grows: so nothing meets, bends or crosses that did not before.
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

const AIRE = 25; // px between what is new and what stands before and behind it, at least
const LADO = 10; // px to what runs beside it
const EJES = { x: { de: "x", largo: "width", otro: "y", alto: "height" }, y: { de: "y", largo: "height", otro: "x", alto: "width" } };

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

// One step of undo: the cut, what is new, its flows, and everything where the cut put it.
class Insertar {
  static $inject = ["modeling", "commandStack"];

  constructor(modeling, commandStack) {
    Object.assign(this, { modeling, pila: commandStack });
  }

  preExecute(contexto) {
    const { flujo, forma, plan } = contexto;
    const { target } = flujo;
    this.pila.execute("acomodar.colocar", { lugares: plan.lugares });
    const nueva = (contexto.nueva = this.modeling.createShape(forma, plan.centro, flujo.parent));
    this.modeling.reconnectEnd(flujo, nueva, plan.antes, { layoutConnection: false });
    const sigue = this.modeling.connect(nueva, target, { type: "bpmn:SequenceFlow", waypoints: plan.despues });
    const { x, y } = plan.centro;
    const lugar = { x: Math.round(x - forma.width / 2), y: Math.round(y - forma.height / 2), width: forma.width, height: forma.height };
    const todos = new Map([...plan.lugares, [nueva, lugar], [flujo, plan.antes]]);
    if (sigue) todos.set(sigue, plan.despues);
    this.pila.execute("acomodar.colocar", { lugares: vivos(todos) });
  }
}

class Acomodar extends CommandInterceptor {
  static $inject = ["eventBus", "commandStack", "elementRegistry"];

  constructor(eventBus, commandStack, elementRegistry) {
    super(eventBus);
    Object.assign(this, { pila: commandStack, registro: elementRegistry });
    commandStack.registerHandler("acomodar.colocar", Colocar);
    commandStack.registerHandler("acomodar.insertar", Insertar);
    this.#alQuitar();
  }

  // The new shape, or null where no straight piece of the flow has room for a cut.
  insertar(flujo, forma) {
    const plan = planear(flujo, forma, this.#dibujados());
    if (!plan) return null;
    const contexto = { flujo, forma, plan };
    this.pila.execute("acomodar.insertar", contexto);
    return contexto.nueva;
  }

  #dibujados() {
    return this.registro.filter((e) => e.parent);
  }

  // What stays keeps its place, and a flow that leads on runs where the two did.
  #alQuitar() {
    this.preExecute("elements.delete", 6000, (contexto) => {
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
}

function foto(elementos) {
  return new Map(elementos.map((e) => [e, e.waypoints ? e.waypoints.map(({ x, y }) => ({ x, y })) : { x: e.x, y: e.y, width: e.width, height: e.height }]));
}

function vivos(lugares) {
  return new Map([...lugares].filter(([e]) => e.parent && (e.waypoints || e.width !== undefined)));
}

function esMarco(e) {
  return isAny(e, ["bpmn:Participant", "bpmn:Lane", "bpmn:Group"]) || (is(e, "bpmn:SubProcess") && e.children?.length > 0);
}

function planear(flujo, forma, dibujados) {
  const cosas = dibujados.filter((e) => !e.waypoints && e.width !== undefined);
  const lineas = dibujados.filter((e) => e.waypoints);
  for (const cedeElNombre of [false, true]) {
    for (const tramo of tramos(flujo)) {
      const corte = cortes(tramo).find((c) => seCorta(tramo, c, { flujo, forma, cosas, lineas, cedeElNombre }));
      if (corte !== undefined) return trazar(flujo, forma, tramo, corte, dibujados);
    }
  }
  return null;
}

// The straight pieces, those along the sheet first, longest first.
function tramos(flujo) {
  return flujo.waypoints
    .slice(1)
    .map((q, i) => ({ p: flujo.waypoints[i], q, i, eje: flujo.waypoints[i].y === q.y ? "x" : "y", recto: flujo.waypoints[i].y === q.y || flujo.waypoints[i].x === q.x }))
    .filter(({ recto, p, q }) => recto && (p.x !== q.x || p.y !== q.y))
    .map((tramo) => ({ ...tramo, largo: Math.abs(tramo.q[tramo.eje] - tramo.p[tramo.eje]) }))
    .sort((a, b) => (a.eje === b.eje ? b.largo - a.largo : a.eje === "x" ? -1 : 1));
}

// Between two pixels, so that no border lies on a cut; from the middle outwards.
function cortes({ p, q, eje }) {
  const [a, b] = [Math.ceil(Math.min(p[eje], q[eje])), Math.floor(Math.max(p[eje], q[eje]))];
  const medio = (a + b) / 2;
  return Array.from({ length: Math.max(0, b - a) }, (_, k) => a + k + 0.5).sort((c, d) => Math.abs(c - medio) - Math.abs(d - medio));
}

function seCorta(tramo, c, { flujo, forma, cosas, lineas, cedeElNombre }) {
  const { de, largo, otro, alto } = EJES[tramo.eje];
  const [desde, hasta] = [tramo.p[otro] - forma[alto] / 2 - LADO, tramo.p[otro] + forma[alto] / 2 + LADO];
  const cruza = (e, aire = 0) => e[de] - aire < c && c < e[de] + e[largo] + aire;
  const alLado = (e) => e[otro] < hasta && e[otro] + e[alto] > desde;
  for (const e of cosas) {
    if (esMarco(e)) {
      const borde = (v) => v > desde && v < hasta;
      if (cruza(e) && (borde(e[otro]) || borde(e[otro] + e[alto]))) return false;
      if (!cruza(e) && cruza(e, LADO) && alLado(e)) return false;
    } else if (e.labelTarget === flujo && cedeElNombre) {
      continue;
    } else if (cruza(e) || (cruza(e, LADO) && alLado(e) && e !== flujo.source && e !== flujo.target && e.labelTarget !== flujo)) {
      return false;
    } else if (e.labelTarget && !e.labelTarget.waypoints && (e[de] > c) !== (e.labelTarget[de] > c)) {
      return false;
    }
  }
  return lineas.every((linea) => linea.waypoints.slice(1).every((q, i) => {
    const p = linea.waypoints[i];
    if (linea === flujo && i === tramo.i) return true;
    if (Math.min(p[de], q[de]) > c || Math.max(p[de], q[de]) < c) return true;
    return Math.max(p[otro], q[otro]) < desde || Math.min(p[otro], q[otro]) > hasta;
  }));
}

function trazar(flujo, forma, { p, q, i, eje }, c, dibujados) {
  const { de, largo, otro } = EJES[eje];
  const adelante = q[eje] > p[eje];
  const falta = (extremo) => Math.max(0, Math.ceil(AIRE - Math.abs(c - extremo[eje])));
  const [antesDe, detrasDe] = adelante ? [falta(p), falta(q)] : [falta(q), falta(p)];
  const abre = forma[largo] + antesDe + detrasDe;
  const mover = (v) => (v > c ? v + abre : v);
  const lugares = new Map();
  for (const [e, lugar] of foto(dibujados.filter((d) => d.waypoints || d.width !== undefined))) {
    if (Array.isArray(lugar)) lugares.set(e, lugar.map((punto) => ({ ...punto, [de]: mover(punto[de]) })));
    else if (esMarco(e)) lugares.set(e, { ...lugar, [de]: mover(lugar[de]), [largo]: mover(lugar[de] + lugar[largo]) - mover(lugar[de]) });
    else lugares.set(e, { ...lugar, [de]: mover(lugar[de]) });
  }
  const inicio = Math.ceil(c) + antesDe;
  const [entrada, salida] = adelante ? [inicio, inicio + forma[largo]] : [inicio + forma[largo], inicio];
  const puntos = lugares.get(flujo);
  return {
    lugares,
    centro: { [de]: inicio + forma[largo] / 2, [otro]: p[otro] },
    antes: [...puntos.slice(0, i + 1), { [de]: entrada, [otro]: p[otro] }],
    despues: [{ [de]: salida, [otro]: p[otro] }, ...puntos.slice(i + 1)],
  };
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
