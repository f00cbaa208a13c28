"""The rounds of `benchmarks.chaos`: what is made, and what disturbs it."""
