#!/bin/sh
# Install what Debian has and jr needs: deps.sh product|test.
# Quiet when all of it is there.
set -eu

product='gcc libc6-dev make pkg-config libglib2.0-dev libjansson-dev libyajl-dev
	libyaml-dev libsqlite3-dev libcurl4-openssl-dev libjwt-dev libssl-dev
	tzdata ca-certificates jq'
test='check mandoc shellcheck clang clang-format libclang-rt-dev sqlite3
	python3 openssl jose nghttp2-server nghttp2-proxy procps graphviz chromium'

case ${1-} in
product) wanted=$product ;;
test)
	wanted="$product $test"
	# Any Node will do; Debian's only where there is none.
	command -v node >/dev/null || wanted="$wanted nodejs"
	command -v npm >/dev/null || wanted="$wanted npm"
	;;
*)
	echo "usage: deps.sh product|test" >&2
	exit 64
	;;
esac

missing=
for package in $wanted; do
	dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
		grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "deps: as root, please: apt-get install$missing" >&2
		exit 1
	}
	as_root=sudo
fi
echo "deps: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
