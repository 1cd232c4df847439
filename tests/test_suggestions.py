"""Questions that are offered: made of what articles state, tried, and only those that are answered with it."""

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding, ScriptedAnswerer

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Citation, Turn
from assistant.assistant import Assistant
from assistant.suggestions.proposing import KINDS, Proposal, Proposals, sampled
from assistant.suggestions.templates import is_spoken, question_of, safe_questions
from assistant.suggestions.trying import Bounds, tells, tried
from index.articles import Article
from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.languages.words import codes
from index.languages.words import language as language_words
from index.passages import Sentence
from index.rebuild import rebuild
from ui.conversations import Conversations
from ui.kept_examples import FILE
from ui.suggesting import Offer, Offered, Suggesting

# One sentence each, and what is asked of it; "" where nothing can be.
SENTENCES = [
    ("en", "how_many", "About 60 lorries waited at a bridge, say police.", "How many lorries waited at a bridge?"),
    ("en", "how_many", "Some 60 lorries waited, 12 of them full.", ""),  # too little is left to be a question
    ("en", "how_many", "The queue had 60 lorries at the bridge.", ""),
    ("de", "how_many", "Rund 1.400 Container warten auf Ladung.", "Wie viele Container warten auf Ladung?"),
    ("fr", "how_many", "Quelque 60 avions attendent à Orly.", "Combien d’avions attendent à Orly ?"),
    ("it", "how_many", "Circa 60 navi aspettano nel porto.", ""),  # of a gender that the word does not tell
    ("it", "how_many", "Circa 60 camion e treni aspettano nel porto.", ""),
    ("it", "how_many", "Circa 60 treni aspettano nel porto.", "Quanti treni aspettano nel porto?"),
    ("es", "how_many", "Unas 60 personas esperan en el puerto.", "¿Cuántas personas esperan en el puerto?"),
    ("uk", "how_many", "Понад 60 вантажівок чекають біля мосту.", "Скільки вантажівок чекають біля мосту?"),
    ("uk", "how_many", "Понад 62 вантажівки чекають біля мосту.", ""),  # not as after "how many"
    ("en", "when", "On Monday a ferry to Vienna sank, where we lay.", "When was it that a ferry to Vienna sank?"),
    ("en", "when", "The council of Vienna voted on 3 March 2024.", "When was it that the council of Vienna voted?"),
    ("en", "when", "The bridge to Vienna has been shut since 3 March 2024.", ""),  # not when it was shut
    ("en", "when", "On Monday he left the city of Vienna.", ""),  # nobody knows who
    ("de", "when", "Am Montag beschloss der Rat von Wien den Bau.", "Wann beschloss der Rat von Wien den Bau?"),
    ("de", "when", "Der Rat von Wien beschloss den Bau am Montag.", ""),  # its verb would stand in the wrong place
    ("fr", "when", "Lundi, la ville de Vienne a voté la loi.", "Quand est-ce que la ville de Vienne a voté la loi ?"),
    ("pl", "how_many", "Ponad 60 osób czeka przy moście.", "Ile osób czeka przy moście?"),
    ("cs", "how_many", "Asi 60 kamionů čeká u mostu.", "Kolik kamionů čeká u mostu?"),
    ("sv", "how_many", "Omkring 60 lastbilar väntade vid bron.", "Hur många lastbilar väntade vid bron?"),
    ("nl", "how_many", "Ongeveer 60 vrachtwagens wachten bij de brug.", "Hoeveel vrachtwagens wachten bij de brug?"),
    ("hu", "how_many", "Mintegy 60 kamion várakozik a hídnál.", "Hány kamion várakozik a hídnál?"),
    ("fi", "how_many", "Noin 60 rekkaa odotti sillan luona.", "Kuinka monta rekkaa odotti sillan luona?"),
    ("tr", "how_many", "Yaklaşık 60 kamyon köprüde sırada bekliyor.", "Kaç kamyon köprüde sırada bekliyor?"),
    ("he", "how_many", "60 משאיות ממתינות ליד הגשר.", "כמה משאיות ממתינות ליד הגשר?"),
    ("vi", "how_many", "Khoảng 60 xe tải đang chờ ở cầu.", "Bao nhiêu xe tải đang chờ ở cầu?"),
    ("id", "how_many", "Sekitar 60 truk menunggu di jembatan.", "Berapa truk menunggu di jembatan?"),
    ("pt", "how_many", "60 pessoas esperam hoje no porto.", "Quantas pessoas esperam hoje no porto?"),
    ("pt", "how_many", "60 turistas esperam hoje no porto.", ""),  # men or women
    ("es", "how_many", "Unos 60 problemas esperan en el puerto.", ""),
    ("el", "how_many", "Περίπου 60 φορτηγά περιμένουν στη γέφυρα.", "Πόσα φορτηγά περιμένουν στη γέφυρα;"),
    ("hi", "how_many", "करीब 60 लोग पुल पर इंतज़ार कर रहे हैं।", "कितने लोग पुल पर इंतज़ार कर रहे हैं?"),
    ("ja", "how_many", "約60台のトラックが橋で待っている。", ""),  # what asks stands within it
    ("ru", "when", "В понедельник Москва приняла новый закон.", "Когда Москва приняла новый закон?"),
    ("sv", "when", "I måndags röstade rådet i Wien om lagen.", "När röstade rådet i Wien om lagen?"),
    ("it", "when", "Lunedì, in uno studio di Vienna, ha firmato la legge.", ""),  # no subject opens it
]  # fmt: skip
SPOKEN = (
    "“The bridge will hold for years,” said Ada Finch. Finch opened the bridge to all lorries. "
    "Nobody had asked Ada Finch about the toll. "
)


