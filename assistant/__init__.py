"""A question to a cited answer.

assistant.py   the main path of a question
followups.py   a follow-up question made to stand alone
questions.py   what a question asks for
answerable.py  how far the best sentence stands out
extractive.py  answers by quoting
generative.py  answers by writing (runtime.py, served.py: the language model; limits.py: its time and length;
               line.py: whose turn it is)
citations.py   which sentence supports which statement (places.py: what a place is
               called; roles.py: what somebody is called besides a name)
accounts.py    what different articles say, where they differ (quantities.py: numbers in text)
dates.py       dates in text, resolved (date_words.py: the words they are written with)
timeline.py    what is told about a name or a question, in the order of its days
evaluation.py  scores a question file
traces.py      how long the steps of a question took, to a collector
settings.py    environment to a ready assistant (checkup.py: what is installed and sound)
"""

import index  # noqa: F401 - so that OpenVINO reports nothing, whichever package is imported first
