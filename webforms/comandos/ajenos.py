"""`flask procedure import FILE…`: a package of diagrams, tables and forms of another engine, with
what a person must decide."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click
from lxml import etree

from common.language import marked, said
from records.paquetes.reglas import paquete as reglas
from records.paquetes.reglas.paquete import Paquete
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.comandos.despliegue import nombres_de
from webforms.paquetes import ajeno
from webforms.paquetes.ajeno import Ajeno, Nota
from webforms.paquetes.hallazgos import hallazgos
from webforms.paquetes.manifiesto import escrito
from webforms.paquetes.senal import diagrama_de_senal

DIAGRAMAS: Final = (".bpmn", ".bpmn20.xml")
TERMINACIONES: Final = (*DIAGRAMAS, ".dmn", ".form")
INFORME: Final = "importacion.md"
MAX_BYTES: Final = 2 * 1024 * 1024
#: in the order in which they are tried; the first says nothing of the type
TIPOS: Final = ("", "number", "boolean", "list")
TITULOS: Final = {
    "traducido": marked("Qué se tradujo"),
    "omitido": marked("Qué quedó por fuera: aquí no tiene efecto"),
    "decidir": marked("Qué debe decidir una persona"),
}


def escribir(rutas: Sequence[Path], carpeta: Path | None, nombre: str) -> None:
    """A folder with manifest, models and report; nothing comes into force. Raises Falla for what
    cannot be read."""
    destino = carpeta or Path(_codigo(rutas[0]))
    if reglas.CODIGO.fullmatch(destino.name) is None:
        raise Falla(
            said(
                "--to: el nombre de la carpeta lleva de 2 a 40 letras minúsculas, cifras o «_», y empieza por una letra."
            )
        )
    if destino.exists() and any(destino.iterdir()):
        raise Falla(said("%(c)s ya existe y no está vacía.", c=destino))
    modelos, notas = _leidos(rutas)
    notas += [*_senales(modelos), *_variables(modelos)]
    notas += _por_decidir(modelos)
    paquete = Paquete(
        destino.name, " ".join(nombre.split()) or destino.name, modelos=tuple(sorted(modelos))
    )
    destino.mkdir(parents=True, exist_ok=True)
    for archivo, contenido in modelos.items():
        (destino / archivo).write_bytes(contenido)
    (destino / reglas.MANIFIESTO).write_bytes(escrito(paquete))
    (destino / INFORME).write_text(_informe(notas), encoding="utf-8")
    _decir(notas)
    click.echo(
        said(
            "%(c)s: %(n)s modelos y %(i)s. Siga con flask procedure check %(c)s",
            c=destino,
            n=len(modelos),
            i=INFORME,
        )
    )


def _codigo(ruta: Path) -> str:
    return ajeno.codigo(
        ruta.name.removesuffix(".xml")
        .removesuffix(".bpmn20")
        .removesuffix(".bpmn")
        .removesuffix(".dmn")
    )


def _leidos(rutas: Sequence[Path]) -> tuple[dict[str, bytes], list[Nota]]:
    """Models by the name that the package gives them, diagrams in our words."""
    try:
        formularios = ajeno.formularios_de(
            _bytes(ruta) for ruta in rutas if ruta.name.endswith(".form")
        )
    except ValueError as error:
        raise Falla(
            said(
                "Un archivo .form no es un formulario que se pueda leer: no tiene sus componentes en JSON."
            )
        ) from error
    modelos: dict[str, bytes] = {}
    notas: list[Nota] = []
    for ruta in rutas:
        if ruta.name.endswith(".form"):
            continue
        archivo = (
            ruta.name
            if ruta.name.endswith(".dmn")
            else f"{ruta.name.removesuffix('.xml').removesuffix('.bpmn20').removesuffix('.bpmn')}.bpmn"
        )
        if archivo in modelos:
            raise Falla(
                said(
                    "Dos archivos se llamarían «%(a)s» en el paquete. Cambie el nombre de uno.",
                    a=archivo,
                )
            )
        if archivo.endswith(".dmn"):
            modelos[archivo] = _bytes(ruta)
            continue
        uno = Ajeno(_raiz(ruta), formularios)
        modelos[archivo] = uno.traducir()
        notas += uno.notas
    if not modelos:
        raise Falla(said("Dé al menos un diagrama o una tabla."))
    return modelos, notas


def _bytes(ruta: Path) -> bytes:
    with ruta.open("rb") as abierto:
        contenido = abierto.read(MAX_BYTES + 1)
    if len(contenido) > MAX_BYTES:
        raise Falla(said("«%(a)s» tiene más de 2 MB.", a=ruta))
    return contenido


def _raiz(ruta: Path) -> etree._Element:
    lector = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        raiz = etree.fromstring(_bytes(ruta), lector)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Falla(said("«%(a)s» no es un archivo XML bien formado.", a=ruta)) from error
    if raiz.tag != f"{ajeno.BPMN}definitions":
        raise Falla(said("«%(a)s» no es un diagrama BPMN 2.0.", a=ruta))
    return raiz


def _senales(modelos: dict[str, bytes]) -> list[Nota]:
    """A signal that is waited for and nobody sends came from outside: a process of its own sends
    it."""
    hallados = servicios().engine.releases.check(modelos)
    esperan = {
        str(h.params["name"]): h.element or ""
        for h in hallados
        if h.rule == "signal_never_thrown" and h.file in modelos
    }
    notas: list[Nota] = []
    for senal, elemento in esperan.items():
        clave = f"enviar_{ajeno.codigo(senal)}"[: ajeno.ROL]
        if senal.strip() and f"{clave}.bpmn" not in modelos:
            modelos[f"{clave}.bpmn"] = diagrama_de_senal(clave, senal, ajeno.POR_DECIDIR)
            frase = said(
                "Nada envía la señal «%(s)s»: %(p)s la envía por quien lo empiece. Escriba ahí sus roles.",
                s=senal,
                p=clave,
            )
            notas.append(Nota("decidir", elemento, frase))
    return notas


def _variables(modelos: dict[str, bytes]) -> list[Nota]:
    """Names that conditions read and nothing sets are what the process is started with: declared,
    of the type that they are used as."""
    notas: list[Nota] = []
    faltan = {
        (h.file, h.element, str(h.params["name"])): None
        for h in servicios().engine.releases.check(modelos)
        if h.rule == "variable_unknown" and h.element and h.file in modelos
    }
    for archivo, elemento, variable in faltan:
        con_tipo = {
            tipo: con
            for tipo in TIPOS
            if (con := _con_variable(modelos[archivo], elemento, variable, tipo)) is not None
        }
        if not con_tipo:  # another element of the process read it before
            continue
        reparos = {tipo: _reparos({**modelos, archivo: con}) for tipo, con in con_tipo.items()}
        elegido = min(reparos, key=reparos.__getitem__)  # the first of those that fit alike
        modelos[archivo] = con_tipo[elegido]
        frase = said("Empieza con el dato «%(v)s», que algo lee y nada da.", v=variable)
        notas.append(Nota("traducido", elemento, frase))
    return notas


def _con_variable(contenido: bytes, elemento: str, variable: str, tipo: str) -> bytes | None:
    """The diagram with this variable declared where the element stands; None when it is."""
    raiz = etree.fromstring(contenido)
    proceso = _proceso_de(raiz, elemento)
    if proceso is None or any(
        v.get("name") == variable for v in proceso.iter(ajeno.V + "variable")
    ):
        return None
    ajeno.poner(proceso, "variable", name=variable, **({"type": tipo} if tipo else {}))
    return bytes(etree.tostring(raiz, encoding="UTF-8", xml_declaration=True))


def _reparos(modelos: Mapping[str, bytes]) -> tuple[int, int]:
    """Errors, then warnings: the fewer, the better a type fits."""
    hallados = servicios().engine.releases.check(modelos)
    return sum(h.severity == "error" for h in hallados), sum(
        h.severity != "error" for h in hallados
    )


def _proceso_de(raiz: etree._Element, elemento: str) -> etree._Element | None:
    for proceso in raiz.iter(ajeno.BPMN + "process"):
        if elemento in {nodo.get("id") for nodo in proceso.iter("*")}:
            return proceso
    return None


def _por_decidir(modelos: Mapping[str, bytes]) -> list[Nota]:
    """What would refuse them now, in words."""
    dichos = hallazgos(servicios().engine.releases.check(modelos), nombres_de(modelos))
    return [
        Nota("decidir", h.elemento or h.archivo, h.frase) for h in dichos if h.gravedad == "error"
    ]


def _informe(notas: Iterable[Nota]) -> str:
    lineas = [f"# {said('Importado de otro motor')}", ""]
    for clase, titulo in TITULOS.items():
        suyas = [n for n in notas if n.clase == clase]
        lineas += [f"## {said(titulo)}", ""]
        lineas += [*dict.fromkeys(f"- `{n.elemento}`: {n.frase}" for n in suyas)] or [said("Nada.")]
        lineas.append("")
    return "\n".join(lineas)


def _decir(notas: Sequence[Nota]) -> None:
    for clase, titulo in TITULOS.items():
        suyas = [*dict.fromkeys((n.elemento, n.frase) for n in notas if n.clase == clase)]
        click.echo(f"{said(titulo)}: {len(suyas)}")
        for elemento, frase in suyas:
            click.echo(f"  {elemento}: {frase}")
