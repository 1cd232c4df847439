"""What stands in the articles word for word, found by its words alone: no model is asked.

query.py     what was typed to what is looked for
matching.py  which words of a text are those
naming.py    which words of a text are a name
speakers.py  who is heard in a language that has no capital letters to tell names by
names.py     the names in the articles, of which kind, and what they said
elsewhere.py where else the story of an article is told
lookup.py    the main path: the passages that hold them, and how many articles of which outlet, language and month
"""
