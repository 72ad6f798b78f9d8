"""COBOL in both modes: files that follow their original, records that are named when they cannot be
read, programs with limits (5.2.9)."""

import datetime as dt
import importlib
import json
import os
import re
import resource
import shutil
import stat
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from demo.cctex import Credito
from demo.cobol import CARTERA, CONFIGURACION, REG_CARTERA, construir
from handlers.conectores.cobol import conector
from handlers.conectores.cobol.codec import Codec, Escritura, RegistroCorrupto, Valor
from handlers.conectores.cobol.copybook import Lectura, leer
from handlers.conectores.tipos import Documento
from handlers.sistemas.vecinos import conectores
from records.base.toml import ConfiguracionInvalida
from records.sistemas.puertos import Causa
from tests.kit import material
from tests.kit.connectors import ConnectorContract, Place, Watched, obligations
from tests.kit.processes import run

OURS = Path(__file__).parent / "cobol"
CORTE = dt.date(2026, 11, 23)
ANA, BETO = Documento("CC", "9900000001", 7), Documento("CC", "9900000002", 8)
CREDITOS = (
    Credito("1995000001", "PREG", 1995, "vigente", "CC", "9900000001", "Ana Núñez"),
    Credito("1997000009", "POSG", 1997, "cancelado", "CC", "9900000001", "Ana Núñez"),
    Credito("1996000002", "PREG", 1996, "en_cobro", "CC", "9900000002", "Beto Díaz"),
)
CODEC = Codec(leer(REG_CARTERA), Escritura("cp284"))
LARGO = CODEC.diseno.largo


# ---- files ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    construir(tmp_path / "cobol ñ", CREDITOS, corte=CORTE)
    return tmp_path / "cobol ñ"


def spoil(folder: Path, number: int, field: str, raw: bytes) -> None:
    """Another file in place of the old one, in whose n-th record a field is this."""
    whole = bytearray((folder / CARTERA).read_bytes())
    at = (number - 1) * LARGO + CODEC.diseno.campo(field).offset
    whole[at : at + len(raw)] = raw
    (folder / "otra").write_bytes(whole)
    (folder / "otra").replace(folder / CARTERA)


class TestFiles(ConnectorContract):
    @pytest.fixture
    def place(self, folder: Path) -> Place:
        whole = (folder / CARTERA).read_bytes()

        @contextmanager
        def being_written() -> Iterator[None]:
            """By somebody who never holds still, before anybody has a copy."""
            stop = threading.Event()

            def write() -> None:
                while not stop.wait(0.001):
                    with (folder / CARTERA).open("ab") as file:
                        file.write(b"\x40")

            writer = threading.Thread(target=write)
            writer.start()
            try:
                yield
            finally:
                stop.set()
                writer.join()
                (folder / CARTERA).write_bytes(whole)

        return Place(
            connect=lambda: conector(folder / CONFIGURACION),
            holder=ANA,
            obligations=("1995000001", "1997000009"),
            other=BETO,
            other_obligation="1996000002",
            cutoff=CORTE,
            remove=(folder / CARTERA).unlink,
            restore=lambda: (folder / CARTERA).write_bytes(whole),
            hang=being_written,
        )


def test_a_row_has_the_columns_of_cctex_and_exact_money(folder: Path) -> None:
    row = Watched(conector(folder / CONFIGURACION)).ask(ANA).filas[0]
    assert list(row) == [
        "obligacion",
        "linea",
        "estado",
        "saldo",
        "dias_mora",
        "fecha_giro",
        "valor_cuota",
    ]
    assert (row["obligacion"], row["linea"], row["estado"]) == ("1995000001", "PREG", "vigente")
    assert re.fullmatch(r"\d+\.\d\d", str(row["saldo"]))
    assert dt.date.fromisoformat(str(row["fecha_giro"])).year == 1995


def test_the_demo_s_files_are_the_same_bytes_each_time_and_lie_in_one_step(
    folder: Path, tmp_path: Path
) -> None:
    construir(tmp_path / "otra", CREDITOS, corte=CORTE)
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == {
        f.name: f.read_bytes() for f in (tmp_path / "otra").iterdir()
    }
    assert len((folder / CARTERA).read_bytes()) == 3 * LARGO


