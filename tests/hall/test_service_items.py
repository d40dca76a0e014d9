import msgspec
import pytest

from hall.commands import Called, CallNext
from hall.errors import HallError, Reason
from hall.ids import ItemCode, TicketId
from hall.pack.hall_pack import parse
from hall.services.notices import missing_from, notice
from hall.services.service_items import asks_for_consent, disclosure, facts, item_of, limit_text, limits_table
from tests.hall.world import PENSION, World, pack_files, qinghe

MILITARY = ItemCode("SI-108")


def changed(old: str, new: str, code: str = "SI-301") -> dict[str, str]:
    files = pack_files()
    text = files["items.toml"]
    place = text.index(old, text.index(f'code = "{code}"'))
    files["items.toml"] = text[:place] + new + text[place + len(old) :]
    return files


@pytest.mark.row("CON-04", part="rule")
def test_every_item_tells_the_five_mandatory_facts() -> None:
    pack = qinghe()
    for item in pack.items:
        told = facts(pack, item)
        assert all((told.windows, told.rooms, told.handlers, told.limit, told.materials)), item.code
        assert all(name for _, name in told.handlers)
    pension = facts(pack, item_of(pack, PENSION))
    assert pension.windows == ("7", "8", "14")
    assert pension.rooms == ("103室", "大厅")
    assert pension.handlers == (("0303", "石磊"), ("0304", "江月"), ("0310", "文静"))
    assert pension.limit == "承诺15个工作日(法定20个工作日)"
    assert pension.materials[1] == "职工档案(由单位或代管机构提供)"


@pytest.mark.row("CON-04", part="rule")
def test_an_item_whose_windows_nobody_serves_is_refused() -> None:
    files = pack_files()
    files["staff.toml"] = files["staff.toml"].replace('windows = ["12"]', "windows = []").replace('["14"]', "[]")
    with pytest.raises(HallError, match=r"items\.toml:SI-103\.windows.*经办人员"):
        parse(files)


@pytest.mark.row("EXT-19", part="rule")
def test_an_item_discloses_all_eleven_elements_in_their_order() -> None:
    pack = qinghe()
    for item in pack.items:
        told = disclosure(pack, item)
        assert [heading for heading, _ in told] == [
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
        ]
        assert all(text for _, text in told)


@pytest.mark.row("CON-03", part="rule")
@pytest.mark.parametrize(
    ("key", "old", "part"),
    [
        ("summary", "参保职工达到法定条件后,申请按月领取基本养老金。", "经办内容"),
        ("legal_basis", 'legal_basis = "社会保险经办条例第18条"', "服务规则"),
        ("delivery", "书面核定表,窗口领取或邮寄", "结果送达"),
        ("ways", 'ways = ["窗口办理", "网上办理"]', "办理方式"),
        ("category", "待遇核定和支付", "业务类别"),
    ],
)
def test_an_item_with_an_empty_part_is_refused_by_the_name_of_the_part(key: str, old: str, part: str) -> None:
    new = {"ways": "ways = []", "legal_basis": 'legal_basis = ""'}.get(key, "")
    with pytest.raises(HallError, match=rf"items\.toml:SI-301\.{key}.*{part}"):
        parse(changed(old, new))


@pytest.mark.row("CON-03", part="rule")
def test_an_item_without_steps_is_refused() -> None:
    text = pack_files()["items.toml"]
    start = text.index("steps = [", text.index('code = "SI-304"'))
    with pytest.raises(HallError, match=r"SI-304\.steps.*经办规程"):
        parse(changed(text[start : text.index("\n]", start) + 2], "steps = []", "SI-304"))


@pytest.mark.row("EXT-14", part="rule")
def test_a_material_beyond_the_identity_paper_needs_a_legal_basis() -> None:
    with pytest.raises(HallError, match=r"SI-301\.materials.*申领表.*basis"):
        parse(changed('{ name = "申领表", basis = "社会保险经办条例第18条" }', '{ name = "申领表" }'))
    with pytest.raises(HallError, match=r"SI-301\.materials.*always"):
        parse(changed("identity = true", 'identity = true, kind = "shared"'))
    with pytest.raises(HallError, match=r"SI-301\.materials.*name"):
        parse(changed('{ name = "申领表"', '{ name = ""'))
    for item in qinghe().items:
        assert all(material.identity or material.basis for material in item.materials)


@pytest.mark.row("REG-08", part="rule")
def test_what_the_hall_can_look_up_is_printed_as_not_to_be_handed_in() -> None:
    pack = qinghe()
    assert "营业执照(可免提交)" in facts(pack, item_of(pack, ItemCode("SI-103"))).materials
    assert "关系证明(可告知承诺)" in facts(pack, item_of(pack, ItemCode("SI-303"))).materials
    assert facts(pack, item_of(pack, ItemCode("SI-801"))).materials == ("无需材料",)


