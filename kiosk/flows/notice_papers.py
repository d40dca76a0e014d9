"""The one-time notice on paper (一次性告知单): materials, steps, limits, then the facts needed while walking. Pure."""

from hall.punctuation import chinese
from hall.wire.notices_shown import NoticeShown
from hall.wire.pack_shown import ItemShown, PackShown
from kiosk.flows.papers import Say
from kiosk.ports import Align, Block, Line, Rule, Slip, Space

ELEMENTS_PRINTED_BEFORE = ("事项名称", "事项简述", "办理材料", "办理时限", "结果送达", "收费依据及标准")
"""Elements of the disclosure list that the sections above them say already."""


def notice_slip(item: ItemShown, pack: PackShown, say: Say, *, printed_at: str) -> Slip:
    """Everything about an item at once, with its version; for anybody. An item without a notice gives its materials."""
    told = item.notice
    blocks: list[Block] = [
        Line(chinese(pack.title), align=Align.CENTER),
        Line(say("paper.notice"), scale=2, bold=True, align=Align.CENTER),
        *([Line(say("paper.sample"), align=Align.CENTER)] if pack.sample else []),
        Space(12),
        Line(chinese(item.title), bold=True),
        *([Line(chinese(_element(told, "事项简述")))] if told else []),
        Rule(),
        *_section(say("paper.notice_materials"), item.materials if told is None else told.materials),
        *(_of_notice(item, told, say) if told is not None else []),
        Rule(),
        *([Line(say("paper.notice_version", version=told.version, code=item.code))] if told else []),
        Line(say("paper.notice_printed", time=printed_at)),
        Line(say("paper.notice_ask"), align=Align.CENTER),
    ]
    return Slip(tuple(blocks))


def _of_notice(item: ItemShown, told: NoticeShown, say: Say) -> list[Block]:
    return [
        *_section(say("paper.notice_steps"), told.steps, mark=""),
        *_section(say("paper.notice_limits"), (told.limit,)),
        Rule(),
        Line(say("paper.windows", windows="、".join(item.windows)), bold=True),
        Line(say("paper.notice_rooms", rooms="、".join(told.rooms))),
        Line(say("paper.notice_handlers", names=chinese("、".join(told.handlers)))),
        Line(say("paper.notice_fee", fee=chinese(_element(told, "收费依据及标准") or told.fee))),
        Line(say("paper.notice_delivery", delivery=chinese(told.delivery))),
        Line(say("paper.notice_basis", basis=chinese(told.basis))),
        *_nearby(told, say),
        Rule(),
        *(Line(chinese(f"{head}:{text}")) for head, text in told.elements if head not in ELEMENTS_PRINTED_BEFORE),
    ]


def _section(title: str, lines: tuple[str, ...], mark: str = "· ") -> list[Block]:
    return [Line(title, bold=True), *(Line(chinese(f"{mark}{line}")) for line in lines), Space(8)]


def _nearby(told: NoticeShown, say: Say) -> list[Block]:
    if not told.nearby:
        return []
    places = tuple(f"{name},{address},{phone}" for name, address, phone in told.nearby)
    return [Space(8), *_section(say("paper.notice_nearby"), places)]


def _element(told: NoticeShown, heading: str) -> str:
    return next((text for head, text in told.elements if head == heading), "")
