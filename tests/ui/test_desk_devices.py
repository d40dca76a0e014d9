"""The devices page: every terminal and device in words and shapes, what to do, and what the self-tests found."""

from dataclasses import replace

import msgspec
import pytest

from hall.health.states import State
from hall.ids import DeviceId, TerminalId
from hall.pack.equipment import DeviceKind
from hall.speech.courtesy import lint
from hall.wire.devices_shown import DeviceNow, SelfTestShown, TerminalNow
from hall.wire.health_reports import Alert
from kiosk.flows.desk_steps import DeskDevices
from kiosk.flows.desk_words import OrdersAllTests, OrdersTest
from kiosk.flows.steps import DeskReady
from kiosk.flows.words import Step
from kiosk.ports import Fault
from kiosk.session import Frame, View
from kiosk.text.catalogue import load
from kiosk.text.fonts import icon
from kiosk.ui.composing import Local
from kiosk.ui.screens.desk_devices import KNOWN
from kiosk.ui.widgets.marks import ICONS
from kiosk.ui.widgets.picture import Picture, Words
from tests.ui.desk_samples import FLOOR, TESTS, WHO, devices_shots
from tests.ui.samples import DESK, NOW, PACK, board, frame
from tests.ui.test_pictures_hold import picture_of

SHOTS = {shot[0]: shot for shot in devices_shots()}
AT = SHOTS["desk_devices"][2]
PAGE = DeskDevices(*WHO)
S1 = TerminalId("S1")


def drawn(step: Step = PAGE, around: Frame = AT, page: int = 0) -> Picture:
    return picture_of(("here", DESK, around, step), View(), Local(page=page))


def named(picture: Picture) -> dict[str, str]:
    return {i.name: i.text.replace("\n", "") for i in picture.items if isinstance(i, Words) and i.name}


def texts(picture: Picture) -> list[str]:
    return [item.text.replace("\n", "") for item in picture.items if isinstance(item, Words)]


def enabled(picture: Picture) -> set[str]:
    return {target.name for target in picture.targets if target.enabled}


def test_every_terminal_of_the_pack_is_on_the_page_with_its_state_in_words_and_shape() -> None:
    picture = drawn()
    told = named(picture)
    assert {f"stands:{one.terminal}" for one in PACK.terminals} <= set(told)
    assert told["stands:K2"].startswith("打印机 · 故障 · 缺纸")
    assert told["stands:K1"] == "打印机 · 可用，请留意 · 纸将用完"
    assert told["stands:R14"] == "暂时不明"
    assert told["stands:S1"] == "故障 · 没有应答"
    assert told["stands:D1"] == "正常 · 1 件设备"
    shapes = texts(picture)
    assert [shapes.count(icon(ICONS[tone])) for tone in ("fine", "attention", "fault", "calm")] == [2, 3, 3, 1]


def test_the_last_self_test_stands_beside_each_with_its_time_and_what_failed() -> None:
    told = named(drawn())
    assert told["test_of:D1"] == "08:45 自检正常"
    assert told["test_of:K2"] == "09:28 自检：2 件需要处理"
    assert told["test_of:R14"] == "今天还没有自检"
    assert told["test_of:S1"] == "已安排自检，等它连上后进行"
    one = named(drawn(replace(PAGE, chosen=TerminalId("K2"))))
    assert one["test_of:K2"] == "09:28 自检：打印机 缺纸，社保卡读卡器 没有找到"


def test_each_faulty_device_of_the_chosen_terminal_says_what_to_do_and_comes_first() -> None:
    picture = drawn(replace(PAGE, chosen=TerminalId("K2")))
    told = named(picture)
    assert told["action:slip_printer"].startswith("请装入新的打印纸")
    assert told["state_of:card_reader"] == "没有找到"
    assert [name for name in told if name.startswith("state_of:")][:3] == [
        "state_of:slip_printer",
        "state_of:card_reader",
        "state_of:ups",
    ]
    assert "test:K2" in enabled(picture)


def test_a_silent_terminal_says_where_to_look_first() -> None:
    told = named(drawn(replace(PAGE, chosen=S1)))
    assert "电源和网线" in told["action:terminal"]
    assert told["state_of:speaker"] == "暂时不明"


