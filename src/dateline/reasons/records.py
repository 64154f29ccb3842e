"""Levels 0 and 1: bytes, JSON and shape."""

from __future__ import annotations

from dateline.reasons.reason import BYTES, FILE, WORDS, Reason

REASONS = {
    "E001": Reason(
        "Offsets count characters. In another encoding the bytes are other characters, and every span would lie elsewhere.",
        "Save the file as UTF-8, or export it again.",
        r'"The caf\xe9 by the port."',
        r'"The caf\xc3\xa9 by the port."',
        BYTES,
    ),
    "E002": Reason(
        "A file that is cut off or is no JSON cannot be read; what can be read of it may be half of an annotation.",
        "Export or copy the file again. In JSONL only the broken line is lost.",
        ' "annotations": [\n',
        ' "annotations": []\n}\n',
        FILE,
    ),
    "E003": Reason(
        "No annotation nests that deeply. Such a file is broken or made to exhaust the reader.",
        "Export the file again; look where it comes from.",
        "a value inside 65 lists",
        "a value inside 64 lists and objects at the most",
        WORDS,
    ),
    "E004": Reason(
        "Readers keep one of the two without a word, and not all keep the same one.",
        "Remove one of the two.",
        '"text": "A call.",\n  "text": "Another call."',
        '"text": "Another call."',
        FILE,
    ),
    "E005": Reason(
        "JSON knows neither NaN nor infinity. Other readers refuse the file, or make something else of it.",
        "Write a number, or null where there is none.",
        "NaN",
        "null",
        FILE,
    ),
    "E006": Reason(
        "Half of a pair is no character: it cannot be written as UTF-8, so the text could not be exported.",
        "Put the whole character there, or remove the half.",
        r"A call. \ud83d",
        r"A call. \ud83d\ude00",
        FILE,
    ),
    "W007": Reason(
        "The mark is no part of the text. Tools that keep it shift every offset by one.",
        "Save the file as UTF-8 without a byte order mark.",
        r"\xef\xbb\xbf{",
        "{",
        BYTES,
    ),
    "E008": Reason(
        "Beyond the limits (64 MiB a value, 8 GiB a file, 4,300 digits a number) reading would take the machine's memory.",
        "Part the file; an article is never that long.",
        "a number of 5,000 digits",
        "a number of at most 4,300 digits",
        WORDS,
    ),
    "W009": Reason(
        "Line ends of another system are no harm by themselves, but show that a tool has rewritten the file, texts perhaps included.",
        "Write the file with plain line feeds.",
        r"]}\r\n",
        r"]}\n",
        BYTES,
    ),
    "E010": Reason(
        "A defect of Dateline, or a process that was killed, has kept a value from being read; nothing is said of what is in it.",
        "Look at the value, report it with the message, and leave its file out until then. Where a process died, give it more memory and run again with --resume.",
        "a file on which the program fails",
        "the same file, left out",
        WORDS,
    ),
    "E101": Reason(
        "What has not the shape of a task, a record or an article cannot be read as one, and nothing is guessed.",
        "The message names the place and what belongs there. Projects are exported as JSON, not as JSON_MIN.",
        '"start": "0"',
        '"start": 0',
        FILE,
    ),
    "E102": Reason(
        "A newer schema may mean other things by the same words.",
        "Use the Dateline that wrote the record, or a newer one.",
        '"schema_version": "2.0.0"',
        '"schema_version": "1.0.0"',
        FILE,
    ),
    "W103": Reason(
        "The record was made under an older schema: questions that came later were never asked.",
        "Bring tasks over with `make migrate` (`scripts/migrate.py`, docs/change.md); export records anew.",
        '"schema_version": "0.9.0"',
        '"schema_version": "1.0.0"',
        FILE,
    ),
    "E104": Reason(
        "A property that nobody reads is lost without a word; often it is a known one, misspelt.",
        "Rename or remove it.",
        ' },\n "relation": []\n',
        " }\n",
        FILE,
    ),
    "E106": Reason(
        "Tasks, records and datasets bear the schema's version: who reads an old one must see that names may mean something else.",
        "Raise `x-schema-version` as the message says, and write the change into the schema's changelog.",
        "a role is renamed, and the schema stays 1.0.0",
        "a role is renamed, and the schema becomes 2.0.0",
        WORDS,
    ),
    "E107": Reason(
        "A name that went away, a default that became another, two answers that fall together: what was meant, no program can know, and a guess would change what people said.",
        "Declare it in the file of moves, or mend the annotation under the old schema; the task stays as it is until then.",
        "a removed role is in use, and no move says what becomes of it",
        '`[rename.role]` says `"phone_call.caller" = "initiator"`',
        WORDS,
    ),
}
