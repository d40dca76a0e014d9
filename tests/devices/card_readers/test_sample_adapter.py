"""The adapter on the page for vendors is whole: built from there, it reads a card and tries a PIN."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.devices.card_readers.vendor_service import Options, connect
from kiosk.ports import CardProblem, PinOutcome, SocialCard
from tests.devices.card_readers.vendor_library import LI_HE

PAGE = Path(__file__).parents[3] / "docs" / "devices" / "vendor_service.md"


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler here")
    folder = tmp_path_factory.mktemp("adapter")
    (source,) = re.findall(r"```c\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "adapter.c").write_text(source, encoding="utf-8")
    command = ["gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", "adapter.so", "adapter.c"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "adapter.so"


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    card = tmp_path / "card"
    monkeypatch.setenv("ADAPTER_CARD", str(card))

    def lay_it(line: str) -> None:
        card.unlink(missing_ok=True)
        if line:
            card.write_bytes(line.encode("gbk"))

    return lay_it


def test_it_reads_the_same_record_as_a_vendors_library(adapter: Path, lay: Callable[[str], None]) -> None:
    reader = connect(Options(str(adapter), pin="buffer", look_every_s=0.0), "K1.card_reader")
    assert reader.state().fault is None
    assert not reader.present()
    assert reader.read("20261123") is CardProblem.MOVED
    lay(LI_HE)
    assert reader.present()
    card = reader.read("20261123")
    assert isinstance(card, SocialCard)
    assert (card.name, card.number) == ("李和", "000000198907220025")
    assert reader.verify_pin("111111") == PinOutcome(accepted=False, tries_left=5)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    lay("")
    assert not reader.present()
    reader.close()


def test_without_its_reader_it_says_so(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADAPTER_CARD", raising=False)
    reader = connect(Options(str(adapter)), "K1.card_reader")
    assert not reader.present()
    assert reader.state().fault is not None
    reader.close()
