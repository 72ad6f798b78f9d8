"""Mode *archivos*: records of a file that COBOL programs write, found by the holder's document
(5.2.9)."""

import datetime as dt
import mmap
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path
from typing import Literal

from common.language import joined, kept
from handlers.conectores.cobol.codec import Codec, RegistroCorrupto, Valor
from handlers.conectores.cobol.columnas import CeldaIlegible, Columna, celda
from handlers.conectores.cobol.copybook import Clase
from handlers.conectores.copia import Copia, Seguido
from handlers.conectores.tipos import (
    Celda,
    Documento,
    Fila,
    Plazo,
    Probado,
    RegistroIlegible,
    Respuesta,
)
from records.plazos.reglas.calendario import ZONA
from records.sistemas.puertos import Causa, FallaDeSistema

Formato = Literal["fijo", "rdw"]
FECHA_DEL_ARCHIVO = "fecha del archivo"
RDW = 4  # bytes before each variable record: how long it is, with them
MAX_FILAS = 200


@dataclass(frozen=True, slots=True)
class Origen:
    """One file: how its records are read, which fields say whose they are, and which columns the
    screen has."""

    ruta: Path
    codec: Codec
    tipo_doc: str
    num_doc: str
    columnas: Sequence[Columna]
    servicio: str = ""  #: the field with the number of the obligation
    formato: Formato = "fijo"
    corte: str = FECHA_DEL_ARCHIVO  #: or the name of a file beside it with a date


@dataclass(slots=True)
class _Indice:
    """A copy of the file, and where in it the records of each document are: number of the record,
    place."""

    datos: "bytes | mmap.mmap"
    corte: dt.date | None
    registros: int = 0
    sin_dueno: int = 0
    primero: str = ""
    lugares: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)


class CobolArchivos:
    """A connector: the holder's records of each file, in their order."""

    sistema = "cobol"

    def __init__(self, origenes: Sequence[Origen], tipos: Mapping[str, str] | None = None) -> None:
        """`tipos`: how the files write kinds of documents; None: as Ventanilla does."""
        self._archivos = [_Archivo(origen) for origen in origenes]
        self._tipos = tipos

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta:
        tipo = doc.tipo if self._tipos is None else self._tipos.get(doc.tipo)
        filas: list[Fila] = []
        cortes: list[dt.date | None] = []
        for archivo in self._archivos:
            suyas, corte = archivo.filas(tipo, doc.numero, servicio, plazo.segundos)
            filas += suyas
            cortes.append(corte)
        sabidos = [corte for corte in cortes if corte is not None]
        return Respuesta(
            tuple(filas[:MAX_FILAS]), min(sabidos) if len(sabidos) == len(cortes) else None
        )

    def probar(self, plazo: Plazo) -> Probado:
        """By making the index, when the file has changed; says how many records belong to nobody,
        and which is the first."""
        vistos = [archivo.salud(plazo.segundos) for archivo in self._archivos]
        sabidos = [corte for corte, _nota in vistos if corte is not None]
        corte = min(sabidos) if len(sabidos) == len(vistos) else None
        return Probado(corte, "; ".join(nota for _corte, nota in vistos if nota))


