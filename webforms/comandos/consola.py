"""What every command of the shell shares: who acts, and that whatever goes wrong is said in a
sentence with an exit code.

`cubierto` goes around each command of a group: before it runs, the tables are compared with this
version of the program; what fails then, and what was typed wrong, becomes a sentence for whoever
sits there. With `flask --debug` the trace comes, too.
"""

import errno
import os
import pwd
import signal
import sys
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any, TypeVar

import click
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from common.faults import code_of, is_full, is_outage
from common.language import said
from engine.errors import EngineError
from engine.states import ActorKind
from engine.types import Actor
from records.base.errores import Rechazo
from webforms.base.ajustes import ajustes
from webforms.base.catalogos import hablando
from webforms.base.servicios import EXTENSION, servicios
from webforms.operacion import blindaje, instalacion
from webforms.plazos import dias

T = TypeVar("T")

#: SQLSTATE and the words of SQLite of a table or column that is not there.
FALTA = ("42P01", "42703", "3F000")
FALTA_EN_SQLITE = ("no such table", "no such column")
PRUEBA = sa.text("SELECT 1")
# as a shell says of a program that wrote where nobody reads any more
SIN_LECTOR = 128 + signal.SIGPIPE
SIN_ESPACIO = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Falla(click.ClickException):
    """A sentence, on the error channel, and exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class Roto(Falla):
    exit_code = 70  # of sysexits: the fault is ours


class Uso(click.UsageError):
    """What was typed wrong, and where to read how it is typed; exit code 2."""

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


def quien() -> Actor:
    """The operating system's user: what is done from the shell bears a name. Not what the
    environment says of it."""
    uid = os.getuid()
    try:
        nombre = pwd.getpwuid(uid).pw_name
    except KeyError:  # a number that nobody gave a name, as in containers
        nombre = str(uid)
    return Actor(ActorKind.SYSTEM, f"consola ({nombre})"[:80])


# --- the tables are those of this program ---------------------------------------------------------
def exigir_tablas() -> None:
    """Raises Falla: no tables, or those of another version."""
    db = servicios().db
    with db.connect() as conexion:
        conexion.execute(PRUEBA)
        tablas = set(sa.inspect(conexion).get_table_names())
        version = (
            conexion.scalar(sa.text("SELECT version_num FROM alembic_version"))
            if "alembic_version" in tablas
            else None
        )
    if version is None and {"instance", "cuenta"} <= tablas:
        return  # made without migrations, as tests do
    if version is None:
        raise Falla(
            said(
                "La base de datos todavía no tiene las tablas de Ventanilla. Corra primero: flask --app app db upgrade"
            )
        )
    escrito = ScriptDirectory(str(current_app.extensions["migrate"].directory))
    conocidas = {revision.revision for revision in escrito.walk_revisions()}
    if version < min(conocidas):
        raise Falla(
            said(
                "La base de datos es de antes de la primera versión publicada (%(v)s): este programa no la actualiza.",
                v=version,
            )
        )
    if version not in conocidas:
        raise Falla(
            said(
                "La base de datos es de una versión más nueva que este programa (%(v)s). Instale esa versión del programa.",
                v=version,
            )
        )
    if version != escrito.get_current_head():
        raise Falla(
            said(
                "La base de datos es de una versión anterior de Ventanilla (%(v)s). Corra primero: flask --app app db upgrade",
                v=version,
            )
        )


def exigir_cifrado() -> None:
    """Raises Falla: something would leave this machine in the clear, or come to it, for none of
    TRUSTED_NETWORK."""
    if ajustes().demo:
        return
    hay = [
        f"{blindaje.como_va(conexion)} {blindaje.que_hacer(conexion)}"
        for conexion in blindaje.abiertas()
    ]
    if (direccion := instalacion.direccion()).como == "falla":
        hay.append(f"{direccion.dice} {direccion.hacer}")
    if hay:
        raise Falla("\n".join(hay))


def no_responde(error: BaseException) -> str:
    """One sentence of a database that is away: where it was looked for, never with what
    password."""
    url = servicios().db.url
    if is_full(error):
        return said("El servidor de la base de datos se quedó sin espacio para guardar.")
    if url.get_backend_name() == "sqlite":
        if code_of(error).startswith("SQLITE_BUSY"):
            return said(
                "Otro proceso tiene ocupada la base de datos %(b)s. Inténtelo otra vez en un momento.",
                b=url.database,
            )
        return said(
            "No se puede abrir la base de datos %(b)s: revise que su carpeta exista y se pueda escribir (DATABASE_URL).",
            b=url.database,
        )
    lugar = f"{url.host or said('este equipo')}:{url.port or 5432}"
    return said(
        "La base de datos «%(b)s» no responde en %(l)s, o no acepta la cuenta: revise que esté en marcha y DATABASE_URL.",
        b=url.database,
        l=lugar,
    )


def frase(error: Exception) -> str | None:
    """What went wrong, for whoever sits at the shell; None: it is our fault."""
    if isinstance(error, DBAPIError) and _falta(error):
        return said(
            "A la base de datos le faltan tablas o columnas de esta versión. Corra primero: flask --app app db upgrade"
        )
    if is_outage(error):
        return no_responde(error)
    if isinstance(error, Rechazo):
        return str(error)
    if isinstance(error, EngineError):
        return said("No se hizo: %(e)s.", e=error)
    if isinstance(error, CommandError):
        return said("La migración no se hizo: %(e)s.", e=error)
    if isinstance(error, OSError):
        return f"{error.filename or said('Un archivo')}: {del_sistema(error)}."
    return None


def del_sistema(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return said("no existe")
    if isinstance(error, PermissionError):
        return said("no hay permiso para usarlo")
    if isinstance(error, IsADirectoryError):
        return said("no se puede abrir; es una carpeta")
    if isinstance(error, FileExistsError):
        return said("ya hay algo con ese nombre")
    if isinstance(error, NotADirectoryError):
        return said("en su ruta hay un archivo donde va una carpeta")
    if error.errno in SIN_ESPACIO:
        return said("no hay espacio en el disco")
    if error.errno == errno.EROFS:
        return said("está en un disco de solo lectura")
    return said("el sistema no lo permite (%(e)s)", e=error.strerror)


def _sin_salida(error: OSError) -> click.ClickException | click.exceptions.Exit | None:
    """How a command ends whose words reach nobody: quietly where who read them went away (`|
    head`), as any program. None: it was another file; what failed is told by where, for the error
    of a closed output names none."""
    donde = error.__traceback__
    while donde is not None and donde.tb_next is not None:
        donde = donde.tb_next
    if donde is None or donde.tb_frame.f_code is not click.echo.__code__ or sys.stdout is None:
        return None
    # else Python tries again when it ends
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return click.exceptions.Exit(SIN_LECTOR)
    return Falla(
        said(
            "No se pudo escribir la respuesta: %(e)s. Mire qué alcanzó a hacer antes de repetir la orden.",
            e=del_sistema(error),
        )
    )


def _falta(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in FALTA or str(error.orig).startswith(
        FALTA_EN_SQLITE
    )


# --- around each command --------------------------------------------------------------------------
def cubierto(
    comando: click.Command, *, con_tablas: bool, lengua: str, cifrado: bool = True
) -> click.Command:
    """The command for one application, which may share it with others; of a group, each of its
    commands. What it says is in `lengua`. `cifrado`: it does nothing where a connection would leave
    in the clear."""
    suyo = _traducido(comando, lengua)
    if isinstance(suyo, click.Group):
        suyo.commands = {
            nombre: cubierto(otro, con_tablas=con_tablas, lengua=lengua, cifrado=cifrado)
            for nombre, otro in suyo.commands.items()
        }
    elif suyo.callback is not None:
        suyo.callback = _dicho(suyo.callback, con_tablas=con_tablas, lengua=lengua, cifrado=cifrado)
    # click offers no place for the words of usage errors
    for leer in ("make_context", "resolve_command"):
        if hasattr(suyo, leer):
            setattr(suyo, leer, _entendido(getattr(suyo, leer), lengua))
    return suyo


def _traducido(comando: click.Command, lengua: str) -> click.Command:
    """A copy whose help is in `lengua`."""

    def dicho(texto: str | None) -> str | None:
        return said(texto) if texto else texto

    suyo = copy(comando)
    with hablando(lengua):
        suyo.help, suyo.short_help, suyo.params = (
            dicho(comando.help),
            dicho(comando.short_help),
            [copy(p) for p in comando.params],
        )
        for parametro in suyo.params:
            parametro.metavar = dicho(parametro.metavar)
            if isinstance(parametro, click.Option):
                parametro.help = dicho(parametro.help)
    return suyo


def _dicho(
    hacer: Callable[..., Any], *, con_tablas: bool, lengua: str, cifrado: bool
) -> Callable[..., Any]:
    @wraps(hacer)
    @with_appcontext
    @hablando(lengua)
    def dicho(*args: Any, **kwargs: Any) -> Any:
        if EXTENSION not in current_app.extensions:
            return hacer(*args, **kwargs)
        try:
            if cifrado:
                exigir_cifrado()
            if con_tablas:
                exigir_tablas()
                dias.leer()
            return hacer(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and (fin := _sin_salida(error)) is not None:
                raise fin from error
            if current_app.debug:
                raise
            dicha = frase(error)
            if dicha is not None:
                raise Falla(dicha) from error
            clase = type(error).__name__
            raise Roto(
                said(
                    "El programa falló, y la falla es nuestra (%(c)s). Todo el detalle: flask --debug …",
                    c=clase,
                )
            ) from error

    return dicho


def _entendido(leer: Callable[..., T], lengua: str) -> Callable[..., T]:
    """What was typed wrong, in our words: click says it in English, and in those of who made the
    program."""

    @wraps(leer)
    @hablando(lengua)
    def entendido(*args: Any, **kwargs: Any) -> T:
        try:
            return leer(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            como = said("La misma orden con --help dice cómo se usa.")
            raise Uso(f"{_uso(error)} {como}", error.ctx) from error

    return entendido


def _uso(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return said("Falta %(que)s.", que=_nombre(error.param))
    if isinstance(error, click.BadParameter):
        return said(
            "%(que)s no sirve así: se espera %(esperado)s.",
            que=_nombre(error.param),
            esperado=_esperado(error.param),
        )
    if isinstance(error, click.NoSuchOption):
        return said("No existe la opción %(que)s.", que=error.option_name)
    if isinstance(error, click.exceptions.BadOptionUsage):
        return said("A la opción %(que)s le falta o le sobra un valor.", que=error.option_name)
    return said("No se entendió la orden: sobra o falta algo.")


def _nombre(parametro: click.Parameter | None) -> str:
    if parametro is None:
        return said("un dato")
    return (
        parametro.make_metavar(click.Context(click.Command("")))
        if isinstance(parametro, click.Argument)
        else parametro.opts[0]
    )


def _esperado(parametro: click.Parameter | None) -> str:
    tipo = parametro.type if parametro is not None else None
    if isinstance(tipo, click.IntRange | click.FloatRange):
        if tipo.max is None:
            return said("un número desde %(a)s", a=tipo.min)
        return said("un número desde %(a)s hasta %(b)s", a=tipo.min, b=tipo.max)
    if isinstance(tipo, click.Path) and tipo.exists:
        return (
            said("un archivo que exista y se pueda leer")
            if tipo.file_okay
            else said("una carpeta que exista y se pueda leer")
        )
    if isinstance(tipo, click.Path):
        return (
            said("un archivo que se pueda escribir")
            if tipo.file_okay
            else said("una carpeta que se pueda escribir")
        )
    if isinstance(tipo, type(click.INT) | type(click.FLOAT)):
        return said("un número")
    return said("otro valor")
