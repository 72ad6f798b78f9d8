"""The archive: `base`, `secreto`, `archivos/…`, `manifiesto.json`, and last its `firma`, in one
tar.gz, readable by its owner only."""

import datetime as dt
import errno
import gzip
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from common.language import said
from common.notes import ID, MOST_SIGNATURES, BadNote, Checkpoint, Verifier, open_note, read_line
from records.casos.reglas import claves
from records.sistemas.puertos import Deposito
from webforms.respaldo.bases import Base, RespaldoFallido
from webforms.respaldo.sumas import Suma

FORMATO = 1
MANIFIESTO, BASE, SECRETO, ARCHIVOS, FIRMA = (
    "manifiesto.json",
    "base",
    "secreto",
    "archivos",
    "firma",
)
SECRETO_EN_DISCO = "secret"
DEL_DUENO = 0o600
#: The names that `empacar` writes; nothing else comes out of an archive.
NUESTROS = re.compile(
    rf"{MANIFIESTO}|{FIRMA}|{BASE}|{SECRETO}|{ARCHIVOS}/[0-9a-f]{{2}}/[0-9a-f]{{62}}", re.ASCII
)
GZIP = b"\x1f\x8b"
#: What `tarfile` raises of a file that is none, or of odd headers.
ILEGIBLE = (tarfile.TarError, ValueError, IndexError, OverflowError)
PEDAZO = 1024 * 1024
MAXIMO_DE_CABECERA = 64 * 1024 * 1024  # of what the reader of archives asks for in one piece
MAXIMO_DE_FIRMA = 64 * 1024
SIN_LUGAR = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MARGEN = 64 * 1024 * 1024  # of the disk stays free


@dataclass(frozen=True, slots=True)
class Manifiesto:
    creado: str
    tipo: str  #: sqlite or postgresql
    tablas: Mapping[str, Suma]
    miembros: Mapping[str, str]  #: member → SHA-256

    def texto(self) -> str:
        return json.dumps({"formato": FORMATO, **asdict(self)}, indent=1, sort_keys=True)

    @staticmethod
    def leer(texto: bytes) -> "Manifiesto":
        try:
            crudo = json.loads(texto)
            if crudo.pop("formato") != FORMATO:
                raise RespaldoFallido(said("el respaldo es de otra versión de Ventanilla"))
            tablas = {n: Suma(**s) for n, s in crudo["tablas"].items()}
            return Manifiesto(**{**crudo, "tablas": tablas, "miembros": dict(crudo["miembros"])})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise RespaldoFallido(said("el manifiesto no se puede leer")) from error


def por_firmar(manifiesto: bytes) -> str:
    """What the signature of an archive covers: its manifest, which names every other member with
    its hash. It has the form of a tree, since keys of logs sign nothing else; its name, which no
    log has, keeps the two apart."""
    return Checkpoint(f"ventanilla-backup/{FORMATO}", 1, hashlib.sha256(manifiesto).digest()).text


def huella(ruta: Path) -> str:
    with ruta.open("rb") as flujo:
        return hashlib.file_digest(flujo, "sha256").hexdigest()


def empacar(
    base: Base,
    secreto: str | None,
    deposito: Deposito | None,
    destino: Path,
    now: dt.datetime,
    firmar: Callable[[str], str] | None = None,
) -> Manifiesto:
    """The database first: a file is stored before the row that names it, so every row of the copy
    finds its file. `deposito`: None leaves the documents out; `secreto`: None, when what signs
    sessions is kept elsewhere. One document is in memory at a time, wherever the store is.
    `firmar`: makes a signed note of a text; None leaves the archive unsigned. DepositoFallido."""
    with tempfile.TemporaryDirectory(prefix=".respaldo-", dir=destino.parent) as carpeta:
        copia = Path(carpeta) / BASE
        sumas = base.copiar(copia)
        parcial = Path(carpeta) / "paquete"
        parcial.touch(mode=DEL_DUENO)
        miembros: dict[str, str] = {}
        with tarfile.open(parcial, "w:gz", compresslevel=1) as paquete:
            miembros[BASE] = huella(copia)
            paquete.add(copia, BASE, recursive=False)
            if secreto is not None:
                miembros[SECRETO] = hashlib.sha256(secreto.encode()).hexdigest()
                _agregar(paquete, SECRETO, secreto.encode())
            for nombre, contenido in _documentos(deposito) if deposito is not None else ():
                miembros[nombre] = hashlib.sha256(contenido).hexdigest()
                _agregar(paquete, nombre, contenido)
            manifiesto = Manifiesto(now.isoformat(), base.tipo, sumas, miembros)
            escrito = manifiesto.texto().encode()
            _agregar(paquete, MANIFIESTO, escrito)
            if firmar is not None:
                _agregar(paquete, FIRMA, firmar(por_firmar(escrito)).encode())
        _al_disco(parcial)
        parcial.replace(destino)
    return manifiesto


