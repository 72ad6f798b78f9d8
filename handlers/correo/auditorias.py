"""Mails of the weekly audit: what is missing on Friday (Q20), the copy to the outsourcing and the
advisers' F189 (5.2.29)."""

from common.language import speaking
from common.locales import days
from engine.types import Call
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from records.auditorias import auditorias, muestras
from records.base.datos import entero
from records.correo import avisos
from records.cuentas import cuentas
from records.cuentas.reglas.roles import GERENTE, JEFE


def falta(call: Call) -> None:
    """To the head of the office, once an audit and kind: F189 that are not done, or the report of
    those that are."""
    auditoria = auditorias.una(call.session, entero(call.data, "auditoria_id"))
    r = auditorias.resumen(call.session, auditoria)
    faltan = sum(e.f189 is None for e in (*r.muestra, *r.visitas))
    for para in avisos.correos_de_rol(call.session, JEFE, call.now):
        clave = f"auditoria_falta:{auditoria.id}:{'informe' if r.completa else 'f189'}:{avisos.huella(para)}"
        with avisos.hablandole(call.session, para):
            carta = plantillas.falta_de_auditoria(
                _semana(auditoria.semana), faltan, informe=r.completa
            )
            al_equipo(
                call,
                carta.aviso(clave, "auditoria_falta", para, None),
                f"/auditorias/{auditoria.semana}",
            )


def remitir(call: Call) -> None:
    """The copy to the Gerente; each adviser who is in it reads of their own F189 alone."""
    auditoria = auditorias.una(call.session, entero(call.data, "auditoria_id"))
    r = auditorias.resumen(call.session, auditoria)
    for para in avisos.correos_de_rol(call.session, GERENTE, call.now):
        clave = f"auditoria_remitida:{auditoria.id}:{avisos.huella(para)}"
        with avisos.hablandole(call.session, para):
            carta = plantillas.auditoria_remitida(
                _semana(auditoria.semana), r.estimacion.media, len(r.inconsistencias)
            )
            al_equipo(
                call,
                carta.aviso(clave, "auditoria_remitida", para, None),
                f"/auditorias/{auditoria.semana}",
            )
    for cuenta in cuentas.cuentas_llamadas(
        call.session, {f.f189.asesor_id for f in r.filas if f.f189 is not None}
    ):
        clave = f"f189_liberado:{auditoria.id}:{avisos.huella(cuenta.correo)}"
        with speaking(cuenta.idioma):
            propia = plantillas.f189_liberado(_semana(auditoria.semana))
            al_equipo(
                call, propia.aviso(clave, "f189_liberado", cuenta.correo, None), "/mi-calidad"
            )


def _semana(codigo: str) -> str:
    return days(*muestras.semana_auditada(codigo))
