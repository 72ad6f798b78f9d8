"""A view of the turn system's own database, read again and again by where it was read until.

Read-only, by an account that may read this view and nothing else. What is committed late, after a
row with a higher number was read, is not lost: each look begins a little before the last one ended,
and an event that is known already is left as it is.
"""

import datetime as dt
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from common.language import kept
from handlers.conectores.cctex import motor_de_lectura
from handlers.conectores.cctex.causas import causa_de
from handlers.conectores.proteccion import con_limite
from records.sistemas.puertos import Causa, FallaDeSistema
from records.visita.digiturno import Salida
from records.visita.puertos import EventosLeidos
from records.visita.reglas.digiturno import EventoInvalido, leer_evento

#: Column names are those of an event; `posicion` is where to go on.
CONSULTA: Final = """
SELECT posicion, punto, ticket, clase, cuando, numero, servicio, preferente, tipo_doc, num_doc, modulo, asesor, valor
FROM turno_eventos WHERE posicion > :desde ORDER BY posicion
"""
PAGINA: Final = 500
REPASO_FILAS: Final = 100  #: of a position that counts
REPASO: Final = dt.timedelta(minutes=5)  #: of one that is an instant
PRINCIPIO: Final[Mapping[str, Any]] = {
    "numero": 0,
    "instante": dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
}


class VistaInvalida(ValueError):
    """The view is not described as it must be."""


class Vista:
    """`posicion`: what the column of that name is: numero or instante."""

    medio = "vista"
    avisa = False

    def __init__(
        self, url: str, consulta: str, posicion: str, zona: dt.tzinfo, espera: float = 3.0
    ) -> None:
        try:
            self._url = make_url(url)
            self._url.get_dialect()
        except (ArgumentError, SQLAlchemyError, ImportError, ValueError) as error:
            raise VistaInvalida(
                kept(
                    "url: se espera la dirección de una base de datos, como postgresql+psycopg://cuenta@equipo/base"
                )
            ) from error
        if posicion not in PRINCIPIO:
            raise VistaInvalida(
                kept("posicion: se espera %(p)s, no «%(p2)s»", p=" o ".join(PRINCIPIO), p2=posicion)
            )
        if not re.match(r"\s*(SELECT|WITH)\b", consulta, re.IGNORECASE) or ";" in consulta:
            raise VistaInvalida("consulta: se espera un solo SELECT, o WITH")
        self._consulta = text(consulta)
        if set(self._consulta.compile().params) != {"desde"}:
            raise VistaInvalida(kept("consulta: debe ligar :desde, y nada más"))
        self._posicion, self._zona, self._espera = posicion, zona, espera
        self._motor: Engine | None = None
        self._cerrojo = threading.Lock()

    @property
    def direccion(self) -> str:
        """Of its database, with the password."""
        return self._url.render_as_string(hide_password=False)

    def cerrar(self) -> None:
        with self._cerrojo:
            if self._motor is not None:
                self._motor.dispose()

    def eventos(self, desde: str, _now: dt.datetime) -> EventosLeidos:
        ultima = self._leida(desde)
        antes = self._algo_antes(ultima)
        leidos = self._filas(antes)
        if len(leidos) == PAGINA and self._ultima(leidos, ultima) <= ultima:
            leidos = self._filas(ultima)  # as many rows as a look takes lie before it
        eventos, ilegibles = [], []
        for fila in leidos:
            try:
                eventos.append(leer_evento(fila, self._zona))
            except EventoInvalido as error:
                ilegibles.append(kept("posición %(p)s: %(e)s", p=fila["posicion"], e=error))
        hasta = self._ultima(leidos, ultima)
        nuevas = [i for i in ilegibles if hasta > ultima]  # what is read once more was counted then
        escrita = (
            hasta.astimezone(dt.UTC).isoformat() if isinstance(hasta, dt.datetime) else str(hasta)
        )
        return EventosLeidos(
            eventos, escrita, mas=len(leidos) == PAGINA and hasta > ultima, ilegibles=nuevas
        )

    def avisar(self, _salida: Salida, _now: dt.datetime) -> None:
        raise FallaDeSistema(kept("una vista solo se lee"), causa=Causa.RECHAZADO, pasajera=False)

    def probar(self) -> None:
        self._filas(PRINCIPIO[self._posicion], 1)

    def _leida(self, desde: str) -> Any:
        if not desde:
            return PRINCIPIO[self._posicion]
        try:
            return int(desde) if self._posicion == "numero" else dt.datetime.fromisoformat(desde)
        except ValueError:
            return PRINCIPIO[self._posicion]  # the setting was changed: from the beginning

    def _algo_antes(self, ultima: Any) -> Any:
        if isinstance(ultima, dt.datetime):
            return max(ultima - REPASO, PRINCIPIO["instante"])
        return max(ultima - REPASO_FILAS, 0)

    def _ultima(self, filas: list[Mapping[str, Any]], si_no: Any) -> Any:
        return max([self._de(fila["posicion"]) for fila in filas] + [si_no])

    def _de(self, valor: Any) -> Any:
        """A position as it compares. FallaDeSistema: it is none."""
        with suppress(ValueError, TypeError):
            if self._posicion == "numero":
                return int(valor)
            leido = (
                valor if isinstance(valor, dt.datetime) else dt.datetime.fromisoformat(str(valor))
            )
            return leido if leido.tzinfo is not None else leido.replace(tzinfo=self._zona)
        raise FallaDeSistema(
            kept("la columna posicion no es %(p)s", p=self._posicion),
            causa=Causa.ILEGIBLE,
            pasajera=False,
        )

    def _filas(self, desde: Any, cuantas: int = PAGINA) -> list[Mapping[str, Any]]:
        def leer() -> list[Mapping[str, Any]]:
            with self._abierto().connect() as conexion:
                return [
                    dict(fila)
                    for fila in conexion.execute(self._consulta, {"desde": self._ligado(desde)})
                    .mappings()
                    .fetchmany(cuantas)
                ]

        try:
            filas = con_limite(leer, self._espera, cancelar=lambda: None)
        except SQLAlchemyError as error:
            detalle = (
                str(error.orig)[:200]
                if isinstance(error, DBAPIError) and error.orig
                else type(error).__name__
            )
            raise FallaDeSistema(detalle, causa=causa_de(error), pasajera=True) from error
        if filas and "posicion" not in filas[0]:
            raise FallaDeSistema(
                kept("la consulta no da la columna posicion"), causa=Causa.ILEGIBLE, pasajera=False
            )
        return filas

    def _ligado(self, desde: Any) -> Any:
        """SQLite keeps instants as texts, in the zone in which they were written."""
        if isinstance(desde, dt.datetime):
            local = desde.astimezone(self._zona)
            return (
                local.replace(tzinfo=None).isoformat(sep=" ")
                if self._url.get_backend_name() == "sqlite"
                else local
            )
        return desde

    def _abierto(self) -> Engine:
        with self._cerrojo:
            if self._motor is None:
                self._motor = motor_de_lectura(self._url, self._espera)
            return self._motor
