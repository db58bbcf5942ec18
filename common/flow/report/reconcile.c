/*
 * reconcile.c - our sends against the provider's own list of them.
 *
 * The list is NDJSON, a message of the provider's a line, as jr-send-sms --list
 * prints them or the provider's interface gives them: see ids and so on for the
 * names that are understood.
 */
#include "base/error.h"
#include "base/instant.h"
#include "flow/report/report.h"
#include "store/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define DAY_S 86400

/* Where providers write what, the first that is there: Twilio, Telnyx,
 * MessageBird. */
static const char *const ids[] = { "sid", "id", NULL };
static const char *const statuses[] = { "status", "to.0.status", NULL };
static const char *const prices[] = { "price", "cost.amount", "price.amount",
				      NULL };
static const char *const units[] = { "price_unit", "cost.currency",
				     "price.currency", "currency", NULL };
static const char *const counts[] = { "num_segments", "parts", "segments",
				      NULL };
static const char *const dates[] = { "date_sent",    "sent_at",
				     "date_created", "createdDatetime",
				     "created_at",   NULL };

/* How far a message is in any provider's words. */
typedef enum {
	FATE_OTHER, /* a word that we do not know */
	FATE_UNDER_WAY,
	FATE_DELIVERED,
	FATE_FAILED,
} Fate;

static const struct {
	const char *status;
	Fate fate;
} fates[] = {
	{ "accepted", FATE_UNDER_WAY },
	{ "scheduled", FATE_UNDER_WAY },
	{ "queued", FATE_UNDER_WAY },
	{ "sending", FATE_UNDER_WAY },
	{ "sent", FATE_UNDER_WAY },
	{ "buffered", FATE_UNDER_WAY },
	{ "delivery_unconfirmed", FATE_UNDER_WAY },
	{ "delivered", FATE_DELIVERED },
	{ "received", FATE_DELIVERED },
	{ "read", FATE_DELIVERED },
	{ "undelivered", FATE_FAILED },
	{ "failed", FATE_FAILED },
	{ "canceled", FATE_FAILED },
	{ "expired", FATE_FAILED },
	{ "sending_failed", FATE_FAILED },
	{ "delivery_failed", FATE_FAILED },
	{ "bounced", FATE_FAILED },
	{ "undeliverable", FATE_FAILED },
};

/* A message of theirs. */
typedef struct {
	char *id, *status, *unit;
	Fate fate;
	gint64 micros;	 /* -1: not said */
	gint64 segments; /* -1: not said */
	gint64 at_s;	 /* 0: not said */
	gboolean seen;	 /* we have it */
} Theirs;

static const JrColumn columns[] = {
	{ .key = "what", .title = "what" },
	{ .key = "message", .title = "message" },
	{ .key = "workflow", .title = "workflow" },
	{ .key = "provider_id", .title = "provider's id" },
	{ .key = "ours", .title = "ours" },
	{ .key = "theirs", .title = "theirs" },
};

typedef struct {
	JrFlow *flow;
	JrTable *table;
	GHashTable *theirs;    /* by id */
	GHashTable *providers; /* set of names that the list has; or empty */
	gint64 ours, matched, delivered;
} Work;

static void free_theirs(gpointer data)
{
	Theirs *t = data;

	g_free(t->id);
	g_free(t->status);
	g_free(t->unit);
	g_free(t);
}

static void put(Work *work, const char *what, const JrAuditSend *send,
		const char *id, const char *ours, const char *theirs)
{
	jr_table_text(work->table, what);
	jr_table_text(work->table, send ? send->id : NULL);
	jr_table_text(work->table, send ? send->workflow : NULL);
	jr_table_text(work->table, id);
	jr_table_text(work->table, ours);
	jr_table_text(work->table, theirs);
}

/* ---- their list ---- */

