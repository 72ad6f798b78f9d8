"""The door: reads the configuration, picks adapters and handlers, wires. No decisions, and only
tests import it."""

import datetime as dt
import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import handlers.acciones
import handlers.auditoria
import handlers.calidad
import handlers.comite
import handlers.conexiones
import handlers.controles
import handlers.correo
import handlers.crm
import handlers.digiturno
import handlers.interventoria
import handlers.legado
import handlers.paginas
import handlers.sala
from common import lines, place, spans
from common.accounts import SERVING
from common.hosts import Trusted
from common.language import SPANISH, joined, kept, of_shell, said
from common.settings import KNOWN, Reading, SettingRefused, Source
from common.witness import Witness
from engine.clock import Clock, SystemClock
from engine.commands import Engine
from engine.jobs.durable import DurableJobs, Worker, migrate
from engine.jobs.inprocess import InProcessJobs
from engine.jobs.port import Jobs
from engine.store import guard, rows
from engine.store.uow import prepare
from engine.types import SYSTEM, Actor, Calendar, Data, Handlers
from handlers import evidencia
from handlers.acciones.casos import Empezar
from handlers.antivirus import Clamd
from handlers.conectores import lugar
from handlers.conectores.cctex import Cctex
from handlers.conectores.cctex.sentencias import Sentencias
from handlers.conectores.digiturno import SistemaDeTurnos
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.vista import Vista
from handlers.conectores.foxpro import FoxPro
from handlers.conectores.foxpro.mapeo import Mapeo
from handlers.conectores.guarda import Guarda, vecino
from handlers.conectores.servicios import Servicio
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Instalacion, Sincronia, SuiteCRM
from handlers.conectores.tipos import Conector
from handlers.correo import ajustes as ajustes_de_correo, rebotes
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.deposito import ajustes as ajustes_de_deposito
from handlers.deposito.carpeta import Carpeta
from handlers.deposito.s3 import S3
from handlers.enlaces import Enlaces
from handlers.motor import autoridad, funciones as functions
from handlers.paginas.descarga import Descargador
from handlers.registro import Registro
from handlers.sellos import EnSello
from handlers.testigos import EnRed
from records.base.tablas import Base
from records.casos import archivos
from records.casos.archivos import POR_REVISAR
from records.correo.reglas.correos import POR_HORA
from records.paquetes.carriles import Carriles
from records.plazos.reglas.calendario import (
    AJUSTE_PAIS,
    AJUSTE_ZONA,
    BOGOTA,
    COLOMBIA,
    descansa,
    festivos,
    situar,
)
from records.retencion.eliminaciones import AJUSTE_DIAS, DIAS_DE_PUBLICACION
from records.sistemas import sistemas
from records.sistemas.crm_externo import CONCILIAR
from records.sistemas.puertos import (
    Antivirus,
    Causa,
    Conexion,
    Correo,
    Deposito,
    EstadoCircuito,
    FallaDeSistema,
    PaginasWeb,
    SistemaQueAvisa,
    Vecino,
)
from records.sistemas.reglas.paginas import AJUSTE_SITIOS, SITIOS, Sitios
from records.sistemas.reglas.sistemas import AJUSTE_LIMITE, LIMITE_MIN, OTROS
from records.sistemas.vigiladas import VIGILADAS
from webforms import web
from webforms.acceso import ajustes as ajustes_de_acceso
from webforms.base.archivos import Almacen
from webforms.base.catalogos import AJUSTE_IDIOMA, AJUSTE_MAS_IDIOMAS, IDIOMAS, hablando
from webforms.base.documentos_hechos import DocumentosHechos
from webforms.base.estado import AJUSTE_CA, AJUSTE_RESPALDO, HORAS_DE_RESPALDO
from webforms.base.filtradas import AJUSTE_ROBADAS
from webforms.base.rebotes import rechazada
from webforms.base.servicios import EXTENSION
from webforms.base.sesiones import AJUSTE_LIMITES, Limites
from webforms.base.sondeo import Sondeo
from webforms.base.vigias import AJUSTE_VIGIAS, Redes
from webforms.base.vigilancia import responde
from webforms.calidad.paquete import hacer_documentos, hacer_paquete
from webforms.comandos import ajustes, correo, puesta, todos, trabajador
from webforms.comandos.consola import Falla
from webforms.comandos.respuestas import Lugar
from webforms.cumplimiento.accesos import SUJETO_ESCRITO
from webforms.forms import FORMS

