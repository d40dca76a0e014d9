"""Sample words for walks through the flows."""

from hall.commands import Called, Leased, SignedIn
from hall.events import Quote, TicketIssued
from hall.ids import (
    AreaId,
    BusinessDay,
    ItemCode,
    Serial,
    Series,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.statements.sheets import ContributionLine, Statement
from hall.wire.board import Board, CallShown, WindowShown
from hall.wire.pack_shown import GroupShown, ItemShown, PackShown, Reserve, WindowPlan

DAY = BusinessDay("2026-11-23")
QUOTE = Quote(people_ahead=5, low_min=8, high_min=15)


def issued(label: str = "C012", *, priority: bool = False, reserve: bool = False) -> TicketIssued:
    return TicketIssued(
        ticket=TicketId("0193aa"),
        day=DAY,
        series=Series(label[0]),
        number=int(label[1:]),
        label=TicketLabel(label),
        item=ItemCode("SI-301"),
        priority=priority,
        issued_at=1_795_397_400.0,
        reserve=reserve,
        quote=QUOTE if not reserve else Quote(people_ahead=5, low_min=8, high_min=15, approximate=True),
    )


def leased(label: str = "C012") -> Leased:
    return Leased(
        ticket=TicketId("0193aa"),
        day=DAY,
        series=Series(label[0]),
        number=int(label[1:]),
        label=TicketLabel(label),
        windows=(WindowId("7"), WindowId("8")),
        area=AreaId("Q3"),
        quote=QUOTE,
    )


def line(month: str, person_fen: int = 52_000, unit_fen: int = 104_000) -> ContributionLine:
    return ContributionLine(
        month=month,
        insurance="企业职工基本养老保险",
        unit="青禾市样例纺织有限公司",
        base_fen=650_000,
        unit_fen=unit_fen,
        person_fen=person_fen,
        credited_month=month,
        state="正常",
    )


def statement(months: int = 12) -> Statement:
    lines = tuple(line(f"{2025 + index // 12}-{index % 12 + 1:02d}") for index in range(months))
    return Statement(
        form="contributions",
        title="缴费明细",
        agency="青禾市社会保险服务大厅(样例)",
        sample=True,
        name="李和",
        number="000000198907220025",
        social_number="000000198907220025",
        period="2025年1月至2025年12月",
        as_of="2026-11-20",
        lines=lines,
        total_unit_fen=sum(each.unit_fen for each in lines),
        total_person_fen=sum(each.person_fen for each in lines),
        months_paid=months,
        serial=Serial("QH-20261123-K1-000001"),
        check_code="7F3K9QAZ",
        verify_until="2026-12-23",
        terminal=TerminalId("K1"),
        supervision="12345",
        notes=("对记录有疑问的，请携带有效身份证件到参保地经办机构咨询。",),
    )


def called(label: str = "Y001") -> Called:
    return Called(
        ticket=TicketId("0193ab"),
        label=TicketLabel(label),
        item=ItemCode("SI-301"),
        priority=label.startswith("Y"),
        call_seq=1,
        waited_s=61.0,
        why_zh="该号等候时间最长。",
        why_en="This number has waited longest.",
    )


CLERK = SignedIn(staff=StaffId("0310"), name="样例员工", roles=("clerk",))


def call(seq: int, label: str, window: str = "14", at: float = 1_000.0, *, recalled: bool = False) -> CallShown:
    return CallShown(
        call_seq=seq,
        label=TicketLabel(label),
        window=WindowId(window),
        priority=label.startswith("Y"),
        recalled=recalled,
        at=at,
    )


def board(*calls: CallShown, windows: tuple[WindowShown, ...] = (), at: float = 1_000.0, version: int = 1) -> Board:
    return Board(
        ledger_epoch=1,
        version=version,
        at=at,
        day=DAY,
        next_day=BusinessDay("2026-11-24"),
        taking_tickets=True,
        waiting=3,
        typical_wait_min=9,
        queues=(),
        windows=windows,
        calls=calls,
    )


def pack() -> PackShown:
    return PackShown(
        version="abc",
        hall="qinghe",  # type: ignore[arg-type]
        title="青禾市社会保险服务大厅(样例)",
        title_en="Qinghe Social Insurance Service Hall (sample)",
        sample=True,
        hotline="12333",
        supervision="12345",
        duty_lead="林静(样例)",
        hours="周一至周五 09:00–12:00, 13:30–17:00",
        missed_rule="过号请到导引台，当日可恢复一次。",
        missed_rule_en="If you miss your call, please come to the guide desk.",
        groups=(GroupShown(code="pension", title="养老待遇", title_en="Pension", icon="account-cash"),),
        items=(
            ItemShown(
                code="SI-301",
                title="职工基本养老金申领",
                title_en="Claim of basic pension",
                group="pension",
                series="C",
                windows=(WindowId("7"), WindowId("8")),
                area=AreaId("Q3"),
                materials=("有效身份证件或社会保障卡", "职工档案", "申领表"),
            ),
        ),
        windows=(WindowPlan(window=WindowId("7"), title="养老待遇", area=AreaId("Q5"), bar_address=7),),
        areas={"Q3": "东侧等候休息区", "Q5": "经办窗口区"},
        reserves=(Reserve(terminal=TerminalId("K1"), first=700, last=799),),
        statement_forms={"contributions": "缴费明细"},
        statement_year=2025,
        staff_names={"0310": "样例员工"},
        server_key=bytes(32),
    )
