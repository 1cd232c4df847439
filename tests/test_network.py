"""Which words of which sentence a network marks, whatever the sentence is."""

import threading
import time
from pathlib import Path

import pytest
from tiny_reader import tiny_network

from assistant.reading import network
from assistant.reading.network import Network


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return tiny_network(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Then the answer is to stop here.", "answer is to stop"),
        ("L’été, 答案 — answer\tnow stop.", "answer\tnow stop"),
        ("a\x00b answer \x07 stop", "answer \x07 stop"),
        ("half \ud800 answer stop", "answer stop"),
        ("</s></s> <s> answer </s> stop", "answer </s> stop"),
    ],
)
def test_marks_fall_on_characters_of_the_sentence(tiny: Network, sentence: str, words: str) -> None:
    mark = tiny.marks("Which?", [sentence])[0]
    assert sentence[mark.start : mark.end] == words
    assert mark.answerable == pytest.approx(4.0) and mark.likelihood > 0.9


def test_a_sentence_without_words_has_no_mark_and_another_script_has_one(tiny: Network) -> None:
    marks = tiny.marks("Which?", ["", " \n", "ꓦꓳ ꓭꓲ ꓔꓱ", "answer stop"])
    assert set(marks) == {2, 3}
    assert marks[2].answerable == pytest.approx(-5.0) and 0 <= marks[2].start < marks[2].end <= 8


def test_a_long_sentence_is_read_in_windows_as_far_as_it_is_read(tiny: Network) -> None:
    at_once = 200 - network.SHARED_TOKENS
    near, far = "so " * (at_once + 50) + "answer stop", "so " * 30_000 + "answer stop"
    mark = tiny.marks("Which?", [near])[0]
    assert near[mark.start : mark.end] == "answer stop" and mark.answerable == pytest.approx(4.0)
    assert len(tiny.rows("Which?", far)) == network.MOST_WINDOWS
    assert tiny.marks("Which?", [far])[0].end <= network.CHARACTERS


def test_of_a_long_question_the_end_is_read(tiny: Network) -> None:
    begin, asked = tiny.rows("x " * 5_000 + "the day", "so")[0], tiny.rows("the day", "so")[0]
    assert len(begin.ids) == 1 + 48 + 2 + 1 + 1  # <s> question </s></s> so </s>
    assert begin.ids[47:49] == asked.ids[1:3]


def test_a_title_is_read_after_the_sentence_and_nothing_of_it_answers(tiny: Network) -> None:
    plain, titled = tiny.rows("Which?", "so")[0], tiny.rows("Which?", "so", "on the day")[0]
    assert titled.ids == (*plain.ids[:-1], *plain.ids[-4:-2], *tiny.rows("Which?", "on the day")[0].ids[-4:])
    assert (titled.first, titled.count) == (plain.first, plain.count)
    assert len(tiny.rows("Which?", "so", "on " * 500)[0].ids) == len(plain.ids) + 2 + 24
    told = tiny.marks("Which?", ["so on", "the answer stop"], ["answer </s> stop", ""])
    assert told[0].answerable == pytest.approx(-5.0) and told[0].end <= 5 and told[1].answerable == pytest.approx(4.0)


def test_sentences_of_any_length_and_number_are_read_as_alone(tiny: Network) -> None:
    sentences = [f"{'on the day ' * (number % 37)} answer {'and ' * number} stop" for number in range(200)]
    marks = tiny.marks("Which?", sentences)
    alone = {number: tiny.marks("Which?", [sentence])[0] for number, sentence in enumerate(sentences)}
    assert [(mark.start, mark.end) for mark in marks.values()] == [(one.start, one.end) for one in alone.values()]


def test_what_is_not_read_in_time_is_left_out_but_for_the_first(tiny: Network) -> None:
    began = time.monotonic()
    marks = tiny.marks("Which?", ["answer " + "and " * 300 + "stop"] * 200, seconds=0.0)
    assert 0 in marks and len(marks) < 20
    assert time.monotonic() - began < 30  # a busy machine; all of them would take minutes


def test_words_that_may_never_answer_do_not(tiny: Network) -> None:
    sentence = "answer stop, or else the answer to stop at"
    assert tiny.marks("Which?", [sentence])[0].start == 0
    mark = tiny.marks("Which?", [sentence], never=[[(0, 6)]])[0]
    assert sentence[mark.start : mark.end] == "answer to stop"
    mark = tiny.marks("Which?", [sentence], never=[[(7, 11)]])[0]  # nor is it in the middle of what does
    assert sentence[mark.start : mark.end] == "answer to stop"
    whole = tiny.marks("Which?", ["answer stop"], never=[[(0, 11)]])[0]  # where nothing is left, something is marked
    assert (whole.start, whole.end) == (0, 11)


def test_of_some_of_the_words_it_is_told_how_likely_they_answer(tiny: Network) -> None:
    sentence = "so on answer stop and on"
    told = tiny.marks("Which?", [sentence], among=[[(0, 5), (6, 17)]])[0].among
    assert len(told) == 2 and 0 <= told[0] < told[1] <= 1
    assert tiny.marks("Which?", [sentence])[0].among == ()


def test_threads_read_at_once(tmp_path: Path) -> None:
    fresh, found = tiny_network(tmp_path), list[int]()

    def read() -> None:
        found.extend(mark.start for mark in fresh.marks("Which?", ["on the day answer stop"] * 20).values())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [11] * 160
