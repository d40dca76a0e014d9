"""「评价」: the period's figures, every poor rating with its follow-up, and seeing to one; JSON and CSV.

Seeing to one needs a session (the gate), a request from our own page (the guard), the lead's name and a text; the rules
judge the text, and the writer keeps it with who and when.
"""

import contextlib
import logging
import queue
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from hall.commands import AnyReply, Done, Refused
from hall.day.deciding import FollowUpRating
from hall.errors import Reason
from hall.ids import ServiceId, StaffId
from hall.rating_facts import FollowUpEnd
from hall.services.rating_report import RatingBook
from hall.services.upkeep import Trouble, note_trouble
from hall.upkeep import MAX_NOTE
from hall_server.console import ratings
from hall_server.console.answering import NAME, Show, Text, told_as_json
from hall_server.console.rating_book import KeptBook
from hall_server.console.ratings import DAYS, PERIODS, PoorRow, RatingsShown
from hall_server.console.sources import SETTLE_S, Sources
from hall_server.writer.jobs import OwnJob

log = logging.getLogger(__name__)

Days = Annotated[int, Query(ge=1, le=366)]
MAX_FIELDS = 6
NOT_FOUND, NOT_UNDERSTOOD = 404, 422
FORM = "application/x-www-form-urlencoded"
EMPTY, ALREADY = "empty", "already"
ENDS = {
    "done": "已记录。",
    EMPTY: "请写明整改措施或申诉理由，没有记录。",
    ALREADY: "这一项已经有人记录过，没有重复记录。",
    Trouble.PERSONAL.value: "文字里像有证件号、电话或卡号，没有记录。请去掉后再记。",
    Trouble.DISCOURTEOUS.value: "文字里有服务忌语，没有记录。请换个说法再记。",
    Trouble.TOO_LONG.value: f"最多{MAX_NOTE}个字，没有记录，请简短一些。",
    Trouble.UNREADABLE.value: "文字里有不能显示的字符，没有记录，请重新填写。",
    Reason.NOT_ALLOWED.value: "差评由大厅负责人处理，没有记录。",
    Reason.SERVER_AWAY.value: "记账忙，没有记录，请稍后再试。",
}
"""How it ended, for people; what is not named here was not written down."""


@dataclass(frozen=True, slots=True)
class Rated:
    """What the pages read and ask."""

    sources: Sources
    book: KeptBook

    def shown(self, days: int) -> RatingsShown:
        """Return the page of a period."""

        def look(book: RatingBook) -> RatingsShown:
            return ratings.ratings_shown(book, self.book.label, self.sources, self.sources.now(), days)

        return self.book.read(look)

    def one(self, service: str) -> PoorRow | None:
        """Return one poor rating, None when the ledger knows of none for this service."""

        def look(book: RatingBook) -> PoorRow | None:
            return ratings.row_of(book, ServiceId(service), self.book.label, self.sources, self.sources.now())

        return self.book.read(look)

    def follow_up(self, asked: FollowUpRating) -> AnyReply:
        """Write it down; the reply comes after the writer's commit."""
        answers: queue.Queue[AnyReply] = queue.Queue(1)
        if self.sources.submit(OwnJob(asked, lambda reply, _: answers.put(reply))):
            with contextlib.suppress(queue.Empty):
                return answers.get(timeout=SETTLE_S)
        return Refused(reason=Reason.SERVER_AWAY, sentence="the writer is busy")

    def settle(self, asked: FollowUpRating) -> str:
        """Return how it ended, a key of `ENDS` or a reason; raises 404 for a service without a poor rating."""
        before = self.one(asked.service)
        if before is None:
            raise HTTPException(NOT_FOUND)
        if (before.corrected if asked.end is FollowUpEnd.CORRECTED else before.set_aside) is not None:
            return ALREADY
        trouble = note_trouble(asked.text, self.sources.pack.taboos)
        if not asked.text or trouble is not None:
            return trouble.value if trouble else EMPTY
        reply = self.follow_up(asked)
        log.info("rating of %s: %s by %s: %s", asked.service, asked.end, asked.staff, type(reply).__name__)
        return "done" if isinstance(reply, Done) else reply.reason.value if isinstance(reply, Refused) else "other"


def add_rating_pages(app: FastAPI, sources: Sources, show: Show) -> None:
    """Put them on the app."""
    rated = Rated(sources, KeptBook(sources.pack, sources.browser))
    leads = [(key, name) for key, name in sources.namer.staff.items() if key in _leads(sources)]

    @app.get("/ratings")
    def page(request: Request, days: Days = DAYS) -> Response:
        return show(request, "ratings", told=rated.shown(days), periods=PERIODS, states=ratings.STATES)

    @app.get("/ratings/one")
    def one(request: Request, service: Text, end: Text = "") -> Response:
        row = rated.one(service)
        if row is None:
            raise HTTPException(NOT_FOUND)
        told = ENDS.get(end, "没有记录，请核对后再试。" if end else "")
        return show(request, "rating", one=row, end=told, good=end == "done", leads=leads, states=ratings.STATES)

    @app.post("/ratings/one")
    async def act(request: Request) -> Response:
        asked = _asked(request.headers.get("content-type", ""), await request.body())
        if asked is None or asked.staff not in sources.namer.staff:
            raise HTTPException(NOT_UNDERSTOOD)
        end = await run_in_threadpool(rated.settle, asked)
        query = urlencode({"service": asked.service, "end": end})
        return RedirectResponse(f"/ratings/one?{query}", status_code=303)

    @app.get("/ratings.csv")
    def table(days: Days = DAYS) -> Response:
        headers = {"Content-Disposition": 'attachment; filename="ratings.csv"'}
        return Response(ratings.as_csv(rated.shown(days)), media_type="text/csv; charset=utf-8", headers=headers)

    @app.get("/api/ratings")
    def told(days: Days = DAYS) -> Response:
        return told_as_json(rated.shown(days))


def _leads(sources: Sources) -> frozenset[StaffId]:
    return frozenset(one.id for one in sources.pack.staff if "lead" in one.roles)


def _asked(kind: str, body: bytes) -> FollowUpRating | None:
    """Return what a form says, None when it is not ours."""
    if kind.partition(";")[0].strip().lower() != FORM:
        return None
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, encoding="utf-8", errors="strict"
        )
        service, text = fields["service"][0], " ".join(fields["text"][0].split())
        end, staff = FollowUpEnd(fields["end"][0]), StaffId(fields["staff"][0])
    except (UnicodeDecodeError, KeyError, ValueError):
        return None
    return FollowUpRating(ServiceId(service), end, text, staff) if 0 < len(service) <= NAME else None
