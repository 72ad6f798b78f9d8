"""What the CRM does with an escalated case (P02): its dates, its area, the waiting for the citizen,
the extension."""

from engine.types import Call, Data
from handlers.correo import plantillas
from handlers.correo.avisos import al_usuario, caso_de
from handlers.crm.atencion import avisar_area
from records.base.actos import acto_de
from records.base.datos import entero, iso, opcional, texto
from records.casos import escalonamientos
from records.correo import avisos
from records.cuentas import cuentas
from records.cuentas.reglas.roles import FUNCIONARIO
from records.plazos.reglas.plazos import se_detiene

AJENO = "El área indicó que el caso no es de su competencia."


def calcular_plazos(call: Call) -> Data:
    """4.2, control 6-4: dates from the first escalation; neither a reassignment nor a return starts
    the clock again (Q13)."""
    caso_id = entero(call.data, "caso_id")
    plazos = escalonamientos.calcular_plazos(
        call.session, caso_id, now=call.now, causa=_causa(call, caso_id)
    )
    avisar_area(call, caso_id)
    return {
        "fecha_sin_tomar": iso(plazos.internas.sin_tomar),
        "fecha_recordar_50": iso(plazos.internas.recordar_50),
        "fecha_recordar_80": iso(plazos.internas.recordar_80),
        "fecha_plazo_interno": iso(plazos.internas.plazo_interno),
        "fecha_limite_respuesta": iso(plazos.limite_respuesta),
        "area_id": plazos.area_id,
        "funcionario_id": _quien_sigue(call, plazos.area_id),
    }


def _quien_sigue(call: Call, area_id: str) -> str:
    """Who has analysed the case goes on with it, unless they are away or no longer of the area that
    has it; "": anybody of the area."""
    funcionario_id = texto(call.data, "funcionario_id")
    sigue = cuentas.esta_disponible(call.session, funcionario_id, FUNCIONARIO, area_id, call.now)
    return funcionario_id if sigue else ""


def _causa(call: Call, caso_id: int) -> str:
    """Why the dates are calculated again, for the history of deadlines."""
    if call.data.get("resultado_analisis") == "falta_informacion":
        return "reanudado"
    if escalonamientos.prorroga(call.session, caso_id) is not None:
        return "prorroga"
    return "reasignado" if opcional(call.data, "n_reasignaciones") else "escalado"


def reasignar(call: Call) -> Data:
    """5.2.16 "not mine": at most twice; the third time the area stays and the coordinator decides
    (Q13)."""
    hecha = escalonamientos.reasignar(
        call.session,
        entero(call.data, "caso_id"),
        acto_de(call),
        area_destino=texto(call.data, "area_destino"),
        motivo=AJENO,
    )
    return {
        "n_reasignaciones": hecha.n,
        "area_id": hecha.area_id,
        "actividad_interrumpida": "",
        "funcionario_id": "",
    }


def requerir(call: Call) -> Data:
    """Art. 17: the clock stands still, unless the term has passed, and the citizen is told what is
    missing and until when."""
    caso_id = entero(call.data, "caso_id")
    vence = escalonamientos.requerir(call.session, caso_id, "", acto_de(call))
    abierta = escalonamientos.suspension_abierta(call.session, caso_id)
    if abierta is None:  # requerir opens one or raises
        raise LookupError(caso_id)
    caso = caso_de(avisos.datos_aviso(call.session, caso_id))
    vencido = caso.limite_respuesta is not None and not se_detiene(
        caso.limite_respuesta, abierta.desde
    )
    carta = plantillas.requerimiento(caso, abierta.informacion, vence, vencido=vencido)
    al_usuario(call, caso_id, f"requerir:{abierta.id}", "requerimiento", carta)
    return {"fecha_desistimiento": iso(vence)}


def reanudar(call: Call) -> None:
    """Art. 17: the information came; the business days that were left go on."""
    escalonamientos.reanudar(call.session, entero(call.data, "caso_id"), acto_de(call))


def desistir(call: Call) -> None:
    """Art. 17: a month without the information ends the case, and the citizen is told."""
    caso_id = entero(call.data, "caso_id")
    escalonamientos.desistir(call.session, caso_id, acto_de(call))
    carta = plantillas.desistimiento(caso_de(avisos.datos_aviso(call.session, caso_id)))
    al_usuario(call, caso_id, f"desistido:{caso_id}", "desistimiento", carta)


def prorrogar(call: Call) -> None:
    """Art. 14 par.: the page that approved the extension wrote it, before expiry; here the citizen
    is told why and until when."""
    caso_id = entero(call.data, "caso_id")
    prorroga = escalonamientos.prorroga(call.session, caso_id)
    if prorroga is None:
        raise LookupError(f"caso {caso_id} sin prórroga aprobada")
    carta = plantillas.prorroga(
        caso_de(avisos.datos_aviso(call.session, caso_id)), prorroga.motivo, prorroga.nueva_fecha
    )
    al_usuario(call, caso_id, f"prorroga:{caso_id}", "prorroga", carta)
