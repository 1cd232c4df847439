"""The whole way on the real models: corpus/ indexed and asked, in every profile whose models are here."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from profiles import profiles_here

from assistant.answers import Answer, Evidence, Turn
from assistant.assistant import Assistant
from assistant.evaluation import (
    Observation,
    observe_hits,
    observe_ranking,
    observe_sentences,
    read_gold,
    summarise,
)
from assistant.opening import load_embedding, open_assistant
from assistant.settings import read_settings
from bench.quality import by_similarity, over_units, read_ground
from index.rebuild import rebuild

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = [json.loads(line) for line in (ROOT / "tests" / "golden.jsonl").read_text().splitlines()]
ANSWERABLE = [line for line in GOLDEN if line["answerable"]]
# Least share of golden questions: a right sentence among the first five, one of the right articles cited first,
# an answer given at all, and a refusal where nothing answers; a little below what was measured.
FLOORS = {
    "light": {"recall": 0.7, "cited": 0.6, "answered": 0.7, "refused": 0.4},
    "full": {"recall": 0.85, "cited": 0.75, "answered": 0.65, "refused": 0.5},
}


@dataclass(frozen=True)
class Run:
    """A profile, its index of corpus/, and its answers to the golden questions."""

    profile: str
    index_dir: Path
    assistant: Assistant
    answers: dict[str, Answer]


@pytest.fixture(scope="module", params=profiles_here())
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    profile = request.param
    settings = read_settings({"NEWSDESK_PROFILE": profile}, index_dir=tmp_path_factory.mktemp(profile))
    manifest = rebuild(ROOT / "corpus", settings.index_dir, lambda: load_embedding(settings))
    assert (manifest.article_count, manifest.skipped) == (30, ())
    assistant = open_assistant(settings)
    assert assistant.embedding.backend.startswith("openvino ")
    answers = {line["id"]: assistant.ask(line["question"]) for line in GOLDEN}
    yield Run(profile, settings.index_dir, assistant, answers)


def share(held: list[bool]) -> float:
    return sum(held) / len(held)


def test_every_quote_is_the_stored_text_at_its_offsets(run: Run) -> None:
    cited = [citation for answer in run.answers.values() for citation in answer.citations]
    assert len(cited) >= 20
    for citation in cited:
        article = run.assistant.open_generation().article(citation.article)
        assert article.text[citation.start : citation.end] == citation.quote
    for answer in run.answers.values():
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        for statement in (one for one in answer.statements if one.role not in ("heading", "note")):
            assert statement.citations and set(statement.citations) <= {one.number for one in answer.citations}


def test_the_right_sentence_is_among_the_first_five(run: Run) -> None:
    found = [
        any(
            quote in hit.text or hit.text in quote
            for hit in run.answers[line["id"]].hits[:5]
            for quote in line["quotes"]
        )
        for line in ANSWERABLE
    ]
    assert share(found) >= FLOORS[run.profile]["recall"]


@pytest.mark.parametrize("crosses", [False, True], ids=["within a language", "across languages"])
def test_search_is_no_worse_than_similarity_alone(run: Run, crosses: bool) -> None:
    """Never behind by more than one question lost: so few of them tell no less."""
    ground, embedding = read_ground(run.index_dir), run.assistant.embedding
    by_passage, by_sentence = (
        by_similarity(one, embedding) for one in (ground.passage_vectors, ground.sentence_vectors)
    )
    dense = over_units(by_passage, by_sentence, ground)
    ours: list[Observation] = []
    theirs: list[Observation] = []
    for gold in map(read_gold, ANSWERABLE):
        if crosses is any(article.startswith(f"{gold.language}/") for article in gold.articles):
            continue
        ours += observe_hits(gold, run.answers[gold.id].hits)
        articles, sentences = dense(gold.question)
        theirs += [*observe_ranking(gold, articles), *observe_sentences(gold, sentences)]
    dense_values = {metric.name: metric.value for metric in summarise(theirs)}
    assert len(dense_values) == 4
    for metric in summarise(ours):
        assert metric.value >= dense_values[metric.name] - 1 / metric.n, metric.name


def test_answers_cite_the_right_article_first(run: Run) -> None:
    answered = [line for line in ANSWERABLE if run.answers[line["id"]].answered]
    assert share([line in answered for line in ANSWERABLE]) >= FLOORS[run.profile]["answered"]
    right = [run.answers[line["id"]].citations[0].article in line["articles"] for line in answered]
    assert share(right) >= FLOORS[run.profile]["cited"]


def test_articles_are_said_to_differ_only_where_they_do(run: Run) -> None:
    """21 or 23 injured, and a vote on 5 or 6 October."""
    assert {name for name, answer in run.answers.items() if answer.accounts} <= {"g13", "g20"}


def test_what_the_articles_do_not_say_is_refused(run: Run) -> None:
    refused = [not run.answers[line["id"]].answered for line in GOLDEN if not line["answerable"]]
    assert share(refused) >= FLOORS[run.profile]["refused"]


def test_the_ambassador_delivered_the_reply_on_26_january_2022(run: Run) -> None:
    answer = run.answers["g01"]
    assert answer.question == "When did Sullivan deliver the reply?"
    assert (answer.answered, answer.answer_date) == (True, "2022-01-26")
    assert "Sullivan" in answer.citations[0].quote


def test_a_follow_up_is_answered_from_the_same_sentence(run: Run) -> None:
    first = "When did Sullivan deliver the reply?"
    answer = run.assistant.ask("And where did he deliver it?", [Turn(first, run.answers["g01"].text)])
    assert answer.answered and "Sullivan" in answer.citations[0].quote


def test_follow_ups_find_their_sentence_as_well_as_rewritten_ones_nearly(run: Run) -> None:
    """Mean reciprocal rank of the right sentence: better than of the bare question, not far from a person's rewrite."""
    if run.profile != "light":
        pytest.skip("measured with the light profile only")

    def reciprocal(query: str, history: list[Turn], quote: str) -> float:
        evidence = next(iter(run.assistant.stream(query, history)))
        assert isinstance(evidence, Evidence)
        return next((1 / rank for rank, hit in enumerate(evidence.hits, 1) if hit.text == quote), 0.0)

    bare, ours, rewritten = [], [], []
    for line in map(json.loads, (ROOT / "tests" / "conversations.jsonl").read_text().splitlines()):
        history: list[Turn] = []
        *before, question = line["turns"]
        for turn in before:
            given = run.assistant.ask(turn, history)
            history.append(Turn(turn, given.text, given.short_answer))
        bare.append(reciprocal(question, [], line["quote"]))
        ours.append(reciprocal(question, history, line["quote"]))
        rewritten.append(reciprocal(line["rewrite"], [], line["quote"]))
    assert sum(rewritten) >= 0.6 * len(rewritten)
    assert sum(ours) > sum(bare)
    assert sum(ours) >= 0.85 * sum(rewritten)


def test_evidence_is_there_at_once(run: Run) -> None:
    """The bound is wide for busy machines; `make bench` prints the real figure."""
    evidence = next(iter(run.assistant.stream("When did the ferry run aground?")))
    assert isinstance(evidence, Evidence) and evidence.hits
    assert run.answers["g05"].timings_ms["search"] < 1000


def test_indexing_and_asking_need_no_network(run: Run) -> None:
    index_dir = run.index_dir.with_name(run.index_dir.name + "-offline")
    for command in (["index", "corpus", "--json"], ["ask", "Quando ha consegnato Sullivan la risposta?", "--json"]):
        done = subprocess.run(
            ["unshare", "--map-root-user", "--net", sys.executable, "-m", "ui.cli", *command, "--index-dir", index_dir],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "NEWSDESK_PROFILE": run.profile},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["answer_date"] == "2022-01-26"
    assert "Sullivan" in answer["citations"][0]["quote"]
