# A master knows WORKERS workers. By bash alone: the image has no client for HTTP that is sure to stay.
set -uo pipefail
known() {
  exec 3<>"/dev/tcp/$MASTER/9098" || return
  printf 'GET /metrics/prometheus HTTP/1.0\r\nHost: %s\r\n\r\n' "$MASTER" >&3
  sed -n 's/^metrics_WorkerCount_Value{[^}]*} \([0-9]*\).*/\1/p' <&3
  exec 3<&-
}
for _ in {1..30}; do
  count=$(known)
  echo "$MASTER knows ${count:-no} workers of $WORKERS"
  [[ -n $count ]] && ((count >= WORKERS)) && exit
  sleep 2
done
exit 1
