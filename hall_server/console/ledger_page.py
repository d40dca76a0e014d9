"""「台账」 and 「隔离区」 as people may see them: a summary from named fields only, never a sealed or personal one."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hall.pack.hall_pack import HallPack
from hall.people.age_offer import BY_CARD
from hall.rating_facts import Dimension
from hall_server.console import moments, words
from hall_server.ledger.browsing import Held
from hall_server.ledger.entries import Entry

CHAIN_DIGITS = 12
"""So much of a digest tells entries apart; the whole one stands in the JSON."""
MAX_SUMMARY = 160
_QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)


class EntryShown(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the ledger. `summary` never holds what is sealed, nor keyed hashes of persons."""

    ledger_seq: int
    at: float
    device: str
    device_title: str
    epoch: int
    seq: int
    kind: str
    kind_title: str
    summary: str
    flags: tuple[str, ...]
    flag_titles: tuple[str, ...]
    chain: str


class HeldShown(msgspec.Struct, frozen=True, kw_only=True):
    """One quarantine entry; `head_hex` are its first 64 bytes at most."""

    id: int
    at: float
    terminal: str
    terminal_title: str
    reason: str
    reason_title: str
    sentence: str
    epoch: int
    seq: int
    size: int
    head_hex: str
    released_at: float | None
    act: str
    staff: str
    why: str
    ledger_seq: int | None


class Namer:
    """Names of terminals, items and staff of the pack."""

    def __init__(self, pack: HallPack) -> None:
        self.terminals = {str(one.id): one.title for one in pack.terminals} | {"SERVER": "大厅服务器"}
        self.items = {str(one.code): one.title for one in pack.items}
        self.staff = {str(one.id): one.name for one in pack.staff}
        self.forms = {one.code: one.title for one in pack.forms}

    def terminal(self, told: str) -> str:
        """Return a terminal's title."""
        return self.terminals.get(told, told)

    def entry(self, entry: Entry) -> EntryShown:
        """Return an entry for people."""
        return EntryShown(
            ledger_seq=entry.ledger_seq,
            at=entry.at,
            device=entry.device,
            device_title=self.terminal(entry.device),
            epoch=entry.epoch,
            seq=entry.seq,
            kind=entry.kind,
            kind_title=words.KINDS.get(entry.kind, entry.kind),
            summary=self.summary(entry),
            flags=entry.flags,
            flag_titles=tuple(words.flag(flag) for flag in entry.flags),
            chain=entry.chain,
        )

    def held(self, held: Held) -> HeldShown:
        """Return a quarantine entry for people."""
        return HeldShown(
            id=held.id,
            at=held.at,
            terminal=held.terminal,
            terminal_title=self.terminal(held.terminal),
            reason=held.reason,
            reason_title=words.REASONS.get(held.reason, held.reason),
            sentence=_without_payload(held.sentence),
            epoch=held.epoch,
            seq=held.seq,
            size=held.size,
            head_hex=held.head.hex(" "),
            released_at=held.released_at,
            act=held.act,
            staff=self.person(held.staff) if held.staff else "",
            why=held.why,
            ledger_seq=held.ledger_seq,
        )

    def summary(self, entry: Entry) -> str:
        """Return what an event says in a few words; empty when it says nothing that people may see here."""
        telling = _SUMMARIES.get(entry.kind)
        if telling is None:
            return ""
        try:
            told: Mapping[str, Any] = msgspec.json.decode(entry.body)
            return telling(self, told)[:MAX_SUMMARY]
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError):
            return ""

    def item(self, code: object) -> str:
        """Return a service item's title."""
        return self.items.get(str(code), str(code))

    def person(self, staff: object) -> str:
        """Return a member of staff as `何苗(0101)`; no member of staff granted by a card."""
        if staff == BY_CARD:
            return words.BY_CARD
        name = self.staff.get(str(staff))
        return f"{name}({staff})" if name else str(staff)


def _without_payload(sentence: str) -> str:
    """The reason may quote the message that was refused; what stands in quotes is left out."""
    return _QUOTED.sub("'…'", sentence)[:MAX_SUMMARY]


def _window(told: Mapping[str, Any]) -> str:
    return f"{told['window']}号窗口"


