"""Whether a number is one of what was asked for."""

import re
from functools import cache

from assistant.checking.asked import Inquiry, Objection
from assistant.checking.claims import doubted, is_doubted
from assistant.facts.facts import facts_of
from assistant.facts.number_words import begins_number
from assistant.facts.pieces import key_of, pieces_of, word_beginnings
from assistant.facts.quantities import SIGNS, Quantity
from assistant.facts.resolving import ResolvedDate
from assistant.facts.wording import clause_of, has, is_duration, places
from assistant.reading.findings import Finding
from assistant.understanding.questions import asking_words
from index.languages.cldr import currencies, measures
from index.languages.words import Language, Words, language
from index.lexicon import is_calendar_word

CHECK = "number"
PERCENT = "%"
OUTCOMES = ("dead", "hurt", "missing", "saved")
SEXES = ("men", "women")
# What asks for an amount of money stands so near what asks: "quanto è costato", "how much did it cost".
NEAR_WORDS = 3
# Of a count's unit of time so many words behind the number: "eleven long months".
UNIT_WORDS = 2
DAY_WORDS = 3


def is_of_another_thing(asked: Inquiry, finding: Finding) -> Objection | None:
    """Why the finding's number is none of what was asked for; None when nothing says so, or no number was."""
    if asked.kind != "number":
        return None
    one = finding.value
    if isinstance(one, ResolvedDate):
        return Objection(CHECK, f"“{finding.words}” is a day or a year and no number of anything")
    if not isinstance(one, Quantity):
        reason = _no_number(asked, finding)
        return Objection(CHECK, reason) if reason else _none_at_all(asked, finding)
    reason = _unit_differs(asked, one, finding) or _outcome_differs(asked, one, finding) or _age(asked, one, finding)
    return Objection(CHECK, reason) if reason else None


def _no_number(asked: Inquiry, finding: Finding) -> str:
    """Of words that are no quantity: a day, no money where that was asked for, or a score where a time was; else ""."""
    words, wanted = re.findall(r"\w+", finding.words), time_asked(asked)
    if asks_money(asked) and not facts_of(finding.hit.article, finding.hit.sentence).quantities:
        return f"an amount of money was asked for, and “{finding.words}” is none"
    if words and len(words) <= DAY_WORDS and any(map(is_calendar_word, words)):
        return f"“{finding.words}” is a day and no number of anything"
    behind = re.findall(r"\w+", finding.hit.article.text[finding.span.end : finding.hit.sentence.end])[:UNIT_WORDS]
    beside = " ".join([finding.words, *behind])
    if wanted and words and all(map(str.isdigit, words)) and not is_duration(beside, finding.hit.article.language):
        return f"a number of {wanted} was asked for, and “{finding.words}” is none"
    return ""


def _none_at_all(asked: Inquiry, finding: Finding) -> Objection | None:
    """That all of the sentence has no number: of a count it tells nothing, how long or how big it was it may."""
    if _says_how_many(finding):
        return None
    if has(asked.question, asked.spoken.amounts.many, asked.spoken):
        return Objection(CHECK, "a number was asked for, and the sentence has none")
    if _says_how_long(finding) or is_doubted(finding):
        return None
    return Objection(CHECK, "a number or a length was asked for, and the sentence has none", doubted(finding))


def _says_how_many(finding: Finding) -> bool:
    """Whether the sentence says a number, or how many or how long without one: "none of them", "dozens", "for days".

    What may be one or an article counts where it opens the words that answer: "Ein Wolf".
    """
    hit = finding.hit
    spoken, text = language(hit.article.language), hit.text
    claims = spoken.claims
    vague = (*spoken.amounts.vague, *spoken.dates.few, *claims.all, *claims.none, *claims.negations)
    if re.search(r"\d", text) or has(text, vague, spoken):
        return True
    articles = {key_of(word) for word in spoken.sentences.articles}
    first = [piece.key for piece in pieces_of(finding.words)[:1]]
    keys = {piece.key for piece in pieces_of(text)} - articles
    return any(begins_number(key, spoken.code) for key in (*first, *keys))


def _says_how_long(finding: Finding) -> bool:
    article, sentence = finding.hit.article, finding.hit.sentence
    spoken, text = language(article.language), finding.hit.text
    until = (*spoken.claims.since, *spoken.claims.until)
    return bool(facts_of(article, sentence).days) or is_duration(text, article.language) or has(text, until, spoken)


def outcome_asked(asked: Inquiry, among: tuple[str, ...] = OUTCOMES) -> str:
    """Of how many dead, hurt, missing or saved the question asks; "" for none of them, or for several."""
    return outcome_in(asked.question, asked.spoken, among)


def outcome_in(text: str, spoken: Language, among: tuple[str, ...]) -> str:
    """Of the dead, hurt, missing or saved those that the text speaks of; "" for none of them, or for several."""
    found = [name for name in among if has(text, getattr(spoken.outcomes, name), spoken)]
    return found[0] if len(found) == 1 else ""


