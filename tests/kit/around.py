"""Every system around the desk, real, as an adapter meets it, with what makes it slow, wrong, gone
and well again.

Those of the network stand behind a door of ours (tests/kit/gate.py), so that each fails in the same
ways; those that are files are locked, spoilt, or moved away.
"""

import datetime as dt
import os
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import sqlalchemy as sa

from demo import cobol as demo_cobol, foxpro as demo_foxpro
from demo.cctex import Credito, construir as build_cctex
from demo.correo_local import CorreoLocal, list_messages
from handlers.conectores.cctex import Cctex
from handlers.conectores.cctex.sentencias import Sentencias
from handlers.conectores.cobol import conector as cobol_connector
from handlers.conectores.digiturno.archivo import Carpeta as Nights
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.vista import CONSULTA, Vista
from handlers.conectores.foxpro import FoxPro
from handlers.conectores.foxpro.copia import Copia
from handlers.conectores.foxpro.mapeo import de_la_demostracion
from handlers.conectores.proteccion import Politica
from handlers.conectores.suitecrm import Instalacion, SuiteCRM
from handlers.conectores.tipos import Conector, Documento
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.documentos.antivirus import Clamd
from handlers.documentos.carpeta import Carpeta
from records.casos.reglas import claves
from records.plazos.reglas.calendario import BOGOTA
from records.sistemas.puertos import Causa, FallaDeSistema, Mensaje
from tests.kit import clamd, s3
from tests.kit.clock import NOW
from tests.kit.connectors import Watched
from tests.kit.entity import HOST, Answer, entity
from tests.kit.gate import DOWN, OPEN, SLOW, WRONG, Gate, gate
from tests.kit.suitecrm import suitecrm
from tests.kit.turnero import OUT, TOKEN, turnero

