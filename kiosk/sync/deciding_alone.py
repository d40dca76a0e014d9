"""What a window panel may decide without its hall server: call, recall, start, finish, missed (design 5, L3). Pure.

From the last board it takes its own share, by `hall.outage.sharing`, and chooses among the heads by the hall's rule.
What needs the whole hall (hold, transfer, a number out of turn) waits for the server.
"""

from dataclasses import dataclass

import msgspec

from hall.calendar.working_days import business_day
from hall.commands import (
    AnyCommand,
    AnyReply,
    Called,
    CallNext,
    CallTicket,
    Done,
    FinishService,
    MarkMissed,
    Recall,
    Refused,
    Started,
    StartService,
)
from hall.desk_facts import AdoptTicket
from hall.errors import Reason
from hall.events import (
    Event,
    HeadCompared,
    RequestWithdrawn,
    ServiceFinished,
    ServiceStarted,
    TicketMissed,
    TicketRecalled,
)
from hall.ids import ServiceId, StaffId, TerminalId, TicketId, WindowId
from hall.outage import sharing
from hall.outage.sharing import NO_CALL_SEQ, Serving
from hall.queue import disciplines, explaining
from hall.queue.disciplines import RATIO_ORDINARY, Ground
from hall.queue.tickets import TicketState
from hall.wire.board import Board, WaitingShown
from hall.wire.pack_shown import PackShown
from hall.wire.peers import CallSaid, PeerSaid
from hall.wire.shown import CallingShown
from kiosk.sync.adopting_alone import bring_in, told
from kiosk.sync.in_hand import Hand, Own, least_s

Chosen = tuple[WaitingShown, HeadCompared, Ground, tuple[HeadCompared, ...]]
"""Who is called, as it was compared, by which rule, with whom."""
AloneCommand = CallNext | Recall | MarkMissed | StartService | FinishService


@dataclass(frozen=True, slots=True)
class Decided:
    """What a panel does by itself: the answer to its clerk, what to journal, and what its peers should hear."""

    reply: AnyReply
    events: tuple[Event, ...] = ()
    own: Own | None = None
    """What it knows then; given with events."""
    said: CallSaid | None = None
    joined: WaitingShown | None = None
    slip: str = ""
    """Of `joined`: what its slip says."""

    def tells(self, terminal: TerminalId) -> PeerSaid | None:
        """Return what the peers should hear of it."""
        if self.said is None and self.joined is None:
            return None
        return PeerSaid(terminal=terminal, called=self.said, joined=self.joined, slip=self.slip)


@dataclass(frozen=True, slots=True)
class Hall:
    """The last that was known of the hall, at hall time `at`."""

    pack: PackShown
    board: Board
    at: float

    @property
    def rule(self) -> CallingShown:
        """The hall's own rule."""
        return self.pack.calling

    @property
    def today(self) -> bool:
        """Whether the board is of this day: yesterday's people are not here."""
        return self.board.day == business_day(self.at)


