"""A question that leans on the ones before it, made to stand alone."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.answers import Turn
from assistant.understanding.kinds import greeted_in
from assistant.understanding.questions import asked_for, asking_words
from index.hits import Hit
from index.languages.detection import language_shares, likely_language
from index.languages.words import language as words_of

# A question this short, or with no more than so many longer words that tell something, and with no name or number of
# its own, says too little to be searched for alone.
FEW_WORDS, FEW_TELLING, LONGER = 3, 1, 5
# From this probability on, a question may be in the language of the one before it.
MAY_BE = 0.25
# An answer that may stand for "he", "she" or "there": so many words that name somebody or some place. A single word
# was oftener no person's name.
NAMED_WORDS = {"name": range(2, 6), "place": range(1, 6)}


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


def spoken(question: str, earlier: Sequence[Turn] = (), collected: Collection[str] = ()) -> str:
    """The question's language; that of the turn before when it may well be: "А чому?" alone is taken for Russian.

    Of languages that are hardly told apart it is the one in which articles are `collected`.
    """
    if earlier:
        before = spoken(earlier[-1].question, earlier[:-1], collected)
        if language_shares(question).get(before, 0.0) >= MAY_BE:
            return before
    found = likely_language(question, collected, default="en")
    greeted = greeted_in(question)
    # A word or two are less than it takes to tell a language; what people greet with is known.
    return found if not greeted or found in greeted else min(greeted & {*collected} or greeted)


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
    stand_ins = words_of(language).conversation.stand_ins
    return any(word in stand_ins for word in re.findall(r"[^\W\d_]+", question.casefold()))


def only_asks(question: str, language: str) -> bool:
    """Whether the question says nothing at all of what it asks about: "And why?"."""
    conversation = words_of(language).conversation
    helping = {*asking_words(), *conversation.connectives, *conversation.stand_ins}
    return all(word in helping or len(word) < LONGER for word in re.findall(r"[^\W_]+", question.casefold()))


def leans(question: str, language: str) -> bool:
    """Whether the question needs the one before it to be understood."""
    words = re.findall(r"[^\W\d_]+", question)
    folded = [word.casefold() for word in words]
    if words and folded[0] in words_of(language).conversation.connectives:
        return True
    if any(word[0].isupper() for word in words[1:]) or re.search(r"\d", question):
        return False
    if len(words) <= FEW_WORDS or refers(question, language):
        return True
    return sum(len(word) >= LONGER and word not in asking_words() for word in folded) <= FEW_TELLING


def _names(turn: Turn, language: str) -> bool:
    return len(turn.short_answer.split()) in NAMED_WORDS.get(asked_for(turn.question, language), ())
