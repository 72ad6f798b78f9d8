"""Every setting that names a file or a folder, with each that this account cannot read: the
sentence that docs/configuration.md promises, with the name of the setting, or a look at the place
(`flask doctor`) that says what is missing. Never a traceback."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from app import BadSetting, Config, create_app, settings
from common.settings import CREDENTIALS, names_of_a_place
from tests.kit.closed import modes_hold
from tests.kit.foreign import ROOT
from tests.kit.pages import rows
from webforms.comandos.ajustes import EN_ARCHIVO, VARIABLE

#: These stop the start when what they name cannot be read.
READ_AT_ONCE: Final = frozenset(
    {
        *(
            "INSTANCE",
            "IDIOMAS",
            "SMTP_CERTIFICATE",
            "SMTP_CA",
            "TLS_CA",
            "DOCUMENTS_S3_CERTIFICATE",
            "BREACHED_PASSWORDS",
        ),
        *(
            "CCTEX_ROWS_SQL",
            "CCTEX_CUTOFF_SQL",
            "COBOL_CONFIG",
            "CRM_CONFIG",
            "DIGITURNO_CONFIG",
            "FOXPRO_CONFIG",
        ),
        *("MESSAGES_CONFIG", "SERVICES_CONFIG"),
    }
)
#: Why: of these a place that begins all the same is looked at whole.
LOOKED_AT: Final = (
    "in a closed folder",
    "links that lead to each other",
    "longer than names may be",
)
#: A folder is made; a service whose secret is closed to this process is met by another one.
MAY_BEGIN: Final = {
    ("INSTANCE", "not there"),
    *(("SERVICES_CONFIG", why) for why in ("in a closed folder", "closed", "a closed folder")),
    *((name, "empty") for name in ("BREACHED_PASSWORDS", "MESSAGES_CONFIG", "SERVICES_CONFIG")),
    # a program: whether it runs is seen when it is asked
    *(("COBOL_CONFIG", why) for why in ("closed", "empty")),
}
#: What is named inside of other words; `{}` is the path.
INSIDE: Final = (
    ("DATABASE_URL", "sqlite:///{}"),
    ("DATABASE_URL", "postgresql://v@127.0.0.1:1/v?sslmode=verify-full&sslrootcert={}"),
    ("DATABASE_URL", "postgresql://v@127.0.0.1:1/v?sslcert={0}&sslkey={0}"),
    ("CCTEX_URL", "sqlite:///{}"),
    ("EVIDENCE_WITNESSES", "file:{}"),
    ("EVIDENCE_WITNESSES", "rfc3161:https://sello.example {}"),
)
#: Tables of systems that name a file.
TABLES: Final = (
    (
        "CRM_CONFIG",
        'url = "https://a.example"\nclient_id = "v"\nclient_secret_file = "{}"\ncuenta = "1"\n',
    ),
    (
        "CRM_CONFIG",
        'url = "https://a.example"\nclient_id = "v"\nclient_secret_file = "s"\ncuenta = "1"\ncertificado = "{}"\n',
    ),
    (
        "CRM_CONFIG",
        'url = "https://a.example"\nclient_id = "v"\nclient_secret_file = "s"\ncuenta = "1"\nautoridades = "{}"\n',
    ),
    ("SERVICES_CONFIG", '[catastro]\nurl = "https://a.example"\nsecreto = "{}"\n'),
    ("SERVICES_CONFIG", '[catastro]\nurl = "https://a.example"\ncertificado = "{}"\n'),
    ("SERVICES_CONFIG", '[catastro]\nurl = "https://a.example"\nautoridades = "{}"\n'),
    ("MESSAGES_CONFIG", '[pagos]\nmensajes = ["pago"]\nsecretos = ["{}"]\n'),
    (
        "DIGITURNO_CONFIG",
        '[sistemas.qmatic]\nadaptador = "http"\nsecretos = ["{}"]\n[sistemas.qmatic.puntos]\n"1" = "P1"\n',
    ),
    (
        "COBOL_CONFIG",
        'modo = "programa"\n[programa]\norden = ["{}"]\n[[programa.columna]]\nnombre = "numero"\n',
    ),
)


@pytest.fixture
def unreadable(tmp_path: Path) -> Mapping[str, str]:
    """Why it cannot be read → its path."""
    closed, file, loop = tmp_path / "closed", tmp_path / "file", tmp_path / "loop"
    (closed / "within").mkdir(parents=True)
    file.touch(mode=0)
    (tmp_path / "empty").touch(mode=0o600)
    loop.symlink_to(loop)
    closed.chmod(0)
    return {
        "in a closed folder": str(closed / "within" / "ca.pem"),
        "closed": str(file),
        "a closed folder": str(closed),
        "behind a file": str(file / "ca.pem"),
        "links that lead to each other": str(loop),
        "longer than names may be": str(tmp_path / ("x" * 300)),
        "not there": str(tmp_path / "none.pem"),
        "empty": str(tmp_path / "empty"),
    }


@pytest.fixture
def place(tmp_path: Path) -> Mapping[str, str]:
    (tmp_path / "s").write_text("x" * 40, "ascii")
    return {"INSTANCE": str(tmp_path / "instance"), "SECRET_KEY": "x" * 40}


def stops(env: Mapping[str, str], more: Mapping[str, str], why: str) -> str:
    """The sentence that a process ends with; "": it begins, and `flask doctor` looks at the
    place."""
    if "DOCUMENTS_S3_CERTIFICATE" in more:
        more = {**more, "DOCUMENTS_S3_BUCKET": "b"}
    with modes_hold():
        try:
            config = Config.from_environment(settings({**env, **more}))
            if why not in LOOKED_AT:
                return ""
            app = create_app(config)
        except BadSetting as error:
            return str(error)
        looked = app.test_cli_runner().invoke(args=["doctor"])
    assert looked.exception is None or isinstance(looked.exception, SystemExit), (
        more,
        looked.exception,
    )
    return ""


def named(env: Mapping[str, str], more: Mapping[str, str], name: str, why: str) -> Iterator[str]:
    """What went wrong."""
    try:
        said = stops(env, more, why)
    except (OSError, RuntimeError, ValueError) as error:
        yield f"{more} ({why}): {error!r}"
    else:
        if (said and not said.startswith(f"{name}:")) or re.search(r"Errno|Error", said):
            yield f"{more} ({why}): {said}"
        elif not said and name in READ_AT_ONCE and (name, why) not in MAY_BEGIN:
            yield f"{more} ({why}): it began"


def test_every_setting_that_is_a_file_or_a_folder_is_tried_here() -> None:
    said = [
        name
        for row in rows((ROOT / "docs" / "configuration.md").read_text("utf-8"))
        if len(row) == 3 and re.match(r"(TOML )?(file|folder|list)", row[2])
        for name in re.findall(r"`([A-Z_0-9]+)`", row[0])
    ]
    assert {*said} == READ_AT_ONCE | {"EVIDENCE_KEY"}


@pytest.mark.slow
def test_a_setting_that_names_what_cannot_be_read_is_named_whatever_it_is_and_why(
    place: Mapping[str, str], unreadable: Mapping[str, str]
) -> None:
    wrong = []
    for why, path in unreadable.items():
        for name in map(str.upper, names_of_a_place()):
            if name in READ_AT_ONCE or name == "EVIDENCE_KEY":
                wrong += named(
                    place,
                    {name: f"{path}-made" if (name, why) == ("INSTANCE", "not there") else path},
                    name,
                    why,
                )
            if why != "empty":
                wrong += named(place, {name + EN_ARCHIVO: path, name: ""}, name + EN_ARCHIVO, why)
        wrong += named(place, {VARIABLE: path}, VARIABLE, why)
        wrong += named(place, {CREDENTIALS: path}, CREDENTIALS, why)
        for name, form in INSIDE:
            wrong += named(place, {name: form.format(path)}, name, why)
    assert wrong == []


@pytest.mark.slow
def test_a_table_of_a_system_that_names_what_cannot_be_read_is_named(
    place: Mapping[str, str], unreadable: Mapping[str, str], tmp_path: Path
) -> None:
    wrong, table = [], tmp_path / "table.toml"
    for why, path in unreadable.items():
        for name, form in TABLES:
            table.write_text(form.format(path), "utf-8")
            wrong += named(place, {name: str(table)}, name, why)
    assert wrong == []
