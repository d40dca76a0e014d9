from datetime import date

import pytest

from deploy.pack_search import search_file
from hall.errors import HallError
from hall.ids import ItemCode
from hall.pack.hall_pack import parse
from hall.services.guidance import about, answers_on, nearby, referral_for, referral_of_insurance
from hall.services.searching import MAX_FOUND, Directory
from hall.services.service_items import item_of
from tests.hall.world import pack_files, qinghe


def changed(file: str, old: str, new: str) -> dict[str, str]:
    files = pack_files()
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    return files


@pytest.mark.row("DIR-02", part="rule")
@pytest.mark.parametrize("query", ["工伤", "gs", "GS ", "gongshang", "余安"])
def test_characters_pinyin_or_initials_find_department_room_handler_and_phone(query: str) -> None:
    found = Directory(qinghe()).find(query)
    department = next(hit for hit in found if hit.kind == "department")
    assert (department.title, department.place, department.phone) == ("工伤保险科", "105室", "12000000105")
    assert department.handlers == ("余安",)


def test_search_is_bounded_and_silence_finds_nothing() -> None:
    directory = Directory(qinghe())
    assert directory.find("  ") == ()
    assert directory.find("没有这样的地方") == ()
    assert len(directory.find("a")) == MAX_FOUND
    assert {hit.kind for hit in directory.find("新农保")} == {"department"}, "the old name still leads there"
    assert directory.find("ybbx")[0].kind == "referral"
    assert directory.find("SI-301")[0].code == "SI-301"


@pytest.mark.row("DIR-03", part="rule")
def test_every_agency_tells_address_phone_and_hours_and_is_found_by_name() -> None:
    pack = qinghe()
    assert {agency.level for agency in pack.directory.agencies} == {"province", "city", "county", "township", "village"}
    assert all(a.address and a.phone and a.hours and a.duties for a in pack.directory.agencies)
    (hit,) = (hit for hit in Directory(pack).find("donghezhen") if hit.code == "T1")
    assert (hit.place, hit.phone) == ("东河镇样例街4号(样例)", "12000000205")


@pytest.mark.row("REG-02", part="rule")
def test_asking_for_medical_reimbursement_leads_to_the_referral_slip() -> None:
    pack = qinghe()
    told = referral_for(pack, "医保报销")
    assert told is not None
    assert told.office == "青禾市医疗保障服务中心(样例)"
    assert all(getattr(told, field) for field in told.__struct_fields__)
    assert referral_of_insurance(pack, "生育保险") == told
    assert [row.title for row in pack.insurances if not row.referral] == [
        "企业职工基本养老保险",
        "机关事业单位工作人员养老保险",
        "城乡居民基本养老保险",
        "工伤保险",
        "失业保险",
    ]
    assert referral_of_insurance(pack, "工伤保险") is None


def test_the_longest_word_decides_and_our_own_matters_are_not_sent_away() -> None:
    pack = qinghe()
    told = referral_for(pack, "我要做工伤 认定")
    assert told is not None
    assert told.office.startswith("青禾市人力资源")
    assert referral_for(pack, "工伤报销") is None


@pytest.mark.row("REG-03", part="rule")
def test_an_item_done_in_the_village_names_the_places_nearest_first() -> None:
    pack = qinghe()
    places = nearby(pack, item_of(pack, ItemCode("SI-302")))
    assert [place.level for place in places] == ["village", "village", "township", "township", "county", "county"]
    assert nearby(pack, item_of(pack, ItemCode("SI-301"))) == ()


@pytest.mark.row("REG-05", part="rule")
def test_every_link_of_the_work_is_a_category_or_left_out_with_a_reason() -> None:
    pack = qinghe()
    told = (
        "参保登记、保险费收缴、基金划拨、个人账户管理、待遇核定和支付、基金管理、保险关系转移接续、"
        "统计管理、内控稽核、资格认证、档案管理、监督检查、宣传咨询、举报受理"
    )
    titles = [link.title for link in pack.links]
    assert titles[:14] == told.split("、")
    carried = {item.category for item in pack.items}
    assert all(link.excluded or link.title in carried for link in pack.links)
    with pytest.raises(HallError, match=r"rules\.toml:基金划拨.*excluded"):
        parse(changed("rules.toml", 'excluded = "基金财务由经办机构内部办理,不在大厅受理"', ""))


@pytest.mark.row("REG-10", part="rule")
def test_about_names_rule_pack_standard_date_and_each_reference_with_its_version() -> None:
    lines = about(qinghe())
    assert "zixun-2015-draft/1" in lines[0]
    assert "征求意见稿" in lines[0]
    assert "2015" in lines[0]
    assert "以法律法规为准" in lines[1]
    assert "社会保险经办条例 国务院令第765号 2023-12-01 现行;所引条文已对照公布文本" in lines
    assert len(lines) == 2 + len(qinghe().references)


