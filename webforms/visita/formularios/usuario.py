"""Forms of the lane Usuario: the turn (M5-1-02 5.2.1), the rating (5.2.13). On a device, or said to
the adviser."""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context
from flask_babel import gettext as _, lazy_gettext as _l

from common.language import SPANISH
from engine.states import ActorKind
from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, opcional, si_no, texto
from records.cuentas.reglas.cuentas import CIUDADANO
from records.visita.calificaciones import VALOR_BAJO, NuevaCalificacion, registrar_calificacion
from records.visita.charlas import registrar_inquietud
from records.visita.turnos import NuevoTurno, crear_turno
from webforms import campos as c
from webforms.base import idioma
from webforms.campos.comunes import (
    COMENTARIO_MAXIMO,
    CONDICIONES,
    MOTIVOS_BAJA,
    MOTIVOS_VISITA,
    VALORES,
    numero_documento,
    tipo_documento,
)
from webforms.campos.formulario import Contexto, FormSpec, TareaForm


# --- 5.2.1 ----------------------------------------------------------------------------------------
class TomarTurno(TareaForm):
    motivo_visita = c.OpcionField(
        _l("¿A qué viene hoy?"), c.exige(_l("Elija a qué viene")), choices=MOTIVOS_VISITA
    )
    condicion = c.OpcionField(
        _l("¿Requiere atención preferencial?"),
        c.exige(_l("Diga si requiere atención preferencial")),
        choices=CONDICIONES,
        description=_l(
            "Personas mayores, con discapacidad, en embarazo, con niños o veteranas de la Fuerza Pública. No se pregunta el motivo."
        ),
    )
    tipo_doc = tipo_documento(_l("Tipo de documento"), obligatorio=False, default="CC")
    num_doc = numero_documento(_l("Número de documento"), "tipo_doc", obligatorio=False)

    def validate(self, extra_validators: Any = None) -> bool:
        correcto = bool(super().validate(extra_validators))
        sin_tipo = bool(self.num_doc.data) and not self.exigir(
            "tipo_doc", _("Elija el tipo de documento")
        )
        return correcto and not sin_tipo

    def valores(self) -> dict[str, Value]:
        """A type without a number says nothing."""
        valores = super().valores()
        return valores if valores["num_doc"] else {**valores, "tipo_doc": ""}


def _origen(w: Writing) -> str:
    if w.actor.kind == ActorKind.DEVICE:
        return "quiosco"
    return "celular" if w.actor.id == CIUDADANO else "asesor"


def _tomar_turno(w: Writing) -> Data:
    """The turn of this visit. Back the same day with the power (Q6) it is one more in the same
    instance."""
    anterior = opcional(w.data, "turno_id") or int(texto(w.data, "visita_anterior") or 0)
    nuevo = NuevoTurno(
        punto_id=texto(w.data, "punto_id"),
        motivo_visita=texto(w.values, "motivo_visita"),
        condicion=texto(w.values, "condicion"),
        origen=_origen(w),
        idioma=idioma.idioma() if has_request_context() else SPANISH,
        tipo_doc=texto(w.values, "tipo_doc") or None,
        num_doc=texto(w.values, "num_doc") or None,
        visita_anterior_id=anterior or None,
    )
    return {"turno_id": crear_turno(w.session, nuevo, acto_de(w)).id}


# --- 5.2.13 ---------------------------------------------------------------------------------------
class Calificar(TareaForm):
    """No value is an answer too: the person prefers not to rate."""

    calificacion = c.OpcionField(
        _l("¿Cómo califica la atención?"),
        c.opcional(),
        choices=VALORES,
        description=_l("Es voluntaria. Sin valor queda como «no califica»."),
    )
    motivo_calificacion = c.OpcionField(
        _l("¿Qué fue lo que no le gustó?"),
        c.cuando(
            "calificacion",
            [v for v, _nombre in VALORES if int(v) <= VALOR_BAJO],
            c.exige(_l("Elija qué fue lo que no le gustó")),
        ),
        choices=MOTIVOS_BAJA,
    )
    comentario = c.ParrafoField(_l("Comentario"), c.opcional(c.hasta(COMENTARIO_MAXIMO)))

    @property
    def valor(self) -> int | None:
        return int(self.calificacion.data) if self.calificacion.data in dict(VALORES) else None

    @property
    def es_baja(self) -> bool:
        return self.valor is not None and self.valor <= VALOR_BAJO

    def valores(self) -> dict[str, Value]:
        """The reason belongs to a low rating, the comment to any."""
        return {
            "calificacion": self.valor,
            "motivo_calificacion": self.motivo_calificacion.valor() if self.es_baja else "",
            "comentario": self.comentario.valor() if self.valor is not None else "",
        }

    @classmethod
    def nombres(cls, valores: Data) -> dict[str, Any]:
        valor = valores.get("calificacion")
        return {**valores, "calificacion": str(valor) if valor else None}


def _calificar(w: Writing) -> Data:
    medio = texto(w.data, "medio_calificacion")
    nueva = NuevaCalificacion(
        opcional(w.values, "calificacion"),
        motivo=texto(w.values, "motivo_calificacion"),
        comentario=texto(w.values, "comentario"),
        medio=medio or None,
        fuente="digiturno" if medio == "digiturno" else "crm",
        por_asesor=w.actor.kind == ActorKind.PERSON,
    )
    return {
        "calificacion_id": registrar_calificacion(
            w.session, entero(w.data, "turno_id"), nueva, acto_de(w)
        )
    }


def _ayuda_calificar(contexto: Contexto) -> list[tuple[str, str]]:
    return [(_("Turno"), texto(contexto.datos, "ficha"))]


# --- 5.2.20 ---------------------------------------------------------------------------------------
class Inquietud(TareaForm):
    tiene_inquietud = c.SiNoField(
        _l("¿La persona tiene alguna inquietud?"), c.exige(_l("Diga si tiene alguna inquietud"))
    )
    tema_inquietud = c.OpcionField(
        _l("Sobre qué"),
        c.cuando("tiene_inquietud", "si", c.exige(_l("Elija sobre qué es la inquietud"))),
        choices=[
            ("servicio", _l("Un servicio en particular")),
            ("estudios_exterior", _l("Estudios en el exterior")),
        ],
    )
    pregunta = c.ParrafoField(
        _l("Pregunta"),
        c.cuando("tiene_inquietud", "si", c.exige(_l("Escriba la pregunta"), c.hasta(1000))),
    )


def _inquietud(w: Writing) -> None:
    if si_no(w.values, "tiene_inquietud"):
        registrar_inquietud(
            w.session,
            entero(w.data, "turno_id"),
            tema=texto(w.values, "tema_inquietud"),
            pregunta=texto(w.values, "pregunta"),
            acto=acto_de(w),
        )


FORMS: Mapping[str, FormSpec] = {
    "usuario.tomar_turno": FormSpec(
        form=TomarTurno, records=_tomar_turno, boton=_l("Tomar el turno")
    ),
    "usuario.inquietud": FormSpec(form=Inquietud, records=_inquietud),
    "usuario.calificar": FormSpec(
        form=Calificar,
        records=_calificar,
        boton=_l("Registrar la calificación"),
        ayuda=_ayuda_calificar,
    ),
}