def test_obligations_written_with_dashes_are_shown_and_found_so(tmp_path: Path) -> None:
    dashed = [
        Credito("95-1-0000001", *c[1:])
        for c in [("", "PREG", 1995, "vigente", "CC", "9900000001", "Ana Núñez")]
    ]
    construir(tmp_path, dashed, corte=CORTE)
    watched = Watched(conector(tmp_path / CONFIGURACION))
    for asked in ("95-1-0000001", "9510000001", None):
        assert obligations(watched.ask(ANA, asked)) == {"95-1-0000001"}
    assert watched.ask(ANA, "95-1-0000002").filas == ()
    with pytest.raises(ValueError, match="se escriben como 99-9-9999999"):
        construir(tmp_path, [*dashed, CREDITOS[0]], corte=CORTE)


@pytest.mark.parametrize(
    ("field", "raw", "said"),
    [
        (
            "SALDO",
            b"\x40" * 7,
            "CARTERA.DAT: registro 2, campo SALDO, byte 79: 0x0 donde va el signo de COMP-3",
        ),
        (
            "DIAS-MORA",
            b"\xff\xff",
            "CARTERA.DAT: registro 2, campo DIAS-MORA, byte 86: 65535 tiene más de 4 cifras",
        ),
        (
            "FECHA-GIRO",
            "19971345".encode("cp284"),
            "CARTERA.DAT: registro 2, campo FECHA-GIRO, byte 88: no es una fecha",
        ),
        (
            "ESTADO",
            "Q".encode("cp284"),
            "CARTERA.DAT: registro 2, campo ESTADO, byte 96: es un valor sin nombre (nivel 88)",
        ),
        (
            "NOMBRE",
            b"\x15",
            "CARTERA.DAT: registro 2, campo NOMBRE, byte 17: 0x15 no es una letra en cp284",
        ),
    ],
)
def test_a_record_with_a_corrupt_field_is_named_and_shown_to_nobody(
    folder: Path, field: str, raw: bytes, said: str
) -> None:
    spoil(folder, 2, field, raw)
    watched = Watched(conector(folder / CONFIGURACION))
    answer = watched.ask(ANA)
    assert (answer.estado, answer.causa, answer.filas, answer.detalle) == (
        "no_disponible",
        Causa.REGISTRO,
        (),
        said,
    )
    assert obligations(watched.ask(BETO)) == {"1996000002"}
    assert obligations(watched.ask(ANA, "1995000001")) == {"1995000001"}, (
        "the other obligation can be read"
    )
    assert watched.ask(ANA, "1997000009").detalle == said
    for _ in range(5):
        watched.ask(ANA)
    assert watched.ask(BETO).estado == "ok", "one bad record opens no breaker"


def test_a_record_without_a_legible_document_belongs_to_nobody_and_health_counts_it(
    folder: Path,
) -> None:
    spoil(folder, 1, "NUM-DOC", b"\x00\xf1")
    watched = Watched(conector(folder / CONFIGURACION))
    assert obligations(watched.ask(ANA)) == {"1997000009"}
    health = watched.guarda.salud()
    assert health.disponible
    assert health.detalle == (
        "CARTERA.DAT: 1 de 3 registros sin documento legible; el primero, registro 1, campo NUM-DOC, byte 2: 0x00 no es una letra en cp284"
    )


def test_a_file_that_is_cut_is_not_read_at_all(folder: Path) -> None:
    (folder / CARTERA).write_bytes((folder / CARTERA).read_bytes()[:-1])
    answer = Watched(conector(folder / CONFIGURACION)).ask(ANA)
    assert (answer.causa, answer.detalle) == (
        Causa.ILEGIBLE,
        "CARTERA.DAT: 320 bytes no son registros enteros de 107",
    )


def test_the_copy_follows_the_original_and_the_cut_off_and_stays_while_somebody_writes(
    folder: Path,
) -> None:
    watched = Watched(conector(folder / CONFIGURACION))
    assert watched.ask(BETO).filas[0]["estado"] == "en_cobro"
    spoil(folder, 3, "ESTADO", "C".encode("cp284"))
    (folder / "CORTE.TXT").write_text("2026-11-24")
    answer = watched.ask(BETO)
    assert (answer.filas[0]["estado"], answer.fecha_corte) == ("cancelado", dt.date(2026, 11, 24))
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.001):
            os.utime(folder / CARTERA)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert watched.ask(BETO).filas == answer.filas
    finally:
        stop.set()
        writer.join()
    (folder / "CORTE.TXT").write_text("ayer")
    assert watched.ask(BETO).detalle == "CORTE.TXT: no empieza con una fecha"


def test_an_empty_file_holds_nobody_and_what_is_no_file_is_a_state(folder: Path) -> None:
    (folder / CARTERA).write_bytes(b"")
    assert Watched(conector(folder / CONFIGURACION)).ask(ANA).estado == "sin_datos"
    (folder / CARTERA).unlink()
    os.mkfifo(folder / CARTERA)
    answer = Watched(conector(folder / CONFIGURACION)).ask(ANA)
    assert (answer.causa, answer.detalle) == (Causa.ILEGIBLE, "CARTERA.DAT no es un archivo")


