"""What changes between two versions, in words: each change once, and nothing that means the
same."""

import pytest

from tests.acceptance.test_analista import con_llamada, version_1
from tests.kit.procedure import BPMN
from webforms.paquetes.celdas import (
    decir_condicion,
    escribir_condicion,
    leer_condicion,
    misma_condicion,
)
from webforms.paquetes.comparacion import Comparacion, comparar_diagramas, en_palabras, lo_que_dice
from webforms.paquetes.expresiones import decir, rotulos_de

V1 = version_1()
V2 = con_llamada("dias_habiles(8)")
#: A flow between two elements of the first version beside the old one, and what stands where it
#: leads.
RECHAZO = (
    '<bpmn:endEvent id="rechazo" name="Rechazado"><bpmn:incoming>visita_f9</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="visita_f9" sourceRef="visita_inicio" targetRef="rechazo"/>'
)


def dichos(antes: str, despues: str) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    c = comparar_diagramas(antes.encode(), despues.encode())
    assert [d.numero for d in c.dichos] == list(range(1, len(c.dichos) + 1))
    return {
        d.nombre: (d.clase, [(linea.rotulo, linea.antes, linea.despues) for linea in d.lineas])
        for d in c.dichos
    }


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
    assert {nombre: clase for nombre, (clase, _lineas) in dichos(V2, V1).items()} == {
        "Llamar de vuelta": "quitado"
    }


def test_the_mark_of_an_assumption_is_told_by_its_words() -> None:
    categoria = '<bpmn:category id="c"><bpmn:categoryValue id="s20" value="SUPUESTO Q20"/><bpmn:categoryValue id="s21" value="SUPUESTO Q21"/>'
    con = V2.replace("<bpmn:collaboration", f"{categoria}</bpmn:category><bpmn:collaboration", 1)
    marca = "<bpmn:categoryValueRef>s20</bpmn:categoryValueRef><bpmn:categoryValueRef>s21</bpmn:categoryValueRef>"
    marcada = con.replace('name="Llamar de vuelta">', f'name="Llamar de vuelta">{marca}', 1)

    rotulo = "No lo dice el procedimiento"
    assert dichos(con, marcada) == {
        "Llamar de vuelta": (
            "cambiado",
            [(rotulo, "", "SUPUESTO Q20"), (rotulo, "", "SUPUESTO Q21")],
        )
    }


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
        V2.replace('name="contesto"', 'decision="true" name="contesto"').replace(
            ' decision="true"/>', "/>", 1
        ),
        V2.replace('type="text" required', "required"),
        V2.replace(
            "</bpmn:process>",
            '<bpmn:textAnnotation id="n1"><bpmn:text>Una nota</bpmn:text></bpmn:textAnnotation></bpmn:process>',
        ),
        V2.replace(
            '<bpmn:userTask id="llamar" name="Llamar de vuelta">',
            '<bpmn:userTask name="Llamar de vuelta" id="llamar" startQuantity="1">',
        ),
    ],
    ids=[
        "spaces",
        "flow drawn anew",
        "moved",
        "order of attributes",
        "default written out",
        "note",
        "default of BPMN",
    ],
)
def test_what_means_the_same_is_not_told(igual: str) -> None:
    assert igual != V2
    assert dichos(V2, igual) == {}


def test_what_was_only_moved_and_what_only_explains_are_counted_apart() -> None:
    movido = V2.replace('x="535" y="140"', 'x="555" y="150"').replace(
        "</bpmn:process>",
        '<bpmn:textAnnotation id="n1"><bpmn:text>Una nota</bpmn:text></bpmn:textAnnotation></bpmn:process>',
    )
    c = comparar_diagramas(V2.encode(), movido.encode())
    assert (c.figuras, c.lineas, c.explicaciones) == (("Llamar de vuelta",), (), ("Una nota",))


