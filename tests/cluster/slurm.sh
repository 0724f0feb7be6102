#!/usr/bin/env bash
# A study on a Slurm of four emulated nodes, each of which sees the study's folder through a mount of its own.
# Usage: tests/cluster/slurm.sh [OPTIONS] [COVIDCT...], where COVIDCT is how the program is called, such as `dotnet FOLDER/covidct.dll`.
# Needs root, and of Debian: slurm-wlm munge bindfs iproute2 python3, for SHARE=gluster also glusterfs-server glusterfs-client.
# Everything runs in namespaces of its own, with a loopback of its own, and ends with them; files lie in a scratch folder.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1

usage() {
    cat <<'U'
tests/cluster/slurm.sh [OPTIONS] [COVIDCT...]

  SHARE=bindfs|gluster  how a node sees the study: through bindfs, whose mounts share no locks, or on a gluster volume  [bindfs]
  --parts a,b           early, plain, chaos, limit, real; real takes COVIDCT_DATA and COVIDCT_WEIGHTS
                        [all of them, real where both variables are set]
  --locks a,b           on, off: off is everything with DOTNET_SYSTEM_IO_DISABLEFILELOCKING=1  [on,off]
  --networks a,b        [squeezenet1_1,shufflenet_v2_x1_0,resnet18]
  --folds N             [5]
  --epochs N            of the phantom  [3]
  --chaos-epochs N      of the phantom while processes are killed  [4]
  --images N            of the phantom while processes are killed, and of real data  [all]
  --kills N             [30]
  --lease SECONDS       while processes are killed  [10]
  --seed N              of what is killed, and when  [1]
  --scratch FOLDER      a new folder in it takes all files  [/var/tmp]
  --keep                leave that folder
U
}

export SHARE=${SHARE:-bindfs} parts='' locks=on,off networks=squeezenet1_1,shufflenet_v2_x1_0,resnet18 folds=5 epochs=3
export chaos_epochs=4 images='' kills=30 lease=10 seed=1
place=/var/tmp keep=''
while [ $# -gt 0 ]; do
    case $1 in
        --parts) parts=$2 ;;
        --locks) locks=$2 ;;
        --networks) networks=$2 ;;
        --folds) folds=$2 ;;
        --epochs) epochs=$2 ;;
        --chaos-epochs) chaos_epochs=$2 ;;
        --images) images=$2 ;;
        --kills) kills=$2 ;;
        --lease) lease=$2 ;;
        --seed) seed=$2 ;;
        --scratch) place=$2 ;;
        --keep) keep=yes; shift; continue ;;
        --help) usage; exit 0 ;;
        --*) usage >&2; exit 2 ;;
        *) break ;;
    esac
    shift 2 || exit 2
done
[ $# -gt 0 ] || set -- "$here/../../src/CovidCt.Cli/bin/Release/net10.0/covidct"
if [ -z "$parts" ]; then
    parts=early,plain,chaos,limit
    [ -z "${COVIDCT_DATA:-}" ] || [ -z "${COVIDCT_WEIGHTS:-}" ] || parts+=,real
fi

needed=(slurmctld slurmd sbatch squeue scontrol munged unshare runuser ip python3)
case $SHARE in
    bindfs) needed+=(bindfs) ;;
    gluster) needed+=(glusterd gluster mount.glusterfs) ;;
    *) usage >&2; exit 2 ;;
esac
for command in "${needed[@]}" "$1"; do
    command -v "$command" > /dev/null || { echo "$command is not there" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'root alone may make namespaces and mounts' >&2; exit 2; }

scratch=$(mktemp -d "$place/covidct-cluster.XXXXXX") || exit 1
chmod 755 "$scratch"
export scratch here
unshare --mount --uts --ipc --net --pid --fork --kill-child --mount-proc -- bash "$here/slurm-parts.sh" "$@" &
inside=$!
# The mounts are gone with the namespace, so that nothing but the scratch folder's own files is removed.
finish() {
    kill -KILL "$inside" 2> /dev/null
    wait "$inside" 2> /dev/null
    if [ -n "$keep" ]; then echo "files: $scratch"; else rm -rf --one-file-system "$scratch"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM
wait "$inside"
code=$?
trap - EXIT
finish
exit $code
