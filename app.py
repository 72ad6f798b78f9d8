"""The door: reads the configuration, picks adapters and handlers, wires. No decisions, and only
tests import it."""

import datetime as dt
import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.proxy_fix import ProxyFix

from common import place
from common.accounts import SERVING
from common.language import of_shell
from common.settings import Reading, SettingRefused, of, read_all
from engine.clock import Clock, SystemClock
from engine.commands import Engine
from engine.jobs.durable import DurableJobs, Worker, migrate
from engine.jobs.inprocess import InProcessJobs
from engine.jobs.port import Jobs
from engine.store import guard, rows
from engine.store.uow import prepare
from engine.types import Data
from handlers.ajustes import Alrededor
from handlers.casos import Registro
from handlers.conectores.suitecrm import Sincronia
from handlers.correo import rebotes
from handlers.documentos.carpeta import Carpeta
from handlers.motor import autoridad, calendario, funciones as functions
from handlers.producto import DeLasPaginas, Producto
from handlers.sistemas.conexiones import certificados, conexiones
from handlers.sistemas.paginas.descarga import Descargador
from handlers.sistemas.vecinos import Vecinos
from records.base.tablas import Base
from records.paquetes.carriles import Carriles
from records.plazos.reglas.calendario import situar
from records.sistemas import sistemas
from records.sistemas.puertos import PaginasWeb, Vecino
from records.sistemas.reglas.paginas import AJUSTE_SITIOS
from records.sistemas.vigiladas import VIGILADAS
from webforms import web
from webforms.base.ajustes import Ajustes
from webforms.base.catalogos import IDIOMAS, hablando
from webforms.base.servicios import EXTENSION
from webforms.comandos import ajustes, correo, puesta, todos, trabajador
from webforms.comandos.ajustes import AjustesMalos as BadSetting
from webforms.comandos.registro import registrar
from webforms.correo.rebotes import rechazada
from webforms.documentos.archivos import Almacen
from webforms.documentos.documentos_hechos import DocumentosHechos
from webforms.interventoria.paquete import hacer_documentos, hacer_paquete
from webforms.salas import FORMS
from webforms.sistemas.sondeo import Sondeo
from webforms.sistemas.vigilancia import responde

ROOT = Path(__file__).resolve().parent
POOL = {"pool_size": 20, "pool_use_lifo": True, "hide_parameters": True}


def _demo_site(read: Reading) -> PaginasWeb | None:
    """The demo needs no network; with ENTITY_WEB_HOSTS it asks the real site, too. Imported by
    name, as add_demo does."""
    if not read(place.DEMO) or read.given(AJUSTE_SITIOS.name):
        return None
    site: PaginasWeb = importlib.import_module("demo.sitio_web").SitioDemo()
    return site


@dataclass(frozen=True, kw_only=True)
class Config(Alrededor, Ajustes):
    """Everything that a place may set: what handlers talk to, what the pages read, and how this
    process runs (docs/configuration.md)."""

    paginas: PaginasWeb | None = of(_demo_site, None)
    clock: Clock = field(default_factory=SystemClock)
    jobs: Jobs | None = None  # None: DBOS in the application's database

    @staticmethod
    def from_environment(env: Mapping[str, str]) -> "Config":
        """Raises BadSetting, with a line for each setting that makes no sense: a start with it would
        fail later, or in silence."""
        try:
            instance = Reading(env)(place.folder)
            return Config(**read_all(Config, {**place.running_demo(instance), **env}))
        except SettingRefused as error:
            raise BadSetting(str(error)) from error


def documents_of(config: Config) -> Almacen:
    """Where the content of documents lies, who looks at it, and where small pictures of it are
    kept."""
    return Almacen(
        config.deposito, antivirus=config.antivirus, vistas=Carpeta(config.instance / "vistas")
    )


def build_engine(config: Config, db: sa.Engine) -> Engine:
    """The engine of this database with the product's handlers, forms and calendar."""
    return build(config, db)[0]


