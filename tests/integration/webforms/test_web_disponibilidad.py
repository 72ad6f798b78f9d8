"""Control 6-6: the CRM is watched; while its database is away that is noted beside it, then it is
an outage with its true hours."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from handlers.conectores.suitecrm import Instalacion, Sincronia, SuiteCRM
from records.base.actos import Acto
from records.controles import controles
from records.controles.controles import Periodo
from records.correo.tablas import Aviso
from records.informes import disponibilidad
from records.informes.disponibilidad import AFUERA, LLAMADAS, REVISION
from records.informes.tablas import CaidaCrm, VigilanciaCrm
from tests.kit.clock import DAY, bogota
from tests.kit.month import World, month
from tests.kit.suitecrm import Crm, Fault, suitecrm
from tests.kit.tasks import enviar
from tests.kit.web import followed
from webforms.base.formatos import dia_local
from webforms.sistemas.vigilancia import Marca, Vigia

MINUTO = dt.timedelta(minutes=1)


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, cases=60) as m:
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


def test_an_outage_is_noted_while_it_lasts_and_counted_when_it_is_over(
    mundo: World, vigia: Vigia, tmp_path: Path
) -> None:
    """Control 6-6, whole: a page fails, the worker looks twice, the database is back; letters,
    paper, panel."""
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
        dichas = s.scalars(sa.select(Aviso).where(Aviso.clave.like(f"crm:{caida.id}:%"))).all()
    assert {c.para.split("@")[0] for c in dichas} == {
        "coordinador",
        "gerente.operativo",
        "admin.crm",
    }
    assert all("durante 3 minutos. Ya responde." in c.texto for c in dichas)
    assert comprobaciones(mundo) == antes + 1, "looks that failed are no proof that it answered"

    (item,) = por_sincronizar(mundo)
    assert "Diga quién los digitó" in enviar(
        mundo, "admin.crm", item, registros_papel="4", digitaron="", nota_papel=""
    )
    hecho = enviar(
        mundo,
        "admin.crm",
        item,
        registros_papel="4",
        digitaron="Los asesores de Cali",
        nota_papel="Todo antes de las 5.",
    )
    assert "Quedó constancia de 4 registros en papel." in hecho
    pagina = followed(mundo.person("cumplimiento").get("/disponibilidad").text)
    assert "digitados por Los asesores de Cali" in pagina
    (dicho,) = re.findall(r"Respondió el ([0-9.,]+)\s*% del tiempo vigilado", pagina)
    assert 90 < float(dicho.replace(".", "").replace(",", ".")) < 100
    assert "Sincronizada" in pagina
    panel = followed(mundo.person("cumplimiento").get("/controles/6-6").text)
    assert "No respondió" in panel
    for usuario in ("asesor.bog01", "lider.vcc", "analista"):
        assert mundo.person(usuario).get("/disponibilidad").status_code == 403, usuario
    for usuario in ("gerente.operativo", "admin.crm", "coordinador"):
        assert mundo.person(usuario).get("/disponibilidad").status_code == 200, (
            f"{usuario} has the letter"
        )


# --- the CRM outside ------------------------------------------------------------------------------
@pytest.fixture
def afuera() -> Iterator[Crm]:
    with suitecrm() as crm:
        yield crm


@pytest.fixture
def vigia_de_afuera(mundo: World, afuera: Crm, tmp_path: Path) -> Vigia:
    crm = SuiteCRM(Instalacion(afuera.url, *afuera.client, afuera.account), espera=0.5)
    return Vigia(
        mundo.engine, Marca(tmp_path), Sincronia(crm, mundo.engine.uow.session, lambda *_: None)
    )


def minuto(mundo: World, vigia: Vigia, n: int = 1) -> dt.datetime:
    """The looks of the next minutes; the last one's moment."""
    for _ in range(n):
        mundo.clock.move_to(mundo.clock.now() + MINUTO)
        vigia.mirar(mundo.clock.now())
    return mundo.clock.now()


