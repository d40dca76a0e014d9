import re
from pathlib import Path

import pytest

from hall.errors import HallError
from hall.pack.hall_pack import HallPack
from hall_server.console.access import MAX_SESSIONS, MIN_TOKEN, SESSION_S, read_token
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import HandWriter
from tests.hall_server.console_hall import DATA, FILES, HOST, PAGES, TOKEN, Hall


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


@pytest.mark.parametrize("path", [*PAGES, *DATA, *FILES, "/nothing", "/ledger/verify"])
def test_without_the_token_nothing_is_told_but_a_polite_page(hall: Hall, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "daoyin_console=secret-0"}):
        answer = hall.browser().get(path, headers=headers)
        assert answer.status_code == 401
        assert "请" in answer.text
        assert "青禾" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert hall.browser().post(path).status_code == 401


def test_a_wrong_token_opens_nothing(hall: Hall) -> None:
    for token in ("", "a", TOKEN + "x", TOKEN[:-1], "令牌"):
        answer = hall.browser().get("/", params={"token": token})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


def test_the_token_opens_a_session_and_leaves_the_address(hall: Hall) -> None:
    browser = hall.browser()
    answer = browser.get("/ledger", params={"kind": "TicketIssued", "token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ledger?kind=TicketIssued")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert browser.get("/ledger").status_code == 200


def test_the_address_with_a_token_never_leads_to_another_host(hall: Hall) -> None:
    for path in ("//evil.example", "/\\evil.example", "///evil.example/x"):
        answer = hall.browser().get(HOST + path, params={"token": TOKEN})
        assert answer.headers["location"].startswith("/")
        assert not re.match(r"[/\\]{2}", answer.headers["location"])


def test_a_session_ends_after_a_working_day_and_the_oldest_makes_room(hall: Hall) -> None:
    first = hall.inside()
    hall.mono += SESSION_S + 1
    assert first.get("/").status_code == 401
    second = hall.inside()
    for _ in range(MAX_SESSIONS):
        hall.inside()
    assert second.get("/").status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("192.168.1.20", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(hall: Hall, host: str, status: int) -> None:
    answer = hall.browser().get("/", headers={"Authorization": f"Bearer {TOKEN}", "Host": host})
    assert answer.status_code == status


def test_what_does_something_must_come_from_our_own_page(hall: Hall) -> None:
    inside = hall.inside()
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert inside.post("/ledger/verify", headers=headers).status_code == 403
    ours = {"Origin": HOST, "Sec-Fetch-Site": "same-origin"}
    assert inside.post("/ledger/verify", headers=ours).status_code == 200


def test_healthz_says_ok_and_nothing_else(hall: Hall) -> None:
    answer = hall.browser().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.parametrize("path", [*PAGES, *DATA, *FILES])
def test_every_answer_is_protected_and_kept_by_nobody(hall: Hall, path: str) -> None:
    answer = hall.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_pages_bring_no_inline_style_or_script_and_nothing_from_elsewhere(hall: Hall, path: str) -> None:
    page = hall.text(path)
    assert not re.search(r"<style|style=|onclick=|javascript:", page)
    assert not re.search(r"<script(?! src=\"/console.js\" defer)", page)
    assert "http" not in page


def test_a_token_that_can_be_guessed_is_refused_without_being_told(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("short\n")
    with pytest.raises(HallError, match=f"at least {MIN_TOKEN}") as told:
        read_token(file)
    assert "short" not in str(told.value)
    file.write_text("long enough to be a token\n")
    assert read_token(file) == "long enough to be a token"


def test_a_request_that_is_too_long_or_not_understood_is_refused_politely(hall: Hall) -> None:
    inside = hall.inside()
    assert inside.post("/ledger/verify", content=b"x" * 10_000).status_code in {200, 413}
    for query in ("before=x", "before=-1", "before=99999999999999999999", "kind=" + "x" * 65):
        answer = inside.get(f"/ledger?{query}")
        assert answer.status_code == 422
        assert "请从页面上重新选择" in answer.text
    assert "没有这一页" in inside.get("/../etc/passwd").text
    assert inside.delete("/ledger").status_code == 405