def as_rdw(records: Sequence[bytes]) -> bytes:
    return b"".join((len(record) + 4).to_bytes(2) + b"\0\0" + record for record in records)


def test_variable_records_are_read_and_one_of_another_length_is_nobody_s(folder: Path) -> None:
    whole = (folder / CARTERA).read_bytes()
    records = [whole[at : at + LARGO] for at in range(0, len(whole), LARGO)]
    settings = (folder / CONFIGURACION).read_text()
    (folder / CONFIGURACION).write_text(
        settings.replace('pagina = "cp284"', 'pagina = "cp284"\nformato = "rdw"')
    )
    (folder / CARTERA).write_bytes(as_rdw([records[0], b"short", *records[1:]]))
    watched = Watched(conector(folder / CONFIGURACION))
    assert obligations(watched.ask(ANA)) == {"1995000001", "1997000009"}
    assert "1 de 4 registros" in watched.guarda.salud().detalle
    for broken in (
        as_rdw(records)[:-1],
        as_rdw(records) + b"\0",
        as_rdw(records[:1]) + b"\0\2\0\0",
        as_rdw(records[:1]) + b"\0\6\1\0ab",
    ):
        (folder / CARTERA).write_bytes(broken)
        assert "no dice dónde termina el registro" in Watched(watched.conector).ask(ANA).detalle


def test_a_number_of_digits_and_kinds_of_documents_as_the_file_writes_them(tmp_path: Path) -> None:
    (tmp_path / "r.cpy").write_text(
        "01 R. 05 N PIC 9(12). 05 T PIC 9. 05 V PIC S9(3)V9 COMP-3. 05 D PIC 9(8)."
    )
    (tmp_path / "c.toml").write_text(
        'modo = "archivos"\ntipos = { CC = "1" }\n[[archivo]]\nruta = "d.dat"\ncopybook = "r.cpy"\npagina = "ascii"\n'
        'tipo_doc = "T"\nnum_doc = "N"\n[archivo.lectura]\nlibre = true\n'
        '[archivo.columnas]\nsaldo = { campo = "V", como = "dinero" }\ndia = { campo = "D", como = "fecha-dma" }\n'
        'mora = { campo = "T", como = "entero" }\n'
    )
    (tmp_path / "d.dat").write_bytes(
        b"0000000123451\x01\x23\x4d311219970000000000991\x00\x00\x0c00000000"
    )
    os.utime(tmp_path / "d.dat", (1_790_000_000, 1_790_000_000))
    watched = Watched(conector(tmp_path / "c.toml"))
    for number in ("12345", "0012345"):
        answer = watched.ask(Documento("CC", number, 7))
        assert answer.filas == ({"saldo": "-123.4", "dia": "1997-12-31", "mora": 1},)
    assert watched.ask(Documento("CC", "99", 7)).filas == (
        {"saldo": "0.0", "dia": None, "mora": 1},
    )
    assert answer.fecha_corte == dt.date(2026, 9, 21)
    assert watched.ask(Documento("TI", "12345", 7)).estado == "sin_datos"


