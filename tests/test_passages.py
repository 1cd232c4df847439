import textwrap
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.splitting.passages import cut, split_passages
from index.splitting.sentences import SENTENCE_CHARACTERS, split_sentences


def pieces(text: str, language: str = "en") -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The U.S. troops left.", "He lives in the U.S.", "They left at 3 p.m. on Jan. 5."]),
        ("en", ["Many came, e.g. Rossi.", "It cost 3.5 million.", "Dr. Smith met Mr. J. Jones and Gen. Lee."]),
        ("en", ["He said no.", "Then he left.", "Really?!", "Wait...", "What?"]),
        ("it", ["Il dott. Rossi è uscito.", "L’on. Verdi e i proff. Neri e G. Bianchi no.", "Poi sì."]),
        ("it", ["È successo due anni fa.", "I ministri sono andati via.", "I due Paesi della NATO.", "E poi?"]),
        ("it", ["La reazione è negativa .", "Secondo lui, l’Occidente tace.", "Nel 5 a.C. nacque."]),
        ("de", ["Das ist z. B. Rossi, d. h. er.", "Am 3. Mai kam Dr. Müller.", "Der 2. Weltkrieg war lang."]),
        ("fr", ["M. Dupont est là.", "Il a vu MM. Durand et Petit.", "Est-ce vrai ?", "Oui !"]),
        ("es", ["El Sr. López llegó.", "D. Juan vino.", "¿Quién es?", "¡Nadie!", "Todo va bien.", "Luego."]),
        ("uk", ["Парк ім. Шевченка в Києві.", "У 2014 р. почалася війна.", "Про це повідомив А. Єрмак."]),
        ("ru", ["В 2014 г. началась война.", "Это стоит 5 млн. руб. в год.", "А. С. Пушкин родился."]),
        ("pl", ["W 2014 r. wybuchła wojna.", "Teatr im. Kopernika działa.", "Potem wyszedł."]),
        ("no", ["Kl. 10.30 kom han.", "Den 3. mai kom F.eks. Kari.", "Han visste det.", "Hun kom."]),
        ("xx", ["Hello there.", "How are you?"]),
    ],
)
def test_full_stop_within_a_sentence_does_not_end_it(language: str, sentences: list[str]) -> None:
    assert pieces(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["“Go.”", "She left.", "“Go away!” she said.", 'He said, "Go."', "She left."]),
        ("it", ["Ha detto: “Non vengo.”", "Poi è uscito.", "Ha detto «Non vengo».", "Poi è uscito."]),
        ("it", ["Le risposte delineano ” una seria via diplomatica “.", "Ha sottolineato che c’è."]),
        ("de", ["Er sagte: „Ich komme.“", "Dann ging er.", "‚Ja.‘", "Er ging.", "»Nein.«", "Sie ging."]),
        ("fr", ["Il a dit : « Je viens. »", "Puis il part.", "« Vraiment ? » demanda-t-il."]),
        ("uk", ["Він сказав: «Я йду.»", "Потім пішов."]),
    ],
)
def test_quotation_mark_stays_with_the_sentence_it_closes(language: str, sentences: list[str]) -> None:
    assert pieces(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("zh", "他来了。她走了!真的吗?", ["他来了。", "她走了!", "真的吗?"]),
        ("ja", "「はい。」と言った。行った。", ["「はい。」と言った。", "行った。"]),
        ("ar", "جاء. هل ذهب؟ نعم!", ["جاء.", "هل ذهب؟", "نعم!"]),
        ("hi", "वह आया। वह गया।", ["वह आया।", "वह गया।"]),
    ],
)
def test_other_scripts_end_their_sentences_with_their_own_signs(language: str, text: str, sentences: list[str]) -> None:
    assert pieces(text, language) == sentences


def test_repeated_sentences_have_their_own_offsets() -> None:
    starts = [(sentence.start, sentence.end) for sentence in split_sentences("No. Yes. Yes.\nYes.", "it")]
    assert starts == [(0, 3), (4, 8), (9, 13), (14, 18)]


def test_headline_left_in_the_text_is_a_sentence_of_its_own() -> None:
    text = f"Prima frase.\nEx consigliere: servono 500mila soldati\nIl primo round {'è stato ' * 20}lungo."
    assert pieces(text, "it")[1] == "Ex consigliere: servono 500mila soldati"


def test_sentence_goes_on_over_the_line_breaks_of_a_wrapped_text() -> None:
    first = "The foreign minister said on Thursday that the talks which were held in Geneva had brought no result."
    second = "The sanctions therefore stay in place until further notice, a spokesman of the government said later."
    text = textwrap.fill(f"{first} {second}", 60) + "\n\nHeadline\n\n" + textwrap.fill(f"{second} {first}", 60)
    assert [piece.replace("\n", " ") for piece in pieces(text)] == [first, second, "Headline", second, first]


def test_in_a_wrapped_text_a_small_letter_goes_on_wherever_the_line_was_broken() -> None:
    first = "The ferryman called what the council\nhad decided late, but right, and left\nthe hall before its end."
    last = "He expects twice as many\npassengers in the summer that is to come\nand in the autumn after it, he said."
    assert pieces(f"{first}\n{last}") == [first, last]


