#!/bin/sh
# Many lines with colours on both outputs, more than anybody keeps.
i=0
while [ $i -lt 3000 ]; do
  i=$((i + 1))
  printf '\033[32mline\033[0m %s of a log that goes on and on\n' $i
done
printf '\033[31mlast words\033[0m\n' >&2
echo ready
exec sleep 600
