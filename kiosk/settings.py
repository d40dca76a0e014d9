"""What one screen is told at start: `kiosk.toml`, checked as a whole; misspelt keys are refused by name."""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hall.errors import HallError, Reason
from hall.ids import HallId, TerminalId, WindowId


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Broker(_Table):
    """One mosquitto. The list is in order of preference."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)


class DeviceSettings(_Table):
    """One device: a driver by file name and its options, checked by the driver itself."""

    driver: str
    options: dict[str, str | int | float | bool] = {}


class Surface(_Table):
    """The panel: logical pixels, its width in millimetres, and where its window stands on the display."""

    width_px: int = 1080
    height_px: int = 1920
    width_mm: float = 344.0
    """Visible width of the panel; a portrait 27-inch panel is 336 mm, a 55-inch landscape one 1,210 mm."""
    scale: float = Field(default=1.0, gt=0.05, le=2.0)
    """Window pixels for one logical pixel; below 1 to tile a demo on a laptop."""
    left: int = 0
    top: int = 0


KeyName = Literal[
    "backspace", "tab", "enter", "escape", "delete", "numpadenter", "up", "down", "right", "left", "insert", "home",
    "end", "pageup", "pagedown", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13",
    "f14", "f15",
]  # fmt: skip
"""Keys that type nothing: those that type belong to a scanner."""


class Keys(_Table):
    """What the keys of a navigation keypad send, as the keypad was set up."""

    next: tuple[KeyName, ...] = ("down", "right", "tab")
    previous: tuple[KeyName, ...] = ("up", "left")
    select: tuple[KeyName, ...] = ("enter", "numpadenter")
    back: tuple[KeyName, ...] = ("escape", "backspace")
    help: tuple[KeyName, ...] = ("f1",)
    repeat: tuple[KeyName, ...] = ("f2",)
    softer: tuple[KeyName, ...] = ("f3",)
    louder: tuple[KeyName, ...] = ("f4",)

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        every = [name for _, names in self for name in names]
        twice = sorted({name for name in every if every.count(name) > 1})
        if twice:
            message = f"each key can ask for one thing only: {', '.join(twice)}"
            raise ValueError(message)
        return self


class Settings(_Table):
    """All settings of one kiosk process."""

    environment: Literal["production", "demo", "test"] = "production"
    hall: HallId
    terminal: TerminalId
    role: str
    window: WindowId | None = None
    """The window this panel or rating screen belongs to."""
    brokers: tuple[Broker, ...] = Field(min_length=1)
    password_file: Path
    state_dir: Path
    """Journal and outbox live here; nothing personal does."""
    devices: dict[str, DeviceSettings] = {}
    """Device kind (`id_reader`, `card_reader`, `slip_printer`, `led_bars`, `speaker`) to driver."""
    surface: Surface = Surface()
    keys: Keys = Keys()
    screen: bool = True
    """False: the same session, flows, devices and sync without a picture, for load and chaos tests."""
    debug_socket: Path | None = None
    """Tests find widgets here; refused in production."""
    clock_offset_s: float = 0.0
    """Hall time minus machine time, for the demo; refused in production."""
    idle_s: float = 45.0
    """No touch for so long masks the screen and asks whether to go on."""
    idle_grace_s: float = 15.0
    """Time to answer that question."""
    stays_signed_in_s: float = Field(default=1800.0, ge=0.0, le=7200.0)
    """A window panel started again while the server is away may go on with who was signed in there, if its program
    ended no longer ago than this; 0: never."""
    lease_budget_s: float = 0.15
    """How long a resident's ticket waits for the server before the day reserve is used."""

    @model_validator(mode="after")
    def _production_has_no_shortcuts(self) -> Self:
        if self.environment == "production":
            if self.debug_socket is not None:
                message = "debug_socket is refused in production"
                raise ValueError(message)
            if self.clock_offset_s:
                message = "clock_offset_s is refused in production"
                raise ValueError(message)
        return self


def load(path: Path) -> Settings:
    """Read `kiosk.toml`, or raise `HallError` naming file, key and what is allowed."""
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), f"cannot be read as TOML: {error}") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(str(part) for part in e['loc']) or 'file'}: {e['msg']}" for e in error.errors())
        raise HallError(Reason.MALFORMED, str(path), told) from error