ROOT = Path(__file__).resolve().parent


class BadSetting(Falla, ValueError):
    """A setting of this place makes no sense; on the command line its sentence is all that is
    shown."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a place may set. `from_environment` documents the variables
    (docs/configuration.md)."""

    instance: Path
    database_url: str
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    smtp: ServidorSMTP = field(default_factory=ServidorSMTP)
    cctex_url: str | None = None
    cctex_queries: Sentencias = field(default_factory=Sentencias)
    foxpro: Mapeo | None = None
    cobol: Conector | None = None
    crm: Instalacion | None = None  # None: the CRM is ours alone
    turnos: tuple[SistemaDeTurnos, ...] = ()  # turn systems of other vendors
    mensajes: tuple[SistemaQueAvisa, ...] = ()  # systems that deliver messages of diagrams
    servicios: tuple[Servicio, ...] = ()  # HTTP services that steps of diagrams may call
    entity_web: Sitios = field(default_factory=partial(Sitios.leer, SITIOS))
    mail_per_hour: int = POR_HORA
    proxies: int = 0
    trusted: Trusted = field(default_factory=Trusted)  # hosts that may be met without TLS
    system_down_minutes: int = LIMITE_MIN
    backup_hours: int = HORAS_DE_RESPALDO
    # the private keys that sign the log; None: `evidence.key` of the instance
    evidence_key: Path | None = None
    # those that systemd hands over; None: it handed over none
    evidence_credential: Path | None = None
    testigos: tuple[Witness, ...] = ()  # who keeps what was signed
    breached_passwords: str = ""  # list of Have I Been Pwned on this machine; "": none
    tls_ca: str = ""  # authority of the certificate of base_url; "": those of the system
    monitors: Redes = ()  # who may ask /ready and /metrics; nothing: this machine
    second_factor: tuple[str, ...] = ()  # roles that work with one only
    # role → how long a login of it lasts
    login_limits: Mapping[str, Limites] = field(default_factory=dict)
    # what changes the law of the house is asked for by one and decided by another
    two_persons: bool = False
    totp_sha1: bool = False  # applications of codes that know SHA-1 only are taken
    # what whoever has no second factor shows in a browser not entered from before: that alone, or
    # a link by "mail", too
    new_browser: str = "password"
    # what these signed and closed is still read; nothing is signed by them
    older_keys: tuple[str, ...] = ()
    # business days for which an inventory of disposal is published
    disposal_days: int = DIAS_DE_PUBLICACION
    worker_metrics: int = 0  # port on which a worker tells its figures; 0: none
    log_json: bool = False
    otel: str = ""  # where spans go, by OTLP over HTTP; "": nowhere
    zona: ZoneInfo = BOGOTA
    pais: str = COLOMBIA  # whose holidays terms pass over
    idiomas: Path | None = None  # folder with more languages than the program brings
    idioma: str = SPANISH  # what pages and mails speak to whoever chose no language
    console: str = SPANISH  # what commands of the shell speak
    clock: Clock = field(default_factory=SystemClock)
    # old systems are asked in parallel, which a load whose sessions are one cannot do
    at_once: bool = True
    jobs: Jobs | None = None  # None: DBOS in the application's database
    correo: Correo | None = None  # None: SMTP
    paginas: PaginasWeb | None = None  # None: the entity's site, over the network
    documentos: Deposito | None = None  # None: a folder of the instance
    antivirus: Antivirus | None = None  # None: there is none

    @staticmethod
    def from_environment(env: Mapping[str, str]) -> "Config":
        """Raises BadSetting, with a line for each setting that makes no sense: a start with it would
        fail later, or in silence."""
        try:
            instance = Reading(env)(place.folder)
            read = Reading({**_running_demo(instance), **env})
            read.check((*KNOWN.values(), *MADE))
        except SettingRefused as error:
            raise BadSetting(str(error)) from error
        return Config(
            instance=instance,
            database_url=read(place.DATABASE_URL),
            secret_key=read(place.SECRET_KEY),
            older_keys=read(place.SECRET_KEY_FALLBACKS),
            base_url=read(place.BASE_URL),
            demo=read(place.DEMO),
            smtp=read(ajustes_de_correo.servidor),
            cctex_url=read(lugar.CCTEX),
            cctex_queries=read(lugar.sentencias),
            foxpro=read(lugar.foxpro),
            cobol=read(lugar.cobol),
            crm=read(lugar.crm),
            turnos=read(lugar.turnos),
            mensajes=read(lugar.que_avisan),
            servicios=read(lugar.llamados),
            entity_web=read(AJUSTE_SITIOS),
            paginas=_demo_site(read),
            documentos=read(ajustes_de_deposito.deposito),
            antivirus=read(ajustes_de_deposito.CLAMD),
            mail_per_hour=read(ajustes_de_correo.POR_CADA_HORA),
            evidence_key=read(evidencia.LLAVE),
            evidence_credential=read(evidencia.credencial),
            testigos=read(evidencia.testigos),
            proxies=read(place.TRUSTED_PROXIES),
            trusted=read(place.TRUSTED_NETWORK),
            system_down_minutes=read(AJUSTE_LIMITE),
            backup_hours=read(AJUSTE_RESPALDO),
            breached_passwords=read(AJUSTE_ROBADAS),
            tls_ca=read(AJUSTE_CA),
            monitors=read(AJUSTE_VIGIAS),
            second_factor=read(ajustes_de_acceso.SEGUNDO_FACTOR),
            login_limits=read(AJUSTE_LIMITES),
            two_persons=read(ajustes_de_acceso.DOS_PERSONAS),
            totp_sha1=read(ajustes_de_acceso.SHA1),
            new_browser=read(ajustes_de_acceso.NAVEGADOR_NUEVO),
            disposal_days=read(AJUSTE_DIAS),
            worker_metrics=read(trabajador.AJUSTE_CIFRAS),
            log_json=read(place.LOG_FORMAT) == "json",
            otel=read(place.OTEL),
            zona=read(AJUSTE_ZONA),
            pais=read(AJUSTE_PAIS),
            idiomas=read(AJUSTE_MAS_IDIOMAS),
            idioma=read(AJUSTE_IDIOMA),
            console=of_shell(read.env, IDIOMAS),
        )


