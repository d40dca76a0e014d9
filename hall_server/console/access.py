"""Who may look: one token opens a session; Host and Origin must be ours; nothing is stored on the way.

The token comes once in the query of any page and is answered by a cookie and a clean address; programs send
`Authorization: Bearer <token>`. Sessions live in memory: a restart of the server ends them.
"""

import hashlib
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from hall.errors import HallError, Reason

COOKIE = "daoyin_console"
SESSION_S = 12 * 3600.0
"""A working day; then the link is opened again."""
MAX_SESSIONS = 50
"""A hall has a handful of people who look; the oldest session makes room."""
MIN_TOKEN = 16
"""Characters; a shorter token can be guessed by patience."""
MAX_COOKIE = 4096

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "same-origin",  # with `no-referrer` browsers send a form of our own as `Origin: null`
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def read_token(path: Path) -> str:
    """Return the token of a file (one line), or raise `HallError` naming the file, never its content."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), "the token file cannot be read") from error
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable():
        raise HallError(Reason.MALFORMED, str(path), f"a token has at least {MIN_TOKEN} printable ASCII characters")
    return token


class Gate:
    """Keeps the token and the sessions. Any thread."""

    def __init__(self, *, token: str, host: str, monotonic: Callable[[], float], mint: Callable[[], str]) -> None:
        """`mint` returns a new secret nobody can guess; `host` is the name the console listens on."""
        self._token = _digest(token)
        self._host = host.lower()
        self._monotonic = monotonic
        self._mint = mint
        self._sessions: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def is_token(self, told: str) -> bool:
        """Tell whether this is the token, in a time that does not depend on where it differs."""
        return hmac.compare_digest(_digest(told), self._token)

    def open_session(self) -> str:
        """Return the secret of a new session."""
        secret = self._mint()
        with self._lock:
            self._sessions[_digest(secret)] = self._monotonic() + SESSION_S
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        return secret

    def may_enter(self, cookie: str, authorization: str) -> bool:
        """Tell whether these headers belong to somebody who has shown the token."""
        scheme, _, told = authorization.partition(" ")
        if scheme.lower() == "bearer" and self.is_token(told.strip()):
            return True
        secret = _cookie_value(cookie)
        if not secret:
            return False
        shown, now = _digest(secret), self._monotonic()
        with self._lock:
            known = [one for one, until in self._sessions.items() if hmac.compare_digest(one, shown) and now < until]
        return bool(known)

    def is_ours(self, host: str) -> bool:
        """Tell whether a Host header is ours: an address, localhost or our own name, so no rebound name reaches us."""
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        name = name.strip("[]").lower()
        if name in {"localhost", self._host}:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def is_same_origin(origin: str, site: str, host: str) -> bool:
    """Tell whether a request that does something comes from our own page, by its Origin and Sec-Fetch-Site."""
    if site and site not in {"same-origin", "none"}:
        return False
    return not origin or origin.partition("://")[2] == host


def session_cookie(secret: str) -> str:
    """Return the Set-Cookie value of a session."""
    return f"{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={int(SESSION_S)}"


def _cookie_value(header: str) -> str:
    for part in header[:MAX_COOKIE].split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
