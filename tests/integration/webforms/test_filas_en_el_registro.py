"""What people do writes business rows; each has its digest in the signed log, and who changes one
behind the product is named."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import app as door
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.states import LogKind
from engine.store import guard, log, rows, seals
from engine.store.tables import (
    OF_A_REVISION,
    WATCHED,
    Base as DelMotor,
    RowEntry,
)
from records.base.actos import Acto
from records.base.tablas import todas
from records.catalogos.catalogo import cargar_catalogo
from records.cuentas import cuentas, enlaces_de_clave
from records.cuentas.enlaces_de_clave import NUEVA, NuevoEnlace
from records.cuentas.tablas import Cuenta
from records.lugares.tablas import Punto
from records.sistemas.vigiladas import SIN_HUELLA, VIGILADAS
from tests.attack.record import UNWATCHED
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.migrations import comes_next
from webforms.base.servicios import EXTENSION


@dataclass(frozen=True, slots=True)
class Lugar:
    app: Flask
    url: str

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def correr(self, *palabras: str) -> Result:
        return self.app.test_cli_runner().invoke(args=["evidence", *palabras])

    def fallas(self) -> list[str]:
        hecho = self.correr("verify")
        assert (hecho.exit_code == 0) == (hecho.stderr == ""), hecho.output
        return hecho.stderr.splitlines()

    def por_fuera(self, *ordenes: str | sa.Executable) -> None:
        """Somebody with the database, and without us."""
        db = sa.create_engine(self.url)
        with db.begin() as c:
            guard.release(c)
            for orden in ordenes:
                c.execute(sa.text(orden) if isinstance(orden, str) else orden)
        db.dispose()


@pytest.fixture
def lugar(db_url: str, tmp_path: Path) -> Iterator[Lugar]:
    """Migrated as a place that is set up, with its catalogue, and a checkpoint."""
    config = door.Config(
        instance=tmp_path, database_url=db_url, secret_key=SESSION_KEY, jobs=InProcessJobs()
    )
    app = door.create_app(config)
    with app.app_context():
        upgrade()
    hecho = Lugar(app, db_url)
    with hecho.engine.uow.session() as s:
        cargar_catalogo(s)
        s.commit()
    assert hecho.correr("key").exit_code == 0
    assert hecho.correr("checkpoint").exit_code == 0
    yield hecho
    app.extensions[EXTENSION].db.dispose()


#: A column by which somebody, or a browser, a device or a login is recognised, or that says what
#: they may do.
DE_DERECHOS = re.compile(
    r"(token|clave|baja)_hash|secreto|credencial|publica|huella|rol|sesion|fs_uniquifier"
)
#: It names logins too, and opens none: the cookie is signed, and what ends it stands in
#: `sesion_cerrada`.
SOLO_SE_MIRA = {"sesion_abierta"}
#: Of the engine those that are chained, whose chains the log takes; a case's own rows are taken at
#: each revision (OF_A_REVISION).
EN_CADENA = {
    "access",
    "access_head",
    "instance",
    "journal",
    "log_checkpoint",
    "log_entry",
    "row_entry",
}


def test_every_table_is_watched_or_it_is_said_why_nobody_relies_on_it() -> None:
    assert {tabla.name for tabla in VIGILADAS} | SIN_HUELLA.keys() == set(todas().tables)
    assert not {tabla.name for tabla in VIGILADAS} & SIN_HUELLA.keys()
    del_motor = EN_CADENA | {t.__tablename__ for t in (*WATCHED, *OF_A_REVISION)}
    assert del_motor | UNWATCHED.keys() == set(DelMotor.metadata.tables)
    assert not del_motor & UNWATCHED.keys()
    assert [
        nombre for nombre, porque in {**SIN_HUELLA, **UNWATCHED}.items() if len(porque.split()) < 4
    ] == []


def test_no_right_follows_from_a_table_on_which_nobody_relies() -> None:
    """Who writes there becomes nobody else: no secret, no role and no login stands there."""
    tablas = {**todas().tables, **DelMotor.metadata.tables}
    dan = {
        nombre
        for nombre in {**SIN_HUELLA, **UNWATCHED}
        if any(DE_DERECHOS.fullmatch(c.name) for c in tablas[nombre].columns)
    }
    assert dan == SOLO_SE_MIRA
    de_derechos = {
        nombre
        for nombre, tabla in todas().tables.items()
        if any(DE_DERECHOS.fullmatch(c.name) for c in tabla.columns)
    }
    assert {
        "cuenta",
        "enlace_de_clave",
        "sesion_cerrada",
        "segundo_factor",
        "codigo_de_recuperacion",
    } <= de_derechos
    assert {
        "llave_de_acceso",
        "dispositivo",
        "rol_asignado",
        "entrega_interventor",
        "enlace_calificacion",
    } <= de_derechos


def test_a_link_or_an_ended_login_that_others_write_or_remove_is_named(lugar: Lugar) -> None:
    with lugar.engine.uow.session() as s:
        s.add(
            Cuenta(
                usuario="ana",
                nombre="Ana",
                correo="ana@x.example",
                clave_hash="x",
                fs_uniquifier="u",
                creada=NOW,
            )
        )
        s.flush()
        enlaces_de_clave.expedir(
            s, "ana", NuevoEnlace(NUEVA, "semilla"), b"secreto", Acto("admin", NOW)
        )
        cuentas.cerrar_sesion(s, "la de ana", now=NOW, vencidas=NOW)
        s.commit()
    assert lugar.fallas() == []
    lugar.por_fuera(
        "INSERT INTO enlace_de_clave (cuenta_id, clase, semilla, token_hash, creado, creado_por, vence)"
        " SELECT cuenta_id, clase, semilla, 'otra', creado, creado_por, vence FROM enlace_de_clave",
        "DELETE FROM sesion_cerrada",
    )
    assert sorted(lugar.fallas()) == [
        "fila enlace_de_clave 2: nadie la escribió por este programa",
        "fila sesion_cerrada la de ana: fue borrada",
    ]


def test_what_the_product_writes_is_no_fault_and_what_others_write_is_named(lugar: Lugar) -> None:
    assert lugar.fallas() == []
    with Session(lugar.engine.db) as s:
        filas = sum(
            s.scalar(sa.select(sa.func.count()).select_from(tabla)) or 0
            for tabla in rows.with_ours(VIGILADAS)
        )
    assert filas > 100
    assert (
        f"\n{filas} filas, cada una contra su última constancia\n" in lugar.correr("verify").stdout
    )
    with lugar.engine.uow.session() as s:
        s.get_one(Punto, "BOG-AGU").nombre = "Otro nombre"
        s.commit()
    assert lugar.fallas() == []
    lugar.por_fuera(
        "UPDATE punto SET nombre = 'Cambiado por fuera' WHERE codigo = 'MED-CEN'",
        "DELETE FROM tipificacion WHERE codigo = (SELECT min(codigo) FROM tipificacion)",
        "INSERT INTO area (codigo, nombre, nivel2, nivel3, correo, activa)"
        " SELECT 'ZZZ', nombre, nivel2, nivel3, correo, activa FROM area LIMIT 1",
    )
    dichas = lugar.fallas()
    assert "fila punto MED-CEN: sus datos no son los que vio el registro" in dichas
    assert "fila area ZZZ: nadie la escribió por este programa" in dichas
    assert [d.partition(":")[2] for d in dichas if d.startswith("fila tipificacion")] == [
        " fue borrada"
    ]
    assert len(dichas) == 3


def test_an_entry_made_by_others_is_told_before_a_signature_and_behind_it(lugar: Lugar) -> None:
    """Somebody who knows how it works changes a row, and enters that; but has not the key of the
    seal."""
    db = sa.create_engine(lugar.url)
    with db.begin() as c:
        c.execute(sa.text("UPDATE punto SET nombre = 'Cambiado' WHERE codigo = 'MED-CEN'"))
        (fila,) = [f for f in rows.read(c, todas().tables["punto"]) if f[1] == ("MED-CEN",)]
        contenido = rows.packed([fila])
        c.execute(
            sa.insert(RowEntry).values(content=contenido, seal=seals.seal(b"no es esta", contenido))
        )
    db.dispose()
    esperadas = {
        "no la hizo este programa",
        "fila punto MED-CEN: sus datos no son los que vio el registro",
    }
    for _vez in range(2):
        dichas = lugar.fallas()
        assert {parte for parte in esperadas if any(parte in d for d in dichas)} == esperadas
        assert len(dichas) == 2
        assert lugar.correr("checkpoint").exit_code == 0


def test_entries_that_were_changed_or_removed_are_named(lugar: Lugar) -> None:
    with Session(lugar.engine.db) as s:
        primera, otra = s.scalars(sa.select(RowEntry.id).order_by(RowEntry.id).limit(2))
    lugar.por_fuera(
        sa.update(RowEntry).where(RowEntry.id == primera).values(seal=bytes(32)),
        sa.delete(RowEntry).where(RowEntry.id == otra),
    )
    dichas = lugar.fallas()
    assert f"constancia {primera} de lo que se escribió: no dice lo que vio el registro" in dichas
    assert f"constancia {otra} de lo que se escribió: fue borrada" in dichas


def test_entries_of_ours_that_changed_places_are_named_together(lugar: Lugar) -> None:
    """Each bears our seal; but the log saw them in another order."""
    with Session(lugar.engine.db) as s:
        una, otra = s.execute(
            sa.select(RowEntry.id, RowEntry.content, RowEntry.seal)
            .order_by(RowEntry.id.desc())
            .limit(2)
        ).all()
    ultima = una.id
    lugar.por_fuera(
        sa.update(RowEntry)
        .where(RowEntry.id == una.id)
        .values(content=otra.content, seal=otra.seal),
        sa.update(RowEntry)
        .where(RowEntry.id == otra.id)
        .values(content=una.content, seal=una.seal),
    )
    assert (
        f"constancias 1-{ultima} de lo que se escribió: no dice lo que vio el registro"
        in lugar.fallas()
    )


def test_an_entry_that_was_committed_behind_one_with_a_higher_number_is_seen_by_the_next_look(
    lugar: Lugar,
) -> None:
    for nombre in ("Uno", "Dos", "Tres"):
        with lugar.engine.uow.session() as s:
            s.get_one(Punto, "BOG-AGU").nombre = nombre
            s.commit()
    with Session(lugar.engine.db) as s:
        tarde = s.execute(
            sa.select(RowEntry.id, RowEntry.content, RowEntry.seal)
            .order_by(RowEntry.id.desc())
            .offset(1)
        ).first()
    assert tarde is not None
    lugar.por_fuera(sa.delete(RowEntry).where(RowEntry.id == tarde.id))
    assert lugar.correr("checkpoint").exit_code == 0
    lugar.por_fuera(sa.insert(RowEntry).values(id=tarde.id, content=tarde.content, seal=tarde.seal))
    for _vez in range(2):
        assert lugar.fallas() == []
        assert lugar.correr("checkpoint").exit_code == 0
    lugar.por_fuera(sa.delete(RowEntry).where(RowEntry.id == tarde.id))
    # nobody tells any more that it was ours
    entonces = "fila punto BOG-AGU: otro la cambió, y después este programa la escribió de nuevo"
    assert lugar.fallas() == [f"constancia {tarde.id} de lo que se escribió: fue borrada", entonces]


def test_many_entries_are_one_of_the_log_and_those_of_before_stay_as_they_are(lugar: Lugar) -> None:
    antes = _entradas(lugar)
    for n in range(3):
        with lugar.engine.uow.session() as s:
            s.get_one(Punto, "BOG-AGU").nombre = f"Nombre {n}"
            s.commit()
    with Session(lugar.engine.db) as s:
        una, sola, otra = log.rows_unseen(s)
        log.append(s, [log.of_rows(sola, ours=True)])  # as a look of before 30-11-2026 entered each
        s.commit()
    assert lugar.correr("checkpoint").exit_code == 0
    with Session(lugar.engine.db) as s:
        assert list(log.rows_unseen(s)) == []
        assert [(run.start, run.stop - 1) for run in log.runs(s)] == [
            (1, antes),
            (una.id, una.id),
            (otra.id, otra.id),
        ]
    assert lugar.fallas() == []


@pytest.mark.parametrize("dicha", ["1-99999999999999999999", "x", "-", "5-1", "²-3"])
def test_a_run_that_somebody_invents_is_named_and_hides_nothing(lugar: Lugar, dicha: str) -> None:
    with Session(lugar.engine.db) as s:
        log.append(s, [log.Entry(LogKind.RUN, dicha, 1, bytes(32), bytes(32))])
        s.commit()
    lugar.por_fuera("UPDATE punto SET nombre = 'Cambiado por fuera' WHERE codigo = 'MED-CEN'")
    dichas = lugar.fallas()
    assert f"constancias {dicha} de lo que se escribió: no dice lo que vio el registro" in dichas
    assert "fila punto MED-CEN: sus datos no son los que vio el registro" in dichas


@pytest.mark.parametrize("clase", [LogKind.RUN, LogKind.ROWS])
def test_an_entry_made_by_others_together_with_one_of_the_log_is_told_too(
    lugar: Lugar, clase: LogKind
) -> None:
    """Whoever signs looks at each seal before, so what somebody put into the log as if a look had
    seen it does not become right by that."""
    db = sa.create_engine(lugar.url)
    with Session(db) as s:
        s.execute(sa.text("UPDATE punto SET nombre = 'Cambiado' WHERE codigo = 'MED-CEN'"))
        (fila,) = [
            f for f in rows.read(s.connection(), todas().tables["punto"]) if f[1] == ("MED-CEN",)
        ]
        s.add(RowEntry(content=rows.packed([fila], "otras"), seal=b"\7" * 32))
        s.flush()
        (falsa,) = log.rows_unseen(s)
        log.append(
            s, [log.of_run([falsa]) if clase == LogKind.RUN else log.of_rows(falsa, ours=True)]
        )
        s.commit()
        numero = falsa.id
    db.dispose()
    esperadas = [
        f"constancia {numero} de lo que se escribió: no la hizo este programa",
        "fila punto MED-CEN: sus datos no son los que vio el registro",
    ]
    for _vez in range(3):
        assert sorted(lugar.fallas()) == esperadas
        assert lugar.correr("checkpoint").exit_code == 0


@pytest.mark.parametrize(
    "sujeto",
    [
        "9223372036854775807",
        "9999999999999999999-9999999999999999999",
        "9" * 39,
        "9" * 5_000,
        "1-" + "9" * 5_000,
        "٣-٤",
    ],
)
@pytest.mark.parametrize("clase", [LogKind.RUN, LogKind.ROWS])
def test_no_entry_of_the_log_keeps_others_from_being_seen_or_signed(
    sqlite_url: str, tmp_path: Path, clase: LogKind, sujeto: str
) -> None:
    app = door.create_app(
        door.Config(
            instance=tmp_path, database_url=sqlite_url, secret_key=SESSION_KEY, jobs=InProcessJobs()
        )
    )
    with app.app_context():
        upgrade()
    hecho = Lugar(app, sqlite_url)
    assert hecho.correr("key").exit_code == 0
    with Session(hecho.engine.db) as s:
        log.append(s, [log.Entry(clase, sujeto, 1, bytes(32), bytes(32))])
        s.commit()
    with hecho.engine.uow.session() as s:
        cargar_catalogo(s)
        s.commit()
    assert hecho.correr("checkpoint").exit_code == 0
    with Session(hecho.engine.db) as s:
        assert list(log.rows_unseen(s)) == []
    assert any("de lo que se escribió" in dicha for dicha in hecho.fallas())
    app.extensions[EXTENSION].db.dispose()


def test_an_account_and_what_others_make_of_its_brake(lugar: Lugar) -> None:
    antes = _entradas(lugar)
    with lugar.engine.uow.session() as s:
        s.add(
            Cuenta(
                usuario="ana",
                nombre="Ana",
                correo="ana@x.example",
                clave_hash="x",
                fs_uniquifier="u",
                creada=NOW,
            )
        )
        s.commit()
    assert _entradas(lugar) == antes + 1
    lugar.por_fuera("UPDATE cuenta SET intentos_fallidos = 9")
    assert lugar.fallas() == ["fila cuenta 1: sus datos no son los que vio el registro"]


def _entradas(lugar: Lugar) -> int:
    with Session(lugar.engine.db) as s:
        return s.scalar(sa.select(sa.func.count()).select_from(RowEntry)) or 0


def test_a_migration_enters_what_it_changed_and_hides_nothing_of_before(lugar: Lugar) -> None:
    lugar.por_fuera("UPDATE punto SET nombre = 'Cambiado por fuera' WHERE codigo = 'MED-CEN'")
    with lugar.app.app_context():
        upgrade()  # nothing to do, so nothing is entered
        assert lugar.fallas() == ["fila punto MED-CEN: sus datos no son los que vio el registro"]


def test_where_rows_have_no_entries_nobody_says_that_they_were_compared(
    sqlite_url: str, tmp_path: Path
) -> None:
    app = door.create_app(
        door.Config(
            instance=tmp_path, database_url=sqlite_url, secret_key=SESSION_KEY, jobs=InProcessJobs()
        )
    )
    with app.app_context():
        upgrade()
    hecho = Lugar(app, sqlite_url)
    hecho.por_fuera("DELETE FROM row_entry")
    assert hecho.correr("key").exit_code == 0
    assert hecho.correr("checkpoint").exit_code == 0
    dicho = hecho.correr("verify")
    assert "OJO: las filas no tienen constancias en esta base" in dicho.stderr
    assert "cada una contra" not in dicho.stdout
    app.extensions[EXTENSION].db.dispose()


def test_what_a_migration_changes_counts_and_what_was_wrong_before_it_stays_wrong(
    db_url: str, tmp_path: Path
) -> None:
    app = door.create_app(
        door.Config(
            instance=tmp_path, database_url=db_url, secret_key=SESSION_KEY, jobs=InProcessJobs()
        )
    )
    with app.app_context():
        upgrade()
    hecho = Lugar(app, db_url)
    with hecho.engine.uow.session() as s:
        for codigo in ("MED-CEN", "NVA-CEN"):
            s.add(Punto(codigo=codigo, nombre=codigo, ciudad="x", dane="05001", modo_fila="digiturno",
                        hora_apertura=dt.time(8), hora_cierre=dt.time(17)))  # fmt: skip
        s.commit()
    assert hecho.correr("key").exit_code == 0
    assert hecho.correr("checkpoint").exit_code == 0
    hecho.por_fuera("UPDATE punto SET nombre = 'Por fuera' WHERE codigo = 'NVA-CEN'")
    comes_next(app, tmp_path, "UPDATE punto SET ciudad = 'y'")
    with app.app_context():
        upgrade()
    assert hecho.correr("checkpoint").exit_code == 0
    assert hecho.fallas() == ["fila punto NVA-CEN: sus datos no son los que vio el registro"]
    app.extensions[EXTENSION].db.dispose()
