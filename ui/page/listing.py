"""The articles of a generation: listed, narrowed and counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from index.articles import Article
from index.filters import Filters
from index.generations.generation import Generation
from ui.page import words
from ui.page.words import say

# More months than this are counted by year.
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Listing:
    """Every article without its text, newest first, and how many characters each has."""

    articles: tuple[Article, ...]
    lengths: Mapping[str, int]


def listing(generation: Generation) -> Listing:
    """The articles of the generation, read once for everybody."""
    return _listing(str(generation.path), generation)


@st.cache_resource(show_spinner=False, max_entries=2)
def _listing(path: str, _generation: Generation) -> Listing:
    return Listing(tuple(_generation.articles()), _generation.lengths())


def matching(articles: Iterable[Article], wanted: str, filters: Filters) -> list[Article]:
    """The articles that the filters let through, with every wanted word in title, source, author or file name."""
    terms = wanted.casefold().split()
    return [
        one
        for one in articles
        if filters.lets_through(one.published, one.source, one.language, one.author, one.id)
        and all(term in f"{one.title} {one.source} {one.author} {one.id}".casefold() for term in terms)
    ]


def over_time(articles: Sequence[Article]) -> list[tuple[str, int]]:
    """How many articles each month, or each year when they span many, latest first."""
    months = {one.published[:7] for one in articles if one.published}
    length = 7 if len(months) <= MONTHS_SHOWN else 4
    counts = Counter(one.published[:length] for one in articles if one.published)
    return [(words.month(when), count) for when, count in sorted(counts.items(), reverse=True)]


def by_source(articles: Sequence[Article]) -> list[tuple[str, int]]:
    """How many articles each source has, most first."""
    return Counter(one.source or say("Unknown") for one in articles).most_common()


def by_language(articles: Sequence[Article]) -> list[tuple[str, int]]:
    """How many articles each language has, most first."""
    return Counter(words.language_name(one.language) or say("Unknown") for one in articles).most_common()
