"""Settings that every process reads: its folder, its database, its secrets, its address, its
log."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from common.hosts import Trusted
from common.language import marked, said
from common.settings import (
    SOURCE,
    Reading,
    Setting,
    SettingRefused,
    Unfit,
    number,
    of,
    one_of,
    place,
)

ROOT: Final = Path(__file__).resolve().parents[1]
SECRET_CHARACTERS: Final = 32


def _demo(given: str) -> bool:
    return given == "1"


def database_address(given: str) -> str:
    """Of any kind that SQLAlchemy knows here."""
    try:
        make_url(given).get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as error:
        raise Unfit(
            marked(
                "%(n)s: se espera la dirección de una base de datos, como postgresql://cuenta@equipo/base."
            )
        ) from error
    return given


def _own_database(given: str) -> str:
    """psycopg 3 is the driver, however the URL is written."""
    for scheme in ("postgres://", "postgresql://"):
        if given.startswith(scheme):
            given = "postgresql+psycopg://" + given.removeprefix(scheme)
    read = make_url(database_address(given))
    if read.get_backend_name() not in ("sqlite", "postgresql") or not read.database:
        raise ValueError(given)
    return given


def _secret(given: str) -> str:
    """Whoever guesses it makes sessions."""
    if len(given) < SECRET_CHARACTERS:
        raise Unfit(
            marked(
                "SECRET_KEY: se esperan al menos %(c)s caracteres que nadie adivine. Sin ella se hace y se guarda una."
            ),
            c=SECRET_CHARACTERS,
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
        raise Unfit(
            marked(
                "SECRET_KEY_FALLBACKS: se esperan secretos de antes, con espacios entre ellos, de al menos %(c)s caracteres cada uno."
            ),
            c=SECRET_CHARACTERS,
        )
    return tuple(listed)


def _base_url(given: str) -> str:
    parts = urlsplit(given)
    extra = (
        parts.query
        or parts.fragment
        or parts.username is not None
        or parts.port == 0
        or any(sign.isspace() for sign in given)
    )
    if parts.scheme not in ("http", "https") or not parts.hostname or extra:
        raise ValueError(given)
    return given.rstrip("/")


def web_address(given: str) -> str:
    if not given.startswith(("http://", "https://")):
        raise ValueError(given)
    return given


PORT: Final = Setting(
    "PORT",
    number(1, 65_535),
    8000,
    of_process=True,
    unset="8000",
    means="port of the web process that `make run` starts",
)
DEMO: Final = Setting(
    "DEMO",
    _demo,
    default=False,
    of_process=True,
    unset="off; `make run` sets 1",
    means=(
        "loads the demo: command `flask demo`, page `/demo/correo`. It needs "
        "`requirements-demo.txt`; without it neither `demo/` nor its libraries are imported"
    ),
)
INSTANCE: Final = Setting(
    "INSTANCE",
    place,
    ROOT / "instance",
    unset="`instance/`",
    means=(
        "folder of the SQLite file, documents, small pictures of them, the demo's mails and "
        "the kept secret"
    ),
)
DATABASE_URL: Final = Setting(
    "DATABASE_URL",
    _own_database,
    lambda reading: f"sqlite:///{reading(INSTANCE) / 'ventanilla.db'}",
    marked("DATABASE_URL: se espera sqlite:///archivo o postgresql://cuenta@equipo/base."),
    unset="`sqlite:///instance/ventanilla.db`",
    means=(
        "SQLite file (one worker) or `postgresql://…` (any number of web and worker "
        "processes), best without a password: "
        "`postgresql://ventanilla_web@/ventanilla?host=/var/run/postgresql` at its socket, "
        "`…?sslmode=verify-full&sslrootcert=…&sslcert=…&sslkey=…` over a network "
        "([operate.md](operate.md)); backup and restore take the same"
    ),
)
SECRET_KEY: Final = Setting(
    "SECRET_KEY",
    _secret,
    lambda reading: kept_secret(reading(folder)),
    unset="made once, `instance/secret`",
    means="signs sessions and links; at least 32 characters",
)
SECRET_KEY_FALLBACKS: Final = Setting(
    "SECRET_KEY_FALLBACKS",
    _older_secrets,
    (),
    unset="none",
    means=(
        "secrets of before, with spaces between (a JSON list where one has a space in it): "
        "what they signed and closed is still read (*Another SECRET_KEY*)"
    ),
)
BASE_URL: Final = Setting(
    "BASE_URL",
    _base_url,
    lambda reading: f"http://127.0.0.1:{reading(PORT)}",
    marked(
        "BASE_URL: se espera la dirección de la web, por ejemplo https://ventanilla.entidad.gov.co, no «%(g)s»."
    ),
    unset="`http://127.0.0.1:$PORT`",
    means=(
        "address in mails, links, printed pages and QR codes (what a request says of its host "
        "is in none); with `https://` the session cookie is sent only encrypted; another than "
        "`https://` on another host than one's own is a fault for `flask doctor`, but in a "
        "demo"
    ),
)
TRUSTED_PROXIES: Final = Setting(
    "TRUSTED_PROXIES",
    number(0, 10),
    0,
    unset="0",
    means=(
        "of how many reverse proxies before the web process `X-Forwarded-*` headers are "
        "believed; 1 behind those of `deploy/proxy`, however many of them stand in a row, "
        "since each hands on one address ([operate.md](operate.md))"
    ),
)
TRUSTED_NETWORK: Final = Setting(
    "TRUSTED_NETWORK",
    Trusted.read,
    Trusted(),
    marked(
        "TRUSTED_NETWORK: se esperan equipos o redes, como correo.entidad.gov.co, 10.1.0.0/16; no «%(e)s»."
    ),
    unset="none",
    means=(
        "machines of a network that is trusted, which may be met without TLS, by name, "
        "address or network: `clamd.entidad.gov.co, 10.1.0.0/16`. With any other connection "
        "that leaves this machine unencrypted, or to nobody knows whom, web, worker and "
        "commands do not begin, and `flask doctor` names it as a fault "
        "([operate.md](operate.md)); where a URL of PostgreSQL has a `hostaddr` it is that "
        "which is listed"
    ),
)
LOG_FORMAT: Final = Setting(
    "LOG_FORMAT",
    one_of("text", "json"),
    "text",
    marked("LOG_FORMAT: se espera text o json, no «%(g)s»."),
    unset="text",
    means=(
        "`json`: a line of JSON for each request, each happening and each entry of the access "
        "chain, traces in `INSTANCE/trazas`"
    ),
)
OTEL: Final = Setting(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    web_address,
    "",
    marked(
        "OTEL_EXPORTER_OTLP_ENDPOINT: se espera la dirección de quien recibe, como http://127.0.0.1:4318, no «%(g)s»."
    ),
    unset="none",
    means=(
        "who receives spans of OpenTelemetry by OTLP over HTTP: `http://127.0.0.1:4318`; "
        "needs `requirements-otel.txt`. Its other settings (`OTEL_SERVICE_NAME`, headers, "
        "sampler) are taken from the environment as OpenTelemetry reads them"
    ),
)


def folder(reading: Reading) -> Path:
    """The instance, made where it is not there."""
    instance = reading(INSTANCE)
    try:
        instance.mkdir(parents=True, exist_ok=True)
        (instance / "secret").exists()  # it may be entered
    except OSError as error:
        raise SettingRefused(
            said(
                "INSTANCE: no se puede hacer la carpeta %(f)s; revise que se pueda escribir allí.",
                f=instance,
            )
        ) from error
    return instance


def kept_secret(instance: Path) -> str:
    """Made once and readable by the owner only, so that sessions survive a restart.

    Web and worker may start together in an empty folder: the file appears with its text or not at
    all, and the second one reads that of the first. SettingRefused: it is empty, which would leave
    every session unsigned, or of another account.
    """
    file = instance / "secret"
    try:
        if not file.exists():
            handle, name = tempfile.mkstemp(prefix="secret-", dir=instance)  # 0600
            with os.fdopen(handle, "w", encoding="utf-8") as made:
                made.write(secrets.token_urlsafe(48))
                made.flush()
                os.fsync(made.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, file)
            Path(name).unlink()
        kept = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingRefused(
            said(
                "INSTANCE: no se puede leer ni guardar el secreto %(f)s; revise de qué cuenta es.",
                f=file,
            )
        ) from error
    if not kept.strip():
        raise SettingRefused(
            said(
                "%(f)s está vacío. Bórrelo y se hace otro secreto; todas las sesiones terminan.",
                f=file,
            )
        )
    return kept


def _log_json(reading: Reading) -> bool:
    return reading(LOG_FORMAT) == "json"


@dataclass(frozen=True, kw_only=True)
class Place:
    """What every process of a place knows."""

    instance: Path = field(metadata={SOURCE: folder})
    database_url: str = field(metadata={SOURCE: DATABASE_URL})
    secret_key: str = field(metadata={SOURCE: SECRET_KEY})
    #: what these signed and closed is still read; nothing is signed by them
    older_keys: tuple[str, ...] = of(SECRET_KEY_FALLBACKS)
    base_url: str = of(BASE_URL, "http://127.0.0.1:8000")
    demo: bool = of(DEMO)
    proxies: int = of(TRUSTED_PROXIES)
    trusted: Trusted = of(TRUSTED_NETWORK)  #: hosts that may be met without TLS
    log_json: bool = of(_log_json, default=False)
    otel: str = of(OTEL)  #: where spans go, by OTLP over HTTP; "": nowhere


def running_demo(instance: Path) -> Mapping[str, str]:
    """What `make run` runs with in this folder while it does (demo/run.py): a command in another
    shell sees the same mail server, address, database. One that was killed has left its file; its
    process is gone."""
    try:
        written = json.loads((instance / "demo-en-marcha.json").read_text("utf-8"))
        os.kill(written["proceso"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: value for name, value in written["ajustes"].items() if name != "INSTANCE"}
