import tomllib
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import HallError, Reason
from hall.pack.hall_pack import HallPack, canonical, parse, shown
from hall.people.age_offer import old_enough
from hall.queue.numbering import label
from hall.wire.codec import MAX_MESSAGE_BYTES, decode, encode
from hall.wire.pack_shown import PackShown
from tests.hall.world import PACK_DIR, pack_files, qinghe


def test_the_sample_hall_has_its_29_items_14_windows_and_a_page_of_groups() -> None:
    pack = qinghe()
    assert (len(pack.items), len(pack.windows), len(pack.groups)) == (29, 14, 8)
    assert pack.hall.sample
    assert pack.windows[13].priority_first
    assert {terminal.id: terminal.role for terminal in pack.terminals} == {
        "K1": "self_service",
        "K2": "self_service",
        "D1": "guide_desk",
        "W07": "window_panel",
        "W14": "window_panel",
        "R14": "rating_screen",
        "S1": "hall_display",
    }


def test_every_item_can_be_served_at_each_of_its_windows_and_at_the_general_window() -> None:
    pack = qinghe()
    windows = {window.number: window for window in pack.windows}
    for item in pack.items:
        assert all(item.series in windows[number].series for number in item.windows)
        assert "14" in item.windows


def test_every_icon_is_one_that_the_icon_font_has() -> None:
    from fonticon_mdi7 import MDI7  # noqa: PLC0415 the font is only needed here

    for group in qinghe().groups:
        assert hasattr(MDI7, group.icon.replace("-", "_")), group.icon


def test_what_terminals_are_shown_fits_one_message_and_survives_it() -> None:
    told = shown(qinghe(), bytes(32))
    payload = encode(told)
    assert len(payload) < MAX_MESSAGE_BYTES
    assert decode(PackShown, payload, "pack") == told
    assert told.version == qinghe().version
    items = {item.code: item for item in told.items}
    assert items["SI-603"].self_service_form in told.statement_forms
    assert "营业执照(可免提交)" in items["SI-103"].materials
    assert {window.window: window.bar_address for window in told.windows if window.bar_address} == {"7": 7, "14": 14}


def test_a_pack_survives_its_bytes_and_its_version_is_its_content() -> None:
    pack = qinghe()
    assert msgspec.json.decode(canonical(pack), type=HallPack) == pack
    files = pack_files()
    files["hall.toml"] = "# another comment\n" + files["hall.toml"]
    assert parse(files).version == pack.version
    files["hall.toml"] = files["hall.toml"].replace("林静", "林靜")
    assert parse(files).version != pack.version


def test_reserves_and_leased_numbers_never_meet() -> None:
    pack = qinghe()
    own = [set(range(t.reserve[0], t.reserve[1] + 1)) for t in pack.terminals if t.reserve]
    own.append(set(range(pack.leased[0], pack.leased[1] + 1)))
    assert sum(len(numbers) for numbers in own) == len(set().union(*own))


