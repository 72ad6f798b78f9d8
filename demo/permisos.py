"""EP-01 in the demo: who does it, and some of its permits, each left where it stands today. The
engine runs all of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from demo.cuentas import CuentaDato, cargar_cuentas
from demo.mundo import Historia, Mundo
from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Data, Role, StartForm, Transactions, Value
from records.controles import accesos
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles
from webforms.base.security import con_incluidos

PAQUETE: Final = "permiso_espacio"
PROCESO: Final = "ep_permiso"
CUENTAS: Final = (
    CuentaDato(
        "espacio.ventanilla", (("ventanilla_ep", None),), "Ventanilla, Oficina de Espacio Público"
    ),
    CuentaDato(
        "espacio.abogado01", (("juridica_ep", None),), "Abogado, Oficina de Espacio Público"
    ),
    CuentaDato(
        "espacio.abogado02", (("juridica_ep", None),), "Abogado, Oficina de Espacio Público"
    ),
    CuentaDato("espacio.tesoreria", (("tesoreria_ep", None),), "Tesorería"),
    CuentaDato("espacio.suba", (("inspector_ep", "suba"),), "Inspector de espacio público, Suba"),
    CuentaDato(
        "espacio.usaquen", (("inspector_ep", "usaquen"),), "Inspector de espacio público, Usaquén"
    ),
    CuentaDato(
        "espacio.chapinero",
        (("inspector_ep", "chapinero"),),
        "Inspector de espacio público, Chapinero",
    ),
    CuentaDato("espacio.jefe", (("jefe_ep", None),), "Jefe de Espacio Público"),
)
CIUDADANO: Final = Actor(ActorKind.PERSON, "ciudadano")
ABRE: Final = dt.time(9, 20)

#: element, account, business days after the act before, form
Acto = tuple[str, str, int, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Permiso:
    """What somebody asked for so many business days ago, and what has been done since."""

    hace: int
    pedido: Data
    actos: tuple[Acto, ...] = ()
    en_linea: bool = False


def _pedido(
    nombre: str, documento: str, uso: str, direccion: str, localidad: str, area: int, dias: int
) -> Data:
    quien = "".join(letra for letra in nombre.split(maxsplit=1)[0].lower() if letra.isascii())
    return {
        "nombre": nombre,
        "tipo_doc": "CC",
        "documento": documento,
        "correo": f"{quien}@correo.example",
        "uso": uso,
        "direccion": direccion,
        "localidad_id": localidad,
        "area": area,
        "dias": dias,
        "plano": None,
    }


def _revisar(abogado: str, revision: str, observacion: str) -> Acto:
    return "ep_revisar", f"espacio.{abogado}", 2, {"revision": revision, "observacion": observacion}


def _pagar(valor: int, recibo: str) -> Acto:
    return "ep_pago", "espacio.tesoreria", 3, {"pagado": valor, "recibo": recibo}


def _inspeccionar(inspector: str, concepto: str, hallado: str) -> Acto:
    return (
        "ep_inspeccion",
        f"espacio.{inspector}",
        4,
        {"visita": None, "concepto": concepto, "hallado": hallado, "foto": None},
    )


def _decidir(decision: str, motivo: str) -> Acto:
    return "ep_decidir", "espacio.jefe", 2, {"decision": decision, "motivo": motivo}


COMPLETA: Final = "Trae el plano, las medidas y el aval de los vecinos."
PERMISOS: Final = (
    Permiso(
        26,
        _pedido(
            "Yolanda Prada Cuesta", "51000481", "terraza", "Carrera 91 n.º 146-20", "suba", 18, 60
        ),
        (
            _revisar("abogado01", "cumple", COMPLETA),
            _pagar(1_350_000, "R-20981"),
            _inspeccionar("suba", "favorable", "El andén queda libre en dos metros."),
            _decidir("otorga", "Cumple los requisitos y la inspección es favorable."),
        ),
    ),
    Permiso(
        22,
        _pedido(
            "Hernán Castaño Vélez", "79555111", "evento", "Parque de Usaquén", "usaquen", 120, 3
        ),
        (
            _revisar("abogado02", "no_cumple", "El parque tiene otro evento en esos días."),
            (
                "ep_recurso_llega",
                "espacio.ventanilla",
                4,
                {"razones": "El otro evento cambió de fecha.", "escrito_recurso": None},
            ),
            (
                "er_estudiar",
                "espacio.abogado01",
                4,
                {"estudio": "El otro evento sigue en la agenda del parque.", "propone": "confirma"},
            ),
            (
                "er_resolver",
                "espacio.jefe",
                2,
                {
                    "recurso": "confirma",
                    "motivo_recurso": "El otro evento sigue en la agenda del parque.",
                },
            ),
        ),
        en_linea=True,
    ),
    Permiso(
        18,
        _pedido(
            "Constructora La Alameda",
            "900123456",
            "obra",
            "Calle 72 n.º 10-34",
            "chapinero",
            32,
            90,
        ),
        (
            _revisar("abogado01", "cumple", COMPLETA),
            _pagar(4_032_000, "R-21007"),
            _inspeccionar("chapinero", "desfavorable", "El andamio tapa la rampa de la esquina."),
            _decidir("niega", "El andamio tapa la rampa de la esquina."),
            (
                "ep_recurso_llega",
                "espacio.ventanilla",
                3,
                {"razones": "Movimos el andamio dos metros.", "escrito_recurso": None},
            ),
        ),
    ),
    Permiso(
        14,
        _pedido(
            "Mariela Ospina Duque", "43222190", "terraza", "Calle 118 n.º 6-12", "usaquen", 24, 30
        ),
        (
            _revisar("abogado02", "cumple", COMPLETA),
            _pagar(1_360_800, "R-21033"),
            _inspeccionar("usaquen", "favorable", "Quedan dos metros para pasar."),
        ),
        en_linea=True,
    ),
    Permiso(
        13,
        _pedido(
            "Café Tres Esquinas",
            "900777200",
            "terraza",
            "Transversal 60 n.º 115-40",
            "suba",
            12,
            45,
        ),
        (_revisar("abogado01", "cumple", COMPLETA), _pagar(675_000, "R-21040")),
    ),
    Permiso(
        8,
        _pedido(
            "Ramiro Londoño Arias", "10255012", "obra", "Carrera 7 n.º 60-15", "chapinero", 15, 20
        ),
        (_revisar("abogado02", "cumple", COMPLETA),),
    ),
    Permiso(
        5,
        _pedido(
            "Gloria Pineda Salas", "52888104", "evento", "Plaza fundacional de Suba", "suba", 200, 2
        ),
        (_revisar("abogado01", "falta", "Falta el plan de evacuación del evento."),),
        en_linea=True,
    ),
    Permiso(
        2,
        _pedido(
            "Óscar Rengifo Mina", "16777301", "terraza", "Calle 85 n.º 12-30", "chapinero", 20, 30
        ),
        en_linea=True,
    ),
    Permiso(
        1,
        _pedido("Luz Dary Moreno", "39555020", "terraza", "Carrera 104 n.º 140-8", "suba", 10, 15),
    ),
)


def cargar(uow: Transactions, now: dt.datetime, paquetes: Sequence[str]) -> None:
    """Add the accounts that are missing, when the package is one of these: it brings their
    roles."""
    if PAQUETE not in paquetes:
        return
    with uow.session() as session, session.begin():
        cargar_cuentas(session, CUENTAS, now)


def historias(mundo: Mundo, now: dt.datetime, paquetes: Sequence[str]) -> None:
    """Put them on the agenda. What lies before the history begins, begins with it."""
    for permiso in PERMISOS if PAQUETE in paquetes else ():
        mundo.contar(
            instante(sumar_habiles(dia_local(now), -permiso.hace), ABRE), _historia(mundo, permiso)
        )


def _historia(mundo: Mundo, permiso: Permiso) -> Historia:
    empieza = CIUDADANO if permiso.en_linea else _actor("espacio.ventanilla")
    if not permiso.en_linea:
        _entra(mundo, empieza)
    caso = mundo.engine.instances.start(
        PROCESO, actor=empieza, now=mundo.now, form=StartForm(permiso.pedido)
    ).case_key
    mundo.entregar()
    for elemento, usuario, dias, valores in permiso.actos:
        yield instante(sumar_habiles(dia_local(mundo.now), dias), ABRE)
        mundo.entregar()
        _entra(mundo, actor := _actor(usuario))
        dicho = (
            {**valores, "visita": dia_local(mundo.now).isoformat()}
            if "visita" in valores
            else dict(valores)
        )
        if (tarea := mundo.abierta(caso, elemento)) is not None:
            mundo.completar(tarea, dicho, actor=actor)
        else:
            with mundo.engine.uow.reading() as session:
                [espera] = reads.operation.awaited(session, case_key=caso, elements=[elemento])
            mundo.engine.messages.hand_over(espera.task_id, dicho, actor=actor, now=mundo.now)
        mundo.entregar()


def _actor(usuario: str) -> Actor:
    cuenta = next(c for c in CUENTAS if c.usuario == usuario)
    return Actor(
        ActorKind.PERSON,
        usuario,
        con_incluidos(frozenset(Role(rol, lugar) for rol, lugar in cuenta.roles)),
    )


def _entra(mundo: Mundo, actor: Actor) -> None:
    mundo.engine.uow.run(
        lambda session: accesos.registrar_ingreso(session, actor.id, now=mundo.now)
    )
