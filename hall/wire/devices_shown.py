"""How the hall's terminals and devices are, as its desk may see it: kinds, states and codes, never a person."""

import msgspec

from hall.ids import AreaId, TerminalId, WindowId

MAX_TERMINALS_SHOWN = 250
"""More than any hall has; at some 250 bytes each far below the largest message."""
MAX_FAILED_SHOWN = 32
"""Devices of one terminal; a kiosk has about ten."""
MAX_CODE = 40
"""Characters of a kind or a code."""


class TerminalShown(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal as the pack has it. `devices` are the kinds it must have: one that is not reported is absent."""

    terminal: TerminalId
    role: str
    title: str
    area: AreaId
    devices: tuple[str, ...] = ()
    window: WindowId | None = None
    """The window it belongs to, if any."""


class DeviceNow(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One device: its kind and `health.State`; of one that is not up also code, severity and what can be done."""

    kind: str
    state: str
    code: str = ""
    severity: str = ""
    action: str = ""


class TerminalNow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A terminal and its devices as the hall server knows them; `code` as in `health.SILENT`."""

    terminal: TerminalId
    state: str
    code: str = ""
    devices: tuple[DeviceNow, ...] = ()


class FailedShown(msgspec.Struct, frozen=True, array_like=True):
    """A device that did not pass: its kind, and its fault code or `absent`."""

    kind: str
    code: str


class SelfTestShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last self-test of a terminal on the open day; `at` 0 while there is none. `failed` empty: all passed."""

    terminal: TerminalId
    at: float = 0.0
    tested: int = 0
    failed: tuple[FailedShown, ...] = ()
    waiting: bool = False
    """A test was ordered and is not reported yet."""
