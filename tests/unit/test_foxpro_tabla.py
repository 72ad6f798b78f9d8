"""The reader of FoxPro tables: against tables that others made, a second reader, what dbflib
writes, and files broken by chance."""

import datetime as dt
import math
import random
import re
import struct
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import dbf
import dbflib
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from handlers.conectores.foxpro.indice import Indice
from handlers.conectores.foxpro.mapeo import Columna, Mapeo
from handlers.conectores.foxpro.tabla import PAGINAS, Ilegible, Memo, Tabla
from tests.kit.chance import dice
from tests.kit.material import folder

T = TypeVar("T")
SENTENCE = re.compile(r"^[\w .-]+\.(DBF|dbf|FPT|fpt|DBC)(, registro \d+)?(, campo \w+)?: [^\n]+\.$")


def open_table(file: Path, **options: str) -> Tabla:
    memo = next(
        (
            m
            for m in sorted(file.parent.iterdir())
            if m.stem == file.stem and m.suffix.lower() in (".fpt", ".dbt", ".dct")
        ),
        None,
    )
    return Tabla(
        file.name, file.read_bytes(), (memo.name, memo.read_bytes()) if memo else None, **options
    )


def rows(table: Tabla) -> list[dict[str, Any]]:
    return [
        {c.nombre: table.leer(n, c) for c in table.campos.values() if c.tipo != "0"}
        for n in table.vigentes()
    ]


# --- tables that others made ----------------------------------------------------------------------
@dataclass(frozen=True)
class Given:
    file: str
    codec: str  #: what the second reader is told
    options: Mapping[str, str]
    compared: int  #: values


GIVEN = (
    Given("cp1251.dbf", "cp1251", {}, 8),
    Given("dbase_30.dbf", "cp1252", {}, 4930),
    Given("dbase_31.dbf", "cp1252", {}, 770),
    Given("dbase_f5.dbf", "cp850", {"sin_declarar": "cp850"}, 57525),
    Given("foxprodb/calls.dbf", "cp1252", {}, 96),
    Given("foxprodb/contacts.dbf", "cp1252", {}, 145),
    Given("foxprodb/setup.dbf", "cp1252", {}, 6),
    Given("foxprodb/types.dbf", "cp1252", {}, 4),
)


def second_reader(file: Path, codec: str) -> list[dict[str, Any]]:
    """What `dbf` reads, records that are deleted left out."""
    table = dbf.Table(
        str(file),
        codepage=codec,
        default_data_types={"N": lambda raw=b"": Decimal(raw.decode()) if raw.strip() else None},
    )
    table.open(dbf.READ_ONLY)
    try:
        return [
            {name: record[name] for name in table.field_names}
            for record in table
            if not dbf.is_deleted(record)
        ]
    finally:
        table.close()


def alike(ours: object, theirs: Any) -> bool:
    """`dbf` pads texts, gives empty days as objects of its own, money as float or Decimal, and no
    day as Null."""
    if ours is None or ours == "":
        return theirs is None or theirs is dbf.Null or not theirs or not str(theirs).strip()
    if isinstance(ours, str):
        return ours.rstrip(" \0") == str(theirs).rstrip(" \0")
    if isinstance(ours, dt.datetime):
        there = dt.datetime.combine(theirs.date(), theirs.time())
        return abs(ours - there) < dt.timedelta(seconds=1)
    if isinstance(ours, dt.date):
        return ours.isoformat() == theirs.strftime("%Y-%m-%d")
    return ours == theirs


@pytest.mark.parametrize("made", GIVEN, ids=lambda made: made.file)
def test_tables_of_other_programs_are_read_value_by_value_as_a_second_reader_does(
    made: Given, tmp_path: Path
) -> None:
    for file in (folder("dbf") / made.file).parent.iterdir():  # it wants to write beside it
        if file.stem == Path(made.file).stem:
            (tmp_path / file.name.lower()).write_bytes(file.read_bytes())
    ours = rows(open_table(folder("dbf") / made.file, **made.options))
    theirs = second_reader(tmp_path / Path(made.file).name, made.codec)
    assert len(ours) == len(theirs)
    pairs = [
        (name, mine[name], other[name])
        for mine, other in zip(ours, theirs, strict=True)
        for name in mine
    ]
    assert [pair for pair in pairs if not alike(*pair[1:])] == []
    assert len(pairs) == made.compared


SUMMARIES = ("cp1251", "dbase_30", "dbase_31", "dbase_32", "dbase_f5")


