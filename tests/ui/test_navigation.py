"""Five keys and a screen: stops in reading order, a ring that can be seen, and words for who does not see it."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hall.look import contrast
from kiosk.settings import KeyName, Keys
from kiosk.text import Style
from kiosk.ui.keying import sentence
from kiosk.ui.navigation import CODES, MAX_SPOKEN, VOLUMES, Navigation, NavKey, Spoken, key_map, stops, texts
from kiosk.ui.theme import tokens
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.picture import Fill, Label, Line, Picture, Show, Target, Words

SHOW = Show("menu", "view")


def target(name: str, x: float, y: float, w: float = 100, h: float = 100, *, enabled: bool = True) -> Target:
    return Target(name, Box(x, y, w, h), f"text of\n{name}", SHOW, enabled=enabled)


def words(text: str, y: float, family: str = "text") -> Words:
    return Words(Box(0, y, 500, 20), text, Style(20, family=family), "#000000")  # type: ignore[arg-type]


def picture(*targets: Target, told: tuple[Words, ...] = ()) -> Picture:
    return Picture("#FFFFFF", told, targets)


HOME = picture(
    target("help", 300, 900, 400),
    target("back", 0, 900, enabled=False),
    target("right", 500, 210, 400, 400),
    target("left", 0, 200, 400, 400),
    target("view", 150, 905),
    told=(words("请选择", 20), words("text of left", 250), words("\uf111", 30, "icon"), words("", 40)),
)


def names(found: tuple[Target, ...]) -> list[str]:
    return [each.name for each in found]


def test_stops_run_line_by_line_and_leave_out_what_cannot_be_pressed() -> None:
    assert names(stops(HOME)) == ["left", "right", "view", "help"]


def test_what_lies_under_something_else_is_no_stop() -> None:
    assert names(stops(picture(target("under", 0, 0), target("over", 20, 20)))) == ["over"]


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=12))
def test_every_stop_is_what_a_finger_would_press_and_each_comes_once(places: list[tuple[int, int]]) -> None:
    shown = picture(*(target(f"t{index}", x, y) for index, (x, y) in enumerate(places)))
    found = stops(shown)
    assert len(set(names(found))) == len(found)
    for each in found:
        assert shown.at(each.box.x + 50, each.box.y + 50) is each


def test_the_screen_says_its_own_texts_and_not_those_of_its_stops_or_icons() -> None:
    assert texts(HOME) == ("请选择",)


def test_the_first_key_only_shows_where_one_is() -> None:
    for key in (NavKey.NEXT, NavKey.PREVIOUS, NavKey.SELECT, NavKey.REPEAT):
        navigation = Navigation()
        act = navigation.press(key, HOME)
        assert act.press is None
        assert act.said == Spoken(("请选择",), "text of left", 1, 4)
        assert navigation.active


def test_next_and_previous_go_around() -> None:
    navigation = Navigation()
    heard = []
    for key in [NavKey.NEXT] * 5 + [NavKey.PREVIOUS] * 2:
        said = navigation.press(key, HOME).said
        assert said is not None
        heard.append(said.stop.removeprefix("text of "))
    assert heard == ["left", "right", "view", "help", "left", "help", "view"]


def test_select_presses_the_stop_in_focus() -> None:
    navigation = Navigation()
    navigation.press(NavKey.NEXT, HOME)
    navigation.press(NavKey.NEXT, HOME)
    assert navigation.press(NavKey.SELECT, HOME).press is HOME.targets[2]


def test_repeat_says_the_whole_screen_and_the_stop_again() -> None:
    navigation = Navigation()
    navigation.press(NavKey.NEXT, HOME)
    navigation.press(NavKey.NEXT, HOME)
    assert navigation.press(NavKey.REPEAT, HOME).said == Spoken(("请选择",), "text of right", 2, 4)


def test_on_another_screen_the_focus_begins_anew_and_only_what_is_new_is_said() -> None:
    navigation = Navigation()
    navigation.press(NavKey.PREVIOUS, HOME)
    there = picture(target("a", 0, 0), target("b", 0, 500), told=(words("请选择", 20), words("另一句", 300)))
    assert navigation.follow(there, fresh=True) == Spoken(("另一句",), "text of a", 1, 2)


def test_while_the_screen_stays_the_focus_stays_and_when_its_stop_goes_the_next_one_has_it() -> None:
    navigation = Navigation()
    for _ in range(3):
        navigation.press(NavKey.NEXT, HOME)
    assert navigation.follow(HOME, fresh=False) is None
    without = picture(*(each for each in HOME.targets if each.name != "view"))
    said = navigation.follow(without, fresh=False)
    assert said is not None
    assert said.stop == "text of help"


def test_without_a_key_nothing_is_said_and_no_ring_drawn() -> None:
    navigation = Navigation()
    assert navigation.follow(HOME, fresh=True) is None
    assert navigation.ringed(HOME, "#000000", "#FFFFFF") is HOME


def test_a_touch_hides_the_ring_and_the_next_key_shows_it_again() -> None:
    navigation = Navigation()
    navigation.press(NavKey.NEXT, HOME)
    assert navigation.hide()
    assert not navigation.hide()
    assert navigation.ringed(HOME, "#000000", "#FFFFFF") is HOME
    assert navigation.press(NavKey.SELECT, HOME).press is None


def test_a_screen_without_stops_keeps_quiet() -> None:
    navigation = Navigation()
    for key in (NavKey.NEXT, NavKey.SELECT, NavKey.REPEAT):
        act = navigation.press(key, picture())
        assert (act.press, act.said) == (None, None)


def test_the_loudness_has_five_steps_and_is_the_middle_one_for_the_next_person() -> None:
    navigation = Navigation()
    for _ in range(9):
        navigation.press(NavKey.LOUDER, HOME)
    assert (navigation.volume, navigation.active) == (100, False)
    act = navigation.press(NavKey.SOFTER, HOME)
    assert act.said == Spoken(volume=4)
    navigation.reset()
    assert navigation.volume == VOLUMES[2]


def test_the_ring_goes_around_its_stop_and_lies_on_top() -> None:
    navigation = Navigation()
    navigation.press(NavKey.NEXT, HOME)
    shown = navigation.ringed(HOME, "#112233", "#FFEEDD")
    gap, ring, label = shown.items[-3:]
    assert isinstance(gap, Line)
    assert isinstance(ring, Line)
    assert isinstance(label, Label)
    assert (ring.color, gap.color, label.name, label.text) == ("#112233", "#FFEEDD", "focus", "left")
    xs, ys, box = ring.points[::2], ring.points[1::2], HOME.targets[3].box
    assert min(xs) + ring.width / 2 <= box.x
    assert max(xs) - ring.width / 2 >= box.right
    assert min(ys) + ring.width / 2 <= box.y
    assert max(ys) - ring.width / 2 >= box.bottom
    assert ring.points[:2] == ring.points[-2:]
    assert shown.targets == HOME.targets


@pytest.mark.parametrize("palette", [tokens().colours, tokens().high_contrast])
def test_the_ring_stands_out_from_the_ground_and_from_the_gap_inside_it(palette: object) -> None:
    ink, paper, card = (getattr(palette, name) for name in ("ink", "paper", "card"))
    assert min(contrast(ink, paper), contrast(ink, card)) >= 3.0


def test_every_key_of_the_settings_has_a_code_and_every_default_an_act() -> None:
    assert set(get_args(KeyName)) == set(CODES)
    assert set(Keys.model_fields) == set(NavKey)
    mapped = key_map(Keys())
    assert set(mapped.values()) == set(NavKey)
    assert (mapped[274], mapped[273], mapped[13], mapped[27]) == ("next", "previous", "select", "back")


def test_a_keypad_set_up_otherwise_is_told_in_the_settings_and_a_key_with_two_meanings_refused() -> None:
    assert key_map(Keys(help=("f13",)))[294] is NavKey.HELP
    with pytest.raises(ValidationError, match="up"):
        Keys(next=("up",))
    with pytest.raises(ValidationError):
        Keys(next=("a",))  # type: ignore[arg-type]


def test_what_is_said_is_one_sentence_in_the_persons_language() -> None:
    def say(key: str, /, **values: str | int) -> str:
        return f"[{key.removeprefix('keys.')} {' '.join(map(str, values.values()))}]"

    told = Spoken(("您好", "请选择。"), "取号", 1, 4)
    assert sentence(told, say, "zh") == "您好。请选择。 取号 [place 1 4]"
    assert sentence(Spoken(("Hello",), "Ticket", 1, 2), say, "en") == "Hello. Ticket [place 1 2]"
    assert sentence(Spoken(volume=3), say, "zh") == "[volume 3]"
    assert len(sentence(Spoken(("字" * 5_000,), "取号", 1, 4), say, "zh")) < MAX_SPOKEN + 40


def test_fills_and_lines_are_not_said() -> None:
    shown = Picture("#FFFFFF", (Fill(Box(0, 0, 9, 9), "#000000"), Line((0, 0, 1, 1), "#000000", 2)), ())
    assert texts(shown) == ()
