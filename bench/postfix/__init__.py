"""Does a real Postfix take our mail, and do we understand its answers?"""
