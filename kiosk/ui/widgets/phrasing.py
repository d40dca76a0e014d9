"""Where Chinese lines break: after a mark rather than inside a word, whenever that costs no further line."""

import re
from collections.abc import Callable

_PHRASE = re.compile("[^\u3001\u3002\uff0c\uff1a\uff1b\uff1f]+[\u3001\u3002\uff0c\uff1a\uff1b\uff1f\u201d]*")
"""Up to and with 、。，：；？ and a closing quotation mark."""


def phrased(text: str, width: float, lines: int, measure: Callable[[str], float]) -> str:
    """Return `text` with its lines broken between phrases, or unchanged where that would need more than `lines`."""
    phrases = _PHRASE.findall(text)
    if lines < 2 or "\n" in text or "".join(phrases) != text:  # noqa: PLR2004 - one line needs no breaking
        return text
    told = [""]
    for phrase in phrases:
        if told[-1] and measure(told[-1] + phrase) > width:
            told.append("")
        told[-1] += phrase
        if measure(told[-1]) > width or len(told) > lines:
            return text
    return "\n".join(told)
