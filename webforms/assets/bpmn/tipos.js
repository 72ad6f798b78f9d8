// Spanish names of what is on the canvas.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { definicion } from "./extensiones.js";

const TIPOS = [
  ["bpmn:UserTask", "Tarea de usuario"],
  ["bpmn:ServiceTask", "Tarea automática"],
  ["bpmn:SendTask", "Tarea de envío"],
  ["bpmn:ReceiveTask", "Tarea de espera"],
  ["bpmn:BusinessRuleTask", "Tarea de tabla de decisión"],
  ["bpmn:ScriptTask", "Tarea de código"],
  ["bpmn:ManualTask", "Tarea manual"],
  ["bpmn:CallActivity", "Llamada a otro proceso"],
  ["bpmn:SubProcess", "Subproceso"],
  ["bpmn:Task", "Tarea sin tipo"],
  ["bpmn:ExclusiveGateway", "Compuerta exclusiva"],
  ["bpmn:InclusiveGateway", "Compuerta inclusiva"],
  ["bpmn:ParallelGateway", "Compuerta paralela"],
  ["bpmn:EventBasedGateway", "Compuerta de eventos"],
  ["bpmn:StartEvent", "Inicio"],
  ["bpmn:EndEvent", "Fin"],
  ["bpmn:BoundaryEvent", "Evento de borde"],
  ["bpmn:Event", "Evento"],
  ["bpmn:SequenceFlow", "Flujo"],
  ["bpmn:MessageFlow", "Flujo de mensaje"],
  ["bpmn:Lane", "Carril"],
  ["bpmn:Participant", "Participante"],
  ["bpmn:Collaboration", "Diagrama"],
  ["bpmn:Process", "Proceso"],
  ["bpmn:TextAnnotation", "Nota"],
  ["bpmn:Group", "Grupo"],
];

const CLASES = [
  ["bpmn:TimerEventDefinition", "de tiempo"],
  ["bpmn:MessageEventDefinition", "de mensaje"],
  ["bpmn:ErrorEventDefinition", "de error"],
  ["bpmn:EscalationEventDefinition", "de escalada"],
  ["bpmn:SignalEventDefinition", "de señal"],
  ["bpmn:ConditionalEventDefinition", "de condición"],
  ["bpmn:CompensateEventDefinition", "de compensación"],
  ["bpmn:LinkEventDefinition", "de enlace"],
  ["bpmn:CancelEventDefinition", "de cancelación"],
  ["bpmn:TerminateEventDefinition", "que termina todo"],
];

export function nombreDeTipo(elemento) {
  const [, nombre] = TIPOS.find(([tipo]) => is(elemento, tipo)) ?? [null, "Elemento"];
  const clase = is(elemento, "bpmn:Event") ? CLASES.find(([tipo]) => definicion(elemento, tipo)) : null;
  return clase ? `${nombre} ${clase[1]}` : nombre;
}

// With what the menu says apart: whether it waits or throws, and whether what was done goes on.
export function nombreEnElMenu(elemento) {
  const bo = getBusinessObject(elemento);
  const como = is(elemento, "bpmn:IntermediateCatchEvent") ? " (espera)" : is(elemento, "bpmn:IntermediateThrowEvent") && bo.eventDefinitions?.length ? " (lanza)" : "";
  const sigue = bo.cancelActivity === false || bo.isInterrupting === false ? " (no interrumpe)" : "";
  return `${nombreDeTipo(elemento)}${como}${sigue}`;
}
