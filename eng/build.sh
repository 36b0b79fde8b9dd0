# Sourced by ./run and ./cluster: builds the node once per state of the sources. Needs eng/sdk.sh and $repository.

builds=$repository/artifacts/node

# One name per state of the sources, so that a build never writes into the files of a node that runs.
fingerprint() {
  (
    cd "$repository"
    find src global.json Directory.Build.props Directory.Packages.props .editorconfig \
      \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -exec cksum {} + |
      LC_ALL=C sort | cksum | cut -d ' ' -f 1
  )
}

build() { # folder
  local fresh log project
  fresh=$(mktemp -d "$builds/.building.XXXXXX")
  log=$fresh.log
  trap 'rm -rf "$fresh" "$log"' EXIT
  echo "Building Broker ..." >&2
  for project in Broker.Node Broker.Cli; do
    if ! (cd "$repository" && "$dotnet" publish "src/$project" --configuration Release --output "$fresh" \
      --verbosity quiet </dev/null >"$log" 2>&1); then
      cat "$log" >&2
      exit 1
    fi
  done
  chmod 755 "$fresh"
  mv "$fresh" "$1"
  rm -f "$log"
  trap - EXIT
  # The last three stay: a node that still runs from an older build keeps its files.
  ls -1td "$builds"/*/ | tail -n +4 | while read -r old; do rm -rf "$old"; done
}

# Sets $built to a folder with broker.dll and pbm.dll of the present sources.
find_build() {
  built=$builds/$(fingerprint)
  if [ -f "$built/broker.dll" ]; then return; fi
  mkdir -p "$builds"
  # Two that start at once build once.
  if command -v flock >/dev/null; then
    exec 9>"$builds/.lock"
    flock 9
  fi
  if [ ! -f "$built/broker.dll" ]; then (build "$built") 9>&-; fi
  exec 9>&-
}
