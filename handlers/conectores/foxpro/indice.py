"""Whose each record of a table is, in memory, and what is shown of it. A record that cannot be read
is a fault of whom it belongs to."""

import datetime as dt
from decimal import Decimal

from common.language import kept
from handlers.conectores.foxpro.mapeo import FECHA, OBLIGACION, Columna, Mapeo
from handlers.conectores.foxpro.tabla import Ilegible, Tabla, Valor
from handlers.conectores.tipos import Celda, Fila
from records.base.reglas.documentos import TIPOS, normalizar_numero

MAX_FILAS = 200
PASAPORTE = "PA"


class Indice:
    """Raises Ilegible where the table has not the fields that are mapped. A record that is nobody's
    is counted in `de_nadie`."""

    def __init__(self, tabla: Tabla, mapeo: Mapeo) -> None:
        self.tabla, self._mapeo = tabla, mapeo
        for columna in mapeo.campos:
            campo = tabla.campos.get(columna.campo)
            if campo is None:
                raise Ilegible(tabla.nombre, kept("no tiene el campo %(c)s", c=columna.campo))
            if columna.forma and campo.forma != columna.forma:
                raise Ilegible(
                    tabla.nombre,
                    kept("es %(f)s y se esperaba %(f2)s", f=campo.forma, f2=columna.forma),
                    campo=columna.campo,
                )
        self.de_nadie, self.primero_de_nadie = 0, ""
        self._registros: dict[str, tuple[int, ...]] = {}
        for registro in tabla.vigentes():
            try:
                quien = self._dueno(registro)
            except Ilegible as error:
                self.de_nadie, self.primero_de_nadie = (
                    self.de_nadie + 1,
                    self.primero_de_nadie or str(error),
                )
                continue
            self._registros[quien] = (*self._registros.get(quien, ()), registro)

    def filas(
        self, tipo: str, numero: str, servicio: str | None
    ) -> tuple[tuple[Fila, ...], dt.date | None]:
        """The rows of this document, newest first, and the oldest cut-off that they name. Raises
        Ilegible: one of them cannot be read."""
        filas, cortes = [], []
        for registro in self._registros.get(_clave(tipo, numero), ()):
            if servicio is not None and _sin_ceros(
                str(self._celda(registro, self._obligacion))
            ) != _sin_ceros(servicio):
                continue
            self.tabla.comprobar(registro)
            filas.append(
                {columna.nombre: self._celda(registro, columna) for columna in self._mapeo.columnas}
            )
            if (
                self._mapeo.campo_de_corte is not None
                and (corte := self._valor(registro, self._mapeo.campo_de_corte)) is not None
            ):
                cortes.append(self._dia(registro, self._mapeo.campo_de_corte, corte))
        filas.sort(key=lambda fila: str(fila.get(FECHA) or ""), reverse=True)
        return tuple(filas[:MAX_FILAS]), min(cortes, default=None)

    @property
    def _obligacion(self) -> Columna:
        return next(c for c in self._mapeo.columnas if c.nombre == OBLIGACION)

    def _dueno(self, registro: int) -> str:
        """Raises Ilegible where the record does not say whose it is."""
        numero = self._mapeo.numero
        escrito = self._celda(registro, numero)
        normal = normalizar_numero(str("" if escrito is None else escrito))
        if not normal.strip("0"):
            raise self._ilegible(registro, numero, kept("no tiene número de documento"))
        if not normal.isascii() or not normal.isalnum():
            raise self._ilegible(registro, numero, kept("no es un número de documento"))
        tipo = self._mapeo.siempre
        if self._mapeo.tipo is not None:
            tipo = str(self._celda(registro, self._mapeo.tipo)).upper()
            if tipo not in TIPOS:
                raise self._ilegible(registro, self._mapeo.tipo, kept("no es un tipo de documento"))
        return _clave(tipo, normal)

    def _celda(self, registro: int, columna: Columna) -> Celda:
        """As screens show it: money is text, never a binary fraction; days are ISO texts; padded
        columns lose their blanks."""
        valor = self._valor(registro, columna)
        if columna.valores:
            clave = (
                ("sí" if valor else "no")
                if isinstance(valor, bool)
                else str("" if valor is None else valor).strip()
            )
            if clave in columna.valores:
                return columna.valores[clave]
        if isinstance(valor, Decimal):
            return f"{valor:f}"
        if isinstance(valor, dt.date):
            return valor.isoformat()
        if isinstance(valor, str):
            texto = valor.strip()
            if any(c < " " and c not in "\t\r\n" for c in texto):
                raise self._ilegible(registro, columna, kept("tiene bytes que no son texto"))
            return texto
        return str(valor) if columna.nombre == OBLIGACION and valor is not None else valor

    def _dia(self, registro: int, columna: Columna, valor: Valor) -> dt.date:
        if isinstance(valor, dt.datetime):
            return valor.date()
        if isinstance(valor, dt.date):
            return valor
        raise self._ilegible(registro, columna, kept("no es una fecha"))

    def _valor(self, registro: int, columna: Columna) -> Valor:
        return self.tabla.leer(registro, self.tabla.campos[columna.campo])

    def _ilegible(self, registro: int, columna: Columna, motivo: str) -> Ilegible:
        return Ilegible(self.tabla.nombre, motivo, registro=registro, campo=columna.campo)


def _sin_ceros(numero: str) -> str:
    return normalizar_numero(numero).lstrip("0")


def _clave(tipo: str, numero: str) -> str:
    """Stored with blanks, dots or zeros before it, a number is the same; but a passport may begin
    with a zero."""
    return f"{tipo} {normalizar_numero(numero) if tipo == PASAPORTE else _sin_ceros(numero)}"
