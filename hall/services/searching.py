"""Search by characters, pinyin or initials (工伤, gongshang, gs), from words made when the pack is built."""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from hall.pack.guidance import SearchWord
from hall.pack.hall_pack import HallPack
from hall.services.service_items import room_text

MAX_QUERY_CHARS = 40
MAX_FOUND = 20
"""A page; who sees more has not said enough yet."""

Kind = Literal["department", "window", "item", "agency", "referral", "answer"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One hit of the directory; what a kind has not is empty."""

    kind: Kind
    code: str
    title: str
    place: str = ""
    phone: str = ""
    handlers: tuple[str, ...] = ()


class Directory:
    """The pack as people search it. Made once per pack; needs no network."""

    def __init__(self, pack: HallPack) -> None:
        self._sounds = {word.text: _sound(word) for word in pack.search}
        self._rows = tuple(_rows(pack))

    def find(self, query: str) -> tuple[Found, ...]:
        """Return at most `MAX_FOUND` hits: departments and windows first, whole beginnings before what is inside."""
        wanted = "".join(query.split()).lower()[:MAX_QUERY_CHARS]
        if not wanted:
            return ()
        ranked = [
            (rank, place, found)
            for place, (found, keys) in enumerate(self._rows)
            if (rank := self._rank(wanted, keys)) is not None
        ]
        return tuple(found for _, _, found in sorted(ranked, key=lambda hit: hit[:2])[:MAX_FOUND])

    def _rank(self, wanted: str, keys: Iterable[str]) -> int | None:
        ranks = [
            0 if told.startswith(wanted) else 1
            for key in keys
            for told in (key.lower(), *self._sounds.get(key, ()))
            if wanted in told
        ]
        return min(ranks, default=None)


def _sound(word: SearchWord) -> tuple[str, str]:
    syllables = word.pinyin.split()
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _rows(pack: HallPack) -> Iterator[tuple[Found, tuple[str, ...]]]:
    directory = pack.directory
    places = {office.code: office for office in directory.offices}
    for row in directory.departments:
        numbers = {window.number for window in pack.windows if window.department == row.name}
        people = tuple(member.name for member in pack.staff if numbers & set(member.windows))
        found = Found(
            kind="department",
            code=row.name,
            title=row.name,
            place=room_text(row.room),
            phone=row.phone,
            handlers=people,
        )
        yield found, (row.name, row.duties, *people)
    phones = {row.name: row.phone for row in directory.departments}
    for window in pack.windows:
        people = tuple(member.name for member in pack.staff if window.number in member.windows)
        place = f"{window.number}号窗口 {window.department} {room_text(window.room)}"
        phone = phones[window.department]
        found = Found(kind="window", code=window.number, title=window.title, place=place, phone=phone, handlers=people)
        yield found, (window.title, *people)
    for item in pack.items:
        windows = f"{'、'.join(item.windows)}号窗口"
        yield Found(kind="item", code=item.code, title=item.title, place=windows), (item.title, item.code)
    for agency in directory.agencies:
        found = Found(kind="agency", code=agency.code, title=agency.name, place=agency.address, phone=agency.phone)
        yield found, (agency.name,)
    for referral in directory.referrals:
        office = places[referral.office]
        place = f"{office.name} {office.address}"
        found = Found(kind="referral", code=referral.code, title=referral.title, place=place, phone=office.phone)
        yield found, (referral.title, *referral.words)
    for answer in pack.answers:
        yield Found(kind="answer", code=answer.code, title=answer.question), (answer.question,)
