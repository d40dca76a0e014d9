import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY, PACK, PIN
from hall.commands import (
    AnyCommand,
    AnyReply,
    CallNext,
    Evidence,
    Leased,
    LeaseLabel,
    PriorityGrant,
    PriorityGround,
    ReadStatement,
    Refused,
    SignedIn,
    SignIn,
    StatementSealed,
)
from hall.errors import Reason
from hall.events import StatementPrepared
from hall.ids import ItemCode, RequestId, StaffId, TerminalId, TicketId, WindowId
from hall.ledger.sealing import holder_context, pin_context, public_key, seal, unseal
from hall.pack.hall_pack import HallPack
from hall.people.holders import Holder, Proof
from hall.statements.sheets import Statement, check_totals
from hall.wire.lanes import Ask
from hall_server.border import Border
from hall_server.day_keys import DayKeys
from hall_server.keys import keys_from
from hall_server.ledger.store import Ledger
from hall_server.records.demo import load_people
from hall_server.records.desk import StatementDesk, coded
from hall_server.records.patience import NoSource, PatientSource
from hall_server.records.ports import PersonRecord, RecordSource
from hall_server.staff import StaffPins, hash_pin
from hall_server.workers import Workers
from hall_server.writer.loop import Writer
from hall_server.writer.standing import Rules
from tests.hall_server.conftest import Listening

KEYS = keys_from(bytes(range(32)))
SESSION = bytes(range(1, 33))
LI_HE = Holder(name="李和", number="000000198907220025", proof=Proof.ID_CARD)
WAIT_S = 10.0


@dataclass
class Counter:
    """A border on a running writer, asked one thing at a time."""

    border: Border
    ledger: Ledger
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def ask(self, terminal: str, command: AnyCommand, now_mono_s: float | None = None) -> AnyReply:
        answers: queue.Queue[AnyReply] = queue.Queue()
        ask = Ask(
            request=RequestId(f"r{next(self.numbers)}"), after_epoch=1, after_seq=0, wait_s=WAIT_S, command=command
        )
        self.border.ask(TerminalId(terminal), ask, now_mono_s or time.monotonic(), answers.put)
        return answers.get(timeout=WAIT_S)


@pytest.fixture
def make_counter(ledger: Ledger, pack: HallPack, tmp_path: Path) -> Iterator[Callable[..., Counter]]:
    opened: list[tuple[Writer, tuple[Workers, ...]]] = []

    def make(source: RecordSource | None = None, *, demo: bool = True, wait_s: float = WAIT_S) -> Counter:
        ids = iter(range(1000))
        writer = Writer(
            ledger=ledger,
            pack=pack,
            outlet=Listening(),
            now=lambda: MONDAY,
            mint=lambda: f"s{next(ids)}",  # type: ignore[arg-type,return-value]
            rules=Rules(decide=coded(KEYS)),
        )
        workers = (Workers("pins", 1, 10), Workers("statements", 2, 10))
        pins = StaffPins({StaffId("0303"): hash_pin(PIN, bytes(16)), StaffId("0101"): hash_pin(PIN, bytes(16))})
        desk = StatementDesk(
            pack=pack,
            keys=KEYS,
            source=PatientSource(source or load_people(PACK / "people.toml"), wait_s),
            writer=writer,
            workers=workers[1],
            demo=demo,
            ephemeral=lambda: secrets.token_bytes(32),
            now=lambda: MONDAY,
        )
        writer.start()
        for worker in workers:
            worker.start()
        opened.append((writer, workers))
        day_keys = DayKeys(tmp_path / "server.key.day", lambda: secrets.token_bytes(32))
        return Counter(Border(pack, KEYS, pins, workers[0], desk, writer, day_keys), ledger)

    yield make
    for writer, workers in opened:
        for worker in workers:
            worker.stop()
        writer.stop()


@pytest.fixture
def counter(make_counter: Callable[..., Counter]) -> Counter:
    return make_counter()


def sealed(plain: bytes, purpose: str, context: str = "") -> bytes:
    return seal(KEYS.public, plain, secrets.token_bytes(32), purpose, context)


