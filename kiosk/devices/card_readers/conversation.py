"""One social-security card in a slot, spoken to in commands: on the PC/SC thread only. Devices reference 3.1 to 3.4."""

from kiosk.devices.card_readers import apdu
from kiosk.devices.card_readers.apdu import PinCoding, Reply, Word, word
from kiosk.devices.card_readers.slot import CardGoneError, CardMuteError, CardPort, ServiceGoneError
from kiosk.devices.card_readers.social_files import (
    Record,
    card_number_in,
    day_in,
    is_full,
    name_in,
    number_in,
    value_of,
    version_in,
)
from kiosk.ports import CardProblem, NeedsAuthentication, PinOutcome, SocialCard, SocialField

MAX_FOLLOW_UPS = 4
"""61 xx and 6C xx obeyed for one command; a card that asks for more is going round in circles."""
MAX_RECORDS = 12
"""Records looked through in a file whose card does not know tags; the files have seven."""

_HOLDER = (SocialField.NUMBER, SocialField.NAME)
_PROBLEMS = {Word.BLOCKED: CardProblem.LOCKED, Word.LOCKED_FOR_GOOD: CardProblem.REPLACE}
_NOT_OURS = (Word.ABSENT, Word.REFUSED)
_NOBODY_YET = "nothing yet"


