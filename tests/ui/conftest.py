"""A real window under the offscreen driver, for the tests that ask for one."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
os.environ.setdefault("KIVY_NO_ARGS", "1")


@pytest.fixture(scope="module")
def largest_window() -> None:
    """The offscreen driver never enlarges its first surface, so the first window is as large as any."""
    from kiosk.settings import Surface  # noqa: PLC0415 - after the driver is named
    from kiosk.ui.window import open_window  # noqa: PLC0415

    open_window(Surface(width_px=1920, height_px=1920))


@pytest.fixture
def swift_clock() -> Iterator[None]:
    from kivy.clock import Clock  # noqa: PLC0415 - after the driver is named

    Clock._max_fps = 0
    yield
    gc.collect()


@pytest.fixture
def stand(largest_window: None, swift_clock: None) -> Iterator[Any]:
    """Open windows: of self service on home unless told otherwise; all closed at the end."""
    from kiosk.flows import self_service, steps  # noqa: PLC0415 - after the driver is named
    from tests.ui.samples import SELF_SERVICE, frame  # noqa: PLC0415
    from tests.ui.stand import Stand  # noqa: PLC0415

    made: list[Stand] = []

    def make(
        surface: Any = SELF_SERVICE, advance: Any = self_service.advance, first: Any = None, around: Any = None
    ) -> Stand:
        made.append(Stand(surface, advance, first or steps.Home(), around or frame("K1", "self_service")))
        return made[-1]

    yield make
    for one in made:
        one.app.close()
