"""Guide desk: what is known of every terminal, in the pack's order; and the one line on today's self-tests."""

from dataclasses import dataclass

from hall.calendar.working_days import start_of_day
from hall.health.states import Severity, State
from hall.wire.devices_shown import DeviceNow, SelfTestShown, TerminalNow, TerminalShown
from kiosk.flows.desk_words import OpensDevices
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import ICONS, Tone, tones
from kiosk.ui.widgets.painter import Painter

ABSENT = "absent"
RANKS: tuple[Tone, ...] = ("fault", "attention", "calm", "fine")
"""From the gravest: a terminal is shown as its worst device."""
FULL = 0.93
"""Of a line: bold letters are a little wider than those that are measured."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A terminal of the pack, how it and its devices are, and its last self-test."""

    terminal: TerminalShown
    now: TerminalNow
    test: SelfTestShown

    @property
    def tone(self) -> Tone:
        """Its worst: of a terminal that is not heard, itself; otherwise of its devices and its last test."""
        own = tone_of(self.now.state)
        if not self.heard:
            return own
        worst = min((own, *(tone_of_device(one) for one in self.now.devices)), key=RANKS.index)
        return "attention" if worst == "fine" and self.test.failed else worst

    @property
    def heard(self) -> bool:
        """Whether the hall server hears it."""
        return self.now.state in (State.UP, State.DEGRADED)


def stands(frame: Frame) -> tuple[Stand, ...]:
    """Return every terminal of the pack. Cut off, nothing is known of any: silence is never health."""
    if frame.pack is None:
        return ()
    known = {} if frame.server_away else {one.terminal: one for one in frame.floor}
    tests = {one.terminal: one for one in frame.board.self_tests} if frame.board else {}
    return tuple(
        Stand(
            terminal=one,
            now=known.get(one.terminal) or _unknown(one),
            test=tests.get(one.terminal) or SelfTestShown(terminal=one.terminal),
        )
        for one in frame.pack.terminals
    )


def _unknown(terminal: TerminalShown) -> TerminalNow:
    state = State.UNOBSERVED.value
    return TerminalNow(
        terminal=terminal.terminal, state=state, devices=tuple(DeviceNow(kind, state) for kind in terminal.devices)
    )


def tone_of(state: str) -> Tone:
    """Return shape and colour of a `health.State`; what is not observed is calm, never fine."""
    told: dict[str, Tone] = {State.UP.value: "fine", State.DEGRADED.value: "attention", State.DOWN.value: "fault"}
    return told.get(state, "calm")


def tone_of_device(device: DeviceNow) -> Tone:
    """Return shape and colour of a device: what is only worth knowing is calm."""
    return "calm" if device.severity == Severity.INFO else tone_of(device.state)


def word_of(p: Painter, state: str, code: str) -> str:
    """Return the word of a state, such as 正常, 故障 or 未装上."""
    return p.say(f"state.{ABSENT if code == ABSENT else state}")


def code_name(p: Painter, code: str) -> str:
    """Return what a code means in a word, such as 缺纸."""
    told = p.say(f"code.{code}")
    return p.say("code.other") if told == f"code.{code}" else told


def kind_name(p: Painter, kind: str) -> str:
    """Return what a kind of device is called."""
    told = p.say(f"device.{kind}")
    return kind if told == f"device.{kind}" else told


def terminal_title(p: Painter, terminal: TerminalShown) -> str:
    """Return the hall's own name of a terminal; in other languages its number."""
    return terminal.title if p.look.language == "zh" else f"{terminal.terminal} {p.say(f'role.{terminal.role}')}"


def tested_lines(p: Painter, frame: Frame) -> tuple[str, ...]:
    """Return 今日自检:5台正常,1台需要处理, then shorter ones that leave out what matters less; empty without a test."""
    since = start_of_day(frame.hall_time)
    tests = [stand.test for stand in stands(frame)]
    told = [test for test in tests if test.at >= since]
    if not told:
        return ()
    failed = sum(bool(test.failed) for test in told)
    passed = p.say("tests.passed", count=len(told) - failed)
    bad = [p.say("tests.failed", count=failed)] if failed else []
    missing = [p.say("tests.missing", count=len(tests) - len(told))] if len(told) < len(tests) else []
    today, short, comma = p.say("tests.today"), p.say("tests.short"), p.say("tests.comma")
    both = comma.join([passed, *bad])
    return today + comma.join([passed, *bad, *missing]), today + both, short + both, today + (*bad, passed)[0]


def fitting(p: Painter, width: float, em: float, *texts: str) -> str:
    """Return the first text that fits on one line, the last if none does."""
    return next((text for text in texts if p.width(text, em) <= width * FULL), texts[-1])


def opener_height(p: Painter, frame: Frame) -> float:
    """Height that `opener` needs."""
    look = p.look
    return max(look.target, look.body * 1.4 + (look.caption * 1.4 if tested_lines(p, frame) else 0) + 12)


def opener(p: Painter, box: Box, frame: Frame) -> None:
    """Draw the way to the devices page: how many terminals need somebody, and what today's self-tests found."""
    look = p.look
    wrong = sum(stand.tone in ("fault", "attention") for stand in stands(frame))
    if not frame.floor:
        wrong = len({alert.terminal for alert in frame.alerts})  # a server that tells only what is wrong
    tone: Tone = "attention" if wrong else "calm"
    ink, ground = tones(p, tone)
    p.fill(box, ground, 14.0, ink, 3.0)
    inner = box.inset(12, 6)
    if wrong:
        sign, inner = inner.left(look.body * 1.4, 8)
        p.icon(sign, ICONS[tone], look.body * 1.3, ink)
    title = p.say("devices.open_wrong", count=wrong) if wrong else p.say("devices.open")
    lines = tested_lines(p, frame)
    upper, lower = inner.top(inner.h * (0.56 if lines else 1.0))
    go, upper = upper.far(look.body * 1.2, 4)
    p.icon(go, "chevron-right", look.body * 1.3, ink)
    short = p.say("devices.open_few", count=wrong) if wrong else title
    shown = fitting(p, upper.w, look.caption * 1.06, title, short)
    p.text(upper, shown, look.body, bold=True, color=ink, down="middle", single=True, name="devices")
    if lines:
        told = fitting(p, lower.w, look.caption, *lines)
        p.text(lower, told, look.caption, color=ink, down="middle", single=True, name="tested")
    p.target("devices", box, title, OpensDevices())