def proposals(language: str, *texts: str) -> Proposals:
    articles = [Article(f"{at}.txt", "", text, f"2024-03-0{5 + at}", language) for at, text in enumerate(texts)]
    return Proposals(articles, language, generation=None)  # type: ignore[arg-type] # none of these needs it


@pytest.mark.parametrize(("language", "kind", "text", "question"), SENTENCES)
def test_a_sentence_becomes_a_question_where_its_language_lets_it(
    language: str, kind: str, text: str, question: str
) -> None:
    assert [one.question for one in proposals(language, text).of(kind)] == ([question] if question else [])


def test_whoever_speaks_and_acts_is_asked_for_by_name_and_as_who() -> None:
    made = proposals("en", SPOKEN, SPOKEN + "More of it.")
    (who, *_), (said, *_) = made.of("who"), made.of("said")
    assert (who.question, who.name) == ("Who opened the bridge to all lorries?", "Ada Finch")
    assert said.question == "What did Ada Finch say?"
    (latest, *_), (about, *_) = made.of("latest"), made.of("about")
    assert (latest.question, latest.article.id) == ("What is the latest on Ada Finch?", "1.txt")
    assert about.question == "What do we know about Ada Finch?"


def test_a_name_in_another_case_or_named_only_once_is_no_subject() -> None:
    once = "Ada Finch left the city. The bridge was shut. "
    dative = "Мер подякував Михайлові Процю. Процю дали премію. Ніхто не бачив Михайлові Процю. "
    nominative = "Михайло Проць подякував. Так сказав Проць. Премію має Михайло Проць. "
    no_name = "Купує Проць. Озеро має Проць."  # "Proc buys": a capital letter for the sentence's sake
    assert list(proposals("en", once).of("about")) == []
    assert [list(proposals("uk", text).of("about")) for text in (dative, no_name)] == [[], []]
    assert [one.name for one in proposals("uk", nominative).of("about")] == ["Михайло Проць"]


def test_a_city_is_asked_for_by_the_readers_name_of_it_from_the_newest_article_that_has_it() -> None:
    texts = ("The train to Trieste was full.", "A ship lay off Trieste.", "Nobody in France knew of Nice.")
    asked = list(proposals("en", *texts).of("place"))
    assert [(one.question, one.article.id) for one in asked] == [
        ("What is the latest from Trieste?", "1.txt"),
        ("What is the latest from Nice?", "2.txt"),  # and not of the country, which takes an article in some languages
    ]
    assert next(proposals("de", *texts).of("place")).question == "Was ist das Neueste aus Triest?"


def test_a_day_is_asked_for_as_the_readers_language_writes_it() -> None:
    text = "The council voted on 8 March 2023."
    assert [one.question for one in proposals("en", text).of("day")] == ["What happened on 8 March 2023?"]
    assert question_of("day", "it", day="8 marzo 2023") == "Che cosa è successo l’8 marzo 2023?"


