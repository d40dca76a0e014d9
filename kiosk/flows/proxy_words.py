"""代办查询: what is touched, wanted and told around it, at the terminal and the guide desk; names are never shown."""

from dataclasses import dataclass, field

from hall.errors import Reason
from hall.ids import ProxyId, StaffId, TerminalId
from hall.proxies import ProxyNames
from kiosk.flows.kinds import Effect, Happened, Touch


@dataclass(frozen=True, slots=True)
class Laid:
    """Who laid a card, in memory until the session ends."""

    name: str = field(repr=False)
    number: str = field(repr=False)


# ---- at the terminal ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActsForOther(Touch):
    """代他人查询."""


@dataclass(frozen=True, slots=True)
class LookForOther(Effect):
    """One card was read; the other person's is announced by `CardSeen`, however quickly the two are changed."""


@dataclass(frozen=True, slots=True)
class AskGuide(Effect):
    """Both cards were read: let a guide confirm it; answers `GuideAsked` or `AskRefused`."""

    agent: Laid = field(repr=False)
    person: Laid = field(repr=False)


@dataclass(frozen=True, slots=True)
class FetchForPerson(Effect):
    """Ask for a represented person's statement; answers `StatementArrived` or `AskRefused`."""

    form: str
    proxy: ProxyId
    person: Laid = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropProxy(Effect):
    """This enquiry is over: its key is wiped at once, and the hall is told, so that nobody confirms it any more."""


@dataclass(frozen=True, slots=True)
class GuideAsked(Happened):
    """A guide sees the request now; the board tells the answer under this id."""

    proxy: ProxyId


# ---- at the guide desk -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpensProxy(Touch):
    """看一看: one request."""

    proxy: ProxyId
    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class ConfirmsProxy(Touch):
    """Both originals and the mandate were seen: 确认."""


@dataclass(frozen=True, slots=True)
class DeclinesProxy(Touch):
    """不同意."""


@dataclass(frozen=True, slots=True)
class ReadProxyNames(Effect):
    """Answers `ProxyNamesRead` or `ProxyAnswered` with a reason."""

    proxy: ProxyId
    staff: StaffId


@dataclass(frozen=True, slots=True)
class AnswerProxy(Effect):
    """Answers `ProxyAnswered`."""

    proxy: ProxyId
    terminal: TerminalId
    staff: StaffId
    confirm: bool


@dataclass(frozen=True, slots=True)
class ProxyNamesRead(Happened):
    """Both masked names."""

    proxy: ProxyId
    names: ProxyNames = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProxyAnswered(Happened):
    """The answer is written down (`reason` None), or why not."""

    proxy: ProxyId
    reason: Reason | None = None