# ---- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('modo = "archivos"', 'modo = "otro"', "modo: se espera «archivos» o «programa»"),
        ('modo = "archivos"', 'modo = "programa"', "programa: se espera una tabla"),
        ('modo = "archivos"', "modo = ", "no es un archivo TOML; revise la línea"),
        ('modo = "archivos"', 'modo = "archivos"\nmodos = 1', "modos: no se conoce"),
        ("[[archivo]]", "[archivo]", "archivo: se espera [[archivo]]"),
        (
            "REG-CARTERA.cpy",
            "OTRO.cpy",
            "archivo[1].copybook: se espera un archivo que se pueda leer",
        ),
        ('"cp284"', '"cp999"', "la página de códigos cp999 no se conoce"),
        ('num_doc = "NUM-DOC"', 'num_doc = "NADA"', "REG-CARTERA no tiene el campo NADA"),
        ('linea = "LINEA"', 'linea = "NADA"', "REG-CARTERA no tiene el campo NADA"),
        ('linea = "LINEA"', "linea = 3", "linea: se espera el nombre de un campo"),
        ('como = "fecha"', 'como = "fechas"', "fecha_giro.como: se espera"),
        ('como = "fecha"', 'como = "cifras"', "fecha_giro.cifras: se espera"),
        ('como = "fecha"', 'como = "estado"', "FECHA-GIRO no tiene nombres de nivel 88"),
        (
            'saldo = "SALDO"',
            'saldo = { campo = "SALDO", como = "cifras", cifras = 9 }',
            "SALDO tiene decimales",
        ),
        ('servicio = "OBLIGACION"', 'servicio = "SALDO"', "SALDO tiene decimales"),
        (
            "[archivo.columnas]",
            "[archivo.lectura]\nlibres = true\n[archivo.columnas]",
            "archivo[1].lectura.libres: no se conoce",
        ),
        (
            "[archivo.columnas]",
            "[archivo.lectura]\nlibre = 1\n[archivo.columnas]",
            "archivo[1].lectura.libre: se espera true o false",
        ),
        (
            "[archivo.columnas]",
            '[archivo.lectura]\nomitir = ["NADIE"]\n[archivo.columnas]',
            "REG-CARTERA no tiene NADIE",
        ),
        (
            "[archivo.columnas]",
            '[archivo.escritura]\nsigno = "x"\n[archivo.columnas]',
            "archivo[1].escritura.signo: se espera «letras» o «p-y»",
        ),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_sentence(
    folder: Path, old: str, new: str, said: str
) -> None:
    settings = (folder / CONFIGURACION).read_text()
    assert old in settings
    (folder / CONFIGURACION).write_text(settings.replace(old, new, 1))
    with pytest.raises(ConfiguracionInvalida) as refused:
        conector(folder / CONFIGURACION)
    assert said in str(refused.value)


def test_a_copybook_that_cannot_be_read_stops_the_start_with_the_place_s_sentence(
    folder: Path,
) -> None:
    door = importlib.import_module("app")
    (folder / "REG-CARTERA.cpy").write_text(REG_CARTERA.replace("PIC X(40)", "PIC X(40) SYNC"))
    with pytest.raises(
        door.BadSetting, match=r"COBOL_CONFIG: NOMBRE: SYNC no se lee.*compilador\."
    ):
        door.Config.from_environment(
            {"INSTANCE": str(folder / "i"), "COBOL_CONFIG": str(folder / CONFIGURACION)}
        )
    assert door.Config.from_environment({"INSTANCE": str(folder / "i")}).cobol is None


def test_the_demo_s_files_are_connected_without_a_setting(tmp_path: Path) -> None:
    door = importlib.import_module("app")
    construir(tmp_path / "cobol", CREDITOS, corte=CORTE)
    (connector,) = (
        c
        for c in conectores(door.Config.from_environment({"INSTANCE": str(tmp_path)}))
        if c.sistema == "cobol"
    )
    assert Watched(connector).ask(ANA).estado == "ok"


# ---- a program -----------------------------------------------------------------------------------

COLUMNAS = """
[[programa.columna]]
nombre = "obligacion"
[[programa.columna]]
nombre = "linea"
[[programa.columna]]
nombre = "estado"
[[programa.columna]]
nombre = "saldo"
como = "dinero"
[[programa.columna]]
nombre = "dias_mora"
como = "entero"
[[programa.columna]]
nombre = "fecha_giro"
como = "fecha"
"""

#: Beside a real COBOL program, whatever a program may do wrong; `case` is a file beside it.
MISBEHAVES = """#!{python} -IS
import os, signal, sys, time
case = open({case!r}).read()
line = sys.stdin.readline()
exec(case)
"""


@contextmanager
def program(folder: Path, executable: Path, limits: str = "") -> Iterator[Path]:
    settings = folder / "programa.toml"
    settings.write_text(
        f'modo = "programa"\n[programa]\norden = ["{executable}"]\nlargo_numero = 15\n{limits}\n{COLUMNAS}'
    )
    yield settings


@pytest.fixture
def misbehave(tmp_path: Path) -> Callable[..., Watched]:
    (tmp_path / "programa").write_text(
        MISBEHAVES.format(python=sys.executable, case=str(tmp_path / "case"))
    )
    (tmp_path / "programa").chmod(stat.S_IRWXU)

    def do(case: str, limits: str = "") -> Watched:
        (tmp_path / "case").write_text(case)
        with program(tmp_path, tmp_path / "programa", limits) as settings:
            return Watched(conector(settings))

    return do


ROW = "9500000001|PREG|V|12.50|3|19950215"


def answers(number: int, row: str) -> str:
    """A program that says there are so many rows, and writes one."""
    return f"print('OK|{number}')\nprint({row!r})"


