// The draft on the server: saved by hand (Ctrl S), by itself after a pause, and before leaving for another page of the draft.

import { boton, nodo } from "./dom.js";

const ESPERA = 4000; // ms after the last change

export class Guardado {
  modeler; aviso; marca; negado; archivo; enviar; plazo;

  constructor(modeler, { aviso, marca, negado, archivo, enviar }) {
    Object.assign(this, { modeler, aviso, marca, negado, archivo, enviar });
    this.sucio = false;
    this.otro = null; // the stamp of what another tab saved: until a person says which of the two counts, nothing is saved by itself
    this.enCurso = null;
    modeler.get("eventBus").on("commandStack.changed", () => this.#cambio());
    addEventListener("beforeunload", (evento) => this.sucio && evento.preventDefault());
  }

  #cambio() {
    this.sucio = true;
    this.#decir("sin-guardar", _("Cambios sin guardar"));
    clearTimeout(this.plazo);
    if (this.otro === null) this.plazo = setTimeout(() => this.ahora({ pedido: false }), ESPERA);
  }

  // One save at a time; what changed meanwhile is saved by the next. `pedido`: by a person, who is led to what refuses it.
  async ahora({ pedido = true, encima = false } = {}) {
    clearTimeout(this.plazo);
    await this.enCurso;
    this.enCurso = this.#guardar(pedido, encima ? this.otro : null);
    return this.enCurso;
  }

  async #guardar(pedido, otro) {
    this.#decir("sin-guardar", _("Guardando…"));
    const { xml } = await this.modeler.saveXML({ format: true });
    this.sucio = false;
    try {
      const { guardado } = await this.enviar(xml, otro);
      if (!this.sucio) this.#decir("guardado", _("Guardado a las {h}", { h: guardado }));
      this.otro = null;
      this.negado.hidden = true;
      this.marca?.replaceChildren(nodo("span", { class: "estado", "data-e": "borrador" }, this.marca.dataset.borrador));
      return true;
    } catch (error) {
      this.sucio = true;
      this.otro = error.otro ?? null;
      this.#decir("fallo", _("No se guardó"));
      this.#negar(error.frase ?? _("No se pudo guardar; lo que dibujó sigue en esta página. Inténtelo de nuevo."), pedido);
      return false;
    }
  }

  // In sight wherever the page is scrolled to; who is typing meanwhile goes on typing.
  #negar(frase, pedido) {
    const salidas = [
      boton(_("Guardar lo de esta pestaña y reemplazar el otro"), () => this.ahora({ encima: true }), { clase: "btn-primary" }),
      boton(_("Bajar lo de esta pestaña"), () => this.#bajar()),
      boton(_("Seguir con el otro y dejar lo de esta pestaña"), () => location.reload()),
    ];
    this.negado.replaceChildren(
      nodo("h2", {}, _("No se guardó")),
      nodo("p", {}, frase),
      ...(this.otro === null ? [] : [nodo("p", { class: "fila-flex mt-2" }, ...salidas)]),
    );
    this.negado.hidden = false;
    if (pedido) this.negado.focus();
  }

  async #bajar() {
    const { xml } = await this.modeler.saveXML({ format: true });
    const enlace = nodo("a", { href: URL.createObjectURL(new Blob([xml], { type: "application/xml" })), download: this.archivo });
    enlace.click();
    setTimeout(() => URL.revokeObjectURL(enlace.href));
  }

  #decir(estado, frase) {
    this.aviso.dataset.estado = estado;
    this.aviso.textContent = frase;
  }
}
