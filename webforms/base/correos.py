"""The mails that a page sends to a colleague, in the commit of what the page does. Nothing of the citizen's stands in them."""

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.types import Noting
from records.avisos import SITIO
from records.avisos import DesdeOrden
from records.avisos import NuevoAviso
from records.avisos import avisar
from records.avisos import huella

RECORDATORIO, MENCION = "recordatorio", "mencion"  #: kinds of notices


def enviar(n: Noting, aviso: NuevoAviso) -> bool:
    """False: this key was told before."""
    return avisar(DesdeOrden(n.session, n.now, n.enqueue, n.case_keys[0]), aviso)


def recordatorio(clave: str, para: str, quien: str, casos: Sequence[tuple[str, str]], mensaje: str) -> NuevoAviso:
    """`casos`: number and subject of each overdue task; `mensaje`: what whoever reminds wrote."""
    lista = "\n".join(f"- {radicado} ({subtema})" for radicado, subtema in casos)
    asunto = ngettext("%(quien)s le recuerda 1 tarea vencida", "%(quien)s le recuerda %(num)s tareas vencidas", len(casos), quien=quien)
    texto = _(
        "Estas tareas están vencidas y las tiene usted:\n\n%(lista)s\n\n%(mensaje)sEstán sin leer en su bandeja:\n%(bandeja)s",
        lista=lista,
        bandeja=f"{SITIO}/bandeja",
        mensaje=f"{mensaje}\n\n" if mensaje else "",
    )
    return NuevoAviso(clave, RECORDATORIO, para, asunto, texto)


def mencion(case_key: str, caso_id: int | None, para: str, *, quien: str, caso: str, now: dt.datetime) -> NuevoAviso:
    asunto = _("%(quien)s lo mencionó en %(caso)s", quien=quien, caso=caso)
    texto = _(
        "%(quien)s lo mencionó en una nota de %(caso)s.\n\nLéala en Ventanilla:\n%(notas)s",
        quien=quien,
        caso=caso,
        notas=f"{SITIO}/caso/{case_key}/notas",
    )
    return NuevoAviso(f"mencion:{case_key}:{huella(para)}:{now.isoformat()}", MENCION, para, asunto, texto, caso_id)
