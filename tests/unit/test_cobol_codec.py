"""Records of COBOL are read exactly or refused by the name of the field, whatever stands in them;
what is written is read again."""

import os
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from demo.azar import sembrado
from demo.cobol import REG_CARTERA
from handlers.conectores.cobol.codec import PAGINAS, Codec, Escritura, RegistroCorrupto, Valor
from handlers.conectores.cobol.copybook import Campo, Clase, CopybookInvalido, Lectura, Signo, leer

EBCDIC, ASCII, MICRO_FOCUS = (
    Escritura("cp284"),
    Escritura("latin-1"),
    Escritura("latin-1", signo="p-y", comp5="little"),
)
PC = Lectura(libre=True)


def field(clauses: str, how: Escritura = EBCDIC) -> Codec:
    return Codec(leer(f"01 R. 05 CAMPO {clauses}.", PC), how)


def decoded(clauses: str, raw: bytes, how: Escritura = EBCDIC) -> Valor:
    return field(clauses, how).decodificar(raw)[0]


@pytest.mark.parametrize(
    ("clauses", "how", "hexadecimal", "value"),
    [
        ("PIC X(6)", EBCDIC, "C1D57BD6C940", "AN" + b"\x7b".decode("cp284") + "OI"),
        ("PIC X(4)", ASCII, "41F10000", "Añ"),
        ("PIC 9(3)", EBCDIC, "F1F2F3", 123),
        ("PIC 9(3)", EBCDIC, "F1F2C4", 124),  # zone C is a legal plus
        ("PIC S9(3)", EBCDIC, "F1F2C4", 124),
        ("PIC S9(3)", EBCDIC, "F1F2F4", 124),
        ("PIC S9(3)V99", EBCDIC, "F1F2F4F5D0", Decimal("-124.50")),
        ("PIC S9(3) SIGN LEADING", EBCDIC, "D1F2F3", -123),
        ("PIC S9(3) SIGN LEADING SEPARATE", EBCDIC, "60F1F2F3", -123),
        ("PIC S9(3) SIGN TRAILING SEPARATE", EBCDIC, "F1F2F34E", 123),
        ("PIC S9(5)", ASCII, "303030307B", 0),  # 0000{
        ("PIC S9(3)", ASCII, "313243", 123),
        ("PIC S9(3)", ASCII, "31324C", -123),
        ("PIC S9(3)", ASCII, "313233", 123),
        ("PIC S9(3)", MICRO_FOCUS, "313273", -123),
        ("PIC S9(3)", MICRO_FOCUS, "313233", 123),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "12345D", Decimal("-123.45")),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "00000D", Decimal("0.00")),
        ("PIC S9(4) COMP-3", EBCDIC, "01234C", 1234),
        ("PIC 9(3) COMP-3", EBCDIC, "123F", 123),
        ("PIC 9(3) COMP-3", EBCDIC, "123C", 123),
        ("PIC PPP9(2) COMP-3", EBCDIC, "012F", Decimal("0.00012")),
        ("PIC S9(2)PPP COMP-3", EBCDIC, "012D", -12000),
        ("PIC S9(4) COMP", EBCDIC, "FFFF", -1),
        ("PIC 9(4) COMP", EBCDIC, "270F", 9999),
        ("PIC S9(7)V99 COMP", EBCDIC, "FFFFFF9C", Decimal("-1.00")),
        ("PIC 9(4) COMP-5", EBCDIC, "FFFF", 65535),
        ("PIC S9(4) COMP-5", MICRO_FOCUS, "FEFF", -2),
        (
            "PIC S9(18)V9(10) COMP-3",
            EBCDIC,
            "0123456789012345678901234567" + "8C",
            Decimal("123456789012345678.9012345678"),
        ),
    ],
)
def test_values(clauses: str, how: Escritura, hexadecimal: str, value: Valor) -> None:
    read = decoded(clauses, bytes.fromhex(hexadecimal), how)
    assert (type(read), str(read)) == (type(value), str(value))


