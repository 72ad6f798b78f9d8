"""Sentences: tasks, sub-processes, repetitions, compensation, lanes and fields."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "send_task_message_or_handler": marked(
        "La tarea de envío necesita un mensaje o una acción, y solo uno de los dos. Elija uno y quite el otro."
    ),
    "script_refused": marked(
        "Las tareas de código no se aceptan. Use una tabla de decisión o una tarea automática."
    ),
    "compensation_activity": marked(
        "Deshace «{other}», que no está en este mismo nivel. Elija una actividad de este proceso o subproceso."
    ),
    "compensation_boundary": marked(
        "Una actividad de compensación no lleva eventos de borde. Quítelos, o póngala dentro de un subproceso."
    ),
    "compensation_top": marked(
        "Un subproceso de evento que deshace va dentro del subproceso que deshace, no en el proceso mismo. Muévalo."
    ),
    "compensation_twice": marked(
        "«{other}» tiene más de una manera de deshacerse (eventos de borde de compensación o subprocesos de evento) y solo se haría una. Deje una; si debe hacer varias cosas, póngalas en un subproceso."
    ),
    "quantity": marked(
        "«{attribute}» dice «{value}»; debe ser un número entero de 1 a 100. Corríjalo o quítelo."
    ),
    "event_sub_process_flow": marked(
        "A un subproceso de evento no entran ni salen flujos: empieza por su evento. Quite los flujos."
    ),
    "ad_hoc_condition": marked(
        "El subproceso ad hoc hace sus actividades en paralelo y no dice cuándo termina. Escriba su condición de terminación en la vista XML (completionCondition), o dibuje un subproceso común con las actividades en paralelo, que hace lo mismo."
    ),
    "ad_hoc_shape": marked(
        "Un subproceso ad hoc se ejecuta aquí con actividades sueltas o en fila, sin compuertas ni eventos. Use un subproceso común para este orden."
    ),
    "multi_behaviour_interrupts": marked(
        'Este evento de borde interrumpe «{other}» con el primer elemento que lo lanza. Escriba cancelActivity="false" (se hacen todos) o "true" (gana el primero).'
    ),
    "compensation_flow": marked(
        "La compensación no lleva flujos de secuencia: se une con una asociación. Quite el flujo."
    ),
    "compensation_alone": marked(
        "La actividad de compensación no está unida a ningún evento de compensación. Únala con una asociación."
    ),
    "compensation_handler": marked(
        "El evento de compensación se une con una asociación a una sola actividad de compensación de su nivel. Dibuje esa asociación."
    ),
    "quantity_below_one": marked(
        "«{attribute}» dice «{value}» y no puede ser menor que 1. Corríjalo o quítelo."
    ),
    "multi_behaviour_event": marked(
        "La repetición con comportamiento «{value}» debe decir qué evento lanza. Agréguelo o use «All»."
    ),
    "multi_behaviour_complex": marked(
        "Las definiciones complejas de la repetición van con el comportamiento «Complex» y solo con él; este es «{value}». Corríjalo."
    ),
    "ad_hoc_empty": marked(
        "El subproceso ad hoc no contiene ninguna actividad. Agregue al menos una."
    ),
    "ad_hoc_event": marked(
        "Un subproceso ad hoc no lleva {element}: sus actividades no empiezan ni terminan en un punto fijo. Quítelo."
    ),
    "handler_missing": marked(
        "La tarea automática no dice qué hace. Elíjalo en «Qué hace» del panel."
    ),
    "handler_unknown": marked(
        "La acción «{handler}» no existe. Elija otra en «Qué hace» del panel."
    ),
    "input_missing": marked("Falta «{input}». Escríbalo en el panel, debajo de «Qué hace»."),
    "input_unknown": marked(
        "Lo que hace esta tarea no recibe «{input}». Quítelo, o elija otra acción en «Qué hace» del panel."
    ),
    "input_twice": marked("«{input}» está dos veces. Deje uno."),
    "input_way": marked(
        "«{input}» dice un valor y una expresión a la vez, o ninguno. Escriba uno de los dos, debajo de «Qué hace» del panel."
    ),
    "input_value": marked("«{input}» dice «{value}», que no se acepta. Se acepta: {allowed}."),
    "input_letter": marked(
        "«{input}» nombra «{value}», que no está en ningún paquete. Elija otra pieza, o agréguela al paquete."
    ),
    "input_name": marked(
        "«{input}» nombra «{name}», que no es un campo de ningún formulario ni una variable. Elija otro."
    ),
    "input_output": marked(
        "«{input}» nombra «{name}», que esta tarea no entrega. Agréguela a «Variables que entrega», o elija una de ellas."
    ),
    "input_ring": marked(
        "Los casos de «{process}» abren otra vez, ellos o los que siguen, casos del proceso de esta tarea, en una vuelta sin fin. Elija otro proceso."
    ),
    "input_word": marked(
        "La carta «{letter}» nombra «{name}», que no es un campo de ningún formulario, ni una variable, ni algo que se sepa de todo caso. Corríjala, o declare el campo."
    ),
    "form_unknown": marked(
        "El formulario «{form}» no existe. Elija otro en «Formulario» del panel, o declare campos."
    ),
    "task_unnamed": marked(
        "No tiene nombre ni campos: quien la reciba no sabría qué hacer. Escriba en el panel su «Nombre», y agregue los campos que haga falta llenar."
    ),
    "lane_missing": marked(
        "La tarea no tiene quién la haga: no está en un carril con rol. Dibújela en un carril, o elija el «Rol» del carril en el panel."
    ),
    "lane_reference_kind": marked(
        "El carril nombra «{reference}» ({found}), que no es una tarea, un evento ni una compuerta de este proceso. Quite esa referencia en el XML."
    ),
    "lane_reference_unknown": marked(
        "El carril nombra un elemento que ya no existe («{element}»). Quite esa referencia en el XML."
    ),
    "lane_role_code": marked(
        "El rol «{role}» no sirve de código: lleva letras sin tilde, números y guion bajo, empieza por una letra y cabe en 40 caracteres. Escríbalo así en «Rol» en el panel."
    ),
    "lane_scope_other": marked(
        "El rol «{role}» se da por «{wanted}», y este carril lo pide por «{scope}». Elija en «Dónde», en el panel, la misma lista, o use otro rol."
    ),
    "lane_scope_unknown": marked(
        "No hay una lista para «{scope}». Pida al administrador que la cree, o elija otra en «Dónde» en el panel."
    ),
    "lane_twice": marked("Está en dos carriles a la vez ({lanes}). Déjelo en uno solo."),
    "place_taken": marked(
        "La lista «{list}» trae el código «{place}», que aquí ya es de otra lista, de otro valor, de un punto o de un área. Escriba otro en el manifiesto."
    ),
    "table_missing": marked(
        "No dice qué tabla de decisión usa. Elíjala en «Tabla de decisión» del panel."
    ),
    "table_unknown": marked(
        "La tabla «{table}» no existe. Elija otra en «Tabla de decisión» del panel, o suba su archivo DMN."
    ),
    "output_not_in_table": marked(
        "La tabla «{table}» no entrega la variable «{name}». Agregue esa salida a la tabla o quítela de aquí."
    ),
    "called_missing": marked(
        "No dice qué proceso llama. Elíjalo en «Proceso que llama» del panel."
    ),
    "called_unknown": marked(
        "El proceso «{process}» no existe. Elija otro en «Proceso que llama» del panel, o suba su archivo."
    ),
    "called_start": marked(
        "El proceso «{process}» no tiene un inicio simple y no se puede llamar. Agréguele uno."
    ),
    "call_cycle": marked(
        "El proceso «{process}» se llama a sí mismo, en una vuelta sin fin. Quite esa llamada."
    ),
    "separate_unknown": marked(
        "«No puede ser la misma persona de» nombra una tarea que no existe («{element}»). Elija otra."
    ),
    "field_duplicate": marked("El campo «{name}» está dos veces. Cambie el nombre de uno."),
    "field_name": marked(
        "«{name}» no sirve como nombre de campo: está vacío o el sistema lo usa en todos los formularios. Elija otro, sin guion bajo al comienzo."
    ),
    "field_decision_type": marked(
        "El campo «{name}» es de texto largo o un archivo, y no puede decidir el camino. Quite la marca o cambie el tipo."
    ),
    "field_pattern": marked(
        "El patrón del campo «{name}» no se acepta: {problem}. Corríjalo o quítelo en la vista XML (pattern)."
    ),
    "field_options": marked(
        "El campo «{field}» necesita opciones si es de lista, y solo entonces. Escriba las opciones o cambie el tipo."
    ),
    "multi_behaviour": marked(
        "La repetición con comportamiento «{value}» solo puede lanzar señales o escaladas. Cambie el evento que lanza."
    ),
    "multi_source": marked(
        "La repetición debe decir cuántas veces se hace (loopCardinality) o qué lista recorre (loopDataInputRef). Escriba una de las dos cosas, y solo una."
    ),
    "multi_number": marked(
        "El número de repeticiones «{value}» no sirve. Escriba un número entero de 0 a {maximum}."
    ),
    "multi_output": marked(
        "La repetición dice a qué lista entrega o qué variable junta, pero no las dos cosas. Escriba ambas en el XML (loopDataOutputRef y outputDataItem) o quítelas."
    ),
    "multi_item": marked(
        "A {element} de la repetición le falta el nombre de su variable. Escríbalo en el XML (id)."
    ),
    "loop_without_end": marked(
        "La repetición no dice cuándo termina. Escriba una condición o un máximo de veces en la vista XML (loopCondition o loopMaximum)."
    ),
    "loop_maximum": marked(
        "El máximo de repeticiones «{value}» no sirve. Escriba un número entero desde 1."
    ),
    "event_sub_process_loop": marked(
        "Un subproceso de evento no lleva repetición: empieza cada vez que llega su evento. Quite la repetición, o póngala en una actividad de adentro."
    ),
    "case_number": marked(
        "El número del caso «{value}» no sirve. Empieza por letra mayúscula o cifra, lleva al menos una letra, y un solo consecutivo, que son ceros entre llaves; el año, si lo lleva, es aaaa entre llaves. Corríjalo en «Número del caso» del panel."
    ),
    "case_number_taken": marked(
        "Con «{value}» un caso podría recibir el mismo número que uno del proceso «{process}». Escriba otras letras en «Número del caso» del panel."
    ),
    "case_anonymous": marked(
        "El campo «{value}» no deja presentarlo sin nombre. Debe ser de sí o no, obligatorio y estar en el formulario de inicio junto al nombre o al documento; ninguno de ellos puede decidir el camino, y el correo no puede ser obligatorio."
    ),
    "case_called": marked(
        "Llama al proceso «{process}», que también abre casos: lo que se llama es parte del mismo caso. Quite el número de caso de uno de los dos."
    ),
    "start_misplaced": marked(
        "Solo un inicio simple del proceso lleva formulario de inicio y quién lo inicia. Quítelos de aquí, o cambie el tipo del evento."
    ),
    "start_nobody": marked(
        "Tiene un formulario de inicio y no dice quién puede iniciar. Marque en el panel al menos un rol, o «Cualquier persona, en línea»."
    ),
    "start_unfollowed": marked(
        "Cualquier persona lo inicia en línea, y el caso no guarda su documento: nadie podría consultarlo después. Diga en el proceso qué campo lleva el documento de la persona."
    ),
    "delivery_misplaced": marked(
        "Solo un evento que espera o recibe un mensaje dice quién lo entrega; a una tarea de espera que inicia el proceso la llama otro proceso. Quítelo de aquí, o cambie el tipo del evento."
    ),
    "delivery_nobody": marked(
        "Espera un mensaje con datos y no dice quién lo entrega. Marque en el panel al menos un rol, o «Un sistema, con firma»."
    ),
    "multi_behaviour_stray": marked(
        "Dice qué evento lanza ({attribute}), pero con el comportamiento «{value}» no lo lanza. Cambie el comportamiento o quite el atributo."
    ),
}
