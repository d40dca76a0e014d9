"""A pack with one thing missing or of the wrong kind is refused with file and line, or is still a whole pack."""

import re
import tomllib
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hall.errors import HallError, Reason
from hall.pack.hall_pack import HallPack, parse, shown
from hall.wire.codec import MAX_MESSAGE_BYTES, encode
from tests.hall.world import pack_files

NAMES = sorted(set(pack_files()) - {"people.toml"})
WRONG: tuple[Any, ...] = ("", "x", 0, -1, 10**12, float("nan"), float("inf"), True, [], ["x"], {}, {"x": 1}, [[]])
Path = tuple[str | int, ...]


@cache
def content(name: str) -> dict[str, Any]:
    return tomllib.loads(pack_files()[name])


def paths(value: object, before: Path = ()) -> list[Path]:
    """Return every key and every place of a list, the whole tree down."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, each in inside for path in ((*before, key), *paths(each, (*before, key)))]


@cache
def all_paths(name: str) -> list[Path]:
    return paths(content(name))


def changed(name: str, path: Path, change: Callable[[Any, str | int], None]) -> dict[str, str]:
    tree = deepcopy(content(name))
    place: Any = tree
    for key in path[:-1]:
        place = place[key]
    change(place, path[-1])
    return pack_files() | {name: tomli_w.dumps(tree)}


def read(files: dict[str, str]) -> tuple[HallError, None] | tuple[None, HallPack]:
    try:
        return None, parse(files)
    except HallError as error:
        return error, None


def whole_or_refused(files: dict[str, str]) -> HallPack | None:
    """Return the pack, or None when it was refused as it should be: with file, line and a reason."""
    refused, pack = read(files)
    if refused is not None:
        assert refused.reason is Reason.MALFORMED
        name, _, key = refused.where.partition(":")
        assert name in files
        line = re.match(r"line (\d+): ", refused.sentence)
        assert line, refused
        assert 1 <= int(line[1]) <= files[name].count("\n") + 1, key
    if pack is None:
        return None
    assert len(encode(shown(pack, bytes(32)))) < MAX_MESSAGE_BYTES
    return pack


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Path]:
    name = draw(st.sampled_from(NAMES))
    return name, draw(st.sampled_from(all_paths(name)))


def delete(place: Any, key: str | int) -> None:
    del place[key]


@pytest.mark.row("REG-09", part="rule")
@given(places())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_pack_without_one_of_its_keys_is_whole_or_refused_with_file_and_line(place: tuple[str, Path]) -> None:
    whole_or_refused(changed(*place, delete))


@pytest.mark.row("REG-09", part="rule")
@given(places(), st.sampled_from(WRONG))
@settings(max_examples=70, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_pack_with_a_wrong_value_is_whole_or_refused_with_file_and_line(
    place: tuple[str, Path], wrong: object
) -> None:
    def change(at: Any, key: str | int) -> None:
        at[key] = wrong

    whole_or_refused(changed(*place, change))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("hall.toml", key)
        for key in ("id", "title", "agency", "hotline", "supervision", "duty_lead", "level", "kind", "address")
    ]
    + [("texts.toml", "missed_rule"), ("texts.toml", "closed"), ("limits.toml", "priority_rate")],
)
def test_a_mandatory_fact_that_is_missing_is_named_with_file_and_line(name: str, key: str) -> None:
    table = name.removesuffix(".toml")
    with pytest.raises(HallError, match=rf"{table}\.toml:{table}.*line \d+: .*`{key}`"):
        parse(changed(name, (table, key), delete))
