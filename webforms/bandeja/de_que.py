"""Of which procedures the tasks of an inbox are, and so by what their cases may be narrowed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine import reads
from engine.types import ProcessSpec
from webforms.base.palabras import clase_de_caso
from webforms.base.servicios import servicios
from webforms.casos.lugares import lugares_de


@dataclass(frozen=True, slots=True)
class DeQue:
    """`visitas`: some are of M5-1-02, whose cases have a topic, a service point and states of their
    own."""

    visitas: bool
    #: of cases of other procedures: as the register keeps it, and its name
    clases: list[tuple[str, str]] = field(default_factory=list)
    lugares: list[tuple[str, str]] = field(default_factory=list)


def de_que_son(session: Session, usadas: Iterable[tuple[int, str]]) -> DeQue:
    """`usadas`: release and element of the tasks. What a procedure calls is of that procedure."""
    catalogo, visitas = servicios().engine.catalog, False
    tramites: dict[tuple[int, str], ProcessSpec] = {}
    for version, elemento in usadas:
        procesos = reads.releases.processes(session, catalogo, version).values()
        suyo = next((p for p in procesos if elemento in p.elements), None)
        de_tramite = [
            p
            for p in procesos
            if p.case is not None and suyo is not None and suyo.file in {p.file, *p.uses}
        ]
        visitas = visitas or not de_tramite
        tramites |= {(version, p.id): p for p in de_tramite}
    clases = {
        p.case.kind: clase_de_caso(p.case.kind)
        for p in tramites.values()
        if p.case is not None and p.case.kind
    }
    lugares = {codigo: nombre for p in tramites.values() for codigo, nombre in lugares_de(p)}
    return DeQue(
        visitas, *(sorted(de_cada.items(), key=lambda par: par[1]) for de_cada in (clases, lugares))
    )
