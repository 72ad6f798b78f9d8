"""Forms of what a point wrote on paper while it had no system (SUPUESTO Q30): as the paper says it,
with its hours and who attended."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import fecha, iso, si_no, texto
from records.base.errores import DatoInvalido
from records.base.reglas.nombres import palabras
from records.casos import casos, escalonamientos
from records.casos.archivos import registrar_archivo
from records.contingencia import papel
from records.contingencia.papel import Numero
from records.contingencia.reglas.papel import CLASES, FUERA, Horas, Reparo, formar, leer
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.reglas.roles import ASESOR
from records.personas import personas
from records.plazos.reglas.calendario import instante
from records.plazos.reglas.plazos import limites
from records.visita import calificaciones
from webforms import campos as c
from webforms.campos.comunes import (
    COMENTARIO_MAXIMO,
    CONDICIONES,
    LARGO_CORREO,
    MEDIOS_RESPUESTA,
    MOTIVOS_BAJA,
    MOTIVOS_VISITA,
    RADICA,
    VALORES,
    clase_del_caso,
    clase_del_tema,
    numero_documento,
    ofrecer_temas,
    subclase_del_caso,
    tema_del_caso,
    tipo_documento,
)
from webforms.campos.formulario import Contexto, FormSpec, TareaForm

CALIDADES = [
    ("beneficiario", _l("Beneficiario")),
    ("deudor_solidario", _l("Deudor solidario")),
    ("apoderado", _l("Apoderado, con el poder anexo")),
    ("cliente_potencial", _l("Persona nueva")),
]
DE_TITULAR = frozenset({"beneficiario", "deudor_solidario"})
#: How a number that may not be entered is told.
ESTADOS: Final[Mapping[str, Any]] = {
    "digitado": _l("ya está digitado"),
    "anulado": _l("se anuló con su lote"),
    "danado": _l("se dio por dañado"),
    "perdido": _l("se dio por perdido"),
    "en_blanco": _l("se devolvió en blanco"),
    "usado": _l("está usado y falta digitarlo"),
    "falta": _l("se imprimió y nadie ha dicho qué pasó con él"),
}
FRASES: Final[Mapping[Reparo, Any]] = {
    Reparo.FUTURA: _l("Esa hora todavía no ha llegado: revise el día y la hora del papel"),
    Reparo.AL_REVES: _l("Terminó antes de empezar: corrija una de las dos horas"),
    Reparo.ANTES_DE_IMPRESO: _l("El formato se imprimió después: a esa hora no existía"),
    Reparo.SIN_CAIDA: _l(
        "El punto no trabajaba en papel a esa hora: corríjala, o pida que declaren la caída"
    ),
    Reparo.LLEGADA: _l("Llegó después de que empezó su atención: corrija una de las dos horas"),
}


class DelPapel(TareaForm):
    """What every form says: who attended, on which day, from when to when."""

    atendio = c.ListaField(
        _l("Atendió"),
        c.exige(_l("Elija quién atendió")),
        vacio=_l("Elija"),
        description=_l("Como está firmado"),
    )
    fecha = c.FechaField(
        _l("Día"),
        c.exige(_l("Escriba el día del papel"), c.NoFutura(_l("Ese día todavía no ha llegado"))),
        description=_l("día/mes/año"),
    )
    empezo = c.HoraField(_l("Empezó"), c.exige(_l("Escriba la hora que dice el papel, como 08:42")))
    termino = c.HoraField(
        _l("Terminó"), c.exige(_l("Escriba la hora que dice el papel, como 08:55"))
    )

    hallado: Numero | None = None

    def preparar(self, contexto: Contexto) -> None:
        self.hallado = papel.numero(contexto.session, texto(contexto.datos, "formato"))
        gente = cuentas_con_rol(
            contexto.session, ASESOR, texto(contexto.datos, "punto_id"), contexto.now
        )
        self.atendio.choices = [(cuenta.usuario, cuenta.nombre) for cuenta in gente]

    def horas(self) -> Horas | None:
        """None: one of them is not written yet."""
        dia, empezo = self.fecha.data, self.empezo.data
        termino = self.termino.data if "termino" in self else empezo
        llego = self["llego"].data if "llego" in self else None
        if dia is None or empezo is None or termino is None:
            return None
        return Horas(
            instante(dia, empezo),
            instante(dia, termino),
            instante(dia, llego) if llego is not None else None,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """An hour that cannot be is refused where it stands, and so is a number that may not be
        entered."""
        bien: bool = super().validate(extra_validators)
        if self.hallado is None or self.hallado.estado in FUERA:
            porque = (
                ESTADOS[self.hallado.estado]
                if self.hallado is not None
                else _("no se ha impreso en este punto")
            )
            self.fecha.errors = [*self.fecha.errors, _("Este formato %(e)s", e=porque)]
            return False
        horas = self.horas()
        if horas is None or self.fecha.errors:
            return bien
        visto = papel.revisar(self.contexto.session, self.hallado, horas, self.contexto.now)
        malas = [(campo, str(FRASES[reparo])) for campo, reparo in visto.reparos]
        if not malas and not visto.abierto:
            malas = [("empezo", _("El punto no estaba abierto a esa hora"))]
        for campo, frase in malas:
            self[campo].errors = [*self[campo].errors, frase]
        return bien and not malas


class ConPersona(DelPapel):
    """Somebody who said who they are; whether the paper says so of the document in sight."""

    nombre = c.TextoField(
        _l("Nombre de la persona"),
        c.exige(_l("Escriba el nombre, como está en el papel"), c.largo(3, 120)),
    )
    tipo_doc = tipo_documento(_l("Tipo de documento"))
    num_doc = numero_documento(_l("Número de documento"), "tipo_doc")
    confirma_nombre = c.CasillaField(
        _l("Revisé el papel: el documento y el nombre están bien escritos"), c.opcional()
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A wrong digit would give a petition to somebody else."""
        bien = super().validate(extra_validators)
        if (
            not self.num_doc.data
            or self.num_doc.errors
            or not self.nombre.data
            or self.confirma_nombre.marcada
        ):
            return bien
        conocida = personas.buscar_persona(
            self.contexto.session, self.tipo_doc.data, self.num_doc.data
        )
        if conocida is None or set(palabras(conocida.nombre)) & set(palabras(self.nombre.data)):
            return bien
        otro = _(
            "En el CRM este documento es de otra persona: revise el número, o marque abajo que el papel está bien"
        )
        self.num_doc.errors = [*self.num_doc.errors, otro]
        return False


