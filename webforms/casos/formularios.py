"""Forms of the process officer (M5-1-02 5.2.16 to 5.2.18)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine import reads
from engine.types import Data, Submission, Writing
from records.base import consultas
from records.base.actos import acto_de
from records.base.datos import entero, lista, opcional, texto
from records.casos import archivos, escalonamientos
from records.casos.casos import NuevaRespuesta
from records.casos.expediente import consultas_de_la_visita
from records.casos.tablas import Caso
from records.escritos.escritos import CANAL
from records.lugares import puntos
from records.sistemas.reglas.sistemas import SISTEMAS
from webforms import campos as c
from webforms.base import palabras
from webforms.campos.formulario import Contexto, Despues, FormSpec, TareaForm

OTRA = "otra"
#: Sources of 5.2.17 besides the legacy systems.
FUENTES: Mapping[str, Any] = {
    "banco": _l("Reporte del banco"),
    "expediente": _l("Expediente"),
    OTRA: _l("Otra"),
}


#: What 5.2.16 and 5.2.17 say of a case: the area goes on with it, or it leaves by one of two ways.
RESULTADO, SIGUE, OTRA_AREA, FALTA = (
    "resultado_analisis",
    "competente",
    "otra_area",
    "falta_informacion",
)
#: The fields of the two ways.
DE_LA_SALIDA = ("area_destino", "motivo_area", "confirma_area", "informacion_faltante")


def _salidas() -> tuple[Any, Any, Any, Any]:
    """`DE_LA_SALIDA`, for the form that offers the ways; after the choice between them."""
    return (
        c.ListaField(
            _l("Área que debe responder"),
            c.cuando(RESULTADO, OTRA_AREA, c.exige(_l("Elija el área que debe responder"))),
            description=_l("El plazo no se reinicia."),
        ),
        c.ParrafoField(
            _l("Por qué es de esa área"),
            c.cuando(
                RESULTADO,
                OTRA_AREA,
                c.exige(_l("Escriba por qué es de esa área"), c.largo(20, 1000)),
            ),
            description=_l("Lo lee el área que lo recibe y queda en la historia del caso."),
        ),
        c.OpcionField(
            _l("¿Pasa el caso a esa área?"),
            c.cuando(RESULTADO, OTRA_AREA, c.exige(_l("Confirme que el caso pasa a esa área"))),
            choices=[("si", _l("Sí, sale de mi bandeja y de mi área"))],
        ),
        c.ParrafoField(
            _l("Qué información falta"),
            c.cuando(
                RESULTADO, FALTA, c.exige(_l("Escriba qué información falta"), c.largo(20, 2000))
            ),
            description=_l("Se le pide al usuario y el término se suspende hasta que la entregue."),
        ),
    )


#: What the button of the form says where the case leaves.
_BOTONES = ((FALTA, _l("Pedir la información")), (OTRA_AREA, _l("Pasar a esa área")))


def _otras_areas(contexto: Contexto) -> list[tuple[str, str]]:
    return [
        (a.codigo, a.nombre)
        for a in puntos.areas(contexto.session)
        if a.codigo != contexto.item.scope
    ]


class _Analisis(TareaForm):
    resultado_analisis = c.OpcionField(
        _l("Después de leer el caso"),
        c.exige(_l("Elija qué sigue con el caso")),
        choices=[
            (SIGUE, _l("Es de mi área y está completo")),
            (OTRA_AREA, _l("Es de otra área")),
            (FALTA, _l("Falta información del usuario")),
        ],
    )
    area_destino, motivo_area, confirma_area, informacion_faltante = _salidas()


def _sigue(w: Writing) -> Data:
    """Who does one of the three activities keeps the case for the next."""
    return {"funcionario_id": acto_de(w).quien}


def _sale(w: Writing) -> None:
    """What was written goes with the row of the exit: why another area, what is asked of the
    citizen."""
    caso_id, acto = entero(w.data, "caso_id"), acto_de(w)
    if texto(w.values, RESULTADO) == OTRA_AREA:
        escalonamientos.reasignar(
            w.session,
            caso_id,
            acto,
            area_destino=texto(w.values, "area_destino"),
            motivo=texto(w.values, "motivo_area"),
        )
    elif texto(w.values, RESULTADO) == FALTA:
        escalonamientos.requerir(w.session, caso_id, texto(w.values, "informacion_faltante"), acto)


def _recibir(w: Writing) -> Data:
    if texto(w.values, RESULTADO) == SIGUE:
        escalonamientos.recibir(w.session, entero(w.data, "caso_id"), acto_de(w))
    else:
        archivos.registrar_archivo(w.session, w.values.get("soporte"), acto_de(w))
    _sale(w)
    return _sigue(w)


def _salido(contexto: Contexto, valores: Data) -> str:
    """ "" of who keeps the case: their next task says it."""
    caso = texto(contexto.datos, "radicado")
    if valores.get(RESULTADO) == FALTA:
        return str(_("Le pedimos a la persona la información que falta del caso %(c)s.", c=caso))
    if valores.get(RESULTADO) != OTRA_AREA:
        return ""
    area, ahora = (
        texto(valores, "area_destino"),
        escalonamientos.actual(contexto.session, entero(contexto.datos, "caso_id")).area_id,
    )
    if area == ahora:
        return str(_("Pasó el caso %(c)s a %(a)s.", c=caso, a=palabras.area(area)))
    pedida = {"c": caso, "a": palabras.area(area)}
    return str(
        _(
            "Pidió pasar el caso %(c)s a %(a)s. Ya cambió de área dos veces: decide el coordinador.",
            **pedida,
        )
    )


#: What of 5.2.17 waits for whoever comes back to it.
LO_ESCRITO = ("hallazgos", "fuentes", "otra_fuente", "accion_correctiva")


class _Hallado(TareaForm):
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
        _l("Cuál otra fuente"),
        c.cuando("fuentes", OTRA, c.exige(_l("Escriba cuál otra fuente consultó"), c.hasta(300))),
    )
    accion_correctiva = c.TextoField(_l("Acción correctiva"), c.opcional(c.hasta(500)))
    soporte = c.ArchivoField(_l("Soporte"), description=_l("PDF, JPG o PNG, hasta 10 MB"))

    def preparar(self, contexto: Contexto) -> None:  # noqa: ARG002 – that of every form
        """A draft of before the boxes has its sources as one text: it becomes the other source, to
        be told apart by its writer."""
        conocidas = {codigo for codigo, _nombre in self.fuentes.choices}
        sueltas = [dicha for dicha in self.fuentes.data or [] if dicha not in conocidas]
        if sueltas:
            self.fuentes.data = [*(d for d in self.fuentes.data if d in conocidas), OTRA]
            self.otra_fuente.data = self.otra_fuente.data or ", ".join(sueltas)


class Recibir(_Analisis, _Hallado):
    """5.2.16 with 5.2.17 below it: who receives the case and has looked into it sends both."""

    segunda = (*LO_ESCRITO, "soporte")
    salidas = _BOTONES
    otras_fuentes = False  #: than those that answered in the visit

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        self.area_destino.choices = _otras_areas(contexto)
        dichas = set(self.fuentes.data or ())
        if dichas:
            self.otras_fuentes = not dichas <= set(lista(_consultadas(contexto), "fuentes"))

    def continua(self) -> bool:
        return self.resultado_analisis.data not in (OTRA_AREA, FALTA) and self._empezada()

    def _empezada(self) -> bool:
        """Sources of the visit alone are none: they come ticked."""
        escritas = (self[nombre].data for nombre in self.segunda if nombre != "fuentes")
        return any(escritas) or self.otras_fuentes or self.soporte.conservado is not None

    def ajenos(self) -> Sequence[str]:
        """What was written waits with a case that leaves, for whoever receives it again."""
        sale = self.resultado_analisis.data in (OTRA_AREA, FALTA)
        return () if sale and self._empezada() else self.segunda

    def validate(self, extra_validators: Any = None) -> bool:
        """Of who has not investigated yet, or sends the case on, only 5.2.16 is asked for."""
        valido: bool = super().validate(extra_validators)
        return valido if self.continua() else self.solo(RESULTADO, *DE_LA_SALIDA)


class Investigar(_Hallado):
    resultado_analisis = c.OpcionField(
        _l("Después de investigar"),
        c.exige(_l("Elija qué sigue con el caso")),
        choices=[
            (SIGUE, _l("Hay información suficiente para responder")),
            (FALTA, _l("Falta información del usuario")),
            (OTRA_AREA, _l("Es de otra área")),
        ],
    )
    area_destino, motivo_area, confirma_area, informacion_faltante = _salidas()

    @property
    def salidas(self) -> Sequence[tuple[str, Any]]:
        return _BOTONES if RESULTADO in self else ()

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        self._con_salidas(contexto)

    def _con_salidas(self, contexto: Contexto) -> None:
        """A case that began with a diagram in which 5.2.17 has one way on keeps it."""
        if all(campo.name != RESULTADO for campo in contexto.elemento.fields):
            for nombre in (RESULTADO, *DE_LA_SALIDA):
                del self[nombre]
            return
        # a draft of before the ways says nothing of them
        self.resultado_analisis.data = self.resultado_analisis.data or SIGUE
        if self.resultado_analisis.data == OTRA_AREA:
            self.area_destino.choices = _otras_areas(contexto)

    def leer(self) -> None:
        if RESULTADO in self:
            self.area_destino.choices = _otras_areas(self.contexto)

    def validate(self, extra_validators: Any = None) -> bool:
        """Who cannot finish leaves what is written as it is: only the way out is asked for."""
        valido: bool = super().validate(extra_validators)
        if RESULTADO in self and self.resultado_analisis.data in (OTRA_AREA, FALTA):
            return self.solo(RESULTADO, *DE_LA_SALIDA)
        return valido


def _conocido(contexto: Contexto) -> Data:
    """What was written before the case left by a way out; else the sources that the visit tells."""
    return {**_por_escribir(contexto), RESULTADO: SIGUE}


def _por_escribir(contexto: Contexto) -> Data:
    return _lo_escrito(contexto) or _consultadas(contexto)


def _lo_escrito(contexto: Contexto) -> Data:
    """After the citizen's answer for whoever goes on; after another area for who wrote it: the
    others read it beside the form."""
    envios = reads.history.submissions(contexto.session, contexto.item.case_key)
    todos = [e for e in envios if "hallazgos" in (e.values or {})]
    if not todos or _resultado(todos[-1]) == SIGUE:
        return {}
    suyos = (
        todos
        if _resultado(todos[-1]) == FALTA
        else [e for e in todos if e.actor_id == contexto.actor.id]
    )
    return {nombre: (suyos[-1].values or {}).get(nombre) for nombre in LO_ESCRITO} if suyos else {}


def _resultado(envio: Submission) -> str:
    return texto(envio.values or {}, RESULTADO) or SIGUE


def _consultadas(contexto: Contexto) -> Data:
    """Of the systems asked during the visit, those that gave data."""
    caso_id = opcional(contexto.datos, "caso_id")
    if caso_id is None:
        return {}
    caso = consultas.obtener(contexto.session, Caso, caso_id)
    respondieron = {
        c.sistema for c in consultas_de_la_visita(contexto.session, caso) if c.estado == "ok"
    }
    return {"fuentes": [s.codigo for s in SISTEMAS if s.codigo in respondieron]}


def _fuentes(w: Writing) -> str:
    """ "C&CTEX, Expediente, Archivo central": as the records keep them, in the order of the
    form."""
    nombres: dict[str, Any] = {
        **{s.codigo: s.nombre for s in SISTEMAS},
        **FUENTES,
        OTRA: texto(w.values, "otra_fuente"),
    }
    return ", ".join(
        str(nombre) for codigo, nombre in nombres.items() if codigo in lista(w.values, "fuentes")
    )


def _investigar(w: Writing) -> Data:
    """What was found; or, when the case leaves, only the file and where the case comes back to."""
    acto = acto_de(w)
    archivo_id = archivos.registrar_archivo(w.session, w.values.get("soporte"), acto)
    if texto(w.values, RESULTADO) in (OTRA_AREA, FALTA):
        _sale(w)
        return {**_sigue(w), "actividad_interrumpida": "act_5_2_17"}
    nueva = escalonamientos.NuevaInvestigacion(
        hallazgos=texto(w.values, "hallazgos"),
        fuentes=_fuentes(w),
        accion_correctiva=texto(w.values, "accion_correctiva"),
        archivo_id=archivo_id,
    )
    escalonamientos.investigar(w.session, entero(w.data, "caso_id"), nueva, acto)
    return _sigue(w)


class Documentar(TareaForm):
    respuesta_tecnica = c.ParrafoField(
        _l("Respuesta técnica"),
        c.exige(_l("Escriba la respuesta con al menos 20 letras"), c.largo(20, 4000)),
        description=_l(
            "El asesor la convierte en la respuesta para la persona; si llegó por escrito, quien la firma."
        ),
    )
    favorable = c.OpcionField(
        _l("¿Es favorable para la persona?"),
        c.exige(_l("Diga si la respuesta es favorable")),
        choices=[("si", _l("Sí")), ("parcial", _l("En parte")), ("no", _l("No"))],
    )
    soporte = c.ArchivoField(_l("Soporte"), description=_l("PDF, JPG o PNG, hasta 10 MB"))

    def principal(self) -> tuple[Any, str, str]:
        return (
            (_("Enviar a firma") if _por_escrito(self.contexto) else _("Enviar al asesor")),
            "_accion",
            "completar",
        )


def _por_escrito(contexto: Contexto) -> bool:
    """The answer is signed and sent by M5-1-04, not by an adviser."""
    return contexto.datos.get("canal") == CANAL


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
    dicho = {"c": texto(contexto.datos, "radicado")}
    if _por_escrito(contexto):
        return str(_("Envió a firma la respuesta del caso %(c)s.", **dicho))
    return str(_("Envió al asesor la respuesta del caso %(c)s.", **dicho))


#: What follows the two ways, in the words of both forms.
DESPUES_DE_SALIR = {
    OTRA_AREA: (
        _l("Es de otra área"),
        _l(
            "esa área recibe el caso en 5.2.16 con un aviso; los plazos no cambian. A la tercera vez decide el coordinador."
        ),
    ),
    FALTA: (
        _l("Falta información del usuario"),
        _l(
            "se le escribe a la persona y el plazo queda suspendido hasta que responda, máximo un mes; luego vuelve a su área."
        ),
    ),
}

FORMS: Mapping[str, FormSpec] = {
    "funcionario.recibir": FormSpec(
        Recibir,
        _recibir,
        _por_escribir,
        cuerpo="tareas/_dos_partes.html",
        boton=_l("Registrar y seguir"),
        sigue="funcionario.investigar",
        despues=Despues(
            RESULTADO,
            {
                SIGUE: (
                    _l("Es de mi área y está completo"),
                    _l(
                        "la sigue usted, con el mismo plazo: 5.2.18 si ya la investigó, 5.2.17 si no."
                    ),
                ),
                **DESPUES_DE_SALIR,
            },
        ),
        hecho=_salido,
    ),
    "funcionario.investigar": FormSpec(
        Investigar,
        _investigar,
        _conocido,
        boton=_l("Terminar y documentar"),
        despues=Despues(
            RESULTADO,
            {
                SIGUE: (
                    _l("Hay información suficiente para responder"),
                    _l(
                        "5.2.18 Documentar y suministrar información: la sigue usted, con el mismo plazo."
                    ),
                ),
                OTRA_AREA: DESPUES_DE_SALIR[OTRA_AREA],
                FALTA: (
                    DESPUES_DE_SALIR[FALTA][0],
                    _l(
                        "se le escribe a la persona y el plazo queda suspendido hasta que responda, máximo un mes; luego vuelve a usted."
                    ),
                ),
            },
        ),
        hecho=_salido,
    ),
    "funcionario.documentar": FormSpec(
        Documentar,
        _documentar,
        boton=_l("Enviar al asesor"),
        despues=_l(
            "El asesor que escaló el caso recibe la respuesta con un aviso; si está ausente, su punto. Lo escrito pasa a firma."
        ),
        hecho=_documentado,
    ),
}
