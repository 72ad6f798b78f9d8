"""Forms of the adviser on the case (M5-1-02 5.2.8 to 5.2.14)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, opcional, si_no, texto
from records.casos import casos, escalonamientos, plantillas
from records.casos.expediente import consultas_de_la_visita
from records.casos.tablas import Caso
from records.catalogos.catalogo import LINEAS
from records.correo import avisos
from records.lugares import puntos
from records.personas import personas
from records.personas.tablas import ServicioAdquirido
from records.sistemas import legado, paginas
from records.sistemas.reglas.paginas import PAGINA_WEB
from records.sistemas.reglas.sistemas import SISTEMAS
from records.visita import atenciones
from webforms import campos as c
from webforms.base import formatos
from webforms.base.formatos import fecha_larga
from webforms.campos.comunes import (
    LARGO_CORREO,
    MEDIOS_RESPUESTA,
    clase_del_caso,
    clase_del_tema,
    ofrecer_temas,
    subclase_del_caso,
    tema_del_caso,
    ultimo_envio,
)
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.correo.direcciones import con_estado
from webforms.sistemas.paginas import pagina_de_la_entidad

DATOS_BASICOS = "act_5_2_7"
RESPONDER, INFORMAR, POR_OTRO_MEDIO = "act_5_2_10", "act_5_2_14", "us_consulta_manual"
VOLVER, RECLASIFICAR = "volver", "reclasificar"
#: How a system answered, as the area reads it in the summary.
#: In the summary for the area, which is kept: in the language of the agency.
COMO_RESPONDIO: Final[Mapping[str, str]] = {
    "ok": "dio datos",
    "sin_datos": "no conoce a la persona",
    "no_disponible": "no respondió",
    "no_configurado": "no está conectado",
    "a_mano": "se consultó por otro medio",
}


# --- 5.2.8 ----------------------------------------------------------------------------------------
class Tipificar(TareaForm):
    clase = clase_del_caso()
    subclase = subclase_del_caso()
    tema = tema_del_caso()
    servicio_id = c.OpcionField(_l("Servicio"), c.exige(_l("Elija el servicio")), coerce=int)
    descripcion = c.ParrafoField(
        _l("Descripción"),
        c.exige(_l("Describa el caso con al menos 20 letras"), c.largo(20, 2000)),
        description=_l("Qué pide la persona y qué documentos mostró."),
    )

    def preparar(self, contexto: Contexto) -> None:
        ofrecer_temas(self.tema, contexto)
        self.servicio_id.choices = [
            (
                s.id,
                f"{LINEAS.get(s.linea, s.linea)}, {_('otorgado en %(a)s', a=s.anio_giro)} · {s.obligacion}",
            )
            for s in _propios(contexto)
        ]
        self.servicio_id.choices += [(0, _("Ninguno en particular"))]

    def validate(self, extra_validators: Any = None) -> bool:
        clase_del_tema(self)
        return bool(super().validate(extra_validators))


class Reclasificar(Tipificar):
    motivo_correccion = c.ParrafoField(
        _l("Por qué se corrige"),
        c.exige(_l("Diga por qué se corrige, con al menos 10 letras"), c.largo(10, 500)),
        description=_l("Queda en la historia del caso con lo que decía antes."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Who changes nothing goes on without a reason."""
        bien = super().validate(extra_validators)
        return self.solo() if not self.cambia else bien

    @property
    def cambia(self) -> bool:
        antes = _clasificacion(self.contexto)
        return any(self[nombre].valor() != valor for nombre, valor in antes.items())


def _clasificacion(contexto: Contexto) -> dict[str, Value]:
    caso = contexto.session.get(Caso, opcional(contexto.datos, "caso_id") or 0)
    if caso is None:
        return {}
    return {
        "clase": caso.clase,
        "subclase": caso.subclase or "",
        "tema": caso.tema,
        "servicio_id": caso.servicio_id or 0,
        "descripcion": caso.descripcion,
    }


def _reclasificar(w: Writing) -> Data:
    hecho = casos.reclasificar(
        w.session,
        entero(w.data, "caso_id"),
        casos.Clasificacion(
            texto(w.values, "clase"),
            texto(w.values, "subclase"),
            texto(w.values, "tema"),
            opcional(w.values, "servicio_id") or 0,
            texto(w.values, "descripcion"),
        ),
    )
    return {"tipo_termino": hecho.tipo_termino, "linea": hecho.linea, "anio_giro": hecho.anio_giro}


