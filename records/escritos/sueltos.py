"""Documents that came in and belong to no case yet: kept, looked at, and filed to a case by its
number, or put aside, with the reason."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.casos import registro, restringidos
from records.casos.archivos import registrar_archivo
from records.casos.reglas import estados, radicado
from records.casos.tablas import Archivo, Caso, CasoRegistrado
from records.correo.reglas.cartas import en_una_linea
from records.cuentas import cuentas
from records.escritos.tablas import DocumentoSuelto

#: How it came, in words.
CANALES: Final[Mapping[str, str]] = {
    "ventanilla": marked("En la ventanilla"),
    "correo": marked("Por correo electrónico"),
    "mensajeria": marked("Por correo físico o mensajería"),
}
AL_CASO, APARTADO = "caso", "apartado"  #: what became of one
MOTIVO: Final = (5, 300)  #: letters
MAX_REMITENTE, MAX_ASUNTO = 160, 300


@dataclass(frozen=True, slots=True)
class NuevoSuelto:
    remitente: str
    asunto: str
    canal: str
    llego: dt.date


@dataclass(frozen=True, slots=True)
class Suelto:
    """One of them with its file."""

    fila: DocumentoSuelto
    archivo: Archivo


@dataclass(frozen=True, slots=True)
class CasoPosible:
    """A case that a document may be of, as far as whoever files it may know it."""

    case_key: str
    numero: str
    abierto: dt.datetime
    cerrado: bool
    anulado: bool  #: its number


def faltas(nuevo: NuevoSuelto, hoy: dt.date) -> list[tuple[str, str]]:
    """(field, what is wrong). Pure."""
    malos = []
    if not 1 <= len(nuevo.remitente) <= MAX_REMITENTE:
        malos.append(
            (
                "remitente",
                said(
                    "Escriba quién lo envía, o «anónimo», en máximo %(n)s letras", n=MAX_REMITENTE
                ),
            )
        )
    if not 1 <= len(nuevo.asunto) <= MAX_ASUNTO:
        malos.append(("asunto", said("Escriba de qué trata, en máximo %(n)s letras", n=MAX_ASUNTO)))
    if nuevo.canal not in CANALES:
        malos.append(("canal", said("Elija cómo llegó")))
    if not hoy - dt.timedelta(days=366) <= nuevo.llego <= hoy:
        malos.append(("llego", said("Escriba el día en que llegó: hoy o uno del último año")))
    return malos


def recibir(
    session: Session, nuevo: NuevoSuelto, archivos: Sequence[object], acto: Acto
) -> list[int]:
    """A row a file, so that each may go to another case. DatoInvalido: one of them waits here
    already, from the same sender and day."""
    cuentas.de_a_una(session, acto.quien)
    if repetido := _que_ya_espera(session, nuevo, archivos):
        raise DatoInvalido(
            "«%(archivo)s» ya se recibió: es el mismo archivo, del mismo remitente y día, y espera en la lista",
            archivo=repetido,
        )
    filas = []
    for valor in archivos:
        archivo_id = registrar_archivo(session, valor, acto)
        if archivo_id is None:
            raise DatoInvalido("Elija el archivo.")
        fila = DocumentoSuelto(
            archivo_id=archivo_id,
            remitente=nuevo.remitente,
            asunto=nuevo.asunto,
            canal=nuevo.canal,
            llego=nuevo.llego,
            recibido=acto.now,
            recibido_por=acto.quien,
        )
        session.add(fila)
        filas.append(fila)
    session.flush()
    return [fila.id for fila in filas]


def _que_ya_espera(session: Session, nuevo: NuevoSuelto, archivos: Sequence[object]) -> str | None:
    """The name of the first."""
    huellas = [str(valor.get("sha256", "")) for valor in archivos if isinstance(valor, Mapping)]
    return session.scalar(
        select(Archivo.nombre)
        .join(DocumentoSuelto, DocumentoSuelto.archivo_id == Archivo.id)
        .where(
            DocumentoSuelto.destino.is_(None),
            DocumentoSuelto.remitente == nuevo.remitente,
            DocumentoSuelto.llego == nuevo.llego,
        )
        .where(Archivo.sha256.in_(huellas))
        .limit(1)
    )


def por_pasar(session: Session, limite: int) -> list[Suelto]:
    """The oldest first."""
    filas = session.execute(
        select(DocumentoSuelto, Archivo)
        .join(Archivo, Archivo.id == DocumentoSuelto.archivo_id)
        .where(DocumentoSuelto.destino.is_(None))
        .order_by(DocumentoSuelto.llego, DocumentoSuelto.id)
        .limit(limite)
    )
    return [Suelto(fila, archivo) for fila, archivo in filas]


def pasados(session: Session, limite: int) -> list[tuple[Suelto, str]]:
    """Those that were filed to a case, with its number; the latest first. None of a case that its
    person asked to keep closed."""
    filas = (
        select(DocumentoSuelto, Archivo, CasoRegistrado.numero)
        .join(Archivo, Archivo.id == DocumentoSuelto.archivo_id)
        .join(CasoRegistrado, CasoRegistrado.case_key == DocumentoSuelto.case_key)
        .outerjoin(Caso, Caso.id == CasoRegistrado.caso_id)
        .where(DocumentoSuelto.destino == AL_CASO, ~(restringidos.CASO | restringidos.REGISTRADO))
        .order_by(DocumentoSuelto.decidido.desc(), DocumentoSuelto.id.desc())
        .limit(limite)
    )
    return [(Suelto(fila, archivo), numero) for fila, archivo, numero in session.execute(filas)]


def cuantos(session: Session) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(DocumentoSuelto)
            .where(DocumentoSuelto.destino.is_(None))
        )
        or 0
    )


def uno(session: Session, suelto_id: int) -> Suelto:
    fila = session.get(DocumentoSuelto, suelto_id)
    archivo = session.get(Archivo, fila.archivo_id) if fila is not None else None
    if fila is None or archivo is None:
        raise NoExiste("No existe el documento %(n)s.", n=suelto_id)
    return Suelto(fila, archivo)


def casos_con_numero(session: Session, escrito: str) -> list[CasoPosible]:
    """The cases of any procedure that somebody may mean with this: whole, or without its zeros."""
    juntos = re.sub(r"\s", "", escrito).upper()[:48]
    filas = (
        select(
            CasoRegistrado.case_key,
            CasoRegistrado.numero,
            CasoRegistrado.abierto,
            CasoRegistrado.estado,
            Caso.estado,
        )
        .outerjoin(Caso, Caso.id == CasoRegistrado.caso_id)
        .where(CasoRegistrado.numero.in_([juntos, *radicado.posibles(escrito)]))
        .order_by(CasoRegistrado.numero)
        .limit(5)
    )
    return [
        CasoPosible(
            clave,
            numero,
            abierto,
            estado != registro.ABIERTO or suyo in estados.FINALES,
            estado == registro.NUMERO_ANULADO,
        )
        for clave, numero, abierto, estado, suyo in session.execute(filas)
    ]


def motivo_valido(motivo: str) -> str:
    """DatoInvalido."""
    limpio = en_una_linea(motivo, MOTIVO[1] + 1)
    if not MOTIVO[0] <= len(limpio) <= MOTIVO[1]:
        raise DatoInvalido(
            "Escriba el motivo, entre %(minimo)s y %(maximo)s letras.",
            minimo=MOTIVO[0],
            maximo=MOTIVO[1],
        )
    return limpio


def pasar(session: Session, suelto_id: int, case_key: str, motivo: str, acto: Acto) -> None:
    """It is a document of this case from now on. NoExiste: somebody was faster. DatoInvalido: its
    number is annulled."""
    registro.exigir_sin_anular(session, case_key)
    _decidir(session, suelto_id, AL_CASO, motivo, acto, case_key)
    archivo_id = (
        select(DocumentoSuelto.archivo_id).where(DocumentoSuelto.id == suelto_id).scalar_subquery()
    )
    session.execute(update(Archivo).where(Archivo.id == archivo_id).values(case_key=case_key))


def apartar(session: Session, suelto_id: int, motivo: str, acto: Acto) -> None:
    """It is of no case: it stays, out of the list. NoExiste: somebody was faster."""
    _decidir(session, suelto_id, APARTADO, motivo, acto, None)


def _decidir(
    session: Session, suelto_id: int, destino: str, motivo: str, acto: Acto, case_key: str | None
) -> None:
    hecho = session.execute(
        update(DocumentoSuelto)
        .where(DocumentoSuelto.id == suelto_id, DocumentoSuelto.destino.is_(None))
        .values(
            destino=destino,
            case_key=case_key,
            motivo=motivo_valido(motivo),
            decidido=acto.now,
            decidido_por=acto.quien,
        )
        .returning(DocumentoSuelto.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if hecho is None:
        raise NoExiste("Ya se decidió sobre este documento.")
