"""Why this one: a call turned into one polite sentence, in Chinese and in English. Never the ground of a priority."""

from hall.events import HeadCompared, Quote, TicketCalled
from hall.pack.tables import Limits
from hall.queue.disciplines import Ground


def explain(call: TicketCalled) -> tuple[str, str]:
    """Return why this ticket was called, from the call's own record: to be read to the person behind."""
    chosen = next((head for head in call.compared if head.ticket == call.ticket), None)
    if chosen is None:
        return f"请{call.label}号到{call.window}号窗口办理。", f"{call.label} is called to window {call.window}."
    ground = Ground(call.because) if call.because in set(Ground) else Ground.CREDIT
    return sentence(chosen, ground)


def why(chosen: HeadCompared, ground: Ground, limits: Limits) -> tuple[str, str]:
    """Return the sentence for a head that is about to be called; `limits` are the pack's."""
    return sentence(chosen, ground, limits.max_priority_in_row)


def sentence(chosen: HeadCompared, ground: Ground, in_row: int | None = None) -> tuple[str, str]:
    """Return the sentence. `in_row` is how many priority calls went before, where it is known."""
    label, minutes = chosen.label, int(chosen.waited_s // 60)
    if ground is Ground.OUT_OF_ORDER:
        return (
            f"{label}号因本厅工作安排提前办理,原因已记录在案,感谢您的理解。",
            f"{label} is taken before its turn; the hall has recorded why. Thank you for your patience.",
        )
    if ground is Ground.PRE_CALLED:
        return (
            f"{label}号已提前请到窗口附近等候,轮到这位办理。",
            f"{label} was asked to come near in advance and is next.",
        )
    if chosen.priority:
        return (
            f"{label}号是优先号,已等候{minutes}分钟,按本厅优先服务的规定,请先为这位办理。",
            f"{label} is a priority number and has waited {minutes} min; the hall's priority rule takes it first.",
        )
    if ground in (Ground.IN_ROW, Ground.RATIO):
        times = f"{in_row}位" if in_row and ground is Ground.IN_ROW else ""
        return (
            f"已连续为{times}优先号办理,请为已等候{minutes}分钟的{label}号办理。",
            f"After {in_row if times else 'the'} priority numbers in a row, {label} is next ({minutes} min waited).",
        )
    return (
        f"{label}号已等候{minutes}分钟,在本窗口可办理的普通号中等候最久,请为这位办理。",
        f"{label} has waited {minutes} min, longest of the ordinary numbers this window serves.",
    )


def sorry(waited_s: float, told: Quote | None) -> tuple[str, str]:
    """Return the apology for a wait that passed the quoted range; empty when it did not, or nothing was quoted."""
    if told is None or waited_s <= told.high_min * 60:
        return "", ""
    return "对不起,让您久等了。", "We are sorry to have kept you waiting."