@pytest.mark.parametrize(
    ("case", "cause", "said"),
    [
        ("print('basura')", Causa.ILEGIBLE, "el programa no contestó como dice el protocolo"),
        ("pass", Causa.ILEGIBLE, "el programa no contestó como dice el protocolo"),
        (answers(2, ROW), Causa.ILEGIBLE, "el programa no contestó como dice el protocolo"),
        (
            "print('OK|1\\n1|2|3')",
            Causa.ILEGIBLE,
            "el programa: la línea 1 tiene 3 valores y se esperan 6",
        ),
        (
            answers(1, ROW.replace("12.50", "12,50")),
            Causa.ILEGIBLE,
            "el programa: en la línea 1, saldo no es un valor",
        ),
        (
            answers(1, ROW.replace("|3|", "|x|")),
            Causa.ILEGIBLE,
            "el programa: en la línea 1, dias_mora no es un número entero",
        ),
        (
            answers(1, ROW.replace("0215", "0231")),
            Causa.ILEGIBLE,
            "el programa: en la línea 1, fecha_giro no es una fecha",
        ),
        (
            "print('OK|0|20261341')",
            Causa.ILEGIBLE,
            "el programa: 20261341 no es una fecha de corte",
        ),
        ("print('OK|99999')", Causa.ILEGIBLE, "el programa no contestó como dice el protocolo"),
        ("print('ERR|61|ARCHIVO OCUPADO')", Causa.OCUPADO, "el programa dice 61: ARCHIVO OCUPADO"),
        (
            "print('ERR|99|\\x1b[2J' + 'x' * 500)",
            Causa.RECHAZADO,
            "el programa dice 99: [2J" + "x" * 97,
        ),
        ("sys.exit(3)", Causa.ILEGIBLE, "el programa terminó con el código 3"),
        (
            "os.kill(os.getpid(), signal.SIGSEGV)",
            Causa.ILEGIBLE,
            "el programa terminó por la señal SIGSEGV",
        ),
        ("os.write(1, b'x' * 200_000)", Causa.ILEGIBLE, "el programa escribió más de 64 KB"),
        ("time.sleep(60)", Causa.SIN_RESPUESTA, "sin respuesta en 1 s"),
        ("os.close(1); time.sleep(60)", Causa.SIN_RESPUESTA, "sin respuesta en 1 s"),
    ],
)
def test_a_program_that_does_wrong_is_a_state_with_a_sentence(
    misbehave: Callable[..., Watched], case: str, cause: Causa, said: str
) -> None:
    answer = misbehave(case).ask(ANA)
    assert (answer.estado, answer.causa, answer.detalle, answer.filas) == (
        "no_disponible",
        cause,
        said,
        (),
    )


def test_no_file_status_that_says_nobody_is_a_failure(misbehave: Callable[..., Watched]) -> None:
    assert misbehave("print('ERR|23|NO EXISTE')").ask(ANA).estado == "sin_datos"
    assert (
        misbehave("print('ERR|77|NO ESTA')", 'errores = { "77" = "sin_datos" }').ask(ANA).estado
        == "sin_datos"
    )
    assert (
        misbehave("print('ERR|77|NO ESTA')", 'errores = { "77" = "no_permitido" }').ask(ANA).causa
        is Causa.NO_PERMITIDO
    )


def test_a_program_gets_the_question_and_nothing_else(misbehave: Callable[..., Watched]) -> None:
    """Neither a variable nor a descriptor nor a folder of ours; what it leaves in its own is
    gone."""
    watched = misbehave(
        "fds = sorted(int(f) for f in os.listdir('/proc/self/fd'))[:3]\n"
        "more = [f for f in os.listdir('/proc/self/fd') if int(f) > 3]\n"
        "open('x', 'w').write('y')\n"
        "print('ERR|98|', line.strip(), sorted(set(os.environ) - {'LC_CTYPE'}), more, os.listdir('.'), os.getpgid(0) == os.getpid())"
    )
    detail = watched.ask(ANA, "1995000001").detalle
    assert detail == "el programa dice 98:  CONSULTA|CC|9900000001|1995000001 [] [] ['x'] True"


@pytest.mark.parametrize(
    ("case", "limits", "said"),
    [
        ("x = bytearray(200 << 20)", "memoria_mb = 64", "el programa terminó con el código 1"),
        ("open('x', 'wb').write(b'x' * (2 << 20))", "archivo_mb = 1", "el programa terminó"),
        (
            "[open('/dev/null') for _ in range(100)]\nx = [os.open('/dev/null', 0) for _ in range(100)]",
            "descriptores = 16",
            "código 1",
        ),
    ],
)
def test_a_program_that_wants_too_much_ends(
    misbehave: Callable[..., Watched], case: str, limits: str, said: str
) -> None:
    answer = misbehave(case, limits).ask(ANA)
    assert answer.causa is Causa.ILEGIBLE
    assert said in answer.detalle


