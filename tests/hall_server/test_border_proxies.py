"""代办查询 through the border: sealed cards in, a guide's word, another's records out; and every way around it."""

from typing import Any

import msgspec
import pytest

from hall.commands import AnyReply, Done, ReadStatement, Refused, SignedIn, SignIn, SignOut
from hall.errors import Reason
from hall.events import StatementPrepared
from hall.ids import ProxyId, StaffId, TerminalId
from hall.ledger.sealing import holder_context, public_key, unseal
from hall.people.holders import Holder, Proof
from hall.proxies import (
    AskProxy,
    CloseProxy,
    ConfirmProxy,
    DeclineProxy,
    ProxyAsked,
    ProxyConfirmed,
    ProxyNames,
    ProxyParties,
    ProxySealed,
    ProxySight,
    ReadProxy,
    proxy_context,
    session_of,
)
from hall_server.records.ports import PersonRecord
from hall_server.records.proxies import opened as opened_parties
from tests.hall_server import demo_statements as people
from tests.hall_server.test_border import (
    KEYS,
    LI_HE,
    SESSION,
    Counter,
    counter,
    make_counter,
    opened,
    read,
    reason,
    sealed,
    sealed_pin,
)

__all__ = ["counter", "make_counter"]
FATHER = Holder(name=people.ZHANG_AN[0], number=people.ZHANG_AN[1], proof=Proof.ID_CARD)
ONE, TWO = ProxyId("1" * 32), ProxyId("2" * 32)
GUIDE, K2 = StaffId("0101"), TerminalId("K2")
KEY, OTHER_SESSION = public_key(SESSION), bytes(range(2, 34))


def ask(
    agent: Holder = LI_HE, person: Holder = FATHER, proxy: ProxyId = ONE, at: str = "K2", key: bytes = KEY
) -> AskProxy:
    plain = msgspec.json.encode(ProxyParties(agent=agent, person=person))
    context = proxy_context(TerminalId(at), proxy, session_of(key))
    return AskProxy(proxy=proxy, reply_key=key, sealed=sealed(plain, "proxy", context))


def confirm(proxy: ProxyId = ONE, staff: StaffId = GUIDE, at: str = "K2") -> ConfirmProxy:
    return ConfirmProxy(proxy=proxy, terminal=TerminalId(at), staff=staff, sight=tuple(ProxySight))


def of_father(proxy: str = ONE, **told: Any) -> ReadStatement:
    command = read(told.pop("holder", FATHER), "pension_payments", **told)
    return msgspec.structs.replace(command, proxy=ProxyId(proxy))


def at_the_desk(counter: Counter) -> None:
    assert isinstance(counter.ask("D1", SignIn(staff=GUIDE, sealed_pin=sealed_pin("D1", "0101"))), SignedIn)


def facts(counter: Counter, kind: type[Any]) -> list[Any]:
    return [msgspec.json.decode(one.body, type=kind) for one in counter.ledger.entries() if one.kind == kind.__name__]


def asked(counter: Counter) -> None:
    at_the_desk(counter)
    assert counter.ask("K2", ask()) == Done()


def confirmed(counter: Counter) -> None:
    asked(counter)
    assert counter.ask("D1", confirm()) == Done()


@pytest.mark.row("RGT-07", part="rule")
def test_both_cards_and_a_guides_word_open_the_fathers_statement_which_names_both_masked(counter: Counter) -> None:
    asked(counter)
    assert reason(counter.ask("K2", of_father())) is Reason.NOT_ALLOWED
    assert counter.ask("D1", confirm()) == Done()
    statement = opened(counter.ask("K2", of_father()))
    assert (statement.name, statement.proxy_agent) == (FATHER.name, "李*")
    (kept,) = facts(counter, ProxyAsked)
    (word,) = facts(counter, ProxyConfirmed)
    (prepared,) = facts(counter, StatementPrepared)
    assert (kept.agent, kept.person) == (KEYS.person(LI_HE.number), KEYS.person(FATHER.number))
    assert (word.staff, word.desk, word.agent, word.person) == (GUIDE, "D1", kept.agent, kept.person)
    assert (prepared.proxy, prepared.person, prepared.serial) == (ONE, kept.person, statement.serial)
    who = opened_parties(KEYS, ONE, kept.sealed)
    assert (who.agent.number, who.person.number) == (LI_HE.number, FATHER.number)
    for entry in counter.ledger.entries():
        for hidden in (LI_HE.name, LI_HE.number, FATHER.name, FATHER.number):
            assert hidden.encode() not in entry.body


@pytest.mark.row("RGT-07", part="rule")
def test_with_one_card_only_own_data_are_reachable(counter: Counter) -> None:
    asked(counter)
    assert reason(counter.ask("K2", of_father(""))) is Reason.NOT_ALLOWED
    assert opened(counter.ask("K2", read())).name == LI_HE.name
    assert [one.person for one in facts(counter, StatementPrepared)] == [KEYS.person(LI_HE.number)]


