"""The watch over the unpickler (tests/kit/unpickler.py), under which every other test runs,
hears."""

import base64
import io
import pickle
from datetime import date

import pytest

from engine.jobs import durable
from tests.kit import unpickler


class Reader(pickle.Unpickler):
    """As a library has one."""


def test_a_name_that_a_pickle_looks_up_is_heard() -> None:
    Reader(io.BytesIO(pickle.dumps(date(2026, 11, 29)))).load()
    (told,) = unpickler.told()
    assert told.startswith("datetime.date in ")


def test_plain_data_looks_up_nothing() -> None:
    Reader(io.BytesIO(pickle.dumps({"a": [1, "b", None]}))).load()
    assert unpickler.told() == []


def test_our_reader_of_jobs_of_earlier_versions_refuses_before_anything_is_looked_up() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"os\.system|posix\.system"):
        durable.DefaultSerializer().deserialize(
            base64.b64encode(b"cposix\nsystem\n(S'true'\ntR.").decode()
        )
    assert unpickler.told() == []
