"""The consultation register (台账) as the ledger keeps it: an entry is never edited, it gets one more revision.

Every revision arrives once, whatever is sent twice; serials have no gap per hall and year; nothing is refused that a
terminal noted, and what is odd about it is flagged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from hall.ids import EventId, StaffId


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One writing of one entry. `fields` holds what it sets, by the labels of appendix B; what it does not name stays.

    A personal column holds the digest of its ciphertext, never the person (`sealed_fields`).
    """

    event_id: EventId
    entry: str
    year: int
    """Year of receipt, in which the entry has its serial."""
    base: int
    """The revision that its writer saw; 0 for a new entry."""
    staff: StaffId
    at: float
    reason: str = ""
    """Why an entry is changed; empty for a new one."""
    fields: dict[str, str]


class RevisionFlag(StrEnum):
    """Why somebody should look at a revision."""

    CHANGED_MEANWHILE = "changed_meanwhile"
    NO_REASON = "no_reason"
    FIRST_MISSING = "first_missing"
    OTHER_YEAR = "other_year"


@dataclass(slots=True)
class Entry:
    """One entry of the register with all its revisions, the first first; none is ever removed or changed."""

    year: int
    serial: int
    revisions: list[Revision] = field(default_factory=list)


@dataclass(slots=True)
class Register:
    """The entries by id, as built from the ledger in its order."""

    entries: dict[str, Entry] = field(default_factory=dict)
    seen: set[EventId] = field(default_factory=set)
    last_serial: dict[int, int] = field(default_factory=dict)


def take(register: Register, revision: Revision) -> tuple[RevisionFlag, ...]:
    """Write a revision down and return its flags; one that is known already changes nothing and has none."""
    if revision.event_id in register.seen:
        return ()
    register.seen.add(revision.event_id)
    entry = register.entries.get(revision.entry)
    is_new = entry is None
    if entry is None:
        serial = register.last_serial.get(revision.year, 0) + 1
        register.last_serial[revision.year] = serial
        entry = register.entries[revision.entry] = Entry(revision.year, serial)
    found = {
        RevisionFlag.FIRST_MISSING: is_new and revision.base > 0,
        RevisionFlag.CHANGED_MEANWHILE: not is_new and revision.base != len(entry.revisions),
        RevisionFlag.NO_REASON: revision.base > 0 and not revision.reason.strip(),
        RevisionFlag.OTHER_YEAR: revision.year != entry.year,
    }
    entry.revisions.append(revision)
    return tuple(flag for flag, is_so in found.items() if is_so)


def as_of(entry: Entry, number: int) -> Mapping[str, str]:
    """Return the columns as they stood after revision `number` (1 is the first)."""
    columns: dict[str, str] = {}
    for revision in entry.revisions[: max(0, number)]:
        columns |= revision.fields
    return columns


def current(entry: Entry) -> Mapping[str, str]:
    """Return the columns as they stand."""
    return as_of(entry, len(entry.revisions))


def changes(entry: Entry, number: int) -> tuple[tuple[str, str, str], ...]:
    """Return what revision `number` changed: column, before, after; before is empty where nothing stood."""
    before, after = as_of(entry, number - 1), as_of(entry, number)
    return tuple(
        (column, before.get(column, ""), value)
        for column, value in sorted(after.items())
        if before.get(column) != value
    )


def rebuilt(revisions: Iterable[Revision]) -> Register:
    """Return the register as the ledger's entries, in their order, make it."""
    register = Register()
    for revision in revisions:
        take(register, revision)
    return register
