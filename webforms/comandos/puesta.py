"""`flask setup`: an empty database becomes a working product. It asks on a terminal, or takes a
file with the answers.

Everything is looked at before anything is written. Running it again changes only what was answered.
"""

import datetime as dt
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common.language import marked, said
from engine.errors import DeployRefused
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import Rechazo
from records.base.reglas.entidad import Entidad
from records.catalogos.catalogo import cargar_catalogo
from records.cuentas import cuentas, personal
from records.cuentas.cifrado import SIN_CLAVE
from records.cuentas.enlaces_de_clave import PRIMERA
from records.cuentas.personal import Datos, RolPedido
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.lugares import entidad
from records.sistemas.puertos import Vecino
from webforms.base import cambios
from webforms.base.palabras import por_que_no
from webforms.base.servicios import servicios
from webforms.comandos import ajustes, procedimiento
from webforms.comandos.ajustes import AjustesMalos
from webforms.comandos.consola import Falla, exigir_tablas, no_responde, quien
from webforms.comandos.despliegue import decir, modelos
from webforms.comandos.respuestas import CON_CATALOGO, Administrador, Lugar, Pedido, leer, preguntar
from webforms.cuentas import claves
from webforms.plazos import dias

MOTIVO: Final = "Puesta en marcha"
LEGIBLE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


def lugar(
    raiz: Path, crear: Callable[[Mapping[str, str]], Flask], migrar: Callable[[Flask], None]
) -> Lugar:
    """Where `flask setup` works. The environment wins over what it writes, as it does for every
    process."""
    return Lugar(
        ajustes.ruta_de(os.environ, raiz),
        raiz / "bpmn",
        lambda dichos: crear(ajustes.sobre(dichos, os.environ)),
        migrar,
        ajustes.fijos(os.environ),
    )


def comando(lugar: Lugar) -> click.Command:
    @click.command(
        "setup",
        help=marked(
            "Pone en marcha este lugar: base, dirección, correo, primera cuenta, procedimientos."
        ),
    )
    @click.option(
        "--file",
        "archivo",
        type=LEGIBLE,
        help=marked("Respuestas en TOML; nada se pregunta. Con - se leen de la entrada."),
    )
    @click.option(
        "--link",
        "cuenta",
        metavar=marked("USUARIO"),
        help=marked("Solo da otro enlace para que esta cuenta elija su contraseña."),
    )
    def setup(*, archivo: Path | None, cuenta: str | None) -> None:
        try:
            actuales = ajustes.leer(lugar.ruta)
            if cuenta is not None:
                otro_enlace(lugar, actuales, cuenta)
                return
            pedido = leer(archivo, lugar) if archivo is not None else preguntar(lugar, actuales)
        except AjustesMalos as error:
            raise Falla(str(error)) from error
        poner_en_marcha(lugar, actuales, pedido)

    return setup


# --- what is looked at before ---------------------------------------------------------------------
def revisar_base() -> None:
    """The database is there, is empty or ours, and lets us make tables. Falla says what is not
    so."""
    db = servicios().db
    try:
        with db.connect() as conexion:
            tablas = set(sa.inspect(conexion).get_table_names())
            if db.dialect.name == "postgresql":
                _revisar_postgresql(conexion)
            elif not tablas:
                conexion.execute(sa.text("CREATE TABLE prueba (n INTEGER)"))
                conexion.execute(sa.text("DROP TABLE prueba"))
    except DBAPIError as error:
        raise Falla(no_responde(error)) from error
    if tablas and "alembic_version" not in tablas:
        ajenas = ", ".join(sorted(tablas)[:3])
        raise Falla(
            said(
                "La base de datos tiene tablas que no son de Ventanilla (%(t)s). Dé una vacía, o la que ya era suya.",
                t=ajenas,
            )
        )


VERSION_MINIMA: Final = 140000  # of PostgreSQL, as it says it


def _revisar_postgresql(conexion: sa.Connection) -> None:
    version = int(conexion.scalar(sa.text("SHOW server_version_num")))
    letras = conexion.scalar(sa.text("SHOW server_encoding"))
    permisos = "SELECT has_schema_privilege('public', 'CREATE') AND has_database_privilege(current_database(), 'CREATE')"
    puede = conexion.scalar(sa.text(permisos))
    if version < VERSION_MINIMA:
        minima = VERSION_MINIMA // 10000
        raise Falla(
            said(
                "PostgreSQL %(v)s es muy viejo: se necesita %(m)s o más nuevo.",
                v=version // 10000,
                m=minima,
            )
        )
    if letras != "UTF8":
        raise Falla(
            said(
                "La base de datos guarda las letras en %(l)s: hágala otra vez con ENCODING 'UTF8'.",
                l=letras,
            )
        )
    if not puede:
        raise Falla(
            said(
                "La cuenta no puede hacer tablas en esa base. deploy/postgresql/roles.sql da los permisos que se necesitan."
            )
        )


def revisar_correo(vecinos: tuple[Vecino, ...]) -> str:
    """Nothing, or why the mail server does not do; without mail one may begin all the same."""
    salud = next((v.mirar() for v in vecinos if v.codigo == "correo"), None)
    if salud is None or salud.disponible or not salud.conectado:
        return ""
    return said(
        "El servidor de correo no sirve todavía: %(p)s (%(d)s).",
        p=por_que_no(salud.causa),
        d=said(salud.detalle),
    )


