"""When the schema changes: what changed, how far the version must rise, and what becomes of the annotations.

`dateline.bundle.read` takes a schema as a folder or as the `schema.json` of an export. `changes.compare` lists what differs,
each change with its level (major, minor, patch). `moves.load` reads what a maintainer decided: which name became
which, what is gone, whether old defaults are kept. `plan.plan` applies that to every stored task on trial: a task is
moved only if each of its annotations says after it what it said before, in the new names, and has no error that it
had not; else it stays as it is, and a finding says what people have to decide. `plan.write` brings it to the files.

Findings: E106 (a version that is not raised as far as the changes ask), E107 (what a migration cannot decide), and
those of the checks.
"""