/* "to.0.status": as jr_val_path(), and numbers are places in a list. */
static const JrVal *at_path(const JrVal *val, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, ".", -1);

	for (char **part = parts; val && *part; part++) {
		guint64 place = g_ascii_strtoull(*part, NULL, 10);

		if (val->type == JR_VAL_LIST)
			val = place < val->len ? &val->items[place] : NULL;
		else
			val = jr_val_get(val, *part);
	}
	return jr_val_is_null(val) ? NULL : val;
}

static const JrVal *first_of(const JrVal *record, const char *const *paths)
{
	const JrVal *val = NULL;

	for (; !val && *paths; paths++) {
		val = at_path(record, *paths);
		/* "price" is a map with one, and a number with others. */
		if (val &&
		    (val->type == JR_VAL_MAP || val->type == JR_VAL_LIST))
			val = NULL;
	}
	return val;
}

static const char *text_of(const JrVal *record, const char *const *paths)
{
	const JrVal *val = first_of(record, paths);

	return val && val->type == JR_VAL_TEXT ? val->text : NULL;
}

/* A number, or a text of one, as Twilio writes prices. */
static gboolean number_of(const JrVal *record, const char *const *paths,
			  double *number)
{
	const JrVal *val = first_of(record, paths);
	char *end = NULL;

	if (!val)
		return FALSE;
	if (val->type == JR_VAL_INT)
		*number = (double)val->num;
	else if (val->type == JR_VAL_REAL)
		*number = val->real;
	else if (val->type == JR_VAL_TEXT)
		*number = g_ascii_strtod(val->text, &end);
	else
		return FALSE;
	return !end || (end != val->text && !*end);
}

/* "Mon, 16 Nov 2026 03:45:01 +0000" (RFC 2822, in UTC, as Twilio has it); 0:
 * it is none. */
static gint64 read_mail_date(const char *text)
{
	enum { DAY = 2, MONTH, YEAR, HOUR, MINUTE, SECOND, OFFSET, PARTS };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	g_auto(GStrv) parts = g_strsplit_set(text, " ,:", -1);
	gint64 numbers[PARTS] = { 0 };
	GDateTime *time;
	gint64 at_s;

	if (g_strv_length(parts) != PARTS ||
	    !g_str_equal(parts[OFFSET], "+0000"))
		return 0;
	for (guint i = 0; i < G_N_ELEMENTS(months); i++)
		if (g_str_equal(months[i], parts[MONTH]))
			numbers[MONTH] = i + 1;
	for (guint i = DAY; i < OFFSET; i++)
		if (i != MONTH &&
		    !g_ascii_string_to_signed(parts[i], 10, 0, 9999,
					      &numbers[i], NULL))
			return 0;
	time = g_date_time_new_utc((int)numbers[YEAR], (int)numbers[MONTH],
				   (int)numbers[DAY], (int)numbers[HOUR],
				   (int)numbers[MINUTE],
				   (double)numbers[SECOND]);
	if (!time)
		return 0;
	at_s = g_date_time_to_unix(time);
	g_date_time_unref(time);
	return at_s;
}

static gint64 read_date(JrFlow *flow, const char *text)
{
	JrZone *utc = jr_zones_get(flow->zones, "UTC", NULL);
	gint64 at_ms;

	if (!text)
		return 0;
	if (jr_instant_parse(text, utc, &at_ms, NULL))
		return at_ms / 1000;
	return read_mail_date(text);
}

static Fate fate_of(const char *status)
{
	for (guint i = 0; status && i < G_N_ELEMENTS(fates); i++)
		if (g_ascii_strcasecmp(fates[i].status, status) == 0)
			return fates[i].fate;
	return FATE_OTHER;
}

