"""Guide desk: the devices page. Every terminal by area; one touch shows its devices, what to do, its last self-test."""

from dataclasses import replace

from hall.calendar.working_days import local_datetime
from hall.errors import Reason
from hall.health.states import State
from hall.wire.devices_shown import DeviceNow
from kiosk.flows.desk_steps import DeskDevices
from kiosk.flows.desk_words import ChoseTerminal, OrdersAllTests, OrdersTest
from kiosk.flows.upkeep_words import OpensUpkeep
from kiosk.flows.words import WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_floor import (
    RANKS,
    Stand,
    code_name,
    fitting,
    kind_name,
    stands,
    terminal_title,
    tested_lines,
    tone_of_device,
    word_of,
)
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.marks import ICONS, Tone, note_on_top, tones
from kiosk.ui.widgets.painter import Painter

KNOWN = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN, Reason.DAY_NOT_OPEN, Reason.ILLEGAL_MOVE)
ROW_H = 132.0


def devices(p: Painter, room: Box, step: DeskDevices, frame: Frame) -> None:
    """Draw the page: all terminals, or the chosen one."""
    every = stands(frame)
    chosen = next((one for one in every if one.terminal.terminal == step.chosen), None)
    if chosen is None:
        step = replace(step, chosen=None)  # a newer pack may not have it any more
    room = _head(p, room, step, frame, every if chosen is None else (chosen,))
    room = _told(p, room, step, frame)
    if chosen is not None:
        _one(p, room, chosen, step)
        return
    columns = 1 if p.look.large else 2
    in_areas = sorted(every, key=lambda one: (_area_place(frame, one), one.terminal.terminal))
    choices(
        p,
        room,
        in_areas,
        lambda box, one: _row(p, box, one, step, frame),
        columns=columns,
        least_h=max(p.look.target, ROW_H),
        most_h=ROW_H * 1.25,
    )


def _area_place(frame: Frame, one: Stand) -> int:
    areas = list(frame.pack.areas) if frame.pack else []
    return areas.index(one.terminal.area) if one.terminal.area in areas else len(areas)


def _head(p: Painter, room: Box, step: DeskDevices, frame: Frame, told_of: tuple[Stand, ...]) -> Box:
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    back, title = top.left(max(look.target, 84.0), look.gap)
    p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body)
    test, title = title.far(min(top.w * 0.27, 330.0), look.gap)
    if step.chosen is None:
        wanted = tuple(one.terminal.terminal for one in told_of if not _pending(one, step))
        keep, title = title.far(min(top.w * 0.25, 300.0), look.gap)
        p.button("upkeep", keep, p.say("upkeep.open"), OpensUpkeep("opening"), kind="quiet", icon="clipboard-check",
                 em=look.body)  # fmt: skip
        p.button("test_all", test, p.say("devices.test_all"), OrdersAllTests(wanted), kind="quiet",
                 em=look.body, enabled=bool(wanted) and not frame.server_away)  # fmt: skip
        lines = tested_lines(p, frame)
        told, under = p.say("devices.title"), fitting(p, title.w, look.caption, *lines) if lines else ""
    else:
        chosen = told_of[0]
        pending = _pending(chosen, step)
        text = p.say("alerts.asked" if pending else "alerts.test")
        p.button(f"test:{chosen.terminal.terminal}", test, text, OrdersTest(chosen.terminal.terminal),
                 kind="quiet", em=look.body, enabled=not pending)  # fmt: skip
        told, under = terminal_title(p, chosen.terminal), _area(frame, chosen)
    upper, lower = title.top(title.h * (0.58 if under else 1.0))
    p.text(upper, told, look.button * 1.1, bold=True, down="middle", single=True, name="title")
    if under:
        p.text(lower, under, look.caption, color=p.colors.ink_soft, down="middle", single=True, name="under")
    return room


def _area(frame: Frame, one: Stand) -> str:
    return frame.pack.areas.get(one.terminal.area, "") if frame.pack else ""


