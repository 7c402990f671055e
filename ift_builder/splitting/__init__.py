"""Groups and splits: which rows belong together, and which of them are for validation."""
