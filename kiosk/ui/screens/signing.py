"""Staff sign in: staff number, then PIN, on a number pad."""

from hall.errors import Reason
from kiosk.flows.signing_in import PIN_DIGITS, PIN_MIN_DIGITS, STAFF_DIGITS
from kiosk.flows.steps import SigningIn
from kiosk.flows.words import WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.keypad import fields, keypad
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import place_name

KNOWN = (
    Reason.WRONG_PIN,
    Reason.UNKNOWN_STAFF,
    Reason.TOO_MANY_TRIES,
    Reason.WINDOW_TAKEN,
    Reason.NOT_ALLOWED,
    Reason.SERVER_AWAY,
    Reason.NOT_SIGNED_IN,
)


def signing_in(p: Painter, step: SigningIn, frame: Frame) -> None:
    """One question at a time on the left, the number pad on the right."""
    look = p.look
    _, room = staff_header(p, frame, place=place_name(p, frame))
    room = room.inset(look.margin * 1.25, look.gap)
    pad, words = room.far(min(room.w * 0.46, 640.0), look.margin * 1.5)
    pad = pad.middle(pad.w, min(pad.h, 760.0))
    length = len(step.pin) if step.entering_pin else len(step.staff)
    ready = length >= PIN_MIN_DIGITS if step.entering_pin else length == STAFF_DIGITS
    keypad(p, pad, confirm=ready and not step.asking, erase=length > 0 and not step.asking, digits=not step.asking)
    words = Box(words.x, pad.y, words.w, max(pad.h, words.h - pad.y + words.y))
    key = "asking" if step.asking else "pin" if step.entering_pin else "staff"
    used = p.text(words, p.say(f"signing.{key}"), look.title, bold=True, name="title")
    _, words = words.top(used, 4)
    used = p.text(words, p.say(f"signing.{key}_hint", staff=step.staff), look.body, color=p.colors.ink_soft)
    _, words = words.top(used, look.gap)
    places = PIN_DIGITS if step.entering_pin else STAFF_DIGITS
    row, words = words.top(min(112.0, words.w / places - 12), look.gap)
    row = row.left(min(row.w, places * row.h * 1.18))[0]
    if not step.asking:
        typed = step.pin if step.entering_pin else step.staff
        fields(p, row, typed, places, hidden=step.entering_pin, name="pin" if step.entering_pin else "staff")
    if step.problem is not None:
        text = p.say(f"signing.{step.problem.value if step.problem in KNOWN else 'other'}")
        if step.tries_left:
            text += p.say("signing.tries", tries=step.tries_left)
        strip, words = words.top(note_height(p, text, words.w), look.gap)
        note(p, strip, text, "attention", name="problem")
    if step.entering_pin and not step.asking:
        back = words.top(max(look.target, 84.0))[0].left(min(words.w, 320.0))[0]
        p.button("back", back, p.say("bar.back"), WentBack(), icon="arrow-left", em=look.body)
