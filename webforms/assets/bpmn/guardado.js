// The draft on the server: saved by hand (Ctrl S), by itself after a pause, and before leaving for another page of the draft.

const ESPERA = 4000; // ms after the last change

export class Guardado {
  constructor(modeler, { aviso, enviar }) {
    Object.assign(this, { modeler, aviso, enviar });
    this.sucio = false;
    this.enCurso = null;
    modeler.get("eventBus").on("commandStack.changed", () => this.#cambio());
    addEventListener("beforeunload", (evento) => this.sucio && evento.preventDefault());
  }

  #cambio() {
    this.sucio = true;
    this.aviso.textContent = "Cambios sin guardar";
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
    this.aviso.textContent = "Guardando…";
    const { xml } = await this.modeler.saveXML({ format: true });
    this.sucio = false;
    try {
      const { guardado } = await this.enviar(xml);
      if (!this.sucio) this.aviso.textContent = `Guardado a las ${guardado}`;
      return true;
    } catch (error) {
      this.sucio = true;
      this.aviso.textContent = error.frase ?? "No se pudo guardar; lo que dibujó sigue en esta página. Inténtelo de nuevo.";
      return false;
    }
  }
}
