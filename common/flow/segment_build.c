/* Definitions that are new, changed or gone: everyone is looked at, in pages.
 */
#include "base/crash.h"
#include "flow/segment_impl.h"
#include "store/log.h"

#include <string.h>

#define PAGE 1000 /* people in a transaction */
#define SEGMENTS_BYTES ((gsize)64 * 1024 * 1024)

static JrSegmentDef *def_at(const JrSegmenter *segmenter, guint i)
{
	return &g_array_index(segmenter->file->defs, JrSegmentDef, i);
}

/* What is stored of @def; NULL: nothing. */
static const JrSegment *stored_as(const GArray *stored, const char *name)
{
	for (guint i = 0; i < stored->len; i++) {
		const JrSegment *one = &g_array_index(stored, JrSegment, i);

		if (g_str_equal(one->name, name))
			return one;
	}
	return NULL;
}

/* Known is @is, or nothing: make it so that @def can have members. */
static gboolean sync_def(JrDb *db, JrSegmentDef *def, const JrSegment *is,
			 GError **error)
{
	gboolean manual = def->expr == NULL;
	JrSegment put = {
		.name = def->name,
		.hash = manual ? def->hash : NULL,
		.text = manual ? NULL : jr_expr_text(def->expr),
		.manual = manual,
	};

	def->number = is ? is->segment : 0;
	if (is && is->manual == manual)
		return TRUE;
	if (!jr_segment_put(db, &put, error))
		return FALSE;
	def->number = put.segment;
	return TRUE;
}

