"""Guide desk: one number. Where it stands, what was just done, and only the moves that fit."""

from hall.desk_facts import DeskMove
from hall.errors import Reason
from kiosk.flows.desk_numbers import AT_WORK, ENDED, leased_of, place_of
from kiosk.flows.desk_steps import DeskNumber, DeskPicking
from kiosk.flows.desk_words import ChoseMinutes, ChoseMove, SaidYes
from kiosk.flows.steps import Paper
from kiosk.flows.words import Ended, WantsPaper, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_items import group_of, groups_or_items
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import Tone, note_on_top, pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.ticket_facts import item_of, item_title, minutes_text, windows_text

KNOWN = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.ILLEGAL_MOVE, Reason.DAILY_LIMIT, Reason.NOT_SIGNED_IN,
         Reason.RANGE_EXHAUSTED, Reason.UNKNOWN_TICKET)  # fmt: skip
ICONS = {
    DeskMove.RETURN: "backup-restore",
    DeskMove.COME_BACK: "account-check",
    DeskMove.STEP_AWAY: "walk",
    DeskMove.SWAP: "swap-horizontal",
    DeskMove.ADD: "playlist-plus",
    DeskMove.GRANT: "star-circle",
    DeskMove.CANCEL: "close-circle",
}
FIRST = (DeskMove.RETURN, DeskMove.COME_BACK)
"""What somebody with such a number most likely came for: the one primary action."""
MINUTES = (5, 10, 15, 20, 30, 45)


def number(p: Painter, room: Box, step: DeskNumber, frame: Frame) -> None:
    """Draw the number, then either one question or the moves."""
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    back, top = top.left(max(look.target, 84.0), look.gap)
    free = step.asking is None
    p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body, enabled=free)
    done, title = top.far(min(top.w * 0.4, 280.0), look.gap)
    p.text(title, p.say("number.title"), look.button * 1.1, bold=True, down="middle", single=True, name="title")
    if step.question is None:
        p.button("done", done, p.say("number.done"), Ended(), kind="quiet", em=look.body * 1.1, enabled=free)
    card, room = room.top(252.0, look.gap * 0.75)
    _card(p, card, step, frame)
    news = _news(p, step)
    if news is not None:
        tone, text = news
        room = note_on_top(p, room, text, tone, name="news")
    if step.question is DeskMove.STEP_AWAY:
        _minutes(p, room, step)
    elif step.question is not None:
        _really(p, room, step)
    else:
        _moves(p, room, step)


def _card(p: Painter, box: Box, step: DeskNumber, frame: Frame) -> None:
    look, colors, shown = p.look, p.colors, step.shown
    issued = shown.issued
    p.fill(box, colors.card, 22, colors.accent, 5)
    great, words = box.inset(look.gap, look.gap * 0.75).left(box.w * 0.4, look.gap)
    if issued.priority:
        mark, great = great.top(look.body * 1.7)
        pill(p, mark.x + p.width(p.say("mark.priority"), look.body, bold=True) + look.body * 1.1, mark.y,
             p.say("mark.priority"), look.body, name="priority")  # fmt: skip
    p.text(great, issued.label, min(great.w / 2.6, great.h), bold=True, color=colors.accent, across="center",
           down="middle", line_em=0.9, single=True, family="digits", by_ink=True, name="number")  # fmt: skip
    first, second, third = words.rows(3, 2)
    p.text(first, p.say(f"place.{place_of(shown)}"), look.button * 1.1, bold=True, down="middle", single=True,
           name="place_now")  # fmt: skip
    item = item_of(frame, issued.item)
    title = item_title(p, item) if item else str(issued.item)
    if issued.more_items:
        title += p.say("number.and_more", count=1 + len(issued.more_items))
    p.text(second, title, look.body, down="middle", line_em=1.2, name="item")
    p.text(third, _facts(p, step, frame), look.caption, color=colors.ink_soft, down="middle", line_em=1.25,
           name="facts")  # fmt: skip


def _facts(p: Painter, step: DeskNumber, frame: Frame) -> str:
    shown = step.shown
    if shown.away_until:
        return p.say("aside.until", minutes=max(0, round((shown.away_until - frame.hall_time) / 60)))
    quote = shown.issued.quote
    if shown.state == "waiting" and quote is not None:
        ahead = p.say("number.ahead", count=quote.people_ahead)
        where = windows_text(p, shown.windows) + "\n" if shown.windows else ""
        return where + ahead + p.say("dot") + minutes_text(p, quote)
    if shown.window is not None:
        return p.say("place.window", window=shown.window)
    return windows_text(p, shown.windows) if shown.windows else ""


