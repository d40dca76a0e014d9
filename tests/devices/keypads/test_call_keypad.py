"""The driver on a virtual line: presses echoed, second tries counted once, counts shown, faults survived."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.devices.keypads import call_keypad, pad_frames
from kiosk.devices.virtual.keypads import CODES, PRESSED, VirtualKeypads
from kiosk.devices.virtual.serial_lines import PtyLine
from kiosk.ports import DeviceError, Fault, Key, Keypad, KeyPress
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

Connect = Callable[..., Keypad]
LIMIT_S = 60.0


def heard(driver: Keypad, count: int) -> list[KeyPress]:
    """Listen until so many presses have come."""
    found: list[KeyPress] = []
    until = time.monotonic() + LIMIT_S
    while len(found) < count and time.monotonic() < until:
        found += driver.presses()
    return found


def settled(pads: VirtualKeypads, driver: Keypad, acknowledged: int) -> list[KeyPress]:
    """Listen until the keypad knows of so many echoes."""
    found: list[KeyPress] = []
    until = time.monotonic() + LIMIT_S
    while pads.state()["acknowledged"] < acknowledged and time.monotonic() < until:
        found += driver.presses()
    return found


def keys(presses: list[KeyPress]) -> list[Key]:
    return [press.key for press in presses]


@pytest.mark.parametrize("key", [key for key in Key if key not in (Key.DIGIT, Key.GRADE)])
def test_every_key_arrives_once_and_is_echoed(pads: VirtualKeypads, connect: Connect, key: Key) -> None:
    driver = connect()
    pads.press(key.value)
    assert keys(settled(pads, driver, 1)) == [key]
    assert pads.state()["unanswered"] == 0


def test_a_code_arrives_digit_by_digit_also_when_the_keypad_sends_it_together(
    pads: VirtualKeypads, connect: Connect
) -> None:
    driver = connect()
    pads.enter("0310")
    found = settled(pads, driver, 1)
    assert [press.value for press in found] == [0, 3, 1, 0, None]
    assert keys(found)[-1] is Key.CONFIRM
    assert "value" not in repr(found)


def test_one_digit_and_confirm_is_a_shortcut_also_from_a_keypad_that_sends_each(
    pads: VirtualKeypads, connect: Connect
) -> None:
    driver = connect()
    pads.digit(6)
    first = settled(pads, driver, 1)
    pads.press("confirm")
    assert keys(first + settled(pads, driver, 2)) == [Key.DIGIT, Key.GIVE_UP]


def test_the_same_digit_twice_is_two_digits(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    clock = Shifted()
    driver._monotonic = clock  # type: ignore[attr-defined]
    pads.digit(1)
    first = settled(pads, driver, 1)
    clock.ahead_s += 0.2  # a quick finger
    pads.digit(1)
    assert [press.value for press in first + settled(pads, driver, 2)] == [1, 1]


class Shifted:
    """The real clock, moved ahead by hand."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead_s


