"""Guide desk: waiting people by queue with thresholds; requests for help; one fault = one card = what to do."""

from hall.ids import TerminalId
from hall.wire.board import HelpShown, QueueShown
from hall.wire.health_reports import Alert
from kiosk.flows.desk_words import OrdersTest
from kiosk.flows.words import GoesToHelp
from kiosk.session import Frame
from kiosk.ui.screens.desk_duties import draw_duty, duty_height
from kiosk.ui.screens.desk_floor import opener, opener_height
from kiosk.ui.screens.taking import group_title
from kiosk.ui.theme import CAPTION_PX
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import ICONS, tones
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import terminal_name

LONG_WAIT_S = 30 * 60.0
"""From here a queue is marked: hall promise of the demo pack is 30 minutes."""
HELPS, ALERTS = 3, 3
"""So many cards at once; the rest is told as a number."""
SHARES = (0.28, 0.4, 0.5)
"""Of the column for one, two, three requests for help; the rest is the devices'."""
PRIORITY_SERIES = "Y"
LINE_EM, CLOSE_EM = 1.45, 1.05
"""Distance of lines as text is measured, and as the rows of queues are set."""


def queues(p: Painter, room: Box, frame: Frame) -> None:
    """Draw one row for each queue."""
    look, board = p.look, frame.board
    p.card(room)
    inner = room.inset(look.gap, look.gap * 0.75)
    head, inner = inner.top(look.button * 1.45, 4)
    p.text(head, p.say("queues.title"), look.button, bold=True, down="middle", single=True)
    if board is None:
        p.text(inner, p.say("queues.unknown"), look.body, color=p.colors.ink_soft)
        return
    told = p.say("queues.stale" if frame.server_away else "queues.sum", count=board.waiting)
    p.text(head, told, look.body, color=p.colors.ink_soft, across="right", down="middle", single=True, name="waiting")
    rows = max(1, len(board.queues))
    high = min(118.0, inner.h / rows)
    for index, queue in enumerate(board.queues):
        row = Box(inner.x, inner.y + high * index, inner.w, high)
        p.fill(row.top(2)[0], p.colors.line)
        _queue(p, row, queue, frame)


def _queue(p: Painter, row: Box, queue: QueueShown, frame: Frame) -> None:
    look, colors = p.look, p.colors
    late = queue.longest_wait_s >= LONG_WAIT_S
    letter, rest = row.left(look.button * 1.3, look.gap * 0.5)
    p.text(
        letter,
        queue.series,
        look.button * 1.1,
        bold=True,
        color=colors.accent,
        down="middle",
        family="digits",
        by_ink=True,
        single=True,
    )
    count = p.say("queues.people", count=queue.waiting)
    title = series_title(p, queue, frame)
    if p.width(title, look.caption, bold=True) > 1.6 * (rest.w - p.width(count, look.button, bold=True)):
        count = str(queue.waiting)  # a long name in large print: the heading says that these are people
    people, rest = rest.far(p.width(count, look.button, bold=True) + 8, look.gap * 0.5)
    one_line = p.width(title, look.caption, bold=True) <= rest.w
    room = rest.inset(0, row.h * (0.06 if one_line else 0.02))
    lines = round(p.height(title, look.caption, rest.w, bold=True) / (look.caption * LINE_EM))
    if lines * look.caption * CLOSE_EM + look.caption * 1.2 > row.h:
        _queue_of_long_name(p, rest, title, late=late)
        p.text(people, count, look.button, bold=True, across="right", down="middle", single=True,
               name=f"queue:{queue.series}")  # fmt: skip
        return
    upper, lower = room.top(room.h * (0.53 if one_line else 0.64))
    p.text(upper, title, look.body, bold=True, down="middle", line_em=CLOSE_EM)
    minutes = round(queue.longest_wait_s / 60)
    wait = p.say("queues.longest", minutes=minutes) if queue.waiting else p.say("queues.nobody")
    if late:
        sign, lower = lower.left(look.caption * 1.3, 6)
        p.icon(sign, ICONS["attention"], look.caption * 1.2, colors.attention)
    p.text(
        lower,
        wait,
        look.caption,
        color=colors.attention if late else colors.ink_soft,
        bold=late,
        down="middle",
        single=True,
    )
    p.text(
        people, count, look.button, bold=True, across="right", down="middle", single=True, name=f"queue:{queue.series}"
    )


