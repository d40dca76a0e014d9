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


class Others:
    """Threads and memory of an earlier test, which end while a later one measures."""

    def __init__(self, lasting_calls: int) -> None:
        self.calls, self.lasting_calls = 0, lasting_calls
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._end.wait) for _ in range(4)]
        for one in self._threads:
            one.start()
        self._memory = [object() for _ in range(1_000)]

    def go_on(self) -> None:
        self.calls += 1
        if self.calls == self.lasting_calls:
            self._end.set()
            for one in self._threads:
                one.join()
            self._memory.clear()


@pytest.mark.parametrize("lasting_calls", [30, 90])
def test_others_that_end_meanwhile_hide_no_leak(lasting_calls: int) -> None:
    others = Others(lasting_calls)
    kept: list[object] = []

    def leak() -> None:
        others.go_on()
        kept.append([[]])

    with pytest.raises(AssertionError, match="memory blocks"):
        assert_nothing_leaks(leak, 120)
    assert others.calls >= 2 * (120 + reconnecting.WARM_UP), "measured once more"


def test_others_that_end_meanwhile_are_no_leak() -> None:
    assert_nothing_leaks(Others(50).go_on, 120)


def test_what_never_stands_still_is_measured_so_often_only() -> None:
    kept = [[object() for _ in range(100)] for _ in range(300)]
    calls: list[int] = []

    def forget() -> None:
        kept.pop()
        calls.append(1)

    assert measure(forget, 40, SOON_S).disturbed
    assert len(calls) == reconnecting.ATTEMPTS * (40 + reconnecting.WARM_UP)


def test_what_is_kept_once_is_no_leak() -> None:
    kept: dict[str, object] = {}
    assert not measure(lambda: kept.setdefault("cache", [object() for _ in range(500)]), 40).leaks()


def test_the_environment_makes_it_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(reconnecting.HOW_MANY, raising=False)
    assert reconnects(usual=300) == 300
    monkeypatch.setenv(reconnecting.HOW_MANY, "10000")
    assert reconnects() == 10_000
