"""The tables of a hall pack as typed, frozen structs: everything a hall decides for itself."""

from enum import StrEnum
from typing import Literal

import msgspec

from hall.ids import AreaId, HallId, ItemCode, Series, StaffId, TerminalId, WindowId

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "make_up"]
Role = Literal["self_service", "guide_desk", "window_panel", "rating_screen", "window_screen", "hall_display"]

Level = Literal["province", "city", "county", "township", "village"]
"""Levels of agency, highest first (条例第28条: 省、市、县、乡镇(街道)、村(社区))."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all tables: unknown keys are refused."""


class HallFacts(Table, frozen=True, kw_only=True):
    """The hall itself."""

    id: HallId
    title: str
    title_en: str
    sample: bool = False
    agency: str
    hotline: str
    supervision: str
    duty_lead: str
    serial_prefix: str
    hours_text: str
    level: Level
    kind: Literal["agency", "related"]
    """经办机构, or 社会保险服务相关机构."""
    address: str
    urban_population: int
    """Resident population of the city (城区常住人口), persons."""
    insured_count: int
    """Insured persons that the hall serves."""
    counted_on: str
    """Day on which both were written down, `YYYY-MM-DD`."""
    languages: tuple[str, ...] = ("zh",)
    """Codes of the languages offered on the screens, Chinese first."""


class Hours(Table, frozen=True, kw_only=True):
    """Opening spans of some days, local time `HH:MM`; no number is issued from `last_ticket` on."""

    days: tuple[Weekday, ...]
    open: tuple[tuple[str, str], ...]
    last_ticket: str


class CalendarYear(Table, frozen=True, kw_only=True):
    """Rest days and working weekend days of one year, `YYYY-MM-DD`."""

    year: int
    rest_days: tuple[str, ...]
    make_up_days: tuple[str, ...]
    notice: str = ""
    """The document of this year, where `Calendar.notice` names another year's."""


class DayEdit(Table, frozen=True, kw_only=True):
    """What the hall itself changes about one day, and why.

    `rest` and `work` change the official kind of the day (a regional holiday, a later notice); `closed` shuts the hall
    on a day that still counts for every time limit; `hours` gives the day opening hours of its own.
    """

    day: str
    kind: Literal["rest", "work", "closed", "hours"]
    reason: str
    open: tuple[tuple[str, str], ...] = ()
    last_ticket: str = ""


class Calendar(Table, frozen=True, kw_only=True):
    """Official days; `notice` names issuer, title and date of the document."""

    notice: str
    years: tuple[CalendarYear, ...]
    edits: tuple[DayEdit, ...] = ()


class Area(Table, frozen=True, kw_only=True):
    """A part of the hall."""

    code: AreaId
    title: str
    title_en: str = ""


class Window(Table, frozen=True, kw_only=True):
    """A window. `series` says whose numbers it may call."""

    number: WindowId
    kind: Literal["consulting", "service", "general"]
    title: str
    title_en: str
    series: tuple[Series, ...]
    area: AreaId
    room: str
    department: str
    priority_first: bool = False
    prefers: tuple[Series, ...] = ()
    """Series this window takes first; see `Limits.prefer_until_min`."""
    bar_address: int | None = None
    bus: str = ""
    """The line that this window's bar and keypad share with others; such windows have one caller in an outage."""
    breaks: tuple[tuple[str, str], ...] = ()
    """Planned closings inside the opening hours such as lunch, local time `HH:MM`; the wait estimate counts on them."""


class NumberSeries(Table, frozen=True, kw_only=True):
    """A queue's numbers. `mean_service_min` is the hall's own figure until services of the day teach a better one."""

    code: Series
    title: str
    title_en: str
    priority: bool = False
    mean_service_min: float


class Terminal(Table, frozen=True, kw_only=True):
    """One screen. `reserve` is its own first and last number for when the hall server is away."""

    id: TerminalId
    role: Role
    title: str
    area: AreaId
    window: WindowId | None = None
    reserve: tuple[int, int] | None = None


class StaffMember(Table, frozen=True, kw_only=True):
    """A member of staff; `windows` are those at which a clerk may sign in."""

    id: StaffId
    name: str
    roles: tuple[Literal["lead", "guide", "clerk"], ...]
    windows: tuple[WindowId, ...] = ()
    languages: tuple[str, ...] = ()


