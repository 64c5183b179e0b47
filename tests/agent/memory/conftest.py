"""Rules are drawn and checked however busy the machine is: how long one example takes is the benchmarks' matter."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
