"""On-site coverage (condition 4.7): what was planned to be observed at the points stays in the
count, done or not, and says why it was not."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from records.auditorias import auditorias, muestras
from records.auditorias.muestras import Parametros
from records.auditorias.tablas import AuditoriaInforme, AuditoriaMuestra
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.informes import meses
from records.visita.tablas import Atencion
from tests.integration.webforms.test_web_auditorias import (
    BIEN,
    EN_SITIO,
    SEMANA,
    _turno,
    auditoria,
    escribir,
    hacer,
    lunes,
    tareas,
    todo_bien,
)
from tests.kit.clock import bogota
from tests.kit.month import World, month
from tests.kit.web import followed

NINGUNA = "0 de 6 planeadas, 6 sin hacer"
DICIEMBRE = dt.date(2026, 12, 1)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    """Monday 30 November: the audit of the week is drawn, with three visits of two each."""
    with month(tmp_path, lunes, cases=60) as m:
        yield m


def en_texto(pagina: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", followed(pagina)).split())


def pagina(mundo: World, usuario: str, ruta: str) -> str:
    respuesta = mundo.person(usuario).get(ruta)
    assert respuesta.status_code == 200, ruta
    return en_texto(respuesta.text)


def cerrar_diciembre(mundo: World) -> None:
    """The audit of the week was due on Friday 4 December."""
    mundo.clock.move_to(bogota(2027, 1, 1, 7))
    with escribir(mundo) as s, s.begin():
        meses.cerrar(s, DICIEMBRE, Acto("motor", mundo.clock.now()))


def una_observada(mundo: World) -> str:
    """One of the six is done; its point."""
    muestra_id, item = next(iter(tareas(mundo, "us_sortear").items()))
    with escribir(mundo) as s, s.begin():
        punto = muestras.una(s, muestra_id).punto_id
        turno_id = _turno(s, mundo, punto, "A01", "espera")
    hacer(mundo, item, "profesional01", "profesional_ocm", observa=True, motivo="")
    with escribir(mundo) as s, s.begin():
        s.add(
            Atencion(
                turno_id=turno_id,
                punto_id=punto,
                asesor_id="asesor.bog01",
                inicio=mundo.clock.now(),
                motivo="Saldo",
            )
        )
    f189 = tareas(mundo, "act_5_2_27")[muestra_id]
    todo = {**BIEN, **EN_SITIO, "evaluable": True, "fatales": []}
    hacer(mundo, f189, "profesional01", "profesional_ocm", **todo)
    return punto


# --- the audit of a week --------------------------------------------------------------------------
def test_what_could_not_be_observed_stays_planned_and_says_why(mundo: World) -> None:
    for ruta in ("/inicio", "/auditorias", f"/auditorias/{SEMANA}"):
        assert f"{NINGUNA}: sin motivo todavía (6)" in pagina(mundo, "jefe.ocm", ruta), ruta
    todo_bien(mundo)
    for ruta in ("/inicio", "/auditorias", f"/auditorias/{SEMANA}"):
        dicho = pagina(mundo, "jefe.ocm", ruta)
        assert f"{NINGUNA}: No llegó nadie al punto (6)" in dicho, ruta
    item = tareas(mundo, "act_5_2_28")[0]
    assert NINGUNA in pagina(mundo, "profesional01", f"/tarea/{item}")
    hacer(
        mundo,
        item,
        "profesional01",
        "profesional_ocm",
        conclusiones="No se observó ninguna en los puntos.",
    )
    with Session(mundo.engine.db) as s:
        informe = s.scalars(
            sa.select(AuditoriaInforme).order_by(AuditoriaInforme.id.desc())
        ).first()
        assert informe is not None
        dice = auditorias.contenido(informe)
        assert (dice["planeadas"], len(dice["sin_observar"])) == (6, 6)
        assert {motivo for _id, motivo in dice["sin_observar"]} == {"No llegó nadie al punto."}


def test_one_that_is_observed_counts_and_its_replacement_counts_once(mundo: World) -> None:
    una_observada(mundo)
    assert "1 de 6 planeadas, 5 sin hacer" in pagina(mundo, "jefe.ocm", f"/auditorias/{SEMANA}")
    with escribir(mundo) as s, s.begin():
        otra = next(
            e.fila
            for e in auditorias.resumen(s, auditoria(s)).filas
            if e.fila.modo == muestras.SITIO and e.f189 is None
        )
        acto = Acto("profesional01", mundo.clock.now())
        muestras.retirar(s, otra.id, "La persona no aceptó que la observaran.", acto)
        assert muestras.reemplazar(s, otra.id) is not None
        r = auditorias.resumen(s, auditoria(s))
        assert (len(r.planeadas), r.observados) == (6, 1), "what replaces it is the same one"
        assert [o.motivo for o in r.planeadas if not o.hecha] == [""] * 5


def test_a_week_without_planned_observations_says_so(mundo: World) -> None:
    with escribir(mundo) as s, s.begin():
        s.execute(
            sa.update(Atencion)
            .where(Atencion.fin.is_not(None))
            .values(fin=bogota(2026, 12, 2, 10, 0))
        )
        sin_visitas = Parametros(1.645, 0.3, 0, 0)
        acto = Acto("motor", mundo.clock.now())
        a, _ids = muestras.tomar(s, "presencial", dt.date(2026, 12, 7), sin_visitas, acto)
        assert a.n_muestra
        semana = a.semana
    dicho = pagina(mundo, "jefe.ocm", f"/auditorias/{semana}")
    assert "Observadas en los puntos Ninguna planeada" in dicho


def test_no_observation_is_declared_impossible_without_its_reason(mundo: World) -> None:
    (muestra_id, *_otras) = tareas(mundo, "us_sortear")
    with escribir(mundo) as s, s.begin():
        with pytest.raises(DatoInvalido):
            muestras.retirar(s, muestra_id, "  ", Acto("profesional01", mundo.clock.now()))
        assert s.get_one(AuditoriaMuestra, muestra_id).retirada is None


# --- the month ------------------------------------------------------------------------------------
def figura(mundo: World, de: str = "") -> tuple[int, int]:
    dimension, _separador, clave = de.partition(":")
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, DICIEMBRE)
        assert version is not None
        cifras = meses.cifras(s, version.id, dimension or "total", clave)
        (c,) = (c for c in cifras if c.indicador == "I14.visitas")
        assert meses.verificar(s, version) == ()
        return c.numerador, c.n


def test_a_month_tells_its_coverage_with_the_reasons_on_every_page_and_document(
    mundo: World,
) -> None:
    """Everything was declared impossible; nobody came to those points in the month."""
    todo_bien(mundo)
    cerrar_diciembre(mundo)
    with Session(mundo.engine.db) as s:
        visitados = {o.planeada.punto_id for o in auditorias.resumen(s, auditoria(s)).planeadas}
    punto = min(visitados)
    assert (figura(mundo), figura(mundo, f"punto:{punto}")) == ((0, 6), (0, 2))
    de_todos, de_uno = NINGUNA, "0 de 2 planeadas, 2 sin hacer"
    for ruta, dicha in {
        "/indicadores?mes=2026-12": de_todos,
        f"/indicadores?mes=2026-12&de=punto:{punto}": de_uno,
        "/reportes/2026-12": de_todos,
    }.items():
        dicho = pagina(mundo, "gerente.operativo", ruta)
        assert f"{dicha} no cumple la meta" in dicho, ruta
        assert "No llegó nadie al punto (" in dicho, ruta
    detras = pagina(mundo, "gerente.operativo", "/indicadores/I14.visitas?mes=2026-12&cual=no")
    assert detras.count("No llegó nadie al punto.") == 6, "each with its own reason"
    browser = mundo.person("gerente.operativo")
    hojas = PdfReader(io.BytesIO(browser.get("/reportes/2026-12/informe.pdf").data)).pages
    en_pdf = " ".join(" ".join(h.extract_text() for h in hojas).split())
    assert NINGUNA in en_pdf
    assert "No llegó nadie al punto (6)" in en_pdf
    libro = load_workbook(io.BytesIO(browser.get("/reportes/2026-12/informe.xlsx").data))
    celdas = {str(c) for fila in libro["Indicadores"].values for c in fila}
    assert "No llegó nadie al punto (6)" in celdas


def test_a_month_in_which_an_audit_never_left_does_not_lose_what_was_planned(mundo: World) -> None:
    """Nobody did anything of it: no copy left, and no reason was given."""
    cerrar_diciembre(mundo)
    assert figura(mundo) == (0, 6)
    dicho = pagina(mundo, "gerente.operativo", "/indicadores?mes=2026-12")
    assert f"{NINGUNA} no cumple la meta" in dicho
    assert "sin motivo todavía (6)" in dicho


def test_a_point_that_nobody_planned_to_visit_is_not_said_to_comply(mundo: World) -> None:
    punto = una_observada(mundo)
    todo_bien(mundo)
    cerrar_diciembre(mundo)
    assert (figura(mundo), figura(mundo, f"punto:{punto}")) == ((1, 6), (1, 2))
    with Session(mundo.engine.db) as s:
        version = meses.vigente(s, DICIEMBRE)
        assert version is not None
        sin_plan = [
            c.clave
            for c in meses.cifras(s, version.id, "punto", None)
            if c.indicador == "I14.visitas" and c.n == 0
        ]
    if sin_plan:
        ruta = f"/indicadores?mes=2026-12&de=punto:{sin_plan[0]}"
        assert "Ninguna planeada" in pagina(mundo, "gerente.operativo", ruta)


def test_without_any_audit_the_month_says_that_none_was_planned(mundo: World) -> None:
    with escribir(mundo) as s, s.begin():
        a = auditoria(s)
        a.cierre = bogota(2026, 11, 27, 17)
    cerrar_diciembre(mundo)
    assert figura(mundo) == (0, 0)
    dicho = pagina(mundo, "gerente.operativo", "/indicadores?mes=2026-12")
    assert "Ninguna planeada" in dicho
    assert "Ninguna planeada cumple" not in dicho
