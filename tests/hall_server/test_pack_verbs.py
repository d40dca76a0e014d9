"""What the administrator sees of `pack check`, `import`, `export`: line and reason, and the same bytes again."""

import shutil
from pathlib import Path

import pytest

from benchmarks.hall_rig import PACK
from hall_server.__main__ import main
from tests.hall_server.test_packs_kept import content, hall


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the sample pack with one change."""
    shutil.copytree(PACK, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.row("CON-03", part="face")
@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('summary = "灵活就业人员以个人身份参加企业职工基本养老保险的登记。"', 'summary = ""', "经办内容"),
        ('ways = ["窗口办理", "网上办理"]', "ways = []", "办理方式"),
        ('steps = [\n  { title = "受理登记", days = 0 },\n]', "steps = []", "经办规程"),
        ('legal_basis = "社会保险经办条例第6条"', 'legal_basis = ""', "服务规则"),
        ('delivery = "当场告知登记结果"', 'delivery = ""', "其他信息"),
    ],
)
def test_an_item_without_a_part_is_refused_by_the_name_of_the_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, part: str
) -> None:
    assert main(["pack", "check", str(changed(tmp_path / "new", "items.toml", old, new))]) == 1
    told = capsys.readouterr().err
    assert "items.toml:SI-101" in told
    assert part in told


@pytest.mark.row("SLA-08", part="face")
def test_a_promise_longer_than_the_law_is_refused_with_the_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = changed(tmp_path / "new", "items.toml", "legal_days = 20\n", "legal_days = 5\n")
    assert main(["pack", "check", str(folder)]) == 1
    assert "is over the legal limit of 5" in capsys.readouterr().err


@pytest.mark.row("REG-09", part="face")
def test_import_tells_line_and_reason_and_export_gives_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(hall(tmp_path))
    bad = changed(tmp_path / "bad", "items.toml", 'series = "B"', 'series = "K"')
    line = (bad / "items.toml").read_text(encoding="utf-8").splitlines().index('series = "K"') + 1
    assert main(["--config", config, "pack", "import", str(bad)]) == 1
    told = capsys.readouterr().err
    assert f"line {line}" in told
    assert "'K' is not known" in told
    before = content(tmp_path / "pack")
    assert main(["--config", config, "pack", "export", str(tmp_path / "out")]) == 0
    assert main(["--config", config, "pack", "import", str(tmp_path / "out")]) == 0
    assert main(["--config", config, "pack", "export", str(tmp_path / "again")]) == 0
    assert content(tmp_path / "out") == content(tmp_path / "again")
    assert content(tmp_path / "pack") == before, "a refused pack and the same pack again change nothing"