def _propios(contexto: Contexto) -> Sequence[ServicioAdquirido]:
    """The products that may be shown: those of a person who was verified."""
    persona_id = opcional(contexto.datos, "persona_id")
    if persona_id is None or texto(contexto.datos, "titularidad") != "verificada":
        return []
    return personas.servicios(contexto.session, persona_id)


def _motivo_dicho(contexto: Contexto) -> str:
    """What the person asked for in 5.2.3, in their words: offered again instead of being typed
    again."""
    turno_id = opcional(contexto.datos, "turno_id")
    return atenciones.motivo(contexto.session, turno_id) if turno_id else ""


def _prefill_tipificar(contexto: Contexto) -> Data:
    """The motive again; most people come about their only product, and who has none can mean
    none."""
    propios = _propios(contexto)
    conocido: dict[str, Value] = {"descripcion": _motivo_dicho(contexto)}
    return (
        conocido
        if len(propios) > 1
        else {**conocido, "servicio_id": propios[0].id if propios else 0}
    )


def _tipificar(w: Writing) -> Data:
    nuevo = casos.NuevoCaso(
        turno_id=entero(w.data, "turno_id"),
        punto_id=texto(w.data, "punto_id"),
        persona_id=entero(w.data, "persona_id"),
        clase=texto(w.values, "clase"),
        subclase=texto(w.values, "subclase") or None,
        tema=texto(w.values, "tema"),
        descripcion=texto(w.values, "descripcion"),
        servicio_id=opcional(w.values, "servicio_id"),
    )
    creado = casos.crear_caso(w.session, nuevo, acto_de(w))
    return {
        "caso_id": creado.caso_id,
        "tipo_termino": creado.tipo_termino,
        "norma": creado.norma,
        "linea": creado.linea,
        "anio_giro": creado.anio_giro,
    }


# --- 5.2.9 by hand --------------------------------------------------------------------------------
class ConsultaManual(TareaForm):
    decision_manual = c.OpcionField(
        _l("Los aplicativos no respondieron. ¿Qué hace?"),
        c.exige(_l("Elija qué hace")),
        choices=[
            ("consultado", _l("Lo consulté por otro medio y doy fe")),
            ("escalar", _l("Escalo el caso")),
        ],
    )
    sistema_consultado = c.ListaField(
        _l("De qué sistema es el dato"),
        c.cuando("decision_manual", "consultado", c.exige(_l("Elija de qué sistema es el dato"))),
        vacio=_l("Elija uno"),
        choices=[(s.codigo, s.nombre) for s in SISTEMAS],
    )
    quien_dio = c.TextoField(
        _l("Quién le dio el dato"),
        c.cuando(
            "decision_manual",
            "consultado",
            c.exige(_l("Escriba quién le dio el dato"), c.hasta(120)),
        ),
        description=_l("La persona y su dependencia. Por ejemplo, Ana Pérez, Cartera"),
    )
    referencia = c.TextoField(
        _l("Referencia de la consulta"),
        c.cuando(
            "decision_manual",
            "consultado",
            c.exige(_l("Escriba cómo se encuentra después esta consulta"), c.hasta(120)),
        ),
        description=_l("El número de la llamada, el correo o el reporte impreso"),
    )
    dato_consultado = c.ParrafoField(
        _l("Qué le dijeron, y de qué fecha es"),
        c.cuando(
            "decision_manual",
            "consultado",
            c.exige(_l("Escriba qué le dijeron y de qué fecha es"), c.hasta(2000)),
        ),
    )
    doy_fe = c.CasillaField(
        _l("Doy fe de que el dato corresponde a esta persona"),
        c.cuando(
            "decision_manual",
            "consultado",
            c.marcada(_l("Marque que da fe del dato, o escale el caso")),
        ),
    )