def test_a_frame_that_comes_or_goes_is_told_with_what_explains() -> None:
    categoria = (
        '<bpmn:category id="c"><bpmn:categoryValue id="s20" value="SUPUESTO Q20"/></bpmn:category>'
    )
    sin_marco = V2.replace("<bpmn:collaboration", f"{categoria}<bpmn:collaboration", 1)
    con_marco = sin_marco.replace(
        "</bpmn:process>", '<bpmn:group id="g" categoryValueRef="s20"/></bpmn:process>'
    )

    for antes, despues, dicho in (
        (sin_marco, con_marco, "nuevo"),
        (con_marco, sin_marco, "quitado"),
    ):
        c = comparar_diagramas(antes.encode(), despues.encode())
        assert (c.dichos, c.explicaciones) == ((), (f"marco «SUPUESTO Q20», {dicho}",))


def test_where_one_goes_on_is_told_when_nothing_new_explains_it() -> None:
    con_rechazo = V1.replace("</bpmn:process>", f"{RECHAZO}</bpmn:process>")
    assert list(dichos(V1, con_rechazo)) == ["Rechazado"]

    otra_vuelta = V2.replace(
        'sourceRef="llamar" targetRef="visita_fin"', 'sourceRef="llamar" targetRef="visita_tarea"'
    )
    assert dichos(V2, otra_vuelta) == {
        "Llamar de vuelta": ("cambiado", [("Sigue a", "«Fin»", "«Primera tarea»")])
    }


def test_a_condition_is_told_on_its_flow() -> None:
    def con(condicion: str) -> str:
        return V1.replace(
            'sourceRef="visita_tarea" targetRef="visita_fin"/>',
            f'sourceRef="visita_tarea" targetRef="visita_fin"><bpmn:conditionExpression>{condicion}'
            "</bpmn:conditionExpression></bpmn:sequenceFlow>",
        )

    assert dichos(con("a == 1"), con("a==1")) == {}
    assert dichos(con("a == 1"), con("a == 2")) == {
        "Flujo de Primera tarea a Fin": ("cambiado", [("Condición", "«A» es 1", "«A» es 2")]),
    }


#: A choice after the first task: two ways with their conditions, one by default.
ELIGE = (
    '<bpmn:exclusiveGateway id="x" name="¿Contestó?" default="f_no"/>'
    '<bpmn:sequenceFlow id="f_si" name="Sí" sourceRef="x" targetRef="visita_fin">'
    "<bpmn:conditionExpression>contesto and intentos &lt; 3</bpmn:conditionExpression></bpmn:sequenceFlow>"
    '<bpmn:sequenceFlow id="f_no" sourceRef="x" targetRef="visita_tarea"/>'
)
CON_ELEGIR = V1.replace('targetRef="visita_fin"/>', f'targetRef="x"/>{ELIGE}')
CONDICION = "contesto and intentos &lt; 3"


def test_the_ways_out_of_a_new_gateway_are_told_with_their_conditions_and_the_default() -> None:
    clase, lineas = dichos(V1, CON_ELEGIR)["¿Contestó?"]

    assert clase == "nuevo"
    vuelta = "«Primera tarea» (si ninguna otra condición se cumple)"
    assert (
        "Antes de",
        "",
        f"«Fin» («Sí»: si «Contesto» es sí y «Intentos» es menor que 3), {vuelta}",
    ) in lineas


def test_a_condition_that_is_drawn_anew_with_its_flow_is_a_change() -> None:
    """A flow that was removed and drawn again between the same ends said nothing of its
    condition."""
    otro = CON_ELEGIR.replace('"f_si"', '"f_otro"').replace(CONDICION, "not contesto")

    assert dichos(CON_ELEGIR, otro) == {
        "Flujo «Sí» de ¿Contestó?": (
            "cambiado", [("Condición", "«Contesto» es sí y «Intentos» es menor que 3", "«Contesto» es no")],
        ),
    }  # fmt: skip
    c = comparar_diagramas(CON_ELEGIR.encode(), otro.encode())
    assert (c.antes, c.despues) == ({"f_si": "cambiado"}, {"f_otro": "cambiado"})
    assert c.insignias == {"f_si": (1, "cambiado"), "f_otro": (1, "cambiado")}
    sin_condicion = CON_ELEGIR.replace('"f_si"', '"f_otro"').replace(
        f"<bpmn:conditionExpression>{CONDICION}</bpmn:conditionExpression>", ""
    )
    assert [
        linea.despues
        for dicho in comparar_diagramas(CON_ELEGIR.encode(), sin_condicion.encode()).dichos
        for linea in dicho.lineas
    ] == [""]


