"""What is left behind after so many polls?"""
