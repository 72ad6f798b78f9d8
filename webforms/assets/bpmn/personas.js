// The canvas looks like the pages that only show it: what people do has a pale fill, and no name touches an icon.
import { apartarDeIcono } from "./rotulos.js";

const PERSONAS = new Set(["bpmn:UserTask", "bpmn:ManualTask"]);
const DESPUES = 100; // of being drawn

class Personas {
  static $inject = ["eventBus", "canvas", "elementRegistry"];

  constructor(eventBus, canvas, elementRegistry) {
    const vestir = (elemento) => {
      if (!elementRegistry.getGraphics(elemento)) return;
      if (PERSONAS.has(elemento.type)) canvas.addMarker(elemento, "humana");
      apartarDeIcono(elementRegistry, elemento);
    };
    eventBus.on("import.done", () => elementRegistry.forEach(vestir));
    eventBus.on(["shape.added", "shape.changed"], DESPUES, ({ element }) => vestir(element));
  }
}

export default { __init__: ["personas"], personas: ["type", Personas] };
