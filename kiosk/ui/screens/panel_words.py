"""Window panel: what it says of a refusal, of something just done, of the cut-off hall, and of what presses here."""

from hall.errors import Reason
from hall.wire.board import WindowShown
from hall.wire.pack_shown import WindowPlan
from hall.wire.shown import StaffingShown
from kiosk.flows.panel_steps import PanelHeld, PanelPicking
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing
from kiosk.session import Frame
from kiosk.ui.widgets.marks import Tone
from kiosk.ui.widgets.painter import Painter

KNOWN = (
    Reason.NOBODY_WAITING,
    Reason.SERVER_AWAY,
    Reason.WINDOW_BUSY,
    Reason.OUTSIDE_HOURS,
    Reason.TOO_LATE,
    Reason.ILLEGAL_MOVE,
    Reason.NOT_ALLOWED,
    Reason.DAY_NOT_OPEN,
    Reason.NOT_SIGNED_IN,
)
REFUSALS = frozenset(
    {
        ("missed", Reason.ILLEGAL_MOVE),
        ("recall", Reason.ILLEGAL_MOVE),
        ("start", Reason.ILLEGAL_MOVE),
        ("gone", Reason.ILLEGAL_MOVE),
        ("hold", Reason.ILLEGAL_MOVE),
        ("precall", Reason.ILLEGAL_MOVE),
        ("precall", Reason.NOBODY_WAITING),
        ("transfer", Reason.NOT_ALLOWED),
        ("transfer", Reason.ILLEGAL_MOVE),
        ("add", Reason.ILLEGAL_MOVE),
        ("add", Reason.NOT_ALLOWED),
        ("call_number", Reason.UNKNOWN_TICKET),
        ("call_number", Reason.NOT_ALLOWED),
        ("call_early", Reason.ILLEGAL_MOVE),
        ("resume", Reason.NOT_ALLOWED),
        ("resume", Reason.ILLEGAL_MOVE),
        ("resume", Reason.UNKNOWN_TICKET),
    }
)
"""What was asked and why it was refused, where one sentence for the reason alone would not help."""
SAME = {"finish_and_call": "finish"}
DONE = ("hold", "transfer", "missed", "lapsed", "continued")
"""What is told once it is done: the person went somewhere else."""

Telling = PanelReady | PanelCalling | PanelServing | PanelPicking | PanelHeld


def told(p: Painter, step: Telling, frame: Frame) -> tuple[str, Tone]:
    """Return what is to be said above, and in which tone; nothing is the empty text."""
    if frame.alone is not None:
        return _alone(p, step, frame.alone)
    if step.problem is not None:
        what = SAME.get(step.refused, step.refused)
        if (what, step.problem) in REFUSALS:
            return p.say(f"panel.{what}.{step.problem.value}"), "attention"
        tone: Tone = "calm" if step.problem is Reason.NOBODY_WAITING else "attention"
        return p.say(f"panel.{step.problem.value if step.problem in KNOWN else 'other'}"), tone
    if frame.server_away:
        return p.say("panel.away"), "attention"
    if isinstance(step, PanelReady) and step.done in DONE and step.last is not None:
        return p.say(f"panel.done_{step.done}", label=step.last), "fine"
    if frame.back:
        return p.say("panel.back"), "fine"
    return "", "calm"


def _alone(p: Painter, step: Telling, left: int) -> tuple[str, Tone]:
    """While this window calls on its own: that it does; what it cannot do now; that nobody is left."""
    if step.problem is Reason.SERVER_AWAY:
        return p.say("panel.alone_not"), "attention"
    if step.problem is Reason.ILLEGAL_MOVE and step.refused == "missed":
        return p.say("panel.missed.illegal_move"), "attention"
    if step.problem is not None and step.problem is not Reason.NOBODY_WAITING:
        return p.say(f"panel.{step.problem.value if step.problem in KNOWN else 'other'}"), "attention"
    if isinstance(step, PanelReady) and step.done == "continued":
        return p.say("panel.done_continued", name=step.name), "attention"
    if left == 0 and isinstance(step, PanelReady):
        return p.say("panel.alone_none"), "attention"
    return p.say("panel.alone"), "calm"


def plan_of(frame: Frame) -> WindowPlan | None:
    """Return this window as the hall planned it."""
    return next((plan for plan in frame.pack.windows if plan.window == frame.window), None) if frame.pack else None


def own(frame: Frame) -> WindowShown | None:
    """Return this window as the board shows it."""
    windows = frame.board.windows if frame.board else ()
    return next((shown for shown in windows if shown.window == frame.window), None)


def presses(frame: Frame) -> StaffingShown | None:
    """Return the most pressing notice that concerns this window: named, its work, or people to serve at closing."""
    plan, board = plan_of(frame), frame.board
    series = plan.series if plan else ()
    for notice in board.staffing if board else ():
        mine = notice.window == frame.window if notice.window is not None else notice.work in series
        if mine or notice.kind == "still_to_serve":
            return notice
    return None
