"""Actions that an analyst gives to a service task in the panel, with what they are given, without
anybody writing code (docs/actions.md).

Each is a handler like any other, and an `ActionSpec`: the deployer checks by it, the panel asks by
it.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from common.language import kept, marked
from engine.errors import BusinessError, GiveUp
from engine.types import ActionSpec, Call, Data, Handlers, InputRule, Trial, Value
from handlers.acciones import cartas, casos, ensayos, plazos, sistemas
from handlers.acciones.cartas import Preguntado, texto
from handlers.acciones.casos import Comienzos, Empezar
from handlers.acciones.documentos import Documentos
from handlers.acciones.pedido import Mensajero, accion
from handlers.acciones.plazos import MAX_DIAS
from handlers.acciones.sistemas import Sistemas
from handlers.conectores.guarda import Guarda
from handlers.conectores.servicios.cliente import Cliente
from records.casos import registro
from records.casos.numeracion import nuevo_numero
from records.plazos.reglas.calendario import dia_local, mes_terminado, nombre_del_mes, vencimiento
from records.sistemas.puertos import HacerDocumento

ERR_LISTA: Final = "ERR_LISTA"
_NUMERO: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")

ENTREGA = InputRule(
    "variable",
    marked("Variable en que se entrega"),
    "output",
    hint=marked("Una de las que entrega esta tarea."),
)
ACCIONES: Final[Mapping[str, ActionSpec]] = {
    "carta.enviar": ActionSpec(
        marked("Enviar una carta por correo a la persona"),
        (
            cartas.CARTA,
            InputRule(
                "para",
                marked("Campo con la dirección"),
                "name",
                required=False,
                hint=marked("Si falta, la del registro del caso."),
            ),
            InputRule(
                "adjunto",
                marked("Documento que lleva"),
                "name",
                required=False,
                hint=marked("La variable que lo entregó, o un campo con archivo."),
            ),
        ),
    ),
    "carta.avisar": ActionSpec(
        marked("Avisar por correo a quienes tienen un rol"),
        (
            cartas.CARTA,
            InputRule("rol", marked("Rol"), hint=marked("Su código.")),
            InputRule(
                "lugar",
                marked("Lugar"),
                required=False,
                hint=marked("Solo a quienes lo tienen para este lugar."),
            ),
        ),
    ),
    "documento.hacer": ActionSpec(
        marked("Hacer un documento PDF con una carta del paquete"),
        (
            cartas.CARTA,
            InputRule(
                "nombre",
                marked("Nombre del archivo"),
                "places",
                hint=marked("Resolución {numero}; {campo} es un dato."),
                words=cartas.DE_TODO_CASO,
            ),
            InputRule(
                "variable",
                marked("Variable en que se entrega"),
                "output",
                required=False,
                hint=marked("Para que una carta lo lleve; de texto."),
            ),
        ),
    ),
    "caso.crear": casos.ACCION,
    "caso.enlazar": casos.ENLACE,
    "datos.fijar": ActionSpec(marked("Fijar o calcular datos"), free=True),
    "lista.buscar": ActionSpec(
        marked("Buscar en una lista del paquete"),
        (
            InputRule(
                "lista",
                marked("Lista"),
                "list",
                hint=marked("Un CSV del paquete, sin la terminación: permiso/listas/tarifas."),
                ending=".csv",
            ),
            InputRule(
                "clave",
                marked("Qué se busca"),
                hint=marked("En la primera columna. Cada columna es una variable que se entrega."),
            ),
        ),
    ),
    "numero.dar": ActionSpec(
        marked("Dar un número de una serie"),
        (
            InputRule(
                "patron",
                marked("Patrón"),
                "pattern",
                hint=marked("{aaaa} es el año y {00000} el número: RES-{aaaa}-{0000}."),
            ),
            ENTREGA,
        ),
    ),
    "casos.contar": ActionSpec(
        marked("Contar los casos del mes pasado"),
        (
            InputRule(
                "proceso",
                marked("Proceso que los abre"),
                hint=marked("Se entregan mes, pedidos, terminados, en_curso y tarde."),
            ),
        ),
    ),
    "plazo.registrar": plazos.ACCION,
    "plazo.calcular": ActionSpec(
        marked("Calcular un plazo en días hábiles"),
        (
            InputRule(
                "dias",
                marked("Días hábiles"),
                "number",
                hint=marked("Desde hoy, sin contarlo."),
                minimum=0,
                maximum=MAX_DIAS,
            ),
            ENTREGA,
        ),
    ),
}


def register(
    handlers: Handlers,
    *,
    sesiones: Callable[[], Session],
    hacer: HacerDocumento,
    empezar: Empezar,
    sitio: str,
    servicios: Sequence[Cliente] = (),
    guardas: Sequence[Guarda] = (),
) -> None:
    """`hacer`: sets a document and keeps its content. `empezar`: begins a case of another process.
    `sitio`: where this site is reached. `servicios`: those that the administrator lets diagrams
    call. `guardas`: around the systems that steps may ask about a person."""
    documentos, mensajero = (
        Documentos(sesiones, hacer, sitio),
        Mensajero({cliente.servicio.codigo: cliente for cliente in servicios}),
    )
    comienzos = Comienzos(sesiones, empezar)
    conectados = [guarda for guarda in guardas if guarda.conectada]
    preguntas = Sistemas(sesiones, {guarda.sistema.codigo: guarda for guarda in conectados})
    handlers.remote |= {
        "documento.hacer": documentos.hacer,
        "http.pedir": mensajero.pedir,
        "caso.crear": comienzos.crear,
        "sistema.consultar": preguntas.consultar,
    }
    handlers.actions |= {
        "http.pedir": accion(servicios),
        "sistema.consultar": sistemas.accion(conectados),
    }
    handlers.local |= {
        "carta.enviar": cartas.enviar,
        "carta.avisar": cartas.avisar,
        "caso.enlazar": casos.enlazar,
        "datos.fijar": fijar,
        "lista.buscar": buscar,
        "numero.dar": numerar,
        "plazo.calcular": calcular_plazo,
        "plazo.registrar": plazos.registrar,
        "casos.contar": contar,
    }
    handlers.actions |= ACCIONES
    handlers.trials |= {
        **{nombre: partial(ensayos.dato, hace) for nombre, hace in SOLO_LEEN.items()},
        "caso.crear": ensayos.caso,
        "caso.enlazar": ensayos.enlace,
        "numero.dar": ensayos.numero,
        "plazo.registrar": plazos.ensayar,
        "carta.enviar": partial(ensayos.carta_a_la_persona, sitio),
        "carta.avisar": partial(ensayos.carta_a_un_rol, sitio),
        "documento.hacer": partial(ensayos.documento, documentos),
        "http.pedir": partial(ensayos.pedido, mensajero),
        "sistema.consultar": preguntas.ensayar,
    }


# --- data -----------------------------------------------------------------------------------------
def fijar(call: Preguntado) -> Data:
    """What it is given becomes variables of the same names; the task declares them as its
    outputs."""
    return dict(call.inputs)


def buscar(call: Preguntado) -> Data:
    """The row of a list whose first column says what is looked for; ERR_LISTA when no row does."""
    nombre, clave = texto(call, "lista"), texto(call, "clave")
    contenido = call.part(f"{nombre}.csv")
    if contenido is None:
        raise LookupError(f"{nombre}.csv is in no package of release of {call.instance_id}")
    filas = csv.DictReader(
        io.StringIO(contenido, newline=""),
        delimiter=";" if ";" in contenido.partition("\n")[0] else ",",
    )
    try:
        columnas = filas.fieldnames or [""]
        for fila in filas:
            if (fila[columnas[0]] or "").strip() == clave:
                return {columna: numero_o_texto(fila[columna] or "") for columna in columnas[1:]}
    except csv.Error as error:
        raise GiveUp(
            kept(
                "%(a)s.csv, línea %(b)s: no se puede leer: %(c)s",
                a=nombre,
                b=filas.line_num,
                c=error,
            ),
            "unexpected_data",
        ) from error
    raise BusinessError(ERR_LISTA, kept("«%(a)s» no está en la lista %(b)s", a=clave, b=nombre))


def numero_o_texto(celda: str) -> Value:
    """Whole numbers and decimals with a point are numbers; a code with zeros in front, and what no
    one counts, stay texts."""
    celda = celda.strip()
    if _NUMERO.fullmatch(celda) is None:
        return celda
    return float(celda) if "." in celda else int(celda)


def numerar(call: Call) -> Data:
    return {texto(call, "variable"): nuevo_numero(call.session, texto(call, "patron"), call.now)}


def calcular_plazo(call: Preguntado) -> Data:
    """The end of the last day, in the calendar of the agency. What an expression gives may be
    anything."""
    dias = float(texto(call, "dias"))
    if not 0 <= dias <= MAX_DIAS:
        raise ValueError(f"{dias:g} business days: not from 0 to {MAX_DIAS}")
    return {
        texto(call, "variable"): vencimiento(call.now, int(dias)).astimezone(dt.UTC).isoformat()
    }


def contar(call: Call | Trial) -> Data:
    """Of the month that is over: how many began and ended. Of this moment: how many are open, how
    many of them after their deadline."""
    desde, hasta = mes_terminado(dia_local(call.now))
    cuenta = registro.contar(call.session, texto(call, "proceso"), desde, hasta, call.now)
    return {
        "mes": nombre_del_mes(desde),
        "pedidos": cuenta.abiertos,
        "terminados": cuenta.cerrados,
        "en_curso": cuenta.en_curso,
        "tarde": cuenta.tarde,
    }


#: These are tried by doing them: they write nothing.
SOLO_LEEN: Final[Mapping[str, Callable[[Trial], Data]]] = {
    "datos.fijar": fijar,
    "lista.buscar": buscar,
    "plazo.calcular": calcular_plazo,
    "casos.contar": contar,
}