@pytest.mark.parametrize("name", SUMMARIES)
def test_type_count_and_fields_are_those_of_the_summary(name: str) -> None:
    summary = (folder("dbf") / f"{name}_summary.txt").read_text("utf-8")
    table = open_table(folder("dbf") / f"{name}.dbf")
    assert f"Type: ({table.tipo:02x})" in summary
    assert f"Records: {table.registros}\n" in summary
    fields = re.findall(r"^(\w+) +(\w) +(\d+) +(\d+) *$", summary, re.MULTILINE)
    assert [(c.nombre, c.tipo, c.largo, c.decimales) for c in table.campos.values()] == [
        (n.upper(), t, int(length), int(decimals)) for n, t, length, decimals in fields
    ]


def test_a_varchar_that_the_second_reader_refuses_is_as_long_as_it_says() -> None:
    with pytest.raises(dbf.DbfError):
        second_reader(folder("dbf") / "dbase_32.dbf", "cp1252")
    assert rows(open_table(folder("dbf") / "dbase_32.dbf")) == [{"NAME": "Bad Meets Evil"}]


def test_a_missing_memo_file_is_a_fault_of_the_field_that_needs_it() -> None:
    table = open_table(folder("dbf") / "dbase_83_missing_memo.dbf")
    first = {c.nombre: table.leer(1, c) for c in table.campos.values() if c.tipo != "M"}
    assert [str(value) for value in first.values()] == [
        *(
            "87",
            "2",
            "0",
            "0",
            "87",
            "1",
            "Assorted Petits Fours",
            "graphics/00000001/t_1.jpg",
            "graphics/00000001/1.jpg",
        ),
        *("0.00", "0.00", "5.51", "True", "True"),
    ]
    with pytest.raises(Ilegible) as fault:
        table.leer(1, table.campos["DESC"])
    assert (
        str(fault.value)
        == "dbase_83_missing_memo.dbf, registro 1, campo DESC: no está el archivo de memos que lo guarda."
    )


def test_a_code_page_that_was_not_declared_is_the_configured_one_and_not_guessed() -> None:
    table = open_table(folder("dbf") / "dbase_f5.dbf")
    faults = []
    for n in table.vigentes():
        for field in table.campos.values():
            try:
                table.leer(n, field)
            except Ilegible as fault:
                faults.append(str(fault))
    assert len(faults) == 19
    assert {fault.partition(": ")[2] for fault in faults} == {
        "tiene un byte que la página de códigos cp1252 no conoce."
    }


def test_the_container_of_a_database_is_a_table_too() -> None:
    table = Tabla(
        "FOXPRO-DB-TEST.DBC", (folder("dbf") / "foxprodb/FOXPRO-DB-TEST.DBC").read_bytes()
    )
    kinds = [table.leer(n, table.campos["OBJECTTYPE"]) for n in table.vigentes()]
    assert len(kinds) == 56  # two are deleted
    assert kinds[0] == "Database"


# --- tables made byte by byte ---------------------------------------------------------------------
def made(
    fields: Sequence[tuple[str, str, int, int, int]],
    records: Iterable[bytes],
    *,
    kind: int = 0x30,
    page: int = 0x03,
    count: int | None = None,
) -> bytes:
    """A table: fields are name, type, length, decimals and flags."""
    body, at, described = b"".join(records), 1, b""
    for name, letter, length, decimals, flags in fields:
        described += struct.pack(
            "<11scIBBB13x", name.encode(), letter.encode(), at, length, decimals, flags
        )
        at += length
    link = bytes(263) if kind in (0x30, 0x31, 0x32) else b""
    size = 32 + len(described) + 1 + len(link)
    number = len(body) // at if count is None else count
    head = struct.pack("<BBBBIHH16xBBxx", kind, 26, 10, 31, number, size, at, 0, page)
    return head + described + b"\r" + link + body + b"\x1a"


FLAGS = ("_NullFlags", "0", 1, 0, 0x05)


