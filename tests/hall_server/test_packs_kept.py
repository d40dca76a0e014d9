"""`pack import` and `pack export`: what goes in comes out the same, and a bad pack changes nothing."""

import re
import shutil
from pathlib import Path

import pytest
import tomli_w

from benchmarks.hall_rig import PACK
from hall.errors import HallError
from hall.ids import HallId
from hall_server import packs
from hall_server.__main__ import main
from tests.hall.world import clock

QINGHE = HallId("qinghe")


def hall(folder: Path) -> Path:
    """The settings file of a hall whose pack stands in `folder/pack`."""
    shutil.copytree(PACK, folder / "pack")
    told = {
        "hall": "qinghe",
        "pack": "pack",
        "ledger": "l.sqlite",
        "key_file": "k",
        "staff_pins": "p",
        "broker": {"port": 1883, "password_file": "w"},
    }
    path = folder / "hall_server.toml"
    path.write_text(tomli_w.dumps(told), encoding="utf-8")
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.row("REG-09", part="rule")
def test_a_valid_pack_goes_in_and_comes_out_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = hall(tmp_path)
    new = tmp_path / "new"
    shutil.copytree(PACK, new)
    text = (new / "limits.toml").read_text(encoding="utf-8")
    (new / "limits.toml").write_text("# decided on Monday\n" + text.replace("20  ", "21  ", 1), encoding="utf-8")
    assert main(["--config", str(config), "pack", "import", str(new)]) == 0
    assert main(["--config", str(config), "pack", "export", str(tmp_path / "out")]) == 0
    given = content(tmp_path / "out")
    assert given == {name: told for name, told in content(new).items() if name != "people.toml"}
    assert packs.read(tmp_path / "out")[0] == packs.read(new)[0]
    assert (tmp_path / "pack/people.toml").is_file(), "what is no part of a pack stays"
    assert content(tmp_path / "pack.before")["limits.toml"] == (PACK / "limits.toml").read_bytes()
    assert not (tmp_path / "pack.coming").exists()
    assert "from the server's next start" in capsys.readouterr().out


@pytest.mark.row("REG-09", part="rule")
@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("items.toml", ('series = "C"', 'series = "K"'), r"items\.toml:SI-301\.series: line \d+: 'K' is not known"),
        ("hall.toml", ("[hall]", "[hall"), r"hall\.toml:3: is not TOML"),
        ("limits.toml", ("spacing_s = 20", "spacing_s = -1"), r"limits\.toml:.*line \d+: must be 0 to 600"),
        ("texts.toml", ("missed_rule =", "mised_rule ="), r"texts\.toml:texts\.mised_rule: line \d+: unknown key"),
    ],
)
def test_an_invalid_pack_is_refused_with_file_line_and_reason_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, change: tuple[str, str], told: str
) -> None:
    config = hall(tmp_path)
    bad = tmp_path / "bad"
    shutil.copytree(PACK, bad)
    text = (bad / file).read_text(encoding="utf-8")
    start = text.index("SI-301") if file == "items.toml" else 0
    (bad / file).write_text(text[:start] + text[start:].replace(*change, 1), encoding="utf-8")
    before = content(tmp_path / "pack")
    assert main(["--config", str(config), "pack", "import", str(bad)]) == 1
    assert re.search(told, capsys.readouterr().err)
    assert content(tmp_path / "pack") == before
    assert not (tmp_path / "pack.before").exists()


def test_a_pack_of_another_hall_and_a_folder_in_use_are_refused(tmp_path: Path) -> None:
    hall(tmp_path)
    with pytest.raises(HallError, match=r"hall\.toml:hall\.id.*'baihe'"):
        packs.take(PACK, tmp_path / "pack", HallId("baihe"))
    with pytest.raises(HallError, match="new or an empty folder"):
        packs.give(PACK, tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(HallError, match="cannot be written"):
        packs.take(PACK, tmp_path / "file" / "deep", QINGHE)
    with pytest.raises(HallError, match="cannot be written"):
        packs.give(PACK, tmp_path / "file" / "deep")


def test_a_first_pack_may_come_to_a_hall_without_one_and_bad_bytes_are_named(tmp_path: Path) -> None:
    assert packs.take(PACK, tmp_path / "pack", QINGHE).hall.id == QINGHE
    (tmp_path / "pack/texts.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(HallError, match=r"texts\.toml:file: cannot be read"):
        packs.read(tmp_path / "pack")


@pytest.mark.row("SLA-06", part="rule")
def test_the_missing_calendar_is_told_from_the_first_of_october() -> None:
    pack = packs.read(PACK)[0]
    assert packs.calendar_notes(pack, clock("23:59", "2026-09-30")) == ()
    (note,) = packs.calendar_notes(pack, clock("00:00", "2026-10-01"))
    assert "日历未维护" in note
    assert "2027" in note
