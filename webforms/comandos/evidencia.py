"""`flask evidence`: the log that is signed, so that who holds the database cannot make another past
(docs/evidence.md)."""

import os
import sys
from pathlib import Path

import click
import orjson
import sqlalchemy as sa
from flask.cli import AppGroup

from common.language import marked, said
from common.notes import BadNote, Checkpoint
from engine.reads.evidence import (
    ALL,
    LogFault,
    cosigned,
    export,
    proofs,
    standing,
    tiled,
    verify_log,
)
from engine.reads.verification import verify
from records.casos.tablas import Caso
from records.expedientes import indices
from records.sistemas.vigiladas import VIGILADAS
from webforms.base.ajustes import ajustes
from webforms.base.servicios import servicios
from webforms.comandos import llaves
from webforms.comandos.consola import Falla, Uso, del_sistema, quien
from webforms.evidencia import cadenas, comprobado, llave
from webforms.evidencia.comprobado import Clase
from webforms.evidencia.llave import Llaves, nuevo

evidence = AppGroup(
    "evidence",
    help=marked("El registro firmado: quien tiene la base no puede inventar otro pasado."),
)

FIRMADO = "checkpoint"  #: the file of the signed tree, among tiles

CADENAS = {
    "instance": marked("instancia %(s)s"),
    "access": marked("accesos del %(s)s"),
    "note": marked("nota %(s)s"),
    "release": marked("versión %(s)s"),
    "rows": marked("constancia %(s)s de lo que se escribió"),
    "rows_run": marked("constancias %(s)s de lo que se escribió"),
    "row": marked("fila %(s)s"),
    "state": marked("tareas, plazos y formularios de la instancia %(s)s"),
    "act": marked("fila del diario de la instancia %(s)s"),
    "view": marked("fila de los accesos del %(s)s"),
    "checkpoint": marked("firma del registro de tamaño %(s)s"),
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
    "seal": marked("no la hizo este programa"),
    "invented": marked("nadie la escribió por este programa"),
    "between": marked("otro la cambió, y después este programa la escribió de nuevo"),
}


DEL_TESTIGO = {
    "away": marked("no contesta; el trabajador lo intenta cada hora"),
    "refused": marked("vio antes otra cosa, o no conoce este registro"),
    "ahead": marked("vio un registro más largo que este: la base es de antes"),
}


def frase(falla: LogFault) -> str:
    return f"{said(CADENAS[falla.kind], s=falla.subject)}: {said(FALLAS[falla.what])}"


def _llaves() -> Llaves:
    halladas = llaves.de_aqui()
    if halladas is None:
        raise Falla(
            said("No hay llave en %(f)s: hágala con flask evidence key.", f=llave.archivo())
        )
    return halladas


@evidence.command(
    "key", help=marked("Hace la llave que firma el registro, una vez, y dice la pública.")
)
@click.option(
    "--nombre",
    "--name",
    "nombre",
    default="",
    help=marked("Cómo se llama el registro. Si falta, por la dirección de este lugar."),
)
@click.option(
    "--renovar",
    "--renew",
    "renovar",
    is_flag=True,
    help=marked("Otras en su lugar; las de antes valen hasta lo que firmaron."),
)
def hacer_llave(nombre: str, *, renovar: bool) -> None:
    try:
        hechas = _renovadas() if renovar else llave.nuevas(nombre)
    except BadNote as malo:
        raise Uso(
            said("«%(n)s» no puede ser el nombre de un registro: sin espacios ni «+».", n=nombre)
        ) from malo
    except FileExistsError:
        hechas = _llaves()
    except OSError as error:
        raise Falla(
            said("No se pudo escribir %(f)s: %(e)s", f=llave.propio(), e=del_sistema(error))
        ) from error
    else:
        click.echo(
            said(
                "Las llaves privadas quedaron en %(f)s. Guarde una copia fuera de este equipo, y nunca en la base.",
                f=llave.archivo(),
            )
        )
        if ajustes().evidence_credential is not None:
            click.echo(
                said(
                    "Llévelas al almacén antes de arrancar el trabajador que firma: ventanilla-secret import."
                )
            )
    click.echo(said("Llaves públicas, para quien comprueba:"))
    for dicha in hechas.dichas:
        click.echo(dicha)


def _renovadas() -> Llaves:
    """What is there is signed with the old ones for the last time. The worker that signs must be
    stopped meanwhile (docs/evidence.md)."""
    antes = _llaves()
    _firmado(antes)
    with servicios().uow.reading() as session:
        firmado = standing(session)
    return llave.renovadas(antes, firmado.size if firmado is not None else 0)


def _firmado(llaves: Llaves) -> str:
    firmado = servicios().engine.evidence.try_checkpoint(
        llaves.firmantes, now=servicios().clock.now()
    )
    if firmado is None:
        raise Falla(said("Otro proceso está firmando: pruebe otra vez."))
    return firmado


