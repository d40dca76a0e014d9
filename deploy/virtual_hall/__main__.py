"""`./run demo`: the virtual hall on this machine, for people to touch, or played by itself without a display.

Exit: 0 done, 1 a part ended by itself or a step of the visit was not seen, 2 wrong usage.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deploy.virtual_hall import displays, plan, watching
from deploy.virtual_hall.album import Album
from deploy.virtual_hall.calendar import clock_offset_s, read_pack
from deploy.virtual_hall.children import ChildEndedError, Children
from deploy.virtual_hall.configuration import Site, new_site
from deploy.virtual_hall.opening import ROOT, open_hall
from deploy.virtual_hall.waiting import WaitedTooLongError
from hall.errors import HallError
from hall.ids import HallId

VISIT_SPEECH_SPEED = 4.0
"""Nobody listens to the visit; when speech began is measured all the same."""
PACK = ROOT / "deploy" / "packs" / "qinghe"


class _Stopped(BaseException):
    """Ctrl-C or a polite signal: end everything, nothing is wrong."""


def main() -> int:
    """Open the hall, and either wait for people or play the visit."""
    told = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    display = None if told.headless else displays.existing()
    try:
        if display is None:
            return _play(told.out or Path("out") / "visit", keep=told.keep)
        return _open(display, told.out, keep=told.keep)
    except _Stopped:
        print("\nthe hall is closed")
        return 0 if display is not None else 1
    except (ChildEndedError, WaitedTooLongError, HallError) as error:
        print(f"the virtual hall cannot go on: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run demo", description="The virtual hall on this machine.")
    parser.add_argument("--headless", action="store_true", help="play the scripted visit on a virtual display")
    parser.add_argument("--out", type=Path, help="where pictures, texts and logs go (visit: ./out/visit)")
    parser.add_argument("--keep", action="store_true", help="leave the private run directory behind")
    return parser


def _stop(_number: int, _frame: object) -> None:
    raise _Stopped


def _open(display: displays.Display, out: Path | None, *, keep: bool) -> int:
    with _site(keep=keep) as (site, scratch):
        logs = out / "logs" if out else scratch
        logs.mkdir(parents=True, exist_ok=True)
        children = Children(logs)
        with _ending(children):
            site = replace(site, extras=True)  # noqa: PLW2901 - people may print on A4 and put headphones in
            hall = open_hall(site, plan.tiled(display.width_px, display.height_px), display, children, print)
            hall.await_terminals()
            print(watching.invitation(hall))
            watching.watch(children, print)
    return 0


def _play(out: Path, *, keep: bool) -> int:
    from deploy.virtual_hall import playing  # noqa: PLC0415 - the demo does not need the visit

    began = time.monotonic()
    album = Album(out.resolve())
    album.prepare()
    with _site(keep=keep) as (site, _scratch):
        children = Children(album.folder / "logs")
        with _ending(children):
            layout = plan.side_by_side()
            try:
                display = displays.virtual(children, layout.width_px, layout.height_px)
                quick = replace(site, speech_speed=VISIT_SPEECH_SPEED)
                hall = open_hall(quick, layout, display, children, print)
            except (ChildEndedError, WaitedTooLongError) as error:
                album.text("summary.txt", playing.not_opened(began, error))
                raise
            seen = playing.play_visit(hall, album, began, print)
    print(f"the visit is in {out}")
    return 0 if seen else 1


@contextmanager
def _site(*, keep: bool) -> Iterator[tuple[Site, Path]]:
    """Make the private run directory; it is removed at the end unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="daoyin-"))
    broker_folder = Path(tempfile.mkdtemp(prefix="daoyin-broker-"))
    try:
        pack = read_pack(PACK)
        now = time.time()  # noqa: TID251 - a program's own start: the hall's clock is set from it once
        site = new_site(folder, broker_folder, PACK, HallId(pack.hall.id), clock_offset_s(pack, now))
        yield site, site.own("logs")
    finally:
        if keep:
            print(f"the run directory is kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(broker_folder, ignore_errors=True)


@contextmanager
def _ending(children: Children) -> Iterator[None]:
    """End all children, whatever happens; a second signal does not interrupt that."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        children.end_all()


if __name__ == "__main__":
    sys.exit(main())