@pytest.mark.parametrize(
    ("bits", "name", "code", "amount"),
    [
        (0b0000, "Ana María ", "AB1", Decimal("12.50")),  # as long as its room
        (0b0001, "Ana", "AB1", Decimal("12.50")),
        (0b0011, None, "AB1", Decimal("12.50")),
        (0b0101, "Ana", "AB", Decimal("12.50")),
        (0b1001, "Ana", "AB1", None),
    ],
)
def test_varchar_and_nulls_are_what_their_bits_say(
    bits: int, name: str | None, code: str, amount: Decimal | None
) -> None:
    """One bit for each Varchar, then one if it may be null, in the order of the fields."""
    fields = [
        ("NOMBRE", "V", 10, 0, 0x02),
        ("CODIGO", "V", 3, 0, 0),
        ("VALOR", "N", 6, 2, 0x02),
        FLAGS,
    ]
    text = "Ana María ".encode("cp1252") if bits == 0 else b"Ana      \x03"
    record = b" " + text + (b"AB\x02" if bits & 0b100 else b"AB1") + b" 12.50" + bytes([bits])
    assert rows(Tabla("T.DBF", made(fields, [record], kind=0x32))) == [
        {"NOMBRE": name, "CODIGO": code, "VALOR": amount}
    ]


def test_a_varchar_that_says_to_be_longer_than_its_room_is_named() -> None:
    table = Tabla("T.DBF", made([("NOMBRE", "V", 4, 0, 0), FLAGS], [b" Ana\x04\x01"], kind=0x32))
    with pytest.raises(
        Ilegible, match=r"^T.DBF, registro 1, campo NOMBRE: dice medir más que su espacio\.$"
    ):
        rows(table)


VALUES: tuple[tuple[str, int, int, bytes, object], ...] = (
    ("N", 8, 2, b" 1234.50", Decimal("1234.50")),
    ("N", 8, 2, b"  1234.5", Decimal("1234.50")),
    ("N", 8, 2, b"   -0.05", Decimal("-0.05")),
    ("N", 8, 2, b"     .05", Decimal("0.05")),
    ("N", 20, 2, b"98765432109876543.21", Decimal("98765432109876543.21")),
    ("N", 5, 0, b"   42", 42),
    ("N", 5, 0, b"     ", None),
    ("N", 5, 0, b"+0007", 7),
    ("F", 6, 1, b"  12.5", Decimal("12.5")),
    ("Y", 8, 4, struct.pack("<q", -(2**63)), Decimal("-922337203685477.5808")),
    ("Y", 8, 4, struct.pack("<q", 12_345_000), Decimal("1234.5000")),
    ("B", 8, 2, struct.pack("<d", 0.1), Decimal("0.10")),
    ("B", 8, 2, struct.pack("<d", 1e15), Decimal("1000000000000000.00")),
    ("I", 4, 0, struct.pack("<i", -(2**31)), -(2**31)),
    ("L", 1, 0, b"Y", True),
    ("L", 1, 0, b"f", False),
    ("L", 1, 0, b"?", None),
    ("D", 8, 0, b"20040229", dt.date(2004, 2, 29)),
    ("D", 8, 0, b"        ", None),
    ("D", 8, 0, b"00000000", None),
    (
        "T",
        8,
        0,
        struct.pack("<ii", 2_453_065, 49_999_999),
        dt.datetime.combine(dt.date(2004, 2, 29), dt.time(13, 53, 20)),
    ),
    ("T", 8, 0, bytes(8), None),
    ("C", 5, 0, b"Pe\xf1a ", "Peña"),
)
FAULTS: tuple[tuple[str, int, int, bytes, str], ...] = (
    ("N", 8, 2, b"********", "el número no cupo y FoxPro escribió asteriscos"),
    ("N", 8, 0, b" 1.2E+15", "el número no cupo y FoxPro lo abrevió"),
    ("N", 8, 2, b"1.234,50", "no es un número"),
    ("N", 8, 2, b" 12 4.50", "no es un número"),
    ("N", 8, 2, b"     nan", "no es un número"),
    ("N", 8, 2, b"     inf", "no es un número"),
    ("N", 8, 2, b"    1_00", "no es un número"),
    ("N", 8, 2, "  ١٢".encode().ljust(8), "no es un número"),
    ("N", 8, 2, b"       -", "no es un número"),
    ("N", 8, 2, b"       .", "no es un número"),
    ("B", 8, 2, struct.pack("<d", math.nan), "no es un número"),
    ("D", 8, 0, b"20050229", "no es una fecha"),
    ("D", 8, 0, b"2005 2 9", "no es una fecha"),
    ("D", 8, 0, b"00000101", "no es una fecha"),
    ("T", 8, 0, struct.pack("<ii", 2_453_065, 86_400_000), "no es una fecha con hora"),
    ("T", 8, 0, struct.pack("<ii", 1, 0), "no es una fecha con hora"),
    ("T", 8, 0, struct.pack("<ii", 2**31 - 1, 0), "no es una fecha con hora"),
    ("L", 1, 0, b"1", "no es ni sí ni no"),
    ("C", 5, 0, b"a\x81   ", "tiene un byte que la página de códigos cp1252 no conoce"),
    ("M", 10, 0, b"       x12", "no dice en qué bloque está"),
    ("G", 4, 0, bytes(4), "el tipo G no se lee"),
    ("W", 4, 0, bytes(4), "el tipo W no se lee"),
)