def test_a_test_under_way_cannot_be_asked_for_again_and_all_means_the_others() -> None:
    one = drawn(replace(PAGE, chosen=S1))
    assert "test:S1" not in enabled(one)
    tap = next(target.tap for target in drawn().targets if target.name == "test_all")
    assert isinstance(tap, OrdersAllTests)
    assert set(tap.terminals) == {one.terminal for one in PACK.terminals} - {S1}
    asking = drawn(replace(PAGE, asking=TerminalId("K1"), queued=(TerminalId("W14"),)))
    assert named(asking)["test_of:K1"] == named(asking)["test_of:W14"] == "正在自检，请稍等"
    chosen = drawn(replace(PAGE, chosen=TerminalId("K1")))
    own = next(target.tap for target in chosen.targets if target.name == "test:K1")
    assert own == OrdersTest(TerminalId("K1"))


def test_cut_off_nothing_is_fine_and_the_page_says_why() -> None:
    picture = drawn(around=replace(AT, server_away=True))
    told = named(picture)
    assert {told[f"stands:{one.terminal}"] for one in PACK.terminals} == {"暂时不明"}
    assert "不明" in told["problem"]
    assert icon(ICONS["fine"]) not in texts(picture)
    assert "test_all" not in enabled(picture)
    chosen = named(drawn(replace(PAGE, chosen=S1), replace(AT, server_away=True)))
    assert "action:terminal" not in chosen, "cut off ourselves, nobody is sent to check a plug"


@pytest.mark.parametrize("reason", KNOWN)
def test_a_refusal_says_politely_why_and_whose_test_it_was(reason: str) -> None:
    step = replace(PAGE, problem=reason, refused=(TerminalId("K1"),))  # type: ignore[arg-type]
    told = named(drawn(step))
    assert lint(told["problem"]) == ()
    assert told["test_of:K1"] == "这次自检没有安排成功"


def test_the_desk_has_one_touch_to_the_page_with_a_count_and_the_self_tests_of_today() -> None:
    picture = drawn(DeskReady(*WHO))
    told = named(picture)
    assert told["devices"] == "设备：4 台需要处理"
    assert told["tested"] == "自检：5 台正常，1 台需处理"
    assert "devices" in enabled(picture)
    fine = frame("D1", "guide_desk", board=board(), alerts=(), floor=(FLOOR[2],))
    assert named(drawn(DeskReady(*WHO), fine))["devices"] == "设备一览与自检"
    assert "tested" not in named(drawn(DeskReady(*WHO), fine)), "before the first test there is nothing to tell"


def test_yesterdays_self_tests_are_not_told_as_todays() -> None:
    old = tuple(msgspec.structs.replace(test, at=test.at - 86_400) for test in TESTS)
    around = replace(AT, board=msgspec.structs.replace(board(), self_tests=old))
    assert "tested" not in named(drawn(DeskReady(*WHO), around))


@pytest.mark.row("FAC-08", part="face")
def test_a_display_that_falls_silent_is_at_the_desk_by_name_and_area() -> None:
    action = "东区叫号屏没有消息，请到「东侧等候休息区」检查它的电源和网线"
    card = Alert(
        terminal=S1, device=DeviceId("S1.terminal"), code="silent", severity="fault", state="down", since=NOW,
        action=action,
    )  # fmt: skip
    silent = TerminalNow(terminal=S1, state=State.DOWN.value, code="silent")
    around = frame("D1", "guide_desk", board=board(), alerts=(card,), floor=(silent,))
    told = named(drawn(DeskReady(*WHO), around))
    assert told["alert:S1.terminal"] == action
    assert told["devices"] == "设备：1 台需要处理"
    page = drawn(around=around)
    assert named(page)["stands:S1"] == "故障 · 没有应答"
    assert {"东区叫号屏", "东侧等候休息区"} <= set(texts(page))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_state_and_code_has_its_word(language: str) -> None:
    say = load().say
    codes = [fault.value for fault in Fault] + ["absent", "flapping", "not_reported", "unsent"]
    keys = [f"device.{kind}" for kind in (*DeviceKind.__args__, "terminal")]  # type: ignore[attr-defined]
    keys += [f"state.{state.value}" for state in State] + [f"code.{code}" for code in codes]
    keys += [f"role.{one.role}" for one in PACK.terminals] + [f"weekday.{day}" for day in range(7)]
    keys += [f"devices.problem_{reason.value}" for reason in KNOWN]
    for key in keys:
        told = say(language, key)
        assert told != key
        assert lint(told) == ()


def test_what_no_program_of_ours_knows_is_still_told() -> None:
    odd = TerminalNow(terminal=TerminalId("K1"), state="up", devices=(DeviceNow("toaster", "down", "burnt", "fault"),))
    test = SelfTestShown(terminal=TerminalId("K1"), at=NOW, tested=1)
    around = replace(AT, floor=(odd,), board=msgspec.structs.replace(board(), self_tests=(test,)))
    assert named(drawn(around=around))["stands:K1"] == "toaster · 故障 · 需要检查"
