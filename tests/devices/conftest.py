"""A night of reconnects may take longer than any other test."""

import os
from pathlib import Path

import pytest

from tests.devices.reconnecting import HOW_MANY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for 10,000 reconnects has the time for them."""
    if HOW_MANY in os.environ:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.timeout(0))
