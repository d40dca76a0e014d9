"""「事项」: every item with its limits and basis (公示), and one item with all that the hall tells about it."""

import msgspec

from hall.errors import HallError
from hall.ids import ItemCode
from hall.pack.hall_pack import HallPack, material_text
from hall.pack.tables import ServiceItem
from hall.services.noticing import notice_shown
from hall.services.service_items import item_of, limit_text
from hall.wire.notices_shown import NoticeShown


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the table of limits. `legal` and `promised` are working days as text, such as `20个工作日`."""

    code: str
    title: str
    group: str
    legal: str
    promised: str
    basis: str
    fee: str
    optional: bool
    windows: tuple[str, ...]


class MaterialRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to have ready, as it is printed, and by what basis it is asked for."""

    text: str
    basis: str


class ItemShownWhole(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it is told to residents."""

    code: str
    title: str
    category: str
    limits: str
    materials: tuple[MaterialRow, ...]
    notice: NoticeShown
    windows: tuple[str, ...]


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table: groups and items in the pack's order."""

    hall: str
    pack_version: str
    rows: tuple[ItemRow, ...]


IDENTITY = "身份证件"


def items(pack: HallPack) -> Items:
    """Return the table of limits: every item of the pack."""
    titles = {group.code: group.title for group in pack.groups}
    order = tuple(titles)
    by_group = sorted(pack.items, key=lambda item: order.index(item.group) if item.group in titles else len(order))
    return Items(
        hall=pack.hall.title,
        pack_version=pack.version,
        rows=tuple(_row(item, titles.get(item.group, item.group)) for item in by_group),
    )


def _row(item: ServiceItem, group: str) -> ItemRow:
    return ItemRow(
        code=item.code,
        title=item.title,
        group=group,
        legal=item.legal_note if item.legal_days is None else f"{item.legal_days}个工作日",
        promised=item.promised_note if item.promised_days == 0 else f"{item.promised_days}个工作日",
        basis=item.legal_basis,
        fee=item.fee,
        optional=item.optional,
        windows=tuple(item.windows),
    )


def one_item(pack: HallPack, code: str) -> ItemShownWhole | None:
    """Return one item, None when the pack has none of that code."""
    try:
        item = item_of(pack, ItemCode(code))
    except HallError:
        return None
    return ItemShownWhole(
        code=item.code,
        title=item.title,
        category=item.category,
        limits=limit_text(item),
        materials=tuple(
            MaterialRow(text=material_text(one), basis=IDENTITY if one.identity else one.basis)
            for one in item.materials
        ),
        notice=notice_shown(pack, item),
        windows=tuple(item.windows),
    )
