"""The worker's rounds with two workers, on machines with long names that begin alike, who see
different worlds."""

import datetime as dt
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.jobs.inprocess import InProcessJobs
from engine.types import Handlers
from handlers import correo
from handlers.enlaces import Enlaces
from records.correo import correos
from records.correo.tablas import Aviso
from records.cuentas.tablas import Cuenta
from records.sistemas import operacion, sistemas
from records.sistemas.puertos import Causa, Salud, Vecino
from records.sistemas.tablas import AvisoDeOperacion, SistemaEstado, SistemaSuceso, VistaDeProceso
from tests.kit import web as web_kit
from tests.kit.handlers import MailDouble
from tests.kit.threads import at_once
from tests.kit.web import WebKit, put
from webforms.correo.cola import repasar
from webforms.operacion import instalacion, novedades
from webforms.sistemas.latido import este_proceso
from webforms.sistemas.sondeo import Sondeo

MINUTO = dt.timedelta(minutes=1)
#: As long as a name may be, and the same but for its last letter.
EQUIPOS = ("ventanilla-trabajador-" + "x" * 40 + "-a", "ventanilla-trabajador-" + "x" * 40 + "-b")
HORAS = 2 * 60  # of looks, each minute


@pytest.fixture
def buzon() -> MailDouble:
    return MailDouble()


@pytest.fixture
def web(tmp_path: Path, db_url: str, buzon: MailDouble) -> Iterator[WebKit]:
    handlers = Handlers()
    kit = web_kit.build(tmp_path, db_url, handlers=handlers)
    put(kit.app, base_url="http://127.0.0.1:8000")  # no certificate is to be looked at
    enlaces = Enlaces("https://ventanilla.example", b"secreto de la prueba")
    correo.register(
        handlers,
        correo=buzon,
        sesiones=kit.session,
        enlaces=enlaces,
        leer=lambda _s: b"",
        rechazada=lambda *_: None,
    )
    kit.engine.uow.run(
        lambda s: operacion.respaldado(s, "hoy.tar.gz", 1, "consola", kit.clock.now())
    )
    yield kit
    kit.engine.db.dispose()


def enviados(web: WebKit) -> list[str]:
    """What the queue and the round send: a subject for each letter to `admin`."""
    for _ in range(2):
        cast(InProcessJobs, web.engine.core.jobs).run_all(web.engine.jobs)
        repasar(web.engine, web.clock.now())
    with web.session() as s:
        assert s.scalars(sa.select(Aviso.id).where(Aviso.enviado.is_(None))).all() == []
        return list(
            s.scalars(
                sa.select(Aviso.asunto).where(Aviso.para == "admin@ejemplo.test").order_by(Aviso.id)
            )
        )


def en_cada_uno(web: WebKit, monkeypatch: pytest.MonkeyPatch, quien: int) -> None:
    """What runs now runs in this one of the two."""
    monkeypatch.setattr(novedades, "nombre_del_equipo", lambda: EQUIPOS[quien])
    monkeypatch.setattr(novedades, "nombre_del_proceso", lambda: f"{EQUIPOS[quien][:50]}-{quien}")
    web.engine.uow.run(
        lambda s: operacion.latir(
            s,
            operacion.Proceso(f"{quien}", operacion.TRABAJADOR, EQUIPOS[quien], "x"),
            web.clock.now(),
        )
    )


def abiertas(web: WebKit) -> list[str]:
    with web.session() as s:
        return sorted(a.codigo for a in operacion.abiertos(s))


@pytest.mark.parametrize("llenos", [(0,), (1,), (0, 1)])
def test_a_disk_is_told_once_by_the_machine_that_has_it_and_ended_by_no_other(
    web: WebKit, monkeypatch: pytest.MonkeyPatch, llenos: tuple[int, ...]
) -> None:
    libres = {quien: 1 if quien in llenos else 50 for quien in range(2)}
    for minuto in range(30):
        for quien in range(2):
            en_cada_uno(web, monkeypatch, quien)
            uso = SimpleNamespace(total=100 << 30, free=libres[quien] << 30)
            monkeypatch.setattr(instalacion.shutil, "disk_usage", lambda _lugar, uso=uso: uso)
            with web.app.app_context():
                novedades.ronda(web.engine, web.clock.now())
            if minuto:
                assert abiertas(web) == sorted(
                    operacion.de_equipo("disco", EQUIPOS[n]) for n in llenos
                )
        web.clock.advance(MINUTO)
    assert len(enviados(web)) == len(llenos)
    with web.session() as s:
        assert len(s.scalars(sa.select(AvisoDeOperacion)).all()) == len(llenos)


