"""Evidence, grammar and places, without a model; and a draft from any LlamaIndex LLM."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import Field

from assistant.assistant import Draft
from assistant.citations import Span
from assistant.generative import (
    ANSWER_TOKENS,
    CLOSE,
    DAY_THRESHOLD,
    EVIDENCE_BYTES,
    LANGUAGES,
    NOT_ANSWERED,
    PROMPT_VERSION,
    QUESTION_CHARACTERS,
    SENTENCE_BYTES,
    SPAN_TOKENS,
    THRESHOLD,
    GenerativeAnswerer,
    Line,
    _number_offsets,
    choose_evidence,
    finished_sentences,
    layout,
    locate,
    verbatim_grammar,
)
from index import language
from index.articles import Article
from index.passages import Passage, Sentence, split_sentences
from index.search import Hit

TALKS = Article(
    "talks.txt",
    "Talks",
    "Talks began. The first round was held in Geneva on 10 January. A second followed. Nobody signed.",
    published="2022-02-04",
)
OTHER = Article("other.txt", "Weather", "It rained in Oslo. The sun came back.")


class ScriptedLLM(CustomLLM):
    """Gives its replies in order, and keeps the prompts."""

    replies: list[str]
    prompts: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.prompts.append(prompt)
        return CompletionResponse(text=self.replies.pop(0))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        self.prompts.append(prompt)
        text = ""
        for word in self.replies.pop(0).split(" "):
            piece = f" {word}" if text else word
            text += piece
            yield CompletionResponse(text=text, delta=piece)


def hit(article: Article, number: int, similarity: float = 0.8) -> Hit:
    """The article's sentence of this number (0-based), in a passage of all its sentences."""
    sentences = split_sentences(article.text, "en")
    passage = Passage("p", article.id, 0, len(article.text), article.text, sentences)
    return Hit(article, passage, sentences[number], similarity)


def one_sentence(text: str) -> Hit:
    article = Article(f"{hash(text)}.txt", "", text)
    sentence = Sentence(0, len(text))
    return Hit(article, Passage("p", article.id, 0, len(text), text, (sentence,)), sentence, 0.8)


def quoted(span: Span | None, hits: list[Hit]) -> str:
    assert span is not None
    return hits[span.hit].article.text[span.start : span.end]


def test_evidence_is_the_best_sentence_then_the_close_ones() -> None:
    hits = [hit(TALKS, 1), hit(OTHER, 0), replace(hit(OTHER, 1), rank_value=-2 * CLOSE)]
    assert [(line.hit, line.text) for line in choose_evidence(hits)] == [
        (0, "The first round was held in Geneva on 10 January."),
        (1, "It rained in Oslo."),
    ]


def test_a_sentence_that_names_nobody_comes_with_the_one_before_it() -> None:
    lines = choose_evidence([hit(TALKS, 2)])
    assert [line.text for line in lines] == ["A second followed.", "The first round was held in Geneva on 10 January."]


def test_every_line_is_verbatim_at_its_offsets() -> None:
    hits = [hit(TALKS, 3), hit(OTHER, 1), one_sentence("Ж" * 400), one_sentence("word " * 400)]
    lines = choose_evidence(hits)
    assert {line.hit for line in lines} == {0, 1, 2}  # no room is left for the last
    for line in lines:
        assert hits[line.hit].article.text[line.start : line.end] == line.text
        assert len(line.text.encode()) <= SENTENCE_BYTES


def test_evidence_stays_within_its_bytes() -> None:
    hits = [one_sentence(f"{number} " + "слово " * 35) for number in range(5)]
    assert sum(len(line.text.encode()) for line in choose_evidence(hits)) <= EVIDENCE_BYTES


def test_evidence_is_grouped_under_title_and_date_with_gaps_marked() -> None:
    hits = [hit(TALKS, 0), hit(TALKS, 2), hit(TALKS, 3), hit(OTHER, 1)]
    lines = [Line(rank, one.sentence.start, one.sentence.end, one.text) for rank, one in enumerate(hits)]
    assert layout(lines, hits, "en") == (
        "[Talks, published 2022-02-04]\nTalks began. […] A second followed. Nobody signed.\n\n"
        "[Weather]\nThe sun came back."
    )


