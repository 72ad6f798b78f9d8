"""Copybooks become layouts: where each field lies, of which kind; what is not sure is refused by
the name of its field."""

from typing import Any

import pytest

from demo.cobol import REG_CARTERA
from handlers.conectores.cobol.copybook import (
    Campo,
    Clase,
    CopybookInvalido,
    Diseno,
    Lectura,
    Signo,
    leer,
)


def free(text: str, **said: Any) -> Diseno:
    return leer(text, Lectura(libre=True, **said))


def only(clauses: str, **said: Any) -> Campo:
    (field,) = free(f"01 R. 05 CAMPO {clauses}.", **said).campos
    return field


def test_the_demo_s_record_is_107_bytes() -> None:
    read = leer(REG_CARTERA)
    assert (read.nombre, read.largo) == ("REG-CARTERA", 107)
    assert [(c.nombre, c.offset, c.largo) for c in read.campos] == [
        ("TIPO-DOC", 0, 2),
        ("NUM-DOC", 2, 15),
        ("NOMBRE", 17, 40),
        ("OBLIGACION", 57, 12),
        ("LINEA", 69, 4),
        ("SALDO", 73, 7),
        ("CUOTA", 80, 6),
        ("DIAS-MORA", 86, 2),
        ("FECHA-GIRO", 88, 8),
        ("ESTADO", 96, 1),
    ]
    assert read.campo("estado").estados[0] == ("VIGENTE", (("V", "V"),))


@pytest.mark.parametrize(
    ("clauses", "kind", "size", "digits", "scale", "sign"),
    [
        ("PIC X(12)", Clase.TEXTO, 12, 0, 0, Signo.NO),
        ("PICTURE IS AAA99", Clase.TEXTO, 5, 0, 0, Signo.NO),
        ("PIC 9", Clase.ZONA, 1, 1, 0, Signo.NO),
        ("PIC 9(3)V9(2)", Clase.ZONA, 5, 5, 2, Signo.NO),
        ("PIC S9(5)V99 USAGE IS DISPLAY", Clase.ZONA, 7, 7, 2, Signo.AL_FINAL),
        ("PIC SV9(7) SIGN IS LEADING", Clase.ZONA, 7, 7, 7, Signo.AL_PRINCIPIO),
        ("PIC S9(4) SIGN TRAILING SEPARATE CHARACTER", Clase.ZONA, 5, 4, 0, Signo.APARTE_FINAL),
        ("PIC S9(4) LEADING SEPARATE", Clase.ZONA, 5, 4, 0, Signo.APARTE_PRINCIPIO),
        ("PIC S9(11)V99 COMP-3", Clase.EMPACADO, 7, 13, 2, Signo.AL_FINAL),
        ("PIC 9(4) PACKED-DECIMAL", Clase.EMPACADO, 3, 4, 0, Signo.NO),
        ("COMPUTATIONAL-3 PIC 9(5)", Clase.EMPACADO, 3, 5, 0, Signo.NO),
        ("PIC 9(4) COMP", Clase.BINARIO, 2, 4, 0, Signo.NO),
        ("PIC S9(5) BINARY", Clase.BINARIO, 4, 5, 0, Signo.AL_FINAL),
        ("PIC S9(9) COMP-4", Clase.BINARIO, 4, 9, 0, Signo.AL_FINAL),
        ("PIC S9(16)V99 USAGE COMPUTATIONAL", Clase.BINARIO, 8, 18, 2, Signo.AL_FINAL),
        ("PIC 9(9) COMP-5", Clase.NATIVO, 4, 9, 0, Signo.NO),
        ("PIC PPP9(5)", Clase.ZONA, 5, 5, 8, Signo.NO),
        ("PIC SVPP9(3) COMP-3", Clase.EMPACADO, 2, 3, 5, Signo.AL_FINAL),
        ("PIC S9(3)PPP COMP", Clase.BINARIO, 2, 3, -3, Signo.AL_FINAL),
        ("PIC S9PPPV COMP", Clase.BINARIO, 2, 1, -3, Signo.AL_FINAL),
        ("PIC 9(3) VALUE 12.5", Clase.ZONA, 3, 3, 0, Signo.NO),
        ("PIC X(3) VALUE 'A. B'", Clase.TEXTO, 3, 0, 0, Signo.NO),
    ],
)
def test_kinds_and_sizes(
    clauses: str, kind: Clase, size: int, digits: int, scale: int, sign: Signo
) -> None:
    field = only(clauses)
    assert (field.clase, field.largo, field.cifras, field.escala, field.signo) == (
        kind,
        size,
        digits,
        scale,
        sign,
    )


