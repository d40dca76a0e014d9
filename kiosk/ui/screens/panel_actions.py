"""Window panel, right side: one giant next action, and few others well apart from it."""

from math import ceil

from hall.commands import Called
from kiosk.flows.panel_steps import PanelMore
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing
from kiosk.flows.words import (
    OpenedHeld,
    OpenedMoves,
    OpenedNumbers,
    PressedAddItem,
    PressedCall,
    PressedFinish,
    PressedHold,
    PressedMissed,
    PressedPrecall,
    PressedRecall,
    PressedStart,
    PressedTransfer,
    Touch,
    WentBack,
)
from kiosk.session import Frame
from kiosk.ui.screens.panel_words import own
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.tiles import tile

MOST_WAIT_S = 600.0
"""A longer time until 过号 can only be a wrong clock on this terminal: then the hall alone decides."""


def actions(p: Painter, room: Box, step: PanelReady | PanelAsking | PanelCalling | PanelServing, frame: Frame) -> None:
    """Draw what can be done now; while a request is on its way everything rests."""
    shown = step.before if isinstance(step, PanelAsking) else step
    asking = step if isinstance(step, PanelAsking) else None
    free, gap, high = asking is None, p.look.gap, max(p.look.target, 104.0)
    foot, room = room.foot(high, gap)
    if isinstance(shown, PanelReady):
        left, right = foot.columns(2, gap)
        p.button("pick", left, p.say("panel.pick"), OpenedNumbers(), enabled=free, em=p.look.body)
        count = held_here(frame)
        text = p.say("panel.held_count", count=count) if count else p.say("panel.held")
        p.button("held", right, text, OpenedHeld(), enabled=free, em=p.look.body, kind="chosen" if count else "plain")
        _giant(p, room, "call_next", icon="bullhorn", tap=PressedCall(), asking=asking, frame=frame)
        return
    if isinstance(shown, PanelCalling):
        told = until_missed(p, shown.called, frame)
        line, room = room.foot(p.height(told, p.look.caption, room.w), gap * 0.5)
        p.text(line, told, p.look.caption, color=p.colors.ink_soft, across="center", name="until_missed")
    row, room = room.foot(high, gap)
    if isinstance(shown, PanelCalling):
        left, right = row.columns(2, gap)
        rests = p.say("panel.recall_rest") if shown.resting else ""
        _noted(p, "recall", left, rests, tap=PressedRecall(), enabled=free, icon="repeat")
        may = free and may_miss(shown.called, frame)
        p.button("missed", right, p.say("panel.missed"), PressedMissed(), enabled=may, icon="account-clock")
        p.button("transfer", foot, p.say("panel.transfer"), PressedTransfer(), enabled=free, icon="account-arrow-right")
        _giant(p, room, "start", icon="account-check", tap=PressedStart(), asking=asking, frame=frame)
        return
    left, right = foot.columns(2, gap)
    p.button("finish", left, p.say("panel.finish"), PressedFinish(), enabled=free, icon="check-bold", em=p.look.body)
    p.button("more", right, p.say("panel.more"), OpenedMoves(), enabled=free, icon="dots-horizontal", em=p.look.body)
    here = own(frame)
    near = here.next_label if here else None
    text = p.say("panel.precalled", label=near) if near else p.say("panel.precall")
    p.button("precall", row, text, PressedPrecall(), enabled=free and not near, icon="account-voice", em=p.look.body)
    _giant(p, room, "finish_next", icon="bullhorn", tap=PressedFinish(call_next=True), asking=asking, frame=frame)


