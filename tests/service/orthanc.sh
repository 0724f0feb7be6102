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
orthanc= answering=
trap 'kill -9 $answering 2> /dev/null; kill $orthanc 2> /dev/null; wait $orthanc 2> /dev/null; rm -rf "$folder"' EXIT

archive() { # Starts Orthanc, and waits until it answers.
    Orthanc "$folder/orthanc.json" >> "$folder/orthanc.log" 2>&1 &
    orthanc=$!
    for _ in $(seq 150); do
        curl -sf "http://127.0.0.1:$http/system" > /dev/null && break
        kill -0 $orthanc 2> /dev/null || break
        sleep 0.2
    done
}
start() { dotnet "$program" "$network" "http://127.0.0.1:$http" "$folder/work" >> "$folder/log" 2>&1 & answering=$!; }
end() { kill "-$1" $answering; wait $answering 2> /dev/null; } # SIGNAL
# The SOP Instance UIDs of a study's reports, in one line.
reports() { # STUDY
    curl -sf "http://127.0.0.1:$http/dicom-web/studies/$1/instances?Modality=SR" | "$python" -c "
import json, sys
print(*sorted(one['00080018']['Value'][0] for one in json.loads(sys.stdin.read() or '[]')))"
}
all_reports() { for one in "${sent[@]}"; do reports "$one"; done; }
same() { [ "$before" = "$(all_reports)" ] && echo "the same $studies" || echo others; }
elapsed() { awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $1 }"; }
log_says() { # HOW_OFTEN WORDS: waits a minute for it.
    for _ in $(seq 300); do
        [ "$(grep -c "$2" "$folder/log")" -ge "$1" ] && break
        sleep 0.2
    done
    grep -c "$2" "$folder/log"
}

make() { # NUMBER
    mkdir "$folder/study$1"
    "$python" "$root/benchmarks/peers/series.py" make "$folder/study$1" 128 24
    dcmodify -nb -i "PatientID=SECRET$1" -i "PatientName=Mustermann^Erika$1" "$folder/study$1"/*.dcm
}
send() { # NUMBER; $study is its Study Instance UID then.
    storescu +sd 127.0.0.1 "$dicom" "$folder/study$1" > "$folder/stored" 2>&1 || { echo "storescu failed."; exit 1; }
    begin=$EPOCHREALTIME
    study=$(dcmdump --search StudyInstanceUID "$(find "$folder/study$1" -type f | head -1)" | sed -n '1s/^[^[]*\[\(.*\)\].*/\1/p')
}

for i in $(seq $((studies + 2))); do
    make "$i"
done
archive
start
check "the program is ready" 1 "$(log_says 1 'answers about')"
killed=" $(seq "$studies" | shuf -n "$kills" | tr '\n' ' ')"
sent=() late=0 with_kill=() without=()
for i in $(seq "$studies"); do
    send "$i"
    sent+=("$study")
    case $killed in *" $i "*)
        sleep "$(awk "BEGIN { print $RANDOM / 32768 * 3 }")"
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
check "a second start adds none" "the same $studies" "$(same)"
end KILL
rm "$folder/work/position"
answered=$(grep -c 'is stored' "$folder/log")
start
check "without its memory it answers about all again" $((answered + studies)) "$(log_says $((answered + studies)) 'is stored')"
check "and the archive has each report once" "the same $studies" "$(same)"

kill $orthanc; wait $orthanc
check "an archive that isn't there is asked again" yes "$([ "$(log_says 1 'Tried again')" -ge 1 ] && echo yes)"
archive
dcmodify -nb -m "RescaleIntercept=1000" "$folder/study$((studies + 1))"/*.dcm
send $((studies + 1))
check "a series without lungs is named with the reason" 1 "$(log_says 1 'has no answer: No slice')"
check "and has no report" "" "$(reports "$study")"
send $((studies + 2))
check "the next one has its report" $((answered + studies + 1)) "$(log_says $((answered + studies + 1)) 'is stored')"
check "which is one" 1 "$(reports "$study" | wc -w)"
end TERM
check "patients that its log names" 0 "$(grep -ciE 'mustermann|secret' "$folder/log")"
grep -v 'is stored' "$folder/log"
echo "$checks checks, $failed failed"
exit $((failed > 0))
