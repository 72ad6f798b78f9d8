"""Letters of a package: what they may name, and how they leave by mail."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from typing import Protocol

from sqlalchemy.orm import Session

from engine.types import Call
from engine.types import Data
from engine.types import InputRule
from engine.types import Told
from engine.types import Value
from handlers.acciones.palabras import en_palabras
from records import archivos
from records import avisos
from records import direcciones
from records import registro
from records.avisos import NuevoAviso
from records.rules import cartas

DE_TODO_CASO: Final = ("numero", "asunto", "nombre", "lugar", "vence", "consulta", "hoy")  #: what `lo_que_se_sabe` adds
CARTA = InputRule(
    "carta",
    "Carta",
    "letter",
    hint="Del paquete, sin el idioma ni la terminación: permiso/cartas/aprobado.",
    ending=".es.txt",
    words=DE_TODO_CASO,
)
#: What the engine calls a part of a case → as a letter does.
PARTES: Final = {"subject": "asunto", "name": "nombre", "place": "lugar"}
NADA: Final[Mapping[str, Told]] = {}


class Preguntado(Protocol):
    """What a local and a remote handler are given alike."""

    @property
    def now(self) -> dt.datetime: ...
    @property
    def case_key(self) -> str: ...
    @property
    def instance_id(self) -> str: ...
    @property
    def data(self) -> Data: ...
    @property
    def inputs(self) -> Data: ...
    @property
    def written(self) -> Callable[[], Data]: ...
    @property
    def part(self) -> Callable[[str], str | None]: ...


def texto(call: Preguntado, nombre: str) -> str:
    valor = call.inputs.get(nombre)
    return "" if valor is None else str(valor).strip()


def lo_que_se_sabe(session: Session, call: Preguntado, dicho_ahora: Mapping[str, Told] = NADA) -> dict[str, str]:
    """What a letter may name: variables, what people wrote, and what the register knows of the case, or will when the command ends."""
    sabido: dict[str, Value] = {**call.data, **call.written()}
    dicho = {nombre: en_palabras(valor) for nombre, valor in sabido.items()}
    ficha = registro.ficha(session, call.case_key)
    if ficha is not None:
        del_caso = {"numero": ficha.numero, "asunto": ficha.de_que, "nombre": ficha.nombre, "lugar": ficha.en_lugar}
        del_caso |= {PARTES[parte]: de_ahora.shown for parte, de_ahora in dicho_ahora.items() if parte in PARTES}
        dicho |= {clave: valor for clave, valor in del_caso.items() if valor}
        dicho |= {"vence": cartas.dia(ficha.vence)} if ficha.vence is not None else {}
    return dicho | {"consulta": f"{avisos.SITIO}/consulta", "hoy": cartas.dia(call.now)}


def molde_de(call: Preguntado) -> str:
    nombre = texto(call, "carta")
    molde = call.part(f"{nombre}{CARTA.ending}")
    if molde is None:
        raise LookupError(f"{nombre}{CARTA.ending} is in no package of release of {call.instance_id}")
    return molde


def carta_de(call: Call) -> tuple[str, str]:
    """Subject and text of the letter of the package, filled. Raises SinValor for one that names what the case does not know."""
    return cartas.llenar(molde_de(call), lo_que_se_sabe(call.session, call, call.told()))


def enviar(call: Call) -> Data | None:
    """To the person of the case. An address that gave mails back, or none: a duty on the page of the case, as everywhere."""
    carta, para, lleva = carta_de(call), _direccion(call), _adjunto(call)
    dudosa = bool(para) and direcciones.estado(call.session, para).dudosa
    sin_correo = avisos.CORREO_DUDOSO if dudosa else avisos.SIN_CORREO
    nuevo = NuevoAviso("", avisos.CARTA, "" if dudosa else para, *carta, adjuntos=lleva)
    clave = _avisar(call, nuevo, sin_correo)
    if not nuevo.para and _anonima(call):
        avisos.marcar_enviado(call.session, clave, now=call.now)  # nobody knows where to send it: it is read where the case is followed
    return None


def _anonima(call: Call) -> bool:
    """Nobody gave a name for the case: in this very command, or before."""
    dicho, ficha = call.told().get("anonymous"), registro.ficha(call.session, call.case_key)
    return dicho.value is True if dicho is not None else ficha is not None and ficha.anonima


def _direccion(call: Call) -> str:
    """That of the field that is named, else of the case: as this command told it, or as the register knows it."""
    if campo := texto(call, "para"):
        return str({**call.data, **call.written()}.get(campo) or "").strip()
    if (de_ahora := call.told().get("email")) is not None:
        return de_ahora.shown.strip()
    ficha = registro.ficha(call.session, call.case_key)
    return ficha.correo if ficha is not None else ""


def _adjunto(call: Call) -> tuple[str, ...]:
    """The document of this case that the field or variable names; nothing when it holds none. LookupError: it may not leave, or is none."""
    if not (nombre := texto(call, "adjunto")):
        return ()
    valor = {**call.data, **call.written()}.get(nombre)
    sha256 = valor.get("sha256") if isinstance(valor, Mapping) else valor
    if not sha256:
        return ()
    if not archivos.puede_salir(call.session, call.case_key, str(sha256)):
        raise LookupError(f"{nombre}: no document of this case that may leave with a letter")
    return (str(sha256),)


def avisar(call: Call) -> Data | None:
    """To each who holds the role now, for that place or everywhere."""
    carta, lugar = carta_de(call), texto(call, "lugar") or None
    for para in avisos.correos_de_rol(call.session, texto(call, "rol"), call.now, lugar) or [""]:
        _avisar(call, NuevoAviso("", avisos.CARTA_EQUIPO, para, *carta), "nadie con este rol tiene correo")
    return None


def _avisar(call: Call, nuevo: NuevoAviso, sin_correo: str) -> str:
    """One letter to an address for each passage of the task, however often it is tried; the name under which it is kept."""
    orden = avisos.DesdeOrden(call.session, call.now, call.enqueue, call.case_key, call.instance_id)
    clave = f"carta:{call.task_id}:{avisos.huella(nuevo.para)}"
    avisos.avisar(orden, replace(nuevo, clave=clave), sin_correo)
    return clave
