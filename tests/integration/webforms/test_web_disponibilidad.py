"""Control 6-6: the CRM is watched; while its database is away that is noted beside it, then it is an outage with its true hours."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor
from engine.types import Role
from records import controles
from records import disponibilidad
from records.controles import Periodo
from records.disponibilidad import LLAMADAS
from records.disponibilidad import REVISION
from records.tables import Aviso
from records.tables import CaidaCrm
from records.tables import VigilanciaCrm
from tests.kit.month import World
from tests.kit.month import month
from tests.kit.tasks import enviar
from tests.kit.web import followed
from webforms.base.formatos import dia_local
from webforms.base.vigilancia import Marca
from webforms.base.vigilancia import Vigia

MINUTO = dt.timedelta(minutes=1)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, cases=20) as m:
        yield m


@pytest.fixture
def vigia(mundo: World, tmp_path: Path) -> Vigia:
    return Vigia(mundo.engine, Marca(tmp_path))


@contextmanager
def sin_base(mundo: World, carpeta: Path) -> Iterator[None]:
    """The file of the database is out of reach."""
    mundo.engine.db.dispose()
    archivos = [a for a in carpeta.iterdir() if a.name.startswith("ventanilla.db")]
    for archivo in archivos:
        archivo.rename(carpeta / f"lejos-{archivo.name}")
    (carpeta / "ventanilla.db").mkdir()
    try:
        yield
    finally:
        mundo.engine.db.dispose()
        (carpeta / "ventanilla.db").rmdir()
        for archivo in archivos:
            (carpeta / f"lejos-{archivo.name}").rename(archivo)


def caidas(mundo: World) -> list[CaidaCrm]:
    """Without that of the demo, days before."""
    de_hoy = CaidaCrm.desde > mundo.clock.now() - dt.timedelta(days=1)
    with Session(mundo.engine.db) as s:
        return list(s.scalars(sa.select(CaidaCrm).where(de_hoy).order_by(CaidaCrm.desde)))


def comprobaciones(mundo: World) -> int:
    with Session(mundo.engine.db) as s:
        hoy = s.get(VigilanciaCrm, dia_local(mundo.clock.now()))
        return hoy.comprobaciones if hoy is not None else 0


def por_sincronizar(mundo: World) -> list[str]:
    admin = Actor(ActorKind.PERSON, "alguien", frozenset({Role("admin_crm", None)}))
    with Session(mundo.engine.db) as s:
        return [i.id for i in reads.items.inbox(s, admin, InboxFilter(element="us_sincronizar"))]


def test_an_outage_is_noted_while_it_lasts_and_counted_when_it_is_over(mundo: World, vigia: Vigia, tmp_path: Path) -> None:
    """Control 6-6, whole: a page fails, the worker looks twice, the database is back; letters, paper, panel."""
    empezo, antes = mundo.clock.now(), comprobaciones(mundo)
    with sin_base(mundo, tmp_path):
        assert mundo.person("coordinador").get("/bandeja").status_code == 503
        for minuto in (1, 2):
            vigia.mirar(empezo + minuto * MINUTO)
    mundo.clock.move_to(empezo + 3 * MINUTO)
    vigia.mirar(mundo.clock.now())
    (caida,) = caidas(mundo)
    assert (caida.desde, caida.hasta, caida.segundos) == (empezo, empezo + 3 * MINUTO, 180)
    assert (caida.origen, caida.causa) == (REVISION, "SQLITE_CANTOPEN")
    with Session(mundo.engine.db) as s:
        cartas = s.scalars(sa.select(Aviso).where(Aviso.clave.like(f"crm:{caida.id}:%"))).all()
    assert {c.para.split("@")[0] for c in cartas} == {"coordinador", "gerente.operativo", "admin.crm"}
    assert all("durante 3 minutos. Ya responde." in c.texto for c in cartas)
    assert comprobaciones(mundo) == antes + 1, "looks that failed are no proof that it answered"

    (item,) = por_sincronizar(mundo)
    assert "Diga quién los digitó" in enviar(mundo, "admin.crm", item, registros_papel="4", digitaron="", nota_papel="")
    hecho = enviar(mundo, "admin.crm", item, registros_papel="4", digitaron="Los asesores de Cali", nota_papel="Todo antes de las 5.")
    assert "Quedó constancia de 4 registros en papel." in hecho
    pagina = followed(mundo.person("cumplimiento").get("/disponibilidad").text)
    assert "digitados por Los asesores de Cali" in pagina
    assert "Sincronizada" in pagina
    panel = followed(mundo.person("cumplimiento").get("/controles/6-6").text)
    assert "No respondió" in panel
    for usuario in ("asesor.bog01", "lider.vcc", "analista"):
        assert mundo.person(usuario).get("/disponibilidad").status_code == 403, usuario
    for usuario in ("gerente.operativo", "admin.crm", "coordinador"):
        assert mundo.person(usuario).get("/disponibilidad").status_code == 200, f"{usuario} has the letter"


def test_a_call_that_failed_once_is_no_outage(mundo: World, vigia: Vigia) -> None:
    ahora = mundo.clock.now()
    vigia.marca.anotar(ahora, "SQLITE_BUSY", LLAMADAS)
    vigia.mirar(ahora + MINUTO)
    assert caidas(mundo) == []
    assert vigia.marca.leer() == []


def test_calls_that_fail_again_and_again_are_one_although_every_look_was_answered(mundo: World, vigia: Vigia) -> None:
    ahora = mundo.clock.now()
    for n in range(3):
        vigia.marca.anotar(ahora + n * MINUTO / 10, "SQLITE_BUSY", LLAMADAS)
    vigia.mirar(ahora + MINUTO)
    (caida,) = caidas(mundo)
    assert (caida.origen, caida.desde, caida.hasta) == (LLAMADAS, ahora, ahora + MINUTO)


def test_where_no_worker_ran_the_end_is_what_was_last_seen_and_a_break_makes_two(mundo: World, vigia: Vigia) -> None:
    """Calls failed at eight and at ten; the worker is started in the evening: it did not fail all day."""
    temprano = mundo.clock.now() - dt.timedelta(hours=10)
    for hora in (0, 2):
        for n in range(4):
            vigia.marca.anotar(temprano + dt.timedelta(hours=hora) + n * MINUTO, "08006", LLAMADAS)
    vigia.mirar(mundo.clock.now())
    assert [(c.desde, c.segundos) for c in caidas(mundo)] == [(temprano, 180), (temprano + dt.timedelta(hours=2), 180)]
    assert len(por_sincronizar(mundo)) == 2


def test_a_worker_that_dies_in_the_middle_counts_it_once(mundo: World, vigia: Vigia, monkeypatch: pytest.MonkeyPatch) -> None:
    ahora = mundo.clock.now()
    vigia.marca.anotar(ahora, "SQLITE_IOERR", REVISION)

    def morir(_self: Marca) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as roto:
        roto.setattr(Marca, "quitar", morir)
        with pytest.raises(KeyboardInterrupt):
            vigia.mirar(ahora + MINUTO)
    vigia.mirar(ahora + 2 * MINUTO)
    assert [(c.desde, c.hasta) for c in caidas(mundo)] == [(ahora, ahora + MINUTO)]


def test_a_day_without_a_look_is_an_exception_and_the_share_counts_what_was_watched(mundo: World) -> None:
    hoy = dia_local(mundo.clock.now())
    lunes = hoy - dt.timedelta(days=hoy.weekday() + 7)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.delete(VigilanciaCrm))
        for n in (0, 1, 3, 4):  # nobody looked on Wednesday
            dia = lunes + dt.timedelta(days=n)
            abre = dt.datetime.combine(dia, dt.time(13), dt.UTC)
            s.add(VigilanciaCrm(dia=dia, primera=abre, ultima=abre + dt.timedelta(hours=10), comprobaciones=600))
        p = Periodo(lunes, lunes + dt.timedelta(days=6), mundo.clock.now())
        s.flush()
        r = controles.resumen(s, "6-6", p)
        assert r is not None
        festivos = {d for d in r.faltan if d != lunes + dt.timedelta(days=2)}
        assert (r.veces, festivos) == (4, set())
        dias = disponibilidad.dias(s, p.desde, p.hasta)
        assert disponibilidad.porcentaje(dias, [CaidaCrm(segundos=1440)]) == pytest.approx(99.0)
        assert disponibilidad.porcentaje([], []) is None
    vacia = followed(mundo.person("cumplimiento").get("/disponibilidad?mes=2026-01").text)
    assert "Sin comprobaciones no se sabe si respondía." in vacia
