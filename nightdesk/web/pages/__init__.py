"""One file for each page of the console, each with its `ROUTES`."""
