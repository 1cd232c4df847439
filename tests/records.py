"""An article, two quotes of it, and the record of an answer."""

from dataclasses import replace

from assistant.answers import Statement
from index.articles import Article
from index.filters import Filters
from ui.record import Day, Quote, Record

TEXT = "Sullivan spoke on Monday. He handed over the reply on 26 January.\n\nThe talks go on."
QUOTE = "He handed over the reply on 26 January."
ARTICLE = Article("it/reply.md", "The reply", TEXT, "2022-01-26", "en", "The Wire", "Ada Poe")
FOUND = Quote("it/reply.md", 26, 65, QUOTE, "The reply", "The Wire", "2022-01-26", "en")
CITATION = replace(FOUND, number=1, days=(Day("26 January", "2022-01-26", "2022-01-26"),))
ANSWER = Record(
    question="When was it handed over?",
    search_query="When was it handed over?",
    filters=Filters(),
    language="en",
    answered=True,
    reason="",
    statements=(Statement("It was handed over on 26 January 2022.", (1,)),),
    short_answer="26 January",
    answer_date="2022-01-26",
    citations=(CITATION,),
    found=(),
    generation="g000001",
    answerer="extractive",
    made_with={"embedding": "light", "model": "none"},
    milliseconds=1234.0,
    asked="2026-11-25T09:00:00+01:00",
)
