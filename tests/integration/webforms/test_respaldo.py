"""The restore drill: a backup taken while people work, brought back into an empty place, equal
table by table, chains whole."""

import base64
import errno
import gzip
import hashlib
import importlib.util
import io
import json
import os
import re
import secrets
import shlex
import shutil
import sqlite3
import tarfile
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.engine import make_url

import app as door
from common.notes import ED25519, MLDSA44, Signer
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from engine.store import guard
from engine.types import SYSTEM
from records.base.actos import Acto
from records.casos.archivos import registrar_archivo
from records.casos.reglas import claves
from records.casos.tablas import Archivo
from records.lugares.tablas import Punto
from records.sistemas.puertos import Deposito
from tests.kit import files, s3, visit as visit_kit
from tests.kit.cast import PUNTO, SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.full import full_disk
from webforms.base.servicios import EXTENSION, Servicios
from webforms.respaldo.bases import RespaldoFallido, base_de
from webforms.respaldo.paquete import SECRETO, abierto, empacar
from webforms.visita import llegadas

VALORES = {
    "motivo_visita": "servicio_adquirido",
    "condicion": "ninguna",
    "tipo_doc": "",
    "num_doc": "",
}
PDF = files.pdf("Poder autenticado")


@pytest.fixture(autouse=True)
def _programas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the server that the tests run on: the wheel's, unless another server
    was given."""
    if not os.environ.get("POSTGRES_URL"):
        rueda = importlib.util.find_spec("pgserver")
        assert rueda is not None
        assert rueda.origin is not None
        monkeypatch.setenv("PG_BIN", str(Path(rueda.origin).parent / "pginstall" / "bin"))


@pytest.fixture
def vacia(db_url: str, tmp_path: Path) -> Iterator[str]:
    """URL of a second database of the same kind with nothing in it."""
    if db_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}"
        return
    nombre = f"r_{secrets.token_hex(6)}"
    admin = sa.create_engine(db_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {nombre}")
    yield make_url(db_url).set(database=nombre).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {nombre} WITH (FORCE)")
    admin.dispose()


def lugar(carpeta: Path, url: str, documentos: Deposito | None = None) -> Flask:
    carpeta.mkdir(parents=True, exist_ok=True)
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=InProcessJobs(),
        clock=GivenClock(NOW),
    )
    return door.create_app(replace(config, documentos=documentos))


def servicios_de(app: Flask) -> Servicios:
    todo: Servicios = app.extensions[EXTENSION]
    return todo


def iniciar(app: Flask, llave: str) -> None:
    with app.app_context(), servicios_de(app).uow.reading() as session:
        punto = session.get_one(Punto, PUNTO)
        session.expunge(punto)
    with app.app_context():
        llegadas.iniciar(punto, llegadas.Llegada(VALORES, llave), actor=SYSTEM, now=NOW)


def correr(app: Flask, *palabras: str) -> Result:
    return app.test_cli_runner().invoke(args=list(palabras))


def cuenta(app: Flask, tabla: str) -> int:
    with servicios_de(app).db.connect() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(sa.table(tabla))).scalar_one()
        )


@pytest.fixture
def casa(db_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A place where five visits wait and one file was handed in."""
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", db_url, NOW)
    app = lugar(tmp_path / "a", db_url)
    (tmp_path / "a" / "secret").write_text(SESSION_KEY)
    for n in range(5):
        iniciar(app, f"v{n}")
    todo = servicios_de(app)
    guardado = todo.archivos.guardar(todo.archivos.revisar(io.BytesIO(PDF), "poder.pdf"))
    todo.uow.run(
        lambda session: session.add(
            Archivo(
                sha256=guardado.sha256,
                nombre=guardado.nombre,
                tipo=guardado.tipo,
                bytes=guardado.bytes,
                subido=NOW,
                subido_por="asesor",
            )
        )
    )
    yield app
    todo.db.dispose()


def trabajando(app: Flask, tarea: Callable[[], Result]) -> tuple[Result, int]:
    """Run `tarea` while another thread starts one visit after the other; gives how many it
    started."""
    alto, hechas = threading.Event(), [0]

    def trabajar() -> None:
        while not alto.is_set():
            iniciar(app, f"mientras-{hechas[0]}")
            hechas[0] += 1

    hilo = threading.Thread(target=trabajar)
    hilo.start()
    while not hechas[0]:
        alto.wait(0.01)
    resultado = tarea()
    alto.set()
    hilo.join()
    return resultado, hechas[0]


