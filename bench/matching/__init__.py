"""How many articles a second meet a thousand, ten thousand, a hundred thousand watchlists?"""
