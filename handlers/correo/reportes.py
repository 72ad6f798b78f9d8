"""Mails about the monthly reports: which are missing when they are due (Q17), which one came back
three times (Q18)."""

from engine.types import Call
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from records.base.datos import entero, texto
from records.correo import avisos
from records.cuentas.reglas.roles import AGENTE_CALIDAD, GERENTE, GERENTE_OPERATIVO
from records.informes import reportes


def faltan(call: Call) -> None:
    """One letter to each person who makes, reviews or joins them; none when all are approved."""
    mes = reportes.mes_de(texto(call.data, "mes"))
    sin_aprobar = [
        s for s in reportes.situaciones(call.session, mes) if s.estado != reportes.APROBADO
    ]
    if not sin_aprobar:
        return
    for rol in (AGENTE_CALIDAD, GERENTE, GERENTE_OPERATIVO):
        for para in avisos.correos_de_rol(call.session, rol, call.now):
            with avisos.hablandole(call.session, para):
                carta = plantillas.faltan_reportes(mes, [(s.nombre, s.estado) for s in sin_aprobar])
                aviso = carta.aviso(
                    f"faltan_reportes:{mes:%Y-%m}:{avisos.huella(para)}",
                    "faltan_reportes",
                    para,
                    None,
                )
                al_equipo(call, aviso, f"/reportes/{mes:%Y-%m}")


def volvio(call: Call) -> None:
    """To the Gerente Operativo, once each time: what was observed stands on the page of the
    report."""
    mes, punto_id, veces = (
        reportes.mes_de(texto(call.data, "mes")),
        texto(call.data, "punto_id"),
        entero(call.data, "n_devoluciones"),
    )
    nombre = next(
        (s.nombre for s in reportes.situaciones(call.session, mes) if s.punto_id == punto_id),
        punto_id,
    )
    for para in avisos.correos_de_rol(call.session, GERENTE_OPERATIVO, call.now):
        clave = f"reporte_devuelto:{mes:%Y-%m}:{punto_id}:{veces}:{avisos.huella(para)}"
        with avisos.hablandole(call.session, para):
            carta = plantillas.reporte_devuelto(mes, nombre, veces)
            al_equipo(
                call,
                carta.aviso(clave, "reporte_devuelto", para, None),
                f"/reportes/{mes:%Y-%m}/{punto_id}",
            )