def test_grammar_allows_every_run_of_words_and_nothing_else() -> None:
    assert verbatim_grammar(["dell’uomo «A», B.", "東京"]).splitlines() == [
        "root ::= w0_3 | w0_2 | w0_1 | w0_0 | w1_1 | w1_0",
        'w0_3 ::= "B" (".")?',
        'w0_2 ::= "A" ("»," (" " w0_3)?)?',  # may end before what stands behind the word
        'w0_1 ::= "uomo" (" «" w0_2)?',
        'w0_0 ::= "dell’" (w0_1)?',
        'w1_1 ::= "京"',
        'w1_0 ::= "東" (w1_1)?',
    ]


def test_a_run_begins_where_it_may() -> None:
    texts = ["Tra (sei) tazze.", "Un tè, 3"]
    assert verbatim_grammar(texts, [{5}, {7}]).splitlines()[0] == "root ::= w0_1 | w1_2"
    assert verbatim_grammar(texts, [set(), set()]).splitlines()[0] == "root ::= w0_2 | w0_1 | w0_0 | w1_2 | w1_1 | w1_0"


def test_how_many_is_answered_by_a_number_that_is_no_days() -> None:
    text = "On 3 May 2024 the six ferries took 1,200 people, one of them twice."
    article = Article("ferries.txt", "Ferries", text, published="2024-05-04", language="en")
    assert _number_offsets(Line(0, 0, len(text), text), [hit(article, 0)]) == {18, 35, 37}


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("10 January.", (0, 20, 30)),  # the outer full stop is no part of the answer
        ("Geneva", (0, 10, 16)),
        ("“Geneva  on 10”", (0, 10, 22)),
        ("round", (1, 104, 109)),  # whole words first, though `around` stands in a better hit
        ("Bern", None),
        ("…", None),
        ("", None),
    ],
)
def test_a_quote_is_found_at_its_offsets(quote: str, expected: tuple[int, int, int] | None) -> None:
    lines = [
        Line(1, 100, 110, "One round."),
        Line(0, 0, 38, "Held in   Geneva on\n10 January, around"),
    ]
    assert locate(quote, lines) == (Span(*expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It was held in Geneva. It began on 10 Jan", ("It was held in Geneva.",)),
        ("It was held in", ("It was held in",)),
        ("Il sig. Rossi è qui. Non parla.", ("Il sig. Rossi è qui.", "Non parla.")),
        ("Where was it held? In Geneva.", ("In Geneva.",)),
        ("Where was it held?", ()),
        ("", ()),
    ],
)
def test_a_cut_off_sentence_counts_only_alone(text: str, sentences: tuple[str, ...]) -> None:
    assert finished_sentences(text, "it" if "sig" in text else "en") == sentences


def test_any_llm_drafts_an_answer_with_a_verified_span() -> None:
    llm = ScriptedLLM(replies=["Yes.", "“Geneva”", "The first round was held in Geneva.\nExtra."])
    hits = [hit(TALKS, 1), hit(OTHER, 0)]
    *pieces, draft = GenerativeAnswerer(llm, "hashing").draft("Where was the first round held?", "en", "en", hits)
    assert isinstance(draft, Draft)
    assert draft.answered
    assert quoted(draft.span, hits) == "Geneva"
    assert draft.sentences == ("The first round was held in Geneva.",)
    assert "".join(str(piece) for piece in pieces) == "The first round was held in Geneva."


