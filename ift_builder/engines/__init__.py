"""Where work runs when one process is not enough: the same results, in the same order, on any number of workers.

So far there are the processors of this machine, as worker processes.
"""

from ift_builder.engines.processes import Workers

__all__ = ["Workers"]
