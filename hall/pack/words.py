"""The texts of a pack that people search, and the check that each has its pinyin."""

import re

from hall.pack.days import refuse
from hall.pack.reading import Files

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(files: Files) -> tuple[str, ...]:
    """Return the texts that need pinyin, each once, in the order of the files."""
    found = (
        *(row.name for row in files.directory.departments),
        *(row.title for row in files.windows.windows),
        *(row.title for row in files.items.items),
        *(row.name for row in files.directory.agencies),
        *(row.title for row in files.directory.referrals),
        *(word for row in files.directory.referrals for word in row.words),
        *(row.question for row in files.answers.answers),
        *(row.name for row in files.staff.staff),
    )
    return tuple(dict.fromkeys(text for text in found if _CHINESE.search(text)))


def check_search(files: Files) -> None:
    """Refuse a pack whose search words were not made from its texts."""
    made = {word.text for word in files.search.words}
    for text in texts(files):
        if text not in made:
            raise refuse("search.toml:words", f"{text!r} has no pinyin; run python -m deploy.pack_search")
    for word in files.search.words:
        if not re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", word.pinyin):
            raise refuse(f"search.toml:{word.text}.pinyin", "syllables of small letters, one blank between them")
