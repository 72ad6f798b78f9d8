"""`flask backup FILE` while people work; `flask restore FILE` into an empty place, proven by sums
and chains before it is used."""

import sys
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from common.accounts import SERVING
from common.language import marked, said
from common.notes import Verifier, sign
from engine.reads.verification import verify
from records.casos import archivos
from records.casos.reglas import claves
from records.sistemas import operacion
from records.sistemas.puertos import DepositoFallido
from webforms.base.servicios import servicios
from webforms.comandos import llaves
from webforms.comandos.consola import Falla, del_sistema, quien
from webforms.evidencia import llave
from webforms.evidencia.cadenas import frase
from webforms.respaldo.bases import Base, RespaldoFallido, base_de, sumas_de
from webforms.respaldo.paquete import ARCHIVOS, SECRETO_EN_DISCO, abierto, desempacar, empacar
from webforms.respaldo.sumas import diferencias

PROGRAMAS = click.option(
    "--pg-bin",
    envvar="PG_BIN",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=marked("Carpeta de pg_dump y pg_restore, de la versión del servidor o una posterior."),
)


def _url() -> str:
    return str(current_app.config["SQLALCHEMY_DATABASE_URI"])


def _secreto() -> str | None:
    """The one in force, where the place keeps it: its file may be another account's alone. None:
    the environment gives it."""
    guardado = Path(current_app.instance_path) / SECRETO_EN_DISCO
    return str(current_app.config["SECRET_KEY"]) if guardado.exists() else None


def _base(programas: Path | None) -> Base:
    return base_de(_url(), programas)


def _de_quien(
    publicas: tuple[str, ...],
) -> tuple[list[tuple[Verifier, ...]], list[tuple[Verifier, ...]]]:
    """The keys that may have signed: those given, or those that sign here; and those that did here
    before. None where there are none."""
    if publicas:
        dichas = llaves.dadas(publicas)
        return [
            juego for juego in (dichas.current, *(suyas for _hasta, suyas in dichas.past)) if juego
        ], []
    aqui = llaves.de_aqui()
    return (
        ([aqui.publicas.current], [suyas for _hasta, suyas in aqui.publicas.past])
        if aqui is not None
        else ([], [])
    )


