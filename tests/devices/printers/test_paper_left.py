"""Paper for how many more tickets: told from the count and the sensors, and unknown rather than hopeful."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hall.ids import JobId
from kiosk.devices.slip_printers.paper_left import PaperLeft
from kiosk.devices.slip_printers.status import Status
from kiosk.ports import Fault, Unread
from tests.devices.printers.room import SLIP, Room, papers

WELL, LOW, OUT = Status(), Status(paper_near_end=True), Status(paper_end=True, paper_near_end=True)
UNKNOWN = {"paper_left_mm": Unread.UNKNOWN, "slips_left": Unread.UNKNOWN}


def refilled(roll_mm: float = 30_000, near_end_mm: float = 0) -> PaperLeft:
    made = PaperLeft(roll_mm, near_end_mm)
    made.observe(OUT)
    made.observe(WELL)
    return made


def test_a_roll_of_unknown_age_is_unknown_until_a_new_one_is_seen() -> None:
    paper = PaperLeft(30_000)
    paper.observe(WELL)
    assert paper.readings() == UNKNOWN
    paper.observe(OUT)
    assert paper.readings() == {"paper_left_mm": 0, "slips_left": 0}
    paper.observe(WELL)
    assert paper.readings() == {"paper_left_mm": 30_000, "slips_left": 200}


def test_what_is_printed_is_taken_off() -> None:
    paper = refilled()
    for _ in range(100):
        paper.printed(150 * 8)
    assert paper.readings() == {"paper_left_mm": 15_000, "slips_left": 90}


def test_near_end_gone_again_is_a_new_roll_and_a_look_inside_is_none() -> None:
    paper = refilled()
    paper.printed(8 * 10_000)
    paper.observe(Status(cover_open=True, paper_end=True, offline=True))
    paper.observe(WELL)
    assert paper.readings()["paper_left_mm"] == 20_000
    paper.observe(LOW)
    paper.observe(Status(cover_open=True, paper_end=True, offline=True))
    paper.observe(WELL)
    assert paper.readings()["paper_left_mm"] == 30_000


def test_the_near_end_sensor_knows_better_than_the_count() -> None:
    paper = refilled(near_end_mm=5_000)
    paper.observe(LOW)
    assert paper.readings()["paper_left_mm"] == 5_000
    paper.printed(8 * 1_000)
    assert paper.readings()["paper_left_mm"] == 4_000
    unseen = PaperLeft(30_000, 5_000)
    unseen.observe(LOW)
    assert unseen.readings()["paper_left_mm"] == 5_000


def test_the_count_outlives_a_restart_and_a_spoilt_file_leaves_it_unknown(tmp_path: Path) -> None:
    path = tmp_path / "paper.json"
    paper = refilled()
    paper.printed(8 * 3_000)
    paper.save(path)
    again = PaperLeft(30_000)
    again.load(path)
    assert again.readings() == paper.readings()
    path.write_bytes(b"\xff{")
    spoilt = PaperLeft(30_000)
    spoilt.load(path)
    assert spoilt.readings() == UNKNOWN
    paper.save(tmp_path / "missing" / "paper.json")


@given(st.lists(st.one_of(st.sampled_from([WELL, LOW, OUT]), st.integers(0, 10_000)), max_size=40))
def test_never_more_than_a_roll_and_never_less_than_nothing(events: list[Status | int]) -> None:
    paper = PaperLeft(30_000, 5_000)
    for event in events:
        if isinstance(event, int):
            paper.printed(event)
        else:
            paper.observe(event)
        left = paper.readings()["paper_left_mm"]
        assert left is Unread.UNKNOWN or (isinstance(left, int) and 0 <= left <= 30_000)


def test_a_short_rest_of_a_roll_without_sensor_is_told_as_low_paper(room: Room, tmp_path: Path) -> None:
    printer = room.printer()
    driver = room.driver(printer, roll_m=3.0, count_path=str(tmp_path / "paper.json"))
    assert driver.state().fault is None
    printer.paper_out()
    assert driver.state().fault is Fault.NO_PAPER
    printer.load_paper()
    state = driver.state()
    assert (state.fault, state.may_serve) == (Fault.PAPER_LOW, True)
    assert (state.readings["paper"], state.detail) == ("ok", "纸还够打印约20张,请准备新的纸卷")
    driver.print(JobId("1"), SLIP)
    assert len(papers(printer, 1)) == 1
    left = driver.state().readings["paper_left_mm"]
    again = room.driver(printer, roll_m=3.0, count_path=str(tmp_path / "paper.json"))
    assert again.state().readings["paper_left_mm"] == left