static void take(Work *work, const JrRecord *record)
{
	const char *id = text_of(record->val, ids);
	const char *way = jr_val_get_text(record->val, "direction");
	const char *provider = jr_val_get_text(record->val, "provider");
	g_autofree char *line = NULL;
	Theirs *t;
	double number;

	if (way && g_str_has_prefix(way, "inbound"))
		return;
	if (!id) {
		line = g_strdup_printf("line %" G_GUINT64_FORMAT, record->line);
		put(work, "no message", NULL, NULL, NULL, line);
		return;
	}
	t = g_new0(Theirs, 1);
	t->id = g_strdup(id);
	t->status = g_strdup(text_of(record->val, statuses));
	t->unit = g_strdup(text_of(record->val, units));
	t->fate = fate_of(t->status);
	t->micros = number_of(record->val, prices, &number)
			    ? (gint64)llround(fabs(number) * 1e6)
			    : -1;
	t->segments =
		number_of(record->val, counts, &number) ? (gint64)number : -1;
	if (provider)
		g_hash_table_add(work->providers, g_strdup(provider));
	t->at_s = read_date(work->flow, text_of(record->val, dates));
	g_hash_table_replace(work->theirs, t->id, t);
}

static gboolean read_list(Work *work, int fd, const char *name, GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(fd, name);
	JrRecord record;
	JrRead read;

	while ((read = jr_reader_next(in, &record, error)) != JR_READ_END) {
		if (read == JR_READ_FAILED)
			return FALSE;
		if (read == JR_READ_RECORD) {
			take(work, &record);
		} else {
			g_autofree char *line = g_strdup_printf(
				"line %" G_GUINT64_FORMAT, record.line);
			put(work, "no record", NULL, NULL, NULL, line);
		}
		jr_reader_release(in);
	}
	return TRUE;
}

static gboolean open_list(Work *work, const char *path, GError **error)
{
	gboolean ok;
	int fd;

	if (!path || g_str_equal(path, "-"))
		return read_list(work, STDIN_FILENO, "stdin", error);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "cannot read '%s': %s", path, g_strerror(errno));
		return FALSE;
	}
	ok = read_list(work, fd, path, error);
	close(fd);
	return ok;
}

/* ---- compare ---- */

static Fate our_fate(JrMessageState state)
{
	return state == JR_MESSAGE_DELIVERED ? FATE_DELIVERED
	       : state == JR_MESSAGE_FAILED  ? FATE_FAILED
					     : FATE_UNDER_WAY;
}

static void compare_status(Work *work, const JrAuditSend *send, const Theirs *t)
{
	/* What we know better is no difference: their list may be older. */
	if (t->fate != FATE_UNDER_WAY && t->fate != our_fate(send->state))
		put(work, "status", send, t->id,
		    jr_message_state_name(send->state), t->status);
}

static void compare_price(Work *work, const JrAuditSend *send, const Theirs *t)
{
	const char *unit =
		send->currency ? send->currency : work->flow->policy->currency;
	const JrColumn money = { .kind = JR_CELL_MONEY };
	const JrCell own = { .num = send->cost_micros };
	const JrCell other = { .num = t->micros };
	g_autofree char *ours = NULL, *theirs = NULL;

	if (t->micros < 0 || (t->micros == send->cost_micros &&
			      (!t->unit || g_str_equal(t->unit, unit))))
		return;
	ours = jr_table_show(work->table, &money, &own);
	theirs = jr_table_show(work->table, &money, &other);
	g_autofree char *ours_unit = g_strconcat(ours, " ", unit, NULL);
	g_autofree char *theirs_unit =
		g_strconcat(theirs, " ", t->unit ? t->unit : unit, NULL);
	put(work, "price", send, t->id, ours_unit, theirs_unit);
}

static void compare_segments(Work *work, const JrAuditSend *send,
			     const Theirs *t)
{
	g_autofree char *ours =
		g_strdup_printf("%" G_GINT64_FORMAT, send->segments);
	g_autofree char *theirs =
		g_strdup_printf("%" G_GINT64_FORMAT, t->segments);

	if (t->segments >= 0 && t->segments != send->segments)
		put(work, "segments", send, t->id, ours, theirs);
}