def _continued(namer: Namer, told: Mapping[str, Any]) -> str:
    return f"{_signed(namer, told)} · 此前运行至 {moments.minute(float(told['last_seen_at']))}"


def _issued(namer: Namer, told: Mapping[str, Any]) -> str:
    marks = [word for key, word in (("priority", "优先"), ("reserve", "备用号段")) if told.get(key)]
    return " · ".join([str(told["label"]), namer.items.get(told["item"], str(told["item"])), *marks])


def _signed(namer: Namer, told: Mapping[str, Any]) -> str:
    where = _window(told) if told.get("window") else namer.terminal(told["terminal"])
    return f"{namer.person(told['staff'])} · {where}"


def _slip(_namer: Namer, told: Mapping[str, Any]) -> str:
    parts = [words.SLIPS.get(told["outcome"], str(told["outcome"]))]
    if told.get("cause"):
        parts.append(words.CODES.get(told["cause"], str(told["cause"])))
    return " · ".join([*parts, *(["补打"] if told.get("copy") else [])])


def _day_withdrawn(_namer: Namer, told: Mapping[str, Any]) -> str:
    ended = tuple(told.get("ended", ()))
    lost = f"其中未办结 {len(ended)} 个: {'、'.join(ended)}" if ended else "均已办结"
    issued = f"已发 {told.get('issued', 0)} 个号,{lost}" if told.get("issued") else "没有发号"
    return f"{told['day']} · {issued} · 经办 {told['by']} · {told['reason']}"


def _rated(_namer: Namer, told: Mapping[str, Any]) -> str:
    grade = told["grade"]
    return "未评价" if grade is None else words.GRADES.get(grade, str(grade))


def _followed_up(namer: Namer, told: Mapping[str, Any]) -> str:
    return f"{words.FOLLOW_UP_ENDS.get(told['end'], str(told['end']))} · {namer.person(told['staff'])}"


def _device_changed(namer: Namer, told: Mapping[str, Any]) -> str:
    terminal, _, kind = str(told["device"]).partition(".")
    code = words.CODES.get(told.get("code", ""), str(told.get("code", "")))
    named = f"{namer.terminal(terminal)}{words.device(kind)}"
    return " · ".join([named, words.state(told["state"]), *([code] if code else [])])


def _statement(namer: Namer, told: Mapping[str, Any]) -> str:
    proxied = " · 代办查询" if told.get("proxy") else ""
    form = namer.forms.get(told["form"], told["form"])
    return f"{form} · {told['serial']} · {namer.terminal(told['terminal'])}{proxied}"


def _self_test(namer: Namer, told: Mapping[str, Any]) -> str:
    failed = [words.device(one["device"].partition(".")[2]) for one in told["tested"] if not one["passed"]]
    found = f"未通过: {'、'.join(failed)}" if failed else f"{len(told['tested'])}台全部通过"
    return f"{namer.terminal(told['terminal'])} · {found}"


def _moved(namer: Namer, told: Mapping[str, Any]) -> str:
    return f"{_window(told)} · {namer.person(told['staff'])}"


def _transferred(namer: Namer, told: Mapping[str, Any]) -> str:
    to = f"{told['to_window']}号窗口" if told.get("to_window") else "任一可办窗口"
    return f"{_window(told)} → {to} · {namer.item(told['item'])} · {namer.person(told['staff'])}"


def _reconciled(_namer: Namer, told: Mapping[str, Any]) -> str:
    flags = told.get("flags", ())
    where = f"{told['window']}号窗口" if told.get("window") else ""
    state = words.TICKETS.get(told["state"], str(told["state"]))
    return " · ".join(one for one in (state, where, f"{len(flags)}处需留意" if flags else "") if one)


