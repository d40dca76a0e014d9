"""What one terminal may say to the others while the hall server is away, judged from the hall pack and the board.

The broker vouches for who speaks (the topic is the speaker's own); here it is held against what that terminal does in
this hall: a panel calls to its own window, and who gives out numbers announces its own. A stolen terminal can then
mislead about itself only.
"""

from collections.abc import Mapping
from enum import StrEnum

from hall.events import TicketIssued
from hall.ids import BusinessDay, Series, TerminalId, TicketLabel
from hall.outage.signed_slips import SignedSlip, check
from hall.queue.numbering import label
from hall.wire.board import WaitingShown
from hall.wire.devices_shown import TerminalShown
from hall.wire.pack_shown import PackShown
from hall.wire.peers import CallSaid, PeerSaid

ISSUERS = ("self_service", "guide_desk")
"""Roles that give out numbers."""
MAX_DIGITS = 6
"""Of a number; no series of a day has more."""
ADOPTERS = ("guide_desk", "window_panel")
"""Roles that bring in slips of cut-off terminals."""


class Doubt(StrEnum):
    """Why a peer is not heeded."""

    OTHER_SPEAKER = "other_speaker"
    """The topic is another terminal's than the message."""
    UNKNOWN_SPEAKER = "unknown_speaker"
    NOT_ONE_THING = "not_one_thing"
    NOT_ITS_WINDOW = "not_its_window"
    NOT_A_NUMBER = "not_a_number"
    """What is called is shown and spoken to the whole hall: a number of this hall, and no other words."""
    NOT_ITS_NUMBER = "not_its_number"
    NOT_ITS_WORD = "not_its_word"
    """Priority, a binding, an absence: nothing that it could know of a ticket it gave out."""


def doubt(
    said: PeerSaid, speaker: TerminalId, pack: PackShown, day: BusinessDay, keys: Mapping[TerminalId, bytes]
) -> Doubt | None:
    """Return why a message of `speaker` is not heeded; None when it may say this. `keys` as on the board."""
    if said.terminal != speaker:
        return Doubt.OTHER_SPEAKER
    known = next((one for one in pack.terminals if one.terminal == speaker), None)
    if known is None:
        return Doubt.UNKNOWN_SPEAKER
    if said.called is not None and said.joined is None:
        return _of_call(said.called, known, pack)
    if said.joined is None or said.called is not None:
        return Doubt.NOT_ONE_THING
    if said.slip:
        slip = check(said.slip, hall=pack.hall, day=day, keys=keys)
        return _of_slip(said.joined, slip, known, pack) if isinstance(slip, SignedSlip) else Doubt.NOT_ITS_NUMBER
    return _of_own(said.joined, known, pack)


def _of_call(called: CallSaid, known: TerminalShown, pack: PackShown) -> Doubt | None:
    if known.role != "window_panel" or known.window != called.window:
        return Doubt.NOT_ITS_WINDOW
    return None if _is_number(called.label, pack) else Doubt.NOT_A_NUMBER


def _of_own(joined: WaitingShown, known: TerminalShown, pack: PackShown) -> Doubt | None:
    if known.role not in ISSUERS or not is_own_number(joined.label, joined.numbers, known.terminal, pack):
        return Doubt.NOT_ITS_NUMBER
    by_item = any(item.code == joined.item and item.priority for item in pack.items)
    granted = joined.priority and not by_item and known.role != "guide_desk"
    return Doubt.NOT_ITS_WORD if granted or _moved(joined) else None


def _of_slip(joined: WaitingShown, slip: SignedSlip, known: TerminalShown, pack: PackShown) -> Doubt | None:
    if known.role not in ADOPTERS:
        return Doubt.NOT_ITS_NUMBER
    return None if joined == waits_for(slip.issued, pack) else Doubt.NOT_ITS_NUMBER


def is_own_number(told: TicketLabel, series: Series, terminal: TerminalId, pack: PackShown) -> bool:
    """Tell whether a label is of the terminal's reserve, or bears its suffix."""
    number, suffix = _parted(told, series, pack)
    if number is None or suffix:
        return number is not None and suffix == terminal
    reserve = next((one for one in pack.reserves if one.terminal == terminal), None)
    return reserve is not None and reserve.first <= number <= reserve.last


def _parted(told: TicketLabel, series: Series, pack: PackShown) -> tuple[int | None, str]:
    """Return number and suffix of a label of this series; no number where it is no label of this hall."""
    digits, _, suffix = told.removeprefix(series).partition("-")
    if series not in _series(pack) or not digits.isdecimal() or not digits.isascii() or len(digits) > MAX_DIGITS:
        return None, ""
    return (int(digits), suffix) if label(series, int(digits), suffix) == told else (None, "")


def _is_number(told: TicketLabel, pack: PackShown) -> bool:
    known = {"", *(one.terminal for one in pack.terminals)}
    return any(
        number is not None and suffix in known for number, suffix in (_parted(told, one, pack) for one in _series(pack))
    )


def _series(pack: PackShown) -> set[Series]:
    return {Series(pack.priority_series), *(Series(item.series) for item in pack.items)}


def _moved(joined: WaitingShown) -> bool:
    return joined.bound is not None or joined.precalled_by is not None or joined.away_until != 0.0


def waits_for(issued: TicketIssued, pack: PackShown | None) -> WaitingShown:
    """Return a ticket as the panels of a cut-off hall need it, to call it."""
    item = next((item for item in pack.items if item.code == issued.item), None) if pack is not None else None
    return WaitingShown(
        issued.ticket,
        issued.label,
        issued.item,
        issued.series,
        Series(item.series) if item is not None else issued.series,
        issued.priority,
        issued.issued_at,
    )