def test_a_program_s_limits_are_those_of_the_settings(misbehave: Callable[..., Watched]) -> None:
    case = "import resource\nprint('ERR|98|', *(resource.getrlimit(getattr(resource, x))[0] for x in %s))"
    case = case.replace(
        "%s", str([f"RLIMIT_{x}" for x in ("AS", "CPU", "FSIZE", "NOFILE", "CORE")])
    )
    detail = (
        misbehave(case, "memoria_mb = 300\ncpu_s = 7\narchivo_mb = 3\ndescriptores = 20")
        .ask(ANA)
        .detalle
    )
    assert detail == f"el programa dice 98:  {300 << 20} 7 {3 << 20} 20 0"
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] != 20, "this process keeps its own"


def test_a_program_that_hangs_is_killed_with_what_it_started(
    misbehave: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = misbehave(
        f"pid = os.fork()\nif pid == 0:\n    time.sleep(60)\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(pid))\ntime.sleep(60)"
    )
    assert watched.ask(ANA).causa is Causa.SIN_RESPUESTA
    child = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 3
    while (proc := Path(f"/proc/{child}/stat")).exists() and proc.read_text().split()[2] != "Z":
        assert time.monotonic() < until, "its child is still there"
        time.sleep(0.01)


def test_what_no_document_can_be_is_not_asked(
    misbehave: Callable[..., Watched], tmp_path: Path
) -> None:
    """A longer number would be cut by the program, and the answer be somebody else's."""
    watched = misbehave(f"open({str(tmp_path / 'asked')!r}, 'a').write(line); print('OK|0')")
    for number in ("9" * 16, "1|2", "1\n2", "ñ", "9900000001;ls"):
        assert watched.ask(Documento("CC", number, 7)).estado == "sin_datos"
    assert not (tmp_path / "asked").exists()
    assert watched.ask(ANA).estado == "sin_datos"
    assert (tmp_path / "asked").read_text() == "CONSULTA|CC|9900000001|\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("orden = []", "programa.orden: se espera la ruta del programa"),
        ('orden = ["nadie"]', "programa.orden: se espera un programa que exista"),
        (
            'orden = ["p"]\nmemoria_mb = 1',
            "programa.memoria_mb: se espera un número entre 16 y 4096",
        ),
        (
            'orden = ["p"]\nerrores = { "1" = "nada" }',
            "programa.errores: se espera sin_datos o una causa",
        ),
        ('orden = ["p"]\npagina = "cp284"', "programa.pagina: se espera"),
        ('orden = ["p"]\nmemoria = 1', "programa.memoria: no se conoce"),
    ],
)
def test_a_program_s_settings_that_make_no_sense_are_refused(
    tmp_path: Path, settings: str, said: str
) -> None:
    (tmp_path / "p").touch()
    (tmp_path / "c.toml").write_text(
        f'modo = "programa"\n[programa]\n{settings}\n[[programa.columna]]\nnombre = "obligacion"\n'
    )
    with pytest.raises(ConfiguracionInvalida) as refused:
        conector(tmp_path / "c.toml")
    assert said in str(refused.value)


# ---- GnuCOBOL ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    if shutil.which("cobc") is None:
        if os.environ.get("CI"):
            pytest.fail("GnuCOBOL is not here (cobc)")
        pytest.skip("GnuCOBOL is not on this machine (cobc)")
    folder = tmp_path_factory.mktemp("cobc")

    def compile_(name: str, *how: str) -> Path:
        if not (folder / name).exists():
            run(
                [
                    "cobc",
                    "-x",
                    *how,
                    "-I",
                    str(OURS),
                    "-o",
                    str(folder / name),
                    str(OURS / f"{name}.cob"),
                ],
                check=True,
            )
        return folder / name

    return compile_


class TestProgram(ConnectorContract):
    @pytest.fixture
    def place(self, compiled: Callable[..., Path], tmp_path: Path) -> Iterator[Place]:
        original = compiled("consulta", "-free")
        mine = tmp_path / "consulta"
        shutil.copy(original, mine)

        def restore() -> None:
            mine.unlink(missing_ok=True)
            shutil.copy(original, mine)

        @contextmanager
        def hang() -> Iterator[None]:
            mine.unlink()
            mine.write_text("#!/bin/sh\nsleep 30\n")
            mine.chmod(stat.S_IRWXU)
            try:
                yield
            finally:
                restore()

        with program(tmp_path, mine) as settings:
            connector = conector(settings)
            yield Place(
                connect=lambda: connector,
                holder=ANA,
                obligations=("1995000001", "1997000009"),
                other=BETO,
                other_obligation="1996000002",
                cutoff=CORTE,
                remove=mine.unlink,
                restore=restore,
                hang=hang,
            )


