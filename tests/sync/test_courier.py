"""Any loss, doubling or reordering of messages, any crash or restored ledger: each event arrives exactly once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from hall.ids import EventId
from hall.wire.codec import encode
from hall.wire.lanes import Envelope, Mark, Up
from kiosk.sync.courier import HELLO_WAIT_S, STALLED_AFTER_S, WINDOW_EVENTS, Batch, Courier, Heeded
from kiosk.sync.journal import Journal
from kiosk.sync.outbox import KEPT_ACKED_S, Outbox
from tests.sync.ledger_model import LedgerModel
from tests.sync.samples import K1, MONDAY_0930, help_wanted, ids

Op = tuple[str, int]
WEIGHTS = {"record": 4, "pump": 6, "up": 6, "up_again": 2, "lose_up": 2, "mark": 4, "mark_again": 2, "lose_mark": 2}
RARE = ("time", "crash", "reopen", "backup", "restore", "image", "reimage")
NAMES = [name for name, weight in WEIGHTS.items() for _ in range(weight)] + list(RARE)
OPS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 60)), min_size=20, max_size=80)


class CarelessCourier(Courier):
    """Broken on purpose: settles a row as soon as the broker has it (delete on PUBACK)."""

    def sent(self, batch: Batch) -> None:
        super().sent(batch)
        with self._journal.change():
            self._outbox.acknowledge({batch.rows[-1].epoch: batch.rows[-1].seq}, self._clock())


class ForgetfulOutbox(Outbox):
    """Broken on purpose: the epoch is only a counter, so a disk restored from an image uses one again."""

    def begin_epoch(self, at: float) -> int:
        return super().begin_epoch(0.0)


@dataclass
class Play:
    """One terminal, its wire and a ledger; everything that can happen to them is an op."""

    courier_type: type[Courier] = Courier
    outbox_type: type[Outbox] = Outbox
    wall: float = MONDAY_0930
    now: float = 0.0
    ledger: LedgerModel = field(default_factory=LedgerModel)
    ups: list[bytes] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    minted: list[EventId] = field(default_factory=list)
    only_in_ledger: set[EventId] = field(default_factory=set)
    backup: list[Envelope] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = Journal.connect(":memory:")
        self.mint = ids()
        self.image: tuple[Journal, list[EventId]] | None = None
        self.start()

    def start(self) -> None:
        self.outbox = self.outbox_type(self.journal, K1, self.mint)
        with self.journal.change():
            self.epoch = self.outbox.begin_epoch(self.wall)
        self.courier = self.courier_type(self.journal, self.outbox, self.epoch, lambda: self.wall)
        self.courier.open(self.now)

    def do(self, op: str, n: int) -> None:
        self.wall += 1.0
        self.now += 0.1
        getattr(self, f"_{op}")(n)

    def _record(self, n: int) -> None:
        with self.journal.change():
            self.minted += self.outbox.append(self.epoch, [help_wanted()] * (1 + n), self.wall)

    def _pump(self, n: int) -> None:
        self.pump(1 + n % 4)

    def _up(self, n: int) -> None:
        if self.ups:
            self.marks.append(self.ledger.take(self.ups.pop(n % len(self.ups))))

    def _up_again(self, n: int) -> None:
        if self.ups:
            self.marks.append(self.ledger.take(self.ups[n % len(self.ups)]))

    def _lose_up(self, n: int) -> None:
        if self.ups:
            self.ups.pop(n % len(self.ups))

    def _mark(self, n: int) -> None:
        if self.marks:
            self.courier.heed(self.marks.pop(n % len(self.marks)), self.now)

    def _mark_again(self, n: int) -> None:
        if self.marks:
            self.courier.heed(self.marks[n % len(self.marks)], self.now)

    def _lose_mark(self, n: int) -> None:
        if self.marks:
            self.marks.pop(n % len(self.marks))

    def _time(self, n: int) -> None:
        self.now += n / 20

    def _crash(self, _n: int) -> None:
        self.start()

    def _reopen(self, _n: int) -> None:
        self.courier.close()
        self.courier.open(self.now)

    def _backup(self, _n: int) -> None:
        self.backup = self.ledger.backup()

    def _restore(self, _n: int) -> None:
        """Put an old backup of the ledger in place. What only the ledger had is gone with it."""
        self.ledger.restore(self.backup)
        self.marks.append(self.ledger.mark())
        held = set(self.ledger.ids())
        self.minted = [event_id for event_id in self.minted if event_id in held or event_id not in self.only_in_ledger]

    def _image(self, _n: int) -> None:
        self.image = copy_of(self.journal), list(self.minted)

    def _reimage(self, _n: int) -> None:
        """Put an old image of the disk back. What it never knew is gone, unless the ledger has it: no fault of ours."""
        if self.image is None:
            return
        self.journal, known = copy_of(self.image[0]), self.image[1]
        held = set(self.ledger.ids())
        self.only_in_ledger |= held - set(known)
        self.minted = [event_id for event_id in self.minted if event_id in held or event_id in known]
        self.start()

    def pump(self, times: int) -> None:
        for _ in range(times):
            batch = self.courier.next_batch(self.now)
            if batch is None:
                return
            self.ups.append(encode(Up(events=[msgspec.Raw(row.body) for row in batch.rows])))
            self.courier.sent(batch)

    def settle_down(self) -> None:
        """No more faults: everything must arrive, within a bounded number of rounds."""
        self.courier.open(self.now)
        self.courier.heed(self.ledger.mark(), self.now)
        for _ in range(400):
            self.now += STALLED_AFTER_S / 2
            self.pump(10)
            while self.ups:
                self.courier.heed(self.ledger.take(self.ups.pop(0)), self.now)
            if self.outbox.first_waiting() is None:
                return

    def faults(self) -> list[str]:
        """Return what is wrong at the end; empty when all is well."""
        held = self.ledger.ids()
        found = []
        if self.ledger.clashes:
            found.append("one sequence, two events")
        if len(held) != len(set(held)):
            found.append("an event is in the ledger twice")
        if not set(self.minted) <= set(held):
            found.append("an event was lost")
        if self.outbox.first_waiting() is not None:
            found.append("the outbox never drained")
        for epoch in {envelope.epoch for envelope in self.ledger.order}:
            seqs = [envelope.seq for envelope in self.ledger.order if envelope.epoch == epoch]
            if seqs != list(range(1, len(seqs) + 1)):
                found.append("out of order")
        return found


def copy_of(journal: Journal) -> Journal:
    """Return an image of the disk."""
    copy = Journal.connect(":memory:")
    journal._db.backup(copy._db)
    return copy


def play(ops: Sequence[Op], make: Callable[[], Play] = Play) -> list[str]:
    stage = make()
    for op, n in ops:
        stage.do(op, n)
    stage.settle_down()
    return stage.faults()


@pytest.mark.row("FAC-07", part="rule")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OPS)
def test_every_event_arrives_exactly_once_whatever_happens_to_messages_processes_and_backups(ops: list[Op]) -> None:
    assert play(ops) == []


@pytest.mark.parametrize(
    ("broken", "history"),
    [
        pytest.param(
            lambda: Play(courier_type=CarelessCourier),
            [("record", 0), ("time", 60), ("pump", 0), ("lose_up", 0)],
            id="delete_on_puback",
        ),
        pytest.param(
            lambda: Play(outbox_type=ForgetfulOutbox),
            [
                ("image", 0),
                ("crash", 0),
                ("record", 0),
                ("time", 60),
                ("pump", 0),
                ("up", 0),
                ("reimage", 0),
                ("record", 0),
            ],
            id="reused_epoch",
        ),
    ],
)
def test_the_same_harness_catches_a_broken_variant(broken: Callable[[], Play], history: list[Op]) -> None:
    assert play(history, broken) != []
    assert play(history) == []


def test_a_wrong_mark_settles_nothing_that_was_never_sent() -> None:
    stage = Play()
    stage.do("record", 9)
    claim = Mark(ledger_epoch=1, marks={str(stage.epoch): 10}, chain_head="")
    assert stage.courier.heed(claim, stage.now) is Heeded.WRONG
    assert stage.outbox.waiting()[0] == 10
    stage.settle_down()
    assert stage.faults() == []


@pytest.mark.parametrize(
    "marks", [{"x": 1}, {"-1": 1}, {"1": -1}, {str(2**70): 1}, {str(int(MONDAY_0930) + 9): 5}, {"1": 2**70}]
)
def test_marks_that_cannot_be_are_refused_whole_or_in_part(marks: dict[str, int]) -> None:
    stage = Play()
    stage.do("record", 0)
    assert stage.courier.heed(Mark(ledger_epoch=1, marks=marks, chain_head=""), 0.0) is Heeded.WRONG
    assert stage.outbox.waiting()[0] == 1


def test_a_mark_from_before_a_restore_is_outdated() -> None:
    stage = Play()
    stage.do("record", 0)
    stage.courier.heed(Mark(ledger_epoch=2, marks={}, chain_head=""), 0.0)
    stage.pump(1)
    late = Mark(ledger_epoch=1, marks={str(stage.epoch): 1}, chain_head="")
    assert stage.courier.heed(late, 0.0) is Heeded.OUTDATED
    assert stage.outbox.waiting()[0] == 1


def test_two_older_epochs_drain_unchanged_and_before_the_new_one() -> None:
    stage = Play()
    for _ in range(3):
        stage.do("record", 4)
        stage.do("crash", 0)
    stage.settle_down()
    assert [envelope.epoch for envelope in stage.ledger.order] == sorted(e.epoch for e in stage.ledger.order)
    assert [envelope.seq for envelope in stage.ledger.order] == [1, 2, 3, 4, 5] * 3
    assert stage.faults() == []


def test_the_window_bounds_what_is_under_way_and_a_stall_goes_back_to_the_mark() -> None:
    stage = Play()
    for _ in range(5):
        stage.do("record", 49)
    stage.courier.heed(stage.ledger.mark(), stage.now)
    stage.pump(100)
    assert len(stage.ups) * 20 == WINDOW_EVENTS
    assert stage.courier.next_batch(stage.now + STALLED_AFTER_S - 0.01) is None
    again = stage.courier.next_batch(stage.now + STALLED_AFTER_S)
    assert again is not None
    assert again.rows[0].seq == 1


def test_after_a_hello_the_mark_is_awaited_but_not_for_ever() -> None:
    stage = Play()
    stage.do("record", 0)
    assert stage.courier.next_batch(HELLO_WAIT_S - 0.01) is None
    assert stage.courier.next_batch(HELLO_WAIT_S) is not None


def test_acknowledged_rows_stay_seven_days_and_waiting_rows_stay_for_ever() -> None:
    stage = Play()
    stage.do("record", 1)
    stage.settle_down()
    stage.do("record", 0)
    with stage.journal.change():
        assert stage.outbox.prune(stage.wall + KEPT_ACKED_S - 10.0) == 0
        assert stage.outbox.prune(stage.wall + KEPT_ACKED_S + 10.0) == 2
    assert stage.outbox.waiting()[0] == 1


def test_an_epoch_that_is_pruned_already_does_not_block_newer_ones_when_an_old_backup_comes_back() -> None:
    stage = Play()
    stage.do("record", 4)
    stage.settle_down()
    with stage.journal.change():
        stage.journal.execute("DELETE FROM outbox WHERE seq < 3")
    stage.do("crash", 0)
    stage.do("record", 1)
    stage.ledger.restore([])
    stage.settle_down()
    assert [envelope.epoch for envelope in stage.ledger.order] == [stage.epoch] * 2
    assert stage.courier.beyond_refill == 1
    assert stage.outbox.first_waiting() is None
