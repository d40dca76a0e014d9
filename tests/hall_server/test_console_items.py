"""What the hall offers, publishes and follows stands on the console as the pack has it: items, limits, scope."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import CallNext, FinishService, SignIn, StartService
from hall.ids import StaffId, WindowId
from hall.pack.hall_pack import HallPack
from hall.pack.tables import MaterialKind
from hall.punctuation import chinese
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import Hall, seen

SEVEN, STAFF = WindowId("7"), StaffId("0303")
ELEMENTS = (
    "事项名称",
    "事项简述",
    "办理材料",
    "办理方式",
    "办理时限",
    "结果送达",
    "收费依据及标准",
    "办事时间",
    "办理机构及地点",
    "咨询查询途径",
    "监督投诉渠道",
)


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


def told(hall: Hall, page: str, **asked: str) -> Any:
    return json.loads(hall.text(f"/api/{page}", **asked))


def with_pack(known: Hall, **changes: object) -> Hall:
    return Hall(msgspec.structs.replace(known.pack, **changes), known.ledger, known.writer)


@pytest.mark.row("EXT-12", part="face")
@pytest.mark.row("PUB-03", part="face")
def test_the_table_of_limits_lists_every_item_with_law_promise_and_article_and_prints(hall: Hall) -> None:
    page = seen(hall.text("/items"))
    for item in hall.pack.items:
        legal = f"{item.legal_days}个工作日" if item.legal_days is not None else item.legal_note or "未作规定"
        promised = item.promised_note if item.promised_days == 0 else f"{item.promised_days}个工作日"
        assert chinese(f"{item.title} {legal} {promised} {item.legal_basis} {item.fee}") in page
    assert "职工基本养老金申领 20个工作日 15个工作日 社会保险经办条例第18条" in page
    print_rules = hall.text("/console.css").partition("@media print")[2]
    assert "header nav" in print_rules
    assert "display: none" in print_rules


@pytest.mark.row("PUB-02", part="face")
@pytest.mark.row("EXT-19", part="face")
def test_an_items_page_has_all_eleven_elements_in_order_and_its_basis(hall: Hall) -> None:
    for item in hall.pack.items:
        page = seen(hall.text("/item", code=item.code))
        places = [page.index(f"{head} ") for head in ELEMENTS]
        assert places == sorted(places)
        assert chinese(f"办理依据 {item.legal_basis} ") in page
        assert item.legal_basis


@pytest.mark.row("EXT-14", part="face")
@pytest.mark.row("REG-08", part="face")
def test_each_material_shows_its_basis_and_what_the_hall_looks_up_is_not_to_be_handed_in(hall: Hall) -> None:
    for item in hall.pack.items:
        page = seen(hall.text("/item", code=item.code))
        for material in item.materials:
            mark = {MaterialKind.SHARED: "(可免提交)", MaterialKind.PLEDGE: "(可告知承诺)"}.get(material.kind, "")
            assert chinese(f"{material.name}{mark} {'身份证件' if material.identity else material.basis}") in page
    assert chinese("户籍信息(可免提交) 社会保险经办条例第8条") in seen(hall.text("/item", code="SI-302"))


@pytest.mark.row("REG-03", part="face")
def test_an_item_done_in_the_village_shows_the_places_nearby_first(hall: Hall) -> None:
    page = seen(hall.text("/item", code="SI-302"))
    village = next(one for one in hall.pack.directory.agencies if one.level == "village")
    county = next(one for one in hall.pack.directory.agencies if one.level == "township")
    assert chinese(f"{village.name} {village.address} {village.phone}") in page.partition("可就近办理")[2]
    assert page.index(chinese(village.name)) < page.index(chinese(county.name))
    assert "可就近办理" not in seen(hall.text("/item", code="SI-301"))


def test_an_item_of_choice_is_marked_with_its_question(hall: Hall) -> None:
    items = tuple(
        msgspec.structs.replace(one, optional=one.code == "SI-701", fee="工本费16元") for one in hall.pack.items
    )
    choosing = with_pack(hall, items=items)
    assert "社会保障卡申领、补换 自愿选择" in seen(choosing.text("/items"))
    assert chinese("“社会保障卡申领、补换”由您自愿选择,工本费16元") in seen(choosing.text("/item", code="SI-701"))


def test_an_unknown_item_is_told_politely(hall: Hall) -> None:
    assert "没有这个编号的事项" in seen(hall.text("/item", code="<b>"))
    assert told(hall, "item", code="SI-999") is None


# ---- 合规: scope and limits ---------------------------------------------------------------------------------------


@pytest.mark.row("REG-01", part="face")
def test_the_halls_level_and_kind_are_shown_and_change_the_window_rule(hall: Hall) -> None:
    county = with_pack(hall, hall=msgspec.structs.replace(hall.pack.hall, level="county", insured_count=8000))
    town = with_pack(hall, hall=msgspec.structs.replace(hall.pack.hall, level="township", insured_count=8000))
    assert "县级 · 社会保险经办机构" in seen(county.text("/compliance"))
    assert "乡镇(街道) · 社会保险经办机构" in seen(town.text("/compliance"))
    assert told(county, "compliance")["plan"]["required"] == 1
    assert told(town, "compliance")["plan"]["required"] == 0


@pytest.mark.row("REG-02", part="face")
def test_five_kinds_of_insurance_are_ours_and_medical_ones_lead_to_the_referral(hall: Hall) -> None:
    page = seen(hall.text("/compliance"))
    ours = [one.title for one in hall.pack.insurances if not one.referral]
    assert len(ours) == 5
    assert all(f"{title} 本厅办理" in page for title in ours)
    office = next(one.name for one in hall.pack.directory.offices if "医疗保障" in one.name)
    assert chinese(f"基本医疗保险 转介到{office}") in page
    assert chinese(f"生育保险 转介到{office}") in page


@pytest.mark.row("REG-05", part="face")
def test_every_link_of_the_work_has_items_or_says_why_not(hall: Hall) -> None:
    page = seen(hall.text("/compliance"))
    for link in hall.pack.links:
        count = sum(item.category == link.title for item in hall.pack.items)
        assert chinese(f"{link.title} {link.excluded or f'{count} 个'}") in page
        assert link.excluded or count


@pytest.mark.row("SLA-04", part="face")
@pytest.mark.row("SLA-02", part="face")
def test_what_is_received_today_shows_its_last_day_for_an_answer(hall: Hall) -> None:
    hall.now = datetime(2026, 9, 24, 2, 0, tzinfo=UTC).timestamp()
    page = seen(hall.text("/compliance"))
    assert "另行约定 3个工作日 2026-09-30" in page
    assert "请示后答复 5个工作日 2026-10-09" in page
    assert "信函 10个工作日 2026-10-15" in page


def test_a_last_day_in_a_year_without_calendar_is_told_as_provisional(hall: Hall) -> None:
    years = tuple(year for year in hall.pack.calendar.years if year.year == 2026)
    lacking = with_pack(hall, calendar=msgspec.structs.replace(hall.pack.calendar, years=years))
    lacking.now = datetime(2026, 12, 25, 2, 0, tzinfo=UTC).timestamp()
    page = seen(lacking.text("/compliance"))
    assert "另行约定 3个工作日 2026-12-30 请示" in page
    assert "（暂定，日历未维护）" in page


# ---- 公平: waiting and service times -------------------------------------------------------------------------------


@pytest.mark.row("QUE-15", part="face")
def test_median_and_ninetieth_percentile_equal_a_hand_count(
    pack: HallPack, ledger: Ledger, make_writer: Callable[..., HandWriter]
) -> None:
    clock = [MONDAY]
    hall = Hall(pack, ledger, make_writer(ledger, clock=lambda: clock[0]))
    desk, kiosk = Desk("W07", "window_panel"), Desk("K1")
    hall.writer.turn(desk.ask(SignIn(staff=STAFF, sealed_pin=b"", window=SEVEN), "in"))
    served_min = (4, 11, 6, 23, 9)
    issued, waited = [], []
    for number in range(len(served_min)):
        hall.now = clock[0] = MONDAY + 60 * number
        hall.take(kiosk, f"t{number}")
        issued.append(hall.now)
    for number, minutes in enumerate(served_min):
        clock[0] += 60
        waited.append((clock[0] - issued[number]) / 60)
        hall.writer.turn(desk.ask(CallNext(window=SEVEN, staff=STAFF), f"call{number}"))
        hall.writer.turn(desk.ask(StartService(window=SEVEN, staff=STAFF), f"start{number}"))
        clock[0] += 60 * minutes
        hall.writer.turn(desk.ask(FinishService(window=SEVEN, staff=STAFF), f"finish{number}"))
    hall.now = clock[0]
    rows = {(row["by"], row["title"]): row for row in told(hall, "fairness")["times"]}
    for found in (("item", "职工基本养老金申领"), ("window", "7号窗口"), ("hour", "09时")):
        row = rows[found]
        assert row["count"] == row["service_count"] == len(served_min)
        assert row["median_min"] == pytest.approx(median(waited))
        assert row["p90_min"] == pytest.approx(max(waited))  # the 5th of 5: nearest rank of 0.9
        assert row["service_median_min"] == pytest.approx(median(served_min))
        assert row["service_p90_min"] == pytest.approx(max(served_min))
    page = seen(hall.text("/fairness"))
    assert f"职工基本养老金申领 5 {round(median(waited))} 分钟 {round(max(waited))} 分钟 9 分钟 23 分钟" in page