def _queue_of_long_name(p: Painter, room: Box, title: str, *, late: bool) -> None:
    """Draw a name that takes the whole row in large print: of its wait only whether it is long is told."""
    look = p.look
    if late:
        sign, room = room.far(look.caption * 1.3, 6)
        p.icon(sign, ICONS["attention"], look.caption * 1.2, p.colors.attention)
    for em in (look.caption, CAPTION_PX):
        lines = round(p.height(title, em, room.w, bold=True) / (em * LINE_EM))
        if lines * em * CLOSE_EM <= room.h:
            break
    p.text(room, title, em, bold=True, down="middle", line_em=CLOSE_EM)


def series_title(p: Painter, queue: QueueShown, frame: Frame) -> str:
    """Return what the numbers of a series are for, such as 养老待遇."""
    if queue.series == PRIORITY_SERIES:
        return p.say("mark.priority")
    item = next((i for i in frame.pack.items if i.series == queue.series), None) if frame.pack else None
    group = next((g for g in frame.pack.groups if item and g.code == item.group), None) if frame.pack else None
    return group_title(p, group) if group else queue.series


def helps_and_alerts(
    p: Painter,
    room: Box,
    frame: Frame,
    *,
    may_go: bool,
    asked: tuple[TerminalId, ...] | None = None,
    opens: bool = False,
    whole_h: float = 0.0,
) -> None:
    """Draw who asked for help above, what needs somebody below, headed by the way to the devices page.

    `asked`: terminals that were asked to test themselves; None where no test can be ordered from this step.
    `opens`: the devices page can be opened from this step. `whole_h`: height of the column, where something else
    stands above: requests for help keep their share of it, devices take what is left.
    """
    gap = p.look.gap
    helps = min(HELPS, max(1, len(frame.board.help))) if frame.board else 1
    upper, lower = room.top(((whole_h or room.h) - gap) * SHARES[helps - 1], gap)
    _helps(p, upper, frame, may_go=may_go)
    _alerts(p, lower, frame, asked, opens=opens)


def _column(p: Painter, room: Box, title: str, count: int) -> Box:
    look = p.look
    p.card(room)
    inner = room.inset(look.gap, look.gap * 0.75)
    head, inner = inner.top(look.button * 1.45, 8)
    p.text(head, title, look.button, bold=True, down="middle", single=True)
    if count:
        p.text(
            head,
            str(count),
            look.button,
            bold=True,
            color=p.colors.attention,
            across="right",
            down="middle",
            single=True,
            family="digits",
            by_ink=True,
        )
    return inner


def _nothing(p: Painter, room: Box, what: str, *, away: bool) -> None:
    """Say that all is well, or, cut off, that nothing is known: silence is never health."""
    body = p.look.body
    sign, words = room.top(body * 3.2)[0].left(body * 1.5, 8)
    color = p.colors.attention if away else p.colors.accent
    p.icon(Box(sign.x, sign.y, sign.w, body * 1.5), ICONS["attention" if away else "fine"], body * 1.3, color)
    text = p.say(f"{what}.away" if away else f"{what}.none")
    p.text(words, text, body, color=color if away else p.colors.ink_soft)


def _helps(p: Painter, room: Box, frame: Frame, *, may_go: bool) -> None:
    helps: tuple[HelpShown, ...] = frame.board.help if frame.board else ()
    inner = _column(p, room, p.say("helps.title"), len(helps))
    if not helps:
        _nothing(p, inner, "helps", away=frame.server_away)
        return
    look = p.look
    rows = min(HELPS, len(helps))
    high = min(max(look.target + 20, 116.0), (inner.h - look.gap * 0.5 * (rows - 1)) / rows)
    for index, asked in enumerate(helps[:HELPS]):
        row = Box(inner.x, inner.y + (high + look.gap * 0.5) * index, inner.w, high)
        p.fill(row, p.colors.attention_tint, 14, p.colors.attention)
        go, words = row.inset(10, max(0.0, min(10.0, (row.h - look.target) / 2))).far(max(look.target * 1.6, 150.0), 8)
        upper, lower = words.inset(8, 0).top(words.h * 0.48)
        p.text(
            upper,
            terminal_name(p, asked.terminal),
            look.body,
            bold=True,
            color=p.colors.attention,
            down="middle",
            single=True,
        )
        minutes = max(0, int((frame.hall_time - asked.at) / 60))
        since = p.say("helps.since", minutes=minutes) if minutes else p.say("helps.now")
        told = f"{p.say(f'at.{asked.step}')}{p.say('dot')}{since}"
        if p.width(told, look.caption) > lower.w and lower.h < 2 * look.caption * 1.15:
            told = since  # in large print; where they stand is on their own screen
        p.text(
            lower,
            told,
            look.caption,
            color=p.colors.attention,
            down="middle",
            line_em=1.15,
            name=f"asked:{asked.terminal}",
        )
        p.button(
            f"go_to:{asked.terminal}",
            go,
            p.say("helps.go"),
            GoesToHelp(asked.terminal),
            kind="primary",
            em=look.body,
            enabled=may_go,
        )


