#include "flow/schedule/known.h"
#include "base/doc.h"
#include "io/json.h"
#include "rules/sms.h"
#include "store/people.h"

#include <string.h>

#define PEOPLE_PAGE 1000
#define TELL_MS 200
#define EVENTS_PAGE 5000
#define EVENTS_MAX 100000 /* newest rows of the log that are looked at */
#define DEPTH_MAX 4	  /* of maps in maps */
#define ARENA_BYTES ((gsize)256 * 1024 * 1024)

/* The longest values at one path; either may be NULL. */
typedef struct {
	json_t *plain, *wide; /* wide: a text that GSM-7 cannot say */
	guint plain_units, wide_units;
} Longest;

/* What maps of one kind hold: path to Longest *. */
typedef struct {
	GHashTable *paths;
	GPtrArray *names; /* of paths, sorted, NULL at the end; borrowed */
} Shape;

struct _JrKnown {
	const JrFlow *flow;
	const JrCheckTell *tell; /* while it is made */
	gint64 looked, told_ms; /* at how many people; and when that was told */
	JrArena *arena;		/* of a page, then of what is filled */
	Shape people;
	gboolean anybody;
	GHashTable
		*events; /* name of an event that is asked about to Shape * */
	GHashTable *prefixes; /* the same of "test*" */
	GHashTable *came;     /* names of events that came, or will */
	GPtrArray *names;     /* the same, sorted, NULL at the end; borrowed */
};

static void longest_free(gpointer data)
{
	Longest *longest = data;

	json_decref(longest->plain);
	json_decref(longest->wide);
	g_free(longest);
}

static void shape_init(Shape *shape)
{
	shape->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     longest_free);
}

static void shape_clear(Shape *shape)
{
	g_hash_table_unref(shape->paths);
	g_clear_pointer(&shape->names, g_ptr_array_unref);
}

static void shape_free(gpointer shape)
{
	shape_clear(shape);
	g_free(shape);
}

/* ---- looking ---- */

static Longest *longest_at(Shape *shape, const char *path)
{
	Longest *longest = g_hash_table_lookup(shape->paths, path);

	if (!longest) {
		longest = g_new0(Longest, 1);
		g_hash_table_insert(shape->paths, g_strdup(path), longest);
	}
	return longest;
}

static void keep_longer(json_t **kept, guint *kept_units, guint units,
			const JrVal *val)
{
	if (*kept && units <= *kept_units)
		return;
	json_decref(*kept);
	*kept = jr_doc_of_val(val);
	*kept_units = units;
}

static void see_val(Longest *longest, const JrVal *val)
{
	g_autoptr(GString) json = NULL;
	JrSmsCount count;

	if (val->type == JR_VAL_TEXT) {
		count = jr_sms_count(val->text);
		if (count.encoding == JR_SMS_UCS2)
			keep_longer(&longest->wide, &longest->wide_units,
				    count.units, val);
		else
			keep_longer(&longest->plain, &longest->plain_units,
				    count.units, val);
		return;
	}
	json = g_string_new(NULL);
	jr_val_write(val, json);
	keep_longer(&longest->plain, &longest->plain_units, (guint)json->len,
		    val);
}

/* All of @map, whose names begin with @prefix. */
static void see_map(Shape *shape, const JrVal *map, const char *prefix,
		    guint depth)
{
	for (guint32 i = 0; i < map->len; i++) {
		const JrMember *member = &map->members[i];
		g_autofree char *path =
			*prefix ? g_strconcat(prefix, ".", member->key, NULL)
				: g_strdup(member->key);
		Longest *longest = longest_at(shape, path);

		if (member->val.type != JR_VAL_MAP)
			see_val(longest, &member->val);
		else if (depth < DEPTH_MAX)
			see_map(shape, &member->val, path, depth + 1);
	}
}

static gboolean see_person(JrKnown *known, const JrPerson *person,
			   GError **error)
{
	const JrVal *values;

	known->anybody = TRUE;
	if (!person->attributes)
		return TRUE;
	values = jr_json_parse(known->arena, person->attributes,
			       strlen(person->attributes), error);
	if (values && values->type == JR_VAL_MAP)
		see_map(&known->people, values, "", 1);
	return values != NULL;
}

/* Whoever has a thousand people or more hears of it at once, then every
 * fifth of a second. */
static void tell_looked(JrKnown *known, guint n)
{
	gint64 now_ms = jr_clock_ticks_ms();

	known->looked += n;
	if (n < PEOPLE_PAGE || !known->tell->looked ||
	    now_ms - known->told_ms < TELL_MS)
		return;
	known->told_ms = now_ms;
	known->tell->looked(known->tell->user, known->looked);
}

