"""Citations are facts: numbered by code, verbatim, and never for a number that the source does not hold."""

import pytest
from fakes import HashingEmbedding

from assistant.answers import Citation, Span
from assistant.checking.citations import cite, numbers, quotation, takes_for_granted, unknown_names
from assistant.facts.roles import unknown_roles
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence

TEXT = "The bridge reopened on 4 March. Ada Finch led the repair. It cost 3,200 crowns."
ARTICLE = Article("bridge.md", "The bridge reopens", TEXT, published="2024-03-05", language="en")
SENTENCES = (Sentence(0, 31), Sentence(32, 57), Sentence(58, 79))
PASSAGE = Passage("bridge.md#0-79", "bridge.md", 0, 79, TEXT, SENTENCES)
REOPENED, FINCH, COST = (Hit(ARTICLE, PASSAGE, sentence, 0.9) for sentence in SENTENCES)


def cited(number: int, start: int, end: int, quote: str) -> Citation:
    return Citation(number, "bridge.md", "The bridge reopens", "2024-03-05", start, end, quote)


def test_each_statement_cites_the_sentence_that_supports_it(embedding: HashingEmbedding) -> None:
    statements, citations = cite(
        ["The repair was led by Ada Finch.", "The bridge reopened on 4 March 2024."], None, [REOPENED, FINCH], embedding
    )
    assert [statement.citations for statement in statements] == [(1,), (2,)]
    assert citations == (
        cited(1, 32, 57, "Ada Finch led the repair."),
        cited(2, 0, 31, "The bridge reopened on 4 March."),
    )


def test_a_number_that_no_source_holds_drops_the_statement(embedding: HashingEmbedding) -> None:
    statements, citations = cite(["It cost 4,500 crowns."], None, [REOPENED, FINCH, COST], embedding)
    assert (statements, citations) == ((), ())


@pytest.mark.parametrize(
    ("written", "kept"),
    [("It cost 11.5.", 0), ("It cost 11.5 million euros.", 1), ("Es kostete 11,5 Millionen Euro.", 1)],
)
def test_a_number_without_its_millions_drops_the_statement(
    written: str, kept: int, embedding: HashingEmbedding
) -> None:
    text = "It cost 11.5 million euros."
    place = Sentence(0, len(text))
    hit = Hit(Article("club.md", "", text), Passage("p", "club.md", 0, len(text), text, (place,)), place, 0.9)
    assert len(cite([written], None, [hit], embedding)[0]) == kept


def test_a_relative_date_supports_the_day_that_it_means(embedding: HashingEmbedding) -> None:
    text = "It reopened on Monday."
    article = Article("short.md", "Short", text, published="2024-03-05", language="en")  # a Tuesday
    hit = Hit(article, Passage("short.md#0-22", "short.md", 0, 22, text, (Sentence(0, 22),)), Sentence(0, 22), 0.9)
    for written, kept in (("It reopened on 4 March 2024.", 1), ("It reopened on 3 March 2024.", 0)):
        statements, _ = cite([written], None, [hit], embedding)
        assert len(statements) == kept


def test_a_quoted_sentence_cites_itself(embedding: HashingEmbedding) -> None:
    statements, citations = cite(["It cost 3,200 crowns."], None, [REOPENED, COST], embedding)
    assert statements[0].citations == (1,)
    assert citations == (cited(1, 58, 79, "It cost 3,200 crowns."),)


def test_the_sentence_of_the_span_can_be_cited_though_it_is_no_hit(embedding: HashingEmbedding) -> None:
    span = Span(REOPENED, 66, 78)  # "3,200 crowns", found beside the first hit
    _, citations = cite(["The price was 3200 crowns."], span, [REOPENED], embedding)
    assert citations == (cited(1, 58, 79, "It cost 3,200 crowns."),)


def test_a_quotation_is_the_sentence_of_the_span() -> None:
    statements, citations = quotation(Span(REOPENED, 32, 41), [REOPENED])
    assert statements[0].text == citations[0].quote == "Ada Finch led the repair."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no number", set()),
        ("26 January 2022", {"26", "2022"}),
        ("on 07.05.", {"7", "5"}),
        ("1,250 or 1.250 or 1 250 or 1’250", {"1250"}),
        ("3,5 %", {"3", "5"}),
        ("٣ and 3", {"٣", "3"}),
    ],
)
def test_numbers_are_compared_without_grouping(text: str, found: set[str]) -> None:
    assert numbers(text) == found


