"""What was odd about a merged fact, as one closed list, and what staff read of it."""

from enum import StrEnum

import msgspec

from hall.ids import EventId, TicketId


class Oddity(StrEnum):
    """Why somebody should look at a merged fact."""

    ALREADY_CALLED = "already_called"
    CALL_RETURNED = "call_returned"
    CALLED_TOO_LATE = "called_too_late"
    SERVED_ELSEWHERE = "served_elsewhere"
    SERVED_UNCALLED = "served_uncalled"
    SERVED_TWICE = "served_twice"
    FINISHED_UNSEEN = "finished_unseen"
    MISSED_ELSEWHERE = "missed_elsewhere"
    NOT_MISSED = "not_missed"
    OUT_OF_PLACE = "out_of_place"
    NOT_ISSUED = "not_issued"
    SECOND_ISSUE = "second_issue"
    LABEL_CLASH = "label_clash"
    ONE_ID_TWICE = "one_id_twice"


TOLD = {
    Oddity.ALREADY_CALLED: "这个号已由{other}号窗口先呼叫",
    Oddity.CALL_RETURNED: "这次呼叫没有播报,号已回到原来的位置",
    Oddity.CALLED_TOO_LATE: "呼叫时这个号已不在等候",
    Oddity.SERVED_ELSEWHERE: "由{other}号窗口呼叫,在{window}号窗口办理",
    Oddity.SERVED_UNCALLED: "没有有效的呼叫记录,已在{window}号窗口办理",
    Oddity.SERVED_TWICE: "{other}号窗口和{window}号窗口都记录了办理,请核对",
    Oddity.FINISHED_UNSEEN: "有办结记录,没有开始办理的记录",
    Oddity.MISSED_ELSEWHERE: "{window}号窗口记为过号,但这个号当时不在该窗口",
    Oddity.NOT_MISSED: "恢复时这个号没有过号",
    Oddity.OUT_OF_PLACE: "记录的操作与这个号当时的状态不符",
    Oddity.NOT_ISSUED: "取号记录还没有送达",
    Oddity.SECOND_ISSUE: "同一张号有两条取号记录,以先取的为准",
    Oddity.LABEL_CLASH: "同一个号码发给了两位,两位都有效,请当面核对",
    Oddity.ONE_ID_TWICE: "同一编号下有两条不同的记录,请核对设备编号",
}
"""What the console and the guide desk say of an oddity."""


class Flagged(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One fact that did not fit. `other` is the window that held the ticket then, empty when none did."""

    event_id: EventId
    oddity: Oddity
    ticket: TicketId
    window: str = ""
    other: str = ""

    @property
    def told(self) -> str:
        """One sentence for staff."""
        return TOLD[self.oddity].format(window=self.window, other=self.other)
