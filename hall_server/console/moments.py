"""Hall time and durations as people read them."""

from hall.calendar.working_days import local_datetime

MINUTE_S = 60
HOUR_MIN = 60
NONE = "—"


def clock(at: float | None) -> str:
    """Return local `09:31:05`."""
    return NONE if at is None else f"{local_datetime(at):%H:%M:%S}"


def minute(at: float | None) -> str:
    """Return local `09:31`."""
    return NONE if at is None else f"{local_datetime(at):%H:%M}"


def moment(at: float | None, now: float) -> str:
    """Return the clock time, with the date when it is not of today."""
    if at is None:
        return NONE
    told, today = local_datetime(at), local_datetime(now)
    return f"{told:%H:%M:%S}" if told.date() == today.date() else f"{told.month}月{told.day}日 {told:%H:%M}"


def date(at: float) -> str:
    """Return `2026年11月23日 星期一`."""
    told = local_datetime(at)
    return f"{told.year}年{told.month}月{told.day}日 星期{'一二三四五六日'[told.weekday()]}"


def span(seconds: float) -> str:
    """Return a duration such as `45秒`, `12分钟`, `1小时05分`."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return f"{whole}秒"
    minutes = whole // MINUTE_S
    if minutes < HOUR_MIN:
        return f"{minutes}分钟"
    hours, rest = divmod(minutes, HOUR_MIN)
    return f"{hours}小时{rest:02d}分" if rest else f"{hours}小时"


def unobserved(seconds: float) -> str:
    """Return how long nothing was observed."""
    return span(seconds) if seconds >= 1 else "无"


def percent(share: float | None) -> str:
    """Return a share as `99.5%`, never rounded up to 100; 「暂无数据」 when nothing was observed."""
    if share is None:
        return "暂无数据"
    tenths = int(share * 1000 + 1e-9)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"
