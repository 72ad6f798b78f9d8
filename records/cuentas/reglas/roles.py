"""The roles: what they are called, for what they are held, what they include and what they may do.

The only place that says so. A lane of a diagram names a role; routes (`webforms/base/quienes.py`),
pages that offer an act, and the authority that `app.py` gives to the engine ask here for the
roles that have a faculty.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from common.language import marked


class Alcance(StrEnum):
    """For what a role is held; the value is the process variable that a lane's `scope` names, empty
    for the whole entity."""

    PUNTO = "punto_id"
    AREA = "area_id"
    ENTIDAD = ""


class Facultad(StrEnum):
    """What a role may do beside the tasks of its lanes."""

    ATENDER = "atender"  # the console of a desk
    VER_LO_SUYO = "ver_lo_suyo"  # a first page of what waits for them, with the month
    BUSCAR_CASOS = "buscar_casos"
    VER_TODO = "ver_todo"  # every case, whoever had it
    # a case that is not theirs, for an hour, with a reason that compliance reads
    ABRIR_CON_MOTIVO = "abrir_con_motivo"
    # see whole documents, telephones and addresses of a case of their work without saying why
    DESCUBRIR = "descubrir"
    ANOTAR = "anotar"
    COMPLEMENTAR = "complementar"  # add what a citizen brought later
    PRORROGAR = "prorrogar"  # extend the legal term
    # release and reassign what others hold, note who is away, where the role is held
    SUPERVISAR = "supervisar"
    REDACTAR = "redactar"  # the templates of answers that advisers start from
    OPERAR = "operar"  # suspend, resume, send back
    CORREGIR = "corregir"  # what was said of a case, with a reason
    CANCELAR = "cancelar"
    MIGRAR = "migrar"  # move cases to another version
    REPARAR = "reparar"  # incidents
    ADMINISTRAR = "administrar"  # devices, recurring starts
    GOBERNAR = "gobernar"  # people and their roles, places, lists, calendar, catalogues
    LEER_MODELOS = "leer_modelos"  # diagrams, tables, versions
    MODELAR = "modelar"  # change them and put them in force
    REVISAR = "revisar"  # compliance
    DIGITAR_PAPEL = "digitar_papel"  # enter what a point wrote on paper while it had no system
    # print blank forms, void them, tell outages, account for numbers
    PREPARAR_PAPEL = "preparar_papel"
    VER_PAPEL = "ver_papel"  # which numbers were printed and never entered
    RADICAR = "radicar"  # receive documents and file them
    # propose, publish and order the disposal of files whose retention is over
    ELIMINAR = "eliminar"
    APROBAR_ELIMINACION = "aprobar_eliminacion"  # that somebody else proposed
    VER_ELIMINACION = "ver_eliminacion"
    # every point as it is now, and the turns and open cases behind its figures
    VER_OPERACION = "ver_operacion"
    VER_INDICADORES = "ver_indicadores"  # and the turns and cases behind them
    AUDITAR = "auditar"  # weekly audits while they are made
    CALIBRAR = "calibrar"  # begin a calibration of auditors
    VER_AUDITORIAS = "ver_auditorias"  # those whose copy has left
    VER_COMITES = "ver_comites"  # of quality: their findings, answers and minutes
    SESIONAR = "sesionar"  # as a member: be there, vote
    CERRAR_ACCIONES = "cerrar_acciones"  # of others, with what proves them
    # what the contract supervisors got, their receipts and what followed
    VER_ENTREGAS = "ver_entregas"
    ACUSAR = "acusar"  # receipt of what was sent to them
    # for the outsourcing, to the contract supervisors
    CERRAR_MES = "cerrar_mes"  # by hand, and another version of a closed one
    VER_ACCESOS = "ver_accesos"  # the weekly reviews of accounts (control 6-1)
    # each with its times, its breaker and whom it affected; everybody sees whether it answers
    VER_SISTEMAS = "ver_sistemas"
    # who gives the numbers at a point, and what other turn systems said that is to be looked at
    COORDINAR_TURNOS = "coordinar_turnos"
    CONCILIAR = "conciliar"  # the CRM outside with ours: decide which value stays
    VER_CONTROLES = "ver_controles"  # the panel of section 6, and duties kept apart


@dataclass(frozen=True, slots=True)
class Rol:
    codigo: str
    nombre: str
    alcance: str = Alcance.ENTIDAD  #: or the variable of a list that the agency keeps
    incluye: tuple[str, ...] = ()  #: roles that come with it, for the same place
    #: roles of the lanes whose tasks it sees and hands out, in the same place
    reparte: tuple[str, ...] = ()
    puede: frozenset[Facultad] = frozenset()
    en_carriles: bool = False  #: offered to an analyst who draws a lane


@dataclass(frozen=True, slots=True)
class TipoDispositivo:
    """A machine at a point that acts by itself."""

    codigo: str
    nombre: str
    roles: tuple[str, ...]


F = Facultad
USUARIO, ASESOR, FUNCIONARIO, COORDINADOR = "usuario", "asesor", "funcionario", "coordinador_gau"
LIDER, DOCUMENTAL = "lider_area", "gestion_documental"
AGENTE_CALIDAD, GERENTE, GERENTE_OPERATIVO = (
    "agente_calidad",
    "gerente_outsourcing",
    "gerente_operativo",
)
PROFESIONAL, JEFE = "profesional_ocm", "jefe_ocm"
ADMIN_CRM = "admin_crm"
INTERVENTOR = "interventor"
COMITE = "comite_calidad"
ADMINISTRADOR = "administrador"
PAPEL = "papel"
DE_CARRIL = "de_carril"
#: Change the rules, or see everything: with a second factor, and given by two persons, unless an
#: agency says otherwise.
CON_PODER = (ADMINISTRADOR, "analista_procesos", "cumplimiento")
QUIOSCO, TABLERO, TABLETA = "quiosco", "tablero", "tableta"

#: What comes with every role that only a diagram knows (`incluidos`): tasks, the cases that one
#: took part in, absences. The adviser records what the citizen says (M5-1-02, lane «Usuario /
#: Asesor» of 5.2.3 and 5.2.20).
_ROLES = (
    Rol(USUARIO, marked("Usuario (quiosco, tableta o asesor)"), Alcance.PUNTO, en_carriles=True),
    Rol(PAPEL, marked("Quien digita el papel de continuidad"), Alcance.PUNTO, en_carriles=True),
    Rol(
        DE_CARRIL,
        marked("Quien hace tareas de un trámite"),
        puede=frozenset({F.BUSCAR_CASOS, F.DESCUBRIR, F.ANOTAR}),
    ),
    Rol(
        ASESOR,
        marked("Asesor"),
        Alcance.PUNTO,
        incluye=(USUARIO, PAPEL),
        puede=frozenset(
            {
                F.ATENDER,
                F.BUSCAR_CASOS,
                F.DESCUBRIR,
                F.ANOTAR,
                F.COMPLEMENTAR,
                F.DIGITAR_PAPEL,
                F.VER_PAPEL,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        FUNCIONARIO,
        marked("Funcionario"),
        Alcance.AREA,
        puede=frozenset({F.BUSCAR_CASOS, F.DESCUBRIR, F.ANOTAR, F.COMPLEMENTAR}),
        en_carriles=True,
    ),
    Rol(
        LIDER,
        marked("Líder de área"),
        Alcance.AREA,
        incluye=(FUNCIONARIO,),
        reparte=(FUNCIONARIO,),
        puede=frozenset({F.BUSCAR_CASOS, F.DESCUBRIR, F.ANOTAR, F.COMPLEMENTAR, F.SUPERVISAR}),
        en_carriles=True,
    ),
    Rol(
        COORDINADOR,
        marked("Coordinador GAU"),
        incluye=(PAPEL,),
        reparte=(FUNCIONARIO, LIDER, ASESOR, DOCUMENTAL),
        puede=frozenset(
            {
                F.VER_LO_SUYO,
                F.APROBAR_ELIMINACION,
                F.VER_ELIMINACION,
                F.BUSCAR_CASOS,
                F.VER_TODO,
                F.ANOTAR,
                F.COMPLEMENTAR,
                F.PRORROGAR,
                F.SUPERVISAR,
                F.COORDINAR_TURNOS,
                F.REDACTAR,
                F.OPERAR,
                F.CORREGIR,
                F.VER_OPERACION,
                F.VER_SISTEMAS,
                F.VER_INDICADORES,
                F.AUDITAR,
                F.VER_AUDITORIAS,
                F.VER_COMITES,
                F.VER_ENTREGAS,
                F.CERRAR_MES,
                F.VER_ACCESOS,
                F.VER_CONTROLES,
                F.DIGITAR_PAPEL,
                F.PREPARAR_PAPEL,
                F.VER_PAPEL,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        DOCUMENTAL,
        marked("Gestión documental"),
        incluye=(PAPEL,),
        puede=frozenset(
            {
                F.RADICAR,
                F.DESCUBRIR,
                F.ANOTAR,
                F.DIGITAR_PAPEL,
                F.VER_PAPEL,
                F.ELIMINAR,
                F.VER_ELIMINACION,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        "analista_procesos",
        marked("Analista de procesos"),
        puede=frozenset({F.LEER_MODELOS, F.MODELAR, F.MIGRAR}),
    ),
    Rol(
        "cumplimiento",
        marked("Cumplimiento"),
        puede=frozenset(
            {
                F.VER_ELIMINACION,
                F.REVISAR,
                F.VER_TODO,
                F.VER_PAPEL,
                F.LEER_MODELOS,
                F.VER_INDICADORES,
                F.VER_ENTREGAS,
                F.AUDITAR,
                F.VER_AUDITORIAS,
                F.VER_COMITES,
                F.VER_ACCESOS,
                F.VER_CONTROLES,
            }
        ),
    ),
    Rol(
        ADMINISTRADOR,
        marked("Administrador"),
        puede=frozenset(
            {
                F.BUSCAR_CASOS,
                F.ABRIR_CON_MOTIVO,
                F.ANOTAR,
                F.SUPERVISAR,
                F.OPERAR,
                F.CORREGIR,
                F.CANCELAR,
                F.MIGRAR,
                F.REPARAR,
                F.ADMINISTRAR,
                F.GOBERNAR,
                F.COORDINAR_TURNOS,
                F.LEER_MODELOS,
                F.VER_SISTEMAS,
                F.PREPARAR_PAPEL,
                F.VER_PAPEL,
            }
        ),
    ),
    Rol(
        AGENTE_CALIDAD,
        marked("Agente de Calidad"),
        puede=frozenset({F.VER_LO_SUYO, F.VER_INDICADORES, F.BUSCAR_CASOS, F.VER_TODO}),
        en_carriles=True,
    ),
    Rol(
        GERENTE,
        marked("Gerente del outsourcing"),
        puede=frozenset(
            {
                F.VER_LO_SUYO,
                F.VER_OPERACION,
                F.VER_INDICADORES,
                F.VER_AUDITORIAS,
                F.VER_COMITES,
                F.VER_ENTREGAS,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        GERENTE_OPERATIVO,
        marked("Gerente Operativo"),
        puede=frozenset(
            {F.VER_LO_SUYO, F.VER_OPERACION, F.VER_INDICADORES, F.VER_ENTREGAS, F.CERRAR_MES}
        ),
        en_carriles=True,
    ),
    Rol(
        PROFESIONAL,
        marked("Profesional OCM"),
        puede=frozenset(
            {
                F.VER_LO_SUYO,
                F.AUDITAR,
                F.VER_AUDITORIAS,
                F.VER_COMITES,
                F.CERRAR_ACCIONES,
                F.VER_INDICADORES,
                F.BUSCAR_CASOS,
                F.VER_TODO,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        JEFE,
        marked("Jefe OCM"),
        reparte=(PROFESIONAL,),
        puede=frozenset(
            {
                F.VER_LO_SUYO,
                F.AUDITAR,
                F.CALIBRAR,
                F.VER_AUDITORIAS,
                F.VER_COMITES,
                F.CERRAR_ACCIONES,
                F.VER_INDICADORES,
                F.VER_ACCESOS,
                F.VER_CONTROLES,
            }
        ),
        en_carriles=True,
    ),
    Rol(
        COMITE,
        marked("Comité de Calidad"),
        puede=frozenset({F.VER_LO_SUYO, F.VER_COMITES, F.SESIONAR, F.VER_AUDITORIAS}),
        en_carriles=True,
    ),
    Rol(
        INTERVENTOR,
        marked("Interventor"),
        puede=frozenset({F.VER_LO_SUYO, F.VER_INDICADORES, F.VER_ENTREGAS, F.ACUSAR}),
        en_carriles=True,
    ),
    Rol(
        ADMIN_CRM,
        marked("Administrador del CRM"),
        puede=frozenset({F.VER_LO_SUYO, F.VER_ACCESOS, F.CONCILIAR}),
        en_carriles=True,
    ),
)
ROLES: Mapping[str, Rol] = {rol.codigo: rol for rol in _ROLES}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Nobody holds a role of `unos` and one of `otros` at the same time."""

    id: str
    nombre: str
    donde: str
    unos: frozenset[str]
    otros: frozenset[str]


