#!/bin/sh
# Ends at once; a child that still holds our output stays. The first argument is the file that its pid goes to, the
# others are what the child is run with.
file=$1
shift
"$@" sh -c 'echo $$ > "$0"; exec sleep 600' "$file" &
