"""Which day the writer opens, whatever the clock does, and how one word of the administrator leads back."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks.hall_rig import MONDAY
from hall.calendar.believing import DAYS_BELIEVED, Doubt, doubt
from hall.calendar.working_days import business_day, is_open_day
from hall.commands import Leased, Refused
from hall.errors import Reason
from hall.ids import BusinessDay, StaffId
from hall.pack.hall_pack import terminals_shown
from hall.services.opening_checklist import checklist
from hall.upkeep import LineSigned, SignOpening
from hall_server.ledger import audit
from hall_server.ledger.store import Ledger
from hall_server.writer.confirming import Spoken, WordBox
from hall_server.writer.jobs import OwnJob
from tests.hall_server.hall_of_days import DAY_S, QINGHE, YEARS_S, Hall

LEAD = next(StaffId(member.id) for member in QINGHE.staff if "lead" in member.roles)


@pytest.fixture
def hall(ledger: Ledger, tmp_path: Path) -> Hall:
    return Hall(ledger, WordBox(tmp_path / "ledger.sqlite"))


# ---- what is believed --------------------------------------------------------------------------------------------


def test_a_day_follows_within_a_fortnight_and_never_goes_back() -> None:
    friday = BusinessDay("2026-11-20")
    assert doubt(None, BusinessDay("2026-11-23")) is None
    assert doubt(None, BusinessDay("1970-01-01")) is Doubt.BEFORE_SOFTWARE
    assert doubt(friday, friday) is None
    assert doubt(friday, BusinessDay("2026-12-04")) is None
    assert doubt(friday, BusinessDay("2026-12-05")) is Doubt.LONG_AFTER_LAST_DAY
    assert doubt(friday, BusinessDay("2026-11-19")) is Doubt.BEFORE_LAST_DAY


def test_every_holiday_of_the_packs_calendar_is_shorter_than_what_is_believed() -> None:
    day, last, longest = date(2026, 1, 4), date(2026, 1, 4), 0
    while day < date(2027, 1, 1):
        if is_open_day(QINGHE, day):
            longest, last = max(longest, (day - last).days), day
        day += timedelta(days=1)
    assert 8 <= longest < DAYS_BELIEVED


# ---- clocks and the administrator --------------------------------------------------------------------------------


def test_a_clock_years_ahead_opens_nothing_and_says_so_once_and_numbers_are_left_to_the_reserves(hall: Hall) -> None:
    assert isinstance(hall.take(), Leased)
    hall.now += YEARS_S
    hall.again()
    hall.set_clock(hall.now + 5)
    assert hall.day == "2026-11-23"
    assert hall.heard.alarms == [("SERVER", "day_withheld")]
    refused = hall.lease()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SERVER_AWAY, "no decision: the terminal takes its day reserve"
    hall.writer.boards.show(hall.writer._stand(), hall.now)
    board = hall.heard.boards[-1]
    assert (board.day, board.next_day, board.day_doubt) == ("2026-11-23", "2026-11-24", "long_after_last_day")
    assert board.taking_tickets
    hall.set_clock(MONDAY + 60)
    assert hall.heard.alarms == [("SERVER", "day_withheld"), ("SERVER", "day_believed")]
    assert isinstance(hall.take(), Leased)
    assert hall.kinds().count("DayOpened") == 1


def test_a_hall_that_was_closed_for_months_opens_by_one_word_that_stands_in_the_ledger(hall: Hall) -> None:
    hall.set_clock(MONDAY + 91 * DAY_S)
    assert hall.day == "2026-11-23"
    wrong = hall.confirm("2026-11-24")
    assert "set the clock right first" in wrong.refused
    told = hall.confirm(business_day(hall.now), "装修后恢复开放")
    assert (told.refused, told.opened, told.withdrawn) == ("", "2027-02-22", "")
    assert hall.day == "2027-02-22"
    assert hall.kinds()[-2:] == ["DayConfirmed", "DayOpened"]
    assert isinstance(hall.take(), Leased)
    assert hall.opened[-1] == "2027-02-22"


def test_a_day_that_was_opened_wrongly_is_withdrawn_and_earlier_days_open_again(hall: Hall) -> None:
    first = hall.take()
    hall.set_clock(MONDAY + 3 * DAY_S)
    assert hall.day == "2026-11-26", "three days ahead are believable"
    wrong = hall.take()
    assert isinstance(first, Leased)
    assert isinstance(wrong, Leased)
    hall.set_clock(MONDAY + 600)
    assert hall.heard.alarms[-1] == ("SERVER", "day_withheld")
    told = hall.confirm("2026-11-23")
    assert (told.opened, told.withdrawn, told.issued, told.ended) == ("2026-11-23", "2026-11-26", 1, (wrong.label,))
    again = hall.take()
    assert isinstance(again, Leased)
    assert again.number == first.number + 1, "the day goes on after its earlier life"
    assert hall.opened == ["2026-11-23", "2026-11-26", "2026-11-23"]
    seq = hall.writer._stand().state.call_seq
    for days in (1, 2, 3):
        hall.set_clock(MONDAY + days * DAY_S)
        hall.again()
    thursday = hall.take()
    assert isinstance(thursday, Leased)
    assert (thursday.day, thursday.number) == (wrong.day, wrong.number + 1)
    assert hall.writer._stand().state.call_seq >= seq, "a speaker would not say lower calls"
    assert audit.verify(hall.ledger).broken_at is None


def test_a_word_on_a_day_of_rest_confirms_the_date_and_the_next_day_opens_by_itself(hall: Hall) -> None:
    hall.set_clock(MONDAY + 3 * DAY_S)
    hall.set_clock(MONDAY - DAY_S)
    told = hall.confirm("2026-11-22")
    assert (told.opened, told.withdrawn, hall.day) == ("", "2026-11-26", None)
    hall.again()
    hall.set_clock(MONDAY)
    assert hall.day == "2026-11-23"


def test_a_word_for_the_open_day_undoes_a_later_date_that_was_confirmed_wrongly(hall: Hall) -> None:
    hall.set_clock(MONDAY + 33 * DAY_S)
    assert hall.confirm("2026-12-26").refused == ""
    hall.set_clock(MONDAY + 600)
    assert hall.confirm("2026-11-23").refused == ""
    assert hall.kinds().count("DayConfirmed") == 2
    hall.confirm("2026-11-23")
    assert hall.kinds().count("DayConfirmed") == 2, "nothing is left to be said"
    hall.again()
    hall.set_clock(MONDAY + DAY_S)
    assert hall.day == "2026-11-24", "the doors open in the morning"


def test_a_day_that_opens_again_is_the_same_after_a_restart(hall: Hall) -> None:
    line = checklist(terminals_shown(QINGHE), QINGHE.opening)[0].id
    signed = SignOpening(day=BusinessDay("2026-11-23"), lines=(LineSigned(line, "fine"),), staff=LEAD)
    hall.writer.turn(OwnJob(signed, lambda _reply, _events: None))
    assert hall.kinds()[-1] == "OpeningChecklistSigned"
    hall.set_clock(MONDAY + 3 * DAY_S)
    hall.set_clock(MONDAY + 600)
    assert hall.confirm("2026-11-23").opened == "2026-11-23"
    live = hall.writer._stand().state.opening
    hall.again()
    assert hall.writer._stand().state.opening == live


@pytest.mark.parametrize(("day", "by"), [("23.11.2026", "a"), ("2026-11-23", " "), ("2026-11-23", "n" * 41)])
def test_a_word_that_is_no_word_changes_nothing(hall: Hall, day: str, by: str) -> None:
    hall.box._word.write_bytes(f'{{"id":"x","day":"{day}","by":"{by}","reason":"r"}}'.encode())
    before = hall.kinds()
    hall.writer.turn()
    told = hall.box._outcome()
    assert told is not None
    assert told.refused
    hall.box._word.write_bytes(b"\x00")
    hall.writer.turn()
    assert hall.kinds() == before
    assert not hall.box._word.exists()


def test_a_word_that_nobody_takes_is_taken_back(tmp_path: Path) -> None:
    box = WordBox(tmp_path / "ledger.sqlite")
    ticks = iter(range(1_000))
    spoken = Spoken(id="w", day="2026-11-23", by="a", reason="b")
    assert box.say(spoken, lambda: float(next(ticks)), lambda _s: None) is None
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_was_lost_while_its_day_was_open_is_flagged_in_the_ledger(hall: Hall) -> None:
    days = hall.writer.days
    days.hook = lambda _day: True
    days.told_at_start(hall.writer._day_state, hall.writer._do_and_tell, hall.now)
    assert hall.kinds()[-1] == "DayKeyRenewed"
    assert hall.heard.alarms == [("SERVER", "day_key_renewed")]
    days.hook = lambda _day: False
    days.told_at_start(hall.writer._day_state, hall.writer._do_and_tell, hall.now)
    assert hall.kinds().count("DayKeyRenewed") == 1
    hall.set_clock(MONDAY + DAY_S)
    assert hall.heard.alarms[-1] == ("SERVER", "day_opened")