def test_a_real_cobol_program_answers(compiled: Callable[..., Path], tmp_path: Path) -> None:
    with program(tmp_path, compiled("consulta", "-free")) as settings:
        answer = Watched(conector(settings)).ask(ANA, "1995000001")
    assert answer.filas == (
        {
            "obligacion": "1995000001",
            "linea": "PREG",
            "estado": "V",
            "saldo": "123456.78",
            "dias_mora": 9012,
            "fecha_giro": "1995-02-15",
        },
    )


def test_records_that_gnucobol_wrote_are_read_value_by_value(
    compiled: Callable[..., Path], tmp_path: Path
) -> None:
    run([str(compiled("escribe"))], cwd=tmp_path, check=True)
    codec = Codec(
        leer((OURS / "campos.cpy").read_text()), Escritura("ascii", signo="p-y", comp5="little")
    )
    raw, size = (tmp_path / "CAMPOS.DAT").read_bytes(), codec.diseno.largo
    assert len(raw) == 400 * size
    for i in range(400):
        read = dict(
            zip(
                codec.nombres, codec.decodificar(raw[i * size : (i + 1) * size], i + 1), strict=True
            )
        )
        sign, n = (1 if i % 2 == 0 else -1), 7 * i
        assert read == {
            "TEXTO": "N",
            "ZONA": Decimal(n) / 4,
            "ZONA-S": sign * Decimal(n) * 3 / 4,
            "ZONA-DELANTE": sign * n,
            "APARTE-FINAL": sign * n,
            "APARTE-DELANTE": -sign * n,
            "EMPACADO": sign * Decimal(n) * 1_234_567 / 4,
            "EMPACADO-PAR": sign * n,
            "EMPACADO-U": n * 5,
            "BIN-2": sign * n,
            "BIN-4": sign * Decimal(n) * 99 / 4,
            "BIN-8": sign * n * 12_345_678_901,
            "NATIVO": sign * n * 54_321,
            "NATIVO-U": n,
            "CON-P": sign * i * 1000,
            "VECES(1)": i % 100,
            "VECES(2)": n % 100,
            "VECES(3)": 99,
        }


# ---- records of others, and what another reader made of them -------------------------------------

FLOATS = frozenset({"FLOAT-01", "DOUBLE-01"})
EDITED = frozenset(
    {f"NUM-STR-EDEC0{n}" for n in range(3, 7)}
    | {f"EX-NUM-INT0{n}" for n in range(1, 5)}
    | {f"EX-NUM-DEC0{n}" for n in range(1, 4)}
)
LONG = re.compile(r"\s+10 (\S+)\s+\d+\s+(\d+)\s+\d+\s+(\d+)")


def every_kind(name: str) -> Codec:
    """Their copybook, with what is no COBOL put right: a usage COMP-0, and SIGN in a picture
    without S."""
    folder = material.folder("cobol")
    text = (
        (folder / name)
        .read_text()
        .replace("COMP-0", "COMP  ")
        .replace("PIC 99V99 SIGN", "PIC S99V99 SIGN")
    )
    rows = [
        found.groups()
        for line in (folder / "test6_layout.txt").read_text().splitlines()
        if (found := LONG.match(line))
    ]
    places = {field.replace("_", "-"): (int(start) - 1, int(size)) for field, start, size in rows}
    binaries = {
        field: size
        for field, (_start, size) in places.items()
        if "BIN" in field and size not in (2, 4, 8)
    }
    codec = Codec(
        leer(text, Lectura(omitir=FLOATS, como_texto=EDITED, bytes=binaries)), Escritura("cp037")
    )
    assert {c.nombre: (c.offset, c.largo) for c in codec.diseno.campos} == {
        f: p for f, p in places.items() if f not in FLOATS
    }
    return codec