@pytest.mark.parametrize(
    ("clauses", "how", "hexadecimal", "offset", "why"),
    [
        ("PIC X(4)", EBCDIC, "C10040C1", 1, "0x00 no es una letra en cp284"),
        ("PIC X(2)", EBCDIC, "C115", 1, "0x15 no es una letra en cp284"),
        ("PIC X(2)", Escritura("ascii"), "41F1", 1, "0xF1 no es una letra en ascii"),
        ("PIC X(2)", Escritura("cp1252"), "4181", 1, "0x81 no es una letra en cp1252"),
        ("PIC 9(3)", EBCDIC, "404040", 0, "0x40 donde va una cifra (en blanco)"),
        ("PIC 9(3)", EBCDIC, "F1F2D4", 2, "0xD4 donde va una cifra sin signo"),
        ("PIC 9(3)", EBCDIC, "F1C2F4", 1, "0xC2 donde va una cifra"),
        ("PIC 9(3)", ASCII, "F1F2F3", 0, "0xF1 donde va una cifra"),
        ("PIC 9(3)", ASCII, "2B3132", 0, "0x2B donde va una cifra"),
        ("PIC 9(3)", ASCII, "315F32", 1, "0x5F donde va una cifra"),
        ("PIC S9(3)", EBCDIC, "F1F2A4", 2, "0xA4 donde va una cifra con su signo"),
        ("PIC S9(3)", EBCDIC, "F1F2CA", 2, "0xCA donde va una cifra con su signo"),
        ("PIC S9(3)", MICRO_FOCUS, "31324C", 2, "0x4C donde va una cifra con su signo"),
        ("PIC S9(3)", ASCII, "313273", 2, "0x73 donde va una cifra con su signo"),
        ("PIC S9(3) SIGN LEADING SEPARATE", EBCDIC, "40F1F2F3", 0, "0x40 donde va el signo + o -"),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "1234A5", 2, "0xA donde va una cifra de COMP-3"),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "000E5C", 1, "0xE donde va una cifra"),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "123456", 2, "0x6 donde va el signo de COMP-3"),
        ("PIC S9(3)V99 COMP-3", EBCDIC, "12345B", 2, "0xB donde va el signo de COMP-3"),
        ("PIC 9(3) COMP-3", EBCDIC, "123D", 1, "0xD donde va el signo de COMP-3"),
        ("PIC 9(4) COMP-3", EBCDIC, "11234F", 0, "más de 4 cifras"),
        ("PIC 9(4) COMP", EBCDIC, "2710", 0, "10000 tiene más de 4 cifras"),
        ("PIC S9(4) COMP", EBCDIC, "8000", 0, "-32768 tiene más de 4 cifras"),
    ],
)
def test_what_cobol_would_not_have_written_is_named(
    clauses: str, how: Escritura, hexadecimal: str, offset: int, why: str
) -> None:
    with pytest.raises(RegistroCorrupto) as corrupt:
        field(clauses, how).decodificar(bytes.fromhex(hexadecimal), 7)
    assert (corrupt.value.registro, corrupt.value.campo, corrupt.value.offset) == (
        7,
        "CAMPO",
        offset,
    )
    assert why in corrupt.value.motivo
    assert str(corrupt.value) == f"registro 7, campo CAMPO, byte {offset}: {corrupt.value.motivo}"


def test_the_first_fault_in_record_order_is_named_and_filler_is_not_looked_at() -> None:
    codec = Codec(
        leer("01 R. 05 A PIC 9. 05 FILLER PIC 9. 05 B PIC 9. 05 C PIC 9 COMP-3.", PC), EBCDIC
    )
    assert codec.decodificar(b"\xf1\x00\xf2\x3f") == [1, 2, 3]
    with pytest.raises(RegistroCorrupto, match="registro 1, campo B, byte 2"):
        codec.decodificar(b"\xf1\x00\x00\x00")
    with pytest.raises(
        RegistroCorrupto, match="registro 1, campo R, byte 0: tiene 3 bytes y se esperan 4"
    ):
        codec.decodificar(b"\xf1\x00\xf2")


