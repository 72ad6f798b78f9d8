"""The electronic index of a case: what its file holds, page by page, as it stands now and as it was
closed; the same as XML."""

import re
from collections.abc import Sequence
from typing import Final

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.base.reglas.entidad import aqui
from records.correo.reglas.cartas import Bloque
from records.expedientes import indices, series
from records.expedientes.reglas import indice as reglas
from records.expedientes.reglas.indice import Carpeta, Renglon
from records.plazos.reglas.calendario import dia_local
from records.sistemas.puertos import DocumentoPedido
from webforms.base import formatos
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.idioma import idioma
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import abrir, exigir
from webforms.documentos.documentos_hechos import DocumentosHechos
from webforms.expedientes import indices as base

rutas = Rutas()

_DE_UN_PASO: Final = re.compile(r"5(?:\.\d+)+")
VIVO: Final = 0  #: the number of the version that nobody closed


@rutas.get(
    "/caso/<case_key>/indice",
    para=PERSONA,
    ayuda=Ayuda(
        _l(
            "Qué documentos tiene el expediente, en su orden y con su huella, y si siguen como se cerraron."
        ),
        FUNCIONARIO,
    ),
)
def indice(case_key: str) -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        cab = abrir(session, case_key)
        carpeta = base.carpeta(session, case_key, now)
        hojas, versiones = base.renglones(session, case_key), indices.versiones(session, case_key)
        con_contenido = indices.con_contenido(session, case_key)
        verificado = base.verificar(session, case_key) if versiones else None
        serie = (
            series.de_casos(session, {case_key: carpeta.procedimiento}, dia_local(now)).get(
                case_key
            )
            if carpeta is not None
            else None
        )
    cumple = (
        series.cumple(carpeta.cerrado, serie.anios)
        if carpeta is not None and carpeta.cerrado and serie is not None
        else None
    )
    valores = {
        "carpeta": carpeta,
        "serie": serie,
        "cumple": cumple if cumple != series.NUNCA else None,
        "hojas": hojas,
        "paginas": reglas.paginas(hojas),
        "bytes": sum(r.documento.tamano or 0 for r in hojas),
        "versiones": versiones,
        "nuevos": len(hojas) - versiones[0].documentos if versiones else 0,
        "con_contenido": con_contenido,
        "nombre_de": _nombre,
        "faltas": verificado.faltas if verificado is not None else (),
        "esperan": verificado.esperan if verificado is not None else (),
    }
    return render_template("casos/indice.html", pestana="indice", **cab.en_plantilla(), **valores)


@rutas.get("/caso/<case_key>/indice.xml", para=PERSONA)
def indice_xml(case_key: str) -> ResponseReturnValue:
    """As it stands now: of a file that is open, and of one that is closed the version that would
    follow."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        exigir(session, case_key)
        carpeta: Carpeta = base.carpeta(session, case_key, now) or abort(404)
        hojas: Sequence[Renglon] = base.renglones(session, case_key)
    return _archivo(
        case_key,
        f"indice-{carpeta.numero}.xml",
        base.en_xml(carpeta, hojas, version=VIVO, anterior="", now=now),
    )


@rutas.get("/caso/<case_key>/indice.pdf", para=PERSONA)
def indice_en_pdf(case_key: str) -> ResponseReturnValue:
    """The same on paper: to read, not to compare."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        exigir(session, case_key)
        carpeta: Carpeta = base.carpeta(session, case_key, now) or abort(404)
        hojas: Sequence[Renglon] = base.renglones(session, case_key)
        ultima = indices.ultima(session, case_key)
    cierre = (
        formatos.momento(carpeta.cerrado) if carpeta.cerrado is not None else _("sigue abierto")
    )
    sobre = [
        f"{_('Serie')}: {' · '.join(filter(None, (carpeta.serie, carpeta.serie_nombre, carpeta.subserie))) or '—'}",
        f"{_('Se abrió')}: {formatos.momento(carpeta.abierto)}",
        f"{_('Se cerró')}: {cierre}",
        f"{_('Documentos')}: {len(hojas)}",
        f"{_('Páginas')}: {reglas.paginas(hojas)}",
    ]
    if ultima is not None:
        sobre.append(_("Índice cerrado, versión %(v)s: %(h)s", v=ultima.version, h=ultima.huella))
    bloques = (
        Bloque("lista", tuple(sobre)),
        Bloque("titulo", (_("Documentos"),)),
        *([Bloque("lista", tuple(_en_un_punto(r) for r in hojas))] if hojas else []),
    )
    titulo = _("Índice electrónico del expediente")
    pedido = DocumentoPedido(
        titulo, bloques, titulo, aqui().nombre, carpeta.numero, formatos.momento(now), now, idioma()
    )
    crudo = DocumentosHechos(s.archivos).poner(pedido)
    return _archivo(case_key, f"indice-{carpeta.numero}.pdf", crudo, "application/pdf")


def _nombre(nombre: str) -> str:
    """A form is called as its step: in an index by the words that were in force, on a page by those
    of its reader."""
    numero, _blanco, paso = nombre.partition(" ")
    return (
        f"{numero} {rotulo(paso)}"
        if _DE_UN_PASO.fullmatch(numero)
        else rotulo(_(nombre) if nombre else "—")
    )


def _en_un_punto(r: Renglon) -> str:
    d = r.documento
    dichos = [
        f"{r.orden}. {_nombre(d.nombre)}",
        _(d.tipologia) if d.tipologia else "",
        formatos.momento(d.incorporado),
        _("página %(a)s", a=r.inicio)
        if r.inicio == r.fin
        else _("páginas %(a)s a %(b)s", a=r.inicio, b=r.fin),
        f"{d.formato} {formatos.tamano(d.tamano) if d.tamano is not None else ''}".strip(),
        _(d.origen),
        f"{_(d.funcion)} {d.huella}" if d.huella else "",
        _("Eliminado por el acto %(a)s", a=d.por_acto) if d.por_acto else "",
    ]
    return " · ".join(filter(None, dichos))


@rutas.get("/caso/<case_key>/indice/<int:version>.xml", para=PERSONA)
def version_de_indice(case_key: str, version: int) -> ResponseReturnValue:
    """As it was closed, byte for byte."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        carpeta: Carpeta = base.carpeta(session, case_key, s.clock.now()) or abort(404)
        fila = indices.una(session, case_key, version) or abort(404)
        crudo = indices.contenido(session, fila) or abort(410)
    return _archivo(case_key, f"indice-{carpeta.numero}-v{version}.xml", crudo)


def _archivo(case_key: str, nombre: str, crudo: bytes, tipo: str = "application/xml") -> Response:
    s = servicios()
    s.engine.log_access(
        actor_actual(), "exportacion", case_key, now=s.clock.now(), detail={"archivo": nombre}
    )
    cabeceras = {
        "Content-Disposition": f'attachment; filename="{nombre}"',
        "Cache-Control": "no-store",
    }
    return Response(crudo, mimetype=tipo, headers=cabeceras)