# --- doing it -------------------------------------------------------------------------------------
def poner_en_marcha(lugar: Lugar, actuales: Mapping[str, str], pedido: Pedido) -> None:
    nuevos = {n: v for n, v in {**actuales, **pedido.ajustes}.items() if v}
    if "secret_key" not in lugar.fijos:
        nuevos.setdefault("secret_key", _secreto(nuevos, lugar))
    with lugar.abierto(nuevos) as app:
        s, now = servicios(), servicios().clock.now()
        revisar_base()
        sin_correo = (
            revisar_correo(s.vecinos)
            if nuevos.get("smtp_host")
            else said("Sin servidor de correo: los enlaces se imprimen.")
        )
        if nuevos != dict(actuales):
            try:
                ajustes.escribir(lugar.ruta, nuevos)
            except OSError as error:
                raise Falla(
                    said(
                        "No se pudo escribir %(f)s: %(e)s. Nada cambió.",
                        f=lugar.ruta,
                        e=error.strerror,
                    )
                ) from error
            click.echo(
                said(
                    "Ajustes guardados en %(f)s (los lee su dueño; su grupo, si ya podía).",
                    f=lugar.ruta,
                )
            )
        upgrade()
        lugar.migrar(app)
        exigir_tablas()
        dias.leer()
        click.echo(said("Tablas al día."))
        if pedido.catalogo or (pedido.catalogo is None and CON_CATALOGO in pedido.procedimientos):
            s.uow.run(cargar_catalogo)
            click.echo(
                said(
                    "Puntos, áreas, normas, temas y series del M5-1-02 cargados; los que ya estaban siguen igual."
                )
            )
        if pedido.entidad is not None:
            _llamarla(pedido.entidad)
        for paquete in pedido.procedimientos:
            _poner_en_vigor(lugar, paquete, now)
        if pedido.admin is not None:
            _dar_cuenta(pedido.admin, por_correo=bool(nuevos.get("smtp_host")) and not sin_correo)
        if sin_correo:
            click.echo(sin_correo)
        click.echo(
            said(
                "Ahora arranquen la web (flask serve) y el trabajador (flask worker). Qué falta lo dice: flask doctor"
            )
        )


def _llamarla(dicha: Entidad) -> None:
    """Said again the same: it stays."""
    with servicios().uow.reading() as session:
        igual = entidad.leer(session) == dicha
    if not igual:
        cambios.hacer(lambda session, acto: entidad.poner(session, dicha, MOTIVO, acto), quien())
    click.echo(said("La entidad es %(n)s.", n=dicha.nombre))


def _secreto(nuevos: Mapping[str, str], lugar: Lugar) -> str:
    """The one that signs sessions and links here already, or a new one."""
    guardado = Path(nuevos.get("instance") or lugar.ruta.parent) / "secret"
    return (
        guardado.read_text("utf-8").strip() if guardado.is_file() else ""
    ) or secrets.token_urlsafe(48)


def _poner_en_vigor(lugar: Lugar, paquete: str, now: dt.datetime) -> None:
    """The whole package, as `flask procedure import` takes it: with its manifest, letters and
    lists."""
    (_leido, piezas), s = procedimiento.leer(lugar.procedimientos / paquete), servicios()
    try:
        puesto = s.engine.releases.deploy(piezas, actor=quien(), now=now, note=MOTIVO)
    except DeployRefused as refutado:
        decir(refutado.findings, modelos(piezas))
        raise Falla(
            said(
                "El procedimiento %(p)s no se puso en vigor: tiene los errores de arriba.",
                p=paquete,
            )
        ) from refutado
    if puesto.changed:
        click.echo(
            said("Procedimiento %(p)s: en vigor, entrega %(n)s.", p=paquete, n=puesto.release)
        )
    else:
        click.echo(said("Procedimiento %(p)s: ya estaba en vigor, igual.", p=paquete))


def _dar_cuenta(admin: Administrador, *, por_correo: bool) -> None:
    """The account with its role in one commit, if it is new; then its link."""
    s, actor = servicios(), quien()

    def crear(session: Session, acto: Acto) -> list[Anotado]:
        hechos = []
        if admin.usuario not in {c.usuario for c in cuentas.cuentas(session)}:
            datos = personal.revisar_datos(Datos(admin.nombre, admin.correo))
            hecha = cuentas.NuevaCuenta(
                admin.usuario, datos.nombre, datos.correo, SIN_CLAVE, claves.sesion_nueva()
            )
            hechos.append(personal.crear(session, hecha, MOTIVO, acto))
        return [
            *hechos,
            *personal.dar_rol(session, admin.usuario, RolPedido(ADMINISTRADOR), MOTIVO, acto),
        ]

    try:
        cambios.hacer(crear, actor)
    except Rechazo as rechazo:
        raise Falla(
            said("La cuenta %(u)s: %(porque)s", u=admin.usuario, porque=rechazo)
        ) from rechazo
    s.engine.log_access(actor, "cuenta_de_administracion", admin.usuario, now=s.clock.now())
    _decir_enlace(admin.usuario, dt.timedelta(hours=admin.horas), por_correo=por_correo)


def _decir_enlace(usuario: str, vigencia: dt.timedelta, *, por_correo: bool) -> None:
    enlace = claves.dar(usuario, PRIMERA, quien(), por_correo=por_correo, vigencia=vigencia)
    horas = round(vigencia.total_seconds() // 3600)
    click.echo(
        said(
            "La cuenta %(u)s elige su contraseña aquí, una sola vez y dentro de %(h)s horas:",
            u=usuario,
            h=horas,
        )
    )
    click.echo(f"  {enlace}")
    if por_correo:
        click.echo(said("El mismo enlace va en un correo, que sale cuando el trabajador corra."))


def otro_enlace(lugar: Lugar, actuales: Mapping[str, str], usuario: str) -> None:
    """For whoever administers and lost the password; anybody else asks an administrator."""
    with lugar.abierto(actuales):
        exigir_tablas()
        _decir_enlace(usuario, dt.timedelta(hours=24), por_correo=False)