static gboolean see_people(JrKnown *known, GError **error)
{
	g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(JrPerson));
	gint64 after = 0;

	do {
		jr_arena_reset(known->arena);
		g_array_set_size(page, 0);
		if (!jr_people_page(known->flow->db, after, PEOPLE_PAGE,
				    known->arena, page, error))
			return FALSE;
		for (guint i = 0; i < page->len; i++) {
			const JrPerson *person =
				&g_array_index(page, JrPerson, i);

			after = person->person;
			if (!see_person(known, person, error))
				return FALSE;
		}
		tell_looked(known, page->len);
	} while (page->len == PEOPLE_PAGE);
	return TRUE;
}

static gboolean is_of(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix) - strlen("*")) == 0;
}

/* Those who want to know what events called @name hold. */
static GPtrArray *who_asks(JrKnown *known, const char *name)
{
	GPtrArray *shapes = g_ptr_array_new();
	Shape *own = g_hash_table_lookup(known->events, name);
	gpointer prefix, shape;
	GHashTableIter iter;

	if (own)
		g_ptr_array_add(shapes, own);
	g_hash_table_iter_init(&iter, known->prefixes);
	while (g_hash_table_iter_next(&iter, &prefix, &shape))
		if (is_of(name, prefix))
			g_ptr_array_add(shapes, shape);
	return shapes;
}

static gboolean see_event(JrKnown *known, const JrLogRow *row, GError **error)
{
	g_autoptr(GPtrArray) shapes = NULL;
	const JrVal *values;

	if (!row->name)
		return TRUE;
	if (row->kind != JR_LOG_TRIGGER)
		g_hash_table_add(known->came, g_strdup(row->name));
	if (!row->data)
		return TRUE;
	shapes = who_asks(known, row->name);
	if (shapes->len == 0)
		return TRUE;
	values = jr_json_parse(known->arena, row->data, row->data_len, error);
	for (guint i = 0;
	     values && values->type == JR_VAL_MAP && i < shapes->len; i++)
		see_map(shapes->pdata[i], values, "", 1);
	return values != NULL;
}

static gboolean see_events(JrKnown *known, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrLogRow));
	JrLogQuery query = { .limit = EVENTS_PAGE,
			     .kinds =
				     JR_LOG_EVENTS | JR_LOG_BIT(JR_LOG_TRIGGER),
			     .with_data = TRUE };
	gint64 last = 0;

	if (!jr_log_last(known->flow->db, &last, error))
		return FALSE;
	last = MAX(last - EVENTS_MAX, 0);
	do {
		query.after = last;
		jr_arena_reset(known->arena);
		g_array_set_size(rows, 0);
		if (!jr_log_read(known->flow->db, &query, known->arena, rows,
				 &last, error))
			return FALSE;
		for (guint i = 0; i < rows->len; i++)
			if (!see_event(known, &g_array_index(rows, JrLogRow, i),
				       error))
				return FALSE;
	} while (last > query.after);
	return TRUE;
}

/* What a workflow sets, people will have; what it tracks, will come. */
static void see_acts(JrKnown *known, const JrWorkflow *workflow)
{
	for (guint i = 0; i < workflow->n_steps; i++) {
		const JrStep *step = &workflow->steps[i];

		if (step->kind == JR_STEP_TRACK)
			g_hash_table_add(known->came, g_strdup(step->name));
		const JrVal *given = step->kind == JR_STEP_SET && step->form
					     ? jr_form_val(step->form)
					     : NULL;

		for (guint32 m = 0;
		     given && given->type == JR_VAL_MAP && m < given->len; m++)
			longest_at(&known->people, given->members[m].key);
	}
}

/* ---- what was seen ---- */

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The keys of @table, sorted, into *@names if they are not there yet. */
static const char *const *sorted(GHashTable *table, GPtrArray **names)
{
	GHashTableIter iter;
	gpointer name;

	if (*names)
		return (const char *const *)(*names)->pdata;
	*names = g_ptr_array_new();
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_ptr_array_add(*names, name);
	g_ptr_array_sort(*names, by_name);
	g_ptr_array_add(*names, NULL);
	return (const char *const *)(*names)->pdata;
}

static const char *const *names_of(Shape *shape)
{
	return sorted(shape->paths, &shape->names);
}

/* The map below @root that @path is in, made where it is not there. */
static json_t *map_for(json_t *root, const char *path, const char **name)
{
	const char *dot;

	for (*name = path; (dot = strchr(*name, '.')); *name = dot + 1) {
		g_autofree char *key = g_strndup(*name, dot - *name);
		json_t *map = json_object_get(root, key);

		if (!json_is_object(map)) {
			map = json_object();
			json_object_set_new(root, key, map);
		}
		root = map;
	}
	return root;
}

