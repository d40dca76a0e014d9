"""Chinese punctuation as a Chinese reader expects it, whatever keyboard a hall's texts were typed on."""

import re

_WIDE = str.maketrans({half: chr(ord(half) + 0xFEE0) for half in ",;:?!()"})
"""ASCII punctuation to its full-width form (Unicode block U+FF00)."""
_HAN = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u201d"
_MARKS = re.compile(f"(?<=[{_HAN}])[,;:?!]+|[,;](?=[{_HAN}])")
_BRACKETS = re.compile(f"(?<=[{_HAN}])\\(([^()]*)\\)|\\(([^()]*[{_HAN}][^()]*)\\)")


def chinese(text: str) -> str:
    """Return `text` with full-width punctuation beside Chinese characters; `9:00-12:00, C-1` stays as it is."""
    before = ""
    while text != before:  # a mark made wide is Chinese for the mark after it
        before = text
        text = _BRACKETS.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
        text = _MARKS.sub(lambda found: found.group().translate(_WIDE), text)
    return text
