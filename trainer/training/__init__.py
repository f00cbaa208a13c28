"""The training loop: phases, steps, checkpoints, log and distribution over devices."""
