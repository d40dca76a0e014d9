"""Cards of sample persons, as somebody at a keyboard names them: by key, by number in the list, or from a JSON file."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from kiosk.devices.virtual.bench_settings import BenchError, Person, load_people
from kiosk.devices.virtual.id_faces import IdFace, Kind, face_from
from kiosk.devices.virtual.standing_alone import CannotError

PEOPLE = Path("deploy/packs/qinghe/people.toml")
"""The sample persons of the demo hall, seen from the top of the house."""


def face_told(card: str, defect: str, people_file: Path) -> IdFace:
    """Return the card of a sample person (key or number in the file), or the one a JSON file describes.

    Raises `CannotError` with a sentence for whoever typed it.
    """
    try:
        if card.endswith(".json"):
            told = msgspec.json.decode(Path(card).read_bytes(), type=dict[str, str])
            return face_from({**told, "defect": told.get("defect", defect)})
        return face_from({**_fields(load_people(people_file), card), "defect": defect})
    except (BenchError, OSError, msgspec.DecodeError, ValueError) as error:
        raise CannotError(f"there is no such card: {error}") from error


def _fields(people: Mapping[str, Person], card: str) -> dict[str, str]:
    chosen = list(people)[int(card) - 1 : int(card)] if card.isdecimal() else [card]
    person = people.get(chosen[0]) if chosen else None
    if person is None or person.id_card is None:
        raise ValueError(f"{card}; with an identity card: {', '.join(k for k, p in people.items() if p.id_card)}")
    return {
        "name": person.name,
        "number": person.number,
        "birth": person.birth,
        "valid_from": person.id_card.valid_from,
        "valid_to": person.id_card.valid_until,
        "kind": kind_of_number(person.number).value,
    }


def kind_of_number(number: str) -> Kind:
    """Return the layout on which such a number stands."""
    if number[:3].isalpha():
        return Kind.FOREIGNER_2017
    if number.startswith("9"):
        return Kind.FOREIGNER_2023
    return Kind.RESIDENCE_PERMIT if number.startswith(("81", "82", "83")) else Kind.CITIZEN
