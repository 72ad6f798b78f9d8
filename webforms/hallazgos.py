"""Findings of the deployer in Spanish: what happens on which element, and how it is mended. Pure."""
# ruff: noqa: E501 - a sentence stands on one line, however long

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.errors import Finding

#: rule code → what happens, and what to do. `{name}` is a fact of the finding.
FRASES: Final[Mapping[str, str]] = {
    # the file
    "xml_too_large": "El archivo pesa más de 2 MB. Divídalo en varios procesos.",
    "xml_too_many": "El archivo tiene demasiados elementos. Divídalo en varios procesos.",
    "xml_too_deep": "El archivo tiene demasiados elementos unos dentro de otros. Aplane los subprocesos.",
    "xml_doctype": "El archivo trae una definición DTD o entidades, que no se aceptan por seguridad. Guárdelo de nuevo sin ellas desde su editor de BPMN.",
    "xml_not_well_formed": "El archivo no es XML válido: está cortado o tiene etiquetas sin cerrar. Expórtelo otra vez desde su editor.",
    "file_unknown": "El archivo no es BPMN ni DMN: su raíz es «{element}». Suba un archivo .bpmn o .dmn.",
    "schema": "La línea {line} no cumple el estándar BPMN 2.0. {problem} Corríjala en la vista XML.",
    "process_missing": "El archivo no contiene ningún proceso. Dibuje al menos uno con inicio y fin.",
    "process_not_executable": 'El proceso no está marcado como ejecutable. Ponga isExecutable="true" en el XML.',
    "process_too_large": "El proceso tiene más de {maximum} elementos, o más de {flows} flujos por elemento. Divídalo con llamadas a otros procesos.",
    "processes_too_many": "El archivo tiene más de {maximum} procesos. Divídalo en varios archivos.",
    "id_missing": "Un elemento «{element}» (línea {line}) no tiene identificador. Póngale uno que no se repita.",
    "id_duplicate": "El identificador «{id}» está repetido. Cambie uno de los dos.",
    "id_reserved": "El identificador «{id}» lo usa el sistema. Elija otro.",
    "foreign_extension": "Trae una extensión de otro programa («{element}»), que aquí no tiene efecto. Puede dejarla o quitarla en el XML.",
    "parser": "No se puede ejecutar tal como está dibujado: {problem}. Simplifique esta parte o pida ayuda al equipo técnico.",
    # flows and gateways
    "scope_empty": "No contiene ninguna actividad. Dibuje al menos un inicio, una tarea y un fin, o quítelo.",
    "flow_dangling": "El flujo no está conectado en un extremo. Conéctelo con un elemento o quítelo.",
    "flow_crosses": "El flujo va hasta «{other}», que está en otro nivel u otro participante. Únalos con un evento o un mensaje, o mueva el elemento.",
    "flow_end_kind": "Un flujo de secuencia no se conecta con {element}. Conéctelo con una tarea, un evento o una compuerta, o use una asociación.",
    "flow_missing": "Ningún flujo sale de aquí: el caso se detendría. Conéctelo con lo que sigue o quítelo.",
    "flow_into": "El flujo «{flow}» entra a un elemento que no recibe flujos. Conéctelo con otro.",
    "flow_out_of_end": "El flujo «{flow}» sale de un fin. Quítelo: después de un fin no sigue nada.",
    "flow_references": "Sus flujos de entrada o de salida no coinciden con los dibujados. Borre el flujo y vuelva a dibujarlo.",
    "unreachable": "Ningún camino llega hasta aquí. Conéctelo con lo anterior o quítelo.",
    "default_unknown": "Su salida por defecto («{flow}») no existe. Elija otra entre sus flujos.",
    "default_missing": "Si ninguna condición se cumple, el caso se detiene aquí. Marque una salida como salida por defecto.",
    "default_with_condition": "Es la salida por defecto y además tiene una condición. Quite la condición.",
    "condition_missing": "Esta salida de la compuerta no tiene condición. Escríbala o márquela como salida por defecto.",
    "condition_empty": "La condición está vacía. Escríbala o márquela como salida por defecto.",
    "condition_without_gateway": "El flujo tiene una condición, pero no sale de una compuerta. Ponga una compuerta exclusiva antes.",
    "gateway_takes_no_conditions": "Una compuerta de eventos no decide por condiciones, y un flujo suyo tiene una. Quite la condición o use una compuerta exclusiva.",
    "condition_without_effect": "Una compuerta paralela toma todas sus salidas: las condiciones no tienen efecto. Quítelas o use una compuerta inclusiva.",
    "event_gateway_alone": "Una compuerta de eventos necesita al menos dos salidas entre las que esperar. Agregue otra o use un evento intermedio.",
    "event_gateway_target": "Después de una compuerta de eventos solo van eventos intermedios o tareas de espera. Ponga uno de ellos aquí.",
    "join_deadlock": "La compuerta espera caminos que nunca llegan todos: el caso se detendría aquí. Únalos con una compuerta del mismo tipo que los separó.",
    # events
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
    "send_task_message_or_handler": "La tarea de envío necesita un mensaje o una acción, no ninguno ni los dos. Deje uno.",
    "boundary_host_unknown": "El evento de borde está pegado a un elemento que no existe. Péguelo a una tarea o a un subproceso.",
    "boundary_host_kind": "Un evento de borde va sobre una tarea, una llamada o un subproceso. Muévalo.",
    "boundary_must_interrupt": "Un error, una cancelación o una compensación siempre interrumpe. Marque el evento como que interrumpe.",
    "boundary_ambiguous": "Dos eventos de borde esperan lo mismo («{code}»). Deje uno.",
    "boundary_of_a_task": "Una tarea no puede dar origen a un evento de borde de {kind}: nunca se activaría. Póngalo sobre un subproceso o una llamada.",
    "link_target": "Un enlace «{name}» necesita exactamente una llegada con el mismo nombre. Revise los nombres.",
    "link_source": "A la llegada «{name}» no la usa ningún enlace. Revise los nombres.",
    "script_refused": "Las tareas de código no se aceptan. Use una tabla de decisión o una tarea automática.",
    "compensation_activity": "Deshace «{other}», que no está en este mismo nivel. Elija una actividad de este proceso o subproceso.",
    "compensation_boundary": "Una actividad de compensación no lleva eventos de borde. Quítelos, o póngala dentro de un subproceso.",
    "compensation_top": "Un subproceso de evento que deshace va dentro del subproceso que deshace, no en el proceso mismo. Muévalo.",
    "compensation_twice": "El subproceso «{other}» tiene dos subprocesos de evento que lo deshacen. Deje uno.",
    "compensation_scope": "Un subproceso de evento no puede deshacer lo que se hizo a su alrededor. Ponga la compensación en el proceso o subproceso mismo.",
    "quantity": "«{attribute}» dice «{value}»; debe ser un número entero de 1 a 100. Corríjalo o quítelo.",
    # what the standard says of references, expressions and texts
    "import_unknown": "Importa el archivo «{value}», que no está. Súbalo o quite la importación.",
    "import_unused": "Importa «{value}», que aquí no tiene efecto. Puede dejarlo o quitarlo en el XML.",
    "reference_kind": "Se refiere a «{reference}», que es {found}, y aquí va {wanted}. Elija uno así.",
    "event_definition_shared": "Usa la definición «{reference}», que pertenece a otro evento. Defínala aparte o dé a este evento la suya.",
    "mime_type": "El formato «{value}» no es un tipo MIME como text/plain. Corríjalo o quítelo.",
    "expression_empty": "Una expresión («{element}») está vacía. Escríbala o quite el elemento.",
    "expression_kind": "La expresión «{expression}» siempre da {given}, y aquí hace falta {wanted}. Corríjala; hay ejemplos en la guía de modelado.",
    "timer_kind": "«{expression}» no va en {element}: una duración se escribe PT5M, una fecha 2026-12-01 y una repetición R/P1M. Cambie el tipo de tiempo.",
    "timer_value": "El tiempo «{expression}» no sirve: {problem}. Escriba uno como PT5M o P5D, o una fecha como 2026-12-01.",
    # pools, message flows and choreographies
    "message_flow_end": "El flujo de mensaje llega a {element}, que no envía ni recibe mensajes. Conéctelo con un participante, una tarea o un evento.",
    "message_flow_source": "El flujo de mensaje sale de {element}, que solo recibe. Invierta el flujo o use un evento que envía.",
    "message_flow_target": "El flujo de mensaje entra a {element}, que solo envía. Invierta el flujo o use un evento que recibe.",
    "message_flow_event": "El flujo de mensaje «{flow}» toca un inicio o un fin que no es de mensaje. Márquelo como evento de mensaje o quite el flujo.",
    "message_flow_same_pool": "El flujo de mensaje une dos partes de un mismo participante. Use un flujo de secuencia, o separe los participantes.",
    "participant_multiplicity": "La cantidad de participantes va de «{minimum}» a «{maximum}»: el mínimo es 0 o más, y el máximo 1 o más y no menor que el mínimo. Corríjala.",
    "choreography_in_process": "Una actividad de coreografía no va dentro de un proceso. Cámbiela por una tarea.",
    "choreography_content": "Una coreografía solo lleva actividades de coreografía, eventos y compuertas, y esta tiene {element}. Quítela.",
    "choreography_reference": "Una coreografía o conversación global no puede referirse a otra coreografía. Quite la referencia.",
    "choreography_participants": "Una tarea de coreografía une a dos participantes, y uno de ellos la inicia. Revise los participantes.",
    "global_conversation_content": "Una conversación global no lleva nada adentro, y esta tiene {element}. Quítelo o dibuje una colaboración.",
    # data
    "data_collection": "«{element}» y el tipo de dato al que se refiere no coinciden en si son una lista. Iguale el atributo isCollection.",
    "data_in_sub_process": "Un subproceso no declara entradas ni salidas propias: usa los datos del proceso. Quite su ioSpecification.",
    "data_without_set": "El dato «{element}» no está en ningún conjunto de entradas o salidas. Agréguelo a uno.",
    "data_set_member": "El dato «{element}» es opcional en un conjunto al que no pertenece. Agréguelo también a ese conjunto.",
    "data_set_pair": "El conjunto «{element}» se refiere a «{other}», que no se refiere a él. Escriba la referencia en los dos.",
    "data_reference": "La asociación de datos usa «{reference}», que no es un dato. Conéctela con un objeto, una entrada o una salida de datos.",
    "data_direction": "La asociación de datos va al revés o toma «{reference}» de otro elemento. Lleve lo que entra a una entrada propia, y lo que sale desde una salida propia.",
    "data_transformation": "Las transformaciones y asignaciones de datos no se ejecutan. Quítelas y deje que una tarea automática dé el valor.",
    "data_sources": "La asociación de datos tiene varios orígenes. Deje uno.",
    "data_types": "Los datos «{element}» y «{other}» son de tipos distintos. Use el mismo tipo en los dos lados.",
    "message_data_number": "Una tarea de servicio, de envío o de espera declara un solo dato ({element}) y un solo conjunto. Deje uno.",
    "message_data_type": "El dato «{element}» no es del tipo de su mensaje. Use el mismo tipo en el dato y en el mensaje.",
    "event_data_number": "El evento debe declarar {number} datos, uno por cada definición que lleva datos. Agregue los que faltan o quite los que sobran.",
    "event_data_type": "Los datos del evento no son del tipo de lo que envía o espera, o van en otro orden. Corríjalos.",
    "call_data": "Los datos que entrega ({element}) no son los que declara «{process}», en número y tipo. Iguálelos.",
    "interface_unbound": "Ofrece la operación «{element}» y no dice con qué datos. Agregue un ioBinding para ella o quite la interfaz.",
    "loop_not_a_collection": "La repetición recorre «{element}», que no es una lista. Márquelo como lista (isCollection) o elija otro dato.",
    # the standard on flows, gateways, events and activities
    "condition_after_event": "Un flujo que sale de un evento no lleva condición. Ponga una compuerta exclusiva después del evento.",
    "gateway_alone": "La compuerta no separa ni une nada: tiene una entrada y una salida, o menos. Agregue un camino o quítela.",
    "gateway_direction": "La compuerta dice ser «{value}», pero tiene {incoming} entradas y {outgoing} salidas. Corrija gatewayDirection o los flujos.",
    "event_gateway_mixed": "Después de una compuerta de eventos no se mezclan eventos de mensaje y tareas de espera. Use solo unos u otras.",
    "event_gateway_parallel": "Solo una compuerta de eventos que inicia el proceso puede esperar a todos. Hágala exclusiva.",
    "instantiate_incoming": "Inicia el proceso (instantiate) y a la vez recibe un flujo. Quite el flujo o el atributo.",
    "event_not_allowed": "El estándar no permite un evento de {kind} en este lugar ({element}). Cambie el tipo de evento.",
    "start_must_interrupt": 'Un inicio de error o de compensación siempre interrumpe. Quite isInterrupting="false".',
    "link_with_flow": "Un enlace que sale no tiene flujo de salida, y uno que llega no tiene flujo de entrada. Quite el flujo o el enlace.",
    "link_pair": "El enlace nombra «{reference}», que no está al otro lado en el mismo nivel o no lo nombra a él. Una las dos puntas por su nombre.",
    "event_sub_process_flow": "A un subproceso de evento no entran ni salen flujos: empieza por su evento. Quite los flujos.",
    "ad_hoc_condition": "El subproceso ad hoc hace sus actividades en paralelo y no dice cuándo termina. Escriba su condición de terminación, o dibuje un subproceso común con las actividades en paralelo, que hace lo mismo.",
    "ad_hoc_shape": "Un subproceso ad hoc se ejecuta aquí con actividades sueltas o en fila, sin compuertas ni eventos. Use un subproceso común para este orden.",
    "multi_behaviour_interrupts": "Este evento de borde interrumpiría la repetición «{other}» cuando termina el primer elemento, y los demás no se harían. Márquelo como que no interrumpe.",
    "event_gateway_all": "Una compuerta que inicia el proceso cuando han llegado todos sus mensajes no se ejecuta aquí. Inicie con uno y espere los otros después.",
    "complex_activation": "La compuerta compleja une varios caminos y no dice cuándo sigue. Escriba su condición de activación, por ejemplo activationCount >= 2.",
    "complex_condition": "La compuerta compleja «{gateway}» decide dos veces: al activarse y al reiniciarse, y esta condición no dice en cuál. Use «{name}» en la condición, o ponga después una compuerta inclusiva.",
    "compensation_flow": "La compensación no lleva flujos de secuencia: se une con una asociación. Quite el flujo.",
    "compensation_alone": "La actividad de compensación no está unida a ningún evento de compensación. Únala con una asociación.",
    "compensation_handler": "El evento de compensación se une con una asociación a una sola actividad de compensación de su nivel. Dibuje esa asociación.",
    "quantity_below_one": "«{attribute}» dice «{value}» y no puede ser menor que 1. Corríjalo o quítelo.",
    "multi_behaviour_event": "La repetición con comportamiento «{value}» debe decir qué evento lanza. Agréguelo o use «All».",
    "multi_behaviour_complex": "Las definiciones complejas de la repetición van con el comportamiento «Complex» y solo con él; este es «{value}». Corríjalo.",
    "ad_hoc_empty": "El subproceso ad hoc no contiene ninguna actividad. Agregue al menos una.",
    "ad_hoc_event": "Un subproceso ad hoc no lleva {element}. Quítelo.",
    # tasks
    "handler_missing": "La tarea automática no dice qué hace. Elija una acción en el panel.",
    "handler_unknown": "La acción «{handler}» no existe. Elija una de la lista del panel.",
    "form_unknown": "El formulario «{form}» no existe. Elija uno de la lista, o declare campos.",
    "lane_missing": "La tarea no tiene quién la haga: no está en un carril con rol. Dibújela en un carril, o dé un rol al carril.",
    "lane_reference_unknown": "El carril nombra un elemento que no existe («{element}»). Quite esa referencia en el XML.",
    "lane_twice": "Está en dos carriles a la vez ({lanes}). Déjela en uno.",
    "table_missing": "No dice qué tabla de decisión usa. Elija una en el panel.",
    "table_unknown": "La tabla «{table}» no existe. Elija una de la lista o suba su archivo DMN.",
    "output_not_in_table": "La tabla «{table}» no entrega la variable «{name}». Agregue esa salida a la tabla o quítela de aquí.",
    "called_missing": "No dice qué proceso llama. Elija uno en el panel.",
    "called_unknown": "El proceso «{process}» no existe. Elija uno de la lista o suba su archivo.",
    "called_start": "El proceso «{process}» no tiene un inicio simple y no se puede llamar. Agréguele uno.",
    "call_cycle": "El proceso «{process}» se llama a sí mismo, en una vuelta sin fin. Quite esa llamada.",
    "separate_unknown": "«No puede ser la misma persona de» nombra una tarea que no existe («{element}»). Elija otra.",
    "field_duplicate": "El campo «{name}» está dos veces. Cambie el nombre de uno.",
    "field_name": "«{name}» no sirve como nombre de campo: está vacío o el sistema lo usa en todos los formularios. Elija otro, sin guion bajo al comienzo.",
    "field_decision_type": "El campo «{name}» es de texto largo o un archivo, y no puede decidir el camino. Quite la marca o cambie el tipo.",
    "field_pattern": "El patrón del campo «{name}» no se acepta: {problem}. Corríjalo o quítelo.",
    "field_options": "El campo «{field}» necesita opciones si es de lista, y solo entonces. Escriba las opciones o cambie el tipo.",
    "multi_behaviour": "La repetición con comportamiento «{value}» solo puede lanzar señales o escalamientos. Cambie el evento que lanza.",
    "multi_source": "La repetición debe decir cuántas veces o sobre qué lista, una de las dos cosas.",
    "multi_number": "El número de repeticiones «{value}» no sirve: debe ser entre 0 y {maximum}.",
    "multi_output": "La repetición entrega una lista, pero no dice de qué variable. Escríbalo en el XML.",
    "multi_item": "La variable de la repetición («{element}») no tiene nombre. Escríbalo en el XML.",
    "loop_without_end": "La repetición no dice cuándo termina. Escriba una condición o un máximo.",
    "loop_maximum": "El máximo de repeticiones «{value}» no es un número válido.",
    # variables and expressions
    "expression": "La expresión «{expression}» no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado.",
    "function_unknown": "La función «{function}» no existe. Use dias_habiles, len, min o max.",
    "variable_name": "«{name}» no sirve como nombre de variable. Use letras minúsculas, números y guion bajo.",
    "variable_unknown": "Nadie da valor a la variable «{name}». Revise el nombre, o agregue un campo o una variable antes.",
    "variable_not_decision": "«{name}» es un campo que no decide el camino. Marque «Decide el camino» en su campo, o use otra variable.",
    # decision tables
    "dmn_not_dmn": "El archivo no es una tabla de decisión DMN: su raíz es «{element}». Revise qué archivo subió.",
    "dmn_empty": "El archivo no contiene ninguna decisión. Agregue una tabla.",
    "dmn_not_a_table": "La decisión «{table}» no es una tabla. Conviértala en una tabla de decisión.",
    "dmn_hit_policy": "La tabla «{table}» usa la política {policy}. Elija UNIQUE, FIRST o COLLECT.",
    "dmn_aggregation": "La tabla «{table}» suma o cuenta resultados ({aggregation}), y eso no se acepta. Quite la agregación.",
    "dmn_id_missing": "Una decisión no tiene identificador. Póngale uno: con él la nombran los diagramas.",
    "dmn_outputs": "Las salidas de la tabla «{table}» deben tener nombre, y ninguno repetido ({outputs}).",
    "dmn_inputs": "La tabla «{table}» no tiene entradas. Agregue al menos una.",
    "dmn_rules": "La tabla «{table}» tiene {number} reglas; debe tener entre 1 y {maximum}.",
    "dmn_rule_size": "La regla {number} de «{table}» no tiene tantas celdas como columnas. Complétela.",
    "dmn_cell": 'La regla {number} de «{table}» tiene una celda que no se entiende: {problem}. Escriba -, "texto", > 5, [1..5] o not(…).',
    "dmn_no_else": "La tabla «{table}» toma la primera regla que coincide y no dice qué pasa si no coincide ninguna. Agregue una última regla solo con guiones.",
    "dmn_too_large_to_check": "La tabla «{table}» es demasiado grande para comprobar que no se contradice. Divídala en dos.",
    "dmn_overlap": "En la tabla «{table}» coinciden a la vez las reglas {rules}, por ejemplo con {example}. Haga que se excluyan, o cambie la política a FIRST.",
    "dmn_gap": "La tabla «{table}» no dice qué hacer con {example}. Agregue una regla para ese caso.",
    "dmn_rule_unused": "La regla {rule} de «{table}» nunca se aplica: otras anteriores la tapan. Quítela o cámbiela.",
    # our own vocabulary
    "v_element_unknown": "«v:{element}» no es parte del vocabulario de Ventanilla. Revise cómo se escribe.",
    "v_element_misplaced": "«v:{element}» no puede ir en este elemento; va en: {on}. Muévalo.",
    "v_element_repeated": "«v:{element}» está más de una vez. Deje uno.",
    "v_attribute_missing": "A «v:{element}» le falta «{attribute}». Escríbalo.",
    "v_attribute_unknown": "El atributo «v:{attribute}» no es parte del vocabulario de Ventanilla. Quítelo o revise cómo se escribe.",
    "v_content_unknown": "«v:{element}» no lleva nada adentro. Quite su contenido.",
    "v_value": "«{attribute}» dice «{value}», y eso no se acepta. Valores posibles: {allowed}.",
}  # fmt: skip

