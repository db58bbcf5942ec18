#!/bin/sh
# Lint sees what it is there to see.
. "${0%/*}/lib.sh"
mkdir -p cmd common/base common/rules common/store common/io common/flow/send \
	common/flow/journey

# tree FILE TEXT: nothing but one file, and a command that is right.
tree() {
	find . -name '*.[ch]' -exec rm {} +
	printf '#include "flow/flow.h"\n#include <glib.h>\n' >cmd/jr-x.c
	printf '/* time(now), as\n * printf() would say */ int x;\n' >common/base/y.h
	printf '%b\n' "$2" >"$1"
}
layers() { tree "$@" && sh "$TOP/tests/lint/layers.sh"; }
banned() { tree "$@" && sh "$TOP/tests/lint/banned.sh"; }

check 'layers: down is allowed' 0 layers common/flow/a.c '#include "rules/x.h"'
check 'layers: up is not' 1 layers common/rules/a.c '#include "flow/x.h"'
same 'and is told' out <<'!'
common/rules/a.c: rules may not include flow/
!
check 'layers: nor is across' 1 layers common/store/a.h '#include "rules/x.h"'
check 'layers: nor a layer that is none' 1 layers common/flow/a.c '#include "new/x.h"'
check 'layers: a library belongs to one' 1 layers common/flow/a.c '#include <sqlite3.h>'
same 'and it is told' out <<'!'
common/flow/a.c: flow may not include <sqlite3...>
!
check 'layers: also in a folder' 1 layers common/rules/a.c '#include <yajl/yajl_parse.h>'
check 'layers: who owns it may' 0 layers common/io/a.c '#include <yajl/yajl_parse.h>'
check 'layers: a command knows no rules' 1 layers cmd/jr-y.c '#include "rules/x.h"'

check 'layers: one use case by another' 0 layers common/flow/send/a.c \
	'#include "flow/journey/x.h"\n#include "flow/flow.h"\n#include "net/x.h"'
check 'layers: and never both ways' 1 layers common/flow/journey/a.c \
	'#include "flow/send/x.h"'
same 'which is told by folder' out <<'!'
common/flow/journey/a.c: flow/journey may not include flow/send/
!
check 'layers: what all share knows no use case' 1 layers common/flow/a.c \
	'#include "flow/send/x.h"'
check 'layers: a folder sees what its layer sees' 1 layers \
	common/flow/send/a.c '#include <curl/curl.h>'

check 'banned: calls that are fine' 0 banned common/flow/a.c \
	'g_string_printf(s, "x");\nx->time (3);\nmy_system(1);'
check 'banned: what is said of them' 0 banned common/flow/a.c \
	'f("time(0)", /* exit() */ 1);'
check 'banned: beside what is said' 1 banned common/flow/a.c \
	'f("\\\"", /* ** / */ time(0));'
check 'banned: behind what is said' 1 banned common/flow/a.c \
	'/* a\n */ exit(1);'
check 'banned: strcpy' 1 banned common/flow/a.c '\tstrcpy(a, b);'
says 'with its place' out '^common/flow/a\.c:1:'
says 'and what to write instead' out 'instead of these: GString'
check 'banned: the clock' 1 banned common/rules/a.c 'now = time(NULL);'
check 'banned: but not in its home' 0 banned common/base/clock.c 'now = time(NULL);'
check 'banned: printing' 1 banned common/flow/a.c '\tfprintf(stderr, "x");'
check 'banned: but not where it belongs' 0 banned common/io/cli.c '\tfprintf(stderr, "x");'
check 'banned: exiting' 1 banned common/store/a.c '\texit(1);'
check 'banned: in a folder of a layer' 1 banned common/flow/send/a.c '\texit(1);'
check 'banned: a shell' 1 banned cmd/jr-y.c 'return system("x");'
finish
