"""The lint that keeps every text courteous, with what to say instead.

Table A.2 of 《社会保险咨询服务规范》(draft), by whole phrases and sentence patterns, never single words
(decision D-19): A.2 holds 麻烦 and 不清楚, while A.1 itself says 给您添麻烦了.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Category(StrEnum):
    """The six kinds of table A.2, and the hall's own list of words that hurt a people or a faith (8.3 ¶5)."""

    COMMAND = "命令语"
    INTERROGATION = "质问语"
    CONTEMPT = "蔑视语"
    IMPATIENCE = "烦躁语"
    DENIAL = "否定语"
    DEFIANCE = "斗气语"
    TABOO = "民族、宗教忌语"


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One discourteous place of a text."""

    phrase: str
    """As the table has it."""
    category: Category
    found: str
    """As the text has it, without its blanks."""
    instead: str
    """What to say instead, in Chinese."""


class Taboo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word that the hall itself refuses, and what to say instead."""

    word: str
    instead: str


def lint(text: str, taboos: Iterable[Taboo] = ()) -> tuple[Hit, ...]:
    """Return every discourteous place of `text`, each with its polite alternative; empty for a courteous text."""
    plain = "".join(_PUNCTUATION.get(sign, sign) for sign in text if not sign.isspace())
    hits = [
        Hit(phrase=rule.phrase, category=rule.category, found=match[0], instead=rule.instead)
        for rule in _RULES
        if (match := rule.pattern.search(plain))
    ]
    hits += [
        Hit(phrase=taboo.word, category=Category.TABOO, found=taboo.word, instead=taboo.instead)
        for taboo in taboos
        if taboo.word in plain
    ]
    return tuple(hits)


def forbidden_in(text: str) -> tuple[str, ...]:
    """Return the phrases of `text` that table A.2 forbids, as the table has them; empty for a courteous text."""
    return tuple(hit.phrase for hit in lint(text))


class _Rule(msgspec.Struct, frozen=True):
    category: Category
    phrase: str
    pattern: re.Pattern[str]
    instead: str


_PUNCTUATION = dict(zip("，。！？；：…（）", ",.!?;:.()", strict=True)) | {"、": ",", "~": "."}
_START = r"(?:^|[,.!?;:「\"“”(])(?:对不起,?|抱歉,?|你|您|我|喂|这个|这|我们)*"
"""A sentence or clause begins here; politeness in front does not make the rest polite."""
_END = r"(?=$|[,.!?;:」\"”)])"

_HERE = "您好,请在这里取号,我来帮您。"
_EVERYONE = "您别着急,已取号的都会为您办完。"
_LISTENING = "对不起!请您大声一点,好吗?"
_MEANING = "对不起,您的意思是……?"
_HELP = "您好,请问您需要什么帮助?"
_AGAIN = "我再为您说明一遍,也可以打印给您。"
_MOMENT = "对不起,请您稍等片刻,好吗?"
_ALL_AT_ONCE = "需要的材料我一次列给您,请您看看还缺哪一项。"
_CALL = "请A012号到3号窗口办理。"
_CLEAR = "请问我刚才的解释您是否听清楚了?"
_REPRINT = "请您收好单据,如有遗失可以在本机补打。"
_LEAD = "您的意见可以在这里留下,值班负责人会答复您。"
_ASK = "为了帮助您解决问题,我可以向您询问几个问题吗?"
_REFERRAL = "这项由…负责,地址…,电话…,请您收好这张转介单。"
_TEXT = "规定原文和解释在这里,需要为您打印吗?"
_NOT_HERE = "对不起,这项依据…第…条暂不能在本厅办理,您可以到…办理,已为您打印转介单。"
_BEYOND = "对不起,这超出了我的服务范围,不过我可以请我们上司或领导与您联系,好吗?"

_TABLE: tuple[tuple[Category, tuple[tuple[str, str, str], ...]], ...] = (
    (
        Category.COMMAND,
        (
            ("叫号去", r"叫号去", _HERE),
            ("排队去", r"排队去|去排队" + _END, _HERE),
            ("快点,要下班了", r"快点|(?:要|快|该)下班了", _EVERYONE),
            ("说话呀,再不说话我就挂了", r"说话呀|再不说话|我就挂了", _LISTENING),
            ("你先听我说", r"你先听我说", _MEANING),
        ),
    ),
    (
        Category.INTERROGATION,
        (
            ("你找谁,你有什么事", r"你找谁|你有什么事", _HELP),
            ("刚才和你说过了,怎么还问", r"(?:刚才|刚刚).{0,3}[你您]说过|怎么还问", _AGAIN),
            ("没看我正忙着吗", r"没看(?:见|到)?我?正?忙", _MOMENT),
            ("手续不全你来干什么", r"来干什么", _ALL_AT_ONCE),
            ("没弄清楚来干嘛", r"来干嘛", _ALL_AT_ONCE),
            ("叫你呢,没听见吗", r"叫[你您]呢|没听[见到]吗", _CALL),
            ("听懂了吧", r"(?<!您)听懂了[吧吗没]", _CLEAR),
        ),
    ),
    (
        Category.CONTEMPT,
        (
            ("丢了不负责", r"丢了.{0,4}不负责", _REPRINT),
            ("你去告吧,不是我的事", r"你去告|不是我的事|不关我的?事", _LEAD),
            ("你知道什么", r"你知道什么|你懂什么", _ASK),
            ("你不可能知道", r"你不可能知道", _ASK),
        ),
    ),
    (
        Category.IMPATIENCE,
        (
            ("罗嗦,麻烦,你简单一点", r"[罗啰]嗦|你简单一?点|" + _START + r"麻烦" + _END, _MEANING),
            ("不知道,不清楚", _START + r"(?:不知道|不清楚)" + _END + r"|[你您]去.{1,12}问吧", _REFERRAL),
            ("文件上有规定,自己查去", r"自己查去|自己去查|自己看去", _TEXT),
            ("什么,你说什么", r"你说什么", _MEANING),
            ("你别讲了,我知道怎么回事了", r"你别[讲说]了|我知道怎么回事", _MEANING),
        ),
    ),
    (
        Category.DENIAL,
        (
            ("你这个办不了", r"[你您]?这(?:个|项|件|事)?办不了|" + _START + r"办不了" + _END, _NOT_HERE),
            ("你这个不行", r"[你您]?这个?不行|" + _START + r"不行" + _END, _NOT_HERE),
            ("不可以", _START + r"不可以" + _END, _NOT_HERE),
            ("这是规定,我也没办法", r"我也?没办法", _BEYOND),
        ),
    ),
    (
        Category.DEFIANCE,
        (
            ("有意见告去,找领导去", r"(?<![报广公])告去|找领导去|政策就这么规定", _LEAD),
            ("该找谁找谁去,我不管", r"该找谁找谁|我不管", _REFERRAL),
        ),
    ),
)

_RULES = tuple(
    _Rule(category, phrase, re.compile(pattern), instead)
    for category, rows in _TABLE
    for phrase, pattern, instead in rows
)
