"""`flask users`: accounts from the shell, by the same functions as the page «Personas»; the actor
is who runs the command."""

from collections.abc import Callable, Sequence

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import Rechazo
from records.cuentas import personal, segundo_factor
from records.cuentas.cifrado import SIN_CLAVE
from records.cuentas.cuentas import NuevaCuenta, cuenta
from records.cuentas.enlaces_de_clave import NUEVA, PRIMERA
from records.cuentas.personal import Datos, FiltroPersonas, RolPedido
from records.cuentas.reglas.identidad import COMO, Identificado
from webforms.base import cambios
from webforms.base.servicios import servicios
from webforms.comandos.consola import quien
from webforms.cuentas import claves, doble

TODAS = 100_000
MOTIVO = click.option("--reason", required=True, help=marked("Por qué; queda en la historia."))
PAPEL = click.option(
    "--print",
    "en_papel",
    is_flag=True,
    help=marked("Muestra el enlace en vez de enviarlo por correo."),
)


@click.group(
    help=marked(
        "Las personas que entran: verlas, crearlas, darles roles y enlaces para su contraseña."
    )
)
def users() -> None:
    """The group."""


def _hacer(cambiar: Callable[[Session, Acto], Sequence[Anotado]]) -> None:
    try:
        cambios.hacer(cambiar, quien())
    except Rechazo as rechazo:
        raise click.ClickException(str(rechazo)) from rechazo


@users.command("list", help=marked("Las cuentas con sus roles."))
@with_appcontext
def list_() -> None:
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        fichas = personal.buscar(
            session, FiltroPersonas(vista="todas"), now, por_pagina=TODAS
        ).fichas
    for f in fichas:
        roles = ", ".join(f"{r.rol}@{r.ambito}" if r.ambito else r.rol for r in f.roles) or said(
            "sin rol"
        )
        como = said("activa") if f.cuenta.activo else said("inactiva")
        click.echo(
            f"{f.cuenta.usuario:24} {como:9} {f.cuenta.nombre} <{f.cuenta.correo}> · {roles}"
        )
    if not fichas:
        click.echo(said("Todavía no hay cuentas: «flask users create» hace la primera."))


@users.command(help=marked("Crea una cuenta y le da un enlace para poner su contraseña."))
@click.argument("email")
@click.option("--name", "nombre", required=True, help=marked("Nombre completo."))
@click.option(
    "--user",
    "usuario",
    default="",
    help=marked("Con qué ingresa; sin él, lo que va antes de @ en el correo."),
)
@click.option("--role", "rol", default="", help=marked("Un rol, o rol@lugar."))
@MOTIVO
@PAPEL
@with_appcontext
def create(email: str, nombre: str, usuario: str, rol: str, reason: str, **mas: bool) -> None:
    nuevo = usuario.lower() or personal.usuario_de(email)

    def crear(session: Session, acto: Acto) -> list[Anotado]:
        datos = personal.revisar_datos(Datos(nombre, email))
        cuenta_nueva = NuevaCuenta(
            nuevo, datos.nombre, datos.correo, SIN_CLAVE, claves.sesion_nueva()
        )
        hechos = [personal.crear(session, cuenta_nueva, reason, acto)]
        return (
            [*hechos, *personal.dar_rol(session, nuevo, _pedido(rol), reason, acto)]
            if rol
            else hechos
        )

    _hacer(crear)
    click.echo(said("Creada: %(u)s.", u=nuevo))
    _enlace(nuevo, en_papel=mas["en_papel"])


def _pedido(escrito: str) -> RolPedido:
    rol, _arroba, ambito = escrito.partition("@")
    return RolPedido(rol, ambito or None)


@users.command(help=marked("Da un rol: «rol», o «rol@lugar»."))
@click.argument("user")
@click.argument("role")
@MOTIVO
@with_appcontext
def role(user: str, role: str, reason: str) -> None:
    _hacer(lambda session, acto: personal.dar_rol(session, user, _pedido(role), reason, acto))
    click.echo(said("%(u)s tiene el rol %(r)s.", u=user, r=role))


@users.command(help=marked("Un enlace nuevo para que ponga su contraseña; anula los anteriores."))
@click.argument("user")
@PAPEL
@with_appcontext
def link(user: str, **mas: bool) -> None:
    _enlace(user, en_papel=mas["en_papel"])


def _enlace(usuario: str, *, en_papel: bool) -> None:
    try:
        with servicios().uow.reading() as session:
            suya = cuenta(session, usuario)
        direccion = claves.dar(
            usuario, NUEVA if suya.clave_cambiada else PRIMERA, quien(), por_correo=not en_papel
        )
    except Rechazo as rechazo:
        raise click.ClickException(str(rechazo)) from rechazo
    if en_papel:
        click.echo(said("Abra este enlace, sirve una vez: %(e)s", e=direccion))
    else:
        click.echo(said("El enlace va por correo a %(c)s.", c=suya.correo))


@users.command(
    "no-second-factor",
    help=marked("Quita el segundo factor de quien perdió el teléfono y los códigos."),
)
@click.argument("user")
@click.option(
    "--identified",
    type=click.Choice(list(COMO)),
    required=True,
    help=marked("Cómo se supo que es quien lo pide."),
)
@click.option("--confirmed-by", default="", help=marked("Usuario de quien más lo confirmó."))
@MOTIVO
@with_appcontext
def no_second_factor(user: str, identified: str, confirmed_by: str, reason: str) -> None:
    identificado = Identificado(identified, confirmed_by)
    _hacer(
        lambda session, acto: segundo_factor.quitar_de_otro(
            session, user, reason, identificado, acto
        )
    )
    click.echo(said("%(u)s entra con su contraseña sola hasta que active otro.", u=user))


@users.command(
    "close-again",
    help=marked("Cierra con el secreto de ahora los segundos factores que cerró uno de antes."),
)
@with_appcontext
def close_again() -> None:
    s = servicios()

    def cerrar(session: Session) -> tuple[int, list[str]]:
        cerrados = segundo_factor.cerrados(session)
        otra_vez = {
            usuario: doble.con_la_de_ahora(secreto) for usuario, secreto in cerrados.items()
        }
        for usuario, nuevo in otra_vez.items():
            if nuevo is not None:
                segundo_factor.cerrar_de_nuevo(session, usuario, cerrados[usuario], nuevo)
        perdidos = sorted(
            usuario for usuario, secreto in cerrados.items() if doble.abrir(secreto) is None
        )
        return sum(nuevo is not None for nuevo in otra_vez.values()), perdidos

    hechos, perdidos = s.uow.run(cerrar)
    click.echo(said("Cerrados de nuevo: %(n)s.", n=hechos))
    if perdidos:
        click.echo(
            said("No los abre ningún secreto de esta lista: %(u)s.", u=", ".join(perdidos)),
            err=True,
        )
