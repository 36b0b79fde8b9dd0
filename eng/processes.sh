# Sourced by ./cluster: processes that outlive the script that starts them. Each has a folder with "pid", which holds its number and
# its start time, so that a number that the system gave to another process since is not taken for it.

started_at() { # number
  # The 22nd field; the second one, the name in parentheses, may have spaces.
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Starts a command in a session of its own, with its output in the folder's "log".
start_process() { # folder, command...
  local folder=$1 number
  shift
  mkdir -p "$folder"
  setsid "$@" </dev/null >>"$folder/log" 2>&1 &
  number=$!
  disown "$number"
  echo "$number $(started_at "$number")" >"$folder/pid"
}

# Prints the number of a folder's process, or fails when it does not run.
process_of() { # folder
  local number began
  read -r number began 2>/dev/null <"$1/pid" || return 1
  [ -n "$began" ] && [ "$(started_at "$number")" = "$began" ] && [ "$(state_of "$number")" != Z ] && echo "$number"
}

state_of() { # number
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 1
}

# Waits until a folder's process has ended; fails when it has not in time.
wait_for_end() { # folder, seconds
  local deadline=$((SECONDS + $2))
  while process_of "$1" >/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
    sleep 0.1
  done
}

# Ends a folder's process: asks it, and kills it when it has not gone in time.
end_process() { # folder, seconds
  local number
  if ! number=$(process_of "$1"); then return 0; fi
  kill -CONT "$number" 2>/dev/null || true
  kill -TERM "$number" 2>/dev/null || true
  if ! wait_for_end "$1" "$2"; then
    kill -KILL "$number" 2>/dev/null || true
    wait_for_end "$1" 10 || true
  fi
}
