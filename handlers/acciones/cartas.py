"""Letters of a package: what they may name, and how they leave by mail."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from sqlalchemy.orm import Session

from common.language import SPANISH, language, marked, speaking
from engine.types import Call, Data, InputRule, Told, Value
from handlers.acciones.palabras import en_palabras
from records.base.reglas.entidad import Entidad
from records.casos import archivos, registro
from records.correo import avisos, direcciones
from records.correo.avisos import NuevoAviso
from records.correo.reglas import cartas
from records.correo.reglas.moldes import TERMINA
from records.paquetes.reglas import traducciones

#: What `lo_que_se_sabe` adds, and what the agency is called, which `records.correo.reglas.cartas` knows.
DE_TODO_CASO: Final = (
    "numero",
    "asunto",
    "nombre",
    "lugar",
    "vence",
    "consulta",
    "hoy",
    *Entidad().valores(),
)
CARTA = InputRule(
    "carta",
    marked("Carta"),
    "letter",
    hint=marked("Del paquete, sin el idioma ni la terminación: permiso/cartas/aprobado."),
    ending=TERMINA,
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


def lo_que_se_sabe(
    session: Session, call: Preguntado, dicho_ahora: Mapping[str, Told] = NADA
) -> dict[str, str]:
    """What a letter may name: variables, what people wrote, and what the register knows of the
    case, or will when the command ends. In the language that is spoken; the words of a choice as
    the package translates them."""
    sabido: dict[str, Value] = {**call.data, **call.written()}
    rotulos = _rotulos(call)
    dicho = {
        nombre: rotulos.get(dicha, dicha)
        for nombre, valor in sabido.items()
        for dicha in (en_palabras(valor),)
    }
    ficha = registro.ficha(session, call.case_key)
    if ficha is not None:
        del_caso = {
            "numero": ficha.numero,
            "asunto": ficha.de_que,
            "nombre": ficha.nombre,
            "lugar": ficha.en_lugar,
        }
        del_caso |= {
            PARTES[parte]: de_ahora.shown
            for parte, de_ahora in dicho_ahora.items()
            if parte in PARTES
        }
        dicho |= {clave: valor for clave, valor in del_caso.items() if valor}
        dicho |= {"vence": cartas.dia(ficha.vence)} if ficha.vence is not None else {}
    return dicho | {"consulta": f"{avisos.SITIO}/consulta", "hoy": cartas.dia(call.now)}


def _rotulos(call: Preguntado) -> Mapping[str, str]:
    if language() == SPANISH:
        return {}
    suyos = call.part(traducciones.archivo(texto(call, "carta").partition("/")[0], language()))
    return traducciones.leer(suyos.encode())[0] if suyos is not None else {}


def lengua_de(session: Session, call: Preguntado) -> str:
    """In which the person of the case is written to: the one they used when they began it, where
    the package has the letter in it."""
    suya = str(call.data.get("idioma") or "") or avisos.idioma_del_caso(session, call.case_key)
    return suya if call.part(archivo_de(texto(call, "carta"), suya)) is not None else SPANISH


def archivo_de(carta: str, lengua: str) -> str:
    return f"{carta}.{lengua}.txt"


def molde_de(call: Preguntado) -> str:
    """In the language that is spoken, else in Spanish."""
    nombre = texto(call, "carta")
    molde = call.part(archivo_de(nombre, language())) or call.part(f"{nombre}{TERMINA}")
    if molde is None:
        raise LookupError(f"{nombre}{TERMINA} is in no package of release of {call.instance_id}")
    return molde


def carta_de(call: Call) -> tuple[str, str]:
    """Subject and text of the letter of the package, filled. Raises SinValor for one that names
    what the case does not know."""
    return cartas.llenar(molde_de(call), lo_que_se_sabe(call.session, call, call.told()))


def enviar(call: Call) -> Data | None:
    """To the person of the case. An address that gave mails back, or none: a duty on the page of
    the case, as everywhere."""
    lengua, para, lleva = lengua_de(call.session, call), _direccion(call), _adjunto(call)
    with speaking(lengua):
        carta = carta_de(call)
    dudosa = bool(para) and direcciones.estado(call.session, para).dudosa
    sin_correo = avisos.CORREO_DUDOSO if dudosa else avisos.SIN_CORREO
    nuevo = NuevoAviso(
        "", avisos.CARTA, "" if dudosa else para, *carta, idioma=lengua, adjuntos=lleva
    )
    clave = _avisar(call, nuevo, sin_correo)
    if not nuevo.para and _anonima(call):
        # nobody knows where to send it: it is read where the case is followed
        avisos.marcar_enviado(call.session, clave, now=call.now)
    return None


def _anonima(call: Call) -> bool:
    """Nobody gave a name for the case: in this very command, or before."""
    dicho, ficha = call.told().get("anonymous"), registro.ficha(call.session, call.case_key)
    return dicho.value is True if dicho is not None else ficha is not None and ficha.anonima


def _direccion(call: Call) -> str:
    """That of the field that is named, else of the case: as this command told it, or as the
    register knows it."""
    if campo := texto(call, "para"):
        return str({**call.data, **call.written()}.get(campo) or "").strip()
    if (de_ahora := call.told().get("email")) is not None:
        return de_ahora.shown.strip()
    ficha = registro.ficha(call.session, call.case_key)
    return ficha.correo if ficha is not None else ""


def _adjunto(call: Call) -> tuple[str, ...]:
    """The document of this case that the field or variable names; nothing when it holds none.
    LookupError: it may not leave, or is none."""
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
    lugar = texto(call, "lugar") or None
    for para in avisos.correos_de_rol(call.session, texto(call, "rol"), call.now, lugar) or [""]:
        with avisos.hablandole(call.session, para):
            hay = call.part(archivo_de(texto(call, "carta"), language())) is not None
            nuevo = NuevoAviso(
                "",
                avisos.CARTA_EQUIPO,
                para,
                *carta_de(call),
                idioma=language() if hay else SPANISH,
            )
        _avisar(call, nuevo, "nadie con este rol tiene correo")
    return None


def _avisar(call: Call, nuevo: NuevoAviso, sin_correo: str) -> str:
    """One letter to an address for each passage of the task, however often it is tried; the name
    under which it is kept."""
    orden = avisos.DesdeOrden(call.session, call.now, call.enqueue, call.case_key, call.instance_id)
    clave = f"carta:{call.task_id}:{avisos.huella(nuevo.para)}"
    avisos.avisar(orden, replace(nuevo, clave=clave), sin_correo)
    return clave
