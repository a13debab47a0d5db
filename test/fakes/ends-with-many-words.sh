#!/bin/sh
# Says much on stderr and ends, as a codex does that cannot start.
i=0
while [ $i -lt 5000 ]; do
  i=$((i + 1))
  printf 'line %s of a log that goes on and on\n' $i
done >&2
echo 'error: no such home' >&2
exit 3
