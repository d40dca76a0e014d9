"""The leak hunter itself: it must catch what leaks, however small, and let the honest pass."""

import os
import threading
from collections.abc import Callable

import pytest

from tests.devices import reconnecting
from tests.devices.reconnecting import assert_nothing_leaks, measure, reconnects


def honest() -> None:
    near, far = os.pipe()
    threading.Thread(target=bytes).start()
    os.close(near)
    os.close(far)


SOON_S = 0.1
"""A leak never settles; nobody needs to wait for it."""


def test_what_is_given_back_passes() -> None:
    assert_nothing_leaks(honest, 60)


def test_a_leaked_descriptor_is_caught() -> None:
    kept: list[int] = []
    with pytest.raises(AssertionError, match="descriptors"):
        assert_nothing_leaks(lambda: kept.append(os.open("/dev/null", os.O_RDONLY)), 40, SOON_S)
    for descriptor in kept:
        os.close(descriptor)


def test_a_leaked_thread_is_caught() -> None:
    end = threading.Event()
    threads: list[threading.Thread] = []

    def leak() -> None:
        threads.append(threading.Thread(target=end.wait))
        threads[-1].start()

    with pytest.raises(AssertionError, match="threads"):
        assert_nothing_leaks(leak, 12, SOON_S)
    end.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("leaked", [object, lambda: bytearray(2_000), lambda: [[]]])
def test_one_small_object_a_cycle_is_caught(leaked: Callable[[], object]) -> None:
    kept: list[object] = []
    with pytest.raises(AssertionError, match="memory blocks"):
        assert_nothing_leaks(lambda: kept.append(leaked()), 120)


def test_what_is_kept_once_is_no_leak() -> None:
    kept: dict[str, object] = {}
    assert not measure(lambda: kept.setdefault("cache", [object() for _ in range(500)]), 40).leaks()


def test_the_environment_makes_it_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(reconnecting.HOW_MANY, raising=False)
    assert reconnects(usual=300) == 300
    monkeypatch.setenv(reconnecting.HOW_MANY, "10000")
    assert reconnects() == 10_000
