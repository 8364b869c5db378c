"""Is anything lost or doubled when everything goes wrong at once?"""
