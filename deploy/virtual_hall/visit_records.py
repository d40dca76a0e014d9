"""Steps of the visit: a person's own record, from an ID card and from a social-security card."""

import re
from collections.abc import Callable

from deploy.virtual_hall.screens import Screen, Seen
from deploy.virtual_hall.visit import Step, Visit

FORM = "contributions"
OWNER, OWNER_NAME, OWNER_NUMBER = "li-he", "李和", "000000198907220025"
EXPIRED, HIDING = "zhou-quan", "chen-kang"
PIN, WRONG_PIN = "123456", "111111"
READ_S = 8.0
"""The card itself takes a second; then the hall server is asked."""
PRINT_S = 25.0
"""A statement is long, and the virtual line is as slow as a real one."""


def expired_card_opens_nothing(visit: Visit) -> None:
    """An expired ID card leads to a clear sentence and to nothing else."""
    k1 = visit.screen("K1")
    until_notice(visit, k1)
    visit.album.screen(k1, "privacy-notice")
    k1.touch("agree")
    k1.shows("WaitingForCard")
    visit.album.screen(k1, "where-the-card-goes")
    visit.bench.lay_id_card(EXPIRED)
    seen = k1.shows("CardTrouble", READ_S, where=_problem("expired"), what="for the expired card")
    visit.see("周全" not in seen.text, "an expired card shows its holder's name")
    visit.see(re.search("过期|有效期", seen.text), "the screen does not say that the card has expired")
    visit.album.screen(k1, "expired-card")
    visit.bench.lift_id_card()


def id_card_opens_own_record(visit: Visit) -> None:
    """A valid ID card: the person's own record, masked, then printed as a statement (RGT-02, RGT-04)."""
    k1 = visit.screen("K1")
    visit.bench.lay_id_card(OWNER)
    seen = k1.shows("ShowingStatement", READ_S)
    shows_masked(visit, seen)
    visit.album.screen(k1, "statement-masked")
    k1.press("eye")
    held = k1.shows(
        "ShowingStatement", where=lambda now: OWNER_NUMBER in now.text, what="unmasked while the eye is held"
    )
    k1.release()
    visit.see(OWNER_NAME in held.text, "the held eye does not show the name")
    k1.shows("ShowingStatement", where=lambda now: OWNER_NUMBER not in now.text, what="masked again")
    print_statement(visit, k1, "statement-id-card")
    k1.touch("end")
    seen = k1.shows("Farewell")
    visit.see("身份证" in seen.text, "the farewell does not remind of the identity card")
    visit.album.screen(k1, "farewell")
    is_wiped(visit, k1)
    visit.bench.lift_id_card()


def hidden_holder_is_told(visit: Visit) -> None:
    """A version-3 social-security card hides its holder: the person is told to use the identity card."""
    k1 = visit.screen("K1")
    visit.bench.insert_social_card(HIDING)
    seen = k1.shows("CardTrouble", READ_S, where=_problem("hides_holder"), what="for the hidden holder")
    visit.see("身份证" in seen.text, "the screen does not say which card to use instead")
    visit.album.screen(k1, "use-your-id-card")
    visit.bench.pull_social_card()


def social_card_opens_own_record(visit: Visit) -> None:
    """A social-security card: a wrong PIN once, then the right one; the same record; the card is pulled."""
    k1 = visit.screen("K1")
    until_notice(visit, k1)
    k1.touch("agree")
    k1.shows("WaitingForCard")
    visit.bench.insert_social_card(OWNER)
    k1.shows("EnteringPin", READ_S)
    k1.type_digits(WRONG_PIN)
    visit.album.screen(k1, "pin")
    k1.touch("confirm")
    tries = re.compile(r"还[可能]?.*?(\d)\s*次")
    seen = k1.shows("EnteringPin", READ_S, where=lambda now: bool(tries.search(now.text)), what="with tries left")
    left = tries.search(seen.text)
    visit.see(left is not None and 0 < int(left[1]) < len(PIN), "the tries left are not told")
    visit.album.screen(k1, "wrong-pin")
    k1.type_digits(PIN)
    k1.touch("confirm")
    shows_masked(visit, k1.shows("ShowingStatement", READ_S))
    print_statement(visit, k1, "statement-social-card")
    visit.bench.pull_social_card()
    k1.shows("Farewell", where=lambda now: OWNER_NAME not in now.text, what="when the card is pulled")
    is_wiped(visit, k1)


