"""Days, quantities, places and names in a text.

facts.py         what a sentence states, together
dates.py         days, resolved from the article's own
mentions.py      how days are written: tokens, and the ways in which any language orders them
event_days.py    which day of a sentence is that of what is asked
quantities.py    numbers with their units, and the words beside them
number_words.py  numbers written in words
pieces.py        a text in words, numbers and marks, and phrases found in them
places.py        what countries are called in other languages
names.py         spellings of one name in any script
wording.py       where the words of a language's file stand
roles.py         what somebody is called besides a name
"""
