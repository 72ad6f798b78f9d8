"""A problem (`engine.errors.ProblemCode`) in words: the end of a sentence, looked up by code and filled with facts."""

from collections.abc import Mapping
from typing import Any
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.errors import Problem
from webforms.base.formatos import numero

#: code → sentence; `{name}` is a fact of the problem
PROBLEMAS: Final[Mapping[str, Any]] = {
    # what an expression, a pattern or a cell says
    "empty_expression": _l("está vacía"),
    "too_many_characters": _l("tiene más de {maximum} letras"),
    "too_many_parts": _l("tiene más de {maximum} partes"),
    "character_refused": _l("el signo {character} no se usa"),
    "misspelt_name": _l("{name} no se escribe así"),
    "not_a_name": _l("{name} no es un nombre"),
    "not_a_function": _l("{name} no es una función"),
    "only_named_functions": _l("solo se usan las funciones con nombre"),
    "prefixed_text": _l("los textos van entre comillas, sin letras delante"),
    "not_an_expression": _l("no es una expresión completa"),
    "one_equals_sign": _l("para comparar se escribe «==», y los textos van entre comillas, como en tipo == 'queja'"),
    "decimal_comma": _l("los decimales van con punto: {instead}, no {written}"),
    "outside_language": _l("usa algo que no es parte del lenguaje"),
    "not_a_cell_value": _l('{text} no es un valor; escriba números, "textos", true, false o null'),
    "empty_value": _l("un resultado está vacío"),
    "cell_too_long": _l("una celda tiene más de {maximum} letras"),
    "empty_interval": _l("el intervalo {text} está vacío"),
    "no_order": _l("{text} no se puede comparar como mayor o menor"),
    "not_a_pattern": _l("no es una expresión regular"),
    "too_many_ways": _l("hay demasiadas maneras de cumplirlo"),
    "brackets_unbalanced": _l("los paréntesis o corchetes no están bien cerrados"),
    "brackets_too_deep": _l("tiene más de {maximum} paréntesis unos dentro de otros"),
    "repeat_malformed": _l("una repetición (* + ? {{2,5}}) está mal escrita"),
    "repeat_too_large": _l("una repetición pasa de {maximum}"),
    "repeat_of_changing_length": _l("repite una parte que cambia de largo, y eso podría detener el sistema"),
    "special_group": _l("no se usan grupos especiales que empiezan por (?"),
    "special_escape": _l("no se usan referencias ni otros signos con barra invertida"),
    "sign_in_class": _l("dentro de corchetes, {sign} se puede entender de dos maneras: escríbalo con una barra invertida antes"),
    # the schema of BPMN
    "element_unexpected": _l("el elemento «{element}» no va en ese lugar"),
    "element_invalid": _l("el elemento «{element}» no es válido"),
    "content_missing": _l("al elemento «{element}» le falta contenido"),
    "attribute_missing": _l("a «{element}» le falta el atributo «{attribute}»"),
    "attribute_invalid": _l("el atributo «{attribute}» de «{element}» no es válido"),
    # times
    "not_a_duration": _l("«{text}» no es una duración como PT5M o P5D"),
    "not_a_date": _l("«{text}» no es una fecha"),
    "not_a_timer_text": _l("«{text}» no es una fecha, un tiempo ni una repetición"),
    "not_a_timer_value": _l("hace falta una fecha o una duración, y hay {value}"),
    "time_too_long": _l("«{text}» es demasiado largo"),
    "too_many_years": _l("dura más de {maximum} años"),
    "cycle_malformed": _l("una repetición se escribe R/P1M o R3/2026-12-01T08:00:00Z/PT1H"),
    "cycle_where_once": _l("«{text}» se repite, y aquí se espera una sola vez: escriba la duración, como PT1H"),
    "cycle_of_no_length": _l("una repetición necesita un intervalo que dure algo, como R/P1M"),
    "cycle_count": _l("una repetición ocurre al menos una vez y como mucho un millón de veces, como R3/PT1H"),
    "starts_too_often": _l("un inicio se repite como mucho una vez por minuto"),
    "attribute_choice": _l("«{attribute}» acepta uno de estos valores: {allowed}"),
    "attribute_range": _l("«{attribute}» es un número de {low} a {high}"),
    "attribute_without_each": _l("«{attribute}» solo se usa con each={each}"),
    "each_without_attribute": _l("con each={each} falta «{attribute}»"),
    "each_without_one_of_two": _l("con each={each} escriba «{one}» o «{other}», uno de los dos"),
    "shift_without_effect": _l("«shift» no tiene efecto sobre días hábiles"),
    "not_an_hour": _l("«at» es una hora como 07:00"),
    # an expression on the data of a case
    "not_a_condition": _l("da {value}, y debía dar sí o no"),
    "needs_boolean": _l("«{sign}» necesita un sí o un no, y hay {value}"),
    "needs_numbers": _l("«{sign}» necesita números, y hay {value}"),
    "not_comparable": _l("no se puede comparar {left} con {right}"),
    "structure_compared": _l("compara un dato compuesto"),
    "not_searchable": _l("se busca dentro de {value}, que no es una lista"),
    "nothing_to_measure": _l("«len» necesita un texto o una lista"),
    "nothing_to_choose": _l("la lista está vacía"),
    "division_by_zero": _l("divide entre cero"),
    "number_out_of_range": _l("el número es demasiado grande"),
    "text_too_long": _l("un texto pasa de {maximum} letras"),
    "list_too_long": _l("una lista pasa de {maximum} elementos"),
    "too_many_steps": _l("necesita más de {maximum} operaciones"),
    "nested_too_deeply": _l("los datos están anidados demasiado"),
    "function_missing": _l("la función «{function}» no existe"),
    "function_failed": _l("«{function}» no se pudo calcular con estos datos"),
    "value_of_no_type": _l("una función dio un dato que no se puede usar"),
    # a case that runs
    "no_value": _l("«{text}» no tiene valor"),
    "no_way_out": _l("ninguna salida se cumple y no hay una por defecto"),
    "never_activated": _l("«{text}» no se cumple, y ya no puede llegar nada más"),
    "uncaught_cancel": _l("nada atiende esta cancelación"),
    "not_a_list": _l("«{name}» debía ser una lista y es {value}"),
    "not_a_number_of_items": _l("«{text}» da {value}, que no es una cantidad"),
    "not_a_priority": _l("la prioridad es un número, y hay {value}"),
    "key_missing": _l("el mensaje «{message}» se busca por «{key}», que es {value}"),
    "too_many_items": _l("pide más de {maximum} repeticiones"),
    "nested_processes": _l("abrió más de {maximum} procesos uno dentro de otro: parece que se llama a sí mismo"),
    "endless_loop": _l("dio más de {maximum} pasos sin que nadie ni nada espere: parece un ciclo sin fin"),
    "endless_services": _l("dio más de {maximum} pasos automáticos seguidos: parece un ciclo sin fin"),
    "endless_timer": _l("la misma espera se cumplió más de {maximum} veces en un minuto: parece un ciclo sin fin"),
}
#: Facts that are data of a case: shown as people write them. Others are numbers, and parts of the text that is wrong.
DATOS: Final = frozenset({"value", "left", "right"})
SIN_FRASE: Final = _l("no se puede calcular con estos datos")


def de_problema(problem: Problem) -> str:
    return problema({**problem.facts, "problem": problem.code})


def problema(hechos: Mapping[str, Any]) -> str:
    """`hechos`: the facts of a problem, its code under "problem", as an incident keeps them. In general words when it has no sentence."""
    frase = PROBLEMAS.get(str(hechos.get("problem", "")))
    if frase is None:
        return str(SIN_FRASE)
    dichos = {nombre: _dato(valor) if nombre in DATOS else _parte(valor) for nombre, valor in hechos.items()}
    return str(frase).format_map(dichos)


def _parte(valor: Any) -> str:
    return numero(valor) if isinstance(valor, int) and not isinstance(valor, bool) else str(valor)


def _dato(valor: Any) -> str:
    """A value of a case as part of a sentence: texts in quotation marks, so that 5 and '5' differ."""
    if valor is None:
        return str(_("un dato vacío"))
    if isinstance(valor, bool):
        return str(_("sí") if valor else _("no"))
    if isinstance(valor, list):
        return f"[{', '.join(map(_dato, valor))}]"
    return repr(valor)
