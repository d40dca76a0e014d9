"""Steps of the visit in which something goes wrong: cards, paper, bytes, the hall server itself."""

import re
import time
from collections.abc import Callable

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from deploy.virtual_hall import broker
from deploy.virtual_hall.screens import Seen
from deploy.virtual_hall.visit import Step, Visit
from deploy.virtual_hall.visit_records import OWNER, READ_S, until_notice
from deploy.virtual_hall.visit_tickets import CLAIM, PAPER_S, PENSION, TICKET_S, end_session, keep_paper
from deploy.virtual_hall.waiting import wait_for
from hall.wire.codec import terminal_topic

FAULT_TOLD_S = 10.0
"""A fault is on the console and the guide desk within this (issue, visit 7)."""
SERVER_AWAY_S = 10.0
"""How long the killed hall server stays away (issue, visit 8)."""
ADOPTED_S = 20.0
"""After the return: reconnect (0.2 to 4 s), drain, commit."""
RESERVE = range(700, 800)
"""K1's day reserve in the pack's terminals.toml."""
GARBAGE = b"\xff\x00 not a message {"
PRINTER_ROWS_LEFT = 240
"""About a third of a ticket: the paper ends in its middle."""


def paper_ends_in_mid_print(visit: Visit) -> None:
    """The paper ends while a ticket prints: the resident is told, console and guide desk hear of it."""
    k1, d1 = visit.screen("K1"), visit.screen("D1")
    visit.bench.end_paper_after("K1", PRINTER_ROWS_LEFT)
    visit.facts["papers before"] = str(len(visit.bench.paper_texts("K1")))
    label = take_number(visit)
    seen = k1.shows("ShowingTicket", PAPER_S, where=lambda now: now.paper == "waiting", what="waiting for paper")
    visit.see(re.search("纸", seen.text), "the resident is not told that the paper is out")
    visit.album.screen(k1, "paper-out")
    visit.facts["stalled"] = label
    began = time.monotonic()
    d1.shows(
        "DeskReady", FAULT_TOLD_S, where=lambda now: "K1.slip_printer:no_paper" in now.told["alerts"], what="the alarm"
    )
    visit.album.screen(d1, "alarm")
    left = FAULT_TOLD_S - (time.monotonic() - began)
    alive = visit.hall.children.check
    wait_for(
        "the console shows the printer's fault",
        lambda: visit.console.device_state("K1.slip_printer") == "down",
        max(left, 0.1),
        alive=alive,
    )
    visit.album.page(visit.console.link("devices"), "console-fault")
    visit.album.wait()  # new paper would mend what is to be seen


def new_paper_same_ticket_once(visit: Visit) -> None:
    """New paper: the same ticket comes out, exactly once."""
    k1 = visit.screen("K1")
    label = visit.facts["stalled"]
    visit.bench.refill_paper("K1")
    k1.shows("ShowingTicket", PAPER_S, where=lambda now: now.paper == "out", what="with its paper out")
    keep_paper(visit, "K1", "ticket-after-new-paper", label)
    whole = [text for text in visit.bench.paper_texts("K1") if label in text and "12345" in text]
    visit.see(len(whole) == 1, f"{len(whole)} whole papers bear {label}, not one")
    end_session(k1)


def garbage_is_quarantined(visit: Visit) -> None:
    """Garbage in a terminal's lane ends in quarantine, seen in the console; nobody stumbles."""
    site = visit.hall.site
    topic = terminal_topic(site.hall, "R14", "up")  # type: ignore[arg-type]
    before = visit.console.quarantined()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, client_id="visit")
    client.username_pw_set(broker.SERVER, site.passwords[broker.SERVER])
    client.connect("127.0.0.1", site.ports.broker)
    client.loop_start()
    try:
        client.publish(topic, GARBAGE, qos=1).wait_for_publish(READ_S)
    finally:
        client.disconnect()
        client.loop_stop()
    alive = visit.hall.children.check
    wait_for("the garbage is in quarantine", lambda: visit.console.quarantined() > before, READ_S, alive=alive)


def ticket_without_server(visit: Visit) -> None:
    """The hall server is killed; a resident still gets a number, from the reserve (FAC-07)."""
    visit.console.keep_turns()
    visit.hall.children.kill(visit.hall.server)
    visit.facts["killed at"] = str(time.monotonic())
    label = take_number(visit)
    number = re.fullmatch(r"C(\d+)", label)
    visit.see(number and int(number[1]) in RESERVE, f"{label} is not of this terminal's reserve")
    k1 = visit.screen("K1")
    k1.shows("ShowingTicket", PAPER_S, where=lambda now: now.paper == "out", what="with its paper out")
    visit.album.screen(k1, "ticket-without-server")
    text = keep_paper(visit, "K1", "ticket-without-server", label)
    visit.see("约" in text, "a quote from the last board does not say 约")
    end_session(k1)


