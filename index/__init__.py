"""Articles to a searchable generation.

articles.py     an article and what is none, values like the next four
passages.py     its sentences and passages
hits.py         a sentence that a search found
filters.py      which articles to search
vectors.py      what vectors are
rebuild.py      the main path of a rebuild: read, split and embed what is new, write, verify, publish
search.py       a query to the best sentences (lexicon.py: the terms of a text, for the full-text side of it)
reading/        the files of a folder to articles
languages/      the words and rules of each language, in a file of its own, and which one a text is in
fetching/       feeds and pages from the net to files of the folder, when somebody names them
splitting/      an article to sentences and passages
models/         texts to vectors, and the default models on this machine
stores/         passage vectors and full text, in the folder or on a server
generations/    the folders of an index, one of them in use
engines/        who reads, splits and embeds: this machine or a cluster
children.py     how child processes are started (offline.py: without a network; locks.py: out of each other's way)
errors.py       what went wrong, as a sentence for whoever asked
packaged.py     files that are a part of the program, read or told to be damaged
failpoints.py   named places where tests make a rebuild die
rows.py         rows of a database, by however many values
steps.py        when the steps of a question began and ended
"""

import sys

# Imported, OpenVINO reports its use to its makers unless this module is missing: nothing else stops it but a file in
# the home folder, which is not ours to write.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
