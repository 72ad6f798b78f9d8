"""What changes between two versions, in words: each change once, and nothing that means the same."""

import pytest

from tests.acceptance.test_analista import con_llamada
from tests.acceptance.test_analista import version_1
from webforms.analista.celdas import decir_condicion
from webforms.analista.celdas import escribir_condicion
from webforms.analista.celdas import leer_condicion
from webforms.analista.celdas import misma_condicion
from webforms.analista.comparacion import Comparacion
from webforms.analista.comparacion import comparar_diagramas
from webforms.analista.comparacion import en_palabras

V1 = version_1()
V2 = con_llamada("dias_habiles(8)")
#: A flow between two elements of the first version beside the old one, and what stands where it leads.
RECHAZO = (
    '<bpmn:endEvent id="rechazo" name="Rechazado"><bpmn:incoming>visita_f9</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="visita_f9" sourceRef="visita_inicio" targetRef="rechazo"/>'
)


def dichos(antes: str, despues: str) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    c = comparar_diagramas(antes.encode(), despues.encode())
    assert [d.numero for d in c.dichos] == list(range(1, len(c.dichos) + 1))
    return {d.nombre: (d.clase, [(linea.rotulo, linea.antes, linea.despues) for linea in d.lineas]) for d in c.dichos}


def test_a_task_put_between_is_one_change_and_its_flows_are_told_with_it() -> None:
    hallados = dichos(V1, V2)

    assert list(hallados) == ["Llamar de vuelta"]
    clase, lineas = hallados["Llamar de vuelta"]
    assert clase == "nuevo"
    assert ("Vence", "", "8 días hábiles") in lineas
    assert ("Después de", "", "«Primera tarea»") in lineas
    assert ("Antes de", "", "«Fin»") in lineas
    assert ("Campo", "", "«¿Contestó?»: sí o no, obligatorio, decide el camino") in lineas


def test_a_task_taken_away_is_one_change_too() -> None:
    assert {nombre: clase for nombre, (clase, _lineas) in dichos(V2, V1).items()} == {"Llamar de vuelta": "quitado"}


def test_the_mark_of_an_assumption_is_told_by_its_words() -> None:
    categoria = (
        '<bpmn:category id="c"><bpmn:categoryValue id="s20" value="SUPUESTO Q20"/><bpmn:categoryValue id="s21" value="SUPUESTO Q21"/>'
    )
    con = V2.replace("<bpmn:collaboration", f"{categoria}</bpmn:category><bpmn:collaboration", 1)
    marca = "<bpmn:categoryValueRef>s20</bpmn:categoryValueRef><bpmn:categoryValueRef>s21</bpmn:categoryValueRef>"
    marcada = con.replace('name="Llamar de vuelta">', f'name="Llamar de vuelta">{marca}', 1)

    rotulo = "No lo dice el procedimiento"
    assert dichos(con, marcada) == {"Llamar de vuelta": ("cambiado", [(rotulo, "", "SUPUESTO Q20"), (rotulo, "", "SUPUESTO Q21")])}


def test_a_term_is_told_before_and_after() -> None:
    assert dichos(V2, con_llamada("dias_habiles(6)")) == {
        "Llamar de vuelta": ("cambiado", [("Vence", "8 días hábiles", "6 días hábiles")]),
    }


@pytest.mark.parametrize(
    "igual",
    [
        V2.replace("dias_habiles(8)", "dias_habiles( 8 )"),
        V2.replace("visita_f2", "flujo_dibujado_de_nuevo"),
        V2.replace('x="535" y="140"', 'x="555" y="150"'),
        V2.replace('name="contesto"', 'decision="true" name="contesto"').replace(' decision="true"/>', "/>", 1),
        V2.replace('type="text" required', "required"),
        V2.replace("</bpmn:process>", '<bpmn:textAnnotation id="n1"><bpmn:text>Una nota</bpmn:text></bpmn:textAnnotation></bpmn:process>'),
        V2.replace(
            '<bpmn:userTask id="llamar" name="Llamar de vuelta">', '<bpmn:userTask name="Llamar de vuelta" id="llamar" startQuantity="1">'
        ),
    ],
    ids=["spaces", "flow drawn anew", "moved", "order of attributes", "default written out", "note", "default of BPMN"],
)
def test_what_means_the_same_is_not_told(igual: str) -> None:
    assert igual != V2
    assert dichos(V2, igual) == {}


def test_what_was_only_moved_and_what_only_explains_are_counted_apart() -> None:
    movido = V2.replace('x="535" y="140"', 'x="555" y="150"').replace(
        "</bpmn:process>", '<bpmn:textAnnotation id="n1"><bpmn:text>Una nota</bpmn:text></bpmn:textAnnotation></bpmn:process>'
    )
    c = comparar_diagramas(V2.encode(), movido.encode())
    assert (c.figuras, c.lineas, c.explicaciones) == (("Llamar de vuelta",), (), ("Una nota",))


