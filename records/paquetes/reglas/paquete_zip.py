"""A package as one ZIP: its pieces in the folder of its code, and `huellas.sha256`, which
`sha256sum -c` reads. Pure.

Written the same for the same pieces. What is read was written by anybody: bounded before anything
is unpacked, and nothing that the list of digests does not name is taken.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from records.paquetes.reglas import paquete
from records.paquetes.reglas.paquete import Falta

HUELLAS: Final = "huellas.sha256"
MAX_ZIP: Final = 8 * 1024 * 1024
MAX_PIEZAS: Final = 2_000
MAX_PIEZA: Final = 2 * 1024 * 1024
MAX_TODO: Final = 64 * 1024 * 1024
RUTA: Final = re.compile(r"[a-z][a-z0-9_]{1,39}(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,70}){1,4}")
_LINEA: Final = re.compile(r"([0-9a-f]{64})  (\S+)")
#: What zipfile says of files that are none, cut off or damaged.
ROTO: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_FECHA: Final = (1980, 1, 1, 0, 0, 0)


def escribir(codigo: str, piezas: Mapping[str, bytes]) -> bytes:
    """The ZIP of these pieces, named as a release names them."""
    archivos = {ruta_en_el_zip(codigo, nombre): contenido for nombre, contenido in piezas.items()}
    lineas = "".join(
        f"{hashlib.sha256(contenido).hexdigest()}  {ruta}\n"
        for ruta, contenido in sorted(archivos.items())
    )
    hecho = io.BytesIO()
    with zipfile.ZipFile(hecho, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as destino:
        for ruta, contenido in [(HUELLAS, lineas.encode()), *sorted(archivos.items())]:
            entrada = zipfile.ZipInfo(ruta, _FECHA)
            entrada.compress_type = zipfile.ZIP_DEFLATED
            entrada.external_attr = 0o644 << 16
            destino.writestr(entrada, contenido)
    return hecho.getvalue()


def ruta_en_el_zip(codigo: str, nombre: str) -> str:
    return nombre if nombre.startswith(f"{codigo}/") else f"{codigo}/{nombre}"


def leer(contenido: bytes) -> tuple[str, dict[str, bytes], list[Falta]]:
    """Code of the package and its pieces, named as a release names them; or why it is none: then no
    piece is given."""
    if len(contenido) > MAX_ZIP:
        return "", {}, [Falta("", "zip_grande", str(MAX_ZIP // 1024 // 1024))]
    try:
        with zipfile.ZipFile(io.BytesIO(contenido)) as zip_:
            faltas, archivos = _abrir(zip_)
    except ROTO:
        return "", {}, [Falta("", "no_es_zip")]
    faltas = faltas or _revisar_huellas(archivos)
    codigos = {ruta.partition("/")[0] for ruta in archivos if ruta != HUELLAS}
    if not faltas and len(codigos) != 1:
        faltas = [Falta("", "varias_carpetas", ", ".join(sorted(codigos)[:5]))]
    if faltas:
        return "", {}, faltas
    [codigo] = codigos
    piezas: dict[str, bytes] = {}
    for ruta, dicho in archivos.items():
        nombre = (
            paquete.nombre_en_la_version(codigo, ruta.partition("/")[2])
            if ruta != HUELLAS
            else None
        )
        if nombre is None and ruta != HUELLAS:
            faltas.append(Falta(ruta, "no_es_pieza"))
        elif nombre is not None and len(nombre) > paquete.MAX_NOMBRE_DE_PIEZA:
            faltas.append(Falta(ruta[:120], "ruta"))
        elif nombre in piezas:
            faltas.append(Falta(ruta, "dos_veces", nombre or ""))
        elif nombre is not None:
            piezas[nombre] = dicho
    return (codigo, piezas, []) if not faltas else ("", {}, faltas)


def _abrir(zip_: zipfile.ZipFile) -> tuple[list[Falta], dict[str, bytes]]:
    """What lies in it, no more than it says, and no more than we take."""
    entradas = [entrada for entrada in zip_.infolist() if not entrada.is_dir()]
    if len(entradas) > MAX_PIEZAS:
        return [Falta("", "muchas_piezas", str(MAX_PIEZAS))], {}
    if sum(entrada.file_size for entrada in entradas) > MAX_TODO:
        return [Falta("", "zip_grande", str(MAX_TODO // 1024 // 1024))], {}
    faltas, archivos = [], {}
    for entrada in entradas:
        ruta = entrada.filename
        if ruta != HUELLAS and (RUTA.fullmatch(ruta) is None or ".." in ruta):
            faltas.append(Falta(ruta[:120], "ruta"))
        elif ruta in archivos:
            faltas.append(Falta(ruta, "dos_veces", ruta))
        elif entrada.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            faltas.append(Falta(ruta, "otro_zip"))
        elif entrada.flag_bits & 1:
            faltas.append(Falta(ruta, "cifrada"))
        else:
            with zip_.open(entrada) as abierta:
                leido = abierta.read(MAX_PIEZA + 1)
            if len(leido) > MAX_PIEZA:
                faltas.append(Falta(ruta, "pieza_grande", str(MAX_PIEZA // 1024 // 1024)))
            archivos[ruta] = leido
    return faltas, archivos


def _revisar_huellas(archivos: Mapping[str, bytes]) -> list[Falta]:
    if HUELLAS not in archivos:
        return [Falta(HUELLAS, "sin_huellas")]
    lineas = archivos[HUELLAS].decode("utf-8", "replace").splitlines()
    leidas = [_LINEA.fullmatch(linea) for linea in lineas]
    if not all(leidas):
        return [Falta(HUELLAS, "huellas_ilegibles")]
    dichas = {m[2]: m[1] for m in leidas if m is not None}
    faltas = [
        Falta(ruta, "sin_huella")
        for ruta in sorted(archivos)
        if ruta != HUELLAS and ruta not in dichas
    ]
    faltas += [Falta(ruta, "falta_pieza") for ruta in sorted(dichas) if ruta not in archivos]
    distintas = (
        ruta
        for ruta in sorted(dichas)
        if ruta in archivos and hashlib.sha256(archivos[ruta]).hexdigest() != dichas[ruta]
    )
    return faltas + [Falta(ruta, "otra_huella") for ruta in distintas]
