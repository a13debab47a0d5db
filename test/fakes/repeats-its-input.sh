#!/bin/sh
echo ready
exec cat
