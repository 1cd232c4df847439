"""What was found to an answer.

models.py       what a question is answered with
drafting.py     an answer out of one sentence
extractive.py   drafts by quoting
generative.py   drafts by writing
evidence.py prompts.py templates.py  what a language model is told
quoting.py      drafts that need no language model
differences.py  what different articles say, where they differ
several.py      an answer of several sentences
composing.py    which those are, by the kind of the question
corrected.py    the correction of an article that is quoted
context.py      sentences ranked with what stands around them
belonging.py    and with what the reader says of them
choosing.py     how many of them are told
repetition.py  what says the same is told once
wording.py      stored sentences in another language
stories.py     which story a question is about that names none
again.py       what an answer before is made into
reasons.py lists.py overview.py said.py comparison.py latest.py parts.py collection.py talk.py  one kind each
tellings.py     what is told, before it is numbered
conclusion.py   what an answer comes to, and the answer made of it
phrases.py      the few sentences that code itself writes
"""
