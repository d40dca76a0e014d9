"""Half-width columns: how wide text is in the printer's own font, where it breaks, how cells stand in a row."""

from typing import Literal
from unicodedata import category

Charset = Literal["gbk", "gb2312"]
"""Which Chinese characters the printer's font has; both are written in two bytes."""

NEVER_FIRST = set("，。、；：？！）】》〉」』”’…—·％℃,.;:?!)]}%元")
"""Closing marks that must not begin a line (GB/T 15834-2011, 5.1), and 元 that stays with its amount."""

NEVER_LAST = set("（【《〈「『“‘([{￥")
"""Opening marks that must not end a line."""

LABEL_AND_TEXT = 2
"""Rows of two cells are a label and its text: the text wraps in its own column instead."""

LONELY_FROM_COLUMNS = 8
"""In narrower cells a character alone on the last line is no blemish."""

GETA = "〓"
"""Stands for a character that cannot be drawn, as printers' compositors have always done."""


UNWANTED = {"Cc", "Zl", "Zp", "Cs"}
"""Controls, line and paragraph separators, halves of surrogates."""

TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidi controls: in a name they could turn the digits that follow."""


def plain(text: str) -> str:
    """Replace every control character by a space: no name or text can carry printer commands."""
    return "".join(" " if category(c) in UNWANTED or c in TURNING else c for c in text)


def printable_as_text(text: str, charset: Charset) -> bool:
    """Tell whether the printer's font has all characters; four-byte GB18030 it never has."""
    try:
        return all(ord(character) < 0x80 or len(character.encode(charset)) == 2 for character in text)  # noqa: PLR2004
    except UnicodeEncodeError:
        return False


def width(text: str) -> int:
    """Columns that `text` takes: two for everything that is not ASCII."""
    return sum(1 if ord(character) < 0x80 else 2 for character in text)  # noqa: PLR2004 ASCII ends here


def wrap(text: str, columns: int) -> list[str]:
    """Break into lines of at most `columns`; Chinese breaks anywhere but before closing and after opening marks.

    Words of Latin letters and digits stay whole where they fit in a line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        broken = _broken(plain(paragraph), columns)
        if len(broken) > 1 and width(broken[-1]) <= 2 and columns > LONELY_FROM_COLUMNS:  # noqa: PLR2004 one character
            narrower = _broken(plain(paragraph), columns - 2)
            broken = narrower if len(narrower) == len(broken) else broken
        lines += broken
    return lines


def _broken(text: str, columns: int) -> list[str]:
    lines = []
    while width(text) > columns:
        cut = _break_at(text, columns)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*lines, text]


def _break_at(text: str, columns: int) -> int:
    fits, used = 0, 0
    for character in text:
        used += width(character)
        if used > columns:
            break
        fits += 1
    fits = max(fits, 1)
    return next((cut for cut in range(fits, 0, -1) if _may_break(text, cut)), fits)


def _may_break(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return not (_is_word(before) and _is_word(after))


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-._/@,:")


def padded(text: str, columns: int) -> str:
    """Fill with spaces to |columns|; negative means right aligned."""
    missing = max(0, abs(columns) - width(text))
    return " " * missing + text if columns < 0 else text + " " * missing


def groups(widths: tuple[int, ...], columns: int) -> list[tuple[int, int]]:
    """Tell which cells, from one up to another, stand on each line: a row that does not fit takes two lines or more.

    Type never shrinks, and amounts never run together. `groups((9, 12, -13, -14), 32) == [(0, 2), (2, 4)]`.
    """
    found: list[tuple[int, int]] = []
    start, used = 0, 0
    for at, cell in enumerate(widths):
        if at > start and used + abs(cell) > columns and len(widths) > LABEL_AND_TEXT:
            found.append((start, at))
            start, used = at, 0
        used += abs(cell)
    return [*found, (start, len(widths))]


def fitted(widths: tuple[int, ...], columns: int) -> tuple[int, ...]:
    """Take columns from the widest cells until the row fits the paper; a right-aligned end is put to the edge."""
    fits = list(widths)
    while sum(abs(cell) for cell in fits) > columns and max(abs(cell) for cell in fits) > 2:  # noqa: PLR2004 one character
        widest = max(range(len(fits)), key=lambda at: abs(fits[at]))
        fits[widest] -= 1 if fits[widest] > 0 else -1
    if fits[0] < 0:
        fits[0] -= max(0, columns - sum(abs(cell) for cell in fits))
    return tuple(fits)


def table(cells: tuple[str, ...], widths: tuple[int, ...]) -> list[tuple[str, ...]]:
    """Wrap each cell in its own width; give the printed rows, each with one text per cell (may be empty)."""
    wrapped = [wrap(cell, abs(columns)) for cell, columns in zip(cells, widths, strict=True)]
    height = max((len(lines) for lines in wrapped), default=0)
    return [tuple(lines[row] if row < len(lines) else "" for lines in wrapped) for row in range(height)]
