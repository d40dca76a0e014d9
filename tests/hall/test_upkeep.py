"""What is due on which device: intervals, records in any order, paper, notes; signing the opening checklist."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.working_days import is_open_day, local_datetime
from hall.commands import Done, Refused
from hall.day import upkeep as day_upkeep
from hall.errors import HallError, Reason
from hall.ids import DeviceId, StaffId, TerminalId
from hall.pack.hall_pack import HallPack, parse, shown, terminals_shown
from hall.services.opening_checklist import checklist, missing, prefilled, with_signed
from hall.services.upkeep import (
    PaperLeft,
    Trouble,
    Upkeep,
    closing,
    due_day,
    dues,
    next_due,
    note_trouble,
    paper_due,
    standing_of,
)
from hall.services.upkeep import shown as due_shown
from hall.upkeep import (
    Finding,
    LineSigned,
    LineState,
    MaintenanceNoted,
    MaintenanceRecorded,
    OpeningChecklistSigned,
    RecordMaintenance,
    SignOpening,
    Work,
)
from hall.wire.codec import decode, encode
from hall.wire.devices_shown import DeviceNow, FailedShown, SelfTestShown, TerminalNow
from hall.wire.lanes import Ask
from tests.hall.asking import CLERK, GUIDE, desk, no, panel, told, working
from tests.hall.world import MONDAY, TUESDAY, World, clock, pack_files, qinghe

PACK = qinghe()
PRINTER = DeviceId("K2.slip_printer")
TODAY = date(2026, 11, 23)
LINES = checklist(terminals_shown(PACK), PACK.opening)
WORKS = [(task.task.device, task.task.work) for task in dues(PACK, Upkeep())]
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def record(at: float, device: str = PRINTER, work: Work = Work.INSPECTION) -> MaintenanceRecorded:
    return MaintenanceRecorded(device=DeviceId(device), work=work, finding=Finding.CLEANED, staff=GUIDE, at=at)


def inspect(device: str = PRINTER, **changes: str) -> RecordMaintenance:
    asked = {"work": "inspection", "finding": "cleaned", "note": "", **changes}
    return msgspec.convert({"kind": "RecordMaintenance", "device": device, "staff": GUIDE, **asked}, RecordMaintenance)


def sign(*lines: LineSigned) -> SignOpening:
    return SignOpening(day=MONDAY, lines=lines, staff=GUIDE)


# ---- the plan ----------------------------------------------------------------------------------------------------


@given(first=DAYS, later=DAYS, days=st.integers(1, 400))
def test_a_later_record_is_never_due_earlier_and_never_on_a_day_of_rest(first: date, later: date, days: int) -> None:
    early, late = sorted((first, later))
    one, other = due_day(PACK, early, days), due_day(PACK, late, days)
    assert one <= other
    assert one >= early + timedelta(days=days)
    assert is_open_day(PACK, one)


def test_a_due_day_in_a_holiday_moves_to_the_next_open_day() -> None:
    assert due_day(PACK, date(2026, 7, 3), 90) == date(2026, 10, 8)
    assert due_day(PACK, date(2026, 11, 13), 10) == date(2026, 11, 23)


@pytest.mark.row("FAC-10", part="rule")
def test_an_overdue_inspection_is_listed_and_a_record_clears_it_and_names_the_next_day() -> None:
    world, upkeep = working(), Upkeep()
    overdue = [one for one in due_shown(PACK, upkeep, (), world.now) if one.standing == "overdue"]
    assert [(one.device, one.work, one.due) for one in overdue] == [(PRINTER, "inspection", "2026-11-18")]
    noted = told(desk(world, inspect()), MaintenanceNoted)
    assert noted.next_due == "2027-02-22"  # 90 days on is a Sunday: the next open day
    (written,) = [event for event, _, _ in world.log if isinstance(event, MaintenanceRecorded)]
    upkeep.take(written)
    assert PRINTER not in {one.device for one in due_shown(PACK, upkeep, (), world.now)}
    later = next(one for one in dues(PACK, upkeep) if (one.task.device, one.task.work) == (PRINTER, "inspection"))
    assert later.due.isoformat() == noted.next_due


@given(work=st.sampled_from(WORKS), day=DAYS)
def test_a_record_always_clears_its_work_and_shows_when_it_is_due_again(work: tuple[DeviceId, str], day: date) -> None:
    at = clock("10:00", day.isoformat())
    upkeep = Upkeep()
    upkeep.take(record(at, work[0], Work(work[1])))
    due = next(one for one in dues(PACK, upkeep) if (one.task.device, one.task.work) == work)
    assert due.due == next_due(PACK, work[0], work[1], local_datetime(at).date())
    assert due.due > day
    assert standing_of(due.due, day) != "overdue"


@given(ats=st.lists(st.floats(1.7e9, 1.8e9), min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_records_that_come_late_and_in_any_order_leave_the_same_plan(ats: list[float], order: object) -> None:
    told_in_turn = [record(at) for at in ats] + [record(ats[0])]
    mixed = list(told_in_turn)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = Upkeep(), Upkeep()
    for one in told_in_turn:
        first.take(one)
    for one in mixed:
        second.take(one)
    assert dues(PACK, first) == dues(PACK, second)
    assert first.last[PRINTER, "inspection"].at == max(ats)


def test_a_repair_is_history_and_clears_no_inspection() -> None:
    upkeep = Upkeep()
    upkeep.take(record(clock("09:00"), work=Work.REPAIR))
    assert PRINTER in {one.device for one in due_shown(PACK, upkeep, (), clock("09:30"))}
    assert next_due(PACK, PRINTER, Work.REPAIR, TODAY) is None


@pytest.mark.parametrize(
    ("slips", "standing"), [(0, "overdue"), (40, "due"), (41, "tomorrow"), (149, "tomorrow"), (150, None)]
)
def test_paper_is_in_the_same_list_by_the_printers_own_count(slips: int, standing: str | None) -> None:
    paper = PaperLeft(device=PRINTER, slips=slips, heard_at=clock("09:00"))
    assert [one.standing for one in paper_due(PACK, Upkeep(), (paper,), TODAY)] == ([standing] if standing else [])


def test_a_new_roll_clears_the_paper_until_the_printer_is_heard_again() -> None:
    upkeep = Upkeep()
    paper = PaperLeft(device=PRINTER, slips=3, heard_at=clock("09:00"))
    upkeep.take(record(clock("09:05"), work=Work.CONSUMABLE))
    assert paper_due(PACK, upkeep, (paper,), TODAY) == ()
    heard = msgspec.structs.replace(paper, heard_at=clock("09:06"))
    assert [one.slips for one in paper_due(PACK, upkeep, (heard,), TODAY)] == [3]


def test_the_days_end_lists_paper_for_tomorrow_then_faults_then_what_is_due_by_then() -> None:
    paper = PaperLeft(device=DeviceId("D1.slip_printer"), slips=110, heard_at=clock("16:00"))
    due = due_shown(PACK, Upkeep(), (paper,), clock("16:50"))
    floor = (
        TerminalNow(
            terminal=TerminalId("K1"),
            state="up",
            devices=(
                DeviceNow("id_reader", "down", "silent", "fault", "请检查接线"),
                DeviceNow("machine", "degraded", "disk_low", "info"),
            ),
        ),
        TerminalNow(
            terminal=TerminalId("D1"), state="up", devices=(DeviceNow("slip_printer", "degraded", "paper_low", "warn"),)
        ),
        TerminalNow(terminal=TerminalId("S1"), state="down", code="silent"),
    )
    found = [(one.kind, one.device) for one in closing(due, floor, TUESDAY)]
    assert found == [
        ("paper", "D1.slip_printer"),
        ("fault", "K1.id_reader"),
        ("fault", "S1.terminal"),
        ("due", "K2.slip_printer"),
    ]


# ---- the remark --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "trouble"),
    [
        ("", None),
        ("切刀换新,试打3张正常,型号TM-T82,2026-11-20购", Trouble.PERSONAL),
        ("切刀换新,试打3张正常", None),
        ("师傅电话 138 0013 8000", Trouble.PERSONAL),
        ("卡号6222020200112233445", Trouble.PERSONAL),
        ("身份证000000196203150015", Trouble.PERSONAL),
        ("00000019570509002x来过", Trouble.PERSONAL),
        ("０１２００００００００１", Trouble.PERSONAL),
        ("打印机坏了,丢了不负责", Trouble.DISCOURTEOUS),
        ("好" * 121, Trouble.TOO_LONG),
        ("a\x00b", Trouble.UNREADABLE),
    ],
)
def test_a_remark_is_about_the_device_and_of_no_person(note: str, trouble: Trouble | None) -> None:
    assert note_trouble(note) is trouble
    reply = desk(working(), inspect(note=note))
    if trouble is None:
        told(reply, MaintenanceNoted)
    else:
        assert no(reply) is Reason.MALFORMED
        assert note not in told(reply, Refused).sentence


@given(
    number=st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), before=st.text(max_size=20), after=st.text(max_size=20)
)
def test_no_identity_number_ever_enters_the_book(number: str, before: str, after: str) -> None:
    assert note_trouble(before + number + after) is not None


# ---- who may, and what ---------------------------------------------------------------------------------------------


def test_only_a_guide_who_is_signed_in_records_and_signs() -> None:
    world = working()
    assert no(panel(world, inspect())) is Reason.NOT_ALLOWED
    other = msgspec.structs.replace(inspect(), staff=StaffId("0102"))
    assert no(desk(world, other)) is Reason.NOT_SIGNED_IN
    clerk = msgspec.structs.replace(inspect(), staff=CLERK)
    assert no(world.ask(clerk).reply) is Reason.NOT_ALLOWED  # at the console, in the name of somebody who may not
    told(world.ask(other).reply, MaintenanceNoted)


@pytest.mark.parametrize("changes", [{"device": "K9.printer"}, {"work": "dance"}, {"finding": "lovely"}])
def test_what_is_not_in_the_hall_is_not_recorded(changes: dict[str, str]) -> None:
    device = changes.pop("device", str(PRINTER))
    assert no(desk(working(), inspect(device, **changes))) is Reason.MALFORMED


# ---- the opening ---------------------------------------------------------------------------------------------------


def test_the_checklist_has_displays_terminals_printers_paper_and_what_must_be_looked_at() -> None:
    assert [line.id for line in LINES] == [
        "S1.terminal",
        "K1.terminal",
        "K2.terminal",
        "K1.slip_printer",
        "K2.slip_printer",
        "D1.slip_printer",
        "look.notice",
        "look.leaflets",
    ]


def test_lines_are_prefilled_from_health_and_self_tests_and_silence_is_never_fine() -> None:
    floor = (
        TerminalNow(
            terminal=TerminalId("K1"),
            state="up",
            devices=(
                DeviceNow("id_reader", "up"),
                DeviceNow("slip_printer", "degraded", "paper_low", "warn", "请备纸"),
            ),
        ),
        TerminalNow(terminal=TerminalId("K2"), state="up", devices=(DeviceNow("slip_printer", "unobserved"),)),
        TerminalNow(terminal=TerminalId("S1"), state="down", code="silent"),
    )
    tests = (
        SelfTestShown(terminal=TerminalId("K2"), at=1.0, tested=2, failed=(FailedShown("card_reader", "absent"),)),
    )
    now = {one.line.id: one for one in prefilled(LINES, floor, tests)}
    assert {line: one.state.value for line, one in now.items()} == {
        "S1.terminal": "fault",
        "K1.terminal": "fine",
        "K2.terminal": "fault",
        "K1.slip_printer": "fault",
        "K2.slip_printer": "open",
        "D1.slip_printer": "open",
        "look.notice": "open",
        "look.leaflets": "open",
    }
    assert (now["K1.slip_printer"].code, now["K1.slip_printer"].action) == ("paper_low", "请备纸")
    assert now["K1.slip_printer"].warn
    assert now["K2.terminal"].code == "absent"


@pytest.mark.row("FAC-12", part="rule")
def test_what_the_guide_has_not_signed_is_missing_until_it_is() -> None:
    world = World().open()
    world.now = clock("08:40")
    world.sign_in_all()

    def left() -> list[str]:
        now = with_signed(prefilled(LINES, (), ()), day_upkeep.shown(world.state).signed)
        return [one.line.id for one in missing(now)]

    assert left() == [line.id for line in LINES]
    some = [LineSigned(line.id, "fine") for line in LINES[:-2]]
    told(desk(world, sign(*some, LineSigned("look.notice", "fault", "screen_dark"))), Done)
    assert left() == ["look.leaflets"]
    told(desk(world, sign(LineSigned("look.leaflets", "fine"))), Done)
    assert left() == []
    before = len(world.log)
    told(desk(world, sign(LineSigned("look.leaflets", "fine"))), Done)
    assert len(world.log) == before, "signing again what is signed writes nothing"
    assert day_upkeep.shown(world.state).staff == GUIDE


def test_tomorrow_begins_with_an_unsigned_checklist_and_yesterdays_signature_moves_nothing() -> None:
    world = working()
    told(desk(world, sign(LineSigned("look.notice", "fine"))), Done)
    (event,) = [one for one, _, _ in world.log if isinstance(one, OpeningChecklistSigned)]
    world.now = clock("08:30", TUESDAY)
    world.open(TUESDAY)
    assert day_upkeep.shown(world.state).signed == ()
    world.happen(event)
    assert day_upkeep.shown(world.state).signed == ()


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (LineSigned("look.nothing", "fine"),),
        (LineSigned("look.notice", "open"),),
        (LineSigned("look.notice", "fine"), LineSigned("look.notice", "fault")),
        (LineSigned("look.notice", "fine", "x" * 41),),
    ],
)
def test_only_lines_of_the_hall_are_signed_each_once_and_looked_at(lines: tuple[LineSigned, ...]) -> None:
    assert no(desk(working(), sign(*lines))) is Reason.MALFORMED


def test_another_days_checklist_is_not_signed() -> None:
    asked = msgspec.structs.replace(sign(LineSigned("look.notice", "fine")), day=TUESDAY)
    assert no(desk(working(), asked)) is Reason.DAY_NOT_OPEN


def test_a_terminals_own_claim_of_a_signature_moves_nothing() -> None:
    world = working()
    claim = OpeningChecklistSigned(day=MONDAY, lines=(LineSigned("look.notice", "fine"),), staff=GUIDE, at=world.now)
    assert world.happen(claim, "D1")
    assert day_upkeep.shown(world.state).signed == ()


# ---- pack and wire -------------------------------------------------------------------------------------------------


def damaged(old: str, new: str) -> HallError:
    files = pack_files()
    assert old in files["devices.toml"]
    files["devices.toml"] = files["devices.toml"].replace(old, new, 1)
    with pytest.raises(HallError) as met:
        parse(files)
    return met.value


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('days = 90\nwhat = "清洁打印头', 'days = 0\nwhat = "清洁打印头', "devices.toml:maintenance[0].days"),
        ('since = "2026-09-07"', 'since = "2026-09-31"', "devices.toml:upkeep.since"),
        ('since = "2026-09-07"', "", "devices.toml:maintenance"),
        ("slips_a_day = 150", "slips_a_day = 0", "devices.toml:upkeep.slips_a_day"),
        ('kind = "sheet_printer"\ndays', 'kind = "slip_printer"\ndays', "devices.toml:maintenance[1].kind"),
        ('code = "leaflets"', 'code = "notice"', "devices.toml:opening[0].code"),
        ('code = "leaflets"', 'code = "no spaces"', "devices.toml:opening[1].code"),
        ('in_service = "2026-08-20"', 'in_service = "summer"', "devices.toml:devices[5].in_service"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused_by_file_and_line(old: str, new: str, where: str) -> None:
    error = damaged(old, new)
    assert error.where == where
    assert error.sentence.startswith("line ")


def test_a_pack_without_a_plan_has_nothing_due_and_still_a_checklist() -> None:
    files = pack_files()
    head, _, _ = files["devices.toml"].partition("\n# Upkeep")
    files["devices.toml"] = head.replace("maintenance_days", "# maintenance_days").replace("in_service", "# in_service")
    pack: HallPack = parse(files)
    assert dues(pack, Upkeep()) == ()
    assert [line.code for line in shown(pack, bytes(32)).opening] == ["notice", "leaflets"]


def test_commands_and_facts_travel_whole() -> None:
    for command in (inspect(note="已试打"), sign(LineSigned("look.notice", LineState.FAULT, "dark"))):
        ask = Ask(request="r1", after_epoch=1, after_seq=0, wait_s=6.0, command=command)  # type: ignore[arg-type]
        assert decode(Ask, encode(ask), "test") == ask
