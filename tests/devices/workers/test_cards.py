import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hall.ids import SessionId
from kiosk.devices.workers import IdReaderWorker, SocialCardWorker
from kiosk.flows.words import CardFailed, CardKind, CardSeen, IdCardRead, PinAnswered, SocialCardRead
from kiosk.ports import CardProblem
from tests.devices.workers.fakes import HOLDER, PULLED, Clock, FakeIdReader, FakeSlot, Posts, Shelf

ME = SessionId("me")


class Reader:
    def __init__(self, **driver: bool) -> None:
        self.clock = Clock()
        self.posts = Posts()
        self.driver = FakeIdReader(**driver)  # type: ignore[arg-type]
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


def test_a_card_is_announced_once_per_laying() -> None:
    reader = Reader()
    reader.looks(3)
    reader.driver.lay()
    reader.looks(8)
    assert reader.posts.kinds() == ["CardSeen"]
    (seen, session) = reader.posts.entries[0]
    assert isinstance(seen, CardSeen)
    assert seen.card is CardKind.ID
    assert 100.0 <= seen.mono <= reader.clock.now
    assert session is None


def test_a_trembling_hand_is_no_removal() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.driver.lift()
    reader.looks(2)
    reader.driver.lay()
    reader.looks(3)
    assert reader.posts.kinds() == ["CardSeen"]


def test_a_lifted_card_that_was_not_read_is_taken() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.driver.lift()
    reader.looks(3)
    assert reader.posts.kinds() == ["CardSeen", "CardTaken"]


def test_after_a_good_read_not_found_does_not_mean_taken() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(20)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead"]
    assert reader.posts.entries[1] == (IdCardRead(HOLDER), ME)
    assert reader.driver.reads == ["20261123"]


def test_the_next_card_tells_that_the_last_one_is_gone() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(5)
    reader.driver.lift()
    reader.looks(5)
    reader.driver.lay()
    reader.looks(1)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead", "CardTaken", "CardSeen"]


def test_a_reader_that_finds_a_read_card_again_sees_its_removal() -> None:
    reader = Reader(finds_again=True)
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(4)
    reader.driver.lift()
    reader.looks(3)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead", "CardTaken"]


def test_a_card_problem_reaches_the_person_who_asked() -> None:
    reader = Reader()
    reader.driver.answer = CardProblem.EXPIRED
    reader.worker.read(ME)
    reader.looks(1)
    assert reader.posts.entries == [(CardFailed(CardProblem.EXPIRED), ME)]


def test_an_expired_card_changed_quickly_for_another_is_seen() -> None:
    reader = Reader()
    reader.driver.answer = CardProblem.EXPIRED
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(1)
    reader.driver.lift()
    reader.looks(1)
    reader.driver.lay()
    reader.looks(2)
    assert reader.posts.kinds() == ["CardSeen", "CardFailed", "CardTaken", "CardSeen"]


def test_a_reader_that_is_away_fails_the_read_and_says_so() -> None:
    reader = Reader()
    reader.shelf.away = PULLED
    reader.worker.read(ME)
    reader.looks(1)
    assert reader.posts.entries == [(CardFailed(CardProblem.READER), ME)]
    report = reader.worker.report()
    assert (report.state, report.code, report.may_serve) == ("down", "disconnected", False)
    assert report.action


def test_a_reader_pulled_under_a_card_says_that_the_card_is_gone() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(1)
    reader.driver.broken = PULLED
    reader.looks(1)
    assert reader.posts.kinds() == ["CardSeen", "CardTaken"]


def test_too_many_reads_at_once_are_refused_not_queued_for_ever() -> None:
    reader = Reader()
    for _ in range(6):
        reader.worker.read(ME)
    assert reader.posts.kinds() == ["CardFailed", "CardFailed"]


def test_a_driver_that_hangs_is_answered_for_within_the_limit_and_its_late_answer_is_dropped() -> None:
    posts, hold = Posts(), threading.Event()
    driver = FakeIdReader(hold=hold)
    worker = IdReaderWorker("K2.id_reader", lambda: driver, posts, lambda: "20261123", answer_limit_s=0.05)
    worker.start()
    worker.read(ME)
    assert posts.arrived.wait(60)
    assert posts.entries == [(CardFailed(CardProblem.READER), ME)]
    hold.set()
    assert worker.stop()
    assert posts.entries == [(CardFailed(CardProblem.READER), ME)]


@given(st.lists(st.sampled_from(["lay", "lift", "look", "read"]), max_size=60))
@example(["lay", "look", "lift", "look", "look", "look", "lay", "read", "lift", "look", "look", "look", "lay", "look"])
def test_a_card_is_seen_once_and_taken_once_per_laying(deeds: list[str]) -> None:
    reader = Reader()
    for deed in deeds:
        match deed:
            case "lay":
                reader.driver.lay()
            case "lift":
                reader.driver.lift()
            case "read" if reader.driver.lying:
                reader.worker.read(ME)
                reader.looks(1)
            case _:
                reader.looks(1)
    lies = False
    for kind in reader.posts.kinds():
        match kind:
            case "CardSeen":
                assert not lies
                lies = True
            case "IdCardRead":
                lies = True  # laid again between two looks, and read: its person has not gone
            case "CardTaken":
                assert lies
                lies = False


