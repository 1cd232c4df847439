"""How many sentences an answer of each kind tells, and in which order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding
from made_hits import hit

from assistant.answering.belonging import belonging, of_surest, sureness, surest
from assistant.answering.choosing import Width, chosen
from assistant.answering.collection import is_form_of, of_the_collection
from assistant.answering.comparison import compared
from assistant.answering.composing import about, in_window, is_told, named_in, openings, same_story, telling
from assistant.answering.latest import latest
from assistant.answering.lists import listed
from assistant.answering.overview import overview
from assistant.answering.parts import parted
from assistant.answering.phrases import phrase
from assistant.answering.reasons import reasons
from assistant.answering.said import said
from assistant.answering.several import settled, tells_shortly
from assistant.answering.stories import names_no_story, of_the_newest
from assistant.answering.talk import talk
from assistant.answers import Span
from assistant.facts.quantities import Quantity, quantities_in
from assistant.facts.resolving import ResolvedDate
from assistant.reading.findings import Finding, Name, Value, Words
from assistant.understanding.request import Request, asks_only_when, parts_of, requested, subject_of
from index.articles import Article
from index.filters import Filters
from index.generations.pointer import open_current
from index.hits import Hit, place_of
from index.languages.detection import detect_language
from index.languages.words import codes
from index.passages import Passage, Sentence
from index.rebuild import rebuild

unread = sureness((), lambda some: ())


def test_an_article_far_behind_the_best_is_left_out_with_all_its_sentences() -> None:
    hits = [hit("one", 1.0), hit("two", 0.9), hit("three", 0.1, "b"), hit("four", 0.0, "b")]
    assert [one.text for one in chosen(hits, Width(article=0.5, sentence=1.0, least=1, most=4))] == ["one", "two"]


def test_at_least_so_many_sentences_of_a_story_are_told_and_at_most_so_many() -> None:
    hits = [hit(str(number), 1.0 - number / 10) for number in range(6)]
    assert len(chosen(hits, Width(article=0.0, sentence=0.0, least=3, most=5))) == 3
    assert len(chosen(hits, Width(article=9.0, sentence=9.0, least=1, most=4))) == 4
    others = [hit("nearest", 2.0, "b"), *hits]
    assert [one.text for one in chosen(others, Width(article=0.0, sentence=0.0, least=3, most=5))] == ["nearest"]


def test_an_article_with_several_near_sentences_goes_before_one_with_a_single_nearer() -> None:
    hits = [hit("alone", 1.0, "a"), *(hit(text, 0.9, "b") for text in ("first", "second", "third"))]
    together = Width(article=0.1, sentence=9.0, least=1, most=9, together=3)
    assert {one.article.id for one in chosen(hits, together)} == {"b"}  # (1 + .5 + .5) / 3 against .9


def test_what_the_reader_says_ranks_beside_likeness_and_only_what_is_new_is_read() -> None:
    hits = [hit(text, rank, text) for text, rank in (("like it", 0.6), ("answers it", 0.5), ("neither", 0.0))]
    findings = {
        one.text: Finding(Span(one, 0, 1), Words(""), 0.5, False, 0, answerable=sure)
        for one, sure in zip(hits, (-3.0, 3.0, -3.0), strict=True)
    }
    asked: list[str] = []

    def read(some: Sequence[Hit]) -> list[Finding]:
        asked.extend(one.text for one in some)
        return [findings[one.text] for one in some]

    ranked = belonging("said", hits, sureness([findings["like it"]], read))
    assert [one.text for one in ranked] == ["answers it", "like it", "neither"]
    assert asked == ["answers it", "neither"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which airlines have ordered the 787, according to the articles?", {"787"}),
        ("Retrace l'évolution de l'iPhone, de 2007 à 2010", set()),
        ("What did Peskov say in January 2022?", {"~pskv"}),
        ("what did peskov say", {"~pskv"}),
    ],
)
def test_what_a_question_names_are_neither_its_words_nor_its_days(question: str, names: set[str]) -> None:
    assert named_in(question) == names


def test_a_story_is_told_by_articles_that_share_a_rarer_name() -> None:
    texts = {
        "a": "It is said that Sullivan met Dozenko and Hrynchuk in Bergen.",
        "b": "It is known that Dozenko, Sullivan and Hrynchuk agree.",
        "c": "It is said that Finch is ill.",
        "d": "It is dry in Castellana.",
    }
    hits = [hit(text, 1.0, name) for name, text in texts.items()]
    assert [one.article.id for one in same_story(hits, {"a"})] == ["a", "b"]


def test_an_overview_goes_by_the_days_and_says_which_is_the_newest() -> None:
    told = overview(
        [
            hit("The port reopened on 20 March 2024.", 1.0, "late", "2024-03-21"),
            hit("The strike began on 11 March 2024.", 0.9, "early", "2024-03-12"),
        ],
        tuple,
        "en",
    )
    assert [one.text for one in told] == [
        "11 March 2024",
        "The strike began on 11 March 2024.",
        "The newest state, 20 March 2024:",
        "The port reopened on 20 March 2024.",
    ]


def test_the_latest_is_what_the_newest_article_says_and_what_fits_far_better_stands_beneath() -> None:
    hits = [
        hit("Two are hurt.", 3.0, "a", "2024-01-01"),
        hit("Five are hurt.", 1.5, "b", "2024-01-03"),
        hit("The road is wet.", 2.0, "c", "2024-01-02"),
        hit("It rained.", -2.0, "d", "2024-01-09"),
    ]
    assert [one.text for one in latest(hits, "en")] == ["Five are hurt.", "Earlier:", "Two are hurt."]


def test_a_single_reason_is_followed_by_the_next_sentence() -> None:
    text = "Sales fell. Finch blames the weather."
    article = Article("a", "Title", text, "2024-03-01", "en")
    sentences = (Sentence(0, 11), Sentence(12, len(text)))
    one = Hit(article, Passage("a", "a", 0, len(text), text, sentences), sentences[0], 1.0, 1.0)
    assert [told.text for told in reasons([one])] == ["Sales fell.", "Finch blames the weather."]


def test_only_articles_that_have_a_name_of_the_question_are_about_it() -> None:
    hits = [hit(f"The mine of {name} is shut.", 1.0, name) for name in ("Ardal", "Bergen", "Corvo")]
    asked = Request("What happened in Bergen?", "en", "overview")
    assert [one.article.id for one in about(asked, hits)] == ["Bergen"]
    assert len(about(Request("What happened in the mine?", "en", "overview"), hits)) == 3


def test_what_lies_in_the_window_is_told_by_the_day_it_tells_of_or_was_printed_on() -> None:
    hits = [
        hit("The strike began on 11 March 2024.", 1.0, "a", "2024-05-01"),
        hit("The port is open.", 1.0, "b", "2024-03-20"),
        hit("The port reopened on 2 May 2024.", 1.0, "c", "2024-05-03"),
    ]
    march = Request("What happened in March 2024?", "en", "overview", filters=Filters("2024-03-01", "2024-03-31"))
    assert [one.article.id for one in in_window(march, hits)] == ["a", "b"]


@pytest.mark.parametrize(
    ("question", "language", "only"),
    [
        ("What happened in January 2022?", "en", True),
        ("Che cosa è successo a gennaio 2022?", "it", True),
        ("Was war im März 2024 los?", "de", True),
        ("O que aconteceu em janeiro de 2022?", "pt", True),
        ("Що сталося в січні 2022 року?", "uk", True),
        ("What happened last week?", "en", True),
        ("What happened in Trieste in March 2024?", "en", False),
        ("What happened to the tram in March 2024?", "en", False),
        ("Was geschah mit der Bahn im März 2024?", "de", False),
        ("Earthquake in January 2022?", "en", False),
        ("What happened?", "en", False),
    ],
)
def test_a_question_may_name_nothing_but_days(question: str, language: str, only: bool) -> None:
    assert asks_only_when(requested(question, language, "overview", [], date(2026, 1, 1))) is only


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Che cosa è successo a marzo 2024?", "it", "overview"),
        ("What happened in March 2024?", "en", "overview"),
        ("Who resigned in March 2024?", "en", "fact"),
        ("Who bought the bank, and for how much?", "en", "facts"),
        ("Wer kaufte die Bank, und für wie viel?", "de", "facts"),
        ("Who is the man who bought the bank?", "en", "fact"),
        ("When did it happen, in March 2024?", "en", "fact"),
        ("What happened?", "en", "fact"),
    ],
)
def test_what_happened_on_some_days_is_never_a_single_fact(question: str, language: str, kind: str) -> None:
    assert requested(question, language, "fact", [], date(2026, 1, 1)).kind == kind


def test_what_narrows_a_question_about_the_collection_is_said() -> None:
    asked = requested("How many articles mention Finch in March 2024?", "en", "collection", [], date(2026, 1, 1))
    assert [one.what for one in asked.evidence] == ["kind", "since", "until"]
    assert not asked.only_asks


def test_of_days_alone_is_told_what_each_article_opens_with() -> None:
    text = "GENEVA.\nThe talks began. Nobody smiled."
    article = Article("a", "Talks", text, "2024-03-20", "en")
    places = (Sentence(0, 7), Sentence(8, 24), Sentence(25, len(text)))
    found = [Hit(article, Passage("a", "a", 0, len(text), text, places), one, 1.0, 1.0) for one in places]
    later = hit("On 3 March 2024 it rained.", 0.5, "b", "2024-05-01")
    march = Request("What happened in March 2024?", "en", "overview", filters=Filters("2024-03-01", "2024-03-31"))
    told = openings(march, [found[2], found[1], later], lambda article: found)
    assert [one.text for one in told] == ["The talks began.", "On 3 March 2024 it rained."]
    assert [one.rank_value for one in told] == [1.0, 0.5]


def test_a_list_says_in_how_many_of_the_articles_looked_at_it_was_found() -> None:
    hits = [hit(f"Ship number {number} is blue.", 1.0 - number / 100, str(number)) for number in range(3)]
    hits.append(hit("It rained.", -1.0, "other"))
    assert listed(hits, tuple, unread, "en")[-1].text == "Found: 3, in 3 of the 4 articles looked at."


def test_two_things_compared_stand_side_by_side_with_how_far_they_are_apart() -> None:
    texts = {
        "": "People take part in both.",
        "Galway": "In Galway 120 people take part.",
        "Lviv": "In Lviv 90 people take part.",
    }
    hits = [hit(text, 1.0, name) for name, text in texts.items()]

    def read(question: str, some: Sequence[Hit]) -> list[Finding]:
        found = []
        for one in some:
            [value] = quantities_in(one.article, 0, len(one.text))
            found.append(Finding(Span(one, value.start, value.end), value, 0.9, True, 0))
        return found

    told = compared("How many take part in Galway and in Lviv?", hits, read, unread, "en")
    assert [one.text for one in told] == [
        texts[""], "Galway", texts["Galway"], "Lviv", texts["Lviv"], "120 − 90 = 30.",
    ]  # fmt: skip
    assert [len(one.hits) for one in told] == [1, 0, 1, 0, 1, 2]
    assert [one.text for one in compared("How many take part in Galway and in Cork?", hits, read, unread, "en")] == [
        *texts.values()
    ]


def test_of_each_thing_compared_something_is_told_though_it_ranks_low() -> None:
    hits = [
        hit("In Galway 120 people take part.", 9.0, "a"),
        hit("The doctors are glad.", 1.0, "Lviv"),  # below a title that names it
        hit("It rained.", 2.0, "c"),
    ]
    told = compared("How many take part in Galway and in Lviv?", hits, lambda question, some: (), unread, "en")
    assert "The doctors are glad." in [one.text for one in told]
    assert "It rained." not in [one.text for one in told]


def test_what_the_reader_finds_far_less_sure_is_left_out_but_of_few() -> None:
    hits = [hit(text, 1.0, text) for text in ("one", "rain", "two")]
    known = dict(zip(map(place_of, hits), (2.0, -2.0, 1.0), strict=True))
    assert [one.text for one in surest(hits, lambda some: known, 1.5, 1)] == ["one", "two"]
    assert [one.text for one in surest(hits, lambda some: known, 0.5, 2)] == ["one", "two"]
    assert surest(hits, unread, 1.5, 1) == tuple(hits)


def test_the_reader_tells_which_article_has_the_reason() -> None:
    hits = [hit(text, rank, name) for text, rank, name in (("near", 1.0, "a"), ("why", 0.8, "b"), ("more", 0.0, "b"))]
    read = [
        Finding(Span(one, 0, 1), Words(""), 0.5, False, 0, answerable=sure)
        for one, sure in zip(hits, (-3.0, 3.0, -3.0), strict=True)
    ]
    assert [one.text for one in of_surest("why", hits, sureness(read, lambda some: ()))] == ["why", "more"]
    assert [one.text for one in of_surest("how", hits, sureness(read, lambda some: ()))] == ["near", "why", "more"]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("The Kremlin's Dmitri Peskov said nobody would hurry.", False),
        ("He said that nobody would hurry.", True),
        ("It was too early, Jens Ulmer said of the plan by Ada Finch.", True),
        ("Nobody would hurry to meet Dmitri Peskov.", True),
    ],
)
def test_who_is_asked_about_speaks_and_nobody_else(text: str, is_told: bool) -> None:
    hits = [hit("Ada Finch said it was safe.", 1.0, "a"), hit(text, 1.2, "b"), hit("Rain fell.", 0.8, "c")]
    told = [one.text for one in said("What did Ada Finch say?", hits)]
    assert "Ada Finch said it was safe." in told and (text in told) == is_told
    assert text in [one.text for one in said("Who said what about it?", hits)]


@pytest.mark.parametrize(
    ("words", "value", "is_reason"),
    [
        ("too much wind", Words, True),
        ("by 300 percent", Quantity, False),
        ("on 4 March 2024", ResolvedDate, False),
        ("the Finch Group", Name, False),
        ("nine miners", Words, False),
        ("nine of its ten pumps failed", Words, True),
    ],
)
def test_a_name_a_number_and_a_day_are_no_reason(words: str, value: type, is_reason: bool) -> None:
    one = hit(f"It fell, said some, {words}.", 1.0, "a.md")
    start = one.article.text.index(words)
    meant: Value = Words(words)
    if value is Quantity:
        [meant] = quantities_in(one.article, start, start + len(words))
    elif value is ResolvedDate:
        meant = ResolvedDate(0, 0, words, "2024-03-04", "2024-03-04", "written")
    finding = Finding(Span(one, start, start + len(words)), meant, 0.9, True, 0, likelihood=0.9)
    assert tells_shortly("why", finding) == is_reason
    assert tells_shortly("how", finding)
    assert not tells_shortly("how", replace(finding, answerable=-0.5))


def test_headlines_bylines_and_datelines_tell_nothing() -> None:
    texts = [
        "GENEVA.",
        "MOSKAU UND BERLIN.",
        "By Ada Finch, published on",
        "The mine of Ardal is shut, and nobody knows why",
        "The mine is shut.",
    ]
    hits = [hit(text, 1.0, text) for text in texts]
    assert [one.text for one in telling(hits)] == ["The mine is shut."]
    assert telling(hits[:2]) == tuple(hits[:2])


@pytest.mark.parametrize(
    ("question", "language", "nothing"),
    [
        ("What did the minister say?", "en", True),
        ("How much?", "en", True),
        ("Quanto è costato?", "it", True),
        ("What did Finch say?", "en", False),
        ("(((", "en", False),
        ("How much did the bridge in the northern valley cost?", "en", False),
    ],
)
def test_a_question_may_name_no_story(question: str, language: str, nothing: bool) -> None:
    assert names_no_story(question, language) is nothing


def test_of_several_stories_the_newest_is_taken_and_the_others_are_named() -> None:
    old, new = (
        Finding(Span(one, 0, 3), Words("x"), 0.9, True, 0)
        for one in (hit("Two.", 1.0, "a", "2024-01-01"), hit("Six.", 0.9, "b", "2025-01-01"))
    )
    findings, notes = of_the_newest([old, new], "en")
    assert findings == (new, old)
    assert [one.text for one in notes] == ["Others tell of it too: Title of a."]
    assert of_the_newest([old], "en") == ((old,), ())


def test_a_quotation_goes_before_a_sentence_that_ranks_a_little_higher() -> None:
    hits = [hit("The bridge is long.", 1.0, "a"), hit("“It is safe,” said Finch.", 0.9, "b"), hit("Rain.", 0.0, "c")]
    assert said("What did Finch say?", hits)[0].text == "“It is safe,” said Finch."


def test_a_part_that_no_article_tells_is_named() -> None:
    found = [hit("It sank in March.", 1.0)]
    told = parted(
        ("When did it sink", "who paid?"),
        found,
        lambda part: found if "sink" in part else (),
        lambda part, some: (),
        "en",
    )
    assert [one.text for one in told] == ["It sank in March.", "The articles do not say: who paid?"]


def test_each_part_is_answered_from_the_articles_that_answer_the_whole() -> None:
    hits = [hit("It sank in March.", 9.0, "a"), hit("Finch paid.", 1.0, "a"), hit("Ames paid.", 1.1, "b")]

    def read(part: str, some: Sequence[Hit]) -> list[Finding]:
        return [
            Finding(Span(one, 0, 1), Words(""), 0.5, False, 0, answerable=1.0 if "paid" in one.text else -5.0)
            for one in some
            if "paid" in part
        ]

    told = parted(("When did it sink", "who paid?"), hits, lambda part: hits, read, "en")
    assert [one.text for one in told] == ["It sank in March.", "Finch paid."]


@pytest.mark.parametrize(
    ("question", "language", "parts"),
    [
        ("When and where did it sink?", "en", ("When did it sink?", "where did it sink?")),
        ("Wie heißt sie, und was kostet es?", "de", ("Wie heißt sie", "was kostet es?")),
        ("¿Quién lo compró y cuánto pagó por él?", "es", ("¿Quién lo compró", "cuánto pagó por él?")),
        ("Quand et où a-t-il coulé ?", "fr", ("Quand a-t-il coulé ?", "où a-t-il coulé ?")),
        ("Коли і де він затонув?", "uk", ("Коли він затонув?", "де він затонув?")),
        ("Wann und wo sank sie?", "de", ("Wann sank sie?", "wo sank sie?")),
        ("Who won the race and the cup?", "en", ()),
    ],
)
def test_a_question_is_cut_where_a_second_one_begins(question: str, language: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, language) == parts


@pytest.mark.parametrize(
    ("question", "language", "kind", "taken_for"),
    [
        ("When do the new rules apply?", "en", "how", "fact"),
        ("Når skal endringene innføres?", "no", "overview", "fact"),
        ("Dove è stato fermato l'autista?", "it", "how", "fact"),
        ("Wie viele Menschen waren an Bord?", "de", "how", "fact"),
        ("Quante persone sono rimaste ferite?", "it", "list", "fact"),
        ("Which people were injured?", "en", "list", "list"),
        ("У скількох відсотків хворих є антитіла?", "uk", "yesno", "fact"),
        ("How does the alarm work?", "en", "how", "how"),
        ("Who said what about the bridge?", "en", "said", "said"),
    ],
)
def test_who_asks_for_one_value_asks_for_a_fact(question: str, language: str, kind: str, taken_for: str) -> None:
    assert requested(question, language, kind, [], date(2026, 3, 1)).kind == taken_for


@pytest.mark.parametrize(
    ("question", "language", "kind", "lead", "taken_for"),
    [
        ("When will the line reopen?", "en", "yesno", 0.3, "fact"),
        ("Wann wird die Brücke geöffnet?", "de", "yesno", 0.3, "fact"),
        ("Will the line reopen on Friday?", "en", "yesno", 0.6, "yesno"),
        ("How many people will work there?", "en", "latest", 0.3, "fact"),
        ("Quanti lavoreranno nella fabbrica?", "it", "latest", 0.3, "fact"),
        ("How many people are still missing?", "en", "latest", 0.7, "latest"),
        ("What is the latest on the strike?", "en", "latest", 0.3, "latest"),
        ("Où en est l'enquête ?", "fr", "latest", 0.3, "latest"),
    ],
)
def test_who_asks_for_one_value_is_told_it(
    question: str, language: str, kind: str, lead: float, taken_for: str
) -> None:
    assert requested(question, language, kind, [], date(2026, 3, 1), lead=lead).kind == taken_for


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("How many articles mention Ada Finch?", ("Ada", "Finch")),
        ("In quanti articoli viene nominato l'X-15?", ("X", "15")),
        ("Wie viele Artikel gibt es insgesamt?", ()),
        ("Wie viele Artikel haben wir insgesamt?", ()),
        ("Wie viele Artikel haben wir über Brücken?", ("Brücken",)),
    ],
)
def test_the_subject_is_what_the_question_names(question: str, subject: tuple[str, ...]) -> None:
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    ("one", "word", "same"),
    [
        ("Гринчук", "Hrynchuk", False),
        ("Sullivan", "Салливан", True),
        ("Finches", "Finch", True),
        ("Finland", "Finch", False),
        ("A380", "a380", True),
    ],
)
def test_a_name_is_known_with_another_ending_or_in_another_script(one: str, word: str, same: bool) -> None:
    assert is_form_of(one, word) is same


def test_what_a_phrase_is_given_may_hold_braces() -> None:
    assert phrase("none_mentions", "de", subject="{count}") == "Kein Artikel nennt {count}."
    assert phrase("articles", "bn", count=3) == "Articles: 3."  # English where a language has none


@pytest.mark.parametrize(
    ("question", "language", "about", "told"),
    [
        ("Which outlets wrote about the Ericea volcano?", "en", "outlets", ["Articles that mention Ericea: 1.", "Bee"]),
        ("Quali testate hanno scritto di Ericea?", "it", "outlets", ["Articoli che nominano Ericea: 1.", "Bee"]),
        ("What is the newest article about Ericea?", "en", "newest", ["Articles that mention Ericea: 1.", "Smoke"]),
        ("Which outlets wrote about Atlantis?", "en", "outlets", ["No article mentions Atlantis."]),
        ("Welche Zeitungen berichten über den Vulkan?", "de", "outlets", ["Artikel, die Vulkan nennen: 1.", "Ameise"]),
        # What is no name may be a word of the asking: where no article has it, all are meant.
        ("Welche Blätter stecken in diesem Bestand?", "de", "outlets", ["Ameise"]),
        ("Which is the newest piece you hold here?", "en", "newest", ["Harbour"]),
    ],
)
def test_a_question_about_articles_on_something_counts_those_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str, language: str, about: str, told: list[str]
) -> None:
    read_in_this_process(monkeypatch)
    (tmp_path / "articles").mkdir()
    for name, outlet, day, code, title, text in (
        ("a", "Bee", "2024-03-01", "en", "Smoke", "The island of Ericea smoked all night."),
        ("b", "Ameise", "2024-03-02", "de", "Rauch", "Der Vulkan auf der Insel rauchte die ganze Nacht."),
        ("c", "Cat", "2024-03-03", "en", "Harbour", "The harbour was quiet on Sunday."),
    ):
        head = f"---\ntitle: {title}\npublished: {day}\nlanguage: {code}\nsource: {outlet}\n---\n\n"
        (tmp_path / "articles" / f"{name}.md").write_text(head + text)
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    generation = open_current(tmp_path / "index")
    request = requested(question, language, f"collection {about}", generation.articles(), date(2024, 3, 5))
    answered = [one.text for one in of_the_collection(request, generation, language, None)]
    assert len(answered) == len(told) and all(part in text for part, text in zip(told, answered, strict=True)), answered
    assert ("Cat (1)" in answered[-1]) == (told == ["Ameise"])


@pytest.mark.parametrize("code", codes())
def test_what_may_be_asked_is_told_in_questions_of_the_language_itself(code: str) -> None:
    [said] = talk(code)
    quoted = re.findall("[„“«»”‘「]([^„“«»”’」]+)[“”»«’」]", said.text)
    assert len(quoted) == 2
    # Of so few words nobody tells Danish from Norwegian.
    assert detect_language(" ".join(quoted)) in ({"no", "da"} if code in ("no", "da") else {code})


@pytest.mark.parametrize(
    ("kind", "lead", "standing", "settled_kind", "told"),
    [
        ("list", 0.2, 0.6, "fact", True),  # as likely one value, which a sentence surely gives
        ("list", 0.2, 0.4, "list", True),
        ("list", 0.2, 0.2, "list", False),  # nor does any sentence answer
        ("list", 0.4, 0.6, "list", True),
        ("list", 0.4, 0.2, "list", True),
        ("overview", 0.2, 0.6, "overview", True),  # nobody asks for one value so
    ],
)
def test_where_the_kind_is_in_doubt_the_reader_decides(
    kind: str, lead: float, standing: float, settled_kind: str, told: bool
) -> None:
    one = hit("Nine ships lay at the quay.", 1.0)
    finding = Finding(Span(one, 0, 4), Words("Nine"), standing, True, 0)
    request = Request("Which ships lay there?", "en", kind, lead=lead)
    assert settled(request, [finding]).kind == settled_kind
    assert is_told(request, [one], standing, 0.3) == told
