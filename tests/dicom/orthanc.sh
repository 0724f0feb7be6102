#!/bin/bash
# What an archive makes of a report and a picture: Orthanc with its plugin for DICOMweb, on free ports of this machine, in a folder of its own.
#
#     tests/dicom/orthanc.sh SOURCES REPORT PICTURE
#
# SOURCES is a folder with the files of one series, REPORT and PICTURE are the files that were made of it. Needs Orthanc, its DICOMweb
# plugin, storescu and dcmdump of dcmtk, and python3; without them it says which is missing and ends with 77.
set -uo pipefail

sources=$1 report=$2 picture=$3
plugins=${ORTHANC_PLUGINS:-/usr/share/orthanc/plugins}
PATH=$PATH:/usr/sbin
for program in Orthanc storescu dcmdump python3; do
    command -v "$program" > /dev/null || { echo "There is no $program on the PATH."; exit 77; }
done
compgen -G "$plugins/*DicomWeb*" > /dev/null || { echo "There is no DICOMweb plugin in $plugins; ORTHANC_PLUGINS names its folder."; exit 77; }

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
read -r http dicom < <(python3 -c "
import socket
both = [socket.socket() for _ in range(2)]
for one in both: one.bind(('127.0.0.1', 0))
print(*(one.getsockname()[1] for one in both))")
cat > "$folder/orthanc.json" << END
{ "Name": "proof", "StorageDirectory": "$folder/db", "IndexDirectory": "$folder/db", "HttpPort": $http, "DicomPort": $dicom,
  "DicomCheckCalledAet": false, "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
  "Plugins": ["$plugins"], "DicomWeb": { "Enable": true, "Root": "/dicom-web/" } }
END
Orthanc "$folder/orthanc.json" > "$folder/log" 2>&1 &
orthanc=$!
trap 'kill $orthanc 2> /dev/null; wait $orthanc 2> /dev/null; rm -rf "$folder"' EXIT

# The values of an attribute of all that a query finds, sorted, each once, in one line.
found() { # QUERY TAG
    python3 -c "
import json, sys, urllib.request
answer = urllib.request.urlopen('http://127.0.0.1:$http/dicom-web/' + sys.argv[1], timeout=20).read() or b'[]'
values = [str((one.get(sys.argv[2], {}).get('Value') or [''])[0]) for one in json.loads(answer)]
print(len(values), *sorted(set(values)))" "$1" "$2"
}
value() { dcmdump --search "$1" "$2" | sed -n '1s/^[^[]*\[\(.*\)\].*/\1/p'; }

for _ in $(seq 150); do
    found studies 0020000D > /dev/null 2>&1 && break
    kill -0 $orthanc 2> /dev/null || break
    sleep 0.2
done
store() { storescu "$@" > "$folder/stored" 2>&1; echo $?; }

first=$(find "$sources" -type f | sort | head -1)
study=$(value StudyInstanceUID "$first")
count=$(find "$sources" -type f | wc -l)
check "the sources are stored" 0 "$(store +sd +r 127.0.0.1 "$dicom" "$sources")"
check "the report is stored" 0 "$(store 127.0.0.1 "$dicom" "$report")"
check "the picture is stored" 0 "$(store 127.0.0.1 "$dicom" "$picture")"
check "there is one study" "1 $study" "$(found studies 0020000D)"
check "its series are images, report and picture" "3 CT OT SR" "$(found "studies/$study/series" 00080060)"
check "the report is found in the study of its source" "1 $(value SOPInstanceUID "$report")" \
    "$(found "studies/$study/instances?Modality=SR" 00080018)"
check "the picture is found in the study of its source" "1 $(value SOPInstanceUID "$picture")" \
    "$(found "studies/$study/instances?Modality=OT" 00080018)"
check "both have the source's patient" "1 $(value PatientID "$first")" "$(found "studies?PatientID=$(value PatientID "$first")" 00100020)"
check "the report is stored again" 0 "$(store 127.0.0.1 "$dicom" "$report")"
check "the picture is stored again" 0 "$(store 127.0.0.1 "$dicom" "$picture")"
check "each is there once" "$((count + 2))" "$(found "studies/$study/instances" 00080018 | cut -d' ' -f1)"
echo "$checks checks, $failed failed"
exit $((failed > 0))
