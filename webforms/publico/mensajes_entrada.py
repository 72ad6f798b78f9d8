"""Where other systems deliver what a case waits for: signed, of now, once. A machine comes here, so
nothing is a page."""

import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.errors import Conflict, InstanceNotActive, InvalidValues, NotAllowed
from engine.states import ActorKind
from engine.types import Actor, Writing
from records.base.actos import acto_de
from records.base.errores import Rechazo
from records.base.reglas.huellas import sha256
from records.casos import mensajes as llamadas, registro
from records.casos.mensajes import Llamada
from records.sistemas.puertos import FirmaInvalida, SistemaQueAvisa
from webforms.base.entrada import se_guarda
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.tareas import mensajes, tramites
from webforms.tareas.mensajes import Esperado

log = logging.getLogger(__name__)

rutas = Rutas()

TOPE: Final = 64 * 1024  #: bytes of a message
NADIE_ESPERA: Final = "ningún caso espera ese mensaje de este sistema"


class MensajeInvalido(ValueError):
    """What the call says cannot be read; its text is for whoever wrote the other system."""


@dataclass(frozen=True, slots=True)
class Dicho:
    """`numero` of the case, or `clave`: the value that joins both sides. Without either it begins a
    process."""

    mensaje: str
    numero: str
    clave: str
    datos: Mapping[str, str]


# a machine: its signature is looked at there
@rutas.post("/mensajes/<sistema>", para=PUBLICO)
def recibir(sistema: str) -> ResponseReturnValue:
    """Nothing of the content is looked at before its signature; whoever is refused is not told
    why."""
    s, now = servicios(), servicios().clock.now()
    cuerpo = request.stream.read(TOPE + 1)
    if len(cuerpo) > TOPE:
        return {"error": f"el mensaje pasa de {TOPE} bytes"}, 413
    quien = next((uno for uno in s.mensajes if uno.codigo == sistema), None)
    nombre = ""
    if quien is not None:
        with contextlib.suppress(FirmaInvalida):
            nombre = quien.verificar(dict(request.headers), cuerpo, now)
    if quien is None or not nombre:
        log.warning(
            "a call was refused: %s", quien.codigo if quien is not None else "of no known system"
        )
        return {"error": "no autorizado"}, 401
    try:
        dicho = _leer(cuerpo)
    except MensajeInvalido as error:
        return {"error": str(error)}, 422
    llamada = Llamada(quien.codigo, nombre, sha256(cuerpo), dicho.mensaje)
    return _ya_vino(llamada) or _entregar(quien, llamada, dicho)


def _ya_vino(llamada: Llamada) -> ResponseReturnValue | None:
    """None: no call of this name was taken."""
    with servicios().uow.reading() as session:
        antes = llamadas.repetida(session, llamada)
    if antes is None:
        return None
    return (
        ({"entregado": True, "repetido": True}, 200)
        if antes
        else ({"error": "ese webhook-id ya vino con otro contenido"}, 409)
    )


def _entregar(quien: SistemaQueAvisa, llamada: Llamada, dicho: Dicho) -> ResponseReturnValue:
    actor = Actor(ActorKind.DEVICE, quien.codigo)
    with servicios().uow.reading() as session:
        esperado = _esperado(session, dicho) if dicho.mensaje in quien.mensajes else None
        if esperado is None and dicho.mensaje in quien.mensajes and not dicho.numero:
            return _empezar(session, actor, llamada, dicho)
        if esperado is None:
            return {"error": NADIE_ESPERA}, 404
        hecha = mensajes.entrega(session, esperado, actor, MultiDict(dicho.datos), csrf=False)
        if not hecha.form.validate():
            return _por_corregir(hecha.form)

    def anotar(w: Writing) -> None:
        llamadas.recibir(w.session, llamada, acto_de(w))

    try:
        mensajes.entregar(hecha, por_sistema=True, ademas=anotar)
    except IntegrityError:
        if (a_la_vez := _ya_vino(llamada)) is None:
            raise
        return a_la_vez
    except (Conflict, InstanceNotActive):
        return _ya_vino(llamada) or ({"error": "el caso ya no lo espera"}, 409)
    except (InvalidValues, Rechazo, NotAllowed) as falla:
        return {"error": str(falla)}, 422
    return {"entregado": True}, 202


