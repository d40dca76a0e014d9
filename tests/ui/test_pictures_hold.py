"""Every screen in every mode, judged without a window: what a picture says it draws is what is drawn."""

from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import pytest

from hall.look import contrast
from kiosk import flows
from kiosk.flows import steps
from kiosk.flows.words import Step
from kiosk.session import View
from kiosk.text import TextEngine
from kiosk.text.catalogue import load
from kiosk.ui.composing import Composer, Local
from kiosk.ui.screens import TABLE
from kiosk.ui.theme import look, tokens
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import STAFF_ROLES
from kiosk.ui.widgets.picture import Fill, Picture, Words
from kiosk.ui.widgets.placing import corner, scaled
from tests.ui.every_shot import all_shots
from tests.ui.samples import SELF_SERVICE, Shot, frame, self_service_shots

PERSONAL_ROLES = STAFF_ROLES | {"self_service"}
"""Whose screens can be made easier to see."""
MODES = {
    "standard": View(),
    "large": View(large=True),
    "contrast": View(contrast=True),
    "en": View(language="en"),
    "en_large_contrast": View(language="en", large=True, contrast=True),
}
SHOTS = {shot[0]: shot for shot in all_shots()}


@cache
def engine() -> TextEngine:
    return TextEngine()


def picture_of(shot: Shot, view: View, local: Local | None = None) -> Picture:
    _, surface, around, step = shot
    composer = Composer(engine(), load(), surface, lambda _: "09:41")
    return composer.compose(step, replace(around, view=view), local or Local(), around.hall_time)


@cache
def in_mode(name: str, mode: str) -> Picture:
    return picture_of(SHOTS[name], MODES[mode])


def modes_of(name: str) -> list[str]:
    role = SHOTS[name][2].role
    return list(MODES) if role in PERSONAL_ROLES else ["standard", "en"]


CASES = [(name, mode) for name in SHOTS for mode in modes_of(name)]


def ink_of(words: Words) -> Box:
    drawn = engine().draw(words.text, scaled(words.style, 1.0))
    x, y = corner(words, drawn, 1.0)
    return Box(x + drawn.ink[0], y + drawn.ink[1], drawn.ink[2], drawn.ink[3])


def judged(name: str, mode: str) -> list[str]:
    """Return everything that is wrong with one picture, as sentences."""
    surface = SHOTS[name][1]
    picture = in_mode(name, mode)
    whole = Box(0, 0, surface.width_px, surface.height_px)
    wrong = []
    words = [item for item in picture.items if isinstance(item, Words)]
    inks = [(item, ink_of(item)) for item in words]
    for item, ink in inks:
        drawn = engine().draw(item.text, scaled(item.style, 1.0))
        if drawn.unknown_glyphs:
            wrong.append(f"no font has {item.text!r}")
        if drawn.ellipsized:
            wrong.append(f"cut short: {item.text!r}")
        room = item.box.inset(-4, -6 if not item.by_ink else -item.box.h)
        if ink.w and not (
            room.x <= ink.x and ink.right <= room.right and room.y <= ink.y and ink.bottom <= room.bottom
        ):
            wrong.append(f"sticks out of its box: {item.text!r} {ink} {item.box}")
        if ink.w and not (whole.x <= ink.x and ink.right <= whole.right and ink.bottom <= whole.bottom and ink.y >= 0):
            wrong.append(f"outside the surface: {item.text!r}")
    for index, (one, ink) in enumerate(inks):
        wrong += [f"{one.text!r} lies over {other.text!r}" for other, its in inks[index + 1 :] if ink.meets(its, -2)]
    shown = look(surface, MODES[mode], staff=SHOTS[name][2].role in STAFF_ROLES)
    apart = tokens().grid.apart_mm * shown.mm
    for index, target in enumerate(picture.targets):
        if min(target.box.w, target.box.h) < shown.target - 0.5:
            wrong.append(f"{target.name} is too small to touch: {target.box}")
        if target.box.x < 0 or target.box.y < 0 or target.box.right > whole.w or target.box.bottom > whole.h:
            wrong.append(f"{target.name} is outside the surface")
        near = [other.name for other in picture.targets[index + 1 :] if target.box.meets(other.box, apart - 0.5)]
        wrong += [f"{target.name} is too near to {other}" for other in near]
        if not target.name:
            wrong.append(f"a target without a name: {target.text!r}")
    return wrong


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_every_text_is_whole_and_every_target_can_be_touched(name: str, mode: str) -> None:
    assert judged(name, mode) == []