def _persona(w: Writing, calidad: str) -> int:
    nueva = personas.NuevaPersona(
        texto(w.values, "tipo_doc"), texto(w.values, "num_doc"), texto(w.values, "nombre"), calidad
    )
    return personas.buscar_o_crear(w.session, nueva, now=w.now).id


def _horas(w: Writing) -> Horas:
    dia = fecha(w.values, "fecha")
    if dia is None:
        raise DatoInvalido("Falta el día del papel.")

    def a_las(nombre: str) -> dt.datetime | None:
        escrita = texto(w.values, nombre)
        return instante(dia, dt.time.fromisoformat(escrita)) if escrita else None

    empezo = a_las("empezo")
    if empezo is None:
        raise DatoInvalido("Faltan las horas del papel.")
    return Horas(empezo, a_las("termino") or empezo, a_las("llego"))


def _identificado(w: Writing, persona_id: int) -> dict[str, Any]:
    """Verified is who showed the document and is a holder in the CRM; nobody asks a legacy system
    because of a paper (control 6-2)."""
    calidad, exhibido = texto(w.values, "calidad"), si_no(w.values, "documento_exhibido")
    registro = personas.registro_crm(
        w.session, texto(w.values, "tipo_doc"), texto(w.values, "num_doc")
    )
    titular = (
        exhibido
        and calidad in DE_TITULAR
        and registro is not None
        and any(p.calidad == calidad for p in registro.productos)
    )
    return {
        "tipo_doc": texto(w.values, "tipo_doc"),
        "num_doc": texto(w.values, "num_doc"),
        "persona_id": persona_id,
        "calidad": calidad,
        "titularidad": "verificada" if titular else "cliente_potencial",
        "exhibido": exhibido,
    }