def cartas(mundo: World, caida: CaidaCrm, que: str = "") -> dict[str, str]:
    """Who was told, and the subject."""
    with Session(mundo.engine.db) as s:
        dichas = s.scalars(sa.select(Aviso).where(Aviso.clave.like(f"crm:{caida.id}:{que}%"))).all()
    return {c.para.split("@")[0]: c.asunto for c in dichas if c.clave.count(":") == 2 + bool(que)}


@pytest.mark.parametrize(
    "como", [Fault(status=503, times=999), Fault(sleep=2, times=999)], ids=["down", "slow"]
)
def test_an_outage_of_the_crm_outside_begins_the_contingency_at_once_and_ends_it_when_it_is_back(
    mundo: World, vigia_de_afuera: Vigia, afuera: Crm, como: Fault
) -> None:
    """Control 6-6 and P12, whole: the probe sees it, people are told while it lasts, a point joins
    its paper, the end closes it."""
    vigia, todos = vigia_de_afuera, {"coordinador", "gerente.operativo", "admin.crm"}
    minuto(mundo, vigia)
    antes = comprobaciones(mundo)
    afuera.faults[:] = [como]
    empezo = minuto(mundo, vigia)
    assert caidas(mundo) == [], "one look that failed may be a hiccup"
    minuto(mundo, vigia, 3)
    (caida,) = caidas(mundo)
    assert (caida.desde, caida.hasta, caida.origen) == (empezo, None, AFUERA)
    assert cartas(mundo, caida) == dict.fromkeys(todos, "El CRM de la entidad no responde")
    assert por_sincronizar(mundo) == [], "nothing is to be typed in before it is back"
    assert comprobaciones(mundo) == antes, "looks that failed are no proof that it answered"
    pagina = followed(mundo.person("admin.crm").get("/disponibilidad").text)
    assert "y todavía no responde" in pagina
    assert "Fue el CRM de la entidad: Ventanilla siguió atendiendo." in pagina
    mundo.person("coordinador").get("/bandeja")  # ours answers: nobody is sent to an error
    papel = followed(mundo.person("coordinador").get("/papel?punto=BOG-AGU").text)
    assert f'value="crm:{caida.id}"' in papel, "a point that went to paper joins it while it lasts"

    afuera.faults.clear()
    volvio = minuto(mundo, vigia)
    (caida,) = caidas(mundo)
    assert (caida.hasta, caida.segundos) == (volvio, 240)
    despues = cartas(mundo, caida, "fin:")
    assert despues == dict.fromkeys(
        todos, "El CRM de la entidad ya responde: estuvo 4 minutos sin responder"
    )
    (item,) = por_sincronizar(mundo)
    minuto(mundo, vigia, 2)
    assert (len(caidas(mundo)), len(por_sincronizar(mundo)), comprobaciones(mundo)) == (
        1,
        1,
        antes + 3,
    )
    hecho = enviar(
        mundo,
        "admin.crm",
        item,
        registros_papel="0",
        digitaron="",
        nota_papel="Se atendió en Ventanilla.",
    )
    assert "Quedó constancia" in hecho
    assert por_sincronizar(mundo) == []
    assert "Sincronizada" in followed(mundo.person("cumplimiento").get("/disponibilidad").text)


def test_of_two_workers_of_which_one_alone_reaches_the_crm_outside_the_other_is_believed(
    mundo: World, vigia_de_afuera: Vigia, afuera: Crm, tmp_path: Path
) -> None:
    crm = SuiteCRM(Instalacion("http://127.0.0.1:1", *afuera.client, afuera.account), espera=0.5)
    (tmp_path / "otro").mkdir()
    lejos = Vigia(
        mundo.engine,
        Marca(tmp_path / "otro"),
        Sincronia(crm, mundo.engine.uow.session, lambda *_: None),
        "otro",
    )
    for _ in range(5):
        minuto(mundo, lejos)
        minuto(mundo, vigia_de_afuera)
    (caida,) = caidas(mundo)
    assert (caida.hasta, caida.origen) == (None, AFUERA)
    assert cartas(mundo, caida, "fin:") == {}
    volvio = minuto(mundo, replace(lejos, afuera=vigia_de_afuera.afuera))
    assert [c.hasta for c in caidas(mundo)] == [volvio]


