"""Does an article concern a watchlist, why, and how much?

`language.py` reads a line of a watchlist (`parse`) and warns about it (`warnings`); `compiled.py` prepares a
watchlist (`compile_watchlist`, and `compiled_all` for an index of many); `matcher.py` answers (`match`,
`match_story`); `explaining.py` says why and why not (`explain`); `spoken.py` puts a line in readers' words.

    line ──parse──► Query ──plan──► Condition ──on a Page──► hits ──► Match with evidence and grade
"""
