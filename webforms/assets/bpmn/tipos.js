// Spanish names of what is on the canvas.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { definicion } from "./extensiones.js";

const TIPOS = [
  ["bpmn:UserTask", _("Tarea de usuario")],
  ["bpmn:ServiceTask", _("Tarea automática")],
  ["bpmn:SendTask", _("Tarea de envío")],
  ["bpmn:ReceiveTask", _("Tarea de espera")],
  ["bpmn:BusinessRuleTask", _("Tarea de tabla de decisión")],
  ["bpmn:ScriptTask", _("Tarea de código")],
  ["bpmn:ManualTask", _("Tarea manual")],
  ["bpmn:CallActivity", _("Llamada a otro proceso")],
  ["bpmn:SubProcess", _("Subproceso")],
  ["bpmn:Task", _("Tarea sin tipo")],
  ["bpmn:ExclusiveGateway", _("Compuerta exclusiva")],
  ["bpmn:InclusiveGateway", _("Compuerta inclusiva")],
  ["bpmn:ParallelGateway", _("Compuerta paralela")],
  ["bpmn:EventBasedGateway", _("Compuerta de eventos")],
  ["bpmn:StartEvent", _("Evento de inicio")],
  ["bpmn:EndEvent", _("Fin")],
  ["bpmn:BoundaryEvent", _("Evento de borde")],
  ["bpmn:Event", _("Evento")],
  ["bpmn:SequenceFlow", _("Flujo")],
  ["bpmn:MessageFlow", _("Flujo de mensaje")],
  ["bpmn:Lane", _("Carril")],
  ["bpmn:Participant", _("Participante")],
  ["bpmn:Collaboration", _("Diagrama")],
  ["bpmn:Process", _("Proceso")],
  ["bpmn:TextAnnotation", _("Nota")],
  ["bpmn:Group", _("Grupo")],
];

const CLASES = [
  ["bpmn:TimerEventDefinition", _("de tiempo")],
  ["bpmn:MessageEventDefinition", _("de mensaje")],
  ["bpmn:ErrorEventDefinition", _("de error")],
  ["bpmn:EscalationEventDefinition", _("de escalada")],
  ["bpmn:SignalEventDefinition", _("de señal")],
  ["bpmn:ConditionalEventDefinition", _("de condición")],
  ["bpmn:CompensateEventDefinition", _("de compensación")],
  ["bpmn:LinkEventDefinition", _("de enlace")],
  ["bpmn:CancelEventDefinition", _("de cancelación")],
  ["bpmn:TerminateEventDefinition", _("que termina todo")],
];

export function nombreDeTipo(elemento) {
  const [, nombre] = TIPOS.find(([tipo]) => is(elemento, tipo)) ?? [null, _("Elemento")];
  const clase = is(elemento, "bpmn:Event") ? CLASES.find(([tipo]) => definicion(elemento, tipo)) : null;
  return clase ? `${nombre} ${clase[1]}` : nombre;
}

// With what the menu says apart: whether it waits or throws, and whether what was done goes on.
export function nombreEnElMenu(elemento) {
  const bo = getBusinessObject(elemento);
  const como = is(elemento, "bpmn:IntermediateCatchEvent") ? _(" (espera)") : is(elemento, "bpmn:IntermediateThrowEvent") && bo.eventDefinitions?.length ? _(" (lanza)") : "";
  const sigue = bo.cancelActivity === false || bo.isInterrupting === false ? _(" (no interrumpe)") : "";
  return `${nombreDeTipo(elemento)}${como}${sigue}`;
}
