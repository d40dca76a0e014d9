"""The guide desk: left what is being done, middle waiting by queue, right help requests and device alarms."""

from kiosk.flows.desk_steps import DeskDevices, DeskNumber, DeskPicking, DeskTyping
from kiosk.flows.notice_steps import DeskTelling
from kiosk.flows.proxy_steps import DeskProxy
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskIssuing, DeskReady
from kiosk.flows.words import SignedOff
from kiosk.session import Frame
from kiosk.ui.screens import desk_proxy, desk_staffing
from kiosk.ui.screens.desk_devices import devices
from kiosk.ui.screens.desk_find import finding, set_aside
from kiosk.ui.screens.desk_grant import granting
from kiosk.ui.screens.desk_news import helps_and_alerts, queues
from kiosk.ui.screens.desk_number import number, picking
from kiosk.ui.screens.desk_take import take
from kiosk.ui.screens.desk_ticket import issued
from kiosk.ui.screens.guides import telling
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name
from kiosk.ui.widgets.ticket_facts import item_of, item_title

Desk = (
    DeskReady
    | DeskGranting
    | DeskIssuing
    | DeskIssued
    | DeskTyping
    | DeskNumber
    | DeskPicking
    | DeskDevices
    | DeskTelling
    | DeskProxy
)

SHARE_OF_DEVICES = 0.705
"""Of the room, for the devices page; who asks for help stays in sight beside it."""


def desk(p: Painter, step: Desk, frame: Frame) -> None:
    """Draw the three columns; while a number is looked for the middle one changes too, the devices fill both."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=True)
    if not _under_way(step):
        p.button("sign_off", buttons, p.say("staff.sign_off"), SignedOff(), em=look.body)
    room = room.inset(look.margin * 0.75, look.gap)
    if isinstance(step, DeskDevices):
        page, right = room.left(room.w * SHARE_OF_DEVICES, look.gap * 1.25)
        devices(p, page, step, frame)
        below = desk_proxy.requests(p, right, frame, opens=False)
        helps_and_alerts(p, below, frame, may_go=True, whole_h=right.h)
        return
    wide = look.large and look.language != "zh"  # names of queues are long; the column of choices wraps its own
    left, rest = room.left(room.w * (0.41 if wide else 0.44), look.gap * 1.25)
    middle, right = rest.left(rest.w * (0.5 if wide else 0.47), look.gap * 1.25)
    _middle(p, middle, step, frame)
    asked = step.asked if isinstance(step, DeskReady) else None
    opens = isinstance(step, DeskReady | DeskIssued | DeskTyping) and not _under_way(step)
    below = desk_proxy.requests(p, right, frame, opens=opens)
    may_go = not isinstance(step, DeskIssuing)
    helps_and_alerts(p, below, frame, may_go=may_go, asked=asked, opens=opens, whole_h=right.h)
    _left(p, left, step, frame)


def _under_way(step: Desk) -> bool:
    """Something was asked of the hall that must be answered first."""
    asking = (isinstance(step, DeskTyping) and step.asked is not None) or (
        isinstance(step, DeskNumber) and step.asking is not None
    )
    return asking or isinstance(step, DeskIssuing) or (isinstance(step, DeskProxy) and step.asking)


def _middle(p: Painter, room: Box, step: Desk, frame: Frame) -> None:
    if isinstance(step, DeskTyping):
        set_aside(p, room, step, frame)
    elif p.menu == desk_staffing.MENU:
        desk_staffing.unfolded(p, room, frame)
    else:
        queues(p, desk_staffing.folded(p, room, frame), frame)


def _left(p: Painter, room: Box, step: Desk, frame: Frame) -> None:
    match step:
        case DeskReady():
            take(p, room, step, frame)
        case DeskGranting():
            granting(p, room, step, frame)
        case DeskIssued():
            issued(p, room, step, frame)
        case DeskTyping():
            finding(p, room, step, frame)
        case DeskNumber():
            number(p, room, step, frame)
        case DeskPicking():
            picking(p, room, step, frame)
        case DeskTelling():
            telling(p, room, step, frame)
        case DeskProxy():
            desk_proxy.page(p, room, step, frame)
        case DeskIssuing():
            _issuing(p, room, step, frame)


def _issuing(p: Painter, room: Box, step: DeskIssuing, frame: Frame) -> None:
    p.card(room)
    item = item_of(frame, step.item)
    under = item_title(p, item) if item else ""
    patience(p, room.inset(p.look.gap), "ticket-confirmation", p.say("issuing.title"), under)
