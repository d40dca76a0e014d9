"""The performer, with hands that remember: what is sealed, what is journalled, what comes back to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from hall.commands import (
    AnyCommand,
    AnyReply,
    CallNext,
    Done,
    ReadStatement,
    Refused,
    SignedIn,
    SignIn,
    StatementSealed,
)
from hall.errors import HallError, Reason
from hall.events import CallAnnounced, Event, HelpRequested, ServiceRated, SlipEnded, StatementEnded
from hall.ids import (
    AreaId,
    ItemCode,
    JobId,
    RequestId,
    Serial,
    ServiceId,
    SessionId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.ledger.sealing import holder_context, pin_context, public_key, seal, unseal
from hall.people.holders import Holder, Proof
from hall.wire.board import Board
from hall.wire.pack_shown import PackShown, Volume
from kiosk.flows.desk_numbers import is_job_of
from kiosk.flows.words import (
    Announce,
    AskRefused,
    CallTicket,
    CardFailed,
    CardKind,
    EndSession,
    FetchStatement,
    Happened,
    Issue,
    PrintStatement,
    PrintTicket,
    ReadCard,
    RecordHelp,
    RecordRating,
    ShowBar,
    SignInStaff,
    SignOutStaff,
    StaffArrived,
    StaffLeft,
    StatementArrived,
    TicketReady,
    VerifyPin,
)
from kiosk.performing.hands import Givens, Hands
from kiosk.performing.performer import Performing
from kiosk.ports import CardProblem, Fault, PrintOutcome, PrintResult, Slip
from kiosk.speech import Announcement, Ended, Unsaid
from kiosk.sync.news import Issued
from tests.flows import samples

SERVER_PRIVATE = bytes(range(32))
ME = SessionId("session-1")


@dataclass
class FakeLine:
    """The sync room with memory; answers are given by the test."""

    pack: PackShown | None
    recorded: list[Event] = field(default_factory=list)
    asked: list[tuple[AnyCommand, Callable[[AnyReply], None]]] = field(default_factory=list)
    issues: list[tuple[ItemCode, StaffId | None, bytes | None, Callable[[Issued | Refused], None]]] = field(
        default_factory=list
    )
    remembered: dict[str, str] = field(default_factory=dict)
    server_away: bool = False
    board: Board | None = None
    people: list[tuple[bytes | None, bool]] = field(default_factory=list)

    def record(self, events: Sequence[Event], done: Callable[[], None] | None = None) -> None:
        self.recorded += events
        if done:
            done()

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        self.asked.append((command, done))
        return RequestId("r")

    def issue(
        self,
        item: ItemCode,
        done: Callable[[Issued | Refused], None],
        *,
        issuer: StaffId | None = None,
        sealed_grant: bytes | None = None,
        more_items: tuple[ItemCode, ...] = (),
        appointment_at: float = 0.0,
        seal_person: Callable[[TicketId], bytes] | None = None,
        wants_priority: bool = False,
    ) -> TicketId:
        self.people.append((None if seal_person is None else seal_person(TicketId("t")), wants_priority))
        self.issues.append((item, issuer, sealed_grant, done))
        return TicketId("t")

    def remember(self, name: str, value: str) -> None:
        self.remembered[name] = value


@dataclass
class FakeHands:
    """Printer, bars and speaker in one pair of hands."""

    printed: list[tuple[JobId, Slip]] = field(default_factory=list)
    bars: list[tuple[int, str]] = field(default_factory=list)
    spoken: list[tuple[str, int]] = field(default_factory=list)
    outcome: PrintOutcome = PrintOutcome.PRINTED
    private: list[SessionId | None] = field(default_factory=list)
    people_gone: int = 0
    announced: list[Announcement] = field(default_factory=list)
    learnt: dict[str, str] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    heard: bool = True

    def print(self, job: JobId, slip: Slip, session: SessionId | None, done: Callable[[PrintResult], None]) -> None:
        self.printed.append((job, slip))
        self.private.append(session)
        fault = Fault.NO_PAPER if self.outcome is PrintOutcome.FAILED else None
        done(PrintResult(job, self.outcome, fault, accepted_mono=1.0, first_byte_mono=1.1, last_byte_mono=1.5))

    def person_left(self) -> None:
        self.people_gone += 1

    def show(self, address: int, text: str) -> None:
        self.bars.append((address, text))

    def announce(
        self, told: Announcement, on_start: Callable[[float], None] | None, done: Callable[[Ended], None] | None
    ) -> None:
        self.spoken.append((told.text, told.times))
        self.announced.append(told)
        if on_start and self.heard:
            on_start(1.0)
        if done:
            done(Ended(told.times) if self.heard else Ended(0, Unsaid.BROKEN))

    def learn(self, table: Mapping[str, str], volumes: Sequence[Volume]) -> None:
        self.learnt = dict(table)

    def clear(self, key: str) -> None:
        self.cleared.append(key)


@dataclass
class Stage:
    line: FakeLine
    hands: FakeHands = field(default_factory=FakeHands)
    posted: list[tuple[Happened, SessionId | None]] = field(default_factory=list)
    measured: list[tuple[str, float]] = field(default_factory=list)
    drawn: int = 0

    def random_bytes(self, size: int) -> bytes:
        self.drawn += 1
        return bytes([self.drawn]) * size

    def clock(self) -> float:
        return 1_000.0

    def performer(self, *, window: str | None = "7") -> Performing:
        givens = Givens(
            clock=self.clock,
            random_bytes=self.random_bytes,
            say=lambda key, /, **values: f"{key} {' '.join(str(value) for value in values.values())}",
            local_time=lambda at: f"@{at:.0f}",
            terminal=TerminalId("K1"),
            window=WindowId(window) if window else None,
        )
        hands = Hands(slip_printer=self.hands, led_bars=self.hands, speaker=self.hands)
        return Performing(
            self.line,
            hands,
            givens,
            lambda happened, session: self.posted.append((happened, session)),
            lambda name, value: self.measured.append((name, value)),
        )


@pytest.fixture
def stage() -> Stage:
    return Stage(FakeLine(msgspec.structs.replace(samples.pack(), server_key=public_key(SERVER_PRIVATE))))


def test_a_ticket_comes_back_to_the_session_that_asked(stage: Stage) -> None:
    stage.performer()(Issue(ItemCode("SI-301")), ME)
    done = stage.line.issues[0][3]
    done(Issued(samples.issued(), (WindowId("7"),), AreaId("Q3"), samples.leased()))
    done(Refused(reason=Reason.OUTSIDE_HOURS))
    assert stage.posted == [
        (TicketReady(samples.issued(), samples.leased()), ME),
        (AskRefused(Reason.OUTSIDE_HOURS), ME),
    ]


def test_the_end_of_a_ticket_slip_is_journalled_with_its_cause(stage: Stage) -> None:
    stage.hands.outcome = PrintOutcome.FAILED
    stage.performer()(PrintTicket(samples.issued(), samples.leased()), ME)
    assert stage.line.recorded == [
        SlipEnded(ticket=TicketId("0193aa"), job=JobId("0193aa"), outcome="failed", cause="no_paper")
    ]
    assert stage.measured == []


def test_the_time_of_a_ticket_runs_from_asking_to_its_last_byte(stage: Stage) -> None:
    perform = stage.performer()
    perform(Issue(ItemCode("SI-301")), ME)
    stage.line.issues[0][3](Issued(samples.issued(), (WindowId("7"),), AreaId("Q3"), samples.leased()))
    perform(PrintTicket(samples.issued(), samples.leased()), ME)
    assert [name for name, _ in stage.measured] == ["issue_to_last_byte"]


def test_a_copy_and_the_slip_of_a_second_number_are_jobs_of_their_own_and_only_the_copy_is_marked(stage: Stage) -> None:
    perform = stage.performer()
    perform(PrintTicket(samples.issued(), samples.leased()), ME)
    perform(PrintTicket(samples.issued(), samples.leased(), copy=True), ME)
    perform(PrintTicket(samples.issued("H003"), samples.leased("H003"), afresh=True), ME)
    jobs = [job for job, _ in stage.hands.printed]
    assert jobs[0] == "0193aa"
    assert len(set(jobs)) == 3
    assert all(is_job_of(job, TicketId("0193aa")) for job in jobs)
    assert [event.copy for event in stage.line.recorded if isinstance(event, SlipEnded)] == [False, True, False]
    marked = [
        any(getattr(block, "text", "") == "paper.copy " for block in slip.blocks) for _, slip in stage.hands.printed
    ]
    assert marked == [False, True, False]


def test_a_bar_says_that_service_has_ended_and_then_rests(stage: Stage) -> None:
    for state in ("ended", "dark"):
        stage.performer()(ShowBar(WindowId("7"), state), ME)
    assert stage.hands.bars == [(7, "bar.ended 7 "), (7, "")]


def test_every_try_of_a_statement_is_its_own_job_with_the_same_serial(stage: Stage) -> None:
    perform = stage.performer()
    perform(PrintStatement(samples.statement()), ME)
    perform(PrintStatement(samples.statement(), copy=True), ME)
    first, second = (job for job, _ in stage.hands.printed)
    assert first != second
    assert first.startswith(samples.statement().serial)
    ended = [event for event in stage.line.recorded if isinstance(event, StatementEnded)]
    serial = Serial("QH-20261123-K1-000001")
    assert [(event.serial, event.copy) for event in ended] == [(serial, False), (serial, True)]


@pytest.mark.row("RGT-03", part="rule")
def test_a_statement_is_private_a_ticket_is_not_and_the_printer_hears_who_left(stage: Stage) -> None:
    perform = stage.performer()
    perform(PrintTicket(samples.issued(), samples.leased()), ME)
    perform(PrintStatement(samples.statement()), ME)
    assert stage.hands.private == [None, ME]
    perform(EndSession(), SessionId("next"))
    assert stage.hands.people_gone == 2, "the printer and the speaker hear of it"


@pytest.mark.row("RGT-02", part="rule")
def test_the_holder_travels_sealed_and_the_answer_opens_for_this_session_only(stage: Stage) -> None:
    stage.performer()(FetchStatement("contributions", "李和", "000000198907220025", Proof.ID_CARD.value), ME)
    command, done = stage.line.asked[0]
    assert isinstance(command, ReadStatement)
    wire = msgspec.json.encode(command)
    assert b"000000198907220025" not in wire
    assert "李和".encode() not in wire
    context = holder_context(TerminalId("K1"), command.form, command.year, command.reply_key)
    holder = msgspec.json.decode(unseal(SERVER_PRIVATE, command.sealed_person, "holder", context), type=Holder)
    assert holder.proof is Proof.ID_CARD
    answer = seal(command.reply_key, msgspec.json.encode(samples.statement()), b"\x07" * 32, "statement")
    done(StatementSealed(serial=Serial("s"), sealed=answer))
    done(StatementSealed(serial=Serial("s"), sealed=answer[:-1] + b"\x00"))
    done(Refused(reason=Reason.SOURCE_AWAY))
    assert stage.posted == [
        (StatementArrived(samples.statement()), ME),
        (AskRefused(Reason.MALFORMED), ME),
        (AskRefused(Reason.SOURCE_AWAY), ME),
    ]


def test_a_terminal_that_never_met_its_server_cannot_seal(stage: Stage) -> None:
    stage.line.pack = None
    stage.performer()(FetchStatement("contributions", "李和", "1", "id_card"), ME)
    assert stage.posted == [(AskRefused(Reason.SERVER_AWAY), ME)]
    with pytest.raises(HallError):
        stage.performer()(SignInStaff(StaffId("0310"), "123456"), ME)


def test_a_reader_that_is_not_there_is_trouble_not_silence(stage: Stage) -> None:
    stage.performer()(ReadCard(CardKind.ID), ME)
    stage.performer()(VerifyPin("123456"), ME)
    assert stage.posted == [(CardFailed(CardProblem.READER), ME)] * 2


def test_a_pin_leaves_sealed_and_the_answer_signs_in(stage: Stage) -> None:
    stage.performer()(SignInStaff(StaffId("0310"), "246810"), ME)
    command, done = stage.line.asked[0]
    assert isinstance(command, SignIn)
    assert b"246810" not in msgspec.json.encode(command)
    assert (
        unseal(SERVER_PRIVATE, command.sealed_pin, "pin", pin_context(TerminalId("K1"), StaffId("0310"))) == b"246810"
    )
    who = SignedIn(staff=StaffId("0310"), name="样例", roles=("clerk",))
    done(who)
    done(Refused(reason=Reason.WRONG_PIN, tries_left=4))
    done(Done())
    assert stage.posted == [
        (StaffArrived(who), ME),
        (AskRefused(Reason.WRONG_PIN, 4), ME),
        (AskRefused(Reason.INTERNAL), ME),
    ]


def test_a_window_errand_names_its_own_window_or_is_refused(stage: Stage) -> None:
    stage.performer()(CallTicket(StaffId("0303")), ME)
    assert stage.line.asked[0][0] == CallNext(window=WindowId("7"), staff=StaffId("0303"))
    with pytest.raises(HallError):
        stage.performer(window=None)(CallTicket(StaffId("0303")), ME)
    stage.performer()(SignOutStaff(StaffId("0303")), ME)
    stage.line.asked[-1][1](Done())
    assert stage.posted[-1] == (StaffLeft(), ME)


def test_a_call_is_spoken_twice_shown_on_its_bar_and_journalled(stage: Stage) -> None:
    announce = Announce(
        3, TicketLabel("C012"), WindowId("7"), "请C012号到7号窗口办理", "请 C 零 一 二 号 到 七 号 窗口办理"
    )
    stage.performer()(announce, ME)
    assert stage.hands.spoken == [("请 C 零 一 二 号 到 七 号 窗口办理", 2)]
    assert stage.hands.bars == [(7, "请C012号到7号窗口办理")]
    assert stage.line.remembered == {"last_spoken": "3"}
    announced = stage.line.recorded[0]
    assert isinstance(announced, CallAnnounced)
    assert (announced.shown_at, announced.spoken_at) == (1_000.0, 1_000.0)


def test_a_call_goes_to_its_windows_area_under_its_number_with_the_packs_pinyin(stage: Stage) -> None:
    assert stage.line.pack is not None
    stage.line.pack = msgspec.structs.replace(stage.line.pack, speech={"号": "hao4"})
    stage.performer()(Announce(3, TicketLabel("C012"), WindowId("7"), "请C012号", "请 C 零 一 二 号"), ME)
    (told,) = stage.hands.announced
    area = next(plan.area for plan in stage.line.pack.windows if plan.window == "7")
    assert (told.zone, told.key, told.private) == (area, "C012", False)
    assert stage.hands.learnt == {"号": "hao4"}


@pytest.mark.row("QUE-04", part="rule")
def test_a_call_that_nobody_heard_is_journalled_with_the_reason(stage: Stage) -> None:
    stage.hands.heard = False
    stage.performer()(Announce(3, TicketLabel("C012"), WindowId("7"), "请C012号", "请 C 零 一 二 号"), ME)
    announced = stage.line.recorded[0]
    assert isinstance(announced, CallAnnounced)
    assert (announced.spoken_at, announced.unspoken) == (None, "broken")


@pytest.mark.row("ATT-09", part="rule")
def test_the_hall_decides_how_often_a_call_is_spoken(stage: Stage) -> None:
    assert stage.line.pack is not None
    stage.line.pack = msgspec.structs.replace(stage.line.pack, spoken_times=3)
    stage.performer()(Announce(3, TicketLabel("C012"), WindowId("7"), "请C012号", "请 C 零 一 二 号"), ME)
    assert stage.hands.spoken == [("请 C 零 一 二 号", 3)]


def test_the_bar_tells_what_its_window_does(stage: Stage) -> None:
    for state, label in (("called", "C012"), ("serving", "C012"), ("free", None)):
        stage.performer()(ShowBar(WindowId("7"), state, TicketLabel(label) if label else None), ME)
    stage.performer()(ShowBar(WindowId("8"), "free"), ME)
    assert stage.hands.bars == [(7, "请C012号到7号窗口办理"), (7, "bar.serving 7 C012"), (7, "bar.free 7 ")]


def test_help_and_ratings_are_journalled_without_a_person(stage: Stage) -> None:
    stage.performer()(RecordHelp("ShowingStatement"), ME)
    stage.performer()(RecordRating(ServiceId("t/1"), 5), ME)
    assert stage.line.recorded == [
        HelpRequested(terminal=TerminalId("K1"), step="ShowingStatement", at=1_000.0),
        ServiceRated(service=ServiceId("t/1"), grade=5, rated_at=1_000.0),
    ]
