"""Forms of the adviser (M5-1-02 5.2.2 to 5.2.12, 5.2.14, 5.2.19, 5.2.21, 5.2.22; M5-1-01 act. 13 and 14)."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.types import Data
from engine.types import Value
from engine.types import Writing
from records import archivos
from records import atenciones
from records import casos
from records import charlas
from records import escalonamientos
from records import personas
from records import poderes
from records import puntos
from records import turnos
from records.rules.titularidad import verificar
from records.tables import Caso
from records.tables import Turno
from webforms.formatos import BOGOTA
from webforms.forms import campos as c
from webforms.forms.base import Contexto
from webforms.forms.base import FormSpec
from webforms.forms.base import TareaForm
from webforms.forms.comunes import MOTIVOS_VISITA
from webforms.forms.comunes import OPCIONES_MUNICIPIO
from webforms.forms.comunes import entero
from webforms.forms.comunes import es_celular
from webforms.forms.comunes import numero_documento
from webforms.forms.comunes import texto
from webforms.forms.comunes import tipo_documento

MEDIOS_CHARLA = [
    ("web", _l("Página web")),
    ("linea", _l("Línea telefónica")),
    ("chat", _l("Chat")),
    ("redes", _l("Redes sociales")),
    ("punto", _l("Punto de atención")),
]
NIVELES = [("pregrado", _l("Pregrado")), ("posgrado", _l("Posgrado")), ("idiomas", _l("Idiomas")), ("otro", _l("Otro"))]
MAX_DEVOLUCIONES = 2  # M5-1-01 act. 13, SUPUESTO


# --- 5.2.2 -----------------------------------------------------------------------------------------------------------
class Llamar(TareaForm):
    modulo = c.ListaField(_l("Módulo"), c.exige(_l("Elija su módulo")))
    resultado_llamado = c.OpcionField(
        _l("¿Se presentó la persona?"),
        c.exige(_l("Diga si la persona se presentó")),
        choices=[("atendido", _l("Sí, empiezo a atenderla")), ("ausente", _l("No se presentó"))],
    )

    def preparar(self, contexto: Contexto) -> None:
        nombres = puntos.modulos(contexto.session, str(contexto.dato("punto_id")))
        self.modulo.choices = [(nombre, nombre) for nombre in nombres]


def _prefill_llamar(contexto: Contexto) -> Data:
    turno_id = contexto.dato("turno_id")
    modulo = turnos.modulo_del_llamado(contexto.session, turno_id) if isinstance(turno_id, int) else None
    return {"modulo": modulo or contexto.dato("modulo"), "resultado_llamado": "atendido"}


def _llamar(w: Writing) -> Data:
    llamados = turnos.registrar_resultado(
        w.session,
        entero(w, "turno_id"),
        atendido=w.values["resultado_llamado"] == "atendido",
        asesor_id=w.actor.id,
        modulo=texto(w, "modulo"),
        now=w.now,
    )
    return {"n_llamados": llamados}


# --- the manual queue when the turn system is down -------------------------------------------------------------------
class FilaManual(TareaForm):
    ficha_manual = c.TextoField(
        _l("Número de la ficha en papel"),
        c.exige(_l("Escriba el número de la ficha"), c.patron(r"[A-Za-z0-9-]{1,8}", _l("Letras y números, máximo 8"))),
        description=_l("Por ejemplo, 12"),
    )


def _fila_manual(w: Writing) -> Data:
    encolado = turnos.encolar_manual(
        w.session,
        entero(w, "turno_id"),
        ficha=texto(w, "ficha_manual"),
        peso=entero(w, "peso"),
        envejecimiento_min=entero(w, "envejecimiento_min"),
        letra=str(w.data.get("letra") or ""),
        now=w.now,
    )
    return {"ficha": encolado.ficha, "fecha_cierre": encolado.fecha_cierre.isoformat()}


# --- 5.2.3 -----------------------------------------------------------------------------------------------------------
class Motivo(TareaForm):
    motivo = c.TextoField(
        _l("Qué necesita la persona"),
        c.exige(_l("Escriba en una frase qué necesita la persona"), c.hasta(500)),
        description=_l("Con sus palabras. No escriba datos de cuentas."),
    )
    motivo_visita = c.OpcionField(_l("Motivo de la visita"), c.exige(_l("Elija el motivo de la visita")), choices=MOTIVOS_VISITA)
    requiere_radicar = c.SiNoField(_l("¿Trae documentos para radicar?"), c.exige(_l("Diga si trae documentos para radicar")))
    resoluble = c.SiNoField(
        _l("¿Puede resolverse aquí mismo?"),
        c.exige(_l("Diga si puede resolverse aquí mismo")),
        description=_l("Si hay que radicar y no se resuelve aquí, sigue en Atención escrita (M5-1-04)."),
    )


def _prefill_motivo(contexto: Contexto) -> Data:
    return {"motivo_visita": contexto.dato("motivo_visita"), "requiere_radicar": False, "resoluble": True}


def _motivo(w: Writing) -> None:
    atenciones.anotar_motivo(
        w.session,
        entero(w, "turno_id"),
        motivo=texto(w, "motivo"),
        motivo_visita=texto(w, "motivo_visita"),
        requiere_radicar=bool(w.values["requiere_radicar"]),
        resoluble=bool(w.values["resoluble"]),
    )


# --- 5.2.4 -----------------------------------------------------------------------------------------------------------
class Titularidad(TareaForm):
    tipo_doc = tipo_documento(_l("Tipo de documento"))
    num_doc = numero_documento(_l("Número de documento"), "tipo_doc")
    documento_exhibido = c.SiNoField(_l("¿Exhibió el documento original?"), c.exige(_l("Diga si exhibió el documento")))
    calidad = c.OpcionField(
        _l("Calidad en la que actúa"),
        c.exige(_l("Elija la calidad en la que actúa")),
        choices=[
            ("beneficiario", _l("Beneficiario")),
            ("deudor_solidario", _l("Deudor solidario")),
            ("apoderado", _l("Apoderado")),
            ("cliente_potencial", _l("Cliente potencial")),
        ],
    )
    coincide_crm = c.SiNoField(
        _l("¿Coincide con el CRM?"),
        c.exige(_l("Diga si el documento coincide con el CRM")),
        description=_l("Compare nombre y número del documento con los del CRM."),
    )


def _prefill_titularidad(contexto: Contexto) -> Data:
    turno_id = contexto.dato("turno_id")
    turno = contexto.session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    return {"tipo_doc": (turno.tipo_doc if turno else None) or "CC", "num_doc": (turno.num_doc if turno else None) or ""}


def _titularidad(w: Writing) -> Data:
    tipo, numero, calidad = texto(w, "tipo_doc"), texto(w, "num_doc"), texto(w, "calidad")
    persona = personas.buscar_persona(w.session, tipo, numero)
    verificacion = verificar(
        calidad=calidad,
        en_crm=persona is not None,
        documento_exhibido=bool(w.values["documento_exhibido"]),
        coincide_crm=bool(w.values["coincide_crm"]),
    )
    if persona is None and calidad in ("cliente_potencial", "apoderado"):
        persona = personas.crear_persona(w.session, tipo_doc=tipo, num_doc=numero, nombre="", calidad=calidad, now=w.now)
    atenciones.anotar_titularidad(
        w.session,
        entero(w, "turno_id"),
        persona_id=persona.id if persona else None,
        calidad=calidad,
        titularidad=verificacion.titularidad,
        documento_exhibido=bool(w.values["documento_exhibido"]),
        coincide_crm=bool(w.values["coincide_crm"]),
        comparacion={"en_crm": persona is not None, "razon": verificacion.razon},
    )
    return {"persona_id": persona.id if persona else 0, "titularidad": verificacion.titularidad}


# --- 5.2.5 -----------------------------------------------------------------------------------------------------------
class Poder(TareaForm):
    poder_presentado = c.SiNoField(_l("¿Presenta un poder autenticado?"), c.exige(_l("Diga si presenta el poder")))
    titular_tipo_doc = tipo_documento(_l("Tipo de documento del titular"), obligatorio=False)
    titular_num_doc = numero_documento(_l("Número de documento del titular"), "titular_tipo_doc", obligatorio=False)
    notaria = c.TextoField(_l("Notaría"), c.opcional(c.hasta(120)), description=_l("Por ejemplo, Notaría 5 de Bogotá"))
    numero_poder = c.TextoField(_l("Número del poder"), c.opcional(c.hasta(40)))
    fecha_poder = c.FechaField(
        _l("Fecha del poder"),
        c.opcional(c.NoFutura(_l("La fecha del poder no puede ser posterior a hoy"))),
        description=_l("Por ejemplo, 14/10/2026"),
    )
    adjunto = c.ArchivoField(_l("Copia del poder"), description=_l("PDF, JPG o PNG, hasta 10 MB"))
    vuelve_hoy = c.SiNoField(_l("Si hoy no lo trae, ¿vuelve hoy mismo?"), c.opcional())

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.poder_presentado.valor():
            for nombre, mensaje in (
                ("titular_tipo_doc", _("Elija el tipo de documento del titular")),
                ("titular_num_doc", _("Escriba el documento del titular")),
                ("notaria", _("Escriba la notaría que autenticó el poder")),
                ("numero_poder", _("Escriba el número del poder")),
                ("fecha_poder", _("Escriba la fecha del poder")),
            ):
                bien = (bool(self[nombre].errors) is False and self.exigir(nombre, mensaje)) and bien
            if self.adjunto.archivo is None and not self.adjunto.errors:
                self.adjunto.errors = [*self.adjunto.errors, _("Adjunte la copia del poder")]
                bien = False
        elif self.poder_presentado.valor() is False:
            bien = self.exigir("vuelve_hoy", _("Diga si vuelve hoy con el poder")) and bien
        return bien


def _poder(w: Writing) -> Data:
    fecha = w.values.get("fecha_poder")
    archivo = w.values.get("adjunto")
    presentado = bool(w.values["poder_presentado"])
    archivo_id = archivos.registrar_archivo(
        w.session, archivo if isinstance(archivo, dict) else None, actor_id=w.actor.id, now=w.now, case_key=w.case_key
    )
    apoderado_id = entero(w, "persona_id") or None
    revisado = poderes.revisar_poder(
        w.session,
        presentado=presentado,
        titular_tipo_doc=texto(w, "titular_tipo_doc"),
        titular_num_doc=texto(w, "titular_num_doc"),
        apoderado_id=apoderado_id,
        notaria=texto(w, "notaria"),
        numero=texto(w, "numero_poder"),
        fecha=dt.date.fromisoformat(fecha) if isinstance(fecha, str) and fecha else None,
        archivo_id=archivo_id,
        now=w.now,
        actor_id=w.actor.id,
        case_key=w.case_key,
    )
    salida: dict[str, Value] = {"poder_valido": revisado.valido, "vuelve_hoy": bool(w.values.get("vuelve_hoy"))}
    if revisado.valido and revisado.titular_id is not None:
        atenciones.anotar_poder(w.session, entero(w, "turno_id"), titular_id=revisado.titular_id, apoderado_id=apoderado_id)
        salida |= {"persona_id": revisado.titular_id, "titularidad": "verificada"}
    else:
        salida |= {"persona_id": entero(w, "persona_id"), "titularidad": "no_titular"}
    return salida


# --- 5.2.7 -----------------------------------------------------------------------------------------------------------
class DatosBasicos(TareaForm):
    nombre = c.TextoField(_l("Nombres y apellidos"), c.exige(_l("Escriba nombres y apellidos"), c.largo(3, 120)))
    direccion = c.TextoField(_l("Dirección"), c.exige(_l("Escriba la dirección"), c.largo(5, 200)))
    municipio = c.ListaField(_l("Municipio"), c.exige(_l("Elija el municipio")), choices=OPCIONES_MUNICIPIO)
    telefono_fijo = c.TextoField(_l("Teléfono fijo"), c.opcional(c.patron(r"[0-9 ()+-]{7,20}", _l("Escriba solo el número"))))
    celular = c.TextoField(_l("Celular"), c.opcional(es_celular), description=_l("10 dígitos, empieza por 3"))
    correo = c.CorreoField(_l("Correo electrónico"), c.opcional(c.hasta(254), c.es_correo))
    medio_notificacion = c.OpcionField(
        _l("Por dónde quiere que le respondan"),
        c.exige(_l("Elija el medio de notificación")),
        choices=[("correo", _l("Correo electrónico")), ("direccion", _l("Dirección física")), ("punto", _l("En este punto"))],
    )
    autoriza_tratamiento = c.SiNoField(
        _l("¿Autoriza el tratamiento de sus datos?"),
        c.exige(_l("Diga si autoriza el tratamiento de sus datos")),
        description=_l("Ley 1581 de 2012. Lea la autorización a la persona antes de marcar."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.medio_notificacion.data == "correo" and not self.correo.errors:
            bien = self.exigir("correo", _("Escriba el correo: es el medio de notificación que eligió")) and bien
        return bien


def _prefill_datos(contexto: Contexto) -> Data:
    persona_id = contexto.dato("persona_id")
    if not isinstance(persona_id, int) or not persona_id:
        return {}
    actuales: dict[str, Value] = dict(personas.datos_vigentes(contexto.session, persona_id))
    autoriza = personas.autoriza_tratamiento(contexto.session, persona_id)
    return {**actuales, "autoriza_tratamiento": autoriza}


def _datos(w: Writing) -> None:
    persona_id = entero(w, "persona_id")
    datos = {nombre: texto(w, nombre) for nombre in personas.DATOS}
    personas.actualizar_datos(w.session, persona_id, datos, now=w.now, actor_id=w.actor.id, case_key=w.case_key)
    personas.registrar_consentimiento(
        w.session,
        persona_id,
        autoriza=bool(w.values["autoriza_tratamiento"]),
        now=w.now,
        actor_id=w.actor.id,
        case_key=w.case_key,
    )
    atenciones.anotar_datos_actualizados(w.session, entero(w, "turno_id"))


# --- 5.2.8 -----------------------------------------------------------------------------------------------------------
class Tipificar(TareaForm):
    clase = c.OpcionField(
        _l("Clase"),
        c.exige(_l("Elija si es solicitud, queja o reclamo")),
        choices=[("solicitud", _l("Solicitud")), ("queja", _l("Queja")), ("reclamo", _l("Reclamo"))],
    )
    subclase = c.ListaField(
        _l("La queja es"),
        c.opcional(),
        vacio=_l("No aplica"),
        choices=[("sugerencia", _l("Sugerencia")), ("denuncia", _l("Denuncia")), ("felicitacion", _l("Felicitación"))],
    )
    tema = c.ListaField(_l("Tema"), c.exige(_l("Elija el tema")))
    servicio_id = c.ListaField(_l("Servicio"), c.exige(_l("Elija el servicio")), coerce=int)
    descripcion = c.ParrafoField(
        _l("Descripción"),
        c.exige(_l("Describa el caso con al menos 20 letras"), c.largo(20, 2000)),
        description=_l("Qué pide la persona y qué documentos mostró."),
    )

    def preparar(self, contexto: Contexto) -> None:
        vigentes = puntos.tipificaciones(contexto.session, contexto.hoy)
        self.temas = {t.codigo: t.clase for t in vigentes}
        self.tema.choices = [(t.codigo, f"{t.codigo} · {t.tema} › {t.subtema}") for t in vigentes]
        persona_id = contexto.dato("persona_id")
        propios = personas.servicios(contexto.session, persona_id) if isinstance(persona_id, int) and persona_id else []
        if contexto.dato("titularidad") != "verificada":
            propios = []
        self.servicio_id.choices = [(s.id, f"{s.obligacion} · {s.linea} {s.anio_giro}") for s in propios]
        self.servicio_id.choices += [(0, _("Ninguno en particular"))]

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.tema.data and self.clase.data and self.temas.get(self.tema.data, self.clase.data) != self.clase.data:
            self.tema.errors = [*self.tema.errors, _("Este tema no es de la clase elegida")]
            bien = False
        return bien


def _tipificar(w: Writing) -> Data:
    creado = casos.crear_caso(
        w.session,
        turno_id=entero(w, "turno_id"),
        punto_id=str(w.data["punto_id"]),
        persona_id=entero(w, "persona_id"),
        asesor_id=w.actor.id,
        clase=texto(w, "clase"),
        subclase=texto(w, "subclase") or None,
        tema=texto(w, "tema"),
        descripcion=texto(w, "descripcion"),
        servicio_id=int(str(w.values.get("servicio_id") or 0)) or None,
        now=w.now,
        instancia_id=w.instance_id,
        case_key=w.case_key,
    )
    return {
        "caso_id": creado.caso_id,
        "tipo_termino": creado.tipo_termino,
        "norma": creado.norma,
        "linea": creado.linea,
        "anio_giro": creado.anio_giro,
    }


# --- 5.2.9 by hand ---------------------------------------------------------------------------------------------------
class ConsultaManual(TareaForm):
    decision_manual = c.OpcionField(
        _l("Los aplicativos no respondieron. ¿Qué hace?"),
        c.exige(_l("Elija qué hace")),
        choices=[("consultado", _l("Lo consulté por otro medio")), ("escalar", _l("Escalo el caso"))],
    )
    dato_consultado = c.ParrafoField(_l("Qué encontró y dónde"), c.opcional(c.hasta(2000)))

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.decision_manual.data == "consultado":
            bien = self.exigir("dato_consultado", _("Escriba qué encontró y dónde")) and bien
        return bien


# --- 5.2.10 ----------------------------------------------------------------------------------------------------------
class Responder(TareaForm):
    dispone = c.SiNoField(
        _l("¿Dispone de la información?"),
        c.exige(_l("Diga si dispone de la información")),
        choices=[("si", _l("Sí, respondo")), ("no", _l("No, debo escalar"))],
    )
    fuente = c.ListaField(
        _l("Dato que usa"),
        c.opcional(),
        vacio=_l("Ninguno en particular"),
        choices=[
            ("C&CTEX", "C&CTEX"),
            ("COBOL", "COBOL"),
            ("FOX PRO", "FOX PRO"),
            ("CRM", "CRM"),
            ("pagina_web", _l("Página web de la entidad")),
            ("manual", _l("Consulta por otro medio")),
        ],
    )
    respuesta = c.ParrafoField(
        _l("Respuesta para la persona"),
        c.opcional(c.hasta(2000)),
        description=_l("Explíquela con palabras sencillas. Se registra en el CRM y se imprime en la constancia."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.dispone.valor():
            bien = self.exigir("respuesta", _("Escriba la respuesta para la persona")) and bien
        return bien


def _prefill_responder(_contexto: Contexto) -> Data:
    return {"dispone": True}


def _responder(w: Writing) -> None:
    if w.values["dispone"]:
        casos.guardar_respuesta(
            w.session,
            entero(w, "caso_id"),
            tipo="punto",
            texto=texto(w, "respuesta"),
            fuente=texto(w, "fuente"),
            autor=w.actor.id,
            now=w.now,
        )


# --- 5.2.12 ----------------------------------------------------------------------------------------------------------
class SolicitarCalificacion(TareaForm):
    medio_calificacion = c.OpcionField(
        _l("Cómo va a calificar"),
        c.exige(_l("Elija cómo va a calificar")),
        choices=[("tableta", _l("En la tableta")), ("digiturno", _l("En el Digiturno")), ("verbal", _l("De viva voz"))],
    )


def _prefill_calificacion(_contexto: Contexto) -> Data:
    return {"medio_calificacion": "tableta"}


# --- 5.2.14 ----------------------------------------------------------------------------------------------------------
class InformarEscalamiento(TareaForm):
    medio_respuesta = c.OpcionField(
        _l("Por dónde recibirá la respuesta"),
        c.exige(_l("Elija por dónde recibirá la respuesta")),
        choices=[("correo", _l("Correo electrónico")), ("direccion", _l("Dirección física")), ("punto", _l("En el punto"))],
    )
    correo_confirmado = c.CorreoField(
        _l("Correo confirmado con la persona"),
        c.opcional(c.hasta(254), c.es_correo),
        description=_l("Léaselo en voz alta y corríjalo si hace falta."),
    )
    resumen = c.ParrafoField(
        _l("Resumen para el área"),
        c.exige(_l("Escriba el resumen con al menos 50 letras"), c.largo(50, 2000)),
        description=_l("Qué pide la persona, qué se consultó y qué falta. Lo leerá el funcionario del área."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.medio_respuesta.data == "correo" and not self.correo_confirmado.errors:
            bien = self.exigir("correo_confirmado", _("Escriba el correo que la persona confirmó")) and bien
        return bien


def _prefill_informar(contexto: Contexto) -> Data:
    persona_id = contexto.dato("persona_id")
    datos = personas.datos_vigentes(contexto.session, persona_id) if isinstance(persona_id, int) else {}
    return {"medio_respuesta": datos.get("medio_notificacion", "correo"), "correo_confirmado": datos.get("correo", "")}


def _informar(w: Writing) -> None:
    escalonamientos.anotar_informe(
        w.session,
        entero(w, "caso_id"),
        medio=texto(w, "medio_respuesta"),
        correo=texto(w, "correo_confirmado") or None,
        resumen=texto(w, "resumen"),
    )


# --- 5.2.19, 5.2.21, 5.2.22 ------------------------------------------------------------------------------------------
class Charla(TareaForm):
    tema_charla = c.TextoField(_l("Tema de la charla"), c.exige(_l("Escriba el tema de la charla"), c.hasta(200)))
    inicio = c.HoraField(_l("Hora de inicio"), c.exige(_l("Escriba la hora de inicio")), description=_l("Por ejemplo, 09:30"))
    fin = c.HoraField(_l("Hora de fin"), c.exige(_l("Escriba la hora de fin")))
    asistentes = c.CasillasField(
        _l("Quiénes asistieron"), c.exige(_l("Marque quiénes asistieron")), description=_l("Turnos asignados a esta charla"), coerce=int
    )
    medios = c.CasillasField(
        _l("Medios de información que se dieron a conocer"), c.exige(_l("Marque al menos un medio")), choices=MEDIOS_CHARLA
    )

    def preparar(self, contexto: Contexto) -> None:
        charla_id = contexto.dato("charla_id")
        asignados = charlas.asistentes(contexto.session, charla_id) if isinstance(charla_id, int) else []
        self.asistentes.choices = [(a.turno_id, a.ficha) for a in asignados if not a.retirado]

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.inicio.data and self.fin.data and self.fin.data < self.inicio.data:
            self.fin.errors = [*self.fin.errors, _("La charla termina después de empezar")]
            bien = False
        return bien


def _hora(w: Writing, nombre: str) -> dt.datetime:
    """A time of the day of the talk in Bogotá."""
    hora = dt.time.fromisoformat(texto(w, nombre))
    return dt.datetime.combine(w.now.astimezone(BOGOTA).date(), hora, BOGOTA).astimezone(dt.UTC)


def _lista(w: Writing, nombre: str) -> list[Any]:
    valor = w.values.get(nombre)
    return valor if isinstance(valor, list) else []


def _charla(w: Writing) -> None:
    charlas.realizar_charla(
        w.session,
        entero(w, "charla_id"),
        tema=texto(w, "tema_charla"),
        inicio=_hora(w, "inicio"),
        fin=_hora(w, "fin"),
        asesor_id=w.actor.id,
        medios=[str(medio) for medio in _lista(w, "medios")],
        presentes={int(turno) for turno in _lista(w, "asistentes")},
    )


class InformacionWeb(TareaForm):
    respuesta = c.ParrafoField(_l("Información que suministró"), c.exige(_l("Escriba la información que suministró"), c.largo(10, 2000)))
    url = c.TextoField(
        _l("Página de la entidad que lo soporta"),
        c.exige(
            _l("Escriba la dirección de la página"),
            c.hasta(300),
            c.patron(r"https://(www\.)?icetex\.gov\.co(/\S*)?", _l("Debe ser una página de https://www.icetex.gov.co")),
        ),
        description=_l("Por ejemplo, https://www.icetex.gov.co/creditos"),
    )
    fecha_consulta = c.FechaField(
        _l("Fecha de consulta"), c.exige(_l("Escriba la fecha de consulta"), c.NoFutura(_l("La fecha no puede ser posterior a hoy")))
    )


def _prefill_web(contexto: Contexto) -> Data:
    return {"fecha_consulta": contexto.hoy.isoformat()}


def _informacion_web(w: Writing) -> None:
    charlas.responder_inquietud(
        w.session,
        entero(w, "turno_id"),
        tema="servicio",
        asesor_id=w.actor.id,
        now=w.now,
        respuesta=texto(w, "respuesta"),
        url=texto(w, "url"),
        fecha_consulta=dt.date.fromisoformat(texto(w, "fecha_consulta")),
    )


class EstudiosExterior(TareaForm):
    pais = c.TextoField(_l("País de destino"), c.exige(_l("Escriba el país"), c.hasta(80)))
    nivel = c.OpcionField(_l("Nivel de estudios"), c.exige(_l("Elija el nivel")), choices=NIVELES)
    requisitos_explicados = c.SiNoField(_l("¿Explicó los requisitos?"), c.exige(_l("Diga si explicó los requisitos")))
    mecanismo = c.OpcionField(
        _l("Mecanismo de acceso"),
        c.exige(_l("Elija el mecanismo")),
        choices=[("credito", _l("Crédito")), ("beca", _l("Beca")), ("cupo", _l("Cupo o convenio")), ("otro", _l("Otro"))],
    )
    remitido_consejeria = c.SiNoField(
        _l("¿Remitió a la Consejería?"), c.opcional(), description=_l("Consejería para estudios en el exterior, solo en Bogotá")
    )

    def preparar(self, contexto: Contexto) -> None:
        if contexto.dato("punto_ciudad") != "Bogotá":
            del self.remitido_consejeria


def _estudios_exterior(w: Writing) -> None:
    charlas.responder_inquietud(
        w.session,
        entero(w, "turno_id"),
        tema="estudios_exterior",
        asesor_id=w.actor.id,
        now=w.now,
        pais=texto(w, "pais"),
        nivel=texto(w, "nivel"),
        requisitos_explicados=bool(w.values["requisitos_explicados"]),
        mecanismo=texto(w, "mecanismo"),
        remitido_consejeria=bool(w.values.get("remitido_consejeria")),
    )


# --- M5-1-01 act. 13 and 14 (SUPUESTO) -------------------------------------------------------------------------------
class RevisarRespuesta(TareaForm):
    revision_respuesta = c.OpcionField(
        _l("La respuesta del área está"),
        c.exige(_l("Diga si la respuesta está completa")),
        choices=[("completa", _l("Completa")), ("incompleta", _l("Incompleta, la devuelvo"))],
    )
    observacion = c.ParrafoField(_l("Qué le falta"), c.opcional(c.hasta(2000)), description=_l("Solo si la devuelve"))

    def preparar(self, contexto: Contexto) -> None:
        devueltas = contexto.dato("n_devoluciones")
        if isinstance(devueltas, int) and devueltas >= MAX_DEVOLUCIONES:
            self.revision_respuesta.choices = [("completa", _("Completa (ya se devolvió dos veces)"))]

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if self.revision_respuesta.data == "incompleta":
            bien = self.exigir("observacion", _("Escriba qué le falta a la respuesta")) and bien
        return bien


def _revisar(w: Writing) -> Data:
    devueltas = entero(w, "n_devoluciones")
    if w.values["revision_respuesta"] != "incompleta":
        return {"n_devoluciones": devueltas, "actividad_interrumpida": ""}
    escalonamientos.devolver(w.session, entero(w, "caso_id"), observacion=texto(w, "observacion"), actor_id=w.actor.id, now=w.now)
    return {"n_devoluciones": devueltas + 1, "actividad_interrumpida": "act_5_2_17"}


class EnviarRespuesta(TareaForm):
    texto_respuesta = c.ParrafoField(
        _l("Respuesta para la persona"),
        c.exige(_l("Escriba la respuesta con al menos 20 letras"), c.largo(20, 4000)),
        description=_l("Parta de la respuesta técnica del área y explíquela con palabras sencillas."),
    )


def _prefill_enviar(contexto: Contexto) -> Data:
    caso_id = contexto.dato("caso_id")
    tecnica = casos.ultima_respuesta(contexto.session, caso_id, "tecnica") if isinstance(caso_id, int) else None
    return {"texto_respuesta": tecnica.texto if tecnica else ""}


def _enviar(w: Writing) -> None:
    casos.guardar_respuesta(w.session, entero(w, "caso_id"), tipo="enviada", texto=texto(w, "texto_respuesta"), autor=w.actor.id, now=w.now)


class OtroMedio(TareaForm):
    medio_envio = c.OpcionField(
        _l("Por dónde se envió"),
        c.exige(_l("Elija por dónde se envió")),
        choices=[("direccion", _l("Correo físico")), ("punto", _l("Se entregó en el punto")), ("telefono", _l("Se leyó por teléfono"))],
    )
    constancia = c.TextoField(
        _l("Constancia"), c.exige(_l("Escriba la guía, el acta o la hora de la llamada"), c.hasta(200)), description=_l("Guía, acta u hora")
    )


def _otro_medio(w: Writing) -> None:
    casos.marcar_enviada(
        w.session,
        entero(w, "caso_id"),
        medio=texto(w, "medio_envio"),
        acuse=texto(w, "constancia"),
        actor_id=w.actor.id,
        now=w.now,
    )


def _plazo(contexto: Contexto) -> list[tuple[str, str]]:
    """The date that the citizen is told (5.2.14)."""
    caso_id = contexto.dato("caso_id")
    caso = contexto.session.get(Caso, caso_id) if isinstance(caso_id, int) else None
    if caso is None or caso.limite_respuesta is None:
        return []
    limite = caso.limite_respuesta.astimezone(BOGOTA)
    return [(_("Radicado"), caso.radicado or ""), (_("Plazo máximo que debe informar"), limite.strftime("%d/%m/%Y"))]


FORMS = {
    "asesor.llamar": FormSpec(Llamar, _llamar, _prefill_llamar, boton=_l("Continuar")),
    "asesor.fila_manual": FormSpec(FilaManual, _fila_manual),
    "asesor.motivo": FormSpec(Motivo, _motivo, _prefill_motivo),
    "asesor.titularidad": FormSpec(Titularidad, _titularidad, _prefill_titularidad, boton=_l("Verificar y continuar")),
    "asesor.poder": FormSpec(Poder, _poder),
    "asesor.datos_basicos": FormSpec(DatosBasicos, _datos, _prefill_datos, boton=_l("Actualizar y continuar")),
    "asesor.tipificar": FormSpec(Tipificar, _tipificar, boton=_l("Tipificar y radicar")),
    "asesor.consulta_manual": FormSpec(ConsultaManual),
    "asesor.responder": FormSpec(Responder, _responder, _prefill_responder, boton=_l("Responder y continuar")),
    "asesor.informar_escalamiento": FormSpec(
        InformarEscalamiento, _informar, _prefill_informar, boton=_l("Escalar y continuar"), ayuda=_plazo
    ),
    "asesor.solicitar_calificacion": FormSpec(SolicitarCalificacion, None, _prefill_calificacion, boton=_l("Solicitar calificación")),
    "asesor.charla": FormSpec(Charla, _charla, boton=_l("Cerrar la charla")),
    "asesor.informacion_web": FormSpec(InformacionWeb, _informacion_web, _prefill_web),
    "asesor.estudios_exterior": FormSpec(EstudiosExterior, _estudios_exterior),
    "asesor.revisar_respuesta": FormSpec(RevisarRespuesta, _revisar),
    "asesor.enviar_respuesta": FormSpec(EnviarRespuesta, _enviar, _prefill_enviar, boton=_l("Enviar respuesta")),
    "asesor.otro_medio": FormSpec(OtroMedio, _otro_medio),
}
