#!/bin/sh
# Reading the log with what a shell has: curl, a page after the other, and jq.
# usage: curl_loop.sh URL END_DATE USER:TOKEN RECORDS
start=0
while [ "$start" -lt "$4" ]; do
  curl --silent --fail --noproxy '*' --user "$3" \
    "$1/wiki/rest/api/audit?startDate=0&endDate=$2&start=$start&limit=1000" | jq -c '.results[]' || exit 1
  start=$((start + 1000))
done