def test_one_silent_look_at_the_crm_outside_is_counted_when_it_is_back(
    mundo: World, vigia_de_afuera: Vigia, afuera: Crm
) -> None:
    afuera.faults[:] = [Fault(status=503, times=999)]
    empezo = minuto(mundo, vigia_de_afuera)
    afuera.faults.clear()
    volvio = minuto(mundo, vigia_de_afuera)
    (caida,) = caidas(mundo)
    assert (caida.desde, caida.hasta, caida.origen) == (empezo, volvio, AFUERA)
    assert set(cartas(mundo, caida).values()) == {
        "El CRM de la entidad ya responde: estuvo 1 minuto sin responder"
    }
    assert cartas(mundo, caida, "fin:") == {}, "nobody is told of its end twice"


def test_ours_that_fails_while_the_one_outside_is_away_makes_one_outage(
    mundo: World, vigia_de_afuera: Vigia, afuera: Crm, tmp_path: Path
) -> None:
    afuera.faults[:] = [Fault(status=503, times=999)]
    empezo = minuto(mundo, vigia_de_afuera, 2) - MINUTO
    with sin_base(mundo, tmp_path):
        minuto(mundo, vigia_de_afuera, 2)
    minuto(mundo, vigia_de_afuera)
    afuera.faults.clear()
    volvio = minuto(mundo, vigia_de_afuera)
    assert [(c.desde, c.hasta) for c in caidas(mundo)] == [(empezo, volvio)]
    assert vigia_de_afuera.marca.leer() == []


