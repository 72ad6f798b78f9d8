"""Forms of the adviser in the information room (M5-1-02 5.2.19, 5.2.21, 5.2.22)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, fecha, lista, marcado, opcional, si_no, texto
from records.plazos.reglas.calendario import ZONA
from records.sistemas import paginas
from records.visita import charlas
from webforms import campos as c
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.sistemas.paginas import pagina_de_la_entidad

MEDIOS_CHARLA = [
    ("web", _l("Página web")),
    ("linea", _l("Línea telefónica")),
    ("chat", _l("Chat")),
    ("redes", _l("Redes sociales")),
    ("punto", _l("Punto de atención")),
]
NIVELES = [
    ("pregrado", _l("Pregrado")),
    ("posgrado", _l("Posgrado")),
    ("idiomas", _l("Idiomas")),
    ("otro", _l("Otro")),
]


# --- 5.2.19, 5.2.21, 5.2.22 -----------------------------------------------------------------------
class Charla(TareaForm):
    tema_charla = c.TextoField(
        _l("Tema de la charla"), c.exige(_l("Escriba el tema de la charla"), c.hasta(200))
    )
    inicio = c.HoraField(
        _l("Hora de inicio"),
        c.exige(_l("Escriba la hora de inicio")),
        description=_l("Por ejemplo, 09:30"),
    )
    fin = c.HoraField(_l("Hora de fin"), c.exige(_l("Escriba la hora de fin")))
    asistentes = c.CasillasField(
        _l("Quiénes asistieron"),
        c.exige(_l("Marque quiénes asistieron")),
        description=_l("Turnos asignados a esta charla"),
        coerce=int,
    )
    medios = c.CasillasField(
        _l("Medios de información que se dieron a conocer"),
        c.exige(_l("Marque al menos un medio")),
        choices=MEDIOS_CHARLA,
    )

    def preparar(self, contexto: Contexto) -> None:
        charla_id = opcional(contexto.datos, "charla_id")
        asignados = charlas.asistentes(contexto.session, charla_id) if charla_id else []
        self.asistentes.choices = [(a.turno_id, a.ficha) for a in asignados if not a.retirado]
        self._llegaron = {a.turno_id: a.desde.astimezone(ZONA).time() for a in asignados}
        self._ahora = contexto.now.astimezone(ZONA).time()

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        inicio, fin = self.inicio.data, self.fin.data
        llegaron = [self._llegaron[t] for t in self.asistentes.data or [] if t in self._llegaron]
        if (
            inicio
            and llegaron
            and inicio < (primera := min(llegaron).replace(second=0, microsecond=0))
        ):
            mal = _("La primera persona que asistió llegó a las %(h)s", h=f"{primera:%H:%M}")
            self.inicio.errors = [*self.inicio.errors, mal]
            bien = False
        if inicio and fin and fin < inicio:
            self.fin.errors = [*self.fin.errors, _("La charla termina después de empezar")]
            bien = False
        elif fin and fin > self._ahora:
            mal = _("Son las %(h)s: la charla ya tuvo que terminar", h=f"{self._ahora:%H:%M}")
            self.fin.errors = [*self.fin.errors, mal]
            bien = False
        return bien


def _hora(w: Writing, nombre: str) -> dt.datetime:
    """A time of the day of the talk in Bogotá."""
    hora = dt.time.fromisoformat(texto(w.values, nombre))
    return dt.datetime.combine(w.now.astimezone(ZONA).date(), hora, ZONA).astimezone(dt.UTC)


def _charla(w: Writing) -> None:
    dada = charlas.CharlaDada(
        tema=texto(w.values, "tema_charla"),
        inicio=_hora(w, "inicio"),
        fin=_hora(w, "fin"),
        medios=[str(medio) for medio in lista(w.values, "medios")],
        presentes={int(turno) for turno in lista(w.values, "asistentes")},
    )
    charlas.realizar_charla(w.session, entero(w.data, "charla_id"), dada, asesor_id=w.actor.id)


class InformacionWeb(TareaForm):
    respuesta = c.ParrafoField(
        _l("Información que suministró"),
        c.exige(_l("Escriba la información que suministró"), c.largo(10, 2000)),
    )
    url = c.TextoField(
        _l("Página de la entidad que lo soporta"),
        c.exige(_l("Escriba la dirección de la página"), pagina_de_la_entidad),
        description=_l(
            "Copie la dirección del navegador, por ejemplo https://www.icetex.gov.co/creditos. "
            "Ventanilla guarda una copia de lo que la página dice hoy."
        ),
    )
    fecha_consulta = c.FechaField(
        _l("Fecha de consulta"),
        c.exige(
            _l("Escriba la fecha de consulta"),
            c.NoFutura(_l("La fecha no puede ser posterior a hoy")),
        ),
    )


def _prefill_web(contexto: Contexto) -> Data:
    return {"fecha_consulta": contexto.hoy.isoformat()}


def _informacion_web(w: Writing) -> None:
    dada = charlas.InformacionWeb(
        texto(w.values, "respuesta"), texto(w.values, "url"), fecha(w.values, "fecha_consulta")
    )
    turno_id = entero(w.data, "turno_id")
    orientacion_id = charlas.responder_inquietud(w.session, turno_id, dada, acto_de(w))
    citada = paginas.citar(w.session, turno_id, dada.url, acto_de(w), orientacion_id=orientacion_id)
    w.enqueue(*paginas.trabajo(citada), queue="web")


class EstudiosExterior(TareaForm):
    pais = c.TextoField(_l("País de destino"), c.exige(_l("Escriba el país"), c.hasta(80)))
    nivel = c.OpcionField(_l("Nivel de estudios"), c.exige(_l("Elija el nivel")), choices=NIVELES)
    requisitos_explicados = c.SiNoField(
        _l("¿Explicó los requisitos?"), c.exige(_l("Diga si explicó los requisitos"))
    )
    mecanismo = c.OpcionField(
        _l("Mecanismo de acceso"),
        c.exige(_l("Elija el mecanismo")),
        choices=[
            ("credito", _l("Crédito")),
            ("beca", _l("Beca")),
            ("cupo", _l("Cupo o convenio")),
            ("otro", _l("Otro")),
        ],
    )
    remitido_consejeria = c.SiNoField(
        _l("¿Remitió a la Consejería?"),
        c.opcional(),
        description=_l("Consejería para estudios en el exterior, solo en Bogotá"),
    )

    def preparar(self, contexto: Contexto) -> None:
        if texto(contexto.datos, "punto_ciudad") != "Bogotá":
            del self.remitido_consejeria


def _estudios_exterior(w: Writing) -> None:
    dada = charlas.InformacionExterior(
        pais=texto(w.values, "pais"),
        nivel=texto(w.values, "nivel"),
        requisitos_explicados=si_no(w.values, "requisitos_explicados"),
        mecanismo=texto(w.values, "mecanismo"),
        remitido_consejeria=marcado(w.values, "remitido_consejeria"),
    )
    charlas.responder_inquietud(w.session, entero(w.data, "turno_id"), dada, acto_de(w))


FORMS: Mapping[str, FormSpec] = {
    "asesor.charla": FormSpec(Charla, _charla, boton=_l("Cerrar la charla")),
    "asesor.informacion_web": FormSpec(InformacionWeb, _informacion_web, _prefill_web),
    "asesor.estudios_exterior": FormSpec(EstudiosExterior, _estudios_exterior),
}
