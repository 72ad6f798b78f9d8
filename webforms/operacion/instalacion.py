"""How this installation is: a look at each part, with a sentence of what to do where something is
asked of somebody.

`flask doctor`, the page «Estado», `/ready` and the worker's notices say the same because they ask
here.
"""

import datetime as dt
import os
import shutil
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from common import tls
from common.language import said
from common.version import VERSION
from engine import reads
from engine.reads.evidence import Standing
from engine.reads.operation import Figures
from engine.states import WitnessFault
from records.cuentas import cuentas, segundo_factor
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.plazos.reglas.calendario import ZONA, de_ley, dia_local
from records.sistemas import operacion
from records.sistemas.operacion import Novedad, Vivo
from records.sistemas.puertos import Salud
from records.sistemas.tablas import RespaldoHecho
from webforms.base import filtradas
from webforms.base.ajustes import ajustes
from webforms.base.formatos import fecha, momento, numero
from webforms.base.palabras import por_que_no
from webforms.base.servicios import servicios
from webforms.evidencia import comprobado, llave
from webforms.evidencia.comprobado import Clase

Como = Literal["bien", "aviso", "falla"]
#: When people are told. Minutes of a job that nobody begins, of a timer that did not fire.
COLA_LENTA, COLA_PARADA = dt.timedelta(minutes=5), dt.timedelta(minutes=30)
TESTIGO_TARDE: Final = dt.timedelta(hours=3)
ORDENES: Final = {
    Clase.NUEVO: "flask evidence verify --new",
    Clase.TODO: "flask evidence verify",
    Clase.CADENAS: "flask audit verify",
}
COMPROBADO_TARDE, TODO_TARDE = dt.timedelta(hours=3), dt.timedelta(hours=50)
TIMER_TARDE, TIMER_PARADO = dt.timedelta(minutes=5), dt.timedelta(minutes=30)
#: Part of the disk that is free: below the first somebody should look, below the second nothing can
#: be kept soon.
DISCO_POCO, DISCO_NADA = 0.10, 0.03
DESFASE: Final = 5.0  # seconds between our clock and that of the database
CERTIFICADO: Final = 21  # days before its end from which on people are told
ESPERA: Final = 3.0  # seconds
#: PostgreSQL's settings that keep what was answered: name, value, what it would cost.
DE_POSTGRESQL: Final = (
    ("fsync", "on", _l("un corte de luz puede dañar la base")),
    ("full_page_writes", "on", _l("un corte de luz puede dañar la base")),
    ("synchronous_commit", "on", _l("un corte de luz puede perder lo último que se contestó")),
)
CONEXIONES: Final = 25  # of each process at most: pages, jobs, listening
SEGUNDOS_CALLADA: Final = 60  # until PostgreSQL asks whether a silent machine is still there
GB: Final = 1024**3
CADA_CERTIFICADO: Final = dt.timedelta(minutes=10)
# address → when it was looked at, and what was found
_CERTIFICADOS: dict[str, tuple[dt.datetime, "Punto | None"]] = {}


@dataclass(frozen=True, slots=True)
class Punto:
    """One thing that was looked at. `hacer`: what to do; "": nothing."""

    codigo: str
    nombre: str
    como: Como
    dice: str
    hacer: str = ""


@dataclass(frozen=True, slots=True)
class Lectura:
    """What the database says, read at once."""

    now: dt.datetime
    cifras: Figures
    procesos: Sequence[Vivo]
    respaldo: RespaldoHecho | None
    procedimientos: int
    administradores: int
    sin_segundo: Sequence[str]  #: people with a role that asks for a second factor, who have none
    roles_mal_escritos: Sequence[str]  #: of the setting SECOND_FACTOR
    con_sha1: int  #: accounts whose application makes its codes with SHA-1
    registro: Standing | None  #: what was signed, and who outside has seen it

    def vivos(self, clase: str) -> list[Vivo]:
        return [p for p in self.procesos if p.clase == clase and p.vive]

    def callados(self, clase: str) -> list[Vivo]:
        return [p for p in self.procesos if p.clase == clase and not p.vive]


