import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall import look
from hall.calendar.working_days import (
    first_call_seq,
    is_open_day,
    knows_year,
    local_datetime,
    next_open_days,
    parse_day,
    taking_tickets,
)
from hall.errors import HallError
from hall.ids import BusinessDay, Series, TerminalId, TicketLabel, WindowId
from hall.ledger import chain
from hall.queue import numbering
from hall.speech import phrases
from hall.wire.pack_shown import Reserve
from tests.hall.world import clock, pack_files, qinghe

A012, THREE, FOURTEEN = TicketLabel("A012"), WindowId("3"), WindowId("14")

# Table A.1 of the draft standard, every sentence of it.
COURTEOUS = """您好，请问您需要办理什么业务?
您好，请问您需要什么帮助？
您好， ×××  社会保险机构咨询工作人员×××，请问有什么可以帮助您？
对不起，刚才因为线路忙，让您久等了！请问有什么可以帮助您？
对不起，正在为您查询，请稍等。
对不起，您的××材料不符合要求，请您重新填写一下，好吗?
请问我刚才的解释您是否听清楚了？
对不起，因为系统正在调整，请您留下联系电话，待系统恢复后通知您，好吗？
对不起，请您到XX窗口做详细咨询，好吗？
对不起，请您稍等片刻，好吗？
对不起！请您大声一点，好吗？
抱歉/对不起，请您再重复一遍，好吗？
对不起！您的电话声音太小，请您换一部电话打来，好吗？
对不起，为了帮助您解决问题，我可以向您询问几个问题吗？
您看这样可以吗？
不好意思，这件事我会转交相关的工作人员为您处理好吗？
对不起，这超出了我的服务范围，不过我可以请我们上司或领导与您联系，好吗？
请问对我的帮助满意吗？
请问还有什么可以帮助您？
再见，请走好！
不客气，这是我们应该做的。
不客气，很高兴为您服务。
感谢您的来电，若有问题请再次来电，谢谢再见！
您好！ 欢迎!  您请坐!
感谢您为我们提出的宝贵意见！
感谢您对我们工作的支持!
感谢您的配合和理解！
这是我们没有注意到的地方，谢谢您的提醒。
对不起，很抱歉！  对不起，请您原谅！  给您添麻烦了。
我非常理解您的心情！ 我也很替您着急！
对不起，您的意思是…… ?   您是说……吗？""".splitlines()

# Table A.2, every sentence of it.
FORBIDDEN = """叫号去！排队去！
快点，要下班了。
喂，说话呀！再不说话我就挂了啊！
你先听我说。
喂（哎）！你找谁！你有什么事？
刚才和你说过了，怎么还问？
没看我正忙着吗？
手续不全你来干什么？
没弄清楚来干嘛！
叫你呢，没听见吗？
喂，听懂了吧?
拿好了，丢了不负责！
你去告吧，反正不是我的事。
你知道什么?
你不可能知道？
罗嗦、麻烦，你简单一点。
不知道、不清楚，你去XX问吧。
文件上有规定，自己查去。
喂，什么？你说什么？
你别讲了，我知道怎么回事了。
你这个办不了！
你这个不行！
不可以！
这是规定，我也没办法！
政策就这么规定的，有意见告去，找领导去！
该找谁找谁去，我不管。
不清楚，不知道。
你这个办不了
不知道
排队去
自己查去
不可以""".splitlines()


@pytest.mark.row("ATT-09", part="rule")
def test_a_call_is_shown_and_spoken_as_the_standard_has_it() -> None:
    assert phrases.call_text(A012, THREE) == "请A012号到3号窗口办理"
    assert phrases.call_text(A012, THREE, recalled=True) == "请A012号尽快到3号窗口"
    assert phrases.call_spoken(A012, THREE) == "请 A 零 一 二 号 到 三 号 窗口办理"
    assert phrases.call_spoken(TicketLabel("Y003"), FOURTEEN) == "请 Y 零 零 三 号 到 十四 号 窗口办理"
    assert (
        phrases.call_spoken(TicketLabel("A12-K3"), FOURTEEN, recalled=True)
        == "请 A 一 二 杠 K 三 号 尽快 到 十四 号 窗口"
    )


