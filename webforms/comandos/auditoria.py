"""`flask audit verify` proves every chain, exits 1 and names what is broken; `flask sample redraw` draws a sample again."""

import sys
from collections.abc import Iterator
from collections.abc import Mapping

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from common.language import marked
from common.language import said
from engine.reads.verification import verify
from records import archivos
from records import auditorias
from records import comites
from records import derechos
from records import eliminaciones
from records import envios
from records import interventoria
from records import meses
from records import muestras
from records import paginas
from records import reportes
from records.puertos import DepositoFallido
from records.separacion import probadas
from records.tables import Caso
from webforms.base import comprobado
from webforms.base import indices
from webforms.base import llave
from webforms.base import separacion
from webforms.base.archivos import ArchivoDistinto
from webforms.base.comprobado import Clase
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
            que = said("falta") if distinto.falta else said("su contenido cambió")
            yield said("archivo «%(n)s» (%(h)s…): %(que)s", n=nombre, h=sha256[:16], que=que)
        except DepositoFallido as falla:
            que = said("el depósito no responde (%(d)s)", d=said(falla.detalle))
            yield said("archivo «%(n)s» (%(h)s…): %(que)s", n=nombre, h=sha256[:16], que=que)


audit = AppGroup("audit", help=marked("Comprueba la evidencia."))


COMPROBAR = marked(
    "Comprueba cadenas, meses, reportes, entregas, auditorías, actas, cartas firmadas, páginas citadas, archivos, índices y actas de "
    "eliminación."
)


@audit.command("verify", help=COMPROBAR)
@click.option("--caso", "--case", "caso", help=marked("Solo las cadenas de este caso: su radicado o su expediente."))
def verificar(caso: str | None) -> None:

    with servicios().uow.reading_one_state() as session:
        expediente = _expediente(session, caso)
        informe = verify(session, expediente)
        vistos = len(del_caso(session, expediente)) if expediente else informe.access_rows
        cerrados = [(v, meses.verificar(session, v)) for v in meses.versiones(session)] if caso is None else []
        hechos = reportes.verificar(session) if caso is None else reportes.Verificados(0, ())
        semanas, malas = auditorias.verificar(session) if caso is None else (0, ())
        actas = comites.verificar(session) if caso is None else reportes.Verificados(0, ())
        cartas = envios.verificar(session) if caso is None else reportes.Verificados(0, ())
        copias = paginas.verificar(session) if caso is None else reportes.Verificados(0, ())
        entregado = interventoria.verificar(session) if caso is None else reportes.Verificados(0, ())
        disposiciones = eliminaciones.verificar(session) if caso is None else reportes.Verificados(0, ())
        solicitudes = derechos.verificar(session) if caso is None else reportes.Verificados(0, ())
        esperados = archivos.guardados(session, expediente)
        cerrados_en_indice = indices.verificar(session, expediente)
    if caso is not None and not informe.instances:
        raise Falla(said("No existe el caso «%(c)s»: no se comprobó nada.", c=caso))
    if not informe.instances and not informe.access_rows and not informe.faults:
        raise Falla(said("Todavía no hay casos ni accesos: no hay nada que comprobar."))
    accesos = said("%(n)s accesos a este caso", n=vistos) if expediente else said("%(n)s accesos", n=vistos)
    contados = {"i": informe.instances, "a": informe.journal_rows, "f": informe.forms, "b": informe.erased, "accesos": accesos}
    click.echo(said("%(i)s instancias, %(a)s asientos, %(f)s formularios (%(b)s borrados por acto), %(accesos)s", **contados))
    if caso is not None:
        click.echo(said("La cadena de los accesos es una sola, de todos los casos: se comprueba sin --caso."))
    if cerrados:
        click.echo(said("%(n)s versiones de meses cerrados", n=len(cerrados)))
    if hechos.cuantos:
        click.echo(said("%(n)s reportes e informes mensuales", n=hechos.cuantos))
    if semanas:
        click.echo(said("%(n)s auditorías semanales, cada muestra vuelta a sacar", n=semanas))
    if entregado.cuantos:
        click.echo(said("%(n)s paquetes, actas y pasos de la entrega a la Interventoría", n=entregado.cuantos))
    if actas.cuantos:
        click.echo(said("%(n)s actas del Comité de Calidad", n=actas.cuantos))
    if cartas.cuantos:
        click.echo(said("%(n)s cartas firmadas y expedientes archivados", n=cartas.cuantos))
    if copias.cuantos:
        click.echo(said("%(n)s copias de páginas citadas", n=copias.cuantos))
    if esperados:
        click.echo(said("%(n)s archivos, leídos de nuevo", n=len(esperados)))
    if disposiciones.cuantos:
        click.echo(said("%(n)s actas de eliminación, cada una con su inventario", n=disposiciones.cuantos))
    if solicitudes.cuantos:
        click.echo(said("%(n)s actas de solicitudes de datos", n=solicitudes.cuantos))
    if cerrados_en_indice.cuantos:
        click.echo(said("%(n)s índices electrónicos, contra lo que hay en cada expediente", n=cerrados_en_indice.cuantos))
    for espera in cerrados_en_indice.esperan:
        click.echo(said("Espera su próxima versión: %(f)s", f=espera))
    rotos = [{"m": f"{v.mes:%Y-%m}", "v": v.version, "f": ", ".join(faltas)} for v, faltas in cerrados if faltas]
    hechas = (*hechos.faltas, *malas, *actas.faltas, *cartas.faltas, *copias.faltas, *entregado.faltas)
    archivo = (*cerrados_en_indice.faltas, *disposiciones.faltas, *solicitudes.faltas)
    fallas = [frase(falla) for falla in informe.faults]
    fallas += [said("El mes %(m)s, versión %(v)s, no está como se cerró: %(f)s", **mes) for mes in rotos]
    fallas += [said("No está como se hizo: %(f)s", f=f) for f in (*hechas, *archivo, *_distintos(esperados))]
    for falla in fallas:
        click.echo(falla, err=True)
    if caso is None and llave.archivo().exists():  # after they are said: the disk may not take it
        comprobado.anotar(Clase.CADENAS, len(fallas), servicios().clock.now())
    if fallas:
        sys.exit(1)
    click.echo(said("Todas las cadenas están completas. Contra lo firmado las compara flask evidence verify."))


