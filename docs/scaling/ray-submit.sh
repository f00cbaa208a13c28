#!/bin/sh
# Submits a run. The driver runs on the cluster, so that closing this terminal does not stop it:
#
#     ray dashboard docs/scaling/ray-cluster.yaml &      # forwards the port 8265
#     docs/scaling/ray-submit.sh vary-tiny s3://bucket/vary-tiny [--var NAME=VALUE ...]

set -eu
recipe=$1 out=$2
shift 2
exec ray job submit --address "${RAY_API_SERVER_ADDRESS:-http://127.0.0.1:8265}" -- \
    vary-data run "$recipe" -o "$out" --executor ray "$@"