@pytest.mark.parametrize(
    ("window", "spoken"),
    [("1", "一"), ("10", "十"), ("11", "十一"), ("20", "二十"), ("21", "二十一"), ("100", "一 零 零"), ("A3", "A 三")],
)
def test_window_numbers_are_spoken_as_numbers(window: str, spoken: str) -> None:
    assert phrases.spoken_number(WindowId(window)) == spoken


@pytest.mark.parametrize("text", COURTEOUS)
def test_every_sentence_of_table_a1_passes(text: str) -> None:
    assert phrases.forbidden_in(text) == ()


@pytest.mark.parametrize("text", FORBIDDEN)
def test_every_sentence_of_table_a2_is_refused(text: str) -> None:
    assert phrases.forbidden_in(text)
    assert phrases.forbidden_in(f"您好。{text}")


@pytest.mark.parametrize(
    "text",
    ["如果您不清楚材料,请问导引员。", "可不可以由家人代办?", "请看广告去向", "您听懂了吗", "不可以抽烟的区域有标识"],
)
def test_single_words_of_the_table_inside_courteous_sentences_pass(text: str) -> None:
    assert phrases.forbidden_in(text) == ()


def test_everything_the_hall_says_by_itself_is_courteous() -> None:
    for name, file in pack_files().items():
        for text in re.findall(r'"([^"]*)"', file):
            assert phrases.forbidden_in(text) == (), f"{name}: {text}"
    for recalled in (False, True):
        assert phrases.forbidden_in(phrases.call_text(A012, THREE, recalled)) == ()
    assert phrases.forbidden_in(phrases.greeting(qinghe().hall.title)) == ()
    assert "请问您需要什么帮助" in phrases.greeting("青禾")


def test_labels_are_padded_and_suffixed_labels_are_not() -> None:
    c = Series("C")
    assert [numbering.label(c, 12), numbering.label(c, 705), numbering.label(c, 12, "K3")] == ["C012", "C705", "C12-K3"]


@given(st.integers(1, 60), st.integers(0, 80))
def test_a_cut_off_terminal_never_repeats_itself_nor_meets_another(size: int, issued: int) -> None:
    k1 = Reserve(terminal=TerminalId("K1"), first=700, last=700 + size - 1)
    k2 = Reserve(terminal=TerminalId("K2"), first=k1.last + 1, last=k1.last + size)
    labels = [
        numbering.label(
            Series("A"), *numbering.next_offline({Series("A"): used}, reserve, Series("A"), reserve.terminal)
        )
        for reserve in (k1, k2)
        for used in range(issued)
    ]
    labels += [numbering.label(Series("A"), number) for number in range(1, 700)]
    assert len(set(labels)) == len(labels)


def test_a_used_up_reserve_goes_on_with_suffixes_and_no_reserve_begins_with_them() -> None:
    reserve = Reserve(terminal=TerminalId("K3"), first=700, last=701)
    series, terminal = Series("A"), TerminalId("K3")
    told = [numbering.next_offline({series: used}, reserve, series, terminal) for used in range(4)]
    assert told == [(700, ""), (701, ""), (1, "K3"), (2, "K3")]
    assert numbering.next_offline({}, None, series, terminal) == (1, "K3")


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=12), st.data())
def test_any_changed_byte_of_the_chain_is_found_where_it_is(bodies: list[bytes], data: st.DataObject) -> None:
    pairs, head = [], chain.GENESIS
    for body in bodies:
        head = chain.link(head, body)
        pairs.append((body, head))
    assert chain.verify(pairs) is None
    index = data.draw(st.integers(0, len(pairs) - 1))
    body, digest = pairs[index]
    pairs[index] = (body + b"!", digest)
    assert chain.verify(pairs) == index
    pairs[index] = (body, ("1" if digest[0] == "0" else "0") + digest[1:])
    assert chain.verify(pairs) == index


