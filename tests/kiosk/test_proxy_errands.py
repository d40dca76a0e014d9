"""代办查询 leaving the terminal: sealed, with a key of this session only; and what comes back too late."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from hall.commands import Done, ReadStatement, Refused, StatementSealed
from hall.errors import Reason
from hall.ids import ProxyId, Serial, SessionId, StaffId, TerminalId
from hall.ledger.sealing import holder_context, public_key, seal, unseal
from hall.people.holders import Holder, Proof
from hall.proxies import (
    AskProxy,
    CloseProxy,
    ConfirmProxy,
    DeclineProxy,
    ProxyNames,
    ProxyParties,
    ProxySealed,
    ProxySight,
    ReadProxy,
    proxy_context,
    session_of,
)
from kiosk.flows.proxy_words import (
    AnswerProxy,
    AskGuide,
    DropProxy,
    FetchForPerson,
    GuideAsked,
    Laid,
    LookForOther,
    ProxyAnswered,
    ProxyNamesRead,
    ReadProxyNames,
)
from kiosk.flows.words import AskRefused, EndSession, StatementArrived
from kiosk.performing.hands import Givens, Hands
from kiosk.performing.performer import Performing
from tests.flows import samples
from tests.kiosk.test_performing import ME, SERVER_PRIVATE, FakeLine, Stage

MINE, FATHERS = Laid("李和", "000000198907220025"), Laid("张安", "000000196203150015")
K1, GUIDE, OTHER = TerminalId("K1"), StaffId("0101"), SessionId("next")


@pytest.fixture
def stage() -> Stage:
    return Stage(FakeLine(msgspec.structs.replace(samples.pack(), server_key=public_key(SERVER_PRIVATE))))


def asked(stage: Stage) -> tuple[Performing, AskProxy]:
    perform = stage.performer()
    perform(AskGuide(MINE, FATHERS), ME)
    command, done = stage.line.asked[-1]
    assert isinstance(command, AskProxy)
    done(Done())
    assert stage.posted == [(GuideAsked(command.proxy), ME)]
    stage.posted.clear()
    return perform, command


def test_both_cards_leave_sealed_to_terminal_enquiry_and_session(stage: Stage) -> None:
    _, command = asked(stage)
    for hidden in (MINE, FATHERS):
        assert hidden.number.encode() not in command.sealed
    context = proxy_context(K1, command.proxy, session_of(command.reply_key))
    parties = msgspec.json.decode(unseal(SERVER_PRIVATE, command.sealed, "proxy", context), type=ProxyParties)
    assert (parties.agent.number, parties.person.number) == (MINE.number, FATHERS.number)
    assert (command.agent, command.person) == ("", "")
    assert len(command.proxy) == 32


def test_a_statement_is_asked_for_with_the_same_key_and_opened_in_memory(stage: Stage) -> None:
    perform, command = asked(stage)
    perform(FetchForPerson("contributions", command.proxy, FATHERS), ME)
    wanted, done = stage.line.asked[-1]
    assert isinstance(wanted, ReadStatement)
    assert (wanted.proxy, wanted.reply_key) == (command.proxy, command.reply_key)
    context = holder_context(K1, "contributions", wanted.year, wanted.reply_key)
    holder = msgspec.json.decode(unseal(SERVER_PRIVATE, wanted.sealed_person, "holder", context), type=Holder)
    assert holder == Holder(name=FATHERS.name, number=FATHERS.number, proof=Proof.ID_CARD)
    told = samples.statement()
    blob = seal(wanted.reply_key, msgspec.json.encode(told), bytes(range(32)), "statement")
    done(StatementSealed(serial=Serial("s"), sealed=blob))
    assert stage.posted == [(StatementArrived(told), ME)]


@pytest.mark.parametrize("end", [EndSession(), DropProxy()])
def test_the_end_of_a_session_wipes_the_key_and_tells_the_hall(stage: Stage, end: Any) -> None:
    perform, command = asked(stage)
    perform(end, OTHER)
    assert stage.line.asked[-1][0] == CloseProxy(proxy=command.proxy)
    assert perform._proxies._open is None
    perform(FetchForPerson("contributions", command.proxy, FATHERS), ME)
    assert stage.posted == [(AskRefused(Reason.NOT_ALLOWED), ME)]
    count = len(stage.line.asked)
    perform(EndSession(), OTHER)
    assert len(stage.line.asked) == count, "nothing to close twice"


def test_another_session_never_reads_with_the_key_of_the_one_before(stage: Stage) -> None:
    perform, command = asked(stage)
    for session, proxy in ((OTHER, command.proxy), (ME, ProxyId("f" * 32))):
        perform(FetchForPerson("contributions", proxy, FATHERS), session)
    assert [told for told, _ in stage.posted] == [AskRefused(Reason.NOT_ALLOWED)] * 2


def test_a_hall_that_hears_of_it_after_they_left_is_told_to_close_it(stage: Stage) -> None:
    perform = stage.performer()
    perform(AskGuide(MINE, FATHERS), ME)
    command, done = stage.line.asked[-1]
    assert isinstance(command, AskProxy)
    perform(EndSession(), OTHER)
    done(Done())
    assert [told for told, _ in stage.line.asked[1:]] == [CloseProxy(proxy=command.proxy)] * 2


def test_without_the_server_nobody_is_asked_and_a_refusal_is_told(stage: Stage) -> None:
    stage.line.server_away = True
    stage.performer()(AskGuide(MINE, FATHERS), ME)
    assert (stage.line.asked, stage.posted) == ([], [(AskRefused(Reason.SERVER_AWAY), ME)])
    stage.line.server_away = False
    stage.performer()(AskGuide(MINE, FATHERS), ME)
    stage.line.asked[-1][1](Refused(reason=Reason.NOT_SIGNED_IN))
    assert stage.posted[-1] == (AskRefused(Reason.NOT_SIGNED_IN), ME)


@dataclass
class Reader:
    """A reader with memory."""

    others: list[SessionId] = field(default_factory=list)

    def read(self, session: SessionId) -> None: ...

    def look(self) -> None: ...

    def person_left(self) -> None: ...

    def look_for_other(self, session: SessionId) -> None:
        self.others.append(session)


def test_the_reader_is_asked_for_the_other_card_in_this_session(stage: Stage) -> None:
    reader = Reader()
    givens = Givens(stage.clock, stage.random_bytes, lambda key, /, **_: key, str, K1, None)
    performer = Performing(stage.line, Hands(id_reader=reader), givens, lambda *_: None, lambda *_: None)
    performer(LookForOther(), ME)
    assert reader.others == [ME]
    stage.performer()(LookForOther(), ME)


def test_the_desk_reads_two_masks_and_answers(stage: Stage) -> None:
    perform, one = stage.performer(), ProxyId("1" * 32)
    perform(ReadProxyNames(one, GUIDE), ME)
    command, done = stage.line.asked[-1]
    assert isinstance(command, ReadProxy)
    names = ProxyNames(agent="李*", person="张*")
    blob = seal(command.reply_key, msgspec.json.encode(names), bytes(range(32)), "proxy_names", one)
    done(ProxySealed(proxy=one, sealed=blob))
    done(ProxySealed(proxy=one, sealed=blob[:-1] + b"\0"))
    done(Refused(reason=Reason.ILLEGAL_MOVE))
    assert [told for told, _ in stage.posted] == [
        ProxyNamesRead(one, names),
        ProxyAnswered(one, Reason.MALFORMED),
        ProxyAnswered(one, Reason.ILLEGAL_MOVE),
    ]
    for confirm in (True, False):
        perform(AnswerProxy(one, K1, GUIDE, confirm), ME)
    (confirmed, done), (declined, other) = stage.line.asked[-2:]
    assert confirmed == ConfirmProxy(proxy=one, terminal=K1, staff=GUIDE, sight=tuple(ProxySight))
    assert declined == DeclineProxy(proxy=one, terminal=K1, staff=GUIDE)
    done(Done())
    other(Refused(reason=Reason.SERVER_AWAY))
    assert [told for told, _ in stage.posted[-2:]] == [ProxyAnswered(one), ProxyAnswered(one, Reason.SERVER_AWAY)]