#: English texts of the parsers → Spanish, for the fact `problem`.
PROBLEMAS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(patron), frase)
    for patron, frase in (
        (r"the expression is empty", "está vacía"),
        (r"longer than (\d+) characters", r"tiene más de \1 letras"),
        (r"the character (.+) is not part of the language", r"el signo \1 no se usa"),
        (r"more than (\d+) parts", r"tiene más de \1 partes"),
        (r"more than (\d+) steps", r"necesita más de \1 pasos"),
        (r"(\w+) is not written like that", r"\1 no se escribe así"),
        (r"only named functions are called", "solo se usan las funciones con nombre"),
        (r"(\w+) is not a function", r"\1 no es una función"),
        (r"a text has no prefix", "los textos van entre comillas, sin letras delante"),
        (r"a number out of range", "un número es demasiado grande"),
        (r"a text longer than (\d+)", r"un texto tiene más de \1 letras"),
        (r"(\S+) is not a name", r"\1 no es un nombre"),
        (r"^ is not a value: write", "un resultado está vacío"),
        (r"(\S.*) is not a value: write", r"\1 no es un valor; escriba números, \"textos\", true, false o null"),
        (r"(.+) is an empty interval", r"el intervalo \1 está vacío"),
        (r"(.+) has no order", r"\1 no se puede comparar como mayor o menor"),
        (r"a cell longer than (\d+)", r"una celda tiene más de \1 letras"),
        (r"(\S+) is not a duration", r"\1 no es un tiempo como PT5M o P5D"),
        (r"(\S+) is not a date", r"\1 no es una fecha"),
        (r"(\S+) is (too long|longer than|out of range)", r"\1 es demasiado largo"),
        (r"(\w+) is one of (.+)", r"«\1» acepta uno de estos valores: \2"),
        (r"(\w+) goes with each=(\w+)", r"«\1» solo se usa con each=\2"),
        (r"each=(\w+) needs (\w+) or (\w+), one of the two", r"con each=\1 escriba «\2» o «\3», uno de los dos"),
        (r"each=(\w+) needs (\w+)", r"con each=\1 falta «\2»"),
        (r"shift has no effect on business days", "«shift» no tiene efecto sobre días hábiles"),
        (r"at is an hour", "«at» es una hora como 07:00"),
        (r"(\w+) is a number from (-?\d+) to (\d+)", r"«\1» es un número de \2 a \3"),
        (r"a start may repeat once a minute at most", "un inicio se repite como mucho una vez por minuto"),
        (r"(\S+) is not a date, a duration or a cycle", r"\1 no es una fecha, un tiempo ni una repetición"),
        (r"a cycle", "una repetición se escribe R/P1M o R3/2026-12-01T08:00:00Z/PT1H"),
        (r"(Call|Attribute|Subscript|Lambda|\w+) is not part of the language", "usa algo que no es parte del lenguaje"),
        (r"repeats a part that itself changes", "repite una parte que cambia de largo, y eso podría detener el sistema"),
        (r"too many ways to match", "hay demasiadas maneras de cumplirlo"),
        (r"looking around and named groups", "no se usan grupos especiales que empiezan por (?"),
        (r"referring back and other escapes", "no se usan referencias ni otros signos con barra invertida"),
        (r"a repeat without|a repeat of a repeat|a repeat is written", "una repetición (* + ? {2,5}) está mal escrita"),
        (r"a repeat of more than (\d+)", r"una repetición pasa de \1"),
        (r"a parenthesis|a class is not closed|parentheses inside", "los paréntesis o corchetes no están bien cerrados"),
        (r"not a regular expression", "no es una expresión regular"),
        (r"nested too deeply", "los datos están anidados demasiado"),
        (r"not an expression", "no es una expresión completa"),
        (r"Element '(?:{[^}]*})?(\w+)': This element is not expected", r"El elemento «\1» no va en ese lugar."),
        (r"Element '(?:{[^}]*})?(\w+)': Missing child element", r"Al elemento «\1» le falta contenido."),
        (r"Element '(?:{[^}]*})?(\w+)', attribute '(?:{[^}]*})?(\w+)'", r"El atributo «\2» de «\1» no es válido."),
        (r"Element '(?:{[^}]*})?(\w+)': The attribute '(\w+)' is required", r"A «\1» le falta el atributo «\2»."),
        (r"Element '(?:{[^}]*})?(\w+)'", r"El elemento «\1» no es válido."),
    )
)
CLASES: Final[Mapping[str, str]] = {
    "timerEventDefinition": "tiempo",
    "messageEventDefinition": "mensaje",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalada",
    "signalEventDefinition": "señal",
    "compensateEventDefinition": "compensación",
    "conditionalEventDefinition": "condición",
    "terminateEventDefinition": "terminación",
    "cancelEventDefinition": "cancelación",
    "linkEventDefinition": "enlace",
}
#: Elements of BPMN as a person calls them, for the facts that name a kind of element.
ELEMENTOS: Final[Mapping[str, str]] = {
    "startEvent": "un inicio",
    "endEvent": "un fin",
    "intermediateCatchEvent": "un evento intermedio que espera",
    "intermediateThrowEvent": "un evento intermedio que envía",
    "boundaryEvent": "un evento de borde",
    "exclusiveGateway": "una compuerta exclusiva",
    "parallelGateway": "una compuerta paralela",
    "inclusiveGateway": "una compuerta inclusiva",
    "complexGateway": "una compuerta compleja",
    "eventBasedGateway": "una compuerta de eventos",
    "task": "una tarea",
    "userTask": "una tarea de usuario",
    "manualTask": "una tarea manual",
    "serviceTask": "una tarea automática",
    "sendTask": "una tarea de envío",
    "receiveTask": "una tarea de espera",
    "scriptTask": "una tarea de código",
    "businessRuleTask": "una tarea de decisión",
    "callActivity": "una llamada a otro proceso",
    "subProcess": "un subproceso",
    "transaction": "una transacción",
    "adHocSubProcess": "un subproceso ad hoc",
    "process": "un proceso",
    "participant": "un participante",
    "lane": "un carril",
    "sequenceFlow": "un flujo de secuencia",
    "messageFlow": "un flujo de mensaje",
    "association": "una asociación",
    "group": "un grupo",
    "textAnnotation": "una anotación",
    "message": "un mensaje",
    "signal": "una señal",
    "escalation": "una escalada",
    "operation": "una operación",
    "interface": "una interfaz",
    "itemDefinition": "un tipo de dato",
    "dataObject": "un objeto de datos",
    "dataObjectReference": "una referencia a un objeto de datos",
    "dataStore": "un almacén de datos",
    "dataStoreReference": "una referencia a un almacén de datos",
    "dataInput": "una entrada de datos",
    "dataOutput": "una salida de datos",
    "inputSet": "un conjunto de entradas",
    "outputSet": "un conjunto de salidas",
    "property": "una propiedad",
    "conversation": "una conversación",
    "subConversation": "una subconversación",
    "callConversation": "una llamada a una conversación",
    "conversationLink": "un enlace de conversación",
    "choreographyTask": "una tarea de coreografía",
    "subChoreography": "una subcoreografía",
    "callChoreography": "una llamada a una coreografía",
    "definitions": "el archivo mismo",
    "linkEventDefinition": "un evento de enlace",
    "messageEventDefinition": "un evento de mensaje",
    "signalEventDefinition": "un evento de señal",
    "timerEventDefinition": "un evento de tiempo",
    "errorEventDefinition": "un evento de error",
    "resource": "un recurso",
    "category": "una categoría",
    "categoryValue": "un valor de categoría",
    "collaboration": "una colaboración",
    "choreography": "una coreografía",
    "timeDuration": "una duración",
    "timeDate": "una fecha",
    "timeCycle": "una repetición",
    "boolean": "sí o no (verdadero o falso)",
    "number": "un número",
    "text": "un texto",
    "list": "una lista",
    "none": "nada (None)",
    "never": "un error",
    "time": "un tiempo o una fecha",
}
#: Facts that are ids of the diagram: shown by the name that the analyst sees.
TIPOS: Final = frozenset({"element", "found", "wanted", "given"})
IDENTIFICADORES: Final = frozenset({"process", "reference", "flow", "gateway", "other", "elements", "lanes"})


