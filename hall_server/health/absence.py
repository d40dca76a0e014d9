"""Devices that the pack expects and no terminal reports: absent, which is a fault with a name and never silence."""

from collections.abc import Collection, Iterable

from hall.health.states import Severity, State
from hall.ids import DeviceId
from hall.pack.equipment import Device, absent
from hall.pack.tables import Terminal
from hall.wire.health_reports import DeviceReport

ABSENT = "absent"
ACTION = (
    "本厅配置要求{title}装有这台设备，但它没有报告。请检查设备是否接好、终端设置里是否写明；确已撤除的，请修改大厅配置"
)


def missing(expected: Iterable[Device], terminal: Terminal, reported: Collection[str]) -> tuple[DeviceReport, ...]:
    """Return a report in the name of each device that a terminal should have and does not tell of."""
    return tuple(
        DeviceReport(
            device=DeviceId(f"{terminal.id}.{one.kind}"),
            kind=one.kind,
            state=State.DOWN.value,
            code=ABSENT,
            severity=Severity.FAULT.value,
            action=ACTION.format(title=terminal.title),
            may_serve=False,
        )
        for one in absent(expected, terminal.id, reported)
    )
