#!/bin/sh
# Fail when a file includes what its layer may not see.  The tables are the
# house: which layers a layer may include, and who alone includes a library.
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
for file in cmd/*.c common/*/*.[ch]; do
	layer=${file%/*}
	layer=${layer#common/}
	for seen in $(sed -n 's,^#include "\([a-z]*\)/.*,\1,p' "$file"); do
		case " $(row "$layers" "$layer") " in
		*" $seen "*) ;;
		*)
			echo "$file: $layer may not include $seen/"
			bad=1
			;;
		esac
	done
	for seen in $(sed -n 's,^#include <\([a-z0-9]*\)[/._].*,\1,p' "$file"); do
		case $(row "$owners" "$seen") in
		'' | " $layer") ;;
		*)
			echo "$file: $layer may not include <$seen...>"
			bad=1
			;;
		esac
	done
done
exit "$bad"