def _empezar(session: Session, actor: Actor, llamada: Llamada, dicho: Dicho) -> ResponseReturnValue:
    """No case waits for it: a process may begin with it. The same `clave`, or what the form says of
    it, is the same case."""
    tramite = tramites.por_un_sistema(session, dicho.mensaje)
    if tramite is None:
        return (
            ({"error": NADIE_ESPERA}, 404)
            if dicho.clave
            else ({"error": "falta numero o clave: uno de los dos"}, 422)
        )
    pedida = tramites.solicitud(session, tramite, actor, MultiDict(dicho.datos), csrf=False)
    if not pedida.form.validate():
        return _por_corregir(pedida.form)

    def anotar(w: Writing) -> None:
        llamadas.recibir(w.session, llamada, acto_de(w))

    try:
        empezado = tramites.iniciar_por_mensaje(
            pedida,
            dicho.clave or f"{llamada.sistema}:{sha256(llamada.mensaje_id.encode())[:24]}",
            por_sistema=True,
            ademas=anotar,
        )
    except IntegrityError:
        if (a_la_vez := _ya_vino(llamada)) is None:
            raise
        return a_la_vez
    except (InvalidValues, Rechazo, NotAllowed) as falla:
        return {"error": str(falla)}, 422
    with servicios().uow.reading() as despues:
        ficha = registro.ficha(despues, empezado.case_key)
    respuesta: dict[str, Any] = {
        "entregado": True,
        "numero": ficha.numero if ficha is not None else "",
    }
    return (respuesta | {"repetido": True}, 200) if empezado.duplicate else (respuesta, 202)


def _por_corregir(form: TareaForm) -> ResponseReturnValue:
    return {
        "error": "hay datos que corregir",
        "datos": {campo.name: str(campo.errors[0]) for campo in form if campo.errors},
    }, 422


def _esperado(session: Session, dicho: Dicho) -> Esperado | None:
    """The oldest wait of the case, or for the key, that a system may end."""
    if not dicho.numero and not dicho.clave:
        return None
    case_key = llamadas.caso_de(session, dicho.numero) if dicho.numero else None
    if dicho.numero and case_key is None:
        return None
    esperas = reads.operation.awaited(
        session, message=dicho.mensaje, case_key=case_key, key=dicho.clave or None
    )
    return next((e for e in mensajes.con_elemento(session, esperas) if e.por_sistema), None)


def _leer(cuerpo: bytes) -> Dicho:
    try:
        dicho: Any = json.loads(cuerpo)
    except (ValueError, RecursionError) as error:
        raise MensajeInvalido("el contenido no es JSON") from error
    if not isinstance(dicho, dict) or set(dicho) - {"mensaje", "numero", "clave", "datos"}:
        raise MensajeInvalido("se espera un objeto con mensaje, numero o clave, y datos")
    mensaje, numero, clave = (_texto(dicho, nombre) for nombre in ("mensaje", "numero", "clave"))
    if not mensaje or (numero and clave):
        raise MensajeInvalido(
            "falta mensaje; y de numero y clave va uno solo, o ninguno si empieza un caso"
        )
    datos = dicho.get("datos", {})
    if not isinstance(datos, dict):
        raise MensajeInvalido("datos: se espera un objeto")
    return Dicho(
        mensaje,
        numero,
        clave,
        {nombre: _dato(nombre, valor) for nombre, valor in datos.items() if valor is not None},
    )


def _texto(dicho: Mapping[str, Any], nombre: str) -> str:
    valor = dicho.get(nombre, "")
    if not isinstance(valor, str) or not se_guarda(valor):
        raise MensajeInvalido(f"{nombre}: se espera un texto")
    return valor.strip()[:200]


def _dato(nombre: str, valor: Any) -> str:
    """As the form of the message would have it typed; its own checks say what is wrong with it."""
    if isinstance(valor, bool):
        return "si" if valor else "no"
    if isinstance(valor, int | float):
        return str(valor).replace(".", ",")
    if isinstance(valor, str) and se_guarda(valor) and se_guarda(nombre):
        return valor
    raise MensajeInvalido(f"datos: «{nombre[:60]}» no es un texto, un número, ni sí o no")
