"""What screens say: one `.po` file for each language, by key; Chinese is always complete and comes first.

A text that a language lacks falls back to Chinese; a key that nobody knows is shown as itself rather than failing
in front of a resident. `faults` is the gate that keeps both from happening: it runs in the tests.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import polib

from hall.errors import HallError, Reason

FIRST = "zh"
FOLDER = Path(__file__).parent / "languages"


class Catalogue:
    """Texts by language and key."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self.tables = tables
        self._first = tables[FIRST]

    def say(self, language: str, key: str, /, **values: str | int) -> str:
        """Return the text in this language, else in Chinese, else the key; unknown placeholders stay as they are."""
        table = self.tables.get(language, self._first)
        text = table.get(key) or self._first.get(key, key)
        return text.format_map(_Values(values)) if "{" in text else text

    def faults(self) -> list[str]:
        """Tell what is wrong: unknown keys, other placeholders than the Chinese text has, untranslated keys."""
        told = []
        for language, table in self.tables.items():
            told += [f"{language}: {key} is unknown in {FIRST}" for key in table if key not in self._first]
            told += [
                f"{language}: {key} is missing" for key, text in self._first.items() if text and not table.get(key)
            ]
            for key, text in table.items():
                wanted, found = placeholders(self._first.get(key, "")), placeholders(text)
                if text and wanted != found:
                    told.append(f"{language}: {key} has {sorted(found)}, Chinese has {sorted(wanted)}")
        return told


class _Values(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def load(folder: Path = FOLDER) -> Catalogue:
    """Read every `<language>.po`; `HallError` names the file that cannot be read."""
    tables: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.po")):
        try:
            entries = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            raise HallError(Reason.MALFORMED, str(path), f"cannot be read as a catalogue: {error}") from error
        tables[path.stem] = {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete}
    if FIRST not in tables:
        raise HallError(Reason.MALFORMED, str(folder), f"{FIRST}.po must be there: all languages fall back to it")
    return Catalogue(tables)
