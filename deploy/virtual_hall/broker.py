"""The private mosquitto: loopback, one password and one access list per terminal, nothing kept on disk.

Topics are those of `hall.wire`; the broker is a switch, so its queues are wide and its memory may vanish at any time.
"""

import os
import pwd
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.virtual_hall.children import Child, Children
from hall.ids import HallId, TerminalId
from hall.wire.codec import MAX_MESSAGE_BYTES, hall_topic, peers_topic, terminal_topic

SERVER = "server"
MAX_QUEUED_MESSAGES = 100_000
"""mosquitto's own limit is 1,000 and what goes beyond is dropped in silence (sync reference 3)."""
TOPIC_BYTES = 1024
"""Of a packet, beside its message: topic and properties."""
WRITES = ("up", "ask", "link", "health")
READS = ("mark", "answer", "down")
HALL_READS = ("beat", "board", "pack", "alerts")
EVERYBODY = TerminalId("+")
DROPS_TO = "mosquitto"
"""As root the broker runs as this user, which Debian's package makes."""


def configuration(port: int, folder: Path) -> str:
    """Return mosquitto.conf."""
    return "\n".join(
        (
            f"listener {port} 127.0.0.1",
            "allow_anonymous false",
            f"password_file {folder / 'passwords'}",
            f"acl_file {folder / 'acl'}",
            "persistence false",
            f"max_queued_messages {MAX_QUEUED_MESSAGES}",
            "max_inflight_messages 0",
            f"max_packet_size {MAX_MESSAGE_BYTES + TOPIC_BYTES}",
            "set_tcp_nodelay true",
            "log_dest stdout",
            "log_type error",
            "log_type warning",
            "log_type notice",
            "connection_messages true",
            "",
        )
    )


def access_list(hall: HallId, terminals: Iterable[TerminalId]) -> str:
    """Return the access list: a terminal writes its own lanes up and reads its own lanes down and the hall's.

    What terminals tell each other while the hall server is away, each says on its own topic and all hear.
    """
    lines = [f"user {SERVER}", f"topic readwrite hall/{hall}/#", ""]
    for terminal in terminals:
        lines.append(f"user {terminal}")
        lines += [f"topic write {terminal_topic(hall, terminal, lane)}" for lane in WRITES]
        lines += [f"topic read {terminal_topic(hall, terminal, lane)}" for lane in READS]
        lines += [f"topic read {hall_topic(hall, lane)}" for lane in HALL_READS]
        lines += [f"topic write {peers_topic(hall, terminal)}", f"topic read {peers_topic(hall, EVERYBODY)}"]
        lines.append("")
    return "\n".join(lines)


def start(children: Children, folder: Path, port: int, hall: HallId, passwords: Mapping[str, str]) -> Child:
    """Write the broker's files into `folder` (ours alone, or as root the broker's alone) and start it."""
    folder.chmod(0o700)
    (folder / "mosquitto.conf").write_text(configuration(port, folder))
    (folder / "acl").write_text(access_list(hall, [TerminalId(user) for user in passwords if user != SERVER]))
    secrets = folder / "passwords"
    secrets.write_text("".join(f"{user}:{password}\n" for user, password in passwords.items()))
    for path in folder.iterdir():
        path.chmod(0o600)
    subprocess.run(["mosquitto_passwd", "-U", str(secrets)], check=True, capture_output=True)
    user = None
    if os.geteuid() == 0:
        user = DROPS_TO
        owner = pwd.getpwnam(user)
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    return children.start("broker", ["mosquitto", "-c", folder / "mosquitto.conf"], user=user)
