"""Passage vectors and full text, in the folder of a generation or on a server.

vectors.py        what every store of vectors does
full_text.py      what every full text does
addresses.py      where those of a generation are
chroma.py         vectors in its folder
sqlite_text.py    full text in its folder
chroma_server.py  vectors on a server of Chroma
postgres.py       both in PostgreSQL
retry.py          how long a server is waited for
"""
