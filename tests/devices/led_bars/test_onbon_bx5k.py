import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.led_bars import bx_frames, onbon_bx5k
from kiosk.devices.virtual.led_bars import VirtualLedBars
from kiosk.ports import DeviceError, Fault, LedBars
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

FORBIDDEN = (b"\xa2\x01", b"\xa1\x00")


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[VirtualLedBars]:
    virtual = VirtualLedBars((7, 14), tmp_path / "bars", baud=57_600, paced=False)
    virtual.start()
    yield virtual
    virtual.stop()


@pytest.fixture
def driver(bars: VirtualLedBars, tmp_path: Path) -> Iterator[LedBars]:
    opened = connect(tmp_path / "bars")
    yield opened
    opened.close()


def connect(link: Path, **options: str | float) -> LedBars:
    told: dict[str, object] = {"baud": 57_600, "addresses": "7,14", "timeout_s": 0.15, **options}
    return onbon_bx5k.connect(onbon_bx5k.Options(port=str(link), **told), "S1.led_bars")  # type: ignore[arg-type]


def texts(bars: VirtualLedBars) -> dict[int, str]:
    return {bar["address"]: bar["text"] for bar in bars.state()["bars"]}


def test_the_windows_bar_shows_the_call_and_the_others_do_not(bars: VirtualLedBars, driver: LedBars) -> None:
    assert driver.show(14, "请Y001号到14号窗口")
    assert texts(bars) == {7: "", 14: "请Y001号到14号窗口"}


def test_an_empty_text_darkens_the_bar(bars: VirtualLedBars, driver: LedBars) -> None:
    driver.show(7, "A012")
    assert driver.show(7, "")
    assert texts(bars)[7] == ""


def test_both_bars_up_is_no_fault(driver: LedBars) -> None:
    told = driver.state()
    assert told.fault is None
    assert told.readings.items() >= {"7": "up", "14": "up", "damaged_answers": 0}.items()


def test_one_silent_bar_is_named_and_does_not_stop_the_other(bars: VirtualLedBars, driver: LedBars) -> None:
    bars.silence(14)
    told = driver.state()
    assert (told.fault, told.may_serve) == (Fault.SILENT, True)
    assert told.readings.items() >= {"7": "up", "14": "silent", "damaged_answers": 0}.items()
    assert driver.show(7, "A012")
    assert not driver.show(14, "A013")


def test_an_absent_address_is_pinged_in_every_fourth_round_and_comes_back(
    bars: VirtualLedBars, driver: LedBars
) -> None:
    bars.power_off(14)
    driver.state()
    bars.power_on(14)
    rounds = [driver.state().readings["14"] for _ in range(4)]
    assert rounds == ["silent", "silent", "silent", "up"]


def test_power_loss_forgets_the_text(bars: VirtualLedBars, driver: LedBars) -> None:
    driver.show(7, "A012")
    bars.power_off(7)
    bars.power_on(7)
    assert texts(bars)[7] == ""


def test_a_busy_card_is_asked_again(bars: VirtualLedBars, driver: LedBars) -> None:
    bars.busy(7, 2)
    assert driver.show(7, "A012")


def test_a_card_that_stays_busy_is_given_up(bars: VirtualLedBars, driver: LedBars) -> None:
    bars.busy(7, 99)
    assert not driver.show(7, "A012")
    assert driver.state().readings["7"] == "refused"


def test_a_damaged_answer_is_no_answer_and_is_asked_again(bars: VirtualLedBars, driver: LedBars) -> None:
    bars.wrong_crc(7, 1)
    assert driver.show(7, "A012")


def test_a_pulled_line_says_disconnected_and_a_new_driver_finds_it_again(
    bars: VirtualLedBars, driver: LedBars, tmp_path: Path
) -> None:
    bars.unplug()
    with pytest.raises(DeviceError) as told:
        driver.show(7, "A012")
    assert told.value.reason is Fault.DISCONNECTED
    with pytest.raises(DeviceError):
        connect(tmp_path / "bars")
    bars.replug()
    again = connect(tmp_path / "bars")
    assert again.show(7, "A012")
    again.close()


def test_an_adapter_that_echoes_is_no_card(tmp_path: Path) -> None:
    virtual = VirtualLedBars((7,), tmp_path / "echo", paced=False, echo=True)
    virtual.start()
    driver = connect(tmp_path / "echo", addresses="7,8")
    assert driver.show(7, "A012")
    assert driver.state().readings.items() >= {"7": "up", "8": "silent", "damaged_answers": 0}.items()
    driver.close()
    virtual.stop()


def test_the_card_says_checksum_to_a_damaged_request(bars: VirtualLedBars) -> None:
    damaged = bytearray(bx_frames.encode(bx_frames.ping(7)))
    damaged[-2] ^= 1
    (found,) = bx_frames.Decoder().feed(bytes(damaged))
    (answer,) = bx_frames.Decoder().feed(bars._answer(found))
    assert isinstance(answer, bx_frames.Frame)
    assert bx_frames.reply(answer) == bx_frames.Reply(acknowledged=False, error=bx_frames.Error.CHECKSUM)
    assert bars.state()["damaged"] == 1


