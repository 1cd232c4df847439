"""One way to run the language model, tried: `python -m assistant.models.trial WAY FOLDER`.

The last line that is printed is a Trial as JSON. What it writes must be what the text says.
"""

import json
import sys
import time
from pathlib import Path

from assistant.models.embedded import EmbeddedModel
from assistant.models.loading import WAYS
from index.models.processor import cores

# Anybody who reads the text can answer; the weights that a file was packed from can.
TEXT = (
    "The ferry Aurora left Ancona on 14 May with 212 passengers. Its captain, Marta Lindqvist, turned back after two "
    "hours because the sea was too rough. The company paid every passenger 40 euros, and the crossing was made on 16 "
    "May without further trouble. The harbour office praised the decision; the mayor of Split, who had been on board, "
    "thanked the crew. A second ferry, the Stella, was kept in port until the wind had dropped. "
)
QUESTIONS = (
    ("How many passengers were on the Aurora? Reply with the number only.", "212"),
    ("What is the name of the captain? Reply with the name only.", "Lindqvist"),
    ("How many euros did every passenger get? Reply with the number only.", "40"),
    ("What is the name of the second ferry? Reply with the name only.", "Stella"),
)
# What a small model may get wrong without being run wrongly.
WRONG = 1
ROUNDS = 2
TASK = "Retell the text in your own words.\n\n" + 3 * TEXT


def attempt(model: EmbeddedModel) -> dict[str, object]:
    """The fields of the way's Trial."""
    replies = [model.complete(f"{TEXT}\n\n{question}", max_tokens=12).text for question, _ in QUESTIONS]
    missed = [answer for reply, (_, answer) in zip(replies, QUESTIONS, strict=True) if answer not in reply]
    rounds = [_tokens_a_second(model, f"{number}. {TASK}") for number in range(ROUNDS)]
    measured: dict[str, object] = {"agreement": 1 - len(missed) / len(QUESTIONS), "speed": round(max(rounds), 1)}
    if len(missed) > WRONG:
        measured["refusal"] = f"reads wrongly ({', '.join(missed)} not found in a short text)"
    return measured


def _tokens_a_second(model: EmbeddedModel, task: str) -> float:
    """Read and written, by all cores together."""
    began = time.process_time()
    written = model.complete(task, max_tokens=64).text
    spent = time.process_time() - began
    return (model.count_tokens(task) + model.count_tokens(written)) * cores() / spent


def main(way: str, folder: str) -> None:
    """Try the way, and print its Trial."""
    told = attempt(EmbeddedModel(Path(folder), Path(folder).name, WAYS[way][1]))
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
