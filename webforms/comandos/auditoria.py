"""`flask audit verify` proves every chain, exits 1 and names what is broken; `flask sample redraw` draws a sample again."""

import sys
from collections.abc import Iterator
from collections.abc import Mapping

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from engine.reads.verification import verify
from records import archivos
from records import auditorias
from records import comites
from records import envios
from records import interventoria
from records import meses
from records import muestras
from records import paginas
from records import reportes
from records.puertos import DepositoFallido
from records.separacion import probadas
from records.tables import Caso
from webforms.base import separacion
from webforms.base.archivos import ArchivoDistinto
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.cumplimiento.accesos import del_caso
from webforms.cumplimiento.cadenas import frase


def _expediente(session: Session, caso: str | None) -> str | None:
    """People know a case by its number."""
    hallado = session.scalar(sa.select(Caso.case_key).where(Caso.radicado == caso)) if caso is not None else None
    return hallado or caso


def _distintos(esperados: Mapping[str, str]) -> Iterator[str]:
    """Files that are not in the store as they were handed in."""
    almacen = servicios().archivos
    for sha256, nombre in esperados.items():
        try:
            almacen.leer(sha256)
        except ArchivoDistinto as distinto:
            yield f"archivo «{nombre}» ({sha256[:16]}…): {'falta' if distinto.falta else 'su contenido cambió'}"
        except DepositoFallido as falla:
            yield f"archivo «{nombre}» ({sha256[:16]}…): el depósito no responde ({falla.detalle})"


audit = AppGroup("audit", help="Comprueba la evidencia.")


@audit.command("verify")
@click.option("--caso", help="Solo las cadenas de este caso: su radicado o su expediente.")
def verificar(caso: str | None) -> None:
    """Comprueba cadenas, meses, reportes, entregas, auditorías, actas, cartas firmadas, páginas citadas y archivos."""
    with servicios().uow.reading_one_state() as session:
        expediente = _expediente(session, caso)
        informe = verify(session, expediente)
        accesos = f"{len(del_caso(session, expediente))} accesos a este caso" if expediente else f"{informe.access_rows} accesos"
        cerrados = [(v, meses.verificar(session, v)) for v in meses.versiones(session)] if caso is None else []
        hechos = reportes.verificar(session) if caso is None else reportes.Verificados(0, ())
        semanas, malas = auditorias.verificar(session) if caso is None else (0, ())
        actas = comites.verificar(session) if caso is None else reportes.Verificados(0, ())
        cartas = envios.verificar(session) if caso is None else reportes.Verificados(0, ())
        copias = paginas.verificar(session) if caso is None else reportes.Verificados(0, ())
        entregado = interventoria.verificar(session) if caso is None else reportes.Verificados(0, ())
        esperados = archivos.guardados(session, expediente)
    if caso is not None and not informe.instances:
        raise Falla(f"No existe el caso «{caso}»: no se comprobó nada.")
    if not informe.instances and not informe.access_rows and not informe.faults:
        raise Falla("Todavía no hay casos ni accesos: no hay nada que comprobar.")
    click.echo(
        f"{informe.instances} instancias, {informe.journal_rows} asientos, {informe.forms} formularios "
        f"({informe.erased} borrados por acto), {accesos}"
    )
    if caso is not None:
        click.echo("La cadena de los accesos es una sola, de todos los casos: se comprueba sin --caso.")
    for falla in informe.faults:
        click.echo(frase(falla), err=True)
    if cerrados:
        click.echo(f"{len(cerrados)} versiones de meses cerrados")
    rotos = [(v, faltas) for v, faltas in cerrados if faltas]
    for v, faltas in rotos:
        click.echo(f"El mes {v.mes:%Y-%m}, versión {v.version}, no está como se cerró: {', '.join(faltas)}", err=True)
    if hechos.cuantos:
        click.echo(f"{hechos.cuantos} reportes e informes mensuales")
    if semanas:
        click.echo(f"{semanas} auditorías semanales, cada muestra vuelta a sacar")
    if entregado.cuantos:
        click.echo(f"{entregado.cuantos} paquetes, actas y pasos de la entrega a la Interventoría")
    if actas.cuantos:
        click.echo(f"{actas.cuantos} actas del Comité de Calidad")
    if cartas.cuantos:
        click.echo(f"{cartas.cuantos} cartas firmadas y expedientes archivados")
    if copias.cuantos:
        click.echo(f"{copias.cuantos} copias de páginas citadas")
    distintos = list(_distintos(esperados))
    if esperados:
        click.echo(f"{len(esperados)} archivos, leídos de nuevo")
    malas = (*malas, *actas.faltas, *cartas.faltas, *copias.faltas, *distintos)
    for falta in (*hechos.faltas, *malas, *entregado.faltas):
        click.echo(f"No está como se hizo: {falta}", err=True)
    if informe.faults or rotos or hechos.faltas or malas or entregado.faltas:
        sys.exit(1)
    click.echo("Todas las cadenas están completas. Los puntos de control firmados aún no existen (docs/evidence.md).")


