"""The guide desk with numbers that are out, as its tests and pictures show them."""

from dataclasses import replace

import msgspec

from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import AreaId, ItemCode, Series, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.wire.board import WaitingShown
from hall.wire.devices_shown import DeviceNow, FailedShown, SelfTestShown, TerminalNow
from hall.wire.shown import AsideShown, StaffingShown
from kiosk.flows.desk_steps import DeskDevices, DeskNumber, DeskPicking, DeskTyping
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskReady, Paper
from kiosk.ports import Fault
from tests.ui.samples import DESK, NOW, Shot, board, frame, issued, leased

WHO = (StaffId("0101"), "何苗")
ASIDE = tuple(
    AsideShown(label=TicketLabel(label), state=state, at=NOW - minutes * 60, until=until)  # type: ignore[arg-type]
    for label, state, minutes, until in (
        ("A007", "held", 41, 0.0),
        ("C009", "missed", 22, 0.0),
        ("B12-K3", "missed", 12, 0.0),
        ("C011", "away", 6, NOW + 540),
        ("Y001", "missed", 2, 0.0),
    )
)
WAITING = tuple(
    WaitingShown(
        ticket=TicketId(f"{number:032d}"),
        label=TicketLabel(f"C{number:03d}"),
        item=ItemCode("SI-301"),
        numbers=Series("C"),
        work=Series("C"),
        priority=False,
        since=NOW - 60 * (40 - number),
    )
    for number in range(10, 20)
)
STAFFING = (
    StaffingShown(
        kind="cap",
        work=Series("C"),
        zh="C队列预计最长等候52分钟,请在10:40前增开2个窗口(如9、11号);仍将超过上限,请同时引导分流。",
        en="Queue C will wait up to 52 min: open 2 windows by 10:40.",
    ),
    StaffingShown(
        kind="balance",
        work=Series("A"),
        window=WindowId("11"),
        zh="A队列有6人等候,最久9分钟;11号窗口可办此项,现在空闲,建议引导前往。",
        en="6 people wait in queue A, the longest 9 min; window 11 serves it and is free.",
    ),
    StaffingShown(
        kind="capacity",
        work=Series("H"),
        zh="H队列今日号码已发出420个,共600个,余180个,请留意取号量,并提前准备增补号段。",
        en="Queue H has given out 420 of 600 numbers; 180 are left: watch the demand and prepare a further range.",
    ),
)
FULL = msgspec.structs.replace(board(), aside=ASIDE, waiting_tickets=WAITING, staffing=STAFFING)
WAITING_MOVES = (DeskMove.STEP_AWAY, DeskMove.SWAP, DeskMove.ADD, DeskMove.GRANT, DeskMove.CANCEL)


def shown(state: str, *moves: DeskMove, label: str = "C013", away_until: float = 0.0, more: int = 0) -> TicketShown:
    facts = issued(label, priority=label.startswith("Y"))
    facts = msgspec.structs.replace(facts, more_items=tuple(ItemCode(f"SI-30{n + 2}") for n in range(more)))
    return TicketShown(
        issued=facts,
        windows=(WindowId("7"), WindowId("8"), WindowId("14")),
        area=AreaId("Q4"),
        state=state,
        window=WindowId("7") if state in ("missed", "called", "serving", "held") else None,
        away_until=away_until,
        away_max_min=30.0,
        moves=moves,
    )


FLOOR = (
    TerminalNow(
        terminal=TerminalId("K1"),
        state="up",
        devices=(
            DeviceNow("slip_printer", "degraded", "paper_low", "warn", "打印纸即将用完，请准备新的打印纸"),
            DeviceNow("id_reader", "up"),
            DeviceNow("card_reader", "up"),
            DeviceNow("machine", "up"),
        ),
    ),
    TerminalNow(
        terminal=TerminalId("K2"),
        state="up",
        devices=(
            DeviceNow("slip_printer", "down", "no_paper", "fault", "请装入新的打印纸，装好后会自动继续打印"),
            DeviceNow("card_reader", "down", "absent", "fault", "请检查设备是否接好、终端设置里是否写明"),
            DeviceNow("id_reader", "up"),
            DeviceNow("machine", "up"),
            DeviceNow("ups", "degraded", "on_battery", "warn", "市电已断，正在使用后备电池，请检查供电"),
        ),
    ),
    TerminalNow(terminal=TerminalId("D1"), state="up", devices=(DeviceNow("slip_printer", "up"),)),
    TerminalNow(terminal=TerminalId("W07"), state="up"),
    TerminalNow(terminal=TerminalId("W14"), state="degraded", code="unsent", devices=(DeviceNow("keypad", "up"),)),
    TerminalNow(terminal=TerminalId("R14"), state="unobserved"),
    TerminalNow(
        terminal=TerminalId("S1"),
        state="down",
        code="silent",
        devices=(DeviceNow("led_bars", "unobserved"), DeviceNow("speaker", "unobserved")),
    ),
)
TESTS = (
    SelfTestShown(terminal=TerminalId("D1"), at=NOW - 2700, tested=2),
    SelfTestShown(terminal=TerminalId("K1"), at=NOW - 2700, tested=4),
    SelfTestShown(
        terminal=TerminalId("K2"),
        at=NOW - 120,
        tested=5,
        failed=(FailedShown("slip_printer", "no_paper"), FailedShown("card_reader", "absent")),
    ),
    SelfTestShown(terminal=TerminalId("S1"), at=NOW - 2700, tested=3, waiting=True),
    SelfTestShown(terminal=TerminalId("W07"), at=NOW - 2700, tested=1),
    SelfTestShown(terminal=TerminalId("W14"), at=NOW - 2700, tested=1),
)