/* Whether the list is of its provider, too. */
static gboolean is_listed(const Work *work, const JrAuditSend *send)
{
	return g_hash_table_size(work->providers) == 0 || !send->provider ||
	       g_hash_table_contains(work->providers, send->provider);
}

static gboolean compare(const JrAuditSend *send, gpointer user)
{
	Work *work = user;
	Theirs *t = send->provider_id ? g_hash_table_lookup(work->theirs,
							    send->provider_id)
				      : NULL;

	if (!is_listed(work, send))
		return TRUE;
	work->ours++;
	if (!t) {
		put(work, "not on their list", send, send->provider_id,
		    jr_message_state_name(send->state), NULL);
		return TRUE;
	}
	t->seen = TRUE;
	work->matched++;
	work->delivered += t->fate == FATE_DELIVERED;
	compare_status(work, send, t);
	compare_price(work, send, t);
	compare_segments(work, send, t);
	return TRUE;
}

/* The days that the list is of, unless they are given. */
static void span_of(const Work *work, const JrReportAsk *ask, gint64 *from_s,
		    gint64 *until_s)
{
	GHashTableIter iter;
	gpointer value;

	*from_s = G_MAXINT64;
	*until_s = 0;
	g_hash_table_iter_init(&iter, work->theirs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Theirs *t = value;

		if (!t->at_s)
			continue;
		*from_s = MIN(*from_s, t->at_s / DAY_S * DAY_S);
		*until_s = MAX(*until_s, (t->at_s / DAY_S + 1) * DAY_S - 1);
	}
	if (ask->since_s)
		*from_s = ask->since_s / DAY_S * DAY_S;
	if (ask->until_s)
		*until_s = (ask->until_s / DAY_S + 1) * DAY_S - 1;
}

static int by_id(gconstpointer a, gconstpointer b)
{
	const Theirs *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static void put_unseen(Work *work)
{
	g_autoptr(GPtrArray) unseen = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, work->theirs);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (!((Theirs *)value)->seen)
			g_ptr_array_add(unseen, value);
	g_ptr_array_sort(unseen, by_id);
	for (guint i = 0; i < unseen->len; i++) {
		const Theirs *t = unseen->pdata[i];

		put(work, "not ours", NULL, t->id, NULL, t->status);
	}
}

static void sum_up(Work *work)
{
	const JrCell gap = { .num = work->matched - work->delivered,
			     .den = work->matched };
	const JrColumn column = { .kind = JR_CELL_RATE };
	g_autofree char *shown = jr_table_show(work->table, &column, &gap);

	jr_table_say(work->table,
		     "%" G_GINT64_FORMAT
		     " of ours, %u of theirs, %" G_GINT64_FORMAT
		     " on both sides; of these %s are not "
		     "delivered by their word (over 5 %% means that carriers "
		     "filter)",
		     work->ours, g_hash_table_size(work->theirs), work->matched,
		     shown);
	work->table->alarm = jr_table_rows(work->table) > 0;
}

JrTable *jr_report_reconcile(JrFlow *flow, const JrReportAsk *ask,
			     GError **error)
{
	g_autoptr(GHashTable) theirs = g_hash_table_new_full(
		g_str_hash, g_str_equal, NULL, free_theirs);
	g_autoptr(GHashTable) providers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(JrTable) table = jr_table_new(
		"reconcile", "Where our sends and the provider's list differ",
		columns, G_N_ELEMENTS(columns));
	Work work = { .flow = flow,
		      .table = table,
		      .theirs = theirs,
		      .providers = providers };
	gint64 from_s, until_s;

	table->empty = "nowhere";
	if (!open_list(&work, ask->operand, error))
		return NULL;
	span_of(&work, ask, &from_s, &until_s);
	if (!jr_audit_sends(flow->db, from_s, until_s, compare, &work, error))
		return NULL;
	put_unseen(&work);
	sum_up(&work);
	return g_steal_pointer(&table);
}
