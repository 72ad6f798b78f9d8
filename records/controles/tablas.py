"""Weekly reviews of who enters the CRM (control 6-1). Rows stay as the accounts stood; only the
decision is added, once."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.base.tablas import Base, Clave, Codigo, InstanciaId, Nombre, Quien, Texto


class RevisionAccesos(Base):
    """The list of accounts that was taken one Monday, by which limits it was looked at, and who
    reviewed it."""

    __tablename__ = "revision_accesos"

    id: Mapped[Clave]
    tomada: Mapped[dt.datetime] = mapped_column(index=True)
    # attempts are counted from here: when the review before it was taken
    desde: Mapped[dt.datetime | None]
    instancia_id: Mapped[InstanciaId]
    cuentas: Mapped[int]
    con_motivo: Mapped[int]
    fallidos_desconocidos: Mapped[int]  # attempts with names that no account has
    limites: Mapped[dict[str, Any]]
    revisada: Mapped[dt.datetime | None]
    revisada_por: Mapped[Quien | None]
    terminada: Mapped[dt.datetime | None]  # every account that needed a decision has one
    nota: Mapped[Texto] = mapped_column(default="")


class RevisionCuenta(Base):
    """An account as it stood then, why it is looked at, and what was decided about it."""

    __tablename__ = "revision_cuenta"
    __table_args__ = (UniqueConstraint("revision_id", "usuario"),)

    id: Mapped[Clave]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision_accesos.id"))
    usuario: Mapped[Quien] = mapped_column(index=True)
    nombre: Mapped[Nombre]
    activa: Mapped[bool]
    # rol, ambito, desde, usado (null: there was no task of this role)
    roles: Mapped[list[dict[str, Any]]]
    creada: Mapped[dt.datetime]
    ultimo_ingreso: Mapped[dt.datetime | None]
    clave_desde: Mapped[dt.datetime]
    ingresos: Mapped[int]  # since `desde`, as the access chain has them
    fallidos: Mapped[int]
    tareas: Mapped[int]  # open tasks that it held
    motivos: Mapped[list[dict[str, Any]]]  # none: nothing to decide
    decision: Mapped[Codigo | None]
    nota: Mapped[Texto] = mapped_column(default="")
    decidida: Mapped[dt.datetime | None]
    decidida_por: Mapped[Quien | None]
