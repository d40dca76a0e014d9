"""What comes out of the printer, as blocks: the ticket (QUE-03) and the statement (RGT-04). Pure; words by key.

Never on a ticket: a name, a document number, the ground of a priority. A statement is for use elsewhere and
carries the full number (decision D-11).
"""

from collections.abc import Sequence

from hall.commands import Leased
from hall.events import TicketIssued
from hall.ids import WindowId
from hall.punctuation import chinese
from hall.statements.sheets import Statement, mask_name
from hall.wire.pack_shown import ItemShown, PackShown
from kiosk.flows.scanned import slip_code
from kiosk.flows.statement_bodies import pages
from kiosk.flows.statement_sheets import Say
from kiosk.flows.waiting_words import wait_text
from kiosk.ports import Align, Block, Boxed, Line, PageBreak, QrCode, Rule, Slip, Space

CODE_DOTS = 4
"""Half a millimetre at 203 dpi: wide enough for every scanner, small enough for a slip."""

__all__ = ["Say", "statement_slip", "ticket_slip"]


def ticket_slip(
    issued: TicketIssued,
    leased: Leased | None,
    pack: PackShown,
    say: Say,
    *,
    issued_at: str,
    copy: bool,
    signed: str = "",
) -> Slip:
    """The number slip: facts in the order in which a person needs them while walking.

    `signed` is the code that a terminal on its own puts on it, in place of the plain one: it serves the same errands.
    """
    item = next((each for each in pack.items if each.code == issued.item), None)
    windows = leased.windows if leased else (item.windows if item else ())
    area = leased.area if leased else (item.area if item else None)
    blocks: list[Block] = [
        Line(chinese(pack.title), align=Align.CENTER),
        *([Line(say("paper.sample"), align=Align.CENTER)] if pack.sample else []),
        *([Line(say("paper.copy"), bold=True, align=Align.CENTER)] if copy else []),
        Space(16),
        *(
            [Line(say("paper.priority"), scale=2, bold=True, align=Align.CENTER)]
            if issued.priority or (item and item.priority)
            else []
        ),
        Line(issued.label, scale=8 if not issued.suffix else 6, bold=True, align=Align.CENTER),
        Space(16),
        Rule(),
        Line(chinese(item.title) if item else issued.item, bold=True, scale=1),
        *_more_items(issued, pack, say),
        Line(say("paper.windows", windows="、".join(windows)), scale=2, bold=True),
        *([Line(say("paper.area", code=area, name=pack.areas.get(area, "")))] if area else []),
        *_wait(issued, say),
        Rule(),
        *_materials(item, say),
        Rule(),
        Line(say("paper.issued_at", time=issued_at)),
        Line(chinese(pack.missed_rule)),
        *_own_code(issued, pack, say, windows, signed),
        Line(say("paper.supervision", phone=pack.supervision)),
    ]
    return Slip(tuple(blocks))


def _own_code(issued: TicketIssued, pack: PackShown, say: Say, windows: Sequence[WindowId], signed: str) -> list[Block]:
    """Only where a scanner can read it; what it does stands beside it."""
    if not pack.slip_codes:
        return []
    if signed:
        hint = say("paper.signed_hint", windows="、".join(windows))
        return [Space(12), QrCode(signed, module_dots=CODE_DOTS), Space(8), Line(hint, bold=True), Space(12)]
    code = QrCode(slip_code(issued.ticket, issued.label), module_dots=CODE_DOTS)
    return [Space(12), code, Space(8), Line(say("paper.code_hint"), align=Align.CENTER), Space(12)]


def _more_items(issued: TicketIssued, pack: PackShown, say: Say) -> list[Block]:
    """Further items of the same visit: one number for all of them."""
    titles = {item.code: item.title for item in pack.items}
    if not issued.more_items:
        return []
    return [Line(say("paper.more_items")), *(Line(chinese(f"· {titles.get(c, c)}")) for c in issued.more_items)]


def _wait(issued: TicketIssued, say: Say) -> list[Block]:
    quote = issued.quote
    if quote is None:
        return [Line(say("paper.wait_unknown"))]
    about = "paper.wait_about" if quote.approximate else "paper.wait"
    ahead = "paper.ahead_about" if quote.approximate else "paper.ahead"
    return [
        Line(say(ahead, people=quote.people_ahead), bold=True),
        Line(say(about, wait=wait_text(say, quote))),
    ]


def _materials(item: ItemShown | None, say: Say) -> list[Block]:
    if item is None or not item.materials:
        return [Line(say("paper.nothing_to_bring"))]
    return [Line(say("paper.have_ready"), bold=True), *(Line(chinese(f"· {material}")) for material in item.materials)]


def statement_slip(statement: Statement, say: Say, *, printed_at: str, copy: bool) -> Slip:
    """The official form, page by page; the same serial on a copy, with its mark."""
    bodies = pages(statement, say)
    blocks: list[Block] = []
    for index, body in enumerate(bodies):
        if index:
            blocks.append(PageBreak())
        blocks += _head(statement, say, copy=copy)
        blocks += body
        blocks += _foot(statement, say, printed_at=printed_at, page=index + 1, of=len(bodies))
    return Slip(tuple(blocks))


def _head(statement: Statement, say: Say, *, copy: bool) -> list[Block]:
    return [
        Line(statement.agency, align=Align.CENTER),
        Line(statement.title, scale=2, bold=True, align=Align.CENTER),
        *([Line(say("paper.sample"), align=Align.CENTER)] if statement.sample else []),
        *([Line(say("paper.copy"), bold=True, align=Align.CENTER)] if copy else []),
        *_proxied(statement, say),
        Space(12),
        Line(say("paper.name", name=statement.name)),
        Line(say("paper.number", number=statement.number)),
        Line(say("paper.social_number", number=statement.social_number)),
        Line(say("paper.period", period=statement.period)),
        Line(say("paper.as_of", date=statement.as_of), bold=True),
    ]


def _proxied(statement: Statement, say: Say) -> list[Block]:
    """Whoever holds this paper sees that it was read for somebody, and by whom; both names masked."""
    if not statement.proxy_agent:
        return []
    return [
        Line(say("paper.proxy"), bold=True, align=Align.CENTER),
        Line(say("paper.proxy_agent", name=statement.proxy_agent), align=Align.CENTER),
        Line(say("paper.proxy_person", name=mask_name(statement.name)), align=Align.CENTER),
    ]


def _foot(statement: Statement, say: Say, *, printed_at: str, page: int, of: int) -> list[Block]:
    return [
        Space(12),
        Boxed((say("paper.serial", serial=statement.serial), say("paper.check_code", code=statement.check_code))),
        Line(say("paper.printed_at", time=printed_at, terminal=statement.terminal)),
        Line(say("paper.verify", date=statement.verify_until)),
        Line(say("paper.supervision", phone=statement.supervision)),
        *(Line(chinese(f"· {note}")) for note in statement.notes),
        Line(say("paper.free_of_charge")),
        Line(say("paper.page", page=page, of=of), align=Align.CENTER),
    ]