#: What is made of several rows, and may be wrong though each of them makes sense.
MADE: Sequence[Source[Any]] = (
    ajustes_de_correo.servidor,
    ajustes_de_deposito.deposito,
    evidencia.testigos,
    lugar.foxpro,
    lugar.cobol,
    lugar.crm,
    lugar.turnos,
    lugar.que_avisan,
    lugar.llamados,
)


def _running_demo(instance: Path) -> Mapping[str, str]:
    """What `make run` runs with in this folder while it does (demo/run.py): a command in another
    shell sees the same mail server, address, database. One that was killed has left its file; its
    process is gone."""
    try:
        said = json.loads((instance / "demo-en-marcha.json").read_text("utf-8"))
        os.kill(said["proceso"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: value for name, value in said["ajustes"].items() if name != "INSTANCE"}


def _demo_site(read: Reading) -> PaginasWeb | None:
    """The demo needs no network; with ENTITY_WEB_HOSTS it asks the real site, too. Imported by
    name, as add_demo does."""
    if not read(place.DEMO) or read.given(AJUSTE_SITIOS.name):
        return None
    site: PaginasWeb = importlib.import_module("demo.sitio_web").SitioDemo()
    return site


def documents_of(config: Config) -> Almacen:
    """Where the content of documents lies, who looks at it, and where small pictures of it are
    kept."""
    store = config.documentos or Carpeta(config.instance / "archivos")
    return Almacen(store, antivirus=config.antivirus, vistas=Carpeta(config.instance / "vistas"))


def connectors(config: Config) -> Iterator[Conector]:
    """The systems of records.sistemas.reglas.sistemas that this place has connected: a line for each."""
    if config.cctex_url:
        yield Cctex(config.cctex_url, config.cctex_queries)
    if config.foxpro:
        yield FoxPro(config.foxpro, config.instance / "foxpro-copia")
    if config.cobol:
        yield config.cobol


def connections(config: Config, env: Mapping[str, str]) -> tuple[Conexion, ...]:
    """All that leave this machine, with how they go. `env`: what the driver of PostgreSQL reads by
    itself."""
    of_web, of_host, of_database = (
        handlers.conexiones.de_web,
        handlers.conexiones.de_equipo,
        handlers.conexiones.de_base,
    )
    found = of_database("DATABASE_URL", config.database_url, env)
    found += of_database("CCTEX_URL", config.cctex_url, env) if config.cctex_url else []
    found.append(of_host("SMTP_TLS", config.smtp.host, cifrada=config.smtp.cifrado != "no"))
    found += [of_web("CRM_CONFIG", config.crm.url)] if config.crm else []
    found += [of_web("SERVICES_CONFIG", service.url) for service in config.servicios]
    for system in config.turnos:
        if isinstance(system.adaptador, Red):
            found += (
                [of_web("DIGITURNO_CONFIG", system.adaptador.url)] if system.adaptador.url else []
            )
        elif isinstance(system.adaptador, Vista):
            found += of_database("DIGITURNO_CONFIG", system.adaptador.direccion, env)
    found += [
        of_web(evidencia.TESTIGOS.name, witness.direccion)
        for witness in config.testigos
        if isinstance(witness, EnRed | EnSello)
    ]
    if isinstance(config.documentos, S3) and config.documentos.direccion:
        found.append(of_web("DOCUMENTS_S3_ENDPOINT", config.documentos.direccion))
    if isinstance(config.antivirus, Clamd) and not isinstance(config.antivirus.lugar, str):
        found.append(of_host("CLAMD", config.antivirus.lugar[0]))
    found += [of_web("OTEL_EXPORTER_OTLP_ENDPOINT", config.otel)] if config.otel else []
    return handlers.conexiones.fuera(found)


def own_certificates(config: Config) -> tuple[tuple[str, str], ...]:
    """(setting, file) of each by which this process enters somewhere."""
    found: list[tuple[str, str | None]] = []
    for name, url in (("DATABASE_URL", config.database_url), ("CCTEX_URL", config.cctex_url)):
        asked = make_url(url).query if url else {}
        found += [(name, str(asked[key])) for key in ("sslcert", "ssl_cert") if key in asked]
    found.append(("SMTP_CERTIFICATE", config.smtp.certificado))
    found += [("CRM_CONFIG", config.crm.certificado)] if config.crm else []
    found += [("SERVICES_CONFIG", service.certificado) for service in config.servicios]
    found += [
        ("DIGITURNO_CONFIG", system.adaptador.certificado)
        for system in config.turnos
        if isinstance(system.adaptador, Red)
    ]
    found += (
        [("DOCUMENTS_S3_CERTIFICATE", config.documentos.certificado)]
        if isinstance(config.documentos, S3)
        else []
    )
    return tuple((name, file) for name, file in found if file)


def neighbours(
    engine: Engine,
    mail: Correo,
    guards: Mapping[str, Guarda],
    config: Config,
    crm: Sincronia | None,
) -> Iterator[Vecino]:
    """All systems around the desk, to be looked at: those behind guards, those that may be
    embedded, mail, and what documents need."""
    yield from (guard.vecino for guard in guards.values())

    def embedded() -> None:
        if code := responde(engine):
            raise FallaDeSistema(code, causa=Causa.SIN_CONEXION, pasajera=True)

    yield crm.vecino() if crm is not None else vecino("crm", OTROS["crm"], embedded)

    def turn_systems() -> None:
        embedded()
        for system in config.turnos:
            try:
                system.probar()
            except FallaDeSistema as failure:
                raise FallaDeSistema(
                    joined(": ", (system.nombre, failure.detalle)),
                    causa=failure.causa,
                    pasajera=failure.pasajera,
                ) from failure

    yield vecino("digiturno", OTROS["digiturno"], turn_systems)
    yield vecino("correo", OTROS["correo"], mail.probar)

    services = [Cliente(service) for service in config.servicios]

    def web_services() -> None:
        for each in services:
            try:
                each.probar()
            except FallaDeSistema as failure:
                said_by = joined(": ", (each.servicio.nombre, failure.detalle))
                raise FallaDeSistema(
                    said_by, causa=failure.causa, pasajera=failure.pasajera
                ) from failure

    yield vecino("servicios", OTROS["servicios"], web_services if config.servicios else None)
    yield vecino("documentos", OTROS["documentos"], documents_of(config).deposito.probar)
    scanner = config.antivirus

    def scanning() -> str:
        if scanner is not None:
            scanner.probar()
        embedded()
        with engine.uow.reading() as session:
            waiting = archivos.cuantos_por_revisar(session, POR_REVISAR)
        return kept("%(n)s documentos esperan su revisión", n=waiting) if waiting else ""

    yield vecino("antivirus", OTROS["antivirus"], scanning if scanner is not None else None)


def links_of(config: Config) -> Enlaces:
    return Enlaces(
        config.base_url.rstrip("/"),
        config.secret_key.encode(),
        tuple(key.encode() for key in config.older_keys),
    )


def build_handlers(
    config: Config,
    sessions: Callable[[], Session],
    reading: Callable[[], AbstractContextManager[Session]],
    log: Callable[[Actor, str, str, dt.datetime, Data], None],
    guards: Mapping[str, Guarda],
    mail: Correo,
    refused: Callable[[int, str, dt.datetime], None],
    crm: Sincronia | None,
    services: Sequence[Cliente],
    begin: Empezar,
    person: Guarda,
) -> Handlers:
    """Every service task and job of the product with its adapter."""
    registry = Handlers()

    links = links_of(config)
    handlers.legado.register(
        registry, guards, sesiones=sessions, bitacora=partial(log, SYSTEM), a_la_vez=config.at_once
    )
    files = documents_of(config)
    hourly = config.mail_per_hour
    handlers.correo.register(
        registry,
        correo=mail,
        sesiones=sessions,
        enlaces=links,
        leer=files.leer,
        rechazada=refused,
        por_hora=hourly,
    )
    made = DocumentosHechos(files)
    asked = [person, *guards.values()]
    handlers.acciones.register(
        registry,
        sesiones=sessions,
        hacer=made,
        empezar=begin,
        sitio=links.sitio,
        servicios=services,
        guardas=asked,
    )
    handlers.digiturno.register(registry)
    handlers.crm.register(registry, enlaces=links, afuera=crm is not None)
    if crm is not None:
        end = "digiturno.cerrar_turno"  # what 5.2.7 changed of somebody who files no case
        registry.local[end] = handlers.crm.contado(registry.local[end], end)
        registry.jobs[CONCILIAR] = lambda now, args: crm.comparar_pedido(str(args["quien"]), now)
    handlers.sala.register(registry)
    web_pages = config.paginas or Descargador(config.entity_web, solo_cifradas=not config.demo)
    handlers.paginas.register(
        registry, web=web_pages, sesiones=sessions, bitacora=partial(log, SYSTEM)
    )
    handlers.controles.register(registry)
    handlers.auditoria.register(registry)
    handlers.calidad.register(
        registry, leyendo=reading, sesiones=sessions, bitacora=log, hacer=hacer_documentos
    )
    handlers.comite.register(registry)
    handlers.interventoria.register(
        registry, leyendo=reading, sesiones=sessions, hacer=hacer_paquete
    )
    return registry


def build_engine(config: Config, db: sa.Engine) -> Engine:
    """The engine of this database with the product's handlers, forms and calendar."""
    return build(config, db)[0]


def build(config: Config, db: sa.Engine) -> tuple[Engine, tuple[Vecino, ...], Sincronia | None]:
    """The engine, the systems around it, and the CRM outside, if there is one."""
    situar(config.zona, config.pais)
    prepare(db)
    rows.watch(db, VIGILADAS, config.secret_key, config.older_keys)
    engines: list[Engine] = []

    def log_access(actor: Actor, kind: str, subject: str, now: dt.datetime, detail: Data) -> None:
        engines[0].log_access(actor, kind, subject, now=now, detail=detail)

    def sessions() -> Session:
        return engines[0].uow.session()

    def reading() -> AbstractContextManager[Session]:
        return engines[0].uow.reading_one_state()

    def happened(system: str, what: EstadoCircuito, now: dt.datetime, detail: str) -> None:
        engines[0].uow.run(lambda s: sistemas.suceder(s, system, what, now, detail))

    def refused(notice: int, said: str, now: dt.datetime) -> None:
        rechazada(engines[0], notice, said, now)

    def begin(proceso: str, clave: str, datos: Data, now: dt.datetime) -> str:
        return (
            engines[0]
            .instances.start(proceso, actor=SYSTEM, now=now, key=clave, data=datos)
            .case_key
        )

    guards = handlers.legado.guardar(
        connectors(config), sesiones=sessions, bitacora=partial(log_access, SYSTEM), suceso=happened
    )
    mail = config.correo or CorreoSMTP(config.smtp)
    crm = Sincronia(SuiteCRM(config.crm), sessions, happened) if config.crm else None
    person = handlers.crm.guarda_de_persona(
        sessions, crm, bitacora=partial(log_access, SYSTEM), suceso=happened
    )
    services = [Cliente(service, happened) for service in config.servicios]
    registry = build_handlers(
        config, sessions, reading, log_access, guards, mail, refused, crm, services, begin, person
    )
    engine = Engine(
        db,
        handlers=registry,
        jobs=config.jobs or DurableJobs(config.database_url),
        functions=functions(),
        forms=frozenset(FORMS),
        clock=config.clock,
        calendar=Calendar(config.zona, lambda day: festivos(day.year).get(day), descansa),
        authority=autoridad(),
        lanes=Carriles(),
        cases=Registro(),
    )
    engines.append(engine)
    around = tuple(neighbours(engine, mail, guards, config, crm))
    look = Sondeo(engine, around, dt.timedelta(minutes=config.system_down_minutes))

    def look_now(now: dt.datetime, _args: Data) -> None:
        look.ronda(now)

    registry.jobs[sistemas.MIRAR] = look_now
    return engine, around, crm


@dataclass(frozen=True, slots=True)
class DemoEngine:
    """How the demo loads its history: the same engine on another connection, a moving clock, jobs
    in this process, no mail."""

    config: Config

    def __call__(
        self, db: sa.Engine, *, clock: Clock, correo: Correo, cctex_url: str, paginas: PaginasWeb
    ) -> tuple[Engine, InProcessJobs]:
        jobs, foxpro = InProcessJobs(), lugar.foxpro_de_la_demostracion(self.config.instance)
        # the demo has written its files since
        cobol = self.config.cobol or lugar.cobol_de_la_demostracion(self.config.instance)
        given = replace(
            self.config,
            clock=clock,
            jobs=jobs,
            correo=correo,
            cctex_url=cctex_url,
            foxpro=foxpro,
            cobol=cobol,
            at_once=False,
        )
        given = replace(given, mail_per_hour=0)  # a history of months in one hour
        return build_engine(replace(given, paginas=paginas), db), jobs

    def migrate(self) -> None:
        """The tables of the job library."""
        migrate(self.config.database_url)


def add_demo(app: Flask, config: Config) -> None:
    """Imported by name and only here: a production start has neither the demo nor its libraries
    (requirements-demo.txt)."""
    demo = importlib.import_module("demo.entrada")
    demo.registrar(
        app,
        DemoEngine(config),
        demo.Lugar(config.database_url, config.instance, ROOT / "bpmn", config.base_url),
    )


def settings(env: Mapping[str, str]) -> dict[str, str]:
    """The environment, and beneath it the file that `flask setup` writes."""
    try:
        return ajustes.entorno(env, ROOT)
    except ajustes.AjustesMalos as error:
        raise BadSetting(str(error)) from error


def configured(env: Mapping[str, str]) -> Config:
    """Of this process. What makes no sense is told in the language of who starts it."""
    with hablando(of_shell(env, IDIOMAS)):
        env = settings(env)
    with hablando(of_shell(env, IDIOMAS)):
        return Config.from_environment(env)


def setup_place() -> Lugar:
    """Where `flask setup` works. The environment wins over what it writes, as it does for every
    process."""

    def with_settings(given: Mapping[str, str]) -> Flask:
        try:
            return create_app(Config.from_environment(ajustes.sobre(given, os.environ)))
        except ajustes.AjustesMalos as error:
            raise BadSetting(str(error)) from error

    def migrate_jobs(app: Flask) -> None:
        migrate(app.config["SQLALCHEMY_DATABASE_URI"])
        with app.extensions[EXTENSION].db.begin() as connection:
            guard.protect(connection, SERVING)  # the tables of the job library are there only now

    return Lugar(
        ajustes.ruta_de(os.environ, ROOT),
        ROOT / "bpmn",
        with_settings,
        migrate_jobs,
        ajustes.fijos(os.environ),
    )


def _log(config: Config) -> None:
    """How this process writes down what happens, and whom it tells."""
    lines.hide_values()
    if config.log_json:
        lines.configure(config.instance / "trazas", SUJETO_ESCRITO)
    if config.otel:
        try:
            spans.tell(config.otel)
        except ImportError as error:
            raise BadSetting(
                said(
                    "OTEL_EXPORTER_OTLP_ENDPOINT: falta instalar requirements-otel.txt en este lugar."
                )
            ) from error


def _of_flask(config: Config) -> Mapping[str, Any]:
    """What the pages read by name (`app.config`)."""
    return {
        "DEBUG": False,  # whatever FLASK_DEBUG says: a failure shows a number and no trace
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.older_keys),
        "BASE_URL": config.base_url,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 20,
            "pool_use_lifo": True,
            "hide_parameters": True,
        },
        "SYSTEM_DOWN_MINUTES": config.system_down_minutes,
        "BACKUP_HOURS": config.backup_hours,
        "EVIDENCE_KEY": config.evidence_key or config.instance / evidencia.LLAVE_DEL_REGISTRO,
        "EVIDENCE_CREDENTIAL": config.evidence_credential,
        "BREACHED_PASSWORDS": config.breached_passwords,
        "TLS_CA": config.tls_ca,
        "MONITORS": config.monitors,
        "TRUSTED_PROXIES": config.proxies,
        "TRUSTED_NETWORK": config.trusted,
        "CONNECTIONS": connections(config, os.environ),
        "OWN_CERTIFICATES": own_certificates(config),
        "SETTINGS_FILE": ajustes.ruta_de(os.environ, ROOT),
        "MAIL_PASSWORD": bool(config.smtp.clave),
        "PROGRAM": ROOT,
        "DEMO": config.demo,
        "WORKER_METRICS": config.worker_metrics,
        "SECOND_FACTOR": config.second_factor,
        "LOGIN_LIMITS": config.login_limits,
        "TWO_PERSONS": config.two_persons,
        "TOTP_SHA1": config.totp_sha1,
        "NEW_BROWSER": config.new_browser,
        "DISPOSAL_DAYS": config.disposal_days,
        "LOG_JSON": config.log_json,
        "IDIOMA": config.idioma,
        "ENTITY_WEB": config.entity_web,
        "SESSION_COOKIE_SECURE": config.base_url.startswith("https://"),
    }


def create_app(config: Config | None = None) -> Flask:
    config = config or configured(os.environ)
    if config.idiomas is not None:
        IDIOMAS.ofrecer(config.idiomas)
    _log(config)
    app = Flask(__name__, static_folder=None, instance_path=str(config.instance))
    app.config.update(_of_flask(config))
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]  # Flask says so: middleware goes around wsgi_app
    db = SQLAlchemy(model_class=Base)
    db.init_app(app)
    with app.app_context():
        engine, around, crm = build(config, db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    web.register(
        app,
        engine=engine,
        clock=config.clock,
        archivos=documents_of(config),
        vecinos=around,
        crm=crm,
        turnos_afuera=config.turnos,
        testigos=config.testigos,
        mensajes=config.mensajes,
    )
    todos.poner(
        app,
        (
            correo.comando(partial(rebotes.leer, aviso_de=links_of(config).aviso_de)),
            puesta.comando(setup_place()),
            trabajador.comando(
                lambda url, engine: Worker(url, engine.jobs, lost=trabajador.de_nuevo)
            ),
        ),
    )
    if config.demo:
        add_demo(app, config)
    todos.cubrir(app, config.console)
    return app