@pytest.mark.parametrize("mode", list(MODES))
def test_every_text_stands_out_from_what_is_behind_it(mode: str) -> None:
    least = 7.0 if MODES[mode].contrast else 4.5
    for name in [name for name, its in CASES if its == mode]:
        picture = in_mode(name, mode)
        fills: list[Fill] = []
        for item in picture.items:
            if isinstance(item, Fill):
                fills.append(item)
            if isinstance(item, Words) and item.text:
                ink = ink_of(item)
                x, y = ink.x + ink.w / 2, ink.y + ink.h / 2
                behind = next((fill.color for fill in reversed(fills) if fill.box.holds(x, y)), picture.ground)
                assert contrast(item.color, behind) >= least, (name, item.text, item.color, behind)


def test_every_step_has_its_screen() -> None:
    rooms = [import_module(f"kiosk.flows.{found.name}") for found in iter_modules(flows.__path__)]
    named = [kind for room in rooms for kind in vars(room).values()]
    every = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Step)} - {Step}
    assert set(TABLE) == every
    assert {type(shot[3]) for shot in all_shots()} == every


def test_names_of_targets_are_unique_on_a_screen() -> None:
    for name in SHOTS:
        names = [target.name for target in in_mode(name, "standard").targets]
        assert len(names) == len(set(names)), name


@pytest.mark.parametrize("menu", ["view", "language", "helped"])
def test_an_open_menu_covers_nothing(menu: str) -> None:
    for shot in self_service_shots():
        picture = picture_of(shot, View(large=True), Local(menu=menu))
        if not any(target.name == "help" for target in picture.targets):
            continue
        for index, one in enumerate(picture.targets):
            for other in picture.targets[index + 1 :]:
                assert not one.box.meets(other.box), (shot[0], one.name, other.name)


def test_the_bottom_bar_stands_in_the_same_place_on_every_screen_of_self_service() -> None:
    bars = set()
    for shot in self_service_shots():
        bar = [t for t in in_mode(shot[0], "standard").targets if t.name in ("back", "view", "language", "help")]
        if bar:
            bars.add(tuple((t.name, t.box) for t in bar))
    assert len(bars) == 1
    boxes = dict(bars.pop())
    assert list(boxes) == ["back", "view", "language", "help"]
    assert boxes["help"].w > 1.9 * boxes["back"].w


def test_large_print_is_as_large_as_the_look_asks() -> None:
    """Ink of 国 at least 8.7 mm, of H 7.3 mm at 600 mm (look.md)."""
    shown = look(SELF_SERVICE, View(large=True))
    assert engine().draw("国", shown.style(shown.body)).ink[3] >= 8.7 * shown.mm
    assert engine().draw("H", shown.style(shown.body)).ink[3] >= 7.3 * shown.mm


def test_sample_data_is_marked_on_every_screen_of_a_hall_that_has_it() -> None:
    for shot in all_shots():
        if shot[2].pack is not None:
            marks = [
                item for item in in_mode(shot[0], "standard").items if isinstance(item, Words) and item.name == "sample"
            ]
            assert [mark.text for mark in marks] == ["样例数据"], shot[0]


@pytest.mark.row("FLW-01", part="face")
def test_home_greets_then_names_the_hall_then_asks() -> None:
    picture = picture_of(SHOTS["home"], View())
    said = [item for item in picture.items if isinstance(item, Words) and item.name in ("greeting", "question")]
    assert [item.name for item in said] == ["greeting", "question"]
    assert said[0].text.startswith("您好")
    assert "青禾市社会保险服务大厅" in said[0].text
    assert said[1].text == "请问您需要什么帮助?".translate({0x3F: 0xFF1F})
    assert ink_of(said[0]).bottom <= ink_of(said[1]).y


@pytest.mark.row("QUE-11", part="face")
def test_screens_show_priority_and_never_its_ground() -> None:
    """Grounds are on the guide's own choosing screen only; tickets, calls and panels say 优先 and nothing more."""
    grounds = {"老年", "老人", "体弱", "患病", "残疾", "孕妇", "军人", "pregnant"}
    for name in ("ticket_priority", "desk_issued", "panel_calling", "panel_calling_why", "display_rows"):
        texts = [item.text for item in in_mode(name, "standard").items if isinstance(item, Words)]
        assert "优先" in texts, name
        assert not [text for text in texts if any(ground in text for ground in grounds)], name
    assert "优先" not in [
        item.text for item in picture_of(SHOTS["ticket_out"], View()).items if isinstance(item, Words)
    ]


