from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.bench.bench_room import Bench, opened


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield from opened(tmp_path)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """For tests that leave nothing behind."""
    yield from opened(tmp_path_factory.mktemp("bench"))
