"""What the benchmark is made of: corpora, cases, measuring, and telling what was measured."""
