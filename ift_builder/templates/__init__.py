"""`ift-build templates`: what templates make of real rows, and whether the hub says the same of their datasets."""