#: Segregation of duties by roles (domain: whoever audits belongs to OCM; the head of the office is
#: not the auditor).
EXCLUSIONES = (
    Exclusion(
        "auditor",
        marked("Quien audita es de OCM, nunca del outsourcing"),
        "5.2.27",
        frozenset({PROFESIONAL}),
        frozenset({ASESOR, AGENTE_CALIDAD, GERENTE, GERENTE_OPERATIVO}),
    ),
    Exclusion(
        "jefe",
        marked("El Jefe OCM no es quien audita"),
        "5.2.28 ≠ 5.2.29",
        frozenset({JEFE}),
        frozenset({PROFESIONAL}),
    ),
)

#: A device acts for the citizen at its point; a board only shows.
DISPOSITIVOS: Mapping[str, TipoDispositivo] = {
    tipo.codigo: tipo
    for tipo in (
        TipoDispositivo(QUIOSCO, marked("Quiosco"), (QUIOSCO, USUARIO)),
        TipoDispositivo(TABLERO, marked("Tablero"), (TABLERO,)),
        TipoDispositivo(TABLETA, marked("Tableta de calificación"), (TABLETA, USUARIO)),
    )
}


@cache
def con_facultad(facultad: Facultad) -> frozenset[str]:
    """The roles that may do this."""
    return frozenset(rol.codigo for rol in _ROLES if facultad in rol.puede)


def incluidos(codigo: str) -> tuple[str, ...]:
    """What else this role may do."""
    if codigo in ROLES:
        return ROLES[codigo].incluye
    return () if codigo in DISPOSITIVOS else (DE_CARRIL,)


def repartidos(codigo: str) -> tuple[str, ...]:
    """Roles of the lanes whose tasks this one hands out."""
    return ROLES[codigo].reparte if codigo in ROLES else ()


@cache
def que_incluyen(codigo: str) -> frozenset[str]:
    """The roles that come with this one."""
    return frozenset(rol.codigo for rol in _ROLES if codigo in rol.incluye)


def hace_lo_mismo(
    ausente: Collection[tuple[str, str | None]], sustituto: Collection[tuple[str, str | None]]
) -> bool:
    """Roles with their place. Whoever replaces has one of the roles, one that includes it, or one
    whose tasks the person who is away hands out; in the same area or point, since the substitute
    sees all that the role sees there.
    """
    return any(
        suyo in (rol, *que_incluyen(rol), *repartidos(rol))
        and (None in (ambito, su_ambito) or ambito == su_ambito)
        for rol, ambito in ausente
        for suyo, su_ambito in sustituto
    )
