"""Choices and checks that forms of several lanes share."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from common.language import said
from engine import reads
from engine.types import Data
from records.base.errores import DatoInvalido
from records.base.reglas.documentos import TIPOS, validar_celular, validar_documento
from records.base.reglas.entidad import aqui
from records.lugares import puntos
from records.lugares.divipola import MUNICIPIOS
from records.personas.reglas.titularidad import DATOS_DEL_TITULAR
from webforms.campos import (
    BuscarField,
    ListaField,
    OpcionField,
    TextoField,
    con_omision,
    cuando,
    exige,
    hasta,
    opcional,
)
from webforms.campos.formulario import Contexto

TIPOS_DOCUMENTO = [(codigo, _l(nombre)) for codigo, (nombre, _patron, _forma) in TIPOS.items()]
RADICA = "radicar_documentos"
MOTIVOS_VISITA = [
    ("servicio_adquirido", _l("Mi crédito o servicio")),
    ("informacion_general", _l("Información general")),
    ("estudios_exterior", _l("Estudiar en el exterior")),
    (RADICA, _l("Entregar documentos")),
]
CONDICIONES = [
    ("ninguna", _l("No, atención general")),
    ("preferente", _l("Sí, atención preferencial")),
]
VALORES = [
    ("1", _l("Muy mala")),
    ("2", _l("Mala")),
    ("3", _l("Regular")),
    ("4", _l("Buena")),
    ("5", _l("Excelente")),
]
MOTIVOS_BAJA = [
    ("espera", _l("La espera fue larga")),
    ("trato", _l("El trato")),
    ("informacion", _l("La información no fue clara")),
    ("solucion", _l("No me dieron solución")),
    ("instalaciones", _l("El lugar o los equipos")),
    ("otro", _l("Otra razón")),
]
COMENTARIO_MAXIMO = 300
SUBCLASES = [
    ("sugerencia", _l("Sugerencia")),
    ("denuncia", _l("Denuncia")),
    ("felicitacion", _l("Felicitación")),
]
OPCIONES_MUNICIPIO = list(MUNICIPIOS.items())


class _LaEntidad:
    """As it is called when the sentence is read."""

    def __str__(self) -> str:
        return aqui().nombre or said("esta entidad")


#: What is read aloud before the consent is marked (5.2.7). SUPUESTO: the entity's own text is not
#: in the procedure.
AUTORIZACION_DATOS = _l(
    "Autorizo a %(e)s, como responsable, a recolectar y usar mis datos personales para atender mi solicitud, consultar mis "
    "productos, responderme por el medio que elegí y evaluar la calidad de la atención. Sé que puedo conocerlos, actualizarlos "
    "y rectificarlos, pedir prueba de esta autorización, revocarla o pedir que se supriman mis datos, y presentar quejas ante la "
    "Superintendencia de Industria y Comercio (Ley 1581 de 2012, artículos 8, 9 y 12).",
    e=_LaEntidad(),
)
LARGO_CORREO = 160  # what the columns keep


class NumeroDocumento:
    """The number must have the form of the type chosen in `campo_tipo`."""

    def __init__(self, campo_tipo: str) -> None:
        self.campo_tipo = campo_tipo

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or not form[self.campo_tipo].data:
            return
        try:
            field.data = validar_documento(form[self.campo_tipo].data, field.data)
        except DatoInvalido as error:
            raise ValidationError(str(error)) from None


def es_celular(_form: Any, field: Any) -> None:
    if field.data:
        try:
            field.data = validar_celular(field.data)
        except DatoInvalido as error:
            raise ValidationError(str(error)) from None


def tipo_documento(etiqueta: Any, *, obligatorio: bool = True, **kwargs: Any) -> Any:
    validadores = exige(_l("Elija el tipo de documento")) if obligatorio else opcional()
    return ListaField(etiqueta, validadores, choices=TIPOS_DOCUMENTO, **kwargs)


def numero_documento(
    etiqueta: Any, campo_tipo: str, *, obligatorio: bool = True, **kwargs: Any
) -> Any:
    regla = NumeroDocumento(campo_tipo)
    validadores = (
        exige(_l("Escriba el número de documento"), hasta(20), regla)
        if obligatorio
        else opcional(hasta(20), regla)
    )
    return TextoField(etiqueta, validadores, description=_l("Sin puntos ni espacios"), **kwargs)


CLASES_DE_CASO = [
    ("solicitud", _l("Solicitud")),
    ("queja", _l("Queja")),
    ("reclamo", _l("Reclamo")),
]
MEDIOS_RESPUESTA = [
    ("correo", _l("Correo electrónico")),
    ("direccion", _l("Dirección física")),
    ("punto", _l("En el punto")),
]


# What a case is about (5.2.8), at the desk and from paper.
def clase_del_caso() -> Any:
    return OpcionField(
        _l("Clase"), exige(_l("Elija si es solicitud, queja o reclamo")), choices=CLASES_DE_CASO
    )


def subclase_del_caso() -> Any:
    return ListaField(
        _l("La queja es"),
        cuando("clase", "queja", con_omision()),
        vacio=_l("Una queja por el servicio"),
        choices=SUBCLASES,
    )


def tema_del_caso() -> Any:
    return BuscarField(
        _l("Tema"),
        exige(_l("Escriba el tema")),
        grupo_de="clase",
        otro_grupo=_l(
            "Este tema es de la clase «%(suyo)s» y usted eligió «%(elegido)s»: cambie la clase o el tema"
        ),
        description=_l("Escriba una parte. Por ejemplo, paz y salvo"),
    )


def ofrecer_temas(tema: Any, contexto: Contexto) -> None:
    vigentes = puntos.tipificaciones(contexto.session, contexto.hoy)
    tema.grupos = {t.codigo: t.clase for t in vigentes}
    tema.choices = [(t.codigo, f"{_(t.tema)} › {_(t.subtema)}") for t in vigentes]


def clase_del_tema(form: Any) -> None:
    """A theme belongs to one class: who found it by typing need not say the class too."""
    if not form.clase.data:
        form.clase.data = form.tema.grupos.get(str(form.tema.valor()))


#: What a power of attorney allows (5.2.5); a power for one thing is none for another.
FACULTADES = [
    ("saldos", _l("Conocer saldos y datos del crédito")),
    ("certificados", _l("Pedir paz y salvo y certificados")),
    ("radicar", _l("Presentar peticiones y documentos")),
    ("acuerdos", _l("Firmar acuerdos de pago")),
    (DATOS_DEL_TITULAR, _l("Cambiar los datos de contacto de su titular")),
]


def ultimo_envio(contexto: Contexto, elemento: str) -> Data:
    """What was last sent at an activity of this visit: who goes back finds it again instead of
    typing it again."""
    envios = reads.history.submissions(contexto.session, contexto.item.case_key)
    return next(
        (e.values or {} for e in reversed(envios) if e.element == elemento and e.item_id), {}
    )