def other_eyes(visit: Visit) -> None:
    """Large print, high contrast and English, each for this person only."""
    k1 = visit.screen("K1")
    k1.touch("view")
    for name in ("large", "contrast"):
        k1.touch(name)
        k1.shows("Home", where=_view(name, True), what=name)
        visit.album.screen(k1, name)
        k1.touch(name)
        k1.shows("Home", where=_view(name, False), what=f"without {name}")
    k1.touch("language")
    k1.touch("language:en")
    k1.shows("Home", where=_view("language", "en"), what="in English")
    visit.album.screen(k1, "english")
    k1.touch("take_ticket")
    k1.shows("ChoosingGroup")
    visit.album.screen(k1, "english-groups")
    k1.touch("back")
    k1.shows("Home", where=_view("language", "zh"), what="in Chinese for the next person")


def damaged_and_pulled_cards(visit: Visit) -> None:
    """A damaged card frame and a card pulled while it is read each end in a clear sentence."""
    k1 = visit.screen("K1")
    until_notice(visit, k1)
    k1.touch("agree")
    k1.shows("WaitingForCard")
    visit.bench.garble_next_answer()
    visit.bench.lay_id_card(OWNER, defect="spoiled")
    seen = k1.shows("CardTrouble", READ_S * 2, where=lambda now: now.told["problem"] == "damaged", what="for damage")
    is_clear(visit, seen)
    visit.album.screen(k1, "damaged-card")
    visit.bench.lift_id_card()
    visit.bench.insert_social_card(OWNER)
    visit.bench.pull_social_card_in_next_read()
    seen = k1.shows("CardTrouble", READ_S * 2, where=lambda now: now.told["problem"] == "moved", what="for the pull")
    is_clear(visit, seen)
    k1.touch("end")
    k1.shows("Farewell")
    k1.touch("end")
    k1.shows("Home")


def server_returns(visit: Visit) -> None:
    """After ten seconds the hall server is back; the terminals find it by themselves."""
    alive = visit.hall.children.check
    until = float(visit.facts["killed at"]) + SERVER_AWAY_S
    wait_for("ten seconds have passed", lambda: time.monotonic() >= until, SERVER_AWAY_S, alive=alive)
    visit.hall.server = visit.hall.children.again(visit.hall.server)
    visit.hall.await_server()
    visit.album.page(visit.console.link("tickets"), "console-tickets")
    for screen in visit.hall.screens.values():
        wait_for(f"{screen.name} has met the server", _met(screen.look), ADOPTED_S, alive=alive)


def each_ticket_once(visit: Visit) -> None:
    """The ledger holds every printed ticket exactly once (LED-07)."""
    alive = visit.hall.children.check
    wait_for("the ledger holds every printed ticket", lambda: not missing(visit), ADOPTED_S, alive=alive)
    labels = [str(entry["event"]["label"]) for entry in visit.ledger() if entry["event"]["kind"] == "TicketIssued"]
    twice = {label for label in labels if labels.count(label) > 1}
    visit.see(not twice, f"in the ledger more than once: {sorted(twice)}")
    strangers = set(labels) - set(visit.printed)
    visit.see(not strangers, f"in the ledger but on no paper: {sorted(strangers)}")


def take_number(visit: Visit) -> str:
    """Take one more number for the same item; return its label."""
    k1 = visit.screen("K1")
    k1.shows("Home", READ_S)
    k1.touch("take_ticket")
    k1.touch(f"group:{PENSION}")
    k1.touch(f"item:{CLAIM}")
    return k1.shows("ShowingTicket", TICKET_S).label


def missing(visit: Visit) -> set[str]:
    """Return the printed numbers that the console does not show yet."""
    return set(visit.printed) - {str(ticket["label"]) for ticket in visit.console.tickets()["tickets"]}


def is_clear(visit: Visit, seen: Seen) -> None:
    """A trouble screen speaks to people: no traceback, no English exception."""
    visit.see(re.search("[一-鿿]", seen.text), "the screen says nothing")
    for words in ("Traceback", "Error", "Exception"):
        visit.see(words not in seen.text, f"the screen says {words}")


def _view(key: str, value: object) -> Callable[[Seen], bool]:
    return lambda now: bool(now.told["view"][key] == value)


def _met(look: Callable[[], Seen]) -> Callable[[], bool]:
    return lambda: not look().told["server_away"]


PAPER = (
    Step("the paper ends in mid print: resident, guide desk and console are told", paper_ends_in_mid_print),
    Step("new paper brings the same ticket out exactly once", new_paper_same_ticket_once),
)
AWAY = (
    Step("the hall server is killed while a resident takes a number, from the reserve", ticket_without_server),
    Step("a damaged card and a pulled card end in clear sentences", damaged_and_pulled_cards),
    Step("large print, high contrast and English", other_eyes),
    Step("the hall server returns and every terminal finds it", server_returns),
)
GARBAGE_STEP = Step("garbage on the wire ends in quarantine", garbage_is_quarantined)
ONCE = Step("the ledger holds each printed ticket exactly once", each_ticket_once)
