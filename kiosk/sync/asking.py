"""Questions to the hall server that wait for their answers. Asking twice is harmless: the request id is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hall.commands import AnyReply
from hall.ids import RequestId
from hall.wire.lanes import Answer, Ask

MAX_WAITING: Final = 50
"""More questions than this at once means something is stuck; further ones are refused."""
MAX_WAIT_S: Final = 60.0
"""No person waits longer in front of a screen."""
AGAIN_AFTER_S: Final = 1.0
"""An unanswered question is repeated, because broker and server may both have forgotten it."""

HELD_AFTER_S: Final = 1.5
"""An answer takes milliseconds; after this people are told that the terminal is connecting."""

Answered = Callable[[AnyReply], None]


@dataclass(slots=True)
class Waiting:
    """One question under way. Times are monotonic seconds; `again_at` is when it is (next) to be sent."""

    ask: Ask
    done: Answered
    deadline: float
    again_at: float


class Asking:
    """The questions under way, in the order asked."""

    def __init__(self) -> None:
        self._waiting: dict[RequestId, Waiting] = {}

    def begin(self, ask: Ask, done: Answered, now: float) -> bool:
        """Take a question, to be sent at once; False when too many wait already."""
        if len(self._waiting) >= MAX_WAITING:
            return False
        self._waiting[ask.request] = Waiting(ask, done, now + min(ask.wait_s, MAX_WAIT_S), now)
        return True

    def answered(self, answer: Answer) -> Waiting | None:
        """Take an answer; None when nobody waits for it (any more)."""
        return self._waiting.pop(answer.request, None)

    def to_send(self, now: float) -> list[Waiting]:
        """Return what is to be sent now. Call `sent` for each that went out."""
        return [waiting for waiting in self._waiting.values() if waiting.again_at <= now]

    def sent(self, waiting: Waiting, now: float) -> None:
        """Take note that a question went out."""
        waiting.again_at = now + AGAIN_AFTER_S

    def ask_again(self, now: float) -> None:
        """Send everything again: the way to the server is new."""
        for waiting in self._waiting.values():
            waiting.again_at = now

    def overdue(self, now: float) -> list[Waiting]:
        """Take out the questions whose time is up."""
        return self._take([waiting for waiting in self._waiting.values() if waiting.deadline <= now])

    def held(self, now: float) -> bool:
        """Tell whether a question has waited longer than a server that is here ever needs."""
        asked = (waiting.deadline - min(waiting.ask.wait_s, MAX_WAIT_S) for waiting in self._waiting.values())
        return any(now - at >= HELD_AFTER_S for at in asked)

    def give_up(self) -> list[Waiting]:
        """Take out everything: the server is away."""
        return self._take(list(self._waiting.values()))

    def due(self) -> float | None:
        """Return when the next question is to be sent or is up."""
        return min((min(waiting.again_at, waiting.deadline) for waiting in self._waiting.values()), default=None)

    def _take(self, taken: list[Waiting]) -> list[Waiting]:
        for waiting in taken:
            del self._waiting[waiting.ask.request]
        return taken
