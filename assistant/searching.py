"""A question to the hits that it is answered from."""

from assistant.answers import HITS
from assistant.followups import merged, only_asks, refers
from assistant.question import Question
from assistant.understanding.request import COMPOSED, Request, asks_only_when
from index.filters import Filters
from index.hits import Hit, place_of
from index.models.embedding import Embedding
from index.search import search

# So many of what is composed of several: twenty hold .86 of what such answers tell, and of an overview .6 to .8.
CANDIDATES = 80
MERGED = 60  # of a follow-up's two searches each, before the best of both are taken


def best_hits(question: Question, search_query: str, kind: str, embedding: Embedding) -> tuple[Hit, ...]:
    """The best hits; of a follow-up that only leans on its topic, also those for what it asks by itself.

    "Where did he deliver it?" is answered by the topic's own sentences, "And when is the hearing?" by others. Over
    519 articles, fourteen conversations and e5, the mean reciprocal rank of the right sentence is .37 for the bare
    question, .49 with its topic in brackets, .64 so, and .68 for a person's rewrite.
    """
    text, language, generation, filters = question.text, question.language, question.generation, question.filters
    top = CANDIDATES if kind in COMPOSED else HITS
    if search_query == text or refers(text, language) or only_asks(text, language):
        return search(search_query, generation, embedding, top, filters)
    bare, whole = (search(one, generation, embedding, MERGED, filters) for one in (text, search_query))
    return merged(bare, whole, top)


def with_window(question: Question, request: Request, hits: tuple[Hit, ...], embedding: Embedding) -> tuple[Hit, ...]:
    """The hits, and those of the articles printed on the days that the question names, of which few may be among
    them; they come first where it names nothing else."""
    if request.kind not in COMPOSED or not request.filters:
        return hits
    printed = request.filters.both(question.filters or Filters())
    found = search(request.question, question.generation, embedding, CANDIDATES, printed)
    first, then = (found, hits) if asks_only_when(request) else (hits, found)
    known = set(map(place_of, first))
    return (*first, *(hit for hit in then if place_of(hit) not in known))
