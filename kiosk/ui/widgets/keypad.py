"""The number pad, and the dots or digits above it."""

from kiosk.flows.words import ConfirmedDigits, ErasedDigit, PressedDigit
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter

ROWS = ("123", "456", "789")


def keypad(p: Painter, box: Box, *, confirm: bool, erase: bool, digits: bool = True) -> None:
    """Draw ten digits, 退格 and 确认 as 3 × 4 keys."""
    em = min(p.look.title * 1.05, box.h / 4 * 0.5)
    words = min(p.look.button, box.h / 4 * 0.4)
    lines = box.rows(4, p.look.gap * 0.75)
    for line, row in zip(lines, ROWS, strict=False):
        for key, digit in zip(line.columns(3, p.look.gap * 0.75), row, strict=True):
            _digit(p, key, digit, em, enabled=digits)
    left, middle, right = lines[3].columns(3, p.look.gap * 0.75)
    p.button(
        "erase",
        left,
        p.say("pad.erase"),
        ErasedDigit(),
        enabled=erase,
        em=words,
        icon="backspace-outline",
        stacked=True,
    )
    _digit(p, middle, "0", em, enabled=digits)
    p.button("confirm", right, p.say("pad.confirm"), ConfirmedDigits(), kind="primary", enabled=confirm, em=words)


def _digit(p: Painter, key: Box, digit: str, em: float, *, enabled: bool) -> None:
    p.card(key, outline="" if enabled else p.colors.line)
    color = p.colors.ink if enabled else p.colors.ink_soft
    p.text(
        key,
        digit,
        em,
        color=color,
        bold=True,
        across="center",
        down="middle",
        family="digits",
        by_ink=True,
        single=True,
    )
    p.target(f"digit:{digit}", key, digit, PressedDigit(digit), enabled=enabled)


def fields(p: Painter, box: Box, typed: str, places: int, *, hidden: bool, name: str, centred: bool = False) -> None:
    """Draw one field for each digit: a dot where it is hidden."""
    gap = p.look.gap * 0.6
    side = min(box.h, (box.w - gap * (places - 1)) / places)
    whole = side * places + gap * (places - 1)
    row = box.middle(whole, side) if centred else Box(box.x, box.y + (box.h - side) / 2, whole, side)
    for index, field in enumerate(row.columns(places, gap)):
        there = index < len(typed)
        here = index == len(typed)
        p.card(field, outline=p.colors.accent if there or here else p.colors.outline, radius=14)
        if there and hidden:
            dot = field.middle(side * 0.3, side * 0.3)
            p.fill(dot, p.colors.ink, dot.w / 2)
        elif there:
            p.text(
                field,
                typed[index],
                side * 0.6,
                bold=True,
                across="center",
                down="middle",
                family="digits",
                by_ink=True,
                single=True,
            )
    shown = "•" * len(typed) if hidden else typed
    p.label(name, row, shown)
