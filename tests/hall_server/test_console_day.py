"""What the rules know reaches the console: the scene, fairness, why a call was made, statements, compliance."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import CallNext, CallTicket, HoldTicket, OutOfOrder, SignIn, StartService
from hall.events import StatementEnded, StatementPrepared
from hall.ids import SERVER, JobId, Serial, StaffId, TerminalId, WindowId
from hall.pack.hall_pack import HallPack
from hall_server.console import words
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import DATA, PAGES, Hall, seen

SEVEN, STAFF = WindowId("7"), StaffId("0303")
SERIAL = Serial("QH-20261123-K1-000001")


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


@dataclass
class Window:
    """Window 7, whose clerk is signed in."""

    hall: Hall
    desk: Desk

    def does(self, command: CallNext | CallTicket | HoldTicket | StartService, request: str) -> None:
        self.hall.writer.turn(self.desk.ask(command, request))


@pytest.fixture
def window(hall: Hall) -> Window:
    desk = Desk("W07", "window_panel")
    hall.writer.turn(desk.ask(SignIn(staff=STAFF, sealed_pin=b"", window=SEVEN), "in"))
    return Window(hall, desk)


CALL = CallNext(window=SEVEN, staff=STAFF)


def told(hall: Hall, page: str, **asked: str) -> Any:
    return json.loads(hall.text(f"/api/{page}", **asked))


# ---- 现场 ----------------------------------------------------------------------------------------------------------


def test_the_scene_is_calm_while_nothing_presses(hall: Hall) -> None:
    assert "目前没有需要负责人处理的事" in seen(hall.text("/scene"))
    assert told(hall, "scene")["pressing"] == []
    assert "持号待办" not in hall.text("/scene")


@pytest.mark.row("QUE-12", part="face")
def test_the_scene_names_the_window_that_could_help_a_long_queue(hall: Hall) -> None:
    label = hall.take(Desk("K1"), "t1")
    hall.now += 60 * (hall.pack.limits.waiting_notice_min + 1)
    page = seen(hall.text("/scene"))
    assert "可以分流" in page
    suggestions = [one for one in told(hall, "scene")["pressing"] if one["kind"] == "balance"]
    assert len(suggestions) == 1
    assert f"{suggestions[0]['window']}号窗口可办此项" in page
    assert label[:1] == suggestions[0]["work"]


def test_a_wait_that_will_pass_the_cap_comes_first_with_its_remedy(hall: Hall) -> None:
    kiosk = Desk("K1")
    for number in range(30):
        hall.take(kiosk, f"t{number}")
    hall.now += 60 * 50
    first, *rest = told(hall, "scene")["pressing"]
    assert first["kind"] == "cap"
    assert "增开" in first["zh"]
    assert [one["kind"] for one in rest] == ["balance"]
    page = seen(hall.text("/scene"))
    assert page.index("等候将超过上限") < page.index("可以分流")


@pytest.mark.row("QUE-20", part="face")
def test_from_the_cut_off_the_lead_sees_every_number_still_to_serve(hall: Hall, window: Window) -> None:
    kiosk = Desk("K1")
    labels = [hall.take(kiosk, f"t{number}") for number in range(3)]
    window.does(CALL, "call")
    assert told(hall, "scene")["to_serve"] == []
    hall.now = MONDAY + 7.25 * 3600  # 16:45, after the last ticket
    shown = told(hall, "scene")["to_serve"]
    assert [one["label"] for one in shown] == labels
    page = seen(hall.text("/scene"))
    assert "持号待办 3" in page
    assert f"{labels[0]} 已叫号 7号窗口 {labels[1]} 等候中 {labels[2]} 等候中" in page


def test_the_scene_shows_who_works_where_on_what_and_who_is_set_aside(hall: Hall, window: Window) -> None:
    label = hall.take(Desk("K1"), "t1")
    assert f"7号 {hall.pack.windows[6].title}" in seen(hall.text("/scene"))
    window.does(CALL, "call")
    assert f"{label} 职工基本养老金申领 已叫号" in seen(hall.text("/scene"))
    window.does(StartService(window=SEVEN, staff=STAFF), "start")
    window.does(HoldTicket(window=SEVEN, staff=STAFF), "hold")
    (aside,) = told(hall, "scene")["aside"]
    assert (aside["label"], aside["state"], aside["window"]) == (label, "held", "7")
    assert f"{label} 挂起 7号窗口" in seen(hall.text("/scene"))


# ---- 公平 ----------------------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-14", part="face")
def test_the_fairness_report_lists_every_call_out_of_order_with_its_reason(hall: Hall, window: Window) -> None:
    kiosk = Desk("K1")
    first, second = hall.take(kiosk, "t1"), hall.take(kiosk, "t2")
    assert "没有提前叫号" in seen(hall.text("/fairness"))
    window.does(CallTicket(window=SEVEN, staff=STAFF, label=second, reason=OutOfOrder.SAME_FAMILY), "call second")
    (one,) = told(hall, "fairness")["out_of_order"]
    assert (one["label"], one["reason"], one["passed_over"]) == (second, "same_family", [first])
    page = seen(hall.text("/fairness"))
    assert f"{second} 7号 09:30:00 与正在办理的事项相关 {first} 为什么叫这个号" in page


def test_why_a_number_was_called_is_one_touch_from_the_tickets(hall: Hall, window: Window) -> None:
    kiosk = Desk("K1")
    hall.take(kiosk, "t1")
    hall.take(Desk("D1", "guide_desk"), "t2", grant=True)
    assert "/why?" not in hall.text("/tickets")
    hall.now += 300
    window.does(CALL, "call")
    tickets = hall.text("/tickets")
    address = tickets.split('href="/why?')[1].split('"')[0]
    (one,) = told(hall, "why", ticket=address.removeprefix("ticket="))["calls"]
    assert {head["label"] for head in one["heads"]} >= {one["label"]}
    assert sum(head["chosen"] for head in one["heads"]) == 1
    page = seen(hall.text("/why", ticket=address.removeprefix("ticket=")))
    assert one["sentence"] in page
    assert "累计" in page
    assert words.RULES["apq_target"] in page
    everything = page + hall.text("/api/why", ticket=address.removeprefix("ticket="))
    assert "pregnant" not in everything
    assert "孕" not in everything


def test_a_number_that_was_never_called_says_so(hall: Hall) -> None:
    assert "这个号还没有叫过" in seen(hall.text("/why", ticket="nothing"))


def test_grants_are_counted_per_issuer_beside_the_cap(hall: Hall) -> None:
    hall.take(Desk("D1", "guide_desk"), "t1", grant=True)
    (one,) = told(hall, "fairness")["grants"]
    assert (one["staff"], one["grants"]) == ("0101", 1)
    assert "何苗(0101) 1" in seen(hall.text("/fairness"))


def test_quotes_are_held_against_the_waits_that_came(hall: Hall, window: Window) -> None:
    hall.take(Desk("K1"), "t1")
    hall.now += 1200
    window.does(CALL, "call")
    window.does(StartService(window=SEVEN, staff=STAFF), "start")
    (quotes,) = told(hall, "fairness")["quotes"]
    assert quotes["quotes"] == 1
    assert quotes["mean_absolute_min"] == pytest.approx(abs(quotes["bias_min"]))
    page = seen(hall.text("/fairness"))
    assert "普通号 1 位" in page
    assert ("多报" if quotes["bias_min"] > 0 else "少报") in page
    assert "按窗口 7号窗口 1 0 分钟" in page
    assert "按取号时段 09时 1" in page


# ---- 查询单 --------------------------------------------------------------------------------------------------------


def prepared(serial: Serial = SERIAL) -> StatementPrepared:
    return StatementPrepared(
        serial=serial,
        form="contributions",
        terminal=TerminalId("K1"),
        person="hash-of-somebody",
        digest="digest-of-content",
        check_code="CHECK42",
        proof="id_card",
    )


def prepare(hall: Hall, *told: StatementPrepared) -> None:
    """Only the hall server prepares statements."""
    itself = Desk(SERVER, epoch=99)
    hall.writer.turn(itself.up(*(itself.parcel(one) for one in told)))


def ended(outcome: str, cause: str = "", *, copy: bool = False) -> StatementEnded:
    return StatementEnded(serial=SERIAL, job=JobId(f"j-{outcome}-{copy}"), outcome=outcome, cause=cause, copy=copy)


@pytest.mark.row("RGT-05", part="rule")
def test_a_statement_whose_print_failed_is_unfinished_and_counts_as_delivered_only_when_it_is(hall: Hall) -> None:
    desk = Desk("K1")
    prepare(hall, prepared())
    assert "等待结果" in seen(hall.text("/statements"))
    hall.writer.turn(desk.up(desk.parcel(ended("failed", "no_paper"))))
    shown = told(hall, "statements")
    assert (shown["prepared"], shown["delivered"], shown["unfinished"]) == (1, 0, 1)
    (paper,) = shown["papers"]
    assert (paper["serial"], paper["terminal"], paper["copies"], paper["state"]) == (SERIAL, "K1", 0, "unfinished")
    assert "未完成 未印出 · 缺纸" in seen(hall.text("/statements"))
    hall.writer.turn(desk.up(desk.parcel(ended("printed", copy=True))))
    shown = told(hall, "statements")
    assert (shown["delivered"], shown["unfinished"]) == (1, 0)
    (paper,) = shown["papers"]
    assert (paper["serial"], paper["copies"]) == (SERIAL, 1)
    for secret in ("hash-of-somebody", "CHECK42", "digest-of-content"):
        assert secret not in json.dumps(shown)
        assert secret not in hall.text("/statements")


def test_one_persons_papers_have_one_code_and_unknown_outcomes_are_not_delivered(hall: Hall) -> None:
    desk = Desk("K1")
    prepare(hall, prepared(), prepared(Serial("QH-2")))
    hall.writer.turn(desk.up(desk.parcel(ended("unknown"))))
    papers = told(hall, "statements")["papers"]
    assert len({one["holder"] for one in papers}) == 1
    assert told(hall, "statements")["delivered"] == 0


# ---- 合规 ----------------------------------------------------------------------------------------------------------


def with_windows(hall: Hall, kind: str) -> Hall:
    windows = tuple(msgspec.structs.replace(one, kind=kind) for one in hall.pack.windows)
    return Hall(msgspec.structs.replace(hall.pack, windows=windows), hall.ledger, hall.writer)


@pytest.mark.row("WIN-01", part="face")
def test_a_hall_without_a_consulting_window_is_not_compliant_and_the_clause_is_cited(hall: Hall) -> None:
    bare = with_windows(hall, "service")
    page = seen(bare.text("/compliance"))
    assert "配置未达标" in page
    assert "4.2" in page
    assert told(bare, "compliance")["plan"]["complies"] is False
    assert "配置达标" in seen(hall.text("/compliance"))


@pytest.mark.row("WIN-05", part="face")
def test_the_panel_shows_required_configured_and_open_with_inputs_and_date(hall: Hall) -> None:
    plan = told(hall, "compliance")["plan"]
    page = seen(hall.text("/compliance"))
    assert plan["configured"] >= plan["required"] > plan["open_now"] == 0
    assert "配置达标" in page
    assert "当前开放不足" in page
    assert "评价日期 2026-11-23" in page
    assert f"参保 {hall.pack.hall.insured_count:,} 人" in page


@pytest.mark.row("SLA-06", part="face")
def test_a_year_without_its_calendar_is_told_from_october_on(hall: Hall) -> None:
    years = tuple(year for year in hall.pack.calendar.years if year.year == 2026)
    calendar = msgspec.structs.replace(hall.pack.calendar, years=years)
    lacking = Hall(msgspec.structs.replace(hall.pack, calendar=calendar), hall.ledger, hall.writer)
    assert "日历未维护：缺少2027年官方放假安排" in seen(lacking.text("/compliance"))
    lacking.now = MONDAY - 70 * 86400  # in September
    assert told(lacking, "compliance")["calendar_gaps"] == []
    assert "官方放假安排齐全" in seen(lacking.text("/compliance"))


@pytest.mark.row("REG-11", part="face")
@pytest.mark.row("REG-10", part="face")
def test_about_lists_every_document_with_version_and_status(hall: Hall) -> None:
    page = seen(hall.text("/compliance"))
    assert len(hall.pack.references) > 5
    for one in hall.pack.references:
        assert f"{one.title} {one.number} {one.version} {one.status}" in page
    rules = hall.pack.rules
    assert f"规则包 {rules.id} · 依据{rules.standard}，{rules.dated}" in page


def test_the_day_is_the_same_after_a_restart_and_yesterday_is_let_go(hall: Hall, window: Window) -> None:
    hall.take(Desk("K1"), "t1")
    window.does(CALL, "call")
    prepare(hall, prepared())
    again = Hall(hall.pack, hall.ledger, hall.writer)
    for page in ("scene", "fairness", "statements"):
        assert hall.text(f"/api/{page}") == again.text(f"/api/{page}")
    assert told(again, "fairness")["calls"] == 1


def test_the_pages_of_the_day_are_all_reached_from_every_page(hall: Hall) -> None:
    front = hall.text("/")
    for path in PAGES:
        assert f'href="{path}"' in front or path in ("/why", "/item")
    assert all(hall.get(path).status_code == 200 for path in DATA)
