"""What the clerk sees of every move: what rests says why, nobody goes out of turn without a reason, numbers stay."""

from dataclasses import replace
from functools import cache

import pytest

from hall.commands import Done, OutOfOrder, StepAway
from hall.events import Quote
from hall.ids import TicketId, TicketLabel, WindowId
from hall.look import contrast
from kiosk.flows.panel_asking import REST
from kiosk.flows.steps import PanelCalling
from kiosk.flows.window_panel import advance
from kiosk.flows.words import (
    ChoseNumber,
    ChoseReason,
    ChoseWindow,
    ConfirmedMove,
    OpenedNumbers,
    PressedCall,
    PressedFinish,
    PressedHold,
    PressedPrecall,
    PressedRecall,
    PressedStart,
    PressedTransfer,
    TimerFired,
)
from kiosk.roles import Role
from kiosk.session import Session, View
from kiosk.text import TextEngine
from kiosk.text.catalogue import load
from kiosk.ui.app import KioskApp
from kiosk.ui.composing import Composer, Local
from kiosk.ui.screens.panel_words import KNOWN, REFUSALS
from kiosk.ui.widgets.picture import Fill, Picture, Words
from tests.flows.panel_in_the_hall import PanelInTheHall
from tests.hall.asking import GUIDE, desk, told, working
from tests.hall.world import World
from tests.ui.panel_samples import move_shots
from tests.ui.samples import PANEL, Shot

SHOTS = {shot[0]: shot for shot in move_shots()}


@cache
def engine() -> TextEngine:
    return TextEngine()


def composed(shot: Shot, view: View | None = None) -> Picture:
    _, surface, around, step = shot
    composer = Composer(engine(), load(), surface, lambda _: "09:41")
    return composer.compose(step, replace(around, view=view or View()), Local(), around.hall_time)


def seen(panel: PanelInTheHall) -> Picture:
    return composed(("", PANEL, panel.frame(), panel.step))


def texts(picture: Picture) -> dict[str, str]:
    return {item.name: item.text for item in picture.items if isinstance(item, Words) and item.name}


def all_text(picture: Picture) -> str:
    return "\n".join(item.text for item in picture.items if isinstance(item, Words)).replace("\n", "")


def can(picture: Picture) -> set[str]:
    return {target.name for target in picture.targets if target.enabled} - {"view"}  # stands on every screen of staff


def hall(people: int = 3) -> World:
    world = working()
    for number in range(1, people + 1):
        world.take(f"t{number}")
        world.now += 60
    return world


@pytest.mark.row("QUE-04", part="face")
def test_missed_rests_and_says_what_it_waits_for_until_the_hall_would_allow_it() -> None:
    panel = PanelInTheHall(hall())
    panel.press(PressedCall())
    assert "missed" not in can(seen(panel))
    told = texts(seen(panel))["until_missed"].replace("\n", "")
    assert told.startswith("已呼叫 1/3 次")
    assert "再呼叫 2 次" in told
    panel.press(PressedRecall())
    assert "recall" not in can(seen(panel)), "just called"
    panel.press(TimerFired(REST), PressedRecall(), TimerFired(REST))
    assert isinstance(panel.step, PanelCalling)
    panel.world.now = panel.step.called.may_miss_at - 17
    assert texts(seen(panel))["until_missed"].replace("\n", "") == "已呼叫 3/3 次，17 秒后可记过号"
    panel.world.now = panel.step.called.may_miss_at
    assert {"missed", "recall", "start"} <= can(seen(panel))
    panel.world.now = panel.step.called.may_miss_at - 7_200
    assert "missed" in can(seen(panel)), "a clock two hours slow must not keep a clerk waiting two hours"


