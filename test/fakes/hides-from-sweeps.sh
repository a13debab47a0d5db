#!/bin/sh
# Leaves a process to which nothing leads: its parent has ended, and its environment is empty. Tells its pid.
pid=$(env -i setsid sh -c 'sleep 600 > /dev/null & echo $!')
echo "ready $pid"
exec sleep 600
