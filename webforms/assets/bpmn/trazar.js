// Where a new flow runs, so that nothing on the sheet collides (tools/layout/check.py): along right angles, around shapes, names and
// frames, on top of no other line, with as few bends and crossings as there can be.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";

const SALE = 15; // px that a line runs straight out of a shape, at least
const AIRE = 8; // px between a line and a shape or a frame that is not its own
const CANAL = 12; // px from a shape to where lines run around it
const CODO = 30; // what a bend costs, in px
const CRUCE = 120; // what a crossing costs
const LADOS = [{ x: 1, y: 0 }, { x: 0, y: 1 }, { x: -1, y: 0 }, { x: 0, y: -1 }];

// Points from one border to the other, or null where there is no such way.
export function trazar(origen, destino, dibujados) {
  const hoja = leer(origen, destino, dibujados);
  const salidas = muelles(origen, hoja).map((muelle) => ({ ...muelle, costo: 0 }));
  const llegadas = muelles(destino, hoja, true);
  return salidas.length && llegadas.length ? buscar(salidas, llegadas, hoja) : null;
}

function ancestros(e) {
  return e.parent ? [e.parent, ...ancestros(e.parent)] : [];
}

function dentro(caja, marco) {
  return caja.x >= marco.x && caja.y >= marco.y && caja.x + caja.width <= marco.x + marco.width && caja.y + caja.height <= marco.y + marco.height;
}

// What a line may not go through, on top of what it may not run, and what it may cross at a price.
function leer(origen, destino, dibujados) {
  const suyos = new Set([...ancestros(origen), ...ancestros(destino)]);
  const conEl = (marco) => [origen, destino].some((e) => dentro(e, marco));
  const cajas = [];
  for (const e of dibujados) {
    if (e.waypoints || !e.width || suyos.has(e) || (isAny(e, ["bpmn:Lane", "bpmn:Participant"]) && !e.labelTarget)) continue;
    if (is(e, "bpmn:Group") && !e.labelTarget && conEl(e)) continue;
    cajas.push(crecida(e, e.labelTarget ? 3 : AIRE));
  }
  const tramos = dibujados.filter((e) => e.waypoints).flatMap((e) => e.waypoints.slice(1).map((q, i) => ({ p: e.waypoints[i], q })));
  const marco = origen.parent?.width ? origen.parent : null;
  return { cajas, tramos, marco: marco && crecida(marco, -AIRE) };
}

function crecida({ x, y, width, height }, mas) {
  return { x: x - mas, y: y - mas, width: width + 2 * mas, height: height + 2 * mas };
}

// Where a line may leave or come: an activity anywhere but beside another line or an event of its border, others in the middle of a side
// that is free; several may come together there.
function muelles(e, hoja, llega = false) {
  const puntas = [...(e.outgoing ?? []).map((l) => l.waypoints[0]), ...(e.incoming ?? []).map((l) => l.waypoints.at(-1))];
  const bordes = (e.attachers ?? []).map((a) => ({ x: a.x + a.width / 2, y: a.y + a.height / 2 }));
  const fracciones = is(e, "bpmn:Activity") ? [0.5, 0.25, 0.75] : [0.5];
  return LADOS.flatMap((lado) => fracciones.map((f) => {
    const punto = lado.x ? redondo(lado.x > 0 ? e.x + e.width : e.x, e.y + e.height * f) : redondo(e.x + e.width * f, lado.y > 0 ? e.y + e.height : e.y);
    const ocupado = puntas.some((p) => Math.abs(p.x - punto.x) + Math.abs(p.y - punto.y) < 12);
    const borde = bordes.some((b) => Math.abs(b.x - punto.x) + Math.abs(b.y - punto.y) < 34);
    const fuera = { x: punto.x + lado.x * SALE, y: punto.y + lado.y * SALE };
    const propio = e.host && dentro({ ...fuera, width: 0, height: 0 }, e.host);
    const libre = !borde && !propio && (!ocupado || (llega && !is(e, "bpmn:Activity") && !(e.outgoing ?? []).some((l) => cerca(l.waypoints[0], punto))));
    const pasa = hoja.cajas.every((c) => !corta(c, mover(punto, lado, AIRE + 1), fuera)) && dentroDe(hoja, fuera);
    return libre && pasa ? { punto, fuera, lado, costo: (f === 0.5 ? 0 : 10) + (ocupado ? 40 : 0) } : null;
  })).filter(Boolean);
}

function redondo(x, y) {
  return { x: Math.round(x), y: Math.round(y) };
}

function cerca(p, q) {
  return Math.abs(p.x - q.x) + Math.abs(p.y - q.y) < 12;
}

function mover(p, lado, px) {
  return { x: p.x + lado.x * px, y: p.y + lado.y * px };
}

function dentroDe({ marco }, p) {
  return !marco || dentro({ ...p, width: 0, height: 0 }, marco);
}

function corta({ x, y, width, height }, p, q) {
  return Math.min(p.x, q.x) < x + width && Math.max(p.x, q.x) > x && Math.min(p.y, q.y) < y + height && Math.max(p.y, q.y) > y;
}

