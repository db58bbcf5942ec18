#!/bin/sh
# The runner and the helpers of these tests: what fails is seen to fail.
. "${0%/*}/lib.sh"

# test NAME: a script of that name, from stdin.
script() { cat >"$1.sh"; }
run() { sh "$TOP/tests/run.sh" . "$@"; }
last() { tail -n 1 out >last; }

script good <<'!'
echo "ok 1 - a"
echo "ok 2 - b # SKIP not here"
echo 1..2
!
script bad <<'!'
echo "ok 1 - a"
echo "not ok 2 - b"
echo "# why"
echo 1..2
exit 1
!
script died <<'!'
echo "ok 1 - a"
echo 1..1
kill -9 $$
!
script planless <<'!'
echo "ok 1 - a"
!
script short <<'!'
echo "ok 1 - a"
echo 1..2
!
script slow <<'!'
echo "ok 1 - a"
echo 1..1
sleep 60
!

check 'what passes, passes' 0 run good.sh
last
same 'and is counted' last <<'!'
1 passed, 0 failed, 1 skipped
!
check 'what fails, fails' 1 run good.sh bad.sh
last
same 'and is counted' last <<'!'
2 passed, 1 failed, 1 skipped
!
says 'with its reason' out '^# why$'
check 'who dies after its last test has failed' 1 run died.sh
says 'and it is told how' out '^not ok - died\.sh: exit 137$'
check 'who forgets its plan has failed' 1 run planless.sh
check 'who runs less than planned has failed' 1 run short.sh
says 'and it is told' out '^not ok - short\.sh: ran 1 of 2, exit 0$'
slow() { TEST_SECONDS=1 run slow.sh; }
check 'who takes too long has failed' 1 slow
says 'and it is told' out '^not ok - slow\.sh: exit 124$'
check 'who is not there has failed' 1 run nowhere.sh

# The helpers, in tests of their own.
mkdir -p tests/cli
cp "$TOP/tests/cli/lib.sh" tests/cli
own() { cat >tests/cli/own.sh && sh tests/cli/own.sh >own 2>&1; }
passes() { echo ". tests/cli/lib.sh; $1; finish" | own; }
check 'check wants the status' 1 passes "check x 0 false"
check 'check takes no signal for a failure that was wanted' 1 \
	passes "die() { sh -c 'kill -9 \$\$'; }; check x 1 die"
check 'same wants the text' 1 passes "echo a >f; same x f </dev/null"
check 'says wants the pattern' 1 passes "echo a >f; says x f b"
check 'silent wants nothing' 1 passes "echo a >f; silent x f"
check 'json wants the filter to hold' 1 passes "echo 1 >f; json x f '.[0] == 2'"
check 'json wants JSON' 1 passes "echo { >f; json x f true"
check 'all of them may pass' 0 passes "check x 1 false; silent x out
	echo 1 >f; json x f '.[0] == 1'; says x f 1; same x f <f"
port() { passes 'p=$(free_port); check x 0 test "$p" -gt 1023'; }
check 'a free port is a number' 0 port
finish
