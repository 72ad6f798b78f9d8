"""Sentences: events."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "timer_kind": marked(
        "«{expression}» no va en {element}: una duración se escribe PT5M, una fecha 2026-12-01 y una repetición R/P1M. Cambie «Cuándo» en el panel."
    ),
    "timer_value": marked(
        "El tiempo «{expression}» no sirve: {problem}. Escriba uno como PT5M o P5D, o una fecha como 2026-12-01."
    ),
    "start_missing": marked(
        "No tiene evento de inicio. Dibuje uno y conéctelo con lo primero que se hace."
    ),
    "start_ambiguous": marked(
        "Tiene varios inicios simples ({elements}): no se sabría por cuál empezar. Deje uno solo."
    ),
    "start_of_sub_process": marked(
        "Un subproceso empieza por un solo inicio simple, y un subproceso de evento por un solo inicio que dice su evento. Corrija el inicio."
    ),
    "end_missing": marked(
        "No tiene evento de fin. Dibuje uno y conéctelo con lo último que se hace."
    ),
    "event_multiple": marked(
        "Combina varios eventos a la vez ({kinds}) de una forma que aquí no se ejecuta. Dibuje un evento para cada uno."
    ),
    "event_undefined": marked(
        "El evento no dice qué espera. Elija su tipo: tiempo, mensaje, señal o condición, y en el borde de una actividad también error."
    ),
    "condition_of_event_empty": marked(
        "La condición que espera el evento está vacía. Escríbala en «Ocurre cuando» del panel."
    ),
    "event_kind": marked(
        "Un evento de {kind} no se ejecuta en este lugar ({element}). Elija otro tipo de evento."
    ),
    "cancel_uncaught": marked(
        "Cancela la transacción «{other}», que no tiene un evento de cancelación en su borde: el caso se detendría. Agréguelo."
    ),
    "cancel_outside_transaction": marked(
        "Un evento de cancelación solo va como fin dentro de una transacción o en su borde. Convierta el subproceso en transacción o cambie el tipo de evento."
    ),
    "reference_missing": marked(
        "No dice a qué {kind} se refiere. Escríbalo en «Mensaje», «Código del error» o «Código de la escalada» del panel; el de una señal, en la vista XML."
    ),
    "reference_unknown": marked(
        "Se refiere a «{reference}», que no existe en el archivo. Elija un elemento que exista o quite la referencia."
    ),
    "code_missing": marked(
        "Se refiere a «{reference}» ({kind}), que no tiene código o nombre. Escríbalo en «Código del error» o «Código de la escalada» del panel, por ejemplo ERR_CRM; el de una señal, en la vista XML."
    ),
    "code_open": marked(
        "Se refiere a «{reference}» ({kind}), que no tiene código: atrapa cualquiera que nadie más atrape. Si espera uno solo, escríbalo en «Código del error» o «Código de la escalada» del panel."
    ),
    "timer_repeats": marked(
        "«{expression}» se repite, y este evento espera una sola vez: las demás veces se perderían. Escriba la duración (como PT1H), o use un evento de borde que no interrumpa."
    ),
    "timer_missing": marked(
        "No dice cuándo. Escriba en «Tiempo» del panel uno como PT5M o P5D, o el nombre de una variable con una fecha."
    ),
    "schedule_rule": marked(
        "La regla de calendario no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado."
    ),
    "schedule_twice": marked(
        "Dice cuándo de dos maneras: en el evento de tiempo y en la programación del inicio. Deje una en el XML."
    ),
    "schedule_without_timer": marked(
        "Solo un inicio de tiempo lleva programación. Cambie el tipo del evento de inicio."
    ),
    "message_missing": marked(
        "No dice qué mensaje envía o espera. Escriba su nombre en «Mensaje» del panel."
    ),
    "message_unnamed": marked("El mensaje no tiene nombre. Escríbalo en «Mensaje» del panel."),
    "message_key_missing": marked(
        "El mensaje «{message}» no dice con qué variable se une al caso. Escríbala en «Variable que une los dos lados» del panel, por ejemplo caso_id."
    ),
    "signal_never_thrown": marked(
        "Espera la señal «{name}», que ningún proceso envía: el caso se detendría aquí. Envíela, o use un mensaje."
    ),
    "boundary_host_unknown": marked(
        "El evento de borde está pegado a «{element}», que no existe en este nivel. Péguelo a una tarea, una llamada o un subproceso de su nivel."
    ),
    "boundary_host_kind": marked(
        "Un evento de borde va sobre una tarea, una llamada o un subproceso que no sea de evento. Muévalo o quítelo."
    ),
    "boundary_must_interrupt": marked(
        'Un evento de borde de error, de cancelación o de compensación siempre interrumpe. Márquelo como que interrumpe (quite cancelActivity="false").'
    ),
    "boundary_ambiguous": marked(
        "Dos de sus eventos de borde esperan lo mismo («{code}»): no se sabría cuál sigue. Deje uno."
    ),
    "boundary_of_a_task": marked(
        "Una tarea no puede dar origen a un evento de borde de {kind}: nunca se activaría. Póngalo sobre un subproceso o una llamada."
    ),
    "link_target": marked(
        "El enlace «{name}» necesita una llegada del mismo nombre en su nivel, y solo una. Dibújela o corrija los nombres."
    ),
    "link_source": marked(
        "Ningún enlace de este nivel va a la llegada «{name}». Dibuje el enlace que sale o quite la llegada."
    ),
    "instantiate_incoming": marked(
        "Inicia el proceso (instantiate) y a la vez recibe un flujo. Quite el flujo o el atributo."
    ),
    "event_not_allowed": marked(
        "El estándar no permite un evento de {kind} en este lugar ({element}). Cambie el tipo de evento."
    ),
    "start_must_interrupt": marked(
        'Un inicio de error o de compensación siempre interrumpe. Quite isInterrupting="false".'
    ),
    "link_with_flow": marked(
        "De un enlace que sale no parte ningún flujo, y a uno que llega no entra ninguno. Quite el flujo o cambie el tipo de evento."
    ),
    "link_pair": marked(
        "El enlace nombra «{reference}», que no está al otro lado en el mismo nivel o no lo nombra a él. Una las dos puntas por su nombre."
    ),
    "cancel_twice": marked(
        "La transacción tiene varios eventos de borde de cancelación, y solo uno puede atenderla. Deje uno."
    ),
    "instantiate_nested": marked(
        "Dice que inicia el proceso (instantiate), pero está dentro de un subproceso. Póngalo en el proceso mismo o quite el atributo."
    ),
    "event_sub_process_twice": marked(
        "Espera lo mismo que «{other}» y los dos interrumpen: no se sabría cuál sigue. Deje uno, o cambie lo que espera."
    ),
}
