"""Every measurement of speed: `./do bench speed`."""

from __future__ import annotations

import sys

from bench.speed import polling

if __name__ == "__main__":
    sys.exit(polling.main(sys.argv[1:]))
