"""The opening checklist, the works that are due and the day's end, as the guide sees them."""

from dataclasses import replace

import msgspec
import pytest

from hall.speech.courtesy import lint
from hall.upkeep import Finding, LineState, Work
from hall.wire.upkeep_shown import OpeningShown
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.steps import DeskReady
from kiosk.flows.upkeep_words import ChoseFinding, ChoseWork, MarkedLine, OpensUpkeep, SignsOpening
from kiosk.flows.words import Step
from kiosk.session import Frame, View
from kiosk.text.catalogue import load
from kiosk.ui.composing import Local
from kiosk.ui.screens.desk_upkeep import KNOWN
from kiosk.ui.widgets.picture import Picture, Words
from tests.ui.desk_samples import WHO
from tests.ui.samples import DESK, PACK
from tests.ui.test_pictures_hold import picture_of
from tests.ui.upkeep_samples import DAY, LINES, NOTED, at, signed, upkeep_shots

SHOTS = {shot[0]: shot for shot in upkeep_shots()}
MORNING = SHOTS["desk_opening"][2]
PAGE = DeskUpkeep(*WHO)


def drawn(name: str, *, step: Step | None = None, around: Frame | None = None) -> Picture:
    shot = SHOTS[name]
    return picture_of(("here", DESK, around or shot[2], step or shot[3]), View(), Local())


def named(picture: Picture) -> dict[str, str]:
    return {i.name: i.text.replace("\n", "") for i in picture.items if isinstance(i, Words) and i.name}


def tap(picture: Picture, name: str) -> object:
    return next(target.tap for target in picture.targets if target.name == name and target.enabled)


def test_lines_are_prefilled_and_what_is_not_fine_says_what_to_do() -> None:
    told = named(drawn("desk_opening"))
    assert {f"line:{one.id}" for one in LINES} <= set(told)
    assert told["line:K1.terminal"] == "正常"
    assert told["line:K2.slip_printer"].startswith("打印机 · 缺纸请装入新的打印纸")
    assert told["line:look.leaflets"] == "请到现场查看，看过点一下"


def test_one_touch_marks_a_line_and_one_signs_all_that_was_looked_at() -> None:
    picture = drawn("desk_opening")
    assert tap(picture, "mark:look.notice") == MarkedLine("look.notice", LineState.FINE)
    assert tap(picture, "mark:K1.terminal") == MarkedLine("K1.terminal", LineState.FAULT)
    assert "2项未看" in next(t.text for t in picture.targets if t.name == "sign")
    part = tap(picture, "sign")
    assert isinstance(part, SignsOpening)
    assert {one.line for one in part.lines} == {line.id for line in LINES if line.terminal is not None}
    whole = drawn("desk_opening_marked")
    signing = tap(whole, "sign")
    assert isinstance(signing, SignsOpening)
    assert signing.day == DAY
    assert len(signing.lines) == len(LINES)
    assert {one.state for one in signing.lines} == {"fine", "fault"}
    assert "何苗" in next(t.text for t in whole.targets if t.name == "sign")


@pytest.mark.row("FAC-12", part="face")
def test_at_opening_time_the_desk_names_the_lines_that_nobody_has_signed() -> None:
    before = named(drawn("desk_duty_morning"))
    assert before["duty"] == "开门前请完成检查：8项"
    late = drawn("desk_duty_late")
    assert named(late)["duty"] == "开门检查未完成：2项"
    assert named(late)["duty_lines"] == "东区叫号屏、办事指南、宣传单齐全"
    assert tap(late, "duty") == OpensUpkeep("opening")
    done = replace(SHOTS["desk_duty_late"][2], board=at(signed()), upkeep=())
    assert "duty" not in named(drawn("desk_duty_late", around=done))


def test_yesterdays_signature_is_none_of_today() -> None:
    old = msgspec.structs.replace(signed(), day="2026-11-20")
    around = replace(MORNING, board=at(old))
    assert named(drawn("desk_duty_late", around=around))["duty"] == "开门检查未完成：8项"


def test_cut_off_nothing_is_prefilled_and_nothing_can_be_signed() -> None:
    picture = drawn("desk_opening_away")
    assert {one for name, one in named(picture).items() if name.startswith("line:") and "look" not in name} == {
        "没有收到它的消息，请到现场查看，看过点一下"
    }
    assert not next(target.enabled for target in picture.targets if target.name == "sign")


@pytest.mark.row("FAC-10", part="face")
def test_an_overdue_inspection_is_listed_and_its_record_shows_the_next_due_day() -> None:
    picture = drawn("desk_due")
    told = named(picture)
    assert told["due:K2.slip_printer:inspection"].startswith("已过期，原定2026年11月18日清洁打印头")
    assert told["due:K1.slip_printer:consumable"] == "纸还够打印约40张，请准备新的纸卷"
    chosen = tap(picture, "record:K2.slip_printer:inspection")
    assert chosen == ChoseWork(chosen.device, Work.INSPECTION)  # type: ignore[attr-defined]
    asking = drawn("desk_due_record")
    assert tap(asking, "finding:cleaned") == ChoseFinding(Finding.CLEANED)
    rest = tuple(one for one in MORNING.upkeep if one.standing != "overdue")
    noted = drawn("desk_due_noted", around=replace(MORNING, upkeep=rest))
    assert named(noted)["noted"] == "已记录：2号自助机 · 打印机，检查保养。下次应在2027年2月22日前完成。"
    assert "due:K2.slip_printer:inspection" not in named(noted)


def test_the_day_ends_with_paper_for_tomorrow_faults_and_what_is_due() -> None:
    told = named(drawn("desk_closing"))
    assert told["todo:paper:D1.slip_printer"] == "纸还够打印约110张，请准备新的纸卷"
    assert "没有找到" in told["todo:fault:K2.card_reader"]
    assert told["todo:due:K2.slip_printer"].startswith("已过期")
    assert named(drawn("desk_duty_evening"))["duty"].startswith("今日收尾：")
    assert "辛苦了" in named(drawn("desk_closing_none"))["closing"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_pages_is_there_and_courteous(language: str) -> None:
    say = load().say
    keys = [f"work.{one.value}" for one in Work] + [f"finding.{one.value}" for one in Finding]
    keys += [f"upkeep.problem_{reason.value}" for reason in KNOWN] + ["upkeep.problem_other"]
    for key in keys:
        told = say(language, key)
        assert told != key
        assert lint(told) == ()


@pytest.mark.parametrize("reason", KNOWN)
def test_a_refusal_says_politely_what_to_do(reason: str) -> None:
    told = named(drawn("desk_opening", step=replace(PAGE, problem=reason)))  # type: ignore[arg-type]
    assert told["problem"]
    assert lint(told["problem"]) == ()


def test_the_pack_gives_the_lines_and_an_older_board_none() -> None:
    assert [line.code for line in PACK.opening] == ["notice", "leaflets"]
    quiet = replace(MORNING, board=at(OpeningShown()), pack=None)
    assert "duty" not in named(drawn("desk_duty_morning", step=DeskReady(*WHO), around=quiet))
    assert NOTED.next_due == "2027-02-22"
