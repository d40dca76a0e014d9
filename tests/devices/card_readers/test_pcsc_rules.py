"""The driver's rules with the virtual card in process: manners of cards, PIN, insertions, stuck readers."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.pcsc import Options, PcscReader, connect
from kiosk.devices.card_readers.slot import CardGoneError, CardMuteError, NoReaderError, ReaderTakenError
from kiosk.devices.virtual.social_chip import SocialCard as Chip
from kiosk.devices.virtual.social_chip import SocialFace, third_generation
from kiosk.ports import (
    CardProblem,
    DeviceError,
    Fault,
    NeedsAuthentication,
    PinOutcome,
    SocialCard,
    SocialField,
)

TODAY = "20261123"
LI_HE = SocialFace("李和", "000000198907220025")
CARD, NUMBER, NAME = SocialField.CARD_NUMBER, SocialField.NUMBER, SocialField.NAME


class InProcessSlot:
    """A reader with memory: the chip in it, what was sent, and whether the card was swapped under a connection."""

    def __init__(self, face: SocialFace) -> None:
        self.chip: Chip | None = Chip(face)
        self.sent: list[bytes] = []
        self.trouble: Exception | None = None
        self.answer: Callable[[bytes], bytes] | None = None
        self._held: Chip | None = None

    def insert(self, face: SocialFace | None) -> None:
        self.chip = Chip(face) if face else None

    @property
    def connected(self) -> bool:
        return self._held is not None

    def reader(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        return "in process"

    def present(self) -> bool:
        self.reader()
        return self.chip is not None

    def connect(self) -> None:
        self.reader()
        if self.chip is None:
            raise CardGoneError
        if self.chip.face.mute:
            raise CardMuteError
        self.chip.power(on=True)
        self._held = self.chip

    def transmit(self, command: bytes) -> bytes:
        if self._held is None or self._held is not self.chip:
            self._held = None
            raise CardGoneError
        self.sent.append(command)
        return (self.answer or self._held.answer)(command)

    def disconnect(self) -> None:
        if self._held is not None:
            self._held.power(on=False)
        self._held = None

    def leave(self) -> None:
        self.disconnect()

    def close(self) -> None:
        self.disconnect()


def reader_of(face: SocialFace, *, timeout_s: float = 5.0) -> tuple[InProcessSlot, PcscReader]:
    slot = InProcessSlot(face)
    return slot, PcscReader(slot, Options(card_timeout_s=timeout_s), PinCoding.BCD, "card_reader")


def pins_sent(slot: InProcessSlot) -> list[bytes]:
    return [command for command in slot.sent if command[1] == 0x20]


@pytest.mark.parametrize(
    "face",
    [
        LI_HE,
        replace(LI_HE, version="1.00"),
        replace(LI_HE, file_way=0x00),
        replace(LI_HE, exact_length=False),
        replace(LI_HE, file_way=0x00, exact_length=False),
    ],
)
def test_cards_of_every_manner_are_read(face: SocialFace) -> None:
    _, reader = reader_of(face)
    card = reader.read(TODAY)
    assert card == SocialCard(name="李和", number="000000198907220025", version=face.version)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    reader.close()


@pytest.mark.row("RGT-02", part="rule")
@pytest.mark.parametrize(
    ("face", "problem"),
    [
        (third_generation(LI_HE), NeedsAuthentication((CARD, NUMBER, NAME))),
        (replace(LI_HE, version="3.00", refuses_holder=True), NeedsAuthentication((NUMBER, NAME))),
        (replace(LI_HE, name=""), NeedsAuthentication((NAME,))),
        (replace(LI_HE, number=""), NeedsAuthentication((NUMBER,))),
        (replace(LI_HE, expires="20261122"), CardProblem.EXPIRED),
        (replace(LI_HE, works=False), CardProblem.DAMAGED),
        (replace(LI_HE, mute=True), CardProblem.DAMAGED),
        (replace(LI_HE, number="000000198907220026"), CardProblem.DAMAGED),
    ],
)
def test_a_card_that_opens_nothing_says_why(face: SocialFace, problem: CardProblem | NeedsAuthentication) -> None:
    _, reader = reader_of(face)
    assert reader.read(TODAY) == problem
    reader.close()


def test_the_last_day_still_serves_and_without_a_day_expiry_is_not_judged() -> None:
    _, reader = reader_of(replace(LI_HE, expires="20261123"))
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.read("20261124") is CardProblem.EXPIRED
    assert isinstance(reader.read(), SocialCard)
    reader.close()


@pytest.mark.parametrize(
    ("answered", "problem"),
    [
        (b"\x6a\x82", CardProblem.UNKNOWN_CARD),
        (b"\x6d\x00", CardProblem.UNKNOWN_CARD),
        (b"\x93\x03", CardProblem.REPLACE),
        (b"\x69\x83", CardProblem.LOCKED),
        (b"\x6f\x00", CardProblem.DAMAGED),
        (b"\x90", CardProblem.DAMAGED),
        (b"\x61\x10", CardProblem.DAMAGED),
        (b"\x6c\x10", CardProblem.DAMAGED),
    ],
)
def test_a_card_that_answers_everything_alike_ends_in_a_problem(answered: bytes, problem: CardProblem) -> None:
    slot, reader = reader_of(LI_HE)
    slot.answer = lambda _: answered
    assert reader.read(TODAY) is problem
    assert len(slot.sent) < 8
    reader.close()


def test_a_wrong_pin_costs_exactly_one_try() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("000000") == PinOutcome(accepted=False, tries_left=2)
    assert pins_sent(slot) == [bytes.fromhex("0020000003000000")]
    assert slot.chip is not None
    assert slot.chip.tries_left == 2
    reader.close()


def test_three_wrong_pins_lock_and_the_right_one_then_changes_nothing() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert [reader.verify_pin("000000") for _ in range(3)][-1] == PinOutcome(accepted=False, tries_left=0)
    assert reader.verify_pin("123456") is CardProblem.LOCKED
    assert len(pins_sent(slot)) == 4
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    reader.close()


@pytest.mark.parametrize("pin", ["12345", "1234567", "", "12345a", "１２３４５６", "12 456"])
def test_a_pin_that_does_not_fit_the_profile_is_never_sent(pin: str) -> None:
    slot, reader = reader_of(LI_HE)
    with pytest.raises(DeviceError) as told:
        reader.verify_pin(pin)
    assert told.value.reason is Fault.REFUSED
    assert not slot.sent
    assert not pin or pin not in str(told.value)


@pytest.mark.parametrize("answered", [b"\x6c\x03", b"\x61\x02", b"\x67\x00", b"\x6f\x00", b"\x69\x84"])
def test_an_odd_answer_to_a_pin_never_sends_it_again(answered: bytes) -> None:
    slot, reader = reader_of(LI_HE)
    chip = slot.chip
    assert chip is not None
    slot.answer = lambda command: answered if command[1] == 0x20 else chip.answer(command)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert isinstance(reader.verify_pin("123456"), CardProblem)
    assert len(pins_sent(slot)) == 1
    reader.close()


def test_a_card_is_authenticated_only_while_it_stays_in() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    for _ in range(2):
        card = reader.read(TODAY)
        assert isinstance(card, SocialCard)
        assert card.authenticated
    slot.insert(replace(LI_HE, name="王平", number="000000197511030036"))
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert (card.name, card.authenticated) == ("王平", False)
    reader.close()


def test_a_pin_typed_for_one_card_is_not_sent_to_the_next() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    slot.insert(replace(LI_HE, name="王平", number="000000197511030036"))
    assert reader.verify_pin("123456") is CardProblem.MOVED
    assert not pins_sent(slot)
    reader.close()


def test_a_pin_is_sent_only_to_a_card_that_was_read() -> None:
    slot, reader = reader_of(LI_HE)
    assert reader.verify_pin("123456") is CardProblem.MOVED
    assert isinstance(reader.read(TODAY), SocialCard)
    slot.disconnect()  # the service came back between two looks; the card in the slot may be another one
    assert reader.verify_pin("123456") is CardProblem.MOVED
    assert not pins_sent(slot)
    reader.close()


def test_letting_go_shuts_what_the_pin_opened_and_leaves_the_card_readable() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    chip = slot.chip
    assert chip is not None
    assert chip.verified
    reader.let_go()
    assert not chip.verified
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    reader.close()


def test_a_wrong_pin_after_a_right_one_takes_the_authentication_back() -> None:
    _, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    reader.verify_pin("123456")
    reader.verify_pin("111111")
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    reader.close()


def test_closing_shuts_what_the_pin_opened() -> None:
    slot, reader = reader_of(LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    reader.verify_pin("123456")
    reader.close()
    with pytest.raises(DeviceError):
        reader.read(TODAY)
    reader = PcscReader(slot, Options(), PinCoding.BCD, "card_reader")
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    reader.close()


def test_an_empty_slot_has_moved_the_card() -> None:
    slot, reader = reader_of(LI_HE)
    slot.insert(None)
    assert not reader.present()
    assert reader.read(TODAY) is CardProblem.MOVED
    assert reader.verify_pin("123456") is CardProblem.MOVED
    reader.close()


@pytest.mark.parametrize(
    ("trouble", "fault"), [(NoReaderError(), Fault.DISCONNECTED), (ReaderTakenError(), Fault.REFUSED)]
)
def test_a_reader_in_trouble_names_its_fault(trouble: Exception, fault: Fault) -> None:
    slot, reader = reader_of(LI_HE)
    slot.trouble = trouble
    state = reader.state()
    assert (state.fault, state.may_serve) == (fault, False)
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    assert told.value.reason is fault
    slot.trouble = None
    assert reader.state().fault is None
    reader.close()


def test_a_reader_that_hangs_is_silent_in_time_and_what_it_did_late_counts_for_nothing() -> None:
    slot, reader = reader_of(LI_HE, timeout_s=1.5)
    chip, let_go = slot.chip, threading.Event()
    assert chip is not None

    def slow(command: bytes) -> bytes:
        if command[1] == 0x20:
            let_go.wait(60)
        return chip.answer(command)

    slot.answer = slow
    assert isinstance(reader.read(TODAY), SocialCard)
    with pytest.raises(DeviceError) as told:
        reader.verify_pin("123456")
    assert told.value.reason is Fault.SILENT
    assert reader.state().fault is Fault.SILENT
    late = reader._errands._late
    assert late is not None
    let_go.set()
    assert late.done.wait(60)
    slot.answer = None
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    assert len(pins_sent(slot)) == 1
    reader.close()


def test_an_unknown_pin_coding_is_refused_by_name() -> None:
    with pytest.raises(DeviceError, match="'hex' is not one of bcd, ascii"):
        connect(Options(pin_coding="hex"), "card_reader")
