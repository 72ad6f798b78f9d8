"""What holds whatever a test of the pages does."""

from collections.abc import Iterator

import pytest

from tests.kit.web import forgotten_mails


@pytest.fixture(autouse=True)
def no_mail_forgotten() -> Iterator[None]:
    """Whatever a test does with the pages, no notice is left unsent, without a next time, and
    without an error that somebody reads."""
    yield
    assert forgotten_mails() == []
