"""一次性告知: everything about an item told at once, in one paper with a version.

"One-time" means all at once, never "shown once": what a resident is later sent back for must have stood on it.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from hall.ids import ItemCode
from hall.pack.hall_pack import HallPack
from hall.pack.tables import ServiceItem
from hall.services.service_items import Facts, facts

VERSION_DIGITS = 8
AT_ONCE = "当场"


class OneTimeNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The three sections (materials, steps, limits) with the five facts. Names no resident; anybody may take one."""

    item: ItemCode
    title: str
    facts: Facts
    materials: tuple[str, ...]
    """Names alone, as `missing_from` compares them; `facts.materials` are the lines to print."""
    steps: tuple[str, ...]
    limit: str
    basis: str
    fee: str
    version: str
    """First 8 hex digits of the SHA-256 of everything above: the same version says the same."""

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the three sections as they are shown and printed."""
        return (("所需材料", self.facts.materials), ("办理流程", self.steps), ("办理时限", (self.limit,)))


def notice(pack: HallPack, item: ServiceItem) -> OneTimeNotice:
    """Return the notice of an item: all of it, at once."""
    told = OneTimeNotice(
        item=item.code,
        title=item.title,
        facts=facts(pack, item),
        materials=tuple(material.name for material in item.materials),
        steps=tuple(
            f"{place}. {step.title}:{f'{step.days}个工作日' if step.days else AT_ONCE}"
            for place, step in enumerate(item.steps, start=1)
        ),
        limit=facts(pack, item).limit,
        basis=item.legal_basis,
        fee=item.fee,
        version="",
    )
    digest = hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
    return msgspec.structs.replace(told, version=digest[:VERSION_DIGITS])


def missing_from(told: OneTimeNotice, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the materials now asked for that the notice did not name: 告知不全, the hall's fault and not theirs."""
    return tuple(name for name in wanted if name not in told.materials)
