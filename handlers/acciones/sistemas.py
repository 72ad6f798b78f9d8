"""`sistema.consultar`: asks a connected system for what it holds of the person of the case.

Whoever drew the step cannot get around the reserve of data: it asks only where somebody of the
agency confirmed in a form of the case who the person is, about the document of the case and of
nobody else, and who confirmed it answers for the question.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from common.language import joined, kept, marked, said
from engine import reads
from engine.errors import BusinessError, GiveUp, OutsideFailure
from engine.states import ActorKind
from engine.types import ActionSpec, Data, InputRule, RemoteCall, Shown, Trial, Value
from handlers.acciones.cartas import Preguntado, texto
from handlers.acciones.pedido import CAUSAS, de_donde, leer
from handlers.conectores.guarda import Guarda, Resultado
from handlers.conectores.tipos import Documento, PreguntaDeCaso
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.reglas.documentos import TIPOS, tipo_de, validar_documento
from records.casos import registro
from records.cuentas import cuentas
from records.personas import personas
from records.sistemas import legado
from records.sistemas.puertos import Causa

ERR_SISTEMA: Final = "ERR_SISTEMA"
CEDULA: Final = "CC"
#: What a form says where somebody of the agency confirmed who the person is: a box that is ticked,
#: or a choice.
CONFIRMADO: Final[tuple[Value, ...]] = (True, "si", "yes", "verificada")
_DINERO: Final = re.compile(r"-?[0-9]{1,13}\.[0-9]{1,6}")
#: Asking again is of no use.
QUEDAN: Final = frozenset({Causa.NO_PERMITIDO, Causa.RECHAZADO, Causa.ILEGIBLE, Causa.REGISTRO})


def accion(guardas: Iterable[Guarda]) -> ActionSpec:
    """What the panel asks: the systems are those that this installation has connected."""
    lista = tuple((g.sistema.codigo, g.sistema.nombre) for g in guardas)
    return ActionSpec(
        marked("Consultar un sistema conectado"),
        (
            InputRule("sistema", marked("Sistema"), "choice", options=lista),
            InputRule("numero", marked("Campo con el número de documento"), "name"),
            InputRule(
                *("tipo", marked("Campo con el tipo de documento"), "name"),
                required=False,
                hint=marked("Si falta, el que dice el caso; si no lo dice, una cédula (CC)."),
            ),
            InputRule(
                *("verificada", marked("Campo con que se confirma quién es"), "name"),
                hint=marked(
                    "Un Sí de alguien de la entidad, en una tarea anterior. Sin él no se consulta."
                ),
            ),
            InputRule(
                *("obligacion", marked("Campo con el número del producto"), "name"),
                required=False,
                hint=marked("Solo este; si falta, todos los de la persona."),
            ),
            InputRule(
                *("respuesta", marked("De dónde sale cada variable"), "pointers"),
                required=False,
                hint=marked(
                    "Variable = lugar: saldo = /filas/0/saldo, cuantos = /cuantas, al = /corte. Con ? puede faltar."
                ),
            ),
            InputRule(
                *("estado", marked("Variable en que se dice cómo le fue"), "output"),
                required=False,
                hint=marked(
                    "ok, sin_datos o no_disponible. Si falta: error ERR_SISTEMA si no hay datos, incidente si no responde."
                ),
            ),
        ),
        typed=True,
    )


@dataclass(frozen=True, slots=True)
class Sistemas:
    """`guardas`: by code, of the systems that are connected."""

    sesiones: Callable[[], Session]
    guardas: Mapping[str, Guarda]

    def consultar(self, call: RemoteCall) -> Data:
        """No data, or no answer, is what `estado` says where the task takes it; else an error to be
        caught, or an incident."""
        quiere = de_donde(texto(call, "respuesta"))
        guarda = self.guarda(call)
        with self.sesiones() as session:
            ficha = registro.ficha(session, call.case_key)
            doc = _documento(
                call,
                lambda campo: _valor(session, call, campo),
                (ficha.tipo_doc if ficha is not None else "") or CEDULA,
            )
            quien = _quien_confirma(session, call)
            persona_id = personas.id_de_persona(session, doc.tipo, doc.numero)
            servicio = str(_valor(session, call, texto(call, "obligacion")) or "").strip() or None
        pregunta = PreguntaDeCaso(doc, call.case_key, quien, call.now, persona_id, servicio)
        dicho = guarda.consultar_en_caso(pregunta)
        with self.sesiones() as session, session.begin():
            acto = Acto(quien, call.now, call.case_key, call.instance_id)
            legado.guardar_de_paso(
                session, dicho.lectura(guarda.sistema.codigo), call.key, persona_id, acto
            )
        variable = texto(call, "estado")
        if dicho.estado == "ok":
            return {
                **leer(_como_json(dicho), quiere),
                **({variable: dicho.estado} if variable else {}),
            }
        if variable:
            return {**{cada.variable: None for cada in quiere}, variable: dicho.estado}
        raise _falta(guarda, dicho)

    def guarda(self, call: Preguntado) -> Guarda:
        codigo = texto(call, "sistema")
        if codigo not in self.guardas:
            raise GiveUp(
                kept("«%(s)s» no está conectado en esta instalación", s=codigo), "not_listed"
            )
        return self.guardas[codigo]

    def ensayar(self, ensayo: Trial) -> Shown:
        """Nobody is asked: it says who would be, about whom, and what would come of it."""
        guarda, valores = self.guarda(ensayo), {**ensayo.written(), **ensayo.data}
        doc = _documento(ensayo, valores.get)
        if valores.get(texto(ensayo, "verificada")) not in CONFIRMADO:
            raise GiveUp(_sin_confirmar(ensayo), "not_allowed")
        salen = [cada.variable for cada in de_donde(texto(ensayo, "respuesta"))]
        solo = str(valores.get(texto(ensayo, "obligacion")) or "").strip()
        return Shown((
            (said("Se consultaría"), said(guarda.sistema.nombre)),
            (said("Sobre quién"), f"{said(TIPOS[doc.tipo][0])} {doc.numero}"),
            *(((said("Solo el producto"), solo),) if solo else ()),
            *(((said("De la respuesta saldrían"), ", ".join(salen)),) if salen else ()),
        ))  # fmt: skip


def _valor(session: Session, call: RemoteCall, campo: str) -> Value:
    """Of the variable, else as it was last written in a form of the case: a choice by its code."""
    if not campo:
        return None
    if (valor := call.data.get(campo)) is not None:
        return valor
    escrito = reads.history.last_word(session, call.case_key, campo)
    return escrito.value if escrito is not None else None


def _documento(
    call: Preguntado, valor: Callable[[str], Value], si_falta: str = CEDULA
) -> Documento:
    """GiveUp, in words: forms may hold anything."""
    campo = texto(call, "tipo")
    tipo = tipo_de(str(valor(campo) or "")) if campo else si_falta
    numero = str(valor(texto(call, "numero")) or "")
    if not numero.strip():
        raise GiveUp(kept("falta «%(a)s»", a=texto(call, "numero")), "unexpected_data")
    try:
        return Documento(tipo, validar_documento(tipo, numero))
    except DatoInvalido as error:
        raise GiveUp(
            kept("no es un documento que se pueda consultar: %(p)s", p=str(error)),
            "unexpected_data",
        ) from error


def _quien_confirma(session: Session, call: RemoteCall) -> str:
    """The account of the agency that said so last. What a citizen, a device or a program says of it
    counts for nothing."""
    dicho = reads.history.last_word(session, call.case_key, texto(call, "verificada"))
    de_la_entidad = (
        dicho is not None
        and dicho.actor_kind == ActorKind.PERSON
        and bool(cuentas.cuentas_llamadas(session, [dicho.actor_id]))
    )
    if dicho is None or not de_la_entidad or dicho.value not in CONFIRMADO:
        raise GiveUp(_sin_confirmar(call), "not_allowed")
    return dicho.actor_id


def _sin_confirmar(call: Preguntado) -> str:
    return kept(
        "nadie de la entidad confirmó en «%(c)s» quién es la persona", c=texto(call, "verificada")
    )


def _falta(guarda: Guarda, dicho: Resultado) -> Exception:
    nombre = guarda.sistema.nombre
    if dicho.estado == "sin_datos":
        return BusinessError(ERR_SISTEMA, kept("%(s)s no tiene nada de esta persona", s=nombre))
    causa = dicho.causa or Causa.OTRA
    por_que = joined(": ", (nombre, dicho.detalle))
    return (
        GiveUp(por_que, CAUSAS[causa])
        if causa in QUEDAN
        else OutsideFailure(CAUSAS[causa], por_que)
    )


def _como_json(dicho: Resultado) -> bytes:
    """What the places of a variable are looked for in."""
    filas = [{columna: _cifra(celda) for columna, celda in fila.items()} for fila in dicho.filas]
    corte = dicho.fecha_corte.isoformat() if dicho.fecha_corte is not None else None
    return json.dumps({"cuantas": len(filas), "corte": corte, "filas": filas}).encode()


def _cifra(celda: Value) -> Value:
    """Money comes as a text with its cents, and diagrams count with it; a code has none."""
    return float(celda) if isinstance(celda, str) and _DINERO.fullmatch(celda) else celda
