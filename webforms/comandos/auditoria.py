"""`flask audit verify` proves every chain, exits 1 and names what is broken; `flask sample redraw`
draws a sample again."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from common.faults import is_outage
from common.language import marked, said
from engine.reads.verification import lenient, verify
from records.auditorias import auditorias, muestras
from records.base.comprobaciones import ILEGIBLE, Verificados
from records.casos import archivos
from records.casos.tablas import Caso
from records.comites import comites
from records.cuentas.separacion import probadas
from records.derechos import derechos
from records.escritos import envios
from records.informes import meses, reportes
from records.interventoria import interventoria
from records.retencion import eliminaciones
from records.sistemas import paginas
from records.sistemas.puertos import DepositoFallido
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.documentos.archivos import ArchivoDistinto
from webforms.evidencia import comprobado, llave, separacion
from webforms.evidencia.accesos import del_caso
from webforms.evidencia.cadenas import frase
from webforms.evidencia.comprobado import Clase
from webforms.expedientes import indices


def _expediente(session: Session, caso: str | None) -> str | None:
    """People know a case by its number."""
    hallado = (
        session.scalar(sa.select(Caso.case_key).where(Caso.radicado == caso))
        if caso is not None
        else None
    )
    return hallado or caso


def _de_archivos(session: Session, case_key: str | None) -> Verificados:
    """Files against the store, each read again."""
    esperados = archivos.guardados(session, case_key)
    return Verificados(len(esperados), tuple(_distintos(esperados)))


def _distintos(esperados: Mapping[str, str]) -> Iterator[str]:
    """Files that are not in the store as they were handed in."""
    almacen = servicios().archivos
    for sha256, nombre in esperados.items():
        try:
            almacen.leer(sha256)
        except ArchivoDistinto as distinto:
            que = said("falta") if distinto.falta else said("su contenido cambió")
            yield said("archivo «%(n)s» (%(h)s…): %(que)s", n=nombre, h=sha256[:16], que=que)
        except ILEGIBLE:
            yield said(
                "archivo «%(n)s» (%(h)s…): %(que)s", n=nombre, h=sha256[:16], que=said("falta")
            )
        except DepositoFallido as falla:
            que = said("el depósito no responde (%(d)s)", d=said(falla.detalle))
            yield said("archivo «%(n)s» (%(h)s…): %(que)s", n=nombre, h=sha256[:16], que=que)


audit = AppGroup("audit", help=marked("Comprueba la evidencia."))


COMPROBAR = marked(
    "Comprueba cadenas, meses, reportes, entregas, auditorías, actas, cartas firmadas, páginas citadas, archivos, índices y actas de "
    "eliminación."
)
DE_UN_CASO = marked("%(n)s accesos a este caso")
#: What stands on the chains, of all cases, and how it is called with how many there are.
DE_TODOS: Final[Sequence[tuple[Callable[[Session], Verificados], str]]] = (
    (meses.verificar_todos, marked("%(n)s versiones de meses cerrados")),
    (reportes.verificar, marked("%(n)s reportes e informes mensuales")),
    (auditorias.verificar, marked("%(n)s auditorías semanales, cada muestra vuelta a sacar")),
    (
        interventoria.verificar,
        marked("%(n)s paquetes, actas y pasos de la entrega a la Interventoría"),
    ),
    (comites.verificar, marked("%(n)s actas del Comité de Calidad")),
    (envios.verificar, marked("%(n)s cartas firmadas y expedientes archivados")),
    (paginas.verificar, marked("%(n)s copias de páginas citadas")),
    (eliminaciones.verificar, marked("%(n)s actas de eliminación, cada una con su inventario")),
    (derechos.verificar, marked("%(n)s actas de solicitudes de datos")),
)
#: The same of one case, or of all.
DE_CADA_CASO: Final[Sequence[tuple[Callable[[Session, str | None], Verificados], str]]] = (
    (_de_archivos, marked("%(n)s archivos, leídos de nuevo")),
    (indices.verificar, marked("%(n)s índices electrónicos, contra lo que hay en cada expediente")),
)


def _vistos(session: Session, expediente: str) -> Verificados:
    """How many accesses to one case there are, whose chain is looked at with those of all."""
    return Verificados(len(del_caso(session, expediente)), ())


def _hechos(session: Session, expediente: str | None) -> Iterator[tuple[str, Verificados]]:
    """Each by itself: what one cannot read hides nothing of the others."""
    for verifica, dicho in DE_TODOS if expediente is None else ():
        yield dicho, _hecho(partial(verifica, session), dicho)
    for de_caso, dicho in DE_CADA_CASO:
        yield dicho, _hecho(partial(de_caso, session, expediente), dicho)


def _hecho(verifica: Callable[[], Verificados], dicho: str) -> Verificados:
    """What it found; where it cannot even tell one row from the other, that."""
    try:
        return verifica()
    except ILEGIBLE as error:
        if is_outage(error):
            raise
        return Verificados(0, (said("%(f)s: no se pudieron comprobar", f=said(dicho, n="?")),))


@audit.command("verify", help=COMPROBAR)
@click.option(
    "--caso",
    "--case",
    "caso",
    help=marked("Solo las cadenas de este caso: su radicado o su expediente."),
)
def verificar(caso: str | None) -> None:
    with servicios().uow.reading_one_state() as session, lenient(session):
        expediente = _expediente(session, caso)
        informe = verify(session, expediente)
        if caso is not None and not informe.instances:
            raise Falla(said("No existe el caso «%(c)s»: no se comprobó nada.", c=caso))
        if not informe.instances and not informe.access_rows and not informe.faults:
            raise Falla(said("Todavía no hay casos ni accesos: no hay nada que comprobar."))
        vistos = _hecho(partial(_vistos, session, expediente), DE_UN_CASO) if expediente else None
        hechos = list(_hechos(session, expediente))
    accesos = (
        said("%(n)s accesos", n=informe.access_rows)
        if vistos is None
        else said(DE_UN_CASO, n=vistos.cuantos)
    )
    contados = {
        "i": informe.instances,
        "a": informe.journal_rows,
        "f": informe.forms,
        "b": informe.erased,
        "accesos": accesos,
    }
    click.echo(
        said(
            "%(i)s instancias, %(a)s asientos, %(f)s formularios (%(b)s borrados por acto), %(accesos)s",
            **contados,
        )
    )
    if caso is not None:
        click.echo(
            said(
                "La cadena de los accesos es una sola, de todos los casos: se comprueba sin --caso."
            )
        )
    for dicho, hecho in hechos:
        if hecho.cuantos:
            click.echo(said(dicho, n=hecho.cuantos))
    todos = [*((vistos,) if vistos is not None else ()), *(hecho for _dicho, hecho in hechos)]
    for espera in (espera for hecho in todos for espera in hecho.esperan):
        click.echo(said("Espera su próxima versión: %(f)s", f=espera))
    fallas = [frase(falla) for falla in informe.faults]
    fallas += [
        said("No está como se hizo: %(f)s", f=falta) for hecho in todos for falta in hecho.faltas
    ]
    for falla in fallas:
        click.echo(falla, err=True)
    if caso is None and llave.archivo().exists():  # after they are said: the disk may not take it
        comprobado.anotar(Clase.CADENAS, len(fallas), servicios().clock.now())
    if fallas:
        sys.exit(1)
    click.echo(
        said(
            "Todas las cadenas están completas. Contra lo firmado las compara flask evidence verify."
        )
    )


SEPARAR = marked(
    "Prueba la separación de funciones sobre todos los casos ejecutados: cada regla, lo que tocó, violaciones e intentos rechazados."
)


@audit.command("segregation", help=SEPARAR)
def separar() -> None:
    with servicios().uow.reading_one_state() as session:
        reglas = separacion.reglas(session)
        rotas = [(k.rule, v) for k in separacion.pruebas(session) for v in k.violations]
        de_registros = [
            (separacion.de_registros(r, ()).nombre, v)
            for r in probadas(session)
            for v in r.violaciones
        ]
    for r in reglas:
        marca = said("ROTA") if r.violaciones else "ok" if r.casos else said("sin casos")
        cuantos = {"c": r.casos, "v": r.violaciones, "i": r.rechazados}
        dicho = said("%(c)s casos, %(v)s violaciones, %(i)s intentos rechazados", **cuantos)
        click.echo(f"{marca:10}{r.nombre} ({r.donde}): {dicho}")
    for regla, v in rotas:
        hizo = {
            "q": v.person,
            "a": regla.other,
            "b": regla.element,
            "c": v.case_key,
            "d": f"{v.other_at:%Y-%m-%d}, {v.at:%Y-%m-%d}",
        }
        click.echo(said("%(q)s hizo %(a)s y %(b)s en el caso %(c)s (%(d)s)", **hizo), err=True)
    for nombre, x in de_registros:
        click.echo(f"{nombre}: {x.quien} ({x.cuando:%Y-%m-%d})", err=True)
    if any(r.violaciones for r in reglas):
        sys.exit(1)


sample = AppGroup("sample", help=marked("Muestras de las auditorías semanales."))


OTRA_VEZ = marked(
    "Vuelve a sacar la muestra de una semana (2026-W48) de la población guardada, y dice si sale la misma."
)


@sample.command("redraw", help=OTRA_VEZ)
@click.argument("semana", metavar=marked("SEMANA"))
def volver_a_sacar(semana: str) -> None:
    with servicios().uow.reading_one_state() as session:
        auditoria = auditorias.de_semana(session, semana)
        if auditoria is None:
            raise Falla(
                said("No hay auditoría de la semana «%(s)s»: se escribe como 2026-W48.", s=semana)
            )
        vuelta, poblacion = muestras.volver_a_sacar(session, auditoria), auditoria.n_poblacion
    click.echo(
        said(
            "población %(n)s, huella %(h)s, semilla %(s)s",
            n=poblacion,
            h=vuelta.huella,
            s=vuelta.semilla,
        )
    )
    for codigo in vuelta.salen:
        click.echo(codigo)
    for codigo in vuelta.faltan:
        click.echo(said("Se sacó entonces y no sale ahora: %(c)s", c=codigo), err=True)
    for codigo in vuelta.sobran:
        click.echo(said("Sale ahora y no se sacó entonces: %(c)s", c=codigo), err=True)
    if not poblacion:
        click.echo(said("No hubo atenciones: no hay muestra que sacar."))
        return
    if not vuelta.es_la_misma:
        sys.exit(1)
    click.echo(said("Sale la misma: %(n)s de %(n)s iguales.", n=vuelta.iguales))
    if not vuelta.poblacion_hoy:
        click.echo(
            said(
                "La población de hoy no es la guardada: después cambió alguna atención de esa semana."
            )
        )
