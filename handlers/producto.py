"""Every service task and job of the product with what it needs, registered room by room."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial

from sqlalchemy.orm import Session

from engine.commands import Engine
from engine.types import SYSTEM, Actor, Data, Handlers
from handlers import acciones, auditorias, comites, controles, correo, crm, informes, interventoria
from handlers.ajustes import Alrededor
from handlers.conectores.guarda import Guarda
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Sincronia, SuiteCRM
from handlers.correo.smtp import CorreoSMTP
from handlers.sistemas import legado, paginas
from handlers.sistemas.vecinos import conectores
from handlers.visita import digiturno, sala
from records.sistemas import sistemas
from records.sistemas.crm_externo import CONCILIAR
from records.sistemas.puertos import (
    Correo,
    EstadoCircuito,
    HacerDocumento,
    HacerDocumentos,
    HacerPaquete,
    PaginasWeb,
)


@dataclass(frozen=True, slots=True)
class DeLasPaginas:
    """What tasks need of the rooms of the pages, which no handler imports."""

    leer: Callable[[str], bytes]  #: the content of a document, by its hash
    carta: HacerDocumento
    documentos: HacerDocumentos  #: those of the reports of a month
    paquete: HacerPaquete  #: of the supervision
    #: the mail server refused the address of a notice: which, what it said
    rechazada: Callable[[Engine, int, str, dt.datetime], None]


@dataclass(frozen=True)
class Producto:
    """`motor`: the engine, which is there when the first task runs."""

    ajustes: Alrededor
    motor: Callable[[], Engine]
    sitio: PaginasWeb
    de_las_paginas: DeLasPaginas

    # --- what the engine gives --------------------------------------------------------------------
    def sesiones(self) -> Session:
        return self.motor().uow.session()

    def leyendo(self) -> AbstractContextManager[Session]:
        return self.motor().uow.reading_one_state()

    def bitacora(
        self, actor: Actor, clase: str, sujeto: str, now: dt.datetime, detalle: Data
    ) -> None:
        self.motor().log_access(actor, clase, sujeto, now=now, detail=detalle)

    def del_sistema(self, clase: str, sujeto: str, now: dt.datetime, detalle: Data) -> None:
        self.bitacora(SYSTEM, clase, sujeto, now, detalle)

    def suceso(self, sistema: str, que: EstadoCircuito, now: dt.datetime, detalle: str) -> None:
        self.motor().uow.run(lambda s: sistemas.suceder(s, sistema, que, now, detalle))

    def empezar(self, proceso: str, clave: str, datos: Data, now: dt.datetime) -> str:
        comenzada = self.motor().instances.start(
            proceso, actor=SYSTEM, now=now, key=clave, data=datos
        )
        return comenzada.case_key

    def rechazada(self, aviso: int, dicho: str, now: dt.datetime) -> None:
        self.de_las_paginas.rechazada(self.motor(), aviso, dicho, now)

    # --- the systems around -----------------------------------------------------------------------
    @cached_property
    def correo(self) -> Correo:
        return self.ajustes.correo or CorreoSMTP(self.ajustes.smtp)

    @cached_property
    def guardas(self) -> dict[str, Guarda]:
        return legado.guardar(
            conectores(self.ajustes),
            sesiones=self.sesiones,
            bitacora=self.del_sistema,
            suceso=self.suceso,
        )

    @cached_property
    def crm(self) -> Sincronia | None:
        """The CRM outside, if there is one."""
        instalacion = self.ajustes.crm
        return Sincronia(SuiteCRM(instalacion), self.sesiones, self.suceso) if instalacion else None

    # --- tasks and jobs ---------------------------------------------------------------------------
    def registrar(self) -> Handlers:
        tareas = Handlers()
        self._alrededor(tareas)
        self._calidad(tareas)
        digiturno.register(tareas)
        sala.register(tareas)
        self._crm(tareas)  # after the turn that it follows
        return tareas

    def _alrededor(self, tareas: Handlers) -> None:
        """Old systems, mail, actions of diagrams, pages of the web."""
        ajustes, de_paginas, sesiones = self.ajustes, self.de_las_paginas, self.sesiones
        legado.register(
            tareas,
            self.guardas,
            sesiones=sesiones,
            bitacora=self.del_sistema,
            a_la_vez=ajustes.at_once,
        )
        correo.register(
            tareas,
            correo=self.correo,
            sesiones=sesiones,
            enlaces=ajustes.enlaces,
            leer=de_paginas.leer,
            rechazada=self.rechazada,
            por_hora=ajustes.mail_per_hour,
        )
        persona = crm.guarda_de_persona(
            sesiones, self.crm, bitacora=self.del_sistema, suceso=self.suceso
        )
        acciones.register(
            tareas,
            sesiones=sesiones,
            hacer=de_paginas.carta,
            empezar=self.empezar,
            sitio=ajustes.enlaces.sitio,
            servicios=[Cliente(servicio, self.suceso) for servicio in ajustes.servicios],
            guardas=[persona, *self.guardas.values()],
        )
        paginas.register(tareas, web=self.sitio, sesiones=sesiones, bitacora=self.del_sistema)

    def _calidad(self, tareas: Handlers) -> None:
        controles.register(tareas)
        auditorias.register(tareas)
        comites.register(tareas)
        informes.register(
            tareas,
            leyendo=self.leyendo,
            sesiones=self.sesiones,
            bitacora=self.bitacora,
            hacer=self.de_las_paginas.documentos,
        )
        interventoria.register(
            tareas,
            leyendo=self.leyendo,
            sesiones=self.sesiones,
            hacer=self.de_las_paginas.paquete,
        )

    def _crm(self, tareas: Handlers) -> None:
        crm.register(tareas, enlaces=self.ajustes.enlaces, afuera=self.crm is not None)
        if self.crm is not None:
            fin = "digiturno.cerrar_turno"  # what 5.2.7 changed of somebody who files no case
            tareas.local[fin] = crm.contado(tareas.local[fin], fin)
            tareas.jobs[CONCILIAR] = partial(_comparar, self.crm)


def _comparar(afuera: Sincronia, now: dt.datetime, args: Data) -> None:
    afuera.comparar_pedido(str(args["quien"]), now)
