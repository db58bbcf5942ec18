#include "base/zone.h"
#include "base/error.h"

#include <string.h>

#define DAY_S 86400
#define MAX_UNKNOWN 1024 /* names remembered that are none */

/* Beyond this no clock has been set: years 0 to 9999, and a day more. */
#define FIRST_S (-62167219200 - DAY_S)
#define LAST_S (253402300799 + DAY_S)

/* From when, or earlier, until when clocks are not turned. */
typedef struct {
	gint64 from_s, until_s;
	gint32 offset;
} Stretch;

#define MAX_STRETCHES 8 /* remembered: who asks once asks again nearby */

/*
 * A block of some 18 hours in which clocks are not turned: GLib goes through
 * all that a zone ever did, for each question, and questions come in crowds.
 */
#define BLOCK_BITS 16
#define BLOCKS 128

typedef struct {
	gint64 number; /* of seconds / 2^BLOCK_BITS */
	gint32 offset;
	gboolean one; /* it is the same in all of it */
} Block;

struct _JrZone {
	char *id;
	GTimeZone *zone;
	Block blocks[BLOCKS]; /* by number */
	Stretch stretches[MAX_STRETCHES];
	guint oldest; /* of them, to be forgotten next */
};

struct _JrZones {
	GHashTable *known;   /* lower-case id -> JrZone */
	GHashTable *unknown; /* lower-case ids */
};

static void zone_free(gpointer data)
{
	JrZone *zone = data;

	g_time_zone_unref(zone->zone);
	g_free(zone->id);
	g_free(zone);
}

JrZones *jr_zones_new(void)
{
	JrZones *zones = g_new(JrZones, 1);

	zones->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     zone_free);
	zones->unknown =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return zones;
}

void jr_zones_free(JrZones *zones)
{
	if (!zones)
		return;
	g_hash_table_unref(zones->known);
	g_hash_table_unref(zones->unknown);
	g_free(zones);
}

/*
 * GLib would take any path and any POSIX rule ("Foo3") for a zone, and log a
 * critical for a file that is none.  IANA's names look like this; what they
 * begin with keeps "localtime", "posix/" and "right/" out.
 */
static gboolean looks_like_id(const char *id)
{
	guint parts = 1;

	if (!g_ascii_isalpha(*id) || strlen(id) > 64)
		return FALSE;
	for (const char *c = id; *c; c++) {
		if (*c == '/' && (!g_ascii_isalnum(c[1]) || ++parts > 3))
			return FALSE;
		if (!g_ascii_isalnum(*c) && !strchr("/_+-", *c))
			return FALSE;
	}
	return TRUE;
}

/* The entry of folder @path that is @part in some case; owned or NULL. */
static char *find_entry(const char *path, const char *part)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *entry;

	while (dir && (entry = g_dir_read_name(dir)))
		if (g_ascii_strcasecmp(entry, part) == 0)
			return g_strdup(entry);
	return NULL;
}

/* @id as tzdata spells it, when its file in @root is a zone's; owned. */
static char *find_spelling(const char *root, const char *id)
{
	g_auto(GStrv) parts = g_strsplit(id, "/", -1);
	g_autofree char *path = g_strdup(root);
	g_autofree char *text = NULL;
	gsize len;

	for (char **part = parts; *part; part++) {
		char *entry = find_entry(path, *part);
		char *longer;

		if (!entry)
			return NULL;
		g_free(*part);
		*part = entry;
		longer = g_build_filename(path, entry, NULL);
		g_free(path);
		path = longer;
	}
	if (!g_ascii_isupper(*parts[0]) ||
	    !g_file_get_contents(path, &text, &len, NULL) || len < 4 ||
	    memcmp(text, "TZif", 4) != 0) /* RFC 8536 */
		return NULL;
	return g_strjoinv("/", parts);
}

static JrZone *zone_open(const char *id)
{
	const char *root = g_getenv("TZDIR"); /* where GLib looks, too */
	GTimeZone *system;
	char *spelling;
	JrZone *zone;

	if (!looks_like_id(id))
		return NULL;
	/* UTC needs no file: it is there without tzdata. */
	spelling = g_ascii_strcasecmp(id, "UTC") == 0
			   ? g_strdup("UTC")
			   : find_spelling(root ? root : "/usr/share/zoneinfo",
					   id);
	system = spelling ? g_time_zone_new_identifier(spelling) : NULL;
	if (!system) {
		g_free(spelling);
		return NULL;
	}
	zone = g_new(JrZone, 1);
	*zone = (JrZone){ .id = spelling, .zone = system };
	for (guint i = 0; i < BLOCKS; i++)
		zone->blocks[i].number = G_MAXINT64;
	return zone;
}

