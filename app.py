"""The door: reads the configuration, picks adapters and handlers, wires. No decisions, and only
tests import it."""

import contextlib
import datetime as dt
import importlib
import ipaddress
import json
import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import click
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
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
from common import lines, spans, tls
from common.accounts import SERVING
from common.hosts import Trusted, is_here
from common.language import SPANISH, joined, kept, of_shell, said
from common.notes import BadNote, Verifier
from common.witness import Witness
from engine.clock import Clock, SystemClock
from engine.commands import Engine
from engine.jobs.durable import DurableJobs, Worker, migrate
from engine.jobs.inprocess import InProcessJobs
from engine.jobs.port import Jobs
from engine.store import guard, rows
from engine.store.uow import prepare
from engine.types import SYSTEM, Actor, Authority, Calendar, Data, Functions, Handlers, When
from handlers.acciones.casos import Empezar
from handlers.antivirus import Clamd
from handlers.conectores.ajustes import ConfiguracionInvalida
from handlers.conectores.cctex import Cctex
from handlers.conectores.cctex.sentencias import SentenciaInsegura, Sentencias
from handlers.conectores.cobol import conector as conector_cobol
from handlers.conectores.digiturno import SistemaDeTurnos, leer as leer_turnos
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.vista import Vista
from handlers.conectores.foxpro import FoxPro, mapeo
from handlers.conectores.foxpro.mapeo import Mapeo
from handlers.conectores.guarda import Guarda, vecino
from handlers.conectores.mensajes import leer as leer_mensajes
from handlers.conectores.servicios import Servicio, leer as leer_servicios
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Instalacion, Sincronia, SuiteCRM, leer as leer_crm
from handlers.conectores.tipos import Conector
from handlers.correo import rebotes
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.deposito.carpeta import Carpeta
from handlers.deposito.s3 import S3, CuboS3
from handlers.enlaces import Enlaces
from handlers.paginas.descarga import Descargador
from handlers.registro import Registro
from handlers.sellos import SELLO, EnSello, SinRaices, raices_de
from handlers.testigos import CORREO, EnCarpeta, EnCorreo, EnRed
from records import archivos, sistemas
from records.archivos import POR_REVISAR
from records.carriles import Carriles
from records.crm_externo import CONCILIAR
from records.eliminaciones import DIAS_DE_PUBLICACION
from records.puertos import (
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
from records.rules.calendario import (
    BOGOTA,
    COLOMBIA,
    descansa,
    festivos,
    pais_sabido,
    situar,
    vencimiento,
)
from records.rules.correos import POR_HORA
from records.rules.paginas import SITIOS, Sitios
from records.rules.roles import CON_PODER, Facultad, con_facultad
from records.rules.sistemas import LIMITE_MIN, OTROS
from records.tables import Base
from records.vigiladas import VIGILADAS
from webforms import web
from webforms.base.archivos import Almacen
from webforms.base.catalogos import IDIOMAS, hablando
from webforms.base.documentos_hechos import DocumentosHechos
from webforms.base.estado import HORAS_DE_RESPALDO
from webforms.base.rebotes import rechazada
from webforms.base.servicios import EXTENSION
from webforms.base.sesiones import Limites
from webforms.base.sondeo import Sondeo
from webforms.base.vigias import Redes
from webforms.base.vigilancia import responde
from webforms.calidad.paquete import hacer_documentos, hacer_paquete
from webforms.comandos import ajustes, correo, puesta, trabajador
from webforms.comandos.auditoria import audit, sample
from webforms.comandos.consola import cubierto
from webforms.comandos.crm import crm as crm_commands
from webforms.comandos.despliegue import deploy
from webforms.comandos.diario import daily
from webforms.comandos.documentos import documents
from webforms.comandos.evidencia import evidence
from webforms.comandos.migracion import migrate_cases
from webforms.comandos.personas import users
from webforms.comandos.procedimiento import procedure
from webforms.comandos.respaldo import backup, restore
from webforms.comandos.respuestas import Lugar
from webforms.comandos.retencion import retention
from webforms.comandos.revision import doctor
from webforms.comandos.servidor import serve
from webforms.comandos.sistemas import systems
from webforms.comandos.trazabilidad import trace
from webforms.cumplimiento.accesos import SUJETO_ESCRITO
from webforms.forms import FORMS

#: Commands that make the tables, or look for themselves.
WITHOUT_TABLES = frozenset({"db", "demo", "doctor", "restore", "serve", "setup", "worker"})
#: Commands that say what is wrong with a place, or make it: they run where a connection goes in the
#: clear.
WITHOUT_TLS = frozenset({"doctor", "setup"})
ROOT = Path(__file__).resolve().parent
WITNESSES = "EVIDENCE_WITNESSES"
KEY_OF_THE_LOG = "evidence.key"
SMTP_TLS: Mapping[str, Literal["no", "starttls", "tls"]] = {
    "no": "no",
    "starttls": "starttls",
    "tls": "tls",
}


SMTPS = 465  # the port of servers that speak TLS from their first word on
SECRET_CHARACTERS = 32
# the most that LOGIN_LIMITS may say: what holds for everybody (webforms.web.SESION, JORNADA)
IDLE_MINUTES, LOGIN_HOURS = 30, 12


class BadSetting(click.ClickException, ValueError):
    """A setting of this place makes no sense; on the command line its sentence is all that is
    shown."""

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


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
        """Raises BadSetting for what makes no sense: a start with it would fail later, or in
        silence."""
        instance = _place(env.get("INSTANCE") or str(ROOT / "instance"), "INSTANCE")
        try:
            instance.mkdir(parents=True, exist_ok=True)
            (instance / "secret").exists()  # it may be entered
        except OSError as error:
            raise BadSetting(
                said(
                    "INSTANCE: no se puede hacer la carpeta %(f)s; revise que se pueda escribir allí.",
                    f=instance,
                )
            ) from error
        env = {**_running_demo(instance), **env}
        port = _number(env, "PORT", 8000, 1, 65_535)
        cctex = instance / "cctex.db"
        return Config(
            instance=instance,
            database_url=_database_url(env.get("DATABASE_URL"), instance),
            secret_key=_given_secret(env) or _kept_secret(instance / "secret"),
            older_keys=_older_secrets(env.get("SECRET_KEY_FALLBACKS", "")),
            base_url=_base_url(env.get("BASE_URL") or f"http://127.0.0.1:{port}"),
            demo=env.get("DEMO", "") == "1",
            smtp=_mail_server(env),
            cctex_url=_readable_url(env.get("CCTEX_URL"), "CCTEX_URL")
            or (f"sqlite:///{cctex}" if _there(cctex) else None),
            cctex_queries=_cctex_queries(env),
            foxpro=_foxpro(env, instance),
            cobol=cobol_connector(env.get("COBOL_CONFIG"), instance),
            crm=_crm(env.get("CRM_CONFIG"), _credentials(env)),
            turnos=_turnos(env.get("DIGITURNO_CONFIG"), _credentials(env)),
            mensajes=_messages(env.get("MESSAGES_CONFIG"), _credentials(env)),
            servicios=_services(env.get("SERVICES_CONFIG"), _credentials(env)),
            entity_web=_entity_web(env.get("ENTITY_WEB_HOSTS") or SITIOS),
            paginas=_demo_site(env),
            documentos=_documents(env),
            antivirus=_antivirus(env.get("CLAMD")),
            mail_per_hour=_number(env, "MAIL_PER_HOUR", POR_HORA, 0, 100_000),
            evidence_key=_key_of_the_log(env, instance),
            evidence_credential=_handed_over(env, KEY_OF_THE_LOG),
            testigos=_witnesses(
                env.get(WITNESSES, ""),
                lambda: CorreoSMTP(_mail_server(env)),
                _key_of_the_log(env, instance).with_name("sellos"),
            ),
            proxies=_number(env, "TRUSTED_PROXIES", 0, 0, 10),
            trusted=_trusted(env),
            system_down_minutes=_number(env, "SYSTEM_DOWN_MINUTES", LIMITE_MIN, 1, 1440),
            backup_hours=_number(env, "BACKUP_HOURS", HORAS_DE_RESPALDO, 1, 9_999),
            breached_passwords=_file(env, "BREACHED_PASSWORDS"),
            tls_ca=_authorities(env, "TLS_CA"),
            monitors=_networks(env.get("MONITOR_ADDRESSES", "")),
            second_factor=_second_factor(env),
            login_limits=_login_limits(env.get("LOGIN_LIMITS", "")),
            two_persons=_yes_or_no(
                env, "TWO_PERSONS", "no" if env.get("DEMO", "") == "1" else "yes"
            ),  # a visitor of a demo plays everybody
            totp_sha1=_yes_or_no(env, "TOTP_SHA1", "no"),
            new_browser=_new_browser(env),
            disposal_days=_number(env, "DISPOSAL_DAYS", DIAS_DE_PUBLICACION, 1, 400),
            worker_metrics=_number(env, "WORKER_METRICS", 0, 0, 65_535),
            log_json=_log_format(env.get("LOG_FORMAT") or "text"),
            otel=_spans(env.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")),
            zona=_zone(env.get("ZONA") or BOGOTA.key),
            pais=_country(env.get("PAIS") or COLOMBIA),
            idiomas=_more_languages(env),
            idioma=_language(env.get("IDIOMA") or SPANISH),
            console=of_shell(env, IDIOMAS),
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


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = env.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,6}", given) or not least <= int(given) <= most:
        raise BadSetting(
            said(
                "%(n)s: se espera un número entre %(a)s y %(b)s, no «%(g)s».",
                n=name,
                a=least,
                b=most,
                g=given,
            )
        )
    return int(given)


def _given_secret(env: Mapping[str, str]) -> str:
    """Whoever guesses it makes sessions."""
    given = env.get("SECRET_KEY", "")
    if given and len(given) < SECRET_CHARACTERS:
        raise BadSetting(
            said(
                "SECRET_KEY: se esperan al menos %(n)s caracteres que nadie adivine. Sin ella se hace y se guarda una.",
                n=SECRET_CHARACTERS,
            )
        )
    return given


def _older_secrets(given: str) -> tuple[str, ...]:
    """The newest first, with spaces between; as a list of JSON where one has a space in it."""
    try:
        listed = json.loads(given) if given.lstrip().startswith("[") else given.split()
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(
        isinstance(one, str) and len(one) >= SECRET_CHARACTERS for one in listed
    ):
        raise BadSetting(
            said(
                "SECRET_KEY_FALLBACKS: se esperan secretos de antes, con espacios entre ellos, de al menos %(n)s caracteres cada uno.",
                n=SECRET_CHARACTERS,
            )
        )
    return tuple(listed)


def _base_url(given: str) -> str:
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    extra = (
        parts.query
        or parts.fragment
        or parts.username is not None
        or port == 0
        or any(sign.isspace() for sign in given)
    )
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise BadSetting(
            said(
                "BASE_URL: se espera la dirección de la web, por ejemplo https://ventanilla.entidad.gov.co, no «%(g)s».",
                g=given,
            )
        )
    return given.rstrip("/")


def _readable_url(given: str | None, name: str) -> str | None:
    if given:
        try:
            make_url(given).get_dialect()
        except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as error:
            raise BadSetting(
                said(
                    "%(n)s: se espera la dirección de una base de datos, como postgresql://cuenta@equipo/base.",
                    n=name,
                )
            ) from error
    return given


def _database_url(given: str | None, instance: Path) -> str:
    """psycopg 3 is the driver, however the URL is written."""
    if not given:
        return f"sqlite:///{instance / 'ventanilla.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if given.startswith(scheme):
            given = "postgresql+psycopg://" + given.removeprefix(scheme)
    _readable_url(given, "DATABASE_URL")
    read = make_url(given)
    if read.get_backend_name() not in ("sqlite", "postgresql") or not read.database:
        raise BadSetting(
            said("DATABASE_URL: se espera sqlite:///archivo o postgresql://cuenta@equipo/base.")
        )
    return given


def _second_factor(env: Mapping[str, str]) -> tuple[str, ...]:
    """Roles with commas between, «no» for none; by default those that change the rules or see
    everything, outside of a demo."""
    given = env.get("SECOND_FACTOR", "no" if env.get("DEMO", "") == "1" else ",".join(CON_PODER))
    named = tuple(each.strip() for each in given.split(",") if each.strip())
    return () if named == ("no",) else named


def _new_browser(env: Mapping[str, str]) -> str:
    """By mail where there is a server of mail, outside of a demo."""
    given = env.get("NEW_BROWSER") or (
        "mail" if env.get("SMTP_HOST") and env.get("DEMO", "") != "1" else "password"
    )
    if given not in ("mail", "password"):
        raise BadSetting(said("NEW_BROWSER: se espera mail o password, no «%(g)s».", g=given))
    return given


def _login_limits(given: str) -> dict[str, Limites]:
    """`role=minutes without use/hours in all`, with commas between; none longer than those of
    everybody."""
    limits = {}
    for each in filter(None, map(str.strip, given.split(","))):
        read = re.fullmatch(r"(\w{1,60})\s*=\s*(\d{1,2})/(\d{1,2})", each)
        if (
            read is None
            or not 1 <= int(read[2]) <= IDLE_MINUTES
            or not 1 <= int(read[3]) <= LOGIN_HOURS
        ):
            raise BadSetting(
                said(
                    "LOGIN_LIMITS: se espera rol=minutos/horas, como administrador=15/8, hasta 30/12; no «%(e)s».",
                    e=each,
                )
            )
        limits[read[1]] = Limites(
            dt.timedelta(minutes=int(read[2])), dt.timedelta(hours=int(read[3]))
        )
    return limits


def _yes_or_no(env: Mapping[str, str], name: str, default: str) -> bool:
    given = env.get(name) or default
    if given not in ("yes", "no"):
        raise BadSetting(said("%(a)s: se espera yes o no, no «%(g)s».", a=name, g=given))
    return given == "yes"


def _networks(given: str) -> Redes:
    """Who may ask how it goes: addresses and networks, with commas between."""
    try:
        return tuple(
            ipaddress.ip_network(each.strip()) for each in given.split(",") if each.strip()
        )
    except ValueError as error:
        raise BadSetting(
            said(
                "MONITOR_ADDRESSES: se esperan direcciones o redes, como 10.0.0.5, 10.1.0.0/16; no «%(g)s».",
                g=given,
            )
        ) from error


def _key_of_the_log(env: Mapping[str, str], instance: Path) -> Path:
    return _place(env.get("EVIDENCE_KEY") or str(instance / KEY_OF_THE_LOG), "EVIDENCE_KEY")


def _credentials(env: Mapping[str, str]) -> Path | None:
    """The folder of those that systemd hands to this process."""
    return Path(env[ajustes.CREDENCIALES]) if env.get(ajustes.CREDENCIALES) else None


def _handed_over(env: Mapping[str, str], name: str) -> Path | None:
    """A credential that is no setting; its name is never that of one."""
    folder = _credentials(env)
    return folder / name if folder is not None and _there(folder / name) else None


def _given_file(name: str) -> Path:
    """BadNote: none was given, or an address that nobody here knows how to ask, which no file is
    called by."""
    if not name or "://" in name:
        raise BadNote("form")
    return Path(name)


def _witnesses(given: str, mail: Callable[[], Correo], stamps: Path) -> tuple[Witness, ...]:
    """With commas between: a folder, the address of a server and its public key, a mailbox, or a
    time stamping authority with the file of the certificates by which it is believed."""
    found: list[Witness] = []
    for each in (part.strip() for part in given.split(",") if part.strip()):
        address, _space, key = each.partition(" ")
        try:
            if address.startswith(SELLO):
                found.append(
                    EnSello(address.removeprefix(SELLO), raices_de(_given_file(key)), stamps)
                )
            elif address.startswith(("http://", "https://")):
                found.append(EnRed(address, Verifier.read(key)))
            elif address.startswith(CORREO):
                found.append(
                    EnCorreo(
                        _sender({WITNESSES: address.removeprefix(CORREO)}, WITNESSES, "-"),
                        mail(),
                        SystemClock().now,
                    )
                )
            else:
                found.append(
                    EnCarpeta(_place(str(_given_file(each.removeprefix("file:"))), WITNESSES))
                )
        except SinRaices as error:
            raise BadSetting(
                said("EVIDENCE_WITNESSES: %(f)s no tiene certificados (PEM).", f=error)
            ) from error
        except BadNote as error:
            what = said(
                "EVIDENCE_WITNESSES: carpeta, mailto:, https:// y su llave, o rfc3161:https:// y sus certificados, no «%(g)s».",
                g=each,
            )
            raise BadSetting(what) from error
    if len({each.name for each in found}) < len(found):
        raise BadSetting(said("EVIDENCE_WITNESSES: un testigo está dos veces."))
    return tuple(found)


def _spans(given: str) -> str:
    if given and not given.startswith(("http://", "https://")):
        raise BadSetting(
            said(
                "OTEL_EXPORTER_OTLP_ENDPOINT: se espera la dirección de quien recibe, como http://127.0.0.1:4318, no «%(g)s».",
                g=given,
            )
        )
    return given


def _zone(given: str) -> ZoneInfo:
    if given not in available_timezones():
        raise BadSetting(
            said("ZONA: se espera una zona horaria, como America/Bogota, no «%(g)s».", g=given)
        )
    return ZoneInfo(given)


def _country(given: str) -> str:
    if not pais_sabido(given):
        raise BadSetting(
            said(
                "PAIS: se espera el país de los festivos, como CO, o una región suya, como ES-MD, no «%(g)s».",
                g=given,
            )
        )
    return given


def _more_languages(env: Mapping[str, str]) -> Path | None:
    """Known at once: the settings that follow may name one of them."""
    if not (given := env.get("IDIOMAS")):
        return None
    try:
        IDIOMAS.ofrecer(folder := _place(given, "IDIOMAS"))
    except (OSError, ValueError) as error:
        raise BadSetting(
            said(
                "IDIOMAS: se espera una carpeta que se pueda leer, con una por idioma, no «%(g)s».",
                g=given,
            )
        ) from error
    return folder


def _language(given: str) -> str:
    if given not in IDIOMAS:
        raise BadSetting(
            said("IDIOMA: se espera uno de %(i)s, no «%(g)s».", i=", ".join(IDIOMAS), g=given)
        )
    return given


def _log_format(given: str) -> bool:
    if given not in ("text", "json"):
        raise BadSetting(said("LOG_FORMAT: se espera text o json, no «%(g)s».", g=given))
    return given == "json"


def _mail_server(env: Mapping[str, str]) -> ServidorSMTP:
    """Raises BadSetting for a kind of encryption that smtplib does not have: mail must not leave in
    the clear by a typing error."""
    given = ServidorSMTP(
        host=env.get("SMTP_HOST", "127.0.0.1"), port=_number(env, "SMTP_PORT", 8025, 1, 65_535)
    )
    in_the_clear = given.host in _trusted(env)
    usual = (
        "no"
        if in_the_clear or is_here(given.host)
        else "tls"
        if given.port == SMTPS
        else "starttls"
    )
    asked = env.get("SMTP_TLS", usual)
    if asked not in SMTP_TLS:
        raise BadSetting(said("SMTP_TLS: se espera no, starttls o tls, no «%(g)s».", g=asked))
    return replace(
        given,
        cifrado=SMTP_TLS[asked],
        sin_cifrar=in_the_clear,
        remitente=_sender(env, "SMTP_FROM", given.remitente),
        usuario=env.get("SMTP_USER", ""),
        clave=env.get("SMTP_PASSWORD", ""),
        espera=_number(env, "SMTP_STEP_SECONDS", 10, 1, 600),
        entero=_number(env, "SMTP_SECONDS", 60, 1, 3600),
        a_la_vez=_number(env, "SMTP_CONCURRENCY", given.a_la_vez, 1, 100),
        responder_a=_sender(env, "SMTP_REPLY_TO", ""),
        rebotes=_sender(env, "SMTP_RETURN_PATH", ""),
        ca=_authorities(env, "SMTP_CA"),
        certificado=_own_certificate(env, "SMTP_CERTIFICATE"),
    )


def _trusted(env: Mapping[str, str]) -> Trusted:
    try:
        return Trusted.read(env.get("TRUSTED_NETWORK", ""))
    except ValueError as error:
        raise BadSetting(
            said(
                "TRUSTED_NETWORK: se esperan equipos o redes, como correo.entidad.gov.co, 10.1.0.0/16; no «%(g)s».",
                g=error,
            )
        ) from error


def _documents(env: Mapping[str, str]) -> Deposito | None:
    """A bucket, when one is named; half an account is a typing error."""
    bucket, where = env.get("DOCUMENTS_S3_BUCKET"), env.get("DOCUMENTS_S3_ENDPOINT")
    if not bucket:
        return None
    if where and urlsplit(where).scheme not in ("http", "https"):
        raise BadSetting(
            said(
                "DOCUMENTS_S3_ENDPOINT: se espera la dirección del depósito, como https://minio.entidad.gov.co:9000, no «%(g)s».",
                g=where,
            )
        )
    account, key = env.get("DOCUMENTS_S3_KEY_ID"), env.get("DOCUMENTS_S3_SECRET")
    if bool(account) != bool(key):
        raise BadSetting(
            said("DOCUMENTS_S3_KEY_ID y DOCUMENTS_S3_SECRET van juntas: falta una de las dos.")
        )
    prefix = env.get("DOCUMENTS_S3_PREFIX", "")
    region, certificate = (
        env.get("DOCUMENTS_S3_REGION") or "us-east-1",
        _own_certificate(env, "DOCUMENTS_S3_CERTIFICATE"),
    )
    given = CuboS3(
        bucket, where or None, region, prefix, account or None, key or None, certificate or None
    )
    try:
        return S3(given)
    except ImportError as error:
        raise BadSetting(
            said("DOCUMENTS_S3_BUCKET: falta instalar requirements-s3.txt en este lugar.")
        ) from error
    except ValueError as error:  # of boto3: an address that is none
        raise BadSetting(f"DOCUMENTS_S3_ENDPOINT: {said(str(error))}.") from error


def _antivirus(given: str | None) -> Antivirus | None:
    """host:port, or the path of its socket."""
    if not given:
        return None
    if given.startswith("/"):
        return Clamd(given)
    host, _colon, port = given.rpartition(":")
    if not host or not re.fullmatch("[1-9][0-9]{0,4}", port):
        raise BadSetting(
            said(
                "CLAMD: se espera equipo:puerto, como 127.0.0.1:3310, o la ruta de un socket, no «%(g)s».",
                g=given,
            )
        )
    return Clamd((host.strip("[]"), int(port)))


def documents_of(config: Config) -> Almacen:
    """Where the content of documents lies, who looks at it, and where small pictures of it are
    kept."""
    store = config.documentos or Carpeta(config.instance / "archivos")
    return Almacen(store, antivirus=config.antivirus, vistas=Carpeta(config.instance / "vistas"))


def _sender(env: Mapping[str, str], name: str, default: str) -> str:
    """An address, with a name or without; it stands in headers."""
    given = env.get(name) or default
    if given and (
        any(sign in given for sign in "\r\n\0")
        or not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(given)[1])
    ):
        raise BadSetting(
            said(
                "%(n)s: se espera una dirección de correo, como Atención <atencion@entidad.gov.co>, no «%(g)s».",
                n=name,
                g=given,
            )
        )
    return given


def _file(env: Mapping[str, str], name: str) -> str:
    """One that this account reads."""
    if given := env.get(name, ""):
        try:
            Path(given).open("rb").close()
        except (OSError, ValueError) as error:
            raise BadSetting(
                said("%(n)s: no se puede leer el archivo %(f)s.", n=name, f=given)
            ) from error
    return given


def _place(given: str, name: str) -> Path:
    """Where links lead, whether anything is there or not."""
    try:
        return Path(given).resolve()
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # the last one of links that lead to each other
        raise BadSetting(
            said("%(n)s: no se puede leer el archivo %(f)s.", n=name, f=given)
        ) from error


def _there(file: Path) -> bool:
    """What this account may not look at is not there for it."""
    try:
        return file.exists()
    except OSError:
        return False


def _authorities(env: Mapping[str, str], name: str) -> str:
    """File with the only ones that are believed; "": those of the system."""
    given = _file(env, name)
    try:
        tls.client(given or None)
    except OSError as error:
        raise BadSetting(
            said("%(n)s: %(f)s no lleva certificados de una autoridad.", n=name, f=given)
        ) from error
    return given


def _own_certificate(env: Mapping[str, str], name: str) -> str:
    given = _file(env, name)
    try:
        tls.client(own=given or None)
    except (OSError, ssl.SSLError) as error:
        raise BadSetting(
            said(
                "%(n)s: %(f)s no lleva un certificado con su llave, o no se puede leer.",
                n=name,
                f=given,
            )
        ) from error
    return given


def _entity_web(given: str) -> Sitios:
    try:
        return Sitios.leer(given)
    except ValueError as error:
        raise BadSetting(
            said(
                "ENTITY_WEB_HOSTS: se esperan los sitios de la entidad, como www.entidad.gov.co, tramites.entidad.gov.co:8443; no «%(g)s».",
                g=error,
            )
        ) from error


def _demo_site(env: Mapping[str, str]) -> PaginasWeb | None:
    """The demo needs no network; with ENTITY_WEB_HOSTS it asks the real site, too. Imported by
    name, as add_demo does."""
    if env.get("DEMO", "") != "1" or env.get("ENTITY_WEB_HOSTS"):
        return None
    site: PaginasWeb = importlib.import_module("demo.sitio_web").SitioDemo()
    return site


def _cctex_queries(env: Mapping[str, str]) -> Sentencias:
    """The two statements of the C&CTEX installation, from files because they are long."""
    names = {"filas": "CCTEX_ROWS_SQL", "corte": "CCTEX_CUTOFF_SQL"}
    given = {}
    for part, name in names.items():
        if file := env.get(name):
            try:
                given[part] = Path(file).read_text("utf-8")
                Sentencias(**{part: given[part]})
            except SentenciaInsegura as error:
                raise BadSetting(
                    said(
                        "%(n)s: %(f)s no lleva la consulta que se espera (docs/systems.md).",
                        n=name,
                        f=file,
                    )
                ) from error
            except (OSError, UnicodeDecodeError) as error:
                raise BadSetting(
                    said("%(n)s: no se puede leer el archivo %(f)s.", n=name, f=file)
                ) from error
    return Sentencias(**given)


def _demo_foxpro(instance: Path) -> Mapeo:
    return mapeo.de_la_demostracion(instance / "foxpro" / "CREDITOS.DBF")


def _foxpro(env: Mapping[str, str], instance: Path) -> Mapeo | None:
    """How the tables of this place are read, or the demo's when it is there."""
    if file := env.get("FOXPRO_CONFIG"):
        try:
            return mapeo.leer(_place(file, "FOXPRO_CONFIG"))
        except ConfiguracionInvalida as error:
            raise BadSetting(f"FOXPRO_CONFIG: {said(str(error))}.") from error
    demo = _demo_foxpro(instance)
    return demo if _there(demo.tabla) else None


def cobol_connector(given: str | None, instance: Path) -> Conector | None:
    """Of the file that is given, or of the one that the demo has left beside its data."""
    ours = instance / "cobol"
    file = Path(given) if given else ours / "cobol.toml" if _there(ours / "CARTERA.DAT") else None
    try:
        return conector_cobol(file) if file else None
    except ConfiguracionInvalida as error:
        raise BadSetting(f"COBOL_CONFIG: {said(str(error))}.") from error


def _crm(given: str | None, credentials: Path | None) -> Instalacion | None:
    """The CRM outside, as its file describes it."""
    try:
        return leer_crm(_place(given, "CRM_CONFIG"), credentials) if given else None
    except ConfiguracionInvalida as error:
        raise BadSetting(f"CRM_CONFIG: {said(str(error))}.") from error


def _turnos(given: str | None, credentials: Path | None) -> tuple[SistemaDeTurnos, ...]:
    """The turn systems of other vendors, as their file describes them."""
    try:
        return leer_turnos(_place(given, "DIGITURNO_CONFIG"), credentials) if given else ()
    except ConfiguracionInvalida as error:
        raise BadSetting(f"DIGITURNO_CONFIG: {said(str(error))}.") from error


def _messages(given: str | None, credentials: Path | None) -> tuple[SistemaQueAvisa, ...]:
    """Systems that deliver messages of diagrams, as their file describes them."""
    try:
        return leer_mensajes(_place(given, "MESSAGES_CONFIG"), credentials) if given else ()
    except ConfiguracionInvalida as error:
        raise BadSetting(f"MESSAGES_CONFIG: {said(str(error))}.") from error


def _services(given: str | None, credentials: Path | None) -> tuple[Servicio, ...]:
    """HTTP services that steps of diagrams may call, as their file describes them."""
    try:
        return leer_servicios(_place(given, "SERVICES_CONFIG"), credentials) if given else ()
    except ConfiguracionInvalida as error:
        raise BadSetting(f"SERVICES_CONFIG: {said(str(error))}.") from error


def _kept_secret(file: Path) -> str:
    """Made once and readable by the owner only, so that sessions survive a restart.

    Web and worker may start together in an empty folder: the file appears with its text or not at
    all, and the second one reads that of the first. Raises BadSetting for an empty file, which
    would leave every session unsigned, and for one of another account.
    """
    try:
        if not file.exists():
            handle, name = tempfile.mkstemp(prefix="secret-", dir=file.parent)  # 0600
            with os.fdopen(handle, "w", encoding="utf-8") as made:
                made.write(secrets.token_urlsafe(48))
                made.flush()
                os.fsync(made.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, file)
            Path(name).unlink()
        kept = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(
            said(
                "INSTANCE: no se puede leer ni guardar el secreto %(f)s; revise de qué cuenta es.",
                f=file,
            )
        ) from error
    if not kept.strip():
        raise BadSetting(
            said(
                "%(f)s está vacío. Bórrelo y se hace otro secreto; todas las sesiones terminan.",
                f=file,
            )
        )
    return kept


def functions() -> Functions:
    """Named functions of the expression language. `now` is given by the engine."""

    def dias_habiles(dias: int, desde: When | None = None, *, now: dt.datetime) -> When:
        start = now if desde in (None, "") else dt.datetime.fromisoformat(desde)
        return When(vencimiento(start, dias).astimezone(dt.UTC).isoformat())

    return {"dias_habiles": dias_habiles}


def connectors(config: Config) -> Iterator[Conector]:
    """The systems of records.rules.sistemas that this place has connected: a line for each."""
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
        of_web(WITNESSES, witness.direccion)
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


def authority() -> Authority:
    """Who may do what to instances, by the table of roles."""
    return Authority(
        supervise=con_facultad(Facultad.SUPERVISAR),
        steer=con_facultad(Facultad.OPERAR),
        cancel=con_facultad(Facultad.CANCELAR),
        migrate=con_facultad(Facultad.MIGRAR),
        repair=con_facultad(Facultad.REPARAR),
        correct=con_facultad(Facultad.CORREGIR),
    )


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
        authority=authority(),
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
        jobs, foxpro = InProcessJobs(), _demo_foxpro(self.config.instance)
        # the demo has written its files since
        cobol = self.config.cobol or cobol_connector(None, self.config.instance)
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


def create_app(config: Config | None = None) -> Flask:
    config = config or configured(os.environ)
    if config.idiomas is not None:
        IDIOMAS.ofrecer(config.idiomas)
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
    app = Flask(__name__, static_folder=None, instance_path=str(config.instance))
    app.config.update(
        DEBUG=False,  # whatever FLASK_DEBUG says: a failure shows a number and no trace
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.older_keys),
        BASE_URL=config.base_url,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 20, "pool_use_lifo": True, "hide_parameters": True},
        SYSTEM_DOWN_MINUTES=config.system_down_minutes,
        BACKUP_HOURS=config.backup_hours,
        EVIDENCE_KEY=config.evidence_key or config.instance / KEY_OF_THE_LOG,
        EVIDENCE_CREDENTIAL=config.evidence_credential,
        BREACHED_PASSWORDS=config.breached_passwords,
        TLS_CA=config.tls_ca,
        MONITORS=config.monitors,
        TRUSTED_PROXIES=config.proxies,
        TRUSTED_NETWORK=config.trusted,
        CONNECTIONS=connections(config, os.environ),
        OWN_CERTIFICATES=own_certificates(config),
        SETTINGS_FILE=ajustes.ruta_de(os.environ, ROOT),
        MAIL_PASSWORD=bool(config.smtp.clave),
        PROGRAM=ROOT,
        DEMO=config.demo,
        WORKER_METRICS=config.worker_metrics,
        SECOND_FACTOR=config.second_factor,
        LOGIN_LIMITS=config.login_limits,
        TWO_PERSONS=config.two_persons,
        TOTP_SHA1=config.totp_sha1,
        NEW_BROWSER=config.new_browser,
        DISPOSAL_DAYS=config.disposal_days,
        LOG_JSON=config.log_json,
        IDIOMA=config.idioma,
        ENTITY_WEB=config.entity_web,
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
        engine=engine,
        clock=config.clock,
        archivos=documents_of(config),
        vecinos=around,
        crm=crm,
        turnos_afuera=config.turnos,
        testigos=config.testigos,
        mensajes=config.mensajes,
    )
    for command in (
        audit,
        sample,
        backup,
        crm_commands,
        daily,
        deploy,
        procedure,
        doctor,
        documents,
        evidence,
        correo.comando(partial(rebotes.leer, aviso_de=links_of(config).aviso_de)),
        migrate_cases,
        restore,
        retention,
        serve,
        puesta.comando(setup_place()),
        systems,
        trace,
        users,
        trabajador.comando(lambda url, engine: Worker(url, engine.jobs, lost=trabajador.de_nuevo)),
    ):
        app.cli.add_command(command)
    if config.demo:
        add_demo(app, config)
    for name, command in app.cli.commands.items():
        app.cli.commands[name] = cubierto(
            command,
            con_tablas=name not in WITHOUT_TABLES,
            lengua=config.console,
            cifrado=name not in WITHOUT_TLS,
        )
    return app
