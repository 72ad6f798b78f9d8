"""The letters of a package, written on a page: subject, text, the words that the case knows, and
how it would look with examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from common.language import marked
from engine.types import FieldSpec
from records.base.reglas.entidad import aqui
from records.correo.reglas import moldes
from records.correo.reglas.moldes import FaltaDeCarta
from webforms.base import formatos
from webforms.base.catalogos import ES, IDIOMAS
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.paquetes import hojas
from webforms.paquetes.edicion import OtroBorrador, guardar_borrador, sello
from webforms.paquetes.hojas import Hoja
from webforms.paquetes.paquetes import direccion

rutas = Rutas()

NUEVA: Final = "nueva"
#: What the register knows of every case → an example of it.
DEL_CASO: Final[Mapping[str, str]] = {
    "numero": "AAA-2026-00017",
    "asunto": "Calle 14 n.º 6-25",
    "nombre": "Yolanda Prada Cuesta",
    "lugar": "Suba",
    "consulta": "https://ventanilla.entidad.gov.co/consulta",
}
DIAS: Final = ("vence", "hoy")
#: Kind of a field → an example of what people write there.
DE_CAMPO: Final[Mapping[str, str]] = {
    "number": "412.000",
    "integer": "30",
    "boolean": "Sí",
    "email": "yolanda@correo.example",
    "longtext": "Un texto de varias líneas.",
    "file": "plano.pdf",
}
FRASES: Final[Mapping[str, str]] = {
    "sin_asunto": marked("Escriba el asunto: es lo primero que lee la persona."),
    "asunto_largo": marked("El asunto tiene más de {} letras."),
    "sin_texto": marked("Escriba el texto de la carta."),
    "texto_largo": marked("El texto tiene más de {} letras."),
    "llave": marked(
        "Hay una llave suelta en «{}». Los datos van entre dos llaves, sin espacios: {{numero}}."
    ),
    "desconocida": marked("«{}» no es un dato de estos diagramas ni del caso."),
}


@dataclass(frozen=True, slots=True)
class Palabra:
    """What may stand between braces."""

    nombre: str
    que_es: str
    ejemplo: str


def palabras_de(hoja: Hoja) -> list[Palabra]:
    """First what the register knows, then what people write, then what automatic tasks give."""
    dia = formatos.fecha_larga(servicios().clock.now())
    del_caso = {
        "numero": _("Número del caso"),
        "asunto": _("Asunto del caso"),
        "nombre": _("Nombre de la persona"),
        "lugar": _("Lugar del caso"),
        "consulta": _("Dirección en que se consulta"),
        "vence": _("Día en que vence"),
        "hoy": _("El día en que se envía"),
    }
    halladas = {
        n: Palabra(n, que, dia if n in DIAS else DEL_CASO[n]) for n, que in del_caso.items()
    }
    for nombre, campo in hojas.campos(hoja).items():
        halladas.setdefault(nombre, Palabra(nombre, rotulo(campo.label), _ejemplo(campo, dia)))
    for nombre in sorted(hojas.entregadas(hoja)):
        halladas.setdefault(
            nombre, Palabra(nombre, _("Lo entrega una tarea automática"), f"«{nombre}»")
        )
    llamada = {
        "entidad": _("Cómo se llama la entidad"),
        "entidad_nit": _("NIT de la entidad"),
        "entidad_ciudad": _("Ciudad de la entidad"),
        "entidad_dependencia": _("Dependencia que responde"),
        "entidad_firma": _("Firma: la dependencia y la entidad"),
    }
    for nombre, valor in aqui().valores().items():
        halladas.setdefault(
            nombre, Palabra(nombre, llamada[nombre], valor or f"«{llamada[nombre]}»")
        )
    return list(halladas.values())


def _ejemplo(campo: FieldSpec, dia: str) -> str:
    if campo.type == "date":
        return dia
    if campo.options:
        return campo.options[0][1]
    return DE_CAMPO.get(campo.type, str(_("«%(x)s»", x=rotulo(campo.label))))


@dataclass(frozen=True, slots=True)
class Escrita:
    """A letter as it stands on the page."""

    nombre: str
    asunto: str
    texto: str
    lengua: str = ES

    @property
    def entera(self) -> str:
        return f"{self.asunto}\n\n{self.texto}"


def _enviada(nombre: str, lengua: str = ES) -> Escrita:
    asunto = " ".join(limpiar(request.form.get("asunto", "")).split())
    return Escrita(
        nombre, asunto, limpiar(request.form.get("texto", ""))[: moldes.MAX_TEXTO + 1], lengua
    )


@rutas.get(
    "/procedimientos/<codigo>/cartas/<nombre>",
    para=MODELA,
    ayuda=Ayuda(
        _l(
            "Una carta del procedimiento, con los datos que puede nombrar y cómo se lee con un ejemplo."
        ),
        ANALISTA,
    ),
)
def carta(codigo: str, nombre: str) -> ResponseReturnValue:
    """`nueva` is the empty page."""
    hoja = _hoja(codigo)
    if nombre == NUEVA:
        return _pagina(hoja, Escrita("", "", ""), es_nueva=True, enviada=False)
    contenido = hoja.texto(pieza(codigo, nombre))
    if contenido is None or moldes.NOMBRE.fullmatch(nombre) is None:
        abort(404)
    return _pagina(hoja, Escrita(nombre, *moldes.partes(contenido)))


def _hoja(codigo: str) -> Hoja:
    with servicios().uow.reading() as session:
        return hojas.abrir(session, codigo)


def _otras() -> list[str]:
    return [lengua for lengua in IDIOMAS if lengua != ES]


def pieza(codigo: str, nombre: str, lengua: str = ES) -> str:
    return f"{codigo}/cartas/{nombre}.{lengua}.txt"


@rutas.get(
    "/procedimientos/<codigo>/cartas/<nombre>/<lengua>",
    para=MODELA,
    ayuda=Ayuda(
        _l(
            "Una carta en otro idioma, al lado de la española, y qué dato nombra solo una de las dos."
        ),
        ANALISTA,
    ),
)
def carta_en(codigo: str, nombre: str, lengua: str) -> ResponseReturnValue:
    """Empty while nobody wrote it. 404 without the Spanish letter: it is what this one is a
    translation of."""
    hoja = _hoja_con(codigo, nombre, lengua)
    contenido = hoja.texto(pieza(codigo, nombre, lengua))
    if contenido is None:
        return _pagina(hoja, Escrita(nombre, "", "", lengua), enviada=False)
    return _pagina(hoja, Escrita(nombre, *moldes.partes(contenido), lengua))


@rutas.post(
    "/procedimientos/<codigo>/cartas/<nombre>/<lengua>",
    para=MODELA,
    haria=_l("Guardar una carta en su borrador"),
)
def guardar_carta_en(codigo: str, nombre: str, lengua: str) -> ResponseReturnValue:
    return _guardada(_hoja_con(codigo, nombre, lengua), _enviada(nombre, lengua))


def _hoja_con(codigo: str, nombre: str, lengua: str) -> Hoja:
    hoja = _hoja(codigo)
    if (
        lengua not in _otras()
        or moldes.NOMBRE.fullmatch(nombre) is None
        or pieza(codigo, nombre) not in hoja.archivos
    ):
        abort(404)
    return hoja


@rutas.post(
    "/procedimientos/<codigo>/cartas/<nombre>",
    para=MODELA,
    haria=_l("Guardar una carta en su borrador"),
)
def guardar_carta(codigo: str, nombre: str) -> ResponseReturnValue:
    """Kept as a draft with its faults, as a diagram is: they stand on the page, and what uses the
    letter does not come into force."""
    hoja, es_nueva = _hoja(codigo), nombre == NUEVA
    if not es_nueva and (
        moldes.NOMBRE.fullmatch(nombre) is None or pieza(codigo, nombre) not in hoja.archivos
    ):
        abort(404)
    escrita = _enviada(limpiar(request.form.get("nombre", "")) if es_nueva else nombre)
    error = (
        _error_de_nombre(hoja, escrita.nombre)
        if es_nueva and request.form.get("accion") != "ver"
        else ""
    )
    if error:
        return _pagina(hoja, escrita, es_nueva=True, error=error, codigo=422)
    return _guardada(hoja, escrita, es_nueva=es_nueva)


def _guardada(hoja: Hoja, escrita: Escrita, *, es_nueva: bool = False) -> ResponseReturnValue:
    if request.form.get("accion") == "ver":
        return _pagina(hoja, escrita, es_nueva=es_nueva, visto=request.form.get("visto", ""))
    faltas = moldes.revisar(escrita.asunto, escrita.texto, [p.nombre for p in palabras_de(hoja)])
    if any(f.que in ("sin_asunto", "sin_texto", "asunto_largo", "texto_largo") for f in faltas):
        return _pagina(
            hoja, escrita, es_nueva=es_nueva, visto=request.form.get("visto", ""), codigo=422
        )
    try:
        suya = pieza(hoja.codigo, escrita.nombre, escrita.lengua)
        guardar_borrador(
            suya, moldes.escrita(escrita.asunto, escrita.texto), request.form.get("visto", "")
        )
    except OtroBorrador as otro:
        aviso = _(
            "Usted guardó esta carta en otra pestaña. Aquí sigue lo que escribió: si guarda otra vez, reemplaza a la otra."
        )
        return _pagina(hoja, escrita, visto=sello(otro.guardado), aviso=aviso, codigo=409)
    flash(_("La carta quedó en su borrador. Entra en vigor con el procedimiento."), "verde")
    return redirect(direccion(hoja.codigo, suya))


def _error_de_nombre(hoja: Hoja, nombre: str) -> str:
    if nombre == NUEVA or moldes.NOMBRE.fullmatch(nombre) is None:
        return str(
            _("El nombre lleva minúsculas sin tilde, números y guion bajo, por ejemplo aprobado.")
        )
    if pieza(hoja.codigo, nombre) in hoja.archivos:
        return str(_("Ya hay una carta con ese nombre en este procedimiento."))
    return ""


def _pagina(
    hoja: Hoja,
    escrita: Escrita,
    *,
    es_nueva: bool = False,
    enviada: bool = True,
    visto: str | None = None,
    error: str = "",
    aviso: str = "",
    codigo: int = 200,
) -> ResponseReturnValue:
    palabras = palabras_de(hoja)
    ejemplos = {p.nombre: p.ejemplo for p in palabras}
    nombre_de_pieza = pieza(hoja.codigo, escrita.nombre, escrita.lengua)
    faltas = moldes.revisar(escrita.asunto, escrita.texto, ejemplos) if enviada else []
    guardada = hoja.borradores.get(nombre_de_pieza)
    return (
        render_template(
            "paquetes/carta.html",
            paquete=hoja.paquete,
            codigo=hoja.codigo,
            c=escrita,
            es_nueva=es_nueva,
            nombre_de_lengua=IDIOMAS.nombre,
            comparada=_comparada(hoja, escrita, enviada=enviada) if escrita.lengua != ES else None,
            en_otras=[]
            if es_nueva
            else [
                (lengua, pieza(hoja.codigo, escrita.nombre, lengua) in hoja.archivos)
                for lengua in _otras()
            ],
            palabras=palabras,
            ejemplos=ejemplos,
            quedaria=moldes.como_quedaria(escrita.asunto, escrita.texto, ejemplos),
            del_asunto=[en_palabras(f) for f in faltas if f.linea == 0],
            del_texto=[(f.linea, en_palabras(f)) for f in faltas if f.linea],
            borrador=guardada,
            en_vigor=nombre_de_pieza in hoja.en_vigor,
            pieza=nombre_de_pieza,
            visto=sello(guardada) if visto is None else visto,
            error=error,
            aviso=aviso,
        ),
        codigo,
    )


def _comparada(hoja: Hoja, escrita: Escrita, *, enviada: bool) -> dict[str, object]:
    """The Spanish letter, and what only one of the two takes from the case; nothing is told of an
    empty page."""
    original = Escrita(
        escrita.nombre, *moldes.partes(hoja.texto(pieza(hoja.codigo, escrita.nombre)) or "")
    )
    faltan = moldes.solo_en(original.entera, escrita.entera) if enviada else []
    sobran = moldes.solo_en(escrita.entera, original.entera) if enviada else []
    dichos = {
        clave: ", ".join(f"{{{dato}}}" for dato in datos)
        for clave, datos in (("faltan", faltan), ("sobran", sobran))
    }
    return {"original": original, **dichos}


def en_palabras(falta: FaltaDeCarta) -> str:
    """ "«nombr» no es un dato… ¿Quiso decir {nombre}?" """
    dicha = str(_(FRASES[falta.que])).format(falta.dato)
    return (
        f"{dicha} {_('¿Quiso decir %(p)s?', p=f'{{{falta.parecida}}}')}"
        if falta.parecida
        else dicha
    )
