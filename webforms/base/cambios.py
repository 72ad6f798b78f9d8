"""How an administrator's change is done: one transaction, then its entries in the access chain; and
what a change says in words."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.states import AccessKind
from engine.types import Actor
from records.base.actos import Acto
from records.base.cambios import Anotado, por_que
from records.base.errores import Rechazo, Separado
from records.base.tablas import Cambio
from records.catalogos.catalogos import CATALOGOS
from records.cuentas.aprobaciones import Pedido
from records.cuentas.personal import CUENTA
from records.cuentas.reglas.identidad import COMO
from records.plazos.calendario import CLASE as CALENDARIO
from records.plazos.reglas.calendario import MANANA, TARDE
from webforms.base import dos_personas, palabras
from webforms.base.formatos import dias_de_la_semana, fecha, momento
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

T = TypeVar("T")
Cambiar = Callable[[Session, Acto], Sequence[Anotado]]


def hacer(cambiar: Cambiar, actor: Actor | None = None, pidio: str = "") -> Sequence[Anotado]:
    """Raises what the records refuse; that somebody tried what is theirs alone not to do is
    recorded. `actor`: of the shell; `pidio`: who asked for it, when whoever acts only decided."""
    s, actor = servicios(), actor or actor_actual()
    acto = Acto(actor.id, s.clock.now(), pidio=pidio)
    try:
        hechos = s.uow.run(lambda session: list(cambiar(session, acto)))
    except Separado as rechazo:
        anotar_rechazo(rechazo.regla, actor)
        raise
    for hecho in hechos:
        s.engine.log_access(
            actor,
            f"cambio_{hecho.clase}",
            f"{hecho.clase}/{hecho.sujeto}",
            now=acto.now,
            detail=hecho.detalle,
        )
    palabras.olvidar()
    return hechos


# --- what two persons change ----------------------------------------------------------------------
Datos = Mapping[str, Any]  #: as the form sent them; they can wait
ARCHIVOS = "archivos"  #: key of the files that came with them


@dataclass(frozen=True, slots=True)
class Obra:
    """A change that one person asks for and another approves, where the agency wants it so.
    `cambiar` does it, from `datos`."""

    codigo: str
    nombre: Any  #: in words, for whoever decides
    cambiar: Callable[[Session, str, Datos, Acto], Sequence[Anotado]]
    pagina: Callable[[str], str]  #: where its subject is seen
    #: once it is committed
    despues: Callable[[Sequence[Anotado]], None] = field(default=lambda _hechos: None)


@dataclass(frozen=True, slots=True)
class Dice:
    """What a change would do, of whom and what, in words."""

    sujeto: str
    que: str
    antes: str
    despues: str


def pedido_en_palabras(session: Session, pedido: Datos) -> list[tuple[str, str]]:
    """What whoever asked had written: (label, text). Why stands apart; what nobody wrote is not
    said."""
    datos = {**pedido, **pedido.get("escrito", {})}
    escritos = [(k, v) for k, v in datos.items() if k in PEDIDOS and v and not isinstance(v, dict)]
    return [
        (str(PEDIDOS[k]), nombre_de(session, v) if k in DE_PERSONAS else _pedido(k, v))
        for k, v in escritos
    ]


def _pedido(que: str, valor: Any) -> str:
    if que == "identificado":
        return str(_(COMO[valor])) if valor in COMO else str(valor)
    if que == "que":
        return str(HACE.get(valor) or (_("abre") if valor == "abre" else _("cierra")))
    return dias_de_la_semana(valor) if que == "dias" else palabras.valor(que, str(valor))


class _SoloEnsayo(Exception):
    """Undoes a transaction that was only a rehearsal."""


def en_ensayo(hacer: Callable[[Session], T]) -> T:
    """What it gives, done in a transaction of which nothing stays. Raises what it raises."""
    hecho: list[T] = []

    def ensayo(session: Session) -> None:
        hecho[:] = [hacer(session)]
        raise _SoloEnsayo

    with suppress(_SoloEnsayo):
        servicios().uow.run(ensayo)
    return hecho[0]


def ensayar(obra: Obra, sujeto: str, datos: Datos, acto: Acto) -> list[Dice]:
    """What would change now. Raises what the records refuse."""
    return en_ensayo(lambda session: dichos(session, obra.cambiar(session, sujeto, datos, acto)))


def dichos(session: Session, hechos: Sequence[Anotado]) -> list[Dice]:
    """In the transaction that wrote them."""
    escritos = session.scalars(
        select(Cambio)
        .where(Cambio.id.in_([h.detalle["cambio"] for h in hechos]))
        .order_by(Cambio.id)
    )
    dicho = historia(session, escritos.all())
    return [
        Dice(
            str(_("Calendario")) if d.cambio.clase == CALENDARIO else d.sujeto,
            d.que,
            d.antes,
            d.despues,
        )
        for d in dicho
    ]


def sello(dichos: Sequence[Dice]) -> str:
    """The same for the same change: what is approved is what was shown."""
    return hashlib.sha256(repr(dichos).encode()).hexdigest()


def hacer_o_pedir(
    obra: Obra, sujeto: str, datos: Datos, archivos: Mapping[str, bytes] | None = None
) -> bool:
    """Whether it is done; else it waits for another person, who was told, as the next page says.
    Raises what the records refuse."""
    todo = {**datos, ARCHIVOS: archivos or {}}
    if not dos_personas.se_pide(dos_personas.DE_LA_ENTIDAD):
        obra.despues(hacer(lambda session, acto: obra.cambiar(session, sujeto, todo, acto)))
        return True
    try:
        ensayar(obra, sujeto, todo, Acto(actor_actual().id, servicios().clock.now()))
    except Separado as rechazo:
        anotar_rechazo(rechazo.regla)
        raise
    motivo = str(datos["motivo"])
    dos_personas.pedir(
        Pedido(
            obra.codigo,
            sujeto,
            obra.nombre,
            motivo,
            dos_personas.DE_LA_ENTIDAD,
            datos,
            archivos or {},
        )
    )
    return False


def anotar_rechazo(regla: str, actor: Actor | None = None) -> None:
    """In the access chain: somebody tried what is theirs alone not to do."""
    s, actor = servicios(), actor or actor_actual()
    s.engine.log_access(
        actor, AccessKind.REFUSAL, f"cuenta/{actor.id}", now=s.clock.now(), detail={"reason": regla}
    )


def intentar(cambiar: Cambiar) -> str:
    """Why not, in words; "": it is done."""
    try:
        hacer(cambiar)
    except Rechazo as rechazo:
        return str(rechazo)
    return ""


# --- in words -------------------------------------------------------------------------------------
QUE: Mapping[str, Any] = {
    "creada": _l("Cuenta"),
    "creado": _l("Creación"),
    "vigencia": _l("Vigencia"),
    "modulos": _l("Módulos"),
    "datos": _l("Datos"),
    "rol": _l("Rol"),
    "excepcion": _l("Excepción"),
    "descanso": _l("Descanso semanal"),
    "activa": _l("Acceso"),
    "ausencia": _l("Reemplazo"),
    "retiro": _l("Retiro previsto"),
    "sesiones": _l("Sesiones"),
    "segundo_factor": _l("Segundo factor"),
}
#: What holds an account, in changes and in what was asked for.
DE_PERSONAS = ("de", "sustituto", "confirmo")
HACE: Mapping[str, Any] = {MANANA: _l("abre solo en la mañana"), TARDE: _l("abre solo en la tarde")}
CAMPOS: Mapping[str, Any] = {
    "nombre": _l("Nombre"),
    "correo": _l("Correo"),
    "modulos": _l("Módulos"),
    "entidad": _l("Nombre de la entidad"),
    "nit": _l("NIT o número de registro"),
    "dependencia": _l("Dependencia que responde"),
    "activo": _l("Se ofrece"),
    "activa": _l("Se ofrece"),
    **{c.nombre: _l(c.rotulo) for catalogo in CATALOGOS.values() for c in catalogo.campos},
}

#: What forms of changes that wait for somebody else have, in the words of those forms.
PEDIDOS: Mapping[str, Any] = {
    **CAMPOS,
    "rol": _l("Rol"),
    "ambito": _l("Dónde"),
    "punto": _l("Dónde"),
    "desde": _l("Desde"),
    "hasta": _l("Hasta"),
    "que": _l("Qué pasa ese día"),
    "rige": _l("Desde"),
    "dias": _l("Descanso semanal"),
    "identificado": _l("Cómo supo que es quien lo pide"),
    "confirmo": _l("Quién más lo confirmó"),
}


@dataclass(frozen=True, slots=True)
class Dicho:
    """A change as a page shows it."""

    cambio: Cambio
    que: str
    antes: str
    despues: str
    sujeto: str
    quien: str
    motivo: str


_INSTANTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:")


def historia(session: Session, filas: Sequence[Cambio]) -> list[Dicho]:
    """What they say, and people by their names."""
    nombres = _Nombres(nombres_de(session, {n for fila in filas for n in _nombrados(fila)}))
    return [_en_palabras(fila, nombres) for fila in filas]


class _Nombres(dict[str, str]):
    """Who is no account of ours is called as it stands there."""

    def __missing__(self, usuario: str) -> str:
        return usuario


def _nombrados(fila: Cambio) -> set[str]:
    de_cuentas = {fila.sujeto} if fila.clase == CUENTA else set()
    dichos = {
        str(datos[k]) for datos in (fila.antes, fila.despues) for k in DE_PERSONAS if datos.get(k)
    }
    return de_cuentas | dichos | {quien for quien in (fila.quien, por_que(fila)[1]) if quien}


def _en_palabras(cambio: Cambio, nombres: _Nombres) -> Dicho:
    que = str(QUE.get(cambio.que, "")) or palabras.en_palabras(cambio.que).capitalize()
    antes, despues = (
        _dicho(cambio.que, datos, nombres) for datos in (cambio.antes, cambio.despues)
    )
    u, (escrito, pidio) = cambio.sujeto, por_que(cambio)
    # of two who have one name, which
    sujeto = f"{nombres[u]} ({u})" if cambio.clase == CUENTA and u in nombres else u
    motivo = (
        str(_("%(m)s (lo pidió %(q)s)", m=escrito, q=nombres[pidio]))
        if pidio in nombres
        else cambio.motivo
    )
    return Dicho(cambio, que, antes, despues, sujeto, nombres[cambio.quien], motivo)


def _dicho(que: str, datos: Mapping[str, Any], nombres: _Nombres) -> str:
    if not datos:
        return ""
    if que == "rol":
        return rol_dicho(
            datos["rol"], datos["ambito"], _dia(datos.get("desde")), _dia(datos.get("hasta"))
        )
    if que == "excepcion":
        donde = palabras.punto(datos["punto"]) if datos["punto"] else _("toda la entidad")
        hace = HACE.get(datos.get("parte", "")) or (_("abre") if datos["abre"] else _("cierra"))
        return f"{_dia(datos['dia'])}, {donde} {hace}: {datos['llamado']}"
    if que == "descanso":
        dias = dias_de_la_semana(int(n) - 1 for n in datos["dias"])
        return (
            str(_("%(d)s, desde el %(f)s", d=dias, f=_dia(datos["desde"])))
            if "desde" in datos
            else dias
        )
    if que == "activa":
        return str(_("Puede entrar")) if datos["activa"] else str(_("No puede entrar"))
    if que == "retiro":
        return str(_("Último día: %(d)s", d=_dia(datos["ultimo_dia"])))
    if que == "ausencia":
        return str(
            _(
                "%(a)s, a quien reemplaza %(b)s",
                a=nombres[datos["de"]],
                b=nombres[datos["sustituto"]],
            )
        )
    if que == "segundo_factor" and "identificado" in datos:
        como = _(COMO[datos["identificado"]])
        return (
            str(_("%(c)s; además lo confirmó %(u)s", c=como, u=nombres[datos["confirmo"]]))
            if "confirmo" in datos
            else str(como)
        )
    return "; ".join(
        f"{CAMPOS.get(k, palabras.en_palabras(k).capitalize())}: {_valor(v)}"
        for k, v in datos.items()
    )


def _valor(valor: Any) -> str:
    if isinstance(valor, list):
        return ", ".join(map(str, valor)) or str(_("ninguno"))
    if isinstance(valor, bool):
        return str(_("sí")) if valor else str(_("no"))
    if isinstance(valor, str) and _INSTANTE.match(valor):
        return momento(valor)
    return str(_("sin dato")) if valor in (None, "") else str(valor)


def _dia(iso: str | None) -> str:
    return fecha(iso) if iso else ""


def rol_dicho(rol: str, ambito: str | None, desde: str = "", hasta: str = "") -> str:
    """ "Inspectora de campo · Zona norte, hasta el 27 nov"."""
    texto = f"{palabras.rol(rol)} · {palabras.lugar(ambito)}" if ambito else palabras.rol(rol)
    if desde:
        texto += str(_(", desde el %(d)s", d=desde))
    return texto + str(_(", hasta el %(d)s", d=hasta)) if hasta else texto