def leer(session: Session, now: dt.datetime) -> Lectura:
    engine = servicios().engine
    entrega = reads.releases.current(session, engine.catalog)
    exigen = ajustes().second_factor
    return Lectura(
        now,
        reads.operation.figures(session, now),
        operacion.procesos(session, now),
        operacion.ultimo_respaldo(session),
        len(reads.releases.processes(session, engine.catalog, entrega)) if entrega else 0,
        len(cuentas.cuentas_con_rol(session, ADMINISTRADOR, None, now)),
        segundo_factor.sin_el(session, exigen, now),
        segundo_factor.desconocidos(session, exigen),
        segundo_factor.de_antes(session),
        reads.evidence.standing(session),
    )


# --- what the database says -----------------------------------------------------------------------
def trabajador(leida: Lectura) -> Punto:
    nombre, callados = _("Trabajador"), leida.callados(operacion.TRABAJADOR)
    vivos = leida.vivos(operacion.TRABAJADOR)
    if not vivos:
        desde = max((p.visto for p in callados), default=None)
        dice = (
            _("Ninguno corre.")
            if desde is None
            else _("Ninguno da señales hace %(t)s.", t=lapso(leida.now - desde))
        )
        return Punto(
            "trabajador",
            nombre,
            "falla",
            dice,
            _("Arránquelo: flask worker. Sin él no salen correos ni recordatorios."),
        )
    if callados:
        donde = ", ".join(sorted({p.equipo for p in callados}))
        dice = _("En marcha: %(n)s; el de %(d)s no da señales.", n=len(vivos), d=donde)
        return Punto(
            "trabajador",
            nombre,
            "aviso",
            dice,
            _("Mire ese equipo. Los otros hacen su trabajo mientras tanto."),
        )
    return Punto("trabajador", nombre, "bien", _("En marcha: %(n)s.", n=len(vivos)))


def cola(leida: Lectura) -> Punto:
    nombre, vieja = _("Cola de trabajos"), leida.cifras.oldest_job
    edad = leida.now - vieja if vieja is not None else dt.timedelta()
    if edad < COLA_LENTA:
        return Punto("cola", nombre, "bien", _("En espera: %(n)s.", n=leida.cifras.waiting))
    dice = _("En espera: %(n)s; el más viejo lleva %(t)s.", n=leida.cifras.waiting, t=lapso(edad))
    return Punto(
        "cola",
        nombre,
        "falla" if edad >= COLA_PARADA else "aviso",
        dice,
        _("Revise que el trabajador corra, o arranque otro."),
    )


def temporizadores(leida: Lectura) -> Punto:
    nombre, viejo = _("Temporizadores"), leida.cifras.oldest_timer
    tarde = leida.now - viejo if viejo is not None else dt.timedelta()
    if tarde < TIMER_TARDE:
        return Punto(
            "temporizadores",
            nombre,
            "bien",
            _("Pendientes: %(n)s, ninguno tarde.", n=leida.cifras.timers),
        )
    dice = _("Tarde: %(n)s; el más viejo, %(t)s.", n=leida.cifras.late, t=lapso(tarde))
    hacer = _("Revise que el trabajador corra. Los recordatorios salen solos cuando vuelva.")
    return Punto(
        "temporizadores", nombre, "falla" if tarde >= TIMER_PARADO else "aviso", dice, hacer
    )


def incidentes(leida: Lectura) -> Punto:
    n = leida.cifras.incidents
    if not n:
        return Punto("incidentes", _("Incidentes"), "bien", _("Ninguno abierto."))
    return Punto(
        "incidentes",
        _("Incidentes"),
        "aviso",
        _("Abiertos: %(n)s.", n=n),
        _("Véalos en «Incidentes»: cada uno dice qué se puede hacer."),
    )