@pytest.mark.row("QUE-14", part="face")
def test_a_number_out_of_turn_meets_the_closed_list_of_reasons_and_is_called_with_one_only() -> None:
    panel = PanelInTheHall(hall())
    panel.press(OpenedNumbers())
    assert {"number:C001", "number:C002", "number:C003", "letter:C"} <= can(seen(panel))
    panel.press(ChoseNumber(TicketLabel("C003")))
    assert can(seen(panel)) == {"back", *(f"reason:{reason.value}" for reason in OutOfOrder)}
    assert "C003" in texts(seen(panel))["title"]
    panel.press(ChoseReason("needs_care"))
    assert texts(seen(panel))["number"] == "C003"


@pytest.mark.row("QUE-17", part="face")
def test_the_clerk_sends_a_person_on_and_the_other_window_calls_them_first_by_the_same_number() -> None:
    world = hall()
    here, there = PanelInTheHall(world), PanelInTheHall(world, "7")
    here.press(PressedCall(), PressedStart(), PressedTransfer())
    assert {"window:7", "other_item", "back"} == can(seen(here)), "window 8 is closed"
    here.press(ChoseWindow(WindowId("7")))
    assert "号码和取号时间不变" in all_text(seen(here))
    here.press(ConfirmedMove())
    assert texts(seen(here))["done"].startswith("C001 已转走")
    there.press(PressedCall())
    assert texts(seen(there))["number"] == "C001"


def test_who_waits_here_are_those_whom_this_window_could_call_now() -> None:
    world = hall()
    seven, general = PanelInTheHall(world, "7"), PanelInTheHall(world)

    def waits(panel: PanelInTheHall) -> tuple[str, str]:
        return texts(seen(panel))["waiting"], texts(seen(panel))["next"]

    assert waits(seven) == waits(general) == ("3", "C001    C002    C003")
    told(desk(world, StepAway(label=TicketLabel("C001"), staff=GUIDE, minutes=5)), Done)
    assert waits(seven) == ("2", "C002    C003"), "who stepped away keeps the place and is not called"
    general.press(PressedCall(), PressedStart(), PressedPrecall())
    assert "next" not in texts(seen(seven)), "C003 was asked to come near to window 14"
    assert texts(seen(seven))["waiting"] == "0"
    assert "现在无人等候" in all_text(seen(seven))


def test_whose_turn_comes_near_names_who_goes_first_before_the_others() -> None:
    world = hall(1)
    world.take("first", terminal="D1", grant=True)
    assert texts(seen(PanelInTheHall(world)))["next"] == "Y001    C001"


def test_why_this_one_has_the_room_before_an_apology_and_further_items() -> None:
    """That nothing is written over anything, `test_pictures_hold` looks at for every sample."""
    name, surface, around, step = SHOTS["panel_calling_early_why"]
    assert "已等候15分钟" in texts(composed(SHOTS["panel_calling_early_why"]))["why_text"]
    assert isinstance(step, PanelCalling)
    folded = texts(composed((name, surface, around, replace(step, why=False))))
    assert "让您久等了" in folded["sorry"]
    assert "社会保障卡" in folded["items_left"]


@pytest.mark.row("QUE-18", part="face")
def test_a_wait_longer_than_was_told_puts_the_apology_before_the_clerk_at_the_call() -> None:
    world = hall(1)
    world.state.tickets[TicketId("t1")].quote = Quote(people_ahead=0, low_min=0, high_min=5)
    panel = PanelInTheHall(world)
    world.now += 240
    panel.press(PressedCall())
    assert "sorry" not in texts(seen(panel))
    late = PanelInTheHall(hall(1))
    late.world.state.tickets[TicketId("t1")].quote = Quote(people_ahead=0, low_min=0, high_min=5)
    late.world.now += 1_200
    late.press(PressedCall())
    assert "让您久等了" in texts(seen(late))["sorry"]


