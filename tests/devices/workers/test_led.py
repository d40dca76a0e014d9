from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.workers import LedWorker
from tests.devices.workers.fakes import PULLED, Clock, FakeBars


class Hall:
    def __init__(self) -> None:
        self.clock = Clock()
        self.driver = FakeBars()
        self.worker = LedWorker("S1.led_bars", lambda: self.driver, monotonic=self.clock)

    def run(self, seconds: float) -> None:
        """Let the worker do all that is due in the next seconds."""
        end = self.clock.now + seconds
        while True:
            delay = self.worker.step()
            if delay > 0:
                if self.clock.now + delay > end:
                    break
                self.clock.now += delay
        self.clock.now = end


def test_a_call_stands_on_its_bar() -> None:
    hall = Hall()
    hall.worker.show(14, "请Y001号到14号窗口")
    hall.run(0.5)
    assert hall.driver.shown == {14: "请Y001号到14号窗口"}
    assert hall.worker.standing() == {14: "请Y001号到14号窗口"}


def test_the_latest_text_wins_and_a_bar_is_refreshed_at_most_once_a_second() -> None:
    hall = Hall()
    hall.worker.show(7, "C001")
    hall.run(0.1)
    for number in range(2, 9):
        hall.worker.show(7, f"C{number:03}")
        hall.run(0.1)
    assert hall.driver.sent == [(7, "C001")]
    hall.run(0.5)
    assert hall.driver.sent == [(7, "C001"), (7, "C008")]


def test_a_bar_that_comes_back_gets_its_text_again() -> None:
    hall = Hall()
    hall.worker.show(7, "C001")
    hall.run(1)
    hall.driver.powered[7] = False
    hall.driver.shown.clear()
    hall.run(10)
    assert hall.worker.report().state == "degraded"
    hall.driver.powered[7] = True
    hall.run(10)
    assert hall.driver.shown == {7: "C001"}
    assert hall.worker.report().state == "up"


def test_a_power_cut_too_short_to_be_noticed_is_healed_within_fifteen_seconds() -> None:
    hall = Hall()
    hall.worker.show(7, "C001")
    hall.run(1)
    hall.driver.shown.clear()
    hall.run(15)
    assert hall.driver.shown == {7: "C001"}


def test_a_dead_bar_does_not_hold_up_the_others() -> None:
    hall = Hall()
    hall.driver.powered[7] = False
    hall.worker.show(7, "C001")
    hall.run(8)
    hall.worker.show(14, "Y001")
    hall.driver.sent.clear()
    hall.run(0.1)
    assert hall.driver.sent[0] == (14, "Y001")


def test_a_line_that_was_pulled_gets_everything_again() -> None:
    hall = Hall()
    hall.worker.show(7, "C001")
    hall.run(1)
    hall.driver.broken = PULLED
    hall.driver.shown.clear()
    hall.run(20)
    assert hall.worker.report().code == "disconnected"
    hall.driver.broken = None
    hall.run(6)
    assert hall.driver.shown == {7: "C001"}


def test_a_pulled_line_is_no_busy_loop() -> None:
    hall = Hall()
    hall.driver.broken = PULLED
    hall.worker.show(7, "C001")
    assert hall.worker.step() == 1.0
    assert hall.worker._is_pressing()
    assert not hall.worker._is_pressing()


def test_only_so_many_bars_are_remembered_and_no_text_is_endless() -> None:
    hall = Hall()
    for address in range(1, 66):
        hall.worker.show(address, "x" * 500)
    assert set(hall.worker._wanted) == set(range(1, 65))
    assert max(len(text) for text in hall.worker._wanted.values()) == 120


@given(st.lists(st.tuples(st.sampled_from([7, 14]), st.text(max_size=3), st.floats(0, 3)), max_size=25))
def test_whatever_is_asked_when_the_last_text_stands_in_the_end(asked: list[tuple[int, str, float]]) -> None:
    hall = Hall()
    last: dict[int, str] = {}
    for address, text, pause_s in asked:
        hall.worker.show(address, text)
        last[address] = text
        hall.run(pause_s)
    hall.run(2.5)
    assert hall.driver.shown == last
