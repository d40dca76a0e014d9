import json
import time
from pathlib import Path
from typing import get_args, get_type_hints

from kiosk.devices.keypads import call_keypad
from kiosk.devices.speakers import espeak
from kiosk.devices.speakers.headphones import Jack
from kiosk.devices.virtual import bench_devices, bench_settings, bench_web, transcripts
from kiosk.devices.virtual.bench_settings import DevicePlan
from kiosk.ports import Key, KeyPress
from tests.devices.bench.bench_room import PEOPLE, TOKEN, Bench


def test_a_foreigners_card_lies_on_the_reader_as_a_foreigners(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(PEOPLE.replace("000000198907220025", "900000198001010016"))
    people = bench_settings.load_people(tmp_path / "people.toml")
    assert bench_devices._id_fields(people, "li-he")["kind"] == "foreigner_2023"


def test_a_key_pressed_on_the_page_reaches_the_driver_and_its_counts_come_back(bench: Bench) -> None:
    pad = call_keypad.connect(call_keypad.Options(bench.addresses["W14.keypad"], evaluator=2), "W14.keypad")
    assert bench.act("W14.keypad", "press", key="call") == 200
    assert bench.act("W14.keypad", "press", key="coffee") == 400
    until = time.monotonic() + 10
    found: tuple[KeyPress, ...] = ()
    while not found and time.monotonic() < until:
        found = pad.presses()
    assert [each.key for each in found] == [Key.CALL]
    assert pad.show(12, "A016")
    pad.close()
    state = bench.device("W14.keypad")
    assert (state["waiting"], state["ticket"]) == ("012", "016")


def test_headphones_are_plugged_and_pulled(bench: Bench, tmp_path: Path) -> None:
    jack = Jack(str(tmp_path / "jack"))
    assert not jack.plugged()
    assert bench.act("K1.headphones", "plug") == 200
    assert jack.plugged()
    assert bench.act("K1.headphones", "pull") == 200
    assert not jack.plugged()
    jack.close()


def test_what_was_said_aloud_can_be_heard_and_what_was_private_cannot(bench: Bench) -> None:
    speaker = espeak.connect(espeak.Options(outlet=f"tcp:{bench.addresses['S1.speaker']}"), "S1.speaker")
    speaker.say("请Y零零一号")
    speaker.close()
    assert bench.get("/device/S1.speaker/sound/1.wav").startswith(b"RIFF")
    for missing in ("/device/S1.speaker/sound/2.wav", "/device/K1.id_reader/sound/1.wav", "/device/K9/sound/1.wav"):
        assert bench.ask("GET", missing, Authorization=f"Bearer {TOKEN}")[0] == 404


def test_a_recording_is_begun_ended_and_taken_away_as_a_file(bench: Bench) -> None:
    path = "/device/K1.scanner/transcript.txt"
    assert bench.act("K1.scanner", "record") == 200
    assert bench.act("K1.scanner", "scan", text="A012") == 200
    until = time.monotonic() + 10
    while bench.ask("GET", path, Authorization=f"Bearer {TOKEN}")[0] == 404:
        assert time.monotonic() < until
    assert bench.act("K1.scanner", "stop_recording") == 200
    _, body, headers = bench.ask("GET", path, Authorization=f"Bearer {TOKEN}")
    assert headers["Content-Disposition"] == 'attachment; filename="K1.scanner.txt"'
    assert [each.data for each in transcripts.parse(body.decode())] == [b"A012\r"]


def test_a_bar_of_each_line_is_found_by_its_line(bench: Bench) -> None:
    assert bench.get("/device/S1.led_bars/bar/7.png") == bench.get("/led/7.png")
    assert bench.ask("GET", "/device/W14.keypad/bar/7.png", Authorization=f"Bearer {TOKEN}")[0] == 404


def test_a_whole_number_may_stand_where_seconds_are_wanted(page: Bench) -> None:
    assert page.act("W14.keypad", "slow", seconds=0) == 200
    assert page.act("W14.keypad", "slow", seconds=True) == 400


def test_every_kind_of_device_has_its_chinese_name_and_place_on_the_page() -> None:
    page = (Path(bench_web.__file__).with_name("bench_page.js")).read_text(encoding="utf-8")
    for kind in get_args(get_type_hints(DevicePlan)["kind"]):
        assert page.count(f"{kind}: ") >= 1, kind
        assert f'{kind}: "' in page, kind


def test_every_deed_of_every_device_has_words_on_the_page(page: Bench) -> None:
    script = "".join(
        Path(bench_web.__file__).with_name(name).read_text(encoding="utf-8")
        for name in ("bench_page.js", "bench_parts.js")
    )
    for device in json.loads(page.get("/api/state"))["devices"]:
        for action in device["actions"]:
            assert f"{action}: " in script or f'"{action}"' in script, (device["kind"], action)
