"""An article to sentences and passages.

passages.py   runs of whole sentences of about the same length
sentences.py  sentences with exact offsets
asides.py     lines that belong to other articles
corrections.py  what an article takes back
"""