SEPARAR = marked(
    "Prueba la separación de funciones sobre todos los casos ejecutados: cada regla, lo que tocó, violaciones e intentos rechazados."
)


@audit.command("segregation", help=SEPARAR)
def separar() -> None:
    with servicios().uow.reading_one_state() as session:
        reglas = separacion.reglas(session)
        rotas = [(k.rule, v) for k in separacion.pruebas(session) for v in k.violations]
        de_registros = [(separacion.de_registros(r, ()).nombre, v) for r in probadas(session) for v in r.violaciones]
    for r in reglas:
        marca = said("ROTA") if r.violaciones else "ok" if r.casos else said("sin casos")
        cuantos = {"c": r.casos, "v": r.violaciones, "i": r.rechazados}
        dicho = said("%(c)s casos, %(v)s violaciones, %(i)s intentos rechazados", **cuantos)
        click.echo(f"{marca:10}{r.nombre} ({r.donde}): {dicho}")
    for regla, v in rotas:
        hizo = {"q": v.person, "a": regla.other, "b": regla.element, "c": v.case_key, "d": f"{v.other_at:%Y-%m-%d}, {v.at:%Y-%m-%d}"}
        click.echo(said("%(q)s hizo %(a)s y %(b)s en el caso %(c)s (%(d)s)", **hizo), err=True)
    for nombre, x in de_registros:
        click.echo(f"{nombre}: {x.quien} ({x.cuando:%Y-%m-%d})", err=True)
    if any(r.violaciones for r in reglas):
        sys.exit(1)


sample = AppGroup("sample", help=marked("Muestras de las auditorías semanales."))


OTRA_VEZ = marked("Vuelve a sacar la muestra de una semana (2026-W48) de la población guardada, y dice si sale la misma.")


@sample.command("redraw", help=OTRA_VEZ)
@click.argument("semana", metavar=marked("SEMANA"))
def volver_a_sacar(semana: str) -> None:
    with servicios().uow.reading_one_state() as session:
        auditoria = auditorias.de_semana(session, semana)
        if auditoria is None:
            raise Falla(said("No hay auditoría de la semana «%(s)s»: se escribe como 2026-W48.", s=semana))
        vuelta, poblacion = muestras.volver_a_sacar(session, auditoria), auditoria.n_poblacion
    click.echo(said("población %(n)s, huella %(h)s, semilla %(s)s", n=poblacion, h=vuelta.huella, s=vuelta.semilla))
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
        click.echo(said("La población de hoy no es la guardada: después cambió alguna atención de esa semana."))
