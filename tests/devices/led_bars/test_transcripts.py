from pathlib import Path

from kiosk.devices.led_bars import onbon_bx5k, queue_bar_69
from tests.devices.strict_wire import StrictWire

HERE = Path(__file__).parent / "transcripts"


def test_the_onbon_driver_sends_what_is_recorded_and_not_a_byte_more() -> None:
    wire = StrictWire(HERE / "onbon_bx5k.txt")
    driver = onbon_bx5k.connect(onbon_bx5k.Options(wire.port, addresses="7,14"), "S1.led_bars")
    wire.begin()
    assert driver.state().fault is None
    assert driver.show(14, "请Y001号到14号窗口")
    assert driver.show(7, "")
    assert wire.ended() == []
    driver.close()


def test_the_queue_bar_driver_sends_what_is_recorded_and_not_a_byte_more() -> None:
    wire = StrictWire(HERE / "queue_bar_69.txt")
    driver = queue_bar_69.connect(queue_bar_69.Options(wire.port), "S1.led_bars")
    wire.begin()
    assert driver.show(14, "请Y001号到14号窗口")
    assert driver.show(7, "")
    assert wire.ended() == []
    driver.close()
