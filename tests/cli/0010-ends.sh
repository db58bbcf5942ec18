#!/bin/sh
# What every command does at its two ends, shown by the smallest of them.
. "${0%/*}/lib.sh"
pass=$B/tests/tools/pass

printf '{"a":1}\r\n\n[1]\n{"b":"\377"}\n{ "c" : 1.50 }\n{"d"' >in
pass() { "$pass" --now 2026-11-23T06:40:00Z "$@" <in; }
check 'it exits 65 when a record was wrong' 65 pass
printf '{"a":1}\r\n{ "c" : 1.50 }\n' >want
same 'good records are passed on byte for byte' out <want
same 'what is wrong is told, without the data' err <<'!'
pass: stdin:3: a list is no record: write one object a line, {...}
pass: stdin:4: not JSON at byte 7: not UTF-8
pass: stdin:6: not JSON at byte 5: premature EOF
!
same 'and kept as it was' rejects.ndjson <<'!'
{"at":"2026-11-23T06:40:00Z","source":"stdin","line":3,"reason":"a list is no record: write one object a line, {...}","record":"[1]"}
{"at":"2026-11-23T06:40:00Z","source":"stdin","line":4,"reason":"not JSON at byte 7: not UTF-8","record_base64":"eyJiIjoi/yJ9"}
{"at":"2026-11-23T06:40:00Z","source":"stdin","line":6,"reason":"not JSON at byte 5: premature EOF","record":"{\"d\""}
!
# Several append to one file at the same time, and no line is torn.
several() { for _ in 1 2 3 4; do "$pass" <in >/dev/null 2>&1 & done; wait; }
check 'several may keep rejects in one file' 0 several
json 'and each of them is whole' rejects.ndjson 'length == 15'

seq 20000 | sed 's/.*/{"n":&,"pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}/' >many
many() { "$pass" <many; }
check 'batches follow each other' 0 many
same 'and nothing is lost' out <many
full() { "$pass" <many >/dev/full; }
check 'output that cannot be written is an error' 74 full
same 'told once' err <<'!'
pass: cannot write output: No space left on device
!
closed() { { "$pass" <many; echo $? >code; } | true; }
check 'a reader that went away' 0 closed
same 'is no death by signal' code <<'!'
74
!
unread() { "$pass" <.; }
check 'input that cannot be read is an error' 74 unread
same 'told by its name' err <<'!'
pass: cannot read stdin: Is a directory
!
unkept() {
	echo 'rejects: /dev/full' >jr.yaml
	"$pass" <in
}
check 'rejects that cannot be kept are an error' 74 unkept
rm jr.yaml

help() { "$pass" --help; }
check 'help is printed' 0 help
says 'with the synopsis first' out '^usage: pass \[-q\] \[--wait\] \[file \.\.\.\]$'
says 'and the options of all commands' out '^  --state=file '
silent 'and nothing else' err
full_help() { "$pass" --help >/dev/full; }
check 'help that cannot be written is an error' 74 full_help
version() { "$pass" -V; }
check 'the version is printed' 0 version
says 'as a name and a number' out '^pass [0-9]+\.[0-9]+\.[0-9]+$'
check 'an option that is none' 64 "$pass" --nonsense
says 'is told with where to look' err '^pass: Unknown option --nonsense; see pass --help$'
check 'a time that is none' 64 "$pass" --now tomorrow
says 'is told with what to write' err "^pass: --now is not a time: write one like '2026-"
check 'a configuration that is not there' 78 "$pass" --config=none.yaml
check 'is told in words that no terminal obeys' 78 \
	"$pass" --config="$(printf 'a\033[2J\302\205\342\200\256\377b')"
same 'all of them' err <<'!'
pass: cannot read 'a?[2J???b': No such file or directory
!

stop() {
	"$pass" --wait </dev/null &
	catches_term $!
	kill -HUP $!
	sleep 0.1
	kill -"$1" $!
	wait $!
}
check 'SIGTERM ends it in good order, SIGHUP does not end it' 0 stop TERM
pipe() {
	mkfifo fifo
	"$pass" <fifo >passed &
	exec 3>fifo
	echo '{"a":1}' >&3
	await passed
	kill -TERM $!
	wait $!
	status=$?
	exec 3>&-
	return $status
}
check 'it does not wait for more input, and stops when asked' 0 pipe
same 'having passed on what there was' passed <<'!'
{"a":1}
!
quiet() { "$pass" <in 2>&1 >/dev/null | grep -c records; }
check 'without a terminal there is no progress' 1 quiet
# script(1) gives it a terminal.
watched() { script -qec "'$pass' $* x <many >out2" /dev/null; }
if script -qec true /dev/null >/dev/null 2>&1; then
	check 'on a terminal' 0 watched
	says 'progress is shown' out 'pass: 20000 records'
	says 'and operands were taken' out "pass: operand 'x'"
	check 'with --quiet' 0 watched -q
	silent 'it is not' out
else
	skip 'there is no terminal to be had'
fi
finish