def test_an_article_or_a_preposition_is_no_answer() -> None:
    hits = [hit(TALKS, 1), hit(OTHER, 0)]
    for reply, expected in (("in", TALKS.text[hits[0].sentence.start : hits[0].sentence.end]), ("10", "10")):
        llm = ScriptedLLM(replies=["Yes.", reply, "Talks were held."])
        *_, draft = GenerativeAnswerer(llm, "hashing").draft("What was the first round?", "en", "en", hits)
        assert isinstance(draft, Draft) and quoted(draft.span, hits) == expected


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("The first round was held in Geneva.", "The first round was held in Geneva."),
        ("Where was the first round held? Geneva.", "Geneva."),
        ("The first round of the tournament was held in Geneva.", "Geneva."),  # no word of a tournament
        ("Where was the first round held?", "Geneva."),
        ("The first round was held in Geneva in 1990.", "Geneva."),  # nor a number
    ],
)
def test_a_short_answer_becomes_a_sentence_that_says_no_more(written: str, sentence: str) -> None:
    llm = ScriptedLLM(replies=["Yes.", "Geneva", written])
    *_, draft = GenerativeAnswerer(llm, "hashing").draft("Where was the first round held?", "en", "en", [hit(TALKS, 1)])
    assert isinstance(draft, Draft) and draft.sentences == (sentence,)
    assert "10 January" not in llm.prompts[2]


def test_no_more_is_written_than_can_be_kept() -> None:
    llm = ScriptedLLM(replies=["Yes.", "Geneva", "The tournament and its first round were held in Geneva."])
    *pieces, _ = GenerativeAnswerer(llm, "hashing").draft(
        "Where was the first round held?", "en", "en", [hit(TALKS, 1)]
    )
    assert "".join(map(str, pieces)).rstrip() in ("The tournament", "The tournament and")


def test_a_question_about_somebody_else_is_not_made_into_a_statement() -> None:
    llm = ScriptedLLM(replies=["Yes.", "Geneva"])  # a third reply is not asked for
    *_, draft = GenerativeAnswerer(llm, "hashing").draft(
        "Where did Kerry open the first round?", "en", "en", [hit(TALKS, 1)]
    )
    assert isinstance(draft, Draft) and draft.answered and draft.sentences == ()


def test_the_steps_share_the_beginning_of_their_prompts() -> None:
    llm = ScriptedLLM(replies=["Yes", "Geneva", "In Geneva."])
    list(GenerativeAnswerer(llm, "hashing").draft("Why was it held there? " + "x" * 600, "en", "en", [hit(TALKS, 1)]))
    answerable, span, written = llm.prompts
    shared = answerable.index("x" * 50)
    assert answerable[:shared] == span[:shared] == written[:shared]
    assert "10 January" in answerable[:shared]
    assert max(len(prompt) for prompt in llm.prompts) < 1_500 + QUESTION_CHARACTERS


def test_a_no_is_no_answer() -> None:
    (draft,) = GenerativeAnswerer(ScriptedLLM(replies=["No."]), "hashing").draft(
        "Who signed?", "en", "en", [hit(TALKS, 1)]
    )
    assert isinstance(draft, Draft)
    assert (draft.answered, draft.reason, draft.span, draft.sentences) == (False, NOT_ANSWERED, None, ())


@pytest.mark.parametrize("day", ["10 January", "January"])
def test_a_day_is_no_answer_to_who(day: str) -> None:
    llm = ScriptedLLM(replies=["Yes.", day])
    *_, draft = GenerativeAnswerer(llm, "hashing").draft("Who held the first round?", "en", "en", [hit(TALKS, 1)])
    assert isinstance(draft, Draft) and (draft.answered, draft.reason) == (False, NOT_ANSWERED)


def test_a_number_is_quoted_with_its_millions() -> None:
    llm = ScriptedLLM(replies=["Yes.", "11,5", "Oksana paid 11.5 million euros for the club."])
    hits = [one_sentence("Lunedì Oksana ha comprato il club per 11,5 milioni di euro.")]
    *_, draft = GenerativeAnswerer(llm, "hashing").draft("How much did Oksana pay for the club?", "en", "en", hits)
    assert isinstance(draft, Draft)
    assert quoted(draft.span, hits) == "11,5 milioni di euro"
    assert draft.sentences == ("Oksana paid 11.5 million euros for the club.",)


