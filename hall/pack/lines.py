"""Which line of a TOML text a key path means, as well as a reader at 3 a.m. would find it."""

import re

_PART = re.compile(r"(?P<name>.*?)(?:\[(?P<index>\d+)\])?")


def line_of(text: str, path: str) -> int | None:
    """Return the line, from 1, of a path such as `hall.title`, `items[1].title` or `SI-301.windows`, or None.

    A part is a header, a key, or the code of one table. What lies inside one line, such as the second material of a
    list, is told by the line where that key begins. A path of which nothing is found has no line.
    """
    lines = text.splitlines()
    start, end, found = 0, len(lines), None
    for part in path.split("."):
        match = _PART.fullmatch(part)
        name, index = (match["name"], int(match["index"] or 0)) if match else (part, 0)
        key = _key(lines, name, start, end)
        table = _header(lines, name, index, start, end)
        if table is None and key is None:
            table = _code(lines, name, start, end)
        here = key if table is None else table
        if here is None:
            break
        found = here
        start, end = (here, end) if table is None else _table(lines, here)
    return None if found is None else found + 1


def _header(lines: list[str], name: str, index: int, start: int, end: int) -> int | None:
    wanted = (f"[{name}]", f"[[{name}]]")
    hits = [place for place in range(start, end) if lines[place].split("#")[0].strip() in wanted]
    return hits[index] if index < len(hits) else None


def _key(lines: list[str], name: str, start: int, end: int) -> int | None:
    key = re.compile(rf"\s*{re.escape(name)}\s*=")
    return next((place for place in range(start, end) if key.match(lines[place])), None)


def _code(lines: list[str], name: str, start: int, end: int) -> int | None:
    code = re.compile(rf'\s*\w+\s*=\s*(?:"{re.escape(name)}"|{re.escape(name)})\s*(?:#.*)?$')
    return next((place for place in range(start, end) if code.match(lines[place])), None)


def _table(lines: list[str], place: int) -> tuple[int, int]:
    """Return the lines of the table around `place`: from its header to the next."""
    start = next((at for at in range(place, -1, -1) if lines[at].startswith("[")), 0)
    end = next((at for at in range(place + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    return start, end
