// Where a new shape stands on its flow. The sheet is cut across the flow where nothing stands, winding where it must; what lies behind the
// cut moves on, what it goes through (lines, lanes, frames) grows: so nothing meets, bends or crosses that did not before.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

const AIRE = 25; // px between what is new and what stands before and behind it, at least
const LADO = 10; // px to what runs beside it
const ESQUINA = 12; // px from the corner of an activity to where a line meets it
const CODO = 20; // px that a line steps aside, at least
const EJES = { x: { de: "x", largo: "width", otro: "y", alto: "height" }, y: { de: "y", largo: "height", otro: "x", alto: "width" } };

export function foto(elementos) {
  return new Map(elementos.map((e) => [e, e.waypoints ? e.waypoints.map(({ x, y }) => ({ x, y })) : { x: e.x, y: e.y, width: e.width, height: e.height }]));
}

// What is pushed pushes what stands behind it at its height, and so on: the cut winds between what stays and what moves. Where a line
// or a border runs too near for the new shape and can neither be pushed, the sheet is first opened between them, on one side or on
// both; where not even that can be, for both lines begin and end at the same shapes, what is new stands a little aside of its flow.
// Null only where the end of every straight piece of the flow pushes its beginning.
export function planear(flujo, forma, dibujados) {
  let hojas = [leer(dibujados, foto(dibujados))];
  const [primera] = hojas;
  for (const lados of [0, 1, 2]) {
    if (lados) hojas = hojas.flatMap((hoja) => tramos(flujo, hoja).flatMap((tramo) => ensanchar(flujo, forma, tramo, hoja)));
    for (const hoja of hojas) {
      for (const tramo of tramos(flujo, hoja)) {
        const plan = abrir(flujo, forma, tramo, hoja, tramo.lugar);
        if (plan) return plan;
      }
    }
  }
  for (const tramo of tramos(flujo, primera)) {
    const plan = apartar(flujo, forma, tramo, primera);
    if (plan) return plan;
  }
  return null;
}

// The straight pieces, those along the sheet first, longest first.
function tramos(flujo, hoja) {
  const puntos = hoja.lugares.get(flujo);
  return puntos
    .slice(1)
    .map((q, i) => ({ p: puntos[i], q, i, eje: puntos[i].y === q.y ? "x" : "y", recto: puntos[i].y === q.y || puntos[i].x === q.x }))
    .filter(({ recto, p, q }) => recto && (p.x !== q.x || p.y !== q.y))
    .map((tramo) => ({ ...tramo, largo: Math.abs(tramo.q[tramo.eje] - tramo.p[tramo.eje]), lugar: tramo.p[EJES[tramo.eje].otro] }))
    .sort((a, b) => (a.eje === b.eje ? b.largo - a.largo : a.eje === "x" ? -1 : 1));
}

// The sheet with everything at these places, which need not be where it is drawn now.
function leer(dibujados, lugares) {
  return { dibujados, lugares, x: leerEje(dibujados, lugares, "x"), y: leerEje(dibujados, lugares, "y") };
}

