#!/bin/bash
# Runs a job of a Compose project unless its stamp says that it ran with the same image, command and inputs.
# usage: job.sh FOLDER STAMP INPUTS IMAGE once|each exec|run SERVICE USER [COMMAND...]
set -euo pipefail
folder=$1 stamp=/var/lib/labc/stamps/$2 inputs=$3 image=$4 often=$5 how=$6 service=$7 user=$8
shift 8
docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
id=once
if [ "$often" = each ]; then id=$(docker image inspect --format '{{.Id}}' "$image"); fi
wanted=$(printf '%s\0' "$id" "$inputs" "$how" "$service" "$user" "$@" | sha256sum | cut -d' ' -f1)
case $often$(cat "$stamp" 2>/dev/null) in
  *"$wanted") exit 0 ;;
  oncerenamed) printf '%s\n' "$wanted" >"$stamp"; exit 0 ;;
esac
cd "$folder"
case $how in
  exec) docker compose exec -T ${user:+--user "$user"} "$service" "$@" </dev/null ;;
  run) docker compose run --rm -T "$service" </dev/null ;;
esac
install -d -m 0700 /var/lib/labc/stamps
printf '%s\n' "$wanted" >"$stamp.new"
mv "$stamp.new" "$stamp"
echo LABC-CHANGED
