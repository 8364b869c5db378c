"""What happens to a parser when it is given anything at all?"""
