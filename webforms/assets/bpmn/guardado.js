// The draft on the server: saved by hand (Ctrl S), by itself after a pause, and before leaving for another page of the draft.

import { nodo } from "./dom.js";

const ESPERA = 4000; // ms after the last change

export class Guardado {
  constructor(modeler, { aviso, marca, enviar }) {
    Object.assign(this, { modeler, aviso, marca, enviar });
    this.sucio = false;
    this.enCurso = null;
    modeler.get("eventBus").on("commandStack.changed", () => this.#cambio());
    addEventListener("beforeunload", (evento) => this.sucio && evento.preventDefault());
  }

  #cambio() {
    this.sucio = true;
    this.#decir("sin-guardar", "Cambios sin guardar");
    clearTimeout(this.plazo);
    this.plazo = setTimeout(() => this.ahora(), ESPERA);
  }

  // One save at a time; what changed meanwhile is saved by the next.
  async ahora() {
    clearTimeout(this.plazo);
    await this.enCurso;
    this.enCurso = this.#guardar();
    return this.enCurso;
  }

  async #guardar() {
    this.#decir("sin-guardar", "Guardando…");
    const { xml } = await this.modeler.saveXML({ format: true });
    this.sucio = false;
    try {
      const { guardado } = await this.enviar(xml);
      if (!this.sucio) this.#decir("guardado", `Guardado a las ${guardado}`);
      this.marca?.replaceChildren(nodo("span", { class: "estado", "data-e": "borrador" }, this.marca.dataset.borrador));
      return true;
    } catch (error) {
      this.sucio = true;
      this.#decir("fallo", error.frase ?? "No se pudo guardar; lo que dibujó sigue en esta página. Inténtelo de nuevo.");
      return false;
    }
  }

  #decir(estado, frase) {
    this.aviso.dataset.estado = estado;
    this.aviso.textContent = frase;
  }
}
