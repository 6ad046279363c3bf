#!/usr/bin/env bash
# The AWS CLI: one process, and so one connection, for every call.
set -euo pipefail

endpoint=() group='' beats=0 interval=0 tasks=0
while (($#)); do
  case $1 in
    --endpoint) endpoint=(--endpoint-url "$2") ;;
    --worker-group) group=$2 ;;
    --beats) beats=$2 ;;
    --interval) interval=$2 ;;
    --tasks) tasks=$2 ;;
    *) echo "$1: no such option" >&2; exit 2 ;;
  esac
  shift 2
done

call() { aws datapipeline "$@" "${endpoint[@]}" --output text; }

note='[{"key": "note", "stringValue": "<1/3> & '\''ä+'\''"}]'
for ((done = 0; done < tasks; done++)); do
  task=None
  while [[ $task == None ]]; do
    task=$(call poll-for-task --worker-group "$group" --query taskObject.taskId)
  done
  for ((beat = 0; beat <= beats; beat++)); do
    ((beat == 0)) || sleep "$interval"
    canceled=$(call report-task-progress --task-id "$task" --fields "$note" --query canceled)
    if [[ $canceled == True ]]; then
      echo "canceled $((beat + 1))"
      continue 2
    fi
  done
  call set-task-status --task-id "$task" --task-status FINISHED
  echo "finished $beat"
done