def sealed_pin(terminal: str, staff: str, pin: str = PIN) -> bytes:
    return sealed(pin.encode(), "pin", pin_context(TerminalId(terminal), StaffId(staff)))


def sign_in(pin: str = PIN, staff: str = "0303") -> SignIn:
    return SignIn(staff=StaffId(staff), sealed_pin=sealed_pin("W07", staff, pin), window=WindowId("7"))


def read(
    holder: Holder = LI_HE,
    form: str = "contributions",
    year: int = 2025,
    key: bytes = b"",
    at: str = "K2",
) -> ReadStatement:
    reply_key = key or public_key(SESSION)
    context = holder_context(TerminalId(at), form, year, reply_key)
    sealed_person = sealed(msgspec.json.encode(holder), "holder", context)
    return ReadStatement(form=form, year=year, sealed_person=sealed_person, reply_key=reply_key)


def opened(reply: AnyReply) -> Statement:
    assert isinstance(reply, StatementSealed), reply
    return msgspec.json.decode(unseal(SESSION, reply.sealed, "statement"), type=Statement)


def reason(reply: AnyReply) -> Reason:
    assert isinstance(reply, Refused), reply
    return reply.reason


LEASE = LeaseLabel(ticket=TicketId("t1"), item=ItemCode("SI-301"))


@pytest.mark.parametrize("terminal", ["W07", "R14", "S1", "K9", ""])
def test_who_may_not_issue_tickets_is_refused(counter: Counter, terminal: str) -> None:
    assert reason(counter.ask(terminal, LEASE)) is Reason.NOT_ALLOWED


def test_a_panel_may_not_act_for_another_window(counter: Counter) -> None:
    assert reason(counter.ask("W07", CallNext(window=WindowId("14"), staff=StaffId("0303")))) is Reason.NOT_ALLOWED


def test_a_self_service_terminal_may_not_grant_priority(counter: Counter) -> None:
    grant = sealed(msgspec.json.encode(PriorityGrant(ground=PriorityGround.ELDERLY, evidence=Evidence.SIGHT)), "grant")
    asked = msgspec.structs.replace(LEASE, issuer=StaffId("0101"), sealed_grant=grant)
    assert reason(counter.ask("K1", asked)) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("plain", [b"{}", b'{"ground":"rich","evidence":"sight"}', b"\xff"])
def test_a_grant_that_is_not_ground_and_evidence_is_refused(counter: Counter, plain: bytes) -> None:
    asked = msgspec.structs.replace(LEASE, issuer=StaffId("0101"), sealed_grant=sealed(plain, "grant"))
    assert reason(counter.ask("D1", asked)) is Reason.MALFORMED


def test_a_guide_who_signed_in_leases_a_priority_label(counter: Counter) -> None:
    desk_sign_in = SignIn(staff=StaffId("0101"), sealed_pin=sealed_pin("D1", "0101"))
    assert isinstance(counter.ask("D1", desk_sign_in), SignedIn)
    grant = sealed(msgspec.json.encode(PriorityGrant(ground=PriorityGround.ELDERLY, evidence=Evidence.SIGHT)), "grant")
    reply = counter.ask("D1", msgspec.structs.replace(LEASE, issuer=StaffId("0101"), sealed_grant=grant))
    assert isinstance(reply, Leased)
    assert reply.label == "Y001"


def test_a_guide_who_signed_in_leases_an_ordinary_label(counter: Counter) -> None:
    asked = msgspec.structs.replace(LEASE, issuer=StaffId("0101"))
    assert reason(counter.ask("D1", asked)) is Reason.NOT_SIGNED_IN
    assert isinstance(counter.ask("D1", SignIn(staff=StaffId("0101"), sealed_pin=sealed_pin("D1", "0101"))), SignedIn)
    reply = counter.ask("D1", msgspec.structs.replace(asked, ticket=TicketId("t2")))
    assert isinstance(reply, Leased)
    assert reply.label == "C001"


