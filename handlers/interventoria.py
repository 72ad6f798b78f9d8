"""Delivery to the contract supervisors (5.2.32) and their supervision (A4-2-02): the package, what
is not acknowledged, the archive."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.types import SYSTEM, Call, Data, Handlers, RemoteCall
from records.base.actos import Acto, acto_de
from records.base.datos import entero, iso, texto
from records.base.errores import NoExiste
from records.informes import reportes
from records.interventoria import interventoria
from records.plazos.reglas.calendario import vencimiento
from records.plazos.reglas.obligaciones import DIAS_ACUSE, DIAS_REMITIR
from records.sistemas.puertos import HacerPaquete, Leyendo


def register(
    handlers: Handlers, *, leyendo: Leyendo, sesiones: Callable[[], Session], hacer: HacerPaquete
) -> None:
    handlers.remote["interventoria.preparar_paquete"] = Empacador(leyendo, sesiones, hacer).preparar
    handlers.local["interventoria.revisar_acuses"] = revisar_acuses
    handlers.local["interventoria.archivar"] = archivar


@dataclass(frozen=True, slots=True)
class Empacador:
    """Remote, because documents take seconds to set: no command waits for them. Done twice, it
    gives the same package."""

    leyendo: Leyendo
    sesiones: Callable[[], Session]
    hacer: HacerPaquete

    def preparar(self, call: RemoteCall) -> Data:
        mes = reportes.mes_de(texto(call.data, "mes"))
        hecho = self.hacer(self.leyendo, mes)
        with self.sesiones() as session, session.begin():
            quienes = interventoria.interventores(session, call.now)
            if not quienes:  # handed to nobody would look like handed over
                raise NoExiste(
                    "Ninguna cuenta activa tiene el rol de interventor: no hay a quién remitir el informe."
                )
            paquete = interventoria.guardar_paquete(
                session, mes, hecho, Acto(SYSTEM.id, call.now, call.case_key, call.instance_id)
            )
            entregas = [interventoria.clave(mes, q) for q in quienes]
            return {
                "paquete_id": paquete.id,
                "entregas": entregas,
                "fecha_remitir": iso(vencimiento(call.now, DIAS_REMITIR)),
            }


def revisar_acuses(call: Call) -> Data:
    """What is not acknowledged, and when it is asked for again."""
    _mes, interventor = interventoria.de_clave(texto(call.data, "entrega"))
    faltan = interventoria.sin_acuse(call.session, entero(call.data, "paquete_id"), interventor)
    return {"faltan_acuses": len(faltan), "fecha_acuse": iso(vencimiento(call.now, DIAS_ACUSE))}


def archivar(call: Call) -> None:
    """A4-2-02, activity 14: the file of the month in the folder of the contract; its hash is over
    every step before."""
    paquete_id = entero(call.data, "paquete_id")
    dados = len(interventoria.pasos(call.session, paquete_id))
    interventoria.dar_paso(
        call.session,
        paquete_id,
        interventoria.ARCHIVO,
        f"El expediente del mes tiene {dados} pasos.",
        acto_de(call),
    )
