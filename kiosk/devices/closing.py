"""From `connect` to `close`, once: no question may open again what was closed. Only `connect` opens."""

from kiosk.ports import DeviceError, DeviceState, Fault

_SENTENCE = "the driver was closed; only connecting anew opens the device"


class Lifetime:
    """Whether a driver was closed. Asked before everything that could open a line, from any thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.over = False

    def end(self) -> None:
        """It is closed now, for good."""
        self.over = True

    def check(self) -> None:
        """Raise `DeviceError(DISCONNECTED)` after the end."""
        if self.over:
            raise DeviceError(Fault.DISCONNECTED, self._name, _SENTENCE)

    def last_state(self) -> DeviceState:
        """Return how a closed driver is."""
        return DeviceState(Fault.DISCONNECTED, may_serve=False, detail=_SENTENCE)
