"""Two CRMs that hold the same person or case: which datum moves which way, and why. Pure.

Nothing is decided by who asked last: what both sides last agreed on is remembered (as a hash, no
datum), so what one side has changed since then is known. Only where both have changed does a rule,
a field, say who wins.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.language import marked
from records.casos.reglas import estados

PERSONA, CASO = "persona", "caso"


class Gana(StrEnum):
    """Who wins a field that both sides have changed."""

    VENTANILLA = "ventanilla"
    CRM = "crm"
    RECIENTE = "reciente"  #: whoever wrote later
    PREGUNTAR = "preguntar"  #: nobody until the administrator of the CRM has decided


class Paso(StrEnum):
    """What is done about one field."""

    IGUAL = "igual"
    ENVIAR = "enviar"
    TRAER = "traer"
    PREGUNTAR = "preguntar"


@dataclass(frozen=True, slots=True)
class Campo:
    """`suyo`: its name in the CRM; `largo`: what fits there; `gana`: who wins; `trae`: may the
    CRM's value come here at all?"""

    nuestro: str
    suyo: str
    nombre: str
    largo: int
    gana: Gana = Gana.VENTANILLA
    trae: bool = False


#: Fields of Contacts as an installation without changes has them; those that end in _c are made
#: there (docs/systems.md).
PERSONAS: Final = (
    Campo("tipo_doc", "tipo_documento_c", marked("Tipo de documento"), 3),
    Campo("num_doc", "numero_documento_c", marked("Número de documento"), 20),
    Campo("nombre", "last_name", marked("Nombre"), 100, Gana.PREGUNTAR, trae=True),
    Campo(
        "direccion", "primary_address_street", marked("Dirección"), 150, Gana.RECIENTE, trae=True
    ),
    Campo("municipio", "primary_address_city", marked("Municipio"), 100, Gana.RECIENTE, trae=True),
    Campo("telefono_fijo", "phone_home", marked("Teléfono fijo"), 100, Gana.RECIENTE, trae=True),
    Campo("celular", "phone_mobile", marked("Celular"), 100, Gana.RECIENTE, trae=True),
    Campo("correo", "email1", marked("Correo"), 100, Gana.RECIENTE, trae=True),
)
#: Who a record is of. Where it says something else than the person here it may be another one's:
#: nobody writes over it, nothing of it comes here, until somebody has looked.
DOCUMENTO: Final = frozenset({"tipo_doc", "num_doc"})
#: Of Cases. A case is what this procedure made of it: the CRM shows it and changes nothing of it.
CASOS: Final = (
    Campo("radicado", "radicado_c", marked("Radicado"), 32),
    Campo("asunto", "name", marked("Asunto"), 255),
    Campo("descripcion", "description", marked("Descripción"), 65_535),
    Campo("estado", "state", marked("Abierto o cerrado"), 100),
    Campo("situacion", "status", marked("Estado"), 100),
    Campo("respuesta", "resolution", marked("Respuesta"), 65_535),
)
#: State of a case → (state, status) of the CRM's lists.
SITUACIONES: Final[Mapping[str, tuple[str, str]]] = {
    estados.RECIBIDO: ("Open", "Open_New"),
    estados.EN_ATENCION: ("Open", "Open_Assigned"),
    estados.ESCALADO: ("Open", "Open_Assigned"),
    estados.EN_ANALISIS: ("Open", "Open_Assigned"),
    estados.RESPONDIDO_AREA: ("Open", "Open_Assigned"),
    estados.REQUERIDO: ("Open", "Open_Pending Input"),
    estados.RESUELTO_PUNTO: ("Closed", "Closed_Closed"),
    estados.ENVIADO: ("Closed", "Closed_Closed"),
    estados.CERRADO: ("Closed", "Closed_Closed"),
    estados.DESISTIDO: ("Closed", "Closed_Rejected"),
    estados.TRASLADADO: ("Closed", "Closed_Rejected"),
    estados.ANULADO: ("Closed", "Closed_Rejected"),
}


def canonico(valor: str | None) -> str:
    """What counts of a value: the CRM trims, and writes line ends as it likes."""
    return "\n".join((valor or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def huella(valor: str) -> str:
    return hashlib.sha256(canonico(valor).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Momentos:
    """When each side wrote the datum. None: it does not say."""

    nuestro: dt.datetime | None = None
    suyo: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    campo: Campo
    paso: Paso
    nuestro: str
    suyo: str
    porque: str = ""  #: a code, see `webforms.base.palabras`


def decidir(
    campo: Campo, acordado: str | None, nuestro: str, suyo: str, momentos: Momentos
) -> Decision:
    """`acordado`: the hash of what both last held, None: never met. What does not fit there is left
    as it is, and said."""
    uno, otro = canonico(nuestro), canonico(suyo)

    def hacer(paso: Paso, porque: str) -> Decision:
        if paso is Paso.ENVIAR and len(uno) > campo.largo:
            return Decision(campo, Paso.PREGUNTAR, uno, otro, "no_cabe")
        return Decision(campo, paso, uno, otro, porque)

    if uno == otro:
        return Decision(campo, Paso.IGUAL, uno, otro)
    if campo.nuestro in DOCUMENTO and otro and acordado != huella(otro):
        return hacer(Paso.PREGUNTAR, "otro_documento")
    if not campo.trae:
        return hacer(Paso.ENVIAR, "solo_ventanilla")
    if not otro:
        return hacer(Paso.ENVIAR, "vacio_alla")  # an empty datum is no change (5.2.7)
    if not uno:
        return hacer(Paso.TRAER, "vacio_aqui")
    if acordado == huella(otro):
        return hacer(Paso.ENVIAR, "cambio_aqui")
    if acordado == huella(uno):
        return hacer(Paso.TRAER, "cambio_alla")
    if (
        campo.gana is Gana.RECIENTE
        and momentos.nuestro
        and momentos.suyo
        and momentos.nuestro != momentos.suyo
    ):
        nuestra = momentos.nuestro > momentos.suyo
        return hacer(
            Paso.ENVIAR if nuestra else Paso.TRAER, "reciente_aqui" if nuestra else "reciente_alla"
        )
    regla = {Gana.VENTANILLA: Paso.ENVIAR, Gana.CRM: Paso.TRAER}.get(campo.gana, Paso.PREGUNTAR)
    return hacer(regla, f"regla_{campo.gana.value}")