// Along one axis: pieces that move as a whole (shapes, both ends of a frame, what of a line runs across), what each pushes, and what
// stretches between two of them.
function leerEje(dibujados, lugares, eje) {
  const { de, largo, otro, alto } = EJES[eje];
  const plano = { eje, lugares, piezas: [], extremos: new Map(), puntos: new Map(), tirantes: [] };
  const pieza = (inicio, fin, desde, hasta) => {
    const nueva = { inicio, fin, desde, hasta, empuja: new Set() };
    plano.piezas.push(nueva);
    return nueva;
  };
  const formas = dibujados.filter((e) => !e.waypoints && e.width !== undefined);
  const lineas = dibujados.filter((e) => e.waypoints);
  for (const e of formas) {
    const caja = lugares.get(e);
    const [inicio, fin, desde, hasta] = [caja[de], caja[de] + caja[largo], caja[otro], caja[otro] + caja[alto]];
    if (!esMarco(e)) {
      const entera = pieza(inicio, fin, desde, hasta);
      plano.extremos.set(e, [entera, entera]);
      continue;
    }
    const [antes, despues] = [pieza(inicio, inicio, desde, hasta), pieza(fin, fin, desde, hasta)];
    plano.extremos.set(e, [antes, despues]);
    [desde, hasta].forEach((lugar, i) => plano.tirantes.push({ de: e, i, antes, despues, inicio, fin, lugar }));
  }
  for (const linea of lineas) leerLinea(plano, linea, pieza);
  for (const e of formas.filter((f) => f.labelTarget)) atarNombre(plano, e, plano.extremos.get(e)[0]);
  const participantes = formas.filter((e) => is(e, "bpmn:Participant")).map((e) => plano.extremos.get(e)[1]);
  for (const una of participantes) for (const otra of participantes) if (una.fin === otra.fin) juntar(una, otra);
  for (const una of plano.piezas) {
    for (const otra of plano.piezas) {
      if (una === otra || una.desde > otra.hasta || otra.desde > una.hasta) continue;
      if (una.fin <= otra.inicio || otra.fin > una.inicio) una.empuja.add(otra); // behind it, or touching it
    }
  }
  return plano;
}

function esMarco(e) {
  return isAny(e, ["bpmn:Participant", "bpmn:Lane", "bpmn:Group"]) || (is(e, "bpmn:SubProcess") && e.children?.length > 0);
}

function leerLinea(plano, linea, pieza) {
  const { de, otro } = EJES[plano.eje];
  const waypoints = plano.lugares.get(linea);
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
    const [antes, despues] = plano.extremos.get(forma) ?? [];
    const suya = antes === despues || waypoints[k][de] <= antes.fin + 1 ? antes : waypoints[k][de] >= despues.inicio - 1 ? despues : null;
    if (suya && duenas[k]) juntar(suya, duenas[k]);
    duenas[k] ??= suya ?? undefined;
  }
  plano.puntos.set(linea, waypoints.map((p, k) => duenas[k] ?? pieza(p[de], p[de], p[otro], p[otro])));
  waypoints.slice(1).forEach((q, i) => {
    const p = waypoints[i];
    if (p[otro] !== q[otro] || p[de] === q[de]) return;
    const [antes, despues] = p[de] < q[de] ? [i, i + 1] : [i + 1, i];
    const [desde, hasta] = [antes, despues].map((k) => plano.puntos.get(linea)[k]);
    plano.tirantes.push({ de: linea, i, antes: desde, despues: hasta, inicio: waypoints[antes][de], fin: waypoints[despues][de], lugar: p[otro] });
  });
}

// The name of a shape goes with it, that of a frame with the end that it is written at; that of a line stays beside the piece of it
// that is nearest.
function atarNombre(plano, nombre, suya) {
  const dueno = nombre.labelTarget;
  const { de, largo, otro, alto } = EJES[plano.eje];
  const caja = plano.lugares.get(nombre);
  const medio = { [de]: caja[de] + caja[largo] / 2, [otro]: caja[otro] + caja[alto] / 2 };
  if (!dueno.waypoints) {
    const [antes, despues] = plano.extremos.get(dueno);
    return juntar(suya, medio[de] - antes.inicio <= despues.fin - medio[de] ? antes : despues);
  }
  const fuera = (v, a, b) => Math.max(a - v, 0, v - b);
  const puntos = plano.lugares.get(dueno);
  const lejos = puntos.slice(1).map((q, i) => {
    const p = puntos[i];
    return fuera(medio.x, Math.min(p.x, q.x), Math.max(p.x, q.x)) + fuera(medio.y, Math.min(p.y, q.y), Math.max(p.y, q.y));
  });
  const i = lejos.indexOf(Math.min(...lejos));
  const tirante = plano.tirantes.find((t) => t.de === dueno && t.i === i);
  if (!tirante) return juntar(suya, plano.puntos.get(dueno)[i]);
  tirante.antes.empuja.add(suya);
  return suya.empuja.add(tirante.despues);
}

