"""Control 6-1: the weekly review of who enters the CRM: the accounts as they stand, what was
decided of them, and the decision done."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.datos import iso
from records.base.errores import DatoInvalido, NoExiste, Separado
from records.controles.reglas import accesos as reglas
from records.controles.reglas.accesos import CuentaVista, Limites, RolVisto
from records.controles.tablas import RevisionAccesos, RevisionCuenta
from records.cuentas import cuentas, personal
from records.cuentas.reglas.roles import ADMIN_CRM, incluidos
from records.cuentas.separacion import PROPIA
from records.cuentas.tablas import Cuenta, RolAsignado

Papel = tuple[str, str | None]  #: a role and for which point or area


@dataclass(frozen=True, slots=True)
class Uso:
    """What only the engine knows of an account: since the last review, and with which roles it
    completed tasks lately."""

    ingresos: int = 0
    fallidos: int = 0
    tareas: int = 0
    hizo: frozenset[Papel] = frozenset()


@dataclass(frozen=True, slots=True)
class Usos:
    """Of all accounts. `hubo`: the roles for which there were tasks lately; of the others nothing
    tells whether they are used."""

    de_cuenta: Mapping[str, Uso]
    hubo: Collection[Papel]
    fallidos_desconocidos: int = 0


def tomar(session: Session, limites: Limites, usos: Usos, acto: Acto) -> RevisionAccesos:
    """Every account as it stands now, and why it is looked at."""
    anterior = ultima(session)
    preguntadas = {u for u, f in decididas(session).items() if f.decision == reglas.PREGUNTAR}
    revision = RevisionAccesos(
        tomada=acto.now,
        desde=anterior.tomada if anterior is not None else None,
        instancia_id=acto.instancia_id or "",
        cuentas=0,
        con_motivo=0,
        fallidos_desconocidos=usos.fallidos_desconocidos,
        limites=asdict(limites),
        nota="",
    )
    session.add(revision)
    session.flush()
    vigentes = _roles_vigentes(session, acto.now)
    for c in cuentas.cuentas(session):
        uso = usos.de_cuenta.get(c.usuario, Uso())
        roles = [
            RolVisto(r.rol, r.ambito, r.vigente_desde, _usado(r, uso, usos.hubo))
            for r in vigentes.get(c.id, ())
        ]
        clave_desde = c.clave_cambiada or c.creada
        vista = CuentaVista(
            c.activo,
            c.creada,
            c.ultimo_ingreso,
            clave_desde,
            uso.fallidos,
            roles,
            c.usuario in preguntadas,
        )
        hallados = reglas.motivos(vista, limites, acto.now)
        revision.cuentas += 1
        revision.con_motivo += bool(hallados)
        session.add(
            RevisionCuenta(
                revision_id=revision.id,
                usuario=c.usuario,
                nombre=c.nombre,
                activa=c.activo,
                roles=[{**asdict(r), "desde": iso(r.desde)} for r in roles],
                creada=c.creada,
                ultimo_ingreso=c.ultimo_ingreso,
                clave_desde=clave_desde,
                ingresos=uso.ingresos,
                fallidos=uso.fallidos,
                tareas=uso.tareas,
                motivos=[dict(m) for m in hallados],
                nota="",
            )
        )
    session.flush()
    return revision


def _usado(r: RolAsignado, uso: Uso, hubo: Collection[Papel]) -> bool | None:
    """Work with a role that comes with it is work with it."""
    suyos = {r.rol, *incluidos(r.rol)}

    def alguno(papeles: Collection[Papel]) -> bool:
        return any(rol in suyos and r.ambito in (None, lugar) for rol, lugar in papeles)

    return alguno(uso.hizo) if alguno(hubo) else None


def _roles_vigentes(session: Session, now: dt.datetime) -> dict[int, list[RolAsignado]]:
    filas: dict[int, list[RolAsignado]] = {}
    vigente = RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    for r in session.scalars(
        select(RolAsignado)
        .where(RolAsignado.vigente_desde <= now, vigente)
        .order_by(RolAsignado.id)
    ):
        filas.setdefault(r.cuenta_id, []).append(r)
    return filas


# --- deciding -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Decision:
    decision: str
    nota: str = ""


def decidir(session: Session, revision_id: int, dichas: Mapping[str, Decision], acto: Acto) -> None:
    """User name → what is decided of the account; "inactivar" and "activar" are done at once, in
    the same transaction.

    DatoInvalido: an account of their own, one that is decided already, or a decision that does not
    fit how it stands.
    """
    tomar_fila(session, RevisionAccesos, revision_id)
    filas = {f.usuario: f for f in de_revision(session, revision_id)}
    for usuario, dicha in dichas.items():
        fila = filas.get(usuario)
        if fila is None:
            raise NoExiste(
                "La cuenta %(usuario)s no está en la revisión %(n)s.",
                usuario=usuario,
                n=revision_id,
            )
        if usuario == acto.quien:
            raise Separado(PROPIA, "Nadie decide sobre su propia cuenta.")
        if fila.decision is not None:
            raise DatoInvalido("La cuenta %(usuario)s ya tiene decisión.", usuario=usuario)
        if dicha.decision not in (reglas.DE_ACTIVA if fila.activa else reglas.DE_INACTIVA):
            raise DatoInvalido(
                "«%(decision)s» no es una decisión para la cuenta %(usuario)s.",
                decision=dicha.decision,
                usuario=usuario,
            )
        if dicha.decision == reglas.INACTIVAR and _es_el_unico(session, usuario, acto.now):
            raise DatoInvalido(
                "%(usuario)s es la única cuenta que puede revisar los accesos: primero dele ese rol a otra.",
                usuario=usuario,
            )
        if dicha.decision == reglas.INACTIVAR:
            personal.queda_quien_administre(session, usuario, acto.now)
        if dicha.decision in (reglas.INACTIVAR, reglas.ACTIVAR):
            suya = cuentas.cuenta_sola(session, usuario)
            personal.dejar_entrar(
                session, suya, entra=dicha.decision == reglas.ACTIVAR, now=acto.now
            )
        fila.decision, fila.nota, fila.decidida, fila.decidida_por = (
            dicha.decision,
            dicha.nota.strip(),
            acto.now,
            acto.quien,
        )
    session.flush()


def _es_el_unico(session: Session, usuario: str, now: dt.datetime) -> bool:
    """Without it nobody could review accesses, nor make an account active again."""
    return {c.usuario for c in cuentas.cuentas_con_rol(session, ADMIN_CRM, None, now)} == {usuario}


def revisar(
    session: Session, revision_id: int, dichas: Mapping[str, Decision], nota: str, acto: Acto
) -> int:
    """The review of the administrator of the CRM; how many accounts still need somebody else: their
    own, where it is looked at."""
    revision = _revision(session, revision_id)
    decidir(session, revision_id, dichas, acto)
    revision.revisada, revision.revisada_por, revision.nota = acto.now, acto.quien, nota.strip()
    return _por_terminar(session, revision, acto.now)


def completar(
    session: Session, revision_id: int, dichas: Mapping[str, Decision], acto: Acto
) -> None:
    """What was left by who reviewed. DatoInvalido: something is left again."""
    revision = _revision(session, revision_id)
    decidir(session, revision_id, dichas, acto)
    if _por_terminar(session, revision, acto.now):
        raise DatoInvalido("Falta decidir sobre una cuenta.")


def _por_terminar(session: Session, revision: RevisionAccesos, now: dt.datetime) -> int:
    """DatoInvalido: an account that is looked at has no decision, and is not that of who
    reviewed."""
    faltan = [
        f.usuario for f in de_revision(session, revision.id) if f.motivos and f.decision is None
    ]
    if ajenas := [u for u in faltan if u != revision.revisada_por]:
        raise DatoInvalido("Falta decidir sobre %(cuentas)s.", cuentas=", ".join(ajenas))
    if not faltan:
        revision.terminada = now
    session.flush()
    return len(faltan)


def registrar_ingreso(session: Session, *usuarios: str, now: dt.datetime) -> None:
    session.execute(update(Cuenta).where(Cuenta.usuario.in_(usuarios)).values(ultimo_ingreso=now))


# --- reading --------------------------------------------------------------------------------------
def _revision(session: Session, revision_id: int) -> RevisionAccesos:
    hallada = session.get(RevisionAccesos, revision_id)
    if hallada is None:
        raise NoExiste("No existe la revisión de accesos %(n)s.", n=revision_id)
    return hallada


def revision(session: Session, revision_id: int) -> RevisionAccesos | None:
    return session.get(RevisionAccesos, revision_id)


def ultima(session: Session) -> RevisionAccesos | None:
    return session.scalars(
        select(RevisionAccesos).order_by(RevisionAccesos.id.desc()).limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Resumen:
    """A review in the list. `decididas`: of those that needed a decision; `inactivadas`: accounts
    that it made inactive."""

    revision: RevisionAccesos
    decididas: int
    inactivadas: int


def ultimas(session: Session, cuantas: int) -> list[Resumen]:
    """The latest first."""
    revisiones = session.scalars(
        select(RevisionAccesos).order_by(RevisionAccesos.id.desc()).limit(cuantas)
    ).all()
    contadas = select(RevisionCuenta.revision_id, RevisionCuenta.decision, func.count()).where(
        RevisionCuenta.revision_id.in_([r.id for r in revisiones]),
        RevisionCuenta.decision.is_not(None),
    )
    cuantas_de: dict[int, dict[str, int]] = {}
    for id_, decision, n in session.execute(
        contadas.group_by(RevisionCuenta.revision_id, RevisionCuenta.decision)
    ):
        cuantas_de.setdefault(id_, {})[decision or ""] = n
    return [
        Resumen(r, sum(d.values()), d.get(reglas.INACTIVAR, 0))
        for r in revisiones
        for d in [cuantas_de.get(r.id, {})]
    ]


def de_revision(session: Session, revision_id: int) -> Sequence[RevisionCuenta]:
    """Those that are looked at first, then by user name."""
    filas = session.scalars(
        select(RevisionCuenta)
        .where(RevisionCuenta.revision_id == revision_id)
        .order_by(RevisionCuenta.usuario)
    ).all()
    return sorted(filas, key=lambda f: not f.motivos)


def decididas(session: Session, antes_de: int | None = None) -> dict[str, RevisionCuenta]:
    """User name → the row of its last decision; `antes_de`: in the reviews before this one.

    A review that nobody made decides nothing, and takes nothing back.
    """
    ultimas_de = (
        select(func.max(RevisionCuenta.id))
        .where(RevisionCuenta.decision.is_not(None))
        .group_by(RevisionCuenta.usuario)
    )
    if antes_de is not None:
        ultimas_de = ultimas_de.where(RevisionCuenta.revision_id < antes_de)
    return {
        f.usuario: f
        for f in session.scalars(select(RevisionCuenta).where(RevisionCuenta.id.in_(ultimas_de)))
    }
