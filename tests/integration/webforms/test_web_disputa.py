"""What the systems said in the visit stands before whoever decides the case, and can be asked again
(5.2.16 to 5.2.18; domain.md, what legacy systems hold)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo.cctex import Credito, construir
from engine.types import SYSTEM
from handlers.conectores.cctex import Cctex
from handlers.conectores.guarda import Guarda
from records.casos.tablas import Caso
from records.personas.tablas import Persona, ServicioAdquirido
from records.sistemas.reglas.sistemas import SISTEMAS
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion
from tests.kit.month import World, month
from tests.kit.web import csrf
from webforms.base.servicios import EXTENSION as SERVICIOS
from webforms.sistemas.cotejo import del_caso, valor

OFFICER = "funcionario.vcc01"
PANEL = re.compile(
    r'<section class="panel" aria-labelledby="respondieron">.*?</section>', re.DOTALL
)
OPEN_TASKS = sa.text(
    "SELECT w.id, w.case_key FROM work_item w JOIN caso c ON c.case_key = w.case_key"
    " WHERE w.state = 'open' AND w.element = 'act_5_2_17' AND w.claimed_by = :who"
    " AND c.servicio_id IS NOT NULL ORDER BY w.id"
)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path) as world:
        yield world


@pytest.fixture
def tarea(mundo: World) -> tuple[str, str]:
    """(task, case) of an officer who has the case of somebody's credit."""
    with Session(mundo.engine.db) as s:
        return tuple(s.execute(OPEN_TASKS, {"who": OFFICER}).first() or pytest.fail("no task"))


def lo_dicho(mundo: World, case_key: str) -> tuple[str, dict[str, object]]:
    """The obligation of the case, and what a system said of it in the visit."""
    with Session(mundo.engine.db) as s:
        caso = s.scalars(sa.select(Caso).where(Caso.case_key == case_key)).one()
        obligacion = s.get_one(ServicioAdquirido, caso.servicio_id).obligacion
        filas = [
            fila
            for c in s.scalars(
                sa.select(ConsultaLegado).where(ConsultaLegado.turno_id == caso.turno_id)
            )
            for fila in c.filas or []
        ]
    return obligacion, next(fila for fila in filas if fila["obligacion"] == obligacion)


def panel(pagina: str) -> str:
    hallado = PANEL.search(pagina)
    assert hallado is not None
    return re.sub(r"\s+", " ", hallado[0])


def test_whoever_decides_reads_the_figures_that_the_adviser_saw(
    mundo: World, tarea: tuple[str, str]
) -> None:
    item, case_key = tarea
    obligacion, fila = lo_dicho(mundo, case_key)
    dicho = panel(mundo.person(OFFICER).get(f"/tarea/{item}").text)
    assert obligacion in dicho
    assert fila["saldo"] is not None
    for columna in ("saldo", "dias_mora"):
        with mundo.app.test_request_context():
            assert valor(columna, fila[columna]) in dicho, columna
    assert "corte del" in dicho


def test_the_case_shows_them_to_who_uncovers_the_personal_data(
    mundo: World, tarea: tuple[str, str]
) -> None:
    _item, case_key = tarea
    obligacion, _fila = lo_dicho(mundo, case_key)
    quien = mundo.person(OFFICER)
    pagina = quien.get(f"/caso/{case_key}").text
    assert PANEL.search(pagina) is None
    quien.post(f"/caso/{case_key}/datos", data={"csrf_token": csrf(pagina)})
    assert obligacion in panel(quien.get(f"/caso/{case_key}").text)


def test_beside_the_name_stands_in_which_capacity_the_person_came(
    mundo: World, tarea: tuple[str, str]
) -> None:
    item, case_key = tarea
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        caso = s.scalars(sa.select(Caso).where(Caso.case_key == case_key)).one()
        atencion = s.scalars(sa.select(Atencion).where(Atencion.turno_id == caso.turno_id)).one()
        atencion.calidad, atencion.apoderado_id = "deudor_solidario", None
        cual, titular = atencion.id, caso.persona_id
    assert (
        '<span class="capacidad">deudor solidario</span>'
        in mundo.person(OFFICER).get(f"/tarea/{item}").text
    )
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        otra = s.scalars(sa.select(Persona).where(Persona.id != titular)).first()
        assert otra is not None
        s.get_one(Atencion, cual).apoderado_id, nombre = otra.id, otra.nombre
    pagina = mundo.person(OFFICER).get(f"/tarea/{item}").text
    assert f"vino por esta persona {nombre}, con poder" in pagina