function juntar(una, otra) {
  una.empuja.add(otra);
  otra.empuja.add(una);
}

function empujar(primeras, movidas = new Set()) {
  const pendientes = [...primeras];
  while (pendientes.length) {
    const pieza = pendientes.pop();
    if (movidas.has(pieza)) continue;
    movidas.add(pieza);
    pendientes.push(...pieza.empuja);
  }
  return movidas;
}

// Every place after what moves has moved.
function mover(plano, movidas, abre) {
  const { de, largo } = EJES[plano.eje];
  const lugar = (v, pieza) => (movidas.has(pieza) ? v + abre : v);
  const lugares = new Map();
  for (const [linea, piezas] of plano.puntos) lugares.set(linea, plano.lugares.get(linea).map((p, k) => ({ ...p, [de]: lugar(p[de], piezas[k]) })));
  for (const [e, [antes, despues]] of plano.extremos) {
    const caja = plano.lugares.get(e);
    const [comienza, termina] = [lugar(caja[de], antes), lugar(caja[de] + caja[largo], despues)];
    lugares.set(e, { ...caja, [de]: comienza, [largo]: termina - comienza });
  }
  return lugares;
}

// Which end of a straight piece stays, and which one moves on.
function puntas({ p, q, i, eje }) {
  return q[eje] > p[eje] ? [i, i + 1] : [i + 1, i];
}

// With the middle of the new shape at this height; beside its flow it is met off its middle, or, where it has tips, by a line that
// steps aside.
function abrir(flujo, forma, tramo, hoja, centro) {
  const { i, eje, lugar } = tramo;
  const { de, largo, otro, alto } = EJES[eje];
  const plano = hoja[eje];
  const [queda, sigue] = puntas(tramo);
  const suyos = plano.puntos.get(flujo);
  const codo = centro !== lugar && !(is(forma, "bpmn:Activity") && Math.abs(centro - lugar) <= forma[alto] / 2 - ESQUINA);
  const [desde, hasta] = [Math.min(centro - forma[alto] / 2 - LADO, lugar), Math.max(centro + forma[alto] / 2 + LADO, lugar)];
  const tirantes = plano.tirantes.filter((t) => t.lugar > desde && t.lugar < hasta && !(t.de === flujo && t.i === i));
  const movidas = new Set();
  let empujada = suyos[sigue];
  while (empujada) {
    empujar([empujada], movidas);
    if (movidas.has(suyos[queda])) return null;
    empujada = tirantes.find((t) => movidas.has(t.despues) && !movidas.has(t.antes))?.antes; // it would run through what is new
  }
  const alLado = [...plano.piezas.filter((c) => c.desde < hasta && c.hasta > desde).map((c) => ({ ...c, movida: movidas.has(c) })), ...tirantes.map((t) => ({ ...t, movida: movidas.has(t.antes) }))];
  const puntos = hoja.lugares.get(flujo);
  const inicio = Math.ceil(Math.max(puntos[queda][de] + AIRE, ...alLado.filter((c) => !c.movida).map((c) => c.fin + LADO)));
  const limite = Math.min(puntos[sigue][de] - AIRE, ...alLado.filter((c) => c.movida).map((c) => c.inicio - LADO));
  const comienza = codo ? inicio + AIRE : inicio;
  const fin = comienza + forma[largo];
  const lugares = mover(plano, movidas, Math.max(0, Math.ceil((codo ? fin + AIRE : fin) - limite)));
  const punto = (a, b) => ({ [de]: a, [otro]: b });
  const dobla = codo ? [[punto(inicio, lugar), punto(inicio, centro), punto(comienza, centro)], [punto(fin, centro), punto(fin + AIRE, centro), punto(fin + AIRE, lugar)]] : [[punto(comienza, lugar)], [punto(fin, lugar)]];
  const [entra, sale] = queda === i ? dobla : dobla.map((lado) => [...lado].reverse()).reverse();
  const abiertos = lugares.get(flujo);
  return { lugares, centro: punto(comienza + forma[largo] / 2, centro), antes: [...abiertos.slice(0, i + 1), ...entra], despues: [...sale, ...abiertos.slice(i + 1)] };
}

