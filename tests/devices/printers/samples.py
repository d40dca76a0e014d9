"""Sample papers that tests print and people look at."""

from kiosk.ports import Align, Boxed, Columns, Line, QrCode, Rule, Slip, Space

TICKET = Slip(
    (
        Line("青禾区社会保险服务大厅", align=Align.CENTER),
        Space(16),
        Line("A012", scale=8, bold=True, align=Align.CENTER),
        Space(8),
        Line("养老待遇资格认证", scale=2, align=Align.CENTER),
        Rule(),
        Columns(("窗口", "7、8 号"), (10, 38), bold=True),
        Columns(("等候区", "Q3 东侧，面向 S1 显示屏"), (10, 38)),
        Columns(("前面", "还有 5 人，约 10–15 分钟（估计）"), (10, 38)),
        Columns(("请准备", "身份证原件、社会保障卡；代办的还请带委托书和双方身份证"), (10, 38)),
        Rule(),
        Columns(("取号", "2026-11-23 09:31"), (10, 38)),
        Columns(("过号", "可在本机重新排队一次，排在 3 位之后"), (10, 38)),
        Columns(("监督", "0537-1234567 · 12333"), (10, 38)),
        Space(12),
        Line("样例：演示数据，不作凭证", align=Align.CENTER),
    )
)

NAMES = Slip(
    (
        Line("姓名：王䶮"),
        Line("姓名：阿依古丽·麦麦提"),
        Line("王䶮", scale=2, bold=True),
        Line("قىممىتى 128.50 A023"),
        Columns(("王䶮", "本人", "1,234.50"), (20, 12, -16)),
        Line("无字：王\U000323af"),
    )
)

ROWS = tuple(
    Columns(
        (f"2026-{month:02}", "单位+个人" if month % 2 else "灵活就业", "5,120.00", f"{month * 101.5:,.2f}"),
        (9, 12, -13, -14),
    )
    for month in range(1, 11)
)

STATEMENT = Slip(
    (
        Line("青禾区社会保险事业中心", align=Align.CENTER),
        Line("企业职工养老保险缴费明细", scale=2, align=Align.CENTER),
        Line("（查询结果）  样例", align=Align.CENTER),
        Rule(),
        Columns(("姓名", "王䶮"), (14, 34)),
        Columns(("证件号码", "000000200101010096"), (14, 34)),
        Columns(("查询期间", "2026-01 至 2026-10"), (14, 34)),
        Columns(("数据截至", "2026-11-20"), (14, 34)),
        Rule(),
        Columns(("月份", "缴费类型", "缴费基数", "缴费金额"), (9, 12, -13, -14), bold=True),
        *ROWS,
        Rule(),
        Columns(("合计", "5,582.50 元"), (20, -28), bold=True),
        Space(12),
        Boxed(("流水号 QH-20261123-K2-000123", "校验码 7KQ2-M9XD    第 1/1 页")),
        Space(12),
        QrCode("QH-20261123-K2-000123.7KQ2M9XD"),
        Space(12),
        Line("本单不收费。如有疑问，请持身份证到参保地经办机构核对；请妥善保管，谨防泄露个人信息。"),
        Line("打印 2026-11-23 09:36  终端 K2  监督 12333"),
    )
)
