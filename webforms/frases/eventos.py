"""Sentences: events."""
# ruff: noqa: E501 - a sentence stands on one line, however long

from collections.abc import Mapping
from typing import Final

FRASES: Final[Mapping[str, str]] = {
    "timer_kind": "«{expression}» no va en {element}: una duración se escribe PT5M, una fecha 2026-12-01 y una repetición R/P1M. Cambie el tipo de tiempo.",
    "timer_value": "El tiempo «{expression}» no sirve: {problem}. Escriba uno como PT5M o P5D, o una fecha como 2026-12-01.",
    "start_missing": "No tiene inicio. Dibuje uno.",
    "start_ambiguous": "Tiene varios inicios sin mensaje ({elements}). Deje uno solo.",
    "start_of_sub_process": "El inicio de un subproceso no puede esperar un evento. Use un inicio simple.",
    "end_missing": "No tiene fin. Dibuje uno.",
    "event_multiple": "Combina varios eventos a la vez ({kinds}) de una forma que aquí no se ejecuta. Dibuje un evento para cada uno.",
    "event_undefined": "El evento intermedio no dice qué espera. Elija si es de tiempo, de mensaje o de error.",
    "event_kind": "Un evento de este tipo ({kind}) no puede ir en este lugar. Cambie el tipo de evento.",
    "cancel_outside_transaction": "Un evento de cancelación solo va en una transacción. Cambie el tipo de evento.",
    "reference_missing": "No dice a qué se refiere ({kind}). Elija su código o su nombre en el panel.",
    "reference_unknown": "Se refiere a «{reference}», que no existe en el archivo. Elija uno que exista.",
    "code_missing": "Su código está vacío ({kind} «{reference}»). Escríbalo en el panel, por ejemplo ERR_CRM.",
    "timer_missing": "No dice cuándo. Escriba un tiempo como PT5M o P5D, o el nombre de una variable con una fecha.",
    "schedule_rule": "La regla de calendario no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado.",
    "schedule_twice": "Dice cuándo de dos maneras: en el evento de tiempo y en «v:schedule». Deje una.",
    "schedule_without_timer": "«v:schedule» va sobre un inicio de tiempo. Cambie el tipo del evento de inicio.",
    "message_missing": "No dice qué mensaje. Escriba su nombre en el panel.",
    "message_unnamed": "El mensaje no tiene nombre. Escríbalo en el panel.",
    "message_key_missing": "El mensaje «{message}» no dice con qué variable se une al caso. Escríbala en el panel, por ejemplo caso_id.",
    "signal_never_thrown": "Espera la señal «{name}», que ningún proceso envía: el caso se detendría aquí. Envíela, o use un mensaje.",
    "boundary_host_unknown": "El evento de borde está pegado a un elemento que no existe. Péguelo a una tarea o a un subproceso.",
    "boundary_host_kind": "Un evento de borde va sobre una tarea, una llamada o un subproceso. Muévalo.",
    "boundary_must_interrupt": "Un error, una cancelación o una compensación siempre interrumpe. Marque el evento como que interrumpe.",
    "boundary_ambiguous": "Dos eventos de borde esperan lo mismo («{code}»). Deje uno.",
    "boundary_of_a_task": "Una tarea no puede dar origen a un evento de borde de {kind}: nunca se activaría. Póngalo sobre un subproceso o una llamada.",
    "link_target": "Un enlace «{name}» necesita exactamente una llegada con el mismo nombre. Revise los nombres.",
    "link_source": "A la llegada «{name}» no la usa ningún enlace. Revise los nombres.",
    "instantiate_incoming": "Inicia el proceso (instantiate) y a la vez recibe un flujo. Quite el flujo o el atributo.",
    "event_not_allowed": "El estándar no permite un evento de {kind} en este lugar ({element}). Cambie el tipo de evento.",
    "start_must_interrupt": 'Un inicio de error o de compensación siempre interrumpe. Quite isInterrupting="false".',
    "link_with_flow": "Un enlace que sale no tiene flujo de salida, y uno que llega no tiene flujo de entrada. Quite el flujo o el enlace.",
    "link_pair": "El enlace nombra «{reference}», que no está al otro lado en el mismo nivel o no lo nombra a él. Una las dos puntas por su nombre.",
    "cancel_twice": "La transacción tiene varios eventos de borde de cancelación, y solo uno puede atenderla. Deje uno.",
    "instantiate_nested": "Dice que inicia el proceso (instantiate), pero está dentro de un subproceso. Póngalo en el proceso mismo o quite el atributo.",
    "event_sub_process_twice": "Espera lo mismo que «{other}» y los dos interrumpen: no se sabría cuál sigue. Deje uno, o cambie lo que espera.",
}