def test_a_backup_taken_while_people_work_comes_back_equal_and_the_work_goes_on(
    casa: Flask, vacia: str, tmp_path: Path
) -> None:
    paquete = tmp_path / "respaldo.tar.gz"
    hecho, iniciadas = trabajando(casa, lambda: correr(casa, "backup", str(paquete)))
    assert hecho.exit_code == 0, hecho.output
    assert paquete.stat().st_mode & 0o777 == 0o600

    nueva = lugar(tmp_path / "b", vacia)
    vuelta = correr(nueva, "restore", str(paquete))
    assert vuelta.exit_code == 0, vuelta.output
    assert "con su cadena completa" in vuelta.output
    assert 5 <= cuenta(nueva, "instance") <= 5 + iniciadas == cuenta(casa, "instance")
    assert cuenta(nueva, "turno") == cuenta(nueva, "instance")
    with servicios_de(nueva).uow.reading() as session:
        sha = session.scalar(sa.select(Archivo.sha256))
    assert sha is not None
    assert servicios_de(nueva).archivos.leer(sha) == PDF
    assert (tmp_path / "b" / "secret").read_text() == SESSION_KEY

    antes = cuenta(nueva, "instance")
    iniciar(nueva, "después")
    assert cuenta(nueva, "instance") == antes + 1
    assert correr(nueva, "audit", "verify").exit_code == 0
    servicios_de(nueva).db.dispose()


