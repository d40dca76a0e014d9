"""What a hall tells about an item: the five facts (standard 8.1.2) and the eleven elements of the disclosure list.

Everything is read from the hall pack at the moment of asking, so page, paper and display can never differ.
"""

import msgspec

from hall.errors import HallError, Reason
from hall.ids import ItemCode, StaffId, WindowId
from hall.pack.hall_pack import HallPack, material_text
from hall.pack.tables import ServiceItem

NO_MATERIALS = "无需材料"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The five mandatory facts: window, door number, handlers, time limit, materials. None is ever empty."""

    windows: tuple[WindowId, ...]
    rooms: tuple[str, ...]
    handlers: tuple[tuple[StaffId, str], ...]
    """Staff number and name of those who work at these windows."""
    limit: str
    materials: tuple[str, ...]


def item_of(pack: HallPack, code: ItemCode) -> ServiceItem:
    """Return the item, or raise `HallError(UNKNOWN_ITEM)`."""
    for item in pack.items:
        if item.code == code:
            return item
    raise HallError(Reason.UNKNOWN_ITEM, code, "is not an item of this hall's pack")


def facts(pack: HallPack, item: ServiceItem) -> Facts:
    """Return the five mandatory facts of an item."""
    windows = {window.number: window for window in pack.windows}
    return Facts(
        windows=item.windows,
        rooms=tuple(dict.fromkeys(room_text(windows[number].room) for number in item.windows)),
        handlers=tuple((member.id, member.name) for member in pack.staff if set(member.windows) & set(item.windows)),
        limit=limit_text(item),
        materials=tuple(material_text(material) for material in item.materials) or (NO_MATERIALS,),
    )


def room_text(room: str) -> str:
    """`101` → `101室`; a place that has no door number, such as 大厅, stays as it is."""
    return f"{room}室" if room.isdecimal() else room


def limit_text(item: ServiceItem) -> str:
    """Return promise and legal limit, such as `承诺15个工作日(法定20个工作日)`."""
    promised = item.promised_note if item.promised_days == 0 else f"承诺{item.promised_days}个工作日"
    legal = f"法定{item.legal_days}个工作日" if item.legal_days is not None else item.legal_note
    return f"{promised}({legal})" if legal else promised


def disclosure(pack: HallPack, item: ServiceItem) -> tuple[tuple[str, str], ...]:
    """Return the eleven elements of 社会保险领域基层政务公开标准目录, each as heading and text, in its order."""
    told = facts(pack, item)
    hall = pack.hall
    return (
        ("事项名称", item.title),
        ("事项简述", item.summary),
        ("办理材料", ";".join(told.materials)),
        ("办理方式", "、".join(item.ways)),
        ("办理时限", told.limit),
        ("结果送达", item.delivery),
        ("收费依据及标准", f"{item.fee}({item.fee_basis})"),
        ("办事时间", hall.hours_text),
        ("办理机构及地点", f"{hall.agency},{hall.address},{'、'.join(item.windows)}号窗口({'、'.join(told.rooms)})"),
        ("咨询查询途径", f"{hall.hotline};大厅导引台"),
        ("监督投诉渠道", f"{hall.supervision};值班负责人{hall.duty_lead}"),
    )


def limits_table(pack: HallPack) -> tuple[tuple[str, str, str], ...]:
    """Return title, limits and legal basis of every item: the table that is published (公示)."""
    return tuple((item.title, limit_text(item), item.legal_basis) for item in pack.items)


def asks_for_consent(item: ServiceItem) -> str:
    """Return the question before an item of choice, with its fee told first; empty when nothing needs a yes."""
    if not item.optional:
        return ""
    return f"“{item.title}”由您自愿选择,{item.fee}。您看这样可以吗?"
