"""The session's performer: tickets, papers, cards and calls; what is asked of the hall goes through `asking`."""

import time
from collections.abc import Callable
from functools import partial
from itertools import count

import msgspec

from hall.commands import Refused
from hall.errors import HallError, Reason
from hall.events import HelpRequested, ServiceRated, SlipEnded
from hall.ids import JobId, SessionId, TicketId, WindowId
from hall.rating_facts import RatingReasonsGiven
from hall.speech.phrases import call_text
from kiosk.flows import papers
from kiosk.flows.bringing_in import CheckSlip
from kiosk.flows.desk_words import MoveNumber, OrderTest, ReadNumber
from kiosk.flows.held_cards import WeighCard
from kiosk.flows.notice_steps import PrintNotice
from kiosk.flows.pad_words import RatedByButton
from kiosk.flows.proxy_words import AnswerProxy, AskGuide, DropProxy, FetchForPerson, LookForOther, ReadProxyNames
from kiosk.flows.rating_words import RecordReasons
from kiosk.flows.upkeep_words import NoteMaintenance, SignChecklist
from kiosk.flows.words import (
    Announce,
    CardFailed,
    CardKind,
    Effect,
    EndSession,
    FetchStatement,
    Happened,
    Issue,
    LookForCard,
    PrintStatement,
    PrintTicket,
    ReadCard,
    Record,
    RecordHelp,
    RecordRating,
    ShowBar,
    TicketReady,
    VerifyPin,
)
from kiosk.performing import signed_papers
from kiosk.performing.announcing import Announcing
from kiosk.performing.asking import Asking
from kiosk.performing.desk_errands import DeskErrands
from kiosk.performing.hands import Givens, HallLine, Hands
from kiosk.performing.notices import NoticePapers
from kiosk.performing.number_cards import NumberCards
from kiosk.performing.proxies import Proxies
from kiosk.performing.statement_papers import StatementPapers
from kiosk.performing.staying import Staying
from kiosk.ports import CardProblem, PrintResult
from kiosk.sync.news import Issued


