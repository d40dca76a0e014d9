"""What must hold of a pack's guidance: rule figures, directory, referrals, answers with a basis, courtesy."""

import msgspec

from hall.pack.days import check_day, known, refuse
from hall.pack.guidance import Agency, Answer
from hall.pack.reading import Files
from hall.pack.tables import Level, Table
from hall.speech.courtesy import lint

LEVELS: tuple[Level, ...] = ("province", "city", "county", "township", "village")
MAX_ANSWER_CHARS = 200
"""An answer that is read standing up (standard 8.1.4: 语言简练)."""
MAX_RECTIFY_DAYS = 60


def check_guidance(files: Files) -> None:
    """Refuse dangling references, missing facts and discourteous texts, each by file and key."""
    _check_rules(files)
    _check_links(files)
    _check_directory(files)
    for agency in files.directory.agencies:
        _check_agency(files, agency)
    _check_referrals(files)
    for answer in files.answers.answers:
        _check_answer(files, answer)
    _check_courtesy(files)


def _full(where: str, row: Table, *but: str) -> None:
    for field in msgspec.structs.fields(row):
        if field.name not in but and getattr(row, field.name) in ("", ()):
            raise refuse(f"{where}.{field.name}", "is a mandatory fact and must not be empty")


def _check_rules(files: Files) -> None:
    rules = files.rules.rules
    _full("rules.toml:rules", rules)
    if not 0 < rules.insured_per_window <= rules.insured_per_window_big or rules.big_city_over < 0:
        raise refuse("rules.toml:rules.insured_per_window", "must be 1 or more and not over insured_per_window_big")
    if not 0 < rules.arranged_days <= rules.asked_days <= rules.letter_days:
        raise refuse("rules.toml:rules.arranged_days", "days must run arranged_days ≤ asked_days ≤ letter_days")
    if not 0 < rules.rectify_days <= MAX_RECTIFY_DAYS:
        raise refuse("rules.toml:rules.rectify_days", f"must be 1 to {MAX_RECTIFY_DAYS}")
    for reference in files.rules.references:
        _full(f"rules.toml:{reference.number}", reference)
    for insurance in files.rules.insurances:
        if insurance.referral:
            codes = [row.code for row in files.directory.referrals]
            known(f"rules.toml:{insurance.title}.referral", insurance.referral, codes)
    for taboo in files.rules.taboos:
        if not taboo.word or not taboo.instead:
            raise refuse("rules.toml:taboos", "each needs a word and what to say instead")


def _check_links(files: Files) -> None:
    titles = [link.title for link in files.rules.links]
    for item in files.items.items:
        known(f"items.toml:{item.code}.category", item.category, titles)
    carried = {item.category for item in files.items.items}
    for link in files.rules.links:
        if bool(link.excluded) == (link.title in carried):
            sentence = "must either be the category of an item or say in `excluded` why it is left out, not both"
            raise refuse(f"rules.toml:{link.title}", sentence)


def _check_directory(files: Files) -> None:
    departments = {row.name: row for row in files.directory.departments}
    for row in files.directory.departments:
        _full(f"directory.toml:{row.name}", row)
    for office in files.directory.offices:
        _full(f"directory.toml:{office.code}", office)
    for window in files.windows.windows:
        where = f"windows.toml:{window.number}"
        known(f"{where}.department", window.department, departments)
        room = departments[window.department].room
        if window.room != room:
            raise refuse(f"{where}.room", f"{window.department} has room {room}")


def _check_agency(files: Files, agency: Agency) -> None:
    where = f"directory.toml:{agency.code}"
    _full(where, agency, "parent")
    if agency.parent:
        levels = {row.code: row.level for row in files.directory.agencies}
        known(f"{where}.parent", agency.parent, levels)
        if LEVELS.index(levels[agency.parent]) >= LEVELS.index(agency.level):
            raise refuse(f"{where}.parent", "must be of a higher level")


def _check_referrals(files: Files) -> None:
    taken: dict[str, str] = {}
    for referral in files.directory.referrals:
        where = f"directory.toml:{referral.code}"
        _full(where, referral)
        known(f"{where}.office", referral.office, [office.code for office in files.directory.offices])
        for word in referral.words:
            if taken.setdefault(word, referral.code) != referral.code or not word:
                raise refuse(f"{where}.words", f"{word!r} leads to {taken[word]} already")


def _check_answer(files: Files, answer: Answer) -> None:
    where = f"answers.toml:{answer.code}"
    _full(where, answer, "items", "referral", "valid_until")
    if not all(answer.basis):
        raise refuse(f"{where}.basis", "each basis (依据) names document and article")
    if len(answer.answer) > MAX_ANSWER_CHARS:
        raise refuse(f"{where}.answer", f"at most {MAX_ANSWER_CHARS} characters")
    for code in answer.items:
        known(f"{where}.items", code, [item.code for item in files.items.items])
    if answer.referral:
        known(f"{where}.referral", answer.referral, [row.code for row in files.directory.referrals])
    check_day(f"{where}.valid_from", answer.valid_from)
    if answer.valid_until:
        check_day(f"{where}.valid_until", answer.valid_until)
        if answer.valid_until < answer.valid_from:
            raise refuse(f"{where}.valid_until", "must not be before valid_from")


def _check_courtesy(files: Files) -> None:
    taboos = files.rules.taboos
    told: list[tuple[str, str]] = [
        *((f"texts.toml:texts.{key}", text) for key, text in msgspec.structs.asdict(files.texts.texts).items()),
        *((f"items.toml:{row.code}.summary", row.summary) for row in files.items.items),
        *((f"answers.toml:{row.code}.question", row.question) for row in files.answers.answers),
        *((f"answers.toml:{row.code}.answer", row.answer) for row in files.answers.answers),
        *((f"statements.toml:{row.code}.notes", note) for row in files.statements.forms for note in row.notes),
    ]
    for where, text in told:
        for hit in lint(text, taboos):
            raise refuse(where, f"{hit.found!r} is {hit.category.value}; say instead: {hit.instead}")
