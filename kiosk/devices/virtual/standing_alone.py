"""A virtual device that stands alone: prints its address, then takes one action a line from standard input.

`lay li-he`, `silence on`, `slow 2.5`; `help` lists the actions, `state` prints one JSON object, `quit` ends. Without a
keyboard (end of input) the device serves on until it is told to end by a signal.
"""

import contextlib
import inspect
import json
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Protocol

Action = Callable[..., None]

_YES, _NO = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


MOST = 1_000_000
"""No times, seconds, status or page that a hand types is more; nothing of them is less than 0."""


class CannotError(Exception):
    """The line asks for something this device does not do; the sentence says what it does."""


class Device(Protocol):
    """What every virtual device can do."""

    def start(self) -> str:
        """Serve; return the address for the driver."""

    def stop(self) -> None:
        """Stop serving."""

    def state(self) -> Mapping[str, object]:
        """How it is."""


def perform(actions: Mapping[str, Action], line: str) -> None:
    """Do what one line says: the action's name, then its arguments. Raises `CannotError`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CannotError(f"{error}: {line!r}") from error
    if not words:
        return
    deed = actions.get(words[0])
    if deed is None:
        raise CannotError(f"no such action: {words[0]}; there are {', '.join(sorted(actions))}")
    parameters = list(inspect.signature(deed).parameters.values())
    if len(words) - 1 > len(parameters):
        raise CannotError(f"too much; {_usage(words[0], deed)}")
    told = {parameter.name: _value(parameter, word) for parameter, word in zip(parameters, words[1:], strict=False)}
    try:
        deed(**told)
    except (KeyError, ValueError, TypeError, ArithmeticError, OSError) as error:
        raise CannotError(f"this cannot be done; {_usage(words[0], deed)}") from error


def usages(actions: Mapping[str, Action]) -> str:
    """Return every action with its arguments, one a line."""
    return "\n".join(_usage(name, deed) for name, deed in sorted(actions.items()))


def serve_alone(device: Device, actions: Mapping[str, Action], at_start: Iterable[str] = ()) -> int:
    """Start the device, do what `at_start` says, then what standard input says; 0 at the end, 2 for wrong usage."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    address = device.start()
    try:
        for line in at_start:
            perform(actions, line)
        _say(address)
        _listen(device, actions)
    except CannotError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    finally:
        device.stop()
    return 0


def _listen(device: Device, actions: Mapping[str, Action]) -> None:
    for line in sys.stdin or ():
        match line.strip():
            case "quit":
                return
            case "help":
                _say(usages(actions))
            case "state":
                _say(json.dumps(dict(device.state()), ensure_ascii=False, default=str))
            case asked:
                try:
                    perform(actions, asked)
                except CannotError as error:
                    _say(str(error))
    threading.Event().wait()  # no keyboard: until a signal


def _usage(name: str, deed: Action) -> str:
    arguments = []
    for parameter in inspect.signature(deed).parameters.values():
        kind = getattr(parameter.annotation, "__name__", "text").replace("str", "text")
        required = parameter.default is inspect.Parameter.empty
        arguments.append(f"{parameter.name.upper()}:{kind}" if required else f"[{parameter.name.upper()}:{kind}]")
    return " ".join((name, *arguments))


def _value(parameter: inspect.Parameter, word: str) -> object:
    if parameter.annotation is bool:
        if word.lower() in (*_YES, *_NO):
            return word.lower() in _YES
        raise CannotError(f"{parameter.name}: on or off")
    with contextlib.suppress(ValueError):
        if parameter.annotation is int:
            return _in_bounds(int(word, 0))
        return _in_bounds(float(word)) if parameter.annotation is float else word
    raise CannotError(f"{parameter.name}: a number")


def _in_bounds(number: float) -> float:
    if not 0 <= number <= MOST:
        raise ValueError(number)
    return number


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
