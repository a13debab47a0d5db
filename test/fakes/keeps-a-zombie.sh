#!/bin/sh
# Its child has ended and is never buried. Tells the pid of it.
sh -c 'exit 0' &
echo "ready $!"
exec sleep 600