@pytest.mark.parametrize(("letter", "length", "decimals", "raw", "value"), VALUES)
def test_a_field_is_exactly_what_its_bytes_say(
    letter: str, length: int, decimals: int, raw: bytes, value: object
) -> None:
    table = Tabla("T.DBF", made([("CAMPO", letter, length, decimals, 0)], [b" " + raw]))
    read = table.leer(1, table.campos["CAMPO"])
    # 1234.5 and 1234.50 are equal, but not the same
    assert (type(read), str(read)) == (type(value), str(value))


@pytest.mark.parametrize(("letter", "length", "decimals", "raw", "why"), FAULTS)
def test_a_field_that_is_none_of_its_kind_is_named(
    letter: str, length: int, decimals: int, raw: bytes, why: str
) -> None:
    good = b" " * length if letter != "T" else bytes(8)
    table = Tabla(
        "T.DBF", made([("CAMPO", letter, length, decimals, 0)], [b" " + good, b" " + raw])
    )
    with pytest.raises(Ilegible) as fault:
        table.leer(2, table.campos["CAMPO"])
    assert str(fault.value) == f"T.DBF, registro 2, campo CAMPO: {why}."


@pytest.mark.parametrize(
    ("mark", "page"),
    [(0x01, "cp437"), (0x02, "cp850"), (0x03, "cp1252"), (0xC9, "cp1251"), (0x57, "cp1252")],
)
def test_texts_are_of_the_code_page_of_the_header_unless_a_place_says_otherwise(
    mark: int, page: str
) -> None:
    text = "Жолио" if page == "cp1251" else "Peña Ú" if page == "cp850" else "Peña ü"
    fields, record = [("NOMBRE", "C", 8, 0, 0)], [b" " + text.encode(page).ljust(8)]
    assert rows(Tabla("T.DBF", made(fields, record, page=mark))) == [{"NOMBRE": text}]
    assert rows(Tabla("T.DBF", made(fields, record, page=0), sin_declarar=page)) == [
        {"NOMBRE": text}
    ]
    assert rows(Tabla("T.DBF", made(fields, record, page=0x03), codigos=page)) == [{"NOMBRE": text}]


def test_a_deleted_record_is_left_out_and_one_of_which_it_is_not_known_is_a_fault() -> None:
    table = Tabla("T.DBF", made([("N", "N", 1, 0, 0)], [b" 1", b"*2", b"x3", b" 4"]))
    assert list(table.vigentes()) == [1, 3, 4]
    assert [table.leer(n, table.campos["N"]) for n in table.vigentes()] == [1, 3, 4]
    table.comprobar(4)
    with pytest.raises(Ilegible, match=r"^T\.DBF, registro 3: no se sabe si está borrado\.$"):
        table.comprobar(3)


def patched(table: bytes, at: int, content: bytes) -> bytes:
    return table[:at] + content + table[at + len(content) :]


