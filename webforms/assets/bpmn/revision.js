// The findings of the server, on the canvas and in the table below it.
import { nodo } from "./dom.js";

const ESPERA = 900; // ms of quiet after a change before the file is checked again

export class Revision {
  modeler; caja; resumen; pedir; irA; plazo;

  constructor(modeler, { caja, resumen, pedir, irA }) {
    Object.assign(this, { modeler, caja, resumen, pedir, irA });
    this.vuelta = 0;
    modeler.get("eventBus").on("commandStack.changed", () => this.pronto());
  }

  // From here on what stands there is of before, and so is any answer that was asked for.
  pronto() {
    clearTimeout(this.plazo);
    this.vuelta += 1;
    this.#decir(_("Revisando…"), true);
    this.plazo = setTimeout(() => this.ahora(), ESPERA);
  }

  async ahora() {
    clearTimeout(this.plazo);
    const vuelta = (this.vuelta += 1);
    const { xml } = await this.modeler.saveXML({ format: true });
    let hallazgos;
    try {
      hallazgos = await this.pedir(xml);
    } catch {
      if (vuelta === this.vuelta) this.#decir(_("No se pudo revisar ahora; lo que dibujó sigue aquí."), false);
      return;
    }
    if (vuelta === this.vuelta) this.mostrar(hallazgos);
  }

  mostrar(hallazgos) {
    this.#limpiar();
    const errores = hallazgos.filter((h) => h.gravedad === "error").length;
    this.#decir(frase(errores, hallazgos.length - errores), false);
    this.caja.replaceChildren(...hallazgos.map((h, i) => this.#fila(h, i)));
    for (const [id, grave] of agrupar(hallazgos)) this.#senalar(id, grave);
    this.caja.dataset.estado = "listo";
  }

  #decir(frase, ocupada) {
    this.resumen.textContent = frase;
    for (const parte of [this.resumen, this.caja]) parte.setAttribute("aria-busy", String(ocupada));
  }

  #limpiar() {
    const canvas = this.modeler.get("canvas");
    this.modeler.get("overlays").remove({ type: "hallazgo" });
    for (const e of this.modeler.get("elementRegistry").getAll()) {
      for (const clase of ["problema", "advertido"]) if (canvas.hasMarker(e, clase)) canvas.removeMarker(e, clase);
    }
  }

  #senalar(id, grave) {
    const elemento = this.modeler.get("elementRegistry").get(id);
    if (!elemento || elemento === this.modeler.get("canvas").getRootElement()) return;
    this.modeler.get("canvas").addMarker(elemento, grave ? "problema" : "advertido");
    const nombre = grave ? _("Error: ver qué pasa") : _("Aviso: ver qué pasa");
    const html = nodo("button", { type: "button", class: `insignia${grave ? "" : " aviso-corto"}`, title: nombre, "aria-label": nombre, alclick: () => this.caja.querySelector(`[data-de="${CSS.escape(id)}"] button`)?.focus() }, "!");
    this.modeler.get("overlays").add(elemento, "hallazgo", { position: lugar(elemento), html });
  }

  #fila(hallazgo, i) {
    const grave = hallazgo.gravedad === "error";
    const elemento = hallazgo.elemento && this.modeler.get("elementRegistry").get(hallazgo.elemento);
    const ir = elemento ? nodo("button", { type: "button", class: "btn btn-sm btn-outline-secondary", alclick: () => this.irA(hallazgo) }, _("Ir al elemento"), nodo("span", { class: "visually-hidden" }, ` ${hallazgo.nombre}`)) : null;
    return nodo(
      "tr",
      { role: "row", "data-de": hallazgo.elemento ?? "", "data-regla": hallazgo.regla, id: `hallazgo-${i}` },
      nodo("td", { role: "cell" }, nodo("span", { class: "estado", "data-e": grave ? "vencida" : "por-vencer" }, grave ? _("Error") : _("Aviso"))),
      nodo("td", { role: "cell", "data-l": _("Elemento"), class: "fuerte" }, hallazgo.nombre),
      nodo("td", { role: "cell", "data-l": _("Qué pasa") }, hallazgo.frase),
      nodo("td", { role: "cell", class: "ir" }, ir),
    );
  }
}

function lugar(elemento) {
  if (!elemento.waypoints) return { top: -11, left: -9 };
  const [a, b] = [elemento.waypoints[0], elemento.waypoints[1]];
  const caja = { x: Math.min(...elemento.waypoints.map((p) => p.x)), y: Math.min(...elemento.waypoints.map((p) => p.y)) };
  return { left: (a.x + b.x) / 2 - caja.x - 10, top: (a.y + b.y) / 2 - caja.y - 10 };
}

function agrupar(hallazgos) {
  const porElemento = new Map();
  for (const h of hallazgos) if (h.elemento) porElemento.set(h.elemento, porElemento.get(h.elemento) || h.gravedad === "error");
  return porElemento;
}

function frase(errores, avisos) {
  if (!errores && !avisos) return _("Sin problemas: se puede poner en vigor.");
  if (!errores) return avisos === 1 ? _("1 aviso; se puede poner en vigor.") : _("{n} avisos; se puede poner en vigor.", { n: avisos });
  const impiden = errores === 1 ? _("1 error impide poner en vigor") : _("{n} errores impiden poner en vigor", { n: errores });
  return `${impiden}${avisos ? (avisos === 1 ? _("; 1 aviso no") : _("; {n} avisos no", { n: avisos })) : ""}.`;
}
