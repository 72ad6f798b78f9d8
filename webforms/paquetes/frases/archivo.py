"""Sentences: the file as a whole, references and texts."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "xml_too_large": marked(
        "El archivo pesa más de 2 MB. Divídalo en varios archivos, con un proceso en cada uno."
    ),
    "xml_too_many": marked(
        "El archivo tiene demasiados elementos, o uno con demasiados atributos. Divídalo en varios archivos, con un proceso en cada uno."
    ),
    "xml_too_deep": marked(
        "El archivo tiene demasiados elementos unos dentro de otros. Aplane los subprocesos."
    ),
    "xml_doctype": marked(
        "El archivo trae una definición DTD o entidades, que no se aceptan por seguridad. Guárdelo de nuevo sin ellas desde su editor de BPMN."
    ),
    "xml_empty": marked(
        "El archivo está vacío. Expórtelo otra vez desde su editor y súbalo de nuevo."
    ),
    "xml_not_xml": marked(
        "El archivo no es un diagrama: parece un archivo comprimido, un documento, una imagen o un texto. Si está comprimido, descomprímalo; si no, exporte el diagrama como BPMN 2.0 (.bpmn) o la tabla como DMN (.dmn)."
    ),
    "xml_encoding": marked(
        "El archivo no está escrito en UTF-8, o su primera línea declara otra codificación. Expórtelo otra vez en UTF-8."
    ),
    "xml_not_well_formed": marked(
        "El archivo no es XML válido: está cortado o tiene etiquetas sin cerrar. Expórtelo otra vez desde su editor."
    ),
    "file_unknown": marked(
        "El archivo no es BPMN 2.0 ni DMN 1.3: su raíz es «{root}» o es de otra versión. Expórtelo como BPMN 2.0 (.bpmn) o DMN 1.3 (.dmn)."
    ),
    "part_name": marked(
        "«{name}» no sirve como nombre de una pieza de un paquete. Use el código del paquete, a lo sumo dos carpetas y un nombre, en letras sin tilde, números, - y _; todo junto, hasta 120 letras."
    ),
    "part_text": marked(
        "No es un texto en UTF-8, o trae signos que no se ven. Guárdelo otra vez como texto UTF-8."
    ),
    "part_too_large": marked(
        "Pesa más de {maximum} kB, demasiado para un texto de un paquete. Divídalo."
    ),
    "parts_too_many": marked(
        "Son más de {maximum} piezas de paquetes en una versión. Quite las que no se usan."
    ),
    "schema": marked(
        "La línea {line} no cumple el esquema de BPMN 2.0: {problem}. Corríjala en la vista XML, o dibuje de nuevo ese elemento."
    ),
    "process_missing": marked(
        "El archivo no contiene ningún proceso. Dibuje al menos uno con inicio y fin."
    ),
    "process_not_executable": marked(
        'El proceso no está marcado como ejecutable, así que nadie podría iniciarlo. Elija el proceso o su participante y marque «Se ejecuta» en el panel (isExecutable="true" en el XML).'
    ),
    "process_too_large": marked(
        "El proceso tiene más de {maximum} elementos, o más de {flows} flujos por elemento. Divídalo con llamadas a otros procesos."
    ),
    "processes_too_many": marked(
        "El archivo tiene más de {maximum} procesos. Divídalo en varios archivos."
    ),
    "id_given": marked(
        "No tiene identificador ({element}, línea {line}): el sistema le dio uno por su lugar en el archivo, que cambia si lo mueve. Póngale uno propio (id)."
    ),
    "id_missing": marked(
        "Falta el identificador de {element} (línea {line}). Póngale uno (id) que no se repita en el archivo."
    ),
    "id_duplicate": marked(
        "El identificador «{id}» lo llevan dos elementos. Cambie uno de los dos, y las referencias que lo usan."
    ),
    "id_reserved": marked(
        "El identificador «{id}» termina como los que usa el sistema. Elija otro."
    ),
    "foreign_extension": marked(
        "Trae una extensión de otro programa («{element}»), que aquí no tiene efecto. Puede dejarla o quitarla en el XML."
    ),
    "parser": marked(
        "No se puede ejecutar tal como está dibujado: {problem}. Simplifique esta parte o pida ayuda al equipo técnico."
    ),
    "import_unknown": marked(
        "Importa el archivo «{value}», que no está entre los que hay. Súbalo, o quite la importación en el XML."
    ),
    "import_unused": marked(
        "Importa «{value}», que aquí no tiene efecto. Puede dejarlo o quitarlo en el XML."
    ),
    "reference_kind": marked(
        "Se refiere a «{reference}», que es {found}; aquí debe ir {wanted}. Elija otro elemento o corrija la referencia en el XML."
    ),
    "event_definition_shared": marked(
        "Usa la definición «{reference}», que pertenece a otro evento. Defínala aparte o dé a este evento la suya."
    ),
    "mime_type": marked(
        "El formato «{value}» no es un tipo MIME como text/plain. Corríjalo o quítelo."
    ),
    "process_public": marked(
        'El proceso dice ser público (processType="Public"): así solo muestra lo que ven otros, y no se ejecuta. Ponga processType="Private" o quite el atributo.'
    ),
    "drawing_unknown": marked(
        "El dibujo tiene una figura de «{reference}», que no existe en el archivo: no se muestra. Borre la figura, o vuelva a dibujar el elemento."
    ),
    "drawing_kind": marked(
        "El dibujo muestra «{reference}» ({found}) con una figura que no es la suya: los flujos y las asociaciones van con una línea y lo demás con una forma. Bórrela y dibújela de nuevo."
    ),
    "resource_parameter": marked(
        "Da valor a «{reference}», que no es un parámetro del recurso al que se refiere. Use un parámetro de ese recurso o quite el valor."
    ),
    "resource_parameter_missing": marked(
        "El recurso al que se refiere exige el parámetro «{reference}», y aquí no tiene valor. Escríbalo (resourceParameterBinding) o haga opcional el parámetro."
    ),
    "drawing_missing": marked(
        "Una figura del dibujo no dice qué elemento muestra (bpmnElement). Bórrela, o vuelva a dibujar el elemento."
    ),
    "drawing_twice": marked(
        "El dibujo muestra «{reference}» dos veces en la misma hoja. Borre una de las dos figuras."
    ),
}
