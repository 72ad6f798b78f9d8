"""`flask evidence`: the log that is signed, so that who holds the database cannot make another past (docs/evidence.md)."""

import sys
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from common.language import marked
from common.language import said
from common.notes import BadNote
from common.notes import Signer
from common.notes import Verifier
from engine.reads.evidence import LogFault
from engine.reads.evidence import proofs
from engine.reads.evidence import verify_log
from records.tables import Caso
from webforms.base import llave
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.comandos.consola import Uso

evidence = AppGroup("evidence", help=marked("El registro firmado: quien tiene la base no puede inventar otro pasado."))

CADENAS = {
    "instance": marked("instancia %(s)s"),
    "access": marked("accesos del %(s)s"),
    "note": marked("nota %(s)s"),
    "release": marked("versión %(s)s"),
    "": marked("registro, tamaño %(s)s"),
}
FALLAS = {
    "gap": marked("falta una entrada"),
    "tree": marked("las entradas no son las que se firmaron"),
    "signature": marked("la firma no es de esta llave, o no es de lo que dice"),
    "rolled_back": marked("el registro es más corto que lo que se firmó"),
    "removed": marked("fue borrada"),
    "cut": marked("es más corta que lo que vio el registro"),
    "rewritten": marked("no dice lo que vio el registro"),
    "facts": marked("sus datos no son los que vio el registro"),
    "unseen": marked("es de antes de la última firma, y el registro nunca la vio"),
    "content": marked("un archivo no tiene el contenido de su huella"),
}


def frase(falla: LogFault) -> str:
    return f"{said(CADENAS[falla.kind], s=falla.subject)}: {said(FALLAS[falla.what])}"


def _firmante() -> Signer:
    try:
        hallada = llave.firmante()
    except llave.LlaveMala as mala:
        falla = said("%(f)s no tiene una llave, o no es solo de su dueño (chmod 600).", f=llave.archivo())
        raise Falla(falla) from mala
    if hallada is None:
        raise Falla(said("No hay llave en %(f)s: hágala con flask evidence key.", f=llave.archivo()))
    return hallada


@evidence.command("key", help=marked("Hace la llave que firma el registro, una vez, y dice la pública."))
@click.option(
    "--nombre", "--name", "nombre", default="", help=marked("Cómo se llama el registro. Si falta, por la dirección de este lugar.")
)
def hacer_llave(nombre: str) -> None:
    try:
        hecha = llave.nueva(nombre)
    except BadNote as malo:
        raise Uso(said("«%(n)s» no puede ser el nombre de un registro: sin espacios ni «+».", n=nombre)) from malo
    except FileExistsError:
        hecha = _firmante()
    else:
        click.echo(said("La llave privada quedó en %(f)s. Guarde una copia fuera de este equipo, y nunca en la base.", f=llave.archivo()))
    click.echo(said("Llave pública, para quien comprueba:"))
    click.echo(str(hecha.verifier))


@evidence.command("checkpoint", help=marked("Mira todas las cadenas y firma el registro."))
@click.option("--a", "--to", "destino", type=click.Path(path_type=Path), help=marked("Archivo en que queda lo firmado, fuera de la base."))
def firmar(destino: Path | None) -> None:
    firmado = servicios().engine.evidence.try_checkpoint(_firmante(), now=servicios().clock.now())
    if firmado is None:
        raise Falla(said("Otro proceso está firmando: pruebe otra vez."))
    if destino is not None:
        try:
            destino.write_text(firmado, "utf-8")
        except OSError as error:
            raise Falla(said("No se pudo escribir %(f)s: %(e)s", f=destino, e=error.strerror)) from error
    click.echo(firmado, nl=False)


@evidence.command("verify", help=marked("Comprueba lo firmado, y cada cadena contra lo que el registro vio de ella."))
@click.option(
    "--contra", "--against", "guardados", multiple=True, type=click.Path(path_type=Path), help=marked("Algo firmado que está fuera.")
)
@click.option("--llave", "--key", "publicas", multiple=True, help=marked("Llave pública. Si falta, la de este lugar."))
def comprobar(guardados: tuple[Path, ...], publicas: tuple[str, ...]) -> None:
    try:
        llaves = [Verifier.read(publica) for publica in publicas] or [_firmante().verifier]
    except BadNote as mala:
        raise Uso(said("No es una llave pública de un registro.")) from mala
    try:
        fuera = [guardado.read_text("utf-8") for guardado in guardados]
    except (OSError, UnicodeDecodeError) as error:
        raise Falla(said("No se pudo leer lo firmado: %(e)s", e=error)) from error
    with servicios().uow.reading_one_state() as session:
        informe = verify_log(session, llaves, fuera)
    dicho = {"n": informe.entries, "c": informe.covered, "f": informe.checkpoints}
    click.echo(said("%(n)s entradas, %(c)s bajo la última de %(f)s firmas", **dicho))
    for falla in informe.faults:
        click.echo(frase(falla), err=True)
    if informe.faults:
        sys.exit(1)
    if not informe.checkpoints:
        raise Falla(said("Todavía no se ha firmado nada: no hay contra qué comprobar."))
    click.echo(said("Lo firmado está completo."))


@evidence.command("proof", help=marked("La prueba de un caso, que se abre con la llave pública y nada más."))
@click.argument("caso", metavar=marked("CASO"))
@click.option(
    "--a",
    "--to",
    "carpeta",
    type=click.Path(path_type=Path, file_okay=False),
    help=marked("Carpeta en que queda, un archivo por instancia."),
)
def probar(caso: str, carpeta: Path | None) -> None:
    with servicios().uow.reading_one_state() as session:
        expediente = session.scalar(sa.select(Caso.case_key).where(Caso.radicado == caso)) or caso
        pruebas = proofs(session, expediente)
    if not pruebas:
        raise Falla(said("Nada del caso «%(c)s» está bajo una firma.", c=caso))
    for instancia, prueba in pruebas:
        if carpeta is None:
            click.echo(prueba, nl=False)
            continue
        try:
            carpeta.mkdir(parents=True, exist_ok=True)
            (carpeta / f"{instancia}.tlog-proof").write_text(prueba, "utf-8")
        except OSError as error:
            raise Falla(said("No se pudo escribir %(f)s: %(e)s", f=carpeta, e=error.strerror)) from error
        click.echo(str(carpeta / f"{instancia}.tlog-proof"))
