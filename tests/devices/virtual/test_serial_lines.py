"""Virtual lines keep the time of real ones, and know the rate at the other end."""

import termios
import time
from pathlib import Path

import pytest
import serial

from kiosk.devices.virtual.serial_lines import PtyLine, TcpLine, send_paced, wire_s


class Taken:
    """A line that remembers what came, and when."""

    def __init__(self) -> None:
        self.came: list[tuple[float, bytes]] = []

    def plug(self) -> str:
        return "taken"

    def unplug(self) -> None:
        return None

    def leave(self) -> None:
        return None

    def receive(self, timeout_s: float) -> bytes:
        return b""

    def send(self, sent: bytes) -> None:
        self.came.append((time.monotonic(), sent))

    def far_baud(self) -> int | None:
        return None


@pytest.mark.parametrize(("baud", "count"), [(9_600, 60), (115_200, 600)])
def test_no_byte_arrives_before_a_wire_of_that_rate_would_have_carried_it(baud: int, count: int) -> None:
    line, start = Taken(), time.monotonic()
    send_paced(line, bytes(count), baud, lambda: True)
    arrived = 0
    for at, part in line.came:
        arrived += len(part)
        assert at - start >= wire_s(arrived, baud)
    assert arrived == count


def test_what_is_on_its_way_when_the_plug_is_pulled_never_arrives() -> None:
    line = Taken()
    send_paced(line, bytes(600), 115_200, lambda: len(line.came) < 3)
    assert 0 < sum(len(part) for _, part in line.came) < 600


def test_a_pty_knows_the_rate_that_the_driver_set() -> None:
    line = PtyLine()
    assert line.far_baud() is None
    with serial.Serial(line.plug(), 57_600) as driver:
        assert line.far_baud() == 57_600
        driver.baudrate = 9_600
        assert line.far_baud() == 9_600
    line.unplug()
    assert line.far_baud() is None


def test_a_network_has_no_rate() -> None:
    line = TcpLine()
    line.plug()
    assert line.far_baud() is None
    line.unplug()


def test_a_path_stays_the_same_through_replugging(tmp_path: Path) -> None:
    line = PtyLine(tmp_path / "line")
    assert line.plug() == line.plug() == str(tmp_path / "line")
    with serial.Serial(str(tmp_path / "line")):
        pass
    line.unplug()
    with pytest.raises((serial.SerialException, termios.error)):
        serial.Serial(str(tmp_path / "line"))
    line.leave()
