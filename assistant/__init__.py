"""A question to a cited answer.

assistant.py    the main path of a question
answers.py      what its steps hand on: values
answerer.py     what turns what was read into what is said
question.py     a question as it came in, checked
followups.py    a follow-up question made to stand alone
searching.py    a question to the sentences that it is answered from
understanding/  what a question asks for
facts/          days, quantities, places and names in a text
reading/        which of the sentences found answer
answering/      findings to an answer
checking/       a statement against its sentences
models/         the language model, here or on a server
lookup/         what stands in the articles word for word
suggestions/    questions that the articles are known to answer
timeline.py     what is told about a name or a question, in the order of its days
evaluation.py   scores a question file
facts_told.py   how much of what a perfect answer tells an answer tells
traces.py       how long the steps of a question took, to a collector
settings.py     what can be chosen (checkup.py: what is installed and sound)
coming.py       a reader and an answerer on their way, in use before they are loaded
opening.py      the settings to an assistant that answers
calibration.py  what the similarities of an embedding mean (calibration.toml: the numbers)
"""

import index  # noqa: F401 - so that OpenVINO reports nothing, whichever package is imported first
