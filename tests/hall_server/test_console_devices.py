"""「设备」 in plain words: readings, forecasts, self-tests, outages of the day, and what should be there and is not."""

import json
from typing import Any

import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import OrderSelfTest, SignIn
from hall.events import DeviceTested, SelfTestEnded
from hall.ids import DeviceId, StaffId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import DeviceReport
from hall_server.console import readings
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import Hall, seen

K1 = TerminalId("K1")


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


def device(kind: str, state: str = "up", code: str = "", **told: str) -> DeviceReport:
    severity = {"down": "fault", "degraded": "warn"}.get(state, "")
    return DeviceReport(
        device=DeviceId(f"K1.{kind}"), kind=kind, state=state, code=code, severity=severity, readings=told
    )


def terminal(hall: Hall) -> Any:
    return next(one for one in json.loads(hall.text("/api/devices"))["terminals"] if one["terminal"] == K1)


def later(hall: Hall, seconds: float) -> None:
    hall.now, hall.mono = hall.now + seconds, hall.mono + seconds


def test_readings_of_every_kind_are_told_in_plain_words_and_units(hall: Hall) -> None:
    hall.report(
        "K1",
        device("machine", disk_free_pct="61.2", memory_free_pct="7.0", temperature_c="unsupported", touch_panel="yes"),
        device("ups", mains="no", battery_charge_pct="71.0", battery_runtime_s="1260.0"),
        device("sheet_printer", toner="low", jobs_waiting="2", door_open="no"),
        device("keypad", keypad="silent", evaluator="absent", strangers="0", line_breaks="3"),
        device("scanner", scanner="up", scans="4"),
        device("led_bars", **{"7": "silent", "14": "up"}),
        device("speaker", volume="80", **{"outlet.东": "disconnected", "queue.东": "0", "unspoken.stale": "2"}),
    )
    page = seen(hall.text("/devices"))
    for told in (
        "主机 正常",
        "内存空余 7% 存储空余 61% 触摸屏 已连接",
        "后备电源 正常",
        "市电 停电,由电池供电 电池电量 71% 电池可用 约21分钟",
        "A4打印机 正常",
        "碳粉 将用完 排队打印 2份 机盖打开 否",
        "叫号键盘 正常",
        "键盘 没有应答 评价键 未安装 线路中断 3次",
        "扫码头 正常 已扫码 4次",
        "7号窗口 没有应答 14号窗口 正常",
        "音响·东 未连接 音量 80% 未播·已过时 2条",
    ):
        assert told in page
    assert "温度" not in page


def test_the_paper_forecast_is_told_before_it_is_out(hall: Hall) -> None:
    hall.report("K1", device("slip_printer", "degraded", "paper_low", paper="low", slips_left="40", bytes_sent="9"))
    page = seen(hall.text("/devices"))
    assert "纸还可打约40张，请准备新的纸卷 打印纸 将用完" in page
    assert "已送字节" not in page


@pytest.mark.parametrize(("left", "told"), [("0", "纸即将用完，请现在更换纸卷"), ("41", ""), ("unknown", ""), ("", "")])
def test_nothing_is_forecast_that_nobody_can_tell(left: str, told: str) -> None:
    assert readings.forecast({"slips_left": left} if left else {}) == told


@pytest.mark.row("FAC-07", part="rule")
def test_an_outage_in_open_hours_stands_with_its_interval_and_cause(hall: Hall) -> None:
    for seconds in range(0, 601, 10):
        broken = 200 <= seconds < 500
        hall.report("K1", device("slip_printer", "down" if broken else "up", "no_paper" if broken else ""))
        later(hall, 10)
    (shown,) = [one for one in json.loads(hall.text("/api/devices"))["devices"] if one["subject"] == "K1.slip_printer"]
    (outage,) = [one for one in shown["outages"] if one["state"] == "down"]
    assert (outage["began"], outage["ended"], outage["going_on"]) == (MONDAY + 200, MONDAY + 500, False)
    assert "故障(缺纸) 09:33–09:38，5分钟" in seen(hall.text("/devices"))
    assert "未观测 09:00–09:30，30分钟" in seen(hall.text("/devices"))