def until_missed(p: Painter, called: Called, frame: Frame) -> str:
    """Say how often they were called, and what 过号 still waits for, before anybody presses it."""
    left, seconds = called.calls_left, _seconds_left(called, frame)
    if not called.ticket or frame.pack is None:  # not called here: how often is not known
        return p.say("panel.missed_calls", count=left) if left else p.say("panel.missed_free")
    total = max(frame.pack.calling.calls_before_missed, left)
    said = p.say("panel.missed_said", count=max(1, total - left), total=total)
    if left:
        key = "panel.missed_both" if seconds else "panel.missed_calls"
        return said + p.say(key, count=left, seconds=seconds)
    return said + (p.say("panel.missed_in", seconds=seconds) if seconds else p.say("panel.missed_free"))


def may_miss(called: Called, frame: Frame) -> bool:
    """Tell whether 过号 can be pressed."""
    return called.calls_left <= 0 and not _seconds_left(called, frame)


def _seconds_left(called: Called, frame: Frame) -> int:
    seconds = ceil(called.may_miss_at - frame.hall_time)
    return seconds if 0 < seconds <= MOST_WAIT_S else 0


def held_here(frame: Frame) -> int:
    """Count the numbers that this window holds."""
    aside = frame.board.aside if frame.board else ()
    return sum(1 for one in aside if one.state == "held" and one.window == frame.window)


def more(p: Painter, room: Box, step: PanelMore) -> None:
    """Draw the seldom moves, each with what it does, and the way back."""
    del step
    look = p.look
    foot, room = room.foot(max(look.target, 104.0), look.gap)
    p.button("back", foot, p.say("bar.back"), WentBack(), icon="arrow-left", em=look.body)
    told: tuple[tuple[str, str, Touch], ...] = (
        ("hold", "pause-circle", PressedHold()),
        ("transfer", "account-arrow-right", PressedTransfer()),
        ("add", "plus-circle", PressedAddItem()),
    )
    for box, (name, sign, tap) in zip(room.rows(len(told), look.gap), told, strict=True):
        p.card(box)
        icon, words = box.inset(look.gap, look.gap * (0.25 if look.large else 0.5)).left(look.title, look.gap * 0.75)
        p.icon(icon, sign, look.title)
        upper, lower = words.top(words.h * (0.38 if look.large else 0.46))
        p.text(upper, p.say(f"panel.{name}"), look.button, bold=True, down="bottom", line_em=1.1)
        p.text(lower, p.say(f"panel.{name}_hint"), look.caption, color=p.colors.ink_soft, line_em=1.15)
        p.target(name, box, p.say(f"panel.{name}"), tap)


def _noted(p: Painter, name: str, box: Box, note: str, *, tap: Touch, enabled: bool, icon: str) -> None:
    """A button that rests while `note` says why."""
    text = p.say(f"panel.{name}")
    if not note:
        p.button(name, box, text, tap, enabled=enabled, icon=icon)
        return
    ink, _ = tile(p, box, enabled=False)
    upper, lower = box.inset(8, box.h * 0.1).top(box.h * 0.42)
    p.text(upper, text, p.look.body, bold=True, color=ink, across="center", down="middle", single=True)
    p.text(lower, note, p.look.caption, color=ink, across="center", down="middle", line_em=1.1, name=f"{name}_note")
    p.target(name, box, f"{text} {note}", tap, enabled=False)


def _giant(p: Painter, box: Box, name: str, *, icon: str, tap: Touch, asking: PanelAsking | None, frame: Frame) -> None:
    look, colors = p.look, p.colors
    text = p.say(f"panel.asking_{asking.what}", label=asking.label or "") if asking else p.say(f"panel.{name}")
    if asking and frame.connecting:
        text = p.say("panel.connecting")
    ground, ink = (colors.tint, colors.accent) if asking else (colors.primary, colors.on_primary)
    p.fill(box, ground, 28, colors.primary, 4)
    upper, lower = box.inset(look.gap).top(box.h * 0.5)
    p.icon(upper, "timer-sand" if asking else icon, min(upper.h * 0.8, 190.0), ink)
    p.text(lower, text, look.title, bold=True, color=ink, across="center", down="middle", line_em=1.25)
    p.target(name, box, text, tap, enabled=asking is None, radius=28)
