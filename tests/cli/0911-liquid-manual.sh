#!/bin/sh
# jr-liquid(7) names every tag and every filter that there is.
. "${0%/*}/lib.sh"

# names FILES: the first column of the tables in them.
names() {
	sed -n 's/^	{ "\([a-z0-9_#]*\)", [fp][a-z]*_.*/\1/p' "$@" | sort -u
}
# entries SECTION: the words that have an entry in it.
entries() {
	awk -v section="$1" '
	/^\.Sh / { on = $0 == ".Sh " section }
	on && /^\.It Cm / {
		gsub(/ (Oo|Oc|Op|Cm|No|Ar [^ ]+)/, " ")
		for (i = 2; i <= NF; i++)
			if ($i ~ /^[a-z][a-z0-9_]*$|^#$/) print $i
	}' "$TOP/man/jr-liquid.7" | sort -u
}
# missing SECTION FILES: what the tables have and the manual has not.
missing() {
	section=$1
	shift
	names "$@" >names
	entries "$section" >entries
	comm -23 names entries
	test -s names
}

check 'filters' 0 missing FILTERS "$TOP"/common/lang/liquid_filters_*.c
same 'each has an entry' out </dev/null
check 'there are many' 0 test "$(wc -l <names)" -gt 100
check 'tags' 0 missing TAGS "$TOP"/common/lang/liquid_tags_*.c
same 'each has an entry' out </dev/null
check 'there are some' 0 test "$(wc -l <names)" -gt 25
finish