REFUSED = [
    ("PIC ZZ9.99", "CAMPO: PIC ZZ9.99 está editada"),
    ("PIC 9(3),9(3)", "CAMPO: PIC 9(3),9(3) está editada"),
    ("PIC +9(8)", "CAMPO: PIC +9(8) está editada"),
    ("PIC $99CR", "está editada"),
    ("PIC N(4)", "CAMPO: PIC N(4) no se lee"),
    ("PIC 9(5) COMP-6", "CAMPO: USAGE COMP-6 no se lee"),
    ("COMP-1", "CAMPO: USAGE COMP-1 (coma flotante) no se lee"),
    ("USAGE POINTER", "CAMPO: USAGE POINTER no se lee"),
    ("PIC 9(4) COMP SYNC", "CAMPO: SYNC no se lee"),
    ("PIC 9(4) OCCURS 1 TO 5 TIMES DEPENDING ON N", "CAMPO: OCCURS DEPENDING ON no se lee"),
    ("PIC 9(4) BLANK WHEN ZERO", "CAMPO: BLANK no se lee"),
    ("PIC 9(3) SIGN LEADING", "CAMPO: SIGN en una PICTURE sin S"),
    ("PIC S9(3) COMP SIGN TRAILING SEPARATE", "CAMPO: SIGN con USAGE COMP"),
    ("PIC X(3) COMP", "CAMPO: PIC X(3) con USAGE COMP no se lee"),
    ("PIC 9(19) COMP", "CAMPO: un binario de 19 cifras"),
    ("PIC 9(39)", "CAMPO: más de 38 cifras"),
    ("PIC S", "CAMPO: PIC S está editada"),
    ("PIC 9V9V9", "está editada"),
    ("PIC 9V9P", "CAMPO: PIC 9V9P no se lee"),
    ("PIC P9V9", "CAMPO: PIC P9V9 no se lee"),
    ("PIC P9P", "CAMPO: P a ambos lados"),
    ("PIC 9(", "CAMPO: PIC 9( no se lee"),
    ("PIC X(99999999)", "CAMPO: PIC X(99999999) no se lee"),
    ("PIC", "CAMPO: falta algo después de PIC"),
    ("", "CAMPO no tiene PICTURE ni campos debajo"),
    ("PIC X WHATEVER", "CAMPO: WHATEVER no se lee"),
]


@pytest.mark.parametrize(("clauses", "said"), REFUSED)
def test_what_is_not_sure_is_refused_by_name(clauses: str, said: str) -> None:
    with pytest.raises(CopybookInvalido) as refused:
        only(clauses)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no hay ningún registro"),
        ("77 A PIC X.", "A: el nivel 77 no se lee"),
        ("01 R. 66 B RENAMES A.", "B: el nivel 66 no se lee"),
        ("01 R. 05 A PIC X", "no termina en punto"),
        ("01 R. 05 A PIC X VALUE 'A.", "comillas sin cerrar"),
        ("01 R. COPY OTRO.", "no empieza con un nivel"),
        ("01 A. 05 X PIC X. 01 B. 05 X PIC X.", "hay varios registros (A, B)"),
        ("01 R PIC X. 05 A PIC X.", "R tiene PICTURE y campos debajo"),
        ("01 R. 05 B REDEFINES A PIC X.", "B: REDEFINES A, que no está antes"),
        ("01 R. 88 A.", "nivel 88 A: se espera VALUE"),
        ("01 R. 05 A OCCURS 20000 PIC X. 05 B OCCURS 20000 PIC X.", "R: demasiados campos"),
        ("01 R. 05 FILLER PIC X.", "con 0 campos"),
    ],
)
def test_a_text_that_is_no_layout_is_refused(text: str, said: str) -> None:
    with pytest.raises(CopybookInvalido) as refused:
        free(text)
    assert said in str(refused.value)


def test_fixed_format_reads_columns_8_to_72_and_skips_comments() -> None:
    text = (
        "000100* A COMMENT WITH 01 INSIDE.                                        X\n"
        "000200 01  R.                                                            SEQ00001\n"
        "      / ANOTHER PAGE\n"
        "000300     05  A          PIC X(3).                                      05 B PIC X.\n"
    )
    assert [(c.nombre, c.largo) for c in leer(text).campos] == [("A", 3)]
    with pytest.raises(CopybookInvalido, match="columna 7"):
        leer("      - 'continued'.")


def test_free_format_reads_comments_at_the_end_of_a_line() -> None:
    assert [
        c.nombre for c in free("01 R. *> the record\n  05 A PIC X. *> 05 B PIC X.\n").campos
    ] == ["A"]


def test_groups_repeat_and_give_their_usage_and_sign_to_their_fields() -> None:
    read = free(
        "01 R. 05 G OCCURS 2 TIMES USAGE COMP-3. 10 A PIC S9(3). 10 FILLER PIC 9. 10 B OCCURS 2 PIC 9(5). 05 C PIC X."
    )
    assert [(c.nombre, c.offset, c.largo, c.clase) for c in read.campos] == [
        ("A(1)", 0, 2, Clase.EMPACADO),
        ("B(1,1)", 3, 3, Clase.EMPACADO),
        ("B(1,2)", 6, 3, Clase.EMPACADO),
        ("A(2)", 9, 2, Clase.EMPACADO),
        ("B(2,1)", 12, 3, Clase.EMPACADO),
        ("B(2,2)", 15, 3, Clase.EMPACADO),
        ("C", 18, 1, Clase.TEXTO),
    ]
    signed = free("01 R SIGN LEADING SEPARATE. 05 A PIC S9. 05 B PIC S9 COMP. 05 C PIC 9.")
    assert [(c.signo, c.largo) for c in signed.campos] == [
        (Signo.APARTE_PRINCIPIO, 2),
        (Signo.AL_FINAL, 2),
        (Signo.NO, 1),
    ]