def differences(
    codec: Codec, data: str, expected: str
) -> tuple[int, Counter[str], dict[str, tuple[str, object]]]:
    """How many values were compared, and of each field how many differ, with one example: what is
    ours, what is theirs."""
    folder = material.folder("cobol")
    raw, size = (folder / data).read_bytes(), codec.diseno.largo
    compared, differ, examples = 0, Counter[str](), dict[str, tuple[str, object]]()
    for number, line in enumerate((folder / expected).read_text().strip().split("\n"), 1):
        theirs = json.loads(line, parse_float=Decimal)
        record = raw[(number - 1) * size : number * size]
        for field in codec.nombres:
            ours: Valor | str
            try:
                ours = codec.solo([field]).decodificar(record, number)[0]
            except RegistroCorrupto as corrupt:
                ours = corrupt.motivo
            value = theirs.get(field.replace("-", "_"))
            compared += 1
            if (ours.strip() if isinstance(ours, str) else ours) != (
                value if value is not None else ""
            ):
                differ[field] += 1
                examples.setdefault(field, (str(ours), value))
    return compared, differ, examples


@pytest.mark.parametrize(
    ("copybook", "expected", "records"),
    [("test6_copybook.cob", "test6.txt", 100), ("test24_copybook.cob", "test24.txt", 20)],
)
def test_every_numeric_kind_is_what_another_reader_found(
    copybook: str, expected: str, records: int
) -> None:
    """Of 193 fields 182 are equal in every record; edited pictures, which a place must ask for, are
    read as they stand there."""
    compared, differ, examples = differences(
        every_kind(copybook), "INTEGR.TYPES.NOV28.DATA.dat", expected
    )
    assert compared == 193 * records
    assert differ == Counter(dict.fromkeys(EDITED, records))
    assert examples["EX-NUM-DEC03"] == ("305039.32-", Decimal("-305039.32"))
    assert examples["NUM-STR-EDEC03"] == ("305.0L", Decimal("-305.03"))


@pytest.mark.parametrize(
    ("page", "differing"),
    [
        ("cp037", {"COMPANY-NAME-NP": 58}),
        ("cp500", {"COMPANY-NAME-NP": 60}),
        ("cp1140", {"COMPANY-NAME-NP": 60}),
    ],
)
def test_code_pages_give_the_letters_that_another_reader_found(
    page: str, differing: dict[str, int]
) -> None:
    """Names are random bytes there: where one is a control character, it is named; every letter
    beside it is the same."""
    folder = material.folder("cobol")
    codec = Codec(leer((folder / "test9_copybook.cob").read_text()), Escritura(page))
    compared, differ, examples = differences(codec, "TRAN.APR14.NPT.DATA.dat", f"test9_{page}.txt")
    padded = {"COMPANY-ID": 60} if page != "cp037" else {}  # with the zeros after it
    assert (compared, differ) == (360, Counter(differing | padded))
    assert examples["COMPANY-NAME-NP"][0] == f"0x12 no es una letra en {page}"
    raw, size = (folder / "TRAN.APR14.NPT.DATA.dat").read_bytes(), codec.diseno.largo
    single = Codec(leer("01 R. 05 LETRA PIC X.", Lectura(libre=True)), Escritura(page))

    def letter(byte: int) -> str:
        try:
            return str(single.decodificar(bytes((byte,)))[0]) or " "
        except RegistroCorrupto:
            return " "

    for number, line in enumerate((folder / f"test9_{page}.txt").read_text().strip().split("\n")):
        theirs = "".join(
            " " if ord(sign) < 32 or 127 <= ord(sign) < 160 else sign
            for sign in json.loads(line)["COMPANY_NAME_NP"]
        )
        assert (
            "".join(map(letter, raw[number * size + 11 : number * size + 26])).strip()
            == theirs.strip()
        )


def test_digits_with_a_sign_over_them_are_what_another_reader_found_and_blanks_are_no_number() -> (
    None
):
    """Cobrix reads a blank number as nothing, and with decimals as 0.00; here both are named."""
    text = (material.folder("cobol") / "test19_display_num.cob").read_text()
    codec = Codec(
        leer(text, Lectura(como_texto=frozenset({"WS-AMOUNT-FRACTION2"}))), Escritura("cp037")
    )
    compared, differ, examples = differences(
        codec, "test19_display_num__data.dat", "test19_display_num_expected__test19.txt"
    )
    assert compared == 49
    assert differ == Counter(
        {
            "WS-DATE-NUM": 2,
            "WS-AMOUNT-NUMERIC": 2,
            "WS-AMOUNT-FRACTION": 2,
            "WS-AMOUNT-FRACTION2": 7,
        }
    )
    assert examples["WS-DATE-NUM"] == ("0x40 donde va una cifra (en blanco)", None)
    assert examples["WS-AMOUNT-FRACTION"] == (
        "0x40 donde va una cifra (en blanco)",
        Decimal("0.00"),
    )
    assert examples["WS-AMOUNT-FRACTION2"] == ("789.09", Decimal("789.09")), (
        "a picture with a point is text, the same number"
    )
