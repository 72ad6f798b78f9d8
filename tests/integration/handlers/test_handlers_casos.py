"""`caso.crear`: a case of another procedure begins with what this one knows, once, and its number
comes back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import GiveUp
from engine.jobs.inprocess import InProcessJobs
from engine.types import Handlers, RemoteCall
from records.casos.tablas import CasoRegistrado, EnlaceDeCaso
from tests.integration.handlers.test_handlers_acciones import (
    ASESOR,
    PIEZAS,
    diagrama,
    expr,
    incidentes,
    pedir,
    salida,
    tarea,
    valor,
)
from tests.kit import web as web_kit
from tests.kit.diagrams import end, lane, model, process, start
from tests.kit.web import WebKit

CARRIL = lane("lv", "asesor", "", "ve")
VISITA = process(
    "visita",
    start() + '<userTask id="ve" name="Ver"/>' + end(),
    "S>ve>E",
    "metros_v:integer",
    lanes=CARRIL,
)
OTRO = model(VISITA).replace(
    b"<v:variable", b'<v:case number="VIS-{aaaa}-{000}" subject="metros_v"/><v:variable', 1
)
SIN_CASO = model(process("suelto", start() + end(), "S>E"))
ENTRADAS = (
    valor("proceso", "visita") + valor("variable", "visita_numero") + expr("metros_v", "metros + 1")
)
SALIDA = salida("visita_numero", "text")


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    registro_de_pasos = Handlers()
    kit = web_kit.with_actions(
        web_kit.build(tmp_path, sqlite_url, handlers=registro_de_pasos), registro_de_pasos
    )
    yield kit
    kit.engine.db.dispose()


def test_another_case_begins_once_with_what_this_one_knows(web: WebKit) -> None:
    fija = tarea("fija", "datos.fijar", expr("copia", "visita_numero"), salida("copia", "text"))
    pedir(
        web,
        diagrama(tarea("abre", "caso.crear", ENTRADAS, SALIDA), fija, pasos="abre>fija"),
        ajeno=OTRO,
    )
    assert isinstance(web.engine.core.jobs, InProcessJobs)
    web.engine.core.jobs.run_all(web.engine.jobs)

    assert incidentes(web) == []
    with web.session() as session:
        [caso] = session.scalars(sa.select(CasoRegistrado))
        assert (caso.numero, caso.asunto, caso.procedimiento) == ("VIS-2026-001", "25", "visita")
    otra_vez = RemoteCall(
        web.clock.now(),
        "la-misma",
        "i",
        "c",
        "abre",
        {},
        {"proceso": "visita", "variable": "n", "metros_v": 3},
    )
    crear = web.engine.core.handlers.remote["caso.crear"]
    assert crear(otra_vez) == crear(otra_vez) == {"n": "VIS-2026-002"}
    with pytest.raises(GiveUp, match="ya no está en vigor"):
        crear(replace(otra_vez, inputs={"proceso": "ninguno"}))


def abre_otro(id_: str, entrada: str) -> bytes:
    """A process that does nothing but begin a case of another one."""
    drawing = model(
        process(id_, start() + tarea("abre", "caso.crear", entrada) + end(), "S>abre>E", "k")
    )
    return drawing.replace(
        b"<v:variable", f'<v:case number="{id_.upper()}-{{aaaa}}-{{000}}"/><v:variable'.encode(), 1
    )


def test_cases_that_would_begin_one_another_for_ever_are_refused_or_stop(web: WebKit) -> None:
    anillo = {
        f"{uno}.bpmn": abre_otro(uno, valor("proceso", otro))
        for uno, otro in (("a", "b"), ("b", "a"))
    }
    halladas = web.engine.releases.check(anillo)
    assert [f.rule for f in halladas if f.severity == "error"] == ["input_ring", "input_ring"]

    calculado = {
        f"{uno}.bpmn": abre_otro(uno, expr("proceso", f"'{otro}'"))
        for uno, otro in (("a", "b"), ("b", "a"))
    }
    web.engine.releases.deploy(calculado, actor=ASESOR, now=web.clock.now())
    web.engine.instances.start("a", actor=ASESOR, now=web.clock.now())
    assert isinstance(web.engine.core.jobs, InProcessJobs)
    web.engine.core.jobs.run_all(web.engine.jobs)
    with web.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CasoRegistrado)) == 11
    [error] = incidentes(web)
    assert "10 casos se abrieron uno al otro" in error


def test_two_cases_are_linked_by_number_once(web: WebKit) -> None:
    abre = tarea("abre", "caso.crear", ENTRADAS, SALIDA)
    enlaza = tarea(
        "enlaza",
        "caso.enlazar",
        expr("numero", "visita_numero")
        + valor("clase", "continua")
        + valor("motivo", "La pidió {nombre}"),
    )
    pedir(
        web,
        diagrama(abre, enlaza, enlaza.replace('"enlaza"', '"repite"'), pasos="abre>enlaza>repite"),
        ajeno=OTRO,
    )
    assert isinstance(web.engine.core.jobs, InProcessJobs)
    web.engine.core.jobs.run_all(web.engine.jobs)

    assert incidentes(web) == []
    with web.session() as session:
        [enlace] = session.scalars(sa.select(EnlaceDeCaso))
        [caso] = session.scalars(sa.select(CasoRegistrado))
    assert (enlace.hacia, enlace.clase, enlace.motivo) == (
        caso.case_key,
        "continua",
        "La pidió Yolanda Prada",
    )


def test_a_number_that_no_case_has_is_an_error_of_the_step(web: WebKit) -> None:
    enlaza = tarea(
        "enlaza",
        "caso.enlazar",
        valor("numero", "VIS-2026-999")
        + valor("clase", "relacionado")
        + valor("motivo", "Lo mismo"),
    )
    pedir(web, diagrama(enlaza, pasos="enlaza"))

    [error] = incidentes(web)
    assert error == "ERR_CASO: ningún otro caso tiene el número «VIS-2026-999»"


@pytest.mark.parametrize(
    ("entradas", "regla"),
    [
        (valor("proceso", "permiso"), "input_value"),
        (valor("proceso", "suelto"), "input_value"),
        (valor("proceso", "visita") + valor("color", "rojo"), "input_unknown"),
        (valor("proceso", "visita") + valor("variable", "otra"), "input_output"),
    ],
)
def test_what_cannot_begin_is_refused(web: WebKit, entradas: str, regla: str) -> None:
    dibujo = diagrama(tarea("abre", "caso.crear", entradas, SALIDA), pasos="abre")
    halladas = web.engine.releases.check(
        {"permiso.bpmn": dibujo, "zeta.bpmn": OTRO, "suelto.bpmn": SIN_CASO, **PIEZAS}
    )

    assert {f.rule for f in halladas if f.severity == "error"} == {regla}