BAD = [
    ("hall.toml", 'hotline = "12333"', 'hotlime = "12333"', "hall.toml:hall.hotlime", "hotline"),
    ("hall.toml", 'hotline = "12333"', "", "hall.toml:hall", "hotline"),
    ("hall.toml", 'duty_lead = "林静(样例)"', 'duty_lead = ""', "hall.toml:hall.duty_lead", "mandatory"),
    ("hall.toml", "[hall]", "[hall", "hall.toml:3", "TOML"),
    ("hall.toml", '"make_up"]', '"monday"]', "hall.toml:hours[0].days", "already"),
    ("hall.toml", '["13:30", "17:00"]', '["11:30", "17:00"]', "hall.toml:hours[0].open", "follow"),
    ("hall.toml", '"16:45"', '"25:45"', "hall.toml:hours[0].last_ticket", "HH:MM"),
    ("hall.toml", '"16:45"', '"17:45"', "hall.toml:hours[0].last_ticket", "closing"),
    ("items.toml", 'series = "C"', 'series = "K"', "items.toml:SI-301.series", "allowed are A, B"),
    ("items.toml", 'series = "C"', 'series = "Y"', "items.toml:SI-301.series", "allowed"),
    ("items.toml", '["7", "8", "14"]', '["77"]', "items.toml:SI-301.windows", "'77'"),
    ("items.toml", '["7", "8", "14"]', '["5"]', "items.toml:SI-301.windows", "does not serve"),
    ("items.toml", '["7", "8", "14"]', "[]", "items.toml:SI-301", "mandatory"),
    ("items.toml", 'group = "pension"', 'group = "pensions"', "items.toml:", "pension"),
    (
        "items.toml",
        'self_service_form = "contributions"',
        'self_service_form = "x"',
        "items.toml:SI-603",
        "contributions",
    ),
    ("items.toml", 'code = "SI-102"', 'code = "SI-101"', "items.toml:items[1]", "twice"),
    ("items.toml", "promised_days = 15", "promised_days = 21", "items.toml:SI-301.promised_days", "legal limit of 20"),
    ("items.toml", "promised_days = 15", 'promised_days = "15"', "items.toml:items[", "int"),
    ("items.toml", "promised_days = 15", "promised_days = 0", "items.toml:SI-106.promised_days", "promised_note"),
    ("items.toml", 'kind = "shared"', 'kind = "sharing"', "items.toml:items[1].materials[1].kind", "sharing"),
    ("windows.toml", 'area = "Q5"', 'area = "Q9"', "windows.toml:1.area", "Q1"),
    ("windows.toml", 'series = ["D"]', 'series = ["Z"]', "windows.toml:9.series", "'Z'"),
    ("windows.toml", "bar_address = 14", "bar_address = 7", "windows.toml:14.bar_address", "another"),
    ("windows.toml", ', "Y"]', "]", "series.toml:Y", "no window"),
    ("series.toml", "priority = true", "", "series.toml:series", "exactly one"),
    ("series.toml", "leased_last = 699", "leased_last = 700", "series.toml:leased_first", "leased_last"),
    (
        "series.toml",
        "mean_service_min = 6.0",
        "mean_service_min = 0.0",
        "series.toml:A.mean_service_min",
        "more than 0",
    ),
    ("terminals.toml", "[800, 899]", "[799, 899]", "terminals.toml:K2.reserve", "K1"),
    ("terminals.toml", "[800, 899]", "[600, 650]", "terminals.toml:K2.reserve", "700 to 999"),
    ("terminals.toml", "reserve = [800, 899]", "", "terminals.toml:K2.reserve", "needs a reserve"),
    ("terminals.toml", 'window = "7"', "", "terminals.toml:W07.window", "needs"),
    ("terminals.toml", 'window = "7"', 'window = "70"', "terminals.toml:W07.window", "'70'"),
    ("terminals.toml", 'role = "hall_display"', 'role = "tv"', "terminals.toml:terminals[6].role", "tv"),
    ("staff.toml", 'windows = ["14"]', 'windows = ["15"]', "staff.toml:0310.windows", "'15'"),
    ("calendar.toml", 'notice = "', 'notice = ""\nx = "', "calendar.toml:x", "notice"),
    (
        "calendar.toml",
        "国务院办公厅关于2026年部分节假日安排的通知(2025年11月4日)",
        "",
        "calendar.toml:notice",
        "document",
    ),
    ("calendar.toml", '"2026-01-01"', '"2026-13-01"', "calendar.toml:2026", "of that year"),
    ("windows.toml", 'room = "101"', 'room = ""', "windows.toml:1", "mandatory"),
    ("items.toml", 'code = "card"', 'code = "cards"', "items.toml:cards", "1 to 8"),
    ("staff.toml", 'name = "林静"', 'name = ""', "staff.toml:0001", "mandatory"),
    ("staff.toml", 'id = "0101"', 'id = ""', "staff.toml:staff[1]", "empty"),
    ("calendar.toml", '"2026-01-01"', '"2027-01-01"', "calendar.toml:2026", "of that year"),
    (
        "limits.toml",
        "max_priority_in_row = 3",
        "max_priority_in_row = 0",
        "limits.toml:limits.max_priority",
        "1 to 20",
    ),
    ("limits.toml", "priority_rate = 3.0", "priority_rate = 0.5", "limits.toml:limits.priority_rate", "ordinary"),
    ("limits.toml", "spoken_times = 2", "spoken_times = 4", "limits.toml:limits.spoken_times", "1 to 3"),
    ("devices.toml", 'terminal = "K2"', 'terminal = "K9"', "devices.toml:devices[3].terminal", "allowed are K1"),
    ("devices.toml", 'kind = "card_reader"', 'kind = "id_reader"', "devices.toml:devices[1].kind", "already"),
    ("devices.toml", 'kind = "card_reader"', 'kind = "robot"', "devices.toml:devices[1].kind", "robot"),
    ("devices.toml", 'driver = "pcsc"', 'driver = "PC/SC"', "devices.toml:devices[1].driver", "small letters"),
    ("devices.toml", "maintenance_days = 180", "maintenance_days = 0", "devices.toml:devices[0].maint", "1 to 3660"),
    ("hall.toml", '["zh", "en"]', '["en", "zh"]', "hall.toml:hall.languages", "first"),
    ("hall.toml", '["zh", "en"]', '["zh", "english"]', "hall.toml:hall.languages", "'english'"),
    ("hall.toml", '["zh", "en"]', '["zh", "zh"]', "hall.toml:hall.languages", "twice"),
    ("hall.toml", '["zh", "en"]', str(["zh"] * 9).replace("'", '"'), "hall.toml:hall.languages", "at most 8"),
    ("hall.toml", "percent = 70", "percent = 101", "hall.toml:volumes[1].percent", "0 to 100"),
    ("hall.toml", 'until = "13:30"', 'until = "13:75"', "hall.toml:volumes[1].until", "HH:MM"),
    ("hall.toml", 'first = "13:30"', 'first = "13:00"', "hall.toml:volumes[2]", "follow"),
    ("windows.toml", "bar_address = 14", "bar_address = 255", "windows.toml:14.bar_address", "1 to 254"),
    ("windows.toml", "bar_address = 14", 'bus = "East Side"', "windows.toml:14.bus", "east"),
    ("windows.toml", "bar_address = 7", 'prefers = ["D"]', "windows.toml:7.prefers", "allowed are C"),
    ("speech.toml", 'text = "到"', 'text = "倒"', "speech.toml:words", "'到'"),
    ("speech.toml", 'pinyin = "dao4"', 'pinyin = "dào"', "speech.toml:words[", "tone"),
    ("series.toml", "mean_service_min = 6.0", "mean_service_min = 1e9", "series.toml:A.mean", "at most 240"),
    ("limits.toml", "call_spacing_s = 20", "call_spacing_s = -1", "limits.toml:limits.call_spacing_s", "0 to 600"),
]


