"""What goes out after a commit: answers, marks, orders, looks and alarms of one turn."""

import logging
from collections.abc import Callable
from typing import Final

from hall.commands import AnyReply
from hall.day.decisions import HallState
from hall.ids import TerminalId
from hall.wire.lanes import Mark
from hall_server.writer.jobs import LookJob, Outlet
from hall_server.writer.orders import OrdersTold
from hall_server.writer.standing import Standing
from hall_server.writer.turn import Turn

log = logging.getLogger(__name__)

EPOCHS_TOLD: Final = 20
"""The newest process starts of a terminal; older ones drained long ago."""


class Telling:
    """Used on the writer's thread. A listener's exception is its own: the others are told all the same."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._orders_told = OrdersTold()

    def tell(self, turn: Turn) -> None:
        """Hand out what this turn says; only ever of a turn that is committed."""
        for done, reply in turn.answered:
            _answer(done, reply)
        for terminal, epochs in turn.to_mark.items():
            self._outlet.marked(terminal, _mark(turn.standing, terminal, epochs))
        for terminal, orders in self._orders_told.news(turn.standing, turn.greeted):
            self._outlet.ordered(terminal, orders)
        for job in turn.looks:
            _show(job, turn.standing.state)
        for terminal, code in turn.alarms:
            self._outlet.alarm(terminal, code, turn.now)


def _mark(standing: Standing, terminal: TerminalId, epochs: set[int]) -> Mark:
    """Return the marks of what was just sent and of the newest epochs: who refills needs them together."""
    newest = sorted(standing.epochs.get(terminal, ()))[-EPOCHS_TOLD:]
    return Mark(
        ledger_epoch=standing.ledger_epoch,
        marks={str(epoch): standing.marks.get((terminal, epoch), 0) for epoch in sorted(epochs.union(newest))},
        chain_head=standing.chain_head,
        quarantined=terminal in standing.clashed,
    )


def _answer(done: Callable[[AnyReply], None], reply: AnyReply) -> None:
    try:
        done(reply)
    except Exception:
        log.exception("an answer could not be handed over")


def _show(job: LookJob, state: HallState) -> None:
    try:
        job.look(state)
    except Exception:
        log.exception("a look at the queue failed")
