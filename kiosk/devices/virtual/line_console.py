"""Works a virtual device by typed lines: `power_off 7`, `press call`, `state`. One action a line, until the end."""

import argparse
import contextlib
import inspect
import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, TextIO

MOST = 1_000_000
"""No times, seconds or address of a line is more."""


class Worked(Protocol):
    """What a console can work."""

    actions: dict[str, Callable[..., None]]

    def start(self) -> str:
        """Serve; return the address for the driver."""

    def stop(self) -> None:
        """Stop serving."""

    def state(self) -> Mapping[str, Any]:
        """How it is."""


def add_place(parser: argparse.ArgumentParser) -> None:
    """Declare where the line is: a fresh pty, or a stable path to one."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--pty", action="store_true", help="a fresh pseudo terminal; its name is printed")
    place.add_argument("--link", type=Path, help="a stable path to it, such as /tmp/line")


def serve(device: Worked, lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> int:
    """Start, print the address, obey typed lines; after the last one go on until interrupted. `quit` ends it."""
    address = device.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            print(address, file=out, flush=True)
            if not obey(device, lines, out) and not lines.isatty():
                signal.pause()
    finally:
        device.stop()
    return 0


def obey(device: Worked, lines: Iterable[str], out: TextIO) -> bool:
    """Carry out each line; what cannot be done is answered with what can. True when it ended by `quit`."""
    for line in lines:
        word, *told = line.split()[:8] or [""]
        if word == "quit":
            return True
        if word:
            print(_obey(device, word, told), file=out, flush=True)
    return False


def _obey(device: Worked, word: str, told: list[str]) -> str:
    if word == "state":
        return json.dumps(device.state(), ensure_ascii=False)
    action = device.actions.get(word)
    if action is None:
        return f"there are: state, quit, {', '.join(sorted(device.actions))}"
    parameters = list(inspect.signature(action).parameters.values())
    usage = f"{word} needs: {', '.join(str(parameter) for parameter in parameters) or 'nothing'}"
    if len(told) > len(parameters):
        return usage
    try:
        action(*[_as(parameter.annotation, text) for parameter, text in zip(parameters, told, strict=False)])
    except (TypeError, ValueError, KeyError):
        return usage
    return "ok"


def _as(kind: object, text: str) -> str | int | float:
    if kind not in (int, float):
        return text
    value = int(text) if kind is int else float(text)
    if not 0 <= value <= MOST:
        raise ValueError(text)
    return value
