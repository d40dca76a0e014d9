"""What the hall says aloud and in print about calls, and the lint that keeps every text courteous.

Phrases to avoid: table A.2 of 《社会保险咨询服务规范》(draft), by whole phrases and sentence patterns, never single
words: A.2 holds 麻烦, and A.1 itself says 给您添麻烦了.
"""

import re

from hall.ids import TicketLabel, WindowId

DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
TENS = 10
SPOKEN_NUMBERS_END = 100
"""From here on a window number is spoken digit by digit."""


def call_text(label: TicketLabel, window: WindowId, recalled: bool = False) -> str:
    """Return what the display shows: 请A012号到3号窗口办理, or when recalled 请A012号尽快到3号窗口."""
    return f"请{label}号尽快到{window}号窗口" if recalled else f"请{label}号到{window}号窗口办理"


def call_spoken(label: TicketLabel, window: WindowId, recalled: bool = False) -> str:
    """Return what the speaker says, spaced where a voice should part words: 请 A 零 一 二 号 到 三 号 窗口办理."""
    number = " ".join(_spoken_sign(sign) for sign in label)
    if recalled:
        return f"请 {number} 号 尽快 到 {spoken_number(window)} 号 窗口"
    return f"请 {number} 号 到 {spoken_number(window)} 号 窗口办理"


def spoken_number(window: WindowId) -> str:
    """Return a window number in words: 3 → 三, 14 → 十四, 20 → 二十; anything else sign by sign."""
    if not window.isascii() or not window.isdigit() or not 0 < int(window) < SPOKEN_NUMBERS_END:
        return " ".join(_spoken_sign(sign) for sign in window)
    tens, ones = divmod(int(window), TENS)
    words = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[str(tens)]}十"
    return words + (DIGITS[str(ones)] if ones or not tens else "")


def greeting(hall_title: str) -> str:
    """Return the greeting and the question as one text (首问语)."""
    return f"您好,欢迎来到{hall_title}。请问您需要什么帮助?"


def forbidden_in(text: str) -> tuple[str, ...]:
    """Return the phrases of `text` that table A.2 forbids, as the table has them; empty for a courteous text."""
    plain = "".join(_PUNCTUATION.get(sign, sign) for sign in text if not sign.isspace())
    return tuple(told for told, pattern in _FORBIDDEN if pattern.search(plain))


def _spoken_sign(sign: str) -> str:
    return "杠" if sign == "-" else DIGITS.get(sign, sign)


_PUNCTUATION = dict(zip("，。！？；：…（）", ",.!?;:.()", strict=True)) | {"、": ",", "~": "."}
_START = r"(?:^|[,.!?;:「」\"“”(])(?:对不起,?|抱歉,?|你|您|我|喂|这个|这|我们)*"
"""A sentence or clause begins here; politeness in front does not make the rest polite."""
_END = r"(?=$|[,.!?;:」\"”)])"

_FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (told, re.compile(pattern))
    for told, pattern in (
        # 命令语
        ("叫号去", r"叫号去"),
        ("排队去", r"排队去|去排队" + _END),
        ("快点,要下班了", r"快点|(?:要|快|该)下班了"),
        ("说话呀,再不说话我就挂了", r"说话呀|再不说话|我就挂了"),
        ("你先听我说", r"你先听我说"),
        # 质问语
        ("你找谁,你有什么事", r"你找谁|你有什么事"),
        ("刚才和你说过了,怎么还问", r"(?:刚才|刚刚).{0,3}[你您]说过|怎么还问"),
        ("没看我正忙着吗", r"没看(?:见|到)?我?正?忙"),
        ("手续不全你来干什么", r"来干什么"),
        ("没弄清楚来干嘛", r"来干嘛"),
        ("叫你呢,没听见吗", r"叫[你您]呢|没听[见到]吗"),
        ("听懂了吧", r"(?<!您)听懂了[吧吗没]"),
        # 蔑视语
        ("丢了不负责", r"丢了.{0,4}不负责"),
        ("你去告吧,不是我的事", r"你去告|不是我的事|不关我的?事"),
        ("你知道什么", r"你知道什么|你懂什么"),
        ("你不可能知道", r"你不可能知道"),
        # 烦躁语
        ("罗嗦,麻烦,你简单一点", r"[罗啰]嗦|你简单一?点|" + _START + r"麻烦" + _END),
        ("不知道,不清楚", _START + r"(?:不知道|不清楚)" + _END + r"|[你您]去.{1,12}问吧"),
        ("文件上有规定,自己查去", r"自己查去|自己去查|自己看去"),
        ("什么,你说什么", r"你说什么"),
        ("你别讲了,我知道怎么回事了", r"你别[讲说]了|我知道怎么回事"),
        # 否定语
        ("你这个办不了", r"[你您]?这(?:个|项|件|事)?办不了|" + _START + r"办不了" + _END),
        ("你这个不行", r"[你您]?这个?不行|" + _START + r"不行" + _END),
        ("不可以", _START + r"不可以" + _END),
        ("这是规定,我也没办法", r"我也?没办法"),
        # 斗气语
        ("有意见告去,找领导去", r"(?<![报广公])告去|找领导去|政策就这么规定"),
        ("该找谁找谁去,我不管", r"该找谁找谁|我不管"),
    )
)
