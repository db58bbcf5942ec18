#!/bin/sh
# Run tests and count: tests/run.sh BUILD [TEST...].
#
# A test is a program that prints TAP: the Check suites in BUILD/tests/unit,
# and the scripts in tests/cli, tests/crash and tests/e2e.  One that dies, runs
# for too long or prints no plan has failed, whatever it printed before.
# TEST_JOBS (2) run at once, each for at most TEST_SECONDS (600).
set -u

# one LOGS TEST: run it, with its TAP in a file of LOGS; tell what failed.
one() {
	logs=$1 test=$2
	log=$logs/$(echo "$test" | tr / _)
	status=0
	case $test in
	*.sh) timeout -k 10 "${TEST_SECONDS:-600}" sh "$test" ;;
	*) CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent CK_DEFAULT_TIMEOUT=120 \
		timeout -k 10 "${TEST_SECONDS:-600}" "$test" ;;
	esac >"$log" 2>"$log.err" </dev/null || status=$?
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	ran=$(grep -cE '^(not )?ok ' "$log")
	if [ "${planned:-none}" != "$ran" ]; then
		echo "not ok - $test: ran $ran of ${planned:-no plan}," \
			"exit $status" >>"$log"
	elif [ "$status" -ne 0 ] && ! grep -q '^not ok ' "$log"; then
		echo "not ok - $test: exit $status" >>"$log"
	fi
	if grep -q '^not ok ' "$log"; then
		echo "$test:"
		awk '/^not ok /{ show = 1 } /^ok /{ show = 0 } show' "$log" |
			head -n 60
		tail -n 20 "$log.err"
	else
		echo "$test: $ran"
	fi
}

if [ "$1" = --one ]; then
	one "$2" "$3"
	exit 0
fi

build=$1
shift
logs=$build/test-logs
rm -rf "$logs"
mkdir -p "$logs"
if [ $# -eq 0 ]; then
	for source in tests/unit/test_*.c; do
		set -- "$@" "$build/${source%.c}"
	done
	for script in tests/cli/[0-9]*.sh tests/crash/[0-9]*.sh \
		tests/e2e/[0-9]*.sh; do
		[ ! -e "$script" ] || set -- "$@" "$script"
	done
fi
B=$(cd "$build" && pwd) || exit 1
export B
printf '%s\n' "$@" |
	xargs -P "${TEST_JOBS:-2}" -n 1 sh "$0" --one "$logs"

passed=$(cat "$logs"/* | grep '^ok ' | grep -cv '# *[Ss][Kk][Ii][Pp]')
skipped=$(cat "$logs"/* | grep '^ok ' | grep -c '# *[Ss][Kk][Ii][Pp]')
failed=$(cat "$logs"/* | grep -c '^not ok ')
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