FIELDS = [("A", "C", 3, 0, 0), ("B", "N", 3, 0, 0)]
TWO = [b" abc  1", b" def  2"]
NO_TABLES: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("empty", lambda: b"", "le falta el encabezado"),
    ("half of a header", lambda: made(FIELDS, TWO)[:20], "le falta el encabezado"),
    (
        "no table",
        lambda: b"PK\x03\x04" + bytes(100),
        "el tipo 0x50 no es de una tabla que se sepa leer",
    ),
    (
        "cut off in the header",
        lambda: made(FIELDS, TWO)[:100],
        "el archivo es más corto que su encabezado",
    ),
    (
        "cut off",
        lambda: made(FIELDS, TWO)[:-3],
        "el encabezado dice 2 registros y el archivo alcanza para 1",
    ),
    (
        "more records",
        lambda: made(FIELDS, TWO, count=1),
        "después de los 1 registros que dice el encabezado hay otros datos",
    ),
    (
        "many records",
        lambda: made(FIELDS, TWO, count=2**32 - 1),
        "el encabezado dice 4294967295 registros y el archivo alcanza para 2",
    ),
    ("two of a name", lambda: made([FIELDS[0], FIELDS[0]], []), "un campo no tiene nombre propio"),
    ("no length", lambda: made([("A", "C", 0, 0, 0)], [b" "]), "no puede medir 0"),
    ("long day", lambda: made([("A", "D", 9, 0, 0)], []), "no puede medir 9"),
    (
        "nulls without marks",
        lambda: made([("A", "C", 3, 0, 2)], []),
        "faltan las marcas de sus campos nulos o de largo variable",
    ),
    (
        "a field elsewhere",
        lambda: patched(made(FIELDS, TWO), 64 + 12, b"\x05"),
        "campo B: no está donde el encabezado dice",
    ),
    (
        "longer records",
        lambda: patched(made(FIELDS, []), 10, b"\x09"),
        "los campos suman 7 bytes y el encabezado dice que un registro tiene 9",
    ),
    (
        "longer header",
        lambda: patched(made(FIELDS, []), 8, struct.pack("<H", 32 + 64 + 1 + 264)),
        "el encabezado no mide lo que dice",
    ),
    (
        "unknown page",
        lambda: made(FIELDS, TWO, page=0xEE),
        "declara una página de códigos que no se conoce (0xee)",
    ),
)


@pytest.mark.parametrize(
    ("build", "why"), [case[1:] for case in NO_TABLES], ids=[case[0] for case in NO_TABLES]
)
def test_what_is_no_whole_table_is_refused_before_anything_of_it_is_read(
    build: Callable[[], bytes], why: str
) -> None:
    with pytest.raises(Ilegible) as fault:
        Tabla("T.DBF", build())
    assert why in str(fault.value)
    assert SENTENCE.match(str(fault.value))