def _told(p: Painter, room: Box, step: DeskDevices, frame: Frame) -> Box:
    look, text = p.look, ""
    if step.problem is not None:
        text = p.say(f"devices.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    elif frame.server_away:
        text = p.say("alerts.away")
    if not text:
        return room
    return note_on_top(p, room, text, "attention", look.caption * 1.1, name="problem")


# ---- all terminals -----------------------------------------------------------------------------------------------


def _row(p: Painter, box: Box, one: Stand, step: DeskDevices, frame: Frame) -> None:
    look, tone = p.look, one.tone
    ink, ground = tones(p, tone)
    p.fill(box, ground if tone in ("fault", "attention") else p.colors.card, 18.0,
           ink if tone in ("fault", "attention") else p.colors.outline, 3.0)  # fmt: skip
    sign, words = box.inset(14, 8).left(look.body * 1.5, 10)
    p.icon(sign, ICONS[tone], look.body * 1.4, ink)
    first, second, third = words.rows(3, 0)
    area = _area(frame, one) if p.look.language == "zh" else ""
    side, name = first.far(min(p.width(area, look.caption) + 4, first.w * 0.45), 8) if area else (first, first)
    p.text(name, terminal_title(p, one.terminal), look.body, bold=True, down="middle", single=True)
    if area:
        p.text(side, area, look.caption, color=p.colors.ink_soft, across="right", down="middle", single=True)
    strong = ink if tone in ("fault", "attention") else p.colors.ink
    terminal = one.terminal.terminal
    stands_so = fitting(p, second.w, look.caption, *summary(p, one))
    tested = fitting(p, third.w, look.caption, *last_test(p, one, step))
    p.text(second, stands_so, look.caption, bold=tone != "fine", color=strong, down="middle", single=True,
           name=f"stands:{terminal}")  # fmt: skip
    p.text(third, tested, look.caption, color=p.colors.ink_soft, down="middle", single=True,
           name=f"test_of:{terminal}")  # fmt: skip
    p.target(f"terminal:{terminal}", box, terminal_title(p, one.terminal), ChoseTerminal(terminal))


def summary(p: Painter, one: Stand) -> tuple[str, ...]:
    """Return how a terminal is in a line, and shorter: its own silence, else its worst device, else 正常."""
    if not one.heard:
        return (_state(p, DeviceNow("terminal", one.now.state, one.now.code)),)
    bad = [device for device in one.now.devices if tone_of_device(device) in ("fault", "attention")]
    if not bad:
        if one.now.code:
            return (code_name(p, one.now.code),)
        count = p.say("dot") + p.say("devices.count", count=len(one.now.devices)) if one.now.devices else ""
        return (p.say("state.up") + count,)
    worst = min(bad, key=lambda device: RANKS.index(tone_of_device(device)))
    more = p.say("devices.more", count=len(bad) - 1) if len(bad) > 1 else ""
    short = kind_name(p, worst.kind) + p.say("dot") + code_name(p, worst.code)
    return kind_name(p, worst.kind) + p.say("dot") + _state(p, worst) + more, short + more, short


def _state(p: Painter, device: DeviceNow) -> str:
    word = word_of(p, device.state, device.code)
    told = code_name(p, device.code) if device.code else word
    return told if told == word or tone_of_device(device) == "calm" else f"{word}{p.say('dot')}{told}"


def _pending(one: Stand, step: DeskDevices) -> bool:
    return one.test.waiting or one.terminal.terminal in {step.asking, *step.queued, *step.ordered}


def last_test(p: Painter, one: Stand, step: DeskDevices) -> tuple[str, ...]:
    """Return what its last self-test found, and shorter; or that one is awaited."""
    terminal, test = one.terminal.terminal, one.test
    if _pending(one, step):
        return (p.say("test.pending" if one.heard else "test.pending_silent"),)
    if terminal in step.refused:
        return (p.say("test.refused"),)
    if not test.at:
        return (p.say("test.none"),)
    at = local_datetime(test.at).strftime("%H:%M")
    if not test.failed:
        return (p.say("test.passed", time=at),)
    names = p.say("tests.comma").join(f"{kind_name(p, bad.kind)} {code_name(p, bad.code)}" for bad in test.failed)
    short = p.say("test.failed_count", time=at, count=len(test.failed))
    return p.say("test.failed", time=at, names=names), short


# ---- one terminal ------------------------------------------------------------------------------------------------


def _one(p: Painter, room: Box, one: Stand, step: DeskDevices) -> None:
    """Draw its last self-test, then each device with its state and what can be done."""
    look = p.look
    tone: Tone = "attention" if one.test.failed or one.terminal.terminal in step.refused else "calm"
    text = last_test(p, one, step)[0]
    room = note_on_top(p, room, text, tone, look.body, name=f"test_of:{one.terminal.terminal}")
    silent = p.say("devices.silent") if one.now.state == State.DOWN else ""  # cut off ourselves, nobody is to blame
    own = DeviceNow("terminal", one.now.state, one.now.code, action=silent)
    rows = sorted((own, *one.now.devices), key=lambda device: RANKS.index(tone_of_device(device)))
    choices(p, room, rows, lambda box, device: _device(p, box, device), columns=1, least_h=104.0, most_h=128.0)


def _device(p: Painter, box: Box, device: DeviceNow) -> None:
    look, tone = p.look, tone_of_device(device)
    ink, ground = tones(p, tone)
    loud = tone in ("fault", "attention")
    p.fill(box, ground if loud else p.colors.card, 18.0, ink if loud else p.colors.outline, 3.0)
    sign, words = box.inset(14, 8).left(look.body * 1.5, 10)
    p.icon(sign, ICONS[tone], look.body * 1.4, ink)
    upper, lower = words.top(words.h * (0.45 if device.action else 1.0))
    name, state = upper.left(upper.w * 0.42, look.gap)
    p.text(name, kind_name(p, device.kind), look.body, bold=True, down="middle", single=True)
    p.text(state, _state(p, device), look.body, bold=loud, color=ink if loud else p.colors.ink_soft, across="right",
           down="middle", single=True, name=f"state_of:{device.kind}")  # fmt: skip
    if device.action:
        p.text(lower, device.action, look.caption, color=ink, down="middle", line_em=1.2, name=f"action:{device.kind}")
