"""Sentences: data inputs, outputs and associations."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "data_collection": marked(
        "«{element}» y el tipo de dato al que se refiere no coinciden en si son una lista. Iguale el atributo isCollection."
    ),
    "data_in_sub_process": marked(
        "Un subproceso no declara entradas ni salidas propias: usa los datos del proceso. Quite su ioSpecification."
    ),
    "data_without_set": marked(
        "El dato «{element}» no está en ningún conjunto de entradas o salidas. Agréguelo a uno (inputSet u outputSet)."
    ),
    "data_set_member": marked(
        "El dato «{element}» es opcional en un conjunto al que no pertenece. Agréguelo también a ese conjunto."
    ),
    "data_set_pair": marked(
        "El conjunto «{element}» se refiere a «{other}», que no se refiere a él. Escriba la referencia en los dos."
    ),
    "data_reference": marked(
        "La asociación de datos usa «{reference}», que no es un dato. Conéctela con un objeto, una entrada o una salida de datos."
    ),
    "data_direction": marked(
        "La asociación de datos va al revés o toma «{reference}» de otro elemento. Lleve lo que entra a una entrada propia, y lo que sale desde una salida propia."
    ),
    "data_transformation": marked(
        "Las transformaciones y asignaciones de datos no se ejecutan. Quítelas y deje que una tarea automática dé el valor."
    ),
    "data_sources": marked("La asociación de datos tiene varios orígenes. Deje uno."),
    "data_types": marked(
        "Los datos «{element}» y «{other}» son de tipos distintos. Use el mismo tipo en los dos lados."
    ),
    "message_data_number": marked(
        "Una tarea de servicio, de envío o de espera declara {element} y un conjunto, no varios. Deje uno de cada uno."
    ),
    "message_data_type": marked(
        "El dato «{element}» no es del tipo de su mensaje. Use el mismo tipo en el dato y en el mensaje."
    ),
    "event_data_number": marked(
        "El evento debe declarar {number} datos, uno por cada definición que lleva datos. Agregue los que faltan o quite los que sobran."
    ),
    "event_data_type": marked(
        "Los datos del evento no son del tipo de lo que envía o espera, o van en otro orden. Corríjalos."
    ),
    "call_data": marked(
        "Los datos de la llamada ({element}) no coinciden, en número y tipo, con los que declara «{process}». Iguálelos en los dos lados."
    ),
    "interface_unbound": marked(
        "Ofrece la operación «{element}» y no dice con qué datos. Agregue un ioBinding para ella o quite la interfaz."
    ),
    "loop_not_a_collection": marked(
        "La repetición recorre «{element}», que no es una lista. Márquelo como lista (isCollection) o elija otro dato."
    ),
    "data_object_missing": marked(
        "La referencia no dice a qué objeto de datos se refiere. Elíjalo (dataObjectRef) o quite la referencia."
    ),
    "data_object_state": marked(
        "Un objeto de datos no tiene estado propio: lo tienen sus referencias. Pase el estado (dataState) a la referencia."
    ),
    "data_reference_item": marked(
        "Una referencia a un objeto de datos no tiene tipo propio: es el del objeto. Quite itemSubjectRef de la referencia y póngalo en el objeto."
    ),
    "data_out_of_scope": marked(
        "Usa el dato «{reference}», que desde aquí no se ve: está dentro de otro subproceso, de otro proceso o de otra actividad. Muévalo al nivel que los contiene a los dos."
    ),
    "data_set_foreign": marked(
        "Un conjunto nombra «{element}», que es un dato de otro elemento. Nombre solo datos declarados junto al conjunto."
    ),
    "interface_foreign": marked(
        "El ioBinding de «{element}» nombra una operación de una interfaz que no ofrece, o conjuntos de datos de otro elemento. Corrija sus referencias o quítelo."
    ),
    "message_operation": marked(
        "Usa el mensaje «{reference}», que no es de la operación «{element}». Elija un mensaje de esa operación o cambie la operación."
    ),
    "loop_direction": marked(
        "La repetición usa el dato «{reference}», que no es suyo o va al revés. Recorra una entrada de datos propia y entregue en una salida propia, o use un objeto de datos que se vea desde aquí."
    ),
}
