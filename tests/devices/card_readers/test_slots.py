"""Several readers: which one is looked at first, readers that come and go, cards that were forgotten."""

from dataclasses import replace

import pytest

from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.pcsc import Options, PcscReader, connect
from kiosk.devices.card_readers.places import SLOT_TYPES, Choice, Slots
from kiosk.devices.card_readers.slot import CardGoneError, Slot
from kiosk.devices.virtual.social_chip import SocialFace
from kiosk.ports import CardProblem, DeviceError, Fault, PinOutcome, SocialCard
from tests.devices.card_readers.pcsc_service import FakeService

CONTACT, AIR, BANK = "ACS ACR1281 [1S Dual] 00 00", "ACS ACR1281 [1S Dual PICC] 01 00", "Bank Reader 02 00"
NAMES = [BANK, AIR, CONTACT]
LI_HE = SocialFace("李和", "000000198907220025")
WANG_PING = SocialFace("王平", "000000197511030036", card_number="A00000011")
TODAY = "20261123"


@pytest.mark.parametrize(
    ("choice", "places"),
    [
        (Choice(), (AIR, CONTACT, BANK)),
        (Choice("ACR1281"), (AIR, CONTACT)),
        (Choice("acr1281", "picc"), (CONTACT, AIR)),
        (Choice("ACR*", "*PICC*", Slots.CONTACTLESS_FIRST), (AIR, CONTACT)),
        (Choice("", "PICC", Slots.CONTACT), (CONTACT, BANK)),
        (Choice("", "PICC", Slots.CONTACTLESS), (AIR,)),
        (Choice("ACR1281 [1S Dual] 0? 00"), (CONTACT,)),
        (Choice("nothing"), ()),
    ],
)
def test_readers_are_chosen_by_name_and_looked_at_in_the_order_told(choice: Choice, places: tuple[str, ...]) -> None:
    assert choice.places(NAMES) == places


def test_the_four_orders_are_types_1_to_4() -> None:
    assert [SLOT_TYPES[slots] for slots in Slots] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slots": "both"}, "slots 'both' is not one of contact, contactless"),
        ({"slots": "contactless"}, "needs contactless"),
        ({"pin_length": 3}, "pin_length 3"),
        ({"card_timeout_s": 0.0}, "card_timeout_s"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_by_name(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence):
        connect(replace(Options(), **wrong), "card_reader")  # type: ignore[arg-type]


@pytest.fixture
def service() -> FakeService:
    made = FakeService()
    made.plug(CONTACT, AIR)
    return made


@pytest.fixture
def slot(service: FakeService) -> Slot:
    return Slot(Choice("ACR", "PICC"), service)


def reader_of(slot: Slot) -> PcscReader:
    return PcscReader(slot, Options(reader="ACR", contactless="PICC"), PinCoding.BCD, "card_reader")


@pytest.mark.parametrize("place", [CONTACT, AIR])
def test_the_card_is_where_it_is(service: FakeService, slot: Slot, place: str) -> None:
    reader = reader_of(slot)
    assert not reader.present()
    service.insert(place, LI_HE)
    assert reader.present()
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.state().readings == {"service": True, "reader": place, "last_card": "read"}
    service.pull(place)
    assert not reader.present()
    reader.close()


@pytest.mark.parametrize(
    ("slots", "name"),
    [(Slots.CONTACT_FIRST, "王平"), (Slots.CONTACTLESS_FIRST, "李和")],
)
def test_of_two_cards_the_preferred_one_is_read(service: FakeService, slots: Slots, name: str) -> None:
    service.insert(AIR, LI_HE)
    service.insert(CONTACT, WANG_PING)
    reader = reader_of(Slot(Choice("ACR", "PICC", slots), service))
    assert reader.present()
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert card.name == name
    reader.close()


def test_another_card_that_appears_in_mid_session_changes_nothing(service: FakeService, slot: Slot) -> None:
    reader = reader_of(slot)
    service.insert(AIR, LI_HE)
    assert reader.present()
    assert isinstance(reader.read(TODAY), SocialCard)
    service.insert(CONTACT, WANG_PING)
    assert reader.present()
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert (card.name, card.authenticated) == ("李和", True)
    reader.close()


@pytest.mark.row("RGT-03", part="rule")
def test_a_forgotten_card_keeps_nobody_waiting_and_is_offered_to_nobody(service: FakeService, slot: Slot) -> None:
    reader = reader_of(slot)
    service.insert(CONTACT, LI_HE)
    assert reader.present()
    assert isinstance(reader.read(TODAY), SocialCard)
    reader.let_go()
    assert reader.present()  # it still sits there
    service.insert(AIR, WANG_PING)
    assert not reader.present()  # one card went, as far as anybody is concerned …
    assert reader.present()  # … and another one came
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert card.name == "王平"
    reader.let_go()
    service.pull(AIR)
    assert not reader.present()
    assert not reader.present()  # the forgotten one is not the next person's
    service.pull(CONTACT)
    assert not reader.present()
    service.insert(CONTACT, LI_HE)
    assert reader.present()
    reader.close()


def test_cards_changed_faster_than_anybody_looks_are_two_cards(service: FakeService, slot: Slot) -> None:
    service.insert(CONTACT, LI_HE)
    assert slot.present()
    service.insert(CONTACT, WANG_PING)
    assert [slot.present(), slot.present()] == [False, True]


def test_a_reader_that_is_pulled_and_put_back_is_told_and_used_again(service: FakeService, slot: Slot) -> None:
    reader = reader_of(slot)
    service.insert(CONTACT, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    service.unplug(CONTACT)
    assert not reader.present()  # the contactless half is still there
    assert reader.state().readings["reader"] == AIR
    service.unplug(AIR)
    assert reader.state().fault is Fault.DISCONNECTED
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.DISCONNECTED
    assert reader.verify_pin("123456") is CardProblem.MOVED
    service.plug(CONTACT)
    assert reader.state().fault is None
    assert not reader.present()
    service.insert(CONTACT, LI_HE)
    assert reader.present()
    assert isinstance(reader.read(TODAY), SocialCard)
    reader.close()
    assert not service.contexts
    assert not service.cards


def test_a_service_that_forgot_everything_is_asked_anew_and_the_pin_too(service: FakeService, slot: Slot) -> None:
    reader = reader_of(slot)
    service.insert(CONTACT, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    service.restart()
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated
    service.running = False
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.NO_SERVICE
    service.running = True
    assert reader.present()
    reader.close()
    assert not service.contexts


def test_an_empty_slot_holds_nothing(slot: Slot) -> None:
    with pytest.raises(CardGoneError):
        slot.connect()
    with pytest.raises(CardGoneError):
        slot.transmit(b"\x00\x84\x00\x00\x08")
    slot.leave()
    slot.close()
