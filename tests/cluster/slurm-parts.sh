#!/usr/bin/env bash
# What slurm.sh shows, within its namespaces. Each check is a line, `pass` or `FAIL`; the exit code is 1 where one failed.
# Arguments: how the program is called.
# shellcheck disable=SC2154 # slurm.sh sets its options.
set -uo pipefail
# shellcheck source=tests/cluster/slurm-nodes.sh
. "$here/slurm-nodes.sh"
covidct=$(printf '%q ' "$@")
checked=0 failed=0 # What was checked, and what of it failed.
set --
unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING
export OMP_WAIT_POLICY=passive PYTHONDONTWRITEBYTECODE=1

# check WORDS COMMAND...: a line, and what the command said.
check() {
    local words=$1 said
    shift
    checked=$((checked + 1))
    if said=$("$@" 2>&1); then
        printf 'pass: %s\n' "$words"
    else
        printf 'FAIL: %s\n' "$words"
        failed=$((failed + 1))
    fi
    [ -z "$said" ] || printf '%s\n' "$said"
}

checks() { python3 "$here/checks.py" "$@"; }
runs_of() { echo $(($(wc -l < "$share/$1/plan.csv") - 1)); }

# batch NAME OPTIONS... -- COMMAND: submits a job, and prints its number.
batch() {
    local name=$1 options=()
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    sbatch --parsable --job-name="$name" --chdir=/ --output="$logs/%x-%A-%a.out" --error="$logs/%x-%A-%a.out" --time=300 \
        "${options[@]}" --wrap "$2"
}

# The signal goes to the batch shell alone, which the program takes the place of.
array() { # NAME STUDY SHARDS OPTIONS...
    local name=$1 study=$2 shards=$3
    shift 3
    # shellcheck disable=SC2016 # The shell of the job knows its number.
    batch "$name" --signal=B:TERM@120 "$@" -- "exec ${covidct}train --study $study --shard \$SLURM_ARRAY_TASK_ID/$shards"
}

await() { # JOB...: until none of them is waiting or running
    while squeue -h -j "$(IFS=,; echo "$*")" -t pending,running,completing,suspended -o %i 2> /dev/null | grep -q .; do sleep 1; done
}

# codes JOB: the exit codes of a job, or of all tasks of an array, each once, as Slurm says them: CODE:SIGNAL.
codes() { scontrol show job -o "$1" | grep -o ' ExitCode=[0-9:]*' | cut -d= -f2 | sort -u | paste -sd' '; }

