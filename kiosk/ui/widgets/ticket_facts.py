"""What a ticket says, for every screen that shows one: windows, area, people ahead, minutes, what to have ready."""

from collections.abc import Sequence

from hall.commands import Leased
from hall.events import Quote, TicketIssued
from hall.ids import TicketLabel, WindowId
from hall.wire.pack_shown import ItemShown
from kiosk.flows.waiting_words import wait_text
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter

FOLD = 3
"""So many neighbouring windows or more are written as a range."""


def great_number(p: Painter, room: Box, label: TicketLabel, em: float) -> None:
    """Draw the number of a ticket that was just issued: the greatest thing on the screen."""
    p.text(
        room,
        label,
        em,
        bold=True,
        color=p.colors.accent,
        across="center",
        down="middle",
        line_em=0.8,
        single=True,
        family="digits",
        by_ink=True,
        name="number",
    )


def item_title(p: Painter, item: ItemShown) -> str:
    """Return the item's title in this person's language."""
    return item.title_en if p.look.language == "en" and item.title_en else item.title


def item_of(frame: Frame, code: str) -> ItemShown | None:
    """Return the item of the pack, if it is there."""
    return next((i for i in frame.pack.items if i.code == code), None) if frame.pack else None


def windows_text(p: Painter, windows: Sequence[WindowId]) -> str:
    """1, 2, 3, 4, 14 → 1–4、14号窗口."""
    runs: list[list[str]] = []
    for window in windows:
        neighbour = runs and runs[-1][-1].isdecimal() and window.isdecimal() and int(window) == int(runs[-1][-1]) + 1
        if neighbour:
            runs[-1].append(window)
        else:
            runs.append([window])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]}–{run[-1]}"] if len(run) >= FOLD else run
    key = "windows.many" if len(windows) > 1 else "windows.one"
    return p.say(key, windows=p.say("windows.and").join(parts))


def quote_of(issued: TicketIssued, leased: Leased | None) -> Quote | None:
    """Return what the resident is told about the wait."""
    return leased.quote if leased is not None else issued.quote


def facts(p: Painter, issued: TicketIssued, leased: Leased | None, frame: Frame) -> list[tuple[str, str, str, str]]:
    """Return (name, icon, label, value) in the order in which a person needs them while walking."""
    item = item_of(frame, issued.item)
    windows = leased.windows if leased else (item.windows if item else ())
    area = leased.area if leased else (item.area if item else "")
    told: list[tuple[str, str, str, str]] = []
    if windows:
        told.append(("windows", "desk", p.say("ticket.windows"), windows_text(p, windows)))
    if area:
        named = frame.pack.areas.get(area, "") if frame.pack and p.look.language == "zh" else ""
        told.append(("area", "sofa", p.say("ticket.area"), f"{named} {area}".strip()))
    quote = quote_of(issued, leased)
    if quote is not None:
        about = "about" if quote.approximate else "exact"
        told.append(
            ("ahead", "account-group", p.say("ticket.ahead"), p.say(f"ticket.ahead_{about}", count=quote.people_ahead))
        )
        told.append(("minutes", "clock-outline", p.say("ticket.wait"), minutes_text(p, quote)))
    return told


def minutes_text(p: Painter, quote: Quote) -> str:
    """Return the range of minutes as words."""
    return p.say("ticket.soon") if quote.high_min <= 1 else wait_text(p.say, quote)