def test_the_virtual_card_refuses_what_it_does_not_know(bars: VirtualLedBars) -> None:
    reset = bx_frames.Frame(7, bx_frames.HOST, b"\xa2\x77\x01\x00\x00")
    (answer,) = bx_frames.Decoder().feed(bars._answer(reset))
    assert isinstance(answer, bx_frames.Frame)
    assert bx_frames.reply(answer) == bx_frames.Reply(acknowledged=False, error=bx_frames.Error.COMMAND)


@given(st.text(max_size=700))
def test_no_text_becomes_a_command_of_the_card_and_none_is_too_long(text: str) -> None:
    encoded = onbon_bx5k.text_bytes(text, 32, "red")
    assert len(encoded) <= bx_frames.MAX_AREA_TEXT_BYTES
    shown = encoded.removeprefix(rb"\C1\FO002").decode("gbk").replace(r"\n", "")
    assert "\\" not in shown


def test_a_character_no_card_knows_becomes_a_visible_mark() -> None:
    assert onbon_bx5k.text_bytes("王䶮", 32, "red").endswith("王〓".encode("gbk"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"colour": "blue"}, "colour"), ({"font_px": 20}, "font_px"), ({"addresses": "x"}, "addresses")],
)
def test_an_impossible_option_is_named(tmp_path: Path, options: dict[str, str | float], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence) as told:
        connect(tmp_path / "nothing", **options)
    assert told.value.reason is Fault.OPTION


def test_nothing_in_the_house_can_reset_or_format_a_card(bars: VirtualLedBars, driver: LedBars) -> None:
    driver.state()
    driver.show(7, "A012")
    driver.show(7, "")
    assert bars.heard
    assert all(frame.data[:2] not in FORBIDDEN for frame in bars.heard)
    numbers = {
        node.value
        for path in Path(onbon_bx5k.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert numbers.isdisjoint({0xA201, 0xA100, *FORBIDDEN})


@pytest.mark.parametrize(
    ("text", "font_px"),
    [("Y001", 32), ("请Y001号到14号窗口", 32), ("请Y001号到14号窗口办理", 24), ("请" * 19, 16), ("请" * 21, None)],
)
def test_a_text_stands_in_the_largest_font_that_fits_and_runs_only_when_none_does(
    text: str, font_px: int | None, bars: VirtualLedBars, driver: LedBars
) -> None:
    assert onbon_bx5k.fitting_font(text, 320, 32) == font_px
    assert driver.show(7, text)
    area = bars.bars[7].areas[0]
    assert area.display_mode == (onbon_bx5k.STANDING if font_px else onbon_bx5k.RUNNING_LEFT)
    assert bars.bars[7].shown().font_px == (font_px or 32)
    assert texts(bars)[7] == text


@given(st.text(alphabet="A1请号", min_size=1, max_size=40), st.sampled_from([16, 24, 32]))
def test_a_standing_text_is_in_the_middle(text: str, largest_px: int) -> None:
    area = onbon_bx5k._area(text, onbon_bx5k.Options(port="", font_px=largest_px))
    font_px = onbon_bx5k.fitting_font(text, 320, largest_px)
    shown = area.text.decode("gbk").split("FO00")[1][1:]
    if font_px is not None:
        left = (len(shown) - len(shown.lstrip(" "))) * font_px // 2
        right = 320 - left - onbon_bx5k.half_cells(text) * font_px // 2
        assert abs(left - right) <= 2 * font_px
        assert right >= 0


@pytest.mark.parametrize("text", ["", "A012", "请Y001号到14号窗口"])
def test_a_bars_picture_lights_dots_only_for_text(bars: VirtualLedBars, driver: LedBars, text: str) -> None:
    driver.show(7, text)
    picture = bars.image(7)
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("fault", ["noise", "truncate", "wrong_length"])
def test_a_destroyed_answer_is_asked_for_again(bars: VirtualLedBars, driver: LedBars, fault: str) -> None:
    bars.actions[fault](times=1)
    assert driver.show(7, "A012")
    assert texts(bars)[7] == "A012"


def test_a_late_answer_of_one_bar_is_not_taken_for_anothers(bars: VirtualLedBars, tmp_path: Path) -> None:
    driver = connect(tmp_path / "bars", timeout_s=0.05)
    bars.actions["slow"](seconds=0.15)
    assert not driver.show(7, "A012")
    bars.actions["slow"](seconds=0.0)
    bars.silence(14)
    assert not driver.show(14, "A014")
    driver.close()


def test_a_bar_known_to_be_silent_costs_one_time_out(bars: VirtualLedBars, driver: LedBars) -> None:
    bars.power_off(14)
    assert not driver.show(14, "A014")
    begun = time.monotonic()
    assert not driver.show(14, "A014")
    assert time.monotonic() - begun < 0.15 + 0.13


def test_a_line_without_named_bars_has_none(bars: VirtualLedBars, tmp_path: Path) -> None:
    driver = connect(tmp_path / "bars", addresses="")
    assert driver.state().readings["bars"] == "absent"
    driver.close()


def test_nothing_stays_behind_after_many_reconnects(tmp_path: Path, bars: VirtualLedBars) -> None:
    def once() -> None:
        driver = connect(tmp_path / "bars")
        driver.state()
        driver.close()
        bars.heard = []

    assert_nothing_leaks(once, reconnects(usual=60))


@pytest.mark.parametrize("address", [-1, 0, bx_frames.ANY_REPLIES, 99_999])
def test_an_address_that_no_bar_can_have_is_shown_nothing(driver: LedBars, address: int) -> None:
    assert driver.show(address, "A012") is False