def test_a_flow_that_leads_elsewhere_tells_its_new_condition_too() -> None:
    vuelto = CON_ELEGIR.replace(
        'name="Sí" sourceRef="x" targetRef="visita_fin"',
        'name="Sí" sourceRef="x" targetRef="visita_tarea"',
    )
    hallados = dichos(CON_ELEGIR, vuelto.replace(CONDICION, "contesto"))

    assert hallados["Flujo «Sí» de ¿Contestó?"][1] == [
        ("Condición", "«Contesto» es sí y «Intentos» es menor que 3", "«Contesto» es sí")
    ]
    assert hallados["¿Contestó?"][1][0][0] == "Sigue a"


def test_another_default_is_a_change_and_so_is_none() -> None:
    rotulo = "Si ninguna condición se cumple"
    otro = CON_ELEGIR.replace('default="f_no"', 'default="f_si"')
    assert dichos(CON_ELEGIR, otro) == {
        "¿Contestó?": ("cambiado", [(rotulo, "Primera tarea", "Fin")])
    }
    assert dichos(CON_ELEGIR, CON_ELEGIR.replace(' default="f_no"', "")) == {
        "¿Contestó?": ("cambiado", [(rotulo, "Primera tarea", "")])
    }


@pytest.mark.parametrize(
    ("de", "a", "lineas"),
    [
        ('name="contesto"', 'name="contesto2"', [
            ("Campo", "«¿Contestó?»: sí o no, obligatorio, decide el camino", ""),
            ("Campo", "", "«¿Contestó?» (contesto2): sí o no, obligatorio, decide el camino"),
        ]),
        ('label="¿Contestó?" type="boolean"', 'label="¿Contestó?" type="choice" options="si:Sí|n:No"', [
            ("Campo", "«¿Contestó?»: sí o no, obligatorio, decide el camino",
             "«¿Contestó?»: se elige, obligatorio, decide el camino, opciones «Sí», «No» (n)"),
        ]),
    ],
)  # fmt: skip
def test_a_field_that_conditions_call_otherwise_is_a_change(
    de: str, a: str, lineas: list[tuple[str, str, str]]
) -> None:
    assert dichos(V2, V2.replace(de, a)) == {"Llamar de vuelta": ("cambiado", lineas)}


def test_what_only_other_tools_read_is_named_and_is_no_change() -> None:
    camunda = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    zeebe = '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="correo" retries="3"/>'
    suyo = f"<bpmn:extensionElements>{zeebe}</bpmn:extensionElements><bpmn:incoming>visita_f1"
    con = V1.replace(
        'name="Primera tarea"', f'name="Primera tarea" {camunda} camunda:assignee="ana"', 1
    )
    con = con.replace("<bpmn:incoming>visita_f1", suyo, 1)

    for antes, despues, ajenas in (
        (
            V1,
            con,
            [
                ("camunda:assignee", "", "ana"),
                ("zeebe:taskDefinition", "", "retries=3, type=correo"),
            ],
        ),
        (con, con.replace('"ana"', '"luis"'), [("camunda:assignee", "ana", "luis")]),
        (
            con,
            con.replace(' retries="3"', ""),
            [("zeebe:taskDefinition", "retries=3, type=correo", "type=correo")],
        ),
        (
            con,
            V1,
            [
                ("camunda:assignee", "ana", ""),
                ("zeebe:taskDefinition", "retries=3, type=correo", ""),
            ],
        ),
        (con, con, []),
    ):
        c = comparar_diagramas(antes.encode(), despues.encode())
        assert c.dichos == ()
        assert [(x.nombre, x.que, x.antes, x.despues) for x in c.ajenas] == [
            ("Primera tarea", *x) for x in ajenas
        ]


