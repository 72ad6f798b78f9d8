"""What docs/data.md demands of each class of data, for every table of the class: in the log, in the
evidence, as hashes."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.lines import JsonLines
from records.base.tablas import todas
from records.cuentas.reglas.roles import ASESOR, COORDINADOR
from records.sistemas.vigiladas import SIN_HUELLA
from tests.kit.month import NOT_WALKED, World, month, starts
from tests.kit.pages import rows
from tests.kit.walk import Walk
from tests.kit.web import put

DATOS = (Path(__file__).resolve().parents[3] / "docs" / "data.md").read_text("utf-8")
TABLAS = todas().tables
LARGO = 8  #: a shorter text may stand anywhere


def de_clase(clase: str) -> list[str]:
    (dichas,) = [fila[1] for fila in rows(DATOS) if fila[0] == clase and fila[1][0] == "`"]
    return re.findall(r"`(\w+)`", dichas)


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("clases")) as world:
        yield world


# --- sensitive ------------------------------------------------------------------------------------
def test_what_is_sensitive_names_nobody_and_nothing_leads_to_a_person() -> None:
    sensibles = de_clase("sensitive")
    assert sensibles == ["caracterizacion"]
    for nombre in sensibles:
        assert TABLAS[nombre].foreign_keys == set()
        llamadas = re.compile(
            r"persona|doc|nombre|caso|case|turno|usuario|quien|cuando|fecha|instan|correo|telefono|(^|_)id$"
        )
        assert [
            columna.name for columna in TABLAS[nombre].columns if llamadas.search(columna.name)
        ] == []
        assert not [
            columna
            for columna in TABLAS[nombre].columns
            if isinstance(columna.type, sa.DateTime | sa.Date | sa.Integer)
        ]
    assert [
        (t.name, f.target_fullname)
        for t in TABLAS.values()
        for f in t.foreign_keys
        if f.column.table.name in sensibles
    ] == []


# --- what proves itself ---------------------------------------------------------------------------
#: Of the private ones: what is being typed, and words by which the others are found.
NO_PRUEBAN = {"borrador_de_inicio", "persona_palabra", "registro_palabra"}


def test_every_private_table_has_its_rows_in_the_signed_log() -> None:
    assert set(de_clase("private")) & SIN_HUELLA.keys() == NO_PRUEBAN
    assert not set(de_clase("sensitive")) & SIN_HUELLA.keys()


# --- the log --------------------------------------------------------------------------------------
def textos_de(mundo: World, nombre: str) -> set[str]:
    """What people wrote or are, of all rows: no code, no hash, no moment."""
    tabla = TABLAS[nombre]
    columnas = [
        c
        for c in tabla.columns
        if isinstance(c.type, sa.String)
        and (c.type.length is None or c.type.length > 40 or "doc" in c.name)
    ]
    with Session(mundo.engine.db) as s:
        hallados = {str(v) for c in columnas for v in s.scalars(sa.select(c).distinct()) if v}
    return {
        v
        for v in hallados
        if len(v) >= LARGO
        and re.search(r"[\s@]|\d{7}", v)
        and not re.fullmatch(r"[0-9a-f]{16,}", v)
    }


def test_no_line_of_the_log_holds_what_a_private_table_holds(
    mundo: World, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Who sees most looks at a month of cases, with a line of the log for each request: as text and
    as JSON."""
    caplog.set_level(logging.INFO)
    put(mundo.app, log_json=True)
    lineas = JsonLines(tmp_path)
    paginas = 0
    for rol in (ASESOR, COORDINADOR, "cumplimiento"):
        paginas += len(
            list(
                Walk(mundo.app, each=2, skip=frozenset(NOT_WALKED)).of(
                    rol, mundo.person(mundo.by_role[rol]), starts(mundo)
                )
            )
        )
    assert paginas > 90
    dicho = "\n".join([caplog.text, *(lineas.format(registro) for registro in caplog.records)])
    assert dicho.count('"message": "request"') >= paginas
    assert all(json.loads(lineas.format(registro)) for registro in caplog.records[:10])
    llenas = {
        nombre: textos
        for nombre in (*de_clase("private"), *de_clase("sensitive"))
        if (textos := textos_de(mundo, nombre))
    }
    assert len(llenas) >= 15, sorted(llenas)
    assert {
        "persona",
        "contacto",
        "caso",
        "atencion",
        "aviso",
        "calificacion",
        "escalonamiento",
    } <= set(llenas)
    assert [
        (nombre, texto) for nombre, textos in llenas.items() for texto in textos if texto in dicho
    ] == []


# --- what lets somebody enter ---------------------------------------------------------------------
#: Called like one, and none: by which a row is known, so that it is written once.
LLAVES_DE_FILAS = {"aviso.clave", "consulta_legado.clave", "freno.clave", "indicador_mes.clave"}
#: Has to be read again to check a code: sealed with the key of the place (webforms/cuentas/doble.py).
SELLADOS = {"segundo_factor.secreto"}
HUELLA = re.compile(r"\$argon2id\$.+|(?:act:)?[0-9a-f]{60,64}")


def test_passwords_tokens_and_secrets_of_people_lie_as_hashes_or_sealed(mundo: World) -> None:
    """Every column that is called like one, with all its values of a month."""
    llamadas = re.compile(r"clave|contrasena|token|secreto|sello|activacion")
    suyas = {
        str(c): c
        for t in TABLAS.values()
        for c in t.columns
        if llamadas.search(c.name) and isinstance(c.type, sa.String)
    }
    huellas = {nombre for nombre in suyas if nombre.endswith("_hash")}
    assert set(suyas) == huellas | LLAVES_DE_FILAS | SELLADOS
    with Session(mundo.engine.db) as s:
        valores = {
            nombre: s.scalars(
                sa.select(suyas[nombre]).where(suyas[nombre].is_not(None)).distinct()
            ).all()
            for nombre in huellas
        }
    assert valores["cuenta.clave_hash"]
    assert valores["dispositivo.token_hash"]
    assert [
        (nombre, valor)
        for nombre, dichos in valores.items()
        for valor in dichos
        if not HUELLA.fullmatch(valor)
    ] == []