_SUMMARIES: Mapping[str, Callable[[Namer, Mapping[str, Any]], str]] = {
    "DayOpened": lambda _n, told: f"{told['day']}{' · 当天再次开放' if told.get('given') else ''}",
    "DayConfirmed": lambda _n, told: f"{told['day']} · 经办 {told['by']} · {told['reason']}",
    "DayWithdrawn": _day_withdrawn,
    "DayKeyRenewed": lambda _n, told: f"{told['day']} · 一证一号从此重新计",
    "LabelLeased": lambda n, told: f"{told['series']}{told['number']:03d} · {n.terminal(told['terminal'])}",
    "TicketIssued": _issued,
    "PriorityGranted": lambda n, told: f"经办 {n.person(told['issuer'])}",
    "SlipEnded": _slip,
    "StaffSignedIn": _signed,
    "StaffSignedOut": _signed,
    "StaffContinued": _continued,
    "TicketCalled": lambda _n, told: f"{told['label']} → {_window(told)}",
    "TicketRecalled": lambda _n, told: f"{told['label']} → {_window(told)}",
    "TicketMissed": lambda _n, told: _window(told),
    "TicketReturned": lambda n, told: f"经办 {n.person(told['staff'])}" if told.get("staff") else "凭号单自助恢复",
    "RequestWithdrawn": lambda n, told: f"{_window(told)} · {n.person(told['staff'])}",
    "ServiceStarted": lambda n, told: f"{_window(told)} · {n.person(told['staff'])}",
    "ServiceFinished": lambda n, told: f"{_window(told)} · {n.person(told['staff'])}",
    "ServiceRated": _rated,
    "RatingReasonsGiven": lambda _n, told: "、".join(one for one in Dimension if one in told["dimensions"]),
    "RatingFollowedUp": _followed_up,
    "CallAnnounced": lambda _n, told: f"{told['label']} → {_window(told)}",
    "HelpRequested": lambda n, told: n.terminal(told["terminal"]),
    "HelpAcknowledged": lambda n, told: f"{n.person(told['staff'])} → {n.terminal(told['terminal'])}",
    "StatementPrepared": _statement,
    "ProxyAsked": lambda n, told: f"{n.terminal(told['terminal'])} · 两证已读，待导引台核对",
    "ProxyConfirmed": lambda n, told: f"{n.terminal(told['terminal'])} · 经办 {n.person(told['staff'])}",
    "ProxyDeclined": lambda n, told: f"{n.terminal(told['terminal'])} · 经办 {n.person(told['staff'])}",
    "ProxyClosed": lambda n, told: n.terminal(told["terminal"]),
    "StatementEnded": lambda n, told: f"{told['serial']} · {_slip(n, told)}",
    "DeviceChanged": _device_changed,
    "SelfTestOrdered": lambda n, told: f"{n.person(told['staff'])} → {n.terminal(told['terminal'])}",
    "MaintenanceRecorded": lambda n, told: f"{n.person(told['staff'])} → {told['device']}",
    "OpeningChecklistSigned": lambda n, told: f"{n.person(told['staff'])} · {len(told['lines'])}项",
    "SelfTestEnded": _self_test,
    "TicketHeld": _moved,
    "TicketResumed": _moved,
    "TicketTransferred": _transferred,
    "ItemSwapped": lambda n, told: f"{told['label']} · {n.item(told['item'])} · {n.person(told['staff'])}",
    "ItemAdded": lambda n, told: f"{n.item(told['item'])} · {n.person(told['staff'])}",
    "NextItemBegun": lambda n, told: n.item(told["item"]),
    "TicketCancelled": lambda n, told: n.person(told["staff"]),
    "TicketLapsed": lambda _n, told: words.CAUSES.get(told["cause"], str(told["cause"])),
    "CallLapsed": lambda _n, told: f"{_window(told)} · {words.CAUSES.get(told['cause'], str(told['cause']))}",
    "TicketSteppedAway": lambda _n, told: f"保留至 {moments.minute(float(told['until']))}",
    "TicketPrecalled": lambda _n, told: f"{told['label']} → {_window(told)}",
    "TicketReconciled": _reconciled,
    "TicketAdopted": lambda n, told: f"{told['issued']['label']} · {n.person(told['staff'])}",
    "SlipKeyTrusted": lambda n, told: " · ".join(
        (str(told["terminal"]), n.person(told["staff"]) if told.get("staff") else "首次登记")
    ),
    "TerminalStarted": lambda _n, told: f"{words.ROLES.get(told['role'], told['role'])} · {told['software']}",
}
"""Kind to its summary, from named fields: what is not named here stays in the ledger."""
