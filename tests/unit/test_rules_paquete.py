"""Procedures as packages: what a manifest may say, what a ZIP may bring, and that both come back as
they went."""

import hashlib
import io
import tomllib
import zipfile
from pathlib import Path

import pytest

from records.paquetes.reglas import paquete as reglas, paquete_zip
from records.paquetes.reglas.paquete import Actividad, Definicion, Diferencia, Lista, Paquete
from tests.kit.chance import dice
from webforms.paquetes.faltas import FRASES, frases
from webforms.paquetes.manifiesto import escrito
from webforms.paquetes.plantilla import diagrama_vacio

ROOT = Path(__file__).resolve().parents[2]
SANO = 'formato = 1\nnombre = "Permiso"\nmodelos = ["permiso.bpmn"]\n'


def archivos(manifiesto: str = SANO) -> dict[str, bytes]:
    return {
        "permiso.bpmn": diagrama_vacio("permiso", "Permiso"),
        "permiso/paquete.toml": manifiesto.encode(),
    }


def con_lista(
    valores: str,
    *,
    codigo: str = "zona",
    nombre: str = "Zonas",
    variable: str = "zona_id",
    solo: bool = False,
) -> str:
    lista = f"[[lista]]\ncodigo = '{codigo}'\nnombre = '{nombre}'\nvariable = '{variable}'\nvalores = {valores}\n"
    return lista if solo else SANO + lista


def zip_de(entradas: dict[str, bytes], *, huellas: bool = True) -> bytes:
    """A ZIP as somebody else could write it."""
    lineas = "".join(f"{hashlib.sha256(c).hexdigest()}  {r}\n" for r, c in entradas.items())
    hecho = io.BytesIO()
    with zipfile.ZipFile(hecho, "w", zipfile.ZIP_DEFLATED) as destino:
        for ruta, contenido in (
            {"huellas.sha256": lineas.encode()} | entradas if huellas else entradas
        ).items():
            destino.writestr(ruta, contenido)
    return hecho.getvalue()


# --- the packages of this repository --------------------------------------------------------------
@pytest.mark.parametrize("carpeta", reglas.carpetas(ROOT / "bpmn"), ids=lambda ruta: ruta.name)
def test_every_diagram_and_table_of_a_package_stands_in_its_manifest_and_all_its_elements_are_drawn(
    carpeta: Path,
) -> None:
    piezas = reglas.archivos_de(carpeta)

    paquete, faltas = reglas.leer(carpeta.name, piezas)

    assert faltas == []
    assert paquete is not None
    assert set(paquete.piezas) == set(piezas)
    dibujado = b"".join(piezas[nombre] for nombre in paquete.diagramas).decode()
    for fila in (*paquete.actividades, *paquete.condiciones, *paquete.controles):
        assert fila.elementos, fila.n
        assert [id_ for id_ in fila.elementos if f'id="{id_}"' not in dibujado] == []


def test_m5_1_02_says_its_32_activities_7_conditions_6_controls_and_9_definitions() -> None:
    paquete, _faltas = reglas.leer("m5_1_02", reglas.archivos_de(ROOT / "bpmn" / "m5_1_02"))

    assert paquete is not None
    assert [a.n for a in paquete.actividades] == [f"5.2.{n}" for n in range(1, 33)]
    assert [len(x) for x in (paquete.condiciones, paquete.controles, paquete.definiciones)] == [
        7,
        6,
        9,
    ]


# --- manifests ------------------------------------------------------------------------------------
def test_a_manifest_is_read_as_it_was_written() -> None:
    paquete = Paquete(
        "permiso",
        'Permiso «de» "ocupación"',
        escrito="EP-01",
        objetivo="Una línea\ny otra: \\ con todo.",
        modelos=("permiso.bpmn",),
        definiciones=(Definicion("Aviso", "Lo que se pone."),),
        condiciones=(Actividad("4.1", "Se paga antes."),),
        actividades=(
            Actividad("1", "Recibir", "Ventanilla", ("a", "b")),
            Actividad("2", "Archivar"),
        ),
        listas=(Lista("zona", "Zonas", "zona_id", (("norte", "Zona norte"), ("sur", "Zona sur"))),),
        textos=("permiso/paquete.toml",),
    )

    assert reglas.leer("permiso", archivos(escrito(paquete).decode())) == (paquete, [])


