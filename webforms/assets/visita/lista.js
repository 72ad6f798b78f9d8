// The list of what is on this device, and what is decided there.
import { avisar } from "./avisos.js";
import { cerrada, todos } from "./cerrado.js";
import { dosVeces, hora, nodo, quien } from "./documento.js";

const { guardar } = Base;
export const lista = document.querySelector("[data-equipo]");
const ESTADOS = {
  borrador: ["borrador", _("Borrador")],
  lista: ["pausa", _("Por enviar")],
  "por-corregir": ["vencida", _("Falta corregir")],
  conflicto: ["por-vencer", _("Cambió allá")],
  rechazado: ["vencida", _("No se recibió")],
  ilegible: ["vencida", _("Este equipo ya no lo abre")],
};
let pintado = "";

export async function pintar() {
  if (!lista) return;
  const mios = (fila) => fila.quien === quien;
  const [borradores, cola, recibos] = (await Promise.all(["borrador", "cola", "recibo"].map(todos))).map((filas) => filas.filter(mios));
  const filas = [
    ...borradores.map((b) => ({ estado: "borrador", ...b })),
    ...cola.sort((una, otra) => una.cuando - otra.cuando),
    ...recibos.sort((uno, otro) => otro.cuando - uno.cuando),
  ];
  const huella = JSON.stringify(filas.map((f) => [f.item, f.llave, f.estado, f.cuando, f.recibo]));
  if (huella === pintado) return; // who reads or presses there is not interrupted
  pintado = huella;
  lista.closest("section").hidden = !filas.length;
  lista.replaceChildren(...filas.map((f) => (f.recibo ? filaRecibida(f) : filaGuardada(f))));
  const enEquipo = new Map(filas.map((f) => [f.item, f]));
  for (const fila of document.querySelectorAll("[data-fila]")) {
    const suya = enEquipo.get(fila.dataset.fila);
    const donde = fila.querySelector("[data-hecho]");
    donde.textContent = !suya ? "" : suya.recibo ? _("Enviado") : ESTADOS[suya.estado][1];
    for (const enlace of fila.querySelectorAll("a[data-lleva]")) enlace.hidden = Boolean(suya && (suya.recibo || suya.estado === "lista"));
  }
}

function celda(etiqueta, ...hijos) {
  const hecha = nodo("td", {}, ...hijos);
  hecha.dataset.l = etiqueta;
  hecha.setAttribute("role", "cell");
  return hecha;
}

function fila(titulo, cuando, ...estado) {
  const cabeza = nodo("th", { scope: "row", textContent: titulo });
  cabeza.setAttribute("role", "rowheader");
  const hecha = nodo("tr", {}, cabeza, celda(_("Guardado"), hora(cuando)), celda(_("Estado"), ...estado));
  hecha.setAttribute("role", "row");
  return hecha;
}

function marca(estado, texto) {
  const hecha = nodo("span", { className: "estado", textContent: texto });
  hecha.dataset.e = estado;
  return hecha;
}

function filaRecibida(r) {
  const dicho = `${_(" Recibo {r}, {m}.", { r: r.recibo, m: r.momento })} ${r.dicho ?? ""}`;
  return fila(r.titulo, r.cuando, marca("hecha", _("Enviado")), nodo("span", { className: "nota", textContent: dicho }));
}

function filaGuardada(envio) {
  const partes = [marca(...ESTADOS[envio.estado])];
  const abrirlo = nodo("a", { href: `/visita/${envio.item}`, className: "btn btn-sm btn-outline-secondary" });
  if (envio.estado === "borrador") partes.push(" ", Object.assign(abrirlo, { textContent: _("Seguir") }));
  if (envio.estado === "por-corregir" || envio.estado === "rechazado") {
    const dichos = envio.mensaje ? [envio.mensaje] : envio.errores.map(([, dicho]) => dicho);
    partes.push(nodo("p", { className: "error mb-1", textContent: dichos.join(". ") || _("El servidor no lo recibió.") }));
    partes.push(Object.assign(abrirlo, { textContent: _("Corregir") }));
  }
  if (envio.estado === "ilegible") {
    const borrar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Borrarlo") });
    dosVeces(borrar, _("Sí, borrar lo mío de este equipo"), async () => {
      await guardar([envio.de], (filas) => filas.delete(envio.de === "borrador" ? envio.item : envio.llave));
      await pintar();
    });
    partes.push(" ", borrar);
  }
  if (envio.estado === "conflicto") partes.push(...conflicto(envio, abrirlo));
  return fila(envio.titulo, envio.cuando, ...partes);
}

function dichos(titulo, pares) {
  const ficha = nodo("dl", { className: "ficha mb-2" });
  for (const [etiqueta, dicho] of pares) ficha.append(nodo("dt", { textContent: etiqueta }), nodo("dd", { textContent: dicho }));
  return nodo("div", {}, nodo("h3", { textContent: titulo }), ficha);
}

// Both sides are shown and nothing is written over: the person decides, and that is a sending of its own.
function conflicto(envio, abrirlo) {
  const { tipo, titulo, texto, cambios, sabe, otro, mio, borrador } = envio.conflicto;
  const partes = [nodo("p", { className: "mb-1" }, nodo("b", { textContent: `${titulo}.` }), ` ${texto ?? ""}`)];
  for (const c of cambios ?? []) {
    partes.push(nodo("p", { className: "mb-1", textContent: _("{campo}: el equipo mostraba «{antes}», el sistema dice ahora «{ahora}», usted respondió «{suyo}».", c) }));
  }
  if (otro) partes.push(nodo("div", { className: "lados" }, dichos(_("Allá"), otro), dichos(_("Lo suyo"), mio ?? [])));
  const mias = nodo("button", { type: "button", className: "btn btn-sm btn-primary", textContent: _("Enviar lo mío") });
  mias.addEventListener("click", async () => {
    mias.disabled = true;
    const base = { ...envio.base, ...(sabe && { _sabe: JSON.stringify(sabe) }), ...(borrador !== undefined && { _borrador: borrador }) };
    const otra = await cerrada("cola", { ...envio, llave: crypto.randomUUID(), base, estado: "lista", conflicto: null });
    await guardar(["cola"], (cola) => {
      cola.delete(envio.llave);
      return cola.put(otra);
    });
    await pintar();
    avisar("enviar");
  });
  const dejar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Dejar lo de allá y borrar lo mío") });
  dosVeces(dejar, _("Sí, borrar lo mío de este equipo"), async () => {
    await guardar(["cola"], (cola) => cola.delete(envio.llave));
    await pintar();
  });
  const botones = nodo("p", { className: "fila-flex mb-0" });
  if (tipo === "datos" || tipo === "borrador") botones.append(mias, Object.assign(abrirlo, { textContent: _("Corregir") }));
  else if (tipo === "version") botones.append(Object.assign(abrirlo, { textContent: _("Revisar") }));
  else botones.append(dejar);
  return [...partes, botones];
}
