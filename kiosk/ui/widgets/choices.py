"""A page of large choices: two columns, or one in large print; more than fit are turned by pages, never scrolled."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kiosk.flows.words import Happened
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Show

T = TypeVar("T")
LEAST_WORDS = 4.5
"""In less than this many ems a page key shows its arrow only."""


def choices(
    p: Painter,
    room: Box,
    all_choices: Sequence[T],
    draw: Callable[[Box, T], None],
    *,
    columns: int,
    least_h: float,
    most_h: float,
) -> None:
    """Lay out as many as fit at `least_h`, each at most `most_h` high, with keys to turn the page if needed."""
    gap = p.look.gap
    rows = max(1, int((room.h + gap) // (least_h + gap)))
    if len(all_choices) <= rows * columns:
        shown: Sequence[T] = all_choices
    else:
        foot, room = room.foot(max(p.look.target, 110.0), gap)
        rows = max(1, int((room.h + gap) // (least_h + gap)))
        shown = _turned(p, foot, all_choices, rows * columns)
    lines = max(1, -(-len(shown) // columns)) if len(all_choices) <= rows * columns else rows
    high = min(most_h, (room.h - gap * (lines - 1)) / lines)
    for index, choice in enumerate(shown):
        row = Box(room.x, room.y + (high + gap) * (index // columns), room.w, high)
        draw(row.columns(columns, gap)[index % columns], choice)


def _turned(p: Painter, foot: Box, all_choices: Sequence[T], fit: int) -> Sequence[T]:
    last = (len(all_choices) - 1) // fit
    page = min(p.page, last)
    pager(p, foot, page, last, back=Show("page", str(page - 1)), on=Show("page", str(page + 1)))
    return all_choices[page * fit : (page + 1) * fit]


def pager(p: Painter, foot: Box, page: int, last: int, *, back: Happened | Show, on: Happened | Show) -> None:
    """Draw 上一页, page i/n, 下一页; in a narrow column only their arrows."""
    left, middle, right = foot.columns(3, p.look.gap)
    wide = left.w >= p.look.button * LEAST_WORDS
    if not wide:
        left, rest = foot.left(foot.w * 0.24, p.look.gap * 0.5)
        right, middle = rest.far(foot.w * 0.24, p.look.gap * 0.5)
    before, after = (p.say("page.previous"), p.say("page.next")) if wide else ("", "")
    p.button("page:previous", left, before, back, icon="chevron-left", enabled=page > 0)
    told = p.say("page.of", page=page + 1, pages=last + 1)
    if p.width(told, p.look.caption) > middle.w:
        told = f"{page + 1}/{last + 1}"
    p.text(middle, told, p.look.body, across="center", down="middle", single=True, name="page")
    p.button("page:next", right, after, on, icon="chevron-right", after=True, enabled=page < last)