@pytest.mark.parametrize("language", codes())
def test_every_language_has_every_kind_or_says_why_not(language: str) -> None:
    values = {"said": "name", "latest": "name", "place": "name", "about": "name", "day": "day"}
    rests = ["trains wait", "casas esperan", "treni aspettano", "شاحنة تنتظر", "φορτηγά περιμένουν", "लोग इंतज़ार"]
    for kind in KINDS:
        if f"suggestions.{kind}" in language_words(language).absent:
            continue
        asked = [question_of(kind, language, **{values.get(kind, "rest"): value}) for value in rests]
        assert any(one.rstrip().endswith(("?", "؟", ";", "？")) and "{" not in one for one in asked), kind
    assert is_spoken(language) and len(safe_questions(language)) == len(set(safe_questions(language))) == 4


CITED = Citation(1, "0.txt", "", "2024-03-05", 0, 40, "About 60 lorries waited at the bridge.")


@pytest.mark.parametrize(
    ("short", "cited", "stands"),
    [
        ("about 60", CITED, True),
        ("75", CITED, False),
        ("60", replace(CITED, article="other.txt"), False),
        ("60", replace(CITED, start=90, end=120), False),
    ],
)
def test_only_an_answer_with_the_fact_from_its_sentence_counts(short: str, cited: Citation, stands: bool) -> None:
    (one,) = proposals("en", "About 60 lorries waited at the bridge.").of("how_many")
    assert tells(one, [cited], short, "", generation=None) == stands  # type: ignore[arg-type]
    assert not tells(one, [], short, "", generation=None)  # type: ignore[arg-type]


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    """An index of two articles: one states a number, one what somebody did."""
    read_in_this_process(monkeypatch)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\npublished: 2024-03-05\n---\n\nAbout 60 lorries waited at the Marlow bridge.\n")
    (folder / "b.md").write_text(f"---\npublished: 2024-03-06\n---\n\n{SPOKEN}\n")
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    return open_current(tmp_path / "index")


@pytest.fixture
def assistant(generation: Generation) -> Assistant:
    return Assistant(generation.path.parent.parent, generation, HashingEmbedding(), ExtractiveAnswerer())


def over(generation: Generation) -> Proposals:
    return Proposals(sampled(generation, "en"), "en", generation)


def test_what_is_offered_was_asked_and_answered(assistant: Assistant, generation: Generation) -> None:
    found = tuple(tried(over(generation), assistant, Bounds(4, 60)))
    assert "How many lorries waited at the Marlow bridge?" in [one.question for one in found]
    assert len({one.article.id for one in found}) == len({one.kind for one in found}) == len(found)
    for one in found:
        assert assistant.ask(one.question).answered


def test_what_is_refused_is_not_offered(assistant: Assistant, generation: Generation) -> None:
    assistant.answerer = ScriptedAnswerer(answered=False)
    assert "how_many" not in [one.kind for one in tried(over(generation), assistant, Bounds(4, 60))]


def test_nothing_more_is_tried_when_the_time_is_over(assistant: Assistant, generation: Generation) -> None:
    assert list(tried(over(generation), assistant, Bounds(4, 0.0))) == []


def test_what_follows_is_of_the_same_article_and_was_not_told_yet(assistant: Assistant, generation: Generation) -> None:
    (speech, *_) = over(generation).of("said")
    told = {(speech.article.id, speech.sentence.start)}
    history = [Turn("How many lorries waited at the Marlow bridge?", "About 60.", "60")]
    found = list(tried(over(generation), assistant, Bounds(4, 60), history, told))
    assert not {"said", "day", "latest"} & {one.kind for one in found}
    assert history[0].question not in [one.question for one in found]


@pytest.mark.parametrize(
    ("kind", "name", "quotes", "stands"),
    [
        ("said", "Ada Finch", ["“The bridge will hold for years,” said Ada Finch."], True),
        ("said", "Ada Finch", ["Finch said so.", "“The bridge will hold for years,” said Ada Finch."], False),
        ("said", "Ada Finch", ["“It will be years until anybody in the town of Ada Finch can sleep,” he said."], False),
        ("place", "Trieste", ["A nord di Trieste piove."], True),
        ("place", "Wien", ["Trains left for Vienna.", "Rain fell.", "Ships lay off Trieste."], False),
    ],
)
def test_who_is_heard_and_where_it_was_must_stand_in_what_is_cited(
    generation: Generation, kind: str, name: str, quotes: list[str], stands: bool
) -> None:
    article = generation.article("a.md")
    cited = [Citation(at, article.id, "", "", 0, len(quote), quote) for at, quote in enumerate(quotes, start=1)]
    one = Proposal(kind, "", article, Sentence(0, 9), name)
    assert tells(one, cited, "", "", generation) == stands