ended() { # CODES JOB...
    local wanted=$1 job found code=0
    shift
    for job in "$@"; do
        found=$(codes "$job")
        [ "$found" = "$wanted" ] && continue
        echo "    job $job ended with $found"
        tail -qn 2 "$logs"/*-"$job"-*.out | sed 's/^/    /' | sort -u | head -8
        code=1
    done
    return $code
}

# reference NAME OPTIONS...: the same by one command in one process, at the same path, since results name where the data lay.
reference() {
    local name=$1
    shift
    [ ! -e "$scratch/reference/$name" ] || return 0
    mkdir -p "$scratch/reference"
    # shellcheck disable=SC2016
    unshare --mount -- bash -c 'mount --bind "$scratch/reference" "$share" && eval "$1"' - \
        "${covidct}reproduce $(printf '%q ' "$@") --jobs 1 --out $share/$name" > "$logs/reference-$name.out" 2>&1
    local code=$?
    [ $code = 0 ] || tail -n 5 "$logs/reference-$name.out"
    return $code
}

equal() { # NAME SUFFIX: as the reference
    check "$1$2: every network.safetensors, predictions.csv and results.json is equal to that of reproduce --jobs 1" \
        checks same "$share/$1" "$scratch/reference/$1"
    check "$1$2: no run was held by two at once, by the leases" checks leases "$share/$1"
    check "$1$2: no temporary file is left" checks leftovers "$share/$1"
}

# A study that is done gives its path to the next one, which then has the same results to the byte.
put_away() { mv "$share/$1" "$share/$1$2-done"; }

# chain NAME SUFFIX SHARDS OPTIONS...: prepare, an array and finish, each after the one before.
chain() {
    local name=$1 label=$1$2 shards=$3 study=$share/$1 prepared trained finished began=$SECONDS
    shift 3
    prepared=$(batch "$name-prepare" -- "exec ${covidct}prepare $(printf '%q ' "$@") --out $study")
    trained=$(array "$name-train" "$study" "$shards" -d "afterok:$prepared" --array="0-$((shards - 1))")
    finished=$(batch "$name-finish" -d "afterok:$trained" -- "exec ${covidct}finish --study $study")
    await "$prepared" "$trained" "$finished"
    check "$label: prepare, $shards tasks on four nodes and finish ended well, one after the other ($((SECONDS - began)) s)" \
        ended 0:0 "$prepared" "$trained" "$finished"
    check "$label: all four nodes took tasks" on_all_nodes "$trained"
    check "$label: status says so, as JSON" status "$study"
}

on_all_nodes() {
    local found
    found=$(scontrol show job -o "$1" | grep -o ' NodeList=[^ ]*' | cut -d= -f2 | sort | uniq -c | awk '{ printf "%s %d, ", $2, $1 }')
    echo "    ${found%, }"
    [ "$(grep -o 'n[0-9] ' <<< "$found" | sort -u | wc -l)" = ${#nodes[@]} ]
}

status() {
    eval "${covidct}status --study $1 --json" > "$logs/status.json" 2> "$logs/status.err" || return 1
    python3 -m json.tool "$logs/status.json" > /dev/null
}

phantom=(--backbones "$networks" --folds "$folds" --epochs "$epochs" --threads 1)

plain() {
    local shards
    shards=$(($(tr , '\n' <<< "$networks" | wc -l) * folds))
    check "plain$1: reproduce --jobs 1, to compare with" reference plain "${phantom[@]}"
    chain plain "$1" "$shards" "${phantom[@]}"
    equal plain "$1"
    put_away plain "$1"
}

early() {
    local study=$share/early prepared trained finished shards=$folds options
    options="--backbones ${networks%%,*} --folds $folds --epochs $epochs --threads 1 --controls none"
    prepared=$(batch early-prepare -- "exec ${covidct}prepare $options --out $study")
    trained=$(array early-train "$study" "$shards" -d "afterok:$prepared" --array=0-1)
    finished=$(batch early-finish -d "afterok:$trained" -- "exec ${covidct}finish --study $study")
    await "$prepared" "$trained" "$finished"
    check "early$1: two of $shards tasks ended well" ended 0:0 "$prepared" "$trained"
    check "early$1: finish ends with 6" ended 6:0 "$finished"
    check "early$1: and names the runs that are missing" checks missing "$study" "$logs/early-finish-$finished-4294967294.out"
    trained=$(array early-train "$study" "$shards" --array="0-$((shards - 1))")
    finished=$(batch early-finish -d "afterok:$trained" -- "exec ${covidct}finish --study $study")
    await "$trained" "$finished"
    check "early$1: the same array once more trains what is left, and finish ends well" ended 0:0 "$trained" "$finished"
    check "early$1: no run was held by two at once, by the leases" checks leases "$study"
    put_away early "$1"
}

# The phantom as a data set of its own, in a folder that the last node has elsewhere.
phantom_data() {
    [ ! -e "$data/phantom" ] || return 0
    eval "${covidct}prepare --backbones ${networks%%,*} --threads 1 --out $scratch/source" > "$logs/source.out" 2>&1 || return 1
    cp -r "$scratch/source/phantom" "$data/phantom"
}

chaos() {
    local study=$share/chaos options prepared shards script=$scratch/chaos.sh finished began=$SECONDS
    check "chaos$1: the phantom as a data set" phantom_data
    options=(--data "$data/phantom" --backbones "$networks" --folds "$folds" --epochs "$chaos_epochs" --threads 1 --controls none
        ${images:+--max-images "$images"})
    check "chaos$1: reproduce --jobs 1, to compare with" reference chaos "${options[@]}"
    prepared=$(batch chaos-prepare --exclude="${nodes[-1]}" -- "exec ${covidct}prepare $(printf '%q ' "${options[@]}") --out $study")
    await "$prepared"
    check "chaos$1: prepare ended well" ended 0:0 "$prepared"
    shards=$(runs_of chaos)
    check "chaos$1: canvases are noted" checks canvases "$study" "$scratch/canvases.json" --write
    cat > "$script" <<S
#!/usr/bin/env bash
[ "\$SLURMD_NODENAME" != ${nodes[-1]} ] || set -- --data $elsewhere/phantom
exec ${covidct}train --study $study --shard "\$SLURM_ARRAY_TASK_ID/$shards" --lease $lease "\$@"
S
    python3 "$here/chaos.py" --study "$study" --script "$script" --logs "$logs" --shards "$shards" --kills "$kills" --lease "$lease" \
        --seed "$seed" --name "chaos$1" --program "$covidct" | tee "$scratch/chaos.out"
    checked=$((checked + $(grep -cE '^(pass|FAIL):' "$scratch/chaos.out")))
    failed=$((failed + $(grep -c '^FAIL:' "$scratch/chaos.out")))
    check "chaos$1: nothing was decoded twice" checks canvases "$study" "$scratch/canvases.json"
    finished=$(batch chaos-finish --exclude="${nodes[-1]}" -- "exec ${covidct}finish --study $study")
    await "$finished"
    check "chaos$1: finish ended well ($((SECONDS - began)) s in all)" ended 0:0 "$finished"
    equal chaos "$1"
    put_away chaos "$1"
}

# A job that comes near its time limit is told by Slurm itself.
limit() {
    local study=$share/limit prepared trained began
    prepared=$(batch limit-prepare -- "exec ${covidct}prepare --backbones ${networks##*,} --folds 2 --epochs 5000 --threads 1 --out $study")
    await "$prepared"
    began=$SECONDS
    trained=$(array limit-train "$study" 2 --array=0 --time=3)
    await "$trained"
    check "limit$1: a task of three minutes that is to be told 120 s before ended with 130 ($((SECONDS - began)) s)" ended 130:0 "$trained"
    check "limit$1: its lease says that it was stopped" grep -rhoE '"ended": *"stopped"' "$study/runs" --include='*.json'
    check "limit$1: no temporary file is left" checks leftovers "$study"
    put_away limit "$1"
}

real() {
    local options=(--data "$COVIDCT_DATA/covid19-ct" --weights "$COVIDCT_WEIGHTS" --backbones "squeezenet1_1,shufflenet_v2_x1_0"
        --folds "$folds" --epochs 2 --threads 1 ${images:+--max-images "$images"})
    check "real$1: reproduce --jobs 1, to compare with" reference real "${options[@]}"
    chain real "$1" $((2 * folds)) "${options[@]}"
    equal real "$1"
    put_away real "$1"
}

echo "share: $SHARE; networks: $networks; $folds folds; parts: $parts; locks: $locks"
mkdir -p "$logs"
start_cluster > "$logs/start" 2>&1 # Not by check, which would wait until the daemons close its pipe.
started=$?
check "a Slurm of ${#nodes[@]} nodes, each with a mount of its own ($(slurmctld -V))" [ $started = 0 ]
[ $failed = 0 ] || { tail -n 20 "$logs"/*; exit 1; }
for with in ${locks//,/ }; do
    suffix=''
    [ "$with" = on ] || { export DOTNET_SYSTEM_IO_DISABLEFILELOCKING=1; suffix=-without-locks; }
    for part in ${parts//,/ }; do
        "$part" "$suffix"
    done
    unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING
done
printf '%d checks, %d failed, %d s\n' $checked $failed $SECONDS
[ $failed = 0 ]
