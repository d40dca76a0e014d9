"""What the panel tells of the one who was here last ends with the fact: on the board, or after a minute."""

from dataclasses import replace

from hall.ids import TicketLabel
from hall.wire.board import Board
from kiosk.flows.kinds import Step
from kiosk.flows.steps import PanelReady
from kiosk.flows.words import BoardChanged

ASIDE = {"missed": "missed", "hold": "held"}
"""What was done, to how the board names who stands aside by it; the others wait in line again."""


def still_so(step: Step, happened: BoardChanged) -> Step:
    """Stop telling once a board has shown the fact and a later one does not: they came back, or were called again.

    A board that is older than what was done shows nothing of it yet, and ends nothing.
    """
    if not isinstance(step, PanelReady) or not step.done or step.last is None:
        return step
    if _is_so(step.done, step.last, happened.board):
        return replace(step, known=True)
    return quiet(step) if step.known else step


def quiet(step: PanelReady) -> PanelReady:
    """Tell nothing more."""
    return replace(step, done="", known=False)


def _is_so(done: str, label: TicketLabel, board: Board) -> bool:
    state = ASIDE.get(done)
    if state is not None:
        return any(one.label == label and one.state == state for one in board.aside)
    return any(one.label == label for one in board.waiting_tickets)
