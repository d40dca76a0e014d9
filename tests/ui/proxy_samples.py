"""代办查询 as the screens' tests and pictures show it: a daughter for her father who sits at home."""

from msgspec.structs import replace as changed

from hall.errors import Reason
from hall.ids import ProxyId, StaffId, TerminalId
from hall.proxies import ProxyNames
from hall.statements.sheets import mask_name
from hall.wire.shown import ProxyShown
from kiosk.flows import steps
from kiosk.flows.proxy_steps import (
    DeskProxy,
    ProxyAsking,
    ProxyChoosing,
    ProxyFetching,
    ProxyNotice,
    ProxyOtherCard,
    ProxyOwnCard,
    ProxyReadingOther,
    ProxyReadingOwn,
    ProxyStopped,
    ProxyWaiting,
    Stopped,
)
from kiosk.flows.proxy_words import Laid
from kiosk.flows.words import CardKind
from kiosk.ports import CardProblem
from tests.hall_server.demo_statements import ZHANG_AN, built
from tests.ui.samples import DESK, NOW, SELF_SERVICE, Shot, board, frame

DAUGHTER, FATHER = Laid("李和", "000000198907220025"), Laid("张安", "000000196203150015")
LONG = Laid("阿依古丽·麦麦提", "000000199106060089")
ONE, K1 = ProxyId("1" * 32), TerminalId("K1")
NAMES = ProxyNames(agent="李*", person="张*")


def proxy_shots() -> list[Shot]:
    at, away = frame("K1", "self_service"), frame("K1", "self_service", server_away=True)
    choosing = ProxyChoosing(ONE, DAUGHTER, FATHER)
    told = [changed(built(form, ZHANG_AN), proxy_agent="李*") for form in ("contributions", "pension_payments")]
    long = changed(told[0], proxy_agent=mask_name(LONG.name))
    titles = {"certificate": "参保缴费证明", "rights_record": "个人权益记录单", "contributions": "缴费明细"}
    assert at.pack is not None
    forms = frame(
        "K1", "self_service", pack=changed(at.pack, statement_forms=titles | {"pension_payments": "养老金发放明细"})
    )
    out = steps.ShowingStatement(told[1], CardKind.ID, unmasked=True, paper=steps.Paper.OUT, before=choosing)
    residents = [
        ("proxy_form", forms, steps.ChoosingForm()),
        ("proxy_form_card", at, steps.ChoosingForm(CardKind.ID)),
        ("proxy_notice", at, ProxyNotice()),
        ("proxy_own", at, ProxyOwnCard()),
        *((f"proxy_own_{problem.value}", at, ProxyOwnCard(problem)) for problem in CardProblem),
        ("proxy_reading_own", at, ProxyReadingOwn()),
        ("proxy_other", at, ProxyOtherCard(DAUGHTER)),
        ("proxy_other_same", at, ProxyOtherCard(DAUGHTER, CardProblem.SAME_CARD)),
        ("proxy_reading_other", at, ProxyReadingOther(DAUGHTER)),
        ("proxy_asking", at, ProxyAsking(DAUGHTER, FATHER)),
        ("proxy_waiting", at, ProxyWaiting(ONE, DAUGHTER, FATHER)),
        ("proxy_waiting_long", at, ProxyWaiting(ONE, LONG, LONG)),
        ("proxy_waiting_away", away, ProxyWaiting(ONE, DAUGHTER, FATHER)),
        ("proxy_choosing", forms, choosing),
        ("proxy_choosing_none", forms, ProxyChoosing(ONE, LONG, LONG, Reason.UNKNOWN_PERSON)),
        ("proxy_choosing_form", at, ProxyChoosing(ONE, DAUGHTER, FATHER, Reason.UNKNOWN_FORM)),
        ("proxy_fetching", at, ProxyFetching("contributions", choosing)),
        ("proxy_statement", at, steps.ShowingStatement(told[0], CardKind.ID, before=choosing)),
        ("proxy_statement_long", at, steps.ShowingStatement(long, CardKind.ID, before=choosing)),
        ("proxy_statement_out", at, out),
        ("proxy_farewell", at, steps.Farewell(CardKind.ID, both=True)),
        *((f"proxy_stopped_{why.value}", at, ProxyStopped(why)) for why in Stopped),
    ]
    return [(name, SELF_SERVICE, around, step) for name, around, step in residents] + _desk()


def _desk() -> list[Shot]:
    asked = [ProxyShown(proxy=ONE, terminal=K1, state="asked", at=NOW - 75)]
    asked.append(ProxyShown(proxy=ProxyId("2" * 32), terminal=TerminalId("K2"), state="asked", at=NOW - 5))
    one = frame("D1", "guide_desk", board=changed(board(helping=False), proxies=tuple(asked[:1])))
    two = frame("D1", "guide_desk", board=changed(board(helping=False), proxies=tuple(asked)))
    staff = (StaffId("0101"), "周敏(样例)")
    page = DeskProxy(*staff, ONE, K1, NAMES)
    told = [
        ("desk_proxy_waits", one, steps.DeskReady(*staff)),
        ("desk_proxy_two_wait", two, steps.DeskReady(*staff)),
        ("desk_proxy_coming", one, DeskProxy(*staff, ONE, K1)),
        ("desk_proxy", one, page),
        ("desk_proxy_long", one, DeskProxy(*staff, ONE, K1, ProxyNames(agent="阿*******", person="阿*******"))),
        ("desk_proxy_asking", one, DeskProxy(*staff, ONE, K1, NAMES, asking=True)),
        ("desk_proxy_gone", one, DeskProxy(*staff, ONE, K1, gone=True)),
        *(
            (f"desk_proxy_{reason.value}", one, DeskProxy(*staff, ONE, K1, NAMES, problem=reason))
            for reason in (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN, Reason.INTERNAL)
        ),
    ]
    return [(name, DESK, around, step) for name, around, step in told]
