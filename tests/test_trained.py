"""What is made of the words that a trained reader marks, and how much each of them stands."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tiny_reader import tiny_network

from assistant.answers import Span
from assistant.facts.quantities import Quantity
from assistant.facts.resolving import ResolvedDate
from assistant.reading.findings import READ_HITS, SURE_WORDS, Finding, Name, SecondLook, Words
from assistant.reading.network import Mark
from assistant.reading.standing import FILE, NOT_ITS_OWN, Standing, load_standing, signs
from assistant.reading.trained import TrainedReader, typed
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence

LOOK = SecondLook(0.0, 1.0, 1.0, 0.5)
PLAIN = Standing({"always": 0.0, "reader": 1.0}, 0.5, (0.4, 0.6), LOOK)


def hit(text: str, name: str = "a.md", rank_value: float = 0.5, also_in: tuple[str, ...] = ()) -> Hit:
    """A sentence that is all of an article."""
    article = Article(name, "Title", text, published="2024-03-05", language="en")
    sentence = Sentence(0, len(text))
    return Hit(article, Passage("p", name, 0, len(text), text, (sentence,)), sentence, 0.6, rank_value, also_in)


def marked(text: str, words: str, likelihood: float = 0.9) -> tuple[Hit, Mark]:
    return hit(text), Mark(text.index(words), text.index(words) + len(words), likelihood, 2.0)


@pytest.mark.parametrize(
    ("kind", "text", "words", "found", "value"),
    [
        ("", "He spoke of “the cold winter”, she said.", " “the cold winter”,", "the cold winter", Words),
        ("", "It began in Genève.", "Gen", "Genève", Words),  # no half of a word
        ("", "会議は東京で開かれた。", "東京", "東京", Words),  # where words are not parted by spaces
        ("name", "It was Jens Stoltenberg who spoke.", "Stoltenberg", "Jens Stoltenberg", Name),
        ("number", "They paid 11.5 million euros for it.", "11.5", "11.5 million euros", Quantity),
        ("number", "Twelve people came.", "Twelve people", "Twelve people", Quantity),
        ("", "They paid 11.5 million euros for it.", "11.5 million euros", "11.5 million euros", Quantity),
        ("date", "On 4 March 2024 it fell to Oslo.", "Oslo", "4 March 2024", ResolvedDate),  # the rules know days
        ("date", "It fell at dawn.", "at dawn", "at dawn", ResolvedDate),  # of the article's day
        (
            "date",
            "The Royal Guard won it.",
            "Royal Guard",
            "The Royal Guard won it.",
            ResolvedDate,
        ),  # a name is no time
        ("date", "It signed for 27 years.", "27 years", "It signed for 27 years.", ResolvedDate),  # nor is a length
        ("date", "It signed a 27-year contract.", "27-year", "It signed a 27-year contract.", ResolvedDate),
        ("date", "It takes 60 to 90 days.", "60 to 90 days", "", ResolvedDate),
        ("date", "It takes between 60 and 90 days.", "between 60 and 90 days", "", ResolvedDate),
        ("date", "It fell 2 to 3 hours later.", "2 to 3 hours later", "2 to 3 hours later", ResolvedDate),
        ("date", "It opens in 2 to 3 weeks.", "in 2 to 3 weeks", "in 2 to 3 weeks", ResolvedDate),
        ("date", "It has 91 ships on order.", "91 ships", "It has 91 ships on order.", ResolvedDate),
        ("date", "It fell within 3 days.", "within 3 days", "within 3 days", ResolvedDate),
        ("date", "It fell after 33 minutes.", "after 33 minutes", "after 33 minutes", ResolvedDate),
        ("date", "It fell at 11.30 in Oslo.", "11.30 in Oslo", "11.30 in Oslo", ResolvedDate),
        (
            "date",
            "Sales grew, creating over $ 500 million yearly.",
            "creating over $ 500 million yearly",
            "",
            ResolvedDate,
        ),
        ("date", "He finds it exciting.", "exciting", "", ResolvedDate),
        ("date", "They fell silent during the siege.", "during the siege", "during the siege", ResolvedDate),
        ("date", "He left when Jens came.", "when Jens came", "when Jens came", ResolvedDate),
        ("", "On 4 March 2024 it fell.", "4 March 2024", "4 March 2024", ResolvedDate),
        ("yes or no", "It fell to Oslo.", "Oslo", "It fell to Oslo.", Words),
        ("", "NATO answered.", "NATO", "NATO answered.", Words),  # the question says that itself
        ("", "It fell (to Oslo).", "Oslo).", "Oslo", Words),
    ],
)
def test_marked_words_are_whole_and_typed(kind: str, text: str, words: str, found: str, value: type) -> None:
    span, meant = typed(kind, "What did NATO answer?", "en", *marked(text, words))
    assert (span.text, type(meant)) == (found or text, value)


@pytest.mark.parametrize(
    ("question", "language", "text", "years", "stands"),
    [
        ("When did the jet make its debut?", "en", "Since its 1967 debut it sold well.", "1967", True),
        ("When did the airline buy it?", "en", "Since its 1967 debut it sold well.", "1967", False),
        ("Quando la compagnia lo ha comprato?", "it", "Since its 1967 debut it sold well.", "1967", False),
        ("When did he mourn him?", "en", 'He showed the words "Ada Finch 1955-2011" in black.', "1955-2011", False),
    ],
)
def test_a_bare_year_is_a_time_only_of_the_word_behind_it(
    question: str, language: str, text: str, years: str, stands: bool
) -> None:
    span, _ = typed("date", question, language, *marked(text, years))
    assert span.text == (years if stands else text)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("it", "La procedura dura tra i 60 e i 90 giorni.", "tra i 60 e i 90 giorni"),
        ("de", "Das Verfahren dauert zwischen 60 und 90 Tagen.", "zwischen 60 und 90 Tagen"),
        ("es", "El proceso dura entre 60 y 90 días.", "entre 60 y 90 días"),
        ("no", "Saken tar mellom 60 og 90 dager.", "mellom 60 og 90 dager"),
    ],
)
def test_between_two_lengths_is_no_time_in_any_language(language: str, text: str, words: str) -> None:
    told = hit(text)
    told = replace(told, article=replace(told.article, language=language))
    mark = Mark(text.index(words), text.index(words) + len(words), 0.9, 2.0)
    span, _ = typed("date", "When did it begin?", "en", told, mark)
    assert span.text == text


@pytest.mark.parametrize(("kind", "stands"), [("", False), ("name", False), ("place", True)])
def test_words_that_are_a_guess_are_no_answer(kind: str, stands: bool) -> None:
    for likelihood, told in ((SURE_WORDS - 0.01, stands), (SURE_WORDS, True)):
        span, _ = typed(kind, "Who spoke?", "en", *marked("It was Jens Stoltenberg.", "Jens Stoltenberg", likelihood))
        assert span.text == ("Jens Stoltenberg" if told else "It was Jens Stoltenberg.")


def test_a_quantity_means_its_number() -> None:
    _, meant = typed("number", "How much?", "en", *marked("They paid 11.5 million euros for it.", "11.5"))
    assert isinstance(meant, Quantity) and (meant.value, meant.unit) == (Decimal("11500000"), "€")


def test_the_likeliest_finding_is_first_and_each_hit_is_read_once(tmp_path: Path) -> None:
    hits = [hit(f"{number} on the day", f"{number}.md") for number in range(3)]
    hits += [hit("the answer and stop of it", f"{number}.md") for number in range(3, 200)]
    findings = TrainedReader(tiny_network(tmp_path), PLAIN).read("Why?", "en", hits)
    assert len(findings) == READ_HITS
    assert (findings[0].words, findings[0].rank, findings[0].enough) == ("answer and stop", 3, True)
    assert {finding.enough for finding in findings[-3:]} == {False}
    assert findings[0].standing == pytest.approx(0.982, abs=1e-3)  # of log-odds 4


@pytest.mark.parametrize(
    ("title", "evidence", "read"),
    [
        ("The day of it", {"title": "front matter"}, "The day of it"),
        ("A 12", {"title": "file name"}, ""),
        ("On the day: so on", {}, ""),
    ],
)
def test_an_article_s_own_title_is_read_with_its_sentences(
    title: str, evidence: dict[str, str], read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hit("so on")
    one = replace(one, article=replace(one.article, title=title, evidence=evidence))
    network, titles = tiny_network(tmp_path), list[str]()

    def marks(question: str, sentences: list[str], given: list[str], *rest: object) -> dict[int, Mark]:
        titles.extend(given)
        return {}

    monkeypatch.setattr(network, "marks", marks)
    TrainedReader(network, PLAIN).read("Why?", "en", [one])
    assert titles == [read]


def test_nothing_is_read_where_nothing_was_found(tmp_path: Path) -> None:
    assert TrainedReader(tiny_network(tmp_path), PLAIN).read("Why?", "en", []) == ()


def finding(said: str, name: str, answerable: float = 2.0, also_in: tuple[str, ...] = ()) -> Finding:
    one = hit(said, name, also_in=also_in)
    return Finding(Span(one, 0, len(said)), Words(said), 0.0, False, 0, answerable, 0.5)


def test_other_articles_that_say_the_same_support_it_and_copies_do_not() -> None:
    own = finding("In Oslo", "a.md", also_in=("copy.md",))
    others = [finding("in  oslo", "b.md"), finding("In Oslo", "copy.md"), finding("In Rome", "c.md")]
    told = signs(own, [own, *others], [one.hit for one in (own, *others)])
    assert told["agreement"] == pytest.approx(0.632, abs=1e-3)  # log(1 + sigmoid(2)), for b.md alone


@pytest.mark.parametrize("kind", ["name", "", "date", "yes or no"])
def test_what_a_reader_takes_for_no_answer_is_none_however_near_it_is(kind: str) -> None:
    near, far = hit("Never", "a.md", rank_value=9.0), finding("Rather", "b.md", 0.5)
    never = Finding(Span(near, 0, 5), Words("Never"), 0.0, False, 0, -2.0, 0.5)
    standing = Standing({"always": 0.0, "value": 1.0}, 0.5, (0.1, 0.2), LOOK, least_answerable=-1.0)
    first, second = standing.weighed([never, far], [near, far.hit], kind)
    if kind in NOT_ITS_OWN:
        assert (first.words, first.enough) == ("Never", True)
    else:
        assert (first.words, second.words, second.enough) == ("Rather", "Never", False)


def test_in_between_a_model_may_be_asked_and_a_day_is_nobody() -> None:
    doubtful, sure = finding("Perhaps", "a.md", 0.2), finding("Surely", "b.md", 3.0)
    first, second = PLAIN.weighed([doubtful, sure], [doubtful.hit, sure.hit], "name")
    assert (first.words, first.doubt, first.enough) == ("Surely", None, True)
    assert (second.doubt, second.enough) == (LOOK, True)
    day = replace(sure, value=ResolvedDate(0, 6, "Monday", "2024-03-04", "2024-03-04", "written"))
    assert not PLAIN.weighed([day], [day.hit], "name")[0].enough
    assert PLAIN.weighed([day], [day.hit], "")[0].enough


def test_a_sentence_alone_stands_by_what_the_reader_says_of_it() -> None:
    told, other = finding("In Oslo", "a.md"), finding("So on", "b.md", -3.0)
    leading = Standing({"always": -2.0, "reader": 1.0, "lead": 9.0}, 0.6, (0.4, 0.7), LOOK, alone=PLAIN)
    (only,) = leading.weighed([told], [told.hit], "")
    assert only.standing == pytest.approx(0.881, abs=1e-3) and only.enough  # of log-odds 2
    first, _ = leading.weighed([told, other], [told.hit, other.hit], "")
    assert (first.standing, first.enough) == (0.5, False)


@pytest.mark.parametrize(("reader", "embedding"), [("full", "embeddinggemma-300m"), ("light", "multilingual-e5-small")])
def test_what_was_fitted_to_a_sentence_alone_compares_it_with_no_other(reader: str, embedding: str) -> None:
    alone = load_standing(reader, embedding, FILE).alone
    assert alone is not None and not alone.weights.keys() & {"lead", "value", "similarity"}


@pytest.mark.parametrize("reader", ["full", "light"])
@pytest.mark.parametrize("embedding", ["embeddinggemma-300m", "multilingual-e5-small", "one nobody has measured"])
def test_what_was_fitted_names_only_signs_that_are_told(reader: str, embedding: str) -> None:
    standing, one = load_standing(reader, embedding, FILE), finding("Oslo", "a.md")
    assert standing.weights.keys() <= signs(one, [one], [one.hit]).keys()
    assert standing.weights.get("agreement", 0.0) >= 0
    assert 0 < standing.doubtful[0] <= standing.least <= standing.doubtful[1] < 1


def test_a_year_without_a_word_for_in_is_the_year_and_was_reported_on_no_day() -> None:
    text = "Das Werk war 1974 eröffnet worden."
    article = Article("a.md", "Titel", text, published="2024-03-05", language="de")
    sentence = Sentence(0, len(text))
    told = Hit(article, Passage("p", "a.md", 0, len(text), text, (sentence,)), sentence, 0.6, 0.5)
    span, value = typed("date", "Wann wurde das Werk eröffnet?", "de", told, Mark(13, 17, 0.9, 2.0))
    assert isinstance(value, ResolvedDate)
    assert (span.text, value.text, value.first, value.last) == ("1974", "1974", "1974-01-01", "1974-12-31")