@pytest.mark.row("QUE-05", part="face")
def test_help_stands_on_every_screen_of_self_service_and_the_desk_shows_who_asked_and_where_they_are() -> None:
    for shot in self_service_shots():
        if shot[2].pack is not None:
            assert any(t.name == "help" and t.enabled for t in in_mode(shot[0], "standard").targets), shot[0]
    desk = picture_of(SHOTS["desk_ready"], View())
    asked = next(i.text for i in desk.items if isinstance(i, Words) and i.name == "asked:K2")
    assert asked.startswith("输密码")
    texts = [item.text for item in desk.items if isinstance(item, Words)]
    assert "2号自助机" in texts
    assert any(target.name == "go_to:K2" and target.enabled for target in desk.targets)


@pytest.mark.row("ATT-01", part="face")
def test_every_failure_apologises_says_what_happened_and_offers_a_way_on() -> None:
    """Printer, reader, records: an apology first, and at least one enabled way on beside help."""
    ways = {"end", "home", "retry", "print"}
    for name in ("ticket_waiting", "ticket_failed", "ticket_unsure", "statement_failed", "statement_waiting"):
        picture = in_mode(name, "standard")
        told = next(i.text for i in picture.items if isinstance(i, Words) and i.name == "paper")
        assert told.startswith("对不起"), name
        assert "打印机" in told, name
        assert {t.name for t in picture.targets if t.enabled} & ways, name
    for name in ("apology_source", "apology_away", "apology_internal", "trouble_reader", "trouble_damaged"):
        picture = in_mode(name, "standard")
        told_by = ("title", "sentence_1", "sentence_2")
        texts = [i.text for i in picture.items if isinstance(i, Words) and i.name in told_by]
        assert texts[0].startswith("对不起"), name
        assert len(texts) >= 2, name
        assert len({t.name for t in picture.targets if t.enabled} & {*ways, "help_now"}) >= 2, name


@pytest.mark.row("SUP-07", part="face")
def test_rating_offers_the_five_official_words_and_a_skip_as_large_as_any() -> None:
    picture = picture_of(SHOTS["rating_asking"], View())
    told = [(target.name, target.text) for target in picture.targets]
    assert told == [
        ("grade:5", "非常满意"),
        ("grade:4", "满意"),
        ("grade:3", "基本满意"),
        ("grade:2", "不满意"),
        ("grade:1", "非常不满意"),
        ("decline", "不评价"),
    ]
    assert len({(round(t.box.w), round(t.box.h)) for t in picture.targets}) == 1


def test_digits_of_the_hall_display_are_75_mm_high() -> None:
    shot = SHOTS["display_rows"]
    mm = shot[1].width_px / shot[1].width_mm
    numbers = [i for i in in_mode(shot[0], "standard").items if isinstance(i, Words) and i.name.startswith("call:")]
    assert len(numbers) == 5
    assert all(ink_of(number).h / mm >= 75 for number in numbers)


def test_a_masked_statement_shows_neither_name_nor_number() -> None:
    for name in ("statement", "statement_out", "still_there"):
        texts = [item.text for item in in_mode(name, "standard").items if isinstance(item, Words)]
        assert not [text for text in texts if "古丽" in text or "19910606" in text], name
    shown = [i.text for i in picture_of(SHOTS["statement_unmasked"], View()).items if isinstance(i, Words)]
    assert "阿依古丽·麦麦提" in shown
    assert "000000199106060089" in shown


def test_typed_digits_of_a_pin_are_dots() -> None:
    for name in ("pin", "desk_sign_in_pin", "panel_sign_in"):
        told = [i for i in in_mode(name, "standard").items if getattr(i, "name", "") == "pin"]
        assert [set(item.text) for item in told] == [{"•"}], name  # type: ignore[union-attr]


def test_a_screen_that_fails_becomes_an_apology(caplog: pytest.LogCaptureFixture) -> None:
    composer = Composer(engine(), load(), SELF_SERVICE, lambda _: "09:41")
    broken = steps.ShowingStatement(statement="李和 000000198907220025", card=None)  # type: ignore[arg-type]
    picture = composer.picture(broken, frame("K1", "self_service"), Local(), 0.0)
    title = next(i.text for i in picture.items if isinstance(i, Words) and i.name == "title")
    assert title.startswith("对不起")
    assert "李和" not in caplog.text
    assert "screen_failed" in caplog.text
