"""Worker and driver together: what a flow is told, and that nothing of a card or a PIN stays or is written down."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hall.ids import SessionId
from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.pcsc import Options, PcscReader
from kiosk.devices.virtual.social_chip import SocialFace, third_generation
from kiosk.devices.workers import SocialCardWorker
from kiosk.flows.words import CardFailed, PinAnswered, SocialCardRead
from kiosk.ports import CardProblem, SocialField
from tests.devices.card_readers.test_pcsc_rules import InProcessSlot
from tests.devices.id_readers.test_nothing_of_the_card_survives import held_by
from tests.devices.workers.fakes import Posts

ME = SessionId("me")
TODAY = "20261123"
PIN = "864209"
LI_HE = SocialFace("李和", "000000198907220025", pin=PIN)


class Place:
    """One card in one reader, with its worker."""

    def __init__(self, face: SocialFace) -> None:
        self.slot = InProcessSlot(face)
        self.reader = PcscReader(self.slot, Options(), PinCoding.BCD, "card_reader")
        self.posts = Posts()
        self.now = 0.0
        self.worker = SocialCardWorker(
            "K1.card_reader", lambda: self.reader, self.posts, lambda: TODAY, monotonic=lambda: self.now
        )

    def looks(self, times: int = 1) -> None:
        for _ in range(times):
            self.worker.step()
            self.now += 0.25

    def told(self) -> list[object]:
        return [happened for happened, _ in self.posts.entries]


@pytest.fixture
def made() -> Iterator[list[Place]]:
    places: list[Place] = []
    yield places
    for place in places:
        place.worker.stop()
        place.reader.close()


@pytest.mark.parametrize(
    ("face", "missing"),
    [
        (third_generation(LI_HE), tuple(SocialField)),
        (replace(LI_HE, refuses_holder=True), (SocialField.NUMBER, SocialField.NAME)),
    ],
)
def test_a_card_that_needs_authentication_tells_the_flow_what_it_hides(
    made: list[Place], face: SocialFace, missing: tuple[SocialField, ...]
) -> None:
    place = Place(face)
    made.append(place)
    place.looks()
    place.worker.read(ME)
    place.looks()
    assert place.told()[-1] == CardFailed(CardProblem.HIDES_HOLDER, missing)
    assert place.worker.report().code == ""
    place.worker.look()
    place.looks(3)
    assert place.posts.kinds() == ["CardSeen", "CardFailed"]  # it is not offered again: the identity card is asked for
    place.slot.insert(None)
    place.looks()
    place.slot.insert(LI_HE)
    place.looks()
    assert place.posts.kinds()[2:] == ["CardTaken", "CardSeen"]


def test_a_card_that_is_shut_for_good_is_told_to_be_replaced(made: list[Place]) -> None:
    place = Place(replace(LI_HE, locked=True))
    made.append(place)
    place.worker.read(ME)
    place.looks()
    assert place.told() == [CardFailed(CardProblem.REPLACE)]


def test_nothing_of_a_card_or_a_pin_is_held_or_written_once_its_person_left(
    made: list[Place], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = Place(LI_HE)
    made.append(place)
    place.looks()
    place.worker.read(ME)
    place.looks()
    place.worker.verify(PIN, ME)
    place.looks()
    assert [type(each) for each in place.told()[1:]] == [SocialCardRead, PinAnswered]
    place.worker.person_left()
    place.looks()
    place.posts.entries.clear()
    place.slot.chip, place.slot.sent = None, []  # the card and what a wire would have seen are not the terminal's
    secrets = (LI_HE.name, LI_HE.number, PIN)
    for one in held_by(place.worker):
        if isinstance(one, str):
            assert not any(secret in one for secret in secrets)
        elif isinstance(one, bytes | bytearray):
            assert not any(secret.encode("gb18030") in bytes(one) for secret in secrets)
            assert bytes.fromhex(PIN) not in bytes(one)
    shown = caplog.text + repr(place.worker.report()) + repr(place.reader.state())
    assert not any(secret in shown for secret in secrets)
