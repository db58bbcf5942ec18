#include "flow/report/their_list.h"
#include "base/error.h"
#include "base/instant.h"
#include "io/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

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

static const struct {
	const char *status;
	JrFate fate;
} fates[] = {
	{ "accepted", JR_FATE_UNDER_WAY },
	{ "scheduled", JR_FATE_UNDER_WAY },
	{ "queued", JR_FATE_UNDER_WAY },
	{ "sending", JR_FATE_UNDER_WAY },
	{ "sent", JR_FATE_UNDER_WAY },
	{ "buffered", JR_FATE_UNDER_WAY },
	{ "delivery_unconfirmed", JR_FATE_UNDER_WAY },
	{ "delivered", JR_FATE_DELIVERED },
	{ "received", JR_FATE_DELIVERED },
	{ "read", JR_FATE_DELIVERED },
	{ "undelivered", JR_FATE_FAILED },
	{ "failed", JR_FATE_FAILED },
	{ "canceled", JR_FATE_FAILED },
	{ "expired", JR_FATE_FAILED },
	{ "sending_failed", JR_FATE_FAILED },
	{ "delivery_failed", JR_FATE_FAILED },
	{ "bounced", JR_FATE_FAILED },
	{ "undeliverable", JR_FATE_FAILED },
};

static void free_theirs(gpointer data)
{
	JrTheirs *t = data;

	g_free(t->id);
	g_free(t->status);
	g_free(t->unit);
	g_free(t);
}

void jr_their_list_init(JrTheirList *list, JrZones *zones)
{
	list->zones = zones;
	list->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					  free_theirs);
	list->providers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void jr_their_list_clear(JrTheirList *list)
{
	g_hash_table_unref(list->all);
	g_hash_table_unref(list->providers);
}

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

#define ABSURD 1e12 /* no price and no count, whoever says so */

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
	return (!end || (end != val->text && !*end)) &&
	       fabs(*number) < ABSURD; /* nor is what is no number */
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

static gint64 read_date(JrZones *zones, const char *text)
{
	JrZone *utc = jr_zones_get(zones, "UTC", NULL);
	gint64 at_ms;

	if (!text)
		return 0;
	if (jr_instant_parse(text, utc, &at_ms, NULL))
		return at_ms / 1000;
	return read_mail_date(text);
}

static JrFate fate_of(const char *status)
{
	for (guint i = 0; status && i < G_N_ELEMENTS(fates); i++)
		if (g_ascii_strcasecmp(fates[i].status, status) == 0)
			return fates[i].fate;
	return JR_FATE_OTHER;
}

static void take(JrTheirList *list, const JrRecord *record)
{
	const char *id = text_of(record->val, ids);
	const char *way = jr_val_get_text(record->val, "direction");
	const char *provider = jr_val_get_text(record->val, "provider");
	g_autofree char *line = NULL;
	JrTheirs *t;
	double number;

	if (way && g_str_has_prefix(way, "inbound"))
		return;
	if (!id) {
		line = g_strdup_printf("line %" G_GUINT64_FORMAT, record->line);
		list->bad(list, "no message", line);
		return;
	}
	t = g_new0(JrTheirs, 1);
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
		g_hash_table_add(list->providers, g_strdup(provider));
	t->at_s = read_date(list->zones, text_of(record->val, dates));
	g_hash_table_replace(list->all, t->id, t);
}

static gboolean read_list(JrTheirList *list, int fd, const char *name,
			  GError **error)
{
	g_autoptr(JrReader) in = jr_reader_new(fd, name);
	JrRecord record;
	JrRead read;

	while ((read = jr_reader_next(in, &record, error)) != JR_READ_END) {
		if (read == JR_READ_FAILED)
			return FALSE;
		if (read == JR_READ_RECORD) {
			take(list, &record);
		} else {
			g_autofree char *line = g_strdup_printf(
				"line %" G_GUINT64_FORMAT, record.line);
			list->bad(list, "no record", line);
		}
		jr_reader_release(in);
	}
	return TRUE;
}

gboolean jr_their_list_read(JrTheirList *list, const char *path, GError **error)
{
	gboolean ok;
	int fd;

	if (!path || g_str_equal(path, "-"))
		return read_list(list, STDIN_FILENO, "stdin", error);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "cannot read '%s': %s", path, g_strerror(errno));
		return FALSE;
	}
	ok = read_list(list, fd, path, error);
	close(fd);
	return ok;
}