def _contacto(w: Writing, persona_id: int) -> bool:
    """How the person wants the answer, as the paper says; True: the CRM learned something."""
    datos = {
        "correo": texto(w.values, "correo"),
        "medio_notificacion": texto(w.values, "medio_respuesta"),
    }
    personas.registrar_consentimiento(
        w.session, persona_id, acto_de(w), autoriza=si_no(w.values, "autoriza_tratamiento")
    )
    return bool(personas.actualizar_datos(w.session, persona_id, datos, acto_de(w)))


# --- 5.2.1, 5.2.2: whoever left before being attended ---------------------------------------------
class FichaDeTurno(DelPapel):
    motivo_visita = c.OpcionField(
        _l("A qué venía"), c.exige(_l("Elija a qué venía")), choices=MOTIVOS_VISITA
    )
    condicion = c.OpcionField(
        _l("Atención preferencial"),
        c.exige(_l("Diga si pidió atención preferencial")),
        choices=CONDICIONES,
    )
    resultado = c.OpcionField(
        _l("Qué pasó"),
        c.exige(_l("Elija qué pasó")),
        choices=[
            ("abandono", _l("Se fue sin ser atendida")),
            ("ausente", _l("No estaba cuando se la llamó")),
        ],
        description=_l(
            "Si fue atendida, no se digita aquí: escriba este número en «Ficha de turno» de su formato de atención."
        ),
    )
    tipo_doc = tipo_documento(_l("Tipo de documento"), obligatorio=False)
    num_doc = numero_documento(_l("Número de documento"), "tipo_doc", obligatorio=False)

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        self.atendio.label.text = _("Llevó la fila")
        self.empezo.label.text = _("Llegó")
        self.termino.label.text = _("Se fue, o se la llamó por última vez")

    def validate(self, extra_validators: Any = None) -> bool:
        correcto = bool(super().validate(extra_validators))
        return correcto and (
            not self.num_doc.data or self.exigir("tipo_doc", _("Elija el tipo de documento"))
        )


def _turno(w: Writing) -> Data:
    visita = papel.Visita(
        horas=_horas(w),
        atendio=texto(w.values, "atendio"),
        motivo_visita=texto(w.values, "motivo_visita"),
        condicion=texto(w.values, "condicion"),
        resultado=texto(w.values, "resultado"),
        tipo_doc=texto(w.values, "tipo_doc") or None if texto(w.values, "num_doc") else None,
        num_doc=texto(w.values, "num_doc") or None,
    )
    return {"turno_id": papel.digitar(w.session, texto(w.data, "formato"), visita, acto_de(w))}


# --- 5.2.4, 5.2.5: who could not prove who they are -----------------------------------------------
class SinTitularidad(ConPersona):
    motivo_visita = c.OpcionField(
        _l("A qué venía"), c.exige(_l("Elija a qué venía")), choices=MOTIVOS_VISITA
    )
    motivo = c.ParrafoField(
        _l("Qué le faltó"),
        c.exige(
            _l("Escriba qué le faltó para probar quién es o por quién viene"), c.largo(10, 500)
        ),
        description=_l("El documento original, el poder, u otra cosa. No se le dio ningún dato."),
    )
    copia = c.ArchivoField(_l("Foto o escaneo del papel"), c.opcional())


def _titularidad(w: Writing) -> Data:
    persona_id, acto = _persona(w, "cliente_potencial"), acto_de(w)
    visita = papel.Visita(
        horas=_horas(w),
        atendio=texto(w.values, "atendio"),
        motivo_visita=texto(w.values, "motivo_visita"),
        resultado="poder_pendiente",
        tipo_doc=texto(w.values, "tipo_doc"),
        num_doc=texto(w.values, "num_doc"),
        motivo=texto(w.values, "motivo"),
        titularidad="no_titular",
        exhibido=False,
        de_atencion="poder_pendiente",
    )
    registrar_archivo(w.session, w.values.get("copia"), acto)
    return {
        "turno_id": papel.digitar(w.session, texto(w.data, "formato"), visita, acto),
        "persona_id": persona_id,
    }


