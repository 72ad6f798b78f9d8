"""Documents: looked at when they come, kept by the SHA-256 of their content once their command is
done (docs/documents.md)."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from engine import reads
from engine.types import Value
from records.casos import archivos
from records.casos.archivos import LIMPIO, POR_REVISAR
from records.casos.reglas import claves
from records.cuentas import borradores_de_inicio
from records.sistemas.puertos import Antivirus, AntivirusCallado, Deposito
from webforms.documentos import contenido
from webforms.documentos.contenido import LIMITE, ArchivoRechazado

#: In a draft, what a file is named by.
HUELLA: Final = "sha256"
EXTENSIONES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
MINIATURA = 160  #: points of its width


def necesarios(session: Session, contenidos: Collection[str]) -> frozenset[str]:
    """Which of these contents a row names, or a draft that somebody may still send."""
    con_fila = archivos.nombrados(session, contenidos)
    faltan = frozenset(contenidos) - con_fila
    if not faltan:
        return con_fila
    borradores = [
        *reads.items.drafts_with(session, HUELLA),
        *borradores_de_inicio.con(session, HUELLA),
    ]
    en_borrador = (h for d in borradores for h in _huellas(d))
    return con_fila | faltan.intersection(en_borrador)


def _huellas(valor: object) -> Iterator[str]:
    if isinstance(valor, Mapping):
        if isinstance(valor.get(HUELLA), str):
            yield valor[HUELLA]
        valor = list(valor.values())
    for parte in valor if isinstance(valor, list) else ():
        yield from _huellas(parte)


class ArchivoDistinto(Exception):
    """What is stored under this hash has another one, or is not there: nobody is given it as what
    was handed in."""

    def __init__(self, sha256: str, *, falta: bool) -> None:
        super().__init__(f"{sha256}: {'missing' if falta else 'changed'}")
        self.falta = falta


@dataclass(frozen=True, slots=True)
class Archivo:
    """What is known of a document; `sha256` and `bytes` are of what is kept, `origen` is the
    SHA-256 of what came, if another."""

    sha256: str
    nombre: str
    tipo: str
    bytes: int
    paginas: int = 0
    origen: str = ""
    trae: Sequence[str] = ()  #: what a PDF brings besides its pages: scripts, files, a signature
    antivirus: str = ""  #: LIMPIO, POR_REVISAR, or "" where none is connected

    def valor(self) -> dict[str, Value]:
        """The value of a file field in a submission."""
        return {
            "sha256": self.sha256,
            "nombre": self.nombre,
            "tipo": self.tipo,
            "bytes": self.bytes,
            "paginas": self.paginas,
            "origen": self.origen,
            "trae": list(self.trae),
            "antivirus": self.antivirus,
        }


@dataclass(frozen=True, slots=True)
class Revisado:
    """A file that may be kept, and the content that would be."""

    archivo: Archivo
    contenido: bytes


def nombre_limpio(nombre: str, tipo: str) -> str:
    """The file name without folders, control characters and a foreign ending; what a person reads,
    never a path."""
    base = nombre.replace("\\", "/").rpartition("/")[2]
    limpio = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(". ")[:120]
    de_su_tipo = (".jpg", ".jpeg", ".png") if tipo.startswith("image/") else (EXTENSIONES[tipo],)
    if not limpio.lower().endswith(de_su_tipo):
        return f"{limpio or 'archivo'}{EXTENSIONES[tipo]}"
    propia = (".jpg", ".jpeg") if tipo == "image/jpeg" else (EXTENSIONES[tipo],)
    return (
        limpio if limpio.lower().endswith(propia) else limpio.rpartition(".")[0] + EXTENSIONES[tipo]
    )


class Almacen:
    def __init__(
        self,
        deposito: Deposito,
        *,
        antivirus: Antivirus | None = None,
        vistas: Deposito | None = None,
    ) -> None:
        self.deposito = deposito
        self.antivirus = antivirus
        self._vistas = vistas  #: small pictures of documents, made again when they are not there

    # --- what comes in ----------------------------------------------------------------------------
    def revisar(self, flujo: BinaryIO, nombre: str) -> Revisado:
        """What this file would be kept as; ArchivoRechazado when it would not. Nothing is
        stored."""
        crudo = flujo.read(LIMITE + 1)
        leido = contenido.leer(crudo, nombre)
        sha256 = hashlib.sha256(leido.contenido).hexdigest()
        archivo = Archivo(
            sha256,
            nombre_limpio(nombre, leido.tipo),
            leido.tipo,
            len(leido.contenido),
            leido.paginas,
            hashlib.sha256(crudo).hexdigest() if leido.otra_vez else "",
            leido.trae,
        )
        return Revisado(replace(archivo, antivirus=self._sin_virus(crudo)), leido.contenido)

    def _sin_virus(self, crudo: bytes) -> str:
        """An antivirus that does not answer keeps nobody from sending: the file waits for it, and
        leaves only as pictures till then."""
        if self.antivirus is None:
            return ""
        try:
            virus = self.antivirus.revisar(crudo).virus
        except AntivirusCallado:
            return POR_REVISAR
        if virus:
            raise ArchivoRechazado("virus", virus)
        return LIMPIO

    def apartar(self, revisado: Revisado) -> str:
        """The last that a command does with a file: it lies beside the store until the command is
        done. The key of where."""
        clave = claves.de_llegada(revisado.archivo.sha256, secrets.token_hex(8))
        self.deposito.poner(clave, revisado.contenido)
        return clave

    def resolver(self, llegadas: Collection[str], nombrados: Collection[str]) -> None:
        """Of what was put aside: what a row names is kept, the rest was of commands that were not
        done."""
        for clave in llegadas:
            sha256 = claves.sha256_de(clave) or ""
            if sha256 in nombrados and self.deposito.sacar(claves.de_contenido(sha256)) is None:
                self.deposito.mover(clave, claves.de_contenido(sha256))
            else:
                self.deposito.quitar(clave)

    def guardar(self, revisado: Revisado) -> Archivo:
        """At once, for what is made before its command is done. What lies there already may be
        nobody's, and be on its way out (`quitar`): then its own stays beside it until the sweep."""
        clave, lugar = self.apartar(revisado), claves.de_contenido(revisado.archivo.sha256)
        if self.deposito.sacar(lugar) is None:
            self.deposito.mover(clave, lugar)
        return revisado.archivo

    def quitar(self, contenidos: Collection[str], nombrado: Callable[[str], bool]) -> None:
        """What nobody needs, and its small pictures, unless a row names it. DepositoFallido.

        It is put aside, and asked for again before it goes: a command that named it in between
        found it here, and left its own behind (`resolver`). One that names it later finds nothing,
        and puts its own. Stopped in between, it is read and swept like all that lies aside.
        """
        quitados: set[str] = set()
        for sha256 in sorted(contenidos):
            lugar, aparte = (
                claves.de_contenido(sha256),
                claves.de_llegada(sha256, secrets.token_hex(8)),
            )
            if nombrado(sha256) or not self.deposito.mover(lugar, aparte):
                continue
            if nombrado(sha256):
                self.deposito.mover(aparte, lugar)
            else:
                self.deposito.quitar(aparte)
                quitados.add(sha256)
        for vista in [clave for clave, sha256 in self.vistas() if sha256 in quitados]:
            self.olvidar_vista(vista)

    # --- what goes out ----------------------------------------------------------------------------
    def leer(self, sha256: str) -> bytes:
        """The content, compared with its hash each time that it leaves. ArchivoDistinto,
        DepositoFallido.

        One that still lies aside, because the machine stopped between the commit and the next line,
        is found there.
        """
        guardado = self.deposito.sacar(claves.de_contenido(sha256))
        if guardado is None:
            aparte = (
                self.deposito.sacar(g.clave)
                for g in self.deposito.listar(claves.de_llegada(sha256, ""))
            )
            guardado = next((c for c in aparte if c is not None), None)
        if guardado is None:
            raise ArchivoDistinto(sha256, falta=True)
        if hashlib.sha256(guardado).hexdigest() != sha256:
            raise ArchivoDistinto(sha256, falta=False)
        return guardado

    def miniatura(self, sha256: str, tipo: str) -> bytes:
        """Its first page, small. ArchivoDistinto, DepositoFallido, contenido.NoSePuedeVer."""
        clave = f"{claves.de_contenido(sha256)}.jpg"
        if self._vistas is not None and (hecha := self._vistas.sacar(clave)) is not None:
            return hecha
        imagen = contenido.pagina(self.leer(sha256), tipo, 1, MINIATURA).imagen
        if self._vistas is not None:
            self._vistas.poner(clave, imagen)
        return imagen

    def vistas(self) -> Iterable[tuple[str, str]]:
        """(key, SHA-256 of its document) of each small picture."""
        for vista in self._vistas.listar() if self._vistas is not None else ():
            sha256 = claves.sha256_de(vista.clave.removesuffix(".jpg"))
            if sha256 is not None:
                yield vista.clave, sha256

    def olvidar_vista(self, clave: str) -> None:
        if self._vistas is not None:
            self._vistas.quitar(clave)
