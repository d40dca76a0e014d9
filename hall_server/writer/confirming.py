"""How the administrator's word reaches the running writer: a file beside the ledger, of the server's own user.

The ledger has one writer, so `day confirm` writes nothing into it. It lays its word into this box, the writer takes it
within a second, decides, commits, and lays the answer beside it. A word that nobody takes is taken back, so that none
lies there for a later, other day.
"""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from hall.commands import AnyReply, Refused
from hall.day_facts import DayOpened, DayWithdrawn
from hall.events import Event

log = logging.getLogger(__name__)

WORD, ANSWER = ".day-word", ".day-answer"
MAX_WORD_BYTES = 4096
TAKEN_WITHIN_S = 10.0
"""The writer looks every second; its longest turn, after an outage, takes less than this."""
ANSWERED_WITHIN_S = 20.0
"""Opening a day reads an earlier life of it from the ledger, and writes; after that it hangs."""
POLL_S = 0.1


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """What the administrator said. `id` tells its answer from an older one."""

    id: str
    day: str
    by: str
    reason: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; `refused` is a sentence, empty when it was done."""

    id: str
    refused: str = ""
    opened: str = ""
    withdrawn: str = ""
    issued: int = 0
    ended: tuple[str, ...] = ()


class WordBox:
    """Both ends of the box. The writer's end never raises: a broken file is put away and said aloud."""

    def __init__(self, ledger: Path) -> None:
        self._word = ledger.with_name(ledger.name + WORD)
        self._answer = ledger.with_name(ledger.name + ANSWER)

    def take(self) -> Spoken | None:
        """Take the word that lies there, if any."""
        if not self._word.exists():
            return None
        try:
            with self._word.open("rb") as file:
                body = file.read(MAX_WORD_BYTES)
            self._word.unlink()
            return msgspec.json.decode(body, type=Spoken)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            log.warning("a word for the day cannot be read: %s", type(error).__name__)
            with contextlib.suppress(OSError):
                self._word.unlink(missing_ok=True)
            return None

    def answer(self, spoken: Spoken, reply: AnyReply, events: tuple[Event, ...]) -> None:
        """Lay down what came of a word."""
        told = Outcome(id=spoken.id, refused=reply.sentence if isinstance(reply, Refused) else "")
        for event in events:
            if isinstance(event, DayOpened):
                told = msgspec.structs.replace(told, opened=event.day)
            elif isinstance(event, DayWithdrawn):
                told = msgspec.structs.replace(told, withdrawn=event.day, issued=event.issued, ended=event.ended)
        try:
            _put(self._answer, msgspec.json.encode(told))
        except OSError as error:
            log.warning("the answer to a word for the day cannot be written: %s", error.strerror)

    def say(self, spoken: Spoken, monotonic: Callable[[], float], pause: Callable[[float], None]) -> Outcome | None:
        """Lay down a word and wait for its answer; None when no server took it. `OSError` where nothing can be laid."""
        _put(self._word, msgspec.json.encode(spoken))
        began_s = monotonic()
        while (waited_s := monotonic() - began_s) < ANSWERED_WITHIN_S + TAKEN_WITHIN_S:
            found = self._outcome()
            if found is not None and found.id == spoken.id:
                self._answer.unlink(missing_ok=True)
                return found
            if waited_s >= TAKEN_WITHIN_S and self._taken_back():
                return None
            pause(POLL_S)
        return None

    def _taken_back(self) -> bool:
        try:
            self._word.unlink()
        except FileNotFoundError:
            return False
        return True

    def _outcome(self) -> Outcome | None:
        try:
            return msgspec.json.decode(self._answer.read_bytes(), type=Outcome)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None


def _put(path: Path, body: bytes) -> None:
    """Write a file that is whole as soon as it has its name, for its owner only."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
