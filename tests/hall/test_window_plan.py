from datetime import date

import msgspec
import pytest

from hall.pack.hall_pack import HallPack
from hall.pack.tables import Level
from hall.services.window_plan import check, required
from tests.hall.world import qinghe

TODAY = date(2026, 11, 23)


def hall(level: Level, population: int, insured: int) -> HallPack:
    pack = qinghe()
    facts = msgspec.structs.replace(pack.hall, level=level, urban_population=population, insured_count=insured)
    return msgspec.structs.replace(pack, hall=facts)


@pytest.mark.parametrize(
    ("level", "population", "insured", "windows"),
    [
        pytest.param("city", 1_200_000, 1_000_000, 5, marks=pytest.mark.row("WIN-02", part="rule")),
        pytest.param("city", 1_200_000, 1_000_001, 6, marks=pytest.mark.row("WIN-02", part="rule")),
        pytest.param("city", 1_000_000, 450_000, 3, marks=pytest.mark.row("WIN-03", part="rule")),
        pytest.param("city", 1_000_000, 450_001, 4, marks=pytest.mark.row("WIN-03", part="rule")),
        ("city", 620_000, 540_000, 4),
        pytest.param("county", 90_000, 8_000, 1, marks=pytest.mark.row("WIN-04", part="rule")),
        pytest.param("county", 0, 0, 1, marks=pytest.mark.row("WIN-04", part="rule")),
        ("county", 300_000, 86_000, 1),
    ],
)
def test_the_standard_asks_for_so_many_consulting_windows(
    level: Level, population: int, insured: int, windows: int
) -> None:
    pack = hall(level, population, insured)
    assert required(pack.rules, pack.hall) == windows


@pytest.mark.row("REG-01", part="rule")
def test_changing_the_level_from_county_to_township_changes_the_rule() -> None:
    county, township = hall("county", 0, 8_000), hall("township", 0, 8_000)
    assert required(county.rules, county.hall) == 1
    assert required(township.rules, township.hall) == 0


@pytest.mark.row("WIN-01", part="rule")
def test_a_hall_without_consulting_window_does_not_comply_and_hears_the_clause() -> None:
    pack = hall("county", 0, 8_000)
    windows = tuple(msgspec.structs.replace(window, kind="service") for window in pack.windows)
    told = check(msgspec.structs.replace(pack, windows=windows), frozenset({"1"}), TODAY)
    assert not told.complies
    assert "4.2" in told.sentences[0]
    assert "尚缺1个" in told.sentences[0]


@pytest.mark.row("WIN-05", part="rule")
def test_enough_windows_of_which_too_few_are_open_say_both() -> None:
    told = check(qinghe(), frozenset({"1", "3", "7"}), TODAY)
    assert (told.required, told.configured, told.open_now) == (4, 4, 2)
    assert told.complies
    assert told.sentences[0] == "配置达标"
    assert told.sentences[1].startswith("当前开放不足")
    assert (told.day, told.insured_count, told.counted_on) == (TODAY, 540_000, "2026-01-01")
    assert check(qinghe(), frozenset("1234"), TODAY).sentences == ("配置达标", "当前开放充足")
