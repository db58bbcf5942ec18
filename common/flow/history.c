#include "flow/history.h"

#include <string.h>

/* Events that are kept of a person; and looked at of one who is read alone. */
#define KEEP_MAX 4000
#define LOOK_MAX 1000

typedef struct {
	gint64 at_s, seq;
	const char *name;
} Event;

struct _JrHistory {
	JrDb *db;
	GHashTable *names;   /* asked for: owned texts */
	GPtrArray *prefixes; /* likewise: how names begin */
	JrEventWalk *walk;   /* of a page of people; or NULL */
	JrLogRow row;	     /* where the walk stands */
	gboolean found;	     /* it stands at a row */
	/* The person's: in the order of names, then of time. */
	GArray *events;	     /* Event */
	GPtrArray *times;    /* Event: the same, in the order of time; made when
			      * it is asked for */
	GStringChunk *texts; /* names that only begin as asked for */
	gboolean whole;	     /* all that is asked for is in events */
};

JrHistory *jr_history_new(JrDb *db)
{
	JrHistory *history = g_new0(JrHistory, 1);

	history->db = db;
	history->names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	history->prefixes = g_ptr_array_new_with_free_func(g_free);
	history->events = g_array_new(FALSE, FALSE, sizeof(Event));
	history->times = g_ptr_array_new();
	history->texts = g_string_chunk_new(512);
	return history;
}

void jr_history_free(JrHistory *history)
{
	if (!history)
		return;
	jr_event_walk_free(history->walk);
	g_hash_table_unref(history->names);
	g_ptr_array_unref(history->prefixes);
	g_array_unref(history->events);
	g_ptr_array_unref(history->times);
	g_string_chunk_free(history->texts);
	g_free(history);
}

void jr_history_ask_none(JrHistory *history)
{
	g_hash_table_remove_all(history->names);
	g_ptr_array_set_size(history->prefixes, 0);
}

void jr_history_ask(JrHistory *history, const char *name)
{
	gsize len = strlen(name);

	if (len > 0 && name[len - 1] == '*')
		g_ptr_array_add(history->prefixes, g_strndup(name, len - 1));
	else
		g_hash_table_add(history->names, g_strdup(name));
}

gboolean jr_history_asks(const JrHistory *history)
{
	return g_hash_table_size(history->names) > 0 ||
	       history->prefixes->len > 0;
}

static gboolean step(JrHistory *history, GError **error)
{
	return jr_event_walk_next(history->walk, &history->row, &history->found,
				  error);
}

gboolean jr_history_begin(JrHistory *history, gint64 first, gint64 last,
			  GError **error)
{
	if (!jr_history_asks(history))
		return TRUE;
	history->walk = jr_event_walk_new(history->db, first, last, error);
	return history->walk && step(history, error);
}

void jr_history_end(JrHistory *history)
{
	g_clear_pointer(&history->walk, jr_event_walk_free);
	history->found = FALSE;
}

/* @name as it is kept; NULL: nobody asks for it. */
static const char *keep_name(JrHistory *history, const char *name)
{
	const char *known = NULL;

	if (g_hash_table_lookup_extended(history->names, name,
					 (gpointer *)&known, NULL))
		return known;
	for (guint i = 0; i < history->prefixes->len; i++)
		if (g_str_has_prefix(name, history->prefixes->pdata[i]))
			return g_string_chunk_insert_const(history->texts,
							   name);
	return NULL;
}

/*
 * Keep the rows of @person, at which the walk stands, of which at most @most
 * are looked at.
 */
