"""The terminal: the smallest channel there is; copy this folder to make another."""
