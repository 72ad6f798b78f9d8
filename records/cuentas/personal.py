"""The people of the agency: accounts, the roles that they hold from a day to another, and their
end. Each change says why."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, EnUnCampo, NoExiste, Separado
from records.base.reglas.nombres import plano
from records.correo import correos
from records.cuentas import ausencias, carriles, cuentas, enlaces_de_clave
from records.cuentas.cuentas import NuevaCuenta
from records.cuentas.reglas.cuentas import falla_de_correo, falla_de_nombre, falla_de_usuario
from records.cuentas.reglas.roles import ADMINISTRADOR, CON_PODER, EXCLUSIONES, ROLES, hace_lo_mismo
from records.cuentas.separacion import PROPIA
from records.cuentas.tablas import Ausencia, Cuenta, RolAsignado
from records.plazos.reglas.calendario import al_terminar, dia_local, instante, se_cruzan, ultimo_dia

CUENTA = "cuenta"  #: the kind of its changes
ANOS = (2000, 2200)  # of the days of a role: computers write 31/12/9999 for "never"
FUERA_DE_ANOS = marked(
    "El año va de %(desde)s a %(hasta)s. Para siempre: deje vacío el último día."
)
CORREO_OCUPADO = marked("Ya hay una cuenta con ese correo.")


@dataclass(frozen=True, slots=True)
class Datos:
    nombre: str
    correo: str


@dataclass(frozen=True, slots=True)
class RolPedido:
    """`ambito`: the place; None for a role of the whole agency. Both days included; without them
    from now on, until it is taken away."""

    rol: str
    ambito: str | None = None
    desde: dt.date | None = None
    hasta: dt.date | None = None


def revisar_datos(datos: Datos) -> Datos:
    """As they are kept. DatoInvalido."""
    suyos = _como_se_guardan(datos)
    if faltas := faltas_de_datos(suyos):
        raise DatoInvalido(next(iter(faltas.values())))
    return suyos


def faltas_de_datos(datos: Datos) -> dict[str, str]:
    """Everything that is wrong with them, by field."""
    suyos = _como_se_guardan(datos)
    faltas = {"nombre": falla_de_nombre(suyos.nombre), "correo": falla_de_correo(suyos.correo)}
    return {campo: falta for campo, falta in faltas.items() if falta}


def _como_se_guardan(datos: Datos) -> Datos:
    return Datos(" ".join(datos.nombre.split()), datos.correo.strip().lower())


def faltas_de_cuenta(session: Session, usuario: str, correo: str) -> dict[str, str]:
    """Why no new account can be called so, by field. Two who make it at once are told apart by
    `cuentas.crear_cuenta`."""
    faltas = {"usuario": falla_de_usuario(usuario)}
    if (
        not faltas["usuario"]
        and session.scalar(select(Cuenta.id).where(Cuenta.usuario == usuario)) is not None
    ):
        faltas["usuario"] = said("Ya hay una cuenta con ese usuario: escriba otro.")
    if session.scalar(select(Cuenta.id).where(Cuenta.correo == correo.strip().lower())) is not None:
        faltas["correo"] = said(CORREO_OCUPADO)
    return {campo: falta for campo, falta in faltas.items() if falta}


def usuario_de(correo: str) -> str:
    """The user name that a new account gets when nobody chose one: the address before its @."""
    return (
        re.sub(r"[^a-z0-9._-]", "", correo.partition("@")[0].lower()).strip("._-")[:40].strip("._-")
    )


def crear(session: Session, nueva: NuevaCuenta, motivo: str, acto: Acto) -> Anotado:
    if falla := falla_de_usuario(nueva.usuario):
        raise DatoInvalido(falla)
    revisar_datos(Datos(nueva.nombre, nueva.correo))
    cuentas.crear_cuenta(session, nueva, now=acto.now)
    return cambios.anotar(
        session,
        De(CUENTA, nueva.usuario, "creada"),
        {},
        {"nombre": nueva.nombre, "correo": nueva.correo},
        motivo,
        acto,
    )


def corregir(
    session: Session, usuario: str, datos: Datos, motivo: str, acto: Acto
) -> list[Anotado]:
    """Name and address; nothing when they are as before. Links that went to the address before are
    good no more, and its owner is told there. DatoInvalido: another account has this address.
    """
    datos, suya = revisar_datos(datos), cuentas.cuenta_sola(session, usuario)
    antes, despues = (
        {"nombre": suya.nombre, "correo": suya.correo},
        {"nombre": datos.nombre, "correo": datos.correo},
    )
    cambian = [k for k in antes if antes[k] != despues[k]]
    if not cambian:
        return []
    if (
        session.scalar(select(Cuenta.id).where(Cuenta.correo == datos.correo, Cuenta.id != suya.id))
        is not None
    ):
        raise EnUnCampo("correo", CORREO_OCUPADO)
    anotado = cambios.anotar(
        session,
        De(CUENTA, usuario, "datos"),
        _solo(antes, cambian),
        _solo(despues, cambian),
        motivo,
        acto,
    )
    if "correo" in cambian:
        enlaces_de_clave.anular(session, suya, acto.now)
        clave = f"correo_cambiado:{anotado.detalle['cambio']}"
        correos.avisar_a_su_cuenta(
            session, suya, clave, "correo_cambiado", acto.now, quien=acto.quien
        )
    suya.nombre, suya.correo = datos.nombre, datos.correo
    session.flush()
    return [anotado]


def _solo(datos: Mapping[str, Any], claves: Sequence[str]) -> dict[str, Any]:
    return {k: datos[k] for k in claves}


# --- roles ----------------------------------------------------------------------------------------
def _no_es_suya(usuario: str, acto: Acto) -> None:
    if usuario in (acto.quien, acto.pidio):
        raise Separado(
            PROPIA,
            "Nadie se da ni se quita roles a sí mismo: pídalo a otra persona que administre.",
        )


def dar_rol(
    session: Session, usuario: str, pedido: RolPedido, motivo: str, acto: Acto
) -> list[Anotado]:
    """Nothing when it is held for these days already. DatoInvalido in words; Separado: of
    oneself."""
    _no_es_suya(usuario, acto)
    # two who give roles that exclude one another come one after the other
    suya = cuentas.cuenta_sola(session, usuario)
    if not suya.activo:
        raise DatoInvalido("La cuenta está inactiva: actívela antes de darle un rol.")
    revisar_rol(session, pedido)
    desde, hasta = dias_del_rol(pedido, acto.now)
    tiene = _desde_ahora(session, suya.id, acto.now)
    for otro in tiene:
        mismo = (otro.rol, otro.ambito) == (pedido.rol, pedido.ambito)
        if mismo and otro.vigente_desde <= desde and otro.vigente_hasta == hasta:
            return []
        if mismo and se_cruzan(desde, hasta, otro.vigente_desde, otro.vigente_hasta):
            raise DatoInvalido(
                "Ya tiene ese rol allí en esos días: primero quíteselo, y déselo de nuevo con las otras fechas."
            )
    sin_exclusion(
        {r.rol for r in tiene if r.vigente_hasta is None or r.vigente_hasta > desde}, pedido.rol
    )
    session.add(
        RolAsignado(
            cuenta_id=suya.id,
            rol=pedido.rol,
            ambito=pedido.ambito,
            vigente_desde=desde,
            vigente_hasta=hasta,
            asignado_por=acto.quien,
        )
    )
    session.flush()
    dicho = _dicho(pedido.rol, pedido.ambito, desde, hasta)
    return [cambios.anotar(session, De(CUENTA, usuario, "rol"), {}, dicho, motivo, acto)]


def revisar_rol(session: Session, pedido: RolPedido) -> None:
    """EnUnCampo: no role that is given to people, or not for this place."""
    if not pedido.rol:
        raise EnUnCampo("rol", "Elija el rol que se da.")
    rol = carriles.que_se_dan(session).get(pedido.rol)
    if rol is None:
        raise EnUnCampo("rol", "No existe el rol «%(rol)s».", rol=pedido.rol)
    if not rol.alcance and pedido.ambito is not None:
        raise EnUnCampo(
            "ambito",
            "El rol «%(rol)s» se da para toda la entidad: deje el lugar vacío.",
            rol=said(rol.nombre),
        )
    if rol.alcance and pedido.ambito is None and rol.codigo in ROLES:
        raise EnUnCampo("ambito", "Elija para dónde se da el rol «%(rol)s».", rol=said(rol.nombre))
    if pedido.ambito is not None and pedido.ambito not in dict(
        carriles.valores(session).get(rol.alcance, ())
    ):
        lista = carriles.alcances(session).get(rol.alcance, rol.alcance)
        raise EnUnCampo(
            "ambito",
            "«%(ambito)s» no está en la lista «%(lista)s», que es la del rol «%(rol)s».",
            ambito=pedido.ambito,
            lista=said(lista),
            rol=said(rol.nombre),
        )


def sin_exclusion(tiene: set[str], rol: str) -> None:
    for e in EXCLUSIONES:
        otros = e.otros if rol in e.unos else e.unos if rol in e.otros else frozenset()
        if chocan := sorted(otros & tiene):
            raise DatoInvalido(
                "%(nombre)s: primero quite el rol «%(rol)s».",
                nombre=said(e.nombre),
                rol=said(ROLES[chocan[0]].nombre),
            )


def dias_del_rol(pedido: RolPedido, now: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """From when, and until when. EnUnCampo."""
    hoy = dia_local(now)
    for campo, dia in (("desde", pedido.desde), ("hasta", pedido.hasta)):
        if dia is not None and not ANOS[0] <= dia.year <= ANOS[1]:
            raise EnUnCampo(campo, FUERA_DE_ANOS, desde=ANOS[0], hasta=ANOS[1])
    if pedido.desde is not None and pedido.desde < hoy:
        raise EnUnCampo(
            "desde", "Un rol se da desde hoy o desde un día que viene: lo que ya pasó no se cambia."
        )
    if pedido.hasta is not None and pedido.hasta < (pedido.desde or hoy):
        raise EnUnCampo("hasta", "El último día va después del primero.")
    desde = (
        now if pedido.desde is None or pedido.desde == hoy else instante(pedido.desde, dt.time(0))
    )
    return desde, None if pedido.hasta is None else al_terminar(pedido.hasta)


def quitar_rol(
    session: Session, usuario: str, asignado_id: int, motivo: str, acto: Acto
) -> Anotado:
    """From now on; one that has not begun never does. The row stays. DatoInvalido: the last
    administrator."""
    _no_es_suya(usuario, acto)
    suya = cuentas.cuenta_sola(session, usuario)  # of two who take it away at once, one does
    fila = session.get(RolAsignado, asignado_id, populate_existing=True)
    if (
        fila is None
        or fila.cuenta_id != suya.id
        or (fila.vigente_hasta is not None and fila.vigente_hasta <= acto.now)
    ):
        raise NoExiste("Esa persona ya no tiene ese rol.")
    if fila.rol == ADMINISTRADOR:
        queda_quien_administre(session, usuario, acto.now)
    antes = _dicho(fila.rol, fila.ambito, fila.vigente_desde, fila.vigente_hasta)
    fila.vigente_hasta = acto.now
    fila.vigente_desde = min(fila.vigente_desde, acto.now)
    session.flush()
    return cambios.anotar(session, De(CUENTA, usuario, "rol"), antes, {}, motivo, acto)


def _dicho(
    rol: str, ambito: str | None, desde: dt.datetime, hasta: dt.datetime | None
) -> dict[str, Any]:
    dias = {
        "desde": dia_local(desde).isoformat(),
        "hasta": ultimo_dia(hasta).isoformat() if hasta is not None else None,
    }
    return {"rol": rol, "ambito": ambito, **dias}


def _desde_ahora(session: Session, cuenta_id: int, now: dt.datetime) -> Sequence[RolAsignado]:
    """Those in force, and those that begin later."""
    quedan = RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    return session.scalars(
        select(RolAsignado)
        .where(RolAsignado.cuenta_id == cuenta_id, quedan)
        .order_by(RolAsignado.id)
    ).all()


def roles_de(session: Session, usuario: str, now: dt.datetime) -> Sequence[RolAsignado]:
    return _desde_ahora(session, cuentas.cuenta(session, usuario).id, now)


def tiene_poder(session: Session, usuario: str, now: dt.datetime) -> bool:
    """Holds, now or from a later day on, a role that changes the rules or sees everything.
    NoExiste."""
    return any(r.rol in CON_PODER for r in roles_de(session, usuario, now))


def queda_quien_administre(session: Session, sin: str, now: dt.datetime) -> None:
    """DatoInvalido: without this account nobody could give roles any more; whose last day is
    planned counts as gone. Two who remove one another come one after the other.
    """
    con_el_rol = (
        select(Cuenta)
        .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        .where(
            Cuenta.activo,
            RolAsignado.rol == ADMINISTRADOR,
            RolAsignado.vigente_hasta.is_(None),
            RolAsignado.vigente_desde <= now,
        )
        .order_by(Cuenta.id)
    )
    # whoever held them has committed by now
    session.scalars(con_el_rol.with_for_update(of=Cuenta)).all()
    todas = {
        c.usuario: c.activa_hasta
        for c in session.scalars(con_el_rol.execution_options(populate_existing=True))
    }
    if sin in todas and not any(
        hasta is None for usuario, hasta in todas.items() if usuario != sin
    ):
        raise DatoInvalido(
            "%(usuario)s es la última cuenta que administra: primero dele ese rol a otra persona, sin fecha de fin.",
            usuario=sin,
        )


# --- the account ----------------------------------------------------------------------------------
def activar(session: Session, usuario: str, motivo: str, acto: Acto) -> Anotado:
    _no_es_suya(usuario, acto)
    return _poner_activa(session, usuario, motivo, acto, activa=True)


def desactivar(session: Session, usuario: str, motivo: str, acto: Acto) -> Anotado:
    """Nobody enters with it; its roles stay. DatoInvalido: the last administrator."""
    if usuario == acto.quien:
        raise Separado(
            PROPIA, "Nadie desactiva su propia cuenta: pídalo a otra persona que administre."
        )
    queda_quien_administre(session, usuario, acto.now)
    return _poner_activa(session, usuario, motivo, acto, activa=False)


def _poner_activa(
    session: Session, usuario: str, motivo: str, acto: Acto, *, activa: bool
) -> Anotado:
    suya = cuentas.cuenta_sola(session, usuario)
    antes = suya.activo
    if antes == activa:
        raise DatoInvalido(
            marked("La cuenta ya está activa.") if activa else marked("La cuenta ya está inactiva.")
        )
    dejar_entrar(session, suya, entra=activa, now=acto.now)
    return cambios.anotar(
        session, De(CUENTA, usuario, "activa"), {"activa": antes}, {"activa": activa}, motivo, acto
    )


def dejar_entrar(session: Session, suya: Cuenta, *, entra: bool, now: dt.datetime) -> None:
    """What goes with it, whoever decides it: here, or in the weekly review of accesses."""
    cuentas.activar(session, suya.usuario, activo=entra)
    if not entra:
        enlaces_de_clave.anular(session, suya, now)
    elif suya.activa_hasta is not None and suya.activa_hasta <= now:
        suya.activa_hasta = None  # back after an end that had come
    session.flush()


# --- the end of an employment ---------------------------------------------------------------------
def retirar(
    session: Session, usuario: str, reemplazos: Mapping[int, str], motivo: str, acto: Acto
) -> list[Anotado]:
    """The account enters no more, its roles and absences end. Whom it replaces gets another
    substitute (`reemplazos`: absence → account) or none. What it did stays under its name.
    DatoInvalido: a substitute who does other work; Separado: oneself.
    """
    hechos = (
        [desactivar(session, usuario, motivo, acto)]
        if cuentas.cuenta(session, usuario).activo
        else []
    )
    hechos += [
        quitar_rol(session, usuario, rol.id, motivo, acto)
        for rol in roles_de(session, usuario, acto.now)
    ]
    hoy = dia_local(acto.now)
    for fila in ausencias_de(session, usuario, hoy):
        ausencias.anular_ausencia(session, fila.id, motivo[:160], acto)
        dicho = {"ausencia": fila.id, "de": fila.usuario, "sustituto": fila.sustituto}
        otro, despues = reemplazos.get(fila.id, ""), {}
        if otro and fila.sustituto == usuario:
            _puede_reemplazar(session, otro, fila.usuario, acto)
            medias = fila.desde_mediodia and fila.desde >= hoy, fila.hasta_mediodia
            nueva = ausencias.NuevaAusencia(
                fila.usuario, otro, max(fila.desde, hoy), fila.hasta, fila.motivo, *medias
            )
            despues = {
                "ausencia": ausencias.registrar_ausencia(session, nueva, acto),
                "de": fila.usuario,
                "sustituto": otro,
            }
        hechos.append(
            cambios.anotar(session, De(CUENTA, usuario, "ausencia"), dicho, despues, motivo, acto)
        )
    return hechos


def _puede_reemplazar(session: Session, otro: str, ausente: str, acto: Acto) -> None:
    if otro == acto.quien:
        raise Separado(
            PROPIA,
            "Quien da roles no se pone de reemplazo: tendría los de esa persona. Elija a otra.",
        )
    if otro not in reemplazos_posibles(session, ausente, acto.now):
        raise DatoInvalido(
            "Quien reemplaza hace el mismo trabajo en la misma área o punto: elija a otra persona de la lista."
        )


def reemplazos_posibles(session: Session, ausente: str, now: dt.datetime) -> dict[str, str]:
    """Account and name of those who do the work of this one, in the same area or point."""
    nombres, papeles = dict[str, str](), dict[str, set[tuple[str, str | None]]]()
    for p in cuentas.gente_con(session, carriles.roles(session), None, now):
        nombres[p.usuario] = p.nombre
        papeles.setdefault(p.usuario, set()).add((p.rol, p.ambito))
    suyos = papeles.pop(ausente, set())
    return {u: nombres[u] for u, otros in papeles.items() if hace_lo_mismo(suyos, otros)}


def ausencias_de(session: Session, usuario: str, hoy: dt.date) -> Sequence[Ausencia]:
    """Those that have not ended: when this person is away, and when they replace somebody."""
    suyas = (Ausencia.usuario == usuario) | (Ausencia.sustituto == usuario)
    return session.scalars(
        select(Ausencia)
        .where(suyas, Ausencia.hasta >= hoy, Ausencia.anulada.is_(None))
        .order_by(Ausencia.desde)
    ).all()


# --- reading --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FiltroPersonas:
    texto: str = ""
    rol: str = ""
    ambito: str = ""
    vista: str = "activas"  # activas | ausentes | por_activar | sin_entrar | retiradas | todas


SIN_ENTRAR = dt.timedelta(days=60)
VISTAS = ("activas", "ausentes", "por_activar", "sin_entrar", "retiradas", "todas")


@dataclass(frozen=True, slots=True)
class Ficha:
    """A row of the list."""

    cuenta: Cuenta
    roles: Sequence[RolAsignado]


@dataclass(frozen=True, slots=True)
class Pagina:
    fichas: Sequence[Ficha]
    total: int


def buscar(
    session: Session,
    filtro: FiltroPersonas,
    now: dt.datetime,
    pagina: int = 1,
    por_pagina: int = 25,
) -> Pagina:
    consulta = select(Cuenta)
    vigente = (RolAsignado.vigente_desde <= now) & (
        RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    )
    if filtro.texto:
        consulta = consulta.where(Cuenta.id.in_(_que_dicen(session, filtro.texto)))
    if filtro.rol or filtro.ambito:
        con = select(RolAsignado.cuenta_id).where(vigente)
        con = con.where(RolAsignado.rol == filtro.rol) if filtro.rol else con
        consulta = consulta.where(
            Cuenta.id.in_(con.where(RolAsignado.ambito == filtro.ambito) if filtro.ambito else con)
        )
    consulta = consulta.where(*_vista(filtro.vista, now))
    total = session.scalar(select(func.count()).select_from(consulta.subquery())) or 0
    filas = session.scalars(
        consulta.order_by(Cuenta.nombre, Cuenta.id)
        .limit(por_pagina)
        .offset((pagina - 1) * por_pagina)
    ).all()
    ids = [c.id for c in filas]
    suyos: dict[int, list[RolAsignado]] = {}
    for r in session.scalars(
        select(RolAsignado).where(RolAsignado.cuenta_id.in_(ids), vigente).order_by(RolAsignado.id)
    ):
        suyos.setdefault(r.cuenta_id, []).append(r)
    return Pagina([Ficha(c, suyos.get(c.id, ())) for c in filas], total)


def _que_dicen(session: Session, texto: str) -> list[int]:
    """Accounts that have each of these words in name, mail or user. An agency has few: they are
    compared here, because no database of ours does it without accents, nor the smaller one without
    capitals."""
    buscadas = plano(texto).split()[:6]
    datos = session.execute(select(Cuenta.id, Cuenta.nombre, Cuenta.correo, Cuenta.usuario))
    return [
        id_
        for id_, *suyos in datos
        if all(palabra in plano(" ".join(suyos)) for palabra in buscadas)
    ]


def _vista(vista: str, now: dt.datetime) -> list[Any]:
    fuera = select(Ausencia.usuario).where(*ausencias.en_el_momento(now))
    vistas: Mapping[str, list[Any]] = {
        "activas": [Cuenta.activo],
        "ausentes": [Cuenta.activo, Cuenta.usuario.in_(fuera)],
        "por_activar": [
            Cuenta.activo,
            Cuenta.clave_cambiada.is_(None),
            Cuenta.ultimo_ingreso.is_(None),
        ],
        "sin_entrar": [
            Cuenta.activo,
            func.coalesce(Cuenta.ultimo_ingreso, Cuenta.creada) < now - SIN_ENTRAR,
        ],
        "retiradas": [~Cuenta.activo],
    }
    return vistas.get(vista, [])


def cuantas_por_vista(session: Session, now: dt.datetime) -> dict[str, int]:
    return {
        v: session.scalar(select(func.count(Cuenta.id)).where(*_vista(v, now))) or 0 for v in VISTAS
    }