def _alerts(p: Painter, room: Box, frame: Frame, asked: tuple[TerminalId, ...] | None, *, opens: bool) -> None:
    if opens:
        p.card(room)
        head, inner = room.inset(p.look.gap * 0.75).top(opener_height(p, frame), p.look.gap * 0.5)
        opener(p, head, frame)
        high = duty_height(p, frame, inner.w)
        if high:
            strip, inner = inner.top(high, p.look.gap * 0.5)
            draw_duty(p, strip, frame)
    else:
        inner = _column(p, room, p.say("alerts.title"), len(frame.alerts))
    if not frame.alerts:
        _nothing(p, inner, "alerts", away=frame.server_away)
        return
    offered: set[TerminalId] = set()  # one button for each terminal, on its first card: the test is of the whole of it
    for alert in frame.alerts[:ALERTS]:
        test = asked is not None and alert.terminal not in offered
        high = _alert_height(p, alert, inner.w, test=test)
        if high > inner.h + 1:
            break
        row, inner = inner.top(high, p.look.gap * 0.5)
        if test:
            offered.add(alert.terminal)
            row = _test_button(p, row, alert, asked=alert.terminal in (asked or ()))
        _alert(p, row, alert)


def _test_width(p: Painter) -> float:
    return max(p.look.target * 1.5, p.look.body * 3.6) + p.look.gap * 0.5


def _test_button(p: Painter, row: Box, alert: Alert, *, asked: bool) -> Box:
    """Offer the self-test of this terminal beside its card, or say that it was asked for; return the card's room."""
    button, card = row.far(_test_width(p) - p.look.gap * 0.5, p.look.gap * 0.5)
    button = button.middle(button.w, max(p.look.target, min(button.h, 110.0)))
    text = p.say("alerts.asked" if asked else "alerts.test")
    p.button(f"test:{alert.terminal}", button, text, OrdersTest(alert.terminal), em=p.look.caption, enabled=not asked)
    return card


def _alert_height(p: Painter, alert: Alert, width: float, *, test: bool) -> float:
    look = p.look
    wide = width - 28 - look.body * 1.4 - 10 - (_test_width(p) if test else 0)
    head = p.height(_alert_title(p, alert, wide), look.body, wide, bold=True)
    high = head + p.height(alert.action or alert.code, look.caption, wide) + 20
    return max(high, look.target) if test else high


def _alert_title(p: Painter, alert: Alert, wide: float) -> str:
    kind = alert.device.split(".", 1)[-1]
    named = p.say(f"device.{kind}")
    named = kind if named == f"device.{kind}" else named
    terminal = terminal_name(p, alert.terminal)
    title = terminal + p.say("dot") + named
    return title if p.width(title, p.look.body, bold=True) <= wide else f"{terminal}\n{named}"


def _alert(p: Painter, row: Box, alert: Alert) -> None:
    look = p.look
    tone = "fault" if alert.severity == "fault" else "attention"
    ink, ground = tones(p, tone)  # type: ignore[arg-type]
    p.fill(row, ground, 14, ink)
    sign, words = row.inset(14, 6).left(look.body * 1.4, 10)
    p.icon(sign, ICONS[tone], look.body * 1.3, ink)  # type: ignore[index]
    title = _alert_title(p, alert, words.w)
    upper, lower = words.top(p.height(title, look.body, words.w, bold=True))
    p.text(upper, title, look.body, bold=True, color=ink, down="middle")
    p.text(lower, alert.action or alert.code, look.caption, color=ink, name=f"alert:{alert.device}")
