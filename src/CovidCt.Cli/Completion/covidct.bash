# Completion of covidct for bash: `source <(covidct completion bash)`, in ~/.bashrc for every shell.
_covidct() {
    local line="covidct${COMP_LINE:${#COMP_WORDS[0]}}" point=$((COMP_POINT - ${#COMP_WORDS[0]} + 7)) word
    COMPREPLY=()
    while IFS= read -r word; do
        # Options are shown once one is begun; without a match bash completes files.
        if [[ $word == "$2"* && ($2 == -* || $word != [-/]*) ]]; then
            COMPREPLY+=("$word")
        fi
    done < <("$1" "[suggest:$point]" "$line" 2>/dev/null)
}
complete -o default -F _covidct covidct
