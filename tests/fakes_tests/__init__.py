"""Do the fakes behave like what they stand for?"""
