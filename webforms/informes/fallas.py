"""Control 6-5: the reports of overdue escalated cases, day by day: what was found, who reviewed it,
when it left."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from records.informes import fallas
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import VE_FALLAS
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()

ULTIMOS = 60  #: business days that the list shows


# The cases of the whole entity: who may see every case.
@rutas.get(
    "/fallas",
    para=VE_FALLAS,
    ayuda=Ayuda(_l("Los casos vencidos de cada día."), CALIDAD),
    menu=Entrada(Grupo.MES, _l("Reportes de fallas"), 3),
)
def reportes_de_fallas() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        ultimos = fallas.ultimos(session, ULTIMOS)
        personas = nombres_de(session, {r.revisado_por for r in ultimos if r.revisado_por})
        return render_template("informes/fallas.html", ultimos=ultimos, personas=personas)


@rutas.get(
    "/fallas/<int:reporte_id>",
    para=VE_FALLAS,
    ayuda=Ayuda(_l("Los casos vencidos de un día, con su motivo."), CALIDAD),
)
def fallas_de_un_dia(reporte_id: int) -> ResponseReturnValue:
    """The cases as they stood then, and where each is now."""
    with servicios().uow.reading() as session:
        reporte = fallas.reporte(session, reporte_id) or abort(404)
        casos = fallas.de_reporte(session, reporte)
        personas = nombres_de(
            session,
            {f.tiene for f in casos if f.tiene}
            | ({reporte.revisado_por} if reporte.revisado_por else set()),
        )
        return render_template(
            "informes/fallas_de_un_dia.html", reporte=reporte, casos=casos, personas=personas
        )