def _news(p: Painter, step: DeskNumber) -> tuple[Tone, str] | None:
    """Say what is going on, what went wrong, what was done, in this order."""
    if step.asking is not None:
        return "calm", p.say("number.asking")
    if step.problem is not None:
        return "attention", p.say(f"number.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    if step.paper is not Paper.NONE:
        tone, text = paper_news(p, "desk", step.paper, step.fault)
        return tone, (p.say("number.told_swap") + text if step.done is DeskMove.SWAP else text)
    if step.done is not None:
        return "fine", p.say(f"number.told_{step.done.value}", label=step.shown.issued.label)
    if not step.shown.moves:
        return "calm", p.say("number.no_moves")
    if step.shown.state == "missed" and DeskMove.RETURN not in step.shown.moves:
        return "calm", p.say("number.returned_before")
    return None


def _moves(p: Painter, room: Box, step: DeskNumber) -> None:
    look, free = p.look, step.asking is None
    moves = step.shown.moves
    first = next((move for move in moves if move in FIRST), None)
    if first is not None:
        row, room = room.top(max(look.target, 104.0), look.gap * 0.75)
        p.button(f"move:{first.value}", row, p.say(f"move.{first.value}"), ChoseMove(first), kind="primary",
                 icon=ICONS[first], enabled=free)  # fmt: skip
    rest = [move for move in moves if move is not first]
    places = 1 + len(rest) if step.shown.state not in ENDED else len(rest)
    rows = max(1, -(-places // 2))
    high = min(112.0, max(look.target, (room.h - look.gap * 0.75 * (rows - 1)) / rows))
    grid, _ = room.top(rows * high + (rows - 1) * look.gap * 0.75)
    cells = [box for row in grid.rows(rows, look.gap * 0.75) for box in row.columns(2, look.gap * 0.75)]
    if step.shown.state not in ENDED:
        p.button("print_copy", cells.pop(0), p.say("number.copy"), WantsPaper(), icon="printer", em=look.body * 1.1,
                 enabled=free and step.paper not in AT_WORK and may_print(step))  # fmt: skip
    for box, move in zip(cells, rest, strict=False):
        p.button(f"move:{move.value}", box, p.say(f"move.{move.value}"), ChoseMove(move), icon=ICONS[move],
                 em=look.body * 1.1, enabled=free)  # fmt: skip


def may_print(step: DeskNumber) -> bool:
    """Tell whether a slip would say enough: at least where to go."""
    return leased_of(step.shown) is not None or bool(step.shown.windows)


def _minutes(p: Painter, room: Box, step: DeskNumber) -> None:
    look = p.look
    line, room = room.top(look.button * 1.5, look.gap * 0.5)
    p.text(line, p.say("number.how_long"), look.button, bold=True, down="middle", single=True, name="question")
    foot, room = room.foot(max(look.target, 96.0), look.gap)
    p.button("back:question", foot, p.say("number.not_now"), WentBack(), em=look.body * 1.1)
    fit = [minutes for minutes in MINUTES if minutes <= step.shown.away_max_min]
    grid, _ = room.top(min(room.h, 2 * 128.0 + look.gap))
    places = [box for row in grid.rows(2, look.gap) for box in row.columns(3, look.gap)]
    for box, minutes in zip(places, fit, strict=False):
        p.button(f"minutes:{minutes}", box, p.say("number.minutes", minutes=minutes), ChoseMinutes(minutes),
                 kind="quiet")  # fmt: skip


def _really(p: Painter, room: Box, step: DeskNumber) -> None:
    look = p.look
    text = p.say("number.really", label=step.shown.issued.label)
    used = p.text(room, text, look.button, bold=True, name="question")
    _, room = room.top(used, look.gap)
    row, _ = room.top(max(look.target, 128.0))
    keep, give_up = row.columns(2, look.gap)
    p.button("back:question", keep, p.say("number.keep"), WentBack(), kind="primary")
    p.button("yes", give_up, p.say("number.give_up"), SaidYes(), kind="attention")


def picking(p: Painter, room: Box, step: DeskPicking, frame: Frame) -> None:
    """Draw groups and items to swap to, or to add."""
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    back, title = top.left(max(look.target, 84.0), look.gap)
    p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body)
    group = group_of(frame, step.group)
    told = p.say(f"pick.{step.move.value}", label=step.shown.issued.label)
    p.text(title, told, look.button * 1.1, bold=True, down="middle", line_em=1.2, name="title")
    open_group = step.group if group is not None else None
    groups_or_items(p, room, frame, open_group, (step.shown.issued.item, *step.shown.issued.more_items))
