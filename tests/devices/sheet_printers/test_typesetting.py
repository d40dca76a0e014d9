"""The A4 sheet, read back by a PDF reader that we did not write."""

import io
import time
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.flows.a4_papers import A4Facts, A4Paper, A4Words, a4_statement
from kiosk.ports import DeviceError, Fault
from tests.devices.sheet_printers.papers import AT, FORMS, SAY, long, named, official
from tests.flows import samples

SETTER = Typesetter("K1.sheet_printer")
SECOND = 1.0
OF_ALL = (
    "青禾市社会保险事业服务中心（样例）",
    "数据截至2026-11-20",
    "打印时间2026-11-2309:35",
    "终端K1",
    "编号QH-20261123-K1-000001",
    "校验码7F3K9QAZ",
    "有效至2026-12-23",
    "监督电话12345",
    "第1页，共1页",
    "本单不收费。",
    "样例数据，不作凭证",
)
BODIES = {
    "certificate": (
        "参保缴费证明",
        "姓名李和",
        "证件号码000000198907220025",
        "社会保障号码000000198907220025",
        "2017年1月至2026年10月",
        "青禾纺织有限公司（样例）",
        "工伤保险",
        "2017-01至2026-10",
        "118个月",
        "2025-11正常",
    ),
    "rights_record": ("个人权益记录单", "68,432.17元", "6,480.00元", "1,426.84元", "76,339.01元", "108个月", "无"),
    "contributions": ("缴费明细", "王平", "到账年月", "4,500.00", "缴费月数10个月", "个人合计9,000.00元", "未缴"),
    "pension_payments": (
        "养老金发放明细",
        "张安",
        "2,318.60",
        "642.15",
        "318.40",
        "3,279.15",
        "39,349.80元",
        "2025-12-15",
    ),
}


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def catalogue(pdf: pypdf.PdfReader) -> Any:
    return pdf.trailer["/Root"].get_object()


def described(pdf: pypdf.PdfReader) -> str:
    return str(catalogue(pdf)["/Metadata"].get_object().get_data().decode())


def bare(text: str) -> str:
    """Text without spaces: where a reader puts them is its own affair."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pages_of(pdf: bytes) -> list[str]:
    return [bare(page.extract_text()) for page in reader(pdf).pages]


def words(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def has(pdf: bytes, wanted: str) -> bool:
    return bare(wanted) in words(pdf)


@pytest.mark.row("RGT-04", part="face")
@pytest.mark.parametrize("form", FORMS)
def test_each_official_form_says_everything_on_one_sheet(form: str) -> None:
    pdf = SETTER.pdf(official(form))
    assert len(reader(pdf).pages) == 1
    told = words(pdf)
    assert [wanted for wanted in (*OF_ALL, *BODIES[form]) if bare(wanted) not in told] == []
    assert "补打" not in told


@pytest.mark.row("RGT-05", part="face")
def test_a_copy_says_so_on_every_page_under_the_same_serial() -> None:
    pages = pages_of(SETTER.pdf(long(62)))
    assert len(pages) == 3
    assert all("补打" in page and "QH-20261123-K1-000001" in page for page in pages)


def test_a_long_statement_repeats_its_head_and_tells_its_totals_once() -> None:
    pages = pages_of(SETTER.pdf(long(40)))
    assert ["缴费基数" in page for page in pages] == [True, True]
    assert ["缴费月数40个月" in page for page in pages] == [False, True]
    assert [bare(f"第{number}页，共2页") in page for number, page in enumerate(pages, 1)] == [True, True]
    assert all("李和" in page for page in pages)


def test_statements_without_rows_say_so() -> None:
    paper = a4_statement(samples.statement(0), SAY, printed_at="now", made_at=AT, copy=False)
    assert has(SETTER.pdf(paper), "查询期间没有缴费记录")


def test_the_sheet_is_tagged_archivable_and_embeds_our_own_fonts() -> None:
    pdf = reader(SETTER.pdf(official("contributions")))
    root = catalogue(pdf)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("zh")
    told = described(pdf)
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in told
    resources: Any = pdf.pages[0]["/Resources"]
    fonts = resources["/Font"]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert names
    assert all("NotoSansCJK" in name for name in names), names


def test_what_a_pdf_says_of_itself_names_no_person() -> None:
    pdf = SETTER.pdf(official("contributions"))
    told = str(reader(pdf).metadata) + described(reader(pdf))
    assert "缴费明细" in told
    assert "王平" not in told
    assert "000000197511030036" not in told


def test_the_same_sheet_has_the_same_bytes_whoever_sets_it() -> None:
    paper = official("pension_payments")
    assert SETTER.pdf(paper) == Typesetter("K2.sheet_printer").pdf(paper)
    assert SETTER.pdf(paper) != SETTER.pdf(replace(paper, made_at=paper.made_at + 86_400))


def test_a_sheet_is_set_within_a_second() -> None:
    begun = time.process_time()
    SETTER.pdf(long(120))
    assert time.process_time() - begun < SECOND


@pytest.mark.parametrize(
    "name",
    [
        "#set text(size: 90pt)",
        '#read("/etc/passwd")',
        "$x^2$ *bold* _under_ `raw` <label> @ref",
        r"\u{1F600} \ \\ \n",
        "'\"“”‘’",
        '#import "@preview/cetz:0.1.0"',
        "{page} {of} %s %(name)s",
        "//not-a-comment /* nor this */",
        "= heading",
        "- item",
        "阿依古丽·麦麦提" * 12,
        "王䶮",
        "㛃曌𬭳𬴃",
        "ئايگۈل مەمەت",
        "བཀྲ་ཤིས",
        "Ö. Müller-Lüdenscheidt, 3rd",
    ],
)
def test_whatever_a_name_holds_is_printed_as_it_is(name: str) -> None:
    pdf = SETTER.pdf(named(name))
    assert len(reader(pdf).pages) == 1
    if all(ord(character) < 0x600 or ord(character) > 0x2E80 for character in name):
        assert has(pdf, name), words(pdf)


def test_a_character_that_no_font_has_is_refused_without_quoting_it() -> None:
    for name in ("\ue0f0", "\U00031152", "\x07"):
        with pytest.raises(DeviceError) as told:
            SETTER.pdf(named(f"王{name}"))
        assert told.value.reason is Fault.REFUSED
        assert "王" not in str(told.value)
        assert told.value.__cause__ is None


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30), st.text("#$\\\"'`*_<>@[]{}()=-+/~ \n\t", max_size=30))
def test_no_words_become_markup_or_break_the_printer(free: str, signs: str) -> None:
    paper = named(free)
    told = replace(paper, blocks=(A4Words(signs), A4Facts(((signs, free),), totals=True)), agency=signs)
    try:
        pages = len(reader(SETTER.pdf(told)).pages)
    except DeviceError as error:
        pages = 1 if error.reason is Fault.REFUSED else 0
    assert pages == 1


def test_a_missing_font_is_told_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(DeviceError) as told:
        Typesetter("K1.sheet_printer", (tmp_path,))
    assert told.value.reason is Fault.OPTION
    assert "Noto Sans CJK SC: install fonts-noto-cjk" in told.value.sentence


def test_pictures_of_the_pages_can_be_looked_at() -> None:
    assert [png[:4] for png in SETTER.pictures(long(40), 40)] == [b"\x89PNG"] * 2


def test_nothing_of_the_person_is_in_a_repr() -> None:
    paper: A4Paper = official("contributions")
    assert "王平" not in repr(paper)
    assert "000000197511030036" not in repr(paper)
    assert "4,500.00" not in repr(paper)
