"""Cards at the border: one open ticket for each person and queue, and which identity numbers a hall takes."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY, PACK
from hall.commands import AnyReply, Leased, LeaseLabel, ReadStatement, Refused
from hall.errors import HallError, Reason
from hall.events import Event, LabelLeased, TicketIssued
from hall.ids import BusinessDay, ItemCode, RequestId, TerminalId, TicketId
from hall.ledger.sealing import holder_context, person_context, public_key, seal
from hall.pack.hall_pack import HallPack
from hall.people.holders import Holder, Proof
from hall.people.identity_numbers import check_character
from hall.wire.lanes import Ask
from hall_server.border import Border
from hall_server.day_keys import DayKeys
from hall_server.keys import keys_from
from hall_server.ledger.store import Ledger
from hall_server.records.demo import load_people
from hall_server.records.desk import StatementDesk
from hall_server.records.patience import PatientSource
from hall_server.staff import StaffPins
from hall_server.workers import Workers
from hall_server.writer.jobs import Job
from tests.hall_server.conftest import Desk, HandWriter, Listening

KEYS = keys_from(bytes(range(32)))
K1 = TerminalId("K1")
CARD, PENSION = ItemCode("SI-701"), ItemCode("SI-301")
DAY_S = 86_400.0
LI_HE = Holder(name="李和", number="000000198907220025", proof=Proof.ID_CARD)
OTHER = Holder(name="王平", number="000000197511030036", proof=Proof.ID_CARD)


class PromptWriter(HandWriter):
    """Takes each job in a turn of its own, at once."""

    def submit(self, job: Job) -> bool:
        self.turn(job)
        return True


class PromptWorkers(Workers):
    """Does each piece of work at once."""

    def submit(self, work: Callable[[], None]) -> bool:
        work()
        return True


@dataclass
class Counter:
    """A border and a writer on a clock that the test moves; `again` is the server after a restart."""

    pack: HallPack
    ledger: Ledger
    folder: Path
    demo: bool = True
    now: float = MONDAY
    kiosk: Desk = field(default_factory=lambda: Desk("K1"))
    asked: int = 0

    def __post_init__(self) -> None:
        self.again()

    def again(self) -> None:
        """Start the server, for the first time or once more."""
        self.writer = PromptWriter(
            ledger=self.ledger,
            pack=self.pack,
            outlet=Listening(),
            now=lambda: self.now,
            mint=lambda: secrets.token_hex(8),  # type: ignore[arg-type,return-value]
        )
        day_keys = DayKeys(self.folder / "server.key.day", lambda: secrets.token_bytes(32))
        self.writer.watch(frozenset[TerminalId], day_keys.open)
        self.writer.open()
        workers = PromptWorkers("none", 1, 1)
        desk = StatementDesk(
            pack=self.pack,
            keys=KEYS,
            source=PatientSource(load_people(PACK / "people.toml"), 10.0),
            writer=self.writer,
            workers=workers,
            demo=self.demo,
            ephemeral=lambda: secrets.token_bytes(32),
            now=lambda: self.now,
        )
        self.border = Border(self.pack, KEYS, StaffPins({}), workers, desk, self.writer, day_keys)

    def ask(self, command: LeaseLabel | ReadStatement, terminal: TerminalId = K1) -> AnyReply:
        answers: list[AnyReply] = []
        self.asked += 1
        ask = Ask(request=RequestId(f"r{self.asked}"), after_epoch=1, after_seq=0, wait_s=10.0, command=command)
        self.border.ask(terminal, ask, time.monotonic(), answers.append)
        (reply,) = answers
        return reply

    def take(self, ticket: str, holder: Holder | None = LI_HE, item: ItemCode = CARD) -> AnyReply:
        """Take a number as a terminal does, with this card."""
        told = TicketId(ticket)
        person = None if holder is None else sealed(holder, "person", person_context(K1, told))
        reply = self.ask(LeaseLabel(ticket=told, item=item, sealed_person=person))
        if isinstance(reply, Leased):
            issued = TicketIssued(
                ticket=told,
                day=reply.day,
                series=reply.series,
                number=reply.number,
                label=reply.label,
                item=item,
                issued_at=self.now,
            )
            self.writer.turn(self.kiosk.up(self.kiosk.parcel(issued)))
        return reply

    def persons(self) -> list[str]:
        bodies = [msgspec.json.decode(one.body, type=Event) for one in self.ledger.entries()]
        return [one.person for one in bodies if isinstance(one, LabelLeased)]


@pytest.fixture
def counter(pack: HallPack, ledger: Ledger, tmp_path: Path) -> Counter:
    return Counter(pack, ledger, tmp_path)


def sealed(holder: Holder, purpose: str, context: str) -> bytes:
    return seal(KEYS.public, msgspec.json.encode(holder), secrets.token_bytes(32), purpose, context)


def reason(reply: AnyReply) -> Reason:
    assert isinstance(reply, Refused), reply
    return reply.reason


# ---- one open ticket ---------------------------------------------------------------------------------------------


def test_a_card_holds_one_open_ticket_in_a_queue_and_one_in_another(counter: Counter) -> None:
    assert isinstance(counter.take("t1"), Leased)
    again = counter.take("t2")
    assert reason(again) is Reason.ALREADY_HOLDING
    assert isinstance(again, Refused)
    assert "H001" in again.sentence
    assert isinstance(counter.take("t3", item=PENSION), Leased), "another queue"
    assert isinstance(counter.take("t4", OTHER), Leased), "another person"
    assert isinstance(counter.take("t5", None), Leased), "no card"


def test_a_restart_keeps_the_rule(counter: Counter) -> None:
    counter.take("t1")
    counter.again()
    assert reason(counter.take("t2")) is Reason.ALREADY_HOLDING


def test_another_day_knows_nobody_of_the_day_before(counter: Counter) -> None:
    counter.take("t1")
    counter.now += DAY_S
    counter.writer.turn()
    assert isinstance(counter.take("t2"), Leased)
    first, second = counter.persons()
    assert len(first) == len(second) == 64
    assert first != second


def test_nothing_of_the_card_and_no_day_key_reaches_the_ledger(counter: Counter, tmp_path: Path) -> None:
    counter.take("t1")
    kept = msgspec.json.decode((tmp_path / "server.key.day").read_bytes())
    for one in counter.ledger.entries():
        assert LI_HE.number.encode() not in one.body
        assert LI_HE.name.encode() not in one.body
        assert kept["key"].encode() not in one.body
        assert b"sealed_person" not in one.body


def test_a_terminal_may_not_say_itself_whose_ticket_it_is(counter: Counter) -> None:
    for sealed_person in (None, sealed(LI_HE, "person", person_context(K1, TicketId("t1")))):
        command = LeaseLabel(ticket=TicketId("t1"), item=CARD, person="a" * 64, sealed_person=sealed_person)
        assert reason(counter.ask(command)) is Reason.NOT_ALLOWED
    assert counter.persons() == []


@pytest.mark.parametrize(
    ("purpose", "context"),
    [("holder", "K1|t1"), ("person", "K2|t1"), ("person", "K1|t2"), ("person", "")],
)
def test_a_seal_for_another_purpose_terminal_or_ticket_opens_nothing(
    counter: Counter, purpose: str, context: str
) -> None:
    command = LeaseLabel(ticket=TicketId("t1"), item=CARD, sealed_person=sealed(LI_HE, purpose, context))
    assert reason(counter.ask(command)) is Reason.MALFORMED


@pytest.mark.parametrize("plain", [b'{"name": "\xff\xfe"}', b"[" * 4_000, b'{"odd": ' + b"[" * 4_000, b""])
def test_what_is_sealed_but_is_no_holder_or_grant_is_refused_by_name(counter: Counter, plain: bytes) -> None:
    person = seal(KEYS.public, plain, secrets.token_bytes(32), "person", person_context(K1, TicketId("t1")))
    assert reason(counter.ask(LeaseLabel(ticket=TicketId("t1"), item=CARD, sealed_person=person))) is Reason.MALFORMED
    grant = LeaseLabel(
        ticket=TicketId("t1"), item=CARD, sealed_grant=seal(KEYS.public, plain, secrets.token_bytes(32), "grant")
    )
    assert reason(counter.ask(grant, TerminalId("D1"))) is Reason.MALFORMED


def test_a_copy_of_a_card_keeps_nobody_from_a_number_outside_a_demo_hall(
    pack: HallPack, ledger: Ledger, tmp_path: Path
) -> None:
    counter = Counter(pack, ledger, tmp_path, demo=False)
    unproven = Holder(name="某某", number="11010519491231002X", proof=Proof.SOCIAL_CARD_DEMO)
    assert isinstance(counter.take("t1", unproven), Leased)
    assert isinstance(counter.take("t2", unproven), Leased)
    assert counter.persons() == ["", ""]


# ---- which numbers -----------------------------------------------------------------------------------------------


def statement(holder: Holder) -> ReadStatement:
    key = public_key(bytes(range(1, 33)))
    context = holder_context(K1, "contributions", 2025, key)
    return ReadStatement(
        form="contributions", year=2025, sealed_person=sealed(holder, "holder", context), reply_key=key
    )


def complete(body: str) -> str:
    return body + check_character(body)


@pytest.mark.row("EXT-18", part="face")
@pytest.mark.parametrize(
    ("number", "demo_says", "production_says"),
    [
        ("11010519491231002x", None, None),
        (" 11010519491231002X", None, None),
        (complete("81000019940823002"), None, None),
        (complete("82000019900101001"), None, None),
        (complete("83000019920130002"), None, None),
        (complete("92156619880315001"), None, None),
        ("ABC110101010101", None, None),
        (LI_HE.number, None, Reason.NOT_VERIFIED),
        (complete("90000019800101001"), None, Reason.NOT_VERIFIED),
        ("110105194912310020", Reason.NOT_VERIFIED, Reason.NOT_VERIFIED),
        (complete("11010520991231002"), Reason.NOT_VERIFIED, Reason.NOT_VERIFIED),
        ("", Reason.NOT_VERIFIED, Reason.NOT_VERIFIED),
    ],
)
def test_every_kind_that_is_issued_is_taken_and_samples_in_a_demo_hall_only(
    counter: Counter, number: str, demo_says: Reason | None, production_says: Reason | None
) -> None:
    for demo, expected in ((True, demo_says), (False, production_says)):
        counter.demo = demo
        counter.again()
        holder = Holder(name="某某", number=number, proof=Proof.ID_CARD)
        lease = counter.take(f"t-{demo}", holder, PENSION if demo else CARD)
        assert (lease.reason if isinstance(lease, Refused) else None) is expected
        assert reason(counter.ask(statement(holder))) is (expected or Reason.UNKNOWN_PERSON)
        if number and isinstance(lease, Refused):
            assert number not in lease.sentence


# ---- the key of a day --------------------------------------------------------------------------------------------


def test_the_key_file_is_ours_alone_and_the_old_key_is_gone_when_another_day_opens(tmp_path: Path) -> None:
    path, monday, tuesday = tmp_path / "k.day", BusinessDay("2026-11-23"), BusinessDay("2026-11-24")
    minted = iter([b"m" * 32, b"t" * 32, b"x" * 32])
    keys = DayKeys(path, lambda: next(minted))
    assert keys.open(monday)
    first = keys.person(monday, LI_HE.number)
    assert path.stat().st_mode & 0o777 == 0o600
    assert DayKeys(path, lambda: next(minted)).person(monday, LI_HE.number) == first
    assert not keys.open(monday)
    assert keys.person(monday, LI_HE.number) == first, "a day that is open already keeps its key"
    before = path.read_bytes()
    assert keys.open(tuesday)
    assert before not in path.read_bytes()
    with pytest.raises(HallError) as refused:
        keys.person(monday, LI_HE.number)
    assert refused.value.reason is Reason.SERVER_AWAY, "that is no decision: the terminal gives a number all the same"
    assert keys.person(tuesday, LI_HE.number) != first
    assert keys.open(monday), "a day that was opened wrongly is followed by an earlier one"
    assert keys.person(monday, LI_HE.number) != first


def test_a_damaged_key_file_is_replaced_and_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path, day = tmp_path / "k.day", BusinessDay("2026-11-23")
    for damaged in (b"", b"[]", b"\x00\xff", b'{"day": "\xff"}', b'{"day": "2026-11-23", "key": "AAAA"}'):
        path.write_bytes(damaged)
        path.chmod(0o600)
        keys = DayKeys(path, lambda: b"k" * 32)
        assert keys.open(day), "who opens the day is told that its key is a new one"
        assert len(keys.person(day, "n")) == 64
    path.chmod(0o640)
    with pytest.raises(HallError, match="0600"):
        DayKeys(path, lambda: b"k" * 32)


def test_a_key_that_cannot_be_written_serves_until_the_end_and_is_never_printed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    day = BusinessDay("2026-11-23")
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    keys = DayKeys(blocked / "k.day", lambda: b"k" * 32)
    keys.open(day)
    assert keys.person(day, "n") == keys.person(day, "n")
    assert "cannot be written" in caplog.text
    assert "kkk" not in caplog.text + repr(keys)
