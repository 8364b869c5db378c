"""The ways out: one folder each, named in `registry.py`, promising what `contract.py` says."""
