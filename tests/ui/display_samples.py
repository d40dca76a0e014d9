"""The hall display as its tests and pictures show it."""

import msgspec

from hall.ids import TicketLabel, WindowId
from hall.wire.board import Board
from kiosk.flows import steps
from tests.ui.samples import WALL, Shot, board, frame


def rows() -> tuple[steps.CallRow, ...]:
    calls = (
        ("Y003", "14", True),
        ("C013", "7", False),
        ("A020", "2", False),
        ("H002", "13", False),
        ("B12-K3", "6", False),
    )
    return tuple(
        steps.CallRow(20 - index, TicketLabel(label), WindowId(window), priority, newest=index == 0)
        for index, (label, window, priority) in enumerate(calls)
    )


MISSED = tuple(TicketLabel(label) for label in ("C009", "A017", "Y001", "B004", "H002", "G001"))
RESERVES = tuple(TicketLabel(label) for label in ("C12-K3", "A17-K2", "Y01-D1", "B04-K3", "H02-K2", "G01-K1"))


def last_served() -> Board:
    """After the last number was given: nobody waits, one window is still at work."""
    return msgspec.structs.replace(board(waiting=0, taking=False), hours="cut_off")


def display_shots() -> list[Shot]:
    at = frame("S1", "hall_display")
    return [
        ("display_not_ready", WALL, frame("S1", "hall_display", pack=None, board=None), steps.NotReady("hall_display")),
        ("display_empty", WALL, at, steps.DisplayShowing()),
        ("display_rows", WALL, at, steps.DisplayShowing(rows())),
        ("display_away", WALL, frame("S1", "hall_display", server_away=True), steps.DisplayShowing(rows())),
        ("display_missed", WALL, at, steps.DisplayShowing(rows(), missed=MISSED)),
        ("display_missed_long", WALL, at, steps.DisplayShowing(rows(), missed=RESERVES)),
        (
            "display_missed_away",
            WALL,
            frame("S1", "hall_display", server_away=True),
            steps.DisplayShowing(rows(), missed=MISSED[:1]),
        ),
        ("display_cut_off", WALL, frame("S1", "hall_display", board=last_served()), steps.DisplayShowing(rows())),
    ]
