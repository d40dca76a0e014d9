"""What a person is told when the virtual hall is open, and the watch over its parts until they have had enough."""

import time

from deploy.virtual_hall.children import Children
from deploy.virtual_hall.opening import VirtualHall
from deploy.virtual_hall.plan import CLERKS, GUIDE

WATCH_S = 0.5
"""A part that ended by itself is told within this."""

INVITATION = """
The virtual hall is open. Ctrl-C closes all of it.

  bench    {bench}
           put cards on the readers, see the paper, pull plugs, empty the paper, read what the speaker said
  console  {console}
           today's tickets, every terminal and device, uptime

Sign in on the number pads (staff number, PIN):
{pins}

What to try
  1. Self-service terminal: touch 取号, choose 养老待遇 and an item; see the ticket on the bench.
  2. Bench: lay 李和's identity card on the reader of K1; touch 缴费明细, agree, look, print. Take the card away.
  3. Bench: put a social-security card into the slot; PIN 123456 (try a wrong one first).
  4. Guide desk: sign in, touch 优先, choose an item, ground and evidence; the paper says 优先 and nothing more.
  5. Window panel 14: sign in, touch 呼叫下一位; watch the hall display, the bar and the speaker on the bench.
  6. Bench: take the paper out while a ticket prints; watch the terminal, the guide desk and the console.
"""


def invitation(hall: VirtualHall) -> str:
    """Return the addresses, the PINs of this run, and what to try."""
    site = hall.site
    places = {GUIDE: "guide desk", **{staff: f"window panel {window}" for window, staff in CLERKS.items()}}
    pins = "\n".join(f"  {staff}  {site.pins[staff]}  {place}" for staff, place in places.items())
    return INVITATION.format(bench=hall.bench_link, console=hall.console_link, pins=pins)


def watch(children: Children) -> None:
    """Return never; `ChildEndedError` names the part that ended by itself, a signal ends the watch."""
    while True:
        children.check()
        time.sleep(WATCH_S)
