"""Parsers of what models write: lists, labelled blocks, JSON, yes or no, and the chatter around them. Pure."""
