"""What a person is told when the virtual hall is open, and the watch over its parts until they have had enough."""

import time
from collections.abc import Callable

from deploy.virtual_hall.children import Children
from deploy.virtual_hall.opening import VirtualHall
from deploy.virtual_hall.plan import CLERKS, GUIDE

WATCH_S = 0.5
"""A part that ended by itself is told within this."""
BACK_S = 10.0
"""So long a part that ended stays away, as in the visit: time to see how the others do without it."""
STANDS_S = 20.0
"""A part that ends so soon after it was started again cannot stand; the hall closes and says why."""

INVITATION = """
The virtual hall is open. Ctrl-C closes all of it.

  bench    {bench}
           put cards on the readers, see the paper, pull plugs, empty the paper, read what the speaker said
  console  {console}
           today's tickets, every terminal and device, uptime

Sign in on the number pads (staff number, PIN):
{pins}

What to try
  1. Terminal K1: touch 取号, choose 养老待遇 and an item; see the slip on the bench.
     Under 看得清 听得见: 大字 and 黑底白字; 语言 turns to English; 请人帮助 stands on the guide desk at once.
  2. Bench: lay 李和's identity card on K1's reader; touch 查询打印, 缴费明细, 同意; print; 结束.
     Lay it again, touch 取号, and do both once more for the same item: she is told which number she holds.
     Lay 吴桂兰's card (75 years old), touch 取号: she may choose to go first; her slip does not say why.
  3. Bench: put a social-security card into the slot; 查询打印, PIN 123456 (try a wrong one first).
  4. Guide desk: sign in, touch 优先号, an item, ground and evidence; the paper says 优先 and nothing more.
     开门检查 is not signed yet: look through it, what the devices tell is filled in, and sign it with one touch.
  5. Window panel 14: sign in, touch 呼叫下一位; watch the hall display, the bar and the speaker on the bench.
     Nobody comes: 重呼 twice; 40 s after the first call 过号: the display tells that number how to come back.
  6. Bench: take the paper out while a ticket prints; watch the terminal, the guide desk and the console.
  7. Bench: the statement of 2 came out on K1's A4 printer. Open its cover, print again: the slip printer steps in.
  8. Bench: plug K1's headphones in, walk the terminal with the arrow keys: only the headphones speak. Pull them out.
  9. K1: 查询打印, 代他人查询: lay one card, then another; the guide looks at both and confirms.
 10. Kill the hall server (kill -9 {server}) and take a number at once; after ten seconds it is started again.
"""


def invitation(hall: VirtualHall) -> str:
    """Return the addresses, the PINs of this run, and what to try."""
    site = hall.site
    places = {GUIDE: "guide desk", **{staff: f"window panel {window}" for window, staff in CLERKS.items()}}
    pins = "\n".join(f"  {staff}  {site.pins[staff]}  {place}" for staff, place in places.items())
    return INVITATION.format(
        bench=hall.bench_link, console=hall.console_link, pins=pins, server=hall.server.process.pid
    )


def watch(children: Children, tell: Callable[[str], None], back_s: float = BACK_S) -> None:
    """Return never; a signal ends the watch.

    A part that ended by itself is started again after `back_s`; `ChildEndedError` if it ends once more right after.
    """
    again: dict[str, float] = {}
    due: dict[str, float] = {}
    while True:
        now = time.monotonic()
        for child in children.ended():
            if now - again.get(child.name, float("-inf")) < STANDS_S:
                children.check()
            if child.name not in due:
                due[child.name] = now + back_s
                tell(f"{child.name} has ended by itself; it starts again in {back_s:.0f} s")
            elif now >= due[child.name]:
                del due[child.name]
                children.again(child)
                again[child.name] = time.monotonic()
                tell(f"{child.name} is started again")
        time.sleep(min(WATCH_S, back_s))
