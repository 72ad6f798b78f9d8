"""The mails that a page sends to a colleague, in the commit of what the page does. Nothing of the citizen's stands in them."""

import datetime as dt
from collections.abc import Sequence

from engine.types import Noting
from records.avisos import SITIO
from records.avisos import DesdeOrden
from records.avisos import NuevoAviso
from records.avisos import avisar
from records.avisos import huella
from records.rules.cartas import carta

RECORDATORIO, MENCION = "recordatorio", "mencion"  #: kinds of notices


def enviar(n: Noting, aviso: NuevoAviso) -> bool:
    """False: this key was told before."""
    return avisar(DesdeOrden(n.session, n.now, n.enqueue, n.case_keys[0]), aviso)


def recordatorio(clave: str, para: str, quien: str, casos: Sequence[tuple[str, str]], mensaje: str) -> NuevoAviso:
    """`casos`: number and subject of each overdue task; `mensaje`: what whoever reminds wrote."""
    lista = "\n".join(f"- {radicado} ({subtema})" for radicado, subtema in casos)
    cuantas = "1 tarea vencida" if len(casos) == 1 else f"{len(casos)} tareas vencidas"
    dicho = f"{mensaje}\n\n" if mensaje else ""
    return NuevoAviso(
        clave, RECORDATORIO, para, *carta("tareas_vencidas", quien=quien, cuantas=cuantas, lista=lista, mensaje=dicho, sitio=SITIO)
    )


def mencion(case_key: str, caso_id: int | None, para: str, *, quien: str, caso: str, now: dt.datetime) -> NuevoAviso:
    dicha = carta("mencion", quien=quien, caso=caso, notas=f"{SITIO}/caso/{case_key}/notas")
    return NuevoAviso(f"mencion:{case_key}:{huella(para)}:{now.isoformat()}", MENCION, para, *dicha, caso_id)