@pytest.mark.parametrize(
    ("manifiesto", "dicho"),
    [
        ("formato = 1", "nombre: Falta."),
        ("formato = 2\nnombre = 'x'\nmodelos = ['permiso.bpmn']", "formato: El manifiesto debe decir formato = 1"),
        (SANO + "otra = 1", "otra: Aquí no se conoce"),
        (SANO.replace("permiso.bpmn", "otro.bpmn"), "modelos: Nombra «otro.bpmn», que no está en el paquete."),
        (SANO.replace('"permiso.bpmn"', '"permiso.bpmn", "permiso.bpmn"'), "modelos: «permiso.bpmn» está dos veces."),
        (SANO.replace('"permiso.bpmn"', '"permiso.bpmn", "m5_1_02/paquete.toml"'), "modelos: «m5_1_02/paquete.toml» no es un diagrama"),
        (SANO.replace('["permiso.bpmn"]', "[]"), "modelos: No nombra ningún diagrama (.bpmn)."),
        (SANO.replace('["permiso.bpmn"]', "[1]"), "modelos: Debe ser una lista de textos."),
        (SANO.replace('"Permiso"', "3"), "nombre: Debe ser un texto entre comillas."),
        (SANO + "actividad = 3", "actividad: Debe ser una lista de filas."),
        (SANO + "[[actividad]]\nn = '1'", "actividad 1.texto: Falta."),
        (SANO + "[[actividad]]\nn = '1'\ntexto = 'a'\ncolor = 'x'", "actividad 1.color: Aquí no se conoce"),
        (SANO + "[[actividad]]\nn = '1'\ntexto = 'a'\n" * 2, "actividad: «1» está dos veces."),
        (SANO + "[[actividad]]\nn = '1'\ntexto = 'a'\nelementos = 'b'", "actividad 1.elementos: Debe ser una lista de textos."),
        (SANO + "[[lista]]\ncodigo = 'z'\nnombre = 'Z'\nvariable = 'z_id'", "lista 1: «z» no sirve como código"),
        (con_lista("{a = 1}"), "lista 1.valores: Los valores"),
        (con_lista("{a = 'x'}", variable="punto_id"), "lista 1.variable: «punto_id» es la variable de los puntos o de las áreas"),
        (con_lista("{a = 'x'}", variable="area_id"), "lista 1.variable: «area_id» es la variable de los puntos o de las áreas"),
        (con_lista("{'' = 'x'}"), "lista 1.valores: «» no sirve como código"),
        (con_lista("{'norte sur' = 'x'}"), "lista 1.valores: «norte sur» no sirve como código"),
        (con_lista("{'niño' = 'x'}"), "lista 1.valores: «niño» no sirve"),
        (con_lista('{"a\\u0000b" = "x"}'), "lista 1.valores: «a\N{REPLACEMENT CHARACTER}b» no sirve"),
        (con_lista(f"{{{'a' * 41} = 'x'}}"), f"lista 1.valores: «{'a' * 41}» no sirve"),
        (con_lista('{a = "x\\u0000"}'), "lista 1.valores.a: Tiene un signo que no se puede guardar"),
        (con_lista('{a = "x\\ny"}'), "lista 1.valores.a: Tiene un signo que no se puede guardar"),
        (con_lista(f"{{a = '{'x' * 161}'}}"), "lista 1.valores.a: El texto tiene más de 160 caracteres."),
        (con_lista("{a = 'x'}", nombre="x" * 161), "lista 1.nombre: El texto tiene más de 160 caracteres."),
        (con_lista("{a = 'x'}") + con_lista("{a = 'y'}", codigo="otra", variable="otra_id", solo=True), "lista: «a» está dos veces."),
        (con_lista("{a = 'x'}") + con_lista("{b = 'y'}", codigo="otra", solo=True), "lista: «zona_id» está dos veces."),
        (con_lista("{a = 'x'}") + con_lista("{b = 'y'}", variable="otra_id", solo=True), "lista: «zona» está dos veces."),
        (con_lista("{" + ", ".join(f"v{n} = 'x'" for n in range(501)) + "}"), "lista 1.valores: Son más de 500 filas."),
        (SANO.replace('"Permiso"', '"a\\u0000b"'), "nombre: Tiene un signo"),
        (SANO.replace("Permiso", "x" * 161), "nombre: El texto tiene más de 160 caracteres."),
        (SANO + 'objetivo = "a\\u0000b"', "objetivo: Tiene un signo"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_manifest_is_said_where_it_is(manifiesto: str, dicho: str) -> None:
    paquete, faltas = reglas.leer("permiso", archivos(manifiesto))

    assert paquete is None
    assert [frase for frase in frases(faltas) if dicho in frase], frases(faltas)


@pytest.mark.parametrize(
    "contenido", [b"\xff\xfe", b"a = ", b"[" * 5_000, b"a = 1\na = 2", b"x" * 100_000, b"\x00"]
)
def test_a_manifest_that_is_no_toml_is_a_sentence(contenido: bytes) -> None:
    paquete, faltas = reglas.leer("permiso", archivos() | {"permiso/paquete.toml": contenido})

    assert paquete is None
    assert frases(faltas)[0].startswith("El manifiesto no se puede leer")


def test_a_model_that_the_manifest_of_a_package_by_itself_does_not_name_is_a_fault_and_beside_others_none() -> (
    None
):
    juntos = archivos() | {
        "tarifa.dmn": b"<a/>",
        "otro.bpmn": b"<a/>",
        "permiso/cartas/aviso.es.txt": b"Hola",
    }

    assert reglas.leer("permiso", juntos)[1] == []
    paquete, faltas = reglas.leer_entero("permiso", juntos)

    assert paquete is None
    assert [frase.partition(".")[0] for frase in frases(faltas)] == ["otro", "tarifa"]
    assert (
        frases(faltas)[0]
        == "otro.bpmn: Está en el paquete y el manifiesto no lo nombra en «modelos». Nómbrelo allí o quítelo."
    )
    assert reglas.leer_entero("permiso", archivos())[1] == []


def test_every_fault_has_its_sentence() -> None:
    modulos = ("paquete", "paquete_zip", "escenarios", "traducciones")
    codigo = "".join(
        (ROOT / "records" / "paquetes" / "reglas" / f"{nombre}.py").read_text("utf-8")
        for nombre in modulos
    )

    assert [clave for clave in FRASES if f'"{clave}"' not in codigo] == []


# --- comparing ------------------------------------------------------------------------------------
def test_what_differs_comes_first() -> None:
    aqui, llega = {"a": b"1", "b": b"1", "c": b"1"}, {"a": b"1", "b": b"2", "d": b"1"}

    assert reglas.comparar(aqui, llega) == [
        Diferencia("b", "cambiada"),
        Diferencia("d", "nueva"),
        Diferencia("c", "solo_aqui"),
        Diferencia("a", "igual"),
    ]


# --- as a ZIP -------------------------------------------------------------------------------------
def test_a_package_comes_back_from_its_zip_and_the_same_package_gives_the_same_bytes() -> None:
    piezas = archivos() | {"permiso/cartas/aviso.es.txt": b"Asunto: Aviso\n\nHola"}

    uno = paquete_zip.escribir("permiso", piezas)

    assert uno == paquete_zip.escribir("permiso", dict(reversed(piezas.items())))
    assert paquete_zip.leer(uno) == ("permiso", piezas, [])


def test_the_list_of_digests_is_one_that_others_can_check() -> None:
    with zipfile.ZipFile(io.BytesIO(paquete_zip.escribir("permiso", archivos()))) as zip_:
        lineas = zip_.read("huellas.sha256").decode().splitlines()
        for linea in lineas:
            huella, _, ruta = linea.partition("  ")
            assert hashlib.sha256(zip_.read(ruta)).hexdigest() == huella
    assert len(lineas) == 2


SANAS = {"permiso/permiso.bpmn": b"<a/>", "permiso/paquete.toml": SANO.encode()}


@pytest.mark.parametrize(
    ("contenido", "dicho"),
    [
        (b"", "No es un archivo ZIP que se pueda abrir: está cortado, o es otra cosa."),
        (b"PK\x03\x04" + b"\x00" * 60, "No es un archivo ZIP que se pueda abrir: está cortado, o es otra cosa."),
        (zip_de(SANAS)[:-40], "No es un archivo ZIP que se pueda abrir: está cortado, o es otra cosa."),
        (zip_de(SANAS, huellas=False), "huellas.sha256: El paquete no trae la lista de sus huellas."),
        (zip_de(SANAS | {"otro/x.txt": b"a"}), "Un paquete es una sola carpeta; este trae: otro, permiso"),
        (zip_de(SANAS | {"../etc/x.txt": b"a"}), "../etc/x.txt: El nombre de este archivo no se acepta."),
        (zip_de(SANAS | {"/etc/x.txt": b"a"}), "/etc/x.txt: El nombre de este archivo no se acepta."),
        (zip_de(SANAS | {"permiso\\x.txt": b"a"}), "El nombre de este archivo no se acepta."),
        (zip_de(SANAS | {"permiso/ñ.txt": b"a"}), "permiso/ñ.txt: El nombre de este archivo no se acepta."),
        (zip_de(SANAS | {f"permiso/{'a' * 60}/{'b' * 60}.txt": b"a"}), "El nombre de este archivo no se acepta."),
        (zip_de(SANAS | {"permiso/x.py": b"a"}), "permiso/x.py: No es una pieza de un paquete"),
        (zip_de(SANAS | {"permiso/a/permiso.bpmn": b"a"}), "«permiso.bpmn» está dos veces."),
        (zip_de(SANAS | {"permiso/grande.txt": b"a" * (paquete_zip.MAX_PIEZA + 1)}), "permiso/grande.txt: Pesa más de 2 MB."),
        (zip_de({f"permiso/{n}.txt": b"" for n in range(2_001)}), "Trae más de 2000 archivos."),
        (zip_de({f"permiso/{n}.txt": b"0" * 2_000_000 for n in range(40)}), "El paquete pesa más de 64 MB."),
        (b"a" * (paquete_zip.MAX_ZIP + 1), "El paquete pesa más de 8 MB."),
        (zip_de({"huellas.sha256": b"nada"}, huellas=False), "La lista de huellas no se puede leer."),
        (zip_de({"huellas.sha256": b"", **SANAS}, huellas=False), "permiso/paquete.toml: No está en la lista de huellas."),
    ],
)  # fmt: skip
def test_a_zip_that_is_no_package_gives_sentences_and_no_piece(
    contenido: bytes, dicho: str
) -> None:
    _codigo, piezas, faltas = paquete_zip.leer(contenido)

    assert piezas == {}
    assert [frase for frase in frases(faltas) if dicho in frase], frases(faltas)


def test_a_piece_that_was_changed_afterwards_is_named() -> None:
    sano = zip_de(SANAS)
    with zipfile.ZipFile(io.BytesIO(sano)) as zip_:
        huellas = zip_.read("huellas.sha256")
    falso = zip_de(
        {"huellas.sha256": huellas, **SANAS, "permiso/permiso.bpmn": b"<b/>"}, huellas=False
    )

    assert frases(paquete_zip.leer(falso)[2]) == [
        "permiso/permiso.bpmn: Su contenido no es el de su huella: se dañó o lo cambiaron después de exportar."
    ]


def test_two_hundred_broken_zips_give_sentences_or_the_very_package() -> None:
    rng = dice("packages")
    piezas = archivos()
    sano = paquete_zip.escribir("permiso", piezas)
    for _ in range(200):
        roto = bytearray(sano)
        for _veces in range(rng.randint(1, 6)):
            roto[rng.randrange(len(roto))] = rng.randrange(256)
        _codigo, leidas, faltas = paquete_zip.leer(bytes(roto))
        assert leidas == piezas if not faltas else leidas == {}
        assert all(frases(faltas))


def test_the_manifest_of_this_repository_is_plain_toml() -> None:
    dicho = tomllib.loads((ROOT / "bpmn" / "m5_1_02" / "paquete.toml").read_text("utf-8"))

    assert dicho["nombre"] == "Atención personalizada"
