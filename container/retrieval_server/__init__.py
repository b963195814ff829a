"""Lexical retrieval and extractive answers over HTTP."""
