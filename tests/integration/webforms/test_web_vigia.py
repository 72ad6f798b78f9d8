"""What machines ask: alive, ready, figures; who may ask; the name of a request; and «Estado» with
its notices."""

import datetime as dt
import ipaddress
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from prometheus_client.parser import text_string_to_metric_families

from common.version import VERSION
from engine.clock import SystemClock
from engine.store.tables import Instance, Timer
from engine.types import Handlers
from handlers import correo as manejadores
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.enlaces import Enlaces
from records.correo.tablas import Aviso
from records.sistemas import operacion
from records.sistemas.operacion import Proceso
from records.sistemas.tablas import AvisoDeOperacion
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import SESSION_KEY
from tests.kit.foreign import ROOT
from tests.kit.web import BASE_URL, WebKit, put
from webforms.operacion import instalacion, novedades
from webforms.sistemas.latido import nombre_del_equipo

GB = 2**30
TRABAJADOR = Proceso("equipo-1-abc", operacion.TRABAJADOR, "equipo-1", "x")


@pytest.fixture(autouse=True)
def disco(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How much of it is free is the machine's affair, so it is said here."""
    hay = {"free": 50 * GB}
    monkeypatch.setattr(
        instalacion.shutil, "disk_usage", lambda _lugar: SimpleNamespace(total=100 * GB, **hay)
    )
    return hay


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    yield from de(tmp_path, sqlite_url)


@pytest.fixture
def en_cada_base(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    yield from de(tmp_path, db_url)


def de_nadie(aviso_id: int, _dicho: str, _now: dt.datetime) -> None:
    raise AssertionError(f"notice {aviso_id} is not to the person of a case")


def de(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    """As a production start has it: tables of the newest migration, a worker that lives."""
    handlers = Handlers()
    kit = web_kit.build(tmp_path, db_url, handlers=handlers)
    enlaces = Enlaces(BASE_URL, SESSION_KEY.encode())
    correo = CorreoSMTP(ServidorSMTP(port=1))
    manejadores.register(
        handlers,
        correo=correo,
        sesiones=kit.session,
        enlaces=enlaces,
        leer=lambda _s: b"",
        rechazada=de_nadie,
    )
    kit.app.config.update(SQLALCHEMY_DATABASE_URI=db_url)
    put(kit.app, base_url="http://127.0.0.1:8000")
    kit.app.instance_path = str(tmp_path)
    Migrate(kit.app, SQLAlchemy(kit.app), directory=str(ROOT / "migrations"))
    with kit.app.app_context():
        version = instalacion.version_propia()
    with kit.engine.db.begin() as conexion:
        conexion.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        conexion.execute(sa.text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})
    vive(kit)
    yield kit
    kit.engine.db.dispose()


def vive(kit: WebKit) -> None:
    kit.engine.uow.run(lambda s: operacion.latir(s, TRABAJADOR, kit.clock.now()))


def figuras(texto: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """As Prometheus reads them."""
    return {
        (s.name, frozenset(s.labels.items())): s.value
        for f in text_string_to_metric_families(texto)
        for s in f.samples
    }


def retrasar(kit: WebKit, cuanto: dt.timedelta) -> None:
    """An instance with a timer whose time came so long ago and that nobody fired."""
    kit.deploy(
        {
            "p.bpmn": m.in_one_lane(
                m.user("a", fields="x"), "ini>a>fin", variables="punto_id", scope="punto_id"
            )
        }
    )
    kit.begin("P", {"punto_id": "PAS"})
    with kit.session() as s, s.begin():
        instancia = s.scalars(sa.select(Instance)).first()
        assert instancia is not None
        s.add(
            Timer(
                task_id="t1",
                instance_id=instancia.id,
                element="espera",
                due=kit.clock.now() - cuanto,
            )
        )


def test_alive_asks_nobody_and_ready_asks_database_worker_and_queue(en_cada_base: WebKit) -> None:
    web = en_cada_base
    cliente = web.browser()
    assert cliente.get("/health").json == {"status": "alive", "version": VERSION}
    listo = cliente.get("/ready")
    assert (listo.status_code, listo.json) == (
        200,
        {
            "ready": True,
            "checks": {
                "database": "bien",
                "migraciones": "bien",
                "trabajador": "bien",
                "cola": "bien",
            },
        },
    )
    web.clock.advance(operacion.CALLADO + dt.timedelta(seconds=1))
    callado = cliente.get("/ready")
    assert (callado.status_code, callado.json["checks"]["trabajador"]) == (503, "falla")


def test_tables_of_another_version_are_not_ready(web: WebKit) -> None:
    with web.engine.db.begin() as conexion:
        conexion.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    listo = web.browser().get("/ready")
    assert (listo.status_code, listo.json) == (
        503,
        {"ready": False, "checks": {"database": "bien", "migraciones": "falla"}},
    )


def test_a_database_that_is_away_is_not_ready_and_the_process_still_lives(tmp_path: Path) -> None:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    Migrate(kit.app, None, directory=str(ROOT / "migrations"))
    kit.engine.db.dispose()
    (tmp_path / "v.db").rename(tmp_path / "aparte.db")
    (tmp_path / "v.db").mkdir()
    for resto in tmp_path.glob("v.db-*"):
        resto.unlink()
    cliente = kit.app.test_client()
    assert cliente.get("/health").status_code == 200
    listo = cliente.get("/ready")
    assert (listo.status_code, listo.json) == (
        503,
        {"ready": False, "checks": {"database": "falla"}},
    )
    assert "ventanilla_database_up 0.0" in cliente.get("/metrics").text


@pytest.mark.parametrize("camino", ["/ready", "/metrics"])
def test_only_addresses_that_are_set_are_answered(web: WebKit, camino: str) -> None:
    def pide(de: str, **cabeceras: str) -> int:
        return (
            web.browser()
            .get(camino, environ_base={"REMOTE_ADDR": de}, headers=cabeceras)
            .status_code
        )

    assert [
        pide("127.0.0.1"),
        pide("::1"),
        pide("::ffff:127.0.0.1"),
        pide("10.0.0.5"),
        pide(""),
    ] == [200, 200, 200, 404, 404]
    # through a proxy that nobody told us of
    assert pide("127.0.0.1", **{"X-Forwarded-For": "10.0.0.5"}) == 404
    put(web.app, monitors=(ipaddress.ip_network("10.0.0.0/24"),))
    assert [pide("10.0.0.5"), pide("10.0.1.5"), pide("127.0.0.1")] == [200, 404, 404]


def test_the_figures_are_those_of_prometheus_with_labels_that_are_known_beforehand(
    en_cada_base: WebKit,
) -> None:
    web = en_cada_base
    retrasar(web, dt.timedelta(minutes=7))
    cliente = web.browser()
    for inventada in ("/no-existe", "/otra/cosa?x=1", "/bandeja"):
        cliente.get(inventada)
    halladas = figuras(cliente.get("/metrics").text)
    assert halladas["ventanilla_database_up", frozenset()] == 1
    assert halladas["ventanilla_processes", frozenset({("kind", "worker")})] == 1
    assert halladas["ventanilla_timers_late", frozenset()] == 1
    assert halladas["ventanilla_timers_late_seconds", frozenset()] == 7 * 60
    assert halladas["ventanilla_commands_total", frozenset({("kind", "start")})] >= 1
    rutas = {
        dict(etiquetas)["route"]
        for nombre, etiquetas in halladas
        if nombre == "ventanilla_request_seconds_count"
    }
    assert rutas <= {*web.app.view_functions, "none"}
    assert "none" in rutas


@pytest.mark.parametrize("nombre", ["proxy-7f3a9c21", "A.b_c-0123456789"])
def test_a_request_keeps_the_name_that_it_was_given(web: WebKit, nombre: str) -> None:
    assert (
        web.browser().get("/health", headers={"X-Request-ID": nombre}).headers["X-Request-ID"]
        == nombre
    )


@pytest.mark.parametrize(
    "nombre", ["", "corto", "x" * 65, "a b c d e f g", 'x"},{"level":"x', "ñandú-ñandú"]
)
def test_a_name_that_is_none_is_replaced(web: WebKit, nombre: str) -> None:
    dado = (
        web.browser()
        .get("/health", headers={"X-Request-ID": nombre.encode().decode("latin-1")})
        .headers["X-Request-ID"]
    )
    assert re.fullmatch("[0-9a-f]{16}", dado)


# --- «Estado» -------------------------------------------------------------------------------------
def test_estado_says_what_is_well_and_what_is_asked_of_whom(web: WebKit) -> None:
    retrasar(web, dt.timedelta(minutes=47))
    pagina = web.browser("admin").get("/estado").text
    assert "Tarde: 1; el más viejo, 47 minutos." in pagina
    assert "Revise que el trabajador corra." in pagina
    assert "No se ha hecho ninguno." in pagina
    assert web.browser("asesor").get("/estado").status_code == 403
    informe = web.browser("admin").get("/estado/informe")
    assert informe.mimetype == "text/plain"
    assert "FALLA  Temporizadores" in informe.text


def test_the_live_part_comes_once_while_nothing_changes(web: WebKit) -> None:
    admin = web.browser("admin")
    primera = admin.get("/estado/ahora")
    assert primera.status_code == 200
    assert (
        admin.get("/estado/ahora", headers={"If-None-Match": primera.headers["ETag"]}).status_code
        == 304
    )
    web.clock.advance(dt.timedelta(minutes=5))
    assert (
        admin.get("/estado/ahora", headers={"If-None-Match": primera.headers["ETag"]}).status_code
        == 200
    )


def test_a_backup_is_known_and_grows_old(web: WebKit) -> None:
    web.engine.uow.run(
        lambda s: operacion.respaldado(s, "lunes.tar.gz", 12_000_000, "consola", web.clock.now())
    )
    admin = web.browser("admin")
    assert "No se ha hecho ninguno" not in admin.get("/estado").text
    web.clock.advance(dt.timedelta(hours=27))
    assert "Hace 27 horas, 12 MB: lunes.tar.gz." in admin.get("/estado").text


def ronda(web: WebKit) -> list[AvisoDeOperacion]:
    with web.app.app_context():
        novedades.ronda(web.engine, web.clock.now())
    with web.session() as s:
        return list(s.scalars(sa.select(AvisoDeOperacion).order_by(AvisoDeOperacion.id)))


def test_administrators_are_told_once_and_what_is_over_ends(en_cada_base: WebKit) -> None:
    web = en_cada_base
    primeros = ronda(web)
    assert [a.codigo for a in primeros] == ["respaldo"]
    assert primeros[0].avisado == web.clock.now()
    web.clock.advance(dt.timedelta(minutes=1))
    vive(web)
    assert [a.id for a in ronda(web)] == [primeros[0].id]
    web.engine.jobs.run(operacion.AVISAR, {"aviso": primeros[0].id})
    web.engine.jobs.run(operacion.AVISAR, {"aviso": primeros[0].id})
    with web.session() as s:
        (correo,) = s.scalars(sa.select(Aviso))
    assert correo.asunto == "Ventanilla necesita de usted: el respaldo está viejo"
    assert "flask backup" in correo.texto
    web.engine.uow.run(
        lambda s: operacion.respaldado(s, "lunes.tar.gz", 1, "consola", web.clock.now())
    )
    assert [a.hasta for a in ronda(web)] == [web.clock.now()]
    web.clock.advance(dt.timedelta(minutes=10))
    assert [a.codigo for a in ronda(web)] == ["respaldo", "trabajador"]


@pytest.mark.parametrize(("libres", "como"), [(9, "Mírelo"), (2, "Falla")])
def test_a_disk_that_fills_is_told_with_what_to_do(
    web: WebKit, disco: dict[str, int], libres: int, como: str
) -> None:
    web.engine.uow.run(
        lambda s: operacion.respaldado(s, "hoy.tar.gz", 1, "consola", web.clock.now())
    )
    assert ronda(web) == []
    disco["free"] = libres * GB
    (aviso,) = ronda(web)
    assert aviso.codigo == operacion.de_equipo("disco", nombre_del_equipo())
    pagina = web.browser("admin").get("/estado").text
    assert f"Libres {libres} de 100 GB en " in pagina
    assert "Libere espacio o agrande el disco: cuando se llena, nada se guarda." in pagina
    assert como in pagina


def test_a_certificate_of_one_machine_is_told_as_its_own_and_ended_by_no_other(
    en_cada_base: WebKit, tmp_path: Path
) -> None:
    web = en_cada_base
    web.engine.uow.run(
        lambda s: operacion.respaldado(s, "hoy.tar.gz", 1, "consola", web.clock.now())
    )
    put(web.app, certificados=(("SMTP_CERTIFICATE", str(tmp_path / "no.pem")),))
    (aviso,) = ronda(web)
    assert aviso.codigo == operacion.de_equipo("certificado_propio", nombre_del_equipo())
    assert str(tmp_path / "no.pem") in aviso.dice
    assert len(operacion.de_equipo("certificado_propio", "e" * 60)) <= 40, "what the column takes"
    # that of another machine is good
    web.engine.uow.run(lambda s: operacion.anotar_novedades(s, [], "otro", web.clock.now()))
    with web.session() as s:
        assert [a.codigo for a in operacion.abiertos(s)] == [aviso.codigo]
    put(web.app, certificados=())
    ronda(web)
    with web.session() as s:
        assert operacion.abiertos(s) == []


def test_what_fails_in_the_background_is_told_and_each_machine_ends_its_own(web: WebKit) -> None:
    web.engine.uow.run(
        lambda s: operacion.respaldado(s, "hoy.tar.gz", 1, "consola", web.clock.now())
    )
    fallas = novedades.Fallas()
    fallas.emit(
        logging.makeLogRecord(
            {
                "created": web.clock.now().timestamp(),
                "exc_info": (ValueError, ValueError("x"), None),
            }
        )
    )
    otra = operacion.Novedad(
        operacion.de_equipo("disco", TRABAJADOR.equipo), "Libres 1 de 100 GB.", "Libere espacio."
    )
    web.engine.uow.run(
        lambda s: operacion.anotar_novedades(s, [otra], TRABAJADOR.proceso, web.clock.now())
    )
    with web.app.app_context():
        novedades.ronda(web.engine, web.clock.now(), fallas)
    with web.session() as s:
        # that of the other machine stays
        assert {a.codigo.partition(":")[0] for a in operacion.abiertos(s)} == {"disco", "fondo"}
    pagina = web.browser("admin").get("/estado").text
    assert "Fallas del trabajador en la última hora: 1; la última, ValueError." in pagina
    web.clock.advance(dt.timedelta(hours=2))  # the other machine is gone, and the hour is over
    web.engine.uow.run(
        lambda s: operacion.latir(s, replace(TRABAJADOR, proceso="b", equipo="b"), web.clock.now())
    )
    with web.app.app_context():
        novedades.ronda(web.engine, web.clock.now(), fallas)
    with web.session() as s:
        # that of the machine that is gone
        assert [a.codigo for a in operacion.abiertos(s)] == ["trabajador"]


def test_a_clock_that_differs_from_that_of_the_database_is_told(en_cada_base: WebKit) -> None:
    """SQLite has none of its own."""
    kit, suyo = en_cada_base, en_cada_base.engine.db.dialect.name == "postgresql"
    for adelanto, se_dice in ((0.0, False), (20.0, True)):
        kit.clock.advance(SystemClock().now() - kit.clock.now() + dt.timedelta(seconds=adelanto))
        with kit.app.test_request_context():
            hallados = [punto for punto in instalacion.base() if punto.codigo == "reloj"]
        assert bool(hallados) is (suyo and se_dice)
        assert [punto.como for punto in hallados] == ["falla"] * len(hallados)
