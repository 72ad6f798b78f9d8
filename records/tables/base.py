"""What all tables share: the base, aware instants, short type aliases."""

import datetime as dt
from typing import Annotated, Any

from sqlalchemy import JSON, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeEngine

from common.instant import Instant

#: Names that do not depend on the database, so that migrations can drop what they once made.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Business tables; the engine has a base of its own and no foreign key crosses."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            dt.datetime: Instant,
            dict[str, Any]: JSON(none_as_null=True),
            list[str]: JSON(none_as_null=True),
            list[dict[str, Any]]: JSON(none_as_null=True),
        },
    )


def por_comienzo(largo: int) -> TypeEngine[str]:
    """Text that is found by how it begins (`x <= t < x + ULTIMA`): of the orders of PostgreSQL only
    "C" is the one of the letters."""
    return String(largo).with_variant(String(largo, collation="C"), "postgresql")


Clave = Annotated[int, mapped_column(primary_key=True)]
Codigo = Annotated[str, mapped_column(String(40))]
Nombre = Annotated[str, mapped_column(String(160))]
Texto = Annotated[str, mapped_column(Text)]
#: The `id` of an Actor: a user name, a device code, "motor". No foreign key: devices and the engine
#: act too.
Quien = Annotated[str, mapped_column(String(80))]
#: Links to the engine, whose tables are separate: plain indexed columns.
InstanciaId = Annotated[str, mapped_column(String(64), index=True)]
CaseKey = Annotated[str, mapped_column(String(64), index=True)]