@pytest.mark.parametrize(
    "text", ["milk\neggs\nbutter and flour for the week", "ada, 31, smith\nbob, 40, miller\nCarl, 7"]
)
def test_lines_too_short_for_prose_are_not_joined(text: str) -> None:
    assert pieces(text) == text.split("\n")


def test_sentence_without_end_is_cut_at_white_space() -> None:
    parts = pieces("word " * 1000)
    assert max(map(len, parts)) <= SENTENCE_CHARACTERS
    assert " ".join(parts) == ("word " * 1000).strip()


def test_time_grows_with_the_length_and_not_its_square() -> None:
    sentence = "Il ministro ha poi osservato che il dott. Rossi non ha fretta di trarre conclusioni. "
    began = time.process_time()
    assert len(split_sentences(sentence * 12_000, "it")) == 12_000  # 1 MB in one line: 0.6 s
    assert time.process_time() - began < 5


ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from(' \n\n.!?…"“”„«»()-3aAbBßéЖж中。」と'),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
)
LANGUAGE = st.sampled_from(["", "en", "it", "de", "uk", "ja", "zh", "xx"])


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, LANGUAGE)
def test_every_visible_character_is_in_exactly_one_sentence(text: str, language: str) -> None:
    sentences = split_sentences(text, language)
    position = 0
    for sentence in sentences:
        assert position <= sentence.start < sentence.end
        assert text[position : sentence.start].strip() == ""
        quote = text[sentence.start : sentence.end]
        assert quote == quote.strip()
        assert "\n\n" not in quote
        position = sentence.end
    assert text[position:].strip() == ""


def passages_of(text: str, passage_tokens: int, overlap_tokens: int) -> list[str]:
    """The passages' texts; every word is a token."""
    article = Article(id="a.txt", title="A", text=text, language="en")
    sentences = split_sentences(text, "en")
    passages = split_passages(article, sentences, lambda words: len(words.split()), passage_tokens, overlap_tokens)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.id == f"a.txt#{passage.start}-{passage.end}"
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
    return [passage.text for passage in passages]


ONE_LINE = "One is up. Two is up. Three is up. Four is up. Five is up."


@pytest.mark.parametrize(
    ("text", "passage_tokens", "overlap_tokens", "passages"),
    [
        ("", 6, 3, []),
        (ONE_LINE, 100, 3, [ONE_LINE]),
        (ONE_LINE, 6, 0, ["One is up. Two is up.", "Three is up. Four is up.", "Five is up."]),
        (
            ONE_LINE,
            6,
            3,
            ["One is up. Two is up.", "Two is up. Three is up.", "Three is up. Four is up.", "Four is up. Five is up."],
        ),
        # An overlap may never be the whole of the passage before.
        (
            ONE_LINE,
            6,
            6,
            ["One is up. Two is up.", "Two is up. Three is up.", "Three is up. Four is up.", "Four is up. Five is up."],
        ),
        # Nine words fit, but the paragraph ends after six, and the passage is then more than half full.
        (
            "One is up. Two is up.\n\nThree is up. Four is up.",
            9,
            0,
            ["One is up. Two is up.", "Three is up. Four is up."],
        ),
        # The paragraph ends after three of nine words: too early.
        (
            "One is up.\n\nTwo is up. Three is up. Four is up.",
            9,
            0,
            ["One is up.\n\nTwo is up. Three is up.", "Four is up."],
        ),
        # A sentence above the limit stands alone.
        (
            "One is up. Two is far too long for us. Three is up.",
            6,
            3,
            ["One is up.", "Two is far too long for us.", "Three is up."],
        ),
    ],
)
def test_passage_is_a_run_of_whole_sentences(
    text: str, passage_tokens: int, overlap_tokens: int, passages: list[str]
) -> None:
    assert passages_of(text, passage_tokens, overlap_tokens) == passages


def test_tokens_of_a_sentence_are_counted_once() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return 3

    article = Article(id="a", title="", text=ONE_LINE)
    split_passages(article, split_sentences(ONE_LINE, "en"), count, 6, 3)
    assert counted == ["One is up.", "Two is up.", "Three is up.", "Four is up.", "Five is up."]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=30), st.integers(1, 20), st.integers(0, 20))
def test_no_passage_lies_within_another_and_none_is_too_long(
    lengths: list[tuple[int, bool]], passage_tokens: int, overlap_tokens: int
) -> None:
    text = "".join("W" + " w" * (count - 1) + ("\n\n" if closes else ". ") for count, closes in lengths)
    article = Article(id="a", title="", text=text)
    sentences = split_sentences(text, "en")
    passages = split_passages(article, sentences, lambda words: len(words.split()), passage_tokens, overlap_tokens)
    assert {sentence for passage in passages for sentence in passage.sentences} == set(sentences)
    for passage, following in pairwise(passages):
        assert passage.start < following.start
        assert passage.end < following.end
    for passage in passages:
        assert len(passage.text.split()) <= passage_tokens or len(passage.sentences) == 1


def test_what_an_article_repeats_is_a_passage_once() -> None:
    text = "The iron bridge reopened. " * 5_000 + "It is closed."
    passages = cut(Article("a.txt", "", text, language="en"), lambda words: len(words.split())).passages
    assert len({passage.text for passage in passages}) == len(passages) == 2
    assert passages[0].start == 0 and passages[1].text.endswith("It is closed.")
