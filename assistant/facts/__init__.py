"""Days, quantities, places and names in a text.

facts.py         what a sentence states, together
dates.py         the days that an article tells of, and that of a sentence
resolving.py     a date to the days that it means, by the article's own and the text before it
mentions.py      the days that a text mentions, as they are written
day_numbers.py   those in numbers only
day_ways.py      what each way of writing a day says
day_grammar.py   the tokens of a text, and the ways in which any language orders them
day_words.py     the words of a language that a date may hold
shapes.py        what is written, as values
quantities.py    numbers with their units, and the words beside them
bounds.py        what stands before a number and makes another of it, as "at least"
number_words.py  numbers written in words
fractions.py     those with a half
pieces.py        a text in words, numbers and marks, phrases found in them, and what a name looks like
places.py        what countries are called in other languages
names.py         spellings of one name in any script
wording.py       where the words of a language's file stand
roles.py         what somebody is called besides a name
"""