@evidence.command("checkpoint", help=marked("Mira todas las cadenas y firma el registro."))
@click.option(
    "--a",
    "--to",
    "destino",
    type=click.Path(path_type=Path),
    help=marked("Archivo en que queda lo firmado, fuera de la base."),
)
def firmar(destino: Path | None) -> None:
    firmado = _firmado(_llaves())
    if destino is not None:
        _escrito(destino, firmado)
    click.echo(firmado, nl=False)
    fallas = [
        (t.name, servicios().engine.evidence.show_to(t, now=servicios().clock.now()))
        for t in servicios().testigos
    ]
    for nombre, falla in fallas:
        if falla is not None:
            click.echo(f"{nombre}: {said(DEL_TESTIGO[falla])}", err=True)
    if any(falla is not None for _nombre, falla in fallas):
        sys.exit(1)


@evidence.command(
    "verify",
    help=marked("Comprueba lo firmado, y cada cadena contra lo que el registro vio de ella."),
)
@click.option(
    "--contra",
    "--against",
    "guardados",
    multiple=True,
    type=click.Path(path_type=Path),
    help=marked("Algo firmado que está fuera."),
)
@click.option(
    "--llave",
    "--key",
    "publicas",
    multiple=True,
    help=marked("Llave pública, cada una como la dice flask evidence key. Si faltan, las de aquí."),
)
@click.option(
    "--nuevo",
    "--new",
    "solo_nuevo",
    is_flag=True,
    help=marked("Solo lo que se hizo desde la última comprobación sin fallas de este equipo."),
)
def comprobar(guardados: tuple[Path, ...], publicas: tuple[str, ...], *, solo_nuevo: bool) -> None:
    """Where the keys are what was found is kept beside them; the next check of what is new begins
    there (webforms/evidencia/comprobado.py)."""
    juego = llaves.dadas(publicas) if publicas else _llaves().publicas
    if not juego.current:
        raise Uso(said("Falta la llave que firma ahora: solo están las de antes."))
    if solo_nuevo and publicas:
        raise Uso(
            said("--nuevo continúa lo que comprobó el equipo que tiene las llaves: sin --llave.")
        )
    fuera = [_firmado_fuera(guardado) for guardado in guardados]
    ilegibles = []
    try:
        for testigo in servicios().testigos:
            de_este = testigo.kept()
            fuera += [nota for nota in de_este if _dice_un_arbol(nota)]
            ilegibles += [testigo.name for nota in de_este if not _dice_un_arbol(nota)]
        desde = comprobado.leer().hasta if solo_nuevo else ALL
    except OSError as error:
        raise Falla(
            said("No se pudo leer lo firmado: %(e)s", e=f"{error.filename}: {del_sistema(error)}.")
        ) from error
    with servicios().uow.reading_one_state() as session:
        informe = verify_log(session, juego, [*fuera, *cosigned(session)], VIGILADAS, desde)
        de_las_cadenas = verify(session, since=desde.size).faults if solo_nuevo else ()
    fallas = [*map(frase, informe.faults), *map(cadenas.frase, de_las_cadenas)]
    fallas += [
        said("%(f)s guarda un archivo que ya no es lo que se firmó", f=nombre)
        for nombre in ilegibles
    ]
    dicho = {"n": informe.entries - desde.size, "c": informe.covered, "f": informe.checkpoints}
    if desde.size:
        click.echo(
            said("%(n)s entradas nuevas; las anteriores ya se comprobaron aquí", n=dicho["n"])
        )
    else:
        click.echo(said("%(n)s entradas, %(c)s bajo la última de %(f)s firmas", **dicho))
    if informe.rows is not None:
        click.echo(said("%(n)s filas, cada una contra su última constancia", n=informe.rows))
    else:
        click.echo(
            said(
                "OJO: las filas no tienen constancias en esta base; comienzan con flask db upgrade."
            ),
            err=True,
        )
    for falla in fallas:
        click.echo(falla, err=True)
    if not publicas:  # after they are said: the disk may not take it
        comprobado.anotar(
            Clase.NUEVO if solo_nuevo else Clase.TODO,
            len(fallas),
            servicios().clock.now(),
            informe.checked,
        )
    if fallas:
        sys.exit(1)
    if not informe.checkpoints:
        raise Falla(said("Todavía no se ha firmado nada: no hay contra qué comprobar."))
    click.echo(said("Lo nuevo está completo.") if desde.size else said("Lo firmado está completo."))


def _firmado_fuera(guardado: Path) -> str:
    """What somebody kept. A file that says no tree is a mistake of who typed its name and no fault
    of the log, which administrators would be told of."""
    try:
        dicho = guardado.read_text("utf-8", errors="replace")
    except OSError as error:
        raise Falla(
            said("No se pudo leer lo firmado: %(e)s", e=f"{guardado}: {del_sistema(error)}.")
        ) from error
    if not _dice_un_arbol(dicho):
        raise Falla(
            said("%(f)s no es algo firmado de un registro: no se comprobó nada.", f=guardado)
        )
    return dicho


