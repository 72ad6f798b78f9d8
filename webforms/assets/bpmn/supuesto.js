// The mark of what the procedure does not say: the values of the categories of the file, which no drawing sets (docs/decisions/editor-keeps.md).
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { casilla, nodo, texto } from "./dom.js";
import { raiz } from "./extensiones.js";

const ANUNCIO = "SUPUESTO";

export function seccionSupuesto(panel, elemento) {
  if (!is(elemento, "bpmn:FlowElement")) return null;
  const bo = getBusinessObject(elemento);
  const suyas = bo.categoryValueRef ?? [];
  const poner = (valores) => {
    panel.modeling.updateProperties(elemento, { categoryValueRef: valores.length ? valores : undefined });
    panel.repintar();
  };
  const casillas = valores(elemento).map((v) =>
    casilla({ etiqueta: v.value || v.id, valor: suyas.includes(v), clave: `supuesto-${v.id}`, cambia: (si) => poner(si ? [...suyas, v] : suyas.filter((s) => s !== v)) }),
  );
  const otro = texto({ etiqueta: _("Otro supuesto"), ayuda: _("Como está en la lista de supuestos, por ejemplo {s}.", { s: `${ANUNCIO} Q20` }), corta: true, clave: "supuesto-otro", cambia: (rotulo) => rotulo && panel.juntos(() => poner([...suyas, valorCon(panel, elemento, rotulo)])) });
  const marcas = suyas.map((v) => v.value || v.id).join(", ");
  return panel.plegable("supuesto", nodo("summary", {}, _("No lo dice el procedimiento: {m}", { m: marcas || _("sin marca") })), ...casillas, otro);
}

function valores(elemento) {
  return categorias(elemento).flatMap((categoria) => categoria.categoryValue ?? []);
}

function categorias(elemento) {
  return raiz(elemento).rootElements.filter((r) => r.$type === "bpmn:Category");
}

// The value that says this, made in the first category of the file if there is none.
function valorCon(panel, elemento, rotulo) {
  const existente = valores(elemento).find((v) => v.value === rotulo);
  if (existente) return existente;
  const crear = (tipo, atributos) => panel.moddle.create(tipo, { id: panel.moddle.ids.nextPrefixed(`${tipo.split(":")[1]}_`), ...atributos });
  const valor = crear("bpmn:CategoryValue", { value: rotulo });
  const [categoria] = categorias(elemento);
  if (categoria) {
    valor.$parent = categoria;
    panel.modeling.updateModdleProperties(elemento, categoria, { categoryValue: [...(categoria.categoryValue ?? []), valor] });
    return valor;
  }
  const nueva = crear("bpmn:Category", { categoryValue: [valor] });
  const definiciones = raiz(elemento);
  [valor.$parent, nueva.$parent] = [nueva, definiciones];
  panel.modeling.updateModdleProperties(elemento, definiciones, { rootElements: [...definiciones.rootElements, nueva] });
  return valor;
}