def _problem(problem: str) -> Callable[[Seen], bool]:
    return lambda now: bool(now.told["problem"] == problem)


def until_notice(visit: Visit, k1: Screen) -> None:
    """Walk to the privacy notice."""
    k1.shows("Home", READ_S)
    k1.touch("query_print")
    k1.shows("ChoosingForm")
    k1.touch(f"form:{FORM}")
    seen = k1.shows("Notice")
    visit.see("信息" in seen.text, "the privacy notice does not speak of information")


def shows_masked(visit: Visit, seen: Seen) -> None:
    """The record is the holder's own, its amounts right, name and number masked."""
    visit.see(OWNER_NUMBER not in seen.text and OWNER_NAME not in seen.text, "name or number are not masked")
    for words in ("李*", "000000**********25", "6,480.00", "12,960.00", "2026-11-20"):
        visit.see(words in seen.text, f"the record does not show {words}")


def print_statement(visit: Visit, k1: Screen, name: str) -> None:
    """Print and look at the paper."""
    before = len(visit.bench.paper_texts("K1"))
    k1.touch("print")
    k1.shows("ShowingStatement", PRINT_S, where=lambda now: now.paper == "out", what="with its paper out")
    papers = visit.bench.paper_texts("K1")
    visit.see(len(papers) == before + 1, f"{len(papers) - before} papers came out, not one")
    visit.album.paper(visit.bench.picture(visit.bench.newest_paper("K1")), name)
    for words in ("青禾市社会保险", OWNER_NAME, OWNER_NUMBER, "2025年", "2026-11-20", "QH-", "6,480.00", "12,960.00"):
        visit.see(words in papers[-1], f"the statement does not say {words}")
    visit.see(re.search(r"校验码\D*[A-Z2-7]{8}", papers[-1]), "the statement has no check code")
    visit.see(re.search(r"1\s*/\s*1|第\s*1\s*页", papers[-1]), "the statement has no page number")


def is_wiped(visit: Visit, k1: Screen) -> None:
    """After the session nothing of the person is on the screen; the next one need not wait for the farewell's end."""
    k1.touch("end")
    seen = k1.shows("Home")
    for words in (OWNER_NAME, OWNER_NUMBER, "李*"):
        visit.see(words not in seen.text, f"the home screen still shows {words}")


def nothing_left_on_disk(visit: Visit) -> None:
    """No file of terminals, broker and hall server, and none of their logs, holds the person in clear (RGT-03)."""
    parts = [*visit.hall.screens, "hall_server"]
    folders = [visit.hall.site.own(part) for part in parts]
    logs = [visit.hall.children.logs / f"{part}.log" for part in (*parts, "broker")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in (*files, *logs):
        held = path.read_bytes()
        for words in (OWNER_NAME, OWNER_NUMBER):
            visit.see(words.encode() not in held, f"{path.name} of {path.parent.name} holds name or number in clear")


STEPS = (
    Step("an expired ID card opens nothing", expired_card_opens_nothing),
    Step("a card that hides its holder is told to use the ID card", hidden_holder_is_told),
    Step("an ID card opens the person's own record, masked, and prints it", id_card_opens_own_record),
    Step("a social-security card asks its PIN, counts tries, and opens the same record", social_card_opens_own_record),
    Step("after the sessions no file and no log holds the person in clear", nothing_left_on_disk),
)