static gboolean sync_all(JrDb *db, gpointer data, GError **error)
{
	JrSegmenter *segmenter = data;
	g_autoptr(JrArena) arena = jr_arena_new(SEGMENTS_BYTES);
	g_autoptr(GArray) stored = g_array_new(FALSE, FALSE, sizeof(JrSegment));

	if (!jr_segments_load(db, arena, stored, error))
		return FALSE;
	for (guint i = 0; i < segmenter->n; i++) {
		JrSegmentDef *def = def_at(segmenter, i);

		if (!sync_def(db, def, stored_as(stored, def->name), error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_segment_sync(JrSegmenter *segmenter, GError **error)
{
	gboolean known = TRUE;

	for (guint i = 0; i < segmenter->n; i++)
		known &= def_at(segmenter, i)->number != 0;
	return known ||
	       jr_db_write(segmenter->flow->db, sync_all, segmenter, error);
}

/* A build under way. */
typedef struct {
	JrSegmenter *segmenter;
	JrArena *arena;
	GArray *stored; /* JrSegment */
	gint64 after;	/* the last person looked at */
	gboolean more;
	const JrSegment *gone; /* that is taken leave of */
	gint64 left;
} Build;

/* Mark those to be built; FALSE: none. */
static gboolean choose(Build *build)
{
	JrSegmenter *segmenter = build->segmenter;
	gboolean any = FALSE;

	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = def_at(segmenter, i);
		const JrSegment *is = stored_as(build->stored, def->name);

		segmenter->asked[i] =
			def->expr && (segmenter->options.rebuild || !is ||
				      g_strcmp0(is->hash, def->hash) != 0);
		any |= segmenter->asked[i];
	}
	return any;
}

/* Timers of the old definition. */
static gboolean drop_timers(JrDb *db, gpointer data, GError **error)
{
	const Build *build = data;

	for (guint i = 0; i < build->segmenter->n; i++) {
		g_autofree char *owner =
			g_strdup_printf("%" G_GINT64_FORMAT,
					def_at(build->segmenter, i)->number);

		if (build->segmenter->asked[i] &&
		    !jr_timers_drop(db, JR_TIMER_SEGMENT, owner, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean look_at_page(JrDb *db, gpointer data, GError **error)
{
	Build *build = data;
	JrSegmenter *segmenter = build->segmenter;
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(JrPerson));

	jr_segment_gather(segmenter);
	if (!jr_people_page(db, build->after, PAGE, segmenter->arena, people,
			    error))
		return FALSE;
	for (guint i = 0; i < people->len; i++) {
		const JrPerson *person = &g_array_index(people, JrPerson, i);

		build->after = person->person;
		if (!jr_segment_look(segmenter, person, TRUE, error))
			return FALSE;
	}
	build->more = people->len == PAGE;
	return segmenter->flow->dry_run || jr_segment_write(segmenter, error);
}

/* From now on members are those that the definition finds. */
static gboolean finish(JrDb *db, gpointer data, GError **error)
{
	const Build *build = data;
	JrSegmenter *segmenter = build->segmenter;

	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = def_at(segmenter, i);
		JrSegment put = {
			.name = def->name,
			.hash = def->hash,
			.built_s = jr_flow_now(segmenter->flow),
		};

		if (!segmenter->asked[i])
			continue;
		put.text = jr_expr_text(def->expr);
		if (!jr_segment_put(db, &put, error))
			return FALSE;
	}
	return TRUE;
}

static void tell_built(const Build *build)
{
	JrSegmenter *segmenter = build->segmenter;

	for (guint i = 0; segmenter->options.built && i < segmenter->n; i++) {
		const JrSegmentDef *def = def_at(segmenter, i);
		const JrSegment *is = stored_as(build->stored, def->name);
		const JrSegmentBuilt built = {
			.segment = def->name,
			.why = !is || !is->hash			  ? "new"
			       : g_str_equal(is->hash, def->hash) ? "rebuilt"
								  : "changed",
			.enter = segmenter->enter[i],
			.leave = segmenter->leave[i],
		};

		if (segmenter->asked[i])
			segmenter->options.built(&built,
						 segmenter->options.user);
	}
}

static gboolean build_chosen(Build *build, GError **error)
{
	JrSegmenter *segmenter = build->segmenter;
	JrFlow *flow = segmenter->flow;

	if (!flow->dry_run && !jr_db_write(flow->db, drop_timers, build, error))
		return FALSE;
	for (build->more = TRUE; build->more;) {
		if (flow->stop && flow->stop())
			return TRUE; /* the next run begins it anew */
		if (flow->dry_run) {
			if (!jr_db_read(flow->db, look_at_page, build, error))
				return FALSE;
			continue;
		}
		if (!jr_db_write(flow->db, look_at_page, build, error))
			return FALSE;
		jr_crash_point("segment-page-kept");
		if (!jr_segment_tell(segmenter, error))
			return FALSE;
	}
	if (!flow->dry_run && !jr_db_write(flow->db, finish, build, error))
		return FALSE;
	tell_built(build);
	return TRUE;
}

/* Members leave, a page at a time; then it is forgotten. */
static gboolean leave_page(JrDb *db, gpointer data, GError **error)
{
	Build *build = data;
	JrSegmenter *segmenter = build->segmenter;
	g_autoptr(GArray) members =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentMember));
	g_autofree JrMemberChange *changes = g_new0(JrMemberChange, PAGE);
	g_autofree JrPerson *people = g_new0(JrPerson, PAGE);
	gint64 number = build->gone->segment;

	jr_segment_gather(segmenter);
	if (!jr_segment_page(db, number, 0, PAGE, members, error))
		return FALSE;
	build->more = members->len > 0;
	if (!build->more)
		return jr_segment_drop(db, number, error);
	for (guint i = 0; i < members->len; i++)
		changes[i].person = people[i].person =
			g_array_index(members, JrSegmentMember, i).person;
	if (!jr_people_load(db, people, members->len, segmenter->arena, error))
		return FALSE;
	for (guint i = 0; i < members->len; i++)
		if (people[i].person)
			jr_segment_gather_row(segmenter, build->gone->name,
					      &people[i], FALSE, TRUE);
	build->left += members->len;
	return jr_segment_change(db, number, jr_flow_now(segmenter->flow),
				 changes, members->len, error) &&
	       jr_segment_write(segmenter, error);
}

static gboolean take_leave(Build *build, GError **error)
{
	JrSegmenter *segmenter = build->segmenter;
	JrFlow *flow = segmenter->flow;
	JrSegmentBuilt built = { build->gone->name, "removed", 0,
				 build->gone->size };

	build->left = 0;
	for (build->more = !flow->dry_run; build->more;) {
		if (!jr_db_write(flow->db, leave_page, build, error) ||
		    !jr_segment_tell(segmenter, error))
			return FALSE;
		built.leave = build->left;
	}
	if (segmenter->options.built)
		segmenter->options.built(&built, segmenter->options.user);
	return TRUE;
}

/* Lists that people made stay, though no file says so. */
static gboolean take_leave_of_gone(Build *build, GError **error)
{
	for (guint i = 0; i < build->stored->len; i++) {
		build->gone = &g_array_index(build->stored, JrSegment, i);
		if (!build->gone->manual &&
		    !jr_segment_file_find(build->segmenter->file,
					  build->gone->name) &&
		    !take_leave(build, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_segment_build(JrSegmenter *segmenter, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(SEGMENTS_BYTES);
	g_autoptr(GArray) stored = g_array_new(FALSE, FALSE, sizeof(JrSegment));
	Build build = { .segmenter = segmenter,
			.arena = arena,
			.stored = stored };

	if (!jr_segments_load(segmenter->flow->db, arena, stored, error))
		return FALSE;
	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegment *is =
			stored_as(stored, def_at(segmenter, i)->name);

		if (is)
			def_at(segmenter, i)->number = is->segment;
	}
	return (!choose(&build) || build_chosen(&build, error)) &&
	       take_leave_of_gone(&build, error);
}
