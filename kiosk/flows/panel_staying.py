"""A panel started again in an outage: who was signed in there says that it is still they, and goes on.

Asked and not assumed: nobody can check a PIN now, so a person must say who sits here. The hall server that is back
before anybody said so wants the PIN.
"""

from dataclasses import replace

from kiosk.flows.panel_asking import Move
from kiosk.flows.panel_steps import PanelStaying
from kiosk.flows.staying_words import FindWhoStays, HallAway, MayStay, NobodyStays, StaffStays, StayOn
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    ConfirmedMove,
    Happened,
    SignedOff,
    StaffArrived,
    Step,
    WentBack,
)


def offered(step: SigningIn, happened: HallAway | MayStay) -> Move:
    """The server is away: find who may go on here; with somebody found, ask."""
    if isinstance(happened, HallAway):
        return step, (FindWhoStays(),)
    return PanelStaying(happened.staff, happened.name), ()


def advance(step: PanelStaying, happened: Happened) -> Move:
    """Return the next step; inputs that do not fit change nothing."""
    match happened:
        case StaffStays() if step.asking:
            return _at_work(happened), ()
        case StaffArrived(who):  # the answer to a sign-in that was on its way
            return PanelReady(who.staff, who.name, fresh=True), ()
        case AskRefused(reason) if step.asking:
            return SigningIn("window_panel", problem=reason), ()
        case _ if step.asking:
            return step, ()
        case ConfirmedMove():
            return replace(step, asking=True), (StayOn(step.staff),)
        case SignedOff() | WentBack():
            return SigningIn("window_panel"), (NobodyStays(),)
        case BoardChanged():
            return SigningIn("window_panel"), ()
    return step, ()


def _at_work(stays: StaffStays) -> Step:
    """Whoever stands at the window stands there still."""
    if stays.called is None:
        return PanelReady(stays.staff, stays.name, fresh=True, done="continued")
    if stays.service is None:
        return PanelCalling(stays.staff, stays.name, stays.called)
    return PanelServing(stays.staff, stays.name, stays.called, stays.service)
