// The calendar rule of a timer start event: when instances start by themselves (docs/modelling.md, Calendar).
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { grupo, lista, texto } from "./dom.js";
import { definicion } from "./extensiones.js";

const CADA = [
  ["", _("Según el tiempo que se escribe")],
  ["business_day", _("Cada día hábil")],
  ["day", _("Todos los días")],
  ["week", _("Cada semana")],
  ["month", _("Cada mes")],
];
const DIAS = [
  ["monday", _("Lunes")], ["tuesday", _("Martes")], ["wednesday", _("Miércoles")], ["thursday", _("Jueves")],
  ["friday", _("Viernes")], ["saturday", _("Sábado")], ["sunday", _("Domingo")],
];
const SI_NO_ES_HABIL = [
  ["same", _("Ese mismo día")],
  ["next", _("El día hábil siguiente")],
  ["previous", _("El día hábil anterior")],
  ["skip", _("Esa vez no")],
];
const RECUPERA = [
  ["each", _("Las últimas diez, una por una")],
  ["last", _("Solo la última")],
];
// What each kind of rule begins with, so that it is complete at once.
const INICIAL = { business_day: {}, day: {}, week: { weekday: "monday" }, month: { day: "1" } };
const SIN_REGLA = { weekday: undefined, day: undefined, business_day: undefined, months: undefined, shift: undefined };

export function seccionCalendario(panel, elemento) {
  const reloj = definicion(elemento, "bpmn:TimerEventDefinition");
  const bo = getBusinessObject(elemento);
  if (!reloj || !is(elemento, "bpmn:StartEvent") || !is(bo.$parent, "bpmn:Process")) return null;
  const v = panel.ext.una(elemento, "v:Schedule");
  const fijar = (cambio) => panel.ext.fijar(elemento, "v:Schedule", "each", { ...atributos(v), ...cambio });
  const elegir = (each) => {
    panel.juntos(() => {
      if (each) panel.modeling.updateModdleProperties(elemento, reloj, { timeDuration: undefined, timeDate: undefined, timeCycle: undefined });
      fijar({ ...SIN_REGLA, ...INICIAL[each], each });
    });
    panel.repintar();
  };
  return grupo(
    _("Se inicia solo"),
    lista({ etiqueta: _("Cada cuánto"), ayuda: _("Mientras esta versión esté en vigor."), opciones: CADA, valor: v?.each ?? "", clave: "calendario", cambia: elegir }),
    ...(v ? regla(panel, v, fijar) : []),
  );
}

function regla(panel, v, fijar) {
  const habil = v.each === "business_day" || v.business_day;
  const clase = v.business_day ? "business_day" : "day";
  return [
    v.each === "week" ? lista({ etiqueta: _("Qué día"), opciones: DIAS, valor: v.weekday ?? "", clave: "calendario-dia-semana", cambia: (weekday) => fijar({ weekday }) }) : null,
    v.each === "month" ? lista({ etiqueta: _("Qué días cuenta"), opciones: [["day", _("Días del mes")], ["business_day", _("Días hábiles del mes")]], valor: clase, clave: "calendario-cuenta", cambia: (otra) => { fijar({ day: undefined, business_day: undefined, shift: undefined, [otra]: "1" }); panel.repintar(); } }) : null,
    v.each === "month" ? texto({ etiqueta: _("Número"), ayuda: clase === "day" ? _("De 1 a 31, o last para el último.") : _("De 1 a 20; -1 es el último."), corta: true, valor: v[clase], clave: "calendario-numero", cambia: (numero) => fijar({ [clase]: numero }) }) : null,
    v.each === "month" ? texto({ etiqueta: _("Solo en estos meses"), ayuda: _("Números separados por un espacio, por ejemplo 3 6 9 12. Vacío: todos."), corta: true, valor: v.months, clave: "calendario-meses", cambia: (months) => fijar({ months }) }) : null,
    texto({ etiqueta: _("A qué hora"), ayuda: _("Hora de la entidad, por ejemplo 07:00."), corta: true, valor: v.at ?? "07:00", clave: "calendario-hora", cambia: (at) => fijar({ at }) }),
    habil ? null : lista({ etiqueta: _("Si ese día no es hábil"), opciones: SI_NO_ES_HABIL, valor: v.shift ?? "same", clave: "calendario-habil", cambia: (shift) => fijar({ shift }) }),
    lista({ etiqueta: _("Después de una caída se inician"), opciones: RECUPERA, valor: v.missed ?? "each", clave: "calendario-recupera", cambia: (missed) => fijar({ missed }) }),
    texto({ etiqueta: _("Variable con la fecha programada"), ayuda: _("Una variable del proceso; recibe el momento programado. Puede quedar vacía."), corta: true, valor: v.variable, sugerencias: panel.variables(), clave: "calendario-variable", cambia: (variable) => fijar({ variable }) }),
  ];
}

function atributos(v) {
  if (!v) return {};
  return Object.fromEntries(["each", "at", "weekday", "day", "business_day", "months", "shift", "missed", "variable"].map((nombre) => [nombre, v[nombre]]));
}
