"""Where cases of procedures other than M5-1-02 are: what the field that tells their place offers,
by procedure."""

from sqlalchemy.orm import Session

from engine import reads
from engine.types import ProcessSpec
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios


def lugares_de_casos(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Name of a procedure in force → the places of its cases, code and name. A place that people
    write themselves is not here."""
    catalogo = servicios().engine.catalog
    version = reads.releases.current(session, catalogo)
    procesos = reads.releases.processes(session, catalogo, version) if version is not None else {}
    de_cada = {
        rotulo(p.name): lugares_de(p)
        for p in procesos.values()
        if p.case is not None and p.case.place
    }
    return {nombre: lugares for nombre, lugares in sorted(de_cada.items()) if lugares}


def lugares_de(proceso: ProcessSpec) -> list[tuple[str, str]]:
    """Code and name of each place that its cases may have."""
    lugar = proceso.case.place if proceso.case is not None else None
    campos = (
        campo
        for elemento in proceso.elements.values()
        for campo in elemento.fields
        if campo.name == lugar
    )
    return sorted(
        {valor: rotulo(etiqueta) for campo in campos for valor, etiqueta in campo.options}.items(),
        key=lambda par: par[1],
    )
