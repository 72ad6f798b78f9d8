"""Links with which a person sets a password, the first or a new one, or shows that a browser is
theirs. Of one use, for a time; whoever is given another one, the earlier ends. The token is
in no table, only its hash, by which its row is found. That it opens something follows from the
secret of this place and what the row says (`de_que`): whoever writes into the table, and has not
the secret, gives nobody a link."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from common.language import speaking
from records.base.actos import Acto
from records.base.errores import DatoInvalido, EnlaceInvalido
from records.base.reglas.firmas import token_de_clave
from records.correo import correos
from records.correo.avisos import SITIO, NuevoAviso
from records.correo.reglas import cartas
from records.cuentas import cuentas
from records.cuentas.tablas import Cuenta, EnlaceDeClave

Clase = Literal["primera", "nueva", "equipo", "navegador"]
PRIMERA: Final[Clase] = "primera"
NUEVA: Final[Clase] = "nueva"
EQUIPO: Final[Clase] = "equipo"
NAVEGADOR: Final[Clase] = "navegador"
#: Those that set no password, but make a browser one that the account has entered from.
DE_NAVEGADOR: Final = frozenset({EQUIPO, NAVEGADOR})
#: What somebody asks for who has shown nothing yet is good for so long (ASVS 6.5.5).
DE_FUERA: Final = dt.timedelta(minutes=10)
#: How long each is good for, unless who gives it says otherwise.
VIGENCIAS: Final[Mapping[str, dt.timedelta]] = {
    PRIMERA: dt.timedelta(hours=24),
    NUEVA: dt.timedelta(minutes=30),
    EQUIPO: DE_FUERA,
    NAVEGADOR: DE_FUERA,
}
#: Which letter carries it.
_CARTAS: Final[Mapping[str, str]] = {
    PRIMERA: "primera_clave",
    NUEVA: "clave_nueva",
    EQUIPO: "equipo_conocido",
    NAVEGADOR: "navegador_nuevo",
}
#: Kind of the notice that carries one; stands in its text for the address, whose token only the
#: mail carries.
AVISO: Final = "clave"
ENLACE: Final = "{enlace_de_clave}"
VENCIDO: Final = "el enlace que llevaba ya se usó, venció o fue reemplazado"

Estado = Literal["vigente", "usado", "vencido", "anulado"]


@dataclass(frozen=True, slots=True)
class NuevoEnlace:
    """`semilla` is random; the token follows from it, and from whose link it is, by the secret of
    this place."""

    clase: Clase
    semilla: str
    vigencia: dt.timedelta | None = None  #: None: that of its kind
    #: asked for by somebody who has shown nothing yet: it ends none that others gave
    de_fuera: bool = False


@dataclass(frozen=True, slots=True)
class Mostrado:
    """A token as somebody shows it, and the secrets by which this place may have made it."""

    token: str
    secretos: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Hallado:
    usuario: str
    nombre: str
    correo: str
    clase: str
    vence: dt.datetime
    estado: Estado
    semilla: str


def huella(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def de_que(enlace: EnlaceDeClave) -> str:
    """What a token is of: the account, what for, until when, and the seed."""
    return f"{enlace.cuenta_id}:{enlace.clase}:{enlace.vence.astimezone(dt.UTC).isoformat()}:{enlace.semilla}"


def _es_suyo(enlace: EnlaceDeClave, mostrado: Mostrado) -> bool:
    dicho = de_que(enlace)
    return any(
        hmac.compare_digest(token_de_clave(secreto, dicho).encode(), mostrado.token.encode())
        for secreto in mostrado.secretos
    )


def expedir(
    session: Session, usuario: str, nuevo: NuevoEnlace, secreto: bytes, acto: Acto
) -> tuple[EnlaceDeClave, str]:
    """The link and its token. DatoInvalido: the account is not active, so a password would open
    nothing."""
    cuenta = cuentas.cuenta_sola(session, usuario)  # of two who give one at once, the earlier ends
    if not cuenta.activo:
        raise DatoInvalido(
            "La cuenta %(usuario)s está inactiva: actívela antes de darle un enlace.",
            usuario=usuario,
        )
    if nuevo.de_fuera:
        anular(
            session,
            cuenta,
            acto.now,
            EnlaceDeClave.clase == nuevo.clase,
            EnlaceDeClave.creado_por == acto.quien,
        )
    else:
        anular(session, cuenta, acto.now)
    fila = EnlaceDeClave(
        cuenta_id=cuenta.id,
        clase=nuevo.clase,
        semilla=nuevo.semilla,
        creado=acto.now,
        creado_por=acto.quien,
        vence=acto.now + (DE_FUERA if nuevo.de_fuera else nuevo.vigencia or VIGENCIAS[nuevo.clase]),
    )
    token = token_de_clave(secreto, de_que(fila))
    fila.token_hash = huella(token)
    session.add(fila)
    session.flush()
    return fila, token


def anular(
    session: Session, cuenta: Cuenta, now: dt.datetime, *cuales: ColumnElement[bool]
) -> None:
    """Those that are still good, or of them these: another one comes, they went to an address that
    is no longer the account's, or the account ends."""
    session.execute(
        update(EnlaceDeClave)
        .where(
            EnlaceDeClave.cuenta_id == cuenta.id,
            EnlaceDeClave.usado.is_(None),
            EnlaceDeClave.anulado.is_(None),
            *cuales,
        )
        .values(anulado=now)
        .execution_options(synchronize_session=False)
    )