class _Archivo:
    def __init__(self, origen: Origen) -> None:
        self._de = origen
        diseno = origen.codec.diseno
        self._largo = diseno.largo
        self._tipo, self._num = diseno.campo(origen.tipo_doc), diseno.campo(origen.num_doc)
        self._dueno = origen.codec.solo((origen.tipo_doc, origen.num_doc))
        self._servicio = origen.codec.solo((origen.servicio,)) if origen.servicio else None
        self._columnas = [(columna, diseno.campo(columna.campo)) for columna in origen.columnas]
        self._lugar = {nombre: lugar for lugar, nombre in enumerate(origen.codec.nombres)}
        junto = [] if origen.corte == FECHA_DEL_ARCHIVO else [origen.ruta.with_name(origen.corte)]
        self._seguido = Seguido([origen.ruta, *junto], self._indexar)

    def filas(
        self, tipo: str | None, numero: str, servicio: str | None, espera: float
    ) -> tuple[list[Fila], dt.date | None]:
        indice = self._seguido.actual(espera)
        lugares = [] if tipo is None else indice.lugares.get((tipo, self._clave(numero)), [])
        try:
            return [
                fila
                for cual, lugar in lugares
                for fila in self._fila(indice, cual, lugar, servicio)
            ], indice.corte
        except RegistroCorrupto as corrupto:
            raise RegistroIlegible(joined(": ", (self._de.ruta.name, corrupto))) from corrupto

    def salud(self, espera: float) -> tuple[dt.date | None, str]:
        """How old it is, and of records whose document cannot be read: they are nobody's, so no
        question finds them."""
        indice = self._seguido.actual(espera)
        if not indice.sin_dueno:
            return indice.corte, ""
        nota = kept(
            "%(s)s de %(r)s registros sin documento legible; el primero, %(p)s",
            s=indice.sin_dueno,
            r=indice.registros,
            p=indice.primero,
        )
        return indice.corte, joined(": ", (self._de.ruta.name, nota))

    def _fila(self, indice: _Indice, cual: int, lugar: int, servicio: str | None) -> Iterator[Fila]:
        """None for another obligation. Nobody reads numbers of a record in which one field cannot
        be read."""
        registro = indice.datos[lugar : lugar + self._largo]
        if servicio is not None and self._servicio is not None:
            with suppress(RegistroCorrupto):  # the whole record says so below
                if _llano(self._servicio.decodificar(registro)[0]) != _llano(servicio):
                    return
        valores = self._de.codec.decodificar(registro, cual)
        fila: dict[str, Celda] = {}
        for columna, campo in self._columnas:
            try:
                fila[columna.nombre] = celda(columna, valores[self._lugar[campo.nombre]], campo)
            except CeldaIlegible as error:
                raise RegistroCorrupto(cual, campo.nombre, campo.offset, str(error)) from error
        yield fila

    def _indexar(self, copias: Sequence[Copia]) -> _Indice:
        vacia = copias[0].archivo.seek(0, SEEK_END) == 0
        datos = b"" if vacia else mmap.mmap(copias[0].archivo.fileno(), 0, access=mmap.ACCESS_READ)
        indice = _Indice(
            datos,
            copias[0].escrito.astimezone(ZONA).date()
            if len(copias) == 1
            else self._fecha(copias[1]),
        )
        tipo_antes = self._tipo.offset < self._num.offset
        for cual, lugar, largo in self._registros(datos):
            indice.registros += 1
            try:
                uno, otro = self._dueno.decodificar(datos[lugar : lugar + largo], cual)
            except RegistroCorrupto as corrupto:
                indice.sin_dueno += 1
                indice.primero = indice.primero or str(corrupto)
                continue
            tipo, numero = (uno, otro) if tipo_antes else (otro, uno)
            indice.lugares.setdefault((str(tipo).strip(), self._clave(str(numero))), []).append(
                (cual, lugar)
            )
        return indice

    def _registros(self, datos: "bytes | mmap.mmap") -> Iterator[tuple[int, int, int]]:
        """Number, place and length of each. Raises FallaDeSistema where it is not known where the
        next one begins."""
        if self._de.formato == "fijo":
            if len(datos) % self._largo:
                motivo = kept(
                    "%(d)s bytes no son registros enteros de %(l)s", d=len(datos), l=self._largo
                )
                raise FallaDeSistema(
                    joined(": ", (self._de.ruta.name, motivo)), causa=Causa.ILEGIBLE, pasajera=False
                )
            yield from (
                (cual, lugar, self._largo)
                for cual, lugar in enumerate(range(0, len(datos), self._largo), 1)
            )
            return
        lugar = cual = 0
        while lugar < len(datos):
            cual += 1
            cabeza = datos[lugar : lugar + RDW]
            largo = int.from_bytes(cabeza[:2])
            if (
                len(cabeza) < RDW
                or cabeza[2:] != b"\0\0"
                or largo <= RDW
                or lugar + largo > len(datos)
            ):
                corrupto = RegistroCorrupto(
                    cual,
                    "RDW",
                    0,
                    kept("0x%(u)s no dice dónde termina el registro", u=cabeza.hex().upper()),
                )
                raise FallaDeSistema(
                    joined(": ", (self._de.ruta.name, corrupto)),
                    causa=Causa.ILEGIBLE,
                    pasajera=False,
                )
            yield cual, lugar + RDW, largo - RDW
            lugar += largo

    def _fecha(self, copia: Copia) -> dt.date:
        """Of the file that says how old the data are: AAAAMMDD or AAAA-MM-DD at its beginning."""
        escrita = copia.archivo.read(10).decode("ascii", "replace")
        with suppress(ValueError):
            return dt.date.fromisoformat(escrita if "-" in escrita else escrita[:8])
        raise FallaDeSistema(
            kept("%(c)s: no empieza con una fecha", c=self._de.corte),
            causa=Causa.ILEGIBLE,
            pasajera=False,
        )

    def _clave(self, numero: str) -> str:
        """How a document number is found: in a field of digits without the zeros before it."""
        numero = numero.strip()
        return (
            numero
            if self._num.clase is Clase.TEXTO or not numero.isdecimal()
            else numero.lstrip("0")
        )


def _llano(numero: Valor) -> str:
    """An obligation as it is compared: dashes and zeros before it are a way of writing."""
    return re.sub("[^0-9A-Z]", "", str(numero).upper()).lstrip("0")