@pytest.mark.parametrize(("file", "old", "new", "where", "told"), BAD)
def test_a_bad_pack_is_named_by_file_and_key(file: str, old: str, new: str, where: str, told: str) -> None:
    files = pack_files()
    text = files[file]
    start = text.index('code = "SI-301"') if "SI-301" in where else 0
    place = text.index(old, start)
    files[file] = text[:place] + new + text[place + len(old) :]
    with pytest.raises(HallError) as refused:
        parse(files)
    assert refused.value.reason is Reason.MALFORMED
    assert refused.value.where.startswith(where), refused.value
    assert told in refused.value.sentence, refused.value


def test_files_missing_or_unknown_are_named() -> None:
    files = pack_files()
    del files["texts.toml"]
    with pytest.raises(HallError, match=r"texts\.toml:file"):
        parse(files)
    files = pack_files() | {"itms.toml": ""}
    with pytest.raises(HallError, match=r"itms\.toml:file.*items\.toml"):
        parse(files)


def test_empty_tables_and_texts_beyond_reason_are_named() -> None:
    files = pack_files()
    files["staff.toml"] = "staff = []\n"
    with pytest.raises(HallError, match=r"staff\.toml:staff: .*must not be empty"):
        parse(files)
    files["staff.toml"] = "#" * 500_001
    with pytest.raises(HallError, match=r"staff\.toml:file: line 1: at most 500000 characters"):
        parse(files)


