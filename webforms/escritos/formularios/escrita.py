"""Forms of M5-1-04 after the number (SUPUESTO Q4): images, subject, signature, certified mail, its
result, the notice in its place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from common.language import speaking
from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, fecha, iso, opcional, texto
from records.casos import casos, escalonamientos, plantillas
from records.casos.tablas import Caso
from records.correo import avisos, direcciones
from records.correo.reglas import cartas
from records.escritos import envios, escritos
from records.escritos.reglas import guias
from records.escritos.tablas import Envio, EscritoDocumento
from records.lugares import puntos
from records.lugares.divipola import MUNICIPIOS
from records.personas import personas
from records.plazos.reglas.calendario import dia_local
from webforms import campos as c
from webforms.base import formatos
from webforms.base.personas import nombre_de
from webforms.base.servicios import servicios
from webforms.campos.comunes import SUBCLASES
from webforms.campos.formulario import Carta, Contexto, Despues, FormSpec, TareaForm
from webforms.campos.resumen import con_su_nombre
from webforms.casos.escritos import CAUSAS
from webforms.correo.direcciones import con_estado
from webforms.escritos.formularios.recibo import con_tema
from webforms.personas.cubierto import Personales

IMAGENES = 40  #: documents of one delivery, with what was brought later
MAX_DEVOLUCIONES = 2  # M5-1-04 act. 5, SUPUESTO Q4
#: Under the letter, which is kept: in the language of the agency.
CARGOS: Final[Mapping[str, str]] = {
    envios.DE_LIDER: "Líder, %(a)s",
    envios.DE_COORDINACION: "Coordinación, Grupo de Atención al Usuario",
}


# --- act. 4 ---------------------------------------------------------------------------------------
class Tipificar(TareaForm):
    tema = c.BuscarField(
        _l("Asunto"),
        c.exige(_l("Escriba de qué tratan los documentos")),
        description=_l(
            "Lo que se dijo al recibirlos. De él salen el término, la serie de la TRD y el área: corríjalo si es otro."
        ),
    )
    subclase = c.ListaField(
        _l("La queja es"), c.con_omision(), vacio=_l("Una queja por el servicio"), choices=SUBCLASES
    )

    def preparar(self, contexto: Contexto) -> None:
        con_tema(self, puntos.tipificaciones(contexto.session, contexto.hoy))


# --- act. 3 ---------------------------------------------------------------------------------------
class Digitalizar(Tipificar):
    """A row a document: its image, whose pages we count. One that was scanned when it was received
    keeps its image. Below it act. 4: what they are about, as it was said."""

    segunda = ("tema", "subclase")

    novedad = c.ParrafoField(
        _l("Por qué no cuadran páginas y folios"),
        c.opcional(c.hasta(500)),
        description=_l(
            "Solo si en algún documento no cuadran: un folio es una hoja, y tiene una o dos páginas."
        ),
    )
    documentos: Sequence[EscritoDocumento] = ()

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        turno_id = opcional(contexto.datos, "turno_id")
        self.documentos = (
            escritos.documentos(contexto.session, turno_id)[:IMAGENES] if turno_id else ()
        )
        for n in range(len(self.documentos) + 1, IMAGENES + 1):
            del self[f"digital_{n}"]
        for d in self.documentos:
            imagen = self[f"digital_{d.n}"]
            imagen.label.text = _("Imagen de «%(d)s»", d=d.nombre)
            imagen.obligatorio = imagen.flags.required = d.archivo_id is None

    @property
    def filas(self) -> list[tuple[EscritoDocumento, Any, int]]:
        """Document, field of its image, pages of the image that it has already."""
        suyas = escritos.paginas(self.contexto.session, self.documentos)
        return [(d, self[f"digital_{d.n}"], suyas.get(d.n, 0)) for d in self.documentos]

    def errores(self) -> list[tuple[str, str]]:
        """The images stand above why they do not agree, and that above what they are about."""
        imagenes = {imagen.name for _d, imagen, _n in self.filas}
        return con_su_nombre(
            sorted(self.visibles, key=lambda f: (f.name in self.segunda, f.name not in imagenes))
        )

    def continua(self) -> bool:
        return bool(self.tema.data)

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if not self.continua():
            bien = self.solo(*(f.name for f in self.visibles if f.name not in self.segunda))
        for d, imagen, suyas in self.filas:
            paginas = imagen.archivo.paginas if imagen.archivo else suyas
            if imagen.errors or self.novedad.data or escritos.cuadra(d, paginas):
                continue
            folios = d.folio_hasta - d.folio_desde + 1
            dicho = _(
                "La imagen de «%(d)s» tiene %(p)s páginas; %(f)s folios tienen de %(f)s a %(m)s: revise la imagen, o explique abajo",
                d=d.nombre,
                p=paginas,
                f=folios,
                m=2 * folios,
            )
            imagen.errors = [*imagen.errors, str(dicho)]
            bien = False
        return bien


for _n in range(1, IMAGENES + 1):
    setattr(Digitalizar, f"digital_{_n}", c.ArchivoField(_l("Imagen %(n)s", n=_n)))


def _digitalizar(w: Writing) -> None:
    turno_id = entero(w.data, "turno_id")
    imagenes = {
        d.n: w.values.get(f"digital_{d.n}")
        for d in escritos.documentos(w.session, turno_id)[:IMAGENES]
    }
    escritos.digitalizar(w.session, turno_id, imagenes, texto(w.values, "novedad"), acto_de(w))


def _conocido(contexto: Contexto) -> Data:
    return {"tema": texto(contexto.datos, "tema"), "subclase": texto(contexto.datos, "subclase")}


def _tipificar(w: Writing) -> Data:
    hecho = escritos.tipificar(
        w.session, entero(w.data, "caso_id"), texto(w.values, "tema"), texto(w.values, "subclase")
    )
    return {
        "clase": hecho.clase,
        "tipo_termino": hecho.caso.tipo_termino,
        "norma": hecho.caso.norma,
    }


# --- act. 5 ---------------------------------------------------------------------------------------
class Firmar(TareaForm):
    firma = c.OpcionField(
        _l("La respuesta"),
        c.exige(_l("Diga si la firma o la devuelve")),
        choices=[("firmada", _l("La firmo")), ("devuelta", _l("La devuelvo al área"))],
    )
    carta = c.ParrafoField(
        _l("Carta para la persona"),
        c.cuando(
            "firma",
            "firmada",
            c.exige(_l("Escriba la carta con al menos 20 letras"), c.largo(20, 4000)),
        ),
        description=_l(
            "Parte de la respuesta del área. Explíquela con palabras sencillas: es lo que se firma y se envía."
        ),
    )
    motivo = c.ParrafoField(
        _l("Por qué la devuelve"),
        c.cuando(
            "firma",
            "devuelta",
            c.exige(
                _l("Escriba qué debe corregir el área, con al menos 20 letras"), c.largo(20, 2000)
            ),
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        if (opcional(contexto.datos, "n_devoluciones") or 0) >= MAX_DEVOLUCIONES:
            self.firma.choices = [("firmada", _("La firmo (ya se devolvió dos veces)"))]

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        huecos = plantillas.huecos(self.carta.data or "") if self.firma.data == "firmada" else []
        if huecos:
            self.carta.errors = [
                *self.carta.errors,
                _("Complete «%(h)s» antes de firmar", h="», «".join(huecos[:3])),
            ]
        return bien and not huecos


def _del_area(contexto: Contexto) -> Data:
    caso_id = opcional(contexto.datos, "caso_id")
    tecnica = casos.ultima_respuesta(contexto.session, caso_id, "tecnica") if caso_id else None
    return {"carta": tecnica.texto if tecnica is not None else ""}


def _firmar(w: Writing) -> Data:
    caso_id, devueltas, acto = (
        entero(w.data, "caso_id"),
        opcional(w.data, "n_devoluciones") or 0,
        acto_de(w),
    )
    if texto(w.values, "firma") == "devuelta":
        escalonamientos.devolver(w.session, caso_id, texto(w.values, "motivo"), acto)
        return {
            "n_devoluciones": devueltas + 1,
            "actividad_interrumpida": "act_5_2_17",
            "medio_salida": "",
        }
    calidad = texto(w.data, "firma_de") or envios.DE_LIDER
    area = next(
        (a.nombre for a in puntos.areas(w.session) if a.codigo == texto(w.data, "area_id")), ""
    )
    firma = f"{nombre_de(w.session, acto.quien)}\n{CARGOS[calidad] % {'a': area}}"
    envios.firmar(w.session, caso_id, f"{texto(w.values, 'carta')}\n\n{firma}", calidad, acto)
    datos = avisos.datos_aviso(w.session, caso_id)
    dudosa = direcciones.estado(w.session, datos.correo_usuario).dudosa
    por_correo = datos.medio_respuesta == "correo" and bool(datos.correo_usuario) and not dudosa
    return {
        "n_devoluciones": devueltas,
        "actividad_interrumpida": "",
        "medio_salida": "correo" if por_correo else "papel",
    }


def _sale_por(contexto: Contexto, datos: avisos.DatosAviso) -> str:
    if datos.medio_respuesta == "correo" and datos.correo_usuario:
        correo = Personales(contexto.item.case_key).correo(datos.correo_usuario)
        con = con_estado(contexto.session, datos.correo_usuario, correo, contexto.now)
        return str(_("%(c)s. La persona pidió que le respondieran por correo electrónico.", c=con))
    if datos.medio_respuesta == "punto":
        return str(_("La persona la recoge en el punto, o sale por correo certificado."))
    return str(_("Correo certificado, con guía."))


def _ayuda_firmar(contexto: Contexto) -> list[tuple[str, str]]:
    caso_id = opcional(contexto.datos, "caso_id")
    return (
        [(_("Sale por"), _sale_por(contexto, avisos.datos_aviso(contexto.session, caso_id)))]
        if caso_id
        else []
    )


def _carta(contexto: Contexto, valores: Data) -> Carta:
    datos = avisos.datos_aviso(contexto.session, entero(contexto.datos, "caso_id"))
    with speaking(datos.idioma):
        asunto, escrito = cartas.respuesta(datos.del_caso, texto(valores, "carta"))
    return Carta(_sale_por(contexto, datos), asunto, escrito)


def _firmada(contexto: Contexto, valores: Data) -> str:
    dicho = {"c": texto(contexto.datos, "radicado")}
    if texto(valores, "firma") == "devuelta":
        return str(_("Devolvió al área la respuesta del caso %(c)s.", **dicho))
    return str(_("Firmó la respuesta del caso %(c)s.", **dicho))


# --- act. 6 ---------------------------------------------------------------------------------------
class Enviar(TareaForm):
    medio = c.OpcionField(
        _l("Cómo sale la carta"),
        c.exige(_l("Elija cómo sale la carta")),
        choices=[
            (envios.CERTIFICADO, _l("Por correo certificado")),
            (envios.PUNTO, _l("Se entrega en el punto")),
        ],
    )
    operador = c.ListaField(
        _l("Operador postal"),
        c.cuando("medio", envios.CERTIFICADO, c.exige(_l("Elija el operador postal"))),
        choices=[(o.codigo, _l(o.nombre)) for o in guias.OPERADORES.values()],
    )
    guia = c.TextoField(
        _l("Número de guía"),
        c.cuando(
            "medio", envios.CERTIFICADO, c.exige(_l("Escriba el número de guía"), c.hasta(40))
        ),
        description=_l("Como está en la guía. La de 4-72 tiene dos letras, nueve números y CO."),
    )
    direccion = c.TextoField(
        _l("Dirección a la que sale"),
        c.cuando("medio", envios.CERTIFICADO, c.exige(_l("Escriba la dirección"), c.largo(5, 160))),
        description=_l("La que tiene la persona en el CRM, o la que dio para esta respuesta."),
    )
    municipio = c.TextoField(
        _l("Municipio"),
        c.cuando("medio", envios.CERTIFICADO, c.exige(_l("Escriba el municipio"), c.hasta(160))),
    )
    recibe = c.TextoField(
        _l("Quién la recibe"),
        c.cuando("medio", envios.PUNTO, c.exige(_l("Escriba quién la recibió"), c.largo(3, 160))),
    )
    fecha_envio = c.FechaField(
        _l("Fecha de envío o entrega"),
        c.exige(
            _l("Escriba la fecha en que salió"),
            c.NoFutura(_l("La carta no pudo salir después de hoy")),
        ),
        description=_l("Con ella se detiene el término: la de la guía, día/mes/año."),
    )

    def leer(self) -> None:
        """The address stands on this page as on the letter: that it was read is recorded."""
        s, item = servicios(), self.contexto.item
        s.engine.log_access(
            self.contexto.actor,
            "carta",
            item.case_key,
            now=self.contexto.now,
            detail={"pagina": "tareas.mostrar"},
        )

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        if (
            self.medio.data == envios.CERTIFICADO
            and not self.guia.errors
            and not self.operador.errors
        ):
            bien = self._guia_vale() and bien
        caso_id = opcional(self.contexto.datos, "caso_id")
        firma = envios.ultima_firma(self.contexto.session, caso_id) if caso_id else None
        if (
            firma is not None
            and self.fecha_envio.data
            and self.fecha_envio.data < dia_local(firma.cuando)
        ):
            dia = formatos.fecha(firma.cuando, self.contexto.hoy)
            self.fecha_envio.errors = [
                *self.fecha_envio.errors,
                _("La carta se firmó el %(d)s: no pudo salir antes", d=dia),
            ]
            bien = False
        return bien

    def _guia_vale(self) -> bool:
        guia, caso_id = guias.limpia(self.guia.data or ""), opcional(self.contexto.datos, "caso_id")
        operador = guias.OPERADORES[str(self.operador.data)]
        if not guias.valida(operador.codigo, guia):
            motivo = _(
                "No es una guía de %(o)s. Revísela con el papel: se escribe como %(e)s",
                o=_(operador.nombre),
                e=operador.ejemplo,
            )
        elif caso_id and envios.guia_de_otro(self.contexto.session, guia, caso_id):
            motivo = _("Esa guía ya está registrada en otro caso")
        else:
            return True
        self.guia.errors = [*self.guia.errors, str(motivo)]
        return False


def _a_donde(contexto: Contexto) -> Data:
    caso = contexto.session.get(Caso, opcional(contexto.datos, "caso_id") or 0)
    if caso is None:
        return {}
    datos = personas.datos_vigentes(contexto.session, caso.persona_id)
    municipio = datos.get("municipio", "")
    return {
        "medio": envios.PUNTO if caso.medio_respuesta == "punto" else envios.CERTIFICADO,
        "direccion": datos.get("direccion", ""),
        "municipio": MUNICIPIOS.get(municipio, municipio),
        "fecha_envio": contexto.hoy.isoformat(),
    }


def _enviar(w: Writing) -> Data:
    nuevo = envios.NuevoEnvio(
        medio=texto(w.values, "medio"),
        fecha=fecha(w.values, "fecha_envio") or dia_local(w.now),
        operador=texto(w.values, "operador"),
        guia=texto(w.values, "guia"),
        direccion=texto(w.values, "direccion"),
        municipio=texto(w.values, "municipio"),
        recibe=texto(w.values, "recibe"),
    )
    hecho = envios.enviar(w.session, entero(w.data, "caso_id"), nuevo, acto_de(w))
    return {"medio_salida": hecho.medio, "fecha_seguimiento": iso(envios.seguimiento(w.now))}


def _enviada(contexto: Contexto, valores: Data) -> str:
    dicho = {"c": texto(contexto.datos, "radicado"), "g": guias.limpia(texto(valores, "guia"))}
    if texto(valores, "medio") == envios.PUNTO:
        return str(_("Quedó registrada la entrega de la respuesta del caso %(c)s.", **dicho))
    return str(_("La respuesta del caso %(c)s salió con la guía %(g)s.", **dicho))


# --- what became of it ----------------------------------------------------------------------------
def _de_envio(contexto: Contexto) -> Envio | None:
    caso_id = opcional(contexto.datos, "caso_id")
    return envios.envio(contexto.session, caso_id) if caso_id else None


def _ayuda_envio(contexto: Contexto) -> list[tuple[str, str]]:
    salida = _de_envio(contexto)
    if salida is None or salida.guia is None or salida.operador is None:
        return []
    donde = f"{salida.direccion}, {salida.municipio}"
    return [
        (_("Guía"), f"{salida.guia}, {_(guias.OPERADORES[salida.operador].nombre)}"),
        (_("Enviada"), formatos.fecha(salida.fecha, contexto.hoy)),
        (
            _("Dirección"),
            donde if not Personales(contexto.item.case_key).cubre else _("La de la carta"),
        ),
    ]


class Entrega(TareaForm):
    resultado_envio = c.OpcionField(
        _l("Qué pasó con la carta"),
        c.exige(_l("Diga qué pasó con la carta")),
        choices=[(envios.ENTREGADO, _l("La entregaron")), (envios.DEVUELTO, _l("La devolvieron"))],
    )
    fecha_resultado = c.FechaField(
        _l("Fecha de la entrega o la devolución"),
        c.exige(_l("Escriba la fecha"), c.NoFutura(_l("La fecha no puede ser después de hoy"))),
        description=_l("La que dice el operador, día/mes/año"),
    )
    recibe = c.TextoField(
        _l("Quién la recibió"),
        c.cuando(
            "resultado_envio",
            envios.ENTREGADO,
            c.exige(_l("Escriba quién la recibió, como dice la prueba"), c.largo(3, 160)),
        ),
    )
    causa = c.ListaField(
        _l("Por qué la devolvieron"),
        c.cuando("resultado_envio", envios.DEVUELTO, c.exige(_l("Elija por qué la devolvieron"))),
        choices=[(codigo, _l(causa)) for codigo, causa in CAUSAS.items()],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        salida = _de_envio(self.contexto)
        if (
            salida is not None
            and self.fecha_resultado.data
            and self.fecha_resultado.data < salida.fecha
        ):
            dia = formatos.fecha(salida.fecha, self.contexto.hoy)
            self.fecha_resultado.errors = [
                *self.fecha_resultado.errors,
                _("La carta salió el %(d)s: escriba una fecha posterior", d=dia),
            ]
            bien = False
        return bien


def _entregar(w: Writing) -> None:
    resultado, dia = (
        texto(w.values, "resultado_envio"),
        fecha(w.values, "fecha_resultado") or dia_local(w.now),
    )
    dicho = texto(w.values, "recibe" if resultado == envios.ENTREGADO else "causa")
    envios.registrar_resultado(
        w.session, entero(w.data, "caso_id"), resultado, dia, acto_de(w), dicho=dicho
    )


class Aviso(TareaForm):
    lugar = c.TextoField(
        _l("Dónde se publicó"),
        c.exige(_l("Escriba dónde se publicó el aviso"), c.largo(10, 300)),
        description=_l("La dirección en la página de la entidad y el lugar de acceso al público"),
    )
    aviso_desde = c.FechaField(
        _l("Desde"), c.exige(_l("Escriba el día en que se publicó")), description=_l("Día/mes/año")
    )
    aviso_hasta = c.FechaField(
        _l("Hasta"),
        c.exige(
            _l("Escriba el día en que se retiró"),
            c.NoFutura(_l("Registre el aviso cuando lo retire")),
        ),
        description=_l(
            "Cinco días hábiles, contado el primero. Se entiende recibida al día siguiente."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        bien: bool = super().validate(extra_validators)
        desde, hasta, salida = (
            self.aviso_desde.data,
            self.aviso_hasta.data,
            _de_envio(self.contexto),
        )
        if (
            desde
            and salida is not None
            and salida.resultado_fecha
            and desde < salida.resultado_fecha
        ):
            dia = formatos.fecha(salida.resultado_fecha, self.contexto.hoy)
            self.aviso_desde.errors = [
                *self.aviso_desde.errors,
                _("La carta volvió el %(d)s: el aviso se publica después", d=dia),
            ]
            return False
        if desde and hasta and not self.aviso_hasta.errors and not envios.aviso_basta(desde, hasta):
            self.aviso_hasta.errors = [
                *self.aviso_hasta.errors,
                _("El aviso debe estar publicado cinco días hábiles"),
            ]
            return False
        return bien


def _avisar(w: Writing) -> None:
    hoy: dt.date = dia_local(w.now)
    desde, hasta = fecha(w.values, "aviso_desde") or hoy, fecha(w.values, "aviso_hasta") or hoy
    envios.registrar_aviso(
        w.session, entero(w.data, "caso_id"), texto(w.values, "lugar"), desde, hasta, acto_de(w)
    )


def _ayuda_aviso(contexto: Contexto) -> list[tuple[str, str]]:
    salida = _de_envio(contexto)
    volvio = [(_("Volvió"), f"{formatos.fecha(salida.resultado_fecha, contexto.hoy)}, {_(CAUSAS.get(salida.causa or '', ''))}")] if (
        salida is not None and salida.resultado_fecha
    ) else []  # fmt: skip
    return [*_ayuda_envio(contexto), *volvio]


FORMS: Mapping[str, FormSpec] = {
    "gestion_documental.digitalizar": FormSpec(
        Digitalizar,
        _digitalizar,
        _conocido,
        cuerpo="escritos/_digitalizar.html",
        boton=_l("Entregar al área"),
        sigue="gestion_documental.tipificar",
    ),
    "gestion_documental.tipificar": FormSpec(
        Tipificar,
        _tipificar,
        _conocido,
        cuerpo="escritos/_tipificar.html",
        boton=_l("Entregar al área"),
        despues=_l(
            "El área que responde recibe el caso con un aviso; la respuesta vuelve para firma y correo certificado."
        ),
    ),
    "lider.firmar": FormSpec(
        Firmar,
        _firmar,
        _del_area,
        boton=_l("Registrar"),
        carta=_carta,
        ayuda=_ayuda_firmar,
        despues=Despues(
            "firma",
            {
                "firmada": (
                    _l("La firmo"),
                    _l(
                        "sale por el medio que la persona autorizó; con su fecha de envío se detiene el término."
                    ),
                ),
                "devuelta": (
                    _l("La devuelvo al área"),
                    _l("vuelve a 5.2.17 con su motivo y después otra vez a firma; el plazo sigue."),
                ),
            },
        ),
        hecho=_firmada,
    ),
    "gestion_documental.enviar": FormSpec(
        Enviar,
        _enviar,
        _a_donde,
        cuerpo="tareas/_otro_medio.html",
        boton=_l("Registrar el envío"),
        despues=_l(
            "Lo que salió con guía se sigue hasta que llegue o vuelva; lo demás se archiva."
        ),
        hecho=_enviada,
    ),
    "gestion_documental.entrega": FormSpec(
        Entrega,
        _entregar,
        ayuda=_ayuda_envio,
        boton=_l("Registrar el resultado"),
        despues=Despues(
            "resultado_envio",
            {
                envios.ENTREGADO: (
                    _l("La entregaron"),
                    _l("el expediente se archiva bajo su serie."),
                ),
                envios.DEVUELTO: (
                    _l("La devolvieron"),
                    _l("se notifica por aviso (CPACA, artículo 69) y después se archiva."),
                ),
            },
        ),
    ),
    "gestion_documental.aviso": FormSpec(
        Aviso,
        _avisar,
        ayuda=_ayuda_aviso,
        boton=_l("Registrar el aviso"),
        despues=_l("El expediente se archiva bajo su serie."),
    ),
}