@dataclass(frozen=True, slots=True)
class Deciding:
    """One window, what its panel knows of itself (`own`), and the last of the hall."""

    window: WindowId
    own: Own
    hall: Hall

    def decide(self, command: AnyCommand) -> Decided | None:
        """Return what comes of a command; None for what only the server can decide."""
        if isinstance(command, AdoptTicket):
            return self._refused(command.staff) or self._adopted(command)
        if isinstance(command, CallTicket):
            return self._call_adopted(command) or self._withdrawn(command.staff)
        if not isinstance(command, AloneCommand) or command.window != self.window:
            return None
        refusal = self._refusal(command.staff)
        if refusal is not None:
            return Decided(refusal)
        hand = self.own.hand
        match command:
            case CallNext():
                return self._call(command.staff) if hand is None else Decided(called_of(hand, self.hall))
            case StartService() if hand is not None:
                return self._start(hand, command.staff)
            case FinishService() if hand is not None and hand.serving:
                return self._finish(hand, command.staff)
            case Recall() if hand is not None and not hand.serving:
                return self._recall(hand)
            case MarkMissed() if hand is not None and not hand.serving:
                return self._missed(hand)
        return Decided(Refused(reason=Reason.ILLEGAL_MOVE, sentence="the ticket in hand does not allow this"))

    def share(self) -> tuple[tuple[WaitingShown, ...], Serving]:
        """Return this window's own part, by place. Windows on one bus have one share; each calls what falls to it."""
        own, pack, board = self.own, self.hall.pack, self.hall.board
        serving = sharing.signed_in(board, pack.windows, pack.items)
        if not self.hall.today:
            return (), serving
        buses = sharing.buses_of(pack.windows)
        gone = {*own.gone, *own.called} if own.day == board.day else set(own.gone)
        shares = sharing.share(board, serving, buses, joined=own.joined, gone=gone)
        ours = shares.by_caller.get(sharing.caller_of(self.window, buses), ())
        return tuple(one for one in ours if sharing.window_for(one, serving) == self.window), serving

    def _refusal(self, staff: StaffId) -> Refused | None:
        if not self.hall.today:
            return Refused(reason=Reason.DAY_NOT_OPEN, sentence="the last board is of another day")
        mine = next((one for one in self.hall.board.windows if one.window == self.window), None)
        if mine is not None and mine.staff not in (None, staff):
            return Refused(reason=Reason.NOT_SIGNED_IN, sentence="somebody else was signed in here")
        return None

    def _withdrawn(self, staff: StaffId) -> Decided | None:
        """A number out of turn that nobody answered: if the server did call it, nobody here will take it."""
        request = self.own.unanswered
        if request is None:
            return None
        event = RequestWithdrawn(
            request=request,
            window=self.window,
            staff=staff,
            after_call_seq=self.own.last_call_seq,
            withdrawn_at=self.hall.at,
        )
        own = msgspec.structs.replace(self.own, unanswered=None)
        return Decided(Refused(reason=Reason.SERVER_AWAY, sentence="only the server can"), (event,), own)

    def _refused(self, staff: StaffId) -> Decided | None:
        refusal = self._refusal(staff)
        return Decided(refusal) if refusal is not None else None

    def _adopted(self, command: AdoptTicket) -> Decided:
        """A slip is brought in; what this panel or a peer did with its number already is told."""
        own, found = self.own, bring_in(command, self.hall.pack, self.hall.board, self.hall.at)
        if found.event is None or found.joined is None:
            return Decided(found.reply)
        ticket = found.joined.ticket
        if own.hand is not None and own.hand.ticket == ticket:
            state = TicketState.SERVING if own.hand.serving else TicketState.CALLED
            return Decided(told(command.issued, self.hall.pack, state, self.window))
        if ticket in own.gone:
            return Decided(told(command.issued, self.hall.pack, TicketState.CALLED))
        if ticket in own.called and own.day == self.hall.board.day:
            return Decided(told(command.issued, self.hall.pack, TicketState.DONE))
        if ticket in own.adopted:
            return Decided(found.reply)
        others = tuple(one for one in own.joined if one.ticket != ticket)
        own = msgspec.structs.replace(own, joined=(*others, found.joined), adopted=(*own.adopted, ticket))
        return Decided(found.reply, (found.event,), own, joined=found.joined, slip=command.slip)

    def _call_adopted(self, command: CallTicket) -> Decided | None:
        """A number whose slip was brought in here is called at once: its person stands before the clerk."""
        own, board = self.own, self.hall.board
        waiting = (*own.joined, *board.waiting_tickets)
        gone = {*own.gone, *(own.called if own.day == board.day else ())}
        wanted = (one for one in waiting if one.label == command.label and one.ticket in own.adopted)
        one = next((one for one in wanted if one.ticket not in gone), None)
        if one is None:
            return None
        refusal = self._refusal(command.staff)
        if refusal is not None or own.hand is not None or command.window != self.window:
            return Decided(refusal or Refused(reason=Reason.WINDOW_BUSY, sentence="somebody is at this window"))
        waited_s = max(0.0, self.hall.at - one.since)
        head = HeadCompared(ticket=one.ticket, label=one.label, priority=one.priority, waited_s=waited_s, credit=0.0)
        return self._call_this(command.staff, (one, head, Ground.OUT_OF_ORDER, (head,)))

    def _call(self, staff: StaffId) -> Decided:
        share, serving = self.share()
        chosen = self._next(share, serving)
        if chosen is None:
            return Decided(Refused(reason=Reason.NOBODY_WAITING, sentence="nobody is left of this window's share"))
        return self._call_this(staff, chosen)

    def _call_this(self, staff: StaffId, chosen: Chosen) -> Decided:
        one, head, ground, compared = chosen
        own, at = self.own, self.hall.at
        events = sharing.call_alone(
            head,
            window=self.window,
            staff=staff,
            held=own.unanswered,
            last_call_seq=own.last_call_seq,
            compared=compared,
            now=at,
            because=ground.value,
        )
        hand = Hand(
            ticket=one.ticket,
            label=one.label,
            item=one.item,
            priority=one.priority,
            since=one.since,
            first_called_at=at,
        )
        overtook = one.priority and any(not other.priority for other in compared if other.ticket != one.ticket)
        own = msgspec.structs.replace(
            self._moved(one.ticket, hand),
            unanswered=None,
            in_row=own.in_row + 1 if overtook else 0,
            owed_ordinary=RATIO_ORDINARY if overtook else max(0, own.owed_ordinary - 1),
        )
        why = explaining.sentence(head, ground, self.hall.rule.max_priority_in_row)
        return Decided(called_of(hand, self.hall, why), events, own, self._said(hand))

    def _next(self, share: tuple[WaitingShown, ...], serving: Serving) -> Chosen | None:
        rule, at, own = self.hall.rule, self.hall.at, self.own
        rates = disciplines.rate(rule, priority=False), disciplines.rate(rule, priority=True)
        compared = sharing.heads(self.window, share, serving, at, rates=rates)
        asked = next((one for one in share if one.precalled_by == self.window and one.away_until <= at), None)
        if asked is not None:  # who was asked to come near stands here already
            (near,) = sharing.heads(self.window, (asked,), serving, at, rates=rates)
            others = tuple(head for head in compared if head.ticket != near.ticket)
            return asked, near, Ground.PRE_CALLED, (*others, near)
        if not compared:
            return None
        plan = next((one for one in self.hall.pack.windows if one.window == self.window), None)
        head, ground = disciplines.choose(
            compared,
            own.in_row,
            rule,
            priority_first=plan is not None and plan.priority_first,
            owed_ordinary=own.owed_ordinary,
        )
        return next(one for one in share if one.ticket == head.ticket), head, ground, compared

    def _start(self, hand: Hand, staff: StaffId) -> Decided:
        if hand.serving:
            return Decided(Started(service=hand.service, ticket=hand.ticket))
        at = self.hall.at
        # Not the server's way of counting: a start that it did decide and could not tell must not be taken for this.
        service = ServiceId(f"{hand.ticket}/{self.window}.{int(at)}")
        event = ServiceStarted(ticket=hand.ticket, service=service, window=self.window, staff=staff, started_at=at)
        serving = msgspec.structs.replace(hand, serving=True, service=service)
        return Decided(Started(service=service, ticket=hand.ticket), (event,), self._moved(hand.ticket, serving))

    def _finish(self, hand: Hand, staff: StaffId) -> Decided:
        event = ServiceFinished(
            ticket=hand.ticket, service=hand.service, window=self.window, staff=staff, finished_at=self.hall.at
        )
        return Decided(Done(), (event,), self._moved(hand.ticket, None))

    def _recall(self, hand: Hand) -> Decided:
        event = TicketRecalled(
            ticket=hand.ticket, label=hand.label, window=self.window, call_seq=NO_CALL_SEQ, called_at=self.hall.at
        )
        again = msgspec.structs.replace(hand, calls=hand.calls + 1)
        said = self._said(hand, recalled=True)
        return Decided(called_of(again, self.hall), (event,), self._moved(hand.ticket, again), said)

    def _missed(self, hand: Hand) -> Decided:
        rule, at = self.hall.rule, self.hall.at
        if hand.calls < rule.calls_before_missed or at - hand.first_called_at < least_s(rule):
            return Decided(Refused(reason=Reason.ILLEGAL_MOVE, sentence="not called often or long enough"))
        event = TicketMissed(ticket=hand.ticket, window=self.window, missed_at=at)
        return Decided(Done(), (event,), self._moved(hand.ticket, None))

    def _moved(self, ticket: TicketId, hand: Hand | None) -> Own:
        day = self.hall.board.day
        called = self.own.called if self.own.day == day else ()
        called = called if ticket in called else (*called, ticket)
        return msgspec.structs.replace(self.own, day=day, hand=hand, called=called)

    def _said(self, hand: Hand, *, recalled: bool = False) -> CallSaid:
        return CallSaid(
            ticket=hand.ticket,
            label=hand.label,
            window=self.window,
            priority=hand.priority,
            recalled=recalled,
            at=self.hall.at,
        )


def called_of(hand: Hand, hall: Hall, why: tuple[str, str] = ("", "")) -> Called:
    """Return the ticket in hand as an answer."""
    rule = hall.rule
    return Called(
        ticket=hand.ticket,
        label=hand.label,
        item=hand.item,
        priority=hand.priority,
        call_seq=NO_CALL_SEQ,
        waited_s=max(0.0, hall.at - hand.since) if hand.since else 0.0,
        why_zh=why[0],
        why_en=why[1],
        may_miss_at=hand.first_called_at + least_s(rule),
        calls_left=max(0, rule.calls_before_missed - hand.calls),
    )
