#!/bin/sh
# Two children, in sessions of their own, where no signal to our group reaches them.
setsid sleep 600 &
setsid sh -c 'sleep 600; :' &
echo ready
exec sleep 600
