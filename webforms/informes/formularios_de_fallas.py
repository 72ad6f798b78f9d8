"""Form of the coordinator of the GAU: the report of overdue cases (control 6-5)."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.informes import fallas
from webforms import campos as c
from webforms.base.personas import nombres_de
from webforms.campos.formulario import Contexto, FormSpec, TareaForm


class RevisarFallas(TareaForm):
    """Control 6-5: the cases stand above the form, by area."""

    nota = c.ParrafoField(
        _l("Nota para los líderes"),
        c.opcional(c.hasta(1000)),
        description=_l("Va en la carta de cada líder, después de sus casos."),
    )

    def leer(self) -> None:
        session = self.contexto.session
        reporte = fallas.reporte(session, entero(self.contexto.datos, "reporte_fallas_id"))
        self.fallas = fallas.de_reporte(session, reporte) if reporte is not None else []
        self.tienen = nombres_de(session, {f.tiene for f in self.fallas if f.tiene})


def _revisar_fallas(w: Writing) -> Data:
    fallas.revisar(
        w.session, entero(w.data, "reporte_fallas_id"), texto(w.values, "nota"), acto_de(w)
    )
    return {}


def _remitido(_contexto: Contexto, _valores: Data) -> str:
    return str(_("El reporte de fallas sale hacia los líderes de las áreas."))


FORMS: Mapping[str, FormSpec] = {
    "coordinador.revisar_fallas": FormSpec(
        RevisarFallas,
        _revisar_fallas,
        template="tareas/fallas.html",
        cuerpo="tareas/_fallas.html",
        boton=_l("Remitir a los líderes"),
        despues=_l("cada líder recibe una carta con los casos de su área y su nota."),
        hecho=_remitido,
    ),
}