// The cheapest way on the grid of the places where lines run (Dijkstra; a state is a place and a direction).
function buscar(salidas, llegadas, hoja) {
  const [xs, ys] = ["x", "y"].map((eje) => {
    const largo = eje === "x" ? "width" : "height";
    const libres = hoja.cajas.flatMap((c) => [c[eje] - (CANAL - AIRE), c[eje] + c[largo] + (CANAL - AIRE)]);
    const todos = [...libres, ...[...salidas, ...llegadas].map(({ fuera }) => fuera[eje])].map(Math.round);
    return [...new Set(todos)].sort((a, b) => a - b);
  });
  const lugar = new Map([xs, ys].map((valores, i) => [i ? "y" : "x", new Map(valores.map((v, n) => [v, n]))]));
  const indice = ({ x, y }) => lugar.get("x").get(Math.round(x)) * ys.length + lugar.get("y").get(Math.round(y));
  const metas = new Map();
  for (const meta of llegadas) metas.set(indice(meta.fuera), [...(metas.get(indice(meta.fuera)) ?? []), meta]);
  const costos = new Map();
  const previos = new Map();
  const cola = new Cola();
  const ver = (clave, costo, previo, estado) => {
    if ((costos.get(clave) ?? Infinity) <= costo) return;
    costos.set(clave, costo);
    previos.set(clave, previo);
    cola.poner(costo, { clave, ...estado });
  };
  const paso = pasos(xs, ys, hoja);
  for (const salida of salidas) {
    const n = indice(salida.fuera);
    ver(n * 4 + LADOS.indexOf(salida.lado), salida.costo, salida, { n, lado: LADOS.indexOf(salida.lado) });
  }
  while (cola.queda()) {
    const [costo, { clave, n, lado, fin }] = cola.sacar();
    if (costo > costos.get(clave)) continue;
    if (fin) return { waypoints: desandar(previos, clave, fin, xs, ys), costo };
    for (const meta of metas.get(n) ?? []) {
      const entra = LADOS.findIndex((l) => l.x === -meta.lado.x && l.y === -meta.lado.y);
      if (entra !== (lado + 2) % 4) ver(`fin ${meta.punto.x} ${meta.punto.y}`, costo + meta.costo + (entra === lado ? 0 : CODO), clave, { fin: meta });
    }
    for (const hacia of [lado, (lado + 1) % 4, (lado + 3) % 4]) {
      const ido = paso(n, hacia);
      if (ido) ver(ido.n * 4 + hacia, costo + ido.costo + (hacia === lado ? 0 : CODO), clave, { n: ido.n, lado: hacia });
    }
  }
  return null;
}

// From a place to its neighbour: what it costs, or null where something is in the way.
function pasos(xs, ys, hoja) {
  const punto = (n) => ({ x: xs[Math.floor(n / ys.length)], y: ys[n % ys.length] });
  return (n, hacia) => {
    const lado = LADOS[hacia];
    const [i, j] = [Math.floor(n / ys.length) + lado.x, (n % ys.length) + lado.y];
    if (i < 0 || j < 0 || i >= xs.length || j >= ys.length) return null;
    const otro = i * ys.length + j;
    const [p, q] = [punto(n), punto(otro)];
    if (!dentroDe(hoja, q) || hoja.cajas.some((c) => corta(c, p, q))) return null;
    const [eje, a] = lado.x ? ["x", "y"] : ["y", "x"];
    const [desde, hasta] = [Math.min(p[eje], q[eje]), Math.max(p[eje], q[eje])];
    let cruces = 0;
    for (const t of hoja.tramos) {
      const [menor, mayor] = [Math.min(t.p[eje], t.q[eje]), Math.max(t.p[eje], t.q[eje])];
      const [bajo, alto] = [Math.min(t.p[a], t.q[a]), Math.max(t.p[a], t.q[a])];
      if (bajo === alto && Math.abs(bajo - p[a]) < AIRE && menor < hasta && mayor > desde) return null; // on top of it
      if (menor === mayor && menor >= desde && menor < hasta && bajo <= p[a] && alto >= p[a]) cruces += 1;
    }
    return { n: otro, costo: hasta - desde + cruces * CRUCE };
  };
}

function desandar(previos, clave, fin, xs, ys) {
  const puntos = [fin.punto, fin.fuera];
  let actual = previos.get(clave);
  while (typeof actual === "number") {
    const n = Math.floor(actual / 4);
    puntos.push({ x: xs[Math.floor(n / ys.length)], y: ys[n % ys.length] });
    actual = previos.get(actual);
  }
  puntos.push(actual.punto);
  const distintos = puntos.reverse().filter((p, k, todos) => !k || p.x !== todos[k - 1].x || p.y !== todos[k - 1].y);
  return distintos.filter((p, k, todos) => {
    const [antes, despues] = [todos[k - 1], todos[k + 1]];
    if (!antes || !despues) return true;
    return !((antes.x === p.x && p.x === despues.x) || (antes.y === p.y && p.y === despues.y));
  });
}

// The cheapest first.
class Cola {
  constructor() {
    this.monton = [];
  }

  queda() {
    return this.monton.length;
  }

  poner(costo, que) {
    const m = this.monton;
    let i = m.push([costo, que]) - 1;
    for (let padre; i && m[(padre = (i - 1) >> 1)][0] > m[i][0]; i = padre) [m[i], m[padre]] = [m[padre], m[i]];
  }

  sacar() {
    const m = this.monton;
    const [primero, ultimo] = [m[0], m.pop()];
    if (!m.length) return primero;
    m[0] = ultimo;
    for (let i = 0; ; ) {
      const menor = [2 * i + 1, 2 * i + 2].filter((h) => h < m.length).sort((a, b) => m[a][0] - m[b][0])[0];
      if (menor === undefined || m[menor][0] >= m[i][0]) return primero;
      [m[i], m[menor]] = [m[menor], m[i]];
      i = menor;
    }
  }
}
