"""The hall pack: everything a hall decides for itself, parsed from TOML texts and checked as a whole."""

import hashlib
from collections.abc import Mapping

import msgspec

from hall.errors import HallError
from hall.ids import Series
from hall.pack import checks, reading
from hall.pack.days import minutes
from hall.pack.equipment import Device, MaintenancePlan, OpeningLine, UpkeepTable, VolumeSpan
from hall.pack.guidance import Answer, DirectoryFile, Insurance, Link, Reference, Rules, SearchWord
from hall.pack.lines import line_of
from hall.pack.tables import (
    Area,
    Calendar,
    Form,
    Group,
    HallFacts,
    Hours,
    Limits,
    Material,
    MaterialKind,
    NumberSeries,
    ServiceItem,
    StaffMember,
    Terminal,
    Texts,
    Window,
)
from hall.speech.courtesy import Taboo
from hall.wire.devices_shown import TerminalShown
from hall.wire.pack_shown import GroupShown, ItemShown, PackShown, Reserve, Volume, WindowPlan
from hall.wire.shown import AgeOfferShown, CallingShown
from hall.wire.upkeep_shown import LineShown

VERSION_DIGITS = 12


class HallPack(msgspec.Struct, frozen=True, kw_only=True):
    """A checked pack. Made by `parse` only."""

    hall: HallFacts
    hours: tuple[Hours, ...]
    calendar: Calendar
    areas: tuple[Area, ...]
    windows: tuple[Window, ...]
    leased: tuple[int, int]
    """First and last number the hall server leases in each series."""
    series: tuple[NumberSeries, ...]
    terminals: tuple[Terminal, ...]
    staff: tuple[StaffMember, ...]
    groups: tuple[Group, ...]
    items: tuple[ServiceItem, ...]
    statement_year: int
    forms: tuple[Form, ...]
    texts: Texts
    limits: Limits
    rules: Rules
    references: tuple[Reference, ...]
    insurances: tuple[Insurance, ...]
    links: tuple[Link, ...]
    taboos: tuple[Taboo, ...]
    directory: DirectoryFile
    answers: tuple[Answer, ...]
    search: tuple[SearchWord, ...]
    devices: tuple[Device, ...]
    volumes: tuple[VolumeSpan, ...]
    speech: tuple[SearchWord, ...]
    upkeep: UpkeepTable
    maintenance: tuple[MaintenancePlan, ...]
    opening: tuple[OpeningLine, ...]

    @property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 of the content, whatever the files' layout."""
        return hashlib.sha256(canonical(self)).hexdigest()[:VERSION_DIGITS]

    @property
    def priority_series(self) -> Series:
        """The one series of priority numbers."""
        return next(row.code for row in self.series if row.priority)


def parse(files: Mapping[str, str]) -> HallPack:
    """Return the pack of these TOML texts (file name → text), or raise `HallError(MALFORMED, "file:key", …)`."""
    try:
        read = reading.read(files)
        checks.check(read)
    except HallError as error:
        raise _with_line(error, files) from error
    return HallPack(
        hall=read.hall.hall,
        hours=read.hall.hours,
        calendar=read.calendar,
        areas=read.windows.areas,
        windows=read.windows.windows,
        leased=(read.series.leased_first, read.series.leased_last),
        series=read.series.series,
        terminals=read.terminals.terminals,
        staff=read.staff.staff,
        groups=read.items.groups,
        items=read.items.items,
        statement_year=read.statements.year,
        forms=read.statements.forms,
        texts=read.texts.texts,
        limits=read.limits.limits,
        rules=read.rules.rules,
        references=read.rules.references,
        insurances=read.rules.insurances,
        links=read.rules.links,
        taboos=read.rules.taboos,
        directory=read.directory,
        answers=read.answers.answers,
        search=read.search.words,
        devices=read.devices.devices,
        volumes=read.hall.volumes,
        speech=read.speech.words,
        upkeep=read.devices.upkeep,
        maintenance=read.devices.maintenance,
        opening=read.devices.opening,
    )


def _with_line(error: HallError, files: Mapping[str, str]) -> HallError:
    """Return the refusal with the line of its key, where that can be told."""
    name, _, path = error.where.partition(":")
    if name not in files or error.sentence.startswith(reading.NOT_TOML):
        return error  # a text that is no TOML names its line itself
    line = line_of(files[name], path) or 1  # what belongs to no key belongs to the file
    return HallError(error.reason, error.where, f"line {line}: {error.sentence}")


