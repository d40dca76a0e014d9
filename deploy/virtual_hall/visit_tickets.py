"""Steps of the visit: greeting, a number in three touches, a number for somebody who needs to go first."""

import re

from deploy.virtual_hall.plan import CLERKS, GUIDE
from deploy.virtual_hall.screens import Screen, Seen
from deploy.virtual_hall.visit import Step, Visit

PENSION, CLAIM = "pension", "SI-301"
GROUND, EVIDENCE = "pregnant", "sight"
GROUND_WORDS = ("孕", "妊娠", "pregnan")
"""Words that would tell the ground of the priority of this visit; nowhere but on the guide's own screen."""
TOUCHES_AT_MOST = 3
TICKET_S = 6.0
PAPER_S = 15.0
HELP_S = 5.0


def greets(visit: Visit) -> None:
    """The self-service terminal greets, names the hall and asks (FLW-01)."""
    seen = visit.screen("K1").shows("Home")
    for words in ("您好", "青禾市社会保险服务大厅", "请问", "样例"):
        visit.see(words in seen.text, f"the home screen does not say {words}")
    visit.album.screen(visit.screen("K1"), "home")


def takes_number(visit: Visit) -> None:
    """取号 → 养老待遇 → an item: the ticket comes out (QUE-02, QUE-03)."""
    k1 = visit.screen("K1")
    touched = k1.touches
    k1.touch("take_ticket")
    k1.shows("ChoosingGroup")
    visit.album.screen(k1, "groups")
    k1.touch(f"group:{PENSION}")
    k1.shows("ChoosingItem")
    visit.album.screen(k1, "items")
    k1.touch(f"item:{CLAIM}")
    seen = k1.shows("ShowingTicket", TICKET_S)
    visit.see(k1.touches - touched <= TOUCHES_AT_MOST, "it took more than three touches")
    visit.see(re.fullmatch(r"C\d{3}", seen.label), f"the number is {seen.label!r}, not one of the pension series")
    k1.shows("ShowingTicket", PAPER_S, where=lambda now: now.paper == "out", what="with its paper out")
    visit.album.screen(k1, "ticket")
    text = keep_paper(visit, "K1", "ticket", seen.label)
    for words in ("青禾", "职工基本养老金申领", "窗口", "7", "Q", "前面", "分钟", "身份证", "过号", "12345", "样例"):
        visit.see(words in text, f"the ticket does not say {words}")
    end_session(k1)


def staff_sign_in(visit: Visit) -> None:
    """The guide and two clerks sign in on their number pads."""
    visit.hall.await_terminals()
    desks = {"D1": GUIDE, "W07": CLERKS["7"], "W14": CLERKS["14"]}
    for name, staff in desks.items():
        screen = visit.screen(name)
        screen.shows("SigningIn")
        screen.type_digits(staff)
        screen.touch("confirm")
        screen.type_digits(visit.hall.site.pins[staff])
        if name == "D1":
            visit.album.screen(screen, "signing-in")
        screen.touch("confirm")
    visit.screen("D1").shows("DeskReady")
    for name in ("W07", "W14"):
        visit.screen(name).shows("PanelReady")


def guide_issues_priority(visit: Visit) -> None:
    """The guide desk issues a priority ticket with ground and evidence; the paper says 优先, never why (QUE-11)."""
    d1 = visit.screen("D1")
    visit.album.screen(d1, "desk")
    d1.touch("priority")
    d1.touch(f"group:{PENSION}")
    d1.touch(f"item:{CLAIM}")
    d1.shows("DeskGranting")
    d1.touch(f"ground:{GROUND}")
    d1.touch(f"evidence:{EVIDENCE}")
    d1.shows("DeskGranting", where=lambda now: now.widget("confirm_grant") is not None, what="ready to be confirmed")
    visit.album.screen(d1, "granting")
    d1.touch("confirm_grant")
    d1.shows("DeskIssued", TICKET_S)
    d1.texts.clear()  # the guide's own choice of the ground is the only place where its words may stand
    seen = d1.look()
    visit.see(seen.label.startswith("Y"), f"the priority number is {seen.label!r}, not one of the series Y")
    visit.see("优先" in seen.text, "the guide desk does not say 优先 beside the number")
    visit.facts["priority"] = seen.label


def priority_paper_is_silent(visit: Visit) -> None:
    """The paper of the priority ticket came out meanwhile; it says 优先 and no reason."""
    d1 = visit.screen("D1")
    seen = d1.shows("DeskIssued", PAPER_S, where=lambda now: now.paper == "out", what="with its paper out")
    visit.album.screen(d1, "issued")
    text = keep_paper(visit, "D1", "priority-ticket", seen.label)
    visit.see("优先" in text, "the paper does not say 优先")
    d1.touch("done")
    d1.shows("DeskReady")


def asks_for_help(visit: Visit) -> None:
    """请人帮助: the guide desk names the terminal; the guide goes there; the resident is told (QUE-05)."""
    k1, d1 = visit.screen("K1"), visit.screen("D1")
    k1.touch("help")
    d1.shows("DeskReady", HELP_S, where=lambda now: now.widget("go_to:K1") is not None, what="that K1 asks for help")
    told = k1.shows("Home", HELP_S, where=lambda now: "导引员" in now.text, what="that the guide was told")
    visit.see("已通知" in told.text, "the resident is not told that the guide knows")
    visit.album.screen(d1, "help-asked")
    d1.touch("go_to:K1")
    d1.shows("DeskReady", HELP_S, where=lambda now: now.widget("go_to:K1") is None, what="that somebody goes")


def ground_is_nowhere(visit: Visit) -> None:
    """All papers and every text seen on any screen since are free of the ground's words."""
    texts = {f"paper of {name}": text for name in ("K1", "D1") for text in visit.bench.paper_texts(name)}
    texts |= {f"screen {name}": "\n".join(screen.texts) for name, screen in visit.hall.screens.items()}
    texts["speech"] = "\n".join(visit.bench.speech())
    for place, text in texts.items():
        for word in GROUND_WORDS:
            visit.see(word not in text.lower(), f"{place} says {word!r}")


def keep_paper(visit: Visit, printer: str, name: str, label: str) -> str:
    """Keep the newest paper of a printer, note that this number stands on it, and return its text."""
    paper = visit.bench.newest_paper(printer)
    visit.album.paper(visit.bench.picture(paper), name)
    visit.see(label in paper.text, f"the newest paper of {printer} does not bear the number {label}")
    visit.printed[label] = printer
    return paper.text


def end_session(screen: Screen) -> Seen:
    """Touch 结束 or 完成 and wait for the home screen."""
    screen.touch("end")
    return screen.shows("Home")


ARRIVALS = (
    Step("the self-service terminal greets, names the hall and asks", greets),
    Step("a resident takes a number for a pension claim in three touches; the ticket comes out", takes_number),
    Step("the guide and two clerks sign in", staff_sign_in),
    Step("a resident asks for help; the guide desk hears of it and goes", asks_for_help),
)
PRIORITY = Step("the guide desk issues a priority ticket with ground and evidence", guide_issues_priority)
PRIORITY_PAPER = Step("the priority ticket's paper says 优先 and no reason", priority_paper_is_silent)
GROUND_STEP = Step("the ground of the priority stands on no paper and no screen", ground_is_nowhere)
