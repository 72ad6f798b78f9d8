"""Help at hand: what each page is for, the guide of each audience, the first walk of each role, and
the keys. One place for all of it."""

from collections.abc import Collection, Mapping

from records.cuentas.reglas import roles
from webforms.base.guias import (
    ADMINISTRADOR,
    ANALISTA,
    ASESOR,
    CALIDAD,
    COORDINADOR,
    CUMPLIMIENTO,
    DOCUMENTAL,
    EQUIPOS,
    FUNCIONARIO,
)

#: Guide → the roles whose guide it is; in the order of the page «Ayuda».
DE_QUIEN: Mapping[str, frozenset[str]] = {
    ASESOR: frozenset({roles.ASESOR}),
    FUNCIONARIO: frozenset({roles.FUNCIONARIO}),
    COORDINADOR: frozenset({roles.LIDER, roles.COORDINADOR}),
    DOCUMENTAL: frozenset({roles.DOCUMENTAL}),
    CALIDAD: frozenset(
        {
            *(
                roles.AGENTE_CALIDAD,
                roles.GERENTE,
                roles.GERENTE_OPERATIVO,
                roles.PROFESIONAL,
                roles.JEFE,
            ),
            *(roles.COMITE, roles.INTERVENTOR, roles.ADMIN_CRM),
        }
    ),
    CUMPLIMIENTO: frozenset({"cumplimiento"}),
    ANALISTA: roles.con_facultad(roles.Facultad.MODELAR),
    ADMINISTRADOR: frozenset({roles.ADMINISTRADOR}),
    EQUIPOS: frozenset(),
}


def guias_de(suyos: Collection[str]) -> list[str]:
    """Of a person's roles. A role that only a diagram knows does tasks as an officer does."""
    propias = [guia for guia, de in DE_QUIEN.items() if de & set(suyos)]
    return propias or [FUNCIONARIO]
