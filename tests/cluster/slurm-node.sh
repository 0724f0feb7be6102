#!/usr/bin/env bash
# slurm-node.sh NODE: one node, with a name, processes and mounts of its own. The last one has the data at another path than all others.
set -uo pipefail
# shellcheck disable=SC2154 # slurm.sh sets `here`.
# shellcheck source=tests/cluster/slurm-nodes.sh
. "$here/slurm-nodes.sh"
hostname "$1" && mount_share "$1" || exit 1
if [ "$1" = "${nodes[-1]}" ]; then
    mount --bind "$data" "$elsewhere" && mount -t tmpfs none "$data" || exit 1
fi
slurmd -N "$1" -D & # Not in this shell's place, which is the first process here and the one that orphans come to.
wait