MAKE_ROLE = """DO $$ BEGIN CREATE ROLE ventanilla_web LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


def test_behind_a_restored_copy_who_serves_people_may_write_and_change_nothing_that_is_written_once(
    casa: Flask, vacia: str, tmp_path: Path
) -> None:
    assert correr(casa, "backup", str(tmp_path / "r.tar.gz")).exit_code == 0
    nueva = lugar(tmp_path / "b", vacia)
    db = servicios_de(nueva).db
    if db.dialect.name == "postgresql":
        with db.begin() as c:
            c.exec_driver_sql(MAKE_ROLE)
    vuelta = correr(nueva, "restore", str(tmp_path / "r.tar.gz"))
    assert vuelta.exit_code == 0, vuelta.output
    with servicios_de(nueva).db.connect() as c:
        if db.dialect.name == "postgresql":
            puede = [
                c.scalar(
                    sa.text("SELECT has_table_privilege('ventanilla_web', :t, :que)"),
                    {"t": tabla, "que": que},
                )
                for tabla, que in (
                    ("journal", "INSERT"),
                    ("turno", "UPDATE"),
                    ("journal", "UPDATE"),
                    ("row_entry", "DELETE"),
                )
            ]
            assert puede == [True, True, False, False]
        else:
            assert guard.changeable(c) == []
    servicios_de(nueva).db.dispose()


def test_nothing_is_restored_over_something(casa: Flask, tmp_path: Path) -> None:
    paquete = tmp_path / "respaldo.tar.gz"
    assert correr(casa, "backup", str(paquete)).exit_code == 0
    antes = cuenta(casa, "journal")
    vuelta = correr(casa, "restore", str(paquete))
    assert vuelta.exit_code == 1
    assert "ya hay una base de datos en ese lugar" in vuelta.output
    assert cuenta(casa, "journal") == antes


def reescribir(paquete: Path, cambio: Callable[[str, bytes], bytes | None]) -> None:
    """The archive again, each member as `cambio` gives it back; None leaves it out."""
    nuevo = io.BytesIO()
    with tarfile.open(paquete) as viejo, tarfile.open(fileobj=nuevo, mode="w:gz") as salida:
        for miembro in viejo.getmembers():
            flujo = viejo.extractfile(miembro)
            assert flujo is not None
            contenido = cambio(miembro.name, flujo.read())
            if contenido is not None:
                miembro.size = len(contenido)
                salida.addfile(miembro, io.BytesIO(contenido))
    paquete.write_bytes(nuevo.getvalue())


AJENO = f"archivos/aa/{'b' * 62}"


def agregar(paquete: Path, miembro: tarfile.TarInfo, contenido: bytes = b"x") -> None:
    """One more member at the end of the archive."""
    nuevo = io.BytesIO()
    with tarfile.open(paquete) as viejo, tarfile.open(fileobj=nuevo, mode="w:gz") as salida:
        for cada in viejo.getmembers():
            salida.addfile(cada, viejo.extractfile(cada))
        miembro.size = len(contenido) if miembro.isreg() else 0
        salida.addfile(miembro, io.BytesIO(contenido))
    paquete.write_bytes(nuevo.getvalue())


def enlace(tipo: bytes, hacia: Path) -> tarfile.TarInfo:
    miembro = tarfile.TarInfo(AJENO)
    miembro.type, miembro.linkname = tipo, str(hacia)
    return miembro


def alterar(paquete: Path, caso: str, victima: Path) -> None:
    if caso.startswith("enlace"):
        agregar(
            paquete, enlace(tarfile.LNKTYPE if caso == "enlace duro" else tarfile.SYMTYPE, victima)
        )
    elif caso == "manifiesto que sale":

        def sale(nombre: str, contenido: bytes) -> bytes:
            crudo = json.loads(contenido) if nombre == "manifiesto.json" else None
            return (
                contenido
                if crudo is None
                else json.dumps(
                    {**crudo, "miembros": {**crudo["miembros"], "../victima": "0"}}
                ).encode()
            )

        reescribir(paquete, sale)
    elif caso == "cabecera":
        miembro = tarfile.TarInfo(AJENO)
        miembro.pax_headers = {"comment": "x" * (80 * 1024 * 1024)}
        agregar(paquete, miembro)
    else:
        nombre = {
            "fuera": "archivos/../../victima",
            "absoluto": str(victima),
            "otro nombre": "app.py",
            "dos veces": "base",
        }.get(caso, AJENO)
        agregar(paquete, tarfile.TarInfo(nombre))


AJENOS = (
    "enlace",
    "enlace duro",
    "fuera",
    "absoluto",
    "otro nombre",
    "dos veces",
    "sin manifiesto",
    "manifiesto que sale",
    "cabecera",
)


def test_an_archive_with_other_names_links_or_sizes_writes_nothing(
    casa: Flask, tmp_path: Path
) -> None:
    """What comes out of an archive is what `backup` writes, whoever made it."""
    entero, victima = tmp_path / "entero.tar.gz", tmp_path / "victima"
    victima.write_text("intacta")
    assert correr(casa, "backup", str(entero)).exit_code == 0
    for n, caso in enumerate(AJENOS):
        paquete = Path(shutil.copy(entero, tmp_path / f"respaldo-{n}.tar.gz"))
        alterar(paquete, caso, victima)
        nueva = lugar(tmp_path / f"b{n}", f"sqlite:///{tmp_path / f'b{n}' / 'ventanilla.db'}")
        vuelta = correr(nueva, "restore", str(paquete))
        assert vuelta.exit_code == 1, caso
        assert "No se restauró" in vuelta.output, caso
        assert "Traceback" not in vuelta.output, caso
        assert victima.read_text() == "intacta", caso
        assert not (tmp_path / f"b{n}" / "archivos").exists(), caso
        paquete.unlink()


DANOS = {
    "cortado": "respaldo.tar.gz está cortado: le falta el final; tráigalo entero otra vez, o use otro respaldo",
    "cortado al comienzo": "respaldo.tar.gz está cortado: le falta el final; tráigalo entero otra vez, o use otro respaldo",
    "sin manifiesto": "respaldo.tar.gz está cortado: le falta el final; tráigalo entero otra vez, o use otro respaldo",
    "un bit": "respaldo.tar.gz está dañado: no es lo que se guardó; tráigalo otra vez, o use otro respaldo",
    "otro byte": "base falta o está dañado en el respaldo",
    "sin archivo": "falta o está dañado en el respaldo",
    "otra suma": "",
    "no es un respaldo": "respaldo.tar.gz no es un respaldo de Ventanilla",
    "una carta": "respaldo.tar.gz no es un respaldo de Ventanilla",
    "vacío": "respaldo.tar.gz no es un respaldo de Ventanilla",
    "un archivo de otros": "el respaldo trae «carta.txt», y eso no lo escribe Ventanilla",
    "manifiesto que no es": "el manifiesto no se puede leer",
    "manifiesto ilegible": "el manifiesto no se puede leer",
    "base que no es": "lo que el respaldo trae como base no es una base de SQLite, o está dañada",
}


def cambiar_base(paquete: Path, base: bytes) -> None:
    """Another database, with a manifest that knows it: nobody signed it."""

    def otra(nombre: str, contenido: bytes) -> bytes:
        if nombre != "manifiesto.json":
            return base if nombre == "base" else contenido
        crudo = json.loads(contenido)
        return json.dumps(
            {**crudo, "miembros": {**crudo["miembros"], "base": hashlib.sha256(base).hexdigest()}}
        ).encode()

    reescribir(paquete, otra)


def danar(paquete: Path, dano: str) -> None:
    entero = paquete.read_bytes()
    de_otros = {
        "una carta": b"Cordial saludo",
        "no es un respaldo": gzip.compress(b"hola"),
        "vacío": b"",
    }
    if dano.startswith("cortado"):
        paquete.write_bytes(entero[:-2000] if dano == "cortado" else entero[:5])
    elif dano == "un bit":
        otro = gzip.compress(gzip.decompress(entero))
        paquete.write_bytes(otro[:10] + b"\xff" + otro[11:])  # a block of a kind that there is not
    elif dano in de_otros:
        paquete.write_bytes(de_otros[dano])
    elif dano == "un archivo de otros":
        with tarfile.open(paquete, "w:gz") as otro:
            otro.addfile(tarfile.TarInfo("carta.txt"))
    elif dano == "base que no es":
        cambiar_base(paquete, b"Cordial saludo" * 100)
    else:
        manifiestos = {
            "manifiesto que no es": b"5",
            "manifiesto ilegible": b"\xff\xfe\x00",
            "sin manifiesto": None,
        }
        reescribir(paquete, lambda n, c: manifiestos[dano] if n == "manifiesto.json" else c)


@pytest.mark.parametrize("dano", DANOS)
def test_a_damaged_archive_is_refused_and_leaves_nothing(
    dano: str, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    casa = lugar(tmp_path / "a", sqlite_url)
    (todo := servicios_de(casa).archivos).guardar(todo.revisar(io.BytesIO(PDF), "poder.pdf"))
    paquete = tmp_path / "respaldo.tar.gz"
    assert correr(casa, "backup", str(paquete)).exit_code == 0
    if dano == "otro byte":
        reescribir(
            paquete, lambda n, c: c[:5000] + bytes([c[5000] ^ 1]) + c[5001:] if n == "base" else c
        )
    elif dano == "sin archivo":
        reescribir(paquete, lambda n, c: None if n.startswith("archivos/") else c)
    elif dano != "otra suma":
        danar(paquete, dano)
    else:

        def otra(nombre: str, contenido: bytes) -> bytes:
            if nombre != "manifiesto.json":
                return contenido
            crudo = json.loads(contenido)
            crudo["tablas"]["persona"]["sha256"] = "0" * 64
            return json.dumps(crudo).encode()

        reescribir(paquete, otra)
    nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}")
    vuelta = correr(nueva, "restore", str(paquete))
    assert vuelta.exit_code == 1
    if dano == "otra suma":
        assert "Estas tablas no son las del respaldo: persona" in vuelta.output
        return
    assert re.fullmatch(
        rf"No se restauró: .*{re.escape(DANOS[dano])}\. Aquí no cambió nada\.\n", vuelta.output
    ), vuelta.output
    assert not (tmp_path / "b" / "archivos").exists() or not any(
        (tmp_path / "b" / "archivos").rglob("*")
    )
    assert not sa.inspect(servicios_de(nueva).db).get_table_names()


def test_a_document_that_still_lies_aside_is_in_the_archive_and_one_that_is_gone_is_counted(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The machine stopped between the commit and the next line; or somebody took a document out of
    its store."""
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    todo = servicios_de(casa := lugar(tmp_path / "a", sqlite_url))
    revisado = todo.archivos.revisar(io.BytesIO(PDF), "poder.pdf")
    llegada, valor, paquete = (
        todo.archivos.apartar(revisado),
        revisado.archivo.valor(),
        tmp_path / "respaldo.tar.gz",
    )
    todo.uow.run(lambda session: registrar_archivo(session, valor, Acto("asesor", NOW)))
    dicho = correr(casa, "backup", str(paquete))
    assert (dicho.exit_code, "no están en él" in dicho.output) == (0, False), dicho.output
    nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}")
    assert correr(nueva, "restore", str(paquete)).exit_code == 0
    assert servicios_de(nueva).archivos.leer(revisado.archivo.sha256) == PDF
    todo.archivos.deposito.quitar(llegada)
    falta = correr(casa, "backup", str(paquete))
    assert (
        falta.exit_code,
        "1 documentos de la base no están en él: no estaban en su depósito" in falta.output,
    ) == (0, True)
    for app in (casa, nueva):
        servicios_de(app).db.dispose()


