#!/bin/bash
#SBATCH --job-name=vary-data
#SBATCH --array=0-63
#SBATCH --cpus-per-task=16
#SBATCH --mem=32G
#SBATCH --time=08:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
#SBATCH --output=vary-data-%A-%a.log

# Each task of the array makes its share of the shards of one recipe:
#
#     sbatch docs/scaling/slurm-array.sh recipe.yaml /shared/out [--var NAME=VALUE ...]
#
# A task that was preempted, requeued or run twice makes the missing shards of its share. The task
# that ends last writes the card. `exec` lets Slurm's TERM signal reach the command.

set -eu
recipe=$1 out=$2
shift 2
exec vary-data run "$recipe" -o "$out" "$@" \
    --shards "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" -j "$SLURM_CPUS_PER_TASK"
