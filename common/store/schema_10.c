/*
 * schema_10.c - what version 10 adds: when each person last followed a link of
 * a channel's messages, so that to find those who never do, no message has to
 * be looked at.
 *
 *   question                                     answered by
 *   has a person followed a link since           last_clicks (person, channel)
 */
#include "store/schema.h"

const char *const jr_schema_10[] = {
	"CREATE TABLE last_clicks (person BIGINT NOT NULL,"
	" channel SMALLINT NOT NULL, at_s BIGINT NOT NULL,"
	" PRIMARY KEY (person, channel)) $CLUSTERED",
	"INSERT /* all */ INTO last_clicks (person, channel, at_s)"
	" SELECT t.person, m.channel, MAX(t.at_s) FROM metrics t"
	" JOIN messages m ON m.message_row = t.message_row WHERE t.metric = 4"
	" GROUP BY 1, 2",
	NULL,
};
