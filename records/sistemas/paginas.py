"""Pages of the entity that advisers cited (5.2.21): who, when, in which visit, and what the page
said then."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.language import said
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, bytes_de, cruda
from records.base.consultas import obtener
from records.sistemas.reglas.paginas import Falla
from records.sistemas.tablas import PaginaCitada, PaginaCopia

COPIAR: Final = "paginas.copiar"  #: the job that asks the entity's site
PENDIENTE, COPIADA, FALLIDA = "pendiente", "copiada", "fallida"
#: Advisers who cite the same page within this time share one copy.
VIGENCIA: Final = dt.timedelta(minutes=1)
LARGO_TITULO: Final = 300
LARGO_DETALLE: Final = 160


def sha256(contenido: bytes) -> str:
    return hashlib.sha256(contenido).hexdigest()


def citar(
    session: Session, turno_id: int, url: str, acto: Acto, *, orientacion_id: int | None = None
) -> PaginaCitada:
    """The adviser says that this page is what the answer rests on; a job copies it."""
    citada = PaginaCitada(
        turno_id=turno_id,
        orientacion_id=orientacion_id,
        url=url,
        citada_por=acto.quien,
        citada=acto.now,
        estado=PENDIENTE,
        instancia_id=acto.instancia_id or "",
        case_key=acto.case_key or "",
    )
    session.add(citada)
    session.flush()
    return citada


def trabajo(
    citada: PaginaCitada, pedida: dt.datetime | None = None
) -> tuple[str, str, Mapping[str, Any]]:
    """(job, key, arguments) of its copy; `pedida`: when somebody asked for it again. No address in
    the tables of the job library."""
    clave = (
        f"pagina:{citada.id}" if pedida is None else f"pagina:{citada.id}:{pedida:%Y%m%d%H%M%S%f}"
    )
    args = {
        "citada_id": citada.id,
        "key": clave,
        "instance_id": citada.instancia_id,
        "case_key": citada.case_key,
    }
    return COPIAR, clave, args


@dataclass(frozen=True, slots=True)
class Copia:
    """A page as it came from the entity's site."""

    url: str
    url_final: str
    estado_http: int
    tipo: str
    codificacion: str
    cuerpo: bytes
    titulo: str
    texto: str
    recortado: bool


def por_copiar(session: Session, citada_id: int) -> PaginaCitada | None:
    """None: there is a copy of it already."""
    citada = obtener(session, PaginaCitada, citada_id)
    return citada if citada.copia_id is None else None


def copia_reciente(session: Session, url: str, now: dt.datetime) -> PaginaCopia | None:
    """The copy that another citation of this moment made."""
    recientes = select(PaginaCopia).where(
        PaginaCopia.url == url, PaginaCopia.traida > now - VIGENCIA, PaginaCopia.traida <= now
    )
    return session.scalar(
        recientes.order_by(PaginaCopia.traida.desc(), PaginaCopia.id.desc()).limit(1)
    )


def guardar_copia(session: Session, copia: Copia, *, now: dt.datetime) -> PaginaCopia:
    fila = PaginaCopia(
        url=copia.url,
        url_final=copia.url_final,
        traida=now,
        estado_http=copia.estado_http,
        tipo=copia.tipo[:LARGO_DETALLE],
        codificacion=copia.codificacion,
        titulo=copia.titulo[:LARGO_TITULO],
        huella=sha256(copia.cuerpo),
        huella_texto=sha256(copia.texto.encode()),
        tamano=len(copia.cuerpo),
        texto=copia.texto,
        recortado=copia.recortado,
        cuerpo=copia.cuerpo,
    )
    session.add(fila)
    session.flush()
    return fila


def anotar_copia(session: Session, citada_id: int, copia: PaginaCopia) -> None:
    citada = obtener(session, PaginaCitada, citada_id)
    citada.estado, citada.copia_id, citada.falla, citada.detalle = COPIADA, copia.id, "", ""
    citada.intentos += 1


def anotar_falla(
    session: Session, citada_id: int, falla: Falla, detalle: str, *, hay_mas: bool, maximo: int
) -> bool:
    """One try failed. True: it will be tried again; else the page stays without a copy, and says
    why."""
    citada = obtener(session, PaginaCitada, citada_id)
    citada.intentos += 1
    citada.falla, citada.detalle = falla, detalle[:LARGO_DETALLE]
    sigue = hay_mas and citada.intentos < maximo
    citada.estado = PENDIENTE if sigue else FALLIDA
    return sigue


@dataclass(frozen=True, slots=True)
class Citada:
    """A citation with its copy, if there is one; the text is read apart."""

    pagina: PaginaCitada
    copia: PaginaCopia | None


def del_caso(session: Session, case_key: str) -> Sequence[Citada]:
    """In the order in which they were cited."""
    filas = session.execute(
        select(PaginaCitada, PaginaCopia)
        .outerjoin(PaginaCopia, PaginaCopia.id == PaginaCitada.copia_id)
        .where(PaginaCitada.case_key == case_key)
        .order_by(PaginaCitada.citada, PaginaCitada.id)
    )
    return [Citada(pagina, copia) for pagina, copia in filas]


def una_del_caso(session: Session, case_key: str, citada_id: int) -> Citada | None:
    """None: this case has no such citation."""
    return next((c for c in del_caso(session, case_key) if c.pagina.id == citada_id), None)


def cuantas_la_usan(session: Session, copia: PaginaCopia) -> int:
    """Citations of the same moment share a copy."""
    return (
        session.scalar(
            select(func.count()).select_from(PaginaCitada).where(PaginaCitada.copia_id == copia.id)
        )
        or 0
    )


def otra_vez(session: Session, citada_id: int) -> PaginaCitada:
    """Somebody wants the copy that failed."""
    citada = obtener(session, PaginaCitada, citada_id)
    citada.estado, citada.intentos = PENDIENTE, 0
    return citada


def texto_de(session: Session, copia: PaginaCopia) -> str:
    return session.scalar(select(PaginaCopia.texto).where(PaginaCopia.id == copia.id)) or ""


def verificar(session: Session) -> Verificados:
    """Every copy against its two hashes, and every citation that says it has one."""
    faltas, cuantas = [], 0
    de_ella = (
        PaginaCopia.id,
        PaginaCopia.url,
        PaginaCopia.huella,
        PaginaCopia.huella_texto,
        PaginaCopia.cuerpo,
        PaginaCopia.texto,
    )
    for fila in session.execute(
        select(*map(cruda, de_ella)).order_by(PaginaCopia.id).execution_options(yield_per=50)
    ):
        cuantas += 1
        texto = fila.texto.encode() if isinstance(fila.texto, str) else b""
        if sha256(bytes_de(fila.cuerpo)) != fila.huella or sha256(texto) != fila.huella_texto:
            faltas.append(said("copia %(n)s de la página %(u)s", n=fila.id, u=fila.url))
    sin_copia = select(PaginaCitada.id, PaginaCitada.url).where(
        PaginaCitada.estado == COPIADA, PaginaCitada.copia_id.is_(None)
    )
    faltas.extend(
        said("página %(u)s, citada con el número %(n)s: su copia no está", u=f.url, n=f.id)
        for f in session.execute(sin_copia)
    )
    return Verificados(cuantas, tuple(faltas))
