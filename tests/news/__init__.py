"""Judgements about words, checked without a network, a database or a clock."""
