"""Who works where: signing in and out at windows and desks. The PIN was checked before these rules are asked."""

from hall.commands import Done, SignedIn, SignIn, SignOut
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.events import Event, StaffSignedIn, StaffSignedOut
from hall.pack.tables import StaffMember, Terminal
from hall.queue.state import HallState

DESK_ROLES = frozenset({"guide", "lead"})


def sign_in(state: HallState, command: SignIn, by: Asker) -> Decision:
    """Sign a member of staff in; whoever was signed in at the same terminal is relieved."""
    terminal = asking_terminal(state, by, "window_panel", "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    member = state.known.staff.get(command.staff)
    if member is None:
        return refused(Reason.UNKNOWN_STAFF, "no such 工号 in this hall's pack")
    if terminal.role == "guide_desk":
        return _at_desk(state, member, terminal)
    if command.window not in (None, terminal.window):
        return refused(Reason.NOT_ALLOWED, f"{terminal.id} is the panel of window {terminal.window}")
    return _at_window(state, member, terminal)


def _at_desk(state: HallState, member: StaffMember, terminal: Terminal) -> Decision:
    if not DESK_ROLES.intersection(member.roles):
        return refused(Reason.NOT_ALLOWED, "only guides and the lead work at the guide desk")
    events: list[Event] = []
    before = state.desks.get(terminal.id)
    if before != member.id:
        if before is not None:
            events.append(StaffSignedOut(staff=before, terminal=terminal.id))
        events.append(StaffSignedIn(staff=member.id, terminal=terminal.id))
    return Decision(tuple(events), _signed_in(member))


def _at_window(state: HallState, member: StaffMember, terminal: Terminal) -> Decision:
    number = terminal.window
    if number is None or number not in member.windows:
        allowed = ", ".join(member.windows) or "none"
        return refused(Reason.NOT_ALLOWED, f"allowed windows of this 工号: {allowed}")
    window = state.windows[number]
    if window.staff is not None and window.terminal != terminal.id:
        return refused(Reason.WINDOW_TAKEN, f"window {number} is signed in at {window.terminal}")
    if window.staff == member.id:
        return Decision((), _signed_in(member))
    events: list[Event] = []
    for other_number, other in state.windows.items():
        if other.staff == member.id and other.terminal is not None:
            if other.ticket is not None:
                return refused(Reason.WINDOW_BUSY, f"finish the ticket in hand at window {other_number} first")
            events.append(StaffSignedOut(staff=member.id, terminal=other.terminal, window=other_number))
    if window.staff is not None:
        events.append(StaffSignedOut(staff=window.staff, terminal=terminal.id, window=number))
    events.append(StaffSignedIn(staff=member.id, terminal=terminal.id, window=number))
    return Decision(tuple(events), _signed_in(member))


def sign_out(state: HallState, command: SignOut, by: Asker) -> Decision:
    """Sign out here; not with a ticket in hand, for its person would stand before an empty window."""
    terminal = asking_terminal(state, by, "window_panel", "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if terminal.window is None:
        if state.desks.get(terminal.id) != command.staff:
            return refused(Reason.NOT_SIGNED_IN, f"not signed in at {terminal.id}")
        return Decision((StaffSignedOut(staff=command.staff, terminal=terminal.id),), Done())
    window = state.windows[terminal.window]
    if window.staff != command.staff or window.terminal != terminal.id:
        return refused(Reason.NOT_SIGNED_IN, f"not signed in at window {terminal.window}")
    if window.ticket is not None:
        return refused(Reason.WINDOW_BUSY, "finish or mark missed the ticket in hand first")
    return Decision((StaffSignedOut(staff=command.staff, terminal=terminal.id, window=terminal.window),), Done())


def _signed_in(member: StaffMember) -> SignedIn:
    return SignedIn(staff=member.id, name=member.name, roles=member.roles)