static gboolean keep_rows(JrHistory *history, gint64 person, guint most,
			  GError **error)
{
	const JrLogRow *row = &history->row;
	g_autoptr(GString) name = g_string_new(NULL); /* of the row before */
	const char *kept = NULL;
	gboolean any = FALSE;

	for (guint n = 0; history->found && row->person == person; n++) {
		history->whole &= n < most && history->events->len < KEEP_MAX;
		if (!history->whole && most == LOOK_MAX)
			return TRUE;
		if (!any || !g_str_equal(name->str, row->name)) {
			any = TRUE;
			g_string_assign(name, row->name);
			kept = keep_name(history, row->name);
		}
		if (kept && history->whole) {
			const Event event = { row->at_s, row->seq, kept };

			g_array_append_val(history->events, event);
		}
		if (!step(history, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean load_alone(JrHistory *history, gint64 person, GError **error)
{
	gboolean ok;

	if (!jr_history_begin(history, person, person, error))
		return FALSE;
	ok = keep_rows(history, person, LOOK_MAX, error);
	jr_history_end(history);
	return ok;
}

gboolean jr_history_load(JrHistory *history, gint64 person, GError **error)
{
	g_array_set_size(history->events, 0);
	g_ptr_array_set_size(history->times, 0);
	g_string_chunk_clear(history->texts);
	history->whole = TRUE;
	if (!jr_history_asks(history))
		return TRUE;
	if (!history->walk)
		return load_alone(history, person, error);
	/* Those of people who are gone, or no longer there, are passed by. */
	while (history->found && history->row.person < person)
		if (!step(history, error))
			return FALSE;
	return keep_rows(history, person, G_MAXUINT, error);
}

/* The events at hand, one by one. */
typedef struct {
	const JrFactEventQuery *query;
	JrFactEventFn each;
	gpointer user;
} Show;

static gboolean in_range(const Show *show, const Event *event)
{
	return event->at_s >= show->query->from_s &&
	       event->at_s <= show->query->until_s;
}

/* FALSE: no more are wanted. */
static gboolean show_one(const Show *show, const Event *event)
{
	const JrFactEvent one = { .at_s = event->at_s };

	return show->each(&one, show->user);
}

static const Event *event_at(const JrHistory *history, guint i)
{
	return &g_array_index(history->events, Event, i);
}

/* From which on, and before which, events have the @name: *@n of them. */
static guint find_name(const JrHistory *history, const char *name, guint *n)
{
	guint from = 0, until;

	while (from < history->events->len &&
	       strcmp(event_at(history, from)->name, name) != 0)
		from++;
	for (until = from;
	     until < history->events->len &&
	     event_at(history, until)->name == event_at(history, from)->name;)
		until++;
	*n = until - from;
	return from;
}

static int by_time(gconstpointer a, gconstpointer b)
{
	const Event *x = *(const Event *const *)a;
	const Event *y = *(const Event *const *)b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* All, by time. */
static const GPtrArray *sort_all(JrHistory *history)
{
	if (history->times->len == history->events->len)
		return history->times;
	for (guint i = 0; i < history->events->len; i++)
		g_ptr_array_add(history->times, (gpointer)event_at(history, i));
	g_ptr_array_sort(history->times, by_time);
	return history->times;
}

/* How many of them there are, until there is one. */
static gboolean note_any(const JrFactEvent *event, gpointer user)
{
	(void)event;
	*(gboolean *)user = TRUE;
	return FALSE;
}

static void show_named(const JrHistory *history, const Show *show)
{
	guint n, from = find_name(history, show->query->name, &n);

	for (guint i = 0; i < n; i++) {
		const Event *event = event_at(
			history, show->query->newest_first ? from + n - 1 - i
							   : from + i);

		if (in_range(show, event) && !show_one(show, event))
			return;
	}
}

static void show_begun(JrHistory *history, const Show *show)
{
	const GPtrArray *all = sort_all(history);

	for (guint i = 0; i < all->len; i++) {
		const Event *event =
			all->pdata[show->query->newest_first ? all->len - 1 - i
							     : i];

		if (in_range(show, event) &&
		    g_str_has_prefix(event->name, show->query->prefix) &&
		    !show_one(show, event))
			return;
	}
}

static void show_all(JrHistory *history, const Show *show)
{
	if (show->query->name)
		show_named(history, show);
	else
		show_begun(history, show);
}

gboolean jr_history_show(JrHistory *history, const JrFactEventQuery *query,
			 JrFactEventFn each, gpointer user)
{
	const Show show = { query, each, user };
	gboolean any = FALSE;
	const Show look = { query, note_any, &any };

	if (!history->whole)
		return FALSE;
	if (query->with_data) {
		/* Of most people there is none to be asked about. */
		show_all(history, &look);
		return !any;
	}
	show_all(history, &show);
	return TRUE;
}
