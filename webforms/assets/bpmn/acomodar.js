// Inserting and removing keep the drawing. The sheet is cut across the flow where nothing stands, winding where it must; what lies behind
// the cut moves on, what it goes through (lines, lanes, frames) grows: so nothing meets, bends or crosses that did not before.
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

  // Where everything would stand, or null where no straight piece of the flow can be opened.
  planear(flujo, forma) {
    return planear(flujo, forma, this.#dibujados());
  }

  // The new shape, or null.
  insertar(flujo, forma) {
    const plan = this.planear(flujo, forma);
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

// What is pushed pushes what stands behind it at its height, and so on: the cut winds between what stays and what moves. It fails
// only where the end of the flow would push its beginning, or where the new shape would stand on a line or a border.
function planear(flujo, forma, dibujados) {
  const hojas = { x: leer(dibujados, "x"), y: leer(dibujados, "y") };
  for (const tramo of tramos(flujo)) {
    const plan = abrir(flujo, forma, tramo, hojas[tramo.eje]);
    if (plan) return plan;
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

// The sheet along one axis: pieces that move as a whole (shapes, both ends of a frame, what of a line runs across), what each
// pushes, and what stretches between two of them.
function leer(dibujados, eje) {
  const { de, largo, otro, alto } = EJES[eje];
  const hoja = { eje, piezas: [], extremos: new Map(), puntos: new Map(), tirantes: [] };
  const pieza = (inicio, fin, desde, hasta) => {
    const nueva = { inicio, fin, desde, hasta, empuja: new Set() };
    hoja.piezas.push(nueva);
    return nueva;
  };
  const formas = dibujados.filter((e) => !e.waypoints && e.width !== undefined);
  const lineas = dibujados.filter((e) => e.waypoints);
  for (const e of formas) {
    const [inicio, fin, desde, hasta] = [e[de], e[de] + e[largo], e[otro], e[otro] + e[alto]];
    if (!esMarco(e)) {
      const entera = pieza(inicio, fin, desde, hasta);
      hoja.extremos.set(e, [entera, entera]);
      continue;
    }
    const [antes, despues] = [pieza(inicio, inicio, desde, hasta), pieza(fin, fin, desde, hasta)];
    hoja.extremos.set(e, [antes, despues]);
    for (const borde of [desde, hasta]) hoja.tirantes.push({ antes, despues, inicio, fin, lugar: borde });
  }
  for (const linea of lineas) leerLinea(hoja, linea, pieza);
  for (const e of formas.filter((f) => f.labelTarget)) atarNombre(hoja, e, hoja.extremos.get(e)[0]);
  const participantes = formas.filter((e) => is(e, "bpmn:Participant")).map((e) => hoja.extremos.get(e)[1]);
  for (const una of participantes) for (const otra of participantes) if (una.fin === otra.fin) juntar(una, otra);
  for (const una of hoja.piezas) {
    for (const otra of hoja.piezas) {
      if (una === otra || una.desde > otra.hasta || otra.desde > una.hasta) continue;
      if (una.fin <= otra.inicio || otra.fin > una.inicio) una.empuja.add(otra); // behind it, or touching it
    }
  }
  return hoja;
}

function leerLinea(hoja, linea, pieza) {
  const { de, otro } = EJES[hoja.eje];
  const { waypoints } = linea;
  const duenas = [];
  waypoints.slice(1).forEach((q, i) => {
    const p = waypoints[i];
    if (p[otro] === q[otro] && p[de] !== q[de]) return;
    const nueva = pieza(Math.min(p[de], q[de]), Math.max(p[de], q[de]), Math.min(p[otro], q[otro]), Math.max(p[otro], q[otro]));
    if (duenas[i]) juntar(duenas[i], nueva);
    duenas[i] ??= nueva;
    duenas[i + 1] = nueva;
  });
  for (const [k, forma] of [[0, linea.source], [waypoints.length - 1, linea.target]]) {
    const [antes, despues] = hoja.extremos.get(forma) ?? [];
    const suya = antes === despues || waypoints[k][de] <= antes.fin + 1 ? antes : waypoints[k][de] >= despues.inicio - 1 ? despues : null;
    if (suya && duenas[k]) juntar(suya, duenas[k]);
    duenas[k] ??= suya ?? undefined;
  }
  hoja.puntos.set(linea, waypoints.map((p, k) => duenas[k] ?? pieza(p[de], p[de], p[otro], p[otro])));
  waypoints.slice(1).forEach((q, i) => {
    const p = waypoints[i];
    if (p[otro] !== q[otro] || p[de] === q[de]) return;
    const [antes, despues] = p[de] < q[de] ? [i, i + 1] : [i + 1, i];
    const [desde, hasta] = [antes, despues].map((k) => hoja.puntos.get(linea)[k]);
    hoja.tirantes.push({ linea, i, antes: desde, despues: hasta, inicio: waypoints[antes][de], fin: waypoints[despues][de], lugar: p[otro] });
  });
}

// The name of a shape goes with it; that of a line stays beside the piece of it that is nearest.
function atarNombre(hoja, nombre, suya) {
  const dueno = nombre.labelTarget;
  if (!dueno.waypoints) return juntar(suya, hoja.extremos.get(dueno)[0]);
  const { de, largo, otro, alto } = EJES[hoja.eje];
  const fuera = (v, a, b) => Math.max(a - v, 0, v - b);
  const medio = { [de]: nombre[de] + nombre[largo] / 2, [otro]: nombre[otro] + nombre[alto] / 2 };
  const lejos = dueno.waypoints.slice(1).map((q, i) => {
    const p = dueno.waypoints[i];
    return fuera(medio.x, Math.min(p.x, q.x), Math.max(p.x, q.x)) + fuera(medio.y, Math.min(p.y, q.y), Math.max(p.y, q.y));
  });
  const i = lejos.indexOf(Math.min(...lejos));
  const tirante = hoja.tirantes.find((t) => t.linea === dueno && t.i === i);
  if (!tirante) return juntar(suya, hoja.puntos.get(dueno)[i]);
  tirante.antes.empuja.add(suya);
  return suya.empuja.add(tirante.despues);
}

function juntar(una, otra) {
  una.empuja.add(otra);
  otra.empuja.add(una);
}

function abrir(flujo, forma, { p, q, i, eje }, hoja) {
  const { de, largo, otro, alto } = EJES[eje];
  const adelante = q[eje] > p[eje];
  const [queda, sigue] = adelante ? [i, i + 1] : [i + 1, i];
  const suyos = hoja.puntos.get(flujo);
  const [desde, hasta] = [p[otro] - forma[alto] / 2 - LADO, p[otro] + forma[alto] / 2 + LADO];
  const tirantes = hoja.tirantes.filter((t) => t.lugar > desde && t.lugar < hasta && !(t.linea === flujo && t.i === i));
  const movidas = new Set();
  let empujada = suyos[sigue];
  while (empujada) {
    empujar(empujada, movidas);
    if (movidas.has(suyos[queda])) return null;
    empujada = tirantes.find((t) => movidas.has(t.despues) && !movidas.has(t.antes))?.antes; // it would run through what is new
  }
  const alLado = [...hoja.piezas.filter((c) => c.desde < hasta && c.hasta > desde).map((c) => ({ ...c, movida: movidas.has(c) })), ...tirantes.map((t) => ({ ...t, movida: movidas.has(t.antes) }))];
  const inicio = Math.ceil(Math.max(flujo.waypoints[queda][de] + AIRE, ...alLado.filter((c) => !c.movida).map((c) => c.fin + LADO)));
  const limite = Math.min(flujo.waypoints[sigue][de] - AIRE, ...alLado.filter((c) => c.movida).map((c) => c.inicio - LADO));
  const abre = Math.max(0, Math.ceil(inicio + forma[largo] - limite));
  const lugar = (v, pieza) => (movidas.has(pieza) ? v + abre : v);
  const lugares = new Map();
  for (const [linea, piezas] of hoja.puntos) lugares.set(linea, linea.waypoints.map(({ x, y }, k) => ({ x, y, [de]: lugar(linea.waypoints[k][de], piezas[k]) })));
  for (const [e, [antes, despues]] of hoja.extremos) {
    const [comienza, termina] = [lugar(e[de], antes), lugar(e[de] + e[largo], despues)];
    lugares.set(e, { x: e.x, y: e.y, width: e.width, height: e.height, [de]: comienza, [largo]: termina - comienza });
  }
  const [entrada, salida] = adelante ? [inicio, inicio + forma[largo]] : [inicio + forma[largo], inicio];
  const puntos = lugares.get(flujo);
  return {
    lugares,
    centro: { [de]: inicio + forma[largo] / 2, [otro]: p[otro] },
    antes: [...puntos.slice(0, i + 1), { [de]: entrada, [otro]: p[otro] }],
    despues: [{ [de]: salida, [otro]: p[otro] }, ...puntos.slice(i + 1)],
  };
}

function empujar(primera, movidas) {
  const pendientes = [primera];
  while (pendientes.length) {
    const pieza = pendientes.pop();
    if (movidas.has(pieza)) continue;
    movidas.add(pieza);
    pendientes.push(...pieza.empuja);
  }
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