def finished(offer: Offer) -> tuple[Offered, ...]:
    deadline = threading.Event()
    while not offer.done:
        assert not deadline.wait(0.01)
    return offer.found


def test_an_offer_is_tried_once_and_waits_while_somebody_asks(assistant: Assistant) -> None:
    asking = threading.Event()
    asking.set()
    suggesting = Suggesting(asking.is_set, assistant.index_dir)
    offer = suggesting.to_begin(assistant, "en")
    assert not threading.Event().wait(0.1) and (offer.found, offer.done) == ((), False)
    asking.clear()
    assert finished(offer)
    assert suggesting.to_begin(assistant, "en") is offer
    assert suggesting.to_begin(assistant, "de") is not offer


def test_what_somebody_elses_question_stopped_is_tried_again(assistant: Assistant) -> None:
    generation = assistant.open_generation()
    alone = list(tried(over(generation), assistant, Bounds(1, 60)))
    looks = iter([False, True, True])  # nobody asks, then somebody does while it is tried, and then nobody any more
    disturbed = list(tried(over(generation), assistant, Bounds(1, 60, lambda: next(looks, False))))
    assert disturbed == alone != []


def test_what_was_tried_once_is_there_at_once_after_a_restart(assistant: Assistant) -> None:
    found = finished(Suggesting(lambda: False, assistant.index_dir).to_begin(assistant, "en"))
    offer = Suggesting(lambda: True, assistant.index_dir).to_begin(assistant, "en")
    assert offer.done and [one.question for one in offer.found] == [one.question for one in found] != []
    assert [one.article.id for one in offer.found] == [one.article.id for one in found]
    assert not Suggesting(lambda: True, assistant.index_dir).to_begin(assistant, "de").done  # asked in no German yet


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        '"made_for"',
        '{"made_for": 7}',
        '{"made_for": "another index", "questions": {"en": [["Why?", "a.md"]]}}',
        '{"made_for": THIS}',
        '{"made_for": THIS, "questions": 7}',
        '{"made_for": THIS, "questions": {"en": 7}}',
        '{"made_for": THIS, "questions": {"en": [["Why?"]]}}',
        '{"made_for": THIS, "questions": {"en": [["Why?", "no such article"]]}}',
        "\ud800",
        "[" * 100_000,
    ],
)
def test_examples_of_another_index_or_in_a_damaged_file_are_tried_anew(assistant: Assistant, written: str) -> None:
    tried_once = finished(Suggesting(lambda: False, assistant.index_dir).to_begin(assistant, "en"))
    path = assistant.index_dir / FILE
    made_for = json.loads(path.read_text(encoding="utf-8"))["made_for"]
    path.write_bytes(written.replace("THIS", json.dumps(made_for)).encode("utf-8", "surrogatepass"))
    again = finished(Suggesting(lambda: False, assistant.index_dir).to_begin(assistant, "en"))
    assert [one.question for one in again] == [one.question for one in tried_once]
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [question for question, _ in kept["questions"]["en"]] == [one.question for one in again]


def test_examples_that_cannot_be_kept_are_offered_all_the_same(assistant: Assistant) -> None:
    (assistant.index_dir / FILE).mkdir()
    assert finished(Suggesting(lambda: False, assistant.index_dir).to_begin(assistant, "en"))


def test_what_follows_an_answer_is_offered_after_it_and_nothing_after_a_refusal(assistant: Assistant) -> None:
    kept = Conversations(None)
    _, reply = kept.ask("me", "", "How many lorries waited at the Marlow bridge?", Filters(), assistant)
    assert reply.wait(10) and reply.answer and reply.answer.answered
    suggesting = Suggesting(lambda: False, assistant.index_dir)
    history = (Turn(reply.question, reply.answer.text, reply.answer.short_answer),)
    for one in finished(suggesting.to_follow(assistant, reply.answer, history)):
        assert one.article.id == reply.answer.citations[0].article
        assert not re.search("lorries waited", one.question)
    refused = replace(reply.answer, answered=False, citations=())
    assert suggesting.to_follow(assistant, refused, history).done
