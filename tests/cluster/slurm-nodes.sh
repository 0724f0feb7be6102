# shellcheck shell=bash disable=SC2153,SC2154 # slurm.sh sets what is in capitals, `here` and `scratch`.
# The machinery, in namespaces of its own: munge, a controller, the shared folder, and four nodes. The other scripts source it.

export share=$scratch/share store=$scratch/store data=$scratch/data elsewhere=$scratch/elsewhere logs=$scratch/logs
export SLURM_CONF=$scratch/slurm.conf
nodes=(n1 n2 n3 n4)

# Names of machines, whose address is this network's own loopback.
own_network() {
    # Slurm looks for names by AI_ADDRCONFIG, which finds none where 127.0.0.1 is the only address; nothing is sent to the other one.
    ip link set lo up && ip address add 192.0.2.1/32 dev lo && hostname slurmhost || return 1
    { cat /etc/hosts; echo "127.0.0.1 slurmhost ${nodes[*]}"; } > "$scratch/hosts" && mount --bind "$scratch/hosts" /etc/hosts
}

start_munge() {
    local folder=$scratch/munge
    mkdir -p "$folder" && dd if=/dev/urandom of="$folder/key" bs=1 count=1024 status=none && chown -R munge: "$folder" || return 1
    chmod 755 "$folder" && chmod 400 "$folder/key" || return 1
    runuser -u munge -- munged --force --socket="$folder/socket" --key-file="$folder/key" --pid-file="$folder/pid" \
        --log-file="$folder/log" --seed-file="$folder/seed" 2> "$logs/munged"
    munge -S "$folder/socket" -n | unmunge -S "$folder/socket" > "$logs/munge" 2>&1
}

write_configuration() {
    local i=0 node names
    names=$(IFS=,; echo "${nodes[*]}")
    cat > "$SLURM_CONF" <<C
ClusterName=proof
SlurmctldHost=slurmhost(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$scratch/munge/socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$scratch/slurm/state
SlurmdSpoolDir=$scratch/slurm/%n
SlurmdPidFile=$scratch/slurm/%n.pid
SlurmctldPidFile=$scratch/slurm/controller.pid
SlurmdLogFile=$logs/%n.log
SlurmctldLogFile=$logs/controller.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
PropagateResourceLimits=NONE
DependencyParameters=kill_invalid_depend
ReturnToService=2
KillWait=5
MinJobAge=86400
MaxJobCount=10000
SchedulerParameters=sched_interval=1,bf_interval=1
PartitionName=main Nodes=$names Default=YES MaxTime=600 State=UP OverSubscribe=NO
C
    for node in "${nodes[@]}"; do
        mkdir -p "$scratch/slurm/$node"
        echo "NodeName=$node NodeHostname=slurmhost NodeAddr=127.0.0.1 Port=$((17001 + i++)) CPUs=1 RealMemory=4000" >> "$SLURM_CONF"
    done
}

# mount_share WHO: the study's folder at its path, by a mount of WHO's own.
mount_share() {
    if [ "$SHARE" = gluster ]; then
        mount -t glusterfs -o "log-file=$logs/gluster-$1.log" slurmhost:/study "$share"
    elif [ "$1" = login ]; then
        mount --bind "$store" "$share"
    else
        bindfs "$store" "$share"
    fi
}

start_gluster() {
    local folder
    for folder in /var/lib/glusterd /var/log/glusterfs /run; do
        mount -t tmpfs none "$folder" || return 1
    done
    mkdir -p /run/gluster "$scratch/brick" && glusterd && sleep 3 || return 1
    gluster --mode=script volume create study slurmhost:"$scratch/brick" force > "$logs/gluster" 2>&1 \
        && gluster --mode=script volume start study >> "$logs/gluster" 2>&1
}

start_cluster() {
    local node i
    mkdir -p "$share" "$store" "$data" "$elsewhere" "$logs" "$scratch/slurm/state" || return 1
    own_network && start_munge && write_configuration || return 1
    [ "$SHARE" != gluster ] || start_gluster || return 1
    slurmctld -c > "$logs/slurmctld" 2>&1 || return 1
    for node in "${nodes[@]}"; do
        unshare --mount --uts --pid --fork --kill-child --mount-proc -- bash "$here/slurm-node.sh" "$node" > "$logs/$node.out" 2>&1 &
    done
    mount_share login || return 1
    for ((i = 0; i < 60; i++)); do
        [ "$(sinfo -h -N -t idle -o %N 2> /dev/null | sort -u | wc -l)" = ${#nodes[@]} ] && return 0
        sleep 1
    done
    sinfo -N -l
    return 1
}