JrZone *jr_zones_get(JrZones *zones, const char *id, GError **error)
{
	g_autofree char *key = g_ascii_strdown(id, -1);
	JrZone *zone = g_hash_table_lookup(zones->known, key);

	if (zone)
		return zone;
	if (!g_hash_table_contains(zones->unknown, key))
		zone = zone_open(id);
	if (zone) {
		g_hash_table_insert(zones->known, g_steal_pointer(&key), zone);
		return zone;
	}
	/* What does not even look like one may be anything, and private. */
	if (looks_like_id(id))
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "no time zone '%s': write one like 'Europe/Paris'",
			    id);
	else
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "not a time zone: write one like 'Europe/Paris'");
	if (g_hash_table_size(zones->unknown) >= MAX_UNKNOWN)
		g_hash_table_remove_all(zones->unknown);
	if (strlen(key) <= 64)
		g_hash_table_add(zones->unknown, g_steal_pointer(&key));
	return NULL;
}

const char *jr_zone_id(const JrZone *zone)
{
	return zone->id;
}

static int interval_at(JrZone *zone, gint64 at_s)
{
	return g_time_zone_find_interval(zone->zone, G_TIME_TYPE_UNIVERSAL,
					 at_s);
}

static const Stretch *recall(const JrZone *zone, gint64 at_s)
{
	for (guint i = 0; i < MAX_STRETCHES; i++) {
		const Stretch *stretch = &zone->stretches[i];

		if (at_s >= stretch->from_s && at_s < stretch->until_s)
			return stretch;
	}
	return NULL;
}

/* From @at_s until @until_s it is @offset. */
static void remember(JrZone *zone, gint64 at_s, gint64 until_s, gint32 offset)
{
	Stretch *stretch = zone->stretches;

	/* Of one that ends there the beginning was not known yet. */
	for (guint i = 0; i < MAX_STRETCHES; i++, stretch++)
		if (stretch->until_s == until_s && stretch->offset == offset) {
			stretch->from_s = MIN(stretch->from_s, at_s);
			return;
		}
	zone->stretches[zone->oldest] = (Stretch){ at_s, until_s, offset };
	zone->oldest = (zone->oldest + 1) % MAX_STRETCHES;
}

static void look_at_block(JrZone *zone, gint64 number, Block *block)
{
	gint64 first_s = number * (1 << BLOCK_BITS);
	int first = interval_at(zone, first_s);

	block->number = number;
	block->one =
		interval_at(zone, first_s + (1 << BLOCK_BITS) - 1) == first;
	block->offset = g_time_zone_get_offset(zone->zone, first);
}

gint32 jr_zone_offset(JrZone *zone, gint64 at_s)
{
	gint64 number = at_s >> BLOCK_BITS;
	Block *block;

	if (!zone)
		return 0;
	block = &zone->blocks[number & (BLOCKS - 1)];
	if (block->number != number)
		look_at_block(zone, number, block);
	if (block->one)
		return block->offset;
	return g_time_zone_get_offset(zone->zone, interval_at(zone, at_s));
}

const char *jr_zone_abbreviation(JrZone *zone, gint64 at_s)
{
	if (!zone)
		return "UTC";
	return g_time_zone_get_abbreviation(zone->zone,
					    interval_at(zone, at_s));
}

/* The first instant after @at_s that is in a later interval, or G_MAXINT64. */
static gint64 interval_end(JrZone *zone, gint64 at_s)
{
	int here = interval_at(zone, at_s);
	gint64 step = DAY_S, before = at_s, after = at_s;

	while (interval_at(zone, after) == here) {
		if (after >= LAST_S)
			return G_MAXINT64;
		before = after;
		after = MIN(after + step, LAST_S);
		step *= 2;
	}
	while (after - before > 1) {
		gint64 middle = before + (after - before) / 2;

		if (interval_at(zone, middle) == here)
			before = middle;
		else
			after = middle;
	}
	return after;
}

gint64 jr_zone_next_change(JrZone *zone, gint64 at_s)
{
	gint64 from = MAX(at_s, FIRST_S), at = from;
	const Stretch *stretch = zone ? recall(zone, from) : NULL;
	gint32 offset;

	if (!zone)
		return G_MAXINT64;
	if (stretch)
		return stretch->until_s;
	offset = jr_zone_offset(zone, from);
	/* An interval may differ from the last in its name only. */
	do
		at = interval_end(zone, at);
	while (at != G_MAXINT64 && jr_zone_offset(zone, at) == offset);
	remember(zone, from, at, offset);
	return at;
}
