"""What the terminal tells about a device: state, severity, and what an operator can do now."""

from hall.health.states import Severity, State
from hall.ids import DeviceId
from hall.wire.health_reports import DeviceReport
from kiosk.ports import DeviceError, DeviceState, Fault, Reading

ACTIONS: dict[Fault, str] = {
    Fault.DISCONNECTED: "请检查设备电源和连接线，接好后会自动恢复",
    Fault.SILENT: "设备没有应答，请检查电源和连接线，必要时重新上电",
    Fault.GARBLED: "设备应答异常，请检查连接线是否松动，必要时重新上电",
    Fault.NO_PAPER: "请装入新的打印纸，装好后会自动继续打印",
    Fault.PAPER_LOW: "打印纸即将用完，请准备新的打印纸",
    Fault.COVER_OPEN: "请合上打印机上盖，合好后会自动继续打印",
    Fault.CUTTER: "请打开上盖，取出卡住的纸，再合上上盖",
    Fault.JAM: "请打开盖板，取出卡住的纸，再合上盖板；出纸口堆满时请先取走",
    Fault.TONER: "墨粉已用完，请更换墨粉盒",
    Fault.OVERHEATED: "打印头过热，请稍等，冷却后会自动继续",
    Fault.HARDWARE: "设备故障，请联系维护人员",
    Fault.REFUSED: "设备拒绝执行，请联系维护人员",
    Fault.NO_SERVICE: "设备所需的系统服务没有运行，请联系维护人员",
    Fault.TOUCH_LOST: "触摸屏未连接，请检查触摸屏的数据线",
    Fault.DISK_LOW: "存储空间即将用完，请联系维护人员清理",
    Fault.MEMORY_LOW: "内存即将用完，请在空闲时重新启动本机",
    Fault.CLOCK_WRONG: "本机时间没有校准，请检查网络，并联系维护人员",
    Fault.ON_BATTERY: "市电已断，正在使用后备电池，请检查供电",
    Fault.BATTERY_LOW: "后备电池即将用完，请尽快恢复供电，并妥善结束正在办理的业务",
    Fault.OPTION: "设备配置有误，请联系维护人员",
}
"""Fault to operator action, where the kind of device has nothing better to say."""

