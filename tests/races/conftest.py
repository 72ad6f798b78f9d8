"""No test here hangs."""

from collections.abc import Iterator

import pytest

from tests.crash.servers import deadline


@pytest.fixture(autouse=True)
def _limited() -> Iterator[None]:
    with deadline(600):
        yield