class Slot:
    def __init__(self) -> None:
        self.clock = Clock()
        self.posts = Posts()
        self.driver = FakeSlot()
        self.shelf = Shelf(lambda: self.driver)
        self.worker = SocialCardWorker(
            "K2.card_reader",
            self.shelf,  # type: ignore[arg-type]
            self.posts,
            lambda: "20261123",
            monotonic=self.clock,
        )

    def looks(self, times: int = 1) -> None:
        for _ in range(times):
            self.worker.step()
            self.clock.now += 0.25


def test_a_slot_knows_at_once_that_a_card_is_in_and_out() -> None:
    slot = Slot()
    slot.driver.inside = True
    slot.looks(3)
    slot.driver.inside = False
    slot.looks(3)
    assert slot.posts.kinds() == ["CardSeen", "CardTaken"]


def test_the_holder_is_read_for_the_person_who_asked() -> None:
    slot = Slot()
    slot.worker.read(ME)
    slot.looks()
    ((happened, session),) = slot.posts.entries
    assert isinstance(happened, SocialCardRead)
    assert slot.driver.days == ["20261123"]
    assert session == ME


@pytest.mark.parametrize(("pin", "accepted"), [("123456", True), ("000000", False)])
def test_one_pin_is_sent_once(pin: str, accepted: bool) -> None:
    slot = Slot()
    slot.worker.verify(pin, ME)
    slot.looks(4)
    assert slot.driver.pins == [pin]
    assert slot.posts.entries == [(PinAnswered(accepted, 2), ME)]


def test_a_pin_whose_reader_broke_is_not_sent_again() -> None:
    slot = Slot()
    slot.looks()
    slot.driver.broken = PULLED
    slot.worker.verify("123456", ME)
    slot.looks()
    slot.driver.broken = None
    slot.looks(40)
    assert slot.driver.pins == []
    assert slot.posts.entries == [(CardFailed(CardProblem.READER), ME)]


def test_a_locked_card_says_so() -> None:
    slot = Slot()
    slot.driver.answer = CardProblem.LOCKED
    slot.worker.read(ME)
    slot.looks()
    assert slot.posts.entries == [(CardFailed(CardProblem.LOCKED), ME)]


def test_a_reader_that_is_lost_counts_as_the_card_taken() -> None:
    slot = Slot()
    slot.driver.inside = True
    slot.looks()
    slot.driver.broken = PULLED
    slot.looks()
    assert slot.posts.kinds() == ["CardSeen", "CardTaken"]


def test_nothing_of_a_card_is_in_a_report_or_a_repr() -> None:
    slot = Slot()
    slot.driver.broken = ValueError("000000198907220025")
    slot.worker.read(ME)
    slot.looks()
    assert "000000198907220025" not in repr((slot.worker.report(), slot.posts.entries))
    assert slot.worker.report().code == "hardware"


def test_a_card_that_lies_unread_is_announced_again_when_a_flow_looks_for_it() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(2)
    reader.worker.look()
    reader.looks(2)
    assert reader.posts.kinds() == ["CardSeen", "CardSeen"]


@pytest.mark.row("RGT-03", part="rule")
@pytest.mark.parametrize("finds_again", [True, False])
def test_a_card_that_was_read_serves_nobody_else_until_it_is_lifted(finds_again: bool) -> None:
    reader = Reader(finds_again=finds_again)
    reader.driver.lay()
    reader.looks(1)
    reader.worker.read(ME)
    reader.looks(5)
    reader.worker.person_left()
    reader.worker.look()
    reader.looks(8)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead"]
    reader.driver.lift()
    reader.looks(5)
    reader.driver.lay()
    reader.looks(2)
    assert reader.posts.kinds() == ["CardSeen", "IdCardRead", "CardTaken", "CardSeen"]


def test_a_card_left_behind_unread_serves_nobody_else_until_it_is_lifted() -> None:
    reader = Reader()
    reader.driver.lay()
    reader.looks(2)
    reader.worker.person_left()
    reader.worker.look()
    reader.looks(4)
    assert reader.posts.kinds() == ["CardSeen"]
    reader.driver.lift()
    reader.looks(4)
    reader.driver.lay()
    reader.looks(2)
    assert reader.posts.kinds() == ["CardSeen", "CardTaken", "CardSeen"]


@pytest.mark.row("RGT-03", part="rule")
def test_a_social_card_left_in_the_slot_is_shut_and_serves_nobody_else_until_it_is_pulled() -> None:
    slot = Slot()
    slot.driver.inside = True
    slot.looks()
    slot.worker.look()
    slot.looks(2)
    slot.worker.read(ME)
    slot.worker.person_left()
    slot.worker.look()
    slot.looks(4)
    assert slot.posts.kinds() == ["CardSeen", "CardSeen", "SocialCardRead"]
    assert slot.driver.let_go_count == 1
    slot.driver.inside = False
    slot.looks()
    slot.driver.inside = True
    slot.looks()
    assert slot.posts.kinds()[3:] == ["CardTaken", "CardSeen"]