# --- 5.2.3, 5.2.8, 5.2.10, 5.2.14: an attention ---------------------------------------------------
class AtencionEnPapel(ConPersona):
    llego = c.HoraField(_l("Llegó"), c.opcional(), description=_l("Si el papel lo dice"))
    ficha_turno = c.TextoField(
        _l("Ficha de turno"),
        c.opcional(c.hasta(40)),
        description=_l("El número de su ficha en papel, si la tuvo: queda digitada con este"),
    )
    documento_exhibido = c.SiNoField(
        _l("¿Exhibió el documento original?"), c.exige(_l("Diga si exhibió el original"))
    )
    calidad = c.OpcionField(
        _l("Viene como"), c.exige(_l("Elija como quién vino")), choices=CALIDADES
    )
    clase = clase_del_caso()
    subclase = subclase_del_caso()
    tema = tema_del_caso()
    descripcion = c.ParrafoField(
        _l("Qué pidió, con sus palabras"),
        c.exige(_l("Copie lo que pidió, con al menos 20 letras"), c.largo(20, 2000)),
        description=_l("Como está en el papel, sin corregirlo."),
    )
    sigue = c.OpcionField(
        _l("Cómo sigue"),
        c.exige(_l("Diga cómo sigue, según el papel")),
        choices=[("resuelto", _l("Resuelto")), ("escalar", _l("Se escala"))],
    )
    respuesta = c.ParrafoField(
        _l("Qué se le respondió, y de qué fuente y corte"),
        c.cuando(
            "sigue",
            "resuelto",
            c.exige(_l("Copie lo que se le respondió, con al menos 20 letras"), c.largo(20, 2000)),
        ),
    )
    medio_respuesta = c.OpcionField(
        _l("Por dónde recibirá la respuesta"),
        c.cuando("sigue", "escalar", c.exige(_l("Elija por dónde recibirá la respuesta"))),
        choices=MEDIOS_RESPUESTA,
    )
    correo = c.CorreoField(
        _l("Correo para avisarle"),
        c.exige_si(
            "medio_respuesta",
            "correo",
            _l("Escriba el correo que dejó en el papel"),
            c.hasta(LARGO_CORREO),
            c.es_correo,
        ),
    )
    autoriza_tratamiento = c.SiNoField(
        _l("¿Autorizó el tratamiento de sus datos?"),
        c.exige(_l("Diga si marcó que autoriza el tratamiento de sus datos")),
    )
    copia = c.ArchivoField(_l("Foto o escaneo del papel"), c.opcional())

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        ofrecer_temas(self.tema, contexto)

    def validate(self, extra_validators: Any = None) -> bool:
        clase_del_tema(self)
        bien = super().validate(extra_validators)
        dicha = self.ficha_turno.data
        if dicha and (reparo := self._reparo_de_ficha(dicha)):
            self.ficha_turno.errors = [*self.ficha_turno.errors, reparo]
            return False
        return bien

    def _reparo_de_ficha(self, dicha: str) -> str:
        """The arrival is that of the paper; the sheet itself need say nothing more."""
        suya = _otro_numero(self.contexto, dicha)
        if suya is None or suya.lote.clase != "turno":
            return str(_("No hay una ficha de turno con ese número en este punto"))
        if suya.estado in FUERA:
            return str(_("Esa ficha %(e)s", e=ESTADOS[suya.estado]))
        horas = self.horas()
        if horas is None or horas.llego is None:
            return str(_("Escriba arriba a qué hora llegó: lo dice la ficha"))
        visto = papel.revisar(
            self.contexto.session, suya, Horas(horas.llego, horas.empezo), self.contexto.now
        )
        return str(FRASES[visto.reparos[0][1]]) if visto.reparos else ""


def _otro_numero(contexto: Contexto, dicho: str) -> Numero | None:
    """Another paper of the same point, as it was typed."""
    leido, punto_id = leer(dicho), texto(contexto.datos, "punto_id")
    if leido is None or leido[0] not in (None, punto_id):
        return None
    return papel.numero(contexto.session, formar(punto_id, leido[1]))


