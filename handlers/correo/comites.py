"""Mails of the quality committee: answers that are missing (Q19), and the convocation of each
member (5.2.31)."""

import datetime as dt

from common.language import speaking
from common.locales import days
from engine.types import Call, Data
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from records.auditorias import muestras
from records.base.actos import acto_de
from records.base.datos import entero, iso
from records.comites import comites
from records.correo import avisos
from records.cuentas import cuentas
from records.cuentas.reglas.roles import GERENTE


def _mes(mes: str) -> dt.date:
    return dt.date.fromisoformat(f"{mes}-01")


def faltan(call: Call) -> None:
    """To who answers; once a committee."""
    comite = comites.uno(call.session, entero(call.data, "comite_id"))
    faltan = comites.sin_responder(call.session, comite.id)
    for para in avisos.correos_de_rol(call.session, GERENTE, call.now):
        with avisos.hablandole(call.session, para):
            carta = plantillas.faltan_respuestas(_mes(comite.mes), faltan)
            aviso = carta.aviso(
                f"comite_respuestas:{comite.id}:{avisos.huella(para)}",
                "comite_respuestas",
                para,
                None,
            )
            al_equipo(call, aviso, "/hallazgos?estado=sin_respuesta")


def convocar(call: Call) -> Data:
    """The next session; each member gets the agenda."""
    comite = comites.uno(call.session, entero(call.data, "comite_id"))
    sesion = comites.convocar(call.session, comite.id, acto_de(call))
    tratados = comites.tratados(call.session, comite.id)
    asuntos = [(t.codigo, days(*muestras.semana_auditada(t.semana))) for t in tratados]
    for cuenta in cuentas.cuentas_llamadas(call.session, set(sesion.miembros)):
        clave = f"comite_convocado:{sesion.id}:{avisos.huella(cuenta.correo)}"
        with speaking(cuenta.idioma):
            carta = plantillas.convocatoria(_mes(comite.mes), sesion.numero, sesion.para, asuntos)
            al_equipo(
                call,
                carta.aviso(clave, "comite_convocado", cuenta.correo, None),
                f"/comites/{comite.id}",
            )
    return {"sesion_id": sesion.id, "fecha_sesion": iso(sesion.para)}
