"""Statements of records.correo.avisos."""

from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from common.prepared import Prepared
from records.base.tablas import tabla_de
from records.casos.tablas import Caso, Escalonamiento, Tipificacion
from records.correo.tablas import Aviso
from records.cuentas.tablas import Cuenta
from records.lugares.tablas import Area
from records.personas.tablas import Contacto, Persona
from records.visita.tablas import Turno

_AVISO = tabla_de(Aviso)


def _alta(insert: Any) -> Prepared:
    """Nobody is told twice: the same `clave` again adds nothing."""
    return Prepared(
        insert.on_conflict_do_nothing(index_elements=[_AVISO.c.clave]).returning(_AVISO.c.id)
    )


ALTA = {"postgresql": _alta(postgresql.insert(_AVISO)), "sqlite": _alta(sqlite.insert(_AVISO))}
ENVIADO = Prepared(
    update(_AVISO)
    .where(_AVISO.c.clave == bindparam("b_clave"), _AVISO.c.enviado.is_(None))
    .values(enviado=bindparam("b_enviado"), error=None, proximo=None)
)
IDIOMA = Prepared(select(Cuenta.idioma).where(Cuenta.correo == bindparam("b_correo")))
_ULTIMO = (
    select(func.max(Escalonamiento.n))
    .where(Escalonamiento.caso_id == Caso.id)
    .correlate(Caso)
    .scalar_subquery()
)
_CONTACTO = (
    (Contacto.persona_id == Caso.persona_id)
    & (Contacto.tipo == "correo")
    & Contacto.vigente_hasta.is_(None)
)
DATOS = Prepared(
    select(
        func.coalesce(Caso.radicado, ""),
        Tipificacion.subtema,
        Caso.asesor_id,
        Caso.limite_escalar,
        Caso.limite_interno,
        Caso.limite_respuesta,
        Caso.medio_respuesta,
        func.coalesce(func.nullif(Caso.correo_respuesta, ""), Contacto.valor, ""),
        func.coalesce(Escalonamiento.n, 0),
        func.coalesce(Area.nombre, ""),
        func.coalesce(Area.correo, ""),
        func.coalesce(Cuenta.correo, ""),
        func.coalesce(Escalonamiento.nivel2, ""),
        func.coalesce(Escalonamiento.nivel3, ""),
        func.coalesce(Turno.idioma, "es"),
        func.coalesce(Persona.nombre, ""),
    )
    .join(Persona, Persona.id == Caso.persona_id)
    .join(Tipificacion, Tipificacion.codigo == Caso.tema)
    .outerjoin(Contacto, _CONTACTO)
    .outerjoin(Escalonamiento, (Escalonamiento.caso_id == Caso.id) & (Escalonamiento.n == _ULTIMO))
    .outerjoin(Area, Area.codigo == Escalonamiento.area_id)
    .outerjoin(Cuenta, Cuenta.usuario == Escalonamiento.funcionario_id)
    .outerjoin(Turno, Turno.id == Caso.turno_id)
    .where(Caso.id == bindparam("b_caso"))
)
