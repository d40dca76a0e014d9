"""Asking as a clerk at window 14 or as the guide at the desk, and what they are told."""

from typing import TypeVar

import msgspec

from hall.commands import AnyReply, CallTicket, HoldTicket, OutOfOrder, Refused, ResumeTicket, TransferTicket
from hall.day.decisions import HallState
from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TicketId, TicketLabel, WindowId
from hall.queue.tickets import TicketState
from tests.hall.world import World, qinghe

GUIDE, CLERK, SEVEN = StaffId("0101"), StaffId("0310"), StaffId("0303")
T = TypeVar("T", bound=AnyReply)


def working(**limits: float | str) -> World:
    pack = qinghe()
    changed = msgspec.structs.replace(pack.limits, **limits)
    return World(HallState(msgspec.structs.replace(pack, limits=changed))).open().sign_in_all()


def told(reply: AnyReply, kind: type[T]) -> T:
    assert isinstance(reply, kind), reply
    return reply


def no(reply: AnyReply) -> Reason:
    said = told(reply, Refused)
    assert said.sentence
    return said.reason


def panel(world: World, command: object, window: str = "14") -> AnyReply:
    return world.ask(command, f"W{int(window):02}").reply  # type: ignore[arg-type]


def desk(world: World, command: object) -> AnyReply:
    return world.ask(command, "D1").reply  # type: ignore[arg-type]


def state_of(world: World, ticket: str) -> TicketState:
    return world.state.tickets[TicketId(ticket)].state


def hold(window: str = "14", staff: StaffId = CLERK) -> HoldTicket:
    return HoldTicket(window=WindowId(window), staff=staff)


def resume(label: str, window: str = "14", staff: StaffId = CLERK) -> ResumeTicket:
    return ResumeTicket(window=WindowId(window), staff=staff, label=TicketLabel(label))


def transfer(to: str | None, item: ItemCode | None = None) -> TransferTicket:
    return TransferTicket(window=WindowId("14"), staff=CLERK, to_window=WindowId(to) if to else None, item=item)


def call(label: str, reason: OutOfOrder | None = None, window: str = "14", staff: StaffId = CLERK) -> CallTicket:
    return CallTicket(window=WindowId(window), staff=staff, label=TicketLabel(label), reason=reason)
