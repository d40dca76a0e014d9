"""From which age on a card lets its holder choose a priority number, and what a hall must say about it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import Leased, LeaseLabel, Refused
from hall.day.granting import granted_by, over_the_cap
from hall.errors import HallError, Reason
from hall.events import PriorityGranted
from hall.ids import StaffId, TicketId
from hall.pack.hall_pack import parse
from hall.people.age_offer import BY_CARD, old_enough
from hall.people.identity_numbers import check_character
from tests.hall.world import CARD, PENSION, World, pack_files

PERSON = "ab" * 32
BORN = "110105" + "19661123" + "002"
NUMBER = BORN + check_character(BORN)
BIRTHDAY = date(2026, 11, 23)


@pytest.mark.row("QUE-11", part="rule")
def test_the_offer_begins_on_the_birthday_itself() -> None:
    assert not old_enough(60, NUMBER, "", BIRTHDAY - timedelta(days=1)), "59"
    assert old_enough(60, NUMBER, "", BIRTHDAY), "60"
    assert old_enough(60, NUMBER.lower(), "", BIRTHDAY)


def test_a_hall_without_an_age_offers_nothing() -> None:
    assert not old_enough(0, NUMBER, "", date(2099, 1, 1))


def test_the_birth_date_on_the_card_counts_only_where_the_number_tells_none() -> None:
    assert not old_enough(70, NUMBER, "19300101", BIRTHDAY)
    assert old_enough(70, "ABC110101010101", "19561123", BIRTHDAY)
    for damaged in ("", "1956", "19561323", "18991231", "２０００１１２３"):
        assert not old_enough(60, "ABC110101010101", damaged, BIRTHDAY)


def test_who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    assert not old_enough(60, "ABC110101010101", "19680229", date(2028, 2, 28))
    assert old_enough(60, "ABC110101010101", "19680229", date(2028, 2, 29))
    assert not old_enough(61, "ABC110101010101", "19680229", date(2029, 2, 28))
    assert old_enough(61, "ABC110101010101", "19680229", date(2029, 3, 1))


@given(st.integers(60, 100), st.text(max_size=20), st.text(max_size=10), st.dates())
def test_whatever_stands_on_a_card_there_is_an_answer(limit: int, number: str, birth: str, day: date) -> None:
    assert old_enough(limit, number, birth, day) in (True, False)


def by_card(ticket: str, **changes: object) -> LeaseLabel:
    told: dict[str, object] = {"wants_priority": True, "person": PERSON, "sealed_grant": b"sealed"} | changes
    return LeaseLabel(ticket=TicketId(ticket), item=PENSION, **told)  # type: ignore[arg-type]


def test_a_grant_by_card_is_on_record_with_an_issuer_of_its_own_and_has_no_cap() -> None:
    world = World().open()
    decision = world.ask(by_card("t1"), "K1")
    assert isinstance(decision.reply, Leased)
    assert (decision.reply.label, decision.reply.windows, decision.reply.priority) == ("Y001", ("14",), True)
    assert [one.issuer for one in decision.events if isinstance(one, PriorityGranted)] == [BY_CARD]
    assert granted_by(world.state) == {BY_CARD: 1}
    assert BY_CARD not in world.state.known.staff
    world.state.grants |= {TicketId(f"x{number}"): BY_CARD for number in range(1_000)}
    assert over_the_cap(world.state, BY_CARD) is None
    assert over_the_cap(world.state, StaffId("0101")) is None


@pytest.mark.parametrize(
    "without", [{"wants_priority": False}, {"person": ""}, {"issuer": StaffId("0101")}, {"issuer": BY_CARD}]
)
def test_a_terminal_has_no_other_way_to_priority(without: dict[str, object]) -> None:
    reply = World().open().sign_in_all().ask(by_card("t1", **without), "K1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_ALLOWED


def test_who_only_wants_priority_has_an_ordinary_number() -> None:
    reply = World().open().ask(by_card("t1", sealed_grant=None), "K1").reply
    assert isinstance(reply, Leased)
    assert (reply.label, reply.priority) == ("C001", False)


def test_a_second_number_is_refused_with_the_one_that_is_held() -> None:
    world = World().open()
    lease = LeaseLabel(ticket=TicketId("t1"), item=CARD, person=PERSON)
    world.ask(lease, "K1")
    world.take("t1", CARD)
    reply = world.ask(LeaseLabel(ticket=TicketId("t2"), item=CARD, person=PERSON), "K1").reply
    assert isinstance(reply, Refused)
    assert (reply.reason, reply.label) == (Reason.ALREADY_HOLDING, "H001")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("elderly_age = 59", "elderly_age"),
        ("elderly_age = 101", "elderly_age"),
        ('elderly_age = 65\nelderly_basis = ""', "elderly_basis"),
    ],
)
def test_an_age_below_the_law_or_without_its_rule_is_refused(written: str, key: str) -> None:
    files = pack_files()
    lines = [line for line in files["limits.toml"].splitlines() if line.split(" ")[0] not in written]
    files["limits.toml"] = "\n".join([*lines, written])
    with pytest.raises(HallError, match=rf"limits\.{key}\b"):
        parse(files)


def test_a_hall_may_offer_nothing_by_age() -> None:
    files = pack_files()
    lines = [line for line in files["limits.toml"].splitlines() if not line.startswith("elderly")]
    files["limits.toml"] = "\n".join(lines)
    assert parse(files).limits.elderly_age == 0
