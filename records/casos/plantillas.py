"""Templates of answers: what an adviser may start from in 5.2.10, by theme, kept by the
coordinator. A text that was in force stays."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import SPANISH
from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido
from records.casos.tablas import PlantillaRespuesta, Tipificacion

#: What the systems say of the obligation of the case, with the day of their data.
CIFRAS = (
    "obligacion",
    "saldo",
    "dias_mora",
    "valor_cuota",
    "proxima_cuota",
    "ultimo_pago",
    "corte",
)
#: What is filled in for the person in course, written between braces.
CAMPOS = ("nombre", "radicado", "punto", *CIFRAS)
#: What a template leaves to whoever answers, and what could not be filled in.
_HUECO = re.compile(r"\[[^\[\]\n]{1,40}\]|\{[^{}\n]{1,40}\}")
_CAMPO = re.compile(r"\{([^{}]*)\}")
_LLAVE_SUELTA = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class NuevaPlantilla:
    tema: str
    nombre: str
    texto: str
    idioma: str = SPANISH

    def __post_init__(self) -> None:
        ajenos = [campo for campo in _CAMPO.findall(self.texto) if campo not in CAMPOS]
        if ajenos:
            raise DatoInvalido(
                "«{%(dato)s}» no se puede llenar. Se llenan: %(campos)s.",
                dato=ajenos[0][:40],
                campos=", ".join(f"{{{campo}}}" for campo in CAMPOS),
            )
        if _LLAVE_SUELTA.search(_CAMPO.sub("", self.texto)):
            raise DatoInvalido("Hay una llave { o } sin su pareja.")


class PlantillaVigente(NamedTuple):
    id: int
    tema: str
    tema_nombre: str
    subtema: str
    nombre: str
    texto: str
    autor: str
    vigente_desde: dt.datetime
    idioma: str


COLUMNAS = (
    PlantillaRespuesta.id,
    PlantillaRespuesta.tema,
    Tipificacion.tema,
    Tipificacion.subtema,
    PlantillaRespuesta.nombre,
    PlantillaRespuesta.texto,
    PlantillaRespuesta.autor,
    PlantillaRespuesta.vigente_desde,
    PlantillaRespuesta.idioma,
)


def vigentes(session: Session, tema: str | None = None) -> Sequence[PlantillaVigente]:
    """Those in force, of one theme or of all, by theme and name."""
    consulta = select(*COLUMNAS).join(Tipificacion, Tipificacion.codigo == PlantillaRespuesta.tema)
    consulta = consulta.where(PlantillaRespuesta.vigente_hasta.is_(None))
    if tema is not None:
        consulta = consulta.where(PlantillaRespuesta.tema == tema)
    orden = (
        Tipificacion.tema,
        Tipificacion.subtema,
        PlantillaRespuesta.nombre,
        PlantillaRespuesta.id,
    )
    return [PlantillaVigente(*fila) for fila in session.execute(consulta.order_by(*orden))]


def retiradas(session: Session) -> Sequence[PlantillaVigente]:
    """Those that were withdrawn, the latest first: no other text of their theme and name is in
    force or came in their place."""
    consulta = select(*COLUMNAS, PlantillaRespuesta.vigente_hasta).join(
        Tipificacion, Tipificacion.codigo == PlantillaRespuesta.tema
    )
    nombres, comienzos = set[tuple[str, str, str]](), set[dt.datetime]()  # of those that came later
    halladas: list[tuple[dt.datetime, PlantillaVigente]] = []
    for fila in session.execute(consulta.order_by(PlantillaRespuesta.id.desc())):
        *suyas, hasta = fila
        una = PlantillaVigente(*suyas)
        nombre = (una.tema, una.nombre.casefold(), una.idioma)
        if hasta is not None and nombre not in nombres and hasta not in comienzos:
            halladas.append((hasta, una))
        nombres.add(nombre)
        comienzos.add(una.vigente_desde)
    return [una for _hasta, una in sorted(halladas, key=lambda hallada: hallada[0], reverse=True)]


def agregar(session: Session, nueva: NuevaPlantilla, acto: Acto) -> int:
    tomar_fila(session, Tipificacion, nueva.tema)
    suya = (nueva.nombre.casefold(), nueva.idioma)
    if any((p.nombre.casefold(), p.idioma) == suya for p in vigentes(session, nueva.tema)):
        raise DatoInvalido("Ese tema ya tiene una plantilla con este nombre.")
    fila = PlantillaRespuesta(
        tema=nueva.tema,
        nombre=nueva.nombre,
        texto=nueva.texto,
        idioma=nueva.idioma,
        autor=acto.quien,
        vigente_desde=acto.now,
    )
    session.add(fila)
    session.flush()
    return fila.id


def cambiar(session: Session, plantilla_id: int, nueva: NuevaPlantilla, acto: Acto) -> int:
    """The earlier text stays with its dates; the new one is another row."""
    retirar(session, plantilla_id, now=acto.now)
    return agregar(session, nueva, acto)


def retirar(session: Session, plantilla_id: int, *, now: dt.datetime) -> None:
    fila = tomar_fila(session, PlantillaRespuesta, plantilla_id)
    if fila.vigente_hasta is not None:
        raise DatoInvalido("Otra persona ya cambió o retiró esta plantilla.")
    fila.vigente_hasta = now
    session.flush()


def rellenar(plantilla: str, datos: Mapping[str, str]) -> str:
    """The text for this person; what is not known stays visible between braces, so that nobody
    sends it unseen."""
    return _CAMPO.sub(lambda hallado: datos.get(hallado[1]) or hallado[0], plantilla)


def cifras_de(plantilla: str) -> list[str]:
    """Which figures of the systems it tells."""
    return [campo for campo in _CAMPO.findall(plantilla) if campo in CIFRAS]


def huecos(texto: str) -> list[str]:
    """What is still to be filled in before the text may go to anybody: «[saldo]», «{fecha}»."""
    return _HUECO.findall(texto)
