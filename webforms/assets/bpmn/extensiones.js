// Reads and writes the v: elements of an element's extensionElements, each write one step of undo.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

const DE_PROCESO = new Set(["v:Process", "v:Variable", "v:Case"]);

export class Extensiones {
  constructor(modeler) {
    this.modeling = modeler.get("modeling");
    this.moddle = modeler.get("moddle");
  }

  todas(elemento, tipo) {
    const valores = portador(elemento, tipo).extensionElements?.values ?? [];
    return valores.filter((valor) => valor.$type === tipo);
  }

  una(elemento, tipo) {
    return this.todas(elemento, tipo)[0];
  }

  // Replaces the elements of one type; the others, of other vendors too, keep their place.
  poner(elemento, tipo, nuevas) {
    const bo = portador(elemento, tipo);
    const ext = bo.extensionElements;
    const valores = ext?.values ?? [];
    const primero = valores.findIndex((valor) => valor.$type === tipo);
    const lugar = primero < 0 ? valores.length : valores.slice(0, primero).filter((v) => v.$type !== tipo).length;
    const otras = valores.filter((valor) => valor.$type !== tipo);
    const juntas = [...otras.slice(0, lugar), ...nuevas, ...otras.slice(lugar)];
    if (ext && juntas.length) this.modeling.updateModdleProperties(elemento, ext, { values: this.#adoptar(juntas, ext) });
    else if (ext) this.modeling.updateModdleProperties(elemento, bo, { extensionElements: undefined });
    else if (juntas.length) this.#crear(elemento, bo, juntas);
  }

  #crear(elemento, bo, valores) {
    const ext = this.moddle.create("bpmn:ExtensionElements", { values: [] });
    ext.$parent = bo;
    ext.values = this.#adoptar(valores, ext);
    this.modeling.updateModdleProperties(elemento, bo, { extensionElements: ext });
  }

  #adoptar(valores, padre) {
    for (const valor of valores) valor.$parent = padre;
    return valores;
  }

  crear(tipo, atributos) {
    return this.moddle.create(tipo, limpios(atributos));
  }

  // One v: element of this type with these attributes; none when `principal` is empty.
  fijar(elemento, tipo, principal, atributos) {
    const vacio = !atributos[principal];
    const actual = this.una(elemento, tipo);
    if (vacio) {
      if (actual) this.poner(elemento, tipo, []);
    } else if (actual) {
      this.modeling.updateModdleProperties(elemento, actual, limpios(atributos));
    } else {
      this.poner(elemento, tipo, [this.crear(tipo, atributos)]);
    }
  }

  cambiar(elemento, valor, atributos) {
    this.modeling.updateModdleProperties(elemento, valor, limpios(atributos));
  }
}

// A process behind a participant has no shape of its own: its extensions are edited through the participant.
function portador(elemento, tipo) {
  const bo = getBusinessObject(elemento);
  return DE_PROCESO.has(tipo) && is(elemento, "bpmn:Participant") ? bo.processRef : bo;
}

function limpios(atributos) {
  return Object.fromEntries(Object.entries(atributos).map(([nombre, valor]) => [nombre, valor === "" || valor === false ? undefined : valor]));
}

export function definicion(elemento, tipo) {
  return getBusinessObject(elemento).eventDefinitions?.find((d) => d.$type === tipo);
}

export function esEventoDeMensaje(elemento) {
  return Boolean(definicion(elemento, "bpmn:MessageEventDefinition"));
}

export function lanza(elemento) {
  return is(elemento, "bpmn:ThrowEvent") || is(elemento, "bpmn:SendTask");
}

export function raiz(elemento) {
  let bo = getBusinessObject(elemento);
  while (bo.$parent) bo = bo.$parent;
  return bo;
}
