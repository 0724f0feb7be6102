#!/usr/bin/env bash
# Packs what proves this library on a machine that has a CUDA card and PyTorch, but no .NET: covidct, the benchmarks and the tests
# for linux-x64, without a libtorch. There, unpack it and run prove.sh.
#   benchmarks/cuda/pack.sh FILE.tar.xz
set -euo pipefail
target=$(realpath -m "${1:?give the file to write, such as covidct-cuda.tar.xz}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for project in src/CovidCt.Cli benchmarks/CovidCt.Benchmarks tests/CovidCt.Core.Tests; do
    dotnet publish "$project" -c Release -r linux-x64 --self-contained -p:WithoutLibtorch=true -p:DebugType=none -o "$folder/covidct-cuda" -v quiet --nologo
done
# Natives of other systems come along with some packages.
find "$folder/covidct-cuda" -mindepth 2 -type d \( -path '*/runtimes/win*' -o -path '*/runtimes/osx*' -o -path '*/runtimes/linux-arm*' -o -path '*/runtimes/linux-musl*' \) -prune -exec rm -rf {} +
cp benchmarks/cuda/prove.sh "$folder/covidct-cuda/"
tar -C "$folder" -cf - covidct-cuda | xz -T0 -6 > "$target"
du -h "$target"
