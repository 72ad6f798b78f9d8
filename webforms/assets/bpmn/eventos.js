// Sections of the panel for events, messages, flows: what BPMN itself has no simple text for.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { casilla, lista, nodo, texto } from "./dom.js";
import { definicion, esEventoDeMensaje, lanza, raiz } from "./extensiones.js";

const RELOJES = [
  ["timeDuration", _("Después de un tiempo")],
  ["timeDate", _("En una fecha")],
  ["timeCycle", _("Cada cierto tiempo")],
];

function raices(elemento, tipo) {
  return raiz(elemento).rootElements.filter((r) => r.$type === tipo);
}

// The root element (message, error, escalation, signal) with this value, made in the same way if there is none.
function raizCon(panel, elemento, tipo, atributo, valor) {
  const existente = raices(elemento, tipo).find((r) => r[atributo] === valor);
  if (existente) return existente;
  const definiciones = raiz(elemento);
  const nueva = panel.moddle.create(tipo, { id: panel.moddle.ids.nextPrefixed(`${tipo.split(":")[1]}_`), name: valor, [atributo]: valor });
  nueva.$parent = definiciones;
  panel.modeling.updateModdleProperties(elemento, definiciones, { rootElements: [...definiciones.rootElements, nueva] });
  return nueva;
}

export function seccionReloj(panel, elemento) {
  const reloj = definicion(elemento, "bpmn:TimerEventDefinition");
  if (!reloj || panel.ext.una(elemento, "v:Schedule")) return null;
  const clase = RELOJES.map(([c]) => c).find((c) => reloj[c]) ?? "timeDuration";
  const fijar = (otra, body) => {
    const expresion = body ? panel.moddle.create("bpmn:FormalExpression", { body }) : undefined;
    if (expresion) expresion.$parent = reloj;
    panel.modeling.updateModdleProperties(elemento, reloj, { timeDuration: undefined, timeDate: undefined, timeCycle: undefined, [otra]: expresion });
  };
  const cuerpo = reloj[clase]?.body ?? "";
  return nodo(
    "div",
    {},
    lista({ etiqueta: _("Cuándo"), opciones: RELOJES, valor: clase, clave: "reloj-clase", cambia: (otra) => { fijar(otra, cuerpo || "PT1H"); panel.repintar(); } }),
    texto({ etiqueta: _("Tiempo"), ayuda: _("PT5M son 5 minutos, P5D 5 días, R/P1M cada mes. También el nombre de una variable con una fecha, sin comillas."), corta: true, valor: cuerpo, clave: "reloj-texto", cambia: (body) => fijar(clase, body) }),
  );
}

export function seccionMensaje(panel, elemento) {
  const tarea = is(elemento, "bpmn:SendTask") || is(elemento, "bpmn:ReceiveTask");
  if (!tarea && !esEventoDeMensaje(elemento)) return null;
  const portador = tarea ? getBusinessObject(elemento) : definicion(elemento, "bpmn:MessageEventDefinition");
  const v = panel.ext.una(elemento, "v:Message");
  const fijar = (cambio) => panel.ext.fijar(elemento, "v:Message", "key", { key: v?.key, payload: v?.payload, obligatory: v?.obligatory, ...cambio });
  return nodo(
    "div",
    {},
    texto({
      etiqueta: _("Mensaje"),
      ayuda: _("El mismo nombre en quien lo envía y en quien lo espera."),
      valor: portador.messageRef?.name ?? "",
      sugerencias: raices(elemento, "bpmn:Message").map((m) => m.name),
      clave: "mensaje",
      cambia: (nombre) => panel.juntos(() => panel.modeling.updateModdleProperties(elemento, portador, { messageRef: nombre ? raizCon(panel, elemento, "bpmn:Message", "name", nombre) : undefined })),
    }),
    texto({ etiqueta: _("Variable que une los dos lados"), ayuda: _("Por ejemplo caso_id: llega solo al caso con el mismo valor."), corta: true, valor: v?.key, sugerencias: panel.variables(), clave: "mensaje-clave", cambia: (key) => { fijar({ key }); panel.repintar(); } }),
    lanza(elemento) && v ? texto({ etiqueta: _("Variables que viajan"), ayuda: _("Separadas por un espacio."), corta: true, valor: v?.payload, clave: "mensaje-datos", cambia: (payload) => fijar({ payload: payload.replace(/[\s,]+/g, " ") }) }) : null,
    lanza(elemento) && v ? casilla({ etiqueta: _("Es un incidente si nadie lo espera"), valor: v?.obligatory, cambia: (obligatory) => fijar({ obligatory }) }) : null,
  );
}

