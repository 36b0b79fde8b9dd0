# Sourced by ./run and ./test: finds the .NET SDK that global.json asks for.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# The build's helpers end with the build; nothing of ours is left running.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

# Sets $dotnet to a dotnet that has the SDK asked for, or returns 1.
find_sdk() { # repository
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "$HOME/.dotnet/dotnet"; do
    # Asked inside the repository, because that is where global.json is seen.
    if [ -x "$candidate" ] && (cd "$1" && "$candidate" --version) >/dev/null 2>&1; then
      dotnet=$candidate
      return 0
    fi
  done
  return 1
}

say_how_to_get_the_sdk() {
  echo "Broker needs the .NET 10 SDK: https://dotnet.microsoft.com/download, or: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0" >&2
}