def test_the_same_name_in_two_groups_is_told_apart() -> None:
    read = free("01 R. 05 UNO. 10 VALOR PIC 9. 10 X PIC X. 05 DOS. 10 VALOR PIC 99.")
    assert [c.nombre for c in read.campos] == ["UNO.VALOR", "X", "DOS.VALOR"]


REDEFINED = "01 R. 05 TIPO PIC X. 05 FECHA PIC 9(8). 05 PARTES REDEFINES FECHA. 10 ANIO PIC 9(4). 10 MES PIC 99. 05 FIN PIC X."


def test_of_what_is_redefined_the_alternative_is_read_that_the_configuration_names() -> None:
    with pytest.raises(
        CopybookInvalido, match="FECHA: hay REDEFINES y la configuración no dice cuál"
    ):
        free(REDEFINED)
    assert [(c.nombre, c.offset) for c in free(REDEFINED, redefine={"FECHA": "FECHA"}).campos] == [
        ("TIPO", 0),
        ("FECHA", 1),
        ("FIN", 9),
    ]
    parts = free(REDEFINED, redefine={"FECHA": "PARTES"})
    assert [(c.nombre, c.offset) for c in parts.campos] == [
        ("TIPO", 0),
        ("ANIO", 1),
        ("MES", 5),
        ("FIN", 9),
    ]
    assert parts.largo == 10
    with pytest.raises(CopybookInvalido, match="R no tiene OTRA"):
        free(REDEFINED, redefine={"FECHA": "OTRA"})
    with pytest.raises(CopybookInvalido, match="B ocupa más que A"):
        free("01 R. 05 A PIC X. 05 B REDEFINES A PIC XX.", redefine={"A": "A"})


def test_fields_are_in_the_order_of_their_bytes_and_none_lies_over_another() -> None:
    apart = free("01 R. 05 A PIC X. 05 B PIC X. 05 C REDEFINES A PIC 9.", redefine={"A": "C"})
    assert [(c.nombre, c.offset) for c in apart.campos] == [("C", 0), ("B", 1)]
    twice = "01 R. 05 A PIC X(4). 05 FILLER REDEFINES A. 10 B PIC 9(4). 05 FILLER REDEFINES A. 10 C PIC 9(2)."
    with pytest.raises(CopybookInvalido, match="B y C ocupan los mismos bytes"):
        free(twice, redefine={"A": "FILLER"})


def test_what_the_configuration_leaves_out_or_reads_as_text_need_not_be_a_number() -> None:
    text = "01 R. 05 A PIC Z(3)9.99. 05 F COMP-2. 05 G COMP-1. 05 B PIC 9(20) COMP. 05 C PIC X."
    read = free(text, como_texto=frozenset({"A"}), omitir=frozenset({"F", "G"}), bytes={"B": 9})
    assert [(c.nombre, c.clase, c.offset, c.largo) for c in read.campos] == [
        ("A", Clase.TEXTO, 0, 7),
        ("B", Clase.BINARIO, 19, 9),
        ("C", Clase.TEXTO, 28, 1),
    ]
    with pytest.raises(CopybookInvalido, match="B: 20 cifras no caben en 8 bytes"):
        free("01 R. 05 B PIC 9(20) COMP.", bytes={"B": 8})
    with pytest.raises(CopybookInvalido, match="R no tiene NADIE, que la configuración nombra"):
        free("01 R. 05 C PIC X.", omitir=frozenset({"NADIE"}))


def test_small_binaries_take_a_byte_where_the_compiler_does_so() -> None:
    assert [only(f"PIC 9({n}) COMP", desde_un_byte=True).largo for n in (1, 2, 3, 4, 5)] == [
        1,
        1,
        2,
        2,
        4,
    ]


def test_one_of_several_records_is_chosen_by_name() -> None:
    assert [c.nombre for c in free("01 A. 05 X PIC X. 01 B. 05 Y PIC X.", registro="b").campos] == [
        "Y"
    ]


def test_conditions_are_kept_with_their_values_and_stretches() -> None:
    text = """01 R. 05 E PIC X. 88 VIGENTE VALUE 'V' "A". 88 NINGUNO VALUE IS SPACE.
              05 N PIC 9(2). 88 POCO VALUES ARE 1 THRU 5, 9. 88 CERO VALUE ZERO."""
    state, number = free(text).campos
    assert state.estados == (("VIGENTE", (("V", "V"), ("A", "A"))), ("NINGUNO", (("", ""),)))
    assert number.estados == (("POCO", (("1", "5"), ("9", "9"))), ("CERO", (("0", "0"),)))
