import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import Evidence, OutOfOrder, PriorityGround
from hall.desk_facts import DeskMove
from hall.errors import HallError
from hall.punctuation import chinese
from hall.queue.tickets import TicketState
from kiosk.flows.steps import Paper
from kiosk.ports import CardProblem
from kiosk.text.catalogue import Catalogue, load, placeholders
from kiosk.ui.screens.desk_find import KNOWN as FIND_KNOWN
from kiosk.ui.screens.desk_number import KNOWN as NUMBER_KNOWN
from kiosk.ui.screens.desk_take import KNOWN as TAKE_KNOWN
from kiosk.ui.screens.enquiry import POINTS
from kiosk.ui.screens.panel_words import DONE, REFUSALS
from kiosk.ui.screens.panel_words import KNOWN as PANEL_KNOWN
from kiosk.ui.screens.parting import OURS
from kiosk.ui.screens.signing import KNOWN as SIGNING_KNOWN
from kiosk.ui.widgets.paper_news import KNOWN
from tests.ui.samples import self_service_shots
from tests.ui.scan_samples import scan_shots

KIOSK = Path(__file__).parents[2] / "kiosk"
ASKED = (
    "call",
    "recall",
    "missed",
    "start",
    "finish",
    "finish_and_call",
    "hold",
    "resume",
    "transfer",
    "add",
    "precall",
    "call_number",
    "call_early",
)
"""`PanelAsking.what`."""


