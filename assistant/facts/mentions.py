"""The days that a text mentions, as they are written."""

from assistant.facts.day_grammar import grammar
from assistant.facts.day_numbers import numeric
from assistant.facts.day_ways import READERS
from assistant.facts.shapes import Mention


def mentions_in(text: str, code: str) -> list[Mention]:
    """What the text mentions in the words of the language, in order; where expressions overlap, the longest."""
    read = grammar(code)
    found = [*numeric(text, read), *(said for one in read.found(text) if (said := READERS[one.way](one)))]
    chosen: list[Mention] = []
    for mention in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
        elif mention.end - mention.start > chosen[-1].end - chosen[-1].start:
            chosen[-1] = mention
    return chosen
