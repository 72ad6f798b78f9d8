"""Forms of a calibration (SUPUESTO Q29): what is scored and by whom, the F189 of each auditor, what
was agreed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.auditorias import calibraciones, evaluaciones, muestras
from records.auditorias.calibraciones import NuevaCalibracion
from records.auditorias.reglas.f189 import FATALES
from records.base.actos import acto_de
from records.base.datos import entero, iso, lista, si_no, texto
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles
from webforms import campos as c
from webforms.auditorias.calibracion_palabras import Vista, vista
from webforms.auditorias.formularios import (
    PREGUNTAS,
    SOLO_EN_SITIO,
    FormatoF189,
    algo_cuenta,
    llenado_de,
    puntuables,
)
from webforms.base import formatos
from webforms.base.auditoria import BANDAS, semana
from webforms.campos.formulario import Contexto, FormSpec, TareaForm, Tramo


# --- what, and who --------------------------------------------------------------------------------
class Abrir(TareaForm):
    auditoria = c.ListaField(_l("De qué auditoría"), c.exige(_l("Elija la auditoría")))
    codigo = c.TextoField(
        _l("Código de la atención"),
        c.opcional(c.hasta(40)),
        description=_l(
            "Como está en la muestra publicada, por ejemplo BOG-AGU-000123. En blanco la sortea el sistema con la semilla."
        ),
    )
    auditores = c.CasillasField(
        _l("Quiénes la califican"),
        c.exige(_l("Elija al menos dos auditores")),
        description=_l("Cada uno por su cuenta, sin ver a los otros."),
    )
    hasta = c.FechaField(
        _l("Hasta cuándo"),
        c.exige(_l("Escriba hasta qué día califican")),
        description=_l(
            "Como día/mes/año. A las 17:00 de ese día se compara lo que haya; quien no envió no entra."
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        s = contexto.session
        self.auditoria.choices = [
            (f"{a.id}", str(_("Semana %(s)s", s=semana(a.semana))))
            for a in calibraciones.con_candidatas(s)
        ]
        self.auditores.choices = [
            (a.usuario, a.nombre) for a in calibraciones.auditores(s, contexto.now)
        ]

    @property
    def limite(self) -> dt.datetime | None:
        return (
            instante(self.hasta.data, calibraciones.HORA) if self.hasta.data is not None else None
        )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if len(self.auditores.data or []) < calibraciones.AL_MENOS:
            self.auditores.errors = [str(_("Elija al menos dos auditores"))]
        elif self.limite is None or self.limite <= self.contexto.now:
            self.hasta.errors = [str(_("Ese plazo ya pasó"))]
        elif (
            self.codigo.data
            and calibraciones.elegida(
                self.contexto.session, int(self.auditoria.data or 0), self.codigo.data
            )
            is None
        ):
            self.codigo.errors = [
                str(_("Esa atención no está en la muestra con su F189, o ya se calibró"))
            ]
        else:
            return True
        return False


def _propuesto(contexto: Contexto) -> Data:
    """Three business days; where it began at an F189, that attention."""
    hasta = sumar_habiles(dia_local(contexto.now), calibraciones.DIAS).isoformat()
    if not (muestra_id := entero(contexto.datos, "muestra_id")):
        return {"hasta": hasta}
    fila = muestras.una(contexto.session, muestra_id)
    return {
        "hasta": hasta,
        "auditoria": f"{fila.auditoria_id}",
        "codigo": calibraciones.codigo_de(fila),
    }


def _abrir(w: Writing) -> Data:
    v = w.values
    limite = instante(dt.date.fromisoformat(texto(v, "hasta")), calibraciones.HORA)
    nueva = NuevaCalibracion(
        int(texto(v, "auditoria")), texto(v, "codigo"), lista(v, "auditores"), limite
    )
    sesion = calibraciones.abrir(w.session, nueva, acto_de(w))
    fila = muestras.una(w.session, sesion.muestra_id)
    return {
        "calibracion_id": sesion.id,
        "muestra_id": fila.id,
        "auditores": [f.auditor for f in calibraciones.filas(w.session, sesion.id)],
        "fecha_limite": iso(sesion.limite),
        "punto_id": fila.punto_id,
        "evalua": muestras.nombre(fila),
    }


def _abierta(_contexto: Contexto, valores: Data) -> str:
    n = len(lista(valores, "auditores"))
    return str(_("La calibración empezó: %(n)s auditores la tienen en su bandeja.", n=n))


# --- each auditor ---------------------------------------------------------------------------------
class Calificar(FormatoF189):
    """The F189 by the record, without its evidence: it is kept with that of the audit."""

    soporte: Any = None
    evaluable = c.SiNoField(
        _l("¿La puede calificar?"),
        c.exige(_l("Diga si la puede calificar")),
        choices=[("si", _l("Sí")), ("no", _l("No, y digo por qué"))],
    )
    motivo = c.ParrafoField(
        _l("Por qué no la puede calificar"),
        c.cuando(
            "evaluable", "no", c.exige(_l("Escriba por qué no la califica"), c.largo(10, 500))
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        d = self.contexto.datos
        if falta := calibraciones.no_califica(
            self.contexto.session,
            entero(d, "calibracion_id"),
            texto(d, "auditor"),
            self.contexto.actor.id,
        ):
            super().validate(extra_validators)
            self.evaluable.errors = [falta]
            return False
        return super().validate(extra_validators)


def _calificar(w: Writing) -> Data:
    calibracion_id, auditor, acto = (
        entero(w.data, "calibracion_id"),
        texto(w.data, "auditor"),
        acto_de(w),
    )
    if not si_no(w.values, "evaluable"):
        return {
            "evaluacion_id": calibraciones.abstenerse(
                w.session, calibracion_id, auditor, texto(w.values, "motivo"), acto
            ).id
        }
    sabe = evaluaciones.hechos(w.session, muestras.una(w.session, entero(w.data, "muestra_id")))
    respuestas = puntuables(w.values, sabe) if sabe is not None else {}
    llenado = llenado_de(w, respuestas, None)
    hecha = calibraciones.calificar(w.session, calibracion_id, auditor, llenado, acto)
    return {**respuestas, "fatal": bool(llenado.fatales), "evaluacion_id": hecha.id}


def _calificada(contexto: Contexto, valores: Data) -> str:
    if not valores.get("evaluable"):
        return str(_("Quedó por qué no la calificó."))
    suya = next(
        (
            f
            for f in calibraciones.filas(contexto.session, entero(contexto.datos, "calibracion_id"))
            if f.auditor == contexto.actor.id
        ),
        None,
    )
    if suya is None or suya.puntaje is None:
        return str(_("Su calificación quedó guardada."))
    banda = str(BANDAS.get(suya.banda or "", "")).lower()
    return str(
        _(
            "Su calificación: %(p)s de 100, %(b)s. La compara con las otras cuando todos envíen.",
            p=formatos.numero(suya.puntaje, 1),
            b=banda,
        )
    )


# --- what was agreed ------------------------------------------------------------------------------
class _Acordado(TareaForm):
    """What the F189 asks of a record, once more: now it is the answer of all."""


JUZGADAS: Mapping[str, str] = {
    criterio: p.campo for criterio, p in PREGUNTAS.items() if p.campo not in SOLO_EN_SITIO
}
for _criterio, _campo in JUZGADAS.items():
    _p = PREGUNTAS[_criterio]
    setattr(
        _Acordado, _campo, c.OpcionField(_p.etiqueta, c.exige(_p.falta), choices=list(_p.opciones))
    )


class Acordar(_Acordado):
    fatales = c.CasillasField(
        _l("Errores fatales (opcional)"),
        c.opcional(),
        choices=[(codigo, _l(nombre)) for codigo, nombre in FATALES.items()],
    )
    acuerdo = c.ParrafoField(
        _l("Qué se acordó"),
        c.exige(_l("Escriba lo que se acordó con al menos 20 letras"), c.largo(20, 4000)),
        description=_l(
            "Cómo se califica desde hoy lo que se calificaba distinto. No cambia F189 ya hechos."
        ),
    )

    def leer(self) -> None:
        d = self.contexto.datos
        self.vista: Vista = vista(
            self.contexto.session, entero(d, "calibracion_id"), self.contexto.now
        )
        self.auditoria = self.vista.sesion.auditoria

    @property
    def preguntas(self) -> list[tuple[str, list[Tramo]]]:
        return [(criterio, [Tramo([self[campo]])]) for criterio, campo in JUZGADAS.items()]

    @property
    def despues(self) -> list[Tramo]:
        return [Tramo([self.fatales]), Tramo([self.acuerdo])]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        sabe = evaluaciones.hechos(
            self.contexto.session,
            muestras.una(self.contexto.session, entero(self.contexto.datos, "muestra_id")),
        )
        if sabe is None or algo_cuenta(self.valores(), sabe):
            return True
        self.acuerdo.errors = [
            str(_("Nada de lo acordado da puntos: alguna respuesta debe contar"))
        ]
        return False


def _segun_la_auditoria(contexto: Contexto) -> Data:
    original = evaluaciones.de_muestra(contexto.session, entero(contexto.datos, "muestra_id"))
    if original is None:
        return {}
    return {
        **{campo: original.respuestas.get(campo) for campo in JUZGADAS.values()},
        "fatales": original.fatales,
    }


def _acordar(w: Writing) -> Data:
    sabe = evaluaciones.hechos(w.session, muestras.una(w.session, entero(w.data, "muestra_id")))
    respuestas = puntuables(w.values, sabe) if sabe is not None else {}
    fatales = lista(w.values, "fatales")
    hecha = calibraciones.acordar(
        w.session,
        entero(w.data, "calibracion_id"),
        respuestas,
        fatales,
        texto(w.values, "acuerdo"),
        acto_de(w),
    )
    return {**respuestas, "fatal": bool(fatales), "evaluacion_id": hecha.id}


def _acordada(_contexto: Contexto, _valores: Data) -> str:
    return str(_("La calibración quedó cerrada, con lo acordado y la desviación de cada auditor."))


_PAGINA = "tareas/calibracion.html"

FORMS: Mapping[str, FormSpec] = {
    "jefe.abrir_calibracion": FormSpec(
        Abrir,
        _abrir,
        prefill=_propuesto,
        template="tareas/calibracion_abrir.html",
        boton=_l("Empezar la calibración"),
        despues=_l(
            "cada auditor la tiene en su bandeja. Usted ve las calificaciones cuando todos envíen o se acabe el plazo."
        ),
        hecho=_abierta,
    ),
    "profesional.f189_calibracion": FormSpec(
        Calificar,
        _calificar,
        prefill=lambda _contexto: {"evaluable": True},
        template=_PAGINA,
        cuerpo="tareas/_f189.html",
        boton=_l("Enviar mi calificación"),
        despues=_l(
            "nadie la ve hasta que todos envíen o se acabe el plazo. No entra en la auditoría ni la ve el asesor."
        ),
        hecho=_calificada,
    ),
    "jefe.acordar_calibracion": FormSpec(
        Acordar,
        _acordar,
        prefill=_segun_la_auditoria,
        template="tareas/calibracion_acordar.html",
        cuerpo="tareas/_acordar.html",
        boton=_l("Cerrar con acuerdo"),
        despues=_l(
            "queda lo acordado y cuánto se apartó cada auditor. No cambia ningún F189 ni su informe."
        ),
        hecho=_acordada,
    ),
}
