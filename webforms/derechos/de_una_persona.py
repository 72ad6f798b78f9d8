"""All that is held about one person in one file, for whom asks for it (Ley 1581 de 2012, art. 8 a).
It says so in the access chain."""

import datetime as dt
import json
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import PurePath
from typing import Any, Final

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from records.base.reglas.entidad import aqui
from records.derechos import de_una_persona
from records.sistemas.puertos import FallaDeSistema
from webforms.base.entrada import entero
from webforms.base.quienes import REVISA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos import documento_buscado
from webforms.documentos.archivos import ArchivoDistinto

rutas = Rutas()

EXPORTADA: Final = "exportacion_persona"  #: kind of the entry that this makes
EN_MEMORIA: Final = 10_000_000  # bytes; more lies in a file of its own meanwhile
MIN_MOTIVO, MAX_MOTIVO = 5, 160


@rutas.post(
    "/cumplimiento/accesos/exportar",
    para=REVISA,
    haria=_l("Bajar todo lo que se guarda de una persona"),
    de_peso=True,
)
def exportar_persona() -> ResponseReturnValue:
    """Of somebody whose document was looked for on the page of accesses, for the reason that was
    written there."""
    buscado = documento_buscado.leer(request.form.get(documento_buscado.FIRMADO, ""))
    persona_id, motivo = (
        request.form.get("persona", type=entero),
        limpiar(request.form.get("motivo", ""))[:MAX_MOTIVO],
    )
    if persona_id is None or persona_id not in (buscado.personas or ()):
        abort(404)
    if len(motivo) < MIN_MOTIVO:
        flash(_("Escriba por qué lo baja: queda anotado con su nombre."), "ambar")
        return redirect(url_for("cumplimiento.accesos", de=request.form[documento_buscado.FIRMADO]))
    s = servicios()
    now = s.clock.now()
    with s.uow.reading_one_state() as session:
        suyo = de_una_persona.todo(session, persona_id)
        dicho = {**_del_motor(session, suyo, persona_id), "filas": suyo.filas}
    detalle = {
        "motivo": motivo,
        "filas": sum(map(len, suyo.filas.values())),
        "archivos": len(suyo.archivos),
    }
    s.engine.log_access(actor_actual(), EXPORTADA, f"persona:{persona_id}", now=now, detail=detalle)
    paquete = _paquete(dicho, suyo, now)
    respuesta = send_file(
        paquete, "application/zip", as_attachment=True, download_name=f"persona-{persona_id}.zip"
    )
    respuesta.call_on_close(paquete.close)
    return respuesta


def _del_motor(
    session: Session, suyo: de_una_persona.DeUnaPersona, persona_id: int
) -> dict[str, Any]:
    """Forms, notes and steps of their cases, and who looked at them."""
    formularios, notas, pasos = [], [], []
    for clave in sorted(suyo.claves):
        formularios += [
            {"caso": clave, "paso": f.element, "cuando": f.at, "valores": f.values}
            for f in reads.history.submissions(session, clave)
        ]
        notas += [
            {"caso": clave, "cuando": n.at, "clase": n.kind, "texto": n.text}
            for n in reads.history.notes(session, clave)
        ]
        pasos += [
            {"caso": clave, "paso": i.name, "desde": i.opened_at, "hasta": i.closed_at}
            for i in reads.items.of_case(session, clave)
        ]
    vistas = reads.history.access_of(session, [f"persona:{persona_id}", *sorted(suyo.claves)])
    accesos = [{"cuando": a.at, "quien": a.actor_id, "que": a.kind} for a in vistas]
    return {"formularios": formularios, "notas": notas, "pasos": pasos, "accesos": accesos}


def _paquete(dicho: dict[str, Any], suyo: de_una_persona.DeUnaPersona, now: dt.datetime) -> Any:
    """`datos.json`, and each document under a name of ours; what the store does not give is said,
    and the rest leaves."""
    with ExitStack() as hasta_enviarlo:
        salida = hasta_enviarlo.enter_context(tempfile.SpooledTemporaryFile(EN_MEMORIA))
        documentos = []
        with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as archivo:
            for n, (sha256, nombre) in enumerate(sorted(suyo.archivos.items()), 1):
                dentro = f"documentos/{n:04}{PurePath(nombre).suffix[:6] if nombre.isprintable() else ''}"
                try:
                    _escribir(archivo, dentro, servicios().archivos.leer(sha256), now)
                except (ArchivoDistinto, FallaDeSistema):
                    documentos.append(
                        {
                            "sha256": sha256,
                            "nombre": nombre,
                            "falta": _("el lugar de los documentos no lo dio"),
                        }
                    )
                else:
                    documentos.append({"sha256": sha256, "nombre": nombre, "archivo": dentro})
            que_es = {
                "entidad": aqui().nombre,
                "hecho": now.isoformat(),
                "documentos": documentos,
                **dicho,
            }
            _escribir(
                archivo,
                "datos.json",
                json.dumps(que_es, ensure_ascii=False, indent=1, default=str).encode(
                    "utf-8", "replace"
                ),
                now,
            )
        salida.seek(0)
        hasta_enviarlo.pop_all()
    return salida


def _escribir(archivo: zipfile.ZipFile, nombre: str, contenido: bytes, now: dt.datetime) -> None:
    archivo.writestr(zipfile.ZipInfo(nombre, now.timetuple()[:6]), contenido)
