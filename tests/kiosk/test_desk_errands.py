"""The guide's errands: each move becomes its command, a grant travels sealed only, and answers are read as they fit."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest

from hall.commands import (
    AddItem,
    AnyCommand,
    AnyReply,
    CancelTicket,
    ComeBack,
    Done,
    Evidence,
    GrantPriority,
    Leased,
    OrderSelfTest,
    PriorityGrant,
    PriorityGround,
    ReadTicket,
    Refused,
    ReturnMissed,
    StepAway,
    SwapItem,
)
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import HallError, Reason
from hall.ids import ItemCode, RequestId, SessionId, StaffId, TerminalId, TicketLabel
from hall.ledger.sealing import public_key, seal, unseal
from kiosk.flows.desk_words import (
    MoveNumber,
    NumberMoved,
    NumberRead,
    NumberRefused,
    OrderTest,
    ReadNumber,
    TestOrdered,
)
from kiosk.flows.words import Happened
from kiosk.performing.desk_errands import DeskErrands
from tests.flows import samples

ME = SessionId("session-1")
STAFF = StaffId("0101")
C012 = TicketLabel("C012")
ITEM = ItemCode("SI-302")
SERVER = bytes(range(32))
GRANT = PriorityGrant(ground=PriorityGround.ELDERLY, evidence=Evidence.SIGHT)
SHOWN = TicketShown(issued=samples.issued(), state="waiting")


@dataclass
class Hall:
    """A line that remembers what was asked and answers what the test says."""

    reply: AnyReply
    asked: list[AnyCommand] = field(default_factory=list)
    posted: list[tuple[Happened, SessionId | None]] = field(default_factory=list)

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        assert 0 < wait_s < 60
        self.asked.append(command)
        done(self.reply)
        return RequestId("r")

    def errands(self) -> DeskErrands:
        def sealed(plain: bytes, purpose: str) -> bytes:
            return seal(public_key(SERVER), plain, bytes(32), purpose)

        return DeskErrands(self, sealed, lambda happened, session: self.posted.append((happened, session)))


def move(kind: DeskMove, item: ItemCode | None = None, minutes: int = 0) -> MoveNumber:
    return MoveNumber(kind, C012, STAFF, item=item, minutes=minutes)


@pytest.mark.parametrize(
    ("effect", "command"),
    [
        (move(DeskMove.RETURN), ReturnMissed(label=C012, staff=STAFF)),
        (move(DeskMove.COME_BACK), ComeBack(label=C012, staff=STAFF)),
        (move(DeskMove.STEP_AWAY, minutes=15), StepAway(label=C012, staff=STAFF, minutes=15.0)),
        (move(DeskMove.ADD, ITEM), AddItem(label=C012, item=ITEM, staff=STAFF)),
        (move(DeskMove.CANCEL), CancelTicket(label=C012, staff=STAFF)),
    ],
)
def test_each_move_is_its_command_and_done_is_told(effect: MoveNumber, command: AnyCommand) -> None:
    hall = Hall(Done())
    hall.errands()(effect, ME)
    assert hall.asked == [command]
    assert hall.posted == [(NumberMoved(C012, effect.move), ME)]


def test_a_swap_comes_back_with_its_second_number() -> None:
    hall = Hall(samples.leased("H003"))
    hall.errands()(move(DeskMove.SWAP, ITEM), ME)
    assert hall.asked == [SwapItem(label=C012, item=ITEM, staff=STAFF)]
    assert hall.posted == [(NumberMoved(C012, DeskMove.SWAP, samples.leased("H003")), ME)]


def test_a_grant_travels_sealed_only() -> None:
    hall = Hall(Done())
    hall.errands()(MoveNumber(DeskMove.GRANT, C012, STAFF, grant=GRANT), ME)
    (command,) = hall.asked
    assert isinstance(command, GrantPriority)
    assert b"elderly" not in msgspec.json.encode(command)
    assert msgspec.json.decode(unseal(SERVER, command.sealed_grant, "grant"), type=PriorityGrant) == GRANT


def test_reading_and_ordering_a_test_are_answered_as_such() -> None:
    hall, k1 = Hall(SHOWN), TerminalId("K1")
    hall.errands()(ReadNumber(C012, STAFF), ME)
    hall.reply = Done()
    hall.errands()(OrderTest(k1, STAFF), ME)
    assert hall.asked == [ReadTicket(label=C012, staff=STAFF), OrderSelfTest(terminal=k1, staff=STAFF)]
    assert hall.posted == [(NumberRead(C012, SHOWN), ME), (TestOrdered(k1), ME)]


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        (ReadNumber(C012, STAFF), NumberRefused(C012, Reason.SERVER_AWAY)),
        (move(DeskMove.RETURN), NumberRefused(C012, Reason.SERVER_AWAY, DeskMove.RETURN)),
        (OrderTest(TerminalId("K1"), STAFF), TestOrdered(TerminalId("K1"), Reason.SERVER_AWAY)),
    ],
)
def test_a_refusal_is_told_with_its_reason(effect: ReadNumber | MoveNumber | OrderTest, told: Happened) -> None:
    hall = Hall(Refused(reason=Reason.SERVER_AWAY))
    hall.errands()(effect, ME)
    assert hall.posted == [(told, ME)]


@pytest.mark.parametrize("reply", [SHOWN, samples.leased()])
def test_an_answer_that_does_not_fit_is_no_yes(reply: TicketShown | Leased) -> None:
    hall = Hall(reply)
    hall.errands()(move(DeskMove.RETURN), ME)
    assert hall.posted == [(NumberRefused(C012, Reason.INTERNAL, DeskMove.RETURN), ME)]


@pytest.mark.parametrize("kind", [DeskMove.SWAP, DeskMove.ADD, DeskMove.GRANT])
def test_a_move_without_what_it_needs_is_a_mistake_of_ours(kind: DeskMove) -> None:
    hall = Hall(Done())
    with pytest.raises(HallError):
        hall.errands()(move(kind), ME)
    assert hall.asked == []
