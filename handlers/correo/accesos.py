"""Control 6-1: who leads a person is asked whether their account is still needed; one letter with
all that are theirs."""

from engine.types import Call
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from handlers.correo.quietas import lideres
from records.base.datos import entero
from records.controles import accesos
from records.controles.reglas.accesos import PREGUNTAR
from records.controles.tablas import RevisionCuenta
from records.correo import avisos
from records.cuentas.reglas.roles import ASESOR, COORDINADOR, FUNCIONARIO, JEFE


def preguntar(call: Call) -> None:
    revision_id = entero(call.data, "revision_accesos_id")
    por_lider: dict[str, list[RevisionCuenta]] = {}
    for cuenta in accesos.de_revision(call.session, revision_id):
        if cuenta.decision == PREGUNTAR:
            for para in _lideres(call, cuenta):
                por_lider.setdefault(para, []).append(cuenta)
    for para, suyas in por_lider.items():
        with avisos.hablandole(call.session, para):
            carta = plantillas.cuentas_por_confirmar([(c.nombre, c.usuario, c.nota) for c in suyas])
            al_equipo(
                call,
                carta.aviso(f"accesos:{revision_id}:{avisos.huella(para)}", "accesos", para, None),
                "/",
            )


def _lideres(call: Call, cuenta: RevisionCuenta) -> list[str]:
    """Officers have the leader of their area, advisers the coordination, everybody else the head of
    the OCM."""
    areas = [r["ambito"] for r in cuenta.roles if r["rol"] == FUNCIONARIO and r["ambito"]]
    if areas:
        return list(dict.fromkeys(para for area in areas for para in lideres(call, area)))
    es_asesor = any(r["rol"] == ASESOR for r in cuenta.roles)
    return avisos.correos_de_rol(call.session, COORDINADOR if es_asesor else JEFE, call.now)
