"""The console's words, Chinese, each once. What is not named here is shown as its code, never hidden."""

from collections.abc import Mapping

from hall.health import State
from hall.tickets import TicketState

STATES: Mapping[str, str] = {
    State.UP: "正常",
    State.DEGRADED: "需留意",
    State.DOWN: "故障",
    State.UNOBSERVED: "未观测",
    State.MAINTENANCE: "维护中",
    State.OFF_HOURS: "非开放时间",
}
SHAPES: Mapping[str, str] = {
    State.UP: "round",
    State.DEGRADED: "triangle",
    State.DOWN: "octagon",
    State.UNOBSERVED: "ring",
    State.MAINTENANCE: "square",
    State.OFF_HOURS: "ring",
}
"""Round = fine, triangle = attention, octagon = fault (look.md); a ring is empty because nothing is known."""
SEVERITIES: Mapping[str, str] = {"fault": "故障", "warn": "需留意", "info": "提示"}
ROLES: Mapping[str, str] = {
    "self_service": "自助机",
    "guide_desk": "导引台",
    "window_panel": "窗口叫号台",
    "rating_screen": "评价器",
    "window_screen": "窗口屏",
    "hall_display": "叫号屏",
}
DEVICES: Mapping[str, str] = {
    "slip_printer": "打印机",
    "id_reader": "身份证阅读器",
    "card_reader": "社保卡读卡器",
    "led_bars": "窗口条屏",
    "speaker": "语音播报",
}
CODES: Mapping[str, str] = {
    "disconnected": "未连接",
    "silent": "没有应答",
    "flapping": "时好时坏",
    "garbled": "应答异常",
    "no_paper": "缺纸",
    "paper_low": "纸将用完",
    "cover_open": "上盖未合",
    "cutter": "切刀卡住",
    "overheated": "打印头过热",
    "hardware": "设备故障",
    "refused": "拒绝执行",
    "no_service": "系统服务未运行",
    "touch_lost": "触摸屏未连接",
    "disk_low": "存储空间不足",
    "memory_low": "内存不足",
    "clock_wrong": "时间未校准",
    "on_battery": "使用后备电池",
    "battery_low": "后备电池将尽",
    "option": "配置有误",
    "unsent": "记录未送达",
    "not_reported": "终端未报告",
    "identity_clash": "编号冲突",
    "commit_failed": "台账写入失败",
    "broker_away": "消息服务中断",
    "all_silent": "没有消息",
}
READINGS: Mapping[str, str] = {
    "unknown": "未知",
    "unsupported": "不支持",
    "absent": "未安装",
    "yes": "是",
    "no": "否",
    "ok": "充足",
    "low": "将用完",
    "out": "已用完",
    "up": "正常",
    "silent": "没有应答",
    "refused": "拒绝执行",
}
READING_NAMES: Mapping[str, str] = {
    "paper": "打印纸",
    "cover": "上盖",
    "cover_open": "上盖打开",
    "cutter_error": "切刀卡住",
    "line_open": "连接线接通",
    "sam_id": "安全模块编号",
    "service": "读卡服务",
    "reader": "读卡器",
    "outlet": "音响",
    "silent": "没有应答的条屏",
}
TICKETS: Mapping[str, str] = {
    TicketState.WAITING: "等候中",
    TicketState.CALLED: "已叫号",
    TicketState.SERVING: "办理中",
    TicketState.DONE: "已办结",
    TicketState.MISSED: "过号",
    TicketState.HELD: "挂起",
    TicketState.CANCELLED: "已取消",
    TicketState.LAPSED: "已弃号",
}
SLIPS: Mapping[str, str] = {
    "": "等待结果",
    "printed": "已打印",
    "processed": "打印机已处理",
    "sent": "已送打印机",
    "failed": "未印出",
    "unknown": "结果不明",
}
KINDS: Mapping[str, str] = {
    "DayOpened": "开放业务日",
    "LabelLeased": "预留号码",
    "TicketIssued": "取号",
    "PriorityGranted": "准予优先",
    "SlipEnded": "号单打印",
    "StaffSignedIn": "工作人员登录",
    "StaffSignedOut": "工作人员退出",
    "TicketCalled": "叫号",
    "TicketRecalled": "重呼",
    "TicketMissed": "过号",
    "TicketReturned": "过号恢复",
    "RequestWithdrawn": "撤回叫号请求",
    "TicketHeld": "挂起",
    "TicketResumed": "恢复办理",
    "TicketTransferred": "转窗口",
    "ItemSwapped": "更换事项",
    "ItemAdded": "加办事项",
    "NextItemBegun": "接办下一事项",
    "TicketCancelled": "取消号码",
    "TicketLapsed": "弃号",
    "CallLapsed": "叫号未到,退回原位",
    "TicketSteppedAway": "暂离",
    "TicketCameBack": "暂离返回",
    "TicketPrecalled": "预叫",
    "TicketReconciled": "断网记录核对",
    "TicketAdopted": "补录离线号码",
    "ServiceStarted": "开始办理",
    "ServiceFinished": "办结",
    "ServiceRated": "评价",
    "CallAnnounced": "叫号播报",
    "HelpRequested": "请人帮助",
    "HelpAcknowledged": "前往帮助",
    "StatementPrepared": "出具查询单",
    "StatementEnded": "查询单打印",
    "DeviceChanged": "设备状态变化",
    "SelfTestOrdered": "安排设备自检",
    "SelfTestEnded": "设备自检完成",
    "TerminalStarted": "终端启动",
}
FLAGS: Mapping[str, str] = {
    "unknown_terminal": "终端未登记",
    "not_a_terminals_event": "不应由终端产生",
    "other_terminal": "终端不符",
    "label_clash": "号码重复",
    "label_mismatch": "号码与序号不符",
    "not_leased": "号码未预留",
    "outside_reserve": "不在备用号段",
    "second_issue": "重复取号",
    "wrong_day": "业务日不符",
    "unknown_item": "事项未登记",
    "unknown_series": "号段未登记",
    "priority_without_grant": "优先无依据",
    "grant_by_others": "他人准予优先",
    "unknown_ticket": "号码未登记",
    "unknown_service": "办理未登记",
    "second_rating": "重复评价",
    "rated_by_staff_terminal": "工作人员终端评价",
    "rated_at_other_window": "他窗评价",
    "not_ratable": "不可评价",
}
REASONS: Mapping[str, str] = {
    "malformed": "无法识别",
    "too_large": "超过长度",
    "internal": "无法记入",
    "identity_clash": "编号冲突",
    "not_allowed": "不允许",
}
GRADES: Mapping[int, str] = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}


def state(told: str) -> str:
    """Return a health state as people read it."""
    return STATES.get(told, told)


def reading(name: str) -> str:
    """Return a reading's name as people read it; bars are told by the number of their window."""
    if name.isdecimal():
        return f"{name}号窗口"
    return READING_NAMES.get(name, name)


def device(kind: str) -> str:
    """Return a kind of device as people read it."""
    return DEVICES.get(kind, kind)
