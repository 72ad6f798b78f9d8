"""The entity's web page as evidence (5.2.21): what an adviser cited is copied by the worker, and no
case waits for it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from engine.errors import CauseCode, OutsideFailure
from engine.types import Data, Handlers
from records.base.datos import entero
from records.sistemas import paginas
from records.sistemas.puertos import PaginaNoTraida, PaginasWeb
from records.sistemas.reglas.paginas import Falla

#: (kind, subject, when, detail) into the chain of accesses, as the engine itself
Bitacora = Callable[[str, str, dt.datetime, Data], None]
INTENTOS: Final = 4  # as many as a job has (engine.jobs.port)
CAUSAS: Final[Mapping[Falla, CauseCode]] = {
    Falla.LENTA: "timed_out",
    Falla.RESPUESTA: "unexpected_data",
}


def register(
    handlers: Handlers, *, web: PaginasWeb, sesiones: Callable[[], Session], bitacora: Bitacora
) -> None:
    handlers.jobs[paginas.COPIAR] = Copista(web, sesiones, bitacora).copiar


@dataclass(frozen=True, slots=True)
class Copista:
    web: PaginasWeb
    sesiones: Callable[[], Session]
    bitacora: Bitacora

    def copiar(self, now: dt.datetime, args: Data) -> None:
        """The job behind a citation. Done twice, it makes no second copy.

        What will not change by asking again, and a site that stays away, leave the citation without
        a copy and with its reason: that is an answer, nothing for an administrator to mend.
        """
        citada_id = entero(args, "citada_id")
        with self.sesiones() as session, session.begin():
            citada = paginas.por_copiar(session, citada_id)
            if citada is None:
                return
            url, case_key = citada.url, citada.case_key
            reciente = paginas.copia_reciente(session, url, now)
            if reciente is not None:
                paginas.anotar_copia(session, citada_id, reciente)
                return
        try:
            copia = self.web.traer(url)
        except PaginaNoTraida as error:
            with self.sesiones() as session, session.begin():
                otra_vez = paginas.anotar_falla(
                    session,
                    citada_id,
                    error.falla,
                    error.detalle,
                    hay_mas=error.pasajera,
                    maximo=INTENTOS,
                )
            if otra_vez:
                raise OutsideFailure(CAUSAS.get(error.falla, "unreachable"), str(error)) from error
            return
        with self.sesiones() as session, session.begin():
            fila = paginas.guardar_copia(session, copia, now=now)
            paginas.anotar_copia(session, citada_id, fila)
            dicho: Data = {
                "copia": fila.id,
                "huella": fila.huella,
                "huella_texto": fila.huella_texto,
            }
        self.bitacora("copia_pagina", case_key, now, dicho)
