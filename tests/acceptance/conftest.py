"""A browser for the run, a world for each test. A missing browser fails CI and is reported loudly
elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance import mundo as m, tableta as t
from tests.kit.once import once

expect.set_options(timeout=40_000)  # a loaded machine is slow, not wrong


@pytest.fixture(scope="session")
def semilla(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once("semilla", tmp_path_factory.mktemp("con-semilla"), m.sembrar)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    item.stash[m.FALLO] = bool(outcome.get_result().failed) or item.stash.get(m.FALLO, False)


@pytest.fixture
def mundo(
    request: pytest.FixtureRequest, semilla: Path, tmp_path: Path, browser: Browser
) -> Iterator[m.Mundo]:
    """After a failure the pages stay as pictures in test-artifacts/."""
    with m.abrir(semilla, tmp_path / "mundo", browser) as abierto:
        yield abierto
        m.fotos_si_fallo(request, abierto.contextos)


@pytest.fixture
def visita(mundo: m.Mundo) -> t.Visita:
    return t.dos_por_observar(mundo)


@pytest.fixture
def tableta(mundo: m.Mundo, tmp_path: Path) -> Iterator[t.Tableta]:
    with t.tableta_de(mundo, tmp_path / "tableta") as una:
        yield una
