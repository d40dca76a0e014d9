"""The sample hall, its people and every step, as the screens' tests and pictures show them."""

from pathlib import Path

from hall.commands import Called, Leased
from hall.errors import Reason
from hall.events import Quote, TicketIssued
from hall.ids import (
    AreaId,
    BusinessDay,
    DeviceId,
    ItemCode,
    Serial,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.pack.hall_pack import parse, shown
from hall.services.noticing import with_notices
from hall.services.opening_checklist import checklist
from hall.statements.sheets import ContributionLine, Statement
from hall.upkeep import LineSigned
from hall.wire.board import Board, HelpShown, QueueShown, WindowShown
from hall.wire.health_reports import Alert, DeviceReport
from hall.wire.pack_shown import PackShown
from hall.wire.upkeep_shown import OpeningShown
from kiosk.flows import steps
from kiosk.flows.words import CardKind, Step
from kiosk.ports import CardProblem, Fault
from kiosk.session import Frame, View
from kiosk.settings import Surface

PACK_FOLDER = Path(__file__).parents[2] / "deploy" / "packs" / "qinghe"
NOW = 1_795_483_800.0

SELF_SERVICE = Surface(width_px=1080, height_px=1920, width_mm=344)
DESK = Surface(width_px=1920, height_px=1080, width_mm=527)
PANEL = Surface(width_px=1280, height_px=800, width_mm=261)
RATING = Surface(width_px=1024, height_px=600, width_mm=223)
RATING_TALL = Surface(width_px=800, height_px=1280, width_mm=136)
WALL = Surface(width_px=1920, height_px=1080, width_mm=1210)


def pack() -> PackShown:
    files = {path.name: path.read_text(encoding="utf-8") for path in PACK_FOLDER.glob("*.toml")}
    whole = parse(files)
    return with_notices(whole, shown(whole, bytes(32)))


PACK = pack()
WAITING = (("A", 6, 540.0), ("B", 3, 420.0), ("C", 9, 2160.0), ("D", 2, 300.0), ("E", 1, 60.0), ("F", 4, 780.0))


def board(*, waiting: int = 27, taking: bool = True, helping: bool = True) -> Board:
    queues = [QueueShown(series=s, waiting=n, longest_wait_s=w, next_labels=()) for s, n, w in WAITING]
    queues[2] = QueueShown(
        series="C", waiting=9, longest_wait_s=2160.0, next_labels=(TicketLabel("C014"), TicketLabel("C015"))
    )
    queues += [
        QueueShown(series="G", waiting=0, longest_wait_s=0.0),
        QueueShown(series="H", waiting=1, longest_wait_s=120.0),
        QueueShown(series="Y", waiting=1, longest_wait_s=240.0, next_labels=(TicketLabel("Y003"),)),
    ]
    helps = (
        HelpShown(terminal=TerminalId("K2"), step="EnteringPin", at=NOW - 130),
        HelpShown(terminal=TerminalId("K1"), step="Home", at=NOW - 20),
    )
    return Board(
        ledger_epoch=1,
        version=7,
        at=NOW,
        day=BusinessDay("2026-11-23"),
        next_day=BusinessDay("2026-11-24"),
        taking_tickets=taking,
        waiting=waiting,
        typical_wait_min=12,
        queues=tuple(queues),
        windows=(
            WindowShown(window=WindowId("14"), state="serving", label=TicketLabel("Y002"), staff=StaffId("0310")),
        ),
        calls=(),
        help=helps if helping else (),
        opening=OpeningShown(
            day=BusinessDay("2026-11-23"),
            signed=tuple(LineSigned(one.id, "fine") for one in checklist(PACK.terminals, PACK.opening)),
            staff=StaffId("0101"),
            at=NOW - 2400,
        ),
    )


ALERTS = (
    Alert(
        terminal=TerminalId("K2"),
        device=DeviceId("K2.slip_printer"),
        code="no_paper",
        severity="fault",
        state="down",
        since=NOW - 60,
        action="请给2号自助机装纸,合好上盖。",
    ),
    Alert(
        terminal=TerminalId("W14"),
        device=DeviceId("W14.led_bars"),
        code="silent",
        severity="warn",
        state="degraded",
        since=NOW - 600,
        action="请检查14号窗口屏的电源和网线。",
    ),
)
PRINTER_DOWN = DeviceReport(
    device=DeviceId("K1.slip_printer"),
    kind="slip_printer",
    state="down",
    code="no_paper",
    severity="fault",
    may_serve=False,
)


def frame(terminal: str, role: str, *, window: str = "", view: View | None = None, **changes: object) -> Frame:
    known: dict[str, object] = {
        "pack": PACK,
        "board": board(helping=role != "self_service"),
        "alerts": ALERTS if role == "guide_desk" else (),
        "hall_time": NOW,
    }
    known.update(changes)
    return Frame(
        terminal=TerminalId(terminal),
        role=role,
        window=WindowId(window) if window else None,
        view=view or View(),
        **known,  # type: ignore[arg-type]
    )


def issued(
    label: str = "C013", item: str = "SI-301", *, priority: bool = False, approximate: bool = False
) -> TicketIssued:
    return TicketIssued(
        ticket=TicketId("t" * 32),
        day=BusinessDay("2026-11-23"),
        series=Series(label[0]),
        number=int(label[1:]),
        label=TicketLabel(label),
        item=ItemCode(item),
        priority=priority,
        issued_at=NOW,
        quote=Quote(people_ahead=5, low_min=8, high_min=16, approximate=approximate),
    )


def leased(label: str = "C013") -> Leased:
    return Leased(
        ticket=TicketId("t" * 32),
        day=BusinessDay("2026-11-23"),
        series=Series(label[0]),
        number=int(label[1:]),
        label=TicketLabel(label),
        windows=(WindowId("7"), WindowId("8"), WindowId("14")),
        area=AreaId("Q4"),
        quote=Quote(people_ahead=5, low_min=8, high_min=16),
    )


def statement() -> Statement:
    lines = tuple(
        ContributionLine(
            month=f"2025-{month:02d}",
            insurance="企业职工基本养老保险",
            unit="青禾样例有限公司",
            base_fen=650_000 if month < 7 else 700_000,
            unit_fen=104_000 if month < 7 else 112_000,
            person_fen=52_000 if month < 7 else 56_000,
            credited_month=f"2025-{month:02d}",
            state="正常" if month != 4 else "补缴",
        )
        for month in range(1, 13)
    )
    return Statement(
        form="contributions",
        title="缴费明细",
        agency="青禾市社会保险事业服务中心(样例)",
        sample=True,
        name="阿依古丽·麦麦提",
        number="000000199106060089",
        social_number="000000199106060089",
        period="2025年1月至2025年12月",
        as_of="2026-11-20",
        lines=lines,
        total_unit_fen=1_296_000,
        total_person_fen=648_000,
        months_paid=12,
        serial=Serial("QH-20261123-K2-000123"),
        check_code="7F3K9Q2M",
        verify_until="2026-12-23",
        terminal=TerminalId("K2"),
        supervision="12345",
        notes=(),
    )


def called(*, priority: bool = False) -> Called:
    return Called(
        ticket=TicketId("t" * 32),
        label=TicketLabel("Y003" if priority else "C013"),
        item=ItemCode("SI-301"),
        priority=priority,
        call_seq=12,
        waited_s=840.0,
        why_zh="优先号Y003已等候14分钟,积分最高(28.0);C队首位C014积分16.5,A队首位A021积分9.0。",
        why_en="Priority Y003 has waited 14 min and has the greatest credit (28.0); C014 has 16.5, A021 has 9.0.",
    )


Shot = tuple[str, Surface, Frame, Step]
"""Name, surface, frame and step of one picture."""


def self_service_shots() -> list[Shot]:
    at = frame("K1", "self_service")
    away = frame("K1", "self_service", server_away=True)
    no_paper = frame("K1", "self_service", devices=(PRINTER_DOWN,))
    closed = frame("K1", "self_service", board=board(taking=False, waiting=0, helping=False))
    fresh = frame("K1", "self_service", pack=None, board=None)
    record, holder = statement(), ("李和", "000000198907220025")
    ticket = steps.ShowingTicket
    told: list[tuple[str, Frame, Step]] = [
        ("not_ready", fresh, steps.NotReady("self_service")),
        ("home", at, steps.Home()),
        ("home_printer_fault", no_paper, steps.Home()),
        ("home_away", away, steps.Home()),
        ("home_closed", closed, steps.Home()),
        ("group", at, steps.ChoosingGroup()),
        ("item", at, steps.ChoosingItem("pension")),
        ("issuing", at, steps.Issuing(ItemCode("SI-301"))),
        ("ticket_printing", at, ticket(issued(), leased(), steps.Paper.PRINTING)),
        ("ticket_out", at, ticket(issued(), leased(), steps.Paper.OUT)),
        ("ticket_waiting", at, ticket(issued(), leased(), steps.Paper.WAITING, Fault.NO_PAPER)),
        ("ticket_failed", at, ticket(issued(), leased(), steps.Paper.FAILED, Fault.DISCONNECTED)),
        ("ticket_unsure", at, ticket(issued(), leased(), steps.Paper.UNSURE, Fault.CUTTER)),
        ("ticket_reserve", away, ticket(issued("C901", approximate=True), None, steps.Paper.OUT)),
        ("ticket_priority", at, ticket(issued("Y003", priority=True), leased("Y003"), steps.Paper.OUT)),
        ("form", at, steps.ChoosingForm()),
        ("form_card", at, steps.ChoosingForm(CardKind.ID)),
        ("notice", at, steps.Notice("contributions")),
        ("waiting_card", at, steps.WaitingForCard("contributions")),
        ("reading", at, steps.ReadingCard("contributions", CardKind.ID)),
        ("pin", at, steps.EnteringPin("contributions", *holder, pin="123")),
        ("pin_wrong", at, steps.EnteringPin("contributions", *holder, tries_left=2)),
        ("checking_pin", at, steps.CheckingPin("contributions", *holder)),
        ("fetching", at, steps.Fetching("contributions", CardKind.SOCIAL)),
        ("statement", at, steps.ShowingStatement(record, CardKind.ID)),
        ("statement_unmasked", at, steps.ShowingStatement(record, CardKind.ID, page=1, unmasked=True)),
        ("statement_out", at, steps.ShowingStatement(record, CardKind.ID, paper=steps.Paper.OUT)),
        (
            "statement_failed",
            at,
            steps.ShowingStatement(record, CardKind.SOCIAL, paper=steps.Paper.FAILED, fault=Fault.NO_PAPER),
        ),
        (
            "statement_waiting",
            at,
            steps.ShowingStatement(record, CardKind.ID, paper=steps.Paper.WAITING, fault=Fault.COVER_OPEN),
        ),
        ("still_there", at, steps.StillThere(steps.ShowingStatement(record, CardKind.ID))),
        ("apology_source", at, steps.Apology(Reason.SOURCE_AWAY)),
        ("apology_away", away, steps.Apology(Reason.SERVER_AWAY)),
        ("apology_internal", at, steps.Apology(Reason.INTERNAL, ItemCode("SI-301"))),
        ("farewell", at, steps.Farewell()),
        ("farewell_card", at, steps.Farewell(CardKind.ID)),
    ]
    told += [(f"item_{group.code}", at, steps.ChoosingItem(group.code)) for group in PACK.groups]
    told += [
        (f"trouble_{problem.value}", at, steps.CardTrouble("contributions", CardKind.SOCIAL, problem))
        for problem in CardProblem
    ]
    return [(name, SELF_SERVICE, shown_in, step) for name, shown_in, step in told] + _more_self_service(at, away)


def _more_self_service(at: Frame, away: Frame) -> list[Shot]:
    from tests.ui.by_card_samples import by_card_shots  # noqa: PLC0415 - it is made of these samples

    return [(name, SELF_SERVICE, shown_in, step) for name, shown_in, step in by_card_shots(at, away)]


def desk_shots() -> list[Shot]:
    at = frame("D1", "guide_desk")
    away = frame("D1", "guide_desk", server_away=True, alerts=(), board=board(helping=False))
    staff = (StaffId("0101"), "何苗")
    item = ItemCode("SI-301")
    return [
        ("desk_not_ready", DESK, frame("D1", "guide_desk", pack=None, board=None), steps.NotReady("guide_desk")),
        ("desk_sign_in", DESK, at, steps.SigningIn("guide_desk", staff="01")),
        ("desk_sign_in_pin", DESK, at, steps.SigningIn("guide_desk", staff="0101", pin="123", entering_pin=True)),
        (
            "desk_sign_in_wrong",
            DESK,
            at,
            steps.SigningIn("guide_desk", problem=Reason.WRONG_PIN, tries_left=3),
        ),
        ("desk_sign_in_asking", DESK, at, steps.SigningIn("guide_desk", staff="0101", entering_pin=True, asking=True)),
        ("desk_ready", DESK, at, steps.DeskReady(*staff)),
        ("desk_ready_away", DESK, away, steps.DeskReady(*staff)),
        ("desk_items", DESK, at, steps.DeskReady(*staff, group="pension", priority=True, problem=Reason.SERVER_AWAY)),
        *[(f"desk_items_{group.code}", DESK, at, steps.DeskReady(*staff, group=group.code)) for group in PACK.groups],
        ("desk_granting", DESK, at, steps.DeskGranting(*staff, item)),
        ("desk_granting_done", DESK, at, steps.DeskGranting(*staff, item, "pregnant", "sight")),
        ("desk_issuing", DESK, at, steps.DeskIssuing(*staff, item, priority=True)),
        (
            "desk_issued",
            DESK,
            at,
            steps.DeskIssued(*staff, issued("Y003", priority=True), leased("Y003"), steps.Paper.OUT),
        ),
        (
            "desk_issued_failed",
            DESK,
            at,
            steps.DeskIssued(*staff, issued(), leased(), steps.Paper.FAILED, Fault.COVER_OPEN),
        ),
    ]


def panel_shots() -> list[Shot]:
    at = frame("W14", "window_panel", window="14")
    seven = frame("W07", "window_panel", window="7")
    away = frame("W14", "window_panel", window="14", server_away=True)
    staff = (StaffId("0310"), "苏木")
    ready = steps.PanelReady(*staff)
    calling = steps.PanelCalling(*staff, called(priority=True))
    serving = steps.PanelServing(*staff, called(), ServiceId("s/1"))
    return [
        ("panel_sign_in", PANEL, at, steps.SigningIn("window_panel", staff="0310", pin="1234", entering_pin=True)),
        ("panel_ready", PANEL, seven, ready),
        ("panel_ready_away", PANEL, away, ready),
        ("panel_nobody", PANEL, at, steps.PanelReady(*staff, problem=Reason.NOBODY_WAITING)),
        ("panel_asking", PANEL, at, steps.PanelAsking(*staff, "call", ready)),
        ("panel_calling", PANEL, at, calling),
        ("panel_calling_why", PANEL, at, steps.PanelCalling(*staff, called(priority=True), why=True)),
        ("panel_serving", PANEL, seven, serving),
        (
            "panel_serving_problem",
            PANEL,
            seven,
            steps.PanelServing(*staff, called(), ServiceId("s/1"), problem=Reason.TOO_LATE),
        ),
        ("panel_finishing", PANEL, seven, steps.PanelAsking(*staff, "finish_and_call", serving)),
    ]


def rating_shots() -> list[Shot]:
    at = frame("R14", "rating_screen", window="14")
    service, window = ServiceId("s/1"), WindowId("14")
    shots: list[Shot] = []
    for suffix, surface in (("", RATING), ("_tall", RATING_TALL)):
        shots += [
            (f"rating_idle{suffix}", surface, at, steps.RatingIdle(window)),
            (f"rating_asking{suffix}", surface, at, steps.AskingRating(window, service)),
            (f"rating_thanks{suffix}", surface, at, steps.RatingThanks(window, service, 5)),
        ]
    return [*shots, ("rating_declined", RATING, at, steps.RatingThanks(window, service, None))]
