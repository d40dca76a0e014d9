"""「维护」: what is due, a record written down with a free remark, the history, and both as JSON and CSV.

Writing down needs a session (the gate), a request from our own page (the guard) and a member of staff; the rules judge
the remark, and the writer keeps it.
"""

import contextlib
import logging
import queue
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from hall.commands import AnyReply, Refused
from hall.errors import Reason
from hall.ids import DeviceId, StaffId
from hall.services.upkeep import Trouble, device_ids, note_trouble
from hall.upkeep import MAX_NOTE, Finding, MaintenanceNoted, RecordMaintenance, Work
from hall_server.console import upkeep
from hall_server.console.answering import Number, Show, Text, older, told_as_json
from hall_server.console.sources import PAGE, SETTLE_S, Sources
from hall_server.health.upkeep import KIND, UpkeepBook
from hall_server.ledger.browsing import Wanted
from hall_server.writer.jobs import OwnJob

log = logging.getLogger(__name__)

MAX_FIELDS = 8
NOT_UNDERSTOOD = 422
FORM = "application/x-www-form-urlencoded"
MAX_EXPORTED = 5000
"""Records of one export, the newest: years of a hall."""
ENDS = {
    "done": "已记录。",
    Trouble.PERSONAL.value: "备注里像有证件号、电话或卡号，没有记录。请去掉后再记，备注只写设备的情况。",
    Trouble.DISCOURTEOUS.value: "备注里有服务忌语，没有记录。请换个说法再记。",
    Trouble.TOO_LONG.value: f"备注最多{MAX_NOTE}个字，没有记录，请简短一些。",
    Trouble.UNREADABLE.value: "备注里有不能显示的字符，没有记录，请重新填写。",
    Reason.NOT_ALLOWED.value: "由导引员或负责人记录维护情况，没有记录。",
    Reason.SERVER_AWAY.value: "记账忙，没有记录，请稍后再试。",
}
"""How it ended, for people; what is not named here was not written down."""


@dataclass(frozen=True, slots=True)
class Upkeeping:
    """What the pages read and ask."""

    sources: Sources
    book: UpkeepBook

    def due(self) -> tuple[upkeep.DueRow, ...]:
        """Return every work with its due day, paper first."""
        now = self.sources.now()
        papers = self.book.due(self.sources.room.papers(), now)
        return upkeep.due_rows(self.book.plan(), papers, self.sources.namer, now)

    def history(self, count: int, before: int | None = None) -> tuple[upkeep.RecordRow, ...]:
        """Return records, the newest first."""
        found: list[upkeep.RecordRow] = []
        while len(found) < count:
            page = self.sources.browser.newest(count - len(found), Wanted(kind=KIND, device="SERVER"), before)
            found += upkeep.records(page, self.sources.namer)
            if len(page) < min(count, PAGE):
                break
            before = page[-1].ledger_seq
        return tuple(found)

    def opening(self) -> upkeep.OpeningNow:
        """Return today's opening checklist."""
        sources = self.sources
        with sources.fold.state() as state:
            return upkeep.opening_now(sources.pack, state, sources.room.stands(), sources.namer, sources.now())

    def record(self, asked: RecordMaintenance) -> AnyReply:
        """Write a record down; the reply comes after the writer's commit."""
        answers: queue.Queue[AnyReply] = queue.Queue(1)
        if self.sources.submit(OwnJob(asked, lambda reply, _: answers.put(reply))):
            with contextlib.suppress(queue.Empty):
                return answers.get(timeout=SETTLE_S)
        return Refused(reason=Reason.SERVER_AWAY, sentence="the writer is busy")


def add_upkeep_pages(app: FastAPI, sources: Sources, show: Show) -> Upkeeping:
    """Put them on the app; return what the overview asks for the opening checklist."""
    told = Upkeeping(sources, UpkeepBook(sources.pack, sources.browser))
    devices = sorted((upkeep.device_title(sources.namer, one), str(one)) for one in device_ids(sources.pack))

    @app.get("/maintenance")
    def page(request: Request, before: Number = None, end: Text = "", next_due: Text = "") -> Response:
        rows = told.history(PAGE, before)
        return show(
            request,
            "maintenance",
            due=told.due(),
            rows=rows,
            devices=devices,
            upkeep=upkeep,
            end=ENDS.get(end, "没有记录，请核对后再试。" if end else ""),
            good=end == "done",
            next_due=next_due if end == "done" else "",
            older=older({}, rows[-1].ledger_seq if len(rows) == PAGE else None),
            newest="?" if before is not None else "",
        )

    @app.post("/maintenance")
    async def record(request: Request) -> Response:
        asked = _asked(request.headers.get("content-type", ""), await request.body())
        if asked is None or asked.device not in device_ids(sources.pack):
            raise HTTPException(NOT_UNDERSTOOD)
        trouble = note_trouble(asked.note, sources.pack.taboos)
        if trouble is not None:
            return _back(trouble.value)
        reply = await run_in_threadpool(told.record, asked)
        log.info("upkeep of %s (%s) by %s: %s", asked.device, asked.work, asked.staff, type(reply).__name__)
        if isinstance(reply, MaintenanceNoted):
            return _back("done", reply.next_due)
        return _back(reply.reason.value if isinstance(reply, Refused) else "other")

    @app.get("/maintenance.csv")
    def table() -> Response:
        text = upkeep.as_csv(told.due(), told.history(MAX_EXPORTED))
        headers = {"Content-Disposition": 'attachment; filename="maintenance.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    @app.get("/api/maintenance")
    def maintenance_told(before: Number = None) -> Response:
        return told_as_json({"due": told.due(), "records": told.history(PAGE, before)})

    @app.get("/api/opening")
    def opening_told() -> Response:
        return told_as_json(told.opening())

    return told


def _back(end: str, next_due: str = "") -> Response:
    query = urlencode({"end": end, **({"next_due": next_due} if next_due else {})})
    return RedirectResponse(f"/maintenance?{query}", status_code=303)


def _asked(kind: str, body: bytes) -> RecordMaintenance | None:
    """Return what a form says, None when it is not ours."""
    if kind.partition(";")[0].strip().lower() != FORM:
        return None
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, encoding="utf-8", errors="strict"
        )
        return RecordMaintenance(
            device=DeviceId(fields["device"][0]),
            work=Work(fields["work"][0]).value,
            finding=Finding(fields["finding"][0]).value,
            note=" ".join(fields.get("note", [""])[0].split()),
            staff=StaffId(fields["staff"][0]),
        )
    except (UnicodeDecodeError, KeyError, ValueError):
        return None
