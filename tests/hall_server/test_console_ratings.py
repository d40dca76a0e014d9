"""「评价」 on the lead's page: figures, the five dimensions, every poor rating with its follow-up, seeing to it."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from starlette.testclient import TestClient

from hall.calendar.working_days import start_of_day
from hall.commands import CallNext, FinishService, SignIn, StartService
from hall.events import ServiceRated
from hall.ids import ServiceId, StaffId, TicketLabel, WindowId
from hall.pack.hall_pack import HallPack
from hall.rating_facts import Dimension, RatingFollowedUp, RatingReasonsGiven
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import HOST, Hall, seen

W14, CLERK, LEAD = WindowId("14"), StaffId("0310"), StaffId("0001")
LATE, RUDE = Dimension.TIMELINESS.value, Dimension.LANGUAGE.value


class Window:
    """Window 14 with its panel, and the rating screen before it."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.kiosk, self.panel, self.screen = Desk("K1"), Desk("W14", "window_panel"), Desk("R14", "rating_screen")
        self._ask(SignIn(staff=CLERK, sealed_pin=b"", window=W14))

    def _ask(self, command: Any) -> None:
        self.hall.writer.turn(self.panel.ask(command, f"p{len(self.panel.replies)}"))

    def serve(self, ticket: str) -> TicketLabel:
        label = self.hall.take(self.kiosk, ticket)
        for command in (CallNext, StartService, FinishService):
            self._ask(command(window=W14, staff=CLERK))
        return label

    def rate(self, ticket: str, grade: int | None, *named: str) -> None:
        service, screen = ServiceId(f"{ticket}/1"), self.screen
        told: list[Any] = [ServiceRated(service=service, grade=grade, rated_at=self.hall.now)]
        if named:
            told.append(RatingReasonsGiven(service=service, dimensions=named, given_at=self.hall.now))
        self.hall.writer.turn(screen.up(*(screen.parcel(one) for one in told)))


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


@pytest.fixture
def window(hall: Hall) -> Window:
    return Window(hall)


def told(hall: Hall, **asked: str) -> Any:
    return json.loads(hall.text("/api/ratings", **asked))


def see_to(browser: TestClient, **other: str) -> httpx2.Response:
    fields = {"service": "t2/1", "end": "corrected", "staff": LEAD, "text": "已回访致歉", **other}
    return browser.post("/ratings/one", data=fields, headers={"Origin": HOST})


def end_of(hall: Hall, answer: httpx2.Response) -> str:
    assert answer.status_code == 303
    path, _, query = answer.headers["location"].partition("?")
    return seen(hall.text(path, **dict(parse_qsl(query))))


def a_day(window: Window) -> TicketLabel:
    """Four services: very satisfied, dissatisfied with two reasons, declined, and one that nobody rated."""
    window.serve("t1")
    window.rate("t1", 5)
    poor = window.serve("t2")
    window.rate("t2", 2, LATE, RUDE)
    window.serve("t3")
    window.rate("t3", None)
    window.serve("t4")
    return poor


@pytest.mark.row("SUP-08", part="face")
def test_the_page_tells_the_day_by_level_and_by_dimension(hall: Hall, window: Window) -> None:
    a_day(window)
    figures = told(hall, days="1")["figures"]
    assert [figures[key] for key in ("served", "asked", "rated", "declined", "poor")] == [4, 4, 2, 1, 1]
    assert figures["grades"] == {"非常满意": 1, "满意": 0, "基本满意": 0, "不满意": 1, "非常不满意": 0}
    assert list(figures["dimensions"].items()) == [
        ("服务态度", 0), ("服务时限", 1), ("服务用语", 1), ("职业形象", 0), ("服务纪律", 0),
    ]  # fmt: skip
    page = seen(hall.text("/ratings"))
    assert "服务态度 0 服务时限 1 服务用语 1 职业形象 0 服务纪律 0 未说明 0" in page


@pytest.mark.row("EXT-01", part="face")
def test_a_poor_rating_opens_a_follow_up_with_its_number_window_and_due_day(hall: Hall, window: Window) -> None:
    label = a_day(window)
    (row,) = told(hall)["rows"]
    assert (row["label"], row["window"], row["grade_title"]) == (label, "14", "不满意")
    assert (row["due"], row["standing"]) == ("2026-12-14", "open")
    page = seen(hall.text("/ratings"))
    assert f"待处理 {label} 14号" in page
    assert "服务时限、服务用语 2026-12-14 处理" in page


