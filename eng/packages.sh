# Sourced by ./test and ./cluster: gets what Debian and Ubuntu have, as root.

# What is installed here is started by us, on ports of our own; a runlevel of 1 keeps the packages from starting theirs.
apt() {
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

install() { # packages...
  # A bare machine has no lists of packages, or old ones.
  apt install --yes --no-install-recommends "$@" ||
    { apt update && apt install --yes --no-install-recommends "$@"; }
}

can_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}
