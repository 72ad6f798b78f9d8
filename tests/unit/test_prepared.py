"""Rows of a prepared statement have the type that stands beside it."""

from typing import NamedTuple

import pytest
import sqlalchemy as sa

from common.prepared import Query


class Fila(NamedTuple):
    id: int
    nombre: str


def test_a_row_is_a_value_of_its_class() -> None:
    query = Query(sa.select(sa.literal(1).label("id"), sa.literal("Ana").label("nombre")), Fila)
    with sa.create_engine("sqlite://").connect() as connection:
        assert query.first(connection) == Fila(1, "Ana")
        assert [type(row) for row in query.all(connection)] == [Fila]


def test_fields_that_are_not_the_columns_are_refused_when_the_statement_is_made() -> None:
    with pytest.raises(TypeError, match="nombre"):
        Query(sa.select(sa.literal("Ana").label("nombre"), sa.literal(1).label("id")), Fila)
