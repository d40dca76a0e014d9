"""Every document that the sample pack leans on stands in its list of references, and no article beyond its last."""

import re

import pytest

from hall.services.guidance import about
from tests.hall.world import qinghe

SHORT = {"社会保险咨询服务规范(征求意见稿)": "社会保险咨询服务规范"}
LAST_ARTICLE = {
    "社会保险法": 98,
    "社会保险经办条例": 63,
    "工伤保险条例": 67,
    "军人保险法": 51,
    "住房公积金管理条例": 47,
    "社会救助暂行办法": 70,
    "残疾人保障法": 68,
    "无障碍环境建设法": 72,
    "户口登记条例": 24,
    "居民身份证法": 23,
}
"""Counted in the published texts (LawRefBook's copies of the national database of laws)."""
NOT_DOCUMENTS = ("国家未规定收费",)
READ = "所引条文已对照公布文本"
SAYS_WHAT_WAS_NOT_SEEN = ("不注条号", "未见", "未核对")
NUMBERED = r"^\S+〔\d{4}〕\d+号"


def citations() -> list[str]:
    pack = qinghe()
    told = [basis for answer in pack.answers for basis in answer.basis]
    told += [item.legal_basis for item in pack.items] + [item.fee_basis for item in pack.items]
    told += [material.basis for item in pack.items for material in item.materials if material.basis]
    told += [referral.basis.partition(":")[0] for referral in pack.directory.referrals]
    parts = {part for basis in told for part in re.split(r"[;、](?=\D)", basis)}
    return sorted(parts - set(NOT_DOCUMENTS))


def document(citation: str) -> str:
    """Return the title of what is cited, also where it is cited by its number."""
    number = re.match(NUMBERED, citation)
    if number is not None:
        found = [row.title for row in qinghe().references if row.number == number[0]]
        return found[0] if found else number[0]
    name = re.split(r"第[\d、]+条|(?<=\))\d|(?<=定)\(", citation)[0]
    return SHORT.get(name, name)


@pytest.mark.parametrize("citation", citations())
def test_a_cited_document_is_in_the_list_and_has_such_an_article(citation: str) -> None:
    titles = {row.title.removeprefix("中华人民共和国") for row in qinghe().references}
    name = document(citation)
    assert name in titles
    for article in re.findall(r"\d+", "".join(re.findall(r"第([\d、]+)条", citation))):
        assert 1 <= int(article) <= LAST_ARTICLE.get(name, 99)


def status_of(citation: str) -> str:
    titles = {row.title.removeprefix("中华人民共和国"): row.status for row in qinghe().references}
    return titles[document(citation)]


def names_its_place(citation: str) -> bool:
    """An article, or a clause of the standard."""
    return re.search(r"第[\d、]+条|\)\d+\.\d+$", citation) is not None


def test_every_citation_names_its_article_or_its_document_says_that_none_was_seen() -> None:
    bare = {citation: status_of(citation) for citation in citations() if not names_its_place(citation)}
    rules_of_others = {"国办发〔2020〕53号", "京社保发〔2013〕45号(例)"}  # a whole document, and one city's example
    for citation, status in bare.items():
        assert citation in rules_of_others or any(told in status for told in SAYS_WHAT_WAS_NOT_SEEN), citation
    assert len(bare) == 4, "a new citation without its article: look for the article first"


def test_an_article_is_cited_only_of_what_was_read() -> None:
    for citation in citations():
        if names_its_place(citation):
            assert not any(told in status_of(citation) for told in ("原文未见", "不注条号")), citation


def test_what_was_read_is_a_law_or_regulation_whose_last_article_is_known() -> None:
    for row in qinghe().references:
        if READ in row.status:
            assert row.title.removeprefix("中华人民共和国") in LAST_ARTICLE


def test_about_lists_each_reference_with_its_version() -> None:
    told = "\n".join(about(qinghe()))
    for row in qinghe().references:
        assert f"{row.title} {row.number} {row.version}" in told


def test_the_standards_own_normative_references_are_all_there() -> None:
    numbers = {row.number for row in qinghe().references}
    assert numbers >= {
        "GB/T 17242-1998",
        "GB/T 19038-2009",
        "GB/T 19039-2009",
        "GB/T 27768-2011",
        "GB/T 27769-2011",
        "人社部发〔2012〕99号",
    }
