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

missing() {
	for package in $wanted; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || printf ' %s' "$package"
	done
}

# install PACKAGE...: by Debian.
install() {
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || {
			echo "deps: as root, please: apt-get install $*" >&2
			exit 1
		}
		as_root=sudo
	fi
	echo "deps: installing $*" >&2
	export DEBIAN_FRONTEND=noninteractive
	$as_root apt-get update -qq
	$as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# shellcheck disable=SC2046 # a list of words
[ -z "$(missing)" ] || install $(missing)
[ "$1" = test ] || exit 0

# What others wrote, to compare with.  Without it those tests are skipped.
node=${0%/*}/../node
if ! cmp -s "$node/package.json" "$node/node_modules/.installed"; then
	echo "deps: installing what tests compare with, by npm" >&2
	if npm install --prefix "$node" --no-package-lock --no-audit \
		--no-fund --silent; then
		cp "$node/package.json" "$node/node_modules/.installed"
	else
		echo 'deps: tests/node: not installed: some tests are skipped' >&2
	fi
fi
