"""Sample identity cards for the virtual reader: what a card says, written into the 256-byte text block.

Written apart from the driver's decoder on purpose: both follow the same published layouts, so each checks the other.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast


class Kind(StrEnum):
    """The four layouts, by the type mark that stands at byte 248."""

    CITIZEN = "citizen"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGNER_2017 = "foreigner_2017"
    FOREIGNER_2023 = "foreigner_2023"


class Defect(StrEnum):
    """What can be wrong with a card, and the status the module gives for it."""

    NONE = "none"
    UNREGISTERED = "unregistered"
    """A bank card, a pass of another system: 40."""
    DAMAGED = "damaged"
    """The chip answers, its memory does not: 41."""
    FORGED = "forged"
    """The content fails its proof: 33."""
    SPOILED = "spoiled"
    """The module reads it, but the number's check digit is wrong."""


@dataclass(frozen=True, slots=True)
class IdFace:
    """A sample card. Dates are YYYYMMDD; `valid_to` may be 长期."""

    name: str
    number: str
    birth: str = ""
    valid_from: str = "20200101"
    valid_to: str = "20400101"
    kind: Kind = Kind.CITIZEN
    defect: Defect = Defect.NONE
    address: str = "示例省示例市青河路1号"
    issuer: str = "示例市公安局"
    new_address: str = ""
    """Written to the chip after the card was issued, when its holder moved."""
    fingerprint: bool = False

    def text_block(self) -> bytes:
        """Return the 256 bytes, UTF-16LE, padded with spaces."""
        face = self
        if self.defect is Defect.SPOILED:
            face = replace(self, number=self.number[:-1] + ("0" if self.number[-1] != "0" else "1"))
        return b"".join(text.ljust(units)[:units].encode("utf-16-le") for text, units in _WRITERS[self.kind](face))

    def photo_block(self) -> bytes:
        """Return 1,024 opaque bytes that begin like the proprietary photo format."""
        return b"WLf\0".ljust(1024, b"\xd5")

    def fingerprint_block(self) -> bytes:
        """Return two opaque templates of 512 bytes; nothing for a card without fingerprints."""
        return b"C\x01".ljust(512, b"\xf1") * 2 if self.fingerprint else b""

    def new_address_block(self) -> bytes:
        """Return 70 bytes, UTF-16LE, padded with spaces; nothing for a card that has none."""
        return self.new_address.ljust(35)[:35].encode("utf-16-le") if self.new_address else b""


_TEXTS = ("name", "number", "birth", "valid_from", "valid_to", "new_address")


def face_from(told: dict[str, str]) -> IdFace:
    """Build a card from what a bench form sends; raises `ValueError` for an unknown kind or defect."""
    texts = {key: told[key] for key in _TEXTS if told.get(key)}
    face = IdFace(name=told.get("name", ""), number=told.get("number", ""))
    return replace(
        face,
        **cast("dict[str, Any]", texts),
        kind=Kind(told.get("kind") or "citizen"),
        defect=Defect(told.get("defect") or "none"),
    )


_Fields = tuple[tuple[str, int], ...]


def _birth(face: IdFace) -> str:
    return face.birth or face.number[6:14]


def _resident(face: IdFace, ethnic: str) -> _Fields:
    sex = "1" if face.number[16:17] in set("13579") else "2"
    return (
        (face.name, 15),
        (sex, 1),
        (ethnic, 2),
        (_birth(face), 8),
        (face.address, 35),
        (face.number, 18),
        (face.issuer, 15),
        (face.valid_from, 8),
        (face.valid_to, 8),
    )


def _citizen(face: IdFace) -> _Fields:
    return (*_resident(face, "01"), ("", 18))


def _residence_permit(face: IdFace) -> _Fields:
    return (*_resident(face, ""), ("H00000000", 9), ("01", 2), ("", 3), ("J", 1), ("", 3))


def _foreigner_2017(face: IdFace) -> _Fields:
    latin = face.name.isascii()
    return (
        (face.name if latin else "", 60),
        ("1", 1),
        (face.number, 15),
        ("XXX", 3),
        ("" if latin else face.name, 15),
        (face.valid_from, 8),
        (face.valid_to, 8),
        (_birth(face), 8),
        ("01", 2),
        ("0000", 4),
        ("I", 1),
        ("", 3),
    )


def _foreigner_2023(face: IdFace) -> _Fields:
    latin = face.name.isascii()
    return (
        ("" if latin else face.name, 15),
        ("1", 1),
        ("00", 2),
        (_birth(face), 8),
        (face.name[:35] if latin else "", 35),
        (face.number, 18),
        ("", 15),
        (face.valid_from, 8),
        (face.valid_to, 8),
        (face.name[35:] if latin else "", 11),
        ("XXX", 3),
        ("Y", 1),
        ("", 3),
    )


_WRITERS = {
    Kind.CITIZEN: _citizen,
    Kind.RESIDENCE_PERMIT: _residence_permit,
    Kind.FOREIGNER_2017: _foreigner_2017,
    Kind.FOREIGNER_2023: _foreigner_2023,
}
