"""News out: who hears what, in which words, once."""
