"""Card readers: a card is announced once per laying, and read when the flow asks.

An ID reader often cannot find a card again that it has just read, until the card is lifted. So after a good read
"not found" proves nothing, and only the next card tells that this one is gone. A social-security card sits in a slot
that knows. A card serves one person per laying: once read, or left behind, it is announced only after it was lifted.
Who acts for somebody else lays two cards, one after the other, and faster than a removal is sure: see `look_for_other`.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.ids import SessionId
from kiosk.devices.workers.base import DeviceWorker, Job, Post
from kiosk.flows.words import (
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    Happened,
    IdCardRead,
    PinAnswered,
    SocialCardRead,
)
from kiosk.ports import (
    CardProblem,
    DeviceError,
    IdReader,
    NeedsAuthentication,
    PinOutcome,
    SocialCard,
    SocialCardReader,
)

LOOK_EVERY_S = 0.25
"""A person does not notice a quarter of a second."""
LIFTED_AFTER_MISSES = 3
"""Looks without a card until it counts as lifted; a hand that trembles is no removal."""
ANSWER_LIMIT_S = 12.0
"""A read ends within this, whatever the driver does; a slow card needs three seconds."""


class Answer:
    """Exactly one answer to the session: the card's, or a failure when the limit has passed."""

    def __init__(self, post: Post, session: SessionId, limit_s: float) -> None:
        self._post = post
        self._session = session
        self._lock = threading.Lock()
        self._given = False
        self._timer = threading.Timer(limit_s, self.fail)
        self._timer.daemon = True
        self._timer.start()

    def give(self, happened: Happened) -> None:
        """Post it, unless an answer was given before."""
        self._timer.cancel()
        with self._lock:
            if self._given:
                return
            self._given = True
        self._post(happened, self._session)

    def fail(self, _error: DeviceError | None = None) -> None:
        """The reader did not do it."""
        self.give(CardFailed(CardProblem.READER))


READ_ALL_THE_SAME = (CardProblem.EXPIRED, CardProblem.DAMAGED)
"""The reader read the whole card; it will not find that card again until it is lifted, as after a good read."""


@dataclass(frozen=True, slots=True)
class _FirstCard:
    """Who laid the first card of a session: kept in memory until that person leaves, and only to be compared."""

    session: SessionId
    number: str = field(repr=False)


class IdReaderWorker(DeviceWorker[IdReader]):
    """Looks four times a second; posts `CardSeen`, `CardTaken`, `IdCardRead`, `CardFailed`."""

    kind = "id_reader"
    max_jobs = 4
    """Two questions of one person, and what is said when the one before left."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], IdReader],
        post: Post,
        today: Callable[[], str],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        answer_limit_s: float = ANSWER_LIMIT_S,
    ) -> None:
        super().__init__(name, opener, monotonic)
        self._post = post
        self._today = today
        self._answer_limit_s = answer_limit_s
        self._next_look = 0.0
        self._lying = False
        self._blind = False
        """A good read was made, and the reader has not found that card again since."""
        self._served = False
        """The card that lies there was read, or its person left: it must be lifted to be announced again."""
        self._changed = False
        """A card was found again after a miss: the one that was read, or another one laid quickly in its place."""
        self._first: _FirstCard | None = None
        self._other_for: SessionId | None = None
        """The session that asked for another person's card."""
        self._eager = False
        """That card has not been read yet."""
        self._misses = 0

    def read(self, session: SessionId) -> None:
        """Read the card that was seen; the answer is posted. From any thread.

        After `look_for_other` of this session, the card read before gives `CardFailed(SAME_CARD)`.
        """
        answer = Answer(self._post, session, self._answer_limit_s)
        if not self._submit(Job(lambda driver: self._read(driver, answer, session), answer.fail)):
            answer.fail()

    def look(self) -> None:
        """Announce a card that lies there unread once more. From any thread."""
        self._submit(Job(lambda _driver: self._announce_unread(), lambda _error: None))

    def look_for_other(self, session: SessionId) -> None:
        """The card of one person was read; now another person's is to be laid. From any thread.

        Until it was read, whatever card is laid is announced, however quickly the two were changed.
        """
        self._submit(Job(lambda _driver: self._want_other(session), lambda _error: None))

    def person_left(self) -> None:
        """A card that still lies there was left behind; who laid it is forgotten. From any thread."""
        if not self._submit(Job(lambda _driver: self._leave(), lambda _error: self._forget())):
            self._forget()

    def _leave(self) -> None:
        self._served = self._lying
        self._forget()

    def _forget(self) -> None:
        self._first = self._other_for = None
        self._eager = False

    def _want_other(self, session: SessionId) -> None:
        self._other_for, self._eager = session, True
        if self._lying and (self._changed or not (self._blind or self._served)):
            self._served = self._blind = self._changed = False
            self._post(CardSeen(CardKind.ID, self._monotonic()), None)

    def _announce_unread(self) -> None:
        if self._lying and not self._blind and not self._served:
            self._post(CardSeen(CardKind.ID, self._monotonic()), None)

    def _read(self, driver: IdReader, answer: Answer, session: SessionId) -> None:
        told = driver.read(self._today())
        self._misses, self._changed = 0, False
        self._next_look = self._monotonic() + LOOK_EVERY_S
        if isinstance(told, CardProblem):
            self._blind = told in READ_ALL_THE_SAME
            answer.give(CardFailed(told))
            return
        self._lying = self._blind = self._served = True
        if self._other_for != session or self._first is None or self._first.session != session:
            self._first = _FirstCard(session, told.number)
        elif self._first.number == told.number:
            answer.give(CardFailed(CardProblem.SAME_CARD))
            return
        else:
            self._eager = False
        answer.give(IdCardRead(told))

    def _watch(self, driver: IdReader, now: float) -> None:
        super()._watch(driver, now)
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY_S
        if driver.present():
            self._found()
        elif self._lying:
            self._missed()

    def _found(self) -> None:
        if self._another_may_lie():
            self._lift()
        if not self._lying:
            self._lying = True
            self._post(CardSeen(CardKind.ID, self._monotonic()), None)
        self._changed = self._changed or (self._served and self._misses > 0)
        self._blind = False
        self._misses = 0

    def _another_may_lie(self) -> bool:
        """A card is found now; tell whether the one before may have been lifted in between."""
        if self._served and self._eager:
            return self._misses > 0  # asked for: better the same card announced twice than another one overlooked
        if self._blind and not self._served:
            return self._misses > 0  # a card that gave nothing may be changed for another as fast as a hand can
        return self._blind and self._misses >= LIFTED_AFTER_MISSES

    def _missed(self) -> None:
        self._misses += 1
        if not self._blind and self._misses >= LIFTED_AFTER_MISSES:
            self._lift()

    def _lift(self) -> None:
        self._lying = self._blind = self._served = self._changed = False
        self._post(CardTaken(CardKind.ID), None)

    def _due(self) -> float:
        return min(super()._due(), self._next_look) if self._driver is not None else super()._due()

    def _lost(self, error: DeviceError) -> None:  # noqa: ARG002 whatever the reason, nobody sees the card now
        if self._lying and not self._blind:
            self._lift()
        self._lying = self._blind = self._served = self._changed = False


