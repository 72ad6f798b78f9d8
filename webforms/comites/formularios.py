"""Forms of the quality committee: the answer to a finding (5.2.30), the end of a session (5.2.31),
the plan for what comes again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, iso, texto
from records.comites import comites
from records.comites.comites import NuevaAccion
from records.lugares.puntos import puntos
from records.plazos.reglas.calendario import vencimiento
from records.plazos.reglas.obligaciones import DIAS_OTRA
from webforms import campos as c
from webforms.base.personas import nombres_de
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.comites.palabras import sala

LARGO = 2000


class _NoPasada:
    """A day that is today or later."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and field.data < form.contexto.hoy:
            raise ValidationError(_("La fecha ya pasó"))


class Responder(TareaForm):
    causa = c.ParrafoField(
        _l("Causa"),
        c.exige(_l("Escriba la causa con al menos 10 letras"), c.largo(10, LARGO)),
        description=_l("Por qué pasó, no quién."),
    )
    accion = c.ParrafoField(
        _l("Acción"),
        c.exige(_l("Escriba la acción con al menos 10 letras"), c.largo(10, LARGO)),
        description=_l("Lo que cambia para que no se repita."),
    )
    responsable = c.ListaField(_l("Responsable"), c.exige(_l("Elija quién responde por la acción")))
    fecha = c.FechaField(
        _l("Fecha"),
        c.exige(_l("Escriba para cuándo"), _NoPasada()),
        description=_l("Como día/mes/año. Desde el día siguiente la acción está vencida."),
    )

    def preparar(self, contexto: Contexto) -> None:
        self.hallado = comites.hallazgo(
            contexto.session, entero(contexto.datos, "inconsistencia_id")
        )
        punto = self.hallado.inconsistencia.punto_id
        self.responsable.choices = comites.responsables(contexto.session, punto, contexto.now)

    def leer(self) -> None:
        s, i = self.contexto.session, self.hallado.inconsistencia
        self.puntos = {p.codigo: p.nombre for p in puntos(s)}
        self.personas = nombres_de(s, {i.asesor_id})
        self.anterior = comites.que_repite(s, i)


def _responder(w: Writing) -> Data:
    v = w.values
    nueva = NuevaAccion(
        texto(v, "causa"),
        texto(v, "accion"),
        texto(v, "responsable"),
        dt.date.fromisoformat(texto(v, "fecha")),
    )
    return {
        "accion_id": comites.responder(
            w.session,
            entero(w.data, "comite_id"),
            entero(w.data, "inconsistencia_id"),
            nueva,
            acto_de(w),
        ).id
    }


def _respondido(contexto: Contexto, _valores: Data) -> str:
    return str(
        _(
            "La respuesta a %(h)s espera al comité.",
            h=comites.codigo(entero(contexto.datos, "inconsistencia_id")),
        )
    )


class CerrarSesion(TareaForm):
    """Attendance and votes are each member's own: this form only ends the session."""

    desarrollo = c.ParrafoField(
        _l("Desarrollo de la sesión"),
        c.opcional(c.hasta(4000)),
        description=_l("Lo que se dijo y no está en los votos. Va en el acta."),
    )

    def leer(self) -> None:
        s = self.contexto.session
        self.sala = sala(s, comites.uno(s, entero(self.contexto.datos, "comite_id")))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        s = self.contexto.session
        falta = comites.falta_para_cerrar(
            s, entero(self.contexto.datos, "comite_id"), self.contexto.actor.id
        )
        if falta:
            self.desarrollo.errors = [falta]
        return not falta


def _cerrar(w: Writing) -> Data:
    hubo = comites.cerrar_sesion(
        w.session, entero(w.data, "comite_id"), texto(w.values, "desarrollo"), acto_de(w)
    )
    return {"hay_quorum": hubo, "fecha_otra": iso(vencimiento(w.now, DIAS_OTRA))}


def _cerrada(contexto: Contexto, _valores: Data) -> str:
    if comites.acta(contexto.session, entero(contexto.datos, "comite_id")) is not None:
        return str(_("La sesión terminó y el acta está levantada."))
    return str(_("Sin quórum: el comité se convoca otra vez en cinco días hábiles."))


class Planear(TareaForm):
    plan = c.ParrafoField(
        _l("Plan de mejora"),
        c.exige(_l("Escriba el plan con al menos 20 letras"), c.largo(20, 4000)),
        description=_l("Qué cambia de fondo, cómo se sabrá que sirvió y quién lo lleva."),
    )
    fecha = c.FechaField(
        _l("Fecha en que estará cumplido"), c.exige(_l("Escriba para cuándo"), _NoPasada())
    )

    def leer(self) -> None:
        s = self.contexto.session
        self.sala = sala(s, comites.uno(s, entero(self.contexto.datos, "comite_id")))
        self.reiterados = [
            t for t in self.sala.tratados if t.inconsistencia.reiterada_de is not None
        ]


def _planear(w: Writing) -> Data:
    fecha = dt.date.fromisoformat(texto(w.values, "fecha"))
    return {
        "plan_id": comites.planear(
            w.session, entero(w.data, "comite_id"), texto(w.values, "plan"), fecha, acto_de(w)
        ).id
    }


_PAGINA = "tareas/comite.html"

FORMS: Mapping[str, FormSpec] = {
    "gerente.responder_hallazgo": FormSpec(
        Responder,
        _responder,
        template=_PAGINA,
        cuerpo="tareas/_hallazgo.html",
        boton=_l("Enviar la respuesta al comité"),
        despues=_l(
            "el comité lee la causa y la acción, y cada miembro vota si las acepta (5.2.31)."
        ),
        hecho=_respondido,
    ),
    "comite.cerrar_sesion": FormSpec(
        CerrarSesion,
        _cerrar,
        template=_PAGINA,
        cuerpo="tareas/_sesion.html",
        boton=_l("Levantar la sesión"),
        despues=_l(
            "con quórum se levanta el acta con los votos y su huella; sin quórum se convoca otra vez en cinco días hábiles."
        ),
        hecho=_cerrada,
    ),
    "gerente.plan_mejora": FormSpec(
        Planear,
        _planear,
        template=_PAGINA,
        cuerpo="tareas/_plan_mejora.html",
        boton=_l("Presentar el plan"),
        despues=_l(
            "el plan queda con el comité; cada acción se cierra con evidencia en «Hallazgos»."
        ),
    ),
}
