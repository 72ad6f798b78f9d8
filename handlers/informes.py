"""The quality of the service, from its own data: months are closed, and what is made of them
(5.2.23–5.2.26)."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from common.language import speaking
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Call, Data, Handlers, RemoteCall
from records.base import pedidos
from records.base.actos import Acto, acto_de
from records.base.datos import entero, instante, iso, texto
from records.base.errores import DatoInvalido, NoExiste
from records.base.pedidos import Avance
from records.base.tablas import CierrePedido, DocumentosPedido, Pedido
from records.informes import cierres, documentos_del_mes, meses, reportes
from records.interventoria import interventoria
from records.plazos.reglas.calendario import dia_local
from records.plazos.reglas.obligaciones import limite_de_reportes
from records.sistemas.puertos import HacerDocumentos, Leyendo

#: (kind, who, subject, when, detail) into the chain of accesses
Bitacora = Callable[[Actor, str, str, dt.datetime, Data], None]
CADA: Final = 0.3  # seconds between two notes of how far it is


def register(
    handlers: Handlers,
    *,
    leyendo: Leyendo,
    sesiones: Callable[[], Session],
    bitacora: Bitacora,
    hacer: HacerDocumentos,
) -> None:
    """`leyendo`: one state of the database, while others write."""
    cerrador = Cerrador(leyendo, sesiones, bitacora)
    handlers.remote["calidad.cerrar_periodo"] = cerrador.del_calendario
    handlers.jobs[cierres.CERRAR] = cerrador.a_mano
    handlers.jobs[documentos_del_mes.HACER] = Documentador(leyendo, sesiones, hacer).hacer_todos
    handlers.local["calidad.informe_quejas"] = informe_quejas


@dataclass(frozen=True, slots=True)
class Cerrador:
    """A month is read and counted beside everybody's work, which takes seconds; only what came of
    it is written in one command."""

    leyendo: Leyendo
    sesiones: Callable[[], Session]
    bitacora: Bitacora

    def del_calendario(self, call: RemoteCall) -> Data:
        """Freeze the month before the day of the start. Somebody may have closed it meanwhile: it
        stays as it is.

        Then each point that works owes its report (5.2.23), until the fifth business day of the
        next month (Q17).
        """
        mes = meses.anterior(meses.del_mes(dia_local(instante(call.data, "cierre") or call.now)))
        acto = Acto(SYSTEM.id, call.now, call.case_key, call.instance_id)
        with self.leyendo() as session:
            por_guardar = (
                None
                if meses.vigente(session, mes)
                else meses.reunir(session, mes, Acto(SYSTEM.id, call.now))
            )
        with self.sesiones() as session, session.begin():
            cerrado = meses.vigente(session, mes)
            if cerrado is None and por_guardar is not None:
                cerrado = meses.guardar(session, por_guardar)
            if cerrado is None:
                raise NoExiste("El mes %(mes)s no quedó cerrado.", mes=f"{mes:%Y-%m}")
            return {
                "mes": f"{mes:%Y-%m}",
                "mes_version": cerrado.version,
                "mes_huella": cerrado.huella,
                "puntos": reportes.pedir(session, mes, cerrado, acto),
                "fecha_reportes": iso(limite_de_reportes(mes)),
            }

    def a_mano(self, now: dt.datetime, args: Data) -> None:
        """What somebody asked for, with its progress; it ends as done, cancelled, or refused with
        why."""
        pedido_id = entero(args, "cierre_id")
        with self.leyendo() as session:
            pedido = pedidos.uno(session, CierrePedido, pedido_id)
            quien, mes, motivo = pedido.por, pedido.mes, pedido.motivo
        avance = anotar(self.sesiones, CierrePedido, pedido_id)
        try:
            with self.leyendo() as session:
                por_guardar = meses.reunir(session, mes, Acto(quien, now), motivo, avance)
            with self.sesiones() as session, session.begin():
                cerrado = cierres.terminar(session, pedido_id, por_guardar)
                dada = cierres.aprobada(session, cerrado)
                if dada is not None and dada.decidida_por is not None:
                    with speaking(None):  # it is kept: in the language of the agency
                        reportes.reexpedir(session, cerrado, dada.decidida_por)
                if cerrado.version > 1:
                    interventoria.avisar_correccion(session, cerrado)
                dichos: Data = {"version": cerrado.version, "huella": cerrado.huella}
        except pedidos.Cancelado:
            return
        except DatoInvalido as error:
            with self.sesiones() as session, session.begin():
                pedidos.rechazar(session, CierrePedido, pedido_id, str(error))
            return
        self.bitacora(Actor(ActorKind.PERSON, quien), "cierre_mes", f"{mes:%Y-%m}", now, dichos)


@dataclass(frozen=True, slots=True)
class Documentador:
    """Every document of the reports of a month, as somebody asked for them."""

    leyendo: Leyendo
    sesiones: Callable[[], Session]
    hacer: HacerDocumentos

    def hacer_todos(self, _now: dt.datetime, args: Data) -> None:
        """It ends as done, cancelled, or refused with why."""
        pedido_id = entero(args, "pedido_id")
        with self.leyendo() as session:
            mes = pedidos.uno(session, DocumentosPedido, pedido_id).mes
        try:
            hecho = self.hacer(
                self.leyendo, mes, anotar(self.sesiones, DocumentosPedido, pedido_id)
            )
            with self.sesiones() as session, session.begin():
                documentos_del_mes.terminar(session, pedido_id, hecho)
        except pedidos.Cancelado:
            return
        except DatoInvalido as error:
            with self.sesiones() as session, session.begin():
                pedidos.rechazar(session, DocumentosPedido, pedido_id, str(error))


def anotar(sesiones: Callable[[], Session], de: type[Pedido], pedido_id: int) -> Avance:
    """Writes down how far it is, at most each `CADA`; Cancelado, when nobody wants it any more."""
    dicho = 0.0

    def avance(paso: str, hechos: int, total: int) -> None:
        nonlocal dicho
        if time.monotonic() - dicho >= CADA:
            with sesiones() as session, session.begin():
                pedidos.va(session, de, pedido_id, paso, hechos, total)
            dicho = time.monotonic()

    return avance


def informe_quejas(call: Call) -> Data:
    """The «Informe mensual de quejas, reclamos o sugerencias» of section 7."""
    hecho = reportes.informe_de_quejas(
        call.session, reportes.mes_de(texto(call.data, "mes")), acto_de(call)
    )
    return {"informe_quejas_id": hecho.id}
