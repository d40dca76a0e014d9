"""Puts one planned device on the bench: the simulator, and what a hand can do to it with JSON arguments."""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from PIL import Image

from kiosk.devices.virtual.bench_settings import BenchError, DevicePlan, Person
from kiosk.devices.virtual.card_slot import CardSlot
from kiosk.devices.virtual.headphone_jack import VirtualJack
from kiosk.devices.virtual.keypads import VirtualKeypads
from kiosk.devices.virtual.led_bars import VirtualLedBars
from kiosk.devices.virtual.paper import Paper
from kiosk.devices.virtual.printer import VirtualPrinter
from kiosk.devices.virtual.printer_wire import Pty, Tcp
from kiosk.devices.virtual.queue_bars import VirtualQueueBars
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.devices.virtual.sample_cards import kind_of_number
from kiosk.devices.virtual.scanner import VirtualScanner
from kiosk.devices.virtual.sheet_machine import SheetOut
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.devices.virtual.social_card import SocialFace
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.devices.virtual.transcripts import OnWire, Recorder

Action = Callable[..., None]
Deliver = Callable[[str, Paper], None]
HEAD_ROWS_PER_S = 1_200
"""150 mm a second, as an 80 mm printer does."""
PRINTER_BAUD = 115_200


class Virtual(Protocol):
    """What every virtual device can do."""

    def start(self) -> str:
        """Serve; return the address for the driver."""

    def stop(self) -> None:
        """Stop serving."""

    def state(self) -> Mapping[str, object]:
        """How it is."""