def _atencion(w: Writing) -> Data:
    """The case as if it had been filed then, by who attended; the number and what follows are of
    now."""
    acto, horas, atendio = acto_de(w), _horas(w), texto(w.values, "atendio")
    resuelto = texto(w.values, "sigue") == "resuelto"
    persona_id = _persona(w, texto(w.values, "calidad"))
    visita = papel.Visita(
        horas=horas,
        atendio=atendio,
        motivo_visita="servicio_adquirido",
        resultado="atendido" if resuelto else "escalado",
        motivo=texto(w.values, "descripcion")[:500],
        requiere_radicar=False,
        ruta="personalizada",
        de_atencion="resuelto" if resuelto else "escalado",
        datos_actualizados=_contacto(w, persona_id),
        **_identificado(w, persona_id),
    )
    turno_id = papel.digitar(w.session, texto(w.data, "formato"), visita, acto)
    if dicha := leer(texto(w.values, "ficha_turno")):
        ficha = papel.por_digitar(w.session, formar(texto(w.data, "punto_id"), dicha[1]))
        papel.marcar(
            w.session,
            ficha,
            Horas(horas.llego or horas.empezo, horas.empezo),
            atendio,
            turno_id,
            acto,
        )
    nuevo = casos.NuevoCaso(
        turno_id=turno_id,
        punto_id=texto(w.data, "punto_id"),
        persona_id=persona_id,
        clase=texto(w.values, "clase"),
        tema=texto(w.values, "tema"),
        descripcion=texto(w.values, "descripcion"),
        subclase=texto(w.values, "subclase") or None,
        asesor_id=atendio,
        recepcion=horas.empezo,
    )
    creado = casos.crear_caso(w.session, nuevo, acto)
    if resuelto:
        respuesta = casos.NuevaRespuesta("punto", texto(w.values, "respuesta"), "Papel")
        casos.guardar_respuesta(w.session, creado.caso_id, respuesta, replace(acto, quien=atendio))
    else:
        medio, correo = texto(w.values, "medio_respuesta"), texto(w.values, "correo") or None
        resumen = texto(w.values, "descripcion")
        escalonamientos.anotar_informe(
            w.session, creado.caso_id, medio=medio, correo=correo, resumen=resumen
        )
    registrar_archivo(w.session, w.values.get("copia"), acto)
    return {
        "turno_id": turno_id,
        "persona_id": persona_id,
        "caso_id": creado.caso_id,
        "tipo_termino": creado.tipo_termino,
        "norma": creado.norma,
        "fin_en_papel": iso(horas.termino),
        "fuera_de_4_2": w.now > limites(horas.empezo, 1).escalar,
    }


# --- 5.2.3, M5-1-04: documents --------------------------------------------------------------------
class DocumentosEnPapel(ConPersona):
    llego = c.HoraField(_l("Llegó"), c.opcional(), description=_l("Si el papel lo dice"))
    documento_exhibido = c.SiNoField(
        _l("¿Exhibió el documento original?"), c.exige(_l("Diga si exhibió el original"))
    )
    calidad = c.OpcionField(
        _l("Viene como"), c.exige(_l("Elija como quién vino")), choices=CALIDADES
    )
    asunto = c.ParrafoField(
        _l("Qué entregó y para qué"),
        c.exige(_l("Copie qué entregó y para qué, con al menos 10 letras"), c.largo(10, 500)),
        description=_l(
            "Los documentos y sus folios los recibe gestión documental, uno por uno, con este papel."
        ),
    )
    medio_respuesta = c.OpcionField(
        _l("Por dónde recibirá la respuesta"),
        c.exige(_l("Elija por dónde recibirá la respuesta")),
        choices=MEDIOS_RESPUESTA,
    )
    correo = c.CorreoField(
        _l("Correo para avisarle"),
        c.exige_si(
            "medio_respuesta",
            "correo",
            _l("Escriba el correo que dejó en el papel"),
            c.hasta(LARGO_CORREO),
            c.es_correo,
        ),
    )
    autoriza_tratamiento = c.SiNoField(
        _l("¿Autorizó el tratamiento de sus datos?"),
        c.exige(_l("Diga si marcó que autoriza el tratamiento de sus datos")),
    )
    copia = c.ArchivoField(_l("Foto o escaneo del papel"), c.opcional())


