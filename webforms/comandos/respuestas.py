"""What `flask setup` is answered: in a file, or asked on a terminal. Every answer is looked at when
it is given."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common.language import language, marked, said
from records.base.errores import DatoInvalido
from records.base.reglas.entidad import Entidad
from records.cuentas import cuentas
from records.cuentas.reglas.cuentas import falla_de_correo, falla_de_nombre, falla_de_usuario
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.lugares import entidad
from records.paquetes.reglas.paquete import carpetas
from records.plazos.reglas.calendario import ZONA
from webforms.base.catalogos import IDIOMAS
from webforms.base.servicios import servicios
from webforms.comandos import ajustes
from webforms.comandos.ajustes import AjustesMalos
from webforms.comandos.consola import exigir_tablas

#: Beside settings, what a file of answers may hold.
ADMIN, PROCEDIMIENTOS, CATALOGO, ENTIDAD = "admin", "procedures", "catalog", "agency"
#: as answered → as kept
DE_LA_ENTIDAD: Final = {"name": "nombre", "id": "nit", "city": "ciudad", "office": "dependencia"}
DE_LA_CUENTA: Final = ("user", "name", "mail", "hours")
ENTRADA: Final = Path("-")
CADUCA: Final = (1, 24 * 7)  # hours that a link may last
#: What is asked on a terminal, in this order, with its words.
PREGUNTAS: Final[Mapping[str, str]] = {
    "database_url": marked(
        "Base de datos (postgresql://cuenta:clave@equipo/base, o sqlite:////ruta/archivo.db)"
    ),
    "base_url": marked("Dirección que abrirán las personas"),
    "idioma": marked("Idioma de quien no haya elegido otro (%(i)s)"),
    "zona": marked("Zona horaria"),
    "pais": marked("País de los festivos, como CO, o una región suya, como ES-MD"),
    "smtp_host": marked("Servidor de correo (vacío: sin correo por ahora)"),
}
DEL_CORREO: Final[Mapping[str, str]] = {
    "smtp_port": marked("Puerto del correo"),
    "smtp_tls": marked("Cifrado del correo (no, starttls o tls)"),
    "smtp_user": marked("Usuario del correo (vacío: ninguno)"),
    "smtp_password": marked("Contraseña del correo"),
    "smtp_from": marked("Remitente, como Atención <atencion@entidad.gov.co>"),
}
#: the procedure whose points, areas, norms and kinds of cases come with the product
CON_CATALOGO: Final = "m5_1_02"


@dataclass(frozen=True, slots=True)
class Lugar:
    """What app.py gives: where the settings are kept, where procedures lie, how an application and
    its job tables are made."""

    ruta: Path
    procedimientos: Path
    #: of these settings; a ClickException says which makes no sense
    crear: Callable[[Mapping[str, str]], Flask]
    migrar: Callable[[Flask], None]  #: the tables of the job library
    fijos: frozenset[str] = frozenset()  #: settings that the environment says, whatever is answered

    @contextmanager
    def abierto(self, puestos: Mapping[str, str]) -> Iterator[Flask]:
        """An application of these settings, at work; its connections are closed behind it."""
        app = self.crear(puestos)
        with app.app_context():
            try:
                yield app
            finally:
                servicios().db.dispose()

    def paquetes(self) -> list[str]:
        """Folders with a manifest."""
        return [carpeta.name for carpeta in carpetas(self.procedimientos)]


@dataclass(frozen=True, slots=True)
class Administrador:
    usuario: str
    nombre: str
    correo: str
    horas: int = 24


@dataclass(slots=True)
class Pedido:
    """What was answered; what was not stays as it is."""

    ajustes: dict[str, str] = field(default_factory=dict)
    admin: Administrador | None = None
    entidad: Entidad | None = None
    procedimientos: list[str] = field(default_factory=list)
    catalogo: bool | None = None


# --- answers --------------------------------------------------------------------------------------
def leer(archivo: Path, lugar: Lugar) -> Pedido:
    """The file of answers: settings, `[agency]`, `[admin]`, `procedures`, `catalog`.
    AjustesMalos."""
    dicho = ajustes.tabla(_bytes(archivo), archivo)
    admin, procedimientos, catalogo = (
        dicho.pop(ADMIN, None),
        dicho.pop(PROCEDIMIENTOS, []),
        dicho.pop(CATALOGO, None),
    )
    agencia = dicho.pop(ENTIDAD, None)
    if catalogo is not None and not isinstance(catalogo, bool):
        raise AjustesMalos(said("%(f)s: «%(n)s» se espera true o false.", f=archivo, n=CATALOGO))
    if not isinstance(procedimientos, list) or not all(isinstance(p, str) for p in procedimientos):
        raise AjustesMalos(
            said(
                '%(f)s: «%(n)s» se espera una lista, como ["%(p)s"].',
                f=archivo,
                n=PROCEDIMIENTOS,
                p=CON_CATALOGO,
            )
        )
    return Pedido(
        ajustes.valores(dicho, str(archivo)),
        _administrador(admin) if admin is not None else None,
        _entidad(agencia) if agencia is not None else None,
        [_paquete(p, lugar) for p in procedimientos],
        catalogo,
    )


def _bytes(archivo: Path) -> bytes:
    """What it holds; `-` is the input, as a container is given it: nobody else reads that, so it
    has no mode to look at."""
    if archivo == ENTRADA:
        return sys.stdin.buffer.read(ajustes.TOPE)
    ajustes.exigir_reservado(archivo)
    return archivo.read_bytes()[: ajustes.TOPE]


def _paquete(nombre: str, lugar: Lugar) -> str:
    if nombre not in lugar.paquetes():
        hay = ", ".join(lugar.paquetes()) or said("ninguno")
        raise AjustesMalos(
            said("No hay un procedimiento «%(p)s». Los que hay: %(hay)s.", p=nombre[:60], hay=hay)
        )
    return nombre


def _entidad(dicha: Any) -> Entidad:
    if (
        not isinstance(dicha, dict)
        or not set(dicha) <= set(DE_LA_ENTIDAD)
        or not all(isinstance(v, str) for v in dicha.values())
    ):
        raise AjustesMalos(
            said(
                "[%(p)s]: se esperan %(q)s, cada uno un texto.",
                p=ENTIDAD,
                q=", ".join(DE_LA_ENTIDAD),
            )
        )
    try:
        return entidad.revisar(Entidad(**{DE_LA_ENTIDAD[k]: v for k, v in dicha.items()}))
    except DatoInvalido as falla:
        raise AjustesMalos(f"[{ENTIDAD}]: {falla}") from falla


def _administrador(dicho: Any) -> Administrador:
    if not isinstance(dicho, dict) or not set(dicho) <= set(DE_LA_CUENTA):
        raise AjustesMalos(said("[%(p)s]: se esperan %(n)s.", p=ADMIN, n=", ".join(DE_LA_CUENTA)))
    horas = dicho.get("hours", 24)
    if isinstance(horas, bool) or not isinstance(horas, int) or not CADUCA[0] <= horas <= CADUCA[1]:
        raise AjustesMalos(
            said(
                "[%(p)s] hours: el enlace puede durar entre %(a)s y %(b)s horas.",
                p=ADMIN,
                a=CADUCA[0],
                b=CADUCA[1],
            )
        )
    textos = {n: " ".join(str(dicho.get(n, "")).split()) for n in ("user", "name", "mail")}
    for nombre, revisar in DE_CUENTA.items():
        if porque := revisar(textos[nombre]):
            raise AjustesMalos(f"[{ADMIN}] {nombre}: {porque}")
    return Administrador(textos["user"], textos["name"], textos["mail"], horas)


DE_CUENTA: Final[Mapping[str, Callable[[str], str]]] = {
    "user": falla_de_usuario,
    "name": falla_de_nombre,
    "mail": falla_de_correo,
}


def preguntar(lugar: Lugar, actuales: Mapping[str, str]) -> Pedido:
    """On a terminal. What is answered wrong is asked again, with why; Enter keeps what stands
    there."""
    pedido, puestos = Pedido(), dict(actuales)

    def pedir(nombre: str, pregunta: str, propuesta: str = "", *, oculta: bool = False) -> None:
        while True:
            dicha = said(pregunta, i=", ".join(IDIOMAS))
            dicho = click.prompt(
                dicha,
                default=puestos.get(nombre, propuesta),
                show_default=not oculta,
                hide_input=oculta,
            ).strip()
            try:
                dicho = "".join(ajustes.valores({nombre: dicho}, said("Respuesta")).values())
                lugar.crear({**puestos, nombre: dicho} if dicho else puestos)
            except (AjustesMalos, click.ClickException) as error:
                click.echo(str(error), err=True)
                continue
            if dicho != puestos.get(nombre, ""):
                pedido.ajustes[nombre] = puestos[nombre] = dicho
            return

    click.echo(
        said(
            "Ventanilla se pone en marcha aquí. Nada se escribe hasta el final; Enter deja lo que está entre corchetes."
        )
    )
    propuestas = {
        "database_url": f"sqlite:///{(lugar.ruta.parent / 'ventanilla.db').resolve()}",
        "idioma": language(),
    }
    propuestas |= {"zona": ZONA.key, "pais": ZONA.pais}
    for nombre, pregunta in PREGUNTAS.items():
        if nombre in lugar.fijos:
            click.echo(
                said("%(n)s está en el entorno, que manda: no se pregunta.", n=nombre.upper())
            )
            continue
        pedir(nombre, pregunta, propuestas.get(nombre, ""))
    if puestos.get("smtp_host"):
        propuestas = {"smtp_port": "587", "smtp_tls": "starttls"}
        for nombre, pregunta in DEL_CORREO.items():
            if nombre != "smtp_password" or puestos.get("smtp_user"):
                pedir(
                    nombre, pregunta, propuestas.get(nombre, ""), oculta=nombre == "smtp_password"
                )
    if not _hay(lugar, puestos, lambda session: entidad.leer(session).nombre):
        pedido.entidad = _preguntar_entidad()
    if not _hay(
        lugar,
        puestos,
        lambda session: cuentas.cuentas_con_rol(
            session, ADMINISTRADOR, None, servicios().clock.now()
        ),
    ):
        pedido.admin = _preguntar_cuenta()
    paquetes = lugar.paquetes()
    while paquetes:
        pregunta = said(
            "Procedimientos que se ponen en vigor (%(p)s; - ninguno)", p=", ".join(paquetes)
        )
        dicho = click.prompt(pregunta, default="-" if actuales else CON_CATALOGO)
        try:
            pedido.procedimientos = [
                _paquete(p, lugar) for p in re.split(r"[,\s]+", dicho.strip()) if p not in ("", "-")
            ]
        except AjustesMalos as error:
            click.echo(str(error), err=True)
            continue
        break
    return pedido


def _preguntar_cuenta() -> Administrador:
    dichos: dict[str, str] = {}
    palabras = {
        "user": said("Primera cuenta de administración: usuario"),
        "name": said("Su nombre"),
        "mail": said("Su correo"),
    }
    for nombre, pregunta in palabras.items():
        while True:
            dichos[nombre] = " ".join(click.prompt(pregunta).split())
            if not (porque := DE_CUENTA[nombre](dichos[nombre])):
                break
            click.echo(porque, err=True)
    return Administrador(dichos["user"], dichos["name"], dichos["mail"])


def _preguntar_entidad() -> Entidad | None:
    """None: later, on the page «Entidad»."""
    pregunta = said("Nombre de la entidad, como sale en papeles y correos (vacío: después)")
    nombre = click.prompt(pregunta, default="", show_default=False)
    if not nombre.strip():
        return None
    mas = {
        "nit": said("NIT (vacío: ninguno)"),
        "ciudad": said("Ciudad"),
        "dependencia": said("Dependencia que responde a las personas (vacío: ninguna)"),
    }
    while True:
        dicha = Entidad(
            nombre,
            **{
                k: click.prompt(pregunta, default="", show_default=False)
                for k, pregunta in mas.items()
            },
        )
        try:
            return entidad.revisar(dicha)
        except DatoInvalido as falla:
            click.echo(str(falla), err=True)
            nombre = click.prompt(said("Nombre de la entidad"))


def _hay(lugar: Lugar, puestos: Mapping[str, str], mirar: Callable[[Session], object]) -> bool:
    """In a database that is not there yet there is nothing."""
    with lugar.abierto(puestos):
        try:
            exigir_tablas()
            with servicios().uow.reading() as session:
                return bool(mirar(session))
        except (click.ClickException, DBAPIError):
            return False
