"""How tests walk through a flow, and whom they send."""

from hall.ids import JobId
from kiosk.flows import self_service
from kiosk.flows.words import (
    Effect,
    Happened,
    Step,
)
from kiosk.ports import IdCard, SocialCard
from kiosk.roles import Advance

ID_CARD = IdCard(name="李和", number="000000198907220025", birth="19890722")
SOCIAL_CARD = SocialCard(name="李和", number="000000198907220025", version="2.00")
TICKET_JOB = JobId("0193aa")
STATEMENT_JOB = JobId("QH-20261123-K1-000001")


def walk_through(advance: Advance, step: Step, *inputs: Happened) -> tuple[Step, list[Effect]]:
    done: list[Effect] = []
    for happened in inputs:
        step, effects = advance(step, happened)
        done += effects
    return step, done


def walk(step: Step, *inputs: Happened) -> tuple[Step, list[Effect]]:
    """Walk through the self-service terminal."""
    return walk_through(self_service.advance, step, *inputs)


def of_kind(effects: list[Effect], kind: type[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]
