"""The Spanish of a problem (`engine.errors.ProblemCode`): the end of a sentence, looked up by code and filled with facts. Pure."""

from collections.abc import Mapping
from typing import Any
from typing import Final

from engine.errors import Problem
from webforms.base.formatos import numero

#: code → sentence; `{name}` is a fact of the problem
PROBLEMAS: Final[Mapping[str, str]] = {
    # what an expression, a pattern or a cell says
    "empty_expression": "está vacía",
    "too_many_characters": "tiene más de {maximum} letras",
    "too_many_parts": "tiene más de {maximum} partes",
    "character_refused": "el signo {character} no se usa",
    "misspelt_name": "{name} no se escribe así",
    "not_a_name": "{name} no es un nombre",
    "not_a_function": "{name} no es una función",
    "only_named_functions": "solo se usan las funciones con nombre",
    "prefixed_text": "los textos van entre comillas, sin letras delante",
    "not_an_expression": "no es una expresión completa",
    "one_equals_sign": "para comparar se escribe «==», y los textos van entre comillas, como en tipo == 'queja'",
    "decimal_comma": "los decimales van con punto: {instead}, no {written}",
    "outside_language": "usa algo que no es parte del lenguaje",
    "not_a_cell_value": '{text} no es un valor; escriba números, "textos", true, false o null',
    "empty_value": "un resultado está vacío",
    "cell_too_long": "una celda tiene más de {maximum} letras",
    "empty_interval": "el intervalo {text} está vacío",
    "no_order": "{text} no se puede comparar como mayor o menor",
    "not_a_pattern": "no es una expresión regular",
    "too_many_ways": "hay demasiadas maneras de cumplirlo",
    "brackets_unbalanced": "los paréntesis o corchetes no están bien cerrados",
    "brackets_too_deep": "tiene más de {maximum} paréntesis unos dentro de otros",
    "repeat_malformed": "una repetición (* + ? {{2,5}}) está mal escrita",
    "repeat_too_large": "una repetición pasa de {maximum}",
    "repeat_of_changing_length": "repite una parte que cambia de largo, y eso podría detener el sistema",
    "special_group": "no se usan grupos especiales que empiezan por (?",
    "special_escape": "no se usan referencias ni otros signos con barra invertida",
    "sign_in_class": "dentro de corchetes, {sign} se puede entender de dos maneras: escríbalo con una barra invertida antes",
    # the schema of BPMN
    "element_unexpected": "el elemento «{element}» no va en ese lugar",
    "element_invalid": "el elemento «{element}» no es válido",
    "content_missing": "al elemento «{element}» le falta contenido",
    "attribute_missing": "a «{element}» le falta el atributo «{attribute}»",
    "attribute_invalid": "el atributo «{attribute}» de «{element}» no es válido",
    # times
    "not_a_duration": "«{text}» no es una duración como PT5M o P5D",
    "not_a_date": "«{text}» no es una fecha",
    "not_a_timer_text": "«{text}» no es una fecha, un tiempo ni una repetición",
    "not_a_timer_value": "hace falta una fecha o una duración, y hay {value}",
    "time_too_long": "«{text}» es demasiado largo",
    "too_many_years": "dura más de {maximum} años",
    "cycle_malformed": "una repetición se escribe R/P1M o R3/2026-12-01T08:00:00Z/PT1H",
    "cycle_where_once": "«{text}» se repite, y aquí se espera una sola vez: escriba la duración, como PT1H",
    "cycle_of_no_length": "una repetición necesita un intervalo que dure algo, como R/P1M",
    "cycle_count": "una repetición ocurre al menos una vez y como mucho un millón de veces, como R3/PT1H",
    "starts_too_often": "un inicio se repite como mucho una vez por minuto",
    "attribute_choice": "«{attribute}» acepta uno de estos valores: {allowed}",
    "attribute_range": "«{attribute}» es un número de {low} a {high}",
    "attribute_without_each": "«{attribute}» solo se usa con each={each}",
    "each_without_attribute": "con each={each} falta «{attribute}»",
    "each_without_one_of_two": "con each={each} escriba «{one}» o «{other}», uno de los dos",
    "shift_without_effect": "«shift» no tiene efecto sobre días hábiles",
    "not_an_hour": "«at» es una hora como 07:00",
    # an expression on the data of a case
    "not_a_condition": "da {value}, y debía dar sí o no",
    "needs_boolean": "«{sign}» necesita un sí o un no, y hay {value}",
    "needs_numbers": "«{sign}» necesita números, y hay {value}",
    "not_comparable": "no se puede comparar {left} con {right}",
    "structure_compared": "compara un dato compuesto",
    "not_searchable": "se busca dentro de {value}, que no es una lista",
    "nothing_to_measure": "«len» necesita un texto o una lista",
    "nothing_to_choose": "la lista está vacía",
    "division_by_zero": "divide entre cero",
    "number_out_of_range": "el número es demasiado grande",
    "text_too_long": "un texto pasa de {maximum} letras",
    "list_too_long": "una lista pasa de {maximum} elementos",
    "too_many_steps": "necesita más de {maximum} operaciones",
    "nested_too_deeply": "los datos están anidados demasiado",
    "function_missing": "la función «{function}» no existe",
    "function_failed": "«{function}» no se pudo calcular con estos datos",
    "value_of_no_type": "una función dio un dato que no se puede usar",
    # a case that runs
    "no_value": "«{text}» no tiene valor",
    "no_way_out": "ninguna salida se cumple y no hay una por defecto",
    "never_activated": "«{text}» no se cumple, y ya no puede llegar nada más",
    "uncaught_cancel": "nada atiende esta cancelación",
    "not_a_list": "«{name}» debía ser una lista y es {value}",
    "not_a_number_of_items": "«{text}» da {value}, que no es una cantidad",
    "not_a_priority": "la prioridad es un número, y hay {value}",
    "key_missing": "el mensaje «{message}» se busca por «{key}», que es {value}",
    "too_many_items": "pide más de {maximum} repeticiones",
    "nested_processes": "abrió más de {maximum} procesos uno dentro de otro: parece que se llama a sí mismo",
    "endless_loop": "dio más de {maximum} pasos sin que nadie ni nada espere: parece un ciclo sin fin",
    "endless_services": "dio más de {maximum} pasos automáticos seguidos: parece un ciclo sin fin",
    "endless_timer": "la misma espera se cumplió más de {maximum} veces en un minuto: parece un ciclo sin fin",
}
#: Facts that are data of a case: shown as people write them. Others are numbers, and parts of the text that is wrong.
DATOS: Final = frozenset({"value", "left", "right"})
SIN_FRASE: Final = "no se puede calcular con estos datos"


def de_problema(problem: Problem) -> str:
    return problema({**problem.facts, "problem": problem.code})


def problema(hechos: Mapping[str, Any]) -> str:
    """`hechos`: the facts of a problem, its code under "problem", as an incident keeps them. In general words when it has no sentence."""
    frase = PROBLEMAS.get(str(hechos.get("problem", "")))
    if frase is None:
        return SIN_FRASE
    dichos = {nombre: _dato(valor) if nombre in DATOS else _parte(valor) for nombre, valor in hechos.items()}
    return frase.format_map(dichos)


def _parte(valor: Any) -> str:
    return numero(valor) if isinstance(valor, int) and not isinstance(valor, bool) else str(valor)


def _dato(valor: Any) -> str:
    """A value of a case as part of a sentence: texts in quotation marks, so that 5 and '5' differ."""
    if valor is None:
        return "un dato vacío"
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if isinstance(valor, list):
        return f"[{', '.join(map(_dato, valor))}]"
    return repr(valor)