/* All that was seen as one map; @wide: where there are, such values. */
static json_t *make_map(Shape *shape, gboolean wide)
{
	json_t *root = json_object();

	for (const char *const *path = names_of(shape); *path; path++) {
		const Longest *longest =
			g_hash_table_lookup(shape->paths, *path);
		json_t *val = longest->plain;
		const char *name = *path;

		if (wide && longest->wide)
			val = longest->wide;
		if (val)
			json_object_set(map_for(root, *path, &name), name, val);
	}
	return root;
}

/* What templates of @workflow's messages may ask for. */
static const JrVal *make_vars(JrKnown *known, Shape *event, gboolean wide)
{
	g_autoptr(json_t) root = make_map(&known->people, wide);
	g_autoptr(json_t) properties =
		event ? make_map(event, wide) : json_object();
	g_autoptr(json_t) customer = json_deep_copy(root);
	g_autoptr(GString) json = g_string_new(NULL);

	json_object_set(root, "customer", customer);
	json_object_set(root, "event", properties);
	json_object_set(root, "trigger", properties);
	jr_doc_write(root, json);
	return jr_json_parse(known->arena, json->str, json->len, NULL);
}

/* Where events of that name are kept, with its star. */
static GHashTable *kind_of(const JrKnown *known, const char *name)
{
	return g_str_has_suffix(name, "*") ? known->prefixes : known->events;
}

static Shape *find_event(JrKnown *known, const char *name)
{
	Shape *event =
		name ? g_hash_table_lookup(kind_of(known, name), name) : NULL;

	return event && g_hash_table_size(event->paths) > 0 ? event : NULL;
}

static const char *const *properties_of(gpointer known, const char *name)
{
	Shape *event = find_event(known, name);

	return event ? names_of(event) : NULL;
}

void jr_known_fill(JrKnown *known, const JrWorkflow *workflow, JrLintAsk *ask)
{
	Shape *event = find_event(known, workflow->trigger.name);

	jr_arena_reset(known->arena);
	ask->longest = make_vars(known, event, FALSE);
	ask->widest = make_vars(known, event, TRUE);
	ask->attributes = known->anybody ? names_of(&known->people) : NULL;
	ask->events = g_hash_table_size(known->came) > 0
			      ? sorted(known->came, &known->names)
			      : NULL;
	ask->properties = event ? names_of(event) : NULL;
	ask->properties_of = properties_of;
	ask->known = known;
}

/* Look at events called @name, too. */
static void want_event(JrKnown *known, const char *name)
{
	GHashTable *events = name ? kind_of(known, name) : NULL;
	Shape *shape;

	if (!name || g_hash_table_contains(events, name))
		return;
	shape = g_new0(Shape, 1);
	shape_init(shape);
	g_hash_table_insert(events, g_strdup(name), shape);
}

static void want_looked(gpointer known, const JrExprLooked *looked)
{
	want_event(known, looked->event);
}

static void want_events(JrKnown *known, const JrWorkflow *workflow)
{
	static const JrExprVisitor visitor = { .looked = want_looked };

	jr_workflow_visit(workflow, &visitor, known);
	want_event(known, workflow->trigger.name);
	if (workflow->goal.kind == JR_GOAL_EVENT)
		want_event(known, workflow->goal.name);
	for (guint i = 0; i < workflow->n_steps; i++)
		for (guint j = 0; j < workflow->steps[i].n_arms; j++)
			want_event(known, workflow->steps[i].arms[j].event);
}

JrKnown *jr_known_new(const JrFlow *flow, const JrJourneyFiles *files,
		      const JrCheckTell *tell, GError **error)
{
	g_autoptr(JrKnown) known = g_new0(JrKnown, 1);
	const GPtrArray *all = jr_journey_files_all(files);

	known->flow = flow;
	known->tell = tell;
	known->arena = jr_arena_new(ARENA_BYTES);
	shape_init(&known->people);
	known->events = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					      shape_free);
	known->prefixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						shape_free);
	known->came =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < all->len; i++) {
		see_acts(known, all->pdata[i]);
		want_events(known, all->pdata[i]);
	}
	return see_people(known, error) && see_events(known, error)
		       ? g_steal_pointer(&known)
		       : NULL;
}

void jr_known_free(JrKnown *known)
{
	if (!known)
		return;
	g_hash_table_unref(known->events);
	g_hash_table_unref(known->prefixes);
	g_hash_table_unref(known->came);
	g_clear_pointer(&known->names, g_ptr_array_unref);
	shape_clear(&known->people);
	jr_arena_free(known->arena);
	g_free(known);
}
