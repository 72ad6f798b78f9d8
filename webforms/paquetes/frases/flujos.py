"""Sentences: flows, gateways and reachability."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "scope_empty": marked(
        "No contiene ninguna actividad. Dibuje al menos un inicio, una tarea y un fin, o quítelo."
    ),
    "flow_dangling": marked(
        "El flujo no está conectado en un extremo. Conéctelo con un elemento o quítelo."
    ),
    "flow_crosses": marked(
        "El flujo va hasta «{other}», que está en otro nivel u otro participante. Únalos con un evento o un mensaje, o mueva el elemento."
    ),
    "flow_end_kind": marked(
        "Un flujo de secuencia no se conecta con {element}. Conéctelo con una tarea, un evento o una compuerta, o use una asociación."
    ),
    "intermediate_alone": marked(
        "Un evento intermedio está entre dos pasos: le falta el flujo que llega o el que sale. Conéctelo, o use un evento de inicio o de fin."
    ),
    "flow_missing": marked(
        "Ningún flujo sale de aquí: el caso se detendría. Conéctelo con lo que sigue o quítelo."
    ),
    "flow_ends_here": marked(
        "Ningún flujo sale de aquí: el camino termina aquí, como en un fin. Si algo sigue, conéctelo; si no, dibuje un fin para que se vea."
    ),
    "flow_into": marked(
        "El flujo «{flow}» entra a {element}, que no recibe flujos. Conéctelo con otro elemento o quítelo."
    ),
    "flow_out_of_end": marked(
        "El flujo «{flow}» sale de un fin. Quítelo: después de un fin no sigue nada."
    ),
    "flow_references": marked(
        "Su lista de flujos (incoming u outgoing) nombra un flujo que no llega a él o no sale de él. Borre ese flujo y vuelva a dibujarlo."
    ),
    "flow_list_short": marked(
        "Su lista de flujos ({element}) no los nombra todos. Cuentan los flujos dibujados; al guardar el diagrama en el editor se completa."
    ),
    "unreachable": marked("Ningún camino llega hasta aquí. Conéctelo con lo anterior o quítelo."),
    "default_unknown": marked(
        "Su salida por defecto («{flow}») no es uno de los flujos que salen de aquí. Elija otra o quite la marca."
    ),
    "default_missing": marked(
        "Si ninguna condición se cumple, el caso se detiene aquí. Elija un flujo que sale y marque «Es la salida por defecto» en el panel."
    ),
    "default_with_condition": marked(
        "Es la salida por defecto y además tiene una condición. Quite la condición."
    ),
    "condition_missing": marked(
        "Esta salida de la compuerta no tiene condición. Escríbala en «Condición» del panel, o marque ahí «Es la salida por defecto»."
    ),
    "condition_empty": marked(
        "La condición está vacía. Escríbala en «Condición» del panel, o marque ahí «Es la salida por defecto»."
    ),
    "condition_without_gateway": marked(
        "El flujo tiene una condición, pero no sale de una compuerta. Ponga una compuerta exclusiva antes."
    ),
    "gateway_takes_no_conditions": marked(
        "Una compuerta de eventos no decide por condiciones, y un flujo suyo tiene una. Quite la condición o use una compuerta exclusiva."
    ),
    "condition_without_effect": marked(
        "Una compuerta paralela toma todas sus salidas: las condiciones no tienen efecto. Quítelas o use una compuerta inclusiva."
    ),
    "event_gateway_alone": marked(
        "Una compuerta de eventos necesita al menos dos salidas entre las que esperar. Agregue otra o use un evento intermedio."
    ),
    "event_gateway_target": marked(
        "Después de una compuerta de eventos solo van esperas (de mensaje, tiempo, señal o condición, o tareas de espera), sin otra entrada ni eventos de borde. Cambie este elemento o quite lo que sobra."
    ),
    "join_deadlock": marked(
        "La compuerta espera caminos que nunca llegan todos: el caso se detendría aquí. Únalos con una compuerta del mismo tipo que los separó."
    ),
    "join_may_wait": marked(
        "Por algunos caminos la compuerta espera a otro que no llega, y el caso se detendría aquí. Revise qué caminos se unen."
    ),
    "written_beside": marked(
        "«{other}» puede correr al mismo tiempo y también da valor a «{name}»: queda el que se escriba después. Si no es lo que quiere, use dos variables."
    ),
    "read_beside": marked(
        "Lee «{name}», a la que «{other}» puede dar valor al mismo tiempo: vale lo que haya en ese momento. Si no es lo que quiere, ponga uno después del otro."
    ),
    "written_by_items": marked(
        "Cada repetición da valor a «{name}» y todas corren a la vez: queda la última. Para guardarlas todas, ponga una lista de salida."
    ),
    "condition_after_event": marked(
        "Un flujo que sale de un evento no lleva condición. Ponga una compuerta exclusiva después del evento."
    ),
    "gateway_alone": marked(
        "La compuerta no separa ni une nada: tiene una entrada y una salida, o menos. Agregue un camino o quítela."
    ),
    "gateway_direction": marked(
        "La compuerta dice ser «{value}», pero tiene {incoming} entradas y {outgoing} salidas. Corrija los flujos, o gatewayDirection en la vista XML."
    ),
    "event_gateway_mixed": marked(
        "Después de una compuerta de eventos no se mezclan eventos de mensaje y tareas de espera. Use solo unos u otras."
    ),
    "event_gateway_parallel": marked(
        "Solo una compuerta de eventos que inicia el proceso puede esperar a todos sus eventos. Hágala exclusiva en la vista XML (eventGatewayType)."
    ),
    "event_gateway_all": marked(
        "Una compuerta que inicia el proceso y espera todos sus eventos solo espera mensajes: cada uno dice por su variable a qué caso pertenece. Cambie los otros eventos."
    ),
    "complex_activation": marked(
        "La compuerta compleja une varios caminos y no dice cuándo sigue. Escriba su condición de activación en la vista XML (activationCondition), por ejemplo activationCount >= 2."
    ),
    "complex_condition": marked(
        "La compuerta compleja «{gateway}» decide dos veces: al activarse y al reiniciarse, y esta condición no dice en cuál. Use «{name}» en la condición, o ponga después una compuerta inclusiva."
    ),
    "flow_not_immediate": marked(
        'El flujo dice que entre sus dos extremos puede ocurrir algo que no está dibujado (isImmediate="false"), y eso no se ejecuta. Quite ese atributo en el XML.'
    ),
}
