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


DEGRADED_WEIGHT = 0.5
"""How much an hour of degraded service counts as available: half, until the hall decides otherwise (design 10)."""
HEARTBEAT_S = 10.0
"""A terminal reports on change and this often."""
UNOBSERVED_AFTER_S = 25.0
"""2.5 missed heartbeats: nothing is known any more (sync.md 6)."""
DOWN_AFTER_S = 60.0
"""6 missed heartbeats: the terminal is taken for down (sync.md 6)."""
UNSENT_AFTER_S = 60.0
"""An event that waits longer for the ledger makes its terminal degraded (sync.md 6: sync SLI)."""
SILENT = "silent"
"""Code of a state that was concluded from silence alone; late evidence may know better."""
