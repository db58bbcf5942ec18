# Sourced by every test that is a script: an empty folder to work in, and TAP.
# shellcheck shell=sh
set -u
TOP=$(cd "${0%/*}/../.." && pwd) || exit 1
SHARED=${SHARED:-$TOP/../shared}
B=${B:-$TOP/build} # what is tested; tests/run.sh says it
PATH=$B:$PATH
export TOP SHARED B PATH LC_ALL=C G_DEBUG=fatal-criticals
# A test says itself what its commands are to see.
unset JR_STATE JR_CONFIG JR_CRASH TZ
name=$(basename "$0" .sh)
dir=$(mktemp -d) || exit 1
children=
cd "$dir" || exit 1
n=0 failed=0

# clean_up: end what runs in the background, and take the folder away.
clean_up() {
	for child in $children; do
		kill "$child" 2>/dev/null && wait "$child" 2>/dev/null
	done
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# result STATUS TITLE: a line of TAP; when it is not ok, the file why says why.
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $name: $2"
	else
		echo "not ok $n - $name: $2"
		awk '{ print "# " $0 }' why # with a line break at the end
		failed=1
	fi
}

# check TITLE STATUS COMMAND...: run it, with its output in out and err.  A
# death by signal is a status over 128, and so never the one that was wanted.
check() {
	title=$1 want=$2 got=0
	shift 2
	"$@" >out 2>err || got=$?
	{
		echo "exit $got, wanted $want: $*"
		cat err
	} >why
	result $((got != want)) "$title"
}

# same TITLE FILE: it holds what stdin holds.
same() {
	diff -u - "$2" >why.all
	status=$?
	head -n 60 why.all >why
	result "$status" "$1"
}

# says TITLE FILE PATTERN: a line of it matches the extended expression.
says() {
	{
		echo "no line of $2 is like: $3"
		head -n 40 "$2"
	} >why
	grep -qE -e "$3" "$2"
	result $? "$1"
}

# silent TITLE FILE: it is empty.
silent() {
	{
		echo "$2 is not empty:"
		head -n 40 "$2"
	} >why
	[ ! -s "$2" ]
	result $? "$1"
}

# json TITLE FILE FILTER: jq's FILTER over all records of it, as a list, holds.
json() {
	{
		echo "does not hold for $2: $3"
		head -n 40 "$2"
	} >why
	jq -es "$3" "$2" >/dev/null 2>>why
	result $? "$1"
}

# skip TITLE: for what is not here.
skip() {
	n=$((n + 1))
	echo "ok $n - $name: $1 # SKIP"
}

# skip_all REASON: nothing here can be tested.
skip_all() {
	skip "$1"
	finish
}

# needs TOOL...: programs without which nothing here can be tested.
needs() {
	for tool; do
		command -v "$tool" >/dev/null || skip_all "$tool is not here"
	done
}

# needs_npm PACKAGE...: the same of what `make deps` installs in tests/node.
needs_npm() {
	needs node
	for package; do
		[ -d "$TOP/tests/node/node_modules/$package" ] ||
			skip_all "needs $package (make deps)"
	done
}

# await FILE: until something stands in it, half a minute at most.
await() {
	tries=0
	while [ ! -s "$1" ] && [ "$tries" -lt 300 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ -s "$1" ]
}

# catches_term PID: wait until it catches SIGTERM, which takes a busy machine a
# while; ten seconds at most.
catches_term() {
	tries=0
	while [ "$tries" -lt 200 ]; do
		mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status")
		[ $((0x${mask:-0} >> 14 & 1)) -eq 0 ] || return 0
		tries=$((tries + 1))
		sleep 0.05
	done
	return 1
}

# ended PID: wait for a child that is about to end, of which nothing is left.
ended() {
	wait "$1" 2>/dev/null
	left=
	for child in $children; do
		[ "$child" = "$1" ] || left="$left $child"
	done
	children=$left
}

# free_port: a port of 127.0.0.1 on which nobody listens.  Somebody else may
# take it at any time, though neither who connects nor who asks for any port:
# who wants to listen there tries, and takes another one where that fails.
free_port() {
	python3 -c 'import random, socket
while True:
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(10240, 32768)))
    except OSError:
        continue
    print(s.getsockname()[1])
    break'
}

# dead_port: one on which nobody listens as long as the test runs; the file
# dead holds which.
dead_port() {
	rm -f dead
	python3 -c 'import signal, socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
signal.pause()' >dead &
	children="$children $!"
	await dead
}

finish() {
	echo "1..$n"
	exit "$failed"
}
