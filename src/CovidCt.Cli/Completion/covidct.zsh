#compdef covidct
# Completion of covidct for zsh: `source <(covidct completion zsh)` after compinit, in ~/.zshrc for every shell.
_covidct() {
    local line="covidct ${(j: :)words[2,CURRENT]}" word
    local -a found
    for word in ${(f)"$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"}; do
        # Options are shown once one is begun; without a match zsh completes files.
        if [[ $word == "$PREFIX"* && ($PREFIX == -* || $word != [-/]*) ]]; then
            found+=("$word")
        fi
    done
    if (( ${#found} )); then
        compadd -a found
    else
        _files
    fi
}
compdef _covidct covidct
