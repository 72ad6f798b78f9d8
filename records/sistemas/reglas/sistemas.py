"""The legacy systems of M5-1-02 5.2.9: the one table from which connectors, forms, screens and the
demo read them.

Which of them is asked about a product is decided by the table `sistema_consulta` of the procedure.
"""

from dataclasses import dataclass
from typing import Final

from common.language import marked
from common.settings import Setting, number

DE_ANTES, DE_AHORA = 0, 9999
RESPONDIDA = ("ok", "sin_datos")  # states of a system that has answered


@dataclass(frozen=True, slots=True)
class Sistema:
    codigo: str  #: in process data, in rows and in the read log
    nombre: str  #: as diagrams, decision tables and people write it
    #: what it holds: products whose first grant lies between these years (SUPUESTO Q8); None: no
    #: products
    giros: tuple[int, int] | None
    medio: str  #: how it is asked
    tecla: str  #: the key with which an adviser puts its answer into the text


#: The systems around that hold no products: code → name.
OTROS: Final = {
    "crm": "CRM",
    "digiturno": "Digiturno",
    "correo": marked("Correo"),
    "documentos": marked("Documentos"),
    "antivirus": "Antivirus",
    "servicios": marked("Servicio web"),
}
#: Whoever has none works as well: nobody is told that they are missing.
OPCIONALES: Final = frozenset({"antivirus", "servicios"})
#: A look or a question that takes longer than this is slow for somebody who waits (SUPUESTO).
LENTO_MS: Final = 2_000
#: After so many minutes without an answer people are told (SUPUESTO; SYSTEM_DOWN_MINUTES).
LIMITE_MIN: Final = 15
AJUSTE_LIMITE: Final = Setting(
    "SYSTEM_DOWN_MINUTES",
    number(1, 1440),
    LIMITE_MIN,
    unset="15",
    means=(
        "how long a system around the desk may be silent until coordination and "
        "administrators are told by mail"
    ),
)
#: Data older than this are said to be old (SUPUESTO).
CORTE_VIEJO_DIAS: Final = 31

SISTEMAS = (
    Sistema("cctex", "C&CTEX", (2006, DE_AHORA), "SQL", "F2"),
    Sistema("cobol", "COBOL", (DE_ANTES, 1998), marked("archivos y programas"), "F4"),
    Sistema("foxpro", "FOX PRO", (1999, 2005), marked("tablas DBF"), "F8"),
)
#: All that a page about the systems shows, in its order: code → name.
NOMBRES: Final = {s.codigo: s.nombre for s in SISTEMAS} | OTROS
_CODIGOS = {s.nombre: s.codigo for s in SISTEMAS} | {s.codigo: s.codigo for s in SISTEMAS}
#: What a turn system tells of a person, in the data of its events.
DATO_PERSONAL: Final = ("tipo_doc", "num_doc", "comentario")


def codigo_de(escrito: str) -> str:
    """The code of a system written as people read it or as a code. KeyError: the procedure does not
    know it."""
    return _CODIGOS[escrito]


def del_anio(anio: int) -> Sistema:
    """Which system holds a product whose first grant was made in this year."""
    return next(s for s in SISTEMAS if s.giros and s.giros[0] <= anio <= s.giros[1])
