"""Forms of the adviser while the person is identified (M5-1-02 5.2.2 to 5.2.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, opcional, si_no, texto
from records.base.reglas.documentos import FIJO
from records.lugares import puntos
from records.lugares.divipola import MUNICIPIOS
from records.personas import personas
from records.personas.tablas import Persona
from records.visita import atenciones, turnos
from records.visita.atenciones import Apoderado
from webforms import campos as c
from webforms.base import formatos
from webforms.campos.comunes import (
    AUTORIZACION_DATOS,
    LARGO_CORREO,
    MOTIVOS_VISITA,
    OPCIONES_MUNICIPIO,
    RADICA,
    es_celular,
    ultimo_envio,
)
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.tareas.envios import texto_de_campo


# --- 5.2.2 ----------------------------------------------------------------------------------------
class Llamar(TareaForm):
    modulo = c.ListaField(_l("Módulo"), c.exige(_l("Elija su módulo")))
    resultado_llamado = c.OpcionField(
        _l("¿Se presentó la persona?"),
        c.exige(_l("Diga si la persona se presentó")),
        choices=[("atendido", _l("Sí, empiezo a atenderla")), ("ausente", _l("No se presentó"))],
    )

    def preparar(self, contexto: Contexto) -> None:
        nombres = puntos.modulos(contexto.session, texto(contexto.datos, "punto_id"))
        self.modulo.choices = [(nombre, nombre) for nombre in nombres]
        if self.modulo.data in nombres:  # where the adviser sits is not asked again
            self.modulo.type = "HiddenField"


def _prefill_llamar(contexto: Contexto) -> Data:
    turno_id = opcional(contexto.datos, "turno_id")
    modulo = turnos.modulo_del_llamado(contexto.session, turno_id) if turno_id else None
    return {"modulo": modulo or texto(contexto.datos, "modulo"), "resultado_llamado": "atendido"}


def _llamar(w: Writing) -> Data:
    llamados = turnos.registrar_resultado(
        w.session,
        entero(w.data, "turno_id"),
        texto(w.values, "modulo"),
        acto_de(w),
        atendido=texto(w.values, "resultado_llamado") == "atendido",
    )
    return {"n_llamados": llamados}


# --- the manual queue when the turn system is down ------------------------------------------------
class FilaManual(TareaForm):
    ficha_manual = c.TextoField(
        _l("Número de la ficha en papel"),
        c.exige(
            _l("Escriba el número de la ficha"),
            c.patron(r"[A-Za-z0-9-]{1,8}", _l("Letras y números, máximo 8")),
        ),
        description=_l("Por ejemplo, 12"),
    )


def _fila_manual(w: Writing) -> Data:
    prioridad = turnos.Prioridad(
        entero(w.data, "peso"), entero(w.data, "envejecimiento_min"), texto(w.data, "letra")
    )
    ficha = texto(w.values, "ficha_manual")
    encolado = turnos.encolar_manual(
        w.session, entero(w.data, "turno_id"), ficha, prioridad, now=w.now
    )
    return {"ficha": encolado.ficha, "fecha_cierre": encolado.fecha_cierre.isoformat()}


# --- 5.2.3 ----------------------------------------------------------------------------------------
class Motivo(TareaForm):
    motivo = c.TextoField(
        _l("Qué necesita la persona"),
        c.exige(_l("Escriba en una frase qué necesita la persona"), c.largo(20, 500)),
        description=_l(
            "Con sus palabras y al menos 20 letras: así empieza el caso. No escriba datos de cuentas."
        ),
    )
    motivo_visita = c.OpcionField(
        _l("Motivo de la visita"),
        c.exige(_l("Elija el motivo de la visita")),
        choices=MOTIVOS_VISITA,
    )
    requiere_radicar = c.SiNoField(
        _l("¿Trae documentos para radicar?"), c.exige(_l("Diga si trae documentos para radicar"))
    )
    resoluble = c.SiNoField(
        _l("¿Puede resolverse aquí mismo?"),
        c.exige(_l("Diga si puede resolverse aquí mismo")),
        description=_l(
            "Si hay que radicar y no se resuelve aquí, sigue en Atención escrita (M5-1-04)."
        ),
    )


def _prefill_motivo(contexto: Contexto) -> Data:
    """Whoever took a ticket to hand in documents has them with them: the answers of the filing are
    filled in. Whoever came back to the queue after telling it does not tell it again."""
    motivo = texto(contexto.datos, "motivo_visita")
    radica = motivo == RADICA
    return {
        "motivo_visita": motivo,
        "requiere_radicar": radica,
        "resoluble": not radica,
        **_dicho_antes(contexto),
    }


def _dicho_antes(contexto: Contexto) -> Data:
    if "resoluble" not in contexto.datos:  # 5.2.3 was never sent in this visit
        return {}
    anterior = ultimo_envio(contexto, contexto.item.element)
    return {
        nombre: anterior[nombre]
        for nombre in ("motivo", "requiere_radicar", "resoluble")
        if nombre in anterior
    }


def _motivo(w: Writing) -> None:
    anotado = atenciones.MotivoAnotado(
        motivo=texto(w.values, "motivo"),
        motivo_visita=texto(w.values, "motivo_visita"),
        requiere_radicar=si_no(w.values, "requiere_radicar"),
        resoluble=si_no(w.values, "resoluble"),
    )
    atenciones.anotar_motivo(w.session, entero(w.data, "turno_id"), anotado)


#: What «Todo sigue igual» of 5.2.7 says.
IGUAL = "igual"


# --- 5.2.7 ----------------------------------------------------------------------------------------
def _si_autoriza(validadores: Any) -> Any:
    """Ley 1581 art. 9: nothing of the person is asked for before they agreed."""
    return c.cuando("autoriza_tratamiento", "si", validadores)


class DatosBasicos(TareaForm):
    autoriza_tratamiento = c.SiNoField(
        _l("¿Autoriza el tratamiento de sus datos?"),
        c.exige(_l("Diga si autoriza el tratamiento de sus datos")),
        description=_l("Léale este texto a la persona antes de marcar."),
        lectura=AUTORIZACION_DATOS,
        choices=[
            ("si", _l("Sí")),
            ("no", _l("No: se usan solo para responderle y no se actualizan (Ley 1581, art. 10)")),
        ],
    )
    nombre = c.TextoField(
        _l("Nombres y apellidos"),
        _si_autoriza(c.exige(_l("Escriba nombres y apellidos"), c.largo(3, 120))),
    )
    direccion = c.TextoField(
        _l("Dirección"), _si_autoriza(c.exige(_l("Escriba la dirección"), c.largo(5, 200)))
    )
    municipio = c.BuscarField(
        _l("Municipio"),
        _si_autoriza(c.exige(_l("Escriba el municipio"))),
        choices=OPCIONES_MUNICIPIO,
        description=_l("Escriba una parte del nombre. Por ejemplo, Soacha"),
    )
    telefono_fijo = c.TextoField(
        _l("Teléfono fijo"),
        _si_autoriza(c.opcional(c.patron(FIJO.pattern, _l("Escriba solo el número")))),
    )
    celular = c.TextoField(
        _l("Celular"),
        _si_autoriza(c.opcional(es_celular)),
        description=_l("10 dígitos, empieza por 3"),
    )
    correo = c.CorreoField(
        _l("Correo electrónico"),
        _si_autoriza(
            c.exige_si(
                "medio_notificacion",
                "correo",
                _l("Escriba el correo: es el medio de notificación que eligió"),
                c.hasta(LARGO_CORREO),
                c.es_correo,
            )
        ),
        description=_l("Necesario para responderle por correo"),
    )
    medio_notificacion = c.OpcionField(
        _l("Por dónde quiere que le respondan"),
        c.exige(_l("Elija el medio de notificación")),
        choices=[
            ("correo", _l("Correo electrónico")),
            ("direccion", _l("Dirección física")),
            ("punto", _l("En este punto")),
        ],
    )
    confirmacion = c.BotonField(
        _l("Qué hizo"), choices=[("", ""), (IGUAL, _l("Confirmó que todo sigue igual"))]
    )

    #: (label, text) of what is known, where nothing is missing and nothing was typed
    conocidos: Sequence[tuple[Any, str]] = ()

    def leer(self) -> None:
        sabido = _prefill_datos(self.contexto)
        preguntas = [
            campo
            for campo in self.visibles
            if campo.name != "confirmacion" and c.se_pide(self, campo)
        ]
        falta = any(campo.flags.required and sabido.get(campo.name) is None for campo in preguntas)
        sin_correo = sabido.get("medio_notificacion") == "correo" and not sabido.get("correo")
        if not (falta or sin_correo or self.errors) and self._igual(sabido):
            self.conocidos = [
                (campo.label.text, texto_de_campo(campo.name, sabido[campo.name], _opciones(campo)))
                for campo in preguntas
                if sabido.get(campo.name) not in (None, "")
            ]

    def _igual(self, sabido: Data) -> bool:
        return all(
            campo.valor() == sabido.get(campo.name, campo.sin_valor)
            for campo in self.visibles
            if campo.name != "confirmacion"
        )

    def principal(self) -> tuple[Any, str, str] | None:
        return (_("Todo sigue igual"), "confirmacion", IGUAL) if self.conocidos else None

    def valores(self) -> dict[str, Value]:
        """Who changed something did not confirm that all is as it was, whatever was pressed."""
        todos = super().valores()
        dicho = self.confirmacion.elegido == IGUAL
        if dicho and not self._igual(_prefill_datos(self.contexto)):
            todos["confirmacion"] = ""
        return todos

    def preparar(self, contexto: Contexto) -> None:
        """Who answered in an earlier visit need not hear it all again; a change is asked about. An
        attorney answers for themselves, and for the holder only as far as the power goes."""
        presente = _apoderado(contexto)
        if presente is not None and not presente.cambia_datos:
            for nombre in personas.DATOS:
                if nombre != "medio_notificacion":
                    del self[nombre]
        persona_id = _de_quien_se_pregunta(contexto, presente)
        if presente is not None:
            self.autoriza_tratamiento.label.text = (
                _(
                    "¿Autoriza, en nombre de su poderdante, el tratamiento de los datos de esa persona?"
                )
                if presente.cambia_datos
                else _("¿%(a)s autoriza el tratamiento de sus propios datos?", a=presente.nombre)
            )
        antes = (
            personas.consentimiento(contexto.session, persona_id)
            if persona_id is not None
            else None
        )
        if antes is not None:
            dia = formatos.fecha(antes.vigente_desde, formatos.dia_local(contexto.now))
            self.autoriza_tratamiento.description = (
                _("Ya lo autorizó el %(d)s. Pregunte si sigue igual; si no, léale el texto.", d=dia)
                if antes.autoriza
                else _(
                    "El %(d)s no lo autorizó. Pregunte si sigue igual; si no, léale el texto.",
                    d=dia,
                )
            )


def _apoderado(contexto: Contexto) -> Apoderado | None:
    """Who speaks for the holder in this visit; one of whom 5.2.5 accepted the power."""
    if not _con_poder(contexto.datos):
        return None
    turno_id = entero(contexto.datos, "turno_id")
    return atenciones.apoderado(contexto.session, turno_id, contexto.item.case_key)


def _con_poder(datos: Data) -> bool:
    return bool(datos.get("poder_valido"))


def _de_quien_se_pregunta(contexto: Contexto, presente: Apoderado | None) -> int | None:
    if presente is not None and not presente.cambia_datos:
        return presente.id
    return opcional(contexto.datos, "persona_id")


def _hasta_donde(contexto: Contexto) -> list[tuple[str, str]]:
    presente = _apoderado(contexto)
    if presente is None or presente.cambia_datos:
        return []
    dicho = _("El poder no permite cambiar los datos de su titular: siguen como están.")
    return [(_("Datos de contacto"), dicho)]


def _opciones(campo: Any) -> dict[str, str]:
    return {str(valor): str(texto) for valor, texto in getattr(campo, "choices", None) or ()}


def _prefill_datos(contexto: Contexto) -> Data:
    persona_id = opcional(contexto.datos, "persona_id")
    if persona_id is None:
        return {}
    actuales: dict[str, Value] = dict(personas.datos_vigentes(contexto.session, persona_id))
    if actuales.get("municipio") not in MUNICIPIOS:
        actuales.pop("municipio", None)  # "another municipality" of the list that was not complete
    if "nombre" not in actuales:  # written down at 5.2.4 a moment ago
        persona = contexto.session.get(Persona, persona_id)
        actuales["nombre"] = persona.nombre if persona is not None else ""
    suya = _de_quien_se_pregunta(contexto, _apoderado(contexto)) or persona_id
    autoriza = personas.autoriza_tratamiento(contexto.session, suya)
    return {**actuales, "autoriza_tratamiento": autoriza}


def _datos(w: Writing) -> None:
    """What the person gave is kept as far as they agreed, and as far as the power goes."""
    persona_id, turno_id, acto = (
        entero(w.data, "persona_id"),
        entero(w.data, "turno_id"),
        acto_de(w),
    )
    autoriza = si_no(w.values, "autoriza_tratamiento")
    presente = (
        atenciones.apoderado(w.session, turno_id, acto.case_key) if _con_poder(w.data) else None
    )
    ajenos = presente is not None and not presente.cambia_datos
    if autoriza and not ajenos:
        datos = {nombre: texto(w.values, nombre) for nombre in personas.DATOS}
        personas.actualizar_datos(w.session, persona_id, datos, acto)
    preguntada = presente.id if presente is not None and ajenos else persona_id
    personas.registrar_consentimiento(w.session, preguntada, acto, autoriza=autoriza)
    atenciones.anotar_datos_actualizados(w.session, turno_id)


FORMS: Mapping[str, FormSpec] = {
    "asesor.llamar": FormSpec(Llamar, _llamar, _prefill_llamar, boton=_l("Continuar")),
    "asesor.fila_manual": FormSpec(FilaManual, _fila_manual),
    "asesor.motivo": FormSpec(Motivo, _motivo, _prefill_motivo),
    "asesor.datos_basicos": FormSpec(
        DatosBasicos,
        _datos,
        _prefill_datos,
        cuerpo="tareas/_datos.html",
        boton=_l("Actualizar y continuar"),
        ayuda=_hasta_donde,
    ),
}
