"""「查询单」: each statement of the day: which, whose (a code, no name), where, when, how many copies, done or not."""

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from hall.pack.hall_pack import HallPack
from hall_server.console import words
from hall_server.console.remembered import Paper

DELIVERED = frozenset({"printed", "processed", "sent"})
"""Outcomes with which the paper left the printer as far as it can tell; `failed` and `unknown` do not count."""
CODE_DIGITS = 6
MAX_SHOWN = 300

Standing = Literal["open", "done", "unfinished"]


class PaperShown(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. `holder` is a code that is the same for the same person on the same ledger, and tells no more."""

    serial: str
    form: str
    holder: str
    proof: str
    terminal: str
    terminal_title: str
    at: float
    state: Standing
    outcome: str
    cause: str
    copies: int
    """Prints that were delivered, the first included."""


class PapersShown(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first. `delivered` counts statements, not copies."""

    at: float
    prepared: int
    delivered: int
    unfinished: int
    papers: tuple[PaperShown, ...]


def papers_shown(papers: Iterable[Paper], pack: HallPack, now: float) -> PapersShown:
    """Return the statements of the day."""
    forms = {one.code: one.title for one in pack.forms}
    terminals = {str(one.id): one.title for one in pack.terminals}
    shown = [_shown(one, forms.get(one.prepared.form, one.prepared.form), terminals) for one in papers]
    shown.sort(key=lambda one: (one.at, one.serial), reverse=True)
    return PapersShown(
        at=now,
        prepared=len(shown),
        delivered=sum(one.state == "done" for one in shown),
        unfinished=sum(one.state == "unfinished" for one in shown),
        papers=tuple(shown[:MAX_SHOWN]),
    )


def holder_code(person: str) -> str:
    """Return a short code for a keyed hash of a person: enough to see that two papers were one person's."""
    return hashlib.sha256(f"holder:{person}".encode("utf-8", "replace")).hexdigest()[:CODE_DIGITS].upper()


def _shown(paper: Paper, form: str, terminals: dict[str, str]) -> PaperShown:
    told = paper.prepared
    delivered = sum(job.outcome in DELIVERED for job in paper.jobs)
    last = paper.jobs[-1] if paper.jobs else None
    state: Standing = "done" if delivered else "unfinished" if last else "open"
    return PaperShown(
        serial=told.serial,
        form=form,
        holder=holder_code(told.person),
        proof=words.PROOFS.get(told.proof, told.proof),
        terminal=told.terminal,
        terminal_title=terminals.get(told.terminal, told.terminal),
        at=paper.at,
        state=state,
        outcome=words.SLIPS.get(last.outcome if last else "", last.outcome if last else ""),
        cause=words.CODES.get(last.cause, last.cause) if last else "",
        copies=delivered,
    )
