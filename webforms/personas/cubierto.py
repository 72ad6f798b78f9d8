"""The one rule of personal data on pages: covered for everybody until they ask for this case, and
asking is recorded.

Documents, telephones, mail and addresses stand covered in heads, lists, histories, panels and
submissions alike. Whoever may open a case may uncover it, one case at a time and for a quarter of
an hour; each page that then shows them goes to the access chain. Whose work it is to attend
(`Facultad.DESCUBRIR`) asks by a click, every other role says why, which is recorded before anything
is shown. What a person types, or must correct, in a form of their own task is not covered: it is
their work.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from flask import g, has_request_context, request, session as galleta

from records.cuentas.reglas.roles import Facultad
from webforms.base import formatos
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios

LAPSO = dt.timedelta(minutes=15)
DATOS_COMPLETOS: Final = "datos_completos"  #: kind of the entries in the access chain
DATOS_CON_MOTIVO: Final = "datos_con_motivo"  #: and of the one that says why
GALLETA: Final = "datos_de"  #: [case, until] in the signed session

#: The end of a field's name → how its value is covered.
CUBIERTAS: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(
        ("num_doc", "documento", "cedula"), lambda numero: formatos.documento(None, numero)
    ),
    "celular": formatos.telefono,
    "telefono": formatos.telefono,
    "telefono_fijo": formatos.telefono,
    "correo": formatos.correo,
    "correo_confirmado": formatos.correo,
    "direccion": formatos.texto_cubierto,
}


def cubrir(campo: str, texto: str) -> str:
    """A value covered, by what its field is called; everything else as it is."""
    como = next(
        (c for final, c in CUBIERTAS.items() if campo == final or campo.endswith(f"_{final}")), None
    )
    return como(texto) if como is not None else texto


def exige_motivo() -> bool:
    """Whether this person says why before the personal data of a case are uncovered."""
    usuario = usuario_actual()
    return usuario is not None and not usuario.puede(Facultad.DESCUBRIR)


def descubrir(case_key: str, motivo: str) -> None:
    """This person asked to see the personal data of this case; another case is covered again.
    `motivo`: "" where none is demanded."""
    if motivo:
        servicios().engine.log_access(
            actor_actual(),
            DATOS_CON_MOTIVO,
            case_key,
            now=servicios().clock.now(),
            detail={"motivo": motivo},
        )
    galleta[GALLETA] = [case_key, (servicios().clock.now() + LAPSO).timestamp()]


def tapar() -> None:
    galleta.pop(GALLETA, None)


def cubre(case_key: str | None) -> bool:
    """Whether this page covers the personal data of the case; a page that does not is recorded,
    once a request."""
    if not case_key or not has_request_context():
        return True
    pedido = galleta.get(GALLETA)
    if (
        not isinstance(pedido, list)
        or pedido[0] != case_key
        or servicios().clock.now().timestamp() >= pedido[1]
    ):
        return True
    anotados: set[str] = g.setdefault("datos_anotados", set())
    if case_key not in anotados:
        anotados.add(case_key)
        detalle = {"pagina": str(request.endpoint)}
        servicios().engine.log_access(
            actor_actual(), DATOS_COMPLETOS, case_key, now=servicios().clock.now(), detail=detalle
        )
    return False


class Personales:
    """What a template writes personal data with: covered, or not, for this person and this case."""

    def __init__(self, case_key: str | None) -> None:
        self.cubre = cubre(case_key)
        self.hasta = (
            dt.datetime.fromtimestamp(galleta[GALLETA][1], dt.UTC) if not self.cubre else None
        )
        self.con_motivo = self.cubre and has_request_context() and exige_motivo()

    def documento(self, tipo: str | None, num: str | None) -> str:
        return (
            formatos.documento(tipo, num)
            if self.cubre
            else " ".join(parte for parte in (tipo, num) if parte)
        )

    def telefono(self, num: str | None) -> str:
        return formatos.telefono(num) if self.cubre else num or ""

    def correo(self, direccion: str | None) -> str:
        return formatos.correo(direccion) if self.cubre else direccion or ""

    def direccion(self, texto: str | None) -> str:
        return formatos.texto_cubierto(texto) if self.cubre else texto or ""
