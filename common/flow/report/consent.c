/* consent.c - what proves that someone agreed, and that nobody changed
 * it. */
#include "flow/report/report.h"
#include "flow/schedule/explain.h"
#include "rules/phone.h"
#include "store/consents.h"
#include "store/people.h"

#include <string.h>

#define ARENA (16u << 20)

/* ---- the proof ---- */

static const JrColumn columns[] = {
	{ .key = "row", .title = "row", .kind = JR_CELL_COUNT },
	{ .key = "said", .title = "said" },
	{ .key = "at", .title = "said at", .kind = JR_CELL_INSTANT },
	{ .key = "recorded", .title = "recorded at", .kind = JR_CELL_INSTANT },
	{ .key = "person", .title = "person" },
	{ .key = "number", .title = "number" },
	{ .key = "channel", .title = "channel" },
	{ .key = "scope", .title = "sender" },
	{ .key = "method", .title = "method" },
	{ .key = "source", .title = "source" },
	{ .key = "ip", .title = "IP address" },
	{ .key = "agent", .title = "user agent" },
	{ .key = "disclosure", .title = "text shown" },
	{ .key = "disclosure_sha", .title = "its SHA-256" },
	{ .key = "evidence", .title = "evidence" },
	{ .key = "erased", .title = "erased" },
	{ .key = "hash", .title = "hash of the row" },
};

/* What is asked about once: a person's number, on a channel, for a sender. */
typedef struct {
	gint64 person;
	char *number, *scope, *id;
	JrChannel channel;
} Key;

typedef struct {
	JrFlow *flow;
	JrTable *table;
	GPtrArray *keys; /* Key, in the order seen */
	JrArena *arena;
	GError *error;
} Proof;

static void free_key(gpointer data)
{
	Key *key = data;

	g_free(key->number);
	g_free(key->scope);
	g_free(key->id);
	g_free(key);
}

static const char *id_of(Proof *proof, gint64 person)
{
	JrPerson row = { .person = person };

	if (!person)
		return NULL;
	if (!jr_people_load(proof->flow->db, &row, 1, proof->arena,
			    &proof->error))
		return NULL;
	return row.person ? row.id : NULL;
}

static void add_key(Proof *proof, const JrConsent *c, const char *id)
{
	Key *key;

	for (guint i = 0; i < proof->keys->len; i++) {
		key = proof->keys->pdata[i];
		if (key->person == c->person && key->channel == c->channel &&
		    g_strcmp0(key->number, c->number) == 0 &&
		    g_strcmp0(key->scope, c->scope) == 0)
			return;
	}
	if (!c->person || !c->number)
		return;
	key = g_new0(Key, 1);
	*key = (Key){ .person = c->person,
		      .number = g_strdup(c->number),
		      .scope = g_strdup(c->scope),
		      .id = g_strdup(id),
		      .channel = c->channel };
	g_ptr_array_add(proof->keys, key);
}

static gboolean put_row(const JrConsent *c, gpointer user)
{
	Proof *proof = user;
	JrTable *table = proof->table;
	const char *id = id_of(proof, c->person);

	add_key(proof, c, id);
	jr_table_num(table, c->row);
	jr_table_text(table, c->in ? "yes" : "no");
	jr_table_num(table, c->at_s);
	jr_table_num(table, c->recorded_s);
	jr_table_text(table, id);
	jr_table_text(table, c->number);
	jr_table_text(table, jr_channel_name(c->channel));
	jr_table_text(table, c->scope && *c->scope ? c->scope : NULL);
	jr_table_text(table, c->method);
	jr_table_text(table, c->source);
	jr_table_text(table, c->ip);
	jr_table_text(table, c->agent);
	jr_table_text(table, c->disclosure);
	jr_table_text(table, c->disclosure_sha);
	jr_table_text(table, c->evidence);
	jr_table_text(table, c->erased ? "its personal fields" : NULL);
	jr_table_text(table, c->hash);
	return !proof->error;
}

