"""Every test of printers gets its own room."""

from collections.abc import Iterator

import pytest

from tests.devices.printers.room import Room


@pytest.fixture
def room() -> Iterator[Room]:
    """Give a room; all printers in it are ended afterwards."""
    made = Room()
    yield made
    made.end()