class _UnsoundError(Exception):
    """The card does not behave as its kind should."""

    def __init__(self, problem: CardProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Conversation:
    """Holds one insertion as long as it can, so that what a PIN opened is never another card's."""

    def __init__(self, slot: CardPort, coding: PinCoding, *, check_card_number: bool) -> None:
        self._slot = slot
        self._coding = coding
        self._check_card_number = check_card_number
        self._authenticated = False
        """A PIN was accepted over the connection held now; a new connection is a new insertion."""
        self._word = 0
        """The last status word."""
        self.last = _NOBODY_YET
        """How the last reading ended, for the technician: never what stands on a card."""

    def read(self, today: str) -> SocialCard | NeedsAuthentication | CardProblem:
        """Read; a connection held from before (another insertion, another pcscd) is given up and made anew, once."""
        told = self._read_again_if_gone(today)
        match told:
            case SocialCard():
                self.last = "read"
            case NeedsAuthentication(missing):
                self.last = f"needs authentication for {', '.join(missing)}"
            case CardProblem.EXPIRED | CardProblem.MOVED:
                self.last = told.value
            case _:
                self.last = f"{told.value}, status word {self._word:04X}" if self._word else f"{told.value}, mute"
        return told

    def verify(self, pin: str) -> PinOutcome | CardProblem:
        """Send this PIN once, to the card that was read and is still held."""
        if not self._slot.connected:
            return CardProblem.MOVED
        try:
            reply = self._once(apdu.verify(pin, self._coding))
        except CardMuteError:
            return CardProblem.DAMAGED
        except CardGoneError:
            return CardProblem.MOVED
        except _UnsoundError as unsound:
            self.drop()
            return unsound.problem
        answered = word(reply.word)
        self._authenticated = answered is Word.OK
        match answered:
            case Word.OK:
                return PinOutcome(accepted=True)
            case Word.WRONG_PIN:
                return PinOutcome(accepted=False, tries_left=apdu.tries_left(reply.word))
            case Word.REFUSED | Word.ABSENT:
                return CardProblem.UNKNOWN_CARD
            case _:
                return _PROBLEMS.get(answered, CardProblem.DAMAGED)

    def drop(self) -> None:
        """Unpower the card."""
        self._authenticated = False
        self._slot.disconnect()

    def leave(self) -> None:
        """Unpower the card that its person may have forgotten."""
        self._authenticated = False
        self._slot.leave()

    def _read_again_if_gone(self, today: str) -> SocialCard | NeedsAuthentication | CardProblem:
        held = self._slot.connected
        try:
            return self._read(today)
        except ServiceGoneError:
            if not held:
                raise
        except CardGoneError:
            if not held:
                return CardProblem.MOVED
        try:
            return self._read(today)
        except CardGoneError:
            return CardProblem.MOVED

    def _read(self, today: str) -> SocialCard | NeedsAuthentication | CardProblem:
        self._word = 0
        try:
            self._hold()
            return self._records(today)
        except CardMuteError:
            return CardProblem.DAMAGED
        except _UnsoundError as unsound:
            self.drop()
            return unsound.problem

    def _hold(self) -> None:
        """Connect and select the environment, unless this insertion is held.

        Selecting again may shut what a PIN has opened.
        """
        if self._slot.connected:
            return
        self._authenticated = False
        try:
            self._slot.connect()
        except CardMuteError:  # a card pushed in slowly is powered before its contacts lie well
            self._slot.connect()
        selected = word(self._command(apdu.select_environment()).word)
        if selected in _NOT_OURS:
            raise _UnsoundError(CardProblem.UNKNOWN_CARD)
        if selected is not Word.OK:
            raise _UnsoundError(_PROBLEMS.get(selected, CardProblem.DAMAGED))

    def _records(self, today: str) -> SocialCard | NeedsAuthentication | CardProblem:
        file = self._select(apdu.EF_CARD)
        if file is not Word.OK:
            hidden = file is Word.NEEDS_AUTHENTICATION
            return NeedsAuthentication(tuple(SocialField)) if hidden else CardProblem.UNKNOWN_CARD
        version = version_in(self._value(Record.VERSION) or b"")
        expires = day_in(self._value(Record.EXPIRES) or b"")
        card_number = card_number_in(self._value(Record.CARD_NUMBER) or b"")
        if expires is None or (card_number is None and self._check_card_number):
            return CardProblem.DAMAGED
        if expires and today and expires < today:
            return CardProblem.EXPIRED
        hidden_of_card = () if card_number else (SocialField.CARD_NUMBER,)
        if self._select(apdu.EF_HOLDER) is not Word.OK:
            return NeedsAuthentication((*hidden_of_card, *_HOLDER))
        number = number_in(self._value(Record.NUMBER) or b"")
        name = self._name()
        if number is None or name is None:
            return CardProblem.DAMAGED
        if not number or not name:
            told = zip(_HOLDER, (number, name), strict=True)
            return NeedsAuthentication((*hidden_of_card, *(field for field, value in told if not value)))
        return SocialCard(name=name, number=number, version=version, authenticated=self._authenticated)

    def _name(self) -> str | None:
        """The name, with its extension when it fills its field."""
        name = self._value(Record.NAME) or b""
        extension = self._value(Record.NAME_EXTENSION) if is_full(name) else None
        return name_in(name, extension or b"")

    def _select(self, file: int) -> Word:
        """Select a file in either way: `OK`, `NEEDS_AUTHENTICATION`, or `ABSENT` when this card has it not for us."""
        refused = Word.ABSENT
        for way in apdu.SELECT_EF_WAYS:
            match word(self._command(apdu.select_file(file, way)).word):
                case (Word.OK | Word.NEEDS_AUTHENTICATION) as answered:
                    return answered
                case (Word.BLOCKED | Word.LOCKED_FOR_GOOD) as answered:
                    raise _UnsoundError(_PROBLEMS[answered])
                case Word.ABSENT | Word.REFUSED:
                    continue
                case _:
                    refused = Word.FAILED
        if refused is Word.FAILED:
            raise _UnsoundError(CardProblem.DAMAGED)
        return refused

    def _value(self, record: Record) -> bytes | None:
        """Read one record of the selected file; None when it is absent or hidden.

        Most cards know tags. One that takes the tag for a number answers another record, or none: it is looked through.
        """
        found = self._by_tag(record)
        return found if found is not None or word(self._word) is Word.NEEDS_AUTHENTICATION else self._by_number(record)

    def _by_tag(self, record: Record) -> bytes | None:
        return self._answered(record, apdu.read_record(record.value.tag, record.value.value_bytes))

    def _by_number(self, record: Record) -> bytes | None:
        for number in range(1, MAX_RECORDS + 1):
            found = self._answered(record, apdu.read_record_number(number, record.value.value_bytes))
            if found is not None:
                return found
            if word(self._word) is not Word.OK:
                return None
        return None

    def _answered(self, record: Record, command: bytes) -> bytes | None:
        """Return the value when this record was answered; None when another one was, or none is for us."""
        reply = self._command(command)
        match word(reply.word):
            case Word.OK:
                return value_of(record, reply.data)
            case Word.NEEDS_AUTHENTICATION | Word.ABSENT | Word.REFUSED:
                return None
            case answered:
                raise _UnsoundError(_PROBLEMS.get(answered, CardProblem.DAMAGED))

    def _command(self, command: bytes) -> Reply:
        """Send a reading command, obeying 61 xx and 6C xx."""
        reply = self._once(command)
        data = b""
        for _ in range(MAX_FOLLOW_UPS):
            match word(reply.word):
                case Word.LENGTH:
                    reply = self._once(apdu.with_length(command, reply.word & 0xFF))
                case Word.MORE:
                    data += reply.data
                    reply = self._once(apdu.get_response(reply.word & 0xFF))
                case _:
                    return Reply(reply.word, data + reply.data)
        raise _UnsoundError(CardProblem.DAMAGED)

    def _once(self, command: bytes) -> Reply:
        answer = self._slot.transmit(command)
        if len(answer) < 2:  # noqa: PLR2004 - a status word
            raise _UnsoundError(CardProblem.DAMAGED)
        self._word = int.from_bytes(answer[-2:], "big")
        return Reply(self._word, answer[:-2])
