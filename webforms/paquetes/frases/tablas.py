"""Sentences: variables, expressions, decision tables and our own vocabulary."""

from collections.abc import Mapping
from typing import Final

from common.language import marked

FRASES: Final[Mapping[str, str]] = {
    "expression_empty": marked(
        "Una expresión («{element}») está vacía. Escríbala o quite el elemento."
    ),
    "expression_kind": marked(
        "«{expression}» da {given}, y aquí hace falta {wanted}. Escriba, por ejemplo, «{example}»."
    ),
    "kinds_apart": marked(
        "En «{expression}», «{left}» es {found} y «{right}» es {given}: «{sign}» va entre dos números o entre dos textos. Escriba, por ejemplo, «{example}»."
    ),
    "operand_kind": marked(
        "En «{expression}», «{sign}» necesita {wanted}, y «{operand}» es {given}. Escriba, por ejemplo, «{example}»."
    ),
    "function_arguments": marked(
        "En «{expression}», «{function}» tiene {number} datos entre paréntesis, y lleva {places}. Escriba, por ejemplo, «{example}»."
    ),
    "part_fails": marked(
        "«{operand}» nunca se puede calcular: {problem}. Escriba, por ejemplo, «{example}»."
    ),
    "text_without_quotes": marked(
        "«{name}» no es una variable, y se compara con un texto: los textos van entre comillas. Escriba, por ejemplo, «{example}»."
    ),
    "time_past": marked(
        "«{expression}» da siempre un momento que ya pasó: una tarea se abre vencida, y una espera no espera. Cuente hacia adelante, o desde una fecha del proceso. Escriba, por ejemplo, «{example}»."
    ),
    "expression": marked(
        "La expresión «{expression}» no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado."
    ),
    "function_unknown": marked(
        "La función «{function}» no existe. Use dias_habiles, len, min o max."
    ),
    "variable_name": marked(
        "«{name}» no sirve como nombre de variable. Use letras minúsculas, números y guion bajo."
    ),
    "variable_unknown": marked(
        "Nadie da valor a la variable «{name}». Revise el nombre, o agregue un campo o una variable antes."
    ),
    "variable_not_decision": marked(
        "«{name}» es un campo que no decide el camino. Marque «Decide el camino» en su campo, o use otra variable."
    ),
    "value_never_given": marked(
        "«{name}» nunca vale «{value}»: los campos y las tablas que le dan valor dan {values}. Corrija el valor, o agréguelo como opción."
    ),
    "value_of_other_kind": marked(
        "«{name}» nunca es igual a «{value}»: los campos y las salidas que le dan valor dan {found}. Compárelo con un valor de esa clase, o corrija el tipo de quien se lo da."
    ),
    "dmn_not_dmn": marked(
        "El archivo no es una tabla de decisión DMN: su raíz es «{root}» o es de otra versión. Revise qué archivo subió, o expórtelo como DMN 1.3."
    ),
    "dmn_empty": marked("El archivo no contiene ninguna decisión. Agregue una tabla."),
    "dmn_not_a_table": marked(
        "La decisión «{table}» no dice cómo se decide. Agregue una tabla o una expresión."
    ),
    "dmn_graph": marked(
        "La decisión «{table}» no se puede usar: {problem}. Corríjala en el archivo, o quítela."
    ),
    "dmn_hit_policy": marked(
        "La tabla «{table}» usa la política {policy}, que no existe. Elija una de la lista «Cuando coinciden varias reglas»."
    ),
    "dmn_aggregation": marked(
        "La tabla «{table}» reúne resultados ({aggregation}), y así no se puede: hace falta la política COLLECT, una sola salida y, menos para contar, solo números. Corrija las salidas o elija otra política."
    ),
    "dmn_id_missing": marked(
        "Una decisión no tiene identificador. Póngale uno: con él la nombran los diagramas."
    ),
    "dmn_outputs": marked(
        "Las salidas de la tabla «{table}» deben tener nombre, y ninguno repetido ({outputs})."
    ),
    "dmn_inputs": marked("La tabla «{table}» no tiene entradas. Agregue al menos una."),
    "dmn_rules": marked(
        "La tabla «{table}» tiene {number} reglas; debe tener entre 1 y {maximum}."
    ),
    "dmn_rule_size": marked(
        "La regla {number} de «{table}» no tiene tantas celdas como columnas. Complétela."
    ),
    "dmn_cell": marked(
        'La regla {number} de «{table}» tiene una celda que no se entiende: {problem}. Escriba -, "texto", > 5, [1..5], date("2026-01-31") o not(…).'
    ),
    "dmn_no_else": marked(
        "La tabla «{table}» toma la primera regla que coincide y no dice qué pasa si no coincide ninguna. Agregue una última regla solo con guiones."
    ),
    "dmn_too_large_to_check": marked(
        "La tabla «{table}» es demasiado grande para comprobar que no se contradice. Divídala en dos."
    ),
    "dmn_overlap": marked(
        "En la tabla «{table}» coinciden a la vez las reglas {rules}, por ejemplo con «{example}». Haga que se excluyan o digan lo mismo, o elija «Vale la primera que coincide»."
    ),
    "dmn_gap": marked(
        "La tabla «{table}» no dice qué hacer con «{example}». Agregue una regla para ese caso."
    ),
    "dmn_rule_unused": marked(
        "La regla {rule} de «{table}» nunca se aplica: otras anteriores la tapan. Quítela o cámbiela."
    ),
    "dmn_output_value": marked(
        "La regla {number} de «{table}» da {value}, que no está entre los valores de salida de su columna. Corrija el resultado, o agregue el valor en el XML (outputValues)."
    ),
    "dmn_priorities": marked(
        "La tabla «{table}» usa la política {policy}, que ordena por prioridad, y ninguna salida dice sus valores en orden. Escríbalos en el XML (outputValues), o elija otra política."
    ),
    "dmn_values": marked(
        "La tabla «{table}» limita una columna a {values}, y eso no se entiende: {problem}. Escriba los valores separados por comas."
    ),
    "v_element_unknown": marked(
        "En el archivo hay {element}, que no es parte del vocabulario de Ventanilla. Revise en el XML cómo se escribe."
    ),
    "v_element_misplaced": marked(
        "El archivo le pone {element} a este elemento, y va en: {on}. Muévalo en el XML."
    ),
    "v_element_repeated": marked(
        "El archivo le pone {element} más de una vez. Deje uno en el XML."
    ),
    "v_attribute_missing": marked("A {element} le falta «{attribute}». Escríbalo."),
    "v_attribute_unknown": marked(
        "El atributo «{attribute}» no es parte del vocabulario de Ventanilla. Quítelo o revise cómo se escribe."
    ),
    "v_content_unknown": marked(
        "En el archivo {element} lleva algo adentro, que no se lee. Quítelo en el XML."
    ),
    "v_value": marked(
        "«{attribute}» dice «{value}», y eso no se acepta. Valores posibles: {allowed}."
    ),
}