def test_some_fields_alone_are_read_whatever_stands_in_the_others() -> None:
    codec = Codec(
        leer("01 R. 05 A PIC 9. 05 B PIC X. 05 C PIC 9.", PC), Escritura("cp284", {"B": "ascii"})
    )
    assert codec.solo(["c", "B"]).decodificar(b"\x00Z\xf7") == ["Z", 7]
    with pytest.raises(CopybookInvalido, match="R no tiene el campo D"):
        codec.solo(["D"])


def test_each_field_may_have_a_code_page_and_an_unknown_one_is_refused() -> None:
    codec = Codec(
        leer("01 R. 05 A PIC X(2). 05 B PIC X(2). 05 C PIC 9.", PC),
        Escritura("cp284", {"B": "cp1252", "C": "ascii"}),
    )
    assert codec.decodificar("Ñé".encode("cp284") + "€ñ".encode("cp1252") + b"5") == ["Ñé", "€ñ", 5]
    with pytest.raises(CopybookInvalido, match="la página de códigos utf-8 no se conoce"):
        field("PIC X", Escritura("utf-8"))
    with pytest.raises(CopybookInvalido, match="R no tiene OTRO"):
        field("PIC X", Escritura("cp284", {"OTRO": "ascii"}))


@pytest.mark.parametrize(
    "page", ["cp037", "cp500", "cp1140", "cp284", "cp1145", "latin-1", "cp1252", "cp850"]
)
def test_spanish_letters_survive_every_code_page(page: str) -> None:
    assert page in PAGINAS
    codec = field("PIC X(14)", Escritura(page))
    assert codec.decodificar(codec.codificar({"CAMPO": "ÑÁÉÍÓÚÜñáéíóúü"})) == ["ÑÁÉÍÓÚÜñáéíóúü"]


@pytest.mark.parametrize(
    ("clauses", "value", "why"),
    [
        ("PIC X(2)", "abc", "más de 2 letras"),
        ("PIC 9(2)", 100, "no cabe"),
        ("PIC 9(2)", -1, "negativo"),
        ("PIC 9(2)V9", Decimal("1.25"), "no cabe"),
        ("PIC 9(2)PP", 150, "no cabe"),
        ("PIC S9(4) COMP-5", 40_000, "no cabe"),
        ("PIC 9(2)", Decimal("NaN"), "no es un número"),
    ],
)
def test_what_does_not_fit_is_not_written(clauses: str, value: Valor, why: str) -> None:
    with pytest.raises(ValueError, match=f"CAMPO: .*{why}"):
        field(clauses).codificar({"CAMPO": value})


# ---- what is written is read again ---------------------------------------------------------------


@st.composite
def numeric(draw: st.DrawFn) -> tuple[str, Escritura, Valor]:
    """Clauses, a way to write, and a value that the field holds."""
    digits = draw(st.integers(1, 18))
    scale = draw(st.integers(-3, digits + 3))
    usage = draw(st.sampled_from(["", "COMP", "COMP-3", "COMP-5", "BINARY", "PACKED-DECIMAL"]))
    signed = draw(st.booleans())
    if scale < 0:
        picture = f"9({digits})" + "P" * -scale
    elif scale > digits:
        picture = "P" * (scale - digits) + f"9({digits})"
    elif scale == digits:
        picture = f"V9({digits})"
    else:
        picture = f"9({digits - scale})" + (f"V9({scale})" if scale else "")
    sign = ""
    if signed and not usage:
        sign = draw(
            st.sampled_from(
                [
                    "",
                    *(
                        f"SIGN {where} {apart}"
                        for where in ("LEADING", "TRAILING")
                        for apart in ("", "SEPARATE")
                    ),
                ]
            )
        )
    number = draw(st.integers(-(10**digits) + 1 if signed else 0, 10**digits - 1))
    if usage == "COMP-5":
        size = 2 if digits <= 4 else 4 if digits <= 9 else 8
        least, most = (-(256**size) // 2, 256**size // 2 - 1) if signed else (0, 256**size - 1)
        number = draw(st.integers(least, most))
    value: Valor = (
        number * 10**-scale
        if scale <= 0
        else Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -scale))
    )
    how = draw(st.sampled_from([EBCDIC, ASCII, MICRO_FOCUS]))
    return f"PIC {'S' if signed else ''}{picture} {sign} {usage}", how, value


