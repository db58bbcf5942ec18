#!/bin/sh
# Fail on calls that are easily wrong, or belong to one file alone.  A row is:
# where they may stand all the same (an extended expression), what to write
# instead, and the functions.  Comments and texts may say what they like.
set -eu

code=$(find cmd common -name '*.[ch]' | LC_ALL=C sort | xargs awk '
FNR == 1 { comment = 0 }
{
	gsub(/"([^"\\]|\\.)*"/, "\"\"")
	if (comment && !sub(/^.*\*\//, ""))
		next
	gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "")
	comment = sub(/\/\*.*/, "")
	print FILENAME ":" FNR ":" $0
}')

bad=0
while read -r home instead names; do
	printf '%s\n' "$code" |
		grep -E ":[0-9]+:(.*[^A-Za-z0-9_.>])?($names) ?\\(" |
		grep -vE "^($home):" || continue
	echo "  instead of these: $instead"
	bad=1
done <<'!'
- GString|g_strlcpy str(n?cpy|n?cat|tok|tok_r|dup)|v?s(n)?printf|gets
- g_new,g_autofree malloc|calloc|realloc|free
- g_ascii_string_to_signed,g_ascii_strtod ato[ifl]|atoll|strto(d|u?ll?)|sscanf
- nothing system|popen|setlocale|putenv|g?_?setenv|alloca|longjmp
common/net/exec.c net/exec.h g_spawn_[a-z_]*|fork|execv[pe]*
common/base/clock.c base/clock.h time|clock_gettime|gettimeofday|g_get_[a-z]+_time|g_date_time_new_now[a-z_]*
common/base/zone.c base/zone.h (local|gm)time(_r)?|mktime|timegm|g_time_zone_new[a-z_]*
common/io/cli[a-z_]*.c|cmd/[a-z-]*.c GError v?f?printf|puts|fputs|perror|g_(print|printerr|message|warning|info|debug)
common/base/crash.c GError _?exit|abort|g_error
!
exit "$bad"
