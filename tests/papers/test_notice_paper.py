"""The one-time notice as it comes out of the printer, of every item of the sample hall (CON-04, ATT-06)."""

from functools import partial

import msgspec
import pytest

from hall.pack.hall_pack import HallPack, shown
from hall.pack.tables import MaterialKind, ServiceItem
from hall.punctuation import chinese
from hall.services.noticing import with_notices
from hall.wire.pack_shown import ItemShown, PackShown
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.virtual.printer import Tcp, VirtualPrinter
from kiosk.flows.notice_papers import notice_slip
from kiosk.flows.papers import Say
from kiosk.ports import Fault, PrintOutcome
from kiosk.text.catalogue import load
from tests.hall.world import qinghe

SAY: Say = partial(load().say, "zh")
WAIT_S = 60.0
PACK: HallPack = qinghe()
SHOWN: PackShown = with_notices(PACK, shown(PACK, bytes(32)))


def item_shown(code: str) -> ItemShown:
    return next(item for item in SHOWN.items if item.code == code)


def on_paper(item: ItemShown, pack: PackShown = SHOWN) -> str:
    """What a strict printer understood of our bytes; blanks and line ends do not count."""
    printer = VirtualPrinter("K1.slip_printer", Tcp())
    printer.start()
    try:
        host, port = str(printer.state()["address"]).rsplit(":", 1)
        options = Options(transport="tcp", host=host, port=int(port), confirm="process_id")
        driver = connect(options, "K1.slip_printer", _quiet)
        try:
            slip = notice_slip(item, pack, SAY, printed_at="2026-11-23 09:30")
            assert driver.print("notice", slip).outcome is PrintOutcome.PRINTED  # type: ignore[arg-type]
        finally:
            driver.close()
        assert printer.wait_until(lambda it: bool(it.papers), WAIT_S)
        assert printer.errors == []
        return plain("".join(paper.text for paper in printer.papers))
    finally:
        printer.stop()


def plain(text: str) -> str:
    return "".join(chinese(text).split())


def _quiet(job: str, fault: Fault | None) -> None:
    """Nobody waits in these tests."""


@pytest.mark.row("ATT-06", part="face")
@pytest.mark.row("CON-04", part="face")
@pytest.mark.parametrize("item", PACK.items, ids=lambda item: item.code)
def test_the_printed_notice_of_every_item_has_five_facts_three_sections_and_a_version(item: ServiceItem) -> None:
    paper = on_paper(item_shown(item.code))
    rooms = {window.room for window in PACK.windows if window.number in item.windows}
    handlers = [member for member in PACK.staff if set(member.windows) & set(item.windows)]
    promised = item.promised_note if item.promised_days == 0 else f"承诺{item.promised_days}个工作日"
    assert handlers
    facts = [*item.windows, *rooms, *(member.name for member in handlers), promised]
    facts += [material.name for material in item.materials] or ["无需材料"]
    for fact in facts:
        assert plain(fact) in paper, fact
    materials, steps, limits = (paper.index(head) for head in ("所需材料", "办理流程", "办理时限"))
    assert materials < steps < limits
    for step in item.steps:
        assert plain(step.title) in paper[steps:limits]
    notice = item_shown(item.code).notice
    assert notice is not None
    assert f"告知单版本{notice.version}" in paper
    assert plain(item.legal_basis) in paper


def test_what_the_hall_looks_up_is_printed_as_not_to_be_handed_in() -> None:
    for item in PACK.items:
        shared = [one.name for one in item.materials if one.kind is MaterialKind.SHARED]
        if shared:
            paper = on_paper(item_shown(item.code))
            assert all(plain(f"{name}(可免提交)") in paper for name in shared)


def test_the_version_changes_with_what_is_told_and_the_sample_mark_with_the_hall() -> None:
    item = PACK.items[0]
    other = msgspec.structs.replace(item, delivery=item.delivery, promised_note="次日办结")
    changed = msgspec.structs.replace(PACK, items=(other, *PACK.items[1:]))
    told = with_notices(changed, shown(changed, bytes(32))).items[0].notice
    before = item_shown(item.code).notice
    assert told is not None
    assert before is not None
    assert told.version != before.version
    assert "样例" in on_paper(item_shown(item.code))


def test_no_name_number_or_card_of_a_resident_is_on_it() -> None:
    paper = on_paper(item_shown("SI-301"))
    assert "000000" not in paper
    assert "身份证号" not in paper


def test_an_item_of_an_older_server_still_gives_its_materials() -> None:
    bare = msgspec.structs.replace(item_shown("SI-301"), notice=None)
    paper = on_paper(bare)
    assert "所需材料" in paper
    assert plain("申领表") in paper