class Performing:
    """The session's performer."""

    def __init__(
        self,
        terminal: HallLine,
        hands: Hands,
        givens: Givens,
        post: Callable[[Happened, SessionId | None], None],
        measured: Callable[[str, float], None],
        *,
        staying: Staying | None = None,
    ) -> None:
        """`staying`: at a window panel, who is signed in there."""
        self._terminal = terminal
        self._hands = hands
        self._givens = givens
        self._post = post
        self._measured = measured
        self._asking = Asking(terminal, givens, post, staying)
        self._announcing = Announcing(terminal, hands.speaker, givens)
        self._statements = StatementPapers(terminal, hands, givens, measured)
        self._desk = DeskErrands(terminal, self._asking.seal, post)
        self._notices = NoticePapers(terminal, hands, givens)
        self._cards = NumberCards(terminal, givens, self._asking.seal)
        self._proxies = Proxies(terminal, givens, self._asking.seal, post)
        self._attempts = count(1)
        self._asked_mono: dict[TicketId, float] = {}
        """When the last ticket was asked for, for the benches."""

    def __call__(self, effect: Effect, session: SessionId) -> None:
        """Start one effect; never blocks."""
        match effect:
            case Issue():
                self._issue(effect, session)
            case PrintTicket() | PrintStatement():
                self._print(effect, session)
            case PrintNotice():
                self._notices(effect)
            case ReadCard() | VerifyPin() | WeighCard():
                self._card(effect, session)
            case LookForCard() | EndSession():
                self._devices_hear(effect)
            case FetchStatement():
                self._asking.fetch(effect, session)
            case ReadNumber() | MoveNumber() | OrderTest() | SignChecklist() | NoteMaintenance():
                self._desk(effect, session)
            case Announce():
                self._put_on_bar(effect.window, effect.shown)
                self._announcing(effect)
            case ShowBar():
                self._show_bar(effect)
            case Record(event):
                self._terminal.record((event,))
            case RecordHelp(step):
                asked = HelpRequested(terminal=self._givens.terminal, step=step, at=self._givens.clock())
                self._terminal.record((asked,))
            case _:
                self._other(effect, session)

    def _other(self, effect: Effect, session: SessionId) -> None:
        match effect:
            case RecordRating() | RatedByButton():
                self._rate(effect)
            case RecordReasons(service, named):
                told = RatingReasonsGiven(service=service, dimensions=named, given_at=self._givens.clock())
                self._terminal.record((told,))
            case AskGuide() | FetchForPerson() | ReadProxyNames() | AnswerProxy():
                self._proxies(effect, session)
            case LookForOther() | DropProxy():
                self._between_cards(effect, session)
            case CheckSlip():
                self._post(signed_papers.checked(effect, self._terminal), session)
            case _:
                self._asking.errand(effect, session)

    def _rate(self, effect: RecordRating | RatedByButton) -> None:
        """A button that means no service means nothing."""
        buttons = self._hands.rating_buttons
        service = effect.service if isinstance(effect, RecordRating) else buttons.rated() if buttons else None
        if service is not None:
            self._terminal.record((ServiceRated(service=service, grade=effect.grade, rated_at=self._givens.clock()),))

    # ---- tickets and papers --------------------------------------------------------------------------------------

    def _issue(self, effect: Issue, session: SessionId) -> None:
        asked_mono = time.monotonic()

        def done(answer: Issued | Refused) -> None:
            if isinstance(answer, Refused):
                self._post(self._cards.refused(answer), session)
            else:
                self._asked_mono = {answer.event.ticket: asked_mono}
                self._cards.gave_out(answer)
                self._post(TicketReady(answer.event, answer.leased), session)

        held = effect.held
        sealed = None if effect.grant is None else self._asking.seal(msgspec.json.encode(effect.grant), "grant")
        self._terminal.issue(
            effect.item,
            done,
            issuer=effect.staff,
            sealed_grant=sealed,
            more_items=effect.more_items,
            appointment_at=effect.appointment_at,
            seal_person=None if held is None else self._cards.sealing(held),
            wants_priority=held is not None and held.wants_first,
        )

    def _print(self, effect: PrintTicket | PrintStatement, session: SessionId) -> None:
        printer, pack = self._hands.slip_printer, self._terminal.pack
        if printer is None or pack is None:
            raise HallError(Reason.INTERNAL, "slip_printer", "this terminal has no printer or no hall pack")
        if isinstance(effect, PrintTicket):
            ticket = effect.issued.ticket
            at = self._givens.local_time(effect.issued.issued_at)
            slip = papers.ticket_slip(
                effect.issued,
                effect.leased,
                pack,
                self._givens.say,
                issued_at=at,
                copy=effect.copy,
                signed=signed_papers.code_on(effect.issued, pack, self._givens),
            )
            record = partial(self._slip_ended, ticket=ticket, copy=effect.copy)
            job = JobId(f"{ticket}#{next(self._attempts)}" if effect.copy or effect.afresh else ticket)
            printer.print(job, slip, None, record)
        else:
            # A new try is a new job: the flow asks again only after the last one is known to have failed.
            afresh = JobId(f"{effect.statement.serial}#{next(self._attempts)}")
            self._statements.print(effect, afresh, printer, session)

    def _slip_ended(self, result: PrintResult, *, ticket: TicketId, copy: bool) -> None:
        if result.job == JobId(ticket):  # not of a copy, which is asked for much later
            self._measure("issue_to_last_byte", self._asked_mono.get(ticket, 0.0), result.last_byte_mono)
        ended = SlipEnded(
            ticket=ticket,
            job=result.job,
            outcome=result.outcome.value,
            cause=result.fault.value if result.fault else "",
            copy=copy,
        )
        self._terminal.record((ended,))

    def _measure(self, name: str, start: float, end: float) -> None:
        if start and end:
            self._measured(name, (end - start) * 1000.0)

    # ---- cards and records ---------------------------------------------------------------------------------------

    def _devices_hear(self, effect: LookForCard | EndSession) -> None:
        """At the end of a session a card or a paper may stay behind; nothing else of a person is kept in this room."""
        if isinstance(effect, EndSession):
            self._proxies.drop()
            self._announcing.person_left()
            for printer in (self._hands.slip_printer, self._hands.sheet_printer):
                if printer is not None:
                    printer.person_left()
        for reader in (self._hands.id_reader, self._hands.card_reader):
            if reader is None:
                continue
            if isinstance(effect, EndSession):
                reader.person_left()
            else:
                reader.look()

    def _between_cards(self, effect: LookForOther | DropProxy, session: SessionId) -> None:
        if isinstance(effect, DropProxy):
            self._proxies.drop()
        elif self._hands.id_reader is not None:
            self._hands.id_reader.look_for_other(session)

    def _card(self, effect: ReadCard | VerifyPin | WeighCard, session: SessionId) -> None:
        hands = self._hands
        if isinstance(effect, WeighCard):
            return self._post(self._cards.weigh(effect.card), session)
        if isinstance(effect, VerifyPin):
            if hands.card_reader is not None:
                return hands.card_reader.verify(effect.pin, session)
        else:
            reader = hands.id_reader if effect.card is CardKind.ID else hands.card_reader
            if reader is not None:
                return reader.read(session)
        return self._post(CardFailed(CardProblem.READER), session)

    # ---- calls ---------------------------------------------------------------------------------------------------

    def _show_bar(self, effect: ShowBar) -> None:
        if effect.state == "called" and effect.label is not None:
            text = call_text(effect.label, effect.window)
        elif effect.state == "dark":
            text = ""
        else:
            text = self._givens.say(f"bar.{effect.state}", window=effect.window, label=effect.label or "")
        self._put_on_bar(effect.window, text)

    def _put_on_bar(self, window: WindowId, text: str) -> None:
        bar = self._bar_of(window)
        if self._hands.led_bars is not None and bar is not None:
            self._hands.led_bars.show(bar, text)

    def _bar_of(self, window: WindowId) -> int | None:
        pack = self._terminal.pack
        plan = next((each for each in pack.windows if each.window == window), None) if pack else None
        return plan.bar_address if plan else None
