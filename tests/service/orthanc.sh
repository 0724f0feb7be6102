#!/bin/bash
# Studies that come into an archive have their answer in it, each once, also where the program that answers is killed: samples/Orthanc beside
# an Orthanc with its plugin for DICOMweb, on free ports of this machine, in a folder of its own.
#
#     dotnet build samples/Orthanc -c Release
#     tests/service/orthanc.sh NETWORK [STUDIES [KILLS]]
#
# NETWORK is the folder of a finished run, or the network.safetensors in it. Sends ten studies by storescu, one after the other, and kills the
# program three times while a study waits for its answer. Needs Orthanc, its DICOMweb plugin, dcmtk, curl, and a Python with NumPy and pydicom,
# which COVIDCT_DICOM_PYTHON names; without them it says which is missing and ends with 77.
set -uo pipefail

network=$1 studies=${2:-10} kills=${3:-3}
within=10 # Seconds from storescu's end to the report.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$root/samples/Orthanc/bin/Release/net10.0/Orthanc.dll
python=${COVIDCT_DICOM_PYTHON:-python3}
plugins=${ORTHANC_PLUGINS:-/usr/share/orthanc/plugins}
PATH=$PATH:/usr/sbin
for needed in Orthanc storescu dcmodify dcmdump curl dotnet "$python"; do
    command -v "$needed" > /dev/null || { echo "There is no $needed on the PATH."; exit 77; }
done
"$python" -c "import numpy, pydicom" 2> /dev/null || { echo "$python has no numpy or no pydicom; COVIDCT_DICOM_PYTHON names one."; exit 77; }
compgen -G "$plugins/*DicomWeb*" > /dev/null || { echo "There is no DICOMweb plugin in $plugins; ORTHANC_PLUGINS names its folder."; exit 77; }
[ -f "$program" ] || { echo "There is no $program: build samples/Orthanc first."; exit 77; }

checks=0 failed=0
check() { # NAME EXPECTED FOUND
    checks=$((checks + 1))
    if [ "$2" = "$3" ]; then
        echo "passed: $1 ($3)"
    else
        failed=$((failed + 1))
        echo "FAILED: $1: expected $2, found $3"
    fi
}

folder=$(mktemp -d)
read -r http dicom < <("$python" -c "
import socket
both = [socket.socket() for _ in range(2)]
for one in both: one.bind(('127.0.0.1', 0))
print(*(one.getsockname()[1] for one in both))")
cat > "$folder/orthanc.json" << END
{ "Name": "proof", "StorageDirectory": "$folder/db", "IndexDirectory": "$folder/db", "HttpPort": $http, "DicomPort": $dicom, "StableAge": 1,
  "DicomCheckCalledAet": false, "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
  "Plugins": ["$plugins"], "DicomWeb": { "Enable": true, "Root": "/dicom-web/" } }
END
Orthanc "$folder/orthanc.json" > "$folder/orthanc.log" 2>&1 &
orthanc=$! answering=
trap 'kill -9 $answering 2> /dev/null; kill $orthanc 2> /dev/null; wait $orthanc 2> /dev/null; rm -rf "$folder"' EXIT

start() { dotnet "$program" "$network" "http://127.0.0.1:$http" "$folder/work" >> "$folder/log" 2>&1 & answering=$!; }
end() { kill "-$1" $answering; wait $answering 2> /dev/null; } # SIGNAL
# The SOP Instance UIDs of a study's reports, in one line.
reports() { # STUDY
    curl -sf "http://127.0.0.1:$http/dicom-web/studies/$1/instances?Modality=SR" | "$python" -c "
import json, sys
print(*sorted(one['00080018']['Value'][0] for one in json.loads(sys.stdin.read() or '[]')))"
}
all_reports() { for study in "${sent[@]}"; do reports "$study"; done; }
elapsed() { awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $1 }"; }
log_says() { # HOW_OFTEN WORDS: waits a minute for it.
    for _ in $(seq 300); do
        [ "$(grep -c "$2" "$folder/log")" -ge "$1" ] && break
        sleep 0.2
    done
    grep -c "$2" "$folder/log"
}

for i in $(seq "$studies"); do
    mkdir "$folder/study$i"
    "$python" "$root/benchmarks/peers/series.py" make "$folder/study$i" 128 24
    dcmodify -nb -i "PatientID=SECRET$i" -i "PatientName=Mustermann^Erika$i" "$folder/study$i"/*.dcm
done
for _ in $(seq 150); do
    curl -sf "http://127.0.0.1:$http/system" > /dev/null && break
    kill -0 $orthanc 2> /dev/null || break
    sleep 0.2
done

start
check "the program is ready" 1 "$(log_says 1 'answers about')"
killed=" $(seq "$studies" | shuf -n "$kills" | tr '\n' ' ')"
sent=() late=0 with_kill=() without=()
for i in $(seq "$studies"); do
    storescu +sd 127.0.0.1 "$dicom" "$folder/study$i" > "$folder/stored" 2>&1 || { echo "storescu failed."; exit 1; }
    begin=$EPOCHREALTIME
    first=$(find "$folder/study$i" -type f | head -1)
    study=$(dcmdump --search StudyInstanceUID "$first" | sed -n '1s/^[^[]*\[\(.*\)\].*/\1/p')
    sent+=("$study")
    case $killed in *" $i "*)
        sleep "$(awk "BEGIN { print $RANDOM / 32768 * 4 }")"
        end KILL
        echo "study $i: killed $(elapsed "$begin") s after storescu, with $(find "$folder/work/series" -type f 2> /dev/null | wc -l) files at hand"
        start
    esac
    until [ -n "$(reports "$study")" ] || awk "BEGIN { exit !($EPOCHREALTIME - $begin > 60) }"; do
        sleep 0.1
    done
    seconds=$(elapsed "$begin")
    echo "study $i: $seconds s"
    case $killed in
        *" $i "*) with_kill+=("$seconds") ;;
        *) without+=("$seconds"); late=$((late + $(awk "BEGIN { print ($seconds > $within) }"))) ;;
    esac
done
echo "seconds from storescu to the report: ${without[*]}; where the program was killed meanwhile: ${with_kill[*]}"
check "reports that came later than $within s, where it wasn't killed" 0 "$late"
check "the program was killed" "$kills" "${#with_kill[@]}"
sleep 3
before=$(all_reports)
check "each study has one report" "$studies" "$(grep -cE '^[0-9.]+$' <<< "$before")"
end TERM
check "it ends when it is asked to" 0 "$?"
check "files of patients that are left" 0 "$(find "$folder/work" -type f ! -name position | wc -l)"

start
log_says $((kills + 2)) 'answers about' > /dev/null
sleep 3
check "a second start adds none" "$before" "$(all_reports)"
end KILL
rm "$folder/work/position"
answered=$(grep -c 'is stored' "$folder/log")
start
check "without its memory it answers about all again" $((answered + studies)) "$(log_says $((answered + studies)) 'is stored')"
check "and the archive has each report once" "$before" "$(all_reports)"
end TERM
check "patients that its log names" 0 "$(grep -ciE 'mustermann|secret' "$folder/log")"
grep -v 'is stored' "$folder/log" | sort | uniq -c
echo "$checks checks, $failed failed"
exit $((failed > 0))
