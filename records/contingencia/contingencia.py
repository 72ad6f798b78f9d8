"""Who is told of an outage of the CRM (control 6-6), and that the one outside is back."""

import datetime as dt
from typing import Final

from common.language import said
from records.base.errores import NoExiste
from records.correo import avisos
from records.correo.reglas.cartas import carta, dia, duracion, lengua_de
from records.cuentas.reglas.roles import ADMIN_CRM, COORDINADOR, GERENTE_OPERATIVO
from records.informes import disponibilidad
from records.plazos.reglas.calendario import ZONA

AVISADOS: Final = (COORDINADOR, GERENTE_OPERATIVO, ADMIN_CRM)


def cuando(momento: dt.datetime) -> str:
    return said("el %(d)s a las %(h)s", d=dia(momento), h=f"{momento.astimezone(ZONA):%H:%M}")


def carta_de_vuelta(desde: dt.datetime, hasta: dt.datetime) -> tuple[str, str]:
    """Subject and text: the one outside answers again."""
    return carta("crm_de_vuelta", cuando=cuando(desde), duro=duracion(hasta - desde))


def avisar_que_volvio(orden: avisos.DesdeOrden, caida_id: int, hasta: dt.datetime) -> None:
    """To those to whom the beginning was told."""
    caida = disponibilidad.caida(orden.session, caida_id)
    if caida is None:
        raise NoExiste("No existe la caída %(n)s.", n=caida_id)
    for rol in AVISADOS:
        for para in avisos.correos_de_rol(orden.session, rol, orden.now):
            clave = f"crm:{caida_id}:fin:{avisos.huella(para)}"
            with avisos.hablandole(orden.session, para):
                asunto, dicho = carta_de_vuelta(caida.desde, hasta)
                cuerpo = (
                    f"{dicho}\n\n{said('Ábralo en Ventanilla:')}\n{avisos.SITIO}/disponibilidad"
                )
                avisos.avisar(
                    orden,
                    avisos.NuevoAviso(
                        clave,
                        "contingencia",
                        para,
                        asunto,
                        cuerpo,
                        None,
                        lengua_de("crm_de_vuelta"),
                    ),
                )
