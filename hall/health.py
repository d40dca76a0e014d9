"""The states a device can be in. Unknown is a state of its own: silence is never health."""

from enum import StrEnum


class State(StrEnum):
    """States that tile a device's time."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNOBSERVED = "unobserved"
    MAINTENANCE = "maintenance"
    OFF_HOURS = "off_hours"


class Severity(StrEnum):
    """How much a fault matters to the hall."""

    INFO = "info"
    WARN = "warn"
    FAULT = "fault"
