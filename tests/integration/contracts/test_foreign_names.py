"""The lists of what we lean on in foreign libraries are true, complete and pinned. These tests come
before all others."""

import importlib
import inspect
import re
import runpy
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.pq.abc import PGconn
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from common.foreign import ForeignName
from tests.kit.foreign import ROOT, Sources, form_of, set_on_instances

#: Where SQLAlchemy is more than its documented face to us; the rest of the house uses that.
DRIVER_LAYER: Final = (
    "common",
    "engine/store/ends.py",
    "engine/store/pool.py",
    "engine/store/uow.py",
)


@dataclass(frozen=True)
class Library:
    """A list and the modules that it is about."""

    requirement: str
    package: str
    module: str  # that holds the list
    places: tuple[str, ...]

    @property
    def sources(self) -> Sources:
        return Sources(*self.places, library=self.package)

    @property
    def names(self) -> tuple[ForeignName, ...]:
        """Run by its path: importing the room would fail, without saying why, where a name is
        gone."""
        names: tuple[ForeignName, ...] = runpy.run_path(str(ROOT / self.module))["NAMES"]
        return names

    @property
    def listed(self) -> set[str]:
        """The last part of each path."""
        return {re.split(r"[:.]", each.path)[-1] for each in self.names}


SPIFF: Final = Library(
    "SpiffWorkflow", "SpiffWorkflow", "engine/spiff/foreign.py", ("engine/spiff",)
)
SQLALCHEMY: Final = Library("SQLAlchemy", "sqlalchemy", "common/foreign.py", DRIVER_LAYER)
DBOS: Final = Library("dbos", "dbos", "engine/jobs/foreign.py", ("engine/jobs",))
WAITRESS: Final = Library(
    "waitress", "waitress", "webforms/servidor/foreign.py", ("webforms/servidor",)
)
LIBRARIES: Final = (SPIFF, SQLALCHEMY, DBOS, WAITRESS)
each_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.package)


@each_library
def test_every_name_that_we_lean_on_is_as_it_was(library: Library) -> None:
    changed = [
        f"{name.path} was ({name.form}), is ({now}). We lean on it because: {name.why}"
        for name in library.names
        if (now := form_of(name.path)) != name.form
    ]
    about = f"{library.requirement} {version(library.requirement)} is not the version that {library.module} was written for:\n"
    assert not changed, about + "\n".join(changed)


@each_library
def test_a_library_that_we_lean_on_is_pinned_exactly_and_the_pin_points_at_the_list(
    library: Library,
) -> None:
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    [pin] = [line for line in lines if re.match(rf"{library.requirement}\W", line)]
    assert re.fullmatch(rf"{library.requirement}==[\d.]+ +# {library.module}", pin), pin
    assert pin.split()[0] == f"{library.requirement}=={version(library.requirement)}"
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    assert pin.split()[0].lower() in locked


@each_library
def test_a_list_names_nothing_twice_and_nothing_that_we_do_not_use(library: Library) -> None:
    paths = [name.path for name in library.names]
    assert len(paths) == len(set(paths))
    text = "\n".join(each.read_text("utf-8") for each in library.sources.files)
    used = library.sources.words() | set(re.findall(r"\w+", text))
    assert {*library.listed} - used - {"pq", "parser"} == set()


def test_everything_that_is_imported_of_spiffworkflow_and_of_the_job_library_is_listed() -> None:
    for library in (SPIFF, DBOS):
        assert library.sources.imported() - {name.path for name in library.names} == set()


@each_library
def test_every_private_name_of_another_object_is_listed(library: Library) -> None:
    """An attribute with an underscore that none of these modules defines."""
    sources = library.sources
    private = {name for name in sources.read() if re.match(r"_[^_]", name)}
    others = {"_Element", "_make", "_create", "_exit"}  # of lxml, of a named tuple, of os
    assert private - sources.own() - others - library.listed == set()


# --- SpiffWorkflow: what its classes have and ours use or replace ---------------------------------
@cache
def _our_classes() -> tuple[type, ...]:
    modules = [
        importlib.import_module(f"engine.spiff.{each.stem}")
        for each in SPIFF.sources.files
        if each.stem != "__init__"
    ]
    return tuple(
        cls
        for module in modules
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__.startswith("engine.spiff.")
    )


def _foreign(cls: type) -> list[type]:
    return [base for base in cls.__mro__ if base.__module__.startswith("SpiffWorkflow")]


def _overridden(cls: type) -> set[str]:
    """Names that a class of ours, or one before it, gives another meaning than a class of the
    library behind it."""
    ours = {
        name for base in cls.__mro__ if base.__module__.startswith("engine.") for name in vars(base)
    }
    theirs = {name for base in _foreign(cls) for name in vars(base)}
    return {name for name in ours & theirs if not re.fullmatch(r"__(?!init)\w+__|_abc_impl", name)}


def test_every_override_of_a_name_of_spiffworkflow_is_listed() -> None:
    overridden = {name for cls in _our_classes() for name in _overridden(cls)}
    assert "parse_node" in overridden
    assert overridden - SPIFF.listed == set()


def test_every_name_of_a_task_workflow_element_or_parser_that_we_read_is_listed() -> None:
    theirs: set[str] = set()
    for base in {base for cls in _our_classes() for base in _foreign(cls)}:
        theirs |= {*vars(base)} | set_on_instances(base)
    read = {name for name in SPIFF.sources.read() & theirs if not name.startswith("__")}
    # of our Diagram, of StepState, of a table's answer
    ours = {"errors", "escalations", "messages", "signals", "ERROR", "error"}
    assert read - SPIFF.sources.own() - ours - SPIFF.listed == set()


# --- SQLAlchemy: the classes on which the driver layer works --------------------------------------
def test_every_name_of_the_driver_layer_that_we_read_is_listed() -> None:
    classes: list[Any] = [
        DefaultDialect,
        SQLCompiler,
        DBAPIError,
        psycopg.Connection,
        PGconn,
        sa.PoolProxiedConnection,
    ]
    theirs = {
        name
        for cls in classes
        for base in cls.__mro__[:-1]
        for name in (*vars(base), *set_on_instances(base))
    }
    read = {name for name in SQLALCHEMY.sources.read() & theirs if not name.startswith("__")}
    # PEP 249, an Engine
    documented = {
        "connect",
        "execution_options",
        "close",
        "commit",
        "fileno",
        "flush",
        "Error",
        "OperationalError",
    }
    ours = {"port"}  # of an address that a setting names (urllib)
    assert read - SQLALCHEMY.sources.own() - documented - ours - SQLALCHEMY.listed == set()
