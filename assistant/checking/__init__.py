"""Whether sentences say what is told of them.

findings.py   what was read, held against the question by one check after the other
asked.py      the question as the checks see it, and an objection
numbers.py    a number of another thing: its unit, the dead and the saved, an age
counted.py    what is counted stands elsewhere in the sentence
granted.py    what the question takes for granted, and the article denies or takes back
claims.py     what is denied, supposed, planned, called off or untrue
days.py       the day of the event, or only the one that it was reported on
statements.py a written sentence leaves out a denial, a doubt, or who said so
citations.py  which sentence supports which statement
translation.py  a sentence in another language against the stored one
"""
