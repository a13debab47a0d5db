#!/bin/sh
# Its child has ended and is never buried: by then this is a program that does not know of it. Tells the pid of the child.
sh -c 'until [ "$(cat "/proc/$PPID/comm")" = sleep ]; do :; done' &
echo "ready $!"
exec sleep 600
