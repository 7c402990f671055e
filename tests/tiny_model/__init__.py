"""A tiny language model of our own for the tests, and how it is made; see `tests/data/README.md`."""
