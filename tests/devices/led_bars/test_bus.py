"""The line's one owner: rest between frames, our own echo left out, a roll call that cannot hold up a call."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.led_bars.bus import (
    BITS_PER_BYTE,
    GAP_CHARACTERS,
    MAX_ANSWER_BYTES,
    READ_BYTES,
    Bus,
    Echo,
    Wiring,
    open_bus,
)
from kiosk.devices.led_bars.roll_call import ROUND_S, SILENT, UP, RollCall
from kiosk.ports import DeviceError, Fault, Unread
from tests.devices.workers.fakes import Clock


@pytest.fixture
def pair() -> Iterator[tuple[int, str]]:
    near, far = os.openpty()
    yield near, os.ttyname(far)
    for end in (near, far):
        os.close(end)


@given(st.binary(min_size=1, max_size=40), st.binary(max_size=40), st.integers(1, 9))
def test_our_own_frame_is_left_out_wherever_it_is_cut(sent: bytes, answer: bytes, piece: int) -> None:
    echo = Echo(sent)
    line = sent + answer
    heard = b"".join(echo.left_out(line[at : at + piece]) for at in range(0, len(line), piece))
    assert heard == answer


@given(st.binary(min_size=2, max_size=40), st.binary(min_size=1, max_size=40), st.integers(1, 9))
def test_a_line_that_does_not_echo_loses_nothing(sent: bytes, answer: bytes, piece: int) -> None:
    echo = Echo(sent)
    heard = b"".join(echo.left_out(answer[at : at + piece]) for at in range(0, len(answer), piece))
    if not sent.startswith(answer) and not answer.startswith(sent):
        assert heard == answer


@pytest.mark.parametrize(("baud", "gap_s"), [(9_600, 0.0), (57_600, 0.0), (9_600, 0.3)])
def test_the_line_rests_after_the_last_byte_whoever_sent_it(pair: tuple[int, str], baud: int, gap_s: float) -> None:
    clock = Clock()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock.now += seconds

    with serial.Serial(pair[1], baud, timeout=0) as line:
        bus = Bus(Wiring(pair[1], baud, gap_s), "S1.led_bars", line, clock, wait)
        least_s = max(gap_s, GAP_CHARACTERS * BITS_PER_BYTE / baud)
        bus.send(b"12345678")
        assert waits == []
        bus.send(b"12345678")
        wire_s = 8 * BITS_PER_BYTE / baud
        assert waits == [pytest.approx(least_s)] or waits == [pytest.approx(least_s + wire_s)]
        os.write(pair[0], b"x")
        waits.clear()
        clock.now += 10
        assert bus.hear(1.0) == b"x"
        bus.say(b"y")
        assert waits == [pytest.approx(least_s)]


def test_nobody_else_may_open_the_line(pair: tuple[int, str]) -> None:
    first = open_bus(Wiring(pair[1], 9_600), "S1.led_bars")
    with pytest.raises(DeviceError) as told:
        open_bus(Wiring(pair[1], 9_600), "S1.other")
    assert told.value.reason is Fault.DISCONNECTED
    first.close()
    open_bus(Wiring(pair[1], 9_600), "S1.other").close()


def test_a_flood_of_bytes_ends_the_wait(pair: tuple[int, str]) -> None:
    bus = open_bus(Wiring(pair[1], 9_600), "S1.led_bars")
    heard: list[int] = []

    def take(piece: bytes) -> None:
        heard.append(len(piece))
        os.write(pair[0], b"\x55" * 200)

    flood = threading.Timer(0.05, os.write, [pair[0], b"\x55"])
    flood.start()
    begun = time.monotonic()
    assert bus.ask(b"?", take, 60.0) is None
    assert time.monotonic() - begun < 30.0
    assert sum(heard) <= MAX_ANSWER_BYTES + READ_BYTES
    flood.join()
    bus.close()


# ---- who is there ------------------------------------------------------------------------------------------------


class Line:
    """Bars of which some are dead: a dead one costs its time-outs."""

    def __init__(self, count: int, dead: set[int]) -> None:
        self.clock = Clock()
        self.dead = dead
        self.asked: list[int] = []
        self.roll = RollCall(range(1, count + 1), self.clock)

    def round(self) -> float:
        begun = self.clock.now
        self.roll.call(self.ask)
        return self.clock.now - begun

    def ask(self, address: int) -> None:
        self.asked.append(address)
        self.clock.now += 0.5 if address in self.dead else 0.05
        self.roll.note(address, SILENT if address in self.dead else UP)


def test_a_round_of_dead_bars_ends_and_goes_on_where_it_stopped() -> None:
    line = Line(20, set(range(1, 21)))
    for _ in range(20):
        assert line.round() <= ROUND_S + 0.5
    assert set(line.asked) == set(range(1, 21))


def test_a_living_bar_is_asked_far_more_often_than_a_dead_one() -> None:
    line = Line(10, {3, 4, 5})
    for _ in range(40):
        line.round()
    assert line.asked.count(1) >= 3 * line.asked.count(3) > 0


def test_unknown_is_not_silent_and_absent_is_not_unknown() -> None:
    line = Line(40, set())
    line.round()
    told = line.roll.readings()
    assert told["1"] == UP
    assert told["40"] is Unread.UNKNOWN
    assert line.roll.trouble() is None
    assert RollCall((), Clock()).readings() == {"bars": Unread.ABSENT}


def test_one_silent_bar_is_named_and_all_silent_cannot_serve() -> None:
    line = Line(2, {2})
    line.round()
    assert line.roll.trouble() == (Fault.SILENT, (2,))
    assert line.roll.may_serve()
    line.dead.add(1)
    line.round()
    assert not line.roll.may_serve()