def test_a_second_call_within_five_seconds_is_a_slip_of_the_finger(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    clock = Shifted()
    driver._monotonic = clock  # type: ignore[attr-defined]
    pads.press("call")
    assert keys(settled(pads, driver, 1)) == [Key.CALL]
    clock.ahead_s += 4.0
    pads.press("call")
    assert settled(pads, driver, 2) == []
    clock.ahead_s += 2.0
    pads.press("call")
    assert keys(settled(pads, driver, 3)) == [Key.CALL]


def test_a_press_whose_echo_was_lost_is_sent_again_and_counts_once(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect(resent_within_s=5.0)  # a busy machine lets the virtual keypad's second try come late
    pads.lose_echoes(2)
    pads.press("recall")
    assert keys(settled(pads, driver, 1)) == [Key.RECALL]


def test_counts_and_number_stand_on_the_keypad(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    assert driver.show(12, "A016")
    assert (pads.state()["waiting"], pads.state()["ticket"]) == ("012", "016")
    assert driver.show(None, "")
    assert (pads.state()["waiting"], pads.state()["ticket"]) == ("", "")


def test_after_a_power_cut_the_next_look_puts_the_counts_back(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    driver.show(3, "Y001")
    pads.power_off()
    told = driver.state()
    assert (told.fault, told.may_serve, told.readings["keypad"]) == (Fault.SILENT, True, "silent")
    pads.power_on()
    assert driver.state().fault is None
    assert (pads.state()["waiting"], pads.state()["ticket"]) == ("003", "001")


def test_a_keypad_that_ignores_a_frame_is_told_again(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    pads.busy(2)
    assert driver.show(1, "A001")
    pads.busy(3)
    assert not driver.show(2, "A002")


def test_a_silent_keypad_costs_its_three_tries_and_no_more(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    pads.silence()
    begun = time.monotonic()
    assert not driver.show(1, "A001")
    assert time.monotonic() - begun < 3 * call_keypad.ACKNOWLEDGE_S + 1.0
    pads.press("call")
    assert keys(heard(driver, 1)) == [Key.CALL]
    assert driver.state().readings["keypad"] == "silent"


def test_a_keypad_that_cannot_answer_is_told_once_and_nothing_is_claimed(
    pads: VirtualKeypads, connect: Connect
) -> None:
    driver = connect(answers=False)
    pads.silence()
    assert driver.show(1, "A001")
    told = driver.state()
    assert (told.fault, told.readings["keypad"]) == (None, "unsupported")


def test_the_evaluators_buttons_are_lit_and_its_index_becomes_a_grade(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    for index, grade in enumerate((4, 5, 2, 1)):
        assert driver.ask_rating()
        assert pads.lit
        pads.grade(index)
        assert [(press.address, press.key, press.value) for press in settled(pads, driver, index + 1)] == [
            (2, Key.GRADE, grade)
        ]


def test_five_buttons_are_a_table_in_the_configuration(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect(grades="5,4,3,2,1")
    driver.ask_rating()
    pads.grade(4)
    assert [press.value for press in settled(pads, driver, 1)] == [1]
    driver.ask_rating()
    pads.grade(9)
    assert settled(pads, driver, 2) == []


@pytest.mark.parametrize("fault", ["noise", "truncate", "wrong_length"])
def test_a_destroyed_frame_is_skipped_and_the_press_still_arrives(
    pads: VirtualKeypads, connect: Connect, fault: str
) -> None:
    driver = connect()
    pads.actions[fault](times=1)
    pads.press("hold")
    assert keys(settled(pads, driver, 1)) == [Key.HOLD]


def test_a_wrong_sum_is_met_with_silence_on_both_sides(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    pads.bad_sum()
    pads.press("pause")
    assert keys(settled(pads, driver, 1)) == [Key.PAUSE]
    assert driver.state().readings["damaged_bytes"] != 0
    damaged = bytearray.fromhex("ff 68 02 02 68 01 03 04 16")
    damaged[-2] ^= 1
    assert pads._hear(bytes(damaged)) == b""
    assert pads.state()["beeps"] == 0


def test_a_slow_answer_is_neither_an_answer_nor_a_press(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    pads.actions["slow"](seconds=0.12)
    driver.show(5, "A005")
    pads.actions["slow"](seconds=0.0)
    pads.press("recall")
    assert keys(settled(pads, driver, 1)) == [Key.RECALL]


def test_an_adapter_that_hears_itself_is_found_out_and_echoes_nobody_twice(tmp_path: Path, connect: Connect) -> None:
    virtual = VirtualKeypads(1, 2, tmp_path / "pads", baud=57_600, echo=True)
    virtual.start()
    driver = connect()
    presses = 0
    while not driver.state().readings["line_echoes"] and presses < 5:  # on a busy machine the first echo may be late
        presses += 1
        virtual.press("recall")
        assert set(keys(settled(virtual, driver, presses))) == {Key.RECALL}
        driver.presses()
    assert driver.state().readings["line_echoes"] is True
    virtual.silence()
    assert not driver.show(1, "A001")
    virtual.answer()
    assert driver.show(1, "A001")
    virtual.press("evaluate")
    assert keys(settled(virtual, driver, presses + 1)) == [Key.EVALUATE]
    assert virtual.state()["acknowledged"] == presses + 1
    virtual.stop()


def test_another_windows_keypad_on_the_line_is_left_alone(tmp_path: Path, connect: Connect) -> None:
    virtual = VirtualKeypads(9, 9, tmp_path / "pads", baud=57_600)
    virtual.start()
    driver = connect()
    virtual.press("call")
    until = time.monotonic() + LIMIT_S
    while not virtual.state()["unanswered"] and time.monotonic() < until:
        assert driver.presses() == ()
    assert driver.state().readings["strangers"] == 3
    virtual.stop()


def test_a_press_during_a_show_is_not_lost(pads: VirtualKeypads, connect: Connect) -> None:
    driver = connect()
    pads.silence()
    finger = threading.Timer(0.05, pads.press, ["transfer"])
    finger.start()
    driver.show(1, "A001")
    finger.join()
    assert keys(heard(driver, 1)) == [Key.TRANSFER]


def test_a_pulled_line_says_disconnected_and_a_new_driver_finds_it_again(
    pads: VirtualKeypads, connect: Connect
) -> None:
    driver = connect()
    pads.actions["unplug"]()
    with pytest.raises(DeviceError) as told:
        driver.presses()
    assert told.value.reason is Fault.DISCONNECTED
    with pytest.raises(DeviceError):
        connect()
    pads.actions["replug"]()
    again = connect()
    pads.press("recall")
    assert keys(heard(again, 1)) == [Key.RECALL]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"grades": "5,6"}, "grades"),
        ({"grades": ""}, "grades"),
        ({"address": 0, "evaluator": 0}, "address"),
        ({"address": 300}, "address"),
        ({"baud": 0}, "baud"),
        ({"resent_within_s": 9.0}, "resent_within_s"),
    ],
)
def test_an_impossible_option_is_named(connect: Connect, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence) as told:
        connect(**options)
    assert told.value.reason is Fault.OPTION


def test_nothing_stays_behind_after_many_reconnects(pads: VirtualKeypads, tmp_path: Path) -> None:
    def once() -> None:
        driver = call_keypad.connect(call_keypad.Options(str(tmp_path / "pads"), answers=False), "W14.keypad")
        driver.show(1, "A001")
        driver.presses()
        driver.close()

    assert_nothing_leaks(once, reconnects(usual=100))


def test_an_evaluator_alone_is_no_silent_keypad_and_a_keypad_alone_no_silent_evaluator(
    pads: VirtualKeypads, connect: Connect
) -> None:
    alone = connect(address=0)
    assert not alone.show(1, "A001")
    told = alone.state()
    assert (told.fault, told.readings["keypad"], told.readings["evaluator"]) == (None, "absent", "unknown")
    assert alone.ask_rating()
    pads.grade(1)
    assert [press.value for press in settled(pads, alone, 1)] == [5]
    alone.close()
    keypad = connect(evaluator=0)
    assert not keypad.ask_rating()
    told = keypad.state()
    assert (told.fault, told.readings["keypad"], told.readings["evaluator"]) == (None, "up", "absent")


def test_keypad_and_evaluator_may_share_an_address(tmp_path: Path, connect: Connect) -> None:
    virtual = VirtualKeypads(1, 1, tmp_path / "pads", baud=57_600)
    virtual.start()
    driver = connect(evaluator=1)
    assert driver.ask_rating()
    virtual.grade(0)
    virtual_press = settled(virtual, driver, 1)
    virtual.press("call")
    assert keys(virtual_press + settled(virtual, driver, 2)) == [Key.GRADE, Key.CALL]
    virtual.stop()


def test_a_press_that_waited_for_a_busy_computer_is_no_sign_of_an_adapter_that_hears_itself(
    tmp_path: Path, connect: Connect
) -> None:
    line = PtyLine(tmp_path / "pads")
    line.plug()
    driver = connect(evaluator=0)
    frame = pad_frames.encode(pad_frames.PadFrame(1, PRESSED, CODES[Key.RECALL]))
    line.send(frame + frame)  # the first try and the second, found in one piece
    assert keys(heard(driver, 1)) == [Key.RECALL]
    line.send(frame)  # and the third, which crossed our answer
    assert driver.presses() == ()
    assert driver.state().readings["line_echoes"] is False
    driver.close()
    line.leave()