def respaldo(leida: Lectura) -> Punto:
    nombre, horas = _("Respaldo"), ajustes().backup_hours
    hacer = _("Haga uno: flask backup ARCHIVO; y prográmelo (docs/operate.md).")
    if leida.respaldo is None:
        return Punto("respaldo", nombre, "aviso", _("No se ha hecho ninguno."), hacer)
    edad = leida.now - leida.respaldo.cuando
    dice = _(
        "Hace %(t)s, %(mb)s MB: %(a)s.",
        t=lapso(edad),
        mb=max(1, leida.respaldo.tamano // 1_000_000),
        a=leida.respaldo.archivo,
    )
    return (
        Punto("respaldo", nombre, "aviso", dice, hacer)
        if edad > dt.timedelta(hours=horas)
        else Punto("respaldo", nombre, "bien", dice)
    )


def procedimientos(leida: Lectura) -> Punto:
    nombre = _("Procedimientos")
    if not leida.procedimientos:
        return Punto(
            "procedimientos",
            nombre,
            "falla",
            _("Ninguno está en vigor."),
            _("Póngalos: flask setup, o la página «Procesos»."),
        )
    return Punto(
        "procedimientos", nombre, "bien", _("Diagramas en vigor: %(n)s.", n=leida.procedimientos)
    )


def administradores(leida: Lectura) -> Punto:
    nombre = _("Administración")
    if not leida.administradores:
        return Punto(
            "administradores",
            nombre,
            "falla",
            _("Nadie administra."),
            _("Dé la primera cuenta: flask setup."),
        )
    if leida.administradores == 1:
        dice = _("Una sola persona administra.")
        return Punto(
            "administradores",
            nombre,
            "aviso",
            dice,
            _("Dé el rol a otra: si ella falta, nadie puede reparar ni dar cuentas."),
        )
    return Punto(
        "administradores",
        nombre,
        "bien",
        _("Personas que administran: %(n)s.", n=leida.administradores),
    )


SE_NOMBRAN: Final = 5


def segundo_del_ingreso(leida: Lectura) -> Punto:
    """Those who have none do nothing before they put one."""
    codigo, nombre, exigen = (
        "segundo_factor",
        _("Segundo factor"),
        ajustes().second_factor,
    )
    if leida.roles_mal_escritos:
        dice = _(
            "SECOND_FACTOR nombra roles que no hay: %(r)s.", r=", ".join(leida.roles_mal_escritos)
        )
        return Punto(
            codigo,
            nombre,
            "falla",
            dice,
            _("Corrija el ajuste: hoy no se le exige a nadie con ese nombre."),
        )
    if not exigen:
        return Punto(codigo, nombre, "bien", _("Ningún rol lo exige (SECOND_FACTOR)."))
    if leida.sin_segundo:
        quienes, mas = (
            ", ".join(leida.sin_segundo[:SE_NOMBRAN]),
            ", …" if leida.sin_segundo[SE_NOMBRAN:] else "",
        )
        dice = _("Falta a personas a cuyo rol se le exige: %(p)s.", p=f"{quienes}{mas}")
        return Punto(
            codigo,
            nombre,
            "aviso",
            dice,
            _("Ventanilla se lo pide al entrar, y hasta entonces no hacen nada más."),
        )
    return Punto(codigo, nombre, "bien", _("Lo tienen todas las personas a cuyo rol se le exige."))


def aplicaciones(leida: Lectura) -> Punto:
    """Those of before open nothing but the page on which they are put anew."""
    codigo, nombre, cuantas = "aplicaciones", _("Aplicaciones de códigos"), leida.con_sha1
    if not cuantas:
        return Punto(codigo, nombre, "bien", _("Ninguna hace sus códigos con SHA-1."))
    dice = ngettext(
        "Con SHA-1, de antes: la de %(num)s persona.",
        "Con SHA-1, de antes: las de %(num)s personas.",
        cuantas,
    )
    if ajustes().totp_sha1:
        return Punto(codigo, nombre, "bien", f"{dice} {_('Se permiten (TOTP_SHA1).')}")
    return Punto(
        codigo,
        nombre,
        "aviso",
        dice,
        _("Al entrar, Ventanilla les pide activarla otra vez; hasta entonces no hacen nada más."),
    )


def testigos(leida: Lectura) -> Punto:
    """Whoever holds the database and the keys can make another past, but not one that a witness has
    not seen."""
    nombre, firmado = _("Testigos del registro"), leida.registro
    if firmado is None:
        return Punto("testigos", nombre, "bien", _("Todavía no se ha firmado nada."))
    propios = {t.name: t.every for t in servicios().testigos}
    if not propios:
        hacer = _(
            "Ponga una carpeta de otro equipo, un buzón o un servidor testigo en EVIDENCE_WITNESSES (docs/evidence.md)."
        )
        return Punto(
            "testigos", nombre, "aviso", _("Nadie fuera de la base guarda lo firmado."), hacer
        )
    vistos = {t.name: t for t in firmado.witnesses}
    for propio, cada in propios.items():
        visto = vistos.get(propio)
        if visto is not None and visto.fault in (WitnessFault.AHEAD, WitnessFault.REFUSED):
            adelante = visto.fault == WitnessFault.AHEAD
            dice = (
                _("%(t)s vio un registro más largo que este.", t=propio)
                if adelante
                else _("%(t)s vio otro registro.", t=propio)
            )
            return Punto(
                "testigos",
                nombre,
                "falla",
                dice,
                _("La base puede ser de antes, o de otro pasado: flask evidence verify lo dice."),
            )
        if (
            visto is None
            or visto.seen is None
            or (visto.size < firmado.size and leida.now - firmado.at > TESTIGO_TARDE + cada)
        ):
            dice = _("%(t)s no ha visto lo último que se firmó.", t=propio)
            return Punto(
                "testigos",
                nombre,
                "aviso",
                dice,
                _("Revise que el trabajador lo alcance: cada hora lo intenta."),
            )
    return Punto(
        "testigos", nombre, "bien", _("Vieron lo último que se firmó: %(t)s.", t=", ".join(propios))
    )


def firma(leida: Lectura) -> Punto:
    """Whether the log of the evidence is signed here, or by another process, who alone has the
    key."""
    nombre = _("Registro firmado")
    try:
        hallada = llave.llaves()
    except (llave.LlaveMala, OSError):
        dice = _(
            "%(f)s no tiene una llave, o no es solo de su dueño (chmod 600).", f=llave.archivo()
        )
        return Punto(
            "firma",
            nombre,
            "aviso",
            dice,
            _("Devuelva la copia que guardó, o haga otra: flask evidence key."),
        )
    if (
        hallada is None
        and leida.registro is not None
        and (hace := leida.now - leida.registro.at) <= TESTIGO_TARDE
    ):
        return Punto(
            "firma",
            nombre,
            "bien",
            _("Lo firma otro proceso; la última vez, hace %(t)s.", t=lapso(hace)),
        )
    if hallada is None:
        hacer = _(
            "Haga la llave: flask evidence key, en el equipo del trabajador que firma (docs/evidence.md)."
        )
        return Punto("firma", nombre, "aviso", _("Aquí no hay llave: este equipo no firma."), hacer)
    return Punto("firma", nombre, "bien", str(hallada.publicas.current[0]))


DE_LA_BASE: Final[Sequence[Callable[[Lectura], Punto]]] = (
    trabajador,
    cola,
    temporizadores,
    incidentes,
    respaldo,
    procedimientos,
    administradores,
    segundo_del_ingreso,
    aplicaciones,
    firma,
    testigos,
)


# --- the database itself --------------------------------------------------------------------------
def versiones() -> tuple[str, str]:
    """Of the tables there, and of those that this program knows. DBAPIError: the database is
    away."""
    with servicios().db.connect() as conexion:
        hay = sa.inspect(conexion).has_table("alembic_version")
        version = (
            conexion.scalar(sa.text("SELECT version_num FROM alembic_version")) if hay else None
        )
    return str(version or ""), version_propia()


def version_propia() -> str:
    """ "": this application was made without migrations, and so are its tables."""
    migraciones = current_app.extensions.get("migrate")
    return _cabeza(str(migraciones.directory)) if migraciones is not None else ""


@cache
def _cabeza(carpeta: str) -> str:
    """Its files are read once: they are those of the program."""
    return str(ScriptDirectory(carpeta).get_current_head())


def migraciones() -> Punto:
    nombre, (hay, propia) = _("Tablas"), versiones()
    if hay == propia:
        return Punto(
            "migraciones",
            nombre,
            "bien",
            _("Las de Ventanilla %(p)s, versión %(v)s.", p=VERSION, v=hay),
        )
    dice = (
        _("Son de la versión %(v)s y este programa es de la %(p)s.", v=hay, p=propia)
        if hay
        else _("Todavía no están.")
    )
    return Punto(
        "migraciones",
        nombre,
        "falla",
        dice,
        _("Corra: flask setup en un lugar nuevo, flask db upgrade en uno que ya trabajaba."),
    )


def base() -> list[Punto]:
    """How it is set up, how large it is, and what its clock says."""
    db = servicios().db
    with db.connect() as conexion:
        if db.dialect.name == "postgresql":
            return [*_postgresql(conexion), _resguardo(conexion)]
        archivo = Path(str(db.url.database))
        tamano = archivo.stat().st_size if archivo.is_file() else 0
        version = conexion.scalar(sa.text("SELECT sqlite_version()"))
        return [
            Punto(
                "base",
                _("Base de datos"),
                "bien",
                _(
                    "SQLite %(v)s, %(mb)s MB: un equipo, un trabajador.",
                    v=version,
                    mb=tamano // 1_000_000,
                ),
            ),
            _resguardo(conexion, archivo),
        ]


def _resguardo(conexion: sa.Connection, archivo: Path | None = None) -> Punto:
    """What is written once: whether those who serve people could change it."""
    nombre = _("Lo que se escribe una vez")
    if tablas := reads.evidence.changeable(conexion):
        dice = _("Esta cuenta de la base puede cambiar lo ya escrito: %(t)s.", t=", ".join(tablas))
        cuentas_aparte = _(
            "Dé a la web y al trabajador las cuentas de deploy/postgresql/roles.sql (docs/operate.md)."
        )
        return Punto(
            "resguardo",
            nombre,
            "aviso",
            dice,
            _("Corra: flask db upgrade.") if archivo is not None else cuentas_aparte,
        )
    if archivo is not None and archivo.is_file() and archivo.stat().st_mode & 0o077:
        return Punto(
            "resguardo",
            nombre,
            "aviso",
            _("Otros de este equipo pueden leer la base."),
            _("Corra: chmod 600 %(f)s", f=archivo),
        )
    return Punto("resguardo", nombre, "bien", _("Nadie que atiende puede cambiarlo ni borrarlo."))


def _postgresql(conexion: sa.Connection) -> Iterable[Punto]:
    nombre = _("Base de datos")
    version = conexion.scalar(sa.text("SHOW server_version"))
    tamano = int(conexion.scalar(sa.text("SELECT pg_database_size(current_database())")))
    yield Punto(
        "base",
        nombre,
        "bien",
        _("PostgreSQL %(v)s, %(mb)s MB.", v=str(version).split(" ")[0], mb=tamano // 1_000_000),
    )
    for ajuste, vale, porque in DE_POSTGRESQL:
        hay = str(conexion.scalar(sa.text(f"SHOW {ajuste}")))
        if hay != vale:
            yield Punto(
                f"base_{ajuste}",
                nombre,
                "aviso",
                _("%(a)s está en «%(h)s»: %(p)s.", a=ajuste, h=hay, p=porque),
                _("Póngalo en «%(v)s».", v=vale),
            )
    maximas = int(conexion.scalar(sa.text("SHOW max_connections")))
    if maximas < CONEXIONES * 4:
        dice = _("Admite %(n)s conexiones; cada proceso usa hasta %(c)s.", n=maximas, c=CONEXIONES)
        yield Punto(
            "base_conexiones",
            nombre,
            "aviso",
            dice,
            _("Suba max_connections a %(n)s o más.", n=CONEXIONES * 4),
        )
    callada = int(str(conexion.scalar(sa.text("SHOW tcp_keepalives_idle"))))
    if (servicios().db.url.host or "/")[0] != "/" and not 0 < callada <= SEGUNDOS_CALLADA:
        dice = _(
            "Un equipo que se apaga de golpe deja ocupado lo que tenía hasta %(n)s segundos.",
            n=callada or "7200",
        )
        yield Punto(
            "base_equipos",
            nombre,
            "aviso",
            dice,
            _("Aplique deploy/postgresql/roles.sql (tcp_keepalives_idle y los que siguen)."),
        )
    suyo = conexion.scalar(sa.text("SELECT clock_timestamp()"))
    desfase = abs((suyo - servicios().clock.now()).total_seconds())
    if desfase > DESFASE:
        dice = _(
            "El reloj de la base y el de este equipo difieren %(s)s segundos.", s=round(desfase)
        )
        yield Punto(
            "reloj",
            _("Reloj"),
            "falla",
            dice,
            _("Sincronice los dos con NTP: los plazos se cuentan con ellos."),
        )


# --- this machine ---------------------------------------------------------------------------------
def disco() -> Punto:
    try:
        uso = shutil.disk_usage(current_app.instance_path)
    except OSError:
        dice = _("No se puede mirar la carpeta %(c)s.", c=current_app.instance_path)
        return Punto(
            "disco",
            _("Disco"),
            "falla",
            dice,
            _("Revise que exista y que la cuenta que corre Ventanilla pueda leerla (INSTANCE)."),
        )
    parte = uso.free / uso.total
    dice = _(
        "Libres %(l).0f de %(t).0f GB en %(c)s.",
        l=uso.free / GB,
        t=uso.total / GB,
        c=current_app.instance_path,
    )
    if parte >= DISCO_POCO:
        return Punto("disco", _("Disco"), "bien", dice)
    hacer = _("Libere espacio o agrande el disco: cuando se llena, nada se guarda.")
    return Punto("disco", _("Disco"), "falla" if parte < DISCO_NADA else "aviso", dice, hacer)


def carpetas() -> list[Punto]:
    puntos = []
    for carpeta in (Path(current_app.instance_path), Path(current_app.instance_path) / "archivos"):
        if carpeta.exists() and not os.access(carpeta, os.W_OK | os.X_OK):
            dice = _("No se puede escribir en %(c)s.", c=carpeta)
            puntos.append(
                Punto(
                    "carpetas",
                    _("Carpetas"),
                    "falla",
                    dice,
                    _("Dé permiso de escritura a la cuenta que corre Ventanilla."),
                )
            )
    return puntos or [
        Punto(
            "carpetas",
            _("Carpetas"),
            "bien",
            _("Se puede escribir en %(c)s.", c=current_app.instance_path),
        )
    ]


def filtradas_del_lugar() -> Punto | None:
    """The lists of breached passwords, that of the program and that of the agency; None: it has
    none."""
    ruta, nombre = ajustes().breached_passwords, _("Contraseñas robadas")
    try:
        filtradas.comunes()
    except OSError:
        dice = _(
            "Falta la lista de contraseñas que viene con Ventanilla (%(f)s).", f=filtradas.COMUNES
        )
        return Punto(
            "filtradas",
            nombre,
            "falla",
            dice,
            _("Instale el programa otra vez: mientras tanto nadie cambia su contraseña."),
        )
    if not ruta:
        return None
    try:
        cuantas = filtradas.mirar(Path(ruta))
    except (OSError, filtradas.ListaMala):
        dice = _(
            "La lista %(f)s no se puede leer, o no es la de Have I Been Pwned en orden de SHA-1.",
            f=ruta,
        )
        hacer = _(
            "Póngala otra vez (BREACHED_PASSWORDS): mientras tanto nadie cambia su contraseña."
        )
        return Punto("filtradas", nombre, "falla", dice, hacer)
    return Punto("filtradas", nombre, "bien", _("La lista tiene unas %(n)s.", n=numero(cuantas)))


def navegadores() -> Punto | None:
    """What whoever has no second factor shows in a browser that they have not entered from; None:
    in a demo nobody minds."""
    codigo, nombre = "navegadores", _("Navegadores nuevos")
    if ajustes().new_browser == "mail":
        return Punto(
            codigo,
            nombre,
            "bien",
            _("Piden la contraseña y un enlace por correo, a quien no tiene segundo factor."),
        )
    if ajustes().demo:
        return None
    dice = _(
        "Quien no tiene segundo factor entra desde cualquier navegador con su contraseña sola."
    )
    return Punto(
        codigo,
        nombre,
        "aviso",
        dice,
        _("Ponga el servidor de correo y NEW_BROWSER=mail (docs/access.md)."),
    )


def direccion() -> Punto:
    dicha = ajustes().base_url
    partes = urlsplit(dicha)
    if partes.scheme == "https" or partes.hostname in ("127.0.0.1", "localhost", "::1"):
        return Punto("direccion", _("Dirección"), "bien", dicha)
    hacer = _(
        "Ponga un certificado en el proxy y una BASE_URL con https: sin él, las contraseñas pasan a la vista por la red."
    )
    permitida = ajustes().demo or (partes.hostname or "") in ajustes().trusted
    return Punto(
        "direccion",
        _("Dirección"),
        "aviso" if permitida else "falla",
        _("%(d)s no va cifrada.", d=dicha),
        hacer,
    )


def certificado(now: dt.datetime) -> Punto | None:
    """Of BASE_URL, as browsers meet it; None: there is none. It is looked at every few minutes: a
    proxy that is away costs seconds."""
    mirado = _CERTIFICADOS.get(ajustes().base_url)
    if mirado is None or abs(now - mirado[0]) > CADA_CERTIFICADO:
        mirado = _CERTIFICADOS[ajustes().base_url] = (now, _certificado(now))
    return mirado[1]


def _certificado(now: dt.datetime) -> Punto | None:
    partes, nombre = urlsplit(ajustes().base_url), _("Certificado")
    if partes.scheme != "https" or not partes.hostname:
        return None
    hacer = _("Renuévelo en el proxy que recibe a las personas (docs/operate.md).")
    try:
        contexto = ssl.create_default_context(cafile=ajustes().tls_ca or None)
        with (
            socket.create_connection(
                (partes.hostname, partes.port or 443), timeout=ESPERA
            ) as linea,
            contexto.wrap_socket(linea, server_hostname=partes.hostname) as cifrada,
        ):
            vence = dt.datetime.fromtimestamp(
                ssl.cert_time_to_seconds(str((cifrada.getpeercert() or {})["notAfter"])), dt.UTC
            )
    except ssl.SSLCertVerificationError as error:
        return Punto(
            "certificado", nombre, "falla", _("No sirve: %(e)s.", e=error.verify_message), hacer
        )
    except (OSError, KeyError, ValueError):
        dice = _("%(d)s no contesta desde este equipo, y no se sabe cuándo vence.", d=partes.netloc)
        return Punto(
            "certificado",
            nombre,
            "aviso",
            dice,
            _("Revise el proxy y que su nombre se conozca aquí."),
        )
    dias = (vence - now).days
    dice = _("Vence en %(n)s días, el %(f)s.", n=dias, f=f"{vence:%Y-%m-%d}")
    return (
        Punto("certificado", nombre, "aviso", dice, hacer)
        if dias < CERTIFICADO
        else Punto("certificado", nombre, "bien", dice)
    )


#: Their URL names the key: it may lie in another file.
CON_LLAVE_APARTE: Final = ("DATABASE_URL", "CCTEX_URL")


def propios(now: dt.datetime) -> Punto | None:
    """Certificates by which this process enters databases and systems: who renews them may have
    stopped. None: it has none."""
    vistos = [
        (ajuste, *_propio(Path(archivo), now, ajuste)) for ajuste, archivo in ajustes().certificados
    ]
    if not vistos:
        return None
    como = max((como for _ajuste, como, _dice in vistos), key=("bien", "aviso", "falla").index)
    dice = "; ".join(f"{ajuste}: {dicho}" for ajuste, _como, dicho in vistos)
    hacer = (
        _("Renuévelo: cuando venza, nada entra allá por él (docs/security.md).")
        if como != "bien"
        else ""
    )
    return Punto("certificado_propio", _("Certificados propios"), como, dice, hacer)


def _propio(archivo: Path, now: dt.datetime, ajuste: str) -> tuple[Como, str]:
    try:
        suyo = tls.certificate(archivo)
    except (OSError, ValueError):
        return "falla", _("no se puede leer %(f)s", f=archivo)
    try:
        if ajuste not in CON_LLAVE_APARTE:
            tls.client(own=str(archivo))
    except (
        OSError
    ):  # each connection goes on with the one of before, and a process that begins anew has none
        return "falla", _("%(f)s no lleva la llave de su certificado", f=archivo)
    desde, vence = suyo.not_valid_before_utc, suyo.not_valid_after_utc
    if vence <= now:
        return "falla", _("venció el %(f)s", f=f"{vence:%Y-%m-%d}")
    # one of a day is renewed every few hours
    pronto = vence - now < min(dt.timedelta(days=CERTIFICADO), (vence - desde) / 3)
    return "aviso" if pronto else "bien", _(
        "vence en %(n)s, el %(f)s", n=lapso(vence - now), f=f"{vence:%Y-%m-%d}"
    )


def correo(salud: Salud | None) -> Punto:
    nombre = _("Correo")
    if salud is None or not salud.conectado:
        return Punto(
            "correo", nombre, "aviso", _("No hay servidor de correo."), _("Diga cuál: flask setup.")
        )
    if salud.disponible:
        return Punto("correo", nombre, "bien", _("Responde en %(ms)s ms.", ms=salud.ms))
    dice = _("No responde: %(p)s (%(d)s).", p=por_que_no(salud.causa), d=said(salud.detalle))
    return Punto(
        "correo",
        nombre,
        "aviso",
        dice,
        _("Revise servidor, cuenta y cifrado: flask setup. Lo que se envíe espera."),
    )


def lapso(cuanto: dt.timedelta) -> str:
    """ "47 segundos", "6 minutos", "5 horas", "3 días"."""
    segundos = max(0, round(cuanto.total_seconds()))
    for unidad, nombre in ((86_400, _("días")), (3_600, _("horas")), (60, _("minutos"))):
        if segundos >= 2 * unidad:
            return f"{segundos // unidad} {nombre}"
    return f"{segundos} {_('segundos')}"


def calendario(now: dt.datetime) -> Punto:
    """Whose hour and holidays hold here: what was answered wrong shows in the next holiday."""
    nombre, hoy = _("Hora y festivos"), dia_local(now)
    dias = {**de_ley(hoy.year), **de_ley(hoy.year + 1)}
    if (proximo := min((d for d in dias if d >= hoy), default=None)) is None:
        dice = _("No se sabe ningún festivo de %(p)s en este año ni en el que viene.", p=ZONA.pais)
        return Punto(
            "calendario",
            nombre,
            "aviso",
            dice,
            _("Corrija PAIS (docs/configuration.md), o ponga los días en «Calendario»."),
        )
    en = {"z": ZONA.key, "p": ZONA.pais, "d": fecha(proximo, hoy), "n": dias[proximo]}
    return Punto(
        "calendario", nombre, "bien", _("%(z)s, festivos de %(p)s; el próximo, %(d)s: %(n)s.", **en)
    )


# --- together -------------------------------------------------------------------------------------
def comprobacion(now: dt.datetime) -> Punto | None:
    """What this place found the last time that it checked what is signed; None: it signs
    nothing."""
    codigo, nombre = "comprobacion", _("Comprobación del registro")
    try:
        if not llave.archivo().exists():
            return None
        leido = comprobado.leer()
    except PermissionError:
        return None  # of another account of this machine, which signs
    except OSError:
        dice = _("No se pudo leer %(f)s.", f=comprobado.archivo())
        return Punto(codigo, nombre, "aviso", dice, _("Compruebe a mano: flask evidence verify."))
    malos = [(h.cuando, clase, h.fallas) for clase, h in leido.hallados.items() if h.fallas]
    if malos:
        cuando, clase, fallas = max(malos)
        dice = _(
            "%(c)s halló fallas el %(d)s: %(n)s.", c=ORDENES[clase], d=momento(cuando), n=fallas
        )
        hacer = _(
            "Guarde la base como está, corra esa orden para ver cuáles son y avise a cumplimiento (docs/evidence.md)."
        )
        return Punto(codigo, nombre, "falla", dice, hacer)
    todo = [
        leido.hallados[clase] for clase in (Clase.TODO, Clase.CADENAS) if clase in leido.hallados
    ]
    ultimo = max((h.cuando for h in leido.hallados.values()), default=None)
    hacer = _(
        "El trabajador del equipo que firma lo hace cada hora, y de noche todo; o ahora: flask evidence verify."
    )
    if ultimo is None or len(todo) < len((Clase.TODO, Clase.CADENAS)):
        return Punto(codigo, nombre, "aviso", _("Todavía no se ha comprobado todo."), hacer)
    completo = min(h.cuando for h in todo)
    como: Como = (
        "aviso" if now - ultimo > COMPROBADO_TARDE or now - completo > TODO_TARDE else "bien"
    )
    dice = _(
        "Sin fallas: todo, el %(t)s; lo nuevo, el %(u)s.", t=momento(completo), u=momento(ultimo)
    )
    return Punto(codigo, nombre, como, dice, hacer if como == "aviso" else "")


def del_lugar(now: dt.datetime) -> list[Punto]:
    """Whatever needs no database."""
    puntos = (
        disco(),
        *carpetas(),
        calendario(now),
        direccion(),
        certificado(now),
        propios(now),
        comprobacion(now),
        filtradas_del_lugar(),
        navegadores(),
    )
    return [p for p in puntos if p is not None]


def novedades(now: dt.datetime) -> list[Novedad]:
    """What the worker's look of each minute found for administrators. Who has one account to
    administer with is not told each day."""
    s = servicios()
    with s.uow.reading() as session:
        lectura = leer(session, now)
    puntos = [f(lectura) for f in (trabajador, cola, temporizadores, respaldo)] + [disco()]
    puntos += [p for p in (testigos(lectura),) if p.como == "falla"]
    puntos += [p for p in (certificado(now), propios(now)) if p is not None]
    puntos += [p for p in (comprobacion(now),) if p is not None and p.como == "falla"]
    return [Novedad(p.codigo, p.dice, p.hacer) for p in puntos if p.como != "bien"]
