"""代办查询: asked with both cards, confirmed by a guide who is signed in, good for that one session and a short while.

The terminal names what it read; only the hall server decides what that opens. A confirmation is bound to terminal,
session key, agent, person and day: whichever of them is another's, it opens nothing.
"""

import re

import msgspec

from hall.commands import Done
from hall.day.deciding import Asker, Decision, PrepareStatement, asking_terminal, refused
from hall.errors import Reason
from hall.events import Event
from hall.ids import SERVER, ProxyId, TerminalId
from hall.proxies import (
    AskProxy,
    CloseProxy,
    ConfirmProxy,
    DeclineProxy,
    ProxyAsked,
    ProxyClosed,
    ProxyCommand,
    ProxyConfirmed,
    ProxyDeclined,
    ProxyNow,
    ProxySealed,
    ProxySight,
    ProxyState,
    ReadProxy,
    session_of,
)
from hall.queue.state import HallState
from hall.wire.shown import ProxyShown

ASKED_S = 300.0
"""A guide is asked for so long; the terminal gives up a little earlier."""
OPEN_S = 600.0
"""A confirmation opens records for so long: the time to read a few pages and print them."""
TOLD_S = 60.0
"""An answer stands on the board for so long: the terminal reads it there within a second."""
HASH_CHARS = 64
PROXY_ID = re.compile(r"[0-9a-f]{32}")
"""A UUIDv7 as hex."""
LIVE = (ProxyState.ASKED, ProxyState.CONFIRMED)


def decide_proxy(state: HallState, command: ProxyCommand, by: Asker, now: float) -> Decision:
    """Decide whatever is asked around a proxy enquiry."""
    match command:
        case AskProxy():
            return _ask(state, command, by, now)
        case CloseProxy():
            return _close(state, command, by, now)
        case ReadProxy() | ConfirmProxy() | DeclineProxy():
            return _at_the_desk(state, command, by, now)


def may_open(state: HallState, command: PrepareStatement, now: float) -> Decision | None:
    """Return None if this statement may be handed out, else the refusal.

    With a proxy: only while it is confirmed and fresh, at its own terminal, in its own session, for its own person.
    Without: a person's own, but not of whom a proxy enquiry under way at this terminal is about, nor to its session
    for anybody but the agent.
    """
    if command.proxy:
        return _barred(state.proxies.get(command.proxy), command, now)
    for one in state.proxies.values():
        here = one.asked.terminal == command.terminal and one.state in LIVE and _fresh(one, now)
        if here and one.asked.person == command.person:
            return refused(Reason.NOT_ALLOWED, "a represented person's records open with a confirmed proxy only")
        if one.asked.session == command.session and one.asked.agent != command.person:
            return refused(Reason.NOT_ALLOWED, "in this session only the agent's own records open without a proxy")
    return None


def _barred(one: ProxyNow | None, command: PrepareStatement, now: float) -> Decision | None:
    if one is None:
        return refused(Reason.NOT_ALLOWED, "no such proxy enquiry today")
    if one.state is not ProxyState.CONFIRMED or not _fresh(one, now):
        return refused(Reason.NOT_ALLOWED, f"this enquiry is {one.state.value} or too old, not confirmed and fresh")
    bound = (one.asked.terminal, one.asked.session, one.asked.person)
    if bound != (command.terminal, command.session, command.person):
        return refused(Reason.NOT_ALLOWED, "this proxy enquiry is of another terminal, session or person")
    return None


def _fresh(one: ProxyNow, now: float) -> bool:
    since, limit = (one.answered_at, OPEN_S) if one.state is ProxyState.CONFIRMED else (one.asked.asked_at, ASKED_S)
    return abs(now - since) <= limit  # a clock that was set back prolongs nothing


# ---- at the terminal ---------------------------------------------------------------------------------------------


def _ask(state: HallState, command: AskProxy, by: Asker, now: float) -> Decision:
    terminal = asking_terminal(state, by, "self_service")
    if isinstance(terminal, Decision):
        return terminal
    if state.day is None:
        return refused(Reason.DAY_NOT_OPEN, "proxy enquiries are confirmed while the hall is open")
    if not PROXY_ID.fullmatch(command.proxy) or command.proxy in state.proxies:
        return refused(Reason.MALFORMED, "a new enquiry has a new id of 32 hex digits")
    if {len(command.agent), len(command.person)} != {HASH_CHARS} or command.agent == command.person:
        return refused(Reason.NOT_ALLOWED, "two different persons' cards are needed")
    if not state.desks:
        return refused(Reason.NOT_SIGNED_IN, "no guide is signed in at any desk to confirm it")
    asked_now = ProxyAsked(
        proxy=command.proxy,
        terminal=by.terminal,
        agent=command.agent,
        person=command.person,
        session=session_of(command.reply_key),
        sealed=command.sealed,
        asked_at=now,
    )
    return Decision((*_superseded(state, by.terminal, now), asked_now), Done())