def _dice_un_arbol(nota: str) -> bool:
    try:
        Checkpoint.of(nota)
    except BadNote:
        return False
    return True


@evidence.command(
    "proof", help=marked("La prueba de un caso, que se abre con la llave pública y nada más.")
)
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
        except OSError as error:
            raise Falla(
                said("No se pudo escribir %(f)s: %(e)s", f=carpeta, e=del_sistema(error))
            ) from error
        _escrito(carpeta / f"{instancia}.tlog-proof", prueba)
        click.echo(str(carpeta / f"{instancia}.tlog-proof"))


@evidence.command(
    "tiles",
    help=marked("Lo firmado como archivos que cualquiera puede publicar y comprobar (tlog-tiles)."),
)
@click.option(
    "--a",
    "--to",
    "carpeta",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=marked("Carpeta en que quedan."),
)
def en_losas(carpeta: Path) -> None:
    """What lies there is never written again, and must be the same; the signature comes last: who
    reads meanwhile finds what it covers."""
    nuevos = hallados = 0
    try:
        with servicios().uow.reading_one_state() as session:
            firmado = standing(session)
            if firmado is not None and _tamano(carpeta / FIRMADO) > firmado.size:
                raise Falla(
                    said(
                        "%(f)s es de un registro más largo que este: no se cambió.",
                        f=carpeta / FIRMADO,
                    )
                )
            for ruta, contenido in tiled(session):
                archivo, hallados = carpeta / ruta, hallados + 1
                if archivo.is_file() and archivo.read_bytes() == contenido:
                    continue
                if archivo.is_file() and ruta != FIRMADO:
                    raise Falla(said("%(f)s es de otro registro: no se cambió.", f=archivo))
                archivo.parent.mkdir(parents=True, exist_ok=True)
                _puesto(archivo, contenido)
                nuevos += 1
    except OSError as error:
        raise Falla(
            said(
                "No se pudo escribir %(f)s: %(e)s",
                f=error.filename or carpeta,
                e=del_sistema(error),
            )
        ) from error
    if not hallados:
        raise Falla(said("Todavía no se ha firmado nada."))
    click.echo(said("%(n)s archivos nuevos en %(f)s.", n=nuevos, f=carpeta))


def _escrito(archivo: Path, contenido: str) -> None:
    """Falla: what lay there is as it was."""
    try:
        if archivo.exists() and not archivo.is_file():
            # a device, a pipe; of a folder the system says so
            archivo.write_text(contenido, "utf-8")
            return
        _puesto(archivo.resolve(), contenido.encode())
    except OSError as error:
        raise Falla(
            said("No se pudo escribir %(f)s: %(e)s", f=archivo, e=del_sistema(error))
        ) from error


def _puesto(archivo: Path, contenido: bytes) -> None:
    """Whole, or what lay there stays."""
    aparte = archivo.with_name(f".{archivo.name}.{os.getpid()}")
    try:
        aparte.write_bytes(contenido)
        aparte.replace(archivo)
    finally:
        aparte.unlink(missing_ok=True)


def _tamano(archivo: Path) -> int:
    """Of the tree that lies there; 0: none."""
    try:
        return Checkpoint.of(archivo.read_text("utf-8")).size
    except (FileNotFoundError, BadNote, UnicodeDecodeError):
        return 0


@evidence.command(
    "export",
    help=marked(
        "Todo lo que prueba un caso, para comprobarlo sin este programa (verifier/ventanilla_verify.py)."
    ),
)
@click.argument("caso", metavar=marked("CASO"))
@click.option(
    "--a",
    "--to",
    "destino",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=marked("Archivo en que queda, que no debe existir."),
)
def exportar(caso: str, destino: Path) -> None:
    s = servicios()
    with s.uow.reading_one_state() as session:
        expediente = session.scalar(sa.select(Caso.case_key).where(Caso.radicado == caso)) or caso
        hallado = export(session, expediente)
        if hallado is not None and (suyos := indices.exportados(session, expediente)):
            hallado["indexes"] = suyos
    if hallado is None:
        raise Falla(said("No hay un caso «%(c)s».", c=caso))
    s.engine.log_access(quien(), "exportacion_evidencia", expediente, now=s.clock.now())
    try:
        nuevo(destino, orjson.dumps(hallado, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise Falla(
            said("No se pudo escribir %(f)s: %(e)s", f=destino, e=del_sistema(error))
        ) from error
    sin = sum(not parte["proof"] for parte in hallado["instances"])
    if sin:
        click.echo(said("Instancias que todavía no están bajo una firma: %(n)s.", n=sin), err=True)
    click.echo(str(destino))