/* What all of the rows come to. */
static gboolean say_now(Proof *proof, const Key *key)
{
	const JrConsentKey ask = { key->person, key->number, key->channel,
				   key->scope };
	g_autofree char *since = NULL;
	JrConsentNow now;

	if (!jr_consent_state(proof->flow->db, &ask, &now, &proof->error))
		return FALSE;
	since = jr_report_day((now.in ? now.in_s : now.out_s) / 86400);
	jr_table_say(proof->table,
		     "now, for %s at %s by %s%s%s: %s, by row %" G_GINT64_FORMAT
		     " of %s",
		     key->id, key->number, jr_channel_name(key->channel),
		     *key->scope ? " from " : "", key->scope,
		     now.in ? "yes" : "no", now.in ? now.in_row : now.out_row,
		     since);
	return TRUE;
}

static gboolean fill_proof(Proof *proof, const char *whom, GError **error)
{
	JrConsentQuery query = { 0 };
	gboolean ok;

	if (jr_phone_valid(whom))
		query.number = whom;
	else if (!jr_schedule_find_person(proof->flow, whom, &query.person,
					  error))
		return FALSE;
	ok = jr_consent_each(proof->flow->db, &query, put_row, proof, error);
	for (guint i = 0; ok && !proof->error && i < proof->keys->len; i++)
		say_now(proof, proof->keys->pdata[i]);
	if (!proof->error)
		return ok;
	g_propagate_error(error, proof->error);
	return FALSE;
}

static JrTable *prove(JrFlow *flow, const char *whom, GError **error)
{
	g_autoptr(JrTable) table = jr_table_new("consent", "Consent", columns,
						G_N_ELEMENTS(columns));
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(free_key);
	Proof proof = {
		.flow = flow, .table = table, .keys = keys, .arena = arena
	};

	table->tall = TRUE;
	table->empty = "the ledger has nothing about them: no SMS may go";
	return fill_proof(&proof, whom, error) ? g_steal_pointer(&table) : NULL;
}

/* ---- is it whole ---- */

static const JrColumn verify_columns[] = {
	{ .key = "fault", .title = "fault" },
	{ .key = "row", .title = "row", .kind = JR_CELL_COUNT },
	{ .key = "means", .title = "which means" },
	{ .key = "rows", .title = "rows", .kind = JR_CELL_COUNT },
	{ .key = "head", .title = "newest hash" },
};

static const struct {
	const char *name, *means;
} faults[] = {
	[JR_LEDGER_CHANGED] = { "changed", "it is not what was written" },
	[JR_LEDGER_MISSING] = { "missing", "it, and perhaps more, is gone" },
	[JR_LEDGER_MOVED] = { "moved", "it does not follow the one before" },
	[JR_LEDGER_STATE] = { "state",
			      "what counts now is not what the ledger says" },
};

typedef struct {
	JrLedgerFault fault;
	gint64 row;
} Found;

static gboolean add_fault(JrLedgerFault fault, gint64 row, gpointer user)
{
	const Found found = { fault, row };

	g_array_append_val((GArray *)user, found);
	return TRUE;
}

static void put_verified(JrTable *table, const char *name, gint64 row,
			 const char *means)
{
	jr_table_text(table, name);
	jr_table_num(table, row > 0 ? row : JR_CELL_NOTHING);
	jr_table_text(table, means);
}

static JrTable *verify(JrFlow *flow, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
	g_autofree char *head = NULL;
	gint64 rows;

	if (!jr_consent_verify(flow->db, add_fault, found, &rows, &head, error))
		return NULL;
	JrTable *table =
		jr_table_new("consent", "The ledger of consents",
			     verify_columns, G_N_ELEMENTS(verify_columns));
	table->alarm = found->len > 0;
	table->note = "keep the newest hash at another place: who can write "
		      "the store can write all of it anew";
	for (guint i = 0; i < MAX(1, found->len); i++) {
		const Found *one = &g_array_index(found, Found, i);

		if (found->len == 0)
			put_verified(table, "none", 0, "it is whole");
		else
			put_verified(table, faults[one->fault].name, one->row,
				     faults[one->fault].means);
		jr_table_num(table, rows);
		jr_table_text(table, *head ? head : NULL);
	}
	return table;
}

JrTable *jr_report_consent(JrFlow *flow, const JrReportAsk *ask, GError **error)
{
	if (ask->verify)
		return verify(flow, error);
	return prove(flow, ask->operand, error);
}
