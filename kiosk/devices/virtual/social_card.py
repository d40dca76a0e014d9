"""Virtual social-security cards by their name on the command line: a reader with two slots, and hands at a keyboard.

The first line printed is the socket for the program under test: `PCSCLITE_CSOCK_NAME=<it>` in its environment.
"""

import argparse
import functools
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from kiosk.devices.virtual.bench_settings import BenchError, Person, load_people
from kiosk.devices.virtual.card_slot import CardSlot
from kiosk.devices.virtual.sample_cards import PEOPLE
from kiosk.devices.virtual.social_chip import SocialFace, third_generation
from kiosk.devices.virtual.standing_alone import Action, CannotError, serve_alone
from kiosk.ports import DeviceError

__all__ = ["CardSlot", "SocialFace", "add_arguments", "run", "third_generation"]

MANNERS: Mapping[str, Callable[[SocialFace], SocialFace]] = {
    "as_is": lambda face: face,
    "v1": lambda face: replace(face, version="1.00"),
    "v2": lambda face: replace(face, version="2.00", name_extension=True),
    "v3": lambda face: replace(face, version="3.00", name_extension=True, hides_holder=False),
    "hides": third_generation,
    "refuses": lambda face: replace(face, version="3.00", name_extension=True, refuses_holder=True),
    "spaces": lambda face: replace(face, spaces=True),
    "by_number": lambda face: replace(face, by_number=True, name_extension=True),
    "way_00": lambda face: replace(face, file_way=0x00),
    "announces": lambda face: replace(face, exact_length=False),
    "expired": lambda face: replace(face, expires="20200101"),
    "blocked": lambda face: replace(face, tries=0),
    "locked": lambda face: replace(face, locked=True),
    "broken": lambda face: replace(face, works=False),
    "mute": lambda face: replace(face, mute=True),
}
"""What a card can be like, by the word that asks for it."""


def face_told(card: str, manner: str, people_file: Path) -> SocialFace:
    """Return the card of a sample person (key, or number in the file), or the one a JSON file describes.

    Raises `CannotError` with a sentence for whoever typed it.
    """
    if manner not in MANNERS:
        raise CannotError(f"no such manner: {manner}; there are {', '.join(MANNERS)}")
    try:
        if card.endswith(".json"):
            told = msgspec.convert(msgspec.json.decode(Path(card).read_bytes()), SocialFace)
        else:
            told = _sample(load_people(people_file), card)
    except (BenchError, OSError, msgspec.MsgspecError, ValueError) as error:
        raise CannotError(f"there is no such card: {error}") from error
    return MANNERS[manner](told)


def _sample(people: Mapping[str, Person], card: str) -> SocialFace:
    chosen = list(people)[int(card) - 1 : int(card)] if card.isdecimal() else [card]
    person = people.get(chosen[0]) if chosen else None
    if person is None or person.social_card is None:
        raise ValueError(f"{card}; with a social card: {', '.join(k for k, p in people.items() if p.social_card)}")
    sample = person.social_card
    return SocialFace(
        name=person.name,
        number=person.number,
        card_number=sample.card_number,
        version=sample.version,
        expires=sample.expires,
        pin=sample.pin,
        hides_holder=sample.hides_holder,
    )


def _in_words(deed: Action) -> Action:
    """The same deed; what the slot refuses is a sentence for whoever typed it."""

    @functools.wraps(deed)
    def do(*args: object, **told: object) -> None:
        try:
            deed(*args, **told)
        except DeviceError as error:
            raise CannotError(error.sentence) from error

    return do


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `python -m kiosk.devices.virtual social_card`."""
    parser.add_argument("--run-dir", type=Path, help="private directory with a short path (default: a new one)")
    parser.add_argument("--people", type=Path, default=PEOPLE, help=f"sample persons (default {PEOPLE})")
    parser.add_argument("--card", help="insert this card at start: a person's key, 1, 2, 3 …, or a JSON file")
    parser.add_argument("--manner", choices=MANNERS, default="as_is", help="what that card is like")
    parser.add_argument("--contactless", action="store_true", help="lay it on the contactless slot")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="ACTION", help="do this at start, such as 'remove_mid_read 4'"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; the first line printed is the socket, then standard input works the cards."""
    with tempfile.TemporaryDirectory(prefix="cards-") as made:
        slot = CardSlot(args.run_dir or Path(made))

        def insert(card: str, manner: str = "as_is", contactless: bool = False) -> None:
            slot.insert(face_told(card, manner, args.people), contactless)

        at_start = [*args.fault]
        if args.card:
            at_start.insert(0, f"insert '{args.card}' {args.manner} {'on' if args.contactless else 'off'}")
        actions = {name: _in_words(deed) for name, deed in {**slot.actions, "insert": insert}.items()}
        try:
            return serve_alone(slot, actions, at_start)
        except DeviceError as error:
            raise SystemExit(str(error)) from error
