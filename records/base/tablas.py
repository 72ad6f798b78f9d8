"""What all tables share: the base, aware instants, short type aliases; changes with a reason and
work that is asked for, which every subject has."""

import datetime as dt
import pkgutil
from importlib import import_module
from typing import Annotated, Any, cast

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Table, Text, text
from sqlalchemy.event import listens_for
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, mapped_column, registry
from sqlalchemy.types import TypeEngine

import records
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


def tabla_de(de: type[Base]) -> Table:
    """Of a row, for statements that name its columns."""
    return cast("Table", de.__table__)


def todas() -> MetaData:
    """Of every room: each says its rows in `tablas`. Foreign keys cross rooms, so whoever makes,
    compares or walks through the tables asks here and not `Base.metadata`."""
    for sala in pkgutil.iter_modules(records.__path__):
        try:
            import_module(f"records.{sala.name}.tablas")
        except ModuleNotFoundError as error:
            if error.name != f"records.{sala.name}.tablas":
                raise
    return Base.metadata


@listens_for(Mapper, "before_configured")
def _con_todas() -> None:
    """The first question asked of any row is asked when all are known."""
    todas()


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


_ABIERTO = text("estado IN ('pedido', 'en_curso')")


class Pedido:
    """What all of it has: of which month, who asked, how far it is, how it ended."""

    id: Mapped[Clave]
    mes: Mapped[dt.date]
    por: Mapped[Quien]
    pedido: Mapped[dt.datetime]
    estado: Mapped[Codigo]  # pedido | en_curso | hecho | cancelado | rechazado
    paso: Mapped[Codigo] = mapped_column(default="")
    hechos: Mapped[int] = mapped_column(default=0)
    de: Mapped[int] = mapped_column(default=0)
    por_que: Mapped[Texto] = mapped_column(default="")  # it was refused


class CierrePedido(Pedido, Base):
    """A closing by hand; `paso` is one of meses.PASOS."""

    __tablename__ = "cierre_pedido"
    __table_args__ = (
        Index(
            "uq_cierre_pedido_en_curso",
            "mes",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
    )

    motivo: Mapped[Texto] = mapped_column(default="")
    # the version that it made
    mes_id: Mapped[int | None] = mapped_column(ForeignKey("mes_cerrado.id"))


class DocumentosPedido(Pedido, Base):
    """Every document of the reports of a month; `paso` is one of documentos_del_mes.PASOS. The last
    one of a month has its content."""

    __tablename__ = "documentos_pedido"
    __table_args__ = (
        Index(
            "uq_documentos_pedido_en_curso",
            "mes",
            "por",
            unique=True,
            sqlite_where=_ABIERTO,
            postgresql_where=_ABIERTO,
        ),
    )

    # nombre, sha256, bytes, paginas
    archivos: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    huella: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the ZIP
    contenido: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class Cambio(Base):
    """What an administrator changed, with what stood before and why; written with the change, never
    changed itself."""

    __tablename__ = "cambio"
    __table_args__ = (Index("ix_cambio_sujeto", "clase", "sujeto"),)

    id: Mapped[Clave]
    clase: Mapped[Codigo]  # cuenta | punto | area | lista | …
    sujeto: Mapped[Quien]
    que: Mapped[Codigo]  # what of it: "rol", "nombre", "creada" …
    antes: Mapped[dict[str, Any]]
    despues: Mapped[dict[str, Any]]
    motivo: Mapped[Texto]
    cuando: Mapped[dt.datetime]
    quien: Mapped[Quien]
