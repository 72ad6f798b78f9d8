"""Rows about documents, whose content is in the content-addressed store: of a case, of the visit in
which it came, of a person."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.comprobaciones import cruda
from records.base.errores import DatoInvalido
from records.casos.tablas import Archivo, Caso
from records.visita.tablas import Turno

#: what the antivirus says; "": there is none
LIMPIO, POR_REVISAR, INFECTADO = "limpio", "por_revisar", "infectado"


def registrar_archivo(
    session: Session,
    valor: object,
    acto: Acto,
    *,
    persona_id: int | None = None,
    tarea: str | None = None,
) -> int | None:
    """A row for the value of a file field; None for an empty field. One statement: it finds the
    visit of the case. `persona_id`: of whom it is, when it is said to be of the person and not of
    this case only. `tarea`: the step of the case that made it."""
    if not isinstance(valor, Mapping) or not valor:
        return None
    de_turno = select(Turno.id).where(Turno.case_key == acto.case_key).limit(1).scalar_subquery()
    try:
        archivo = Archivo(
            sha256=str(valor["sha256"]),
            nombre=str(valor["nombre"]),
            tipo=str(valor["tipo"]),
            bytes=int(valor["bytes"]),
            paginas=int(valor.get("paginas", 0)),
            origen=str(valor.get("origen", "")),
            trae=list(valor.get("trae", ())),
            antivirus=str(valor.get("antivirus", "")),
            subido_por=acto.quien,
            subido=acto.now,
            case_key=acto.case_key,
            turno_id=de_turno if acto.case_key else None,
            persona_id=persona_id,
            tarea=tarea,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DatoInvalido("El archivo no se pudo registrar.") from error
    session.add(archivo)
    session.flush()
    return archivo.id


def hecho_por(session: Session, tarea: str) -> str | None:
    """The hash of the document that this step of a case made."""
    return session.scalar(select(Archivo.sha256).where(Archivo.tarea == tarea))


def _de_carta(case_key: str) -> Select[Archivo]:
    """Documents of a case that may leave with a letter: they are still there, bring nothing that
    runs, and no antivirus has a doubt."""
    bien = (Archivo.eliminado.is_(None), Archivo.antivirus.in_(("", LIMPIO)))
    return select(Archivo).where(Archivo.case_key == case_key, *bien).order_by(Archivo.id)


def puede_salir(session: Session, case_key: str, sha256: str) -> bool:
    fila = session.scalar(_de_carta(case_key).where(Archivo.sha256 == sha256).limit(1))
    return fila is not None and not fila.trae


def de_carta(session: Session, case_key: str, sha256: Collection[str]) -> Sequence[Archivo]:
    """Those of a letter that is leaving; what was erased since stays behind."""
    filas = session.scalars(_de_carta(case_key).where(Archivo.sha256.in_(sha256))).all()
    return list({fila.sha256: fila for fila in filas if not fila.trae}.values())


def nombrados(session: Session, sha256: Collection[str]) -> frozenset[str]:
    """Which of these contents somebody's row names. What an act erased is no longer kept."""
    filas = select(Archivo.sha256).where(Archivo.sha256.in_(sha256), Archivo.eliminado.is_(None))
    return frozenset(session.scalars(filas))


def guardados(session: Session, case_key: str | None = None) -> Mapping[str, str]:
    """Hash → name of what must be in the store: of a case, or of all. What an act erased is no
    longer there."""
    filas = (
        select(cruda(Archivo.sha256), cruda(Archivo.nombre))
        .where(Archivo.eliminado.is_(None))
        .order_by(Archivo.id)
    )
    halladas = session.execute(
        filas if case_key is None else filas.where(Archivo.case_key == case_key)
    )
    return {str(f.sha256): str(f.nombre) for f in halladas}


def archivos_del_caso(session: Session, case_key: str) -> Sequence[Archivo]:
    return session.scalars(
        select(Archivo).where(Archivo.case_key == case_key).order_by(Archivo.subido, Archivo.id)
    ).all()


def persona_del_caso(session: Session, case_key: str) -> int | None:
    """Of a case, or of a visit that has none."""
    de_caso = session.scalar(select(Caso.persona_id).where(Caso.case_key == case_key).limit(1))
    return de_caso or session.scalar(
        select(Turno.persona_id)
        .where(Turno.case_key == case_key, Turno.persona_id.is_not(None))
        .limit(1)
    )


def a_la_vista(session: Session, case_key: str) -> Sequence[Archivo]:
    """On the page of a case: what came with it, and what is of its person, with whatever case that
    came."""
    suyos = Archivo.case_key == case_key
    persona_id = persona_del_caso(session, case_key)
    if persona_id is not None:
        suyos = or_(suyos, Archivo.persona_id == persona_id)
    filas = select(Archivo).where(suyos, Archivo.eliminado.is_(None))
    return session.scalars(filas.order_by(Archivo.subido, Archivo.id)).all()


def de_la_persona(
    session: Session, persona_id: int, *, menos: str | None, limite: int
) -> Sequence[Archivo]:
    """What came with other cases and visits of this person, and is of those only; the latest
    first."""
    casos = select(Caso.case_key).where(Caso.persona_id == persona_id, Caso.case_key.is_not(None))
    visitas = select(Turno.case_key).where(
        Turno.persona_id == persona_id, Turno.case_key.is_not(None)
    )
    filas = select(Archivo).where(
        or_(Archivo.case_key.in_(casos), Archivo.case_key.in_(visitas)),
        Archivo.case_key != menos,
        Archivo.persona_id.is_(None),
        Archivo.eliminado.is_(None),
    )
    return session.scalars(
        filas.order_by(Archivo.subido.desc(), Archivo.id.desc()).limit(limite)
    ).all()


def por_revisar(session: Session, estado: str, limite: int) -> Sequence[Archivo]:
    """Those that an antivirus has yet to look at, the oldest first."""
    filas = (
        select(Archivo)
        .where(Archivo.antivirus == estado, Archivo.eliminado.is_(None))
        .order_by(Archivo.id)
    )
    return session.scalars(filas.limit(limite)).all()


def cuantos_por_revisar(session: Session, estado: str) -> int:
    return (
        session.scalar(
            select(func.count(Archivo.id)).where(
                Archivo.antivirus == estado, Archivo.eliminado.is_(None)
            )
        )
        or 0
    )


def anotar_revision(
    session: Session, sha256: str, antes: str, estado: str, virus: str, now: dt.datetime
) -> int:
    """What the antivirus said of a content, on each row that names it and waits."""
    filas = session.scalars(
        select(Archivo).where(Archivo.sha256 == sha256, Archivo.antivirus == antes)
    ).all()
    for fila in filas:
        fila.antivirus, fila.virus, fila.revisado = estado, virus[:200], now
    session.flush()
    return len(filas)
