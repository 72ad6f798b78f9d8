"""Forms of the adviser on the answer of an area (M5-1-01 act. 13 and 14, SUPUESTO)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from common.language import speaking
from engine.types import Data, Writing
from records.base import consultas
from records.base.actos import acto_de
from records.base.datos import entero, opcional, texto
from records.casos import casos, escalonamientos, plantillas
from records.casos.archivos import archivos_del_caso
from records.casos.tablas import Archivo, Caso
from records.correo import avisos, direcciones
from records.correo.avisos import EN_PAPEL
from records.correo.reglas import cartas
from webforms import campos as c
from webforms.base import formatos, palabras
from webforms.base.entregas import se_entrega
from webforms.campos.formulario import Carta, Contexto, Despues, FormSpec, TareaForm
from webforms.correo.direcciones import con_estado
from webforms.personas.cubierto import Personales

# bytes of the documents of an answer: in a mail they are a third more, and many servers take ten
# million
MAX_ADJUNTOS = 7_000_000
MAX_DEVOLUCIONES = 2  # M5-1-01 act. 13, SUPUESTO


# --- M5-1-01 act. 13 and 14 (SUPUESTO) ------------------------------------------------------------
class RevisarRespuesta(TareaForm):
    revision_respuesta = c.OpcionField(
        _l("La respuesta del área está"),
        c.exige(_l("Diga si la respuesta está completa")),
        choices=[("completa", _l("Completa")), ("incompleta", _l("Incompleta, la devuelvo"))],
    )
    observacion = c.ParrafoField(
        _l("Qué le falta"),
        c.cuando(
            "revision_respuesta",
            "incompleta",
            c.exige(_l("Escriba qué le falta a la respuesta"), c.hasta(2000)),
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        devueltas = opcional(contexto.datos, "n_devoluciones") or 0
        if devueltas >= MAX_DEVOLUCIONES:
            self.revision_respuesta.choices = [
                ("completa", _("Completa (ya se devolvió dos veces)"))
            ]


def _revisar(w: Writing) -> Data:
    devueltas = opcional(w.data, "n_devoluciones") or 0
    if texto(w.values, "revision_respuesta") != "incompleta":
        return {
            "n_devoluciones": devueltas,
            "actividad_interrumpida": "",
            "responde_id": acto_de(w).quien,
        }
    escalonamientos.devolver(
        w.session, entero(w.data, "caso_id"), texto(w.values, "observacion"), acto_de(w)
    )
    return {
        "n_devoluciones": devueltas + 1,
        "actividad_interrumpida": "act_5_2_17",
        "responde_id": "",
    }


def _devuelta(contexto: Contexto, _valores: Data) -> str:
    """Only an answer that goes back leaves the hands of the adviser; with a complete one they go on
    (act. 14)."""
    escalonamiento = escalonamientos.actual(contexto.session, entero(contexto.datos, "caso_id"))
    datos = {"c": texto(contexto.datos, "radicado"), "a": palabras.area(escalonamiento.area_id)}
    return str(_("Devolvió la respuesta del caso %(c)s a %(a)s.", **datos))


class EnviarRespuesta(TareaForm):
    texto_respuesta = c.ParrafoField(
        _l("Respuesta para la persona"),
        c.exige(_l("Escriba la respuesta con al menos 20 letras"), c.largo(20, 4000)),
        description=_l(
            "Parta de la respuesta técnica del área y explíquela con palabras sencillas."
        ),
    )
    adjuntos = c.CasillasField(
        _l("Documentos del caso que van con la respuesta (opcional)"), c.opcional()
    )

    def preparar(self, contexto: Contexto) -> None:
        """Only what may leave as it was kept is offered: looked at, without anything that could
        run, without a virus to be feared."""
        suyos = [
            a
            for a in archivos_del_caso(contexto.session, contexto.item.case_key)
            if a.eliminado is None
        ]
        salen = [a for a in suyos if a.paginas and se_entrega(a, a.trae)]
        self.adjuntos.choices = [
            (_adjunto(a), f"{a.nombre} · {formatos.tamano(a.bytes)}") for a in salen
        ]
        if otros := [a.nombre for a in suyos if a not in salen]:
            self.adjuntos.description = _(
                "No se pueden enviar, por lo que traen o porque esperan su revisión: %(n)s",
                n=", ".join(otros),
            )
        if not salen:
            del self.adjuntos
        self.pesos = {_adjunto(a): a.bytes for a in salen}

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        huecos = plantillas.huecos(self.texto_respuesta.data or "")
        if huecos:
            self.texto_respuesta.errors = [
                *self.texto_respuesta.errors,
                _("Complete «%(h)s» antes de enviar", h="», «".join(huecos[:3])),
            ]
        pesan = (
            sum(self.pesos[dicho] for dicho in self.adjuntos.data or [])
            if "adjuntos" in self
            else 0
        )
        if pesan > MAX_ADJUNTOS:
            cuanto = {"p": formatos.tamano(pesan), "m": formatos.tamano(MAX_ADJUNTOS)}
            self.adjuntos.errors = [
                *self.adjuntos.errors,
                _("Pesan %(p)s: por correo caben %(m)s. Quite alguno", **cuanto),
            ]
        return bien and not huecos and pesan <= MAX_ADJUNTOS


def _adjunto(archivo: Archivo) -> str:
    """As it is kept in the form: its name for who reads the history, its number for us."""
    return f"{archivo.nombre} · {archivo.id}"


def _elegidos(valores: Data) -> list[tuple[str, int]]:
    """Name and number of the documents that go with the answer."""
    dichos = valores.get("adjuntos")
    partes = [str(dicho).rpartition(" · ") for dicho in dichos] if isinstance(dichos, list) else []
    return [(nombre, int(numero)) for nombre, _punto, numero in partes]


def _prefill_enviar(contexto: Contexto) -> Data:
    caso_id = opcional(contexto.datos, "caso_id")
    tecnica = casos.ultima_respuesta(contexto.session, caso_id, "tecnica") if caso_id else None
    return {"texto_respuesta": tecnica.texto if tecnica else ""}


def _enviar(w: Writing) -> None:
    respuesta = casos.NuevaRespuesta("enviada", texto(w.values, "texto_respuesta"))
    respuesta_id = casos.guardar_respuesta(
        w.session, entero(w.data, "caso_id"), respuesta, acto_de(w)
    )
    if elegidos := [numero for _nombre, numero in _elegidos(w.values)]:
        casos.adjuntar_a_respuesta(w.session, respuesta_id, w.case_key, elegidos)


def _a_donde(contexto: Contexto, datos: avisos.DatosAviso) -> str:
    """The address to which the answer goes, covered as elsewhere in the case; or on what paper."""
    if datos.medio_respuesta in EN_PAPEL:
        return str(
            _(
                "La persona la pidió %(m)s: se entrega después con «Entregar por otro medio».",
                m=_(EN_PAPEL[datos.medio_respuesta]),
            )
        )
    if not datos.correo_usuario:
        return str(
            _("La persona no tiene correo: se entrega después con «Entregar por otro medio».")
        )
    if direcciones.estado(contexto.session, datos.correo_usuario).dudosa:
        return str(
            _("Su correo devolvió un mensaje: se entrega después con «Entregar por otro medio».")
        )
    direccion = Personales(contexto.item.case_key).correo(datos.correo_usuario)
    return con_estado(contexto.session, datos.correo_usuario, direccion, contexto.now)


def _ayuda_enviar(contexto: Contexto) -> list[tuple[str, str]]:
    caso_id = opcional(contexto.datos, "caso_id")
    return (
        [(_("Sale a"), _a_donde(contexto, avisos.datos_aviso(contexto.session, caso_id)))]
        if caso_id
        else []
    )


def _carta(contexto: Contexto, valores: Data) -> Carta:
    datos = avisos.datos_aviso(contexto.session, entero(contexto.datos, "caso_id"))
    anexos = [nombre for nombre, _numero in _elegidos(valores)]
    dicho = texto(valores, "texto_respuesta")
    with speaking(datos.idioma):
        asunto, escrito = cartas.respuesta(datos.del_caso, dicho, anexos)
    return Carta(_a_donde(contexto, datos), asunto, escrito)


def _enviada(contexto: Contexto, _valores: Data) -> str:
    caso = consultas.obtener(contexto.session, Caso, entero(contexto.datos, "caso_id"))
    if caso.medio_respuesta in EN_PAPEL or not caso.correo_respuesta:
        return str(
            _(
                "Quedó escrita la respuesta del caso %(c)s. Falta entregarla en papel: tarea «Entregar por otro medio».",
                c=caso.radicado,
            )
        )
    datos = {"c": caso.radicado, "m": formatos.correo(caso.correo_respuesta)}
    if caso.enviado is not None:
        return str(_("La respuesta del caso %(c)s salió al correo %(m)s.", **datos))
    return str(
        _(
            "La respuesta del caso %(c)s sale al correo %(m)s. Si no llega, la tarea «Entregar por otro medio» vuelve a usted.",
            **datos,
        )
    )


class OtroMedio(TareaForm):
    medio_envio = c.OpcionField(
        _l("Por dónde se envió"),
        c.exige(_l("Elija por dónde se envió")),
        choices=[
            ("direccion", _l("Correo físico")),
            ("punto", _l("Se entregó en el punto")),
            ("telefono", _l("Se leyó por teléfono")),
        ],
    )
    constancia = c.TextoField(
        _l("Constancia"),
        c.exige(_l("Escriba la guía, el acta o la hora de la llamada"), c.hasta(200)),
        description=_l("Guía, acta u hora"),
    )


def _prefill_otro_medio(contexto: Contexto) -> Data:
    """By the medium that the person chose, where it is none of mail."""
    caso = contexto.session.get(Caso, opcional(contexto.datos, "caso_id") or 0)
    return (
        {"medio_envio": caso.medio_respuesta}
        if caso is not None and caso.medio_respuesta in EN_PAPEL
        else {}
    )


def _ayuda_otro_medio(contexto: Contexto) -> list[tuple[str, str]]:
    """Why it is no mail; the address stands on the letter, whose printing is recorded."""
    caso = contexto.session.get(Caso, opcional(contexto.datos, "caso_id") or 0)
    if caso is None:
        return []
    pedido = EN_PAPEL.get(caso.medio_respuesta or "")
    datos = avisos.datos_aviso(contexto.session, caso.id)
    if pedido:
        porque = _("La persona eligió recibirla %(m)s.", m=_(pedido))
    elif direcciones.estado(contexto.session, datos.correo_usuario).dudosa:
        porque = _(
            "Su correo devolvió un mensaje: no se le responde por ahí hasta que lo confirme."
        )
    else:
        porque = _("El correo no salió o la persona no tiene.")
    return [
        (_("Por qué"), porque),
        (_("Qué hacer"), _("Imprima la carta, entréguela o envíela, y registre aquí cómo quedó.")),
    ]


def _otro_medio(w: Writing) -> None:
    casos.marcar_enviada(
        w.session,
        entero(w.data, "caso_id"),
        acto_de(w),
        medio=texto(w.values, "medio_envio"),
        acuse=texto(w.values, "constancia"),
    )


def _entregada(contexto: Contexto, _valores: Data) -> str:
    return str(
        _(
            "Quedó registrado cómo se entregó la respuesta del caso %(c)s. El caso se cierra.",
            c=texto(contexto.datos, "radicado"),
        )
    )


FORMS: Mapping[str, FormSpec] = {
    "asesor.revisar_respuesta": FormSpec(
        RevisarRespuesta,
        _revisar,
        despues=Despues(
            "revision_respuesta",
            {
                "completa": (
                    _l("Completa"),
                    _l("la explica usted a la persona con palabras sencillas y se la envía."),
                ),
                "incompleta": (
                    _l("Incompleta, la devuelvo"),
                    _l("vuelve al área, a 5.2.17, con su observación; el plazo sigue."),
                ),
            },
        ),
        hecho=_devuelta,
    ),
    "asesor.enviar_respuesta": FormSpec(
        EnviarRespuesta,
        _enviar,
        _prefill_enviar,
        ayuda=_ayuda_enviar,
        boton=_l("Enviar respuesta"),
        carta=_carta,
        hecho=_enviada,
    ),
    "asesor.otro_medio": FormSpec(
        OtroMedio,
        _otro_medio,
        _prefill_otro_medio,
        cuerpo="tareas/_otro_medio.html",
        ayuda=_ayuda_otro_medio,
        boton=_l("Registrar la entrega"),
        hecho=_entregada,
    ),
}
