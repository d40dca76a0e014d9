"""「隔离区」: what could not be adopted, one entry with what can be done about it, and doing it.

Doing needs a session (the gate), a request from our own page (the guard), a member of staff and a reason; the writer
does it in a commit of its own, with a line that stays.
"""

import logging
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from hall.commands import Done, Refused
from hall.errors import Reason
from hall.ids import StaffId
from hall_server.console.answering import Number, Show, Text, older, told_as_json
from hall_server.console.sources import PAGE, Sources
from hall_server.ledger.entries import Act

log = logging.getLogger(__name__)

MAX_ENTRY = 2**53
Entry = Annotated[int, Query(ge=1, le=MAX_ENTRY)]
MAX_REASON = 100
"""Characters; it says why, and holds no names."""
MAX_FIELDS = 6
NOT_FOUND, NOT_UNDERSTOOD = 404, 422
FORM = "application/x-www-form-urlencoded"
ENDS = {
    "done": "已记录。",
    Reason.ILLEGAL_MOVE.value: "这一条已经有人处理过。",
    Reason.MALFORMED.value: "现在的软件仍不能识别这条消息，没有补记；它仍在隔离区。",
    Reason.INTERNAL.value: "识别了，但仍不能记入台账；它仍在隔离区，请联系维护人员。",
    Reason.SERVER_AWAY.value: "记账忙，没有执行，请稍后再试。",
}
"""How an act ended, for people; what is not named here was not done."""


def add_quarantine_pages(app: FastAPI, sources: Sources, show: Show) -> None:
    """Put them on the app."""

    @app.get("/quarantine")
    def quarantine(request: Request, before: Number = None) -> Response:
        rows = sources.quarantine(before)
        return show(
            request,
            "quarantine",
            rows=rows,
            counts=sources.browser.quarantined(),
            older=older({}, rows[-1].id if len(rows) == PAGE else None),
            newest="?" if before is not None else "",
        )

    @app.get("/quarantine/entry")
    def entry(request: Request, number: Entry, end: Text = "") -> Response:
        held = sources.held(number)
        if held is None:
            raise HTTPException(NOT_FOUND)
        return show(request, "quarantine_entry", one=held, end=ENDS.get(end, ""), good=end == "done")

    @app.post("/quarantine/entry")
    async def act(request: Request) -> Response:
        asked = _asked(request.headers.get("content-type", ""), await request.body())
        if asked is None or asked.staff not in sources.namer.staff:
            raise HTTPException(NOT_UNDERSTOOD)
        reply = await run_in_threadpool(sources.settle, asked.number, asked.act, asked.staff, asked.reason)
        end = "done" if isinstance(reply, Done) else reply.reason.value if isinstance(reply, Refused) else ""
        log.info("quarantine entry %d: %s by %s: %s", asked.number, asked.act, asked.staff, end)
        return RedirectResponse(f"/quarantine/entry?number={asked.number}&end={end}", status_code=303)

    @app.get("/api/quarantine")
    def told(before: Number = None) -> Response:
        waiting, ever = sources.browser.quarantined()
        return told_as_json({"count": waiting, "ever": ever, "entries": sources.quarantine(before)})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was decided on the page."""

    number: int
    act: Act
    staff: StaffId
    reason: str


def _asked(kind: str, body: bytes) -> Asked | None:
    """Return what a form says, None when it is not ours."""
    if kind.partition(";")[0].strip().lower() != FORM:
        return None
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=MAX_FIELDS, encoding="utf-8", errors="strict")
        number, act = int(fields["number"][0]), Act(fields["act"][0])
        staff, reason = StaffId(fields["staff"][0]), " ".join(fields["reason"][0].split())
    except (UnicodeDecodeError, KeyError, ValueError):
        return None
    if not 1 <= number <= MAX_ENTRY or not 0 < len(reason) <= MAX_REASON or not reason.isprintable():
        return None
    return Asked(number, act, staff, reason)