@pytest.mark.row("RGT-07", part="rule")
def test_a_confirmation_replayed_for_another_person_session_terminal_or_enquiry_opens_nothing(counter: Counter) -> None:
    confirmed(counter)
    other_key = public_key(OTHER_SESSION)
    wang = Holder(name=people.WANG_PING[0], number=people.WANG_PING[1], proof=Proof.ID_CARD)
    attempts: list[tuple[str, ReadStatement]] = [
        ("K2", of_father(holder=wang)),
        ("K2", of_father(holder=LI_HE)),
        ("K2", of_father(holder=msgspec.structs.replace(FATHER, name="张三"))),
        ("K2", of_father(key=other_key)),
        ("K1", of_father(at="K1")),
        ("K2", of_father(TWO)),
    ]
    for terminal, command in attempts:
        assert reason(counter.ask(terminal, command)) is Reason.NOT_ALLOWED, command
    heard = of_father()
    assert reason(counter.ask("K2", msgspec.structs.replace(heard, reply_key=other_key))) is Reason.MALFORMED
    assert counter.ask("K2", CloseProxy(proxy=ONE)) == Done()
    assert reason(counter.ask("K2", heard)) is Reason.NOT_ALLOWED
    assert facts(counter, StatementPrepared) == []


@pytest.mark.row("RGT-07", part="rule")
def test_forged_staff_and_other_screens_confirm_nothing(counter: Counter) -> None:
    asked(counter)
    for terminal, command in (
        ("K2", confirm()),
        ("W14", confirm()),
        ("S1", confirm()),
        ("D9", confirm()),
        ("D1", confirm(staff=StaffId("0310"))),
        ("D1", confirm(staff=StaffId("9999"))),
        ("D1", confirm(at="K1")),
    ):
        assert isinstance(counter.ask(terminal, command), Refused), (terminal, command)
    assert counter.ask("D1", SignOut(staff=GUIDE)) == Done()
    assert reason(counter.ask("D1", confirm())) is Reason.NOT_SIGNED_IN
    assert facts(counter, ProxyConfirmed) == []
    assert reason(counter.ask("K2", of_father())) is Reason.NOT_ALLOWED


def test_a_declined_enquiry_opens_nothing(counter: Counter) -> None:
    asked(counter)
    assert counter.ask("D1", DeclineProxy(proxy=ONE, terminal=K2, staff=GUIDE)) == Done()
    assert reason(counter.ask("D1", confirm())) is Reason.ILLEGAL_MOVE
    assert reason(counter.ask("K2", of_father())) is Reason.NOT_ALLOWED


class Watched:
    """A source that remembers whether anybody asked."""

    def __init__(self) -> None:
        self.asked = 0

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        self.asked += 1
        return Reason.UNKNOWN_PERSON


def test_without_a_guides_word_the_record_source_is_not_even_asked(make_counter: Any) -> None:
    source = Watched()
    counter: Counter = make_counter(source)
    asked(counter)
    assert reason(counter.ask("K2", of_father())) is Reason.NOT_ALLOWED
    assert source.asked == 0
    counter.ask("D1", confirm())
    assert reason(counter.ask("K2", of_father())) is Reason.UNKNOWN_PERSON
    assert source.asked == 1


def test_the_desk_is_told_two_masks_sealed_to_itself(counter: Counter) -> None:
    asked(counter)
    told = counter.ask("D1", ReadProxy(proxy=ONE, staff=GUIDE, reply_key=KEY))
    assert isinstance(told, ProxySealed)
    names = msgspec.json.decode(unseal(SESSION, told.sealed, "proxy_names", ONE), type=ProxyNames)
    assert (names.agent, names.person) == ("李*", "张*")
    assert isinstance(counter.ask("K2", ReadProxy(proxy=ONE, staff=GUIDE, reply_key=KEY)), Refused)
    assert reason(counter.ask("D1", ReadProxy(proxy=ONE, staff=GUIDE, reply_key=b"short"))) is Reason.MALFORMED


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (ask(person=LI_HE), Reason.NOT_ALLOWED),
        (ask(person=msgspec.structs.replace(FATHER, number="110101199003070000")), Reason.NOT_VERIFIED),
        (ask(person=msgspec.structs.replace(FATHER, proof=Proof.SOCIAL_CARD_DEMO)), Reason.NOT_VERIFIED),
        (ask(agent=msgspec.structs.replace(LI_HE, proof=Proof.SOCIAL_CARD_PIN)), Reason.NOT_VERIFIED),
        (ask(agent=msgspec.structs.replace(LI_HE, name="")), Reason.NOT_VERIFIED),
        (ask(at="K1"), Reason.MALFORMED),
        (msgspec.structs.replace(ask(), proxy=TWO), Reason.MALFORMED),
        (msgspec.structs.replace(ask(), reply_key=public_key(OTHER_SESSION)), Reason.MALFORMED),
        (msgspec.structs.replace(ask(), reply_key=b"short"), Reason.MALFORMED),
        (
            msgspec.structs.replace(ask(), sealed=sealed(b"{}", "proxy", proxy_context(K2, ONE, session_of(KEY)))),
            Reason.MALFORMED,
        ),
        (msgspec.structs.replace(ask(), agent="a" * 64, person="b" * 64), Reason.NOT_ALLOWED),
    ],
)
def test_asking_with_anything_but_two_persons_own_identity_cards_is_refused(
    counter: Counter, command: AskProxy, told: Reason
) -> None:
    at_the_desk(counter)
    reply: AnyReply = counter.ask("K2", command)
    assert reason(reply) is told
    assert isinstance(reply, Refused)
    assert not [one for one in (LI_HE, FATHER) if one.number in reply.sentence or one.name in reply.sentence]
    assert facts(counter, ProxyAsked) == []


def test_a_holder_sealed_for_another_form_is_malformed_also_with_a_confirmation(counter: Counter) -> None:
    confirmed(counter)
    context = holder_context(K2, "certificate", 2025, KEY)
    blob = sealed(msgspec.json.encode(FATHER), "holder", context)
    assert reason(counter.ask("K2", msgspec.structs.replace(of_father(), sealed_person=blob))) is Reason.MALFORMED
