"""The quality committee: what it takes up this month, and its minutes (5.2.30–5.2.31)."""

from engine import reads
from engine.types import Call, Data, Handlers
from records.base.actos import acto_de
from records.base.datos import entero, instante, iso
from records.comites import comites
from records.plazos.reglas.calendario import vencimiento
from records.plazos.reglas.obligaciones import DIAS_RESPUESTA


def register(handlers: Handlers) -> None:
    handlers.local["comite.reunir"] = reunir
    handlers.local["comite.levantar_acta"] = levantar_acta


def reunir(call: Call) -> Data:
    sin_acta = {c.instancia_id: c.id for c in comites.sin_acta(call.session)}
    dejados = [sin_acta[i] for i in reads.instances.ended(call.session, list(sin_acta))]
    comite, por_tratar = comites.reunir(
        call.session, instante(call.data, "corte") or call.now, acto_de(call), dejados
    )
    fecha = iso(vencimiento(call.now, DIAS_RESPUESTA))
    return {
        "comite_id": comite.id,
        "mes": comite.mes,
        "hallazgos": list(por_tratar),
        "fecha_respuesta": fecha,
    }


def levantar_acta(call: Call) -> Data:
    acta, reiteradas = comites.levantar(call.session, entero(call.data, "comite_id"), acto_de(call))
    return {"acta_id": acta.id, "reiteradas": reiteradas}
