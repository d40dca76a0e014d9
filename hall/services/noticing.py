"""The notices of all items as terminals need them; added to what the pack already tells them."""

import msgspec

from hall.pack.hall_pack import HallPack
from hall.pack.tables import ServiceItem
from hall.services.guidance import nearby
from hall.services.notices import notice
from hall.services.service_items import asks_for_consent, disclosure
from hall.wire.notices_shown import NoticeShown
from hall.wire.pack_shown import PackShown

MAX_NEARBY = 8
"""A slip of paper names so many places; the guide desk knows the others."""


def notice_shown(pack: HallPack, item: ServiceItem) -> NoticeShown:
    """Return the notice of one item, ready to be shown and printed."""
    told = notice(pack, item)
    return NoticeShown(
        version=told.version,
        limit=told.limit,
        rooms=told.facts.rooms,
        handlers=tuple(f"{name}({staff})" for staff, name in told.facts.handlers),
        materials=told.facts.materials,
        steps=told.steps,
        basis=told.basis,
        fee=told.fee,
        delivery=item.delivery,
        elements=disclosure(pack, item),
        nearby=tuple((agency.name, agency.address, agency.phone) for agency in nearby(pack, item)[:MAX_NEARBY]),
        question=asks_for_consent(item),
    )


def with_notices(pack: HallPack, shown: PackShown) -> PackShown:
    """Return what terminals need of the pack with the notice of each item."""
    told = {item.code: notice_shown(pack, item) for item in pack.items}
    items = tuple(msgspec.structs.replace(item, notice=told.get(item.code)) for item in shown.items)  # type: ignore[call-overload]
    return msgspec.structs.replace(shown, items=items)
