#!/usr/bin/env bash
# Proves on a machine with a CUDA card and PyTorch what can't be proved without one, in the order of what would stop the rest:
# do libtorch's symbols resolve, are the results right, how fast is it beside this machine's PyTorch, and what does the study say.
#   prove.sh OUT [PART...]      parts: doctor tests main bits figures busy study rest bench; without any: all of them, in this order
# COVIDCT_DATA and COVIDCT_WEIGHTS name the folders of real images and weights, where there are any; COVIDCT_LIBTORCH and
# COVIDCT_PYTHON are found by themselves. What each part printed is in OUT/PART.log; the last line says which parts failed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(realpath -m "${1:?give a folder for what is printed}")
shift
mkdir -p "$out"
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(doctor tests main bits figures busy study rest bench)
export COVIDCT_PYTHON=${COVIDCT_PYTHON:-$(command -v python3)}
export COVIDCT_LIBTORCH=${COVIDCT_LIBTORCH:-$("$COVIDCT_PYTHON" -c 'import os, torch; print(os.path.join(torch.__path__[0], "lib"))')}
export OMP_WAIT_POLICY=passive MALLOC_ARENA_MAX=1 CUBLAS_WORKSPACE_CONFIG=:4096:8
data=${COVIDCT_DATA:+$COVIDCT_DATA/covid19-ct}
weights=${COVIDCT_WEIGHTS:-}
first=squeezenet1_1,resnet18
failed=()

compare() { "$here/CovidCt.Benchmarks" compare "$@"; }

study() {
    local name=$1
    shift
    "$here/covidct" reproduce ${data:+--data "$data"} ${weights:+--weights "$weights"} --device cuda --controls none --out "$out/$name" --resume "$@"
}

# same STUDY STUDY: whether the networks and predictions of two studies have the same bytes.
same() {
    local file different=0
    for file in "$out/$1"/runs/*/fold-*/{network.safetensors,predictions.csv}; do
        cmp "$file" "$out/$2/${file#"$out/$1/"}" || different=1
    done
    [ $different -eq 0 ] && echo "$1 and $2 have the same bits."
}

run() {
    case $1 in
        doctor) "$here/covidct" doctor ;;
        tests) "$here/CovidCt.Core.Tests" -noColor -trait Category=Card | tee "$out/tests.txt" && ! grep -qE 'There is no CUDA card|switch for waiting' "$out/tests.txt" ;;
        main) compare cuda-train-32/resnet18 cuda-train-32/resnet50 cuda-train-32/densenet121 cuda-train-32/squeezenet1_1 cuda-lamb cuda-epoch threads="$(nproc)" ;;
        # With --deterministic, the same bits one after the other and five at once.
        bits)
            study bits-in-turn --backbones "$first" --epochs 3 --threads 3 --deterministic &&
                study bits-at-once --backbones "$first" --epochs 3 --threads 3 --deterministic --jobs 5 &&
                same bits-in-turn bits-at-once ;;
        # The same study in both precisions, and in bfloat16 five at once. figures-bfloat16/comparison.md then says how far precision
        # moves the figures, how far two runs without --deterministic lie apart, and the hours.
        figures)
            study figures-bfloat16 --backbones squeezenet1_1 --epochs 30 --precision bfloat16 &&
                study figures-float32 --backbones squeezenet1_1 --epochs 30 --precision float32 &&
                study figures-jobs --backbones squeezenet1_1 --epochs 30 --precision bfloat16 --jobs 5 &&
                "$here/covidct" report --runs "$out/figures-bfloat16" --compare "$out/figures-float32" "$out/figures-jobs" ;;
        busy) compare cuda-busy rounds=1 threads="$(nproc)" ;;
        # Both tables with intervals and hours are then in study-image/comparison.md.
        study)
            study study-image --backbones "$first" --jobs 5 && study study-patient --backbones "$first" --group-by patient --jobs 5 &&
                "$here/covidct" report --runs "$out/study-image" --compare "$out/study-patient" ;;
        rest) compare cuda-train-32 cuda-train-128 cuda-infer-32 cuda-infer-128 cuda-gradcam threads="$(nproc)" ;;
        bench) (cd "$out" && "$here/CovidCt.Benchmarks" bench --filter '*HotPath*' '*Inference*' '*Lamb*' '*Tsne*') ;;
        *) echo "there is no part $1" && return 2 ;;
    esac
}

for part in "${parts[@]}"; do
    printf '\n== %s\n' "$part"
    begin=$SECONDS
    run "$part" 2>&1 | tee "$out/$part.log"
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$part")
    printf '== %s: %d s\n' "$part" $((SECONDS - begin))
done

[ ${#failed[@]} -eq 0 ] && echo 'All parts passed.' || echo "Failed: ${failed[*]}"
[ ${#failed[@]} -eq 0 ]