def conectar(mundo: World, archivo: Path) -> None:
    """C&CTEX of this file is connected to the pages."""
    sistema = next(s for s in SISTEMAS if s.codigo == "cctex")
    guarda = Guarda(
        sistema,
        Cctex(f"sqlite:///{archivo}"),
        verificada=lambda _doc: False,  # the visit is over
        suceso=lambda *_suceso: None,
        bitacora=lambda clase, sujeto, now, detalle: mundo.engine.log_access(
            SYSTEM, clase, sujeto, now=now, detail=detalle
        ),
    )
    suyos = mundo.app.extensions[SERVICIOS]
    mundo.app.extensions[SERVICIOS] = replace(suyos, vecinos=(guarda.vecino,))


def test_the_systems_are_asked_again_and_both_moments_stand_there(
    mundo: World, tarea: tuple[str, str], tmp_path: Path
) -> None:
    item, case_key = tarea
    obligacion, fila = lo_dicho(mundo, case_key)
    quien = mundo.person(OFFICER)
    assert "consultar-otra-vez" not in quien.get(f"/tarea/{item}").text, "nothing is connected"
    with Session(mundo.engine.db) as s:
        caso = s.scalars(sa.select(Caso).where(Caso.case_key == case_key)).one()
        persona = s.get_one(Persona, caso.persona_id)
    credito = Credito(
        obligacion, "PREG", 2015, "vigente", persona.tipo_doc, persona.num_doc, persona.nombre
    )
    construir(tmp_path / "cctex.db", [credito], corte=dt.date(2026, 8, 3))
    conectar(mundo, tmp_path / "cctex.db")
    pagina = quien.get(f"/tarea/{item}").text
    mundo.clock.advance(dt.timedelta(hours=1))
    respuesta = quien.post(
        f"/tarea/{item}/consultar-otra-vez",
        data={"csrf_token": csrf(pagina)},
        follow_redirects=True,
    )
    dicho = panel(respuesta.text)
    assert dicho.index("Consultado otra vez") < dicho.index("3 ago") < dicho.index("En la visita")
    with mundo.app.test_request_context():
        assert valor("saldo", fila["saldo"]) in dicho
    with mundo.engine.db.connect() as c:
        leyo = c.exec_driver_sql(
            "SELECT detail FROM access WHERE kind = 'consulta_legado' ORDER BY day DESC, n DESC LIMIT 1"
        ).scalar_one()
    assert OFFICER in leyo
    assert case_key in leyo


def test_who_does_not_have_the_task_cannot_ask(
    mundo: World, tarea: tuple[str, str], tmp_path: Path
) -> None:
    item, _case_key = tarea
    construir(tmp_path / "cctex.db", [], corte=dt.date(2026, 11, 20))
    conectar(mundo, tmp_path / "cctex.db")
    otra = mundo.person("lider.vcc")
    pagina = otra.get(f"/tarea/{item}").text
    assert "consultar-otra-vez" not in pagina
    respuesta = otra.post(
        f"/tarea/{item}/consultar-otra-vez",
        data={"csrf_token": csrf(otra.get("/bandeja").text)},
        follow_redirects=True,
    )
    assert 'class="aviso rojo' in respuesta.text
    with Session(mundo.engine.db) as s:
        assert not s.scalars(
            sa.select(ConsultaLegado).where(ConsultaLegado.modo == "otra_vez")
        ).all()


def test_a_case_without_a_visit_shows_nothing_that_was_asked_in_another_case(
    mundo: World, tarea: tuple[str, str]
) -> None:
    _item, case_key = tarea
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        caso = s.scalars(sa.select(Caso).where(Caso.case_key == case_key)).one()
        turno = caso.turno_id
        caso.turno_id = None
        for consulta in s.scalars(
            sa.select(ConsultaLegado).where(ConsultaLegado.turno_id == turno)
        ):  # what a step asked, or an officer in another case
            consulta.turno_id, consulta.case_key = None, "otro"
    with Session(mundo.engine.db) as s:
        caso = s.scalars(sa.select(Caso).where(Caso.case_key == case_key)).one()
        with mundo.app.test_request_context():
            assert del_caso(s, caso) is None