def build(config: Config, db: sa.Engine) -> tuple[Engine, tuple[Vecino, ...], Sincronia | None]:
    """The engine, the systems around it, and the CRM outside, if there is one."""
    situar(config.zona, config.pais)
    prepare(db)
    rows.watch(db, VIGILADAS, config.secret_key, config.older_keys)
    files, engines = documents_of(config), list[Engine]()
    product = Producto(
        config,
        lambda: engines[0],
        config.paginas or Descargador(config.entity_web, solo_cifradas=not config.demo),
        DeLasPaginas(
            files.leer, DocumentosHechos(files), hacer_documentos, hacer_paquete, rechazada
        ),
    )
    registry = product.registrar()
    engine = Engine(
        db,
        handlers=registry,
        jobs=config.jobs or DurableJobs(config.database_url),
        functions=functions(),
        forms=frozenset(FORMS),
        clock=config.clock,
        calendar=calendario(config.zona),
        authority=autoridad(),
        lanes=Carriles(),
        cases=Registro(),
    )
    engines.append(engine)
    watched = partial(responde, engine)
    around = Vecinos(config, engine.uow, watched, product.correo, product.guardas, product.crm)
    found = tuple(around.todos())
    look = Sondeo(engine, found, dt.timedelta(minutes=config.system_down_minutes))

    def look_now(now: dt.datetime, _args: Data) -> None:
        look.ronda(now)

    registry.jobs[sistemas.MIRAR] = look_now
    return engine, found, product.crm


def demo_engine(config: Config) -> Any:
    """How the demo loads its history (demo.motor): jobs stay in this process."""

    def wired(given: Config, db: sa.Engine, clock: Clock) -> tuple[Engine, InProcessJobs]:
        jobs = InProcessJobs()
        return build_engine(replace(given, clock=clock, jobs=jobs), db), jobs

    return importlib.import_module("demo.motor").Motor(config, wired, migrate)


def add_demo(app: Flask, config: Config) -> None:
    """Imported by name and only here: a production start has neither the demo nor its libraries
    (requirements-demo.txt)."""
    demo = importlib.import_module("demo.entrada")
    demo.registrar(
        app,
        demo_engine(config),
        demo.Lugar(config.database_url, config.instance, ROOT / "bpmn", config.base_url),
    )


def settings(env: Mapping[str, str]) -> dict[str, str]:
    """The environment, and beneath it the file that `flask setup` writes."""
    return ajustes.entorno(env, ROOT)


def configured(env: Mapping[str, str]) -> Config:
    """Of this process. What makes no sense is told in the language of who starts it."""
    with hablando(of_shell(env, IDIOMAS)):
        env = settings(env)
    with hablando(of_shell(env, IDIOMAS)):
        return Config.from_environment(env)


def _migrate_jobs(app: Flask) -> None:
    migrate(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.extensions[EXTENSION].db.begin() as connection:
        guard.protect(connection, SERVING)  # the tables of the job library are there only now


def _placed(config: Config) -> Config:
    """With what the pages tell of this process and of the systems around it."""
    return replace(
        config,
        conexiones=conexiones(config, os.environ),
        certificados=certificados(config),
        clave_de_correo=bool(config.smtp.clave),
        archivo=ajustes.ruta_de(os.environ, ROOT),
        programa=ROOT,
    )


def create_app(config: Config | None = None) -> Flask:
    config = config or configured(os.environ)
    if config.idiomas is not None:
        IDIOMAS.ofrecer(config.idiomas)
    registrar(config)
    app = Flask(__name__, static_folder=None, instance_path=str(config.instance))
    app.config.update(
        DEBUG=False,  # whatever FLASK_DEBUG says: a failure shows a number and no trace
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=POOL,
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]  # Flask says so: middleware goes around wsgi_app
    db = SQLAlchemy(model_class=Base)
    db.init_app(app)
    with app.app_context():
        engine, around, crm = build(config, db.engine)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    web.register(
        app,
        _placed(config),
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
            correo.comando(partial(rebotes.leer, aviso_de=config.enlaces.aviso_de)),
            puesta.comando(
                puesta.lugar(
                    ROOT, lambda env: create_app(Config.from_environment(env)), _migrate_jobs
                )
            ),
            trabajador.comando(
                lambda url, engine: Worker(url, engine.jobs, lost=trabajador.de_nuevo)
            ),
        ),
    )
    if config.demo:
        add_demo(app, config)
    todos.cubrir(app, config.console)
    return app
