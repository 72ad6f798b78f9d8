"""Sentences: events."""
# ruff: noqa: E501 - a sentence stands on one line, however long

from collections.abc import Mapping
from typing import Final

FRASES: Final[Mapping[str, str]] = {
    "timer_kind": "«{expression}» no va en {element}: una duración se escribe PT5M, una fecha 2026-12-01 y una repetición R/P1M. Cambie el tipo de tiempo.",
    "timer_value": "El tiempo «{expression}» no sirve: {problem}. Escriba uno como PT5M o P5D, o una fecha como 2026-12-01.",
    "start_missing": "No tiene evento de inicio. Dibuje uno y conéctelo con lo primero que se hace.",
    "start_ambiguous": "Tiene varios inicios simples ({elements}): no se sabría por cuál empezar. Deje uno solo.",
    "start_of_sub_process": "Un subproceso empieza por un solo inicio simple, y un subproceso de evento por un solo inicio que dice su evento. Corrija el inicio.",
    "end_missing": "No tiene evento de fin. Dibuje uno y conéctelo con lo último que se hace.",
    "event_multiple": "Combina varios eventos a la vez ({kinds}) de una forma que aquí no se ejecuta. Dibuje un evento para cada uno.",
    "event_undefined": "El evento no dice qué espera. Elija su tipo: tiempo, mensaje, señal o condición, y en el borde de una actividad también error.",
    "event_kind": "Un evento de {kind} no se ejecuta en este lugar ({element}). Elija otro tipo de evento.",
    "cancel_outside_transaction": "Un evento de cancelación solo va como fin dentro de una transacción o en su borde. Convierta el subproceso en transacción o cambie el tipo de evento.",
    "reference_missing": "No dice a qué {kind} se refiere. Elija su nombre o su código en el panel.",
    "reference_unknown": "Se refiere a «{reference}», que no existe en el archivo. Elija un elemento que exista o quite la referencia.",
    "code_missing": "Se refiere a «{reference}» ({kind}), que no tiene código o nombre. Escríbalo en el panel, por ejemplo ERR_CRM.",
    "timer_missing": "No dice cuándo. Escriba un tiempo como PT5M o P5D, o el nombre de una variable con una fecha.",
    "schedule_rule": "La regla de calendario no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado.",
    "schedule_twice": "Dice cuándo de dos maneras: en el evento de tiempo y en «v:schedule». Deje una.",
    "schedule_without_timer": "«v:schedule» va sobre un inicio de tiempo. Cambie el tipo del evento de inicio.",
    "message_missing": "No dice qué mensaje envía o espera. Elíjalo o escriba su nombre en el panel.",
    "message_unnamed": "El mensaje no tiene nombre. Escríbalo en el panel.",
    "message_key_missing": "El mensaje «{message}» no dice con qué variable se une al caso. Escríbala en el panel, por ejemplo caso_id.",
    "signal_never_thrown": "Espera la señal «{name}», que ningún proceso envía: el caso se detendría aquí. Envíela, o use un mensaje.",
    "boundary_host_unknown": "El evento de borde está pegado a «{element}», que no existe en este nivel. Péguelo a una tarea, una llamada o un subproceso de su nivel.",
    "boundary_host_kind": "Un evento de borde va sobre una tarea, una llamada o un subproceso que no sea de evento. Muévalo o quítelo.",
    "boundary_must_interrupt": 'Un evento de borde de error, de cancelación o de compensación siempre interrumpe. Márquelo como que interrumpe (quite cancelActivity="false").',
    "boundary_ambiguous": "Dos de sus eventos de borde esperan lo mismo («{code}»): no se sabría cuál sigue. Deje uno.",
    "boundary_of_a_task": "Una tarea no puede dar origen a un evento de borde de {kind}: nunca se activaría. Póngalo sobre un subproceso o una llamada.",
    "link_target": "El enlace «{name}» necesita una llegada del mismo nombre en su nivel, y solo una. Dibújela o corrija los nombres.",
    "link_source": "Ningún enlace de este nivel va a la llegada «{name}». Dibuje el enlace que sale o quite la llegada.",
    "instantiate_incoming": "Inicia el proceso (instantiate) y a la vez recibe un flujo. Quite el flujo o el atributo.",
    "event_not_allowed": "El estándar no permite un evento de {kind} en este lugar ({element}). Cambie el tipo de evento.",
    "start_must_interrupt": 'Un inicio de error o de compensación siempre interrumpe. Quite isInterrupting="false".',
    "link_with_flow": "De un enlace que sale no parte ningún flujo, y a uno que llega no entra ninguno. Quite el flujo o cambie el tipo de evento.",
    "link_pair": "El enlace nombra «{reference}», que no está al otro lado en el mismo nivel o no lo nombra a él. Una las dos puntas por su nombre.",
    "cancel_twice": "La transacción tiene varios eventos de borde de cancelación, y solo uno puede atenderla. Deje uno.",
    "instantiate_nested": "Dice que inicia el proceso (instantiate), pero está dentro de un subproceso. Póngalo en el proceso mismo o quite el atributo.",
    "event_sub_process_twice": "Espera lo mismo que «{other}» y los dos interrumpen: no se sabría cuál sigue. Deje uno, o cambie lo que espera.",
}
