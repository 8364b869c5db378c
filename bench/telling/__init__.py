"""How quickly, and how steadily, is it told?"""
