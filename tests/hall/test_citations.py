"""Every document that the sample pack leans on stands in its list of references, and no article beyond its last."""

import re

import pytest

from hall.services.guidance import about
from tests.hall.world import qinghe

SHORT = {"条例": "社会保险经办条例", "社会保险咨询服务规范(征求意见稿)": "社会保险咨询服务规范"}
LAST_ARTICLE = {
    "社会保险法": 98,
    "社会保险经办条例": 63,
    "工伤保险条例": 67,
    "军人保险法": 51,
    "住房公积金管理条例": 47,
    "社会救助暂行办法": 70,
    "残疾人保障法": 68,
}
"""Counted in the published texts (LawRefBook's copies of the national database of laws)."""
NOT_DOCUMENTS = ("12345热线统一受理", "国家未规定收费")


def citations() -> list[str]:
    pack = qinghe()
    told = [basis for answer in pack.answers for basis in answer.basis]
    told += [item.legal_basis for item in pack.items] + [item.fee_basis for item in pack.items]
    told += [material.basis for item in pack.items for material in item.materials if material.basis]
    told += [referral.basis.partition(":")[0] for referral in pack.directory.referrals]
    parts = {part for basis in told for part in re.split(r"[;、](?=\D)", basis)}
    return sorted(parts - set(NOT_DOCUMENTS))


def document(citation: str) -> str:
    name = re.split(r"第[\d、]+条|(?<=\))\d|(?<=定)\(", citation)[0]
    return SHORT.get(name, name)


@pytest.mark.parametrize("citation", citations())
def test_a_cited_document_is_in_the_list_and_has_such_an_article(citation: str) -> None:
    titles = {row.title.removeprefix("中华人民共和国") for row in qinghe().references}
    name = document(citation)
    assert name in titles
    for article in re.findall(r"\d+", "".join(re.findall(r"第([\d、]+)条", citation))):
        assert 1 <= int(article) <= LAST_ARTICLE.get(name, 99)


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
