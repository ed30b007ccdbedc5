"""Speed, measured beside its bound and beside a peer: `make bench` prints the tables of docs/performance.

Not tests: nothing here fails a build, and nothing here says that an answer is right.
"""