@click.command(
    "backup",
    help=marked(
        "Guarda en FILE la base, los documentos y el secreto que esté en INSTANCE, sin detener a nadie."
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@PROGRAMAS
@click.option(
    "--without-documents",
    is_flag=True,
    help=marked("Sin el contenido de los documentos: su depósito se respalda por otro lado."),
)
@with_appcontext
def backup(file: Path, pg_bin: Path | None, *, without_documents: bool) -> None:

    todo, now = servicios(), servicios().clock.now()
    firma = llaves.de_aqui()
    todo.engine.log_access(quien(), "respaldo", file.name, now=now)
    try:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
        deposito = None if without_documents else todo.archivos.deposito
        firmar = (
            partial(sign, signers=firma.firmantes, at=int(now.timestamp()))
            if firma is not None
            else None
        )
        secreto = _secreto()
        hecho = empacar(_base(pg_bin), secreto, deposito, file.absolute(), now, firmar)
    except OSError as error:
        raise Falla(
            said(
                "No se hizo el respaldo: %(e)s",
                e=f"{error.filename or file}: {del_sistema(error)}.",
            )
        ) from error
    except DepositoFallido as error:
        raise Falla(
            said(
                "No se hizo el respaldo: el depósito de documentos no responde (%(d)s).",
                d=said(error.detalle),
            )
        ) from error
    except RespaldoFallido as error:
        raise Falla(said("No se hizo el respaldo: %(e)s", e=error)) from error
    tamano = file.absolute().stat().st_size
    todo.uow.run(lambda session: operacion.respaldado(session, file.name, tamano, quien().id, now))
    filas = sum(s.filas for s in hecho.tablas.values())
    cuantos = {"f": file, "n": filas, "t": len(hecho.tablas), "a": len(hecho.miembros)}
    click.echo(said("%(f)s: %(n)s filas de %(t)s tablas, %(a)s archivos.", **cuantos))
    with todo.uow.reading() as session:
        afuera = sum(
            f"{ARCHIVOS}/{claves.de_contenido(sha256)}" not in hecho.miembros
            for sha256 in archivos.guardados(session)
        )
    if afuera:
        porque = (
            said("respalde también su depósito")
            if without_documents
            else said("no estaban en su depósito; corra flask audit verify")
        )
        click.echo(
            said(
                "OJO: %(n)s documentos de la base no están en él: %(p)s (docs/failures.md).",
                n=afuera,
                p=porque,
            ),
            err=True,
        )
    if firma is None:
        click.echo(said("No está firmado: no hay llave (flask evidence key)."), err=True)
    if secreto is not None:
        click.echo(
            said(
                "Contiene datos personales y el secreto que firma las sesiones: guárdelo cifrado y en otro lugar."
            )
        )
    else:
        click.echo(said("Contiene datos personales: guárdelo cifrado y en otro lugar."))
    if aparte := [
        *(["SECRET_KEY"] if secreto is None else []),
        *([llave.archivo().name] if firma is not None else []),
    ]:
        click.echo(
            said(
                "No lleva %(q)s: guarde una copia aparte (docs/security.md).", q=", ".join(aparte)
            ),
            err=True,
        )


@click.command(
    "restore",
    help=marked(
        "Trae FILE a un lugar vacío (INSTANCE y DATABASE_URL), y comprueba sumas y cadenas."
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PROGRAMAS
@click.option(
    "--llave",
    "--key",
    "publicas",
    multiple=True,
    help=marked(
        "Llave pública de quien lo hizo, cada una como la dice flask evidence key. Si faltan, las de aquí."
    ),
)
@click.option(
    "--sin-firma",
    "--unsigned",
    "sin_firma",
    is_flag=True,
    help=marked("Sin comprobar quién lo hizo."),
)
@with_appcontext
def restore(file: Path, pg_bin: Path | None, publicas: tuple[str, ...], *, sin_firma: bool) -> None:

    juegos, de_antes = ([], []) if sin_firma else _de_quien(publicas)
    instancia = Path(current_app.instance_path)
    servicios().db.dispose()  # an empty SQLite file may have been opened to look into it
    try:
        with abierto(file.absolute(), instancia, juegos, de_antes) as (manifiesto, lugar):
            desempacar(lugar, manifiesto, _base(pg_bin), instancia, servicios().archivos.deposito)
    except DepositoFallido as error:
        dicho = said(
            "No se restauró entero: el depósito de documentos no responde (%(d)s). Empiece de nuevo en uno vacío.",
            d=said(error.detalle),
        )
        click.echo(dicho, err=True)
        sys.exit(1)
    except RespaldoFallido as error:
        click.echo(said("No se restauró: %(e)s. Aquí no cambió nada.", e=error), err=True)
        sys.exit(1)
    distintas = diferencias(manifiesto.tablas, sumas_de(_url()))
    with servicios().uow.reading_one_state() as session:
        informe = verify(session)
    for falla in informe.faults:
        click.echo(frase(falla), err=True)
    if distintas:
        click.echo(
            said("Estas tablas no son las del respaldo: %(t)s", t=", ".join(distintas)), err=True
        )
    if distintas or informe.faults:
        sys.exit(1)
    servicios().engine.evidence.protect(SERVING)
    servicios().engine.log_access(
        quien(),
        "restauracion",
        file.name,
        now=servicios().clock.now(),
        detail={"creado": manifiesto.creado},
    )
    filas = sum(s.filas for s in manifiesto.tablas.values())
    cuantos = {"n": filas, "t": len(manifiesto.tablas), "c": manifiesto.creado}
    click.echo(
        said(
            "Restaurado: %(n)s filas de %(t)s tablas iguales a las del respaldo del %(c)s;",
            **cuantos,
        )
    )
    click.echo(
        said(
            "%(i)s instancias y %(a)s asientos con su cadena completa.",
            i=informe.instances,
            a=informe.journal_rows,
        )
    )
    if not juegos:
        click.echo(
            said("OJO: no se comprobó quién hizo este respaldo; con su llave pública, --key."),
            err=True,
        )
