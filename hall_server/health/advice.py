"""What people can do now, in Chinese, where a terminal itself cannot say it."""

from hall.health.damping import FLAPPING
from hall_server.health.keeper import UNSENT

CLASH = "identity_clash"
COMMIT_FAILED = "commit_failed"
SLIP_KEY_CHANGED = "slip_key_changed"
DAY_WITHHELD = "day_withheld"
DAY_KEY_RENEWED = "day_key_renewed"
BROKER_AWAY = "broker_away"
ALL_SILENT = "all_silent"

ENDED_BY = {"day_believed": (DAY_WITHHELD,), "day_opened": (DAY_WITHHELD, DAY_KEY_RENEWED)}
"""What the writer says when an alarm of its own is over, and which."""


def silent_terminal(title: str, area: str) -> str:
    """Return what to do when a terminal is not heard any more."""
    return f"{title}没有消息，请到「{area}」检查它的电源和网线；它脱网时仍可取号"


def silent_screen(title: str, area: str) -> str:
    """Return what to do when a terminal that takes no numbers is not heard any more."""
    return f"{title}没有消息，请到「{area}」检查它的电源和网线"


ADVICE: dict[str, str] = {
    FLAPPING: "设备时好时坏，请检查它的接线和电源，或请管理员更换",
    UNSENT: "记录超过一分钟没有送达，已存在本机，不会丢失；请检查网络",
    CLASH: "有两台设备使用同一编号，均已暂停接收；请核对后在隔离区放行",
    SLIP_KEY_CHANGED: "这台终端的号单签名换了；如确实更换过硬盘或重装过，请管理员在隔离区确认",
    COMMIT_FAILED: "台账写入失败，系统会自动重试；请检查服务器磁盘空间",
    ALL_SILENT: "所有终端都没有消息，请先检查大厅的网络交换机；自助机脱网时仍可取号",
    DAY_WITHHELD: "服务器日期与台账对不上，业务日没有自动开放，终端用备用号照常取号；请管理员校准时间，再在服务器上运行"
    " day confirm 确认日期",
    DAY_KEY_RENEWED: "当天的证件去重密钥丢失，已重新生成；此前取过号的证件今天可能再取一个号，请导引台留意",
    BROKER_AWAY: "消息服务中断，系统正在自动重连；终端可照常取号",
}
