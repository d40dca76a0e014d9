"""Devices, lines, languages, loudness and spoken words of the sample hall, as the terminals hear of them."""

import msgspec
import pytest

from deploy.pack_speech import LETTERS, pinyin, speech_file
from hall.ids import TerminalId, TicketLabel, WindowId
from hall.outage.sharing import buses_of, caller_of
from hall.pack.equipment import absent
from hall.pack.hall_pack import parse, shown
from hall.pack.limits import BOUNDS
from hall.pack.tables import Limits
from hall.speech.phrases import call_spoken, spoken_number
from hall.speech.spoken import pinyin_of, unknown_in
from hall.wire.pack_shown import Volume
from tests.hall.world import pack_files, qinghe

TOLD = shown(qinghe(), bytes(32))


def test_every_terminal_that_reads_or_prints_names_its_devices() -> None:
    pack = qinghe()
    wired = {
        str(terminal.id): {row.kind for row in pack.devices if row.terminal == terminal.id}
        for terminal in pack.terminals
    }
    assert wired["K1"] == {"id_reader", "card_reader", "slip_printer", "scanner", "machine"}
    assert wired["S1"] == {"led_bars", "speaker"}
    assert all(wired[terminal.id] for terminal in pack.terminals if terminal.role in ("self_service", "guide_desk"))


def test_windows_on_one_line_may_not_share_an_address_but_two_lines_may() -> None:
    files = pack_files()
    files["windows.toml"] = files["windows.toml"].replace("bar_address = 14", 'bar_address = 7\nbus = "east"')
    told = shown(parse(files), bytes(32))
    assert buses_of(told.windows) == {"14": "east"}


def test_windows_on_one_line_have_one_caller_in_an_outage() -> None:
    files = pack_files()
    for address in (7, 14):
        files["windows.toml"] = files["windows.toml"].replace(
            f"bar_address = {address}\n", f'bar_address = {address}\nbus = "east"\n'
        )
    buses = buses_of(shown(parse(files), bytes(32)).windows)
    assert caller_of(WindowId("7"), buses) == caller_of(WindowId("14"), buses) != caller_of(WindowId("8"), buses)


def test_a_device_that_is_expected_and_not_reported_is_absent() -> None:
    pack = qinghe()
    missing = absent(pack.devices, TerminalId("K1"), {"id_reader", "slip_printer", "scanner", "machine"})
    assert [(device.kind, device.driver) for device in missing] == [("card_reader", "pcsc")]
    assert absent(pack.devices, TerminalId("W07"), set()) == ()


@pytest.mark.row("ATT-09", part="rule")
def test_the_hall_sets_loudness_by_time_of_day() -> None:
    assert TOLD.volumes == (
        Volume(first=510, last=720, percent=100),
        Volume(first=720, last=810, percent=70),
        Volume(first=810, last=1050, percent=100),
    )


def test_the_hall_offers_its_languages_chinese_first() -> None:
    assert TOLD.languages == ("zh", "en")


def test_every_limit_has_bounds_and_the_sample_hall_lies_within() -> None:
    words = {"discipline", "elderly_basis", "elderly_basis_en"}
    numbers = {field.name for field in msgspec.structs.fields(Limits)} - words
    assert set(BOUNDS) == numbers


def test_the_words_to_be_spoken_were_made_from_this_pack() -> None:
    files = pack_files()
    assert speech_file(files) == files["speech.toml"], "run python -m deploy.pack_speech deploy/packs/qinghe"


@pytest.mark.row("ATT-09", part="rule")
@pytest.mark.parametrize(
    ("label", "window", "said"),
    [
        ("A012", "3", "qing3 ei1 ling2 yi1 er4 hao4 dao4 san1 hao4 chuang1 kou3 ban4 li3"),
        ("Y003", "14", "qing3 wai4 ling2 ling2 san1 hao4 dao4 shi2 si4 hao4 chuang1 kou3 ban4 li3"),
        ("A12-K3", "20", "qing3 ei1 yi1 er4 gang4 kei4 san1 hao4 dao4 er4 shi2 hao4 chuang1 kou3 ban4 li3"),
    ],
)
def test_a_call_is_spoken_digit_by_digit_from_the_pack_alone(label: str, window: str, said: str) -> None:
    assert pinyin_of(call_spoken(TicketLabel(label), WindowId(window)), TOLD.speech) == said


def test_every_number_window_and_title_of_the_hall_can_be_spoken() -> None:
    texts = [call_spoken(TicketLabel(f"{letter}-09"), WindowId("1"), recalled=True) for letter in LETTERS]
    texts += [spoken_number(WindowId(str(number))) for number in range(1, 200)]
    texts += [f"{row.title},{TOLD.areas[row.area]}。" for row in TOLD.windows]
    assert [unknown_in(text, TOLD.speech) for text in texts] == [""] * len(texts)


def test_a_sign_without_a_sound_is_no_word() -> None:
    with pytest.raises(ValueError, match="has no pinyin"):
        pinyin("☃")
