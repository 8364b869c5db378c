"""What the words mean: nouns and judgements, pure."""