def _a_mano(w: Writing) -> None:
    """The evidence of a query by another way: of which system, by whom, under which reference, and
    that the adviser vouches for it."""
    if texto(w.values, "decision_manual") == "consultado":
        dicho = {
            nombre: texto(w.values, nombre)
            for nombre in ("dato_consultado", "quien_dio", "referencia")
        }
        legado.guardar_a_mano(
            w.session,
            entero(w.data, "turno_id"),
            texto(w.values, "sistema_consultado"),
            dicho,
            acto_de(w),
        )


# --- 5.2.10 ---------------------------------------------------------------------------------------
class Responder(TareaForm):
    dispone = c.SiNoField(
        _l("¿Dispone de la información?"),
        c.exige(_l("Diga si dispone de la información")),
        choices=[("si", _l("Sí, respondo")), ("no", _l("No, debo escalar"))],
    )
    fuente = c.ListaField(
        _l("Dato que usa"),
        c.cuando("dispone", "si", c.opcional()),
        vacio=_l("Ninguno en particular"),
        choices=[
            *[(s.nombre, s.nombre) for s in SISTEMAS],
            ("CRM", "CRM"),
            (PAGINA_WEB, _l("Página web de la entidad")),
            ("manual", _l("Consulta por otro medio")),
        ],
    )
    respuesta = c.ParrafoField(
        _l("Respuesta para la persona"),
        c.cuando(
            "dispone", "si", c.exige(_l("Escriba la respuesta para la persona"), c.hasta(2000))
        ),
        description=_l(
            "Explíquela con palabras sencillas. Se registra en el CRM y se imprime en la constancia."
        ),
    )
    pagina = c.TextoField(
        _l("Página de la entidad que usó"),
        c.cuando(
            "fuente",
            PAGINA_WEB,
            c.exige(_l("Escriba la dirección de la página"), pagina_de_la_entidad),
        ),
        description=_l(
            "Copie la dirección del navegador. Ventanilla guarda una copia, y la constancia la nombra."
        ),
    )

    camino = c.BotonField(
        _l("Qué hizo"),
        choices=[("seguir", ""), (RECLASIFICAR, _l("Pidió corregir la clasificación"))],
    )
    reclasificar = c.SiNoField(_l("¿Pidió corregir la clasificación?"), c.derivado())

    def valores(self) -> dict[str, Value]:
        """What was typed before the adviser escalated, or went to correct the class, is kept: it is
        there again if they come back, and the area may read it."""
        todos = super().valores()
        todos["dispone"] = bool(todos["dispone"])
        if (self.reclasifica or not todos["dispone"]) and self.respuesta.data:
            todos |= {"sin_enviar": self.respuesta.data[:2000], "fuente": self.fuente.data or ""}
        return todos

    def validate(self, extra_validators: Any = None) -> bool:
        """The source is printed: a system that gave no data in this visit is none."""
        bien: bool = super().validate(extra_validators)
        self.reclasificar.process_data(self.reclasifica)
        if self.reclasifica:
            return self.solo()
        if self.dispone.valor() and (huecos := plantillas.huecos(self.respuesta.data or "")):
            self.respuesta.errors = [
                *self.respuesta.errors,
                _("Complete «%(h)s» antes de responder", h="», «".join(huecos[:3])),
            ]
            bien = False
        es_sistema = bool(self.dispone.valor()) and self.fuente.data in {s.nombre for s in SISTEMAS}
        if es_sistema and self.fuente.data not in self._respondieron():
            sobra = _(
                "%(s)s no dio datos de esta persona en esta visita: elija lo que usó de verdad",
                s=self.fuente.data,
            )
            self.fuente.errors = [*self.fuente.errors, sobra]
            return False
        return bien

    @property
    def puede_reclasificar(self) -> bool:
        """A visit that began on an earlier version of the diagram has no way to do it."""
        return any(campo.name == "reclasificar" for campo in self.contexto.elemento.fields)

    @property
    def reclasifica(self) -> bool:
        return self.puede_reclasificar and self.camino.elegido == RECLASIFICAR

    def _respondieron(self) -> set[str]:
        caso_id = opcional(self.contexto.datos, "caso_id")
        caso = self.contexto.session.get(Caso, caso_id) if caso_id is not None else None
        consultas = consultas_de_la_visita(self.contexto.session, caso) if caso is not None else ()
        nombres = {s.codigo: s.nombre for s in SISTEMAS}
        return {nombres.get(c.sistema, c.sistema) for c in consultas if c.estado == "ok"}


