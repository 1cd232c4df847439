"""What a question asks for.

questions.py  the kind of value that it wants, and its telling words
kinds.py      the kind of answer that it wants, told by labelled examples
again.py      what a short question after an answer wants done with that
request.py    what was understood of it, as one value
"""
