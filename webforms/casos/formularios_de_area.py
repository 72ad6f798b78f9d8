"""Form of the coordinator of the GAU: which area is competent after two reassignments (Q13)."""

from collections.abc import Mapping

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, texto
from records.casos import escalonamientos
from records.lugares import puntos
from webforms import campos as c
from webforms.base import palabras
from webforms.campos.formulario import Contexto, FormSpec, TareaForm


class DecidirArea(TareaForm):
    area_destino = c.ListaField(_l("Área competente"), c.exige(_l("Elija el área competente")))
    motivo_decision = c.ParrafoField(
        _l("Motivo de la decisión"),
        c.exige(_l("Escriba el motivo con al menos 20 letras"), c.largo(20, 2000)),
    )

    def preparar(self, contexto: Contexto) -> None:
        self.area_destino.choices = [(a.codigo, a.nombre) for a in puntos.areas(contexto.session)]


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