def test_a_self_service_terminal_may_not_name_an_issuer(counter: Counter) -> None:
    assert reason(counter.ask("K1", msgspec.structs.replace(LEASE, issuer=StaffId("0101")))) is Reason.NOT_ALLOWED


def test_the_right_pin_signs_in_and_a_wrong_one_tells_how_many_tries_are_left(counter: Counter) -> None:
    refused = counter.ask("W07", sign_in("1111"))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.tries_left) == (Reason.WRONG_PIN, 4)
    assert isinstance(counter.ask("W07", sign_in()), SignedIn)


def test_five_wrong_pins_lock_for_five_minutes(counter: Counter) -> None:
    now_s = time.monotonic()
    told = [reason(counter.ask("W07", sign_in("1111"), now_s)) for _ in range(5)]
    assert told == [Reason.WRONG_PIN] * 4 + [Reason.TOO_MANY_TRIES]
    assert reason(counter.ask("W07", sign_in(), now_s + 299)) is Reason.TOO_MANY_TRIES
    assert isinstance(counter.ask("W07", sign_in(), now_s + 300), SignedIn)


def test_a_pin_sealed_for_another_purpose_opens_nothing(counter: Counter) -> None:
    asked = SignIn(staff=StaffId("0303"), sealed_pin=sealed(PIN.encode(), "grant"), window=WindowId("7"))
    assert reason(counter.ask("W07", asked)) is Reason.MALFORMED


def test_an_overheard_pin_signs_nobody_in_elsewhere(counter: Counter) -> None:
    heard = sealed_pin("W07", "0303")
    at_the_desk = SignIn(staff=StaffId("0101"), sealed_pin=sealed_pin("D1", "0101"))
    assert reason(counter.ask("D1", SignIn(staff=StaffId("0303"), sealed_pin=heard))) is Reason.MALFORMED
    as_another = SignIn(staff=StaffId("0101"), sealed_pin=heard, window=WindowId("7"))
    assert reason(counter.ask("W07", as_another)) is Reason.MALFORMED
    assert isinstance(counter.ask("D1", at_the_desk), SignedIn)


def test_a_wrong_pin_that_is_heard_twice_is_one_try(counter: Counter) -> None:
    answers: queue.Queue[AnyReply] = queue.Queue()
    ask = Ask(request=RequestId("same"), after_epoch=1, after_seq=0, wait_s=WAIT_S, command=sign_in("1111"))
    for _ in range(6):
        counter.border.ask(TerminalId("W07"), ask, time.monotonic(), answers.put)
    told = [answers.get(timeout=WAIT_S) for _ in range(6)]
    assert told == [Refused(reason=Reason.WRONG_PIN, tries_left=4)] * 6
    assert isinstance(counter.ask("W07", sign_in()), SignedIn)


@pytest.mark.row("RGT-03", part="rule")
def test_an_overheard_holder_opens_no_records_for_another_key_terminal_form_or_year(counter: Counter) -> None:
    heard = read()
    mine = public_key(bytes(range(2, 34)))
    for taken in (
        msgspec.structs.replace(heard, reply_key=mine),
        msgspec.structs.replace(heard, year=2024),
        msgspec.structs.replace(heard, form="pension"),
    ):
        assert isinstance(counter.ask("K2", taken), Refused)
    assert reason(counter.ask("K2", msgspec.structs.replace(heard, reply_key=mine))) is Reason.MALFORMED
    assert reason(counter.ask("K1", heard)) is Reason.MALFORMED
    assert _prepared(counter) == []


def test_a_person_gets_their_own_statement_with_serial_and_check_code(counter: Counter) -> None:
    statement = opened(counter.ask("K2", read()))
    check_totals(statement)
    assert (statement.name, statement.total_person_fen, statement.total_unit_fen) == ("李和", 648_000, 1_296_000)
    assert (statement.serial, statement.months_paid) == ("QH-20261123-K2-000001", 12)
    assert statement.verify_until == "2026-12-23"
    prepared = _prepared(counter)[0]
    assert (prepared.serial, prepared.check_code) == (statement.serial, statement.check_code)
    assert statement.check_code == KEYS.check_code(statement.serial, prepared.digest)
    assert len(statement.check_code) == 8


