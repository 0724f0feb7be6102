#!/usr/bin/env bash
# slurm-node.sh NODE: one node, in a mount namespace of its own. The last of them has the data at another path, and not at the one of all.
set -uo pipefail
# shellcheck disable=SC2154 # slurm.sh sets `here`.
# shellcheck source=tests/cluster/slurm-nodes.sh
. "$here/slurm-nodes.sh"
mount_share "$1" || exit 1
if [ "$1" = "${nodes[-1]}" ]; then
    mount --bind "$data" "$elsewhere" && mount -t tmpfs none "$data" || exit 1
fi
exec slurmd -N "$1" -D