class SocialCardWorker(DeviceWorker[SocialCardReader]):
    """The slot knows whether a card is there; posts `CardSeen`, `CardTaken`, `SocialCardRead`, `PinAnswered`."""

    kind = "card_reader"
    max_jobs = 4
    """Two questions of one person, and what is said when the one before left."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], SocialCardReader],
        post: Post,
        today: Callable[[], str] = lambda: "",
        *,
        monotonic: Callable[[], float] = time.monotonic,
        answer_limit_s: float = ANSWER_LIMIT_S,
    ) -> None:
        super().__init__(name, opener, monotonic)
        self._post = post
        self._today = today
        self._answer_limit_s = answer_limit_s
        self._next_look = 0.0
        self._inside = False
        self._served = False
        """The card inside was read or hides its holder, or its person left: it must be pulled to be announced again."""

    def read(self, session: SessionId) -> None:
        """Read the card in the slot; the answer is posted. From any thread."""
        answer = Answer(self._post, session, self._answer_limit_s)

        def do(driver: SocialCardReader) -> None:
            told = driver.read(self._today())
            self._served = self._served or isinstance(told, SocialCard | NeedsAuthentication)
            answer.give(_happened(told))

        if not self._submit(Job(do, answer.fail)):
            answer.fail()

    def look(self) -> None:
        """Announce a card that sits there unread once more. From any thread."""
        self._submit(Job(lambda _driver: self._announce_unread(), lambda _error: None))

    def _announce_unread(self) -> None:
        if self._inside and not self._served:
            self._post(CardSeen(CardKind.SOCIAL, self._monotonic()), None)

    def person_left(self) -> None:
        """A card that still sits there was left behind; what its PIN opened is shut. From any thread."""
        self._submit(Job(self._leave, lambda _error: None))

    def _leave(self, driver: SocialCardReader) -> None:
        self._served = self._inside
        driver.let_go()

    def verify(self, pin: str, session: SessionId) -> None:
        """Send one PIN, once; the answer is posted. From any thread."""
        answer = Answer(self._post, session, self._answer_limit_s)

        def do(driver: SocialCardReader) -> None:
            told = driver.verify_pin(pin)
            if isinstance(told, PinOutcome):
                answer.give(PinAnswered(told.accepted, told.tries_left))
            else:
                answer.give(CardFailed(told))

        if not self._submit(Job(do, answer.fail)):
            answer.fail()

    def _watch(self, driver: SocialCardReader, now: float) -> None:
        super()._watch(driver, now)
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY_S
            self._note(driver.present())

    def _note(self, inside: bool) -> None:
        if inside == self._inside:
            return
        self._inside = inside
        self._served = False
        self._post(CardSeen(CardKind.SOCIAL, self._monotonic()) if inside else CardTaken(CardKind.SOCIAL), None)

    def _due(self) -> float:
        return min(super()._due(), self._next_look) if self._driver is not None else super()._due()

    def _lost(self, error: DeviceError) -> None:  # noqa: ARG002 whatever the reason, the card is out of reach
        self._note(inside=False)


def _happened(told: SocialCard | NeedsAuthentication | CardProblem) -> Happened:
    """What a reading means to the flow: a card that only a PSAM may open is no failure of the card."""
    match told:
        case SocialCard():
            return SocialCardRead(told)
        case NeedsAuthentication(missing):
            return CardFailed(CardProblem.HIDES_HOLDER, missing)
        case _:
            return CardFailed(told)
