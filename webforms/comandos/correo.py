"""`flask mail bounces`: reads what came back to the mailbox, and says what it did about each."""

import mailbox
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext

from common.language import marked, said
from records.correo import correos
from records.correo.correos import Leido
from records.correo.reglas.correos import MAX_REBOTE
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.correo.rebotes import anotar

Lector = Callable[[bytes], Leido]
#: What a message was taken for → how many of them, in words.
DICHAS = {
    correos.PERMANENTE: marked("dejaron su dirección como dudosa"),
    correos.TEMPORAL: marked("temporales: solo se anotaron"),
    correos.AJENO: marked("no responden a un correo nuestro: nada cambió"),
    correos.ILEGIBLE: marked("no se entienden como devolución: nada cambió"),
    "": marked("ya se habían leído"),
}


def comando(leer: Lector) -> click.Group:
    """app.py gives who reads a message: it knows our seals."""

    @click.group("mail", help=marked("El correo que sale y el que vuelve."))
    def mail() -> None:
        """The group."""

    @mail.command(
        help=marked(
            "Lee los correos devueltos de un buzón mbox, de un maildir, o de la entrada (-), que es un solo mensaje."
        )
    )
    @click.option(
        "--mailbox",
        "mbox",
        type=click.Path(path_type=Path),
        help=marked("Archivo mbox; - lee un mensaje de la entrada."),
    )
    @click.option(
        "--maildir",
        type=click.Path(path_type=Path),
        help=marked("Carpeta maildir; lo leído queda como leído."),
    )
    @with_appcontext
    def bounces(mbox: Path | None, maildir: Path | None) -> None:
        hechos: Counter[str] = Counter()
        s = servicios()
        for crudo in _mensajes(mbox, maildir):
            hechos[anotar(s.engine, leer(crudo), s.clock.now())] += 1
        click.echo(said("%(n)s mensajes leídos.", n=hechos.total()))
        for clase, dicho in DICHAS.items():
            if hechos[clase]:
                click.echo(f"{hechos[clase]:>6} {said(dicho)}")

    return mail


def _mensajes(mbox: Path | None, maildir: Path | None) -> Iterator[bytes]:
    if (mbox is None) == (maildir is None):
        raise Falla(
            said("Diga de dónde se leen: --mailbox ARCHIVO, --mailbox - o --maildir CARPETA.")
        )
    if mbox == Path("-"):
        yield sys.stdin.buffer.read(MAX_REBOTE + 1)
        return
    donde = mbox or maildir or Path()
    try:
        if mbox is not None:
            if not mbox.is_file():
                raise Falla(said("No hay un buzón en %(d)s.", d=mbox))
            caja: mailbox.Mailbox[mailbox.Message] = mailbox.mbox(mbox, create=False)
        else:
            if not (donde / "new").is_dir():
                raise Falla(said("No hay un maildir en %(d)s.", d=donde))
            caja = mailbox.Maildir(donde, create=False)
        with closing(caja):
            for clave in list(caja.iterkeys()):
                yield caja.get_bytes(clave)
                if isinstance(caja, mailbox.Maildir):
                    _leido(caja, clave)
    except (OSError, mailbox.Error) as error:
        raise Falla(said("No se puede leer %(d)s: %(e)s.", d=donde, e=error)) from error


def _leido(caja: "mailbox.Maildir", clave: str) -> None:
    mensaje = caja[clave]
    mensaje.set_subdir("cur")
    mensaje.add_flag("S")
    caja[clave] = mensaje