def test_who_was_asked_near_is_shown_and_held_numbers_are_counted() -> None:
    panel = PanelInTheHall(hall())
    panel.press(PressedCall(), PressedStart(), PressedPrecall())
    assert "C002" in all_text(seen(panel))
    assert "precall" not in can(seen(panel))
    panel.press(PressedHold())
    held = next(target for target in seen(panel).targets if target.name == "held")
    assert held.text == "挂起的号 1"
    panel.press(PressedCall(), PressedStart(), PressedFinish())
    assert {"call_next", "pick", "held", "sign_off"} == can(seen(panel))


def test_the_seconds_until_missed_are_counted_down_on_the_screen() -> None:
    panel = PanelInTheHall(hall())
    panel.press(PressedCall())
    assert isinstance(panel.step, PanelCalling)
    role = Role("window_panel", panel.step, advance, frozenset(), "landscape")
    session = Session(
        role=role,
        frame=panel.frame(),
        performer=lambda effect, session: None,
        mint=lambda: "s",
        monotonic=lambda: 0.0,
        idle_s=45.0,
        complain=lambda where, error: None,
    )
    now = [panel.world.now]
    app = KioskApp(session=session, surface=PANEL, clock=lambda: now[0], local_time=lambda at: "09:41")
    assert app._counts_down()
    now[0] = panel.step.called.may_miss_at + 2
    assert not app._counts_down()


def test_while_a_request_is_on_its_way_nothing_can_be_pressed() -> None:
    assert can(composed(SHOTS["panel_asking_number"])) == set()


def test_a_clerk_who_leaves_people_behind_is_told_so_first() -> None:
    assert "请先告诉值班负责人" in all_text(composed(SHOTS["panel_sure_sign_off_alone"]))
    assert "其他开放窗口会接着呼叫" in all_text(composed(SHOTS["panel_sure_sign_off"]))


def test_what_presses_at_this_window_is_one_quiet_line_and_gives_way_to_a_refusal() -> None:
    assert "请在10:40前增开2个窗口" in texts(composed(SHOTS["panel_serving_far"]))["staffing"].replace("\n", "")
    assert "staffing" not in texts(composed(SHOTS["panel_serving_refused"]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_at_the_window_says_what_to_do_next(language: str) -> None:
    catalogue = load()
    told = [catalogue.say(language, f"panel.{what}.{reason}") for what, reason in sorted(REFUSALS)]
    told += [catalogue.say(language, f"panel.{reason}") for reason in KNOWN]
    assert not [sentence for sentence in told if sentence.startswith("panel.")]
    if language == "zh":
        ways = ("请", "不用", "还有一位", "无人等候", "不在服务时间")
        assert not [sentence for sentence in told if not any(way in sentence for way in ways)]


def test_every_choice_can_be_read_in_high_contrast() -> None:
    for name, shot in SHOTS.items():
        picture = composed(shot, View(contrast=True))
        fills: list[Fill] = []
        for item in picture.items:
            if isinstance(item, Fill):
                fills.append(item)
            elif isinstance(item, Words) and item.text:
                x, y = item.box.x + item.box.w / 2, item.box.y + item.box.h / 2
                behind = next((fill.color for fill in reversed(fills) if fill.box.holds(x, y)), picture.ground)
                assert contrast(item.color, behind) >= 7.0, (name, item.text)


ALONE = ("alone", "alone_none", "alone_calling", "alone_not", "back", "connecting")


def test_a_window_that_calls_on_its_own_says_so_calmly_and_says_when_it_is_over() -> None:
    said = {name: all_text(composed(SHOTS[f"panel_{name}"])).replace("\n", "") for name in ALONE}
    assert "本窗口按最后名单继续叫号" in said["alone"]
    assert "本窗口按最后名单继续叫号" in said["alone_calling"]
    left = texts(composed(SHOTS["panel_alone"]))
    assert (left["waiting"], left["next"]) == ("6", "C016    Y003"), "of its own share, not of the hall"
    assert "名单已叫完，请联系导引台" in said["alone_none"]
    assert "这一步现在办不了" in said["alone_not"]
    assert "服务器已恢复" in said["back"]
    assert "正在连接" in said["connecting"]
