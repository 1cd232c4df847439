"""Which words of which of the sentences found answer.

findings.py    what was read: values, and what a reader is
rules.py       reads without a model
trained.py     reads with one (network.py: how it is run)
event_days.py  which day of a sentence is that of what is asked
wholes.py      of a number and the whole that it is a part of, the one that is asked for
topics.py      what a sentence that opens with "he" goes on from
standing.py    how surely a sentence answers (standing.toml: the weights of what tells)
loading.py     the trained reader ready to use, else the rules
conversion.py  makes the trained weights a model that runs (packed.py: how they are stored)
"""