def test_what_fails_in_one_worker_of_a_machine_is_told_once_although_the_other_is_well(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallan, bien = novedades.Fallas(), novedades.Fallas()
    fallan.emit(
        logging.makeLogRecord(
            {
                "created": web.clock.now().timestamp(),
                "exc_info": (ValueError, ValueError("x"), None),
            }
        )
    )
    monkeypatch.setattr(
        instalacion.shutil,
        "disk_usage",
        lambda _lugar: SimpleNamespace(total=100 << 30, free=50 << 30),
    )
    for _ in range(58):
        for quien, fallas in enumerate((fallan, bien)):
            en_cada_uno(web, monkeypatch, quien)
            monkeypatch.setattr(novedades, "nombre_del_equipo", lambda: EQUIPOS[0])
            with web.app.app_context():
                novedades.ronda(web.engine, web.clock.now(), fallas)
        web.clock.advance(MINUTO)
    assert len(enviados(web)) == 1
    assert abiertas(web) == [operacion.de_equipo(novedades.FONDO, EQUIPOS[0])]
    web.clock.advance(10 * MINUTO)  # the one that failed is gone, and says nothing any more
    en_cada_uno(web, monkeypatch, 1)
    with web.app.app_context():
        novedades.ronda(web.engine, web.clock.now(), bien)
    assert abiertas(web) == ["trabajador"], "that one of them is silent is all there is to be told"


def test_an_outage_that_only_one_worker_sees_is_told_once_and_ends_when_that_one_sees_it_no_more(
    web: WebKit,
) -> None:
    calla = {0: True, 1: False}

    def mirar(quien: int) -> Salud:
        if calla[quien]:
            return Salud(
                "crm", "no_responde", "abierto", 1, "Connection refused", Causa.SIN_CONEXION
            )
        return Salud("crm", "responde", "cerrado", 1)

    dos = [
        Sondeo(
            web.engine,
            [Vecino("crm", "CRM", lambda quien=quien: mirar(quien))],
            10 * MINUTO,
            f"{EQUIPOS[quien][:50]}-{quien}",
        )
        for quien in range(2)
    ]

    def minutos(n: int) -> SistemaEstado:
        for _ in range(n):
            for sondeo in dos:
                sondeo.ronda(web.clock.now())
            web.clock.advance(MINUTO)
        with web.session() as s:
            return s.get_one(SistemaEstado, "crm")

    desde = web.clock.now()
    fila = minutos(HORAS)
    assert (fila.estado, fila.desde) == (sistemas.NO_RESPONDE, desde)
    assert len(enviados(web)) == 1
    calla[0] = False
    assert minutos(1).estado == sistemas.RESPONDE
    with web.session() as s:
        sucesos = s.scalars(
            sa.select(SistemaSuceso.que)
            .where(SistemaSuceso.sistema == "crm")
            .order_by(SistemaSuceso.id)
        ).all()
    assert sucesos == [sistemas.CAYO, sistemas.LIMITE, sistemas.VOLVIO]
    calla[0] = True
    minutos(1)
    del dos[0]  # it is stopped: what it saw holds for a moment, and then no more
    assert minutos(2).estado == sistemas.NO_RESPONDE
    assert minutos(2).estado == sistemas.RESPONDE


def test_the_name_of_a_process_fits_however_long_that_of_its_machine_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("webforms.sistemas.latido._NOMBRES", {})
    monkeypatch.setattr("webforms.sistemas.latido.socket.gethostname", lambda: EQUIPOS[0] * 3)
    proceso = este_proceso(operacion.TRABAJADOR, "x").proceso
    assert len(proceso) <= VistaDeProceso.__table__.c.proceso.type.length
    assert (
        len(operacion.de_equipo("certificado_propio", EQUIPOS[0] * 3))
        <= AvisoDeOperacion.__table__.c.codigo.type.length
    )


def test_two_that_look_at_the_same_moment_tell_each_thing_once(
    web: WebKit, buzon: MailDouble
) -> None:
    calla = Salud("crm", "no_responde", "abierto", 1, "Connection refused", Causa.SIN_CONEXION)
    novedad = operacion.Novedad("cola", "En espera: 9.", "Revise que el trabajador corra.")
    for n in range(10):
        web.engine.uow.run(
            lambda s, n=n: correos.avisar_a_su_cuenta(
                s, admin(s), f"prueba:{n}", "clave_cambiada", web.clock.now()
            )
        )

    def todas(quien: int) -> None:
        now = web.clock.now()
        Sondeo(web.engine, [Vecino("crm", "CRM", lambda: calla)], dt.timedelta(), f"{quien}").ronda(
            now
        )
        for aviso in web.engine.uow.run(
            lambda s: operacion.anotar_novedades(s, [novedad], f"{quien}", now)
        ):
            novedades._avisar(web.engine, aviso, now)  # noqa: SLF001 - a round without the page that it looks at
        repasar(web.engine, now)

    for _ in range(5):
        assert at_once([partial(todas, quien) for quien in range(3)]) == []
        web.clock.advance(MINUTO)
    dichos = enviados(web)
    assert len(dichos) == 10 + 2
    assert len([m for m in buzon.sent if m.para == "admin@ejemplo.test"]) == len(dichos)
    with web.session() as s:
        sucesos = s.scalars(
            sa.select(SistemaSuceso.que)
            .where(SistemaSuceso.sistema == "crm")
            .order_by(SistemaSuceso.id)
        ).all()
    assert sucesos == [sistemas.CAYO, sistemas.LIMITE]


def admin(s: Session) -> Cuenta:
    return s.scalars(sa.select(Cuenta).where(Cuenta.usuario == "admin")).one()


def test_of_a_day_with_many_events_the_page_says_that_it_shows_the_latest(web: WebKit) -> None:
    def anotar(s: Session) -> None:
        ahora = web.clock.now()
        s.add_all(
            SistemaSuceso(
                sistema="cctex", cuando=ahora - n * dt.timedelta(seconds=1), que=sistemas.CAYO
            )
            for n in range(51)
        )

    assert "Se muestran los últimos" not in web.browser("admin").get("/sistemas").text
    web.engine.uow.run(anotar)
    pagina = web.browser("admin").get("/sistemas").text
    assert "Se muestran los últimos 50." in pagina
    assert pagina.count("Dejó de responder.") == 50