ACTIONS_BY_KIND: dict[tuple[str, Fault], str] = {
    ("id_reader", Fault.DISCONNECTED): "身份证阅读器未连接，请检查数据线，接好后会自动恢复",
    ("id_reader", Fault.SILENT): "身份证阅读器没有应答，请重新插拔数据线",
    ("id_reader", Fault.GARBLED): "身份证阅读器应答异常，请检查数据线是否松动，必要时重新插拔",
    ("id_reader", Fault.HARDWARE): "身份证阅读器故障，请联系维护人员；取号照常可用，查询可改用社保卡或到窗口办理",
    ("card_reader", Fault.DISCONNECTED): "社保卡读卡器未连接，请检查数据线，接好后会自动恢复",
    ("card_reader", Fault.NO_SERVICE): "读卡服务没有运行，系统会自动重试；仍不恢复请联系维护人员",
    ("card_reader", Fault.SILENT): "社保卡读卡器没有应答，请重新插拔数据线；查询可改用身份证",
    ("card_reader", Fault.GARBLED): "社保卡读卡器应答异常，请重新插拔数据线；查询可改用身份证",
    ("card_reader", Fault.HARDWARE): "社保卡读卡器故障，请联系维护人员；查询可改用身份证",
    ("card_reader", Fault.REFUSED): "社保卡读卡器拒绝执行，请联系维护人员；查询可改用身份证",
    ("slip_printer", Fault.DISCONNECTED): "打印机未连接，请检查电源和数据线，接好后会自动恢复",
    ("slip_printer", Fault.SILENT): "打印机没有应答，请检查电源是否打开",
    ("slip_printer", Fault.GARBLED): "打印机应答异常，请检查数据线是否松动，必要时重新上电",
    ("slip_printer", Fault.HARDWARE): "打印机故障，请联系维护人员；取号请引导到其他自助机或导引台",
    ("slip_printer", Fault.REFUSED): "打印机拒绝执行，请重新上电；仍不恢复请联系维护人员",
    ("sheet_printer", Fault.DISCONNECTED): "A4打印机未连接，请检查电源和网线；清单改由小票打印机打印",
    ("sheet_printer", Fault.SILENT): "A4打印机没有应答，请检查电源是否打开；清单改由小票打印机打印",
    ("sheet_printer", Fault.NO_SERVICE): "打印服务没有运行，请联系维护人员；清单改由小票打印机打印",
    ("sheet_printer", Fault.NO_PAPER): "A4打印机缺纸，请在纸盒装入A4纸，装好后会自动继续",
    ("sheet_printer", Fault.PAPER_LOW): "A4打印机的纸即将用完，请准备A4纸",
    ("sheet_printer", Fault.COVER_OPEN): "请合上A4打印机的盖板，合好后会自动继续打印",
    ("sheet_printer", Fault.JAM): "请打开A4打印机盖板，取出卡住的纸，再合上盖板；出纸口堆满时请先取走",
    ("sheet_printer", Fault.TONER): "A4打印机墨粉已用完，请更换墨粉盒；清单改由小票打印机打印",
    ("sheet_printer", Fault.REFUSED): "A4打印队列已暂停，请联系维护人员；清单改由小票打印机打印",
    ("sheet_printer", Fault.OPTION): "A4打印机配置有误，请联系维护人员；清单改由小票打印机打印",
    ("sheet_printer", Fault.GARBLED): "A4打印机应答异常，请检查网线，必要时重新上电；清单改由小票打印机打印",
    ("sheet_printer", Fault.HARDWARE): "A4打印机故障，请联系维护人员；清单改由小票打印机打印",
    ("sheet_printer", Fault.OVERHEATED): "A4打印机过热，请稍等，冷却后会自动继续",
    ("led_bars", Fault.DISCONNECTED): "窗口条屏线路未连接，请检查转换器和连接线",
    ("led_bars", Fault.SILENT): "有窗口条屏没有应答，请检查该窗口条屏的电源和连接线",
    ("led_bars", Fault.GARBLED): "窗口条屏应答异常，请检查连接线是否松动；叫号仍会显示在大屏上并播报",
    ("led_bars", Fault.REFUSED): "窗口条屏没有接受显示内容，请联系维护人员；叫号仍会显示在大屏上并播报",
    ("keypad", Fault.DISCONNECTED): "呼叫器线路未连接，请检查转换器和连接线；窗口屏幕照常可用",
    ("keypad", Fault.SILENT): "呼叫器或评价器没有应答，请检查电源和连接线；窗口屏幕照常可用",
    ("keypad", Fault.GARBLED): "呼叫器应答异常，请检查连接线是否松动；窗口屏幕照常可用",
    ("scanner", Fault.DISCONNECTED): "扫码器未连接，请检查数据线，接好后会自动恢复；取号和查询照常可用",
    ("scanner", Fault.SILENT): "扫码器没有应答，请重新插拔数据线；取号和查询照常可用",
    ("machine", Fault.OVERHEATED): "本机温度过高，请检查风扇和通风口",
    ("ups", Fault.DISCONNECTED): "后备电源未连接，请检查它的数据线",
    ("ups", Fault.SILENT): "后备电源没有应答，请检查它的数据线",
    ("ups", Fault.HARDWARE): "后备电源提示需要检修，请联系维护人员更换电池",
    ("ups", Fault.NO_SERVICE): "后备电源的监测程序没有运行，请联系维护人员",
    ("ups", Fault.GARBLED): "后备电源应答异常，请检查它的数据线是否松动",
    ("ups", Fault.REFUSED): "后备电源的监测程序拒绝访问，请联系维护人员检查账号设置",
    ("speaker", Fault.DISCONNECTED): "没有可用的音响，请检查音响电源和连接线；叫号仍会显示在屏幕上",
    ("speaker", Fault.NO_SERVICE): "语音程序没有安装，请联系维护人员；叫号仍会显示在屏幕上",
    ("speaker", Fault.SILENT): "音响没有应答，请检查音响电源；叫号仍会显示在屏幕上",
    ("speaker", Fault.GARBLED): "音响应答异常，请检查音响的连接线；叫号仍会显示在屏幕上",
    ("speaker", Fault.HARDWARE): "音响故障，请联系维护人员；叫号仍会显示在屏幕上",
    ("speaker", Fault.REFUSED): "语音没有播出，请联系维护人员；叫号仍会显示在屏幕上",
}


def unobserved(device: str, kind: str) -> DeviceReport:
    """Nothing is known yet."""
    return DeviceReport(device=DeviceId(device), kind=kind, state=State.UNOBSERVED.value)


def of_state(device: str, kind: str, state: DeviceState) -> DeviceReport:
    """Return what the driver's own answer means."""
    readings = {name: _text(reading) for name, reading in state.readings.items()}
    if state.fault is None:
        return DeviceReport(device=DeviceId(device), kind=kind, state=State.UP.value, readings=readings)
    return _faulty(device, kind, state.fault, may_serve=state.may_serve, readings=readings)


def of_error(device: str, kind: str, error: DeviceError) -> DeviceReport:
    """Return what a surprise means: the device cannot serve."""
    return _faulty(device, kind, error.reason, may_serve=False, readings={})


def of_fault(device: str, kind: str, fault: Fault, readings: dict[str, str]) -> DeviceReport:
    """Return what a job that waits for people means."""
    return _faulty(device, kind, fault, may_serve=False, readings=readings)


def _faulty(device: str, kind: str, fault: Fault, *, may_serve: bool, readings: dict[str, str]) -> DeviceReport:
    return DeviceReport(
        device=DeviceId(device),
        kind=kind,
        state=(State.DEGRADED if may_serve else State.DOWN).value,
        code=fault.value,
        severity=(Severity.WARN if may_serve else Severity.FAULT).value,
        action=ACTIONS_BY_KIND.get((kind, fault), ACTIONS[fault]),
        may_serve=may_serve,
        readings=readings,
    )


def _text(reading: Reading) -> str:
    if isinstance(reading, bool):
        return "yes" if reading else "no"
    return str(reading)
