"""Errands of a window panel: each as a command of the hall, and how its answer reads."""

from collections.abc import Callable

from hall.commands import (
    AddItem,
    AnyCommand,
    AnyReply,
    CallNext,
    CallTicket,
    FinishService,
    HoldTicket,
    MarkMissed,
    PrecallNext,
    Recall,
    ResumeTicket,
    StartService,
    TransferTicket,
)
from hall.ids import WindowId
from kiosk.flows import words
from kiosk.flows.words import Effect, Happened
from kiosk.performing import replies

Errand = tuple[AnyCommand, Callable[[AnyReply], Happened]]


def window_errand(effect: Effect, own_window: Callable[[], WindowId]) -> Errand | None:
    """Return what to ask, or None for an effect that is no errand of a window; `own_window` raises without one."""
    match effect:
        case words.CallTicket(staff):
            return CallNext(window=own_window(), staff=staff), replies.at_window
        case words.CallNumber(staff, label, reason):
            return CallTicket(window=own_window(), staff=staff, label=label, reason=reason), replies.at_window
        case words.RecallTicket(staff):
            return Recall(window=own_window(), staff=staff), replies.at_window
        case words.AskNear(staff):
            return PrecallNext(window=own_window(), staff=staff), replies.made
        case words.MissTicket(staff):
            return MarkMissed(window=own_window(), staff=staff), replies.over
        case words.BeginService(staff):
            return StartService(window=own_window(), staff=staff), replies.began
        case words.EndService(staff):
            return FinishService(window=own_window(), staff=staff), replies.over
        case words.HoldService(staff):
            return HoldTicket(window=own_window(), staff=staff), replies.over
        case words.ResumeService(staff, label):
            return ResumeTicket(window=own_window(), staff=staff, label=label), replies.began
        case words.SendOn(staff, to_window, item):
            return TransferTicket(window=own_window(), staff=staff, to_window=to_window, item=item), replies.over
        case words.AddToNumber(staff, label, item):
            return AddItem(label=label, item=item, staff=staff), replies.made
    return None