def _superseded(state: HallState, terminal: TerminalId, now: float) -> tuple[Event, ...]:
    """Whoever asks here now is another session: the one before can open nothing any more."""
    return tuple(
        ProxyClosed(proxy=proxy, terminal=terminal, closed_at=now)
        for proxy, one in state.proxies.items()
        if one.asked.terminal == terminal and one.state in LIVE
    )


def _close(state: HallState, command: CloseProxy, by: Asker, now: float) -> Decision:
    one = state.proxies.get(command.proxy)
    if one is None or one.asked.terminal != by.terminal:
        return refused(Reason.NOT_ALLOWED, "a terminal closes its own proxy enquiries")
    if one.state is ProxyState.CLOSED:
        return Decision((), Done())
    return Decision((ProxyClosed(proxy=command.proxy, terminal=by.terminal, closed_at=now),), Done())


# ---- at the desk -------------------------------------------------------------------------------------------------


def _at_the_desk(state: HallState, command: ReadProxy | ConfirmProxy | DeclineProxy, by: Asker, now: float) -> Decision:
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    one = state.proxies.get(command.proxy)
    if one is None or one.state is not ProxyState.ASKED or not _fresh(one, now):
        return refused(Reason.ILLEGAL_MOVE, "this enquiry does not wait for an answer")
    if isinstance(command, ReadProxy):
        return Decision((), ProxySealed(proxy=command.proxy, sealed=one.asked.sealed))
    if command.terminal != one.asked.terminal:
        return refused(Reason.NOT_ALLOWED, "this enquiry is of another terminal")
    return _answered(one.asked, command, by.terminal, now)


def _answered(asked_then: ProxyAsked, command: ConfirmProxy | DeclineProxy, desk: TerminalId, now: float) -> Decision:
    told: Event
    if isinstance(command, DeclineProxy):
        told = ProxyDeclined(
            proxy=command.proxy,
            terminal=command.terminal,
            desk=desk,
            staff=command.staff,
            agent=asked_then.agent,
            person=asked_then.person,
            declined_at=now,
        )
    elif set(command.sight) != set(ProxySight):
        return refused(Reason.NOT_VERIFIED, "both original cards and the mandate must have been seen")
    else:
        told = ProxyConfirmed(
            proxy=command.proxy,
            terminal=command.terminal,
            desk=desk,
            staff=command.staff,
            agent=asked_then.agent,
            person=asked_then.person,
            sight=tuple(ProxySight),
            confirmed_at=now,
        )
    return Decision((told,), Done())


# ---- what the facts mean -----------------------------------------------------------------------------------------


def asked(state: HallState, event: ProxyAsked, device: TerminalId, at: float) -> None:
    """Remember it for the open day."""
    if device == SERVER and event.proxy not in state.proxies and state.day is not None and event.asked_at <= at:
        state.proxies[event.proxy] = ProxyNow(asked=event)


def confirmed(state: HallState, event: ProxyConfirmed, _device: TerminalId, _at: float) -> None:
    """A guide said yes; only what was asked and not answered can be."""
    _turn(state, event.proxy, (ProxyState.ASKED,), ProxyState.CONFIRMED, event.confirmed_at)


def declined(state: HallState, event: ProxyDeclined, _device: TerminalId, _at: float) -> None:
    """A guide said no."""
    _turn(state, event.proxy, (ProxyState.ASKED,), ProxyState.DECLINED, event.declined_at)


def closed(state: HallState, event: ProxyClosed, _device: TerminalId, _at: float) -> None:
    """Its session is over, however it stood."""
    _turn(state, event.proxy, tuple(ProxyState), ProxyState.CLOSED, 0.0)


def _turn(state: HallState, proxy: ProxyId, before: tuple[ProxyState, ...], after: ProxyState, at: float) -> None:
    one = state.proxies.get(proxy)
    if one is not None and one.state in before:
        state.proxies[proxy] = msgspec.structs.replace(one, state=after, answered_at=at)


def shown(state: HallState, now: float) -> tuple[ProxyShown, ...]:
    """Return what waits for a guide, and what was just answered; ids only."""
    found = []
    for proxy, one in state.proxies.items():
        if one.state is ProxyState.ASKED and _fresh(one, now):
            found.append(ProxyShown(proxy=proxy, terminal=one.asked.terminal, state="asked", at=one.asked.asked_at))
        elif one.state is ProxyState.CONFIRMED and now - one.answered_at <= TOLD_S:
            found.append(ProxyShown(proxy=proxy, terminal=one.asked.terminal, state="confirmed", at=one.answered_at))
        elif one.state is ProxyState.DECLINED and now - one.answered_at <= TOLD_S:
            found.append(ProxyShown(proxy=proxy, terminal=one.asked.terminal, state="declined", at=one.answered_at))
    return tuple(found)
