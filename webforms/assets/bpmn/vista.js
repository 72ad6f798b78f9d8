// What part of a drawing a viewer shows: the whole sheet where it can be read, else what matters on it, at a size that can.

const AIRE = 20;
const ALREDEDOR = 70; // of what matters: its neighbours are seen too
export const LEGIBLE = 0.8; // below this scale the labels cannot be read
const MAYOR = 1.2;

function escalaEntera({ inner, outer }) {
  return Math.min(MAYOR, (outer.width - 2 * AIRE) / inner.width, (outer.height - 2 * AIRE) / inner.height);
}

function mostrar(canvas, { x, y, escala }) {
  const { outer } = canvas.viewbox();
  canvas.viewbox({ x: x - outer.width / escala / 2, y: y - outer.height / escala / 2, width: outer.width / escala, height: outer.height / escala });
}

export function verTodo(canvas) {
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  mostrar(canvas, { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2, escala: Math.max(0.05, escalaEntera(canvas.viewbox())) });
}

function caja(elementos) {
  const x = Math.min(...elementos.map((e) => e.x)) - ALREDEDOR;
  const y = Math.min(...elementos.map((e) => e.y)) - ALREDEDOR;
  const derecha = Math.max(...elementos.map((e) => e.x + e.width)) + ALREDEDOR;
  const abajo = Math.max(...elementos.map((e) => e.y + e.height)) + ALREDEDOR;
  return { x, y, width: derecha - x, height: abajo - y };
}

// The centre of the window, moved so that no more of the empty paper beside the sheet is seen than needs be.
function dentro(centro, mitad, desde, largo) {
  if (2 * mitad >= largo + 2 * AIRE) return desde + largo / 2;
  return Math.max(desde - AIRE + mitad, Math.min(desde + largo + AIRE - mitad, centro));
}

// What matters at the middle; when it is more than the window holds at a legible size, the first of it.
export function verLoQueImporta(canvas, elementos) {
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  if (!elementos.length || escalaEntera(canvas.viewbox()) >= LEGIBLE) {
    verTodo(canvas);
    return;
  }
  const holgada = caja(elementos);
  const cabe = Math.min(outer.width / holgada.width, outer.height / holgada.height);
  const escala = Math.max(LEGIBLE, Math.min(1, cabe));
  const centro = cabe >= LEGIBLE ? holgada : caja([elementos[0]]);
  mostrar(canvas, {
    x: dentro(centro.x + centro.width / 2, outer.width / escala / 2, inner.x, inner.width),
    y: dentro(centro.y + centro.height / 2, outer.height / escala / 2, inner.y, inner.height),
    escala,
  });
}
