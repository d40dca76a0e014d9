"""The window panel's every step with the sample hall around it."""

from dataclasses import replace

import msgspec

from hall.commands import Called
from hall.errors import Reason
from hall.ids import ItemCode, Series, ServiceId, StaffId, TicketId, TicketLabel, WindowId
from hall.wire.board import Board, WaitingShown, WindowShown
from hall.wire.shown import AsideShown, StaffingShown
from kiosk.flows import panel_steps, steps
from kiosk.flows.words import Step
from kiosk.session import Frame
from tests.ui import samples
from tests.ui.samples import NOW, PANEL, Shot

C = Series("C")
STAFF = (StaffId("0310"), "苏木")
PENSION, CARD = ItemCode("SI-301"), ItemCode("SI-701")


def waiting(number: int, *, window: str | None = None, away: bool = False, label: str = "") -> WaitingShown:
    return WaitingShown(
        TicketId(f"{number:032}"),
        TicketLabel(label or f"C{number:03}"),
        PENSION,
        C,
        C,
        False,
        NOW - 60.0 * (40 - number),
        WindowId(window) if window else None,
        None,
        NOW + 300 if away else 0.0,
    )


def aside(label: str, window: str, minutes: int, item: str = "SI-301") -> AsideShown:
    return AsideShown(
        label=TicketLabel(label), state="held", at=NOW - 60.0 * minutes, window=WindowId(window), item=ItemCode(item)
    )


def window(number: str, told: dict[str, object]) -> WindowShown:
    return msgspec.convert({"window": number, "staff": "0303", **told}, WindowShown)


def busy_board(**mine: object) -> Board:
    """A full hall near closing: window 7 is this one."""
    return msgspec.structs.replace(
        samples.board(helping=False),
        windows=(
            window("7", {"state": "serving", "label": "C013", "item": "SI-301", **mine}),
            window("8", {"state": "serving"}),
            window("14", {"state": "free"}),
        ),
        waiting_tickets=(
            *(waiting(number) for number in range(14, 26)),
            waiting(26, label="C12-K3"),
            waiting(27, away=True),
        ),
        aside=(aside("C009", "7", 12), aside("C011", "7", 4), aside("C004", "14", 25), aside("C002", "9", 40)),
        staffing=(
            StaffingShown(
                kind="cap",
                work=C,
                zh="C队列预计最长等候71分钟,请在10:40前增开2个窗口(如8、14号)。",
                en="Queue C will wait up to 71 min: open 2 windows by 10:40.",
            ),
        ),
    )


def at(**mine: object) -> Frame:
    return samples.frame("W07", "window_panel", window="7", board=busy_board(**mine))


def called(**changes: object) -> Called:
    return msgspec.structs.replace(samples.called(), **changes)


