"""FOX PRO against real files: what every connector owes, a copy that follows its original, records
that cannot be read (5.2.9)."""

import datetime as dt
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dbflib
import pytest

from demo import foxpro
from demo.cctex import Credito
from handlers.conectores.foxpro import FoxPro
from handlers.conectores.foxpro.copia import Copia
from handlers.conectores.foxpro.mapeo import de_la_demostracion, leer
from handlers.conectores.proteccion import Politica
from handlers.conectores.tipos import Documento
from records.base.toml import ConfiguracionInvalida
from records.sistemas.puertos import Causa
from tests.kit.connectors import ConnectorContract, Place, Watched, obligations
from tests.kit.threads import at_once

CORTE = dt.date(2026, 10, 31)
ANA = Documento("CC", "9900000001", 7)
BETO = Documento("CC", "9900000002", 7)
CREDITOS = (
    Credito("0110000001", "ACCE", 2003, "vigente", "CC", "9900000001", "Ana Ñustes"),
    Credito("0510000009", "POSG", 2005, "cancelado", "CC", "9900000001", "Ana Ñustes"),
    Credito("9910000002", "PREG", 1999, "en_cobro", "CC", "9900000002", "Beto Díaz"),
)


@pytest.fixture
def tabla(tmp_path: Path) -> Path:
    foxpro.construir(tmp_path / "fox pro ñ", CREDITOS, corte=CORTE)
    return tmp_path / "fox pro ñ" / foxpro.ARCHIVO


@pytest.fixture
def copias(tmp_path: Path) -> Path:
    return tmp_path / "copias"


@pytest.fixture
def conectar(tabla: Path, copias: Path) -> Callable[[], FoxPro]:
    return lambda: FoxPro(de_la_demostracion(tabla), copias)


def escribir(tabla: Path, *filas: dict[str, Any], dia: dt.date = CORTE) -> None:
    """The table as the system of the office would leave it, with these records."""
    dbflib.create_dbf(str(tabla), columns=list(foxpro.CAMPOS), rows=[fila(**f) for f in filas])
    cuando = dt.datetime.combine(dia, dt.time(17), dt.UTC).timestamp()
    os.utime(tabla, (cuando, cuando))


def fila(**cambios: Any) -> dict[str, Any]:
    normal = {
        "TIPDOC": "CC",
        "NUMDOC": "9900000001",
        "NOMBRE": "ANA",
        "CODCRE": "0110000001",
        "LINEA": "01",
        "SALDO": Decimal("1234.50"),
    }
    return {
        **normal,
        "DIASMORA": 0,
        "FECGIRO": dt.date(2001, 2, 3),
        "ACTIVO": True,
        "OBSERV": "Está al día.",
        **cambios,
    }


def gastar(tabla: Path, registro: int, campo: str, contenido: bytes) -> None:
    """As a fault of a disk or another program would leave a field: the demo's layout is that of
    `foxpro.CAMPOS`."""
    datos = bytearray(tabla.read_bytes())
    inicio, largo = int.from_bytes(datos[8:10], "little"), int.from_bytes(datos[10:12], "little")
    n = [nombre for nombre, _ in foxpro.CAMPOS].index(campo)
    desde = int.from_bytes(datos[32 + 32 * n + 12 : 32 + 32 * n + 16], "little")
    en = inicio + (registro - 1) * largo + desde
    datos[en : en + len(contenido)] = contenido
    tabla.write_bytes(datos)


class TestContract(ConnectorContract):
    @pytest.fixture
    def place(
        self, tabla: Path, copias: Path, conectar: Callable[[], FoxPro], tmp_path: Path
    ) -> Place:
        shutil.copytree(tabla.parent, tmp_path / "aparte")

        def remove() -> None:
            shutil.rmtree(tabla.parent)
            shutil.rmtree(copias, ignore_errors=True)

        @contextmanager
        def slow() -> Iterator[None]:
            """A share that does not answer for a second."""
            with patch.object(Copia, "cambio", lambda _: time.sleep(1) or True):
                yield

        return Place(
            connect=conectar,
            holder=ANA,
            obligations=("0110000001", "0510000009"),
            other=BETO,
            other_obligation="9910000002",
            cutoff=CORTE,
            remove=remove,
            restore=lambda: shutil.copytree(tmp_path / "aparte", tabla.parent),
            hang=slow,
        )


