"""The people of the tests, with the roles and scopes that they have: those who act on an engine,
and those who log in."""

from collections.abc import Mapping

from engine.states import ActorKind
from engine.types import Actor, Authority, Role
from records.cuentas.reglas.roles import ROLES, Alcance

#: A service point of the catalogue; small diagrams of the engine's tests know only "P1" and "P2".
PUNTO = "BOG-AGU"
#: A reason that every act which asks for one accepts.
WHY = "Lo pidió la supervisora del contrato"


def person(name: str, *roles: str) -> Actor:
    """Roles are written "role" or "role@scope"."""
    split = (role.partition("@") for role in roles)
    return Actor(
        ActorKind.PERSON, name, frozenset(Role(role, scope or None) for role, _, scope in split)
    )


ASESOR = person("asesor.uno", "asesor@P1")
COLEGA = person("asesor.dos", "asesor@P1")
FORASTERO = person("asesor.lejos", "asesor@P2")
SIN_PUNTO = person("asesora", "asesor")
FUNCIONARIA = person("funcionaria", "funcionario")
OFICIAL = person("oficial", "funcionario@VCC")
COORDINADORA = person("coordinadora", "coordinador_gau")
ANALISTA = person("analista", "analista_procesos")
ADMIN = person("admin", "administrador")
#: At the real service point: one who attends, and one whose desk stands in for the kiosk too.
ASESORA = person("asesora", f"asesor@{PUNTO}")
ASESOR_DE_PUNTO = person("asesor", f"asesor@{PUNTO}", f"usuario@{PUNTO}")

#: Who may operate what is not theirs, in engines of the tests.
AUTHORITY = Authority(
    supervise=frozenset({"coordinador_gau", "lider_area", "administrador"}),
    steer=frozenset({"coordinador_gau", "administrador"}),
    cancel=frozenset({"administrador"}),
    migrate=frozenset({"analista_procesos", "administrador"}),
    repair=frozenset({"administrador"}),
    correct=frozenset({"coordinador_gau", "administrador"}),
)

CLAVE = "una clave larga 2026"
#: Signs the sessions of an application under test.
SESSION_KEY = "secreto de la prueba"
#: Accounts that log in with CLAVE: user name → (name, [(role, scope)]).
_NOMBRADOS: dict[str, tuple[str, list[tuple[str, str | None]]]] = {
    "asesor": ("Andrés Salcedo", [("asesor", "BOG-AGU")]),
    "colega": ("Ana Pérez", [("asesor", "BOG-AGU")]),
    "lejana": ("Pilar de Pasto", [("asesor", "PAS")]),
    "funcionaria": ("Carolina Rincón", [("funcionario", "VCC")]),
    "companero": ("Jairo Ortiz", [("funcionario", "VCC")]),
    "lider": ("Martha Ferro", [("lider_area", "VCC")]),
    "otro.lider": ("Óscar Duque", [("lider_area", "OAJ")]),
    "coordinador": ("Jorge Mejía", [("coordinador_gau", None)]),
    "gestora": ("Gloria Díaz", [("gestion_documental", None)]),
    "analista": ("Amparo Niño", [("analista_procesos", None)]),
    "revisor": ("Raúl Vega", [("cumplimiento", None)]),
    "admin": ("Alba Ruiz", [("administrador", None)]),
    "nadie": ("Nadie Sin Rol", []),
}
_TIENEN = {rol for _, papeles in _NOMBRADOS.values() for rol, _ in papeles}
_SIN_NOMBRE = [
    rol
    for rol in ROLES.values()
    if rol.puede and rol.alcance is Alcance.ENTIDAD and rol.codigo not in _TIENEN
]
#: And one for each other role that has pages and is held for the whole entity, called as the role
#: is.
ELENCO: Mapping[str, tuple[str, list[tuple[str, str | None]]]] = {
    **_NOMBRADOS,
    **{rol.codigo: (rol.nombre, [(rol.codigo, None)]) for rol in _SIN_NOMBRE},
}
