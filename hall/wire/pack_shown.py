"""The hall pack as terminals need it: items, windows, texts, limits; a snapshot with its version."""

import msgspec

from hall.ids import (
    AreaId,
    HallId,
    Series,
    TerminalId,
    WindowId,
)
from hall.wire.devices_shown import TerminalShown
from hall.wire.notices_shown import NoticeShown
from hall.wire.shown import AgeOfferShown, CallingShown
from hall.wire.upkeep_shown import LineShown


class ItemShown(msgspec.Struct, frozen=True, kw_only=True):
    """A service item as terminals need it."""

    code: str
    title: str
    title_en: str
    group: str
    """Group code of the choosing screen, see `GroupShown`."""
    series: str
    windows: tuple[WindowId, ...]
    area: AreaId
    materials: tuple[str, ...]
    self_service_form: str = ""
    """Statement form code if the terminal can do it itself."""
    priority: bool = False
    """Served first for what it is, under its own queue's number (条例第17条)."""
    notice: NoticeShown | None = None
    """The one-time notice; None from a hall server one version back."""


class GroupShown(msgspec.Struct, frozen=True, kw_only=True):
    """A group of items on the choosing screen, such as 养老待遇."""

    code: str
    title: str
    title_en: str
    icon: str


class WindowPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A window as configured."""

    window: WindowId
    title: str
    area: AreaId
    bar_address: int | None = None
    series: tuple[Series, ...] = ()
    """Whose work it does and whose numbers it calls."""
    bus: str = ""
    """The line its bar and keypad share with other windows: they have one caller while the hall server is away."""
    priority_first: bool = False


class Reserve(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal's day reserve in every series: numbers first..last, disjoint by construction."""

    terminal: TerminalId
    first: int
    last: int


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """Loudness of announcements from `first` until `last`, minutes after local midnight; `percent` 0 to 100."""

    first: int
    last: int
    percent: int


class PackShown(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/pack`: what terminals need of the hall pack, as one snapshot."""

    version: str
    hall: HallId
    title: str
    title_en: str
    sample: bool
    """True while the demo pack is loaded: every screen and paper says 样例."""
    hotline: str
    supervision: str
    duty_lead: str
    hours: str
    missed_rule: str
    missed_rule_en: str
    groups: tuple[GroupShown, ...]
    items: tuple[ItemShown, ...]
    windows: tuple[WindowPlan, ...]
    areas: dict[str, str]
    reserves: tuple[Reserve, ...]
    statement_forms: dict[str, str]  # form code to title
    statement_year: int
    staff_names: dict[str, str]
    priority_series: str = "Y"  # whose numbers go with a grant
    spoken_times: int = 2  # how often a call is spoken
    server_key: bytes
    """Raw X25519 public key of the hall server; what is personal is sealed to it."""
    languages: tuple[str, ...] = ("zh", "en")
    """Languages the hall offers on its screens, Chinese first."""
    speech: dict[str, str] = {}
    """Texts to be spoken to their pinyin, made when the pack was built; terminals compute none."""
    volumes: tuple[Volume, ...] = ()
    """Loudness by time of day; outside of them 100."""
    terminals: tuple[TerminalShown, ...] = ()
    """Every screen of the hall and the devices it must have."""
    calling: CallingShown = CallingShown()
    age_offer: AgeOfferShown = AgeOfferShown()
    opening: tuple[LineShown, ...] = ()
    """What the opening checklist asks for that no device can tell."""
    slip_codes: bool = False
    """Some terminal has a scanner, so slips carry a code of their own."""