class _Datos(dict[str, str]):
    """A fact that a finding does not carry reads as an ellipsis, never as an error."""

    def __missing__(self, clave: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """A finding as a person reads it."""

    archivo: str
    elemento: str | None
    nombre: str
    regla: str
    gravedad: str  # "error" impide poner en vigor; "aviso" no
    frase: str

    @property
    def linea(self) -> str:
        """One line for the command line and for lists: file, element, sentence, rule."""
        donde = f"{self.archivo}, «{self.nombre}»" if self.elemento else self.archivo
        return f"{donde}: {self.frase} [{self.regla}]"


def problema(texto: str) -> str:
    """The Spanish of a parser's complaint; in general words where it has none."""
    for patron, frase in PROBLEMAS:
        if encontrado := patron.search(texto):
            return encontrado.expand(frase).replace('\\"', '"')
    return "no tiene la forma esperada"


def frase(finding: Finding, nombres: Mapping[str, str] | None = None) -> str:
    conocidos = nombres or {}
    datos = _Datos(finding.params)
    if "problem" in datos:
        datos["problem"] = problema(datos["problem"])
    for clave in ("kind", "kinds"):
        if clave in datos:
            datos[clave] = ", ".join(CLASES.get(parte, CLASES.get(f"{parte}EventDefinition", parte)) for parte in datos[clave].split())
    for clave in TIPOS & datos.keys():
        datos[clave] = ", ".join(ELEMENTOS.get(parte) or conocidos.get(parte) or parte for parte in datos[clave].split(" "))
    for clave in IDENTIFICADORES & datos.keys():
        datos[clave] = ", ".join(conocidos.get(parte) or parte for parte in datos[clave].split())
    texto = FRASES.get(finding.rule)
    if texto is None:
        hechos = ", ".join(f"{clave}: {valor}" for clave, valor in finding.params.items())
        return f"No cumple la regla {finding.rule}{f' ({hechos})' if hechos else ''}. Consulte la guía de modelado."
    return texto.format_map(datos)


def hallazgo(finding: Finding, nombres: Mapping[str, str] | None = None) -> Hallazgo:
    """`nombres`: element id → the name on the diagram."""
    nombre = (nombres or {}).get(finding.element or "") or finding.element or "Todo el archivo"
    gravedad = "error" if finding.severity == "error" else "aviso"
    return Hallazgo(finding.file, finding.element, nombre, finding.rule, gravedad, frase(finding, nombres))


def hallazgos(findings: Iterable[Finding], nombres: Mapping[str, str] | None = None) -> list[Hallazgo]:
    """Errors first; each sentence once per element."""
    vistos = dict.fromkeys(hallazgo(finding, nombres) for finding in findings)
    return sorted(vistos, key=lambda h: (h.gravedad != "error", h.archivo))
