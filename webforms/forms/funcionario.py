"""Forms of the process officer (M5-1-02 5.2.16 to 5.2.18)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.types import Data
from engine.types import Writing
from records import archivos
from records import consultas
from records import escalonamientos
from records import puntos
from records.actos import acto_de
from records.casos import NuevaRespuesta
from records.datos import entero
from records.datos import lista
from records.datos import opcional
from records.datos import texto
from records.expediente import consultas_de_la_visita
from records.rules.sistemas import SISTEMAS
from records.tables import Caso
from webforms.base import campos as c
from webforms.base import palabras
from webforms.base.formulario import Contexto
from webforms.base.formulario import Despues
from webforms.base.formulario import FormSpec
from webforms.base.formulario import TareaForm

OTRA = "otra"
#: Sources of 5.2.17 besides the legacy systems.
FUENTES: Mapping[str, Any] = {"banco": _l("Reporte del banco"), "expediente": _l("Expediente"), OTRA: _l("Otra")}


class Recibir(TareaForm):
    resultado_analisis = c.OpcionField(
        _l("Después de leer el caso"),
        c.exige(_l("Elija qué sigue con el caso")),
        choices=[
            ("competente", _l("Es de mi área y está completo")),
            ("otra_area", _l("Es de otra área")),
            ("falta_informacion", _l("Falta información del usuario")),
        ],
    )
    area_destino = c.ListaField(
        _l("Área que debe responder"),
        c.cuando("resultado_analisis", "otra_area", c.exige(_l("Elija el área que debe responder"))),
        description=_l("El plazo no se reinicia."),
    )
    motivo_area = c.ParrafoField(
        _l("Por qué es de esa área"),
        c.cuando("resultado_analisis", "otra_area", c.exige(_l("Escriba por qué es de esa área"), c.largo(20, 1000))),
        description=_l("Lo lee el área que lo recibe y queda en la historia del caso."),
    )
    confirma_area = c.OpcionField(
        _l("¿Pasa el caso a esa área?"),
        c.cuando("resultado_analisis", "otra_area", c.exige(_l("Confirme que el caso pasa a esa área"))),
        choices=[("si", _l("Sí, sale de mi bandeja y de mi área"))],
    )
    informacion_faltante = c.ParrafoField(
        _l("Qué información falta"),
        c.cuando("resultado_analisis", "falta_informacion", c.exige(_l("Escriba qué información falta"), c.largo(20, 2000))),
        description=_l("Se le pide al usuario y el término se suspende hasta que la entregue."),
    )

    def preparar(self, contexto: Contexto) -> None:
        propia = contexto.item.scope
        self.area_destino.choices = [(a.codigo, a.nombre) for a in puntos.areas(contexto.session) if a.codigo != propia]


def _sigue(w: Writing) -> Data:
    """Who does one of the three activities keeps the case for the next."""
    return {"funcionario_id": acto_de(w).quien}


def _recibir(w: Writing) -> Data:
    """What was written goes with the row of its exit: why another area, what is asked of the citizen."""
    caso_id = entero(w.data, "caso_id")
    if texto(w.values, "resultado_analisis") == "competente":
        escalonamientos.recibir(w.session, caso_id, acto_de(w))
    elif texto(w.values, "resultado_analisis") == "otra_area":
        escalonamientos.reasignar(
            w.session, caso_id, acto_de(w), area_destino=texto(w.values, "area_destino"), motivo=texto(w.values, "motivo_area")
        )
    elif texto(w.values, "resultado_analisis") == "falta_informacion":
        escalonamientos.requerir(w.session, caso_id, texto(w.values, "informacion_faltante"), acto_de(w))
    return _sigue(w)


def _recibido(contexto: Contexto, valores: Data) -> str:
    caso = texto(contexto.datos, "radicado")
    if valores.get("resultado_analisis") == "falta_informacion":
        return str(_("Le pedimos a la persona la información que falta del caso %(c)s.", c=caso))
    area, ahora = texto(valores, "area_destino"), escalonamientos.actual(contexto.session, entero(contexto.datos, "caso_id")).area_id
    if area == ahora:
        return str(_("Pasó el caso %(c)s a %(a)s.", c=caso, a=palabras.area(area)))
    pedida = {"c": caso, "a": palabras.area(area)}
    return str(_("Pidió pasar el caso %(c)s a %(a)s. Ya cambió de área dos veces: decide el coordinador.", **pedida))


class Investigar(TareaForm):
    hallazgos = c.ParrafoField(
        _l("Hallazgos"),
        c.exige(_l("Escriba los hallazgos con al menos 20 letras"), c.largo(20, 4000)),
        description=_l("Qué encontró y dónde. Lo leerá el asesor que le responde a la persona."),
    )
    fuentes = c.CasillasField(
        _l("Fuentes consultadas"),
        c.exige(_l("Marque las fuentes que consultó")),
        choices=[*((s.codigo, s.nombre) for s in SISTEMAS), *FUENTES.items()],
        description=_l("Marque todas. Las que respondieron en la visita ya están marcadas."),
    )
    otra_fuente = c.TextoField(
        _l("Cuál otra fuente"), c.cuando("fuentes", OTRA, c.exige(_l("Escriba cuál otra fuente consultó"), c.hasta(300)))
    )
    accion_correctiva = c.TextoField(_l("Acción correctiva"), c.opcional(c.hasta(500)))
    soporte = c.ArchivoField(_l("Soporte"), description=_l("PDF, JPG o PNG, hasta 10 MB"))

    def preparar(self, _contexto: Contexto) -> None:
        """A draft of before the boxes has its sources as one text: it becomes the other source, to be told apart by its writer."""
        conocidas = {codigo for codigo, _nombre in self.fuentes.choices}
        sueltas = [dicha for dicha in self.fuentes.data or [] if dicha not in conocidas]
        if sueltas:
            self.fuentes.data = [*(d for d in self.fuentes.data if d in conocidas), OTRA]
            self.otra_fuente.data = self.otra_fuente.data or ", ".join(sueltas)


def _consultadas(contexto: Contexto) -> Data:
    """Of the systems asked during the visit, those that gave data."""
    caso_id = opcional(contexto.datos, "caso_id")
    if caso_id is None:
        return {}
    caso = consultas.obtener(contexto.session, Caso, caso_id)
    respondieron = {c.sistema for c in consultas_de_la_visita(contexto.session, caso) if c.estado == "ok"}
    return {"fuentes": [s.codigo for s in SISTEMAS if s.codigo in respondieron]}


def _fuentes(w: Writing) -> str:
    """ "C&CTEX, Expediente, Archivo central": as the records keep them, in the order of the form."""
    nombres: dict[str, Any] = {**{s.codigo: s.nombre for s in SISTEMAS}, **FUENTES, OTRA: texto(w.values, "otra_fuente")}
    return ", ".join(str(nombre) for codigo, nombre in nombres.items() if codigo in lista(w.values, "fuentes"))


def _investigar(w: Writing) -> Data:
    acto = acto_de(w)
    nueva = escalonamientos.NuevaInvestigacion(
        hallazgos=texto(w.values, "hallazgos"),
        fuentes=_fuentes(w),
        accion_correctiva=texto(w.values, "accion_correctiva"),
        archivo_id=archivos.registrar_archivo(w.session, w.values.get("soporte"), acto),
    )
    escalonamientos.investigar(w.session, entero(w.data, "caso_id"), nueva, acto)
    return _sigue(w)


class Documentar(TareaForm):
    respuesta_tecnica = c.ParrafoField(
        _l("Respuesta técnica"),
        c.exige(_l("Escriba la respuesta con al menos 20 letras"), c.largo(20, 4000)),
        description=_l("El asesor la convierte en la respuesta para la persona."),
    )
    favorable = c.OpcionField(
        _l("¿Es favorable para la persona?"),
        c.exige(_l("Diga si la respuesta es favorable")),
        choices=[("si", _l("Sí")), ("parcial", _l("En parte")), ("no", _l("No"))],
    )
    soporte = c.ArchivoField(_l("Soporte"), description=_l("PDF, JPG o PNG, hasta 10 MB"))


def _documentar(w: Writing) -> Data:
    acto = acto_de(w)
    respuesta = NuevaRespuesta(
        "tecnica",
        texto(w.values, "respuesta_tecnica"),
        favorable=texto(w.values, "favorable"),
        archivo_id=archivos.registrar_archivo(w.session, w.values.get("soporte"), acto),
    )
    escalonamientos.documentar(w.session, entero(w.data, "caso_id"), respuesta, acto)
    return _sigue(w)


def _documentado(contexto: Contexto, _valores: Data) -> str:
    return str(_("Envió al asesor la respuesta del caso %(c)s.", c=texto(contexto.datos, "radicado")))


FORMS: Mapping[str, FormSpec] = {
    "funcionario.recibir": FormSpec(
        Recibir,
        _recibir,
        boton=_l("Registrar el análisis"),
        despues=Despues(
            "resultado_analisis",
            {
                "competente": (_l("Es de mi área y está completo"), _l("5.2.17 Investigar el caso: la sigue usted, con el mismo plazo.")),
                "otra_area": (
                    _l("Es de otra área"),
                    _l("esa área recibe el caso en 5.2.16 con un aviso; los plazos no cambian. A la tercera vez decide el coordinador."),
                ),
                "falta_informacion": (
                    _l("Falta información del usuario"),
                    _l("se le escribe a la persona y el plazo queda suspendido hasta que responda, máximo un mes; luego vuelve a su área."),
                ),
            },
        ),
        hecho=_recibido,
    ),
    "funcionario.investigar": FormSpec(
        Investigar,
        _investigar,
        _consultadas,
        boton=_l("Terminar y documentar"),
        despues=_l("5.2.18 Documentar y suministrar información: la sigue usted, con el mismo plazo."),
    ),
    "funcionario.documentar": FormSpec(
        Documentar,
        _documentar,
        boton=_l("Enviar al asesor"),
        despues=_l("El asesor que escaló el caso recibe la respuesta con un aviso; si está ausente, su punto."),
        hecho=_documentado,
    ),
}
