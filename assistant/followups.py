"""A question that leans on the ones before it, made to stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.questions import ASKED, YES_NO, asked_for
from index.language import detect_language, language_shares
from index.search import Hit

# Words that tie a question to the one before it when they open it.
CONNECTIVES = "and but e ed ma und aber y pero et mais і й та але а и но mas en maar og men".split()
# Words that stand for something named before. Per language: Italian "il" is an article, French "il" is not.
STAND_INS = {
    "en": "he she it they him her them his its their hers theirs",
    "it": "lui lei loro egli ella essi esse costui questi ci",
    "de": "er sie ihm ihn ihr ihnen ihre ihren ihrem ihrer sein seine seinen seinem dort damals davon dazu",
    "fr": "il elle ils elles lui leur leurs cela ça y celui celle",
    "es": "él ella ellos ellas ello eso allí su sus",
    "uk": "він вона воно вони його її їх йому їй їм там",
    "ru": "он она оно они его ее её их ему ей им там",
    "pt": "ele ela eles elas isso ali seu sua",
    "nl": "hij zij ze hem haar hun daar zijn",
    "no": "han hun den det de ham henne dem der",
}
# A question this short, or with no more than so many longer words that tell something, and with no name or number of
# its own, says too little to be searched for alone.
FEW_WORDS, FEW_TELLING, LONGER = 3, 1, 5
# From this probability on, a question may be in the language of the one before it.
MAY_BE = 0.25
# An answer that may stand for "he", "she" or "there": so many words that name somebody or some place. A single word
# was oftener no person's name.
NAMED_WORDS = {"name": range(2, 6), "place": range(1, 6)}

_TELLING_LITTLE = frozenset(
    f"{' '.join(ASKED.values())} {YES_NO} what which about could would should there these those their".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation, its answer, and what that says in a few words of an article."""

    question: str
    answer: str
    short_answer: str = ""


def stand_alone(question: str, language: str, earlier: Sequence[Turn]) -> str:
    """The question itself, or, when it leans on the conversation, the question with what it leans on in brackets.

    `earlier` are the turns so far, oldest first. What it leans on is the latest question that stood alone, whoever or
    whatever place was the answer since then, and, when it is hardly more than "And where?", the question just before.
    """
    if not earlier or not leans(question, language):
        return question
    alone = [number for number, turn in enumerate(earlier) if not leans(turn.question, language)]
    topic = earlier[alone[-1] if alone else 0 :]
    named = [turn.short_answer for turn in topic if _names(turn, language)]
    before = topic[1:][-1:] if len(re.findall(r"[^\W\d_]+", question)) <= FEW_WORDS else []
    questions = [turn.question for turn in (topic[0], *before)]
    return f"{question} ({' '.join(dict.fromkeys([*named, *questions]))})"


def spoken(question: str, earlier: Sequence[Turn] = ()) -> str:
    """The question's language; that of the turn before when it may well be: "А чому?" alone is taken for Russian."""
    if earlier:
        before = spoken(earlier[-1].question, earlier[:-1])
        if language_shares(question).get(before, 0.0) >= MAY_BE:
            return before
    return detect_language(question, default="en")


def merged(bare: Sequence[Hit], whole: Sequence[Hit], top: int) -> tuple[Hit, ...]:
    """The `top` hits that rank best for the question by itself and for the question with what it leans on, together.

    The one tells what is asked, the other about what: with the brackets alone the topic's own sentences come first.
    """
    places = [{(hit.article.id, hit.sentence.start): hit for hit in hits} for hits in (bare, whole)]
    lowest = [min((hit.rank_value for hit in hits), default=0.0) for hits in (bare, whole)]
    every = places[0] | places[1]
    values = {
        place: sum(
            found[place].rank_value if place in found else low for found, low in zip(places, lowest, strict=True)
        )
        for place in every
    }
    best = sorted(values, key=lambda place: -values[place])[:top]
    # As high as the best hit of the whole question: what is enough to answer was measured on single searches.
    raised = max((hit.rank_value for hit in whole), default=0.0) - max(values.values(), default=0.0) / 2
    return tuple(replace(every[place], rank_value=values[place] / 2 + raised) for place in best)


def refers(question: str, language: str) -> bool:
    """Whether a word of the question stands for something named before."""
    stand_ins = STAND_INS.get(language, "").split()
    return any(word in stand_ins for word in re.findall(r"[^\W\d_]+", question.casefold()))


def leans(question: str, language: str) -> bool:
    """Whether the question needs the one before it to be understood."""
    words = re.findall(r"[^\W\d_]+", question)
    folded = [word.casefold() for word in words]
    if words and folded[0] in CONNECTIVES:
        return True
    if any(word[0].isupper() for word in words[1:]) or re.search(r"\d", question):
        return False
    if len(words) <= FEW_WORDS or refers(question, language):
        return True
    return sum(len(word) >= LONGER and word not in _TELLING_LITTLE for word in folded) <= FEW_TELLING


def _names(turn: Turn, language: str) -> bool:
    return len(turn.short_answer.split()) in NAMED_WORDS.get(asked_for(turn.question, language), ())
