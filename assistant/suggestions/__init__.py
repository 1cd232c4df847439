"""Questions that the articles are known to answer, offered to whoever does not know what to ask.

templates.py    how a question of each kind reads in each language
proposing.py    from what articles state to questions
trying.py       which of those the assistant answers with what they were made from
"""
