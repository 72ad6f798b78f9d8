"""Forms of the coordinator of the GAU: which area is competent after two reassignments (Q13), the
report of overdue cases (control 6-5)."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.casos import escalonamientos
from records.informes import fallas
from records.lugares import puntos
from webforms.base import campos as c, palabras
from webforms.base.formulario import Contexto, FormSpec, TareaForm
from webforms.base.personas import nombres_de


class DecidirArea(TareaForm):
    area_destino = c.ListaField(_l("Área competente"), c.exige(_l("Elija el área competente")))
    motivo_decision = c.ParrafoField(
        _l("Motivo de la decisión"),
        c.exige(_l("Escriba el motivo con al menos 20 letras"), c.largo(20, 2000)),
    )

    def preparar(self, contexto: Contexto) -> None:
        self.area_destino.choices = [(a.codigo, a.nombre) for a in puntos.areas(contexto.session)]


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


def _decidir(w: Writing) -> Data:
    area = texto(w.values, "area_destino")
    escalonamientos.decidir_area(
        w.session,
        entero(w.data, "caso_id"),
        acto_de(w),
        area_destino=area,
        motivo=texto(w.values, "motivo_decision"),
    )
    return {"area_id": area, "funcionario_id": ""}


def _decidido(contexto: Contexto, valores: Data) -> str:
    datos = {
        "c": texto(contexto.datos, "radicado"),
        "a": palabras.area(texto(valores, "area_destino")),
    }
    return str(_("Decidió que el caso %(c)s es de %(a)s.", **datos))


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
    "coordinador.decidir_area": FormSpec(
        DecidirArea,
        _decidir,
        boton=_l("Decidir"),
        despues=_l(
            "el área que elija recibe el caso en 5.2.16, con un aviso; los plazos no cambian."
        ),
        hecho=_decidido,
    ),
}