@pytest.mark.parametrize(
    "guardado", [True, False], ids=["kept by the place", "given from the store"]
)
def test_a_backup_says_that_it_holds_the_secret_only_where_it_does(
    *, guardado: bool, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    casa, paquete = lugar(tmp_path / "a", sqlite_url), tmp_path / "respaldo.tar.gz"
    if guardado:
        (tmp_path / "a" / "secret").write_text(SESSION_KEY)
    dicho = correr(casa, "backup", str(paquete))
    servicios_de(casa).db.dispose()
    assert dicho.exit_code == 0, dicho.output
    with tarfile.open(paquete) as abierto:
        assert (SECRETO in abierto.getnames()) == guardado
    assert ("Contiene datos personales y el secreto" in dicho.output) == guardado
    assert ("No lleva SECRET_KEY" in dicho.output) == (not guardado)


def con_documentos(app: Flask, contenidos: list[bytes]) -> None:
    todo = servicios_de(app)
    for n, contenido in enumerate(contenidos):
        sha256 = hashlib.sha256(contenido).hexdigest()
        todo.archivos.deposito.poner(claves.de_contenido(sha256), contenido)
        valor = {
            "nombre": f"{n}.pdf",
            "sha256": sha256,
            "tipo": "application/pdf",
            "bytes": len(contenido),
        }
        todo.uow.run(
            lambda session, valor=valor: registrar_archivo(session, valor, Acto("asesor", NOW))
        )


def test_documents_in_a_bucket_are_in_the_archive_and_come_back_to_another_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    contenidos = [f"contenido {n}".encode() for n in range(3)]
    with (
        s3.running() as address,
        s3.bucket(address) as where,
        s3.store(where) as uno,
        s3.store(replace(where, prefijo="otro/")) as otro,
    ):
        con_documentos(casa := lugar(tmp_path / "a", sqlite_url, uno), contenidos)
        paquete, sin = tmp_path / "respaldo.tar.gz", tmp_path / "sin.tar.gz"
        dicho = correr(casa, "backup", str(paquete))
        assert (dicho.exit_code, "no están en él" in dicho.output) == (0, False), dicho.output
        sin_ellos = correr(casa, "backup", "--without-documents", str(sin))
        assert (
            "OJO: 3 documentos de la base no están en él: respalde también su depósito"
            in sin_ellos.output
        )

        ocupado = lugar(tmp_path / "c", f"sqlite:///{tmp_path / 'c' / 'ventanilla.db'}", uno)
        assert "ya hay archivos en ese lugar" in correr(ocupado, "restore", str(paquete)).output
        assert correr(ocupado, "restore", str(sin)).exit_code == 0, (
            "the bucket of before, or its copy"
        )
        nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}", otro)
        vuelta = correr(nueva, "restore", str(paquete))
        assert vuelta.exit_code == 0, vuelta.output
        assert [
            servicios_de(nueva).archivos.leer(hashlib.sha256(c).hexdigest()) for c in contenidos
        ] == contenidos
    for app in (casa, nueva, ocupado):
        servicios_de(app).db.dispose()