def _prefill_responder(contexto: Contexto) -> Data:
    """Who comes back from 5.2.14, or from correcting the class, finds what they had typed."""
    antes = ultimo_envio(contexto, RESPONDER) if "dispone" in contexto.datos else {}
    return {
        "dispone": True,
        "respuesta": texto(antes, "sin_enviar"),
        "fuente": texto(antes, "fuente"),
    }


def _responder(w: Writing) -> None:
    if w.values.get("reclasificar"):
        return
    if si_no(w.values, "dispone"):
        respuesta = casos.NuevaRespuesta(
            "punto", texto(w.values, "respuesta"), texto(w.values, "fuente")
        )
        casos.guardar_respuesta(w.session, entero(w.data, "caso_id"), respuesta, acto_de(w))
        if respuesta.fuente == PAGINA_WEB and (pagina := texto(w.values, "pagina")):
            citada = paginas.citar(w.session, entero(w.data, "turno_id"), pagina, acto_de(w))
            w.enqueue(*paginas.trabajo(citada), queue="web")


# --- 5.2.12 ---------------------------------------------------------------------------------------
class SolicitarCalificacion(TareaForm):
    medio_calificacion = c.OpcionField(
        _l("Cómo va a calificar"),
        c.exige(_l("Elija cómo va a calificar")),
        choices=[
            ("tableta", _l("En la tableta")),
            ("digiturno", _l("En el Digiturno")),
            ("verbal", _l("De viva voz")),
        ],
    )


def _prefill_calificacion(contexto: Contexto) -> Data:
    """The rating device that the point has; without one the citizen says it aloud."""
    return {
        "medio_calificacion": puntos.medio_calificacion(
            contexto.session, texto(contexto.datos, "punto_id")
        )
    }


# --- 5.2.14 ---------------------------------------------------------------------------------------
class InformarEscalamiento(TareaForm):
    medio_respuesta = c.OpcionField(
        _l("Por dónde recibirá la respuesta"),
        c.exige(_l("Elija por dónde recibirá la respuesta")),
        choices=MEDIOS_RESPUESTA,
    )
    correo_confirmado = c.CorreoField(
        _l("Correo confirmado con la persona"),
        c.cuando(
            "medio_respuesta",
            "correo",
            c.exige(
                _l("Escriba el correo que la persona confirmó"), c.hasta(LARGO_CORREO), c.es_correo
            ),
        ),
        description=_l("Léaselo en voz alta y corríjalo si hace falta."),
    )
    resumen = c.ParrafoField(
        _l("Resumen para el área"),
        c.exige(_l("Escriba el resumen con al menos 50 letras"), c.largo(50, 2000)),
        description=_l(
            "Qué pide la persona, qué se consultó y qué falta. Lo leerá el funcionario del área."
        ),
    )
    camino = c.BotonField(
        _l("Qué hizo"), choices=[("escalar", _l("Escaló el caso")), (VOLVER, _l("Volvió a 5.2.10"))]
    )
    volver_a_responder = c.SiNoField(_l("¿Volvió a 5.2.10 para responder?"), c.derivado())

    @property
    def regresa(self) -> bool:
        """A visit that began on an earlier version of the diagram has no way back."""
        return any(campo.name == "volver_a_responder" for campo in self.contexto.elemento.fields)

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        vuelve = self.regresa and self.camino.elegido == VOLVER
        self.volver_a_responder.process_data(vuelve)
        return self.solo() if vuelve else bien

    def principal(self) -> tuple[Any, str, str]:
        return _("Escalar y continuar"), "camino", "escalar"


def _prefill_informar(contexto: Contexto) -> Data:
    persona_id = opcional(contexto.datos, "persona_id")
    datos = personas.datos_vigentes(contexto.session, persona_id) if persona_id else {}
    # whoever did not agree to 5.2.7 said how to answer them, and no more
    dicho = texto(ultimo_envio(contexto, DATOS_BASICOS), "medio_notificacion")
    return {
        "medio_respuesta": dicho or datos.get("medio_notificacion", "correo"),
        "correo_confirmado": datos.get("correo", ""),
        "resumen": _resumen_conocido(contexto),
    }


