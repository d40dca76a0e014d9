import json
import socket
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from hall.ids import JobId
from kiosk.devices.led_bars import onbon_bx5k
from kiosk.devices.slip_printers import escpos
from kiosk.devices.speakers import espeak
from kiosk.devices.virtual import bench as bench_command
from kiosk.devices.virtual import bench_devices, bench_settings, bench_web
from kiosk.devices.virtual.bench_settings import BenchError
from kiosk.devices.virtual.bench_table import BenchTable
from kiosk.ports import Line, Slip
from tests.devices.bench.bench_room import CONFIG, PEOPLE, TOKEN, Bench, write

RECORDED = "/device/K1.id_reader/transcript.txt"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/state",
        "/api/people",
        "/speech",
        "/paper/1.png",
        "/led/7.png",
        "/bench_page.js",
        "/device/K1.id_reader/transcript.txt",
    ],
)
def test_nothing_is_shown_without_the_token(page: Bench, path: str) -> None:
    assert page.ask("GET", path)[0] == 403
    assert page.ask("GET", path, Authorization="Bearer wrong")[0] == 403


def test_nothing_is_done_without_the_token(page: Bench) -> None:
    assert page.ask("POST", "/api/device/K1.slip_printer/paper_out", b"{}")[0] == 403
    assert page.device("K1.slip_printer")["paper"] == "ok"


def test_the_token_is_asked_once_and_stays_as_a_cookie(page: Bench) -> None:
    status, _, headers = page.ask("GET", f"/?token={TOKEN}")
    assert (status, headers["Location"]) == (303, "/")
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    cookie = headers["Set-Cookie"].split(";")[0]
    status, body, _ = page.ask("GET", "/", Cookie=cookie)
    assert status == 200
    assert "试验台".encode() in body
    assert TOKEN.encode() not in body


def test_a_name_that_was_made_to_point_here_is_refused(page: Bench) -> None:
    assert page.ask("GET", "/api/state", Host="evil.example", Authorization=f"Bearer {TOKEN}")[0] == 403


def test_a_request_from_another_page_is_refused(page: Bench) -> None:
    path = "/api/device/K1.slip_printer/paper_out"
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}
    assert page.ask("POST", path, b"{}", **headers)[0] == 403


@pytest.mark.parametrize(("length", "status"), [("9" * 5_000, 413), ("-1", 411), ("１", 411), ("0x10", 411)])
def test_a_length_that_is_none_is_refused_and_leaves_no_traceback(
    page: Bench, capsys: pytest.CaptureFixture[str], length: str, status: int
) -> None:
    head = f"POST /api/device/K1.id_reader/lift HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n"
    told = f"{head}Authorization: Bearer {TOKEN}\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", page.port), timeout=60) as line:
        line.sendall(told.encode())
        assert int(line.makefile("rb").readline().split()[1]) == status
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"{", 400),
        (b'{"person": {"deep": 1}}', 400),
        (b'{"person": null}', 400),
        (b"\xff\xfe", 400),
        (b"{" + b" " * 5_000 + b"}", 413),
        (b'{"nobody": "x"}', 400),
        (b'{"person": "nobody"}', 400),
        (b'{"person": 5}', 400),
    ],
)
def test_a_bad_body_is_refused(page: Bench, body: bytes, status: int) -> None:
    told = page.ask("POST", "/api/device/K1.id_reader/lay", body, Authorization=f"Bearer {TOKEN}")
    assert told[0] == status
    assert page.device("K1.id_reader")["card"] is None


@pytest.mark.parametrize("status", ["x", True, 1.5])
def test_a_value_of_the_wrong_kind_never_reaches_a_device(page: Bench, status: object) -> None:
    assert page.act("K1.id_reader", "sam_fault", status=status) == 400
    assert page.device("K1.id_reader")["sam_fault"] is None


