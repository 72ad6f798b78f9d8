"""What was being sent when a session ended: shown again after the login, sent by nobody but the
person.

The form of a task shows itself with what was typed. Every other route has its POST only, so a page
says what was about to be done and with what, and offers to send it.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from records.casos import registro
from records.cuentas.reglas.roles import Facultad
from records.cuentas.tablas import RolAsignado
from webforms.base import palabras
from webforms.base.personas import nombre_de
from webforms.base.rutas import dicho, dicho_de
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import RETOMAR, Llevado, del_formulario, retomado
from webforms.tareas.envios import texto_de_campo

#: Fields of forms that are written by hand, as their pages call them: a variable of a process may
#: be called the same and be another thing.
ROTULOS: Mapping[str, Any] = {
    "acuse": _l("Acuse"),
    "archivo": _l("Archivo"),
    "area": _l("Área"),
    "asesor": _l("Asesor"),
    "asunto": _l("Asunto"),
    "canal": _l("Canal"),
    "caso": _l("Caso"),
    "causa": _l("Causa"),
    "codigo": _l("Código"),
    "comite_acta": _l("Número del acta del comité"),
    "comite_fecha": _l("Fecha del acta del comité"),
    "condicion": _l("Condición"),
    "confirmo": _l("Quién más lo confirmó"),
    "constancia": _l("Constancia"),
    "contenido": _l("Contenido"),
    "correo": _l("Correo"),
    "de_quien": _l("Quién la hizo"),
    "decide": _l("Decisión"),
    "desde": _l("Desde"),
    "dia": _l("Día"),
    "dias": _l("Días"),
    "donde": _l("Dirección de la página"),
    "dueno": _l("Dueño"),
    "escrito": _l("Procedimiento escrito"),
    "estado": _l("Estado"),
    "evidencia": _l("Evidencia"),
    "fundamento": _l("Fundamento"),
    "hasta": _l("Hasta"),
    "linea": _l("Línea del inventario"),
    "llego": _l("Llegó"),
    "mensaje": _l("Mensaje"),
    "modulos": _l("Módulos"),
    "motivo": _l("Motivo"),
    "motivo_restriccion": _l("Por qué se levanta"),
    "nombre": _l("Nombre"),
    "nota": _l("Nota"),
    "numero": _l("Número"),
    "objetivo": _l("Objetivo"),
    "persona": _l("Persona"),
    "por_que": _l("Por qué"),
    "procedimiento": _l("Procedimiento"),
    "proceso": _l("Proceso"),
    "publicada": _l("Día en que se publicó"),
    "punto": _l("Punto"),
    "radicado": _l("Radicado"),
    "razon": _l("Razón"),
    "recibida": _l("Día en que llegó"),
    "remitente": _l("Remitente"),
    "respuesta": _l("Respuesta"),
    "rige": _l("Desde cuándo rige"),
    "serie": _l("Serie"),
    "solicitud": _l("Número de la solicitud"),
    "subserie": _l("Subserie"),
    "anios": _l("Años de retención"),
    "texto": _l("Texto"),
    "ultimo_dia": _l("Último día"),
    "usuario": _l("Usuario"),
    "voto": _l("Voto"),
}
CLAVE_INTERNA = re.compile(r"[0-9a-f-]{20,}")  # which task, which version: nothing to a reader


def _de_que(partes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of whom or of what, where the address says it and the form did not; of people to whom they
    are shown still."""
    usuario, clave, asignado = (
        partes.get(parte) for parte in ("usuario", "case_key", "asignado_id")
    )
    quien = usuario_actual()
    if quien is None or not quien.puede(Facultad.GOBERNAR):
        usuario = asignado = None
    dichos: list[tuple[Any, str]] = []
    with servicios().uow.reading() as session:
        if usuario and (suyo := nombre_de(session, str(usuario))):
            dichos.append((_("Persona"), f"{suyo} ({usuario})" if suyo != usuario else suyo))
        if asignado and (rol := session.get(RolAsignado, asignado)) is not None:
            donde = f" · {palabras.lugar(rol.ambito)}" if rol.ambito else ""
            dichos.append((_("Rol"), f"{palabras.rol(rol.rol)}{donde}"))
        if clave:
            dichos += [
                (_("Caso"), numero) for _clave, numero in registro.numeros(session, [str(clave)])
            ]
    numeradas = (("aprobacion_id", _("Cambio que se pidió")), ("acta_id", _("Acta de eliminación")))
    dichos += [(dicho, str(partes[parte])) for parte, dicho in numeradas if parte in partes]
    return [(str(dicho), texto) for dicho, texto in dichos]


def retomar(llevado: Llevado) -> ResponseReturnValue:
    """After the login. Only a form that shows itself is sent back to, by itself or by its one
    button where scripts are off."""
    endpoint, partes = _ruta(llevado.ruta, "POST")
    suya = dicho_de(endpoint, "POST")
    if suya.get("se_muestra") == RETOMAR:
        return render_template(
            "cuentas/retomar.html",
            ruta=llevado.ruta,
            direccion=llevado.direccion,
            valores=llevado.valores,
        )
    accion = str(suya.get("haria", "")).format(**partes)
    visibles = [
        (str(ROTULOS.get(nombre) or palabras.variable(nombre)), texto_de_campo(nombre, valor))
        for nombre, valor in llevado.valores
        if valor and not nombre.startswith("_") and not CLAVE_INTERNA.fullmatch(valor)
    ]
    return render_template(
        "cuentas/sin_enviar.html",
        accion=accion,
        ruta=llevado.ruta,
        direccion=llevado.direccion,
        pagina=pagina_de(llevado.ruta),
        valores=llevado.valores,
        visibles=[*_de_que(partes), *visibles],
    )


def no_ejecutar() -> ResponseReturnValue | None:
    """Before every view: what comes back from a login is shown on whatever route it arrives."""
    if (
        request.method in ("GET", "HEAD", "OPTIONS")
        or not retomado()
        or dicho().get("se_muestra") == RETOMAR
    ):
        return None
    llevado, usuario = del_formulario(), usuario_actual()
    es_suyo = llevado is not None and usuario is not None and llevado.usuario == usuario.usuario
    return retomar(llevado if llevado is not None and es_suyo else Llevado("", request.path, ()))


def _ruta(direccion: str, metodo: str) -> tuple[str, Mapping[str, Any]]:
    try:
        endpoint, partes = current_app.url_map.bind("").match(direccion, method=metodo)
    except HTTPException:
        return "", {}
    return str(endpoint), partes


def pagina_de(direccion: str) -> str:
    """The nearest address that shows a page: that of the form, or of what the form lay in."""
    while direccion and not _ruta(direccion, "GET")[0]:
        direccion = direccion.rpartition("/")[0]
    return direccion or "/"