function seccionCodigo(panel, elemento, { evento, referencia, tipo, codigo, etiqueta, ayuda }) {
  const def = definicion(elemento, evento);
  if (!def) return null;
  return texto({
    etiqueta,
    ayuda,
    corta: true,
    valor: def[referencia]?.[codigo] ?? "",
    sugerencias: raices(elemento, tipo).map((r) => r[codigo]),
    clave: "codigo",
    cambia: (valor) => panel.juntos(() => panel.modeling.updateModdleProperties(elemento, def, { [referencia]: valor ? raizCon(panel, elemento, tipo, codigo, valor) : undefined })),
  });
}

export function seccionError(panel, elemento) {
  return (
    seccionCodigo(panel, elemento, { evento: "bpmn:ErrorEventDefinition", referencia: "errorRef", tipo: "bpmn:Error", codigo: "errorCode", etiqueta: _("Código del error"), ayuda: _("El que da la tarea automática, por ejemplo ERR_CRM. Vacío: cualquiera.") }) ??
    seccionCodigo(panel, elemento, { evento: "bpmn:EscalationEventDefinition", referencia: "escalationRef", tipo: "bpmn:Escalation", codigo: "escalationCode", etiqueta: _("Código de la escalada"), ayuda: "" }) ??
    seccionCodigo(panel, elemento, { evento: "bpmn:SignalEventDefinition", referencia: "signalRef", tipo: "bpmn:Signal", codigo: "name", etiqueta: _("Señal"), ayuda: _("El mismo nombre en quien la lanza y en quienes la esperan.") })
  );
}

export function seccionCondicionDeEvento(panel, elemento) {
  const def = definicion(elemento, "bpmn:ConditionalEventDefinition");
  if (!def) return null;
  const fijar = (body) => {
    const condicion = panel.moddle.create("bpmn:FormalExpression", { body });
    condicion.$parent = def;
    panel.modeling.updateModdleProperties(elemento, def, { condition: condicion });
  };
  return nodo(
    "div",
    {},
    texto({ etiqueta: _("Ocurre cuando"), ayuda: _("Por ejemplo n_llamados >= 3"), corta: true, valor: def.condition?.body ?? "", clave: "condicion", cambia: fijar }),
    panel.listaDeVariables(),
  );
}

export function seccionEnlace(panel, elemento) {
  const def = definicion(elemento, "bpmn:LinkEventDefinition");
  if (!def) return null;
  return texto({ etiqueta: _("Nombre del enlace"), ayuda: _("El mismo en el evento que lanza y en el que espera: el caso sigue de uno al otro."), corta: true, valor: def.name ?? "", clave: "enlace", cambia: (name) => panel.modeling.updateModdleProperties(elemento, def, { name }) });
}

export function seccionFlujo(panel, flujo) {
  if (!is(flujo, "bpmn:SequenceFlow")) return null;
  const bo = getBusinessObject(flujo);
  const decide = is(flujo.source, "bpmn:ExclusiveGateway") || is(flujo.source, "bpmn:InclusiveGateway");
  if (!decide && !bo.conditionExpression) return null;
  const origen = getBusinessObject(flujo.source);
  const porDefecto = origen.default === bo;
  const fijar = (body) => {
    const expresion = body ? panel.moddle.create("bpmn:FormalExpression", { body }) : undefined;
    panel.modeling.updateProperties(flujo, { conditionExpression: expresion });
  };
  const marcar = (si) => {
    panel.juntos(() => {
      panel.modeling.updateProperties(flujo.source, { default: si ? bo : undefined });
      if (si) panel.modeling.updateProperties(flujo, { conditionExpression: undefined });
    });
    panel.repintar();
  };
  return nodo(
    "div",
    {},
    casilla({ etiqueta: _("Es la salida por defecto"), ayuda: _("La que se toma cuando ninguna otra condición se cumple."), valor: porDefecto, clave: "flujo-defecto", cambia: marcar }),
    porDefecto ? null : texto({ etiqueta: _("Condición"), ayuda: _("Por ejemplo titularidad == 'verificada' and n_llamados < 3"), corta: true, valor: bo.conditionExpression?.body ?? "", clave: "condicion", cambia: fijar }),
    porDefecto ? null : panel.listaDeVariables(),
  );
}