def test_what_a_backup_holds_in_memory_does_not_grow_with_the_documents(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    con_documentos(
        casa := lugar(tmp_path / "a", sqlite_url), [os.urandom(3_000_000) for _ in range(10)]
    )
    tracemalloc.start()
    dicho = correr(casa, "backup", str(tmp_path / "respaldo.tar.gz"))
    _ahora, tope = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert dicho.exit_code == 0, dicho.output
    assert tope < 20_000_000
    servicios_de(casa).db.dispose()


def test_a_bucket_that_is_away_is_told_and_leaves_no_archive(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    with s3.store(replace(s3.BUCKET, direccion="http://127.0.0.1:9", segundos=1)) as lejos:
        casa = lugar(tmp_path / "a", sqlite_url, lejos)
        dicho = correr(casa, "backup", str(tmp_path / "respaldo.tar.gz"))
        servicios_de(casa).db.dispose()
    assert dicho.exit_code != 0
    assert "No se hizo el respaldo: el depósito de documentos no responde" in dicho.output
    assert not (tmp_path / "respaldo.tar.gz").exists()


def con_llave(carpeta: Path) -> list[str]:
    """A place that signs; its public keys."""
    firmantes = [Signer.new("entidad.example/registro", clase) for clase in (ED25519, MLDSA44)]
    archivo = carpeta / "evidence.key"
    archivo.touch(0o600)
    archivo.write_text("".join(f"{f.secret}\n" for f in firmantes))
    return [str(f.verifier) for f in firmantes]


def test_a_signed_archive_comes_back_only_with_the_keys_of_who_made_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    casa = lugar(tmp_path / "a", sqlite_url)
    sin_llave = correr(casa, "backup", str(tmp_path / "sin.tar.gz"))
    assert "No está firmado" in sin_llave.stderr
    publicas = con_llave(tmp_path / "a")
    firmado = correr(casa, "backup", str(tmp_path / "con.tar.gz"))
    assert firmado.stderr == "" or "No está firmado" not in firmado.stderr
    ajenas = con_llave(tmp_path)
    intentos = {  # archive and options → what is said, and whether it is restored
        ("con", *(p for llave in ajenas for p in ("--key", llave))): (
            "no lo firmaron estas llaves",
            False,
        ),
        ("con", "--key", publicas[0], "--key", ajenas[1]): ("no lo firmaron estas llaves", False),
        ("con", "--key", "esto no es"): ("No es una llave pública", False),
        ("sin", *(p for llave in publicas for p in ("--key", llave))): ("no está firmado", False),
        ("con",): ("OJO: no se comprobó quién hizo este respaldo", True),
        ("con", *(p for llave in publicas for p in ("--key", llave))): ("Restaurado", True),
    }
    for n, ((cual, *opciones), (dice, vuelve)) in enumerate(intentos.items()):
        nueva = lugar(tmp_path / f"n{n}", f"sqlite:///{tmp_path / f'n{n}' / 'ventanilla.db'}")
        vuelta = correr(nueva, "restore", str(tmp_path / f"{cual}.tar.gz"), *opciones)
        assert dice in vuelta.output, (cual, opciones, vuelta.output)
        assert (vuelta.exit_code == 0) == vuelve, (cual, opciones)
        assert bool(sa.inspect(servicios_de(nueva).db).get_table_names()) == vuelve, (
            cual,
            opciones,
        )


def test_where_a_key_is_an_archive_without_a_signature_is_refused_unless_one_insists(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    assert (
        correr(lugar(tmp_path / "a", sqlite_url), "backup", str(tmp_path / "sin.tar.gz")).exit_code
        == 0
    )
    nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}")
    con_llave(tmp_path / "b")
    assert "no está firmado" in correr(nueva, "restore", str(tmp_path / "sin.tar.gz")).output
    assert correr(nueva, "restore", str(tmp_path / "sin.tar.gz"), "--unsigned").exit_code == 0


def test_an_archive_of_before_the_keys_were_renewed_says_which_key_and_how_it_is_given(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    casa, paquete = lugar(tmp_path / "a", sqlite_url), tmp_path / "antes.tar.gz"
    antes = con_llave(tmp_path / "a")
    assert correr(casa, "backup", str(paquete)).exit_code == 0
    assert correr(casa, "evidence", "key", "--renew").exit_code == 0
    nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}")
    shutil.copy(tmp_path / "a" / "evidence.key", tmp_path / "b" / "evidence.key")
    rehusado = correr(nueva, "restore", str(paquete))
    cortas = ", ".join(sorted("+".join(llave.split("+")[:2]) for llave in antes))
    dice, opciones = (
        f"No se restauró: lo firmó una llave que este lugar cambió por otra: {cortas}. ",
        rehusado.output.partition("--key "),
    )
    assert rehusado.output.startswith(dice), rehusado.output
    assert not sa.inspect(servicios_de(nueva).db).get_table_names()
    dadas = shlex.split(opciones[1] + opciones[2].removesuffix(". Aquí no cambió nada.\n"))
    assert sorted(dadas[1::2]) == sorted(antes)
    servicios_de(nueva).db.dispose()
    assert correr(nueva, "restore", str(paquete), *dadas).exit_code == 0, "what is told, pasted"


def test_a_signature_that_does_not_hold_is_told_for_what_it_is(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    visit_kit.seed(tmp_path / "a", sqlite_url, NOW)
    casa, entero = lugar(tmp_path / "a", sqlite_url), tmp_path / "entero.tar.gz"
    suyas = con_llave(tmp_path / "a")
    assert correr(casa, "backup", str(entero)).exit_code == 0

    def otra_firma(firma: bytes) -> Callable[[str, bytes], bytes]:
        return lambda nombre, contenido: firma if nombre == "firma" else contenido

    def otro_dia(nombre: str, contenido: bytes) -> bytes:
        return (
            contenido.replace(b'"creado": "2', b'"creado": "1')
            if nombre == "manifiesto.json"
            else contenido
        )

    mala = "\n\n\u2014 mala\x1b[2J " + base64.b64encode(b"12345").decode() + "\n"
    cortas = ", ".join(sorted("+".join(llave.split("+")[:2]) for llave in suyas))
    casos: list[tuple[Callable[[str, bytes], bytes], list[str], str]] = [
        (otro_dia, suyas, "cambió después de que lo firmaron. Aquí"),
        (otra_firma(b"\xff"), suyas, "su firma no se puede leer: no se sabe quién lo hizo. Aquí"),
        (otra_firma(b"x" * 70_000), suyas, "su firma no se puede leer"),
        (
            otra_firma(mala.encode()),
            suyas,
            "no lo firmaron estas llaves; dice que lo firmó mala?[2J+31323334. Si confía",
        ),
        (
            lambda _nombre, contenido: contenido,
            con_llave(tmp_path),
            f"no lo firmaron estas llaves; dice que lo firmó {cortas}. Si confía",
        ),
    ]
    for n, (cambio, llaves, dice) in enumerate(casos):
        reescribir(paquete := Path(shutil.copy(entero, tmp_path / f"{n}.tar.gz")), cambio)
        nueva = lugar(tmp_path / f"n{n}", f"sqlite:///{tmp_path / f'n{n}' / 'ventanilla.db'}")
        vuelta = correr(
            nueva, "restore", str(paquete), *(p for llave in llaves for p in ("--key", llave))
        )
        assert (vuelta.exit_code, dice in vuelta.output) == (1, True), vuelta.output
        assert not sa.inspect(servicios_de(nueva).db).get_table_names()


def test_a_full_disk_is_said_by_who_copies_and_by_who_brings_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    base = base_de(sqlite_url)
    visit_kit.seed(tmp_path, sqlite_url, NOW)
    with sqlite3.connect(make_url(sqlite_url).database or "") as lleno:
        lleno.execute("CREATE TABLE muchas (x)")
        lleno.executemany(
            "INSERT INTO muchas VALUES (?)", [(secrets.token_bytes(1000),) for _ in range(100)]
        )
    with full_disk(20_000), pytest.raises(RespaldoFallido, match="no hay espacio en el disco"):
        base.copiar(tmp_path / "copia")
    hecho = tmp_path / "hecho.tgz"
    empacar(base, None, None, hecho, NOW)
    with (
        full_disk(20_000),
        pytest.raises(RespaldoFallido, match="no cabe en el disco"),
        abierto(hecho, tmp_path),
    ):
        pass
    with abierto(hecho, tmp_path) as (manifiesto, _lugar):
        assert "access" in manifiesto.tablas


def test_a_file_that_the_disk_does_not_give_is_told(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither cut off nor foreign: what lies there is not known."""
    visit_kit.seed(tmp_path, sqlite_url, NOW)
    paquete = tmp_path / "hecho.tgz"
    empacar(base_de(sqlite_url), None, None, paquete, NOW)
    leer = gzip.GzipFile.read

    def falla(flujo: gzip.GzipFile, cuanto: int | None = -1) -> bytes:
        if flujo.tell() > 10_000:
            raise OSError(errno.EIO, "Input/output error")
        return leer(flujo, cuanto)

    monkeypatch.setattr(gzip.GzipFile, "read", falla)
    nueva = lugar(tmp_path / "b", f"sqlite:///{tmp_path / 'b' / 'ventanilla.db'}")
    vuelta = correr(nueva, "restore", str(paquete))
    dice = "No se restauró: hecho.tgz no se puede leer: no hay permiso, o su disco o su red fallan. Aquí no cambió nada.\n"
    assert (vuelta.exit_code, vuelta.output) == (1, dice)
