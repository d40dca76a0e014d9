"""The console's words, Chinese, each once. What is not named here is shown as its code, never hidden."""

from collections.abc import Mapping

from hall.health.states import State
from hall.queue.tickets import TicketState

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
BY_CARD = "自助机凭证件"
"""Who granted priority when no guide did: `age_offer.BY_CARD`. Not why."""
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
    "keypad": "叫号键盘",
    "scanner": "扫码器",
    "machine": "主机",
    "ups": "后备电源",
    "sheet_printer": "A4打印机",
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
    "jam": "卡纸",
    "toner": "碳粉已尽",
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
    "slip_key_changed": "号单签名变更",
    "day_withheld": "业务日待确认",
    "day_key_renewed": "去重密钥重新生成",
    "broker_away": "消息服务中断",
    "all_silent": "没有消息",
    "absent": "应有未见",
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
    "paper_left_mm": "余纸",
    "slips_left": "余纸可打",
    "cover": "上盖",
    "cover_open": "上盖打开",
    "cutter_error": "切刀卡住",
    "overheated": "打印头过热",
    "printer": "型号",
    "line_open": "连接线接通",
    "baud": "通信速率",
    "sam_id": "安全模块编号",
    "service": "读卡服务",
    "reader": "读卡器",
    "last_card": "最近一次读卡",
    "outlet": "音响",
    "silent": "没有应答的条屏",
    "bars": "条屏",
    "voice_pack": "语音",
    "volume": "音量",
    "jack": "耳机",
    "lacking": "语音缺字",
    "emergency": "紧急播报",
    "keypad": "键盘",
    "evaluator": "评价键",
    "scanner": "扫码头",
    "disk_free_pct": "存储空余",
    "memory_free_pct": "内存空余",
    "temperature_c": "温度",
    "clock_synchronised": "时间已校准",
    "touch_panel": "触摸屏",
    "mains": "市电",
    "battery_charge_pct": "电池电量",
    "battery_runtime_s": "电池可用",
    "battery_must_be_replaced": "电池需更换",
    "door_open": "机盖打开",
    "jammed": "卡纸",
    "toner": "碳粉",
    "jobs_waiting": "排队打印",
    "spool_in_memory": "打印内容只在内存",
    "bytes_sent": "已送字节",
    "dots_fed": "走纸点数",
    "frames_sent": "已送画面",
}
COUNTERS: Mapping[str, str] = {
    "line_frame_errors": "线路帧错误",
    "line_overruns": "线路溢出",
    "line_parity_errors": "线路校验错误",
    "line_breaks": "线路中断",
    "line_echoes": "线路回声",
    "damaged_bytes": "残缺字节",
    "damaged_answers": "残缺应答",
    "strangers": "陌生按键",
    "scans": "已扫码",
    "too_long": "扫码过长",
    "refused": "扫码被拒",
    "cut_off": "扫码中断",
    "repeated": "重复扫码",
}
"""Shown only when they count something."""
PLACED: Mapping[str, str] = {"outlet": "音响", "queue": "待播", "unspoken": "未播"}
UNSPOKEN: Mapping[str, str] = {
    "no_voice": "没有这种语音",
    "not_private": "未插耳机",
    "cut": "中途停止",
    "no_zone": "没有这个区域",
    "merged": "已合并",
    "full": "等候过多",
    "stale": "已过时",
    "broken": "音响故障",
    "no_speaker": "没有音响",
    "cleared": "已撤回",
}
"""Why a text was not spoken (`kiosk.speech.Unsaid`)."""
REASSURING: Mapping[str, Mapping[str, str]] = {
    "mains": {"yes": "供电正常", "no": "停电,由电池供电"},
    "jack": {"plugged": "已插入", "unplugged": "未插入"},
    "touch_panel": {"yes": "已连接", "no": "未连接"},
    "voice_pack": {"espeak": "合成语音"},
    "last_card": {"read": "已读出"},
}
ALARMING: Mapping[str, tuple[str, ...]] = {
    "paper": ("out", "low"),
    "toner": ("out", "low"),
    "cover_open": ("yes",),
    "door_open": ("yes",),
    "jammed": ("yes",),
    "cutter_error": ("yes",),
    "overheated": ("yes",),
    "mains": ("no",),
    "battery_must_be_replaced": ("yes",),
    "clock_synchronised": ("no",),
    "touch_panel": ("no",),
    "emergency": ("yes",),
}
"""Values on which somebody should act."""
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
    "processed": "打印机报告已完成",
    "sent": "已送打印机",
    "failed": "未印出",
    "unknown": "结果不明",
}
KINDS: Mapping[str, str] = {
    "DayOpened": "开放业务日",
    "DayConfirmed": "业务日确认",
    "DayWithdrawn": "撤回误开的业务日",
    "DayKeyRenewed": "去重密钥重新生成",
    "LabelLeased": "预留号码",
    "TicketIssued": "取号",
    "PriorityGranted": "准予优先",
    "SlipEnded": "号单打印",
    "StaffSignedIn": "工作人员登录",
    "StaffSignedOut": "工作人员退出",
    "StaffContinued": "断网重启后继续办理",
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
    "RatingReasonsGiven": "不满意的方面",
    "RatingFollowedUp": "差评处理",
    "CallAnnounced": "叫号播报",
    "HelpRequested": "请人帮助",
    "HelpAcknowledged": "前往帮助",
    "StatementPrepared": "出具查询单",
    "ProxyAsked": "申请代办查询",
    "ProxyConfirmed": "确认代办查询",
    "ProxyDeclined": "未同意代办查询",
    "ProxyClosed": "结束代办查询",
    "StatementEnded": "查询单打印",
    "DeviceChanged": "设备状态变化",
    "SelfTestOrdered": "安排设备自检",
    "MaintenanceRecorded": "记录设备维护",
    "OpeningChecklistSigned": "签字开门检查",
    "SelfTestEnded": "设备自检完成",
    "TerminalStarted": "终端启动",
    "SlipKeyTrusted": "认可号单签名",
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
    "second_of_card": "同一证件的第二个号",
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
    "continued_without_pin": "未输密码继续办理,请核实本人",
}
RELEASED: Mapping[str, str] = {"released": "隔离后补记"}
"""The flag of an entry that lay in quarantine first; the writer's own, beside those of the rules."""
ACTS: Mapping[str, str] = {"seen": "已阅", "adopted": "已补记"}
OUT_OF_ORDER: Mapping[str, str] = {
    "case_continues": "取件后返回,接着办理",
    "our_mistake": "本厅引导或设备有误",
    "needs_care": "不宜久等",
    "same_family": "与正在办理的事项相关",
    "lead_decided": "大厅负责人安排",
}
"""`hall.commands.OutOfOrder`; never more than its closed list says."""
RULES: Mapping[str, str] = {
    "apq_target": "累计优先,兼顾目标时长",
    "accumulating": "累计优先,兼顾目标时长",
    "apq": "累计优先",
    "ratio_1_2": "优先一位、普通两位",
    "strict": "优先在前",
    "first_come": "先到先办",
}
GROUNDS: Mapping[str, str] = {
    "only_class": "当时只有这一类号在等候",
    "in_row": "已连续叫过优先号,轮到普通号",
    "priority_first": "本窗口先办优先号",
    "target": "优先号已超过目标时长",
    "credit": "累计时间最高",
    "ratio": "按优先与普通的比例",
    "strict": "优先号在前",
    "first_come": "到得最早",
    "pre_called": "已提前请到窗口附近",
    "out_of_order": "提前办理,原因已记录",
}
"""`hall.queue.disciplines.Ground`: which rule decided, never why somebody has priority."""
PROOFS: Mapping[str, str] = {
    "id_card": "身份证",
    "social_card_pin": "社保卡(已验密码)",
    "social_card_demo": "社保卡(演示)",
}
PAPERS: Mapping[str, str] = {"done": "已完成", "unfinished": "未完成", "open": "等待结果"}
PRESSING: Mapping[str, str] = {
    "cap": "等候将超过上限",
    "still_to_serve": "持号待办",
    "balance": "可以分流",
    "capacity": "号码将用完",
}
CAUSES: Mapping[str, str] = {
    "missed_twice": "两次过号",
    "day_ended": "当日结束",
    "not_started": "未到窗口",
    "panel_lost": "叫号台失联",
}
ASIDE: Mapping[str, str] = {"missed": "过号", "held": "挂起", "away": "暂离"}
HALL_KINDS: Mapping[str, str] = {"agency": "社会保险经办机构", "related": "社会保险服务相关机构"}
LEVELS: Mapping[str, str] = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡镇(街道)",
    "village": "村(社区)",
}
REASONS: Mapping[str, str] = {
    "malformed": "无法识别",
    "too_large": "超过长度",
    "internal": "无法记入",
    "identity_clash": "编号冲突",
    "slip_key_changed": "号单签名变更",
    "not_allowed": "不允许",
}
GRADES: Mapping[int, str] = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}

FOLLOW_UP_ENDS: Mapping[str, str] = {"corrected": "整改", "set_aside": "申诉成立"}
FOLLOW_UPS: Mapping[str, str] = {"overdue": "已超期", "open": "待处理", "done": "已整改", "set_aside": "申诉成立"}


def state(told: str) -> str:
    """Return a health state as people read it."""
    return STATES.get(told, told)


def reading(name: str) -> str:
    """Return a reading's name as people read it; bars are told by the number of their window."""
    if name.isdecimal():
        return f"{name}号窗口"
    return READING_NAMES.get(name, name)


def flag(told: str) -> str:
    """Return a flag of a ledger entry as people read it."""
    return FLAGS.get(told) or RELEASED.get(told, told)


def device(kind: str) -> str:
    """Return a kind of device as people read it."""
    return DEVICES.get(kind, kind)
