/* Definitions that are new or changed: everyone is looked at, in pages. */
#include "base/crash.h"
#include "flow/segment/impl.h"

/*
 * Of people, with what is known of them, in a transaction: some 30,000 of them,
 * which takes a fraction of a second.
 */
#define PAGE_BYTES ((gsize)8 * 1024 * 1024)

/* A build under way, of all that were chosen together. */
typedef struct {
	JrSegmenter *segmenter;
	const JrSegmentStored *stored;
	JrSegmentBuild *builds; /* one for each definition */
	gint64 after;		/* the last person looked at */
	gboolean more;
} Build;

/* Mark those that may have to be built; FALSE: none. */
static gboolean choose(Build *build)
{
	JrSegmenter *segmenter = build->segmenter;
	const JrSegmentStored *stored = build->stored;
	gboolean any = FALSE;

	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = jr_segment_def(segmenter, i);

		segmenter->asked[i] =
			def->expr &&
			(jr_segment_is_another(
				 segmenter, def,
				 jr_segment_stored(stored, def->name)) ||
			 jr_segment_build_of(stored, def->number));
		any |= segmenter->asked[i];
	}
	return any;
}

static gboolean begin_all(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Build *build = data;
	JrSegmenter *segmenter = build->segmenter;

	jr_segment_gather(segmenter);
	build->more = FALSE;
	build->after = G_MAXINT64;
	for (guint i = 0; i < segmenter->n; i++) {
		JrSegmentBuild *one = &build->builds[i];

		if (!segmenter->asked[i])
			continue;
		if (!jr_segment_build_begin(segmenter, i, one,
					    &segmenter->asked[i], error))
			return FALSE;
		if (!segmenter->asked[i])
			continue;
		build->more = TRUE;
		build->after = MIN(build->after, one->after_person);
	}
	jr_segment_prepare(segmenter);
	return TRUE;
}

/* What another has finished meanwhile is not asked any more; where two are at
 * it, each goes on behind what the other did. */
static gboolean drop_finished(Build *build, GError **error)
{
	JrSegmenter *segmenter = build->segmenter;
	gboolean some = FALSE, fewer = FALSE;
	gint64 after = G_MAXINT64;

	for (guint i = 0; i < segmenter->n; i++) {
		JrSegmentBuild *one = &build->builds[i];

		if (!segmenter->asked[i])
			continue;
		if (!jr_segment_build_goes_on(segmenter, i, one,
					      &segmenter->asked[i], error))
			return FALSE;
		some |= segmenter->asked[i];
		fewer |= !segmenter->asked[i];
		if (segmenter->asked[i])
			after = MIN(after, one->after_person);
	}
	if (some)
		build->after = after;
	if (fewer)
		jr_segment_prepare(segmenter);
	build->more = some;
	return TRUE;
}

static gboolean look_at_each(Build *build, const GArray *people, GError **error)
{
	for (guint i = 0; i < people->len; i++) {
		const JrPerson *person = &g_array_index(people, JrPerson, i);
		gboolean fresh =
			jr_segment_is_fresh(build->stored, person->person);

		build->after = person->person;
		if (!jr_segment_look(build->segmenter, person, !fresh, error))
			return FALSE;
	}
	return TRUE;
}

/* All from the first to the last, so their events are walked along, too. */
static gboolean look_at_people(Build *build, const GArray *people,
			       GError **error)
{
	JrSegmenter *segmenter = build->segmenter;
	gint64 first, last;
	gboolean ok;

	if (people->len == 0)
		return TRUE;
	first = g_array_index(people, JrPerson, 0).person;
	last = g_array_index(people, JrPerson, people->len - 1).person;
	ok = jr_segment_page_begin(segmenter, first, last, error) &&
	     jr_history_begin(segmenter->history, first, last, error) &&
	     look_at_each(build, people, error);
	jr_segment_page_end(segmenter);
	return ok;
}