def _documentos(deposito: Deposito) -> Iterator[tuple[str, bytes]]:
    """Each content once. What lies aside first (the machine stopped between a commit and the next
    line): it may come home meanwhile."""
    hechos: set[str] = set()
    for prefijo in (claves.LLEGADAS, ""):
        for clave in [g.clave for g in deposito.listar(prefijo)]:
            sha256 = claves.sha256_de(clave)
            if (
                sha256 is not None
                and sha256 not in hechos
                and (contenido := deposito.sacar(clave)) is not None
            ):
                hechos.add(sha256)
                yield f"{ARCHIVOS}/{claves.de_contenido(sha256)}", contenido


def _agregar(paquete: tarfile.TarFile, nombre: str, contenido: bytes) -> None:
    miembro = tarfile.TarInfo(nombre)
    miembro.size, miembro.mode = len(contenido), DEL_DUENO
    paquete.addfile(miembro, io.BytesIO(contenido))


def _al_disco(ruta: Path) -> None:
    with ruta.open("rb") as flujo:
        os.fsync(flujo.fileno())


@contextmanager
def abierto(
    origen: Path,
    dentro_de: Path,
    llaves: Sequence[Collection[Verifier]] = (),
    de_antes: Sequence[Collection[Verifier]] = (),
) -> Iterator[tuple[Manifiesto, Path]]:
    """The archive unpacked into a folder that goes away; its signature and every member checked
    first.

    `llaves`: sets of keys, all of one of which must have signed; none: whoever made it. `de_antes`:
    those that were replaced. An archive carries no size of the log that would say when it was
    signed, so one of theirs comes back only for whoever gives them as `llaves`.
    """
    try:
        aparte = tempfile.TemporaryDirectory(prefix=".restauracion-", dir=dentro_de)
    except OSError as error:
        raise _sin_escribir(error, dentro_de) from error
    with aparte as carpeta:
        lugar = Path(carpeta)
        try:
            hallados = _leer(origen, lugar)
        except OSError as error:  # of what is written: those of reading have their sentence
            raise _sin_escribir(error, dentro_de) from error
        if not hallados:
            raise _ajeno(origen.name)
        if MANIFIESTO not in hallados:
            raise _cortado(origen.name)
        if llaves:
            _exigir_firma(lugar, llaves, de_antes)
        manifiesto = Manifiesto.leer((lugar / MANIFIESTO).read_bytes())
        for nombre, esperada in manifiesto.miembros.items():
            if nombre not in hallados or huella(lugar / nombre) != esperada:
                raise RespaldoFallido(said("%(n)s falta o está dañado en el respaldo", n=nombre))
        if ajenos := hallados - {MANIFIESTO, FIRMA, *manifiesto.miembros}:
            raise RespaldoFallido(
                said("el respaldo trae %(n)s, que su manifiesto no nombra", n=min(ajenos))
            )
        yield manifiesto, lugar