@pytest.mark.row("EXT-02", part="face")
def test_a_follow_up_is_overdue_after_its_days_and_an_appeal_leaves_both_states_visible(
    hall: Hall, window: Window
) -> None:
    a_day(window)
    hall.now = start_of_day(hall.now) + 21 * 86_400 + 17 * 3600
    assert told(hall)["rows"][0]["standing"] == "overdue"
    assert told(hall, days="1")["overdue"] == 1, "what waits is listed whatever the period"
    assert "1 件已超期" in seen(hall.text("/ratings"))
    browser = hall.inside()
    assert "已记录。" in end_of(hall, see_to(browser, end="set_aside", text="误点，已向本人核实"))
    page = seen(hall.text("/ratings"))
    assert "不满意 申诉成立: 误点，已向本人核实" in page
    assert "申诉成立 " in page
    assert told(hall)["figures"]["poor"] == 1, "the rating itself stays as it was given"


@pytest.mark.row("EXT-02", part="face")
def test_the_leads_measure_closes_the_follow_up_and_stays_in_the_ledger(hall: Hall, window: Window) -> None:
    a_day(window)
    page = end_of(hall, see_to(hall.inside()))
    assert "已记录。" in page
    assert "整改 已回访致歉 林静(0001)" in page
    (row,) = told(hall)["rows"]
    assert (row["standing"], row["corrected"]["text"]) == ("done", "已回访致歉")
    assert "差评处理" in seen(hall.text("/ledger", kind="RatingFollowedUp"))
    assert "已经有人记录过" in end_of(hall, see_to(hall.inside(), text="再来一次"))
    assert told(hall)["rows"][0]["corrected"]["text"] == "已回访致歉"
    again = Hall(hall.pack, hall.ledger, hall.writer, now=hall.now)
    assert told(again)["rows"] == told(hall)["rows"], "a server that was started again tells the same"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "请打13800138000"}, "没有记录"),
        ({"text": "丢了不负责"}, "服务忌语"),
        ({"text": "长" * 121}, "最多120个字"),
        ({"text": "  "}, "请写明整改措施"),
        ({"staff": "0101"}, "由大厅负责人处理"),
    ],
)
def test_what_may_not_be_written_down_is_refused_with_the_way_on(
    hall: Hall, window: Window, fields: dict[str, str], said: str
) -> None:
    a_day(window)
    page = end_of(hall, see_to(hall.inside(), **fields))
    assert said in page
    assert "13800138000" not in page
    assert told(hall)["rows"][0]["standing"] == "open"


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"end": "forgotten"}, 422), ({"staff": "9999"}, 422), ({"service": ""}, 422), ({"service": "t1/1"}, 404)],
)
def test_a_form_that_is_not_ours_is_not_understood(
    hall: Hall, window: Window, fields: dict[str, str], status: int
) -> None:
    a_day(window)
    assert see_to(hall.inside(), **fields).status_code == status
    assert hall.get("/ratings/one", service="t1/1").status_code == 404


def test_a_busy_writer_says_that_nothing_was_written_down(hall: Hall, window: Window) -> None:
    a_day(window)
    browser = hall.inside()
    hall.busy = True
    assert "请稍后再试" in end_of(hall, see_to(browser))


def test_what_was_flagged_counts_nowhere(hall: Hall, window: Window) -> None:
    a_day(window)
    before = told(hall)
    window.rate("t2", 5, Dimension.ATTITUDE.value)  # a second rating, and second reasons
    claim = RatingFollowedUp(service=ServiceId("t2/1"), end="corrected", text="x", staff=LEAD, at=hall.now)
    hall.writer.turn(window.screen.up(window.screen.parcel(claim)))
    assert told(hall)["rows"] == before["rows"]
    assert told(hall)["figures"] == before["figures"]


def test_the_table_can_be_taken_along_and_holds_no_formula(hall: Hall, window: Window) -> None:
    a_day(window)
    end_of(hall, see_to(hall.inside(), text="=1+1"))
    answer = hall.get("/ratings.csv", days="7")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len({len(row) for row in rows}) == 1
    assert rows[1][:3] == ["统计 2026-11-17至2026-11-23", "办结", "4"]
    assert rows[-1][0] == "差评"
    assert "'=1+1" in rows[-1]


def test_a_hall_without_ratings_says_so(hall: Hall) -> None:
    page = seen(hall.text("/ratings", days="90"))
    assert "这段时间没有差评" in page
    assert "暂无数据 差评占比" in page
    assert hall.get("/ratings", days="0").status_code == 422
