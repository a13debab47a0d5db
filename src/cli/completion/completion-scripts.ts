/** What a shell has to know to ask us, who are called `name` there. Nothing of what we answer is evaluated by it. */
export const COMPLETION_SCRIPTS = {
  bash: (name: string) => `# Completion of optio-codex for Bash: source <(${name} completion bash)
_optio_codex() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <("$1" __complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o default -F _optio_codex ${name}
`,
  zsh: (name: string) => `#compdef ${name}
# Completion of optio-codex for Zsh: source <(${name} completion zsh), after compinit
_optio_codex() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("$line")
  done < <("\${words[1]}" __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe -V 'optio-codex' found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" = _optio_codex ]]; then
  _optio_codex
else
  compdef _optio_codex ${name}
fi
`,
} as const;

export type Shell = keyof typeof COMPLETION_SCRIPTS;