def _exigir_firma(
    lugar: Path, llaves: Sequence[Collection[Verifier]], de_antes: Sequence[Collection[Verifier]]
) -> None:
    """RespaldoFallido says who signed it, and how that key is given."""
    firma = lugar / FIRMA
    if not firma.exists():
        raise RespaldoFallido(
            said("no está firmado; para traerlo sin saber quién lo hizo, --unsigned")
        )
    texto, nota = por_firmar((lugar / MANIFIESTO).read_bytes()), _nota(firma)
    if any(_lo_firmo(juego, nota, texto) for juego in llaves):
        return
    for juego in de_antes:
        if _lo_firmo(juego, nota, texto):
            asi = " ".join(f"--key {shlex.quote(str(llave))}" for llave in juego)
            raise RespaldoFallido(
                said(
                    "lo firmó una llave que este lugar cambió por otra: %(q)s. Si el respaldo es de antes de ese cambio, "
                    "repita la orden con %(a)s",
                    q=", ".join(sorted({_corta(llave.name, llave.id) for llave in juego})),
                    a=asi,
                )
            )
    dicen = _dicen(nota)
    if not dicen:
        raise RespaldoFallido(said("su firma no se puede leer: no se sabe quién lo hizo"))
    if any({(llave.name, llave.id) for llave in juego} <= dicen for juego in (*llaves, *de_antes)):
        raise RespaldoFallido(said("cambió después de que lo firmaron"))
    quienes = ", ".join(sorted(_corta(*quien) for quien in dicen))
    raise RespaldoFallido(
        said(
            "no lo firmaron estas llaves; dice que lo firmó %(q)s. Si confía en quien lo hizo, dé con --key cada llave pública suya: "
            "las dice flask evidence key en el lugar donde se hizo",
            q=quienes,
        )
    )


def _nota(firma: Path) -> str:
    """ "": it is none that anybody would open."""
    try:
        return firma.read_text("utf-8") if firma.stat().st_size <= MAXIMO_DE_FIRMA else ""
    except UnicodeDecodeError:
        return ""


def _lo_firmo(juego: Collection[Verifier], nota: str, texto: str) -> bool:
    """All of them, and this manifest."""
    try:
        abierta = open_note(nota, juego)
    except BadNote:
        return False
    return abierta.text == texto and {firmado.by for firmado in abierta.signed} == set(juego)


def _dicen(nota: str) -> set[tuple[str, bytes]]:
    """The name and id of each key that the note says it is signed by; nobody has checked it."""
    dichas = set()
    for linea in nota.rpartition("\n\n")[2].splitlines()[:MOST_SIGNATURES]:
        with suppress(BadNote):
            nombre, octetos = read_line(linea)
            dichas.add((nombre, octetos[:ID]))
    return dichas


def _corta(nombre: str, id_: bytes) -> str:
    """As a public key begins; of a file that anybody may have written nothing that moves a
    terminal."""
    return f"{''.join(c if c.isprintable() else '?' for c in nombre[:80])}+{id_.hex()}"


def _sin_escribir(error: OSError, donde: Path) -> RespaldoFallido:
    if error.errno in SIN_LUGAR:
        return RespaldoFallido(
            said("lo que trae el respaldo no cabe en el disco de %(f)s; libere espacio", f=donde)
        )
    return RespaldoFallido(
        said("en %(f)s no se puede escribir; revise que exista, sus permisos y su disco", f=donde)
    )


def _cortado(nombre: str) -> RespaldoFallido:
    return RespaldoFallido(
        said(
            "%(f)s está cortado: le falta el final; tráigalo entero otra vez, o use otro respaldo",
            f=nombre,
        )
    )


def _danado(nombre: str) -> RespaldoFallido:
    return RespaldoFallido(
        said(
            "%(f)s está dañado: no es lo que se guardó; tráigalo otra vez, o use otro respaldo",
            f=nombre,
        )
    )


def _leer(origen: Path, lugar: Path) -> set[str]:
    """The names of what came out of the file. RespaldoFallido says what the file is; OSError is of
    `lugar`."""
    nombre = origen.name
    try:
        archivo = origen.open("rb")
    except OSError as error:
        raise _sin_leer(nombre) from error
    with archivo, gzip.open(archivo) as crudo, ExitStack() as abiertos:
        if not _es_gzip(archivo, nombre):
            raise _ajeno(nombre)
        try:
            paquete = abiertos.enter_context(
                tarfile.open(fileobj=_Acotado(crudo, nombre), mode="r:")
            )
        except ILEGIBLE as error:
            raise _ajeno(nombre) from error
        try:
            return _sacar(paquete, lugar)
        except ILEGIBLE as error:
            raise _danado(nombre) from error


def _es_gzip(archivo: BinaryIO, nombre: str) -> bool:
    try:
        comienzo = archivo.read(len(GZIP))
        archivo.seek(0)
    except OSError as error:
        raise _sin_leer(nombre) from error
    return comienzo == GZIP