def _resumen_conocido(contexto: Contexto) -> str:
    """What the person asks, whom the adviser asked, and how far they got: the adviser adds what is
    missing."""
    antes = (
        texto(ultimo_envio(contexto, INFORMAR), "resumen")
        if "volver_a_responder" in contexto.datos
        else ""
    )
    if antes:
        return antes
    caso_id = opcional(contexto.datos, "caso_id")
    caso = contexto.session.get(Caso, caso_id) if caso_id else None
    motivo, descripcion = _motivo_dicho(contexto), caso.descripcion if caso else ""
    pide = descripcion if motivo in descripcion else f"{motivo}. {descripcion}"
    escrita = texto(ultimo_envio(contexto, RESPONDER), "sin_enviar")
    partes = [
        f"Pide: {pide}",
        _se_consulto(contexto, caso),
        f"Por otro medio: {dato}"
        if (dato := texto(ultimo_envio(contexto, POR_OTRO_MEDIO), "dato_consultado"))
        else "",
        f"Alcancé a explicarle: {escrita}" if escrita else "",
    ]
    return "\n".join(parte for parte in partes if parte)[:2000]


def _se_consulto(contexto: Contexto, caso: Caso | None) -> str:
    """The last word of each system that was asked in the visit."""
    ultimas = (
        {q.sistema: q.estado for q in consultas_de_la_visita(contexto.session, caso)}
        if caso is not None
        else {}
    )
    dichos = [
        f"{s.nombre}, {COMO_RESPONDIO[ultimas[s.codigo]]}"
        for s in SISTEMAS
        if ultimas.get(s.codigo) in COMO_RESPONDIO
    ]
    return f"Se consultó: {'; '.join(dichos)}." if dichos else ""


def _informar(w: Writing) -> None:
    if w.values.get("volver_a_responder"):
        return
    medio = texto(w.values, "medio_respuesta")
    escalonamientos.anotar_informe(
        w.session,
        entero(w.data, "caso_id"),
        medio=medio,
        correo=(texto(w.values, "correo_confirmado") or None) if medio == "correo" else None,
        resumen=texto(w.values, "resumen"),
    )
    escalado = avisos.escalado(w.session, entero(w.data, "caso_id"), now=w.now)
    if escalado is not None:
        avisos.avisar(
            avisos.DesdeOrden(w.session, w.now, w.enqueue, w.case_key, w.instance_id), escalado
        )


def _plazo(contexto: Contexto) -> list[tuple[str, str]]:
    """The date that the citizen is told (5.2.14)."""
    caso_id = opcional(contexto.datos, "caso_id")
    caso = contexto.session.get(Caso, caso_id) if caso_id else None
    if caso is None or caso.limite_respuesta is None:
        return []
    lineas = [
        (_("Radicado"), caso.radicado or ""),
        (_("Plazo máximo que debe informar"), fecha_larga(caso.limite_respuesta)),
    ]
    correo = personas.datos_vigentes(contexto.session, caso.persona_id).get("correo", "")
    conocido = con_estado(contexto.session, correo, formatos.correo(correo), contexto.now)
    return [*lineas, (_("Su correo"), conocido)] if conocido else lineas


FORMS: Mapping[str, FormSpec] = {
    "asesor.tipificar": FormSpec(
        Tipificar, _tipificar, _prefill_tipificar, boton=_l("Tipificar y radicar")
    ),
    "asesor.reclasificar": FormSpec(
        Reclasificar, _reclasificar, _clasificacion, boton=_l("Corregir y consultar otra vez")
    ),
    "asesor.consulta_manual": FormSpec(ConsultaManual, _a_mano),
    "asesor.responder": FormSpec(
        Responder, _responder, _prefill_responder, boton=_l("Responder y continuar")
    ),
    "asesor.informar_escalamiento": FormSpec(
        InformarEscalamiento,
        _informar,
        _prefill_informar,
        cuerpo="tareas/_informar.html",
        ayuda=_plazo,
    ),
    "asesor.solicitar_calificacion": FormSpec(
        SolicitarCalificacion, None, _prefill_calificacion, boton=_l("Solicitar calificación")
    ),
}
