# Sourced by ./cluster: free ports of loopback.

taken_ports=" "

# Sets $port to one that nobody listens on and that was not handed out before. Below those that the system gives to connections.
free_port() {
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    case $taken_ports in *" $port "*) continue ;; esac
    if ! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v hex="$(printf '%04X' "$port")" \
      '{ n = split($2, a, ":"); if (a[n] == hex) found = 1 } END { exit !found }'; then
      taken_ports+="$port "
      return
    fi
  done
}
