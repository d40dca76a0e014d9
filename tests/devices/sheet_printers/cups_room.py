"""A CUPS of our own: the real cupsd as a child process, on a socket file, with its spool in memory."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

CUPSD = shutil.which("cupsd", path="/usr/sbin:/usr/bin:" + os.environ.get("PATH", ""))
START_S = 10.0
QUEUE = "a4"
CONF = """
LogLevel warn
MaxLogSize 0
Listen {home}/cups.sock
Browsing Off
WebInterface No
PreserveJobHistory Yes
PreserveJobFiles {keep}
JobRetryInterval 1
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow all
</Location>
"""
FILES = """
ServerRoot {home}/etc
RequestRoot {home}/spool
CacheDir {home}/cache
StateDir {home}/state
TempDir {home}/spool/tmp
ServerBin /usr/lib/cups
DataDir /usr/share/cups
DocumentRoot {home}/doc
AccessLog {home}/log/access
ErrorLog {home}/log/error
PageLog {home}/log/page
SystemGroup root
FatalErrors none
"""
PRINTERS = """
<DefaultPrinter {queue}>
UUID urn:uuid:11111111-2222-3333-4444-555555555555
DeviceURI {uri}
State Idle
Accepting Yes
Shared No
ErrorPolicy abort-job
</DefaultPrinter>
"""


class CupsRoom:
    """Start it with the device's address; talk to `socket`; everything is gone after `stop`."""

    def __init__(self, device_uri: str, *, keep_files: bool = False) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="cups-", dir="/dev/shm"))
        self.home.chmod(0o711)  # its backends run as another user
        self.socket = self.home / "cups.sock"
        self.spool = self.home / "spool"
        for folder in ("etc", "spool", "spool/tmp", "cache", "state", "doc", "log"):
            (self.home / folder).mkdir(mode=0o711)
        keep = "Yes" if keep_files else "No"
        (self.home / "etc/cupsd.conf").write_text(CONF.format(home=self.home, keep=keep))
        (self.home / "etc/cups-files.conf").write_text(FILES.format(home=self.home))
        (self.home / "etc/printers.conf").write_text(PRINTERS.format(queue=QUEUE, uri=device_uri))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run cupsd in the foreground and wait until its socket answers."""
        assert CUPSD
        configuration = ("-c", str(self.home / "etc/cupsd.conf"), "-s", str(self.home / "etc/cups-files.conf"))
        self._process = subprocess.Popen(
            [CUPSD, "-f", *configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_S
        while not self._listens():
            assert self._process.poll() is None, (self.home / "log/error").read_text()
            assert time.monotonic() < until

    def _listens(self) -> bool:
        """A socket is there before anyone listens at it."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket))
            return True
        return False

    def finish(self) -> None:
        """Wait until no job is left: sheets are out before CUPS knows it; a stopped queue would print them again."""
        until = time.monotonic() + START_S
        while subprocess.check_output(["lpstat", "-h", str(self.socket), "-W", "not-completed", "-o"], timeout=START_S):
            assert time.monotonic() < until

    def stop(self) -> None:
        """End it and forget everything."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_S)
        shutil.rmtree(self.home, ignore_errors=True)

    def files(self) -> list[Path]:
        """Everything that CUPS keeps, logs included."""
        return [path for path in self.home.rglob("*") if path.is_file()]

    def documents(self) -> list[str]:
        """Files of documents that CUPS still keeps."""
        return sorted(path.name for path in self.spool.iterdir() if path.name.startswith("d"))