def fpt(*texts: str, block: int = 64, kind: int = 1) -> tuple[bytes, list[int]]:
    """A file of notes, and in which block each begins."""
    body, at = bytearray(512), []
    step = block or 1
    for text in texts:
        body += bytes(-len(body) % step)
        at.append(len(body) // step)
        body += struct.pack(">II", kind, len(text.encode("cp1252"))) + text.encode("cp1252")
    body += bytes(-len(body) % step)
    body[:8] = struct.pack(">IHH", len(body) // step, 0, block)
    return bytes(body), at


@pytest.mark.parametrize("block", [0, 1, 33, 64, 512, 16384])
def test_notes_are_read_whatever_the_size_of_their_blocks(block: int) -> None:
    """0 is what Visual FoxPro 9 writes for blocks of one byte."""
    memo, at = fpt("Está al día.", "x" * 700, "Pidió el paz y salvo.", block=block)
    table = Tabla(
        "T.DBF",
        made([("NOTA", "M", 4, 0, 0)], [b" " + struct.pack("<I", n) for n in (*at, 0)]),
        ("T.FPT", memo),
    )
    assert [row["NOTA"] for row in rows(table)] == [
        "Está al día.",
        "x" * 700,
        "Pidió el paz y salvo.",
        "",
    ]


def test_a_note_that_might_be_another_record_s_is_a_fault() -> None:
    memo, (first, second) = fpt("a" * 100, "b" * 100)

    def faults(memo: bytes, *blocks: int) -> list[str]:
        table = Tabla(
            "T.DBF",
            made([("NOTA", "M", 4, 0, 0)], [b" " + struct.pack("<I", n) for n in blocks]),
            ("T.FPT", memo),
        )
        said = []
        for n in table.vigentes():
            try:
                said.append(str(table.leer(n, table.campos["NOTA"])))
            except Ilegible as fault:
                said.append(str(fault).partition(": ")[2])
        return said

    assert faults(memo, first, second) == ["a" * 100, "b" * 100]
    assert faults(memo, first, first) == ["el bloque 8 de T.FPT es de dos registros."] * 2
    assert faults(memo, first, 99) == ["a" * 100, "apunta al bloque 99, que no está en T.FPT."]
    assert faults(memo, first, 1) == ["a" * 100, "apunta al bloque 1, que no está en T.FPT."]
    longer = memo[: 512 + 4] + struct.pack(">I", 150) + memo[512 + 8 :]
    assert faults(longer, first, second) == [
        "el texto del bloque 8 de T.FPT entra en el de otro registro.",
        "el bloque 10 de T.FPT está dentro del texto de otro registro.",
    ]
    endless = memo[: 512 + 4] + struct.pack(">I", 2**32 - 1) + memo[512 + 8 :]
    assert faults(endless, first) == ["el texto del bloque 8 se sale de T.FPT."]
    assert faults(fpt("foto", kind=0)[0], 8) == ["el bloque 8 de T.FPT no es un texto."]
    assert faults(memo[:-64], first) == [
        "no se puede leer el archivo de memos (T.FPT: no mide lo que dice su encabezado)."
    ]
    assert faults(b"", first) == [
        "no se puede leer el archivo de memos (T.FPT: le falta el encabezado)."
    ]


def test_notes_of_dbase_are_read_too() -> None:
    three = bytes(512) + b"Primera\x1a\x1a".ljust(512, b"\0") + b"Segunda\x1a\x1a"
    table = Tabla(
        "T.DBF",
        made([("NOTA", "M", 10, 0, 0)], [b"          2", b"          1"], kind=0x83),
        ("T.DBT", three),
    )
    assert [row["NOTA"] for row in rows(table)] == ["Segunda", "Primera"]
    four = (
        bytes(20)
        + struct.pack("<H", 512)
        + bytes(490)
        + b"\xff\xff\x08\x00"
        + struct.pack("<I", 8 + 7)
        + b"Primera"
    )
    table = Tabla(
        "T.DBF", made([("NOTA", "M", 10, 0, 0)], [b" 0000000001"], kind=0x8B), ("T.DBT", four)
    )
    assert rows(table) == [{"NOTA": "Primera"}]
    with pytest.raises(Ilegible, match=r"se sale de T\.DBT"):
        rows(
            Tabla(
                "T.DBF",
                made([("NOTA", "M", 10, 0, 0)], [b"          1"], kind=0x83),
                ("T.DBT", bytes(512) + b"sin fin" + bytes(9)),
            )
        )
    assert Memo("T.DBT", four, 0x8B).leer(1) == b"Primera"


# --- what dbflib writes ---------------------------------------------------------------------------
TEXT = st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), max_size=20).map(
    lambda t: t.rstrip(" \0")
)
ROW = st.fixed_dictionaries(
    {
        "TEXTO": TEXT,
        "SALDO": st.one_of(st.none(), st.decimals(-99_999_999_999, 99_999_999_999, places=2)),
        "DIAS": st.one_of(st.none(), st.integers(-9_999, 99_999)),
        "DIA": st.one_of(st.none(), st.dates(dt.date(1, 1, 1))),
        "SI": st.one_of(st.none(), st.booleans()),
        "ENTERO": st.integers(-(2**31), 2**31 - 1),
        "MONEDA": st.decimals(-9_999_999_999, 9_999_999_999, places=4),
        "DOBLE": st.floats(allow_nan=False, allow_infinity=False, width=64),
        "CUANDO": st.one_of(
            st.none(),
            st.datetimes(dt.datetime.fromisoformat("1900-01-01")).map(
                lambda t: t.replace(microsecond=0)
            ),
        ),
        "NOTA": TEXT,
        "_borrado": st.booleans(),
    }
)
COLUMNS = [
    ("TEXTO", "C (20)"),
    ("SALDO", "N (15, 2)"),
    ("DIAS", "N (5, 0)"),
    ("DIA", "D"),
    ("SI", "L"),
    ("ENTERO", "I"),
    ("MONEDA", "Y"),
]
COLUMNS += [("DOBLE", "B"), ("CUANDO", "T"), ("NOTA", "M")]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(written=st.lists(ROW, max_size=12))
def test_what_is_written_is_read(written: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "T.DBF"
    dbflib.create_dbf(str(file), columns=COLUMNS, rows=written)
    dbflib.delete_rows(str(file), [n for n, row in enumerate(written, 1) if row["_borrado"]])
    read = rows(open_table(file))
    expected = [{name: row[name] for name, _ in COLUMNS} for row in written if not row["_borrado"]]
    assert [{**row, "DOBLE": float(row["DOBLE"])} for row in read] == expected
    assert all(
        f"{row['SALDO']}" == f"{there['SALDO']}" for row, there in zip(read, expected, strict=True)
    )


# --- files broken by chance -----------------------------------------------------------------------
BROKEN = 200
LAYOUT = (
    ("TIPDOC", "C", 2),
    ("NUMDOC", "C", 15),
    ("CODCRE", "C", 12),
    ("SALDO", "N", 14),
    ("FECGIRO", "D", 8),
    ("ACTIVO", "L", 1),
    ("OBSERV", "M", 4),
)
MAPPING = Mapeo(
    tabla=Path("CREDITOS.DBF"),
    tipo=Columna("tipo", "TIPDOC", "C(2)"),
    numero=Columna("numero", "NUMDOC", "C(15)"),
    columnas=(
        Columna("obligacion", "CODCRE", "C(12)"),
        Columna("saldo", "SALDO", "N(14,2)"),
        Columna("fecha_giro", "FECGIRO", "D"),
        Columna("activo", "ACTIVO", "L"),
        Columna("nota", "OBSERV", "M"),
    ),
)
PEOPLE = 12


@dataclass
class Pair:
    table: bytearray
    memo: bytearray

    @property
    def starts(self) -> tuple[int, int]:
        return 32 + 32 * len(LAYOUT) + 1 + 263, 1 + sum(length for *_, length in LAYOUT)


def whole(folder: Path) -> Pair:
    """Two credits of each of twelve people, each with its note."""
    file, luck = folder / "CREDITOS.DBF", dice(7)
    columns = [
        (name, {"C": f"C ({length})", "N": "N (14, 2)"}.get(letter, letter))
        for name, letter, length in LAYOUT
    ]
    records = [
        {
            "TIPDOC": "CC",
            "NUMDOC": f"{9_900_000_000 + n // 2}",
            "CODCRE": f"99{n:08d}",
            "SALDO": Decimal(luck.randrange(10**9)).scaleb(-2),
            "FECGIRO": dt.date(1999 + n % 7, 1 + n % 12, 1 + n),
            "ACTIVO": luck.random() < 0.5,
            "OBSERV": f"Nota {n} de la niña. " * luck.randrange(8),
        }
        for n in range(2 * PEOPLE)
    ]
    dbflib.create_dbf(str(file), columns=columns, rows=records)
    return Pair(bytearray(file.read_bytes()), bytearray(file.with_suffix(".FPT").read_bytes()))


class Bad(Exception):
    """The reference cannot read it either."""


def reference(pair: Pair) -> dict[str, list[Any]]:
    """What stands in the bytes where the whole file had them: number of document → its rows, or Bad
    for one that is not legible.

    Knows nothing of headers: where these were broken, what is read must be this all the same, or a
    fault.
    """
    start, length = pair.starts
    page = PAGINAS.get(pair.table[29], "cp1252")
    found: dict[str, list[Any]] = {}
    for n in range(2 * PEOPLE):
        record = bytes(pair.table[start + n * length : start + (n + 1) * length])
        if len(record) < length or record[:1] == b"*":
            continue
        at, raw = 1, dict[str, bytes]()
        for name, _, size in LAYOUT:
            raw[name], at = record[at : at + size], at + size
        try:
            number = (
                raw["NUMDOC"]
                .decode("ascii")
                .strip()
                .replace(".", "")
                .replace("-", "")
                .replace(" ", "")
                .upper()
                .lstrip("0")
            )
            kind = raw["TIPDOC"].decode("ascii").strip().upper()
        except UnicodeDecodeError:
            continue
        try:
            found.setdefault(f"{kind} {number}", []).append(one(raw, pair.memo, page, record[0]))
        except (Bad, ArithmeticError, ValueError):
            found.setdefault(f"{kind} {number}", []).append(Bad)
    return found


def one(raw: Mapping[str, bytes], memo: bytes | bytearray, page: str, mark: int) -> dict[str, Any]:
    if mark != ord(" ") or raw["ACTIVO"] not in (
        b"T",
        b"F",
        b"t",
        b"f",
        b"Y",
        b"y",
        b"N",
        b"n",
        b" ",
        b"?",
        b"\0",
    ):
        raise Bad
    amount = raw["SALDO"].replace(b"\0", b" ").decode("ascii").strip()
    if amount and not re.fullmatch(r"[-+]?[0-9]*\.?[0-9]*", amount):
        raise Bad
    day = raw["FECGIRO"].replace(b"\0", b" ").decode("ascii").strip()
    if day and (len(day) != 8 or not day.isdigit()):
        raise Bad
    block = struct.unpack("<I", raw["OBSERV"])[0]
    text = b""
    if block:
        if len(memo) < block * 64 + 8 or bytes(memo[block * 64 : block * 64 + 4]) != b"\0\0\0\x01":
            raise Bad
        size = struct.unpack(">I", memo[block * 64 + 4 : block * 64 + 8])[0]
        if len(memo) < block * 64 + 8 + size:
            raise Bad
        text = bytes(memo[block * 64 + 8 : block * 64 + 8 + size])
    return {
        "obligacion": raw["CODCRE"].decode(page).strip(" \0").strip(),
        "saldo": Decimal(amount) if amount else None,
        "fecha_giro": dt.date(int(day[:4]), int(day[4:6]), int(day[6:])).isoformat()
        if day and day != "00000000"
        else None,
        "activo": None
        if raw["ACTIVO"] in (b" ", b"?", b"\0")
        else raw["ACTIVO"] in (b"T", b"t", b"Y", b"y"),
        "nota": text.decode(page).strip(),
    }


def outcome(read: Callable[[], T]) -> T | Ilegible:
    try:
        return read()
    except Ilegible as fault:
        return fault


def break_(pair: Pair, luck: random.Random) -> str:
    """One fault of a disk or a line: cut off, or bytes changed in the header, in the records or in
    the notes."""
    start = pair.starts[0]
    kind = luck.choice(
        (
            "cut",
            "cut notes",
            "header",
            "header",
            "fields",
            "fields",
            "records",
            "records",
            "records",
            "notes",
            "notes",
            "pointers",
            "marks",
        )
    )
    if kind == "cut":
        del pair.table[luck.randrange(len(pair.table)) :]
    elif kind == "cut notes":
        del pair.memo[luck.randrange(len(pair.memo)) :]
    elif kind == "pointers":
        n, length = luck.randrange(2 * PEOPLE), pair.starts[1]
        struct.pack_into("<I", pair.table, start + (n + 1) * length - 4, luck.randrange(60))
    elif kind == "marks":
        pair.table[start + luck.randrange(2 * PEOPLE) * pair.starts[1]] = luck.randrange(256)
    else:
        target, low, high = {
            "header": (pair.table, 0, 32),
            "fields": (pair.table, 32, start),
            "records": (pair.table, start, len(pair.table)),
            "notes": (pair.memo, 0, len(pair.memo)),
        }[kind]
        for _ in range(luck.choice((1, 1, 2, 5))):
            target[luck.randrange(low, high)] = luck.randrange(256)
    return kind


@pytest.mark.parametrize("seed", range(10))
def test_of_a_broken_file_is_read_what_stands_there_or_the_fault_is_named(
    seed: int, tmp_path: Path
) -> None:
    """Each person's rows are those of the reference, which knows where each byte was; or a
    sentence; never another error, never long."""
    good, outcomes = whole(tmp_path), {"rows": 0, "record": 0, "table": 0}
    people = [f"{9_900_000_000 + n}" for n in range(PEOPLE)]
    assert sum(len(found) for found in reference(good).values()) == 2 * PEOPLE
    for n in range(BROKEN // 10):
        luck = dice(f"{seed}:{n}")
        pair = Pair(bytearray(good.table), bytearray(good.memo))
        kind = break_(pair, luck)
        there, since = reference(pair), time.thread_time()
        index = outcome(
            lambda pair=pair: Indice(
                Tabla("CREDITOS.DBF", bytes(pair.table), ("CREDITOS.FPT", bytes(pair.memo))),
                MAPPING,
            )
        )
        if isinstance(index, Ilegible):
            assert SENTENCE.match(str(index)), (kind, str(index))
            outcomes["table"] += 1
            continue
        for number in people:
            expected = there.get(f"CC {number}", [])
            answer = outcome(lambda index=index, number=number: index.filas("CC", number, None))
            if isinstance(answer, Ilegible):
                assert SENTENCE.match(str(answer)), (kind, str(answer))
                outcomes["record"] += 1
                continue
            read, _cutoff = answer
            outcomes["rows"] += 1
            assert Bad not in expected, (kind, seed, n, number, read)
            ours = [
                {**row, "saldo": Decimal(str(row["saldo"])) if row["saldo"] is not None else None}
                for row in read
            ]
            assert sorted(map(str, ours)) == sorted(map(str, [{**row} for row in expected])), (
                kind,
                seed,
                n,
                number,
            )
        assert time.thread_time() - since < 1
    assert min(outcomes.values()) > 0, outcomes
    assert outcomes["rows"] > 3 * outcomes["record"], outcomes  # one fault is not everybody's