def _unit_differs(asked: Inquiry, one: Quantity, finding: Finding) -> str:
    """Money asked for and no money told, or years and no years; and the other way round."""
    is_money = one.unit not in ("", PERCENT)
    if asks_money(asked) and not is_money:
        return f"an amount of money was asked for, and “{finding.words}” is none"
    wanted = time_asked(asked)
    if wanted and not _has_time(one, finding):
        return f"a number of {wanted} was asked for, and “{finding.words}” is none"
    if is_money and _counts(asked) and not _names_money(asked):
        return f"“{finding.words}” is an amount of money, and none was asked for"
    return ""


def asks_money(asked: Inquiry) -> bool:
    """Whether the question asks for an amount of money: "how much … cost", "quanto è costato", "how many euros"."""
    spoken, amounts = asked.spoken, asked.spoken.amounts
    money = places(asked.question, amounts.money, spoken)
    much = places(asked.question, amounts.much, spoken)
    if much and (money or not spoken.writing.spaces):
        return True
    if amounts.much or not money:  # the language has a word for it, and the question has not
        return False
    opening = re.findall(r"\w+", asked.question[: money[0][0]])
    return len(opening) <= NEAR_WORDS


def _counts(asked: Inquiry) -> bool:
    """Whether the question asks how many, in a language that says otherwise how much."""
    amounts = asked.spoken.amounts
    return bool(amounts.much) and not has(asked.question, amounts.much, asked.spoken)


def _names_money(asked: Inquiry) -> bool:
    spoken = asked.spoken
    if has(asked.question, spoken.amounts.money, spoken) or any(sign in asked.question for sign in SIGNS):
        return True
    names = currencies(spoken.code)
    return any(word in names for word in re.findall(r"[^\W\d_]+", asked.question.casefold()))


def time_asked(asked: Inquiry) -> str:
    """The unit of time that is counted, "" when none is: it is the first word after those that ask."""
    if not asked.spoken.writing.spaces:
        return ""
    units = measures(asked.spoken.code)
    words = re.findall(r"[^\W\d_]+", asked.question.casefold())
    first = next((word for word in words if word not in asking_of(asked.spoken)), "")
    return first if units.get(first) == "duration" and words[0] in asking_of(asked.spoken) else ""


@cache
def asking_of(spoken: Language) -> frozenset[str]:
    """The words that only ask, and those of the language that ask for a number together: "many" in "how many"."""
    return asking_words() | {word for phrase in spoken.questions.number for word in phrase.split()}


def _has_time(one: Quantity, finding: Finding) -> bool:
    article = finding.hit.article
    return is_duration(f"{article.text[one.start : one.end]} {one.after}", article.language)


def _outcome_differs(asked: Inquiry, one: Quantity, finding: Finding) -> str:
    """Whether the number is said to be of the saved where the dead were asked for, or of neither."""
    if asks_money(asked) or time_asked(asked):  # "How much did the men carry?" counts nobody
        return ""
    return next((reason for among in (OUTCOMES, SEXES) if (reason := _is_of_others(asked, one, finding, among))), "")


def _is_of_others(asked: Inquiry, one: Quantity, finding: Finding, among: tuple[str, ...]) -> str:
    wanted = outcome_asked(asked, among)
    if not wanted:
        return ""
    hit = finding.hit
    spoken = language(hit.article.language)
    offset = hit.sentence.start
    text = hit.text
    start, end = one.start - offset, one.end - offset
    nearest = _nearest(text, start, end, spoken, among, clause_of(text, start, end))
    if not nearest:
        nearest = _nearest(text, start, end, spoken, among, (0, len(text)))
    if not nearest and hit.taken_back:  # of whom "Nine, not eleven" speaks, is said where it is taken back
        nearest = outcome_in(hit.taken_back, spoken, among)
    if nearest == wanted:
        return ""
    told = f"of the {nearest}" if nearest else "of nobody of whom the sentence says so"
    return f"the {wanted} were asked for, and “{finding.words}” is a number {told}"


def _nearest(text: str, start: int, end: int, spoken: Language, among: tuple[str, ...], within: tuple[int, int]) -> str:
    """The outcome whose words stand nearest to the characters, "" when there is none within."""
    best, least = "", len(text) + 1
    for name in among:
        words: Words = getattr(spoken.outcomes, name)
        for first, last in places(text, words, spoken):
            if within[0] <= first and last <= within[1]:
                away = max(first - end, start - last, 0)
                if away < least:
                    best, least = name, away
    return best


def _age(asked: Inquiry, one: Quantity, finding: Finding) -> str:
    """Whether the number stands alone between commas behind a name: "Grange, 48, has promised"."""
    text = finding.hit.article.text
    before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 1]
    is_age = before == ", " and after in ",." and one.unit == "" and one.value < 120
    if not is_age or not text[: one.start - 2].rstrip()[-1:].isalpha():
        return ""
    counted = word_beginnings(asked.question) & word_beginnings(f"{one.before} {one.after}")
    return "" if counted else f"“{finding.words}” is somebody's age"