@settings(max_examples=600, deadline=None)
@given(numeric())
def test_every_kind_of_number_is_read_as_it_was_written(
    given_: tuple[str, Escritura, Valor],
) -> None:
    clauses, how, value = given_
    codec = field(clauses, how)
    read = codec.decodificar(codec.codificar({"CAMPO": value}))[0]
    assert read == value
    assert (
        str(read) == str(abs(value) if not value and isinstance(value, Decimal) else value)
        or f"{read:f}" == f"{value:f}"
    )


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PAGINAS)), st.data())
def test_every_text_is_read_as_it_was_written_without_the_blanks_after_it(
    page: str, data: st.DataObject
) -> None:
    signs = [sign for sign in bytes(range(256)).decode(page, "ignore") if sign.isprintable()]
    text = data.draw(st.text(st.sampled_from(signs), max_size=20))
    codec = field("PIC X(20)", Escritura(page))
    assert codec.decodificar(codec.codificar({"CAMPO": text})) == [text.rstrip(" \0")]


# ---- an oracle that knows nothing of the codec: half byte by half byte, slowly -------------------


def corrupt_by_hand(field: Campo, raw: bytes, *, ebcdic: bool, style: str, page: str) -> bool:
    """Would COBOL have written these bytes into this field?"""
    high, low = [byte >> 4 for byte in raw], [byte & 15 for byte in raw]
    signed = field.signo is not Signo.NO
    if field.clase is Clase.TEXTO:
        kept = raw
        while kept and bytes((kept[-1],)).decode(page, "replace") in (" ", "\0"):
            kept = kept[:-1]
        return any(
            ord(sign) < 32 or 127 <= ord(sign) < 160 or sign == "\ufffd"
            for sign in (bytes((b,)).decode(page, "replace") for b in kept)
        )
    if field.clase is Clase.EMPACADO:
        halves = [half for pair in zip(high, low, strict=True) for half in pair]
        if any(half > 9 for half in halves[:-1]) or (len(halves) - 1 > field.cifras and halves[0]):
            return True
        return halves[-1] not in ((12, 13, 15) if signed else (12, 15))
    if field.clase in (Clase.BINARIO, Clase.NATIVO):
        total = 0
        for byte in raw:
            total = total * 256 + byte
        if signed and raw[0] >= 128:
            total -= 256 ** len(raw)
        return field.clase is Clase.BINARIO and len(str(abs(total))) > field.cifras
    apart = field.signo in (Signo.APARTE_FINAL, Signo.APARTE_PRINCIPIO)
    place = 0 if field.signo in (Signo.AL_PRINCIPIO, Signo.APARTE_PRINCIPIO) else len(raw) - 1
    for at, byte in enumerate(raw):
        if at != place and (high[at] != (15 if ebcdic else 3) or low[at] > 9):
            return True
        if at == place and apart:
            if byte not in ((0x4E, 0x60) if ebcdic else (0x2B, 0x2D)):
                return True
        elif at == place and ebcdic:
            if low[at] > 9 or high[at] not in ((12, 13, 15) if signed else (12, 15)):
                return True
        elif at == place:
            legal = "0123456789" + ("{ABCDEFGHI" if style == "letras" else "")
            legal += ("}JKLMNOPQR" if style == "letras" else "pqrstuvwxy") if signed else ""
            if chr(byte) not in legal:
                return True
    return False


