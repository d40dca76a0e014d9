"""The one-time notice of an item: composed from the pack in force, put out by the slip printer; it is nobody's."""

from hall.errors import HallError, Reason
from hall.ids import JobId
from kiosk.flows.notice_papers import notice_slip
from kiosk.flows.notice_steps import PrintNotice, notice_job
from kiosk.performing.hands import Givens, HallLine, Hands
from kiosk.ports import PrintResult


class NoticePapers:
    """Prints notices. No event is written: who takes a notice is nobody's business."""

    def __init__(self, terminal: HallLine, hands: Hands, givens: Givens) -> None:
        self._terminal = terminal
        self._hands = hands
        self._givens = givens

    def __call__(self, effect: PrintNotice) -> None:
        """Start one; never blocks. Raises `HallError` where there is no printer, no pack or no such item."""
        printer, pack = self._hands.slip_printer, self._terminal.pack
        item = next((one for one in pack.items if one.code == effect.item), None) if pack else None
        if printer is None or pack is None or item is None:
            raise HallError(
                Reason.INTERNAL, "slip_printer", "this terminal has no printer, no hall pack or no such item"
            )
        now = self._givens.clock()
        slip = notice_slip(item, pack, self._givens.say, printed_at=self._givens.local_time(now))
        printer.print(JobId(notice_job(effect.item, int(now * 1000))), slip, None, _forget)


def _forget(result: PrintResult) -> None:
    """The news of the job reaches the screen by the printer's worker."""
