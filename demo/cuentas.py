"""Demo accounts and devices: one password for all, shown only in demo mode; its hash is computed
once."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from argon2 import PasswordHasher
from faker import Faker
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.azar import sembrado
from demo.personas import SEMILLA
from records.base.actos import Acto
from records.catalogos.catalogo import AREAS, PUNTOS
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares.dispositivos import (
    NuevoDispositivo,
    dispositivos,
    pedir_activacion,
    registrar_dispositivo,
)

CLAVE = "Ventanilla-2026"
QUIEN = "carga.inicial"
GAU = "GAU"  # the area of the else row of the matrix
POR_AREA = 3
MUJERES = 0.6  # share of women

#: Points with a kiosk, a board and tablets; in the others the adviser records what the citizen
#: says.
CON_EQUIPOS = (
    "BOG-AGU",
    "BOG-CHA",
    "MED-CEN",
    "CLO-CEN",
    "BAQ-CEN",
    "BGA-CEN",
    "CTG-CEN",
    "NVA-CEN",
)

#: Who never enters, and since when the account is there: the weekly review of accesses (control
#: 6-1) finds it.
SIN_INGRESAR, DESDE_ANTES = "interventor03", dt.timedelta(days=40)

#: Roles that are held everywhere: user name, role, what the person is.
DE_LA_ENTIDAD = (
    ("coordinador", "coordinador_gau", "Coordinador Grupo de Atención al Usuario"),
    ("gestion.documental", "gestion_documental", "Gestión documental"),
    ("agente.calidad", "agente_calidad", "Agente de Calidad, outsourcing"),
    ("gerente", "gerente_outsourcing", "Gerente, outsourcing"),
    ("gerente.operativo", "gerente_operativo", "Gerente Operativo, outsourcing"),
    ("profesional01", "profesional_ocm", "Profesional, Oficina Comercial y de Mercadeo"),
    ("profesional02", "profesional_ocm", "Profesional, Oficina Comercial y de Mercadeo"),
    ("profesional03", "profesional_ocm", "Profesional, Oficina Comercial y de Mercadeo"),
    ("jefe.ocm", "jefe_ocm", "Jefe, Oficina Comercial y de Mercadeo"),
    ("comite01", "comite_calidad", "Comité de Calidad"),
    ("comite02", "comite_calidad", "Comité de Calidad"),
    ("comite03", "comite_calidad", "Comité de Calidad"),
    ("comite04", "comite_calidad", "Comité de Calidad"),
    ("comite05", "comite_calidad", "Comité de Calidad"),
    ("interventor01", "interventor", "Interventoría"),
    ("interventor02", "interventor", "Interventoría"),
    ("interventor03", "interventor", "Interventoría"),
    ("admin.crm", "admin_crm", "Administrador del CRM"),
    ("analista", "analista_procesos", "Analista de procesos"),
    ("cumplimiento", "cumplimiento", "Revisión de cumplimiento"),
    ("administrador", "administrador", "Administrador"),
)


@dataclass(frozen=True, slots=True)
class CuentaDato:
    """`ambito`: the point or area for which the role is held; None: everywhere. `cargo` is what a
    list shows."""

    usuario: str
    roles: tuple[tuple[str, str | None], ...]
    cargo: str


@dataclass(frozen=True, slots=True)
class EquipoDato:
    codigo: str
    tipo: str  # quiosco | tablero | tableta
    punto_id: str
    modulo: str | None = None


def asesores() -> dict[str, list[CuentaDato]]:
    """Advisers by point; the number goes on over the points of one city: bog01 to bog24."""
    por_punto: dict[str, list[CuentaDato]] = {}
    siguiente: dict[str, int] = {}
    for punto in PUNTOS:
        ciudad = punto.codigo[:3].lower()
        primero = siguiente.get(ciudad, 1)
        siguiente[ciudad] = primero + punto.asesores
        por_punto[punto.codigo] = [
            CuentaDato(
                f"asesor.{ciudad}{n:02d}", (("asesor", punto.codigo),), f"Asesor, {punto.nombre}"
            )
            for n in range(primero, primero + punto.asesores)
        ]
    return por_punto


def funcionarios() -> dict[str, list[CuentaDato]]:
    """Officers by area, the leader last. What no area has goes to the coordinator."""
    por_area = {}
    for area in AREAS:
        if area.codigo == GAU:
            continue
        corto = area.codigo.lower().replace("_", "")
        de_area = (("funcionario", area.codigo),)
        gente = [
            CuentaDato(f"funcionario.{corto}{n:02d}", de_area, area.nombre)
            for n in range(1, POR_AREA + 1)
        ]
        por_area[area.codigo] = [
            *gente,
            CuentaDato(f"lider.{corto}", (("lider_area", area.codigo),), f"Líder, {area.nombre}"),
        ]
    return por_area


def de_la_entidad() -> list[CuentaDato]:
    cuentas = [CuentaDato(usuario, ((rol, None),), cargo) for usuario, rol, cargo in DE_LA_ENTIDAD]
    return [
        CuentaDato(c.usuario, (*c.roles, ("funcionario", GAU)), c.cargo)
        if c.usuario == "coordinador"
        else c
        for c in cuentas
    ]


def todas() -> Iterator[CuentaDato]:
    for grupo in (*asesores().values(), *funcionarios().values(), de_la_entidad()):
        yield from grupo


def equipos() -> Iterator[EquipoDato]:
    por_codigo = {p.codigo: p for p in PUNTOS}
    for codigo in CON_EQUIPOS:
        corto = codigo.lower()
        yield EquipoDato(f"quiosco.{corto}", "quiosco", codigo)
        yield EquipoDato(f"tablero.{corto}", "tablero", codigo)
        for n in range(1, min(2, por_codigo[codigo].asesores) + 1):
            yield EquipoDato(f"tableta.{corto}.{n}", "tableta", codigo, str(n))


def cargar(session: Session, now: dt.datetime) -> None:
    """Add the accounts and devices that are missing."""
    cargar_cuentas(session, todas(), now)
    hay = {d.codigo for d in dispositivos(session)}
    for dato in equipos():
        if dato.codigo not in hay:
            nuevo = NuevoDispositivo(
                dato.codigo, dato.tipo, dato.punto_id, dato.modulo, secrets.token_urlsafe(32)
            )
            registrar_dispositivo(session, nuevo, Acto(QUIEN, now))
    session.flush()


def activaciones(session: Session, now: dt.datetime) -> list[tuple[EquipoDato, str | None]]:
    """A fresh activation code for each demo device that no browser is; None for those that one is
    already."""
    vistos = {d.codigo: d.visto for d in dispositivos(session) if d.activo}
    enlaces: list[tuple[EquipoDato, str | None]] = []
    for dato in equipos():
        if dato.codigo not in vistos:
            continue
        activacion = None if vistos[dato.codigo] else secrets.token_urlsafe(24)
        if activacion is not None:
            pedir_activacion(session, dato.codigo, activacion, now=now)
        enlaces.append((dato, activacion))
    return enlaces


def cargar_cuentas(session: Session, datos: Iterable[CuentaDato], now: dt.datetime) -> None:
    """Those that are missing."""
    hay = set(session.scalars(select(Cuenta.usuario)))
    faltan = [c for c in datos if c.usuario not in hay]
    if not faltan:
        return
    faker = Faker("es_CO")
    faker.seed_instance(SEMILLA + 1 + len(hay))
    azar = sembrado(SEMILLA)
    clave_hash = PasswordHasher().hash(CLAVE)
    for dato in faltan:
        creada = now - DESDE_ANTES if dato.usuario == SIN_INGRESAR else now
        nombre = faker.first_name_female() if azar.random() < MUJERES else faker.first_name_male()
        cuenta = Cuenta(
            usuario=dato.usuario,
            nombre=f"{nombre} {faker.last_name()}",
            correo=f"{dato.usuario}@ventanilla.example",
            clave_hash=clave_hash,
            fs_uniquifier=secrets.token_hex(16),
            creada=creada,
            clave_cambiada=creada,  # theirs is set: they wait for no link
        )
        session.add(cuenta)
        session.flush()
        session.add_all(
            RolAsignado(
                cuenta_id=cuenta.id, rol=rol, ambito=ambito, vigente_desde=now, asignado_por=QUIEN
            )
            for rol, ambito in dato.roles
        )