class MaterialKind(StrEnum):
    """Must be handed in; looked up by the hall (免提交); or may be pledged (告知承诺)."""

    REQUIRED = "required"
    SHARED = "shared"
    PLEDGE = "pledge"


class Material(Table, frozen=True, kw_only=True):
    """One thing to have ready. Beyond the identity document each names its legal basis (条例第31条)."""

    name: str
    kind: MaterialKind = MaterialKind.REQUIRED
    identity: bool = False
    basis: str = ""


class ServiceStep(Table, frozen=True, kw_only=True):
    """One link of the work on an item; `days` are working days, 0 is done while the resident waits."""

    title: str
    days: int


class Group(Table, frozen=True, kw_only=True):
    """A tile of the choosing screen; `icon` is a Material Design Icons name."""

    code: str
    title: str
    title_en: str
    icon: str


class ServiceItem(Table, frozen=True, kw_only=True):
    """事项. Limits in working days; a promise of 0 is done at once and says so in `promised_note`.

    `national_group` is the name of GB/T 35617 and `national_code` its code where the hall knows it; `nearest_level` is
    the lowest level of agency that can do the item too (就近办理).
    """

    code: ItemCode
    title: str
    title_en: str
    summary: str
    category: str
    national_group: str
    national_code: str = ""
    group: str
    series: Series
    windows: tuple[WindowId, ...]
    area: AreaId
    legal_days: int | None = None
    legal_note: str = ""
    legal_basis: str = ""
    promised_days: int
    promised_note: str = ""
    materials: tuple[Material, ...]
    ways: tuple[str, ...]
    steps: tuple[ServiceStep, ...]
    delivery: str
    fee: str = "不收费"
    fee_basis: str = "国家未规定收费"
    optional: bool = False
    """A choice of the resident: it asks for a yes before a number or a form."""
    priority: bool = False
    """Served with priority for what it is (条例第17条), whoever brings it."""
    nearest_level: Level | None = None
    self_service_form: str = ""


class Form(Table, frozen=True, kw_only=True):
    """A statement the terminals can print."""

    code: str
    title: str
    title_en: str
    notes: tuple[str, ...]


class Texts(Table, frozen=True, kw_only=True):
    """Sentences this hall says in its own words."""

    missed_rule: str
    missed_rule_en: str
    closed: str
    closed_en: str


class Limits(Table, frozen=True, kw_only=True):
    """What the hall decided about its queue; units are in the names."""

    discipline: Literal["apq_target", "apq", "ratio_1_2", "strict", "first_come", "accumulating"] = "apq_target"
    """See `hall.queue.disciplines`; `accumulating` is the older name of `apq_target`."""
    ordinary_rate: float
    priority_rate: float
    priority_target_min: float
    max_priority_in_row: int
    calls_before_missed: int
    call_spacing_s: float
    return_places: int
    min_service_min: float
    rating_open_s: float
    statements_per_day: int
    statement_verify_days: int
    waiting_notice_min: float
    regular_cap_min: float = 60.0
    """An ordinary wait that would pass this raises a staffing alarm with its remedy, never a silent reshuffle."""
    prefer_until_min: float = 15.0
    """A window that prefers some series takes others only when none of those waits, or others wait longer than this."""
    held_per_window: int = 3
    away_max_min: float = 15.0
    """暂离: the longest time a place is kept for somebody who steps away."""
    away_times: int = 2
    not_started_s: float = 180.0
    """A called ticket that nobody starts or recalls for so long goes back to its place."""
    appointment_head_start_min: float = 30.0
    appointment_grace_min: float = 15.0
    """Somebody who comes later than this after the appointed time has no head start."""
    grants_per_issuer: int = 200
    """Priority grants of one guide in a day; the lead may always grant."""
    elderly_age: int = 0
    """From this age on a card lets its holder choose a priority number at a terminal; 0: no offer by age."""
    elderly_basis: str = ""
    """By what local rule, told on the screen that asks; needed with `elderly_age` (requirements D-07)."""
    elderly_basis_en: str = ""
    spoken_times: int = 2
    """How often a call is spoken: 1 to 3 times (规范 8.4)."""
    capacity_alarm_share: float = 0.7
    """Share of a series' leased numbers given out at which the lead hears of it."""