def test_a_person_is_put_into_the_slot_with_their_own_card(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(
        PEOPLE + 'social_card = { card_number = "A1", version = "3.00", pin = "654321", hides_holder = true, '
        'expires = "20300101" }'
    )
    face = bench_devices._social_face(bench_settings.load_people(tmp_path / "people.toml"), "li-he")
    assert (face.name, face.number) == ("李和", "000000198907220025")
    assert (face.card_number, face.version, face.pin) == ("A1", "3.00", "654321")
    assert face.hides_holder
    assert face.expires == "20300101"


def test_an_unknown_device_or_action_is_told_what_there_is(page: Bench) -> None:
    _, body, _ = page.ask("POST", "/api/device/K9/lay", b"{}", Authorization=f"Bearer {TOKEN}")
    assert b"K1.id_reader" in body
    _, body, _ = page.ask("POST", "/api/device/K1.id_reader/eat", b"{}", Authorization=f"Bearer {TOKEN}")
    assert b"lift" in body


def test_a_card_is_laid_and_lifted(bench: Bench) -> None:
    assert bench.act("K1.id_reader", "lay", person="li-he") == 200
    assert bench.device("K1.id_reader")["card"] == "李和"
    assert bench.act("K1.id_reader", "lift") == 200
    assert bench.device("K1.id_reader")["card"] is None


def test_a_paper_that_a_real_driver_printed_is_shown(bench: Bench) -> None:
    port = int(bench.addresses["K1.slip_printer"].rpartition(":")[2])
    driver = escpos.connect(escpos.Options(port=port), "K1.slip_printer", lambda _job, _fault: None)
    driver.print(JobId("1"), Slip((Line("A012", scale=4),)))
    driver.close()
    (paper,) = json.loads(bench.get("/api/state"))["papers"]
    assert (paper["number"], paper["device"]) == (1, "K1.slip_printer")
    assert "A012" in paper["text"]
    assert bench.get("/paper/1.png").startswith(b"\x89PNG")
    assert bench.ask("GET", "/paper/2.png", Authorization=f"Bearer {TOKEN}")[0] == 404


def test_the_paper_runs_out_and_is_loaded(bench: Bench) -> None:
    assert bench.act("K1.slip_printer", "out_after_rows", rows=300) == 200
    assert bench.act("K1.slip_printer", "paper_out") == 200
    assert bench.device("K1.slip_printer")["paper"] == "out"
    assert bench.act("K1.slip_printer", "load_paper") == 200
    assert bench.act("K1.slip_printer", "cover", open=True) == 200
    assert bench.device("K1.slip_printer")["cover_open"]


def test_a_bar_is_seen_as_it_looks(bench: Bench, tmp_path: Path) -> None:
    options = onbon_bx5k.Options(port=str(tmp_path / "bars"), addresses="7,14")
    driver = onbon_bx5k.connect(options, "S1.led_bars")
    driver.show(14, "Y001")
    driver.close()
    assert "Y001" in bench.get("/api/state").decode()
    assert bench.get("/led/14.png") != bench.get("/led/7.png")
    assert bench.ask("GET", "/led/9.png", Authorization=f"Bearer {TOKEN}")[0] == 404
    assert bench.act("S1.led_bars", "power_off", address=14) == 200
    assert bench.act("S1.led_bars", "power_off", address=9) == 400
    assert bench.get("/led/14.png") == bench.get("/led/7.png")


def test_what_was_said_can_be_read(bench: Bench) -> None:
    speaker = espeak.connect(espeak.Options(outlet=f"tcp:{bench.addresses['S1.speaker']}"), "S1.speaker")
    speaker.say("请Y零零一号")
    (said,) = json.loads(bench.get("/speech"))
    assert said["caption"] == "请Y零零一号"
    assert said["device"] == "S1.speaker"


def test_the_colours_are_the_houses(page: Bench) -> None:
    assert b"--primary: #0E6B5C;" in page.get("/look.css")


def test_every_file_of_the_page_is_there(page: Bench) -> None:
    for path in bench_web.FILES:
        assert page.get(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('kind = "sam"', 'kind = "toaster"'), "toaster"),
        (("port = 0\ntoken", "prot = 0\ntoken"), "prot"),
        (("K1.slip_printer", "K1.id_reader"), "same name"),
        (("port = 0\ntoken", "port = [\ntoken"), "TOML"),
        (("port = 0\ntoken", 'host = "0.0.0.0"\nport = 0\ntoken'), "0.0.0.0"),
    ],
)
def test_a_wrong_configuration_is_refused_with_a_sentence(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    (tmp_path / "bench.toml").write_text(CONFIG.format(folder=tmp_path).replace(*change))
    with pytest.raises(BenchError, match=sentence):
        bench_settings.load(tmp_path / "bench.toml")


def test_an_unknown_option_of_a_device_is_named(tmp_path: Path) -> None:
    settings = write(tmp_path)
    (tmp_path / "bench.toml").write_text(CONFIG.format(folder=tmp_path).replace("speed", "sped"))
    settings = bench_settings.load(tmp_path / "bench.toml")
    with pytest.raises(BenchError, match="sped"):
        BenchTable(settings.device, {})


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    settings = write(tmp_path)
    (tmp_path / "token").write_text("1234")
    with pytest.raises(BenchError, match="at least"):
        settings.token()


def test_only_sample_persons_may_be_laid_on_the_bench(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(PEOPLE.replace("sample = true", ""))
    with pytest.raises(BenchError, match="sample"):
        bench_settings.load_people(tmp_path / "people.toml")


def test_a_bench_that_cannot_be_set_up_ends_with_a_sentence_and_status_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    (tmp_path / "token").unlink()
    assert bench_command.run(Namespace(config=tmp_path / "bench.toml")) == 1
    assert "token" in capsys.readouterr().err
    assert bench_command.run(Namespace(config=tmp_path / "nothing.toml")) == 1


def test_the_bench_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    write(tmp_path)
    command = [sys.executable, "-m", "kiosk.devices.virtual", "bench", "--config", str(tmp_path / "bench.toml")]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    lines = [serving.stdout.readline() for _ in range(8)]
    serving.terminate()
    serving.stdout.close()
    assert serving.wait(20) == 0
    assert lines[-1].startswith("bench http://127.0.0.1:")
    assert not (tmp_path / "id_reader").is_symlink()