def test_people_beside_a_pack_are_no_part_of_it() -> None:
    files = pack_files()
    without = {name: text for name, text in files.items() if name != "people.toml"}
    assert parse(without) == parse(files)


@given(st.sampled_from(sorted(set(pack_files()) - {"people.toml"})), st.text(max_size=40), st.integers(0, 5000))
def test_a_damaged_file_is_refused_by_name_or_read_never_a_crash(name: str, noise: str, place: int) -> None:
    files = pack_files()
    files[name] = files[name][:place] + noise + files[name][place:]
    outcome = read_or_refuse(files)
    assert outcome is None or (outcome.reason is Reason.MALFORMED and ".toml:" in outcome.where)


def read_or_refuse(files: dict[str, str]) -> HallError | None:
    try:
        parse(files)
    except HallError as error:
        return error
    return None


def card_check(eight: str) -> str:
    """GB 11714 weights over eight characters."""
    total = sum(weight * int(sign, 36) for weight, sign in zip((3, 7, 9, 10, 5, 8, 4, 2), eight, strict=True))
    value = 11 - total % 11
    return {10: "X", 11: "0"}.get(value, str(value))


def person_check(seventeen: str) -> str:
    """ISO 7064 MOD 11-2."""
    total = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(seventeen))
    return "10X98765432"[total % 11]


def test_the_sample_people_are_nobody_and_their_numbers_are_well_formed() -> None:
    assert [card_check(eight) for eight in ("X0000001", "A0000001", "00000000", "ZZZZZZZZ", "D2143569")] == list(
        "9103X"
    )
    people = tomllib.loads((PACK_DIR / "people.toml").read_text(encoding="utf-8"))["people"]
    assert len({person["number"] for person in people}) == len(people) == 14
    for person in people:
        number, card = person["number"], person["social_card"]
        assert number.startswith(("000000", "900000"))
        assert number[17] == person_check(number[:17])
        assert number[6:14] == person["birth"]
        assert card["card_number"][8] == card_check(card["card_number"][:8])
    assert [p["key"] for p in people if p["id_card"]["valid_until"] < "20261123"] == ["zhou-quan"]
    assert [p["key"] for p in people if p["social_card"]["hides_holder"]] == ["chen-kang"]


def test_the_sample_contributions_sum_as_the_hall_tells() -> None:
    people = tomllib.loads((PACK_DIR / "people.toml").read_text(encoding="utf-8"))["people"]
    by_key = {person["key"]: person for person in people}
    year = [line for line in by_key["li-he"]["contributions"] if line["month"].startswith("2025-")]
    assert len(year) == 12
    assert sum(line["person_fen"] for line in year) == 648000
    assert sum(line["unit_fen"] for line in year) == 1296000
    gaps = [line["month"] for line in by_key["wang-ping"]["contributions"] if line["state"] == "未缴"]
    assert gaps == ["2025-03", "2025-04"]
    assert all(line["month"] < "2025" for line in by_key["zhang-an"]["contributions"])


def test_a_reserve_number_is_as_long_as_a_leased_one() -> None:
    pack = qinghe()
    assert len({len(label(pack.series[0].code, number)) for number in (1, 699, 700, 999)}) == 1


def test_the_pack_stands_where_the_design_says() -> None:
    assert Path("deploy/packs/qinghe") == PACK_DIR.relative_to(PACK_DIR.parents[2])


def test_somebody_among_the_sample_people_is_old_enough_for_the_halls_age_offer() -> None:
    people = tomllib.loads((PACK_DIR / "people.toml").read_text(encoding="utf-8"))["people"]
    limit, day = qinghe().limits.elderly_age, date(2026, 11, 23)
    offered = [person["key"] for person in people if old_enough(limit, person["number"], person["birth"], day)]
    assert offered == ["wu-gui-lan"]
    (her,) = (person for person in people if person["key"] in offered)
    pension = her["pension"]
    assert pension["total_fen"] == pension["basic_fen"] + pension["account_fen"] + pension["transition_fen"]
