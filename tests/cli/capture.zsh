# What zsh completes: zsh -f capture.zsh SCRIPT LINE. Each match is a line between two marks.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; stty -echo cols 200; autoload -Uz compinit; compinit -u -D; source ${(q)1}"
zpty -w shell '
show() { print -r -- MA""RK; }
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
    typeset -a found
    builtin compadd -A found "$@"
    print -rl -- $found
    return 1
}
zstyle ":completion:*" list-grouped false
bindkey "^I" complete-word
compprefuncs=(show); comppostfuncs=(show)
print REA""DY'
line=
until [[ $line == *READY* ]]; do zpty -r shell line || exit 1; done
zpty -w -n shell "$2"$'\t'
marks=0
while (( marks < 2 )); do
    zpty -r shell line || exit 1
    line=${${line%$'\n'}%$'\r'}
    if [[ $line == *MARK* ]]; then (( ++marks )); elif (( marks == 1 )); then print -r -- $line; fi
done
zpty -d shell
