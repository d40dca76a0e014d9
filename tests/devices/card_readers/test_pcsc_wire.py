"""The driver on the real pcscd and vpcd, shut in namespaces of their own, with the virtual card behind the wire."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.devices.card_readers.pcsc import Options, connect
from kiosk.devices.virtual.card_slot import CardSlot
from kiosk.devices.virtual.social_chip import SocialFace, third_generation
from kiosk.ports import (
    CardProblem,
    DeviceError,
    Fault,
    NeedsAuthentication,
    PinOutcome,
    SocialCard,
    SocialCardReader,
    SocialField,
)
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

TODAY = "20261123"
LI_HE = SocialFace("李和", "000000198907220025", baud=0)

SEEN_S = 5.0
"""pcscd looks at its readers every 0.4 s; a busy machine may need more."""

Place = tuple[CardSlot, SocialCardReader]


@pytest.fixture
def place(slot: CardSlot) -> Iterator[Place]:
    reader = connect(Options(card_timeout_s=3.0), "card_reader")
    wait_for(reader, present=False)  # pcscd needs half a second to miss the card of the test before
    yield slot, reader
    slot.start_pcscd()
    slot.remove()
    slot.remove(contactless=True)
    reader.close()


def wait_for(reader: SocialCardReader, *, present: bool) -> None:
    """Ask as the kiosk does, until pcscd has seen the card."""
    deadline, pause = time.monotonic() + SEEN_S, threading.Event()
    while reader.present() is not present:
        assert time.monotonic() < deadline
        pause.wait(0.02)


def put_in(place: Place, face: SocialFace) -> None:
    slot, reader = place
    slot.insert(face)
    wait_for(reader, present=True)


def test_an_open_card_is_read_and_its_pin_is_counted_by_the_card(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    slot, reader = place
    assert reader.state().readings == {"service": True, "reader": "Virtual PCD 00 00", "last_card": "nothing yet"}
    put_in(place, LI_HE)
    card = reader.read(TODAY)
    assert card == SocialCard(name="李和", number="000000198907220025", version="2.00")
    assert reader.verify_pin("000000") == PinOutcome(accepted=False, tries_left=2)
    told = slot.state()
    assert (told["tries_left"], told["pin_tries_spent"]) == (2, 1)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert card.authenticated
    slot.insert(replace(LI_HE, name="王平", number="000000197511030036"))
    wait_for(reader, present=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert (card.name, card.authenticated) == ("王平", False)
    for text in (caplog.text, repr(card), repr(reader.state())):
        assert "王平" not in text
        assert "0000001975" not in text


def test_a_third_generation_card_hides_its_holder(place: Place) -> None:
    put_in(place, third_generation(LI_HE))
    assert place[1].read(TODAY) == NeedsAuthentication(tuple(SocialField))


def test_a_restart_of_pcscd_is_survived_and_the_pin_must_be_given_again(place: Place) -> None:
    slot, reader = place
    put_in(place, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    slot.restart_pcscd()
    wait_for(reader, present=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated


def test_without_pcscd_the_fault_is_named_and_it_may_come_back(place: Place) -> None:
    slot, reader = place
    assert not reader.present()
    slot.stop_pcscd()
    state = reader.state()
    assert (state.fault, state.may_serve) == (Fault.NO_SERVICE, False)
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.NO_SERVICE
    slot.start_pcscd()
    assert reader.state().fault is None


def test_a_card_pulled_in_mid_read_has_moved_and_the_next_reads(place: Place) -> None:
    slot, reader = place
    put_in(place, LI_HE)
    slot.remove_mid_read(4)
    assert reader.read(TODAY) is CardProblem.MOVED
    put_in(place, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)


def test_a_card_that_stops_answering_is_silent_in_time_and_pulling_it_heals(place: Place) -> None:
    slot = place[0]
    impatient = connect(Options(card_timeout_s=0.5), "card_reader")
    put_in((slot, impatient), replace(LI_HE, mute=True))
    with pytest.raises(DeviceError) as told:
        impatient.read(TODAY)
    assert told.value.reason is Fault.SILENT
    slot.remove()
    deadline, pause = time.monotonic() + SEEN_S, threading.Event()
    while impatient.state().fault is not None:
        assert time.monotonic() < deadline
        pause.wait(0.02)
    impatient.close()


def test_a_card_over_the_air_is_read_and_a_card_in_the_slot_goes_first(place: Place) -> None:
    slot = place[0]
    reader = connect(Options(reader="Virtual", contactless="* 01", card_timeout_s=3.0), "card_reader")
    slot.insert(replace(LI_HE, name="王平", number="000000197511030036"), contactless=True)
    wait_for(reader, present=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard), reader.state()
    assert card.name == "王平"
    assert reader.state().readings["reader"] == "Virtual PCD 00 01"
    slot.remove(contactless=True)
    wait_for(reader, present=False)
    slot.insert(LI_HE)
    wait_for(reader, present=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert card.name == "李和"
    reader.close()


def test_a_reader_that_is_pulled_is_told_and_found_again_with_its_card(place: Place) -> None:
    slot, reader = place
    put_in(place, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    slot.unplug_reader()
    assert slot.state()["reader"] is False
    assert reader.state().fault is Fault.DISCONNECTED
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    assert told.value.reason is Fault.DISCONNECTED
    slot.replug_reader()
    wait_for(reader, present=True)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.state().fault is None


def test_a_reader_opened_read_and_closed_again_and_again_leaves_nothing(place: Place) -> None:
    put_in(place, LI_HE)

    def open_read_close() -> None:
        reader = connect(Options(card_timeout_s=5.0), "card_reader")
        assert reader.present()
        assert isinstance(reader.read(TODAY), SocialCard)
        reader.close()

    assert_nothing_leaks(open_read_close, reconnects(usual=200))


def test_a_reader_of_another_name_is_not_there(place: Place) -> None:
    assert place[0].state()["service"]
    reader = connect(Options(reader="No Such"), "card_reader")
    assert reader.state().fault is Fault.DISCONNECTED
    reader.close()


def test_nothing_of_the_slot_listens_outside_its_namespace(slot: CardSlot) -> None:
    assert slot.state()["service"]
    listening = Path("/proc/net/tcp").read_text(encoding="ascii") + Path("/proc/net/tcp6").read_text(encoding="ascii")
    assert ":8C7B " not in listening


def test_a_slot_whose_path_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="too long"):
        CardSlot(tmp_path / ("x" * 100)).start()


def test_an_order_to_a_slot_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="does not answer"):
        CardSlot(tmp_path).state()
