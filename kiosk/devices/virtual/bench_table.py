"""What stands on the bench: the devices, what hands can do to them, the papers that came out."""

import inspect
import io
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.devices.virtual.bench_devices import Action, Virtual, build
from kiosk.devices.virtual.bench_settings import BenchError, DevicePlan, Person
from kiosk.devices.virtual.led_bars import VirtualLedBars
from kiosk.devices.virtual.paper import Paper
from kiosk.devices.virtual.queue_bars import VirtualQueueBars
from kiosk.devices.virtual.sample_cards import kind_of_number
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.devices.virtual.transcripts import WARNING, encode
from kiosk.ports import DeviceError

PAPERS_KEPT = 100
SPEECH_SHOWN = 30

Argument = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """A paper that came out, numbered over all printers."""

    number: int
    device: str
    paper: Paper


class BenchTable:
    """All devices of a hall. Every method may be called from any thread."""

    def __init__(self, plans: tuple[DevicePlan, ...], people: Mapping[str, Person]) -> None:
        self._people = dict(people)
        self._lock = threading.Lock()
        self._delivered: deque[Delivered] = deque(maxlen=PAPERS_KEPT)
        self._count = 0
        self._devices = {plan.name: build(plan, self._people, self._deliver) for plan in plans}

    def start(self) -> list[str]:
        """Start every device; return a line for each: name, kind, address."""
        return [f"{name} {standing.plan.kind} {standing.device.start()}" for name, standing in self._devices.items()]

    def stop(self) -> None:
        """Stop every device."""
        for standing in self._devices.values():
            standing.device.stop()

    def state(self) -> dict[str, Any]:
        """Everything the page shows."""
        with self._lock:
            papers = [
                {"number": told.number, "device": told.device, "text": told.paper.text} for told in self._delivered
            ]
        return {
            "devices": [
                {
                    "name": name,
                    "kind": standing.plan.kind,
                    "state": _state(standing.device),
                    "actions": sorted(standing.actions),
                    "recording": standing.recorder.state() if standing.recorder else None,
                }
                for name, standing in self._devices.items()
            ],
            "papers": papers,
            "speech": self.speech()[-SPEECH_SHOWN:],
        }

    def people(self) -> list[dict[str, object]]:
        """The sample persons, as buttons."""
        return [
            {
                "key": person.key,
                "name": person.name,
                "id_until": person.id_card.valid_until if person.id_card else "",
                "id_kind": kind_of_number(person.number).value,
                "social": person.social_card.version if person.social_card else "",
                "hides_holder": bool(person.social_card and person.social_card.hides_holder),
                "pin": person.social_card.pin if person.social_card else "",
            }
            for person in self._people.values()
        ]

    def act(self, name: str, action: str, arguments: Mapping[str, Argument]) -> None:
        """Do something to a device, or raise `BenchError` saying what can be done."""
        standing = self._devices.get(name)
        if standing is None:
            raise BenchError(f"no such device; there are {', '.join(self._devices)}")
        deed = standing.actions.get(action)
        if deed is None:
            raise BenchError(f"no such action; there are {', '.join(sorted(standing.actions))}")
        _check(action, deed, arguments)
        try:
            deed(**arguments)
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise BenchError(f"{action}: this cannot be done with these values") from error
        except DeviceError as error:
            raise BenchError(f"{action}: {error.sentence}") from error

    def paper(self, number: int) -> bytes | None:
        """The paper as PNG, or None when it is unknown or long gone."""
        with self._lock:
            found = next((told.paper for told in self._delivered if told.number == number), None)
        if found is None:
            return None
        told = io.BytesIO()
        found.image.save(told, "PNG")
        return told.getvalue()

    def bar(self, address: int, name: str = "") -> bytes | None:
        """The bar with this address as PNG: of this line, or of the first that has one."""
        for standing in [self._devices[name]] if name in self._devices else self._devices.values():
            if isinstance(standing.device, VirtualLedBars | VirtualQueueBars) and address in standing.device.bars:
                return standing.device.image(address)
        return None

    def sound(self, name: str, number: int) -> bytes | None:
        """The WAV of what a speaker said; None when it is private, unknown or long gone."""
        standing = self._devices.get(name)
        return standing.device.sound(number) if standing and isinstance(standing.device, VirtualSpeaker) else None

    def transcript(self, name: str) -> str | None:
        """What was recorded on a device's wire; None when it has none or nothing was."""
        standing = self._devices.get(name)
        if standing is None or standing.recorder is None or not standing.recorder.portions():
            return None
        plan = standing.plan
        baud = "" if plan.baud is None else f", {plan.baud} baud"
        return encode(standing.recorder.portions(), (f"{plan.name}: virtual {plan.kind}{baud}", *WARNING))

    def speech(self) -> list[dict[str, Any]]:
        """What all speakers said, in order; `ago_s` is how long ago it began."""
        now = time.monotonic()
        told = [
            {**entry, "device": name, "ago_s": round(now - entry["started_mono"], 1)}
            for name, standing in self._devices.items()
            if isinstance(standing.device, VirtualSpeaker)
            for entry in standing.device.spoken()
        ]
        return sorted(told, key=lambda entry: entry["started_mono"])

    def _deliver(self, name: str, paper: Paper) -> None:
        with self._lock:
            self._count += 1
            self._delivered.append(Delivered(self._count, name, paper))


def _state(device: Virtual) -> dict[str, object]:
    try:
        return dict(device.state())
    except DeviceError as error:
        return {"answers": False, "why": error.sentence}


def _check(action: str, deed: Action, arguments: Mapping[str, Argument]) -> None:
    """Names and kinds must be those that the deed declares: a simulator is not the place to find out."""
    signature = inspect.signature(deed)
    try:
        signature.bind(**arguments)
    except TypeError as error:
        raise BenchError(f"{action}: {error}") from error
    for name, value in arguments.items():
        wanted = signature.parameters[name].annotation
        fits = type(value) is wanted or (wanted is float and type(value) is int)
        if wanted in (str, int, float, bool) and not fits:
            raise BenchError(f"{action}: {name} must be {wanted.__name__}")
