"""Which rule of which table decided is told on the pages of a case, under the version of then, with
the way to that table."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.reads.releases import FileVersion
from engine.store import chain
from engine.store.tables import Instance, Journal
from engine.types import Data, Decision
from tests.kit import public as public_kit
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import followed
from webforms.casos import decisiones

TABLA = Path(__file__).resolve().parents[3] / "bpmn" / "m5_1_02" / "prioridad_turno.dmn"
NO_QUEDO = "no quedó registrado qué regla decidió"


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def turno(punto: Point) -> str:
    punto.take_turn(punto.device("quiosco-1"))
    return str(punto.turnos()[-1].case_key)


def pagina(punto: Point, usuario: str, ruta: str) -> str:
    respuesta = punto.web.browser(usuario).get(ruta)
    assert respuesta.status_code == 200, (ruta, respuesta.status)
    return followed(unescape(respuesta.text))


def revision(punto: Point, caso: str) -> str:
    return pagina(punto, "revisor", f"/cumplimiento/caso/{caso}")


def test_the_reviewer_reads_rule_reason_inputs_and_result_and_is_led_to_the_row(
    punto: Point,
) -> None:
    caso = turno(punto)
    dicha = revision(punto, caso).split('class="decidida">')[1].split("</div>")[0]
    assert re.search(
        r"Decidió la regla \d de la tabla «Prioridad del turno», versión 1: ", dicha
    ), dicha
    for parte in (
        "Con Condición: Atención general; Motivo de la visita:",
        "Resultó Peso:",
        "<code>prioridad_turno.dmn</code>",
    ):
        assert parte in dicha
    (direccion,) = re.findall(r'href="([^"#]+)#fila-', dicha)
    tabla = pagina(punto, "revisor", direccion)
    (fila,) = re.findall(
        r'<tr role="row" id="fila-prioridad_turno-(\d)" tabindex="-1" class="probada">', tabla
    )
    assert f"Decidió la regla {fila} de" in dicha
    (huella,) = re.findall(r"[0-9a-f]{64}", dicha)
    assert huella in tabla, "the file that is shown is the one that decided"
    assert "En vigor desde hoy, " in tabla


def test_a_table_that_changed_is_shown_as_it_was_when_it_decided(punto: Point) -> None:
    antes = turno(punto)
    punto.web.deploy(
        {
            "prioridad_turno.dmn": TABLA.read_bytes().replace(
                b"Servicio adquirido<", "Crédito de antes<".encode()
            )
        }
    )
    despues = turno(punto)
    viejo, nuevo = revision(punto, antes), revision(punto, despues)
    assert ("versión 1: " in viejo, "versión 2: " in nuevo) == (True, True)
    assert ("Crédito de antes" in viejo, "Crédito de antes" in nuevo) == (False, True)
    (direccion,) = re.findall(r'href="([^"#]+)#fila-', viejo)
    tabla = pagina(punto, "revisor", direccion)
    assert (
        "Rigió desde hoy, " in tabla,
        "Hoy rige la versión 2" in tabla,
        "Crédito de antes" in tabla,
    ) == (True, True, False)


@pytest.mark.parametrize(
    ("usuario", "codigo"), [("asesor", 403), ("coordinador", 403), ("admin", 200)]
)
def test_whoever_may_open_the_case_reads_it_in_the_history_and_only_readers_of_tables_are_led_there(
    punto: Point, usuario: str, codigo: int
) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    punto.until_power(punto.turnos()[0])
    caso = str(punto.turnos()[0].case_key)
    if usuario == "admin":
        punto.web.open_with_reason(usuario, caso)
    historia = pagina(punto, usuario, f"/caso/{caso}/historia")
    assert "Decidió la regla" in historia
    assert "huella" not in historia
    assert ("Ver la tabla de entonces" in historia) is (codigo == 200)
    assert (
        punto.web.browser(usuario).get("/procesos/prioridad_turno.dmn/version/1").status_code
        == codigo
    )


def test_a_case_of_before_says_that_it_was_not_recorded(punto: Point) -> None:
    caso = turno(punto)
    assert NO_QUEDO not in revision(punto, caso)
    with Session(punto.web.engine.db) as session:  # as an earlier version wrote the first entry
        fila = session.scalars(
            sa.select(Journal)
            .join(Instance, Instance.id == Journal.instance_id)
            .where(Instance.case_key == caso)
        ).one()
        detalle = {n: v for n, v in fila.detail.items() if n != "decisions"}
        assert detalle != fila.detail
        columnas = (
            "instance_id",
            "rev",
            "at",
            "actor_kind",
            "actor_id",
            "kind",
            "element",
            "delta",
            "digest",
        )
        fila.hash = chain.journal_hash(
            chain.START, detail=detalle, **{c: getattr(fila, c) for c in columnas}
        )
        fila.detail = detalle
        session.get_one(Instance, fila.instance_id).head = fila.hash
        session.commit()
    dicho = revision(punto, caso)
    assert f"«Determinar prioridad»: {NO_QUEDO}" in dicho
    assert "Decidió la regla" not in dicho
    assert "Cadena verificada: 1 registro y 1 formulario coinciden" in dicho


@pytest.mark.parametrize("ruta", ["version/99", "version/0", "version/" + "9" * 30])
def test_a_version_that_never_was_is_not_found(punto: Point, ruta: str) -> None:
    revisor = punto.web.browser("revisor")
    assert revisor.get(f"/procesos/prioridad_turno.dmn/{ruta}").status_code == (
        200 if ruta == "version/99" else 404
    )
    assert revisor.get(f"/procesos/atencion_personalizada.bpmn/{ruta}").status_code == 404
    assert (
        revisor.get("/procesos/prioridad_turno.dmn/version/1?tabla=no&regla=²&regla=-1").status_code
        == 200
    )


@pytest.mark.parametrize(
    ("rules", "result", "problem", "frase"),
    [
        ((), None, "no_rule", "En la tabla «tarifa» no coincidió ninguna regla: no decidió."),
        (
            ((1, "una"), (4, "una")),
            None,
            "many",
            "En la tabla «tarifa» coincidieron varias reglas (1, 4), y solo puede una: no decidió.",
        ),
        ((), None, "no_value", "La tabla «tarifa» no se pudo aplicar con estos datos: no decidió."),
        ((), {"n": 0}, "", "En la tabla «tarifa» no coincidió ninguna regla."),
        (
            ((1, "una"), (4, "otra")),
            {"n": [1, 2]},
            "",
            "Decidieron las reglas 1, 4 de la tabla «tarifa»: una; otra.",
        ),
    ],
)
def test_what_a_table_did_not_decide_or_decided_by_several_rules_has_its_sentence(
    punto: Point, rules: tuple[tuple[int, str], ...], result: Data | None, problem: str, frase: str
) -> None:
    decision = Decision(
        "s", "tarifa", "tarifa.dmn", "f" * 64, rules, {"num_doc": "52123456"}, result, problem
    )
    with punto.web.app.test_request_context("/"):
        dicha = decisiones.en_palabras(decision, None, None, cubre_=True, enlaza=True)
    assert (dicha.frase, dicha.direccion) == (frase, "")
    assert dicha.con == [("Número de documento", "• ••• •456")], "covered like everywhere"
    assert dicha.resulto == (
        [
            (nombre.capitalize(), {"0": "0", "[1, 2]": "1, 2"}[str(valor)])
            for nombre, valor in (result or {}).items()
        ]
    )


def test_what_an_expression_of_a_graph_gave_is_said_as_a_decision(punto: Point) -> None:
    """The file is known and has no table of that name."""
    version = FileVersion("t.dmn", 3, "0" * 64, 1, NOW)
    decision = Decision("s", "cuota", "t.dmn", "0" * 64, (), {"n": 2}, {"cuota": 7})
    with punto.web.app.test_request_context("/"):
        dicha = decisiones.en_palabras(decision, version, None, cubre_=False, enlaza=False)
    assert dicha.frase == "Decidió la decisión «cuota», versión 3."
