"""Notes that name colleagues with "@": who may be named, what is refused, and what the named ones
get."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.types import Noting
from records.casos import menciones
from records.casos.busqueda import caso_por_clave
from records.casos.reglas.menciones import Mencionados, leer_menciones
from records.cuentas import cuentas
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.cuentas.tablas import Cuenta
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.correo import al_colega
from webforms.tareas.nombres import nombres_de_casos


def quienes_ven(session: Session, case_key: str, now: dt.datetime) -> list[Cuenta]:
    """Whoever may open the case, without whoever asks, by name: the rule of `cabecera.puede_ver`,
    asked for everybody."""
    carriles = {
        (i.role, i.scope)
        for i in reads.items.of_case(session, case_key)
        if i.role and i.role != roles.USUARIO
    }
    carriles |= {(rol, None) for rol in con_facultad(Facultad.VER_TODO)}
    gente = {
        c.usuario: c
        for rol, lugar in carriles
        for c in cuentas.cuentas_con_rol(session, rol, lugar, now)
    }
    fuera = ausencias_hoy(session, gente.keys(), now)
    gente |= {
        c.usuario: c
        for c in cuentas.cuentas_llamadas(session, {a.sustituto for a in fuera.values()})
    }
    gente.pop(actor_actual().id, None)
    return sorted(gente.values(), key=lambda c: (c.nombre, c.usuario))


@dataclass(frozen=True, slots=True)
class NotaEscrita:
    """A note as it was sent: what is kept of it and whom it names, or why it is refused."""

    texto: str
    nombradas: tuple[Cuenta, ...]
    error: str = ""


def leer_nota(
    session: Session, case_key: str, texto: str, marcadas: list[str], now: dt.datetime
) -> NotaEscrita:
    """`marcadas`: user names that were ticked in the list; a name that is in the text already is
    not added to it."""
    gente = {c.usuario: c for c in quienes_ven(session, case_key, now)}
    dicho = leer_menciones(texto, _formas(gente))
    extra = [u for u in dict.fromkeys(marcadas) if u not in dicho.usuarios]
    if dicho.dudosos:
        return NotaEscrita(texto, (), _duda(*dicho.dudosos[0], gente))
    ajenos = [*dicho.desconocidos, *(u for u in extra if u not in gente)]
    if ajenos:
        return NotaEscrita(texto, (), _rechazo(ajenos[0]))
    return NotaEscrita(
        _con_marcadas(dicho, [gente[u].nombre for u in extra]),
        tuple(gente[u] for u in (*dicho.usuarios, *extra)),
    )


def _formas(gente: Mapping[str, Cuenta]) -> dict[str, str]:
    """User name → name."""
    return {usuario: cuenta.nombre for usuario, cuenta in gente.items()}


def _duda(quien: str, usuarios: Sequence[str], gente: Mapping[str, Cuenta]) -> str:
    nombres = [f"{gente[u].nombre} (@{u})" for u in usuarios]
    entre = _("%(primeros)s o %(ultimo)s", primeros=", ".join(nombres[:-1]), ultimo=nombres[-1])
    return str(
        _(
            "«@%(quien)s» puede ser %(nombres)s: escriba a cuál le avisa.",
            quien=quien,
            nombres=entre,
        )
    )


def _con_marcadas(dicho: Mencionados, nombres: list[str]) -> str:
    marcadas = " ".join(f"@{nombre}" for nombre in nombres)
    return (
        f"{dicho.texto.rstrip()}\n\n{marcadas}" if marcadas and dicho.texto.strip() else dicho.texto
    )


def _rechazo(quien: str) -> str:
    """The same for a foreign colleague and for nobody: the page does not tell which accounts there
    are."""
    return str(
        _(
            "«@%(quien)s» no está entre quienes pueden ver este caso: no se le avisó a nadie. "
            "Elija un nombre de la lista o quite la arroba.",
            quien=quien[:60],
        )
    )


def avisar(n: Noting, nombradas: tuple[Cuenta, ...], quien: str) -> None:
    """A mark on their lists and a mail for each, in the commit of the note."""
    [case_key] = n.case_keys
    caso = caso_por_clave(n.session, case_key)
    nombre = nombres_de_casos(n.session, {case_key}).get(case_key) or ""
    radicado = nombre if caso is not None and caso.radicado else ""
    for cuenta in nombradas:
        menciones.mencionar(n.session, case_key, cuenta.usuario, por=n.actor.id, now=n.now)
        caso_id = caso.id if caso is not None else None
        al_colega.enviar(
            n,
            al_colega.mencion(
                case_key, caso_id, cuenta, quien=quien, radicado=radicado, nombre=nombre, now=n.now
            ),
        )


def en_que_casos(session: Session) -> set[str]:
    """Keys of the cases whose notes name whoever asks and that they have not opened since."""
    return {m.case_key for m in menciones.sin_leer(session, actor_actual().id)}


def hay_nuevas(session: Session, case_key: str) -> bool:
    """A page without such a mark writes nothing."""
    return menciones.hay_sin_leer(session, case_key, actor_actual().id)


def dar_por_leidas(case_key: str) -> None:
    """The notes of a case were opened by whom they name."""
    s, usuario = servicios(), actor_actual().id
    now = s.clock.now()
    s.uow.run(lambda session: menciones.marcar_leidas(session, case_key, usuario, now=now))
