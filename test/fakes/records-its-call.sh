#!/bin/sh
# Stands in for the program by whose name it is called, such as npm, with no other program on the PATH. Writes down its
# name, where it is and its arguments in a line of $RECORD, waits for as long as there is $RECORD.hold-NAME, makes what our
# scripts look for afterwards, says on stderr what is in $RECORD.says-NAME, and exits with what is in $RECORD.exits-NAME.
name=${0##*/}
{
  printf '%s\t%s' "$name" "$PWD"
  [ $# -eq 0 ] || printf '\t%s' "$@"
  echo
} >> "$RECORD"
while [ -e "$RECORD.hold-$name" ]; do /bin/sleep 0.02; done
case "$name $*" in
  npm*) /bin/mkdir -p node_modules ;;
  *tsconfig.build.json) /bin/mkdir -p dist/cli && : > dist/cli/main.js ;;
esac
[ ! -e "$RECORD.says-$name" ] || /bin/cat "$RECORD.says-$name" >&2
read -r code 2> /dev/null < "$RECORD.exits-$name" || code=0
exit "$code"
