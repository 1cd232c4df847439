"""What a language model is told."""

import hashlib

# Of a question so much is told.
QUESTION_CHARACTERS = 500

SYSTEM = "You answer questions from excerpts of news articles. You never use other knowledge."
EVIDENCE = "{evidence}\n\nQuestion: {question}\n\n"
ANSWERABLE = "Does the excerpt answer the question? Reply yes or no."

# Asked to answer in its own words, the model put in what does not belong there; a sentence it translates faithfully.
RETOLD = "Translate into {language}, without anything else: “{quote}”"

# Told in the record of every answer.
PROMPTS = (SYSTEM, EVIDENCE, ANSWERABLE, RETOLD)
PROMPT_VERSION = hashlib.sha256("\0".join(PROMPTS).encode()).hexdigest()[:8]
