"""One PC/SC service for all tests of a process; and a night of reconnects, which may take longer than others."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.virtual.card_slot import CardSlot
from tests.devices.namespaces import namespaces_allowed
from tests.devices.reconnecting import HOW_MANY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for 10,000 reconnects has the time for them."""
    if HOW_MANY in os.environ:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.timeout(0))


@pytest.fixture(scope="session")
def slot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardSlot]:
    """A real pcscd. Its client library looks up the place once a process: whoever asks it at all must ask for this."""
    if not namespaces_allowed():
        pytest.skip("this machine does not let us make namespaces")
    made = CardSlot(tmp_path_factory.mktemp("slot"))
    made.start()
    with pytest.MonkeyPatch.context() as patch:
        for key, value in made.environment.items():
            patch.setenv(key, value)
        yield made
    made.stop()
