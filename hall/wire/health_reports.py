"""How a terminal says that its devices are, and which alarms the hall shows."""

import msgspec

from hall.health.stretches import Stretch
from hall.ids import (
    DeviceId,
    TerminalId,
)
from hall.wire.devices_shown import TerminalNow
from hall.wire.upkeep_shown import DueShown


class DeviceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One device as its terminal knows it. `state` is a `health.State`; unknown is a state, silence is not health."""

    device: DeviceId
    kind: str
    state: str
    code: str = ""
    severity: str = ""
    action: str = ""
    """What an operator can do now (Chinese)."""
    may_serve: bool = True
    readings: dict[str, str] = {}
    """Reading name to value, or `unknown`, `unsupported`, `absent`."""


class HealthReport(msgspec.Struct, frozen=True, kw_only=True):
    """`…/health`: on change and every 10 s; lossy."""

    at: float
    role: str
    epoch: int
    uptime_s: float
    outbox_depth: int
    oldest_unacked_s: float
    step: str
    devices: tuple[DeviceReport, ...]
    kept: tuple[Stretch, ...] = ()
    """How things were while the hall server was away; told again with each report for a minute."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One fault = one card = what to do."""

    terminal: TerminalId
    device: DeviceId
    code: str
    severity: str
    state: str
    since: float
    action: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/alerts`: full snapshot, latest version wins."""

    version: int
    at: float
    alerts: tuple[Alert, ...]
    terminals: tuple[TerminalNow, ...] = ()
    """How every terminal and device is, also where nothing is wrong; empty from a server that does not tell."""
    upkeep: tuple[DueShown, ...] = ()
    """Which works on devices are due, overdue, or must be seen to before tomorrow; the most pressing first."""