def keys_in(source: str) -> set[str]:
    """Keys written out in calls of `say("…")`; keys that are put together are listed in the test below."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) == "say"
            and node.args
        ):
            for leaf in ast.walk(node.args[0]):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and "." in leaf.value:
                    found.add(leaf.value)
    return {key for key in found if not key.endswith((".", "_")) and not key.startswith(".")}


def test_chinese_and_english_are_complete_and_agree_in_their_placeholders() -> None:
    assert load().faults() == []


def test_every_key_that_the_screens_write_out_is_in_the_catalogue() -> None:
    known = set(load().tables["zh"])
    for path in [*(KIOSK / "ui").rglob("*.py"), *(KIOSK / "flows").rglob("*.py")]:
        assert keys_in(path.read_text(encoding="utf-8")) <= known, path.name


def test_every_key_that_the_screens_put_together_is_in_the_catalogue() -> None:
    known = set(load().tables["zh"])
    wanted = {f"trouble.{problem}{now}" for problem in CardProblem for now in ("", "_now")}
    wanted |= {f"{what}.paper_{paper}" for what in ("ticket", "statement", "desk") for paper in Paper}
    wanted |= {f"fault.{fault}" for fault in KNOWN} | {"fault.other"}
    wanted |= {f"apology.{reason}{now}" for reason in (*OURS, "other") for now in ("", "_now")}
    wanted |= {f"signing.{reason}" for reason in (*SIGNING_KNOWN, "other")}
    wanted |= {f"panel.{reason}" for reason in (*PANEL_KNOWN, "other")}
    wanted |= {f"panel.{what}.{reason}" for what, reason in REFUSALS} | {f"panel.done_{what}" for what in DONE}
    wanted |= {f"panel.asking_{what}" for what in ASKED} | {f"reason.{reason}" for reason in OutOfOrder}
    wanted |= {f"panel.{move}{hint}" for move in ("hold", "transfer", "add") for hint in ("", "_hint")}
    wanted |= {f"panel.sure_{what}_yes" for what in ("missed", "sign_off")}
    wanted |= {f"ground.{ground}" for ground in PriorityGround} | {f"evidence.{evidence}" for evidence in Evidence}
    wanted |= {f"notice.{key}{text}" for _, key in POINTS for text in ("", "_text")}
    wanted |= {f"desk.problem_{reason}" for reason in (*TAKE_KNOWN, "other")}
    wanted |= {f"find.problem_{reason}" for reason in (*FIND_KNOWN, "other")}
    wanted |= {f"number.problem_{reason}" for reason in (*NUMBER_KNOWN, "other")}
    wanted |= {f"{what}{move}" for what in ("move.", "number.told_") for move in DeskMove}
    wanted |= {f"place.{state}" for state in (*TicketState, "away")} | {"pick.swap", "pick.add"}
    wanted |= {f"rating.grade_{grade}" for grade in range(1, 6)} | {f"state.{index}" for index in range(4)}
    wanted |= {f"at.{type(step).__name__}" for _, _, _, step in self_service_shots() + scan_shots()}
    wanted |= {f"slip.state_{state}" for state in TicketState}
    wanted |= {f"slip.{kind}{part}" for kind in ("strange", "unknown", "away") for part in ("_title", "", "_now")}
    wanted |= {f"{what}.{how}" for what in ("helps", "alerts") for how in ("none", "away")}
    assert wanted - known == set()


def test_a_missing_text_falls_back_to_chinese_and_a_missing_key_to_itself() -> None:
    catalogue = Catalogue({"zh": {"a": "甲{n}", "b": "乙"}, "ug": {"a": "", "b": "ب"}})
    assert catalogue.say("ug", "a", n=3) == "甲3"
    assert catalogue.say("ug", "b") == "ب"
    assert catalogue.say("xx", "b") == "乙"
    assert catalogue.say("zh", "nobody.knows") == "nobody.knows"


def test_faults_name_what_is_wrong() -> None:
    catalogue = Catalogue({"zh": {"a": "甲{n}", "b": "乙"}, "en": {"a": "A{m}", "c": "C"}})
    assert catalogue.faults() == [
        "en: c is unknown in zh",
        "en: b is missing",
        "en: a has ['m'], Chinese has ['n']",
    ]


def test_a_broken_catalogue_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "zh.po").write_text('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', encoding="utf-8")
    with pytest.raises(HallError, match=r"zh\.po"):
        load(tmp_path)


def test_chinese_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "en.po").write_text('msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    with pytest.raises(HallError, match=r"zh\.po"):
        load(tmp_path)


def test_no_text_for_residents_scolds_or_shouts() -> None:
    """The forbidden phrases of the window rules (hall reference C6), and no exclamation marks in faults."""
    forbidden = (
        "叫号去",
        "排队去",
        "快点",
        "没弄清楚",
        "刚才和你说",
        "不负责",
        "办不了!",
        "不可以",
        "不知道",
        "自己查",
        "有意见",
    )
    for key, text in load().tables["zh"].items():
        assert not [phrase for phrase in forbidden if phrase in text], key
        assert "你" not in text, f"{key}: residents are 您"
        if key.split(".")[0] in ("apology", "trouble", "fault", "ticket", "statement"):
            assert not set(text) & {"!", "\uff01"}, key


def test_punctuation_beside_chinese_is_full_width() -> None:
    assert chinese("您好,请稍等(样例)。") == "您好\uff0c请稍等\uff08样例\uff09。"
    assert chinese("17:00(16:45停)") == "17:00\uff0816:45停\uff09"
    assert chinese("12333;大厅") == "12333\uff1b大厅"
    assert chinese("9:00-12:00, C-1 (x)") == "9:00-12:00, C-1 (x)"
    assert chinese("周一9:00,13:30停") == "周一9:00,13:30停"


@given(st.text(alphabet="您好A1,:()?! \n", max_size=40))
def test_punctuation_settles_at_once_and_changes_no_other_character(text: str) -> None:
    once = chinese(text)
    assert chinese(once) == once
    assert len(once) == len(text)
    narrow = {ord(mark) + 0xFEE0: mark for mark in ",:()?!"}
    assert once.translate(narrow) == text


@given(st.sampled_from(sorted(load().tables["zh"])), st.sampled_from(["zh", "en", "bo"]))
def test_saying_never_fails_whatever_is_put_in(key: str, language: str) -> None:
    assert load().say(language, key) is not None
    assert "{" not in load().say(language, key, **dict.fromkeys(_names(key), "1"))


def _names(key: str) -> set[str]:
    return placeholders(load().tables["zh"][key])
