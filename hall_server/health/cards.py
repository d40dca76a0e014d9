"""One fault, one card, one thing to do: what is wrong now, for the guide desk and the console."""

from collections.abc import Iterable, Mapping

from hall.health.damping import FLAPPING
from hall.health.intervals import Standing
from hall.health.states import SILENT, Severity, State
from hall.ids import SERVER, AreaId, DeviceId, TerminalId
from hall.wire.health_reports import Alert, DeviceReport
from hall_server.health import advice
from hall_server.health.keeper import UNSENT, Keeper, Met, severity

MAX_CARDS = 50
"""A desk can act on a handful; a hall where more is wrong has one cause that is among the first."""
SEVERAL = 3
"""So many silent terminals at once, and no other one heard, have one cause."""
ORDER = (Severity.FAULT.value, Severity.WARN.value, Severity.INFO.value)
ISSUING_ROLES = {"self_service", "guide_desk"}


def cards(keeper: Keeper, areas: Mapping[AreaId, str], alarms: Iterable[Alert] = ()) -> tuple[Alert, ...]:
    """Return the cards, the gravest and oldest first. While we are cut off ourselves, silence is nobody's fault."""
    found = [*alarms, *_silence(keeper, areas)]
    for terminal, met in keeper.terminals.items():
        if keeper.silent(terminal):
            continue
        found += _of_terminal(terminal, keeper.standings[terminal])
        found += (
            _of_device(terminal, keeper.standings[one.device], one)
            for one in met.devices.values()
            if _is_trouble(keeper.standings[one.device], one)
        )
    rank = {word: place for place, word in enumerate(ORDER)}
    found.sort(key=lambda card: (rank.get(card.severity, len(ORDER)), card.since, card.device, card.code))
    return tuple(found[:MAX_CARDS])


def alarm_card(terminal: TerminalId, code: str, at: float) -> Alert:
    """Return the card of an alarm that the hall server raised itself."""
    return Alert(
        terminal=terminal,
        device=_itself(terminal),
        code=code,
        severity=Severity.FAULT.value,
        state=State.DOWN.value,
        since=at,
        action=advice.ADVICE.get(code, code),
    )


def broker_card(at: float) -> Alert:
    """Return the card for the console while the broker is away; no terminal could hear it."""
    return alarm_card(SERVER, advice.BROKER_AWAY, at)


def _itself(terminal: TerminalId) -> DeviceId:
    """Return the terminal (or the server) as a device of its own, such as `W07.terminal`."""
    return DeviceId(f"{terminal}.hall_server" if terminal == SERVER else f"{terminal}.terminal")


def _silence(keeper: Keeper, areas: Mapping[AreaId, str]) -> list[Alert]:
    """Return a card for each silent terminal, or one for all of them when none is heard: their cause is one."""
    if not keeper.connected:
        return []
    silent = [one for one in keeper.terminals if keeper.silent(one)]
    each = [_silent(keeper.standings[one], keeper.terminals[one], areas) for one in silent]
    if len(silent) < SEVERAL or any(one in keeper.ever_heard for one in keeper.terminals if one not in silent):
        return each
    worst = min(each, key=lambda card: (ORDER.index(card.severity), card.since))
    return [
        Alert(
            terminal=SERVER,
            device=_itself(SERVER),
            code=advice.ALL_SILENT,
            severity=worst.severity,
            state=worst.state,
            since=min(card.since for card in each),
            action=advice.ADVICE[advice.ALL_SILENT],
        )
    ]


def _silent(standing: Standing, met: Met, areas: Mapping[AreaId, str]) -> Alert:
    words = advice.silent_terminal if met.terminal.role in ISSUING_ROLES else advice.silent_screen
    down = standing.code == SILENT
    return Alert(
        terminal=met.terminal.id,
        device=_itself(met.terminal.id),
        code=SILENT,
        severity=(Severity.FAULT if down else Severity.WARN).value,
        state=standing.state.value,
        since=standing.since if met.heard_at is None else met.heard_at,
        action=words(met.terminal.title, areas.get(met.terminal.area, met.terminal.area)),
    )


def _of_terminal(terminal: TerminalId, standing: Standing) -> list[Alert]:
    if standing.code != UNSENT:
        return []
    return [
        Alert(
            terminal=terminal,
            device=_itself(terminal),
            code=standing.code,
            severity=Severity.WARN.value,
            state=standing.state.value,
            since=standing.since,
            action=advice.ADVICE[UNSENT],
        )
    ]


def _of_device(terminal: TerminalId, standing: Standing, report: DeviceReport) -> Alert:
    """Return the card of a device; while it flaps, the same card whatever it says at the moment."""
    flapping = standing.code == FLAPPING
    return Alert(
        terminal=terminal,
        device=report.device,
        code=standing.code,
        severity=Severity.WARN.value if flapping else severity(standing.state, report.severity),
        state=standing.state.value,
        since=standing.since,
        action=advice.ADVICE[FLAPPING] if flapping else report.action,
    )


def _is_trouble(standing: Standing, report: DeviceReport) -> bool:
    if standing.code == FLAPPING:
        return True
    return standing.state in {State.DOWN, State.DEGRADED} and severity(standing.state, report.severity) != "info"
