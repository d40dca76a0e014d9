"""What the hall says aloud and in print about calls, and its greeting. The lint of all texts is `courtesy`."""

from hall.ids import TicketLabel, WindowId
from hall.speech.courtesy import forbidden_in

__all__ = ["call_spoken", "call_text", "forbidden_in", "greeting", "spoken_number"]

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


def _spoken_sign(sign: str) -> str:
    return "杠" if sign == "-" else DIGITS.get(sign, sign)
