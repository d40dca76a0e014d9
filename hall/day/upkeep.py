"""Upkeep at the desk and the console: a record of work on a device, a signature under the opening checklist.

The day keeps only today's checklist. What was done to devices lives for years and is read elsewhere
(`services.upkeep`); a record is judged here without it, for the newest one alone says when a work is due again.
"""

from hall.calendar.working_days import local_datetime
from hall.commands import Done
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.ids import SERVER, BusinessDay, StaffId, TerminalId
from hall.pack.hall_pack import terminals_shown
from hall.queue.state import HallState
from hall.services.opening_checklist import checklist, merged
from hall.services.upkeep import device_ids, next_due, note_trouble
from hall.upkeep import (
    Finding,
    LineState,
    MaintenanceNoted,
    MaintenanceRecorded,
    OpeningChecklistSigned,
    RecordMaintenance,
    SignOpening,
    UpkeepCommand,
    Work,
)
from hall.wire.upkeep_shown import OpeningShown

SIGNABLE = frozenset({LineState.FINE.value, LineState.FAULT.value})
MAX_CODE = 40


def decide_upkeep(state: HallState, command: UpkeepCommand, by: Asker, now: float) -> Decision:
    """Answer a record or a signature of a member of staff who is signed in at a guide desk, or named at the console."""
    barred = _barred(state, command.staff, by)
    if barred is not None:
        return barred
    match command:
        case RecordMaintenance():
            return _record(state, command, now)
        case SignOpening():
            return _sign(state, command, now)


def _barred(state: HallState, staff: StaffId, by: Asker) -> Decision | None:
    if by.terminal == SERVER:
        member = state.known.staff.get(staff)
        may = member is not None and not {"guide", "lead"}.isdisjoint(member.roles)
        return None if may else refused(Reason.NOT_ALLOWED, "guides and the lead keep the records")
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    return None


def _record(state: HallState, command: RecordMaintenance, now: float) -> Decision:
    known = device_ids(state.pack)
    if command.device not in known:
        return refused(Reason.MALFORMED, "the device is not in the hall pack; it lists devices by terminal and kind")
    if command.work not in set(Work) or command.finding not in set(Finding):
        return refused(Reason.MALFORMED, f"work is one of {', '.join(Work)}; finding one of {', '.join(Finding)}")
    trouble = note_trouble(command.note, state.pack.taboos)
    if trouble is not None:
        return refused(Reason.MALFORMED, f"the note is not written down: {trouble.value}")
    done = MaintenanceRecorded(
        device=command.device,
        work=command.work,
        finding=command.finding,
        note=" ".join(command.note.split()),
        staff=command.staff,
        at=now,
    )
    due = next_due(state.pack, command.device, command.work, local_datetime(now).date())
    noted = MaintenanceNoted(device=command.device, work=command.work, next_due=due.isoformat() if due else "")
    return Decision((done,), noted)


def _sign(state: HallState, command: SignOpening, now: float) -> Decision:
    if state.day is None or command.day != state.day:
        return refused(Reason.DAY_NOT_OPEN, f"the checklist is of the open day: {state.day or 'none'}")
    known = {line.id for line in checklist(terminals_shown(state.pack), state.pack.opening)}
    lines = {signed.line: signed for signed in command.lines}
    if not lines or len(lines) != len(command.lines) or not known >= set(lines):
        return refused(Reason.MALFORMED, "name lines of the hall's checklist, each once")
    if any(signed.state not in SIGNABLE or len(signed.code) > MAX_CODE for signed in command.lines):
        return refused(Reason.MALFORMED, f"a line is signed as {' or '.join(sorted(SIGNABLE))}")
    before = {signed.line: signed for signed in shown(state).signed}
    if all(before.get(line) == signed for line, signed in lines.items()):
        return Decision((), Done())
    signed_now = OpeningChecklistSigned(day=command.day, lines=command.lines, staff=command.staff, at=now)
    return Decision((signed_now,), Done())


def opening_signed(state: HallState, event: OpeningChecklistSigned, _device: TerminalId, _at: float) -> None:
    """Add a signature to today's checklist; the later one of a line holds."""
    if event.day != state.day:
        return
    before = shown(state)
    newest = event.at >= before.at
    state.opening = OpeningShown(
        day=event.day,
        signed=merged(before.signed, event.lines, newer=newest),
        staff=event.staff if newest else before.staff,
        at=max(event.at, before.at),
    )


def shown(state: HallState) -> OpeningShown:
    """Return the open day's checklist as far as it is signed."""
    if state.day is not None and state.opening.day == state.day:
        return state.opening
    return OpeningShown(day=state.day or BusinessDay(""))