DIPLOMACY = Article(
    "it.md",
    "La risposta a Mosca",
    "L'ambasciatore statunitense John Sullivan è arrivato da Ginevra. Il ministro Lavrov lo ha ricevuto per le Nazioni "
    "Unite e gli Stati Uniti.",
    language="it",
)


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("Ambassador John Sullivan came to Moscow from Geneva.", []),
        ("Посол Джон Салліван прибув до Москви з Женеви.", []),
        ("The envoy of the United States met Sergei Lavrov for the United Nations.", []),
        ("John Sullivan came to Moscow from Venice.", ["Venice"]),
        ("Ambassador John Kerry came to Moscow.", ["Ambassador John Kerry"]),
        ("He came from North Korea.", ["North Korea"]),
        ("On Wednesday he came.", []),
    ],
)
def test_a_name_that_the_article_does_not_have_is_found_out(written: str, unknown: list[str]) -> None:
    assert unknown_names(written, DIPLOMACY) == unknown


SHERMAN = " La vicesegretaria di Stato Wendy Sherman ha parlato a Ginevra; Jens Stoltenberg, segretario generale, no."


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("It was handed to the US Secretary of State John Sullivan.", ["foreign minister Sullivan"]),
        ("US-Botschafter John Sullivan kam an.", []),
        ("Посол Джон Салліван прибув.", []),
        ("Wendy Sherman, the deputy secretary of state, spoke.", []),
        ("Ambassador Wendy Sherman spoke.", ["ambassador Sherman"]),
        ("Minister Lavrov received him.", []),
        ("Foreign Minister Lavrov received him.", ["foreign minister Lavrov"]),
        ("Nato-Generalsekretär Jens Stoltenberg schwieg.", []),
        ("President Jens Stoltenberg was silent.", ["president Stoltenberg"]),
        ("Mayor Bob Crane came.", ["mayor Crane"]),
        ("The mayor came.", []),  # nobody is named
    ],
)
def test_a_title_that_the_article_gives_to_somebody_else_is_found_out(written: str, unknown: list[str]) -> None:
    assert unknown_roles(written, DIPLOMACY.text + SHERMAN) == unknown


def test_a_role_is_held_against_a_name_in_any_script_with_capital_letters() -> None:
    assert unknown_roles("Ο πρωθυπουργός Κώστας Σημίτης μίλησε.", "Ο υπουργός Κώστας Σημίτης μίλησε.") == [
        "prime minister Σημίτης"
    ]
    assert unknown_roles("Premier Łąka mówił.", "Minister Łąka mówił.") == ["prime minister Łąka"]


def test_a_sentence_that_is_like_no_stored_one_is_left_out() -> None:
    written = ["Everybody was glad afterwards.", "The repair was led by Ada Finch."]
    measured = HashingEmbedding("embeddinggemma-300m")
    statements, _ = cite(written, None, [REOPENED, FINCH, COST], measured)
    assert [statement.text for statement in statements] == written[1:]
    statements, _ = cite(written, None, [REOPENED, FINCH, COST], HashingEmbedding())  # nobody has measured it
    assert [statement.text for statement in statements] == written


def test_a_number_alone_needs_to_be_like_no_sentence_but_in_its_own() -> None:
    measured, price = HashingEmbedding("embeddinggemma-300m"), Span(COST, 66, 78)
    statements, citations = cite(["3200."], price, [COST, FINCH], measured)
    assert [statement.text for statement in statements] == ["3200."] and citations[0].quote == COST.text
    assert cite(["3200."], None, [COST, FINCH], measured) == ((), ())
    assert cite(["3300."], price, [COST, FINCH], measured) == ((), ())


@pytest.mark.parametrize(
    ("question", "language", "names"),
    [
        ("When did Sullivan arrive?", "en", []),
        ("When did Kerry arrive?", "en", ["Kerry"]),
        ("And where? (When did Kerry leave Geneva on Wednesday?)", "en", ["Kerry"]),
        ("Quando è arrivato Sullivan da Ginevra?", "it", []),
        ("Коли прибув Салліван?", "uk", []),
        ("¿Cuándo llegó Sullivan?", "es", []),
        ("Wann kam der Botschafter an?", "de", []),
        ("Wann kam er aus Venedig?", "de", ["Venedig"]),
    ],
)
def test_what_a_question_takes_for_granted_is_told(question: str, language: str, names: list[str]) -> None:
    assert takes_for_granted(question, DIPLOMACY, language) == names
