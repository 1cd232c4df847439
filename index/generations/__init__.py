"""The folders of an index, each written once, one of them in use.

pointer.py       the one in use: opened, switched, gone back from; the others swept away
generation.py    one of them, open for reading
manifest.py      what it holds, and what made it
text.py          its articles and passages, in SQLite
writing.py       a new one, from an older one and what has changed
verification.py  the new one read in a process of its own before it is published
integrity.py     checksums of its files (disk.py: so that no loss of power takes them away)
cache.py         vectors of texts embedded before
copies.py        which articles are copies of one another
"""