def canonical(pack: HallPack) -> bytes:
    """Return the pack as JSON bytes that are the same for the same content."""
    return msgspec.json.encode(pack, order="deterministic")


def shown(pack: HallPack, server_key: bytes) -> PackShown:
    """Return what terminals need of the pack. `server_key` is the hall server's raw X25519 public key."""
    return PackShown(
        version=pack.version,
        hall=pack.hall.id,
        title=pack.hall.title,
        title_en=pack.hall.title_en,
        sample=pack.hall.sample,
        hotline=pack.hall.hotline,
        supervision=pack.hall.supervision,
        duty_lead=pack.hall.duty_lead,
        hours=pack.hall.hours_text,
        missed_rule=pack.texts.missed_rule,
        missed_rule_en=pack.texts.missed_rule_en,
        groups=tuple(GroupShown(code=g.code, title=g.title, title_en=g.title_en, icon=g.icon) for g in pack.groups),
        items=tuple(_item_shown(item) for item in pack.items),
        windows=tuple(
            WindowPlan(
                window=w.number,
                title=w.title,
                area=w.area,
                bar_address=w.bar_address,
                series=w.series,
                bus=w.bus,
                priority_first=w.priority_first,
            )
            for w in pack.windows
        ),
        areas={area.code: area.title for area in pack.areas},
        reserves=tuple(
            Reserve(terminal=t.id, first=t.reserve[0], last=t.reserve[1]) for t in pack.terminals if t.reserve
        ),
        statement_forms={form.code: form.title for form in pack.forms},
        statement_year=pack.statement_year,
        staff_names={member.id: member.name for member in pack.staff},
        priority_series=pack.priority_series,
        spoken_times=pack.limits.spoken_times,
        age_offer=AgeOfferShown(
            age=pack.limits.elderly_age, basis=pack.limits.elderly_basis, basis_en=pack.limits.elderly_basis_en
        ),
        server_key=server_key,
        languages=pack.hall.languages,
        speech={word.text: word.pinyin for word in pack.speech},
        volumes=tuple(
            Volume(
                first=minutes("hall.toml:volumes", each.first),
                last=minutes("hall.toml:volumes", each.until),
                percent=each.percent,
            )
            for each in pack.volumes
        ),
        calling=_calling_shown(pack),
        slip_codes=any(device.kind == "scanner" for device in pack.devices),
        terminals=terminals_shown(pack),
        opening=tuple(LineShown(code=line.code, title=line.title, title_en=line.title_en) for line in pack.opening),
    )


def terminals_shown(pack: HallPack) -> tuple[TerminalShown, ...]:
    """Return every screen of the hall with the kinds of devices it must have, in the pack's order."""
    return tuple(_terminal_shown(pack, terminal) for terminal in pack.terminals)


def _terminal_shown(pack: HallPack, terminal: Terminal) -> TerminalShown:
    return TerminalShown(
        terminal=terminal.id,
        role=terminal.role,
        title=terminal.title,
        area=terminal.area,
        devices=tuple(device.kind for device in pack.devices if device.terminal == terminal.id),
        window=terminal.window,
    )


def _calling_shown(pack: HallPack) -> CallingShown:
    limits = pack.limits
    return CallingShown(
        discipline=limits.discipline,
        ordinary_rate=limits.ordinary_rate,
        priority_rate=limits.priority_rate,
        priority_target_min=limits.priority_target_min,
        max_priority_in_row=limits.max_priority_in_row,
        calls_before_missed=limits.calls_before_missed,
        call_spacing_s=limits.call_spacing_s,
    )


_KIND_TOLD = {MaterialKind.REQUIRED: "", MaterialKind.SHARED: "(可免提交)", MaterialKind.PLEDGE: "(可告知承诺)"}


def material_text(material: Material) -> str:
    """Return one material as people read it, such as `营业执照(可免提交)`."""
    return material.name + _KIND_TOLD[material.kind]


def _item_shown(item: ServiceItem) -> ItemShown:
    return ItemShown(
        code=item.code,
        title=item.title,
        title_en=item.title_en,
        group=item.group,
        series=item.series,
        windows=item.windows,
        area=item.area,
        materials=tuple(material_text(material) for material in item.materials),
        self_service_form=item.self_service_form,
        priority=item.priority,
    )