def por_token(session: Session, mostrado: Mostrado, now: dt.datetime) -> Hallado | None:
    """Whose it is, and whether it is still good; opening it uses nothing up. None: this place never
    gave it."""
    fila = session.execute(
        select(EnlaceDeClave, Cuenta)
        .join(Cuenta, Cuenta.id == EnlaceDeClave.cuenta_id)
        .where(EnlaceDeClave.token_hash == huella(mostrado.token))
    ).one_or_none()
    if fila is None or not _es_suyo(fila[0], mostrado):
        return None
    enlace, cuenta = fila
    estado = _estado(enlace, now, activa=cuenta.activo)
    return Hallado(
        cuenta.usuario,
        cuenta.nombre,
        cuenta.correo,
        enlace.clase,
        enlace.vence,
        estado,
        enlace.semilla,
    )


def _estado(enlace: EnlaceDeClave, now: dt.datetime, *, activa: bool) -> Estado:
    if enlace.usado is not None:
        return "usado"
    if enlace.anulado is not None or not activa:
        return "anulado"
    return "vencido" if enlace.vence <= now else "vigente"


def usar(
    session: Session, mostrado: Mostrado, *, clave_hash: str, fs_uniquifier: str, now: dt.datetime
) -> str:
    """The password is set and the link is used up, in one UPDATE: of two that send it at once, one
    wins. Every login of the account ends. Gives the account; EnlaceInvalido otherwise. Who had a
    password before is told by mail that it is another one."""
    usado, suya = _gastar(session, mostrado, {PRIMERA, NUEVA}, now)
    cuentas.cambiar_clave(
        session, suya.usuario, clave_hash=clave_hash, fs_uniquifier=fs_uniquifier, now=now
    )
    if usado.clase == NUEVA:
        correos.avisar_a_su_cuenta(
            session, suya, f"clave_cambiada:{usado.id}", "clave_cambiada", now
        )
    return suya.usuario


def mostrar_quien_es(session: Session, mostrado: Mostrado, now: dt.datetime) -> str:
    """Whoever reads the mail of this account sits at this browser; nothing of the account changes.
    Gives it; EnlaceInvalido."""
    return _gastar(session, mostrado, DE_NAVEGADOR, now)[1].usuario


def _gastar(
    session: Session, mostrado: Mostrado, clases: Collection[str], now: dt.datetime
) -> tuple[EnlaceDeClave, Cuenta]:
    """The link is used up, and whose it was. EnlaceInvalido."""
    usado = session.scalars(
        update(EnlaceDeClave)
        .where(
            EnlaceDeClave.token_hash == huella(mostrado.token),
            EnlaceDeClave.vence > now,
            EnlaceDeClave.clase.in_(clases),
        )
        .where(EnlaceDeClave.usado.is_(None), EnlaceDeClave.anulado.is_(None))
        .values(usado=now)
        .returning(EnlaceDeClave)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    suya = session.get(Cuenta, usado.cuenta_id) if usado is not None else None
    if usado is None or suya is None or not suya.activo or not _es_suyo(usado, mostrado):
        raise EnlaceInvalido
    return usado, suya


def cambiar_la_propia(
    session: Session,
    usuario: str,
    *,
    de: str,
    clave_hash: str,
    fs_uniquifier: str,
    now: dt.datetime,
) -> bool:
    """The person chose another one and knew the one before, whose hash is `de`. Every login and
    every link of the account ends, and it is told by mail. False: somebody changed it since that
    hash was read, or the account ended."""
    suya = cuentas.cuenta_sola(session, usuario)
    if suya.clave_hash != de or not suya.activo:
        return False
    cuentas.cambiar_clave(
        session, usuario, clave_hash=clave_hash, fs_uniquifier=fs_uniquifier, now=now
    )
    anular(session, suya, now)
    correos.avisar_a_su_cuenta(
        session, suya, f"clave_propia:{suya.id}:{now:%Y%m%d%H%M%S%f}", "clave_propia", now
    )
    return True


def aviso(session: Session, enlace: EnlaceDeClave) -> NuevoAviso:
    """The mail that carries it to whoever the account belongs to."""
    cuenta = session.get_one(Cuenta, enlace.cuenta_id)
    nombre = _CARTAS[enlace.clase]
    with speaking(cuenta.idioma):
        dichos = {
            "nombre": cuenta.nombre,
            "usuario": cuenta.usuario,
            "vence": cartas.dia_y_hora(enlace.vence),
            "enlace": ENLACE,
            "sitio": SITIO,
        }
        carta, lengua = cartas.carta(nombre, **dichos), cartas.lengua_de(nombre)
    return NuevoAviso(f"clave:{enlace.id}", AVISO, cuenta.correo, *carta, idioma=lengua)


def de_que_es_el_de(session: Session, clave: str, now: dt.datetime) -> str | None:
    """What the token of the link is of that a notice carries, by the key of the notice; None: it is
    good for nothing any more."""
    enlace = session.get(EnlaceDeClave, int(clave.rpartition(":")[2]))
    return (
        de_que(enlace)
        if enlace is not None and _estado(enlace, now, activa=True) == "vigente"
        else None
    )


def es_el_de(session: Session, clave: str, token: str) -> bool:
    """Whether this is the token of the link that a notice carries."""
    enlace = session.get(EnlaceDeClave, int(clave.rpartition(":")[2]))
    return enlace is not None and enlace.token_hash == huella(token)
