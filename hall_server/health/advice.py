"""What people can do now, in Chinese, where a terminal itself cannot say it."""

from hall.health.damping import FLAPPING
from hall_server.health.keeper import UNSENT

CLASH = "identity_clash"
COMMIT_FAILED = "commit_failed"
BROKER_AWAY = "broker_away"
ALL_SILENT = "all_silent"


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
    COMMIT_FAILED: "台账写入失败，系统会自动重试；请检查服务器磁盘空间",
    ALL_SILENT: "所有终端都没有消息，请先检查大厅的网络交换机；自助机脱网时仍可取号",
    BROKER_AWAY: "消息服务中断，系统正在自动重连；终端可照常取号",
}
