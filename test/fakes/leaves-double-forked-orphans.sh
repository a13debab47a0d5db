#!/bin/sh
# Two processes that nothing leads to any more: their parents have ended.
(sleep 600 &)
(setsid sleep 600 &)
echo ready
exec sleep 600
