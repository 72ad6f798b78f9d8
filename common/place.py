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


PORT: Final = Setting("PORT", number(1, 65_535), 8000, of_process=True)
DEMO: Final = Setting("DEMO", _demo, default=False, of_process=True)
INSTANCE: Final = Setting("INSTANCE", place, ROOT / "instance")
DATABASE_URL: Final = Setting(
    "DATABASE_URL",
    _own_database,
    lambda reading: f"sqlite:///{reading(INSTANCE) / 'ventanilla.db'}",
    marked("DATABASE_URL: se espera sqlite:///archivo o postgresql://cuenta@equipo/base."),
)
SECRET_KEY: Final = Setting("SECRET_KEY", _secret, lambda reading: kept_secret(reading(folder)))
SECRET_KEY_FALLBACKS: Final = Setting("SECRET_KEY_FALLBACKS", _older_secrets, ())
BASE_URL: Final = Setting(
    "BASE_URL",
    _base_url,
    lambda reading: f"http://127.0.0.1:{reading(PORT)}",
    marked(
        "BASE_URL: se espera la dirección de la web, por ejemplo https://ventanilla.entidad.gov.co, no «%(g)s»."
    ),
)
TRUSTED_PROXIES: Final = Setting("TRUSTED_PROXIES", number(0, 10), 0)
TRUSTED_NETWORK: Final = Setting(
    "TRUSTED_NETWORK",
    Trusted.read,
    Trusted(),
    marked(
        "TRUSTED_NETWORK: se esperan equipos o redes, como correo.entidad.gov.co, 10.1.0.0/16; no «%(e)s»."
    ),
)
LOG_FORMAT: Final = Setting(
    "LOG_FORMAT",
    one_of("text", "json"),
    "text",
    marked("LOG_FORMAT: se espera text o json, no «%(g)s»."),
)
OTEL: Final = Setting(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    web_address,
    "",
    marked(
        "OTEL_EXPORTER_OTLP_ENDPOINT: se espera la dirección de quien recibe, como http://127.0.0.1:4318, no «%(g)s»."
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
