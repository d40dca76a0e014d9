"""Bars that never answer: what is sent, how far apart, and what is honestly not known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.led_bars import queue_bar_69, queue_frames
from kiosk.devices.led_bars.queue_bar_69 import Options
from kiosk.devices.led_bars.queue_frames import BarFrame
from kiosk.devices.virtual.queue_bars import VirtualQueueBars
from kiosk.devices.workers import LedWorker
from kiosk.ports import DeviceError, Fault, LedBars, Reading, Unread
from tests.devices.reconnecting import assert_nothing_leaks, reconnects
from tests.devices.workers.fakes import Clock


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[VirtualQueueBars]:
    virtual = VirtualQueueBars((7, 14), tmp_path / "bars", baud=57_600)
    virtual.start()
    yield virtual
    virtual.stop()


def connect(folder: Path, **options: object) -> LedBars:
    told = {"port": str(folder / "bars"), "baud": 57_600, "addresses": "7,14", **options}
    return queue_bar_69.connect(Options(**told), "S1.led_bars")  # type: ignore[arg-type]


def shows(bars: VirtualQueueBars, address: int, text: str) -> bool:
    """Wait until the bar has heard it: nothing comes back that could be waited for."""
    for _ in range(400):
        if any(bar["address"] == address and bar["text"] == text for bar in bars.state()["bars"]):
            return True
        bars._line._stopping.wait(0.01)
    return False


def test_a_call_stands_on_its_bar_and_on_no_other(bars: VirtualQueueBars, tmp_path: Path) -> None:
    driver = connect(tmp_path)
    assert driver.show(14, "请Y001号到14号窗口")
    assert shows(bars, 14, "请Y001号到14号窗口")
    assert shows(bars, 7, "")
    driver.close()


def test_frames_keep_their_distance_so_that_none_is_lost(bars: VirtualQueueBars, tmp_path: Path) -> None:
    driver = connect(tmp_path)
    driver.show(7, "A001")
    driver.show(14, "A002")
    driver.show(7, "")
    assert shows(bars, 14, "A002")
    assert shows(bars, 7, "")
    assert bars.state()["too_soon"] == 0
    assert len(bars.heard) == 3
    driver.close()


def test_of_bars_that_cannot_answer_nothing_is_claimed(bars: VirtualQueueBars, tmp_path: Path) -> None:
    driver = connect(tmp_path)
    bars.power_off(14)
    assert driver.show(14, "A001")
    told = driver.state()
    assert told.fault is None
    assert told.readings.items() >= {"7": Unread.UNSUPPORTED, "14": Unread.UNSUPPORTED, "frames_sent": 1}.items()
    driver.close()
    alone = connect(tmp_path, addresses="")
    assert alone.state().readings["bars"] is Unread.ABSENT
    alone.close()


def test_a_bar_without_power_forgets_unless_the_text_was_stored(bars: VirtualQueueBars, tmp_path: Path) -> None:
    driver = connect(tmp_path, kind="store", colour="green")
    assert driver.show(7, "A001")
    assert shows(bars, 7, "A001")
    bars.power_off(7)
    bars.power_on(7)
    assert shows(bars, 7, "A001")
    assert bars.state()["bars"][0]["colour"] == "green"
    driver.close()


def test_a_number_that_no_bar_can_have_is_not_shown(bars: VirtualQueueBars, tmp_path: Path) -> None:
    driver = connect(tmp_path)
    assert not driver.show(300, "A001")
    assert not driver.show(0, "A001")
    driver.close()


def test_a_pulled_line_says_disconnected_and_a_new_driver_finds_it_again(
    bars: VirtualQueueBars, tmp_path: Path
) -> None:
    driver = connect(tmp_path)
    bars.actions["unplug"]()
    for deed in (driver.state, lambda: driver.show(7, "A001")):
        with pytest.raises(DeviceError) as told:
            deed()
        assert told.value.reason is Fault.DISCONNECTED
    driver.close()
    with pytest.raises(DeviceError):
        connect(tmp_path)
    bars.actions["replug"]()
    again = connect(tmp_path)
    assert again.show(7, "A001")
    assert shows(bars, 7, "A001")
    again.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "forever"}, "kind"),
        ({"colour": "blue"}, "colour"),
        ({"gap_s": 0.1}, "gap_s"),
        ({"speed": 8}, "speed"),
        ({"stay": 256}, "stay"),
        ({"addresses": "0"}, "addresses"),
        ({"addresses": "x"}, "addresses"),
        ({"baud": 0}, "baud"),
    ],
)
def test_an_impossible_option_is_named(tmp_path: Path, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence) as told:
        connect(tmp_path, **options)
    assert told.value.reason is Fault.OPTION


class StrictLine:
    """A line that remembers frames and never answers; the clock moves only here."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sent: list[tuple[float, bytes]] = []

    def send(self, frame: bytes) -> None:
        self.clock.now += 0.4
        self.sent.append((self.clock.now, frame))

    def check(self) -> None:
        """It is there."""

    def troubles(self) -> dict[str, Reading]:
        return {"line_frame_errors": Unread.UNSUPPORTED}

    def close(self) -> None:
        """Nothing to give back."""


def worked(kind: str, seconds: float) -> tuple[LedWorker, StrictLine]:
    clock = Clock()
    line = StrictLine(clock)
    driver = queue_bar_69.QueueBars(Options("", kind=kind), "S1.led_bars", line)  # type: ignore[arg-type]
    worker = LedWorker("S1.led_bars", lambda: driver, monotonic=clock)
    worker.show(7, "A001")
    end = clock.now + seconds
    while clock.now < end:
        clock.now += max(worker.step(), 0.001)
    return worker, line


def test_a_temporary_text_is_sent_again_every_minute_and_not_more() -> None:
    worker, line = worked("temporary", 185)
    assert len(line.sent) == 4
    assert len({frame for _, frame in line.sent}) == 1
    assert worker.standing() == {7: "A001"}
    assert worker.report().state == "up"


def test_a_stored_text_is_not_written_again_and_again() -> None:
    _, line = worked("store", 600)
    assert len(line.sent) == 1


def test_nothing_stays_behind_after_many_reconnects(bars: VirtualQueueBars, tmp_path: Path) -> None:
    def once() -> None:
        driver = connect(tmp_path)
        driver.state()
        driver.close()

    assert_nothing_leaks(once, reconnects(usual=100))


def test_a_bars_picture_shows_its_text(bars: VirtualQueueBars, tmp_path: Path) -> None:
    dark = bars.image(7)
    driver = connect(tmp_path)
    driver.show(7, "A001")
    assert shows(bars, 7, "A001")
    assert bars.image(7) != dark
    assert dark.startswith(b"\x89PNG")
    driver.close()


def test_a_frame_that_comes_too_soon_is_lost_as_on_the_real_bar(tmp_path: Path) -> None:
    clock = Clock()
    virtual = VirtualQueueBars((7,), tmp_path / "x", monotonic=clock)
    first, second = (queue_frames.encode(BarFrame(7, text)) for text in ("A001", "A002"))
    for frame, after_s, text in ((first, 1.0, "A001"), (second, 0.1, "A001"), (second, 0.4, "A002")):
        virtual._hear(b"")
        clock.now += after_s
        virtual._hear(frame)
        assert virtual.state()["bars"][0]["text"] == text
    assert virtual.too_soon == 1
    virtual.stop()
