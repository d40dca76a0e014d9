import json
from pathlib import Path

import pytest
import tomli_w

from benchmarks.hall_rig import PACK, Rig
from hall.errors import HallError, Reason
from hall.ids import StaffId
from hall_server import staff
from hall_server.__main__ import main
from hall_server.assembly import build
from hall_server.keys import create_key_file, keys_from, load_keys
from hall_server.records.demo import load_people
from hall_server.settings import load

WHOLE = {
    "hall": "qinghe",
    "pack": "pack",
    "ledger": "l.sqlite",
    "key_file": "k",
    "staff_pins": "p",
    "broker": {"port": 1883, "password_file": "w"},
}


def told(folder: Path, **changes: object) -> Path:
    path = folder / "hall_server.toml"
    path.write_text(tomli_w.dumps({**WHOLE, **changes}), encoding="utf-8")
    return path


def test_paths_start_at_the_settings_file(tmp_path: Path) -> None:
    settings = load(told(tmp_path, records={"source": "none"}, console={"port": 8000, "token_file": "t"}))
    assert settings.ledger == tmp_path / "l.sqlite"
    assert settings.broker.password_file == tmp_path / "w"
    assert settings.console is not None
    assert settings.console.token_file == tmp_path / "t"
    assert settings.environment == "production"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ledgr": "x"}, "ledgr"),
        ({"clock_offset_s": 5.0}, "clock_offset_s is refused in production"),
        ({"records": {"source": "demo", "people": "x"}}, "refused in production"),
        ({"environment": "demo", "records": {"source": "demo"}}, "people"),
        ({"broker": {"port": 0, "password_file": "w"}}, "broker.port"),
        ({"limits": {"batch": 100_000}}, "limits.batch"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    with pytest.raises(HallError, match=named):
        load(told(tmp_path, **changes))


def test_a_key_file_is_made_once_with_mode_0600_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    assert create_key_file(path, bytes(range(32)))
    assert not create_key_file(path, bytes(32))
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(path).public == keys_from(bytes(range(32))).public
    assert bytes(range(32)).hex() not in repr(load_keys(path))


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    create_key_file(path, bytes(range(32)))
    path.chmod(0o644)
    with pytest.raises(HallError, match="0600"):
        load_keys(path)


def test_a_person_key_hides_the_number_and_depends_on_the_hall() -> None:
    one, other = keys_from(bytes(range(32))), keys_from(bytes(range(1, 33)))
    assert one.person("000000198907220025") == one.person("000000198907220025")
    assert one.person("000000198907220025") != other.person("000000198907220025")
    assert "198907220025" not in one.person("000000198907220025")


def test_pins_are_stored_hashed_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    staff.store_pin(path, StaffId("0303"), staff.hash_pin("2468", bytes(16)))
    staff.store_pin(path, StaffId("0101"), staff.hash_pin("1357", bytes(16)))
    assert "2468" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    pins = staff.load_pins(path)
    assert pins.check(StaffId("0303"), b"2468", 0.0) is None
    unknown = pins.check(StaffId("9999"), b"2468", 0.0)
    assert unknown is not None
    assert unknown.reason is Reason.UNKNOWN_STAFF
    assert "scrypt" not in repr(pins)


def test_a_right_pin_forgives_earlier_slips() -> None:
    pins = staff.StaffPins({StaffId("1"): staff.hash_pin("2468", bytes(16))})
    for _ in range(4):
        assert pins.check(StaffId("1"), b"0000", 0.0) is not None
    assert pins.check(StaffId("1"), b"2468", 0.0) is None
    refused = pins.check(StaffId("1"), b"0000", 0.0)
    assert refused is not None
    assert refused.tries_left == 4


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"1": 2}', '{"1": "plain"}', '{"1": "md5$00$00"}', '{"1":"scrypt$zz$00"}']
)
def test_a_damaged_pin_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pins.json").write_text(text)
    with pytest.raises(HallError):
        staff.load_pins(tmp_path / "pins.json")


def test_amounts_that_are_not_integer_fen_are_refused_without_naming_a_person(tmp_path: Path) -> None:
    text = (PACK / "people.toml").read_text(encoding="utf-8").replace("person_fen = 52000", "person_fen = 520.00")
    (tmp_path / "people.toml").write_text(text, encoding="utf-8")
    with pytest.raises(HallError, match="person_fen") as refused:
        load_people(tmp_path / "people.toml")
    assert "李和" not in str(refused.value)
    assert "000000198907220025" not in str(refused.value)


def test_admin_create_makes_the_key_and_the_pins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Rig(tmp_path).furnish(staff=())
    (tmp_path / "server.key").unlink()
    typed = tmp_path / "typed"
    typed.write_text("2468\n1357\n")
    with typed.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["--config", str(config), "admin", "create", "0303", "0101"]) == 0
    assert set(json.loads((tmp_path / "staff_pins.json").read_text())) == {"0303", "0101"}
    assert (tmp_path / "server.key").stat().st_size == 32
    assert "2468" not in capsys.readouterr().out


def test_verbs_refuse_with_a_sentence_and_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = Rig(tmp_path).furnish(staff=())
    assert main(["--config", str(config), "ledger", "verify"]) == 1
    assert "no ledger yet" in capsys.readouterr().err
    assert main(["pack", "check", str(tmp_path)]) == 1
    assert main(["pack", "check", str(PACK)]) == 0
    assert main(["--config", str(config), "admin", "create", "9999"]) == 1
    assert main(["--config", str(tmp_path / "absent.toml")]) == 1


def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ledger", "burn"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("name", ["staff_pins.json", "broker-password", "console-token"])
def test_production_refuses_a_secret_that_others_can_read(tmp_path: Path, name: str) -> None:
    rig = Rig(tmp_path)
    token = tmp_path / "console-token"
    token.write_text("a-token-nobody-guesses")
    console = {"port": 1, "token_file": str(token)}
    config = rig.furnish(environment="production", clock_offset_s=0, records={"source": "none"}, console=console)
    for secret in ("staff_pins.json", "broker-password", "console-token"):
        (tmp_path / secret).chmod(0o600)
    (tmp_path / name).chmod(0o644)
    with pytest.raises(HallError, match=rf"{name}.*0600"):
        build(load(config))
