"""Two cards in one session: somebody acts for another person and lays both cards, one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import SessionId
from kiosk.devices.workers import IdReaderWorker
from kiosk.flows.words import CardFailed, IdCardRead
from kiosk.ports import CardProblem, DeviceError, IdCard
from tests.devices.workers.fakes import HOLDER, PULLED, Clock, FakeIdReader, Posts, Shelf

ME = SessionId("me")
OTHER = IdCard("张安", "000000196203150015", "19620315")


class Reader:
    def __init__(self, *, finds_again: bool = False) -> None:
        self.clock = Clock()
        self.posts = Posts()
        self.driver = FakeIdReader(finds_again=finds_again)
        self.shelf = Shelf(lambda: self.driver)
        self.worker = IdReaderWorker(
            "K2.id_reader",
            self.shelf,  # type: ignore[arg-type]
            self.posts,
            lambda: "20261123",
            monotonic=self.clock,
        )

    def looks(self, times: int) -> None:
        """Move the clock from look to look."""
        for _ in range(times):
            self.worker.step()
            self.clock.now += 0.25


def proxy(finds_again: bool = False) -> Reader:
    """The first card of a session was read and still lies there; the flow now asks for the other person's."""
    reader = Reader(finds_again=finds_again)
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(2)
    reader.worker.look_for_other(ME)
    reader.looks(2)
    reader.posts.entries.clear()
    return reader


def change(reader: Reader, card: IdCard, misses: int) -> None:
    reader.driver.lift()
    reader.looks(misses)
    reader.driver.answer = card
    reader.driver.lay()
    reader.looks(2)


@pytest.mark.parametrize("finds_again", [True, False])
@pytest.mark.parametrize("misses", [1, 2, 3, 9])
def test_the_second_card_of_a_session_is_announced_however_quickly_the_two_are_changed(
    finds_again: bool, misses: int
) -> None:
    reader = proxy(finds_again)
    assert reader.posts.entries == []
    change(reader, OTHER, misses)
    assert reader.posts.kinds() == ["CardTaken", "CardSeen"]
    reader.worker.read(ME)
    reader.looks(1)
    assert reader.posts.entries[2:] == [(IdCardRead(OTHER), ME)]


@pytest.mark.parametrize("finds_again", [True, False])
def test_the_same_card_laid_again_is_told_as_the_same_and_the_other_one_still_serves(finds_again: bool) -> None:
    reader = proxy(finds_again)
    change(reader, HOLDER, 1)
    reader.worker.read(ME)
    reader.looks(2)
    assert reader.posts.entries[-1] == (CardFailed(CardProblem.SAME_CARD), ME)
    change(reader, OTHER, 1)
    reader.worker.read(ME)
    reader.looks(2)
    assert (IdCardRead(OTHER), ME) in reader.posts.entries


def test_a_second_card_that_was_laid_before_anybody_asked_is_announced_when_asked_for() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(2)
    change(reader, OTHER, 1)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead"]
    reader.worker.look_for_other(ME)
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(1)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead", "CardSeen", "IdCardRead"]
    assert reader.posts.entries[-1] == (IdCardRead(OTHER), ME)


def test_once_both_cards_were_read_a_trembling_hand_says_nothing() -> None:
    reader = proxy(finds_again=True)
    change(reader, OTHER, 1)
    reader.worker.read(ME)
    reader.looks(2)
    reader.posts.entries.clear()
    change(reader, OTHER, 1)
    assert reader.posts.entries == []


def test_two_readings_in_a_row_without_being_asked_for_another_are_both_good() -> None:
    reader = Reader(finds_again=True)
    reader.driver.lay()
    for _ in range(2):
        reader.worker.read(ME)
        reader.looks(2)
    assert reader.posts.kinds() == ["IdCardRead", "IdCardRead"]


@pytest.mark.parametrize("away", [None, PULLED])
def test_who_laid_the_first_card_is_forgotten_when_that_person_leaves(away: DeviceError | None) -> None:
    reader = proxy()
    reader.shelf.away = reader.driver.broken = away
    reader.worker.person_left()
    reader.looks(9)
    assert HOLDER.number not in repr(vars(reader.worker))
    assert reader.worker._first is None
    reader.shelf.away = reader.driver.broken = None
    reader.looks(30)
    change(reader, HOLDER, 4)
    reader.worker.read(SessionId("next"))
    reader.looks(1)
    assert reader.posts.entries[-1] == (IdCardRead(HOLDER), SessionId("next"))


def test_another_session_is_never_compared_with_the_one_before() -> None:
    reader = proxy()
    change(reader, HOLDER, 4)
    reader.worker.read(SessionId("next"))
    reader.looks(1)
    assert reader.posts.entries[-1] == (IdCardRead(HOLDER), SessionId("next"))


def test_a_leaving_is_heard_even_when_the_queue_is_full() -> None:
    reader = proxy()
    for _ in range(6):
        reader.worker.look()
    reader.worker.person_left()
    assert reader.worker._first is None


@given(
    finds_again=st.booleans(),
    deeds=st.lists(st.sampled_from(["lay own", "lay other", "lift", "look", "read", "ask", "leave"]), max_size=60),
)
def test_whatever_hands_do_an_asked_for_card_is_never_the_first_one(finds_again: bool, deeds: list[str]) -> None:
    reader = Reader(finds_again=finds_again)
    asked, first = False, ""
    for deed in deeds:
        match deed:
            case "lay own" | "lay other":
                reader.driver.answer = OTHER if deed == "lay other" else HOLDER
                reader.driver.lay()
            case "lift":
                reader.driver.lift()
            case "ask":
                reader.worker.look_for_other(ME)
                asked = True
            case "leave":
                reader.worker.person_left()
                asked, first = False, ""
            case "read" if reader.driver.lying:
                reader.worker.read(ME)
        before = len(reader.posts.entries)
        reader.looks(2)
        for happened, _ in reader.posts.entries[before:]:
            if isinstance(happened, IdCardRead):
                assert not (asked and first and happened.card.number == first)
                first = first if asked and first else happened.card.number
    reader.worker.person_left()
    reader.looks(1)
    assert reader.worker._first is None


@given(finds_again=st.booleans(), misses=st.integers(1, 12), waits=st.integers(0, 12))
def test_the_other_card_is_always_announced_at_the_first_look_that_finds_it(
    finds_again: bool, misses: int, waits: int
) -> None:
    reader = proxy(finds_again)
    reader.looks(waits)
    reader.driver.lift()
    reader.looks(misses)
    reader.posts.entries.clear()
    reader.driver.answer = OTHER
    reader.driver.lay()
    reader.looks(1)
    assert reader.posts.kinds()[-1] == "CardSeen"
