# Sourced by ./cluster: a RabbitMQ and a PostgreSQL of our own, on loopback, with their data in a folder. Needs eng/ports.sh and
# eng/processes.sh. Both get a password, which is in no command line.

rabbitmq_server=/usr/lib/rabbitmq/bin/rabbitmq-server

find_initdb() {
  local folder
  for folder in "$(dirname "$(readlink -f "$(command -v initdb || echo /nowhere/initdb)")")" /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then postgresql_bin=$folder; fi
  done
  [ -n "${postgresql_bin:-}" ]
}

# --- PostgreSQL ------------------------------------------------------------------------------------------------------

# It does not serve root: root's is run by the user that the package made.
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

# Starts one and sets $postgresql to its connection string.
start_postgresql() { # folder, password
  local folder=$1 secret home
  mkdir -p "$folder"
  home=$folder/home
  mkdir -p "$home"
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres: "$home"
    if ! "${as_postgres[@]}" test -x "$home"; then
      # A folder on the way is root's alone.
      rmdir "$home"
      home=$(mktemp -d /tmp/broker-postgresql.XXXXXX)
      chown postgres: "$home"
    fi
  fi
  echo "$home" >"$folder/home.path"
  free_port
  secret=$home/.password
  (umask 077 && echo "$2" >"$secret")
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$secret"; fi
  (cd / && "${as_postgres[@]}" "$postgresql_bin/initdb" -D "$home/data" -A scram-sha-256 --pwfile "$secret" -U broker -E UTF8 --locale=C.UTF-8 \
    </dev/null >>"$folder/log" 2>&1)
  rm -f "$secret"
  (cd / && start_process "$folder" "${as_postgres[@]}" "$postgresql_bin/postgres" -D "$home/data" \
    -c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories="$home" -c max_connections=200)
  postgresql="Host=127.0.0.1;Port=$port;Database=postgres;Username=broker;Password=$2"
  local deadline=$((SECONDS + 60))
  until grep -qs "^ready\|^standby" <(sed -n 8p "$home/data/postmaster.pid" 2>/dev/null); do
    if ! process_of "$folder" >/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 20 "$folder/log" >&2
      return 1
    fi
    sleep 0.1
  done
}

stop_postgresql() { # folder
  local home number
  home=$(cat "$1/home.path" 2>/dev/null) || return 0
  # SIGINT is its fast way out: it does not wait for those who are connected.
  if number=$(process_of "$1"); then kill -INT "$number" 2>/dev/null || true; fi
  wait_for_end "$1" 20 || end_process "$1" 5
  case $home in /tmp/broker-postgresql.*) rm -rf "$home" ;; esac
}

# --- RabbitMQ --------------------------------------------------------------------------------------------------------

rabbitmq_environment() { # folder
  export HOME=$1 LANG=C.UTF-8
  export RABBITMQ_BASE=$1 RABBITMQ_MNESIA_BASE=$1/mnesia RABBITMQ_LOG_BASE=$1/logs RABBITMQ_PID_FILE=$1/rabbitmq.pid
  export RABBITMQ_CONFIG_FILE=$1/rabbitmq.conf RABBITMQ_CONF_ENV_FILE=$1/rabbitmq-env.conf RABBITMQ_ENABLED_PLUGINS_FILE=$1/enabled_plugins
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
  export ERL_EPMD_ADDRESS=127.0.0.1
  . "$1/ports"
}

# Begins to start one and sets $rabbitmq to its address; wait_for_rabbitmq returns when it serves.
start_rabbitmq() { # folder, password
  local folder=$1 amqp dist epmd ctl
  mkdir -p "$folder/logs" "$folder/mnesia"
  free_port && amqp=$port
  free_port && dist=$port
  free_port && epmd=$port
  free_port && ctl=$port
  {
    echo "export RABBITMQ_NODENAME=broker-$amqp@localhost RABBITMQ_DIST_PORT=$dist ERL_EPMD_PORT=$epmd"
    echo "export RABBITMQ_CTL_DIST_PORT_MIN=$ctl RABBITMQ_CTL_DIST_PORT_MAX=$((ctl + 5))"
  } >"$folder/ports"
  : >"$folder/rabbitmq-env.conf"
  echo "[]." >"$folder/enabled_plugins"
  (umask 077 && printf '%s\n' "listeners.tcp.1 = 127.0.0.1:$amqp" "default_user = broker" "default_pass = $2" "log.console = false" >"$folder/rabbitmq.conf")
  rabbitmq="amqp://broker:$2@127.0.0.1:$amqp/"
  # epmd outlives the server that starts it, so it is started here and its number known.
  (rabbitmq_environment "$folder" && start_process "$folder/epmd" epmd)
  (rabbitmq_environment "$folder" && start_process "$folder" "$rabbitmq_server")
}

# It listens when all else is done. rabbitmqctl would need seconds of its own to ask.
wait_for_rabbitmq() { # folder
  local deadline=$((SECONDS + 180)) first port=${rabbitmq##*:}
  port=${port%/}
  while :; do
    first=
    if { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then
      printf 'AMQP\0\0\011\001' >&3
      LC_ALL=C read -r -t 5 -N 1 first <&3 || true
      exec 3>&-
    fi
    if [ "$first" = $'\001' ]; then return; fi
    if ! process_of "$1" >/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 20 "$1/log" >&2
      return 1
    fi
    sleep 0.2
  done
}

stop_rabbitmq() { # folder
  local number
  if number=$(cat "$1/rabbitmq.pid" 2>/dev/null) && process_of "$1" >/dev/null; then
    # The virtual machine stops in order at SIGTERM; rabbitmqctl would take seconds to start for the same.
    kill -TERM "$number" 2>/dev/null || true
    wait_for_end "$1" 20 || true
  fi
  end_process "$1" 5
  end_process "$1/epmd" 5
}
