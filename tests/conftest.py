"""What holds for every test: known rows only, no deadline on a busy machine, and no program that eats our arguments."""

import os

import pytest
from hypothesis import settings

from tests.rows import carried_by, read_rows

os.environ.setdefault("KIVY_NO_ARGS", "1")  # Kivy would take pytest's arguments for its own

settings.register_profile("house", deadline=None, print_blob=True)  # two cores are shared; time is no property
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a row or part that `rows.toml` does not know."""
    rows = read_rows()
    try:
        for item in items:
            carried_by(item, rows)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
