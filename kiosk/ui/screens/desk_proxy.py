"""代办查询 at the guide desk: who waits where, and one request with both masked names and what to look at."""

from hall.errors import Reason
from hall.wire.shown import ProxyShown
from kiosk.flows.proxy_steps import DeskProxy
from kiosk.flows.proxy_words import ConfirmsProxy, DeclinesProxy, OpensProxy
from kiosk.flows.words import WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_floor import fitting
from kiosk.ui.theme import CAPTION_PX
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import terminal_name

CHECKS = (("card-account-details", "originals"), ("account-check", "present"), ("clipboard-list", "mandate"))
KNOWN = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN, Reason.ILLEGAL_MOVE)
"""Refusals with a sentence of their own."""


def requests(p: Painter, room: Box, frame: Frame, *, opens: bool) -> Box:
    """Draw who has waited longest for a confirmation; return the room below. Without a request nothing is drawn."""
    look = p.look
    asked = [one for one in frame.board.proxies if one.state == "asked"] if frame.board else []
    for one in asked[:1]:
        row, room = room.top(max(look.target, look.body * 1.5 + look.caption * 1.5) + 20, look.gap * 0.75)
        _request(p, row, one, frame, len(asked), opens=opens)
    return room


def _request(p: Painter, row: Box, one: ProxyShown, frame: Frame, count: int, *, opens: bool) -> None:
    look = p.look
    p.fill(row, p.colors.attention_tint, 14, p.colors.attention)
    go, words = row.inset(10, max(0.0, min(10.0, (row.h - look.target) / 2))).far(max(look.target * 1.6, 150.0), 8)
    words = words.inset(8, 0)
    upper, lower = words.top(words.h * 0.52)
    dot = p.say("dot")
    place, more = terminal_name(p, one.terminal), p.say("desk_proxy.more", count=count) if count > 1 else ""
    title = fitting(p, upper.w, look.body, *([place + dot + more] if more else []), place)
    p.text(upper, title, look.body, bold=True, color=p.colors.attention, down="middle", single=True)
    minutes = max(0, int((frame.hall_time - one.at) / 60))
    since = p.say("helps.since", minutes=minutes) if minutes else p.say("helps.now")
    wish = p.say("desk_proxy.wish")
    told = fitting(p, lower.w, look.caption, f"{wish}{dot}{since}", wish)
    p.text(lower, told, look.caption, color=p.colors.attention, down="middle", single=True, name=f"proxy:{one.proxy}")
    text, wanted = p.say("desk_proxy.look"), OpensProxy(one.proxy, one.terminal)
    p.button(f"open_proxy:{one.terminal}", go, text, wanted, kind="primary", em=look.body, enabled=opens)


def page(p: Painter, room: Box, step: DeskProxy, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Draw one request: where, who for whom, three things to look at, and one touch to answer."""
    look = p.look
    title, room = room.top(look.button * 1.5, 2)
    told = p.say("desk_proxy.title", terminal=terminal_name(p, step.terminal))
    p.text(title, told, look.button * 1.15, bold=True, down="middle", single=True, name="title")
    buttons, room = room.foot(max(look.target, 104.0), look.gap)
    _buttons(p, buttons, step)
    problem = _problem(p, step)
    strip, room = room.foot(note_height(p, problem or p.say("desk_proxy.trail"), room.w, look.caption), look.gap)
    note(p, strip, problem or p.say("desk_proxy.trail"), "attention" if problem else "calm", look.caption, name="told")
    names, room = room.top(look.body * 4.4, look.gap)
    p.card(names)
    _names(p, names.inset(look.gap, 6), step)
    _checks(p, room)


def _checks(p: Painter, room: Box) -> None:
    """Draw the three things to look at; all stay in sight, so that long words in large print are set as captions."""
    look = p.look
    gap, texts = look.gap * 0.5, [p.say(f"desk_proxy.{key}") for _, key in CHECKS]
    for em in (look.body, look.caption, CAPTION_PX):
        heights = [p.height(text, em, room.w - em * 2.2) + 8 for text in texts]
        if sum(heights) + gap * (len(CHECKS) - 1) <= room.h:
            break
    for (sign, key), text, high in zip(CHECKS, texts, heights, strict=True):
        row, room = room.top(high, gap)
        mark, words = row.left(em * 1.6, em * 0.6)
        p.icon(Box(mark.x, mark.y, mark.w, min(mark.h, em * 1.6)), sign, em * 1.3)
        p.text(words, text, em, down="middle", name=f"check:{key}")


def _names(p: Painter, room: Box, step: DeskProxy) -> None:
    look = p.look
    if step.names is None:
        text = p.say("desk_proxy.gone" if step.gone else "desk_proxy.names_coming")
        p.text(room, text, look.body, color=p.colors.ink_soft, down="middle", name="names")
        return
    upper, lower = room.top(room.h / 2)
    agent = p.say("desk_proxy.agent", name=step.names.agent)
    person = p.say("desk_proxy.person", name=step.names.person)
    p.text(upper, agent, look.body, bold=True, down="middle", single=True, name="agent")
    p.text(lower, person, look.body, bold=True, down="middle", single=True, name="person")


def _problem(p: Painter, step: DeskProxy) -> str:
    if step.gone:
        return p.say("desk_proxy.problem_illegal_move")
    if step.problem is None:
        return ""
    return p.say(f"desk_proxy.problem_{step.problem.value if step.problem in KNOWN else 'other'}")


def _buttons(p: Painter, row: Box, step: DeskProxy) -> None:
    look = p.look
    waits = not (step.asking or step.gone)
    back, row = row.left(row.w * 0.2, look.gap)
    decline, confirm = row.left(row.w * 0.36, look.gap)
    p.button("back", back, p.say("bar.back"), WentBack(), em=look.body, enabled=not step.asking)
    p.button("decline", decline, p.say("desk_proxy.decline"), DeclinesProxy(), em=look.body, enabled=waits)
    text = p.say("desk_proxy.asking" if step.asking else "desk_proxy.confirm")
    ready = waits and step.names is not None
    p.button("confirm", confirm, text, ConfirmsProxy(), kind="primary", em=look.body * 1.1, enabled=ready)