def test_a_frame_that_comes_or_goes_is_told_with_what_explains() -> None:
    categoria = '<bpmn:category id="c"><bpmn:categoryValue id="s20" value="SUPUESTO Q20"/></bpmn:category>'
    sin_marco = V2.replace("<bpmn:collaboration", f"{categoria}<bpmn:collaboration", 1)
    con_marco = sin_marco.replace("</bpmn:process>", '<bpmn:group id="g" categoryValueRef="s20"/></bpmn:process>')

    for antes, despues, dicho in ((sin_marco, con_marco, "nuevo"), (con_marco, sin_marco, "quitado")):
        c = comparar_diagramas(antes.encode(), despues.encode())
        assert (c.dichos, c.explicaciones) == ((), (f"marco «SUPUESTO Q20», {dicho}",))


def test_where_one_goes_on_is_told_when_nothing_new_explains_it() -> None:
    con_rechazo = V1.replace("</bpmn:process>", f"{RECHAZO}</bpmn:process>")
    assert list(dichos(V1, con_rechazo)) == ["Rechazado"]

    otra_vuelta = V2.replace('sourceRef="llamar" targetRef="visita_fin"', 'sourceRef="llamar" targetRef="visita_tarea"')
    assert dichos(V2, otra_vuelta) == {"Llamar de vuelta": ("cambiado", [("Sigue a", "«Fin»", "«Primera tarea»")])}


def test_a_condition_is_told_on_its_flow() -> None:
    def con(condicion: str) -> str:
        return V1.replace(
            'sourceRef="visita_tarea" targetRef="visita_fin"/>',
            f'sourceRef="visita_tarea" targetRef="visita_fin"><bpmn:conditionExpression>{condicion}'
            "</bpmn:conditionExpression></bpmn:sequenceFlow>",
        )

    assert dichos(con("a == 1"), con("a==1")) == {}
    assert dichos(con("a == 1"), con("a == 2")) == {"Flujo de Primera tarea a Fin": ("cambiado", [("Condición", "a == 1", "a == 2")])}


@pytest.mark.parametrize(
    ("de", "a", "dicho"),
    [
        ('name="Primera tarea"', 'name="Otra"', {"Otra": [("Se llama", "Primera tarea", "Otra")]}),
        ('role="asesor"', 'role="funcionario"', {"Asesor": [("La hace", "Asesor", "Funcionario")]}),
        ("<bpmn:flowNodeRef>visita_tarea</bpmn:flowNodeRef>", "", {"Primera tarea": [("Carril", "Asesor", "")]}),
    ],
)
def test_what_an_element_says_is_told_before_and_after(de: str, a: str, dicho: dict[str, list[tuple[str, str, str]]]) -> None:
    assert de in V1
    assert dichos(V1, V1.replace(de, a)) == {nombre: ("cambiado", lineas) for nombre, lineas in dicho.items()}


def test_the_same_file_and_none_at_all() -> None:
    igual = comparar_diagramas(V1.encode(), V1.encode())
    assert igual == Comparacion()
    assert comparar_diagramas(V1.encode(), V2.encode()).insignias == {"llamar": (1, "nuevo")}
    assert {d.clase for d in comparar_diagramas(None, V1.encode()).dichos} == {"nuevo"}


@pytest.mark.parametrize(
    ("escrito", "dicho"),
    [
        ("PT90M", "90 minutos"),
        ("P1DT2H", "1 día y 2 horas"),
        ("dias_habiles(1)", "1 día hábil"),
        ("P", "P"),
        ("fecha_limite", "fecha_limite"),
    ],
)
def test_times_are_read_as_people_say_them(escrito: str, dicho: str) -> None:
    assert en_palabras(escrito) == dicho


# --- cells of tables
@pytest.mark.parametrize(
    ("texto", "tipo", "dicho"),
    [
        ("-", "string", "Cualquiera"),
        ('"a","b"', "string", "A o B"),
        ('not("a", "b")', "string", "Todo menos A o B"),
        ("true", "boolean", "Sí"),
        (">= 60", "number", "Desde 60"),
        ("[1..1999)", "number", "Desde 1 y menos de 1999"),
        ("(1..5]", "number", "Más de 1 hasta 5"),
        ("7", "number", "7"),
        ('date("2026-01-01")', "string", 'date("2026-01-01")'),
        ('"a", > 5', "string", '"a", > 5'),
    ],
)
def test_a_condition_is_read_in_words_and_written_as_it_was(texto: str, tipo: str, dicho: str) -> None:
    assert decir_condicion(texto, tipo, str.upper) == dicho
    assert misma_condicion(texto, escribir_condicion(leer_condicion(texto, tipo), tipo), tipo)


@pytest.mark.parametrize(
    ("una", "otra", "igual"), [('"a","b"', '"b", "a"', True), ("", "-", True), (">5", "> 5", True), ("[1..2]", "[1..2)", False)]
)
def test_two_texts_of_a_cell_that_say_the_same(una: str, otra: str, *, igual: bool) -> None:
    assert misma_condicion(una, otra, "number") is igual