@pytest.mark.row("CON-01", part="rule")
def test_an_answer_without_basis_is_refused_and_all_22_have_one() -> None:
    pack = qinghe()
    assert len(pack.answers) == 22
    assert all(answer.basis for answer in pack.answers)
    assert {answer.kind for answer in pack.answers} == {"law", "clause", "point", "reading", "case"}
    with pytest.raises(HallError, match=r"answers\.toml:QA-06\.basis"):
        parse(changed("answers.toml", 'basis = ["社会保险经办条例第18条"]', "basis = []"))
    with pytest.raises(HallError, match=r"answers\.toml:QA-06\.basis.*依据"):
        parse(changed("answers.toml", 'basis = ["社会保险经办条例第18条"]', 'basis = [""]'))


def test_an_answer_is_gone_the_day_after_its_last() -> None:
    files = changed(
        "answers.toml", 'valid_from = "2026-01-01"', 'valid_from = "2026-01-01"\nvalid_until = "2026-11-23"'
    )
    pack = parse(files)
    assert len(answers_on(pack, date(2026, 11, 23))) == 22
    assert len(answers_on(pack, date(2026, 11, 24))) == 21
    assert answers_on(pack, date(2025, 12, 31)) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("directory.toml", 'office = "medical"', 'office = "medicine"', r"directory\.toml:medical\.office.*allowed"),
        ("directory.toml", 'parent = "X1"', 'parent = "X9"', r"directory\.toml:T1\.parent.*X1"),
        ("directory.toml", 'parent = "P"', 'parent = "V1"', r"directory\.toml:C\.parent.*higher"),
        ("directory.toml", 'room = "105"', 'room = "106"', r"windows\.toml:10\.room.*106"),
        ("directory.toml", 'phone = "12000000105"', 'phone = ""', r"directory\.toml:工伤保险科\.phone"),
        ("directory.toml", '"低保", "救助"', '"低保", "医保"', r"directory\.toml:civil\.words.*medical"),
        ("directory.toml", '"低保", "救助"', "", r"directory\.toml:civil\.words.*mandatory"),
        (
            "windows.toml",
            'department = "工伤保险科"',
            'department = "工伤科"',
            r"windows\.toml:10\.department.*工伤保险科",
        ),
        ("rules.toml", 'referral = "medical"', 'referral = "x"', r"rules\.toml:基本医疗保险\.referral"),
        ("rules.toml", "arranged_days = 3 ", "arranged_days = 6 ", r"arranged_days ≤ asked_days"),
        ("rules.toml", "insured_per_window = 150000", "insured_per_window = 0", r"rules\.insured_per_window"),
        ("rules.toml", "rectify_days = 15 ", "rectify_days = 0 ", r"rules\.rectify_days.*1 to 60"),
        ("rules.toml", 'number = "国务院令第765号"', 'number = "x"\nnumbre = "y"', r"unknown key.*number"),
        ("rules.toml", 'status = "现行"', 'status = ""', r"rules\.toml:.*status"),
        (
            "rules.toml",
            "[[references]]",
            '[[taboos]]\nword = ""\ninstead = "x"\n\n[[references]]',
            r"rules\.toml:taboos",
        ),
        ("items.toml", 'category = "参保登记"', 'category = "登记"', r"items\.toml:SI-101\.category.*参保登记"),
        ("answers.toml", '"SI-301", "SI-302"', '"SI-399"', r"answers\.toml:QA-06\.items.*SI-399"),
        ("answers.toml", 'referral = "tax"', 'referral = "taxes"', r"answers\.toml:QA-19\.referral.*tax"),
        ("answers.toml", 'valid_from = "2026-01-01"', 'valid_from = "2026-13-01"', r"answers\.toml:QA-01\.valid_from"),
        (
            "answers.toml",
            'valid_from = "2026-01-01"',
            'valid_from = "2026-01-01"\nvalid_until = "2025-01-01"',
            r"answers\.toml:QA-01\.valid_until",
        ),
        ("answers.toml", "不收费,咨询也免费。", "免费。" * 70, r"answers\.toml:QA-01\.answer.*200"),
        (
            "answers.toml",
            "不收费,咨询也免费。",
            "不收费,自己查去。",
            r"answers\.toml:QA-01\.answer.*规定原文和解释在这里",
        ),
        ("search.toml", 'text = "工伤保险科"', 'text = "工伤科"', r"search\.toml:words.*pack_search"),
        ("search.toml", 'pinyin = "wen jing"', 'pinyin = "Wén jìng"', r"search\.toml:文静\.pinyin"),
        ("hall.toml", 'counted_on = "2026-01-01"', 'counted_on = "soon"', r"hall\.toml:hall\.counted_on"),
        ("hall.toml", "insured_count = 540000", "insured_count = -1", r"hall\.toml:hall\.insured_count"),
    ],
)
def test_dangling_guidance_and_missing_facts_are_refused_by_name(file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(HallError, match=told):
        parse(changed(file, old, new))


def test_the_halls_own_taboo_words_hold_for_its_texts() -> None:
    taboo = '[[taboos]]\nword = "咨询也免费"\ninstead = "都不收费"\n\n[[references]]'
    with pytest.raises(HallError, match=r"answers\.toml:QA-01\.answer.*都不收费"):
        parse(changed("rules.toml", "[[references]]", taboo))


def test_the_search_words_are_those_the_script_makes_from_the_pack() -> None:
    files = pack_files()
    assert search_file(files) == files["search.toml"]
