"""Guide desk: find a number. A big pad for letter and digits; beside it the numbers set aside, or those as typed."""

from dataclasses import dataclass

from hall.errors import Reason
from hall.ids import TicketLabel
from hall.wire.board import Board
from kiosk.flows.desk_numbers import typed_label
from kiosk.flows.desk_steps import DeskTyping
from kiosk.flows.desk_words import PickedNumber, TypedLetter
from kiosk.flows.words import WentBack
from kiosk.session import Frame
from kiosk.ui.theme import CAPTION_PX
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.keypad import keypad
from kiosk.ui.widgets.marks import note, note_height, note_on_top
from kiosk.ui.widgets.painter import Painter

KNOWN = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.UNKNOWN_TICKET, Reason.NOT_SIGNED_IN, Reason.MALFORMED)
LETTERS_A_ROW = 6
MAX_FOUND = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A number that can be picked, and where the board has it."""

    label: TicketLabel
    state: str
    at: float = 0.0
    until: float = 0.0


def finding(p: Painter, room: Box, step: DeskTyping, frame: Frame) -> None:
    """Draw field, letters and digits."""
    look = p.look
    text, free = _told(p, step), step.asked is None
    side = max(look.target, 84.0)
    beside = note_height(p, text, room.w - side - look.gap, look.caption) if text and look.large else 0.0
    top, room = room.top(max(side, beside), look.gap * 0.75)
    back, title = top.left(side, look.gap)
    p.button("back", back.middle(side, side), "", WentBack(), icon="arrow-left", em=look.body, enabled=free)
    if beside:  # in large print it stands where the title was: the keys need their room
        note(p, title, text, "attention" if step.problem else "calm", look.caption, name="problem")
    else:
        p.text(title, p.say("find.title"), look.button * 1.1, bold=True, down="middle", single=True, name="title")
    field, room = room.top(104.0, look.gap * 0.75)
    p.card(field, outline=p.colors.accent)
    shown = step.asked or step.typed
    p.text(field, shown or p.say("find.hint"), 64.0 if shown else look.body, bold=bool(shown), across="center",
           down="middle", single=True, color="" if shown else p.colors.ink_soft, name="typed")  # fmt: skip
    if text and not beside:
        room = note_on_top(p, room, text, "attention" if step.problem else "calm", name="problem")
    letters = _series(frame)
    rows = -(-len(letters) // LETTERS_A_ROW)
    grid, room = room.top(rows * max(look.target, 80.0) + (rows - 1) * look.gap * 0.75, look.gap)
    places = [box for row in grid.rows(rows, look.gap * 0.75) for box in row.columns(LETTERS_A_ROW, look.gap * 0.75)]
    for box, letter in zip(places, letters, strict=False):
        kind = "chosen" if step.typed[:1] == letter else "quiet"
        p.button(f"letter:{letter}", box, letter, TypedLetter(letter), kind=kind, enabled=free)
    ready = typed_label(step.typed) is not None
    keypad(p, room.top(min(room.h, 480.0))[0], confirm=ready and free, erase=bool(step.typed) and free,
           digits=bool(step.typed) and free)  # fmt: skip


def _told(p: Painter, step: DeskTyping) -> str:
    if step.asked is not None:
        return p.say("find.reading", label=step.asked)
    if step.problem is not None:
        return p.say(f"find.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    return ""


def _series(frame: Frame) -> tuple[str, ...]:
    letters = {queue.series for queue in frame.board.queues} if frame.board else set()
    if frame.pack is not None:
        letters |= {item.series for item in frame.pack.items} | {frame.pack.priority_series}
    return tuple(sorted(letter for letter in letters if letter))


def set_aside(p: Painter, room: Box, step: DeskTyping, frame: Frame) -> None:
    """Draw what can be picked: the numbers set aside, or, once something is typed, all that begin so."""
    look = p.look
    p.card(room)
    inner = room.inset(look.gap, look.gap * 0.75)
    head, inner = inner.top(look.button * 1.45, 8)
    title = p.say("aside.as_typed" if step.typed else "aside.title")
    p.text(head, title, look.button, bold=True, down="middle", single=True)
    found = matching(frame.board, step.typed) if frame.board else ()
    if not found:
        text = p.say("aside.none_typed" if step.typed else "aside.none")
        p.text(inner, text, look.body, color=p.colors.ink_soft)
        return
    tall = max(look.target, 92.0)
    choices(p, inner, found, lambda box, each: _pick(p, box, each, frame, step), columns=1, least_h=tall, most_h=104.0)


def matching(board: Board, typed: str) -> tuple[Found, ...]:
    """Return the numbers set aside, the newest first; with `typed` all that the board knows and that begin so."""
    aside = tuple(Found(each.label, each.state, each.at, each.until) for each in reversed(board.aside))
    if not typed:
        return aside[:MAX_FOUND]
    at_windows = tuple(Found(w.label, w.state) for w in board.windows if w.label is not None)
    waiting = tuple(Found(each.label, "waiting", each.since) for each in board.waiting_tickets)
    digits = typed[1:].lstrip("0")
    every = {each.label: each for each in (*waiting, *at_windows, *aside)}  # who is away still has a place in line
    fit = (each for each in every.values() if each.label[0] == typed[0])
    return tuple(each for each in fit if each.label[1:].lstrip("0").startswith(digits))[:MAX_FOUND]


def _pick(p: Painter, box: Box, found: Found, frame: Frame, step: DeskTyping) -> None:
    look = p.look
    p.card(box)
    label, words = box.inset(look.gap * 0.75, 4).left(box.w * 0.4, look.gap * 0.4)
    p.text(label, found.label, look.button * 1.1, bold=True, color=p.colors.accent, down="middle", single=True)
    upper, lower = words.top(words.h * 0.5)
    p.text(upper, p.say(f"place.{found.state}"), look.body, bold=True, down="middle", single=True)
    told = since(p, found, frame)
    em = look.caption if p.width(told, look.caption) <= lower.w else CAPTION_PX
    p.text(lower, told, em, color=p.colors.ink_soft, down="middle", single=True)
    p.target(f"number:{found.label}", box, found.label, PickedNumber(found.label), enabled=step.asked is None)


def since(p: Painter, found: Found, frame: Frame) -> str:
    """Return how long it has been so, or for how long a place is still kept."""
    if found.until:
        return p.say("aside.until", minutes=max(0, round((found.until - frame.hall_time) / 60)))
    if not found.at:
        return ""
    return p.say("aside.since", minutes=max(0, int((frame.hall_time - found.at) / 60)))
