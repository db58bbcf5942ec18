#!/bin/sh
# Fail when a file includes what its folder may not see.  The tables are the
# house: which layers a layer may include, which folders of its own layer a
# folder may, and who alone includes a library.
set -eu

export layers='
base
io     base
lang   base
rules  base lang
store  base
net    base
flow   base io lang rules store net
cmd    base io store flow
'
# Each may include what lies in its layer beside the folders, too.
export folders='
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
export owners='
curl     net
jwt      net
openssl  net
sqlite3  store
libpq    store
yaml     io
yajl     io
'

find cmd common -name '*.[ch]' | LC_ALL=C sort | xargs awk '
# table INTO TEXT: the first word of a line, and what else stands in it.
function table(into, text,  lines, n, i, key) {
	n = split(text, lines, "\n")
	for (i = 1; i <= n; i++) {
		key = lines[i]
		sub(/ .*/, "", key)
		into[key] = lines[i]
	}
}
function may_not(what) {
	print FILENAME ": " folder " may not include " what
	bad = 1
}
function holds(words, word) {
	return index(" " words " ", " " word " ")
}

BEGIN {
	table(layers, ENVIRON["layers"])
	table(folders, ENVIRON["folders"])
	table(owners, ENVIRON["owners"])
}
FNR == 1 {
	folder = FILENAME
	sub(/^common\//, "", folder)
	sub(/\/[^\/]*$/, "", folder)
	layer = folder
	sub(/\/.*/, "", layer)
}
/^#include ".*\// {
	seen = $2
	gsub(/^"|\/[^\/]*$/, "", seen)
	below = seen
	sub(/\/.*/, "", below)
	if (below != layer && !holds(layers[layer], below))
		may_not(below "/")
	else if (below == layer && seen != layer && seen != folder &&
		!holds(folders[folder], seen))
		may_not(seen "/")
}
/^#include </ {
	seen = $2
	gsub(/^<|[\/._].*/, "", seen)
	if (seen in owners && !holds(owners[seen], layer))
		may_not("<" seen "...>")
}
END { exit bad }' || exit 1