def test_a_worker_that_dies_while_the_crm_outside_is_away_tells_of_it_once(
    mundo: World, vigia_de_afuera: Vigia, afuera: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    afuera.faults[:] = [Fault(status=503, times=999)]
    minuto(mundo, vigia_de_afuera)

    def morir(_self: Marca) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as roto:
        roto.setattr(Marca, "quitar", morir)
        with pytest.raises(KeyboardInterrupt):
            minuto(mundo, vigia_de_afuera)
    minuto(mundo, vigia_de_afuera)
    afuera.faults.clear()
    minuto(mundo, vigia_de_afuera)
    assert len(caidas(mundo)) == len(por_sincronizar(mundo)) == 1


# --- ours -----------------------------------------------------------------------------------------
def test_a_call_that_failed_once_is_no_outage(mundo: World, vigia: Vigia) -> None:
    ahora = mundo.clock.now()
    vigia.marca.anotar(ahora, "SQLITE_BUSY", LLAMADAS)
    vigia.mirar(ahora + MINUTO)
    assert caidas(mundo) == []
    assert vigia.marca.leer() == []


def test_calls_that_fail_again_and_again_are_one_although_every_look_was_answered(
    mundo: World, vigia: Vigia
) -> None:
    ahora = mundo.clock.now()
    for n in range(3):
        vigia.marca.anotar(ahora + n * MINUTO / 10, "SQLITE_BUSY", LLAMADAS)
    vigia.mirar(ahora + MINUTO)
    (caida,) = caidas(mundo)
    assert (caida.origen, caida.desde, caida.hasta) == (LLAMADAS, ahora, ahora + MINUTO)


def test_where_no_worker_ran_the_end_is_what_was_last_seen_and_a_break_makes_two(
    mundo: World, vigia: Vigia
) -> None:
    """Calls failed at eight and at ten; the worker is started in the evening: it did not fail all
    day."""
    temprano = mundo.clock.now() - dt.timedelta(hours=10)
    for hora in (0, 2):
        for n in range(4):
            vigia.marca.anotar(temprano + dt.timedelta(hours=hora) + n * MINUTO, "08006", LLAMADAS)
    vigia.mirar(mundo.clock.now())
    assert [(c.desde, c.segundos) for c in caidas(mundo)] == [
        (temprano, 180),
        (temprano + dt.timedelta(hours=2), 180),
    ]
    assert len(por_sincronizar(mundo)) == 2


def test_a_worker_that_dies_in_the_middle_counts_it_once(
    mundo: World, vigia: Vigia, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_an_outage_across_the_end_of_a_month_is_told_in_both_months_with_what_lies_in_each(
    mundo: World,
) -> None:
    """The last 12 hours of October and the first 6 of November, of which each month counts its
    own."""
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.delete(VigilanciaCrm))
        s.execute(sa.delete(CaidaCrm))
        for n in (-1, 0):
            abre = bogota(2026, 11, 1) + n * DAY
            s.add(
                VigilanciaCrm(
                    dia=dia_local(abre), primera=abre, ultima=abre + DAY, comprobaciones=1_000
                )
            )
        acto = Acto("motor", bogota(2026, 11, 1, 6))
        larga = disponibilidad.caer(s, bogota(2026, 10, 31, 12), "08006", REVISION, acto)
        disponibilidad.restablecer(s, larga.id, acto.now)
    for mes, porcentaje in (("2026-10", "50,00"), ("2026-11", "75,00")):
        pagina = followed(mundo.person("cumplimiento").get(f"/disponibilidad?mes={mes}").text)
        assert "sáb 31 oct, 12:00</time> a <time" in pagina
        assert "dom 1 nov, 06:00</time>, 18 h" in pagina
        assert re.search(rf"Respondió el {porcentaje}\s*% del tiempo vigilado", pagina), mes
    with Session(mundo.engine.db) as s:
        p = Periodo(dt.date(2026, 11, 1), dt.date(2026, 11, 1), mundo.clock.now())
        (dia,) = controles.filas(s, "6-6", p).filas
    assert (dia.excepcion, dia.hechos["caidas"]) == (True, 1), (
        "on the day after it began it did not answer either"
    )


def test_a_day_without_a_look_is_an_exception_and_the_share_counts_what_was_watched(
    mundo: World,
) -> None:
    hoy = dia_local(mundo.clock.now())
    lunes = hoy - dt.timedelta(days=hoy.weekday() + 7)
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.delete(VigilanciaCrm))
        for n in (0, 1, 3, 4):  # nobody looked on Wednesday
            dia = lunes + dt.timedelta(days=n)
            abre = dt.datetime.combine(dia, dt.time(13), dt.UTC)
            s.add(
                VigilanciaCrm(
                    dia=dia, primera=abre, ultima=abre + dt.timedelta(hours=10), comprobaciones=600
                )
            )
        p = Periodo(lunes, lunes + dt.timedelta(days=6), mundo.clock.now())
        s.flush()
        r = controles.resumen(s, "6-6", p)
        assert r is not None
        festivos = {d for d in r.faltan if d != lunes + dt.timedelta(days=2)}
        assert (r.veces, festivos) == (4, set())
        dias = disponibilidad.dias(s, p.desde, p.hasta)
        caida = CaidaCrm(desde=dias[0].primera, hasta=dias[0].primera + 24 * MINUTO)
        assert disponibilidad.porcentaje(dias, [caida], p.desde, p.hasta) == pytest.approx(99.0)
        assert disponibilidad.porcentaje([], [], p.desde, p.hasta) is None
    vacia = followed(mundo.person("cumplimiento").get("/disponibilidad?mes=2026-01").text)
    assert "Sin comprobaciones no se sabe si respondía." in vacia