@audit.command("segregation")
def separar() -> None:
    """Prueba la separación de funciones sobre todos los casos ejecutados: cada regla, lo que tocó, violaciones e intentos rechazados."""
    with servicios().uow.reading_one_state() as session:
        reglas = separacion.reglas(session)
        rotas = [(k.rule, v) for k in separacion.pruebas(session) for v in k.violations]
        de_registros = [(separacion.de_registros(r, ()).nombre, v) for r in probadas(session) for v in r.violaciones]
    for r in reglas:
        marca = "ROTA    " if r.violaciones else "ok      " if r.casos else "sin casos"
        click.echo(f"{marca:10}{r.nombre} ({r.donde}): {r.casos} casos, {r.violaciones} violaciones, {r.rechazados} intentos rechazados")
    for regla, v in rotas:
        click.echo(
            f"{v.person} hizo {regla.other} y {regla.element} en el caso {v.case_key} ({v.other_at:%Y-%m-%d}, {v.at:%Y-%m-%d})", err=True
        )
    for nombre, x in de_registros:
        click.echo(f"{nombre}: {x.quien} ({x.cuando:%Y-%m-%d})", err=True)
    if any(r.violaciones for r in reglas):
        sys.exit(1)


sample = AppGroup("sample", help="Muestras de las auditorías semanales.")


@sample.command("redraw")
@click.argument("semana")
def volver_a_sacar(semana: str) -> None:
    """Vuelve a sacar la muestra de una semana (2026-W48) de la población guardada, y dice si sale la misma."""
    with servicios().uow.reading_one_state() as session:
        auditoria = auditorias.de_semana(session, semana)
        if auditoria is None:
            raise Falla(f"No hay auditoría de la semana «{semana}»: se escribe como 2026-W48.")
        vuelta, poblacion = muestras.volver_a_sacar(session, auditoria), auditoria.n_poblacion
    click.echo(f"población {poblacion}, huella {vuelta.huella}, semilla {vuelta.semilla}")
    for codigo in vuelta.salen:
        click.echo(codigo)
    for codigo in vuelta.faltan:
        click.echo(f"Se sacó entonces y no sale ahora: {codigo}", err=True)
    for codigo in vuelta.sobran:
        click.echo(f"Sale ahora y no se sacó entonces: {codigo}", err=True)
    if not poblacion:
        click.echo("No hubo atenciones: no hay muestra que sacar.")
        return
    if not vuelta.es_la_misma:
        sys.exit(1)
    click.echo(f"Sale la misma: {vuelta.iguales} de {vuelta.iguales} iguales.")
    if not vuelta.poblacion_hoy:
        click.echo("La población de hoy no es la guardada: después cambió alguna atención de esa semana.")