@runtime_checkable
class Tapped(Protocol):
    """A device whose wire can be listened to."""

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One device on the table; `recorder` is None where no bytes pass that a transcript could hold."""

    plan: DevicePlan
    device: Virtual
    actions: dict[str, Action]
    recorder: Recorder | None = None


def build(plan: DevicePlan, people: Mapping[str, Person], deliver: Deliver) -> Standing:
    """Return the device, not yet started, or raise `BenchError`."""
    try:
        standing = _device(plan, people, deliver)
    except TypeError as error:
        raise BenchError(f"{plan.name}: an option does not fit: {error}") from error
    if not isinstance(standing.device, Tapped):
        return standing
    recorder = Recorder()
    standing.device.listen_in(recorder.passed)
    recording: dict[str, Action] = {"record": recorder.start, "stop_recording": recorder.stop}
    return Standing(plan, standing.device, {**standing.actions, **recording}, recorder)


def _device(plan: DevicePlan, people: Mapping[str, Person], deliver: Deliver) -> Standing:
    match plan.kind:
        case "sam":
            return _sam(plan, people)
        case "social_card":
            return _social_card(plan, people)
        case "printer":
            return _printer(plan, deliver)
        case "sheet_printer":
            return _sheet_printer(plan, deliver)
        case "led_bars":
            return _led_bars(plan)
        case "queue_bars":
            return _queue_bars(plan)
        case "keypads":
            return _keypads(plan)
        case "speaker":
            return _speaker(plan)
        case "scanner":
            return _scanner(plan)
        case "headphone_jack":
            jack = VirtualJack(_link_of(plan))
            return Standing(plan, jack, {**jack.actions})


def _sam(plan: DevicePlan, people: Mapping[str, Person]) -> Standing:
    options = cast("dict[str, Any]", dict(plan.options))
    if plan.baud is not None:
        options["baud"] = plan.baud
    reader = VirtualSam(link=plan.link, tcp_port=plan.port, **options)

    def lay(person: str, defect: str = "none") -> None:
        reader.lay(cast("dict[str, str]", {**_id_fields(people, person), "defect": defect}))

    return Standing(plan, cast("Virtual", reader), {**reader.actions, "lay": lay})


def _id_fields(people: Mapping[str, Person], key: str) -> dict[str, str]:
    person = people[key]
    if person.id_card is None:
        raise ValueError(key)
    return {
        "name": person.name,
        "number": person.number,
        "birth": person.birth,
        "valid_from": person.id_card.valid_from,
        "valid_to": person.id_card.valid_until,
        "kind": kind_of_number(person.number).value,
    }


def _social_card(plan: DevicePlan, people: Mapping[str, Person]) -> Standing:
    slot = CardSlot(_link_of(plan), **cast("dict[str, Any]", dict(plan.options)))

    def insert(person: str, contactless: bool = False) -> None:
        slot.insert(_social_face(people, person), contactless)

    return Standing(plan, slot, {**slot.actions, "insert": insert})


def _social_face(people: Mapping[str, Person], key: str) -> SocialFace:
    person = people[key]
    if person.social_card is None:
        raise ValueError(key)
    card = person.social_card
    return SocialFace(
        name=person.name,
        number=person.number,
        card_number=card.card_number,
        version=card.version,
        expires=card.expires,
        pin=card.pin,
        hides_holder=card.hides_holder,
    )


def _printer(plan: DevicePlan, deliver: Deliver) -> Standing:
    options: dict[str, Any] = {"rows_per_s": HEAD_ROWS_PER_S, **plan.options}
    listen = Pty(plan.link) if plan.link is not None else Tcp(plan.port or 0)
    baud = PRINTER_BAUD if plan.baud is None else plan.baud
    printer = VirtualPrinter(plan.name, listen, baud, on_paper=lambda paper: deliver(plan.name, paper), **options)

    def out_after_rows(rows: int) -> None:
        printer.out_after_rows(int(rows))

    def cover(open: bool) -> None:  # noqa: A002 the word on the wire
        printer.cover(open_=bool(open))

    extra: dict[str, Action] = {"out_after_rows": out_after_rows, "cover": cover, "silence": printer.mute}
    return Standing(plan, cast("Virtual", printer), {**printer.actions, **extra})


def _sheet_printer(plan: DevicePlan, deliver: Deliver) -> Standing:
    def out(sheet: SheetOut) -> None:
        picture = Image.open(io.BytesIO(sheet.png)).convert("RGB")
        deliver(plan.name, Paper(picture, (sheet.name,), time.monotonic()))

    options = cast("dict[str, Any]", dict(plan.options))
    printer = VirtualSheetPrinter(plan.port or 0, name=plan.name, on_sheet=out, **options)
    return Standing(plan, printer, dict(printer.actions))


def _led_bars(plan: DevicePlan) -> Standing:
    options = cast("dict[str, Any]", dict(plan.options))
    addresses = tuple(int(part) for part in str(options.pop("addresses", "7,14")).split(","))
    bars = VirtualLedBars(addresses, plan.link, plan.baud or 9_600, **options)
    return Standing(plan, bars, dict(bars.actions))


def _queue_bars(plan: DevicePlan) -> Standing:
    options = cast("dict[str, Any]", dict(plan.options))
    addresses = tuple(int(part) for part in str(options.pop("addresses", "7,14")).split(","))
    bars = VirtualQueueBars(addresses, plan.link, plan.baud or 9_600, **options)
    return Standing(plan, bars, dict(bars.actions))


def _keypads(plan: DevicePlan) -> Standing:
    pads = VirtualKeypads(link=plan.link, baud=plan.baud or 9_600, **cast("dict[str, Any]", dict(plan.options)))
    return Standing(plan, pads, dict(pads.actions))


def _scanner(plan: DevicePlan) -> Standing:
    scanner = VirtualScanner(plan.link, plan.baud or 9_600, **cast("dict[str, Any]", dict(plan.options)))
    return Standing(plan, scanner, dict(scanner.actions))


def _speaker(plan: DevicePlan) -> Standing:
    options = cast("dict[str, Any]", dict(plan.options))
    speaker = VirtualSpeaker(plan.port or 0, **options)
    return Standing(plan, speaker, dict(speaker.actions))


def _link_of(plan: DevicePlan) -> Path:
    if plan.link is None:
        raise BenchError(f"{plan.name}: link is missing")
    return plan.link
