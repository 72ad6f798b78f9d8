"""The electronic index of a case: what its file holds, page by page, as it stands now and as it was closed; the same as XML."""

from collections.abc import Sequence
from typing import Final

from flask import Response
from flask import abort
from flask import render_template
from flask.typing import ResponseReturnValue

from records import indices
from records import series
from records.rules import indice as reglas
from records.rules.calendario import dia_local
from records.rules.indice import Carpeta
from records.rules.indice import Renglon
from webforms.base import indices as base
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import abrir
from webforms.casos.cabecera import exigir

rutas = Rutas()

VIVO: Final = 0  #: the number of the version that nobody closed


@rutas.get("/caso/<case_key>/indice")
def indice(case_key: str) -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        cab = abrir(session, case_key)
        carpeta = base.carpeta(session, case_key, now)
        hojas, versiones = base.renglones(session, case_key), indices.versiones(session, case_key)
        con_contenido = indices.con_contenido(session, case_key)
        verificado = base.verificar(session, case_key) if versiones else None
        serie = series.de_casos(session, {case_key: carpeta.procedimiento}, dia_local(now)).get(case_key) if carpeta is not None else None
    valores = {
        "carpeta": carpeta,
        "serie": serie,
        "cumple": series.cumple(carpeta.cerrado, serie.anios) if carpeta is not None and carpeta.cerrado and serie is not None else None,
        "hojas": hojas,
        "paginas": reglas.paginas(hojas),
        "bytes": sum(r.documento.tamano or 0 for r in hojas),
        "versiones": versiones,
        "nuevos": len(hojas) - versiones[0].documentos if versiones else 0,
        "con_contenido": con_contenido,
        "faltas": verificado.faltas if verificado is not None else (),
    }
    return render_template("casos/indice.html", pestana="indice", **cab.en_plantilla(), **valores)


@rutas.get("/caso/<case_key>/indice.xml")
def indice_xml(case_key: str) -> ResponseReturnValue:
    """As it stands now: of a file that is open, and of one that is closed the version that would follow."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        exigir(session, case_key)
        carpeta: Carpeta = base.carpeta(session, case_key, now) or abort(404)
        hojas: Sequence[Renglon] = base.renglones(session, case_key)
    return _archivo(case_key, carpeta.numero, VIVO, base.en_xml(carpeta, hojas, version=VIVO, anterior="", now=now))


@rutas.get("/caso/<case_key>/indice/<int:version>.xml")
def version_de_indice(case_key: str, version: int) -> ResponseReturnValue:
    """As it was closed, byte for byte."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        carpeta: Carpeta = base.carpeta(session, case_key, s.clock.now()) or abort(404)
        fila = indices.una(session, case_key, version) or abort(404)
        crudo = indices.contenido(session, fila) or abort(410)
    return _archivo(case_key, carpeta.numero, version, crudo)


def _archivo(case_key: str, numero: str, version: int, crudo: bytes) -> Response:
    s, nombre = servicios(), f"indice-{numero}{f'-v{version}' if version else ''}.xml"
    s.engine.log_access(actor_actual(), "exportacion", case_key, now=s.clock.now(), detail={"archivo": "indice.xml", "version": version})
    cabeceras = {"Content-Disposition": f'attachment; filename="{nombre}"', "Cache-Control": "no-store"}
    return Response(crudo, mimetype="application/xml", headers=cabeceras)
