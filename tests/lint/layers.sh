#!/bin/sh
# Fail when a file includes what its folder may not see.  The tables are the
# house: which layers a layer may include, which folders of its own layer a
# folder in it may, and who alone includes a library.
set -eu

layers='
base   base
io     base io
lang   base lang
rules  base lang rules
store  base store
net    base net
flow   base io lang rules store net flow
cmd    base io store flow
'
# Each may include its layer's own files, too.
folders='
flow/table
flow/format
flow/ingest    flow/format
flow/segment   flow/table
flow/journey   flow/ingest
flow/schedule  flow/table flow/segment flow/journey
flow/send      flow/journey
flow/report    flow/table flow/journey flow/schedule
flow/simulate  flow/table flow/ingest flow/segment flow/schedule
'
owners='
curl     net
jwt      net
openssl  net
sqlite3  store
libpq    store
yaml     io
yajl     io
'

# row TABLE KEY: what follows KEY in TABLE, nothing when it has no row.
row() {
	printf '%s\n' "$1" | awk -v key="$2" \
		'$1 == key { $1 = ""; print; exit }'
}

bad=0
# may FILE SEEN ALLOWED: say so when SEEN is not one of those.
may() {
	case " $3 " in
	*" $2 "*) ;;
	*)
		echo "$1: ${1%/*} may not include $2/"
		bad=1
		;;
	esac
}

for file in cmd/*.c common/*/*.[ch] common/*/*/*.[ch]; do
	folder=${file%/*}
	folder=${folder#common/}
	layer=${folder%%/*}
	for seen in $(sed -n 's,^#include "\(.*\)/[^/]*"$,\1,p' "$file"); do
		may "$file" "${seen%%/*}" "$(row "$layers" "$layer")"
		[ "$layer" != "${seen%%/*}" ] ||
			may "$file" "$seen" \
				"$layer $folder $(row "$folders" "$folder")"
	done
	for seen in $(sed -n 's,^#include <\([a-z0-9]*\)[/._].*,\1,p' "$file"); do
		owner=$(row "$owners" "$seen")
		[ -z "$owner" ] || [ "$owner" = " $layer" ] || {
			echo "$file: $layer may not include <$seen...>"
			bad=1
		}
	done
done
exit "$bad"