def _radicacion(w: Writing) -> Data:
    acto, persona_id = acto_de(w), _persona(w, texto(w.values, "calidad"))
    visita = papel.Visita(
        horas=_horas(w),
        atendio=texto(w.values, "atendio"),
        motivo_visita=RADICA,
        resultado="atendido",
        motivo=texto(w.values, "asunto"),
        requiere_radicar=True,
        ruta="escrita",
        de_atencion="escrita",
        datos_actualizados=_contacto(w, persona_id),
        **_identificado(w, persona_id),
    )
    turno_id = papel.digitar(w.session, texto(w.data, "formato"), visita, acto)
    registrar_archivo(w.session, w.values.get("copia"), acto)
    return {"turno_id": turno_id, "persona_id": persona_id}


# --- 5.2.13: a rating -----------------------------------------------------------------------------
class CalificacionEnPapel(DelPapel):
    formato_atencion = c.TextoField(
        _l("Formato de la atención que califica"),
        c.exige(
            _l("Escriba el número del formato de la atención, que ya debe estar digitado"),
            c.hasta(40),
        ),
    )
    calificacion = c.OpcionField(
        _l("Calificación"), c.exige(_l("Elija la calificación que marcó")), choices=VALORES
    )
    motivo_calificacion = c.OpcionField(
        _l("Qué fue lo que no le gustó"),
        c.cuando(
            "calificacion",
            [v for v, _nombre in VALORES if int(v) <= calificaciones.VALOR_BAJO],
            c.exige(_l("Elija qué fue lo que no le gustó")),
        ),
        choices=MOTIVOS_BAJA,
    )
    comentario = c.ParrafoField(_l("Comentario"), c.opcional(c.hasta(COMENTARIO_MAXIMO)))

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        del self.atendio, self.termino
        self.empezo.label.text = _("A qué hora")

    def validate(self, extra_validators: Any = None) -> bool:
        bien = super().validate(extra_validators)
        if not self.formato_atencion.data:
            return False
        suyo = _otro_numero(self.contexto, self.formato_atencion.data)
        atencion = (
            papel.atencion_de(self.contexto.session, suyo.nombre) if suyo is not None else None
        )
        if atencion is None:
            self.formato_atencion.errors = [
                *self.formato_atencion.errors,
                _("Ese formato no es de una atención que ya esté digitada"),
            ]
            return False
        if atencion.turno_id is not None and calificaciones.de_turno(
            self.contexto.session, atencion.turno_id
        ):
            self.formato_atencion.errors = [
                *self.formato_atencion.errors,
                _("Esa atención ya tiene su calificación"),
            ]
            return False
        return bien


def _calificacion(w: Writing) -> Data:
    leido = leer(texto(w.values, "formato_atencion"))
    nombre = formar(texto(w.data, "punto_id"), leido[1]) if leido is not None else ""
    atencion = papel.atencion_de(w.session, nombre)
    if atencion is None or atencion.turno_id is None:
        raise DatoInvalido("Ese formato no es de una atención que ya esté digitada.")
    hallado = papel.por_digitar(w.session, texto(w.data, "formato"))
    nueva = calificaciones.NuevaCalificacion(
        int(texto(w.values, "calificacion")),
        motivo=texto(w.values, "motivo_calificacion"),
        comentario=texto(w.values, "comentario"),
        medio="papel",
    )
    hecha = calificaciones.registrar_calificacion(w.session, atencion.turno_id, nueva, acto_de(w))
    papel.marcar(
        w.session, hallado, _horas(w), atencion.atendio or "", atencion.turno_id, acto_de(w)
    )
    return {"turno_id": atencion.turno_id, "calificacion_id": hecha}


_GUARDAR = _l("Guardar y digitar el siguiente")
FORMS: Mapping[str, FormSpec] = {
    CLASES["turno"].formulario: FormSpec(FichaDeTurno, _turno, boton=_GUARDAR),
    CLASES["titularidad"].formulario: FormSpec(SinTitularidad, _titularidad, boton=_GUARDAR),
    CLASES["atencion"].formulario: FormSpec(AtencionEnPapel, _atencion, boton=_GUARDAR),
    CLASES["radicacion"].formulario: FormSpec(DocumentosEnPapel, _radicacion, boton=_GUARDAR),
    CLASES["calificacion"].formulario: FormSpec(CalificacionEnPapel, _calificacion, boton=_GUARDAR),
}
