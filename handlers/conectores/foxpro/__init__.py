"""FOX PRO: tables of files that others write, read strictly from a copy that follows them
(5.2.9)."""

import datetime as dt
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from common.language import joined, kept
from handlers.conectores.foxpro.copia import Copia, Tomada
from handlers.conectores.foxpro.indice import Indice
from handlers.conectores.foxpro.mapeo import Mapeo
from handlers.conectores.foxpro.tabla import Ilegible, Tabla
from handlers.conectores.tipos import Documento, Plazo, Probado, RegistroIlegible, Respuesta
from records.plazos.reglas.calendario import ZONA
from records.sistemas.puertos import Causa, FallaDeSistema


@dataclass(frozen=True, slots=True)
class Abierta:
    """The copy that answers now."""

    indice: Indice
    corte: dt.date


class FoxPro:
    """A connector: how a table of FoxPro is asked and what its fields mean.

    What cannot be taken or read leaves the last legible copy, whose cut-off date the answer has;
    `probar` says what is wrong.
    """

    sistema = "foxpro"

    def __init__(self, mapeo: Mapeo, copias: Path) -> None:
        self._mapeo = mapeo
        self._copia = Copia(mapeo.tabla, mapeo.memo, copias, mapeo.tope)
        self._cerrojo = threading.Lock()
        self._abierta: Abierta | None = None
        self._rechazada: FallaDeSistema | None = None  # why what was taken last cannot be read
        self._desde = 0.0  # when somebody began to look at the original
        self._pendiente = ""  # why the original is not what answers now

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta:
        abierta = self._al_dia(plazo)
        try:
            filas, corte = abierta.indice.filas(doc.tipo, doc.numero, servicio)
        except Ilegible as error:
            raise RegistroIlegible(str(error)) from error
        return Respuesta(filas, corte or abierta.corte)

    def probar(self, plazo: Plazo) -> Probado:
        """What is to be known of a table that answers: that it is an older copy, that some records
        are nobody's."""
        abierta, notas = self._al_dia(plazo), list[str]()
        if self._pendiente:
            notas.append(
                kept(
                    "responde la copia con corte %(c)s: %(p)s",
                    c=f"{abierta.corte:%d/%m/%Y}",
                    p=self._pendiente,
                )
            )
        if abierta.indice.de_nadie:
            varios = kept("%(n)s registros no son de nadie", n=abierta.indice.de_nadie)
            cuantos = kept("1 registro no es de nadie") if abierta.indice.de_nadie == 1 else varios
            notas.append(joined(": ", (cuantos, abierta.indice.primero_de_nadie)))
        return Probado(abierta.corte, joined("; ", notas))

    def _al_dia(self, plazo: Plazo) -> Abierta:
        """Who comes while another one takes a new copy is answered from the one that is there."""
        if not self._cerrojo.acquire(timeout=plazo.segundos if self._abierta is None else 0):
            if self._abierta is not None:
                if time.monotonic() - self._desde > plazo.segundos:
                    self._pendiente = kept("%(n)s no contesta", n=self._mapeo.tabla.name)
                return self._abierta
            raise FallaDeSistema(
                kept("%(n)s todavía se está leyendo", n=self._mapeo.tabla.name),
                causa=Causa.SIN_RESPUESTA,
                pasajera=True,
            )
        self._desde = time.monotonic()
        try:
            return self._seguir()
        finally:
            self._cerrojo.release()

    def _seguir(self) -> Abierta:
        try:
            if self._copia.cambio():
                self._tomar()
            falla = self._rechazada
        except FallaDeSistema as error:
            falla = error
        self._pendiente = falla.detalle if falla is not None else ""
        if self._abierta is None and (guardada := self._copia.ultima()) is not None:
            self._abierta = self._leer(guardada)
        if self._abierta is not None:
            return self._abierta
        if falla is None:
            falla = FallaDeSistema(
                kept("no hay copia de %(n)s", n=self._mapeo.tabla.name),
                causa=Causa.OTRA,
                pasajera=True,
            )
        raise FallaDeSistema(falla.detalle, causa=falla.causa, pasajera=falla.pasajera)

    def _tomar(self) -> None:
        """The new copy is put in its place only if it is legible."""
        tomada = self._copia.tomar()
        try:
            self._abierta, self._rechazada = self._leer(tomada), None
        except FallaDeSistema as error:
            self._rechazada = error
            self._copia.desechar(tomada)
        else:
            self._copia.guardar(tomada)

    def _leer(self, tomada: Tomada) -> Abierta:
        mapeo = self._mapeo
        try:
            tabla = Tabla(
                mapeo.tabla.name,
                tomada.tabla,
                tomada.memo,
                codigos=mapeo.codigos,
                sin_declarar=mapeo.sin_declarar,
            )
            indice = Indice(tabla, mapeo)
            del_archivo = dt.datetime.fromtimestamp(tomada.modificada, ZONA).date()
            corte = tabla.actualizada if mapeo.corte == "encabezado" else del_archivo
        except Ilegible as error:
            raise FallaDeSistema(str(error), causa=Causa.ILEGIBLE, pasajera=False) from error
        return Abierta(indice, corte)
