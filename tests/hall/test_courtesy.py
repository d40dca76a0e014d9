"""Every text that the product shows, speaks or prints, against table A.2; and the table's verbatim sentences."""

import ast
import html
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from hall.errors import HallError
from hall.ids import TicketLabel, WindowId
from hall.speech.courtesy import Category, Taboo, forbidden_in, lint
from hall.speech.phrase_library import LIBRARY, Occasion, say
from hall.speech.phrases import call_spoken, call_text, greeting

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTES_THE_TABLE = frozenset({"hall/speech/courtesy.py"})
"""The one file that must hold the forbidden phrases themselves."""

# Table A.2 of the draft, verbatim, by its six categories.
TABLE_A2 = {
    Category.COMMAND: ("叫号去！排队去！", "快点，要下班了。", "喂，说话呀！再不说话我就挂了啊！", "你先听我说。"),
    Category.INTERROGATION: (
        "喂（哎）！你找谁！你有什么事？",
        "刚才和你说过了，怎么还问？",
        "没看我正忙着吗？",
        "手续不全你来干什么？",
        "没弄清楚来干嘛！",
        "叫你呢，没听见吗？",
        "喂，听懂了吧?",
    ),
    Category.CONTEMPT: (
        "拿好了，丢了不负责！",
        "你去告吧，反正不是我的事。",
        "你知道什么?",
        "你不可能知道？",
    ),
    Category.IMPATIENCE: (
        "罗嗦、麻烦，你简单一点。",
        "不知道、不清楚，你去XX问吧。",
        "文件上有规定，自己查去。",
        "喂，什么？你说什么？",
        "你别讲了，我知道怎么回事了。",
    ),
    Category.DENIAL: ("你这个办不了！", "你这个不行！", "不可以！", "这是规定，我也没办法！"),
    Category.DEFIANCE: ("政策就这么规定的，有意见告去，找领导去！", "该找谁找谁去，我不管。"),
}


def texts() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the product with the file it stands in: catalogues, packs, programs, pages, scripts."""
    for folder in ("hall", "kiosk", "hall_server", "deploy"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix not in READERS or name in QUOTES_THE_TABLE:
                continue
            yield from ((name, text) for text in READERS[path.suffix](path) if CHINESE.search(text))


def catalogue_texts(path: Path) -> Iterator[str]:
    return (entry.msgstr for entry in polib.pofile(str(path)))


def program_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def data_texts(path: Path) -> Iterator[str]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for part in value.values():
                yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)

    return walk(tomllib.loads(path.read_text(encoding="utf-8")))


def page_texts(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"\{[%{#].*?[%}#]\}", "", text, flags=re.DOTALL)
    yield from (html.unescape(piece) for piece in re.split(r"<[^>]*>", bare))
    yield from script_texts(path)


def script_texts(path: Path) -> Iterator[str]:
    yield from re.findall(r"[\"'`]([^\"'`\n]*)[\"'`]", path.read_text(encoding="utf-8"))


READERS = {
    ".po": catalogue_texts,
    ".py": program_texts,
    ".toml": data_texts,
    ".html": page_texts,
    ".js": script_texts,
}


@pytest.mark.row("ATT-11", part="rule")
@pytest.mark.row("QUE-19", part="rule")
def test_every_text_of_the_product_is_courteous() -> None:
    found = [(name, text, lint(text)) for name, text in texts()]
    assert not [(name, text, hits) for name, text, hits in found if hits]
    files = {name for name, _, _ in found}
    assert {
        "kiosk/text/languages/zh.po",
        "deploy/packs/qinghe/items.toml",
        "hall_server/console/pages/overview.html",
        "kiosk/devices/virtual/bench_page.html",
        "hall/speech/phrases.py",
    } <= files, "a room whose texts are not read is not checked"
    assert len(found) > 1000


@pytest.mark.row("ATT-11", part="rule")
@pytest.mark.parametrize(("category", "text"), [(kind, text) for kind, all_ in TABLE_A2.items() for text in all_])
def test_every_sentence_of_table_a2_is_refused_in_its_category_with_a_polite_pair(
    category: Category, text: str
) -> None:
    hits = lint(text)
    assert category in {hit.category for hit in hits}
    for hit in hits:
        assert lint(hit.instead) == (), "the alternative is courteous itself"
        assert hit.found
    assert lint(f"对不起,{text}"), "politeness in front does not make it polite"


def test_the_verbatim_last_row_of_the_table_is_refused() -> None:
    assert lint("不清楚，不知道。")


@pytest.mark.row("ATT-11", part="rule")
def test_a_reply_with_a_forbidden_phrase_is_answered_with_the_polite_one() -> None:
    (hit,) = lint("您好,你这个办不了。")
    assert hit.phrase == "你这个办不了"
    assert hit.instead.startswith("对不起,这项依据")


@pytest.mark.parametrize(
    "text",
    [
        "如果您不清楚,请问导引员。",
        "给您添麻烦了。",
        "不麻烦的,请您放心。",
        "您可以去12号窗口排队等候。",
        "营业时间到17:00,下班后请拨打12333。",
        "这项业务不可以由他人代办,请您本人到场。",
        "请报告去年的情况",
    ],
)
def test_single_words_of_the_table_in_courteous_sentences_pass(text: str) -> None:
    assert lint(text) == ()


def test_the_halls_own_taboo_words_are_refused_with_what_to_say_instead() -> None:
    (hit,) = lint("样例忌语在这里", (Taboo(word="样例忌语", instead="请用正式名称"),))
    assert (hit.category, hit.instead) == (Category.TABOO, "请用正式名称")


@pytest.mark.row("ATT-10", part="rule")
def test_the_library_has_every_category_of_table_a1_and_all_of_it_passes_the_lint() -> None:
    assert {phrase.occasion for phrase in LIBRARY.values()} == set(Occasion)
    assert [occasion.value for occasion in Occasion] == [
        "首问语",
        "过程语",
        "征询语",
        "结束语",
        "欢迎语",
        "感谢语",
        "道歉语",
        "同情语",
        "确认语",
    ]
    for phrase in LIBRARY.values():
        assert forbidden_in(phrase.template) == (), phrase.template
    assert len(LIBRARY) == 37
    spoken = "".join(phrase.template for phrase in LIBRARY.values())
    assert all(word in spoken for word in ("您好", "请", "谢谢", "对不起", "再见"))


@pytest.mark.row("ATT-12", part="rule")
def test_a_template_is_filled_whole_or_not_at_all() -> None:
    assert (
        say("first.staff", agency="青禾市", staff="丁一")
        == "您好，青禾市社会保险机构咨询工作人员丁一，请问有什么可以帮助您？"
    )
    assert say("process.window", window="3号") == "对不起，请您到3号窗口做详细咨询，好吗？"
    for values in ({}, {"agency": "青禾市"}, {"agency": "青禾市", "staff": " "}):
        with pytest.raises(HallError, match=r"needs .*staff"):
            say("first.staff", **values)
    with pytest.raises(HallError, match="is not in the library"):
        say("first.nobody")
    for phrase in LIBRARY.values():
        text = say(phrase.key, **dict.fromkeys(phrase.blanks, "样例"))
        assert not re.search(r"[{}×]|XX", text)


def test_calls_and_greeting_are_courteous() -> None:
    for recalled in (False, True):
        for label in ("A012", "A12-K3", "Y003"):
            assert lint(call_text(TicketLabel(label), WindowId("14"), recalled)) == ()
            assert lint(call_spoken(TicketLabel(label), WindowId("14"), recalled)) == ()
    assert lint(greeting("青禾市社会保险服务大厅")) == ()
