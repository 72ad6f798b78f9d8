"""`flask procedure`: packages from the command line: begun, checked, exported, imported."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask.cli import with_appcontext

from common.language import marked, said
from engine import reads
from records.paquetes.reglas import paquete as reglas, paquete_zip
from records.paquetes.reglas.paquete import Falta, Paquete
from webforms.base.servicios import servicios
from webforms.comandos import ajenos
from webforms.comandos.consola import Falla
from webforms.comandos.despliegue import confirma_carriles, decir, decir_sin_titular, modelos, poner
from webforms.paquetes.escenarios import probar
from webforms.paquetes.faltas import frases
from webforms.paquetes.hojas import avisos_de_traducciones
from webforms.paquetes.manifiesto import escrito
from webforms.paquetes.plantilla import diagrama_vacio

SIN_PRISA = 600.0  # seconds: no page waits for it
ESTADOS = {
    "nueva": marked("nueva"),
    "cambiada": marked("cambiada"),
    "solo_aqui": marked("solo aquí, se conserva"),
}


@click.group(
    help=marked(
        "Los procedimientos como paquetes: una carpeta, o un ZIP con la huella de cada pieza."
    )
)
def procedure() -> None:
    """The group."""


def _en_vigor() -> dict[str, bytes]:
    s = servicios()
    with s.uow.reading() as session:
        numero = reads.releases.current(session, s.engine.catalog)
        return reads.releases.files(session, s.engine.catalog, numero) if numero else {}


def _rechazar(faltas: list[Falta], de: str) -> None:
    for frase in frases(faltas):
        click.echo(f"{said('Error')} · {frase}", err=True)
    raise Falla(said("«%(de)s» no es un paquete que se pueda usar.", de=de))


def leer(ruta: Path) -> tuple[Paquete, dict[str, bytes]]:
    """A package of a folder or a ZIP. Raises Falla after having said all that is wrong with it."""
    if ruta.is_dir():
        codigo = ruta.resolve().name
        try:
            piezas, faltas = reglas.archivos_de(ruta.resolve()), list[Falta]()
        except ValueError as repetida:
            piezas, faltas = {}, [Falta(ruta.name, "dos_veces", str(repetida))]
    else:
        codigo, piezas, faltas = paquete_zip.leer(ruta.read_bytes()[: paquete_zip.MAX_ZIP + 1])
    paquete, otras = reglas.leer_entero(codigo, piezas) if not faltas else (None, faltas)
    if paquete is None:
        _rechazar(otras, str(ruta))
        raise AssertionError("refused above")
    return paquete, dict(piezas)


@procedure.command("list", help=marked("Los procedimientos en vigor."))
@with_appcontext
def lista() -> None:
    for p in reglas.paquetes(_en_vigor()):
        piezas = said("%(n)s piezas", n=len(p.piezas))
        click.echo(
            f"{p.codigo:24} {p.nombre} · {p.escrito or said('sin procedimiento escrito')} · {piezas}"
        )


@procedure.command(
    help=marked("Empieza un paquete: una carpeta con su manifiesto y un diagrama de una tarea.")
)
@click.argument("carpeta", metavar=marked("CARPETA"), type=click.Path(path_type=Path))
@click.option("--name", "nombre", required=True, help=marked("Como lo llaman las personas."))
def new(carpeta: Path, nombre: str) -> None:
    codigo = carpeta.name
    if reglas.CODIGO.fullmatch(codigo) is None:
        raise Falla(frases([Falta("", "codigo", codigo)])[0])
    if not nombre.strip():
        raise Falla(said("--name: escriba el nombre del procedimiento."))
    if carpeta.exists() and any(carpeta.iterdir()):
        raise Falla(said("%(c)s ya existe y no está vacía.", c=carpeta))
    primero = f"{codigo}.bpmn"
    carpeta.mkdir(parents=True, exist_ok=True)
    (carpeta / reglas.MANIFIESTO).write_bytes(
        escrito(Paquete(codigo, nombre.strip(), modelos=(primero,)))
    )
    (carpeta / primero).write_bytes(diagrama_vacio(codigo, nombre.strip()))
    siguiente = {"c": carpeta, "p": primero, "m": reglas.MANIFIESTO}
    click.echo(
        said("%(c)s: empiece por %(p)s y %(m)s; luego flask procedure check %(c)s", **siguiente)
    )


@procedure.command(
    help=marked(
        "Revisa un paquete y prueba sus escenarios; no cambia nada. Termina con 1 si no se podría poner en vigor o uno difiere."
    )
)
@click.argument("paquete", metavar=marked("PAQUETE"), type=click.Path(exists=True, path_type=Path))
@with_appcontext
def check(paquete: Path) -> None:
    leido, piezas = leer(paquete)
    _comparar(leido, piezas)
    dichos = decir(servicios().engine.releases.check(piezas), modelos(piezas))
    if any(h.gravedad == "error" for h in dichos):
        sys.exit(1)
    decir_sin_titular(modelos(piezas))
    for aviso in avisos_de_traducciones(leido, piezas):
        click.echo(f"{said('Aviso')} · {aviso}")
    ensayados = probar(servicios().engine, leido, {**_en_vigor(), **piezas}, plazo=SIN_PRISA)
    for r in ensayados:
        click.echo(f"  {said('bien') if r.bien else said('distinto'):9} {r.nombre} ({r.archivo})")
        for diferencia in r.diferencias:
            click.echo(f"            {diferencia}")
    if not all(r.bien for r in ensayados):
        click.echo(said("Un escenario no sale como se espera."), err=True)
        sys.exit(1)
    click.echo(said("Sin errores: se puede poner en vigor."))


def _comparar(leido: Paquete, piezas: Mapping[str, bytes]) -> None:
    en_vigor = _en_vigor()
    actual = reglas.leer(leido.codigo, en_vigor)[0]
    suyas = {
        nombre: en_vigor[nombre]
        for nombre in {*(actual.piezas if actual else ()), *piezas}
        if nombre in en_vigor
    }
    diferencias = reglas.comparar(suyas, piezas)
    click.echo(f"{leido.nombre} ({leido.codigo}): {said('%(n)s piezas', n=len(piezas))}")
    for d in diferencias:
        if d.estado != "igual":
            click.echo(f"  {said(ESTADOS[d.estado]):24} {d.nombre}")
    if all(d.estado == "igual" for d in diferencias):
        click.echo("  " + said("todas iguales a las que están en vigor"))


@procedure.command(
    "import",
    help=marked(
        "Pone en vigor un paquete, todas sus piezas a la vez o ninguna. Con archivos de otro motor (.bpmn, .bpmn20.xml, .dmn, .form) "
        "escribe un paquete que nada pone en vigor, y dice qué se tradujo, qué quedó por fuera y qué debe decidir una persona."
    ),
)
@click.argument(
    "que",
    metavar=marked("PAQUETE|ARCHIVO…"),
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--note",
    "nota",
    default="",
    help=marked("Qué cambia y por qué; queda en la historia de versiones."),
)
@click.option(
    "--to",
    "carpeta",
    type=click.Path(path_type=Path),
    help=marked("De archivos de otro motor: la carpeta que se escribe."),
)
@click.option(
    "--name",
    "nombre",
    default="",
    help=marked("De archivos de otro motor: como lo llaman las personas."),
)
@confirma_carriles
@with_appcontext
def importar(
    que: tuple[Path, ...], nota: str, carpeta: Path | None, nombre: str, sin_nadie: str
) -> None:
    if all(ruta.is_file() and ruta.name.endswith(ajenos.TERMINACIONES) for ruta in que):
        ajenos.escribir(que, carpeta, nombre)
        return
    if len(que) > 1:
        raise Falla(
            said(
                "Dé un paquete (una carpeta o un ZIP), o solo archivos .bpmn, .bpmn20.xml, .dmn y .form."
            )
        )
    leido, piezas = leer(que[0])
    _comparar(leido, piezas)
    vigentes = _en_vigor()
    if any(vigentes.get(nombre) != contenido for nombre, contenido in piezas.items()):
        poner(piezas, nota or f"Paquete «{leido.nombre}»", sin_nadie)


@procedure.command(
    "export",
    help=marked(
        "Guarda como ZIP el procedimiento en vigor, con la huella de cada pieza. Sin casos ni personas."
    ),
)
@click.argument("codigo", metavar=marked("CODIGO"))
@click.option(
    "--output",
    "destino",
    type=click.Path(dir_okay=False, path_type=Path),
    help=marked("Por defecto CODIGO.zip en esta carpeta."),
)
@with_appcontext
def exportar(codigo: str, destino: Path | None) -> None:
    en_vigor = _en_vigor()
    leido, faltas = reglas.leer(codigo, en_vigor)
    if leido is None:
        _rechazar(faltas, codigo)
        return
    ruta = destino or Path(f"{codigo}.zip")
    ruta.write_bytes(
        paquete_zip.escribir(codigo, {nombre: en_vigor[nombre] for nombre in leido.piezas})
    )
    click.echo(f"{ruta}: {said('%(n)s piezas', n=len(leido.piezas))}")