def move_shots() -> list[Shot]:
    here, near = at(), at(next_label="C014", items_left=["SI-701"])
    empty = at(state="free", label=None, item=None)
    quiet = samples.frame("W07", "window_panel", window="7", board=samples.board(helping=False))
    only = (window("7", {"state": "free"}),)
    lonely = msgspec.structs.replace(samples.board(helping=False), windows=only)
    alone = samples.frame("W07", "window_panel", window="7", board=lonely)
    general = samples.frame("W14", "window_panel", window="14", board=busy_board())
    ready = steps.PanelReady(*STAFF)
    calling = steps.PanelCalling(*STAFF, called())
    serving = steps.PanelServing(*STAFF, called(), ServiceId("s/1"))
    send, sure, pick = panel_steps.PanelSending, panel_steps.PanelSure, panel_steps.PanelPicking
    last = TicketLabel("C013")
    cut = replace(empty, server_away=True, alone=6, alone_next=(TicketLabel("C016"), TicketLabel("Y003")))
    told: list[tuple[str, Frame, Step]] = [
        ("ready_held", empty, ready),
        ("ready_done_hold", empty, steps.PanelReady(*STAFF, done="hold", last=last)),
        ("ready_done_lapsed", empty, steps.PanelReady(*STAFF, done="lapsed", last=last)),
        ("ready_done_missed", empty, steps.PanelReady(*STAFF, done="missed", last=last)),
        ("calling_early", here, steps.PanelCalling(*STAFF, called(calls_left=2, sorry_zh="对不起,让您久等了。"))),
        (
            "calling_early_why",
            near,
            steps.PanelCalling(
                *STAFF,
                called(
                    calls_left=2,
                    priority=True,
                    sorry_zh="对不起,让您久等了。",
                    why_zh="C013号是优先号,已等候15分钟,按本厅优先服务的规定,请先为这位办理。",
                ),
                why=True,
            ),
        ),
        ("calling_seconds", here, steps.PanelCalling(*STAFF, called(may_miss_at=NOW + 17), resting=True)),
        (
            "calling_refused",
            here,
            steps.PanelCalling(*STAFF, called(), problem=Reason.ILLEGAL_MOVE, refused="missed"),
        ),
        ("serving_near", near, serving),
        ("serving_far", here, serving),
        (
            "serving_refused",
            near,
            steps.PanelServing(*STAFF, called(), ServiceId(""), False, Reason.ILLEGAL_MOVE, "hold"),
        ),
        ("more", near, panel_steps.PanelMore(*STAFF, serving)),
        ("alone", cut, ready),
        ("alone_none", replace(cut, alone=0, alone_next=()), replace(ready, problem=Reason.NOBODY_WAITING)),
        ("alone_calling", replace(here, server_away=True, alone=6), calling),
        (
            "alone_not",
            replace(here, server_away=True, alone=6),
            steps.PanelServing(*STAFF, called(), ServiceId(""), False, Reason.SERVER_AWAY, "hold"),
        ),
        ("back", replace(empty, back=True), ready),
        ("connecting", replace(empty, connecting=True), steps.PanelAsking(*STAFF, "call", ready)),
        ("gone", empty, replace(ready, problem=Reason.ILLEGAL_MOVE, refused="gone")),
        ("asking_number", empty, steps.PanelAsking(*STAFF, "call_number", ready, TicketLabel("C12-K3"))),
        ("sure_missed", here, sure(*STAFF, "missed", calling)),
        ("sure_sign_off", empty, sure(*STAFF, "sign_off", ready)),
        ("sure_sign_off_alone", alone, sure(*STAFF, "sign_off", ready)),
        ("sending", here, send(*STAFF, serving)),
        ("sending_general", general, send(*STAFF, steps.PanelCalling(*STAFF, called(item=ItemCode(""))))),
        ("sending_nowhere", quiet, send(*STAFF, serving)),
        ("sending_groups", here, send(*STAFF, serving, other=True)),
        ("sending_items", here, send(*STAFF, serving, other=True, group="pension")),
        ("sending_other", here, send(*STAFF, serving, other=True, group="card", item=CARD)),
        ("sending_sure", here, send(*STAFF, serving, window=WindowId("8"), sure=True)),
        ("sending_sure_any", here, send(*STAFF, serving, other=True, group="card", item=CARD, sure=True)),
        ("adding", here, panel_steps.PanelAdding(*STAFF, serving, group="pension")),
        ("adding_sure", here, panel_steps.PanelAdding(*STAFF, serving, group="card", item=CARD)),
        ("adding_sure_here", here, panel_steps.PanelAdding(*STAFF, serving, group="pension", item=ItemCode("SI-303"))),
        ("picking", empty, pick(*STAFF, ready, "C", "1")),
        ("picking_general", general, pick(*STAFF, ready, "A", "021")),
        ("picking_nobody", quiet, pick(*STAFF, ready)),
        (
            "picking_refused",
            empty,
            pick(*STAFF, ready, "C", "019", problem=Reason.ILLEGAL_MOVE, refused="call_early"),
        ),
        ("picking_reason", empty, pick(*STAFF, ready, label=TicketLabel("C019"))),
        ("held", empty, panel_steps.PanelHeld(*STAFF, ready)),
        ("held_refused", empty, panel_steps.PanelHeld(*STAFF, ready, Reason.NOT_ALLOWED, "resume")),
        ("held_none", quiet, panel_steps.PanelHeld(*STAFF, ready)),
    ]
    told += [
        ("staying", cut, panel_steps.PanelStaying(*STAFF)),
        ("staying_asking", cut, panel_steps.PanelStaying(*STAFF, asking=True)),
        ("continued", cut, replace(ready, done="continued")),
        ("calling_both", here, steps.PanelCalling(*STAFF, called(calls_left=1, may_miss_at=NOW + 27))),
    ]
    return [(f"panel_{name}", PANEL, around, step) for name, around, step in told]