def test_a_server_that_was_away_leaves_its_own_gap_in_the_day(hall: Hall) -> None:
    hall.report("K1", device("slip_printer"))
    hall.room.look(keep=True)
    later(hall, 1200)
    again = Hall(hall.pack, hall.ledger, hall.writer, now=hall.now, mono=5.0)
    again.report("K1", device("slip_printer"))
    gaps = [(one["began"], one["ended"]) for one in terminal(again)["outages"] if one["state"] == "unobserved"]
    assert gaps == [(MONDAY - 1800, MONDAY + 1200)]


def a_test(number: int, at: float, *, passed: bool) -> SelfTestEnded:
    told = (
        DeviceTested(device=DeviceId("K1.id_reader"), passed=True),
        DeviceTested(device=DeviceId("K1.slip_printer"), passed=passed, code="" if passed else "no_paper"),
    )
    return SelfTestEnded(terminal=K1, number=number, at=at, tested=told)


def test_the_last_self_test_of_a_terminal_is_told_with_what_failed(hall: Hall) -> None:
    kiosk = Desk("K1")
    assert terminal(hall)["test"] is None
    hall.writer.turn(kiosk.up(kiosk.parcel(a_test(0, MONDAY, passed=False))))
    assert "自检 09:30:00：1台通过； 打印机 未通过(缺纸)" in seen(hall.text("/devices"))
    assert "1号自助机 · 未通过: 打印机" in seen(hall.text("/ledger"))
    hall.writer.turn(kiosk.up(kiosk.parcel(a_test(0, MONDAY - 50, passed=True))))
    assert terminal(hall)["test"]["failed"][0]["code"] == "no_paper"
    hall.writer.turn(kiosk.up(kiosk.parcel(a_test(0, MONDAY + 9, passed=True))))
    assert "2台全部通过" in seen(hall.text("/devices"))


def test_a_self_test_that_was_ordered_is_awaited_until_the_terminal_reports_it(hall: Hall) -> None:
    desk, kiosk = Desk("D1", "guide_desk"), Desk("K1")
    hall.writer.turn(desk.ask(SignIn(staff=StaffId("0101"), sealed_pin=b""), "in"))
    hall.writer.turn(desk.ask(OrderSelfTest(staff=StaffId("0101"), terminal=K1), "order"))
    assert "何苗(0101) 09:30:00 安排了自检，等待终端完成" in seen(hall.text("/devices"))
    (number,) = [order.number for order in hall.writer._stand().state.orders[K1]]
    other = Desk("K2")
    hall.writer.turn(other.up(other.parcel(a_test(number, MONDAY, passed=True))))
    assert terminal(hall)["test"]["waiting_since"] is not None
    hall.writer.turn(kiosk.up(kiosk.parcel(a_test(number, MONDAY, passed=True))))
    told = terminal(hall)["test"]
    assert (told["waiting_since"], told["ordered"], told["passed"]) == (None, True, 2)


def test_a_device_the_pack_expects_and_nobody_reports_is_said_to_be_absent(
    pack: HallPack, ledger: Ledger, writer: HandWriter
) -> None:
    hall = Hall(pack, ledger, writer, expecting=True)
    assert "应有未见" not in hall.text("/devices")
    hall.report("K1", *(device(kind) for kind in ("slip_printer", "card_reader", "scanner", "machine")))
    page = seen(hall.text("/devices"))
    assert "1号自助机 身份证阅读器 应有未见 本厅配置要求1号自助机装有这台设备" in page.replace("身份证", " 身份证", 1)
    told = {one["subject"]: one["code"] for one in json.loads(hall.text("/api/devices"))["devices"]}
    assert {subject for subject, code in told.items() if code} == {"K1.id_reader"}
    assert told["K1.id_reader"] == "absent"
    assert len(told) == 5
