"""The mails that a page sends to a colleague, in the commit of what the page does. Nothing of the
citizen's stands in them."""

import datetime as dt
from collections.abc import Sequence

from common.language import counted, said, speaking
from engine.types import Noting
from records.correo.avisos import SITIO, DesdeOrden, NuevoAviso, avisar, huella
from records.correo.reglas.cartas import carta, lengua_de
from records.cuentas.tablas import Cuenta

RECORDATORIO, MENCION = "recordatorio", "mencion"  #: kinds of notices


def enviar(n: Noting, aviso: NuevoAviso) -> bool:
    """False: this key was told before."""
    return avisar(DesdeOrden(n.session, n.now, n.enqueue, n.case_keys[0]), aviso)


def recordatorio(
    clave: str, recibe: Cuenta, quien: str, casos: Sequence[tuple[str, str]], mensaje: str
) -> NuevoAviso:
    """`casos`: number and subject of each overdue task; `mensaje`: what whoever reminds wrote."""
    lista = "\n".join(f"- {radicado} ({subtema})" for radicado, subtema in casos)
    dicho = f"{mensaje}\n\n" if mensaje else ""
    with speaking(recibe.idioma):
        cuantas = counted("%(num)s tarea vencida", "%(num)s tareas vencidas", len(casos))
        dicha = carta(
            "tareas_vencidas", quien=quien, cuantas=cuantas, lista=lista, mensaje=dicho, sitio=SITIO
        )
        return NuevoAviso(
            clave, RECORDATORIO, recibe.correo, *dicha, idioma=lengua_de("tareas_vencidas")
        )


def mencion(
    case_key: str,
    caso_id: int | None,
    recibe: Cuenta,
    *,
    quien: str,
    radicado: str,
    nombre: str,
    now: dt.datetime,
) -> NuevoAviso:
    """`radicado`: "" of a case that has none; then it is called by its `nombre`, if it has one."""
    with speaking(recibe.idioma):
        caso = said("el caso %(r)s", r=radicado) if radicado else nombre or said("un caso")
        dicha = carta("mencion", quien=quien, caso=caso, notas=f"{SITIO}/caso/{case_key}/notas")
        clave = f"mencion:{case_key}:{huella(recibe.correo)}:{now.isoformat()}"
        return NuevoAviso(clave, MENCION, recibe.correo, *dicha, caso_id, lengua_de("mencion"))