def test_a_field_of_another_tool_is_no_field_of_ours() -> None:
    ajeno = '<c:field xmlns:c="http://camunda.org/schema/1.0/bpmn" name="x" label="X"/>'
    c = comparar_diagramas(V2.encode(), V2.replace("<v:field", f"{ajeno}<v:field", 1).encode())
    assert (c.dichos, [x.que for x in c.ajenas]) == ((), ["c:field"])


def test_what_a_diagram_says_stands_beside_each_element() -> None:
    dice = {
        id_: [(linea.rotulo, linea.despues) for linea in lineas]
        for id_, lineas in lo_que_dice(CON_ELEGIR.encode()).items()
    }
    assert dice["x"] == [
        ("Sigue a", "«Fin» («Sí»: si «Contesto» es sí y «Intentos» es menor que 3)"),
        ("Sigue a", "«Primera tarea» (si ninguna otra condición se cumple)"),
    ]
    assert ("Campo", "«¿Contestó?»: sí o no, obligatorio, decide el camino") in [
        (linea.rotulo, linea.despues) for linea in lo_que_dice(V2.encode())["llamar"]
    ]


CAMPOS = rotulos_de([
    {"name": "ruta", "label": "Ruta de atención", "options": "escrita:Atención escrita|sala:Sala"},
    {"name": "analisis", "label": "Uno"}, {"name": "analisis", "label": "Otro"},
    {"name": "a", "label": "Igual"}, {"name": "b", "label": "Igual"},
])  # fmt: skip


@pytest.mark.parametrize(
    ("escrita", "dicha"),
    [
        ("ruta == 'escrita'", "«Ruta de atención» es «Atención escrita»"),
        ("ruta in ['escrita', 'sala', 'otra']", "«Ruta de atención» es «Atención escrita», «Sala» o «otra»"),
        ("ruta not in ['escrita', 'sala']", "«Ruta de atención» no es «Atención escrita» ni «Sala»"),
        ("not (ruta == 'sala' or vuelve) and n >= 3", "no («Ruta de atención» es «Sala» o «Vuelve» es sí) y «N» es como mínimo 3"),
        ("(vuelve or dispone) and caso != None", "(«Vuelve» es sí o «Dispone» es sí) y «Caso» tiene valor"),
        ("caso == None", "«Caso» no tiene valor"),
        ("1 < n <= 3", "1 es menor que «N» y «N» es como máximo 3"),
        ("vuelve == False", "«Vuelve» es no"),
        ("n_reasignaciones > 2", "«Número de reasignaciones» es mayor que 2"),
        ("len(areas) > n + 1", "cuántos hay en «Areas» es mayor que «N» + 1"),
        ("analisis == 'x' and a", "«Analisis» es «x» y «A» es sí"),
        ("ruta ==", "ruta =="),
        ("x.y", "x.y"),
        ("f(x for x in y)", "f(x for x in y)"),
    ],
)  # fmt: skip
def test_a_condition_is_read_in_words(escrita: str, dicha: str) -> None:
    assert decir(escrita, CAMPOS) == dicha


@pytest.mark.parametrize(
    ("de", "a", "dicho"),
    [
        ('name="Primera tarea"', 'name="Otra"', {"Otra": [("Se llama", "Primera tarea", "Otra")]}),
        ('role="asesor"', 'role="funcionario"', {"Asesor": [("La hace", "Asesor", "Funcionario")]}),
        (
            "<bpmn:flowNodeRef>visita_tarea</bpmn:flowNodeRef>",
            "",
            {"Primera tarea": [("Carril", "Asesor", "")]},
        ),
    ],
)
def test_what_an_element_says_is_told_before_and_after(
    de: str, a: str, dicho: dict[str, list[tuple[str, str, str]]]
) -> None:
    assert de in V1
    assert dichos(V1, V1.replace(de, a)) == {
        nombre: ("cambiado", lineas) for nombre, lineas in dicho.items()
    }