def test_removing_or_swapping_entries_breaks_the_chain() -> None:
    pairs, head = [], chain.GENESIS
    for body in (b"a", b"b", b"c"):
        head = chain.link(head, body)
        pairs.append((body, head))
    assert chain.verify([pairs[0], pairs[2]]) == 1
    assert chain.verify([pairs[1], pairs[0], pairs[2]]) == 0
    assert chain.verify(pairs[1:], start=pairs[0][1]) is None


def day(text: str) -> BusinessDay:
    return BusinessDay(text)


def test_open_days_follow_the_official_calendar() -> None:
    pack = qinghe()
    assert next_open_days(pack, day("2026-04-30"), 3) == ("2026-05-06", "2026-05-07", "2026-05-08")
    assert next_open_days(pack, day("2026-09-24"), 10)[-1] == "2026-10-15"
    assert next_open_days(pack, day("2026-11-21"), 3)[-1] == "2026-11-25"
    assert is_open_day(pack, parse_day(day("2026-10-10"))), "a working Saturday"
    assert not is_open_day(pack, parse_day(day("2026-10-05"))), "a Monday of rest"
    assert pack.calendar.notice.startswith("国务院办公厅")


def test_a_year_without_calendar_is_provisional_and_never_a_crash() -> None:
    pack = qinghe()
    assert knows_year(pack, 2026)
    assert not knows_year(pack, 2027)
    assert next_open_days(pack, day("2026-12-30"), 7)[0] == "2026-12-31"
    assert len(next_open_days(pack, day("2026-12-30"), 7)) == 7
    with pytest.raises(HallError):
        parse_day(day("2026-02-30"))


def test_a_hall_without_hours_has_no_open_day_and_the_search_ends() -> None:
    shut = msgspec.structs.replace(qinghe(), hours=())
    assert next_open_days(shut, day("2026-11-23"), 1) == ()
    assert not taking_tickets(shut, clock("10:00"))


def test_local_time_is_eight_hours_ahead() -> None:
    assert local_datetime(0.0).isoformat() == "1970-01-01T08:00:00+08:00"
    assert taking_tickets(qinghe(), clock("10:00", "2026-10-10"))
    assert not taking_tickets(qinghe(), clock("10:00", "2026-11-22"))


@given(st.dates(), st.dates())
def test_call_numbers_of_a_later_day_are_higher(one: object, other: object) -> None:
    first, second = sorted((str(one), str(other)))
    if first != second:
        assert first_call_seq(day(first)) + 9_999 < first_call_seq(day(second))
    assert first_call_seq(day("no day")) == 0


LOOK = (Path(look.__file__).parent / "look.toml").read_text(encoding="utf-8")


def test_the_look_is_readable_in_both_palettes() -> None:
    tokens = look.parse(LOOK)
    for palette, least in ((tokens.colours, 4.5), (tokens.high_contrast, 7.0)):
        for front, behind in (
            (palette.ink, palette.paper),
            (palette.ink, palette.card),
            (palette.ink_soft, palette.paper),
            (palette.on_primary, palette.primary),
            (palette.on_tint, palette.tint),
            (palette.accent, palette.card),
            (palette.attention, palette.attention_tint),
            (palette.fault, palette.fault_tint),
            (palette.on_header, palette.header),
        ):
            assert look.contrast(front, behind) >= least, (front, behind)
        assert look.contrast(palette.outline, palette.paper) >= 3.0
    assert look.contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#16302B", "green", "colours.ink"),
        ("ink_soft", "ink_hard", "ink_hard"),
        ("columns = 12", 'columns = "12"', "columns"),
        ("[grid]", "[grid", "TOML|look"),
    ],
)
def test_a_wrong_token_is_named(old: str, new: str, told: str) -> None:
    with pytest.raises(HallError, match=told):
        look.parse(LOOK.replace(old, new, 1))