def test_the_fields_have_the_names_and_forms_of_the_screen(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    escribir(
        tabla,
        fila(NUMDOC="  9.900.000.001", LINEA="05", SALDO=Decimal("12345678901.05"), DIASMORA=31),
    )
    respuesta = Watched(conectar()).ask(ANA)
    assert respuesta.filas == (
        {
            "obligacion": "0110000001",
            "linea": "ACCE",
            "estado": "vigente",
            "saldo": "12345678901.05",
            "dias_mora": 31,
            "fecha_giro": "2001-02-03",
            "observacion": "Está al día.",
        },
    )
    assert respuesta.fecha_corte == CORTE


@pytest.mark.parametrize(
    "escrito",
    [
        "9900000001",
        "     9900000001",
        "000009900000001",
        "9.900.000.001",
        "9 900 000 001",
        "9900000001     ",
    ],
)
def test_a_number_is_found_however_it_was_stored(
    tabla: Path, conectar: Callable[[], FoxPro], escrito: str
) -> None:
    escribir(tabla, fila(NUMDOC=escrito), fila(NUMDOC="9900000010", CODCRE="0110000003"))
    assert obligations(Watched(conectar()).ask(ANA)) == {"0110000001"}


def test_of_a_passport_a_zero_is_part_of_the_number(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    escribir(
        tabla,
        fila(TIPDOC="PA", NUMDOC="0AB123"),
        fila(TIPDOC="PA", NUMDOC="AB123", CODCRE="0110000003"),
    )
    assert obligations(Watched(conectar()).ask(Documento("PA", "AB123", 7))) == {"0110000003"}


def test_a_deleted_record_is_nobody_s(tabla: Path, conectar: Callable[[], FoxPro]) -> None:
    escribir(tabla, fila(), fila(CODCRE="0110000003"))
    dbflib.delete_rows(str(tabla), [1])
    assert obligations(Watched(conectar()).ask(ANA)) == {"0110000003"}


@pytest.mark.parametrize(
    ("campo", "contenido", "motivo"),
    [
        ("SALDO", b"*" * 14, "el número no cupo y FoxPro escribió asteriscos"),
        ("SALDO", b"      1.2E+15", "el número no cupo y FoxPro lo abrevió"),
        ("SALDO", b"  1.234.567,89", "no es un número"),
        ("FECGIRO", b"20031345", "no es una fecha"),
        ("ACTIVO", b"X", "no es ni sí ni no"),
        ("LINEA", b"\x81", "tiene un byte que la página de códigos cp1252 no conoce"),
        ("OBSERV", b"\xff\xff\xff\x7f", "apunta al bloque 2147483647, que no está en CREDITOS.FPT"),
        ("OBSERV", b"\x08\0\0\0", "el bloque 8 de CREDITOS.FPT es de dos registros"),
        ("OBSERV", b"\x09\0\0\0", "el bloque 9 de CREDITOS.FPT no es un texto"),
    ],
)
def test_a_record_that_cannot_be_read_is_said_to_whom_it_belongs_and_to_nobody_else(
    tabla: Path, conectar: Callable[[], FoxPro], campo: str, contenido: bytes, motivo: str
) -> None:
    """File, record and field, without what stands there. The system answers everybody else, and is
    not spared for it."""
    largo = "x" * 60  # its note takes two blocks
    escribir(
        tabla,
        fila(NUMDOC="9900000003", OBSERV=largo),
        fila(),
        fila(NUMDOC="9900000002", CODCRE="9910000002"),
        fila(CODCRE="0110000005"),
    )
    gastar(tabla, 2, campo, contenido)
    vigilado = Watched(conectar())
    for _vez in range(2 * vigilado.politica.fallas_para_abrir):
        mala = vigilado.ask(ANA)
        assert (mala.estado, mala.causa) == ("no_disponible", Causa.REGISTRO)
        assert mala.detalle == f"CREDITOS.DBF, registro 2, campo {campo}: {motivo}."
    assert obligations(vigilado.ask(BETO)) == {"9910000002"}
    assert vigilado.ask(ANA, "0110000005").estado == "ok"  # not about the bad record
    assert (vigilado.guarda.salud().disponible, vigilado.guarda.salud().circuito) == (
        True,
        "cerrado",
    )


def test_a_record_that_may_be_deleted_or_not_is_said_to_whom_it_belongs(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    escribir(tabla, fila(), fila(NUMDOC="9900000002", CODCRE="9910000002"))
    datos = bytearray(tabla.read_bytes())
    datos[int.from_bytes(datos[8:10], "little")] = ord("?")
    tabla.write_bytes(datos)
    assert (
        Watched(conectar()).ask(ANA).detalle
        == "CREDITOS.DBF, registro 1: no se sabe si está borrado."
    )
    assert Watched(conectar()).ask(BETO).estado == "ok"


@pytest.mark.parametrize(
    ("campo", "contenido", "motivo"),
    [
        ("NUMDOC", b" " * 15, "no tiene número de documento"),
        ("NUMDOC", b"99\x0700000001    ", "tiene bytes que no son texto"),
        ("NUMDOC", b"99?00000001    ", "no es un número de documento"),
        ("TIPDOC", b"ZZ", "no es un tipo de documento"),
    ],
)
def test_a_record_that_does_not_say_whose_it_is_is_nobody_s_and_health_says_so(
    tabla: Path, conectar: Callable[[], FoxPro], campo: str, contenido: bytes, motivo: str
) -> None:
    escribir(tabla, fila(), fila(CODCRE="0110000003"))
    gastar(tabla, 1, campo, contenido)
    vigilado = Watched(conectar())
    assert obligations(vigilado.ask(ANA)) == {"0110000003"}
    salud = vigilado.guarda.salud()
    assert salud.disponible
    assert (
        salud.detalle
        == f"1 registro no es de nadie: CREDITOS.DBF, registro 1, campo {campo}: {motivo}."
    )


def test_the_copy_follows_the_original(
    tabla: Path, conectar: Callable[[], FoxPro], copias: Path
) -> None:
    escribir(tabla, fila())
    vigilado = Watched(conectar())
    assert vigilado.ask(ANA).filas[0]["saldo"] == "1234.50"
    escribir(tabla, fila(SALDO=Decimal("99.01"), OBSERV="Pagó."), dia=dt.date(2026, 11, 2))
    nueva = vigilado.ask(ANA)
    assert (nueva.filas[0]["saldo"], nueva.filas[0]["observacion"], nueva.fecha_corte) == (
        "99.01",
        "Pagó.",
        dt.date(2026, 11, 2),
    )
    assert len(list(copias.iterdir())) == 1


def test_what_changed_within_a_tick_of_the_file_s_clock_is_seen_too(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    escribir(tabla, fila())
    with patch("handlers.conectores.foxpro.copia.REPASO", 0.0):
        vigilado = Watched(conectar())
        vigilado.ask(ANA)
        escribir(tabla, fila(SALDO=Decimal("1234.99")))  # same size, same time
        assert vigilado.ask(ANA).filas[0]["saldo"] == "1234.99"


def test_an_original_that_is_gone_leaves_the_last_copy_also_after_a_restart(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    vigilado = Watched(conectar())
    antes = vigilado.ask(ANA)
    tabla.unlink()
    for cada in (vigilado, Watched(conectar())):
        despues = cada.ask(ANA)
        assert (despues.estado, despues.filas, despues.fecha_corte) == ("ok", antes.filas, CORTE)
        salud = cada.guarda.salud()
        assert (salud.disponible, salud.detalle) == (
            True,
            "responde la copia con corte 31/10/2026: no está el archivo CREDITOS.DBF",
        )
    escribir(tabla, fila(), dia=dt.date(2026, 11, 5))
    assert (vigilado.ask(ANA).fecha_corte, vigilado.guarda.salud().detalle) == (
        dt.date(2026, 11, 5),
        "",
    )


def test_an_original_that_hangs_leaves_the_last_copy_and_health_says_so(
    conectar: Callable[[], FoxPro],
) -> None:
    """As a share that does not answer: one waits for it, and nobody else."""
    vigilado = Watched(conectar(), Politica(espera=0.2, reintentos=1, pausa=0.1))
    antes, cambio = vigilado.ask(ANA), vars(Copia)["cambio"]
    with patch.object(Copia, "cambio", lambda self: time.sleep(1.0) or cambio(self)):
        despues = vigilado.ask(ANA)
        assert (despues.estado, despues.filas) == ("ok", antes.filas)
        assert (
            vigilado.guarda.salud().detalle
            == "responde la copia con corte 31/10/2026: CREDITOS.DBF no contesta"
        )
        time.sleep(1.0)
    assert (vigilado.ask(ANA).filas, vigilado.guarda.salud().detalle) == (antes.filas, "")


def test_an_original_that_is_broken_leaves_the_last_legible_copy_and_is_named(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    vigilado = Watched(conectar())
    antes = vigilado.ask(ANA)
    tabla.write_bytes(tabla.read_bytes()[:-100])
    assert vigilado.ask(ANA).filas == antes.filas
    dicho = "el encabezado dice"
    assert dicho in vigilado.guarda.salud().detalle
    assert Watched(conectar()).ask(ANA).filas == antes.filas


def test_a_broken_table_without_a_copy_is_a_state_that_names_the_file(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    tabla.write_bytes(b"esto no es una tabla" * 100)
    respuesta = Watched(conectar()).ask(ANA)
    assert (respuesta.estado, respuesta.causa) == ("no_disponible", Causa.ILEGIBLE)
    assert respuesta.detalle == "CREDITOS.DBF: el tipo 0x65 no es de una tabla que se sepa leer."


def test_a_table_that_does_not_stop_changing_is_busy(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    original, veces = vars(Copia)["_trozos"], 0

    def mientras(self: Copia, ruta: Path) -> Iterator[bytes]:
        nonlocal veces
        yield from original(self, ruta)
        veces += 1
        os.utime(tabla, (veces, veces))

    with patch.object(Copia, "_trozos", mientras):
        respuesta = Watched(conectar()).ask(ANA)
    assert (respuesta.estado, respuesta.causa, respuesta.detalle) == (
        "no_disponible",
        Causa.OCUPADO,
        "CREDITOS.DBF no deja de cambiar",
    )
    assert Watched(conectar()).ask(ANA).estado == "ok"


def test_nobody_is_answered_from_half_of_a_change(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    """While the office writes the table again and again, each answer is that of one of its
    states."""
    estados = [[fila(SALDO=Decimal(n), OBSERV=f"Nota {n}")] * 50 for n in (1, 2)]
    escribir(tabla, *estados[0])
    vigilado, fin = Watched(conectar()), time.monotonic() + 1.0
    vigilado.ask(ANA)
    vistos: set[object] = set()

    def escribe() -> None:
        n = 0
        while time.monotonic() < fin:
            n += 1
            escribir(tabla, *estados[n % 2], dia=CORTE + dt.timedelta(days=n % 1000))

    def lee() -> None:
        while time.monotonic() < fin:
            respuesta = vigilado.ask(ANA)
            if respuesta.estado == "ok":
                assert len(respuesta.filas) == 50
                dichos = {(f["saldo"], f["observacion"]) for f in respuesta.filas}
                assert len(dichos) == 1
                vistos.update(dichos)

    assert at_once([escribe, lee, lee]) == []
    assert vistos <= {("1.00", "Nota 1"), ("2.00", "Nota 2")}


def test_processes_that_follow_the_same_table_do_not_get_in_each_other_s_way(
    tabla: Path, conectar: Callable[[], FoxPro], copias: Path
) -> None:
    """Web and worker share the folder of copies."""
    escribir(tabla, fila())
    vigilados = [Watched(conectar()) for _ in range(6)]

    def pregunta(vigilado: Watched, saldo: str) -> None:
        assert vigilado.ask(ANA).filas[0]["saldo"] == saldo

    for dia, saldo in enumerate(("1.00", "2.00", "1.00", "3.00")):
        escribir(tabla, fila(SALDO=Decimal(saldo)), dia=CORTE + dt.timedelta(days=dia))
        assert at_once([partial(pregunta, vigilado, saldo) for vigilado in vigilados]) == []
        assert len(list(copias.iterdir())) == 1


def test_where_no_copy_can_be_made_the_system_is_not_available(tabla: Path, tmp_path: Path) -> None:
    (tmp_path / "archivo").touch()
    respuesta = Watched(FoxPro(de_la_demostracion(tabla), tmp_path / "archivo" / "copias")).ask(ANA)
    assert (respuesta.estado, respuesta.detalle) == (
        "no_disponible",
        "no se puede copiar CREDITOS.DBF (ENOTDIR)",
    )


def test_the_original_is_neither_written_nor_made_nor_held(
    tabla: Path, conectar: Callable[[], FoxPro]
) -> None:
    antes = {
        ruta.name: (ruta.read_bytes(), ruta.stat().st_mtime_ns) for ruta in tabla.parent.iterdir()
    }
    vigilado = Watched(conectar())
    vigilado.ask(ANA)
    assert not [
        ligado
        for ligado in Path("/proc/self/fd").iterdir()
        if os.path.realpath(ligado).startswith(str(tabla.parent))
    ]
    assert {
        ruta.name: (ruta.read_bytes(), ruta.stat().st_mtime_ns) for ruta in tabla.parent.iterdir()
    } == antes


def test_what_is_no_file_or_too_large_is_never_opened(
    tabla: Path, conectar: Callable[[], FoxPro], tmp_path: Path, copias: Path
) -> None:
    ajuste = tmp_path / "foxpro.toml"
    ajuste.write_text(AJUSTE.format(tabla=tabla) + "\n", "utf-8")
    os.truncate(tabla, 2 << 20)
    respuesta = Watched(FoxPro(leer(ajuste), copias)).ask(ANA)
    assert (respuesta.causa, respuesta.detalle) == (
        Causa.ILEGIBLE,
        "CREDITOS.DBF pesa 2 MB, y se leen hasta 1 (tope_mb)",
    )
    tabla.unlink()
    os.mkfifo(tabla)
    assert Watched(conectar()).ask(ANA).detalle == "CREDITOS.DBF no es un archivo"


def test_without_its_memo_file_only_what_needs_it_is_unreadable(
    tabla: Path, conectar: Callable[[], FoxPro], tmp_path: Path
) -> None:
    escribir(tabla, fila(), fila(NUMDOC="9900000002", CODCRE="9910000002", OBSERV=""))
    tabla.with_suffix(".FPT").unlink()
    vigilado = Watched(conectar())
    assert (
        vigilado.ask(ANA).detalle
        == "CREDITOS.DBF, registro 1, campo OBSERV: no está el archivo de memos que lo guarda."
    )
    assert vigilado.ask(BETO).filas[0]["observacion"] == ""
    ajuste = tmp_path / "foxpro.toml"
    ajuste.write_text(AJUSTE.format(tabla=tabla), "utf-8")
    assert Watched(FoxPro(leer(ajuste), tmp_path / "otras")).ask(ANA).estado == "ok"


AJUSTE = """
tabla = "{tabla}"
tope_mb = 1

[documento]
tipo = "TIPDOC"
tipos = {{ "1" = "CC" }}
numero = "NUMDOC"

[columnas]
obligacion = "CODCRE"
linea = "LINEA C(4)"
saldo = "SALDO N(14,2)"

[valores.linea]
"0100" = "PREG"

[corte]
segun = "campo"
campo = "FECGIRO"

[codigos]
sin_declarar = "cp850"
"""


def test_a_place_says_in_a_file_how_its_table_is_read(
    tabla: Path, tmp_path: Path, copias: Path
) -> None:
    escribir(
        tabla,
        fila(TIPDOC="1", LINEA="0100"),
        fila(LINEA="XX", CODCRE="0110000003", FECGIRO=dt.date(1999, 5, 6)),
    )
    ajuste = tmp_path / "foxpro.toml"
    ajuste.write_text(AJUSTE.format(tabla=tabla), "utf-8")
    respuesta = Watched(FoxPro(leer(ajuste), copias)).ask(ANA)
    assert respuesta.filas == (
        {"obligacion": "0110000001", "linea": "PREG", "saldo": "1234.50"},
        {"obligacion": "0110000003", "linea": "XX", "saldo": "1234.50"},
    )
    assert respuesta.fecha_corte == dt.date(1999, 5, 6)  # the oldest that the rows name


@pytest.mark.parametrize(
    ("quita", "pone", "dicho"),
    [
        ('numero = "NUMDOC"', "", "documento.numero: se espera un texto"),
        ('tabla = "', 'tablas = "', "tablas: no se conoce"),
        (
            'segun = "campo"',
            'segun = "ayer"',
            "en [corte] se espera segun = archivo, encabezado o campo",
        ),
        ('campo = "FECGIRO"', "", "en [corte] se espera segun = archivo, encabezado o campo"),
        ('"1" = "CC"', '"1" = "XX"', "en [documento] se esperan los tipos CC, TI"),
        ('tipo = "TIPDOC"', 'tipo = "TIPDOC"\nsiempre = "CC"', "uno de los dos"),
        ('obligacion = "CODCRE"', "", "en [columnas] falta obligacion"),
        (
            '"SALDO N(14,2)"',
            '"SALDO, el de hoy"',
            "se espera un campo, y si se quiere su forma, como SALDO o SALDO N(14,2), no «SALDO, el de hoy»",
        ),
        (
            "[valores.linea]",
            "[valores.lineas]",
            "[valores] nombra lineas, que no está en [columnas]",
        ),
        ("cp850", "cp0", "no se conoce la página de códigos cp0"),
        ("cp850", "hex", "no se conoce la página de códigos hex"),
        ("tope_mb = 1", "tope_mb = 0", "tope_mb: se espera un número entre 1 y 2048"),
        (
            "tope_mb = 1",
            'memo = "CREDITOS.DBF"',
            "memo es el archivo de los textos largos, no la tabla",
        ),
        ("[valores.linea]", "valores", "no es un archivo TOML; revise la línea"),
    ],
)
def test_a_file_that_does_not_say_how_a_table_is_read_is_refused_with_a_sentence(
    quita: str, pone: str, dicho: str, tmp_path: Path
) -> None:
    ajuste = tmp_path / "foxpro.toml"
    assert quita in AJUSTE
    ajuste.write_text(AJUSTE.format(tabla="CREDITOS.DBF").replace(quita, pone), "utf-8")
    with pytest.raises(ConfiguracionInvalida) as error:
        leer(ajuste)
    assert dicho in str(error.value)


def test_the_example_of_the_documents_is_such_a_file(tmp_path: Path) -> None:
    documento = (Path(__file__).resolve().parents[3] / "docs" / "systems.md").read_text("utf-8")
    (ejemplo,) = re.findall(r"### FOX PRO\n.*?```toml\n(.*?)```", documento, re.DOTALL)
    (tmp_path / "foxpro.toml").write_text(ejemplo, "utf-8")
    leido = leer(tmp_path / "foxpro.toml")
    assert [c.nombre for c in leido.columnas] == [
        "obligacion",
        "linea",
        "estado",
        "saldo",
        "dias_mora",
        "fecha_giro",
    ]


def test_a_table_of_another_form_than_the_file_says_is_named(
    tabla: Path, tmp_path: Path, copias: Path
) -> None:
    ajuste = tmp_path / "foxpro.toml"
    for mal, dicho in (
        ("SALDO N(12,2)", "CREDITOS.DBF, campo SALDO: es N(14,2) y se esperaba N(12,2)."),
        ("SALDOX", "CREDITOS.DBF: no tiene el campo SALDOX."),
    ):
        ajuste.write_text(AJUSTE.format(tabla=tabla).replace("SALDO N(14,2)", mal), "utf-8")
        respuesta = Watched(FoxPro(leer(ajuste), copias)).ask(ANA)
        assert (respuesta.causa, respuesta.detalle) == (Causa.ILEGIBLE, dicho)


def test_the_cut_off_may_be_what_the_header_names(
    tabla: Path, tmp_path: Path, copias: Path
) -> None:
    ajuste = tmp_path / "foxpro.toml"
    escrito = (
        AJUSTE.format(tabla=tabla)
        .replace('segun = "campo"', 'segun = "encabezado"')
        .replace('campo = "FECGIRO"\n', "")
    )
    ajuste.write_text(escrito, "utf-8")
    os.utime(tabla, (0, 0))
    assert Watched(FoxPro(leer(ajuste), copias)).ask(ANA).fecha_corte == CORTE


def test_the_demo_file_is_the_same_for_the_same_people(tmp_path: Path) -> None:
    for nombre in ("a", "b"):
        assert foxpro.construir(tmp_path / nombre, CREDITOS, corte=CORTE) == 3
    for final in (".DBF", ".FPT"):
        hechos = [(tmp_path / nombre / foxpro.ARCHIVO).with_suffix(final) for nombre in ("a", "b")]
        assert hechos[0].read_bytes() == hechos[1].read_bytes()
        assert sorted(ruta.name for ruta in hechos[0].parent.iterdir()) == [
            "CREDITOS.DBF",
            "CREDITOS.FPT",
        ]