@pytest.mark.parametrize(
    ("atributo", "dicho"), [(' cancelActivity="false"', "lo que se hacía sigue abierto"), ("", "")]
)
def test_an_event_on_a_border_that_comes_or_goes_has_no_other_side(
    atributo: str, dicho: str
) -> None:
    evento = (
        f'<bpmn:boundaryEvent id="aviso" name="Aviso" attachedToRef="visita_tarea"{atributo}>'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    con = V1.replace("<bpmn:sequenceFlow", f"{evento}<bpmn:sequenceFlow", 1)

    for antes, despues, clase in ((V1, con, "nuevo"), (con, V1, "quitado")):
        hallada, lineas = dichos(antes, despues)["Aviso"]
        assert hallada == clase
        lados = [
            linea[1:] if clase == "nuevo" else linea[:0:-1]
            for linea in lineas
            if linea[0] == "Cuando llega"
        ]
        assert lados == ([("", dicho)] if dicho else [])


def test_when_the_calendar_starts_it_is_one_line_in_words() -> None:
    """As the page of recurring starts says it; what is no rule yet, as it is written."""

    def programacion(de: str = "", a: str = "") -> list[str]:
        texto = (BPMN / "reporte_mensual.bpmn").read_text()
        assert de in texto
        return [
            linea.despues
            for linea in lo_que_dice(texto.replace(de, a).encode())["ini_mes"]
            if linea.rotulo == "Programación"
        ]

    assert programacion() == [
        "El día 1 de cada mes a las 6:00; la fecha programada queda en «cierre»"
    ]
    assert programacion('day="1" at="06:00"', 'business_day="-1" at="07:30" missed="last"') == [
        "El último día hábil de cada mes a las 7:30; después de una caída, solo la última; la fecha programada queda en «cierre»"
    ]
    assert programacion('day="1" at="06:00" variable="cierre"', "") == ['each="month"']

    antes = (BPMN / "control_vencimientos.bpmn").read_text()
    [(clase, lineas)] = dichos(
        antes, antes.replace('at="07:30" missed="last"', 'at="08:00"')
    ).values()
    assert (clase, lineas) == (
        "cambiado",
        [
            (
                "Programación",
                "Cada día hábil a las 7:30; después de una caída, solo la última",
                "Cada día hábil a las 8:00",
            )
        ],
    )


def test_whether_an_event_interrupts_is_told_before_and_after() -> None:
    evento = '<bpmn:boundaryEvent id="aviso" name="Aviso" attachedToRef="visita_tarea"/>'
    con = V1.replace("<bpmn:sequenceFlow", f"{evento}<bpmn:sequenceFlow", 1)
    otra = con.replace('id="aviso"', 'id="aviso" cancelActivity="false"')
    lineas = [("Cuando llega", "interrumpe lo que se hacía", "lo que se hacía sigue abierto")]
    assert dichos(con, otra) == {"Aviso": ("cambiado", lineas)}


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
def test_a_condition_is_read_in_words_and_written_as_it_was(
    texto: str, tipo: str, dicho: str
) -> None:
    assert decir_condicion(texto, tipo, str.upper) == dicho
    assert misma_condicion(texto, escribir_condicion(leer_condicion(texto, tipo), tipo), tipo)


@pytest.mark.parametrize(
    ("una", "otra", "igual"),
    [
        ('"a","b"', '"b", "a"', True),
        ("", "-", True),
        (">5", "> 5", True),
        ("[1..2]", "[1..2)", False),
    ],
)
def test_two_texts_of_a_cell_that_say_the_same(una: str, otra: str, *, igual: bool) -> None:
    assert misma_condicion(una, otra, "number") is igual
