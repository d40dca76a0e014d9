"""Chinese text to the pinyin a synthesiser speaks, by the pack's own table of words: no dictionary on the terminal."""

from collections.abc import Mapping

PAUSES: Mapping[str, str] = {
    **dict.fromkeys("，、；：,;:()（）—", ","),
    **dict.fromkeys("。！？.!?\n", "."),
}
"""Signs that are heard as a short or a long breath."""
SILENT = frozenset(" \t\u3000·“”「」《》")
MAX_SPOKEN_CHARS = 300
"""About a minute of speech; what is beyond is not spoken."""


def pinyin_of(text: str, table: Mapping[str, str]) -> str | None:
    """Return pinyin with tone digits, ASCII only, by the longest words of `table` (text → syllables) that fit.

    None when some part of `text` is in no word of the table; `unknown_in` names it. A small letter is read as its
    capital. Brackets and punctuation are breaths.

    >>> pinyin_of("请 A 零 号。", {"请": "qing3", "A": "ei1", "零": "ling2", "号": "hao4"})
    'qing3 ei1 ling2 hao4.'
    """
    words, unknown = _split(text[:MAX_SPOKEN_CHARS], table)
    if unknown:
        return None
    said: list[str] = []
    for word in words:
        if word in PAUSES:
            if said and said[-1] not in {",", "."}:
                said.append(PAUSES[word])
        elif word not in SILENT:
            said.append(f" {table.get(word) or table[word.upper()]}")
    return "".join(said).strip()


def unknown_in(text: str, table: Mapping[str, str]) -> str:
    """Return the first part of `text` that no word of the table covers, or nothing when all of it can be spoken."""
    return _split(text[:MAX_SPOKEN_CHARS], table)[1]


def _split(text: str, table: Mapping[str, str]) -> tuple[list[str], str]:
    """Return the words of `text` in order, the longest that let the rest be split too, and the part that stopped it.

    Worked from the end, so that a long word never stands in the way of what follows it.
    """
    longest = max((len(word) for word in table), default=1)
    rest: list[int] = [0] * (len(text) + 1)
    """Length of the word to take at each place; 0 where nothing leads to the end."""
    for place in reversed(range(len(text))):
        for length in range(min(longest, len(text) - place), 0, -1):
            end = place + length
            if _known(text[place:end], table) and (end == len(text) or rest[end]):
                rest[place] = length
                break
    if text and not rest[0]:
        return [], _unknown(text, table, longest)
    words: list[str] = []
    place = 0
    while place < len(text):
        words.append(text[place : place + rest[place]])
        place += rest[place]
    return words, ""


def _unknown(text: str, table: Mapping[str, str], longest: int) -> str:
    """Return the first stretch in which no known word begins, reading the longest known word each time."""
    place = 0
    while size := _size_at(text, place, table, longest):
        place += size
    end = place + 1
    while end < len(text) and not _size_at(text, end, table, longest):
        end += 1
    return text[place:end]


def _size_at(text: str, place: int, table: Mapping[str, str], longest: int) -> int:
    sizes = range(min(longest, len(text) - place), 0, -1)
    return next((size for size in sizes if _known(text[place : place + size], table)), 0)


def _known(word: str, table: Mapping[str, str]) -> bool:
    return word in table or word.upper() in table or word in PAUSES or word in SILENT
