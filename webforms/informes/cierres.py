"""The page of a closing that somebody asked for: how far it is, to be cancelled; then the month, or
why there is none."""

from collections.abc import Mapping
from typing import Any, Final

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.base import pedidos
from records.base.errores import NoExiste
from records.base.tablas import CierrePedido
from records.cuentas.reglas.roles import Facultad
from records.informes import meses
from webforms.base import formatos
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.personas import nombre_de
from webforms.base.quienes import CIERRA_MES, VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.informes.avance import EN_ESPERA, como_va

rutas = Rutas()

HACIENDO: Final[Mapping[str, Any]] = {
    "": _l("Espera su turno"),
    "visitas": _l("Lee los turnos y sus tiempos"),
    "casos": _l("Lee los casos"),
    "cifras": _l("Calcula los indicadores"),
    "guardar": _l("Guarda los datos y sus huellas"),
}


@rutas.get(
    "/indicadores/cierres/<int:pedido_id>",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("Cómo va el cierre de un mes que alguien pidió."), CALIDAD),
)
def ver_cierre(pedido_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        pedido = _pedido(session, pedido_id)
        if pedido.estado == pedidos.HECHO and pedido.mes_id is not None:
            version = meses.de_id(session, pedido.mes_id).version
            flash(
                _(
                    "%(mes)s quedó cerrado: versión %(v)s.",
                    mes=formatos.mes(pedido.mes).capitalize(),
                    v=version,
                ),
                "verde",
            )
            return redirect(url_for("calidad.lista", mes=f"{pedido.mes:%Y-%m}"))
        pagina = render_template(
            "informes/cierre.html",
            cancela=puede(actor_actual(), Facultad.CERRAR_MES),
            quien=nombre_de(session, pedido.por),
            **como_va(pedido, meses.PASOS, HACIENDO),
        )
        return pagina, EN_ESPERA if pedido.estado in pedidos.ABIERTOS else 200


@rutas.get("/indicadores/cierres/<int:pedido_id>/avance", para=VE_INDICADORES)
def avance_de_cierre(pedido_id: int) -> ResponseReturnValue:
    """The part of the page that changes."""
    with servicios().uow.reading() as session:
        pedido = _pedido(session, pedido_id)
        return render_template(
            "informes/_avance.html", **como_va(pedido, meses.PASOS, HACIENDO)
        ), EN_ESPERA if pedido.estado in pedidos.ABIERTOS else 200


@rutas.post(
    "/indicadores/cierres/<int:pedido_id>/cancelar",
    para=CIERRA_MES,
    haria=_l("Cancelar el cierre de un mes"),
)
def cancelar_cierre(pedido_id: int) -> ResponseReturnValue:
    """What was read of the month is dropped: nothing of it was written."""
    with servicios().uow.reading() as session:
        _pedido(session, pedido_id)
    if not servicios().uow.run(lambda session: pedidos.cancelar(session, CierrePedido, pedido_id)):
        flash(_("Ya había terminado: no se canceló."), "ambar")
    return redirect(url_for("calidad.ver_cierre", pedido_id=pedido_id))


def _pedido(session: Session, pedido_id: int) -> CierrePedido:
    try:
        return pedidos.uno(session, CierrePedido, pedido_id)
    except NoExiste:
        abort(404)