/* What the page made of the counts, and that it is done. */
static gboolean keep_progress(Build *build, GError **error)
{
	JrSegmenter *segmenter = build->segmenter;

	for (guint i = 0; i < segmenter->n; i++) {
		JrSegmentBuild *one = &build->builds[i];

		if (!segmenter->asked[i])
			continue;
		one->entered += segmenter->enter[i];
		one->left += segmenter->leave[i];
		one->after_person = build->after;
		segmenter->enter[i] = segmenter->leave[i] = 0;
		if (!segmenter->flow->dry_run &&
		    !jr_segment_build_put(segmenter->flow->db, one, error))
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
	if (!drop_finished(build, error))
		return FALSE;
	if (!build->more)
		return TRUE;
	if (!jr_people_batch(db, build->after, PAGE_BYTES, segmenter->arena,
			     people, error) ||
	    !look_at_people(build, people, error))
		return FALSE;
	build->more = people->len > 0;
	if (people->len == 0)
		return TRUE;
	if (!segmenter->flow->dry_run && !jr_segment_write(segmenter, error))
		return FALSE;
	jr_crash_point("segment-page-written");
	return keep_progress(build, error);
}

static JrSegmentBuilt built_of(const Build *build, guint i)
{
	const JrSegmentDef *def = jr_segment_def(build->segmenter, i);

	return (JrSegmentBuilt){
		.segment = def->name,
		.why = jr_segment_why(build->stored, def),
		.enter = build->builds[i].entered,
		.leave = build->builds[i].left,
	};
}

/* From now on members are those that the definitions find. */
static gboolean finish(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Build *build = data;
	JrSegmenter *segmenter = build->segmenter;

	jr_segment_gather(segmenter);
	if (!drop_finished(build, error))
		return FALSE;
	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentBuilt built = built_of(build, i);

		if (segmenter->asked[i] &&
		    !jr_segment_build_end(segmenter, i, &built, error))
			return FALSE;
	}
	return TRUE;
}

static void tell_built(const Build *build)
{
	const JrSegmenter *segmenter = build->segmenter;

	for (guint i = 0; segmenter->options.built && i < segmenter->n; i++) {
		const JrSegmentBuilt built = built_of(build, i);

		if (segmenter->asked[i])
			segmenter->options.built(&built,
						 segmenter->options.user);
	}
}

static void warn_unknown(const JrAttributeUnknown *unknown, gpointer user)
{
	const JrSegmenter *segmenter = user;

	jr_segment_warn(segmenter,
			"%s:%u:%u: nobody has an attribute '%s'%s%s%s",
			segmenter->file->path, unknown->line, unknown->column,
			unknown->path, unknown->nearest ? ": write '" : "",
			unknown->nearest ? unknown->nearest : "",
			unknown->nearest ? "'" : "");
}

static void ask_names(JrSegmenter *segmenter)
{
	for (guint i = 0; i < segmenter->n; i++) {
		const JrSegmentDef *def = jr_segment_def(segmenter, i);

		if (segmenter->asked[i] && def->expr)
			jr_attribute_names_ask(segmenter->names, def->expr);
	}
}

static gboolean build_chosen(Build *build, GError **error)
{
	JrSegmenter *segmenter = build->segmenter;
	JrFlow *flow = segmenter->flow;
	gboolean whole;

	if (!(flow->dry_run ? jr_db_read : jr_db_write)(flow->db, begin_all,
							build, error))
		return FALSE;
	if (!build->more)
		return TRUE;
	whole = build->after == 0;
	ask_names(segmenter);
	while (build->more) {
		if (flow->stop && flow->stop())
			return TRUE; /* the next run goes on */
		if (!jr_segment_do(segmenter, look_at_page, build, error))
			return FALSE;
	}
	if (!flow->dry_run && !jr_segment_do(segmenter, finish, build, error))
		return FALSE;
	tell_built(build);
	/* Who goes on where another was has not seen all. */
	if (whole)
		jr_attribute_names_tell(segmenter->names, warn_unknown,
					segmenter);
	return TRUE;
}

gboolean jr_segment_build(JrSegmenter *segmenter, const JrSegmentStored *stored,
			  GError **error)
{
	g_autofree JrSegmentBuild *builds =
		g_new0(JrSegmentBuild, segmenter->n);
	Build build = { .segmenter = segmenter,
			.stored = stored,
			.builds = builds };
	gboolean ok;

	if (!choose(&build))
		return TRUE;
	segmenter->names = jr_attribute_names_new();
	segmenter->quiet = TRUE;
	ok = build_chosen(&build, error);
	segmenter->quiet = FALSE;
	g_clear_pointer(&segmenter->names, jr_attribute_names_free);
	return ok;
}
