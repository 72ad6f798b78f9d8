"""A problem (`engine.errors.ProblemCode`) in words: the end of a sentence, looked up by code and
filled with facts."""

from collections.abc import Mapping
from typing import Any, Final

from common.language import marked, said
from engine.errors import Problem
from webforms.base.formatos import numero

#: code → sentence; `{name}` is a fact of the problem
PROBLEMAS: Final[Mapping[str, str]] = {
    # what an expression, a pattern or a cell says
    "empty_expression": marked("está vacía"),
    "too_many_characters": marked("tiene más de {maximum} letras"),
    "too_many_parts": marked("tiene más de {maximum} partes"),
    "character_refused": marked("el signo {character} no se usa"),
    "misspelt_name": marked("{name} no se escribe así"),
    "not_a_name": marked("{name} no es un nombre"),
    "not_a_function": marked("{name} no es una función"),
    "only_named_functions": marked("solo se usan las funciones con nombre"),
    "prefixed_text": marked("los textos van entre comillas, sin letras delante"),
    "not_an_expression": marked("no es una expresión completa"),
    "one_equals_sign": marked(
        "para comparar se escribe «==», y los textos van entre comillas, como en tipo == 'queja'"
    ),
    "decimal_comma": marked("los decimales van con punto: {instead}, no {written}"),
    "outside_language": marked("usa algo que no es parte del lenguaje"),
    "feel_not_read": marked("no se entiende desde «{near}»"),
    "feel_name_unknown": marked("nada da valor a «{name}»"),
    "feel_type_unknown": marked("no hay un tipo llamado «{name}»"),
    "feel_not_evaluated": marked("«{construct}» no se calcula aquí"),
    "feel_needs_now": marked("pregunta la hora, y aquí no hay"),
    "text_or_moment": marked(
        "«{text}» puede ser un texto o una fecha: el dato de entrada debe decir su tipo"
    ),
    "path_too_long": marked("entra más de {maximum} pasos en un dato"),
    "foreign_expression": marked(
        "está en el lenguaje de otro motor, y de él solo se entienden nombres, textos, números, comparaciones, «&&», «||» y «!»"
    ),
    "not_a_cell_value": marked(
        '{text} no es un valor; escriba números, "textos", true, false o null'
    ),
    "empty_value": marked("un resultado está vacío"),
    "cell_too_long": marked("una celda tiene más de {maximum} letras"),
    "empty_interval": marked("el intervalo {text} está vacío"),
    "no_order": marked("{text} no se puede comparar como mayor o menor"),
    "not_a_pattern": marked("no es una expresión regular"),
    "too_many_ways": marked("hay demasiadas maneras de cumplirlo"),
    "brackets_unbalanced": marked("los paréntesis o corchetes no están bien cerrados"),
    "brackets_too_deep": marked("tiene más de {maximum} paréntesis unos dentro de otros"),
    "repeat_malformed": marked("una repetición (* + ? {{2,5}}) está mal escrita"),
    "repeat_too_large": marked("una repetición pasa de {maximum}"),
    "repeat_of_changing_length": marked(
        "repite una parte que cambia de largo, y eso podría detener el sistema"
    ),
    "special_group": marked("no se usan grupos especiales que empiezan por (?"),
    "special_escape": marked("no se usan referencias ni otros signos con barra invertida"),
    "sign_in_class": marked(
        "dentro de corchetes, {sign} se puede entender de dos maneras: escríbalo con una barra invertida antes"
    ),
    # the schema of BPMN
    "element_unexpected": marked("el elemento «{element}» no va en ese lugar"),
    "element_invalid": marked("el elemento «{element}» no es válido"),
    "content_missing": marked("al elemento «{element}» le falta contenido"),
    "attribute_missing": marked("a «{element}» le falta el atributo «{attribute}»"),
    "attribute_invalid": marked("el atributo «{attribute}» de «{element}» no es válido"),
    # times
    "not_a_duration": marked("«{text}» no es una duración como PT5M o P5D"),
    "not_a_date": marked("«{text}» no es una fecha"),
    "not_a_timer_text": marked("«{text}» no es una fecha, un tiempo ni una repetición"),
    "not_a_timer_value": marked("hace falta una fecha o una duración, y hay {value}"),
    "time_too_long": marked("«{text}» es demasiado largo"),
    "too_many_years": marked("dura más de {maximum} años"),
    "cycle_malformed": marked("una repetición se escribe R/P1M o R3/2026-12-01T08:00:00Z/PT1H"),
    "cycle_where_once": marked(
        "«{text}» se repite, y aquí se espera una sola vez: escriba la duración, como PT1H"
    ),
    "cycle_of_no_length": marked("una repetición necesita un intervalo que dure algo, como R/P1M"),
    "cycle_count": marked(
        "una repetición ocurre al menos una vez y como mucho un millón de veces, como R3/PT1H"
    ),
    "starts_too_often": marked("un inicio se repite como mucho una vez por minuto"),
    "cron_malformed": marked(
        "«{text}» no es una regla cron como 0 7 * * MON-FRI: minuto, hora, día, mes y día de la semana"
    ),
    "cron_weekday": marked(
        "en «{text}» el día de la semana va con letras, como MON: unos motores cuentan desde el domingo y otros desde el lunes"
    ),
    "cron_two_days": marked(
        "«{text}» dice a la vez el día del mes y el de la semana: deje uno y ponga «*» en el otro"
    ),
    "attribute_choice": marked("«{attribute}» acepta uno de estos valores: {allowed}"),
    "attribute_range": marked("«{attribute}» es un número de {low} a {high}"),
    "attribute_without_each": marked("«{attribute}» solo se usa con each={each}"),
    "each_without_attribute": marked("con each={each} falta «{attribute}»"),
    "each_without_one_of_two": marked(
        "con each={each} escriba «{one}» o «{other}», uno de los dos"
    ),
    "shift_without_effect": marked("«shift» no tiene efecto sobre días hábiles"),
    "not_an_hour": marked("«at» es una hora como 07:00"),
    # an expression on the data of a case
    "not_a_condition": marked("da {value}, y debía dar sí o no"),
    "needs_boolean": marked("«{sign}» necesita un sí o un no, y hay {value}"),
    "needs_numbers": marked("«{sign}» necesita números, y hay {value}"),
    "not_comparable": marked("no se puede comparar {left} con {right}"),
    "structure_compared": marked("compara un dato compuesto"),
    "no_parts": marked("se busca «{step}» dentro de {value}, que no tiene partes así"),
    "not_searchable": marked("se busca dentro de {value}, que no es una lista"),
    "nothing_to_measure": marked("«len» necesita un texto o una lista"),
    "nothing_to_choose": marked("la lista está vacía"),
    "division_by_zero": marked("divide entre cero"),
    "number_out_of_range": marked("el número es demasiado grande"),
    "text_too_long": marked("un texto pasa de {maximum} letras"),
    "list_too_long": marked("una lista pasa de {maximum} elementos"),
    "too_many_steps": marked("necesita más de {maximum} operaciones"),
    "nested_too_deeply": marked("los datos están anidados demasiado"),
    "function_missing": marked("la función «{function}» no existe"),
    "function_failed": marked("«{function}» no se pudo calcular con estos datos"),
    "value_of_no_type": marked("una función dio un dato que no se puede usar"),
    # a case that runs
    "no_value": marked("«{text}» no tiene valor"),
    "no_way_out": marked("ninguna salida se cumple y no hay una por defecto"),
    "never_activated": marked("«{text}» no se cumple, y ya no puede llegar nada más"),
    "uncaught_cancel": marked("nada atiende esta cancelación"),
    "not_a_list": marked("«{name}» debía ser una lista y es {value}"),
    "not_a_number_of_items": marked("«{text}» da {value}, que no es una cantidad"),
    "not_a_priority": marked("la prioridad es un número, y hay {value}"),
    "key_missing": marked("el mensaje «{message}» se busca por «{key}», que es {value}"),
    "too_many_items": marked("pide más de {maximum} repeticiones"),
    "nested_processes": marked(
        "abrió más de {maximum} procesos uno dentro de otro: parece que se llama a sí mismo"
    ),
    "endless_loop": marked(
        "dio más de {maximum} pasos sin que nadie ni nada espere: parece un ciclo sin fin"
    ),
    "endless_services": marked(
        "dio más de {maximum} pasos automáticos seguidos: parece un ciclo sin fin"
    ),
    "endless_timer": marked(
        "la misma espera se cumplió más de {maximum} veces en un minuto: parece un ciclo sin fin"
    ),
}
#: Facts that are data of a case: shown as people write them. Others are numbers, and parts of the
#: text that is wrong.
DATOS: Final = frozenset({"value", "left", "right"})
SIN_FRASE: Final = marked("no se puede calcular con estos datos")


def de_problema(problem: Problem) -> str:
    return problema({**problem.facts, "problem": problem.code})


def problema(hechos: Mapping[str, Any]) -> str:
    """`hechos`: the facts of a problem, its code under "problem", as an incident keeps them. In
    general words when it has no sentence."""
    frase = PROBLEMAS.get(str(hechos.get("problem", "")))
    if frase is None:
        return said(SIN_FRASE)
    dichos = {
        nombre: _dato(valor) if nombre in DATOS else _parte(valor)
        for nombre, valor in hechos.items()
    }
    return said(frase).format_map(dichos)


def _parte(valor: Any) -> str:
    return numero(valor) if isinstance(valor, int) and not isinstance(valor, bool) else str(valor)


def _dato(valor: Any) -> str:
    """A value of a case as part of a sentence: texts in quotation marks, so that 5 and '5'
    differ."""
    if valor is None:
        return said("un dato vacío")
    if isinstance(valor, bool):
        return said("sí") if valor else said("no")
    if isinstance(valor, list):
        return f"[{', '.join(map(_dato, valor))}]"
    return repr(valor)
