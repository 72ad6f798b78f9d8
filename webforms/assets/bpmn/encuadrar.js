// Fits the drawing into its region and leaves room for the palette at the left.

const AIRE = 20;

export function encuadrar(canvas, { izquierda = 0, minimo = 0 } = {}) {
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  const ancho = outer.width - izquierda - 2 * AIRE;
  const alto = outer.height - 2 * AIRE;
  const escala = Math.max(minimo, Math.min(1.2, ancho / inner.width, alto / inner.height));
  const sobra = Math.max(0, ancho - inner.width * escala) / 2;
  canvas.viewbox({
    x: inner.x - (izquierda + AIRE + sobra) / escala,
    y: inner.y - AIRE / escala,
    width: outer.width / escala,
    height: outer.height / escala,
  });
}
