"""Control 6-5: overdue escalated cases are found each business day, reviewed, sent to who leads
each area; all of it leaves a trace."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.base.actos import Acto
from records.casos.tablas import Caso, Suspension
from records.correo.tablas import Aviso
from records.informes import fallas
from records.informes.tablas import ReporteFallas
from records.lugares.tablas import Area
from records.plazos.reglas.plazos import se_detiene
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.tasks import enviar
from tests.kit.web import followed

COORDINADOR = Actor(ActorKind.PERSON, "coordinador", frozenset({Role("coordinador_gau", None)}))
NOTA = "Se responden hoy antes de mediodía."


def reportada(m: World) -> None:
    """The morning of the next business day, after the report was made."""
    move_to(m, bogota(2026, 11, 25, 7, 31))


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, reportada, cases=60) as m:
        yield m


def por_revisar(mundo: World) -> list[str]:
    with Session(mundo.engine.db) as s:
        return [
            i.id
            for i in reads.items.inbox(s, COORDINADOR, InboxFilter(element="us_revisar_fallas"))
        ]


def vencidos(s: Session, ahora: dt.datetime) -> dict[str, str]:
    """Counted a second time, case by case: number → which term had passed."""
    hallados = {}
    for caso in s.scalars(sa.select(Caso).where(Caso.escalado.is_not(None))):
        if (
            caso.enviado is not None
            or caso.cerrado is not None
            or caso.estado in ("resuelto_punto", "anulado", "desistido", "trasladado")
        ):
            continue
        abierta = s.scalar(
            sa.select(Suspension).where(Suspension.caso_id == caso.id, Suspension.hasta.is_(None))
        )
        if (
            abierta is not None
            and caso.limite_respuesta is not None
            and se_detiene(caso.limite_respuesta, abierta.desde)
        ):
            continue
        if caso.limite_respuesta is not None and caso.limite_respuesta < ahora:
            hallados[caso.radicado or ""] = "legal"
        elif (
            caso.respondido is None
            and caso.limite_interno is not None
            and caso.limite_interno < ahora
        ):
            hallados[caso.radicado or ""] = "interno"
    return hallados


def test_what_is_overdue_is_reviewed_and_sent_to_each_leader_with_the_note(mundo: World) -> None:
    with Session(mundo.engine.db) as s:
        reporte = fallas.ultimos(s, 1)[0]
        casos = fallas.de_reporte(s, reporte)
        esperados = vencidos(s, reporte.determinado)
    assert reporte.dia == dt.date(2026, 11, 25)
    assert {f.radicado: f.termino for f in casos} == esperados
    assert {"legal", "interno"} <= set(esperados.values()), "a month of the demo has both"
    (item,) = por_revisar(mundo)
    pagina = followed(mundo.person("coordinador").get(f"/tarea/{item}").text)
    for f in casos:
        assert f.radicado in pagina
    assert "El reporte de fallas sale hacia los líderes" in enviar(
        mundo, "coordinador", item, nota=NOTA
    )
    with Session(mundo.engine.db) as s:
        assert s.get_one(ReporteFallas, reporte.id).remitido == mundo.clock.now()
        cartas = s.scalars(
            sa.select(Aviso).where(Aviso.clave.like(f"reporte_fallas:{reporte.id}:%"))
        ).all()
        assert {c.clave.split(":")[2] for c in cartas} == {f.area_id for f in casos}
    for carta in cartas:
        suyos = [f for f in casos if f.area_id == carta.clave.split(":")[2]]
        assert [f.radicado in carta.texto for f in casos] == [f in suyos for f in casos], (
            "each leader reads of their own only"
        )
        assert NOTA in carta.texto
    dia = followed(mundo.person("cumplimiento").get(f"/fallas/{reporte.id}").text)
    assert NOTA in dia
    assert "Remitido a los líderes" in dia
    assert f"{len(casos)} casos vencidos" in dia


def test_two_areas_that_are_called_the_same_get_each_their_whole_letter(mundo: World) -> None:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        reporte = fallas.ultimos(s, 1)[0].id
        s.execute(sa.update(Area).values(nombre="Vicepresidencia"))
    (item,) = por_revisar(mundo)
    enviar(mundo, "coordinador", item, nota=NOTA)
    with Session(mundo.engine.db) as s:
        casos = fallas.de_reporte(s, s.get_one(ReporteFallas, reporte))
        cartas = s.scalars(
            sa.select(Aviso).where(Aviso.clave.like(f"reporte_fallas:{reporte}:%"))
        ).all()
    assert len({f.area_id for f in casos}) > 1
    for f in casos:
        assert all(f.radicado in c.texto for c in cartas if c.clave.split(":")[2] == f.area_id), (
            f.radicado
        )


def test_a_report_that_nobody_reviews_gives_way_to_the_next_one_and_says_so(mundo: World) -> None:
    (primero,) = por_revisar(mundo)
    move_to(mundo, bogota(2026, 11, 26, 7, 31))
    (segundo,) = por_revisar(mundo)
    assert primero != segundo
    lista = followed(mundo.person("coordinador").get("/fallas").text)
    assert lista.index("Por revisar") < lista.index("Sin revisar")
    with Session(mundo.engine.db) as s:
        ayer = fallas.ultimos(s, 2)[1]
    assert "Nadie lo ha revisado." in followed(
        mundo.person("coordinador").get(f"/fallas/{ayer.id}").text
    )


def test_what_the_area_has_answered_is_the_adviser_s_to_deliver(mundo: World) -> None:
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        una = next(
            f for f in fallas.de_reporte(s, fallas.ultimos(s, 1)[0]) if f.termino == fallas.LEGAL
        )
        s.execute(
            sa.update(Caso)
            .where(Caso.id == una.caso_id)
            .values(estado="respondido_area", respondido=mundo.clock.now())
        )
        otra = fallas.determinar(s, Acto("motor", mundo.clock.now()))
        (ahora,) = (f for f in fallas.de_reporte(s, otra) if f.caso_id == una.caso_id)
        assert ahora.tiene == s.get_one(Caso, una.caso_id).asesor_id != una.tiene


def test_what_still_waits_on_a_day_off_is_not_called_unreviewed(mundo: World) -> None:
    """Friday's report gives way on Monday at 07:25: on Saturday it can still be reviewed."""
    for cuando in (
        bogota(2026, 11, 26, 7, 31),
        bogota(2026, 11, 27, 7, 31),
        bogota(2026, 11, 28, 10),
    ):
        move_to(mundo, cuando)
    assert len(por_revisar(mundo)) == 1
    lista = followed(mundo.person("coordinador").get("/fallas").text)
    assert lista.count("Por revisar") == 1
    assert lista.index("Por revisar") < lista.index("Sin revisar")


def test_a_day_without_overdue_cases_leaves_its_trace(mundo: World) -> None:
    """Looked at and found none is not the same as not looked at."""
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        ninguno = fallas.determinar(s, Acto("motor", bogota(2026, 9, 1, 7, 30))).id
    pagina = followed(mundo.person("cumplimiento").get(f"/fallas/{ninguno}").text)
    assert "Ningún caso escalado estaba vencido" in pagina
    assert "Ninguno vencido" in followed(mundo.person("cumplimiento").get("/fallas").text)
    assert mundo.person("cumplimiento").get("/fallas/999999").status_code == 404
    for usuario in ("asesor.bog01", "lider.vcc", "gerente", "analista"):
        assert mundo.person(usuario).get("/fallas").status_code == 403, usuario
