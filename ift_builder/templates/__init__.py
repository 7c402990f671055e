"""`ift-build templates`: what templates make of real rows."""