// What runs so near to this piece of the flow that it would have to be pushed, and would push its beginning.
function estorbos(flujo, forma, tramo, plano) {
  const { i, eje, lugar } = tramo;
  const medio = forma[EJES[eje].alto] / 2 + LADO;
  const [queda, sigue] = puntas(tramo).map((k) => plano.puntos.get(flujo)[k]);
  let movidas = empujar([sigue]);
  if (movidas.has(queda)) return null; // no room beside it would help
  const cerca = [];
  const tirantes = new Set(plano.tirantes.filter((t) => Math.abs(t.lugar - lugar) < medio && !(t.de === flujo && t.i === i)));
  for (let t; (t = [...tirantes].find(({ antes, despues }) => movidas.has(despues) && !movidas.has(antes))); tirantes.delete(t)) {
    const empujadas = empujar([t.antes], new Set(movidas));
    if (empujadas.has(queda)) cerca.push(t);
    else movidas = empujadas;
  }
  return { cerca, antes: cerca.filter((t) => t.lugar < lugar), despues: cerca.filter((t) => t.lugar > lugar), medio };
}

// The sheet opened across, between the flow and what runs too near on one side of it: each way that there is.
function ensanchar(flujo, forma, tramo, hoja) {
  const { otro } = EJES[tramo.eje];
  const cerca = estorbos(flujo, forma, tramo, hoja[tramo.eje]);
  if (!cerca) return [];
  const plano = hoja[otro];
  const piezas = (tirantes) => tirantes.map(({ de, i }) => (plano.puntos.get(de) ?? plano.extremos.get(de))[i]);
  const propia = plano.puntos.get(flujo)[tramo.i];
  const lados = [
    [[propia], piezas(cerca.antes), Math.max(...cerca.antes.map((t) => t.lugar)) + cerca.medio - tramo.lugar],
    [piezas(cerca.despues), [propia], tramo.lugar + cerca.medio - Math.min(...cerca.despues.map((t) => t.lugar))],
  ];
  return lados
    .filter(([mueve, queda]) => mueve.length && queda.length)
    .map(([mueve, queda, falta]) => ({ movidas: empujar(mueve), queda, falta: Math.ceil(falta) }))
    .filter(({ movidas, queda }) => !queda.some((pieza) => movidas.has(pieza)))
    .map(({ movidas, falta }) => leer(hoja.dibujados, mover(plano, movidas, falta)));
}

// Aside of the flow, away from what runs too near on one side of it.
function apartar(flujo, forma, tramo, hoja) {
  const cerca = estorbos(flujo, forma, tramo, hoja[tramo.eje]);
  if (!cerca || Boolean(cerca.antes.length) === Boolean(cerca.despues.length)) return null;
  const { lugar } = tramo;
  const medio = forma[EJES[tramo.eje].alto] / 2;
  const centro = cerca.antes.length ? Math.max(...cerca.antes.map((t) => t.lugar)) + cerca.medio : Math.min(...cerca.despues.map((t) => t.lugar)) - cerca.medio;
  const aparte = Math.sign(centro - lugar) * (is(forma, "bpmn:Activity") && Math.abs(centro - lugar) <= medio - ESQUINA ? Math.abs(centro - lugar) : Math.max(CODO, Math.abs(centro - lugar)));
  return abrir(flujo, forma, tramo, hoja, lugar + aparte);
}
