"""Trains the readers that mark which words of a sentence answer: `python -m bench.reader --help`.

rows        questions with passages, from a file
mining      sentences that share words with a question and do not answer it
changes     questions and sentences changed so that they no longer fit
examples    groups of a question, the sentence that answers it, and sentences that do not
sequences   groups as tokens, and batches of them
networks    the two readers as torch modules
frozen      what the layers that are not trained make of tokens
learning    what a batch costs
training    the steps, and what is kept of them
workers     the processes that take them together
weights     int8 rows in a file, and back
evaluation  the readers on question sets
"""