def _prepared(counter: Counter) -> list[StatementPrepared]:
    found = [entry for entry in counter.ledger.entries() if entry.kind == "StatementPrepared"]
    return [msgspec.json.decode(entry.body, type=StatementPrepared) for entry in found]


def test_nothing_personal_reaches_the_ledger_file(counter: Counter, tmp_path: Path) -> None:
    opened(counter.ask("K2", read()))
    for file in tmp_path.glob("ledger.sqlite*"):
        held = file.read_bytes()
        assert LI_HE.number.encode() not in held
        assert LI_HE.name.encode() not in held


def test_the_next_statement_has_the_next_serial(counter: Counter) -> None:
    serials = [opened(counter.ask("K2", read())).serial for _ in range(3)]
    assert [serial[-6:] for serial in serials] == ["000001", "000002", "000003"]


def test_a_person_who_printed_enough_today_is_told_so(counter: Counter, pack: HallPack) -> None:
    for _ in range(pack.limits.statements_per_day):
        opened(counter.ask("K2", read()))
    assert reason(counter.ask("K1", read(at="K1"))) is Reason.DAILY_LIMIT
    assert isinstance(
        counter.ask("K1", read(Holder(name="王平", number="000000197511030036", proof=Proof.ID_CARD), at="K1")),
        StatementSealed,
    )


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        (Holder(name="李和", number="000000198907220033", proof=Proof.ID_CARD), Reason.UNKNOWN_PERSON),
        (Holder(name="王平", number=LI_HE.number, proof=Proof.ID_CARD), Reason.UNKNOWN_PERSON),
        (Holder(name="孙远", number="000000198204300125", proof=Proof.ID_CARD), Reason.UNKNOWN_PERSON),
    ],
)
def test_who_is_not_in_the_records_gets_nothing(counter: Counter, holder: Holder, expected: Reason) -> None:
    assert reason(counter.ask("K2", read(holder))) is expected
    assert _prepared(counter) == []


def test_an_unknown_form_or_year_or_key_is_refused_before_anything_is_numbered(counter: Counter) -> None:
    assert reason(counter.ask("K2", read(form="lottery"))) is Reason.UNKNOWN_FORM
    assert reason(counter.ask("K2", read(year=2030))) is Reason.MALFORMED
    assert reason(counter.ask("K2", read(key=b"short"))) is Reason.MALFORMED
    assert _prepared(counter) == []


def test_a_card_read_without_authentication_opens_records_in_the_demo_only(
    make_counter: Callable[..., Counter],
) -> None:
    holder = msgspec.structs.replace(LI_HE, proof=Proof.SOCIAL_CARD_DEMO)
    assert reason(make_counter(demo=False).ask("K2", read(holder))) is Reason.NOT_VERIFIED
    assert isinstance(make_counter().ask("K2", read(holder)), StatementSealed)


class HangingSource:
    """A source that answers when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        self.let_go.wait(WAIT_S)
        return Reason.UNKNOWN_PERSON


def test_a_slow_source_is_away_within_its_bound_and_holds_up_no_ticket(make_counter: Callable[..., Counter]) -> None:
    source = HangingSource()
    counter = make_counter(source, wait_s=0.05)
    assert reason(counter.ask("K2", read())) is Reason.SOURCE_AWAY
    assert isinstance(counter.ask("K1", LEASE), Leased)
    source.let_go.set()


class BreakingSource:
    """A source that fails with personal words."""

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        raise RuntimeError(f"no row for {holder.number}")


def test_a_broken_source_is_away_and_its_words_stay_out_of_the_log(
    make_counter: Callable[..., Counter], caplog: pytest.LogCaptureFixture
) -> None:
    assert reason(make_counter(BreakingSource()).ask("K2", read())) is Reason.SOURCE_AWAY
    assert LI_HE.number not in caplog.text


def test_a_hall_without_a_source_says_it_is_away(make_counter: Callable[..., Counter]) -> None:
    assert reason(make_counter(NoSource()).ask("K2", read())) is Reason.SOURCE_AWAY
