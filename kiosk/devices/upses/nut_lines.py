"""Lines of the Network UPS Tools protocol (NUT developer guide, chapter 9; RFC 9271), without a socket."""

import re
from dataclasses import dataclass

MAX_LINE_BYTES = 1024
"""A variable and its value; the longest a driver of NUT 2.8 sends is a third of it."""
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Variable:
    """`VAR <ups> <name> "<value>"`."""

    ups: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """`ERR <code> …`, such as `UNKNOWN-UPS` or `DATA-STALE`."""

    code: str


Answer = Variable | Refusal


def ask(ups: str, name: str) -> bytes:
    """Return the line that asks for one variable. `ups` is a plain name of `ups.conf`."""
    return f"GET VAR {ups} {name}\n".encode("ascii")


def is_name(ups: str) -> bool:
    """Tell whether this can be the name of a UPS: nothing that could end the line or begin another command."""
    return re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", ups) is not None


def parse(line: bytes) -> Answer | None:
    """Return what one line says, None for anything else."""
    if len(line) > MAX_LINE_BYTES:
        return None
    text = line.decode("utf-8", "replace").strip()
    words = [quoted if quoted or not plain else plain for quoted, plain in _WORD.findall(text)]
    match words:
        case ["VAR", ups, name, value]:
            return Variable(ups, name, re.sub(r"\\(.)", r"\1", value))
        case ["ERR", code, *_]:
            return Refusal(code)
    return None
