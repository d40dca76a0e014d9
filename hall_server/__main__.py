"""`python -m hall_server --config hall_server.toml [verb]`. Exit: 0 done, 1 refused with a sentence, 2 wrong usage."""

import argparse
import getpass
import json
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hall.errors import HallError, Reason
from hall.ids import StaffId
from hall_server import assembly, packs, staff
from hall_server.keys import create_key_file
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger
from hall_server.settings import Settings, load
from hall_server.writer.confirming import Spoken, WordBox

log = logging.getLogger("hall_server")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server or one verb; return the exit status."""
    told = _parser().parse_args(arguments)
    try:
        return int(told.run(told))
    except HallError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hall_server", description="The hall server and its tools.")
    parser.add_argument("--config", type=Path, default=Path("hall_server.toml"), help="settings (hall_server.toml)")
    parser.set_defaults(run=_serve)
    verbs = parser.add_subparsers(metavar="VERB")
    ledger = verbs.add_parser("ledger", help="look at the ledger").add_subparsers(metavar="WHAT", required=True)
    verify = ledger.add_parser("verify", help="check the chain; names the first broken entry")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_verify)
    export = ledger.add_parser("export", help="print all events in order with their chain digests, as one JSON object")
    export.add_argument("--out", type=Path, help="write to this file instead")
    export.set_defaults(run=_export)
    pack = verbs.add_parser("pack", help="look at a hall pack").add_subparsers(metavar="WHAT", required=True)
    check = pack.add_parser("check", help="check a pack as a whole")
    check.add_argument("folder", type=Path)
    check.set_defaults(run=_check_pack)
    take = pack.add_parser("import", help="check a pack and make it this hall's; an invalid one changes nothing")
    take.add_argument("folder", type=Path)
    take.set_defaults(run=_import_pack)
    give = pack.add_parser("export", help="write this hall's pack into a new folder, as it stands")
    give.add_argument("folder", type=Path)
    give.set_defaults(run=_export_pack)
    day = verbs.add_parser("day", help="the business day").add_subparsers(metavar="WHAT", required=True)
    confirm = day.add_parser(
        "confirm",
        help="say that today is this day, when the running server does not believe its clock or has opened a wrong day",
        description="Check the machine's clock first: a day that its clock does not show is refused. A later day that"
        " was opened wrongly is withdrawn; who still held a number of it is listed and needs a new one.",
    )
    confirm.add_argument("day", metavar="YYYY-MM-DD", help="the date of today, as on a calendar on the wall")
    confirm.add_argument("--by", required=True, metavar="NAME", help="who says so; it stands in the ledger")
    confirm.add_argument("--reason", required=True, help="why it was needed; it stands in the ledger")
    confirm.add_argument("--json", action="store_true")
    confirm.set_defaults(run=_confirm_day)
    admin = verbs.add_parser("admin", help="keys and staff").add_subparsers(metavar="WHAT", required=True)
    create = admin.add_parser("create", help="make the key file if absent, and set PINs read from standard input")
    create.add_argument("staff", nargs="*", help="staff numbers; one line of standard input for each")
    create.set_defaults(run=_create)
    return parser


def _serve(told: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of our memory would hold keys and persons
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server = assembly.build(load(told.config))
    server.start()
    for note in packs.calendar_notes(server.pack, assembly.hall_clock(server.settings)()):
        log.warning("%s", note)
    log.info("hall %s is open for terminals", server.settings.hall)
    stopping.wait()
    log.info("closing")
    server.stop()
    return 0


def _verify(told: argparse.Namespace) -> int:
    ledger = open_ledger(_existing(load(told.config)))
    try:
        verdict = audit.verify(ledger)
    finally:
        ledger.close()
    if told.json:
        print(json.dumps({"entries": verdict.entries, "broken_at": verdict.broken_at, "chain_head": verdict.head}))
    elif verdict.broken_at is None:
        print(f"{verdict.entries} entries, the chain is whole, its head is {verdict.head}")
    if verdict.broken_at is not None:
        sentence = f"entry {verdict.broken_at} does not fit the chain; those before it are whole"
        raise HallError(Reason.MALFORMED, "ledger", sentence)
    return 0


def _export(told: argparse.Namespace) -> int:
    ledger = open_ledger(_existing(load(told.config)))
    try:
        if told.out is None:
            audit.export(ledger, sys.stdout)
        else:
            with told.out.open("w", encoding="utf-8") as out:
                audit.export(ledger, out)
    except OSError as error:
        raise HallError(Reason.INTERNAL, str(told.out), f"cannot be written: {error.strerror}") from error
    finally:
        ledger.close()
    return 0


def _check_pack(told: argparse.Namespace) -> int:
    pack = assembly.read_pack(told.folder)
    print(f"{pack.hall.title}: {len(pack.items)} items, {len(pack.windows)} windows, version {pack.version}")
    for note in packs.calendar_notes(pack, assembly.machine_clock()):
        print(note)
    return 0


def _import_pack(told: argparse.Namespace) -> int:
    settings = load(told.config)
    pack = packs.take(told.folder, settings.pack, settings.hall)
    print(f"{pack.hall.title}: version {pack.version} is this hall's pack from the server's next start")
    return 0


def _export_pack(told: argparse.Namespace) -> int:
    pack = packs.give(load(told.config).pack, told.folder)
    print(f"{pack.hall.title}: version {pack.version} written to {told.folder}")
    return 0


def _create(told: argparse.Namespace) -> int:
    settings = load(told.config)
    made = create_key_file(settings.key_file, assembly.random_bytes(32))
    print(f"key file {settings.key_file}: {'made' if made else 'is there already'}")
    known = {member.id for member in assembly.read_pack(settings.pack).staff}
    for who in told.staff:
        if who not in known:
            raise HallError(Reason.UNKNOWN_STAFF, who, "not in the hall pack's staff.toml")
        pin = getpass.getpass(f"PIN of {who}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        staff.store_pin(settings.staff_pins, StaffId(who), staff.hash_pin(pin, assembly.random_bytes(staff.SALT_BYTES)))
        print(f"PIN of {who}: set")
    return 0


def _confirm_day(told: argparse.Namespace) -> int:
    box = WordBox(_existing(load(told.config)))
    spoken = Spoken(id=assembly.mint_id(), day=told.day, by=told.by, reason=told.reason)
    try:
        outcome = box.say(spoken, time.monotonic, time.sleep)
    except OSError as error:
        raise HallError(
            Reason.NOT_ALLOWED, "day confirm", f"run this as the server's user: {error.strerror}"
        ) from error
    if outcome is None:
        sentence = "the hall server does not answer and nothing was changed; start it, then say this again"
        raise HallError(Reason.SERVER_AWAY, "day confirm", sentence)
    if outcome.refused:
        raise HallError(Reason.ILLEGAL_MOVE, "day confirm", outcome.refused)
    if told.json:
        print(json.dumps(msgspec.to_builtins(outcome), ensure_ascii=False))
        return 0
    if outcome.withdrawn:
        print(f"{outcome.withdrawn} is withdrawn; {outcome.issued} tickets bore its date and stay in the ledger")
    if outcome.ended:
        print(f"these people need a new number: {', '.join(outcome.ended)}")
    print(f"{outcome.opened} is open" if outcome.opened else f"{told.day} is confirmed; open days follow from it")
    return 0


def _existing(settings: Settings) -> Path:
    if not settings.ledger.exists():
        raise HallError(
            Reason.MALFORMED, str(settings.ledger), "there is no ledger yet; the server makes it at its start"
        )
    return settings.ledger


if __name__ == "__main__":
    os.umask(0o077)  # ledger, keys and exports are for their owner only
    sys.exit(main())
