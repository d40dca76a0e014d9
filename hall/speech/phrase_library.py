"""The phrases of courtesy: table A.1 of 《社会保险咨询服务规范》(draft), by its categories, with the blanks named.

A template is filled whole or not at all: nothing is ever shown or printed with a blank left in it.
"""

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter
from types import MappingProxyType

import msgspec

from hall.errors import HallError, Reason


class Occasion(StrEnum):
    """The categories of table A.1."""

    FIRST = "首问语"
    PROCESS = "过程语"
    ASKING = "征询语"
    CLOSING = "结束语"
    WELCOME = "欢迎语"
    THANKS = "感谢语"
    APOLOGY = "道歉语"
    SYMPATHY = "同情语"
    CONFIRMING = "确认语"


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    """One phrase; blanks are `{name}`."""

    key: str
    occasion: Occasion
    template: str

    @property
    def blanks(self) -> frozenset[str]:
        """Names of what must be filled in."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.template) if name)


_A1: tuple[tuple[Occasion, tuple[tuple[str, str], ...]], ...] = (
    (
        Occasion.FIRST,
        (
            ("first.business", "您好，请问您需要办理什么业务?"),
            ("first.help", "您好，请问您需要什么帮助？"),
            ("first.staff", "您好，{agency}社会保险机构咨询工作人员{staff}，请问有什么可以帮助您？"),
            ("first.waited", "对不起，刚才因为线路忙，让您久等了！请问有什么可以帮助您？"),
        ),
    ),
    (
        Occasion.PROCESS,
        (
            ("process.searching", "对不起，正在为您查询，请稍等。"),
            ("process.material", "对不起，您的{material}材料不符合要求，请您重新填写一下，好吗?"),
            ("process.clear", "请问我刚才的解释您是否听清楚了？"),
            ("process.outage", "对不起，因为系统正在调整，请您留下联系电话，待系统恢复后通知您，好吗？"),
            ("process.window", "对不起，请您到{window}窗口做详细咨询，好吗？"),
        ),
    ),
    (
        Occasion.ASKING,
        (
            ("asking.moment", "对不起，请您稍等片刻，好吗？"),
            ("asking.louder", "对不起！请您大声一点，好吗？"),
            ("asking.again", "抱歉/对不起，请您再重复一遍，好吗？"),
            ("asking.telephone", "对不起！您的电话声音太小，请您换一部电话打来，好吗？"),
            ("asking.questions", "对不起，为了帮助您解决问题，我可以向您询问几个问题吗？"),
            ("asking.so", "您看这样可以吗？"),
            ("asking.hand_over", "不好意思，这件事我会转交相关的工作人员为您处理好吗？"),
            ("asking.lead", "对不起，这超出了我的服务范围，不过我可以请我们上司或领导与您联系，好吗？"),
        ),
    ),
    (
        Occasion.CLOSING,
        (
            ("closing.satisfied", "请问对我的帮助满意吗？"),
            ("closing.more", "请问还有什么可以帮助您？"),
            ("closing.farewell", "再见，请走好！"),
            ("closing.duty", "不客气，这是我们应该做的。"),
            ("closing.glad", "不客气，很高兴为您服务。"),
            ("closing.call", "感谢您的来电，若有问题请再次来电，谢谢再见！"),
        ),
    ),
    (
        Occasion.WELCOME,
        (("welcome.hello", "您好！"), ("welcome.welcome", "欢迎!"), ("welcome.seat", "您请坐!")),
    ),
    (
        Occasion.THANKS,
        (
            ("thanks.opinion", "感谢您为我们提出的宝贵意见！"),
            ("thanks.support", "感谢您对我们工作的支持!"),
            ("thanks.understanding", "感谢您的配合和理解！"),
            ("thanks.reminder", "这是我们没有注意到的地方，谢谢您的提醒。"),
        ),
    ),
    (
        Occasion.APOLOGY,
        (
            ("apology.sorry", "对不起，很抱歉！"),
            ("apology.forgive", "对不起，请您原谅！"),
            ("apology.trouble", "给您添麻烦了。"),
        ),
    ),
    (
        Occasion.SYMPATHY,
        (("sympathy.understand", "我非常理解您的心情！"), ("sympathy.concern", "我也很替您着急！")),
    ),
    (
        Occasion.CONFIRMING,
        (("confirming.meaning", "对不起，您的意思是……?"), ("confirming.said", "您是说……吗？")),
    ),
)

LIBRARY: Mapping[str, Phrase] = MappingProxyType(
    {key: Phrase(key=key, occasion=occasion, template=template) for occasion, rows in _A1 for key, template in rows}
)
"""Every phrase of table A.1 by key, in the table's order."""


def say(key: str, /, **values: str) -> str:
    """Return a phrase with all its blanks filled.

    Raises `HallError(MALFORMED)` for a key that is not there, and for a blank left open or filled with nothing.
    """
    phrase = LIBRARY.get(key)
    if phrase is None:
        raise HallError(Reason.MALFORMED, f"phrase {key}", f"is not in the library; allowed are {', '.join(LIBRARY)}")
    empty = sorted(name for name in phrase.blanks if not values.get(name, "").strip())
    if empty:
        raise HallError(Reason.MALFORMED, f"phrase {key}", f"needs {', '.join(empty)}")
    return phrase.template.format_map(values)
