"""Blank forms as a PDF: printed beforehand, with numbers that are never given again; voided with a
reason."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from engine.types import Data
from records.base.actos import Acto
from records.base.errores import Rechazo
from records.contingencia import papel
from records.contingencia.reglas.papel import formar
from records.cuentas.reglas.roles import Facultad
from webforms.base.quienes import PREPARA_PAPEL
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.contingencia.hojas import pedido
from webforms.contingencia.inicio import Imprimir, el_punto, hoja_de
from webforms.documentos.pdf import componer

rutas = Rutas()


@rutas.post(
    "/papel/<punto_id>/imprimir", para=PREPARA_PAPEL, haria=_l("Numerar formatos en blanco")
)
def imprimir(punto_id: str) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        punto = el_punto(session, punto_id, Facultad.PREPARAR_PAPEL)
        form = Imprimir()
        malo = None if form.validate() else hoja_de(session, punto, {"imprimir": form})
    if malo is not None:
        return malo.mostrar()
    lote = s.uow.run(
        lambda session: papel.imprimir(
            session, punto_id, str(form.clase.data), form.cuantos.data or 0, acto
        )
    )
    desde, hasta = formar(punto_id, lote.desde), formar(punto_id, lote.hasta)
    detalle: Data = {"lote": lote.id, "clase": lote.clase, "hasta": hasta}
    s.engine.log_access(actor_actual(), "papel_impreso", desde, now=acto.now, detail=detalle)
    flash(
        _("Quedaron numerados del %(d)s al %(h)s. Baje el PDF e imprímalo.", d=desde, h=hasta),
        "verde",
    )
    return redirect(url_for("papel.lista", punto=punto_id))


@rutas.get("/papel/lote/<int:lote_id>.pdf", para=PREPARA_PAPEL)
def lote_en_pdf(lote_id: int) -> ResponseReturnValue:
    """The same bytes each time: whoever prints a lot again has the same numbers, of which each is
    entered once."""
    s = servicios()
    with s.uow.reading() as session:
        lote = papel.lote(session, lote_id)
        if lote is None:
            abort(404)
        punto = el_punto(session, lote.punto_id, Facultad.PREPARAR_PAPEL)
        if lote.anulado is not None:
            abort(404)
        orden, nombre = (
            pedido(punto, lote),
            f"{formar(lote.punto_id, lote.desde)}-a-{lote.hasta:04d}.pdf",
        )
    hecho = componer(orden)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        nombre,
        now=s.clock.now(),
        detail={"lote": lote_id, "paginas": hecho.paginas},
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename={nombre}",
        "Cache-Control": "no-store",
    }
    return Response(hecho.contenido, mimetype="application/pdf", headers=cabecera)


@rutas.post(
    "/papel/lote/<int:lote_id>/anular", para=PREPARA_PAPEL, haria=_l("Anular un lote de formatos")
)
def anular(lote_id: int) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        lote = papel.lote(session, lote_id)
        if lote is None:
            abort(404)
        punto_id = el_punto(session, lote.punto_id, Facultad.PREPARAR_PAPEL).codigo
    try:
        cuantos = s.uow.run(
            lambda session: papel.anular(session, lote_id, request.form.get("motivo", ""), acto)
        )
    except Rechazo as rechazo:
        flash(str(rechazo), "rojo")
        return redirect(url_for("papel.lista", punto=punto_id))
    s.engine.log_access(
        actor_actual(),
        "papel_anulado",
        f"lote/{lote_id}",
        now=acto.now,
        detail={"numeros": cuantos},
    )
    flash(ngettext("Se anuló %(num)s número.", "Se anularon %(num)s números.", cuantos), "verde")
    return redirect(url_for("papel.lista", punto=punto_id))