def devices_shots() -> list[Shot]:
    """The devices page of a hall where much is wrong, cut off, and of one that has told nothing yet."""
    tested = msgspec.structs.replace(FULL, self_tests=TESTS)
    at = frame("D1", "guide_desk", board=tested, floor=FLOOR)
    away = replace(at, server_away=True)
    step = DeskDevices(*WHO)
    told = [
        ("desk_tested", at, DeskReady(*WHO)),
        ("desk_devices", at, step),
        ("desk_devices_unknown", frame("D1", "guide_desk", board=board()), step),
        ("desk_devices_asking", at, replace(step, asking=TerminalId("K1"), queued=(TerminalId("W14"),))),
        (
            "desk_devices_refused",
            at,
            replace(step, refused=(TerminalId("K1"),), problem=Reason.ILLEGAL_MOVE),
        ),
        ("desk_devices_away", away, replace(step, problem=Reason.SERVER_AWAY, refused=(TerminalId("K1"),))),
        ("desk_devices_one", at, replace(step, chosen=TerminalId("K2"))),
        ("desk_devices_one_fine", at, replace(step, chosen=TerminalId("D1"))),
        ("desk_devices_one_silent", at, replace(step, chosen=TerminalId("S1"))),
    ]
    return [(name, DESK, around, step) for name, around, step in told]


def number_shots() -> list[Shot]:
    at = frame("D1", "guide_desk", board=FULL)
    away = replace(at, server_away=True)
    quiet = frame("D1", "guide_desk", board=board())
    waiting = DeskNumber(*WHO, shown("waiting", *WAITING_MOVES, more=1))
    missed = DeskNumber(*WHO, shown("missed", DeskMove.RETURN, DeskMove.ADD, DeskMove.GRANT, DeskMove.CANCEL))
    absent = shown(
        "waiting", DeskMove.COME_BACK, DeskMove.SWAP, DeskMove.ADD, DeskMove.CANCEL, label="Y003", away_until=NOW + 540
    )
    basket = (ItemCode("SI-301"), ItemCode("SI-302"))
    gathering = DeskReady(*WHO, group="pension", several=True, basket=basket)
    paper = replace(waiting, done=DeskMove.SWAP, paper=Paper.OUT)
    told = [
        ("desk_full", at, DeskReady(*WHO, asked=(TerminalId("K2"),))),
        ("desk_several", at, gathering),
        ("desk_several_none", at, DeskReady(*WHO, several=True)),
        ("desk_appointment", at, DeskReady(*WHO, timing=True)),
        ("desk_appointment_set", at, DeskReady(*WHO, appointment_at=NOW - NOW % 1800, priority=True)),
        ("desk_test_refused", at, DeskReady(*WHO, problem=Reason.ILLEGAL_MOVE)),
        ("desk_find", at, DeskTyping(*WHO)),
        ("desk_find_none", quiet, DeskTyping(*WHO)),
        ("desk_find_typed", at, DeskTyping(*WHO, typed="C1")),
        ("desk_find_reading", at, DeskTyping(*WHO, typed="C13", asked=TicketLabel("C013"))),
        ("desk_find_unknown", at, DeskTyping(*WHO, typed="C99", problem=Reason.UNKNOWN_TICKET)),
        ("desk_find_away", away, DeskTyping(*WHO, problem=Reason.SERVER_AWAY)),
        ("desk_number_waiting", at, waiting),
        ("desk_number_missed", at, missed),
        ("desk_number_missed_twice", at, DeskNumber(*WHO, shown("missed", DeskMove.ADD, DeskMove.CANCEL))),
        ("desk_number_away", at, DeskNumber(*WHO, absent)),
        ("desk_number_serving", at, DeskNumber(*WHO, shown("serving", DeskMove.ADD, DeskMove.GRANT))),
        ("desk_number_ended", at, DeskNumber(*WHO, shown("cancelled"), done=DeskMove.CANCEL)),
        ("desk_number_done", at, DeskNumber(*WHO, shown("done"))),
        ("desk_number_asking", at, replace(missed, asking=DeskMove.RETURN)),
        ("desk_number_returned", at, replace(waiting, done=DeskMove.RETURN)),
        ("desk_number_refused", at, replace(waiting, problem=Reason.ILLEGAL_MOVE)),
        ("desk_number_server_away", away, replace(missed, problem=Reason.SERVER_AWAY)),
        ("desk_number_swapped", at, paper),
        ("desk_number_copy_failed", at, replace(waiting, paper=Paper.FAILED, fault=Fault.NO_PAPER)),
        ("desk_number_minutes", at, replace(waiting, question=DeskMove.STEP_AWAY)),
        ("desk_number_really", at, replace(waiting, question=DeskMove.CANCEL)),
        ("desk_pick_swap", at, DeskPicking(*WHO, waiting.shown, DeskMove.SWAP)),
        ("desk_pick_add", at, DeskPicking(*WHO, waiting.shown, DeskMove.ADD, "pension")),
        ("desk_grant_number", at, DeskGranting(*WHO, ItemCode("SI-301"), "elderly", number=waiting.shown)),
        (
            "desk_issued_several",
            at,
            DeskIssued(*WHO, msgspec.structs.replace(issued(), more_items=basket), leased(), Paper.OUT),
        ),
    ]
    return [(name, DESK, around, step) for name, around, step in told]