#: Those that tests/integration/webforms/test_visita_alrededor.py has around one desk.
IN_THE_VISIT = (
    *(
        "cctex",
        "foxpro",
        "cobol_files",
        "crm",
        "digiturno_http",
        "digiturno_view",
        "digiturno_files",
        "mail",
    ),
    *("web_page", "store_s3", "antivirus"),
)
HOLDER = Documento("CC", "9900000001", 7)
IMPATIENT = Politica(espera=0.5, reintentos=0)
LIMIT = 0.5  # seconds, of adapters that keep one of their own
CREDITS = sa.Table(
    "creditos", sa.MetaData(), sa.Column("obligacion", sa.Text), sa.Column("num_doc", sa.Text)
)
FUNCTION = """
CREATE FUNCTION obligaciones_de(p_tipo text, p_num text, p_servicio text) RETURNS TABLE (obligacion text) LANGUAGE sql STABLE AS
  $$ SELECT obligacion FROM creditos WHERE num_doc = p_num AND p_tipo = 'CC' AND (p_servicio IS NULL OR obligacion = p_servicio) $$;
"""
BY_FUNCTION = Sentencias(
    filas="SELECT * FROM obligaciones_de(:tipo_doc, :num_doc, CAST(:servicio AS text))",
    corte="SELECT CURRENT_DATE",
)
COLUMNS = (
    "punto",
    "ticket",
    "clase",
    "cuando",
    "numero",
    "servicio",
    "preferente",
    "tipo_doc",
    "num_doc",
    "modulo",
    "asesor",
    "valor",
)
EVENTS = sa.Table(
    "turno_eventos",
    sa.MetaData(),
    sa.Column("posicion", sa.Integer),
    *(sa.Column(name, sa.Text) for name in COLUMNS),
)
EVENT = {
    "posicion": 1,
    "punto": "SUC-01",
    "ticket": "t1",
    "clase": "emitido",
    "cuando": "2026-11-24 09:00:00",
    "numero": "B012",
}
PAGE = f"https://{HOST}/creditos"
Failing = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`act` is what it is there for: True when it did. Each of `fails` makes it fail so, `heal`
    makes it well again.

    `settings`: what a place says to have it (app.Config, or the adapter of a turn system). `seen`:
    how much of ours it has got. `tick`: its clock goes with that of the test.
    """

    act: Callable[[], bool]
    fails: Mapping[str, Failing]
    heal: Failing
    settings: Mapping[str, Any]
    seen: Callable[[], int] = lambda: 0
    tick: Callable[[dt.datetime], None] = lambda _now: None


def behind(
    door: Gate, act: Callable[[], bool], seen: Callable[[], int] = lambda: 0, **settings: Any
) -> Neighbour:
    def to(mode: str) -> Failing:
        return lambda: door.set(mode)

    return Neighbour(
        act, {mode: to(mode) for mode in (SLOW, WRONG, DOWN)}, to(OPEN), settings, seen
    )


def asked(connector: Conector) -> bool:
    """By its guard, once; what the guard makes a state is raised again, so that all systems fail
    alike."""
    answer = Watched(connector, IMPATIENT).ask(HOLDER)
    if answer.causa is not None:
        raise FallaDeSistema(answer.detalle, causa=answer.causa, pasajera=True)
    return answer.estado == "ok"


def hers(obligation: str, year: int) -> Credito:
    return Credito(obligation, "PREG", year, "vigente", HOLDER.tipo, HOLDER.numero, "Ana Rojas")


@contextmanager
def cctex(folder: Path, others: Sequence[Credito] = ()) -> Iterator[Neighbour]:
    """A file of SQLite: held by somebody, no database, moved away."""
    file = folder / "cctex.db"
    build_cctex(file, (hers("2011000001", 2011), *others), corte=NOW.date())
    with sqlite_file(
        file, lambda: asked(Cctex(f"sqlite:///{file}")), cctex_url=f"sqlite:///{file}"
    ) as made:
        yield made


@contextmanager
def sqlite_file(file: Path, act: Callable[[], bool], **settings: Any) -> Iterator[Neighbour]:
    whole = file.read_bytes()
    with ExitStack() as held:

        def lock() -> None:
            owner = held.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
            owner.execute("BEGIN EXCLUSIVE")

        def heal() -> None:
            held.pop_all().close()
            file.unlink(missing_ok=True)
            file.write_bytes(whole)

        yield Neighbour(
            act, {SLOW: lock, WRONG: lambda: _spoil(file), DOWN: file.unlink}, heal, settings
        )


def _spoil(file: Path) -> None:
    file.write_bytes(b"no es lo que usted busca" * 200)


@contextmanager
def cctex_by_function(
    _folder: Path, url: str, others: Sequence[Credito] = ()
) -> Iterator[Neighbour]:
    rows = [
        {"obligacion": c.obligacion, "num_doc": c.num_doc}
        for c in (hers("2011000001", 2011), *others)
    ]
    with_rows(url, CREDITS, rows, FUNCTION)
    with postgres_behind(url) as (there, door):
        connector = Cctex(there, BY_FUNCTION)
        yield behind(door, lambda: asked(connector), cctex_url=there, cctex_queries=BY_FUNCTION)
        connector.cerrar()


@contextmanager
def postgres_behind(url: str) -> Iterator[tuple[str, Gate]]:
    there = sa.engine.make_url(url)
    folder = str(there.query.get("host", ""))
    port = there.port or 5432
    with gate(
        f"{folder}/.s.PGSQL.{port}" if folder.startswith("/") else (there.host or "127.0.0.1", port)
    ) as door:
        yield (
            there.set(host="127.0.0.1", port=door.port, query={}).render_as_string(
                hide_password=False
            ),
            door,
        )


def with_rows(
    url: str, table: sa.Table, rows: Sequence[Mapping[str, object]], more: str = ""
) -> None:
    made = sa.create_engine(url)
    table.create(made)
    with made.begin() as connection:
        connection.execute(sa.insert(table), list(rows))
        if more:
            connection.exec_driver_sql(more)
    made.dispose()


@contextmanager
def foxpro(folder: Path, others: Sequence[Credito] = ()) -> Iterator[Neighbour]:
    """Without the last copy, which would answer in its place (docs/systems.md)."""
    there, copies, aside = folder / "foxpro", folder / "copies", folder / "aside"
    demo_foxpro.construir(there, (hers("0110000001", 2003), *others), corte=NOW.date())
    shutil.copytree(there, aside)
    table = there / demo_foxpro.ARCHIVO

    def act() -> bool:
        shutil.rmtree(copies, ignore_errors=True)
        return asked(FoxPro(de_la_demostracion(table), copies))

    with ExitStack() as hanging:

        def slow() -> None:
            """A share that does not answer for a second."""
            hanging.enter_context(patch.object(Copia, "cambio", lambda _: time.sleep(1) or True))

        def heal() -> None:
            hanging.pop_all().close()
            shutil.rmtree(there)
            shutil.copytree(aside, there)

        yield Neighbour(
            act,
            {SLOW: slow, WRONG: lambda: _spoil(table), DOWN: table.unlink},
            heal,
            {"foxpro": de_la_demostracion(table)},
        )


@dataclass
class Writing:
    """Somebody who never holds still."""

    file: Path
    stop: threading.Event
    by: threading.Thread | None = None

    def start(self) -> None:
        self.stop.clear()
        self.by = threading.Thread(target=self._write, daemon=True)
        self.by.start()

    def _write(self) -> None:
        while not self.stop.wait(0.001):
            with self.file.open("ab") as file:
                file.write(b"\x40")

    def rest(self) -> None:
        self.stop.set()
        if self.by is not None:
            self.by.join()


@contextmanager
def written_all_the_time(file: Path) -> Iterator[Writing]:
    writing = Writing(file, threading.Event())
    try:
        yield writing
    finally:
        writing.rest()


@contextmanager
def cobol_files(folder: Path, others: Sequence[Credito] = ()) -> Iterator[Neighbour]:
    there = folder / "cobol"
    demo_cobol.construir(there, (hers("1995000001", 1995), *others), corte=NOW.date())
    data = there / demo_cobol.CARTERA
    whole = data.read_bytes()
    with written_all_the_time(data) as writing:

        def heal() -> None:
            writing.rest()
            data.write_bytes(whole)

        def connect() -> Conector:
            return cobol_connector(there / demo_cobol.CONFIGURACION)

        fails = {SLOW: writing.start, WRONG: lambda: _spoil(data), DOWN: data.unlink}
        yield Neighbour(lambda: asked(connect()), fails, heal, {"cobol": connect()})


@contextmanager
def cobol_program(folder: Path, original: Path) -> Iterator[Neighbour]:
    """`original`: compiled by GnuCOBOL (tests/integration/handlers/cobol/consulta.cob)."""
    mine, settings = folder / "consulta", folder / "programa.toml"
    names = "".join(
        f'[[programa.columna]]\nnombre = "{n}"\n'
        for n in ("obligacion", "linea", "estado", "saldo", "dias_mora", "fecha_giro")
    )
    settings.write_text(
        f'modo = "programa"\n[programa]\norden = ["{mine}"]\nlargo_numero = 15\n{names}'
    )

    def instead(script: str) -> Failing:
        def do() -> None:
            mine.unlink()
            mine.write_text(f"#!/bin/sh\n{script}\n")
            mine.chmod(stat.S_IRWXU)

        return do

    def heal() -> None:
        mine.unlink(missing_ok=True)
        shutil.copy(original, mine)

    heal()
    connector = cobol_connector(settings)
    fails = {SLOW: instead("sleep 30"), WRONG: instead("echo basura"), DOWN: mine.unlink}
    yield Neighbour(lambda: asked(connector), fails, heal, {"cobol": connector})


@contextmanager
def crm(_folder: Path) -> Iterator[Neighbour]:
    with suitecrm() as real, gate(_place(real.url)) as door:
        place = Instalacion(_moved(real.url, door), *real.client, real.account)
        client = SuiteCRM(place, espera=LIMIT)
        made = behind(
            door, lambda: client.probar() is None, lambda: len(real.live("Cases")), crm=place
        )
        yield replace(made, tick=partial(setattr, real, "now"))


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


def _moved(url: str, door: Gate) -> str:
    return urlsplit(url)._replace(netloc=f"127.0.0.1:{door.port}").geturl()


@contextmanager
def digiturno_http(_folder: Path) -> Iterator[Neighbour]:
    with turnero() as real, gate(_place(real.url)) as door:
        real.events = [{**EVENT, "cuando": NOW.isoformat()}]
        client = Red(_moved(real.url, door), TOKEN, Firmante([OUT]), espera=LIMIT)

        def act() -> bool:
            return [e.ticket for e in client.eventos("", NOW).eventos] == ["t1"]

        yield replace(
            behind(door, act, lambda: len(real.heard), adapter=client),
            tick=partial(setattr, real, "now"),
        )


@contextmanager
def digiturno_view(folder: Path) -> Iterator[Neighbour]:
    file = folder / "turnero.db"
    with_rows(f"sqlite:///{file}", EVENTS, [EVENT])
    view = Vista(f"sqlite:///{file}", CONSULTA, "numero", BOGOTA, espera=LIMIT)
    with sqlite_file(file, lambda: _seen(view), adapter=view) as made:
        yield made


def _seen(view: Vista) -> bool:
    return [e.ticket for e in view.eventos("", NOW).eventos] == ["t1"]


@contextmanager
def digiturno_view_of_postgres(_folder: Path, url: str) -> Iterator[Neighbour]:
    with_rows(url, EVENTS, [EVENT])
    with postgres_behind(url) as (there, door):
        view = Vista(there, CONSULTA, "numero", BOGOTA, espera=1.0)
        yield behind(door, lambda: _seen(view), adapter=view)
        view.cerrar()


@contextmanager
def digiturno_files(folder: Path) -> Iterator[Neighbour]:
    """A file that is still being written is left for later: that is how one is slow."""
    there = folder / "nights"
    there.mkdir()
    file, gone = there / "d.csv", folder / "gone"
    columns = {name: str(EVENT[name]) for name in EVENT if name != "posicion"}

    def heal() -> None:
        if gone.exists():
            gone.rename(there)
        file.write_text(",".join(columns) + "\n" + ",".join(columns.values()) + "\n", "utf-8")
        os.utime(file, (NOW.timestamp() - 3600,) * 2)

    def act() -> bool:
        read = Nights(there, zona=BOGOTA).eventos("", NOW)
        if read.ilegibles:
            raise FallaDeSistema(read.ilegibles[0], causa=Causa.ILEGIBLE, pasajera=False)
        return [e.ticket for e in read.eventos] == ["t1"]

    def wrong() -> None:
        file.write_bytes(b"\xff\xfe" * 50)
        os.utime(file, (NOW.timestamp() - 3600,) * 2)

    heal()

    def slow() -> None:
        os.utime(file, (NOW.timestamp(),) * 2)

    def down() -> None:
        there.rename(gone)

    yield Neighbour(
        act, {SLOW: slow, WRONG: wrong, DOWN: down}, heal, {"adapter": Nights(there, zona=BOGOTA)}
    )


@contextmanager
def mail(folder: Path) -> Iterator[Neighbour]:
    with CorreoLocal(folder / "maildir") as server, gate(("127.0.0.1", server.port)) as door:
        place = ServidorSMTP(port=door.port, espera=LIMIT, entero=1.0)

        def act() -> bool:
            CorreoSMTP(place).enviar(
                Mensaje("k:1", "ana@ciudadana.example", "Hola", "Un saludo."), NOW
            )
            return True

        yield behind(door, act, lambda: len(list_messages(folder / "maildir")), smtp=place)


@contextmanager
def web_page(_folder: Path) -> Iterator[Neighbour]:
    with entity() as real, gate(("127.0.0.1", real.ports[443])) as door:
        real.ports[443] = door.port
        real.pages["/creditos"] = Answer("<title>Créditos</title><p>La tasa.".encode())
        client = real.downloader(seconds=LIMIT)
        yield behind(
            door,
            lambda: client.traer(PAGE).titulo == "Créditos",
            lambda: len(real.asked),
            paginas=client,
        )


@contextmanager
def store_s3(_folder: Path) -> Iterator[Neighbour]:
    with (
        s3.running() as address,
        s3.bucket(address) as real,
        gate(_place(address)) as door,
        ExitStack() as kept,
    ):
        store = kept.enter_context(
            s3.store(replace(real, direccion=_moved(address, door), segundos=LIMIT))
        )
        yield behind(door, lambda: _kept(store), documentos=store)


def _kept(store: Any) -> bool:
    key = claves.de_contenido("a" * 64)
    store.poner(key, b"hola")
    return bool(store.sacar(key) == b"hola")


@contextmanager
def store_folder(folder: Path) -> Iterator[Neighbour]:
    """A folder is as slow as its disk, and holds whatever lies there: the hash finds what is wrong
    (Almacen)."""
    there, gone = folder / "archivos", folder / "gone"

    def down() -> None:
        there.rename(gone)
        there.write_bytes(b"no es una carpeta")

    def heal() -> None:
        there.unlink()
        gone.rename(there)

    yield Neighbour(
        lambda: _kept(Carpeta(there)), {DOWN: down}, heal, {"documentos": Carpeta(there)}
    )


@contextmanager
def antivirus(_folder: Path) -> Iterator[Neighbour]:
    with clamd.running(clamd.Clam()) as real, gate(real.address) as door:
        client = Clamd(("127.0.0.1", door.port), segundos=LIMIT)
        yield behind(
            door,
            lambda: client.revisar(b"hola").virus == "",
            lambda: len(real.seen),
            antivirus=client,
        )


SYSTEMS: Mapping[str, Callable[..., AbstractContextManager[Neighbour]]] = {
    made.__name__: made
    for made in (
        *(
            cctex,
            cctex_by_function,
            foxpro,
            cobol_files,
            cobol_program,
            crm,
            digiturno_http,
            digiturno_view,
            digiturno_view_of_postgres,
        ),
        *(digiturno_files, mail, web_page, store_s3, store_folder, antivirus),
    )
}