def _ajeno(nombre: str) -> RespaldoFallido:
    return RespaldoFallido(said("%(f)s no es un respaldo de Ventanilla", f=nombre))


def _sin_leer(nombre: str) -> RespaldoFallido:
    return RespaldoFallido(
        said("%(f)s no se puede leer: no hay permiso, o su disco o su red fallan", f=nombre)
    )


def _sacar(paquete: tarfile.TarFile, lugar: Path) -> set[str]:
    """The names found. Only plain files with names of ours, each once, and no more than the disk
    holds."""
    hallados: set[str] = set()
    for miembro in paquete:
        nombre = miembro.name
        if not miembro.isreg() or not NUESTROS.fullmatch(nombre) or nombre in hallados:
            raise RespaldoFallido(
                said("el respaldo trae «%(n)s», y eso no lo escribe Ventanilla", n=nombre[:80])
            )
        if miembro.size > shutil.disk_usage(lugar).free - MARGEN:
            cuanto = f"{miembro.size:,}".replace(",", ".")
            raise RespaldoFallido(
                said("%(n)s ocupa %(b)s bytes y no caben en este disco", n=nombre, b=cuanto)
            )
        hallados.add(nombre)
        destino = lugar / nombre
        destino.parent.mkdir(parents=True, exist_ok=True)
        contenido = paquete.extractfile(miembro)
        if contenido is None:
            raise AssertionError  # of plain files only
        with destino.open("xb") as escrito:
            shutil.copyfileobj(contenido, escrito, PEDAZO)
    return hallados


class _Acotado(io.BufferedIOBase):
    """What `tarfile` reads of an archive; a header that claims to be huge is not taken into memory.
    What is wrong with the file is said here, where nothing else can fail: RespaldoFallido."""

    def __init__(self, crudo: gzip.GzipFile, nombre: str) -> None:
        self._crudo, self._nombre = crudo, nombre

    def read(self, cuanto: int | None = -1, /) -> bytes:
        if cuanto is None or not 0 <= cuanto <= MAXIMO_DE_CABECERA:
            raise RespaldoFallido(
                said(
                    "el respaldo trae una cabecera demasiado grande, y eso no lo escribe Ventanilla"
                )
            )
        with self._dicho():
            return self._crudo.read(cuanto)

    def seek(self, lugar: int, desde: int = os.SEEK_SET, /) -> int:
        with self._dicho():
            return self._crudo.seek(lugar, desde)

    def tell(self) -> int:
        return self._crudo.tell()

    @contextmanager
    def _dicho(self) -> Iterator[None]:
        try:
            yield
        except EOFError as error:
            raise _cortado(self._nombre) from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise _danado(self._nombre) from error
        except OSError as error:
            raise _sin_leer(self._nombre) from error


def desempacar(
    lugar: Path, manifiesto: Manifiesto, base: Base, instancia: Path, deposito: Deposito
) -> None:
    """Into an empty place: raises RespaldoFallido, and writes nothing, where there is a database
    or, when the archive holds documents, one of them. DepositoFallido."""
    if base.tipo != manifiesto.tipo:
        raise RespaldoFallido(
            said(
                "el respaldo es de %(r)s y la base configurada es %(b)s",
                r=manifiesto.tipo,
                b=base.tipo,
            )
        )
    if not base.esta_vacia():
        raise RespaldoFallido(said("ya hay una base de datos en ese lugar; restaure en uno vacío"))
    documentos = [nombre for nombre in manifiesto.miembros if nombre.startswith(f"{ARCHIVOS}/")]
    if documentos and any(claves.sha256_de(g.clave) is not None for g in deposito.listar("")):
        raise RespaldoFallido(said("ya hay archivos en ese lugar; restaure en uno vacío"))
    base.traer(lugar / BASE)
    for nombre in documentos:
        deposito.poner(nombre.removeprefix(f"{ARCHIVOS}/"), (lugar / nombre).read_bytes())
    if SECRETO in manifiesto.miembros:
        (lugar / SECRETO).replace(instancia / SECRETO_EN_DISCO)
        (instancia / SECRETO_EN_DISCO).chmod(DEL_DUENO)
