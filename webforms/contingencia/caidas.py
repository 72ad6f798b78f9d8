"""A point works on paper: from when, until when, and because of which outage."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.base.actos import Acto
from records.base.errores import Rechazo
from records.contingencia import papel
from records.contingencia.tablas import CaidaPunto
from records.cuentas.reglas.roles import Facultad
from records.lugares.tablas import Punto
from webforms.base.quienes import PREPARA_PAPEL
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.contingencia.inicio import (
    Declarar,
    DePagina,
    Terminar,
    a_las,
    el_punto,
    hoja_de,
    opciones,
)

rutas = Rutas()


@rutas.post(
    "/papel/<punto_id>/caida",
    para=PREPARA_PAPEL,
    haria=_l("Declarar que un punto trabaja en papel"),
)
def declarar(punto_id: str) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        punto = el_punto(session, punto_id, Facultad.PREPARAR_PAPEL)
        form = Declarar()
        form.de.choices = opciones(papel.registradas(session, acto.now))
        malo = None if form.validate() else hoja_de(session, punto, {"declarar": form})
    if malo is not None:
        return malo.mostrar()
    desde = a_las(form.fecha, form.desde) or acto.now
    nueva = papel.NuevaCaida(
        desde, a_las(form.fecha, form.hasta), form.motivo.data or "", form.de.data or ""
    )
    try:
        s.uow.run(lambda session: papel.declarar(session, punto_id, nueva, acto))
    except Rechazo as rechazo:
        return _con_reparo(punto_id, "declarar", form, "desde", rechazo)
    s.engine.log_access(
        actor_actual(),
        "papel_caida",
        punto_id,
        now=acto.now,
        detail={"desde": nueva.desde.isoformat(), "de": nueva.de},
    )
    flash(_("Quedó dicho desde cuándo el punto trabaja en papel. Sus asesores lo ven."), "verde")
    return redirect(url_for("papel.lista", punto=punto_id))


@rutas.post(
    "/papel/caida/<int:caida_id>/terminar",
    para=PREPARA_PAPEL,
    haria=_l("Decir cuándo volvió el sistema de un punto"),
)
def terminar(caida_id: int) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        caida = session.get(CaidaPunto, caida_id)
        if caida is None:
            abort(404)
        punto = el_punto(session, caida.punto_id, Facultad.PREPARAR_PAPEL)
        form = Terminar()
        malo = None if form.validate() else hoja_de(session, punto, {"terminar": form})
        punto_id = punto.codigo
    if malo is not None:
        return malo.mostrar()
    hasta = a_las(form.fecha_fin, form.hora_fin) or acto.now
    try:
        s.uow.run(lambda session: papel.terminar(session, caida_id, hasta, acto))
    except Rechazo as rechazo:
        return _con_reparo(punto_id, "terminar", form, "hora_fin", rechazo)
    s.engine.log_access(
        actor_actual(),
        "papel_caida_fin",
        punto_id,
        now=acto.now,
        detail={"hasta": hasta.isoformat()},
    )
    flash(
        _("Quedó dicho cuándo volvió el sistema. Ahora se digita lo que quedó en papel."), "verde"
    )
    return redirect(url_for("papel.lista", punto=punto_id))


def _con_reparo(
    punto_id: str, cual: str, form: DePagina, campo: str, rechazo: Rechazo
) -> ResponseReturnValue:
    form[campo].errors = [str(rechazo)]
    with servicios().uow.reading() as session:
        malo = hoja_de(session, session.get_one(Punto, punto_id), {cual: form})
    return malo.mostrar()
