"""Every terminal and device as it is now, for the guide desk's devices page: kinds, states, codes and what to do."""

from collections.abc import Collection, Mapping

from hall.health.damping import FLAPPING
from hall.health.intervals import Standing
from hall.health.states import Severity, State
from hall.ids import DeviceId, TerminalId
from hall.wire.devices_shown import MAX_TERMINALS_SHOWN, DeviceNow, TerminalNow
from hall.wire.health_reports import DeviceReport
from hall_server.health import advice
from hall_server.health.keeper import Keeper, severity


def floor(keeper: Keeper, expected: Mapping[TerminalId, Collection[str]]) -> tuple[TerminalNow, ...]:
    """Return the terminals in the pack's order, at most `MAX_TERMINALS_SHOWN`; `expected` are kinds by terminal."""
    some = list(keeper.terminals)[:MAX_TERMINALS_SHOWN]
    return tuple(_terminal(keeper, terminal, expected.get(terminal, ())) for terminal in some)


def _terminal(keeper: Keeper, terminal: TerminalId, expected: Collection[str]) -> TerminalNow:
    standing, met = keeper.standings[terminal], keeper.terminals[terminal]
    told = {_kind(one): _device(keeper.standings[one], report) for one, report in met.devices.items()}
    unheard = [DeviceNow(kind, State.UNOBSERVED.value) for kind in expected if kind not in told]
    return TerminalNow(
        terminal=terminal,
        state=standing.state.value,
        code=standing.code,
        devices=(*told.values(), *unheard),
    )


def _device(standing: Standing, report: DeviceReport) -> DeviceNow:
    """Tell more than the state only where somebody may have to do something; while it flaps, always the same."""
    kind, state = _kind(report.device), standing.state.value
    if standing.state in {State.UP, State.UNOBSERVED}:
        return DeviceNow(kind, state, standing.code)
    if standing.code == FLAPPING:
        return DeviceNow(kind, state, FLAPPING, Severity.WARN.value, advice.ADVICE[FLAPPING])
    return DeviceNow(kind, state, standing.code, severity(standing.state, report.severity), report.action)


def _kind(device: DeviceId) -> str:
    return device.partition(".")[2]