@pytest.mark.parametrize(
    ("question", "words"),
    [("What did the ALLIANCE sign?", "Alliance"), ("Where is Dmitrij Peskov heard?", "Dmitri Peskow")],
)
def test_words_of_the_question_are_no_answer_to_it(question: str, words: str) -> None:
    text = "On Monday the Alliance heard Dmitri Peskow."
    hits = [one_sentence(text)]
    *_, draft = GenerativeAnswerer(ScriptedLLM(replies=["Yes.", words]), "hashing").draft(question, "en", "en", hits)
    assert isinstance(draft, Draft)
    assert (quoted(draft.span, hits), draft.sentences) == (text, ())


def test_invented_words_are_never_the_short_answer() -> None:
    llm = ScriptedLLM(replies=["Yes.", "Bern", "It was held in Bern."])
    *_, draft = GenerativeAnswerer(llm, "hashing").draft("Why was it held there?", "en", "en", [hit(TALKS, 1)])
    assert isinstance(draft, Draft)
    assert quoted(draft.span, [hit(TALKS, 1)]) == "The first round was held in Geneva on 10 January."
    assert "Bern" not in llm.prompts[2]


def test_the_draft_names_model_prompts_and_settings() -> None:
    (draft,) = GenerativeAnswerer(ScriptedLLM(replies=["No."]), "hashing").draft(
        "Who signed?", "en", "en", [hit(TALKS, 1)]
    )
    assert isinstance(draft, Draft)
    assert draft.record == {
        "model": "unknown",
        "prompts": PROMPT_VERSION,
        "temperature": 0,
        "span_tokens": SPAN_TOKENS,
        "answer_tokens": ANSWER_TOKENS,
        "threshold": THRESHOLD,
        "day_threshold": DAY_THRESHOLD,
    }


class DoubtfulLLM(ScriptedLLM):
    """Takes a yes to be hardly less likely than a no."""

    def log_odds(self, messages: object, one: str, other: str) -> float:
        return -0.1


@pytest.mark.parametrize(
    ("question", "answered"),
    [("When was the first round held?", True), ("Who held the first round?", False), ("Why was it held?", False)],
)
def test_doubts_of_the_model_weigh_less_when_a_day_is_asked_for(question: str, answered: bool) -> None:
    llm = DoubtfulLLM(replies=["It was held on 10 January."])
    *_, draft = GenerativeAnswerer(llm, "hashing").draft(question, "en", "en", [hit(TALKS, 1)])
    assert isinstance(draft, Draft)
    assert draft.answered == answered


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("Die erste Runde fand am 10. Januar in Genf statt.", "Die erste Runde fand am 10. Januar in Genf statt."),
        ("The first round was held in Geneva on 10. January.", "10. Januar 2022."),  # not the language asked for
    ],
)
def test_in_another_language_than_the_question_the_source_is_translated(written: str, sentence: str) -> None:
    llm = ScriptedLLM(replies=["Yes.", written])
    *_, draft = GenerativeAnswerer(llm, "hashing").draft(
        "When was the first round held?", "en", "de", [hit(TALKS, 1), hit(OTHER, 0)]
    )
    assert isinstance(draft, Draft) and draft.sentences == (sentence,)
    assert quoted(draft.span, [hit(TALKS, 1)]) == "10 January"
    assert "into German" in llm.prompts[1] and "The first round was held in Geneva on 10 January." in llm.prompts[1]


def test_a_source_in_the_language_asked_for_is_not_rewritten() -> None:
    llm = ScriptedLLM(replies=["Yes.", "Geneva"])  # no third reply is asked for
    hits = [hit(replace(TALKS, language="de"), 1)]
    (draft,) = GenerativeAnswerer(llm, "hashing").draft("Where was the first round held?", "en", "de", hits)
    assert isinstance(draft, Draft) and draft.sentences == (hits[0].text,)


def test_every_language_that_is_known_has_a_name() -> None:
    assert LANGUAGES.keys() == language.LANGUAGES
