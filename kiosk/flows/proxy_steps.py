"""The steps of 代办查询: two cards, a guide's word, the represented person's records. Nothing outlives its session."""

from dataclasses import dataclass, field
from enum import StrEnum

from hall.errors import Reason
from hall.ids import ProxyId, StaffId, TerminalId
from hall.proxies import ProxyNames
from kiosk.flows.kinds import Step
from kiosk.flows.proxy_words import Laid
from kiosk.ports import CardProblem


class Stopped(StrEnum):
    """Why a proxy enquiry does not go on; each has its own courteous sentence and the next way."""

    DECLINED = "declined"
    LATE = "late"
    """No guide came in time."""
    NOBODY = "nobody"
    """No guide is signed in at the desk."""
    AWAY = "away"
    """The hall server cannot be asked."""
    OVER = "over"
    """The confirmation was for a short while, and that is over."""
    OTHER = "other_stop"


@dataclass(frozen=True, slots=True)
class ProxyNotice(Step):
    """What is needed, what is kept, who confirms; before any card is read (EXT-07)."""


@dataclass(frozen=True, slots=True)
class ProxyOwnCard(Step):
    """First the identity card of who stands here. `problem`: why the card laid before was of no use."""

    problem: CardProblem | None = None


@dataclass(frozen=True, slots=True)
class ProxyReadingOwn(Step):
    """Please hold still."""


@dataclass(frozen=True, slots=True)
class ProxyOtherCard(Step):
    """请换放被代办人的身份证."""

    agent: Laid = field(repr=False)
    problem: CardProblem | None = None


@dataclass(frozen=True, slots=True)
class ProxyReadingOther(Step):
    """Please hold still."""

    agent: Laid = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProxyAsking(Step):
    """The hall is told; a moment."""

    agent: Laid = field(repr=False)
    person: Laid = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProxyWaiting(Step):
    """A guide comes and looks at both cards; nothing is open yet."""

    proxy: ProxyId
    agent: Laid = field(repr=False)
    person: Laid = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProxyChoosing(Step):
    """Confirmed: which of the represented person's records. `problem`: why the one asked for is not there."""

    proxy: ProxyId
    agent: Laid = field(repr=False)
    person: Laid = field(repr=False)
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class ProxyFetching(Step):
    """正在为您查询."""

    form: str
    before: ProxyChoosing = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProxyStopped(Step):
    """It does not go on: why, and what works instead. Everything of it is wiped already."""

    why: Stopped


@dataclass(frozen=True, slots=True)
class DeskProxy(Step):
    """Guide desk: one request with both masked names and what to look at; one touch confirms or declines."""

    staff: StaffId
    name: str
    proxy: ProxyId
    terminal: TerminalId
    names: ProxyNames | None = field(default=None, repr=False)
    asking: bool = False
    """The answer is on its way to the hall."""
    problem: Reason | None = None
    gone: bool = False
    """It no longer waits: its session ended, or another desk answered."""