EVERY_KIND = """01 R. 05 A PIC X(5). 05 B PIC 9(4). 05 C PIC S9(3)V99. 05 D PIC S9(4) SIGN LEADING. 05 E PIC S9(3) SIGN LEADING SEPARATE.
 05 F PIC S9(3) SIGN TRAILING SEPARATE. 05 G PIC S9(5)V99 COMP-3. 05 H PIC 9(6) COMP-3. 05 I PIC S9(4) COMP. 05 J PIC 9(7)V99 BINARY.
 05 K PIC S9(18) COMP-4. 05 L PIC S9(4) COMP-5. 05 M PIC PP9(3) COMP-3. 05 N PIC S9(2)PPP. 05 FILLER PIC 9(3). 05 O OCCURS 3 PIC 9V9."""


def good(codec: Codec, chance: random.Random) -> bytes:
    values: dict[str, Valor] = {}
    for one in codec.diseno.campos:
        if one.clase is Clase.TEXTO:
            values[one.nombre] = "".join(chance.choices("ABC ñÑ9", k=one.largo))
            continue
        negative = chance.random() < 0.5 and one.signo is not Signo.NO
        digits = tuple(chance.choices(range(10), k=min(one.cifras, 4)))
        values[one.nombre] = Decimal((int(negative), digits, -one.escala))
    return codec.codificar(values)


def mutated(record: bytes, chance: random.Random) -> bytes:
    """One to three bytes are others: any, a neighbour by one bit, a half byte, a blank, what the
    field before has."""
    changed = bytearray(record)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed))
        kind = chance.randrange(5)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            changed[at] = changed[at] & 0xF0 | chance.randrange(16)
        elif kind == 3:
            changed[at] = chance.choice((0x40, 0x20, 0x00, 0xFF, 0x0C, 0x0D, 0xC4, 0xD0))
        else:
            changed[at] = changed[at - 1]
    return bytes(changed)


def faults(number: int) -> Iterator[tuple[str, str | None, str | None]]:
    """Of so many records: in which field the codec and the oracle see the first fault, where they
    do not agree."""
    chance = sembrado(20110603)
    ways: list[Mapping[str, Any]] = [
        {"how": EBCDIC, "text": EVERY_KIND, "ebcdic": True},
        {"how": ASCII, "text": EVERY_KIND, "ebcdic": False},
        {"how": Escritura("cp1252", signo="p-y"), "text": EVERY_KIND, "ebcdic": False},
        {"how": EBCDIC, "text": REG_CARTERA, "ebcdic": True},
    ]
    for way in ways:
        codec = Codec(leer(way["text"], Lectura(libre=way["text"] is EVERY_KIND)), way["how"])
        for _ in range(number // len(ways)):
            record = mutated(good(codec, chance), chance)
            if chance.random() < 0.02:
                record = record[: chance.randrange(len(record))]
            try:
                seen = None
                values = codec.decodificar(record)
            except RegistroCorrupto as corrupt:
                seen, values = corrupt.campo, []
            expected = codec.diseno.nombre if len(record) != codec.diseno.largo else None
            for one in codec.diseno.campos:
                raw = record[one.offset : one.offset + one.largo]
                if expected is None and corrupt_by_hand(
                    one, raw, ebcdic=way["ebcdic"], style=way["how"].signo, page=way["how"].pagina
                ):
                    expected = one.nombre
            if seen != expected or (expected is None) != bool(values):
                yield record.hex(), seen, expected


def test_no_mutated_record_is_read_where_the_oracle_says_corrupt_nor_refused_where_it_does_not() -> (
    None
):
    """The whole of it: `make fuzz`, 100,000 records."""
    assert list(faults(5_000 * int(os.environ.get("FUZZ", "1")))) == []
