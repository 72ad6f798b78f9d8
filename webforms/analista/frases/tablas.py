"""Sentences: variables, expressions, decision tables and our own vocabulary."""
# ruff: noqa: E501 - a sentence stands on one line, however long

from collections.abc import Mapping
from typing import Final

FRASES: Final[Mapping[str, str]] = {
    "expression_empty": "Una expresión («{element}») está vacía. Escríbala o quite el elemento.",
    "expression_kind": "La expresión «{expression}» siempre da {given}, y aquí hace falta {wanted}. Corríjala; hay ejemplos en la guía de modelado.",
    "expression": "La expresión «{expression}» no se entiende: {problem}. Corríjala; hay ejemplos en la guía de modelado.",
    "function_unknown": "La función «{function}» no existe. Use dias_habiles, len, min o max.",
    "variable_name": "«{name}» no sirve como nombre de variable. Use letras minúsculas, números y guion bajo.",
    "variable_unknown": "Nadie da valor a la variable «{name}». Revise el nombre, o agregue un campo o una variable antes.",
    "variable_not_decision": "«{name}» es un campo que no decide el camino. Marque «Decide el camino» en su campo, o use otra variable.",
    "value_never_given": "«{name}» nunca vale «{value}»: los campos y las tablas que le dan valor dan {values}. Corrija el valor, o agréguelo como opción.",
    "value_of_other_kind": "«{name}» nunca es igual a «{value}»: los campos y las salidas que le dan valor dan {found}. Compárelo con un valor de esa clase, o corrija el tipo de quien se lo da.",
    "dmn_not_dmn": "El archivo no es una tabla de decisión DMN: su raíz es «{root}» o es de otra versión. Revise qué archivo subió, o expórtelo como DMN 1.3.",
    "dmn_empty": "El archivo no contiene ninguna decisión. Agregue una tabla.",
    "dmn_not_a_table": "La decisión «{table}» no es una tabla. Conviértala en una tabla de decisión.",
    "dmn_hit_policy": "La tabla «{table}» usa la política {policy}, que no existe. Elija una de la lista «Cuando coinciden varias reglas».",
    "dmn_aggregation": "La tabla «{table}» reúne resultados ({aggregation}), y así no se puede: hace falta la política COLLECT, una sola salida y, menos para contar, solo números. Corrija las salidas o elija otra política.",
    "dmn_id_missing": "Una decisión no tiene identificador. Póngale uno: con él la nombran los diagramas.",
    "dmn_outputs": "Las salidas de la tabla «{table}» deben tener nombre, y ninguno repetido ({outputs}).",
    "dmn_inputs": "La tabla «{table}» no tiene entradas. Agregue al menos una.",
    "dmn_rules": "La tabla «{table}» tiene {number} reglas; debe tener entre 1 y {maximum}.",
    "dmn_rule_size": "La regla {number} de «{table}» no tiene tantas celdas como columnas. Complétela.",
    "dmn_cell": 'La regla {number} de «{table}» tiene una celda que no se entiende: {problem}. Escriba -, "texto", > 5, [1..5], date("2026-01-31") o not(…).',
    "dmn_no_else": "La tabla «{table}» toma la primera regla que coincide y no dice qué pasa si no coincide ninguna. Agregue una última regla solo con guiones.",
    "dmn_too_large_to_check": "La tabla «{table}» es demasiado grande para comprobar que no se contradice. Divídala en dos.",
    "dmn_overlap": "En la tabla «{table}» coinciden a la vez las reglas {rules}, por ejemplo con {example}. Haga que se excluyan o digan lo mismo, o elija «Vale la primera que coincide».",
    "dmn_gap": "La tabla «{table}» no dice qué hacer con {example}. Agregue una regla para ese caso.",
    "dmn_rule_unused": "La regla {rule} de «{table}» nunca se aplica: otras anteriores la tapan. Quítela o cámbiela.",
    "dmn_output_value": "La regla {number} de «{table}» da {value}, que no está entre los valores de salida de su columna. Corrija el resultado, o agregue el valor en el XML (outputValues).",
    "dmn_priorities": "La tabla «{table}» usa la política {policy}, que ordena por prioridad, y ninguna salida dice sus valores en orden. Escríbalos en el XML (outputValues), o elija otra política.",
    "dmn_values": "La tabla «{table}» limita una columna a {values}, y eso no se entiende: {problem}. Escriba los valores separados por comas.",
    "v_element_unknown": "«v:{element}» no es parte del vocabulario de Ventanilla. Revise cómo se escribe.",
    "v_element_misplaced": "«v:{element}» no puede ir en este elemento; va en: {on}. Muévalo.",
    "v_element_repeated": "«v:{element}» está más de una vez. Deje uno.",
    "v_attribute_missing": "A «v:{element}» le falta «{attribute}». Escríbalo.",
    "v_attribute_unknown": "El atributo «v:{attribute}» no es parte del vocabulario de Ventanilla. Quítelo o revise cómo se escribe.",
    "v_content_unknown": "«v:{element}» no lleva nada adentro. Quite su contenido.",
    "v_value": "«{attribute}» dice «{value}», y eso no se acepta. Valores posibles: {allowed}.",
}