@pytest.mark.row("SLA-08", part="rule")
def test_a_promise_longer_than_the_law_is_refused_and_steps_must_sum_to_it() -> None:
    with pytest.raises(HallError, match=r"SI-301\.promised_days.*legal limit of 20"):
        parse(changed("promised_days = 15", "promised_days = 21"))
    with pytest.raises(HallError, match=r"SI-301\.steps.*sum to 16.*promise is 15"):
        parse(changed("days = 5", "days = 6"))
    with pytest.raises(HallError, match=r"SI-301\.steps"):
        parse(changed('title = "档案审核"', 'title = ""'))
    for item in qinghe().items:
        assert sum(step.days for step in item.steps) == item.promised_days <= (item.legal_days or 999)


@pytest.mark.row("ATT-06", part="rule")
def test_a_notice_has_three_sections_and_a_version_of_its_content() -> None:
    pack = qinghe()
    told = notice(pack, item_of(pack, PENSION))
    assert [heading for heading, _ in told.sections] == ["所需材料", "办理流程", "办理时限"]
    assert all(lines and all(lines) for _, lines in told.sections)
    assert told.steps[0] == "1. 受理:当场"
    assert told.steps[1] == "2. 档案审核:5个工作日"
    assert len(told.version) == 8
    assert notice(pack, item_of(pack, PENSION)) == told
    other = parse(changed('name = "申领表"', 'name = "待遇申领表"'))
    assert notice(other, item_of(other, PENSION)).version != told.version


@pytest.mark.row("ATT-04", part="rule")
def test_what_was_not_on_the_notice_is_named_when_it_is_asked_for_later() -> None:
    pack = qinghe()
    told = notice(pack, item_of(pack, PENSION))
    assert missing_from(told, told.materials) == ()
    assert missing_from(told, ("申领表", "户口簿")) == ("户口簿",)


@pytest.mark.row("PUB-03", part="rule")
def test_the_table_of_limits_lists_every_item_with_its_basis() -> None:
    table = limits_table(qinghe())
    assert len(table) == 29
    assert all(title and limit and basis for title, limit, basis in table)
    assert limit_text(item_of(qinghe(), ItemCode("SI-106"))) == "承诺15个工作日(规定时限)"
    assert limit_text(item_of(qinghe(), ItemCode("SI-304"))) == "即时办结"


@pytest.mark.row("PUB-02", part="rule")
def test_every_item_names_at_least_one_basis() -> None:
    assert all(item.legal_basis for item in qinghe().items)


@pytest.mark.row("CON-10", part="rule")
def test_free_items_say_so_and_items_of_choice_ask_first() -> None:
    item = item_of(qinghe(), PENSION)
    assert item.fee == "不收费"
    assert asks_for_consent(item) == ""
    chosen = msgspec.structs.replace(item, optional=True, fee="工本费20元")
    assert "工本费20元" in asks_for_consent(chosen)
    assert asks_for_consent(chosen).endswith("您看这样可以吗?")


def test_military_items_carry_the_flag_of_priority_and_no_other_does() -> None:
    assert [item.code for item in qinghe().items if item.priority] == [MILITARY]


@pytest.mark.row("EXT-16", part="rule")
def test_a_military_transfer_is_served_with_priority_under_its_own_number() -> None:
    world = World().open().sign_in_all()
    world.take("first", ItemCode("SI-101"))
    world.now += 60
    issued = world.take("military", MILITARY)
    assert issued.label.startswith("B"), "the number is that of its queue"
    assert world.state.tickets[TicketId("military")].priority
    assert not world.state.tickets[TicketId("first")].priority
    world.now += 300
    called = world.at(CallNext)
    assert isinstance(called.reply, Called)
    assert called.reply.ticket == "military"


@pytest.mark.row("EXT-16", part="rule")
def test_a_military_transfer_is_quoted_the_wait_of_those_served_first() -> None:
    world = World().open().sign_in_all()
    for index in range(12):
        world.take(f"t{index}", ItemCode("SI-101"))
    quoted = world.take("military", MILITARY).quote
    ordinary = world.take("last", ItemCode("SI-101")).quote
    assert quoted is not None
    assert ordinary is not None
    assert quoted.people_ahead < ordinary.people_ahead
    assert quoted.high_min < ordinary.high_min


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(HallError) as refused:
        item_of(qinghe(), ItemCode("SI-999"))
    assert refused.value.reason is Reason.UNKNOWN_ITEM
