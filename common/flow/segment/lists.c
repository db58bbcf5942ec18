/*
 * Lists that are new, or another file: those are looked at whose place on the
 * list and in the segment differ, not everyone.  Records that change a list are
 * news of a person, as all records are, and no business of this file.
 */
#include "base/crash.h"
#include "flow/segment/impl.h"
#include "store/lists.h"

#include <string.h>

#define PAGE 2000 /* people in a transaction */

typedef struct {
	JrSegmenter *segmenter;
	const JrSegmentStored *stored;
	guint i; /* the definition */
	JrSegmentBuild build;
	gboolean news;	/* who enters and leaves is news */
	GArray *wanted; /* gint64: who is on the list, in rising order */
	gint64 after;	/* the last member looked at */
	guint at;	/* how far in wanted we are */
	gboolean more;
	GHashTable *seen; /* gint64: whom a dry run looked at */
} Lists;

static gboolean is_wanted(const GArray *wanted, gint64 person)
{
	guint from = 0, until = wanted->len;

	while (from < until) {
		guint middle = from + (until - from) / 2;
		gint64 one = g_array_index(wanted, gint64, middle);

		if (one == person)
			return TRUE;
		if (one < person)
			from = middle + 1;
		else
			until = middle;
	}
	return FALSE;
}

static void add_subject(const Lists *lists, gint64 person, GArray *subjects)
{
	const JrSegmentSubject one = {
		.person = person,
		.history = !lists->news &&
			   !jr_segment_is_fresh(lists->stored, person),
	};

	g_array_append_val(subjects, one);
}

/* Members who are not on the list: a page of members. */
static gboolean find_leaving(Lists *lists, GArray *subjects, GError **error)
{
	const JrSegmentDef *def = jr_segment_def(lists->segmenter, lists->i);
	g_autoptr(GArray) members =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentMember));

	if (!jr_segment_page(lists->segmenter->flow->db, def->number,
			     lists->after, PAGE, members, error))
		return FALSE;
	for (guint i = 0; i < members->len; i++) {
		gint64 person =
			g_array_index(members, JrSegmentMember, i).person;

		lists->after = person;
		if (!is_wanted(lists->wanted, person))
			add_subject(lists, person, subjects);
	}
	lists->more = members->len == PAGE;
	return TRUE;
}

/* Those on the list who are no members: a page of the list. */
static gboolean find_entering(Lists *lists, GArray *subjects, GError **error)
{
	const JrSegmentDef *def = jr_segment_def(lists->segmenter, lists->i);
	guint until = MIN(lists->wanted->len, lists->at + PAGE);

	for (; lists->at < until; lists->at++) {
		gint64 person = g_array_index(lists->wanted, gint64, lists->at);
		gboolean yes;

		if (!jr_segment_has(lists->segmenter->flow->db, def->number,
				    person, &yes, NULL, error))
			return FALSE;
		if (!yes)
			add_subject(lists, person, subjects);
	}
	lists->more = lists->at < lists->wanted->len;
	return TRUE;
}

/* Who entered and left until now; also when they were looked at for a list
 * before this one. */
static void take_counts(Lists *lists)
{
	JrSegmenter *segmenter = lists->segmenter;
	gint64 *enter = &segmenter->enter[lists->i];
	gint64 *leave = &segmenter->leave[lists->i];

	lists->build.entered += *enter;
	lists->build.left += *leave;
	*enter = *leave = 0;
}

/* A dry run keeps nothing: whom it looks at again is counted for this list, but
 * not once more for others. */
static gboolean look_again(Lists *lists, GArray *subjects, GError **error)
{
	JrSegmenter *segmenter = lists->segmenter;
	gsize bytes = segmenter->n * sizeof(gint64);
	g_autofree gint64 *enter = g_memdup2(segmenter->enter, bytes);
	g_autofree gint64 *leave = g_memdup2(segmenter->leave, bytes);

	if (!jr_segment_look_at(segmenter, subjects, error))
		return FALSE;
	enter[lists->i] = segmenter->enter[lists->i];
	leave[lists->i] = segmenter->leave[lists->i];
	memcpy(segmenter->enter, enter, bytes);
	memcpy(segmenter->leave, leave, bytes);
	return TRUE;
}

static gboolean rehearse(Lists *lists, const GArray *subjects, GError **error)
{
	g_autoptr(GArray) first =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));
	g_autoptr(GArray) again =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));

	for (guint i = 0; i < subjects->len; i++) {
		const JrSegmentSubject *one =
			&g_array_index(subjects, JrSegmentSubject, i);
		gboolean is_new = g_hash_table_add(
			lists->seen,
			g_memdup2(&one->person, sizeof one->person));

		g_array_append_val(is_new ? first : again, *one);
	}
	if (!jr_segment_look_at(lists->segmenter, first, error) ||
	    !look_again(lists, again, error))
		return FALSE;
	take_counts(lists);
	return TRUE;
}

/* Look at @subjects, and keep how many entered and left until here. */
static gboolean look_at(Lists *lists, GArray *subjects, GError **error)
{
	JrSegmenter *segmenter = lists->segmenter;

	if (segmenter->flow->dry_run)
		return rehearse(lists, subjects, error);
	if (!jr_segment_look_at(segmenter, subjects, error))
		return FALSE;
	take_counts(lists);
	if (!jr_segment_write(segmenter, error))
		return FALSE;
	jr_crash_point("segment-list-written");
	return jr_segment_build_put(segmenter->flow->db, &lists->build, error);
}

/* Not when another has done it meanwhile. */
static gboolean go_on(Lists *lists, GError **error)
{
	return jr_segment_build_goes_on(lists->segmenter, lists->i,
					&lists->build, &lists->more, error);
}

typedef gboolean (*FindFn)(Lists *lists, GArray *subjects, GError **error);

/* A page of those whom @find finds. */
static gboolean do_page(Lists *lists, FindFn find, GError **error)
{
	g_autoptr(GArray) subjects =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentSubject));

	jr_segment_gather(lists->segmenter);
	if (!go_on(lists, error))
		return FALSE;
	return !lists->more || (find(lists, subjects, error) &&
				look_at(lists, subjects, error));
}

static gboolean leave_page(JrDb *db G_GNUC_UNUSED, gpointer data,
			   GError **error)
{
	return do_page(data, find_leaving, error);
}

static gboolean enter_page(JrDb *db G_GNUC_UNUSED, gpointer data,
			   GError **error)
{
	return do_page(data, find_entering, error);
}

/* All who are on the list: a number for each. */
static gboolean read_wanted(Lists *lists, GError **error)
{
	const JrSegmentDef *def = jr_segment_def(lists->segmenter, lists->i);
	JrDb *db = lists->segmenter->flow->db;
	guint before;
	gint64 after = 0;

	if (def->list)
		return jr_segment_list_people(def->list, db, lists->wanted,
					      error);
	do {
		before = lists->wanted->len;
		if (!jr_list_page(db, def->name, after, PAGE, lists->wanted,
				  error))
			return FALSE;
		if (lists->wanted->len > before)
			after = g_array_index(lists->wanted, gint64,
					      lists->wanted->len - 1);
	} while (lists->wanted->len - before == PAGE);
	return TRUE;
}

static JrSegmentBuilt built_of(const Lists *lists)
{
	const JrSegmentDef *def = jr_segment_def(lists->segmenter, lists->i);

	return (JrSegmentBuilt){
		.segment = def->name,
		.why = jr_segment_why(lists->stored, def),
		.enter = lists->build.entered,
		.leave = lists->build.left,
	};
}

static gboolean finish(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Lists *lists = data;
	JrSegmentBuilt built;

	jr_segment_gather(lists->segmenter);
	if (!go_on(lists, error))
		return FALSE;
	built = built_of(lists);
	return !lists->more ||
	       jr_segment_build_end(lists->segmenter, lists->i, &built, error);
}

static gboolean begin(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Lists *lists = data;

	jr_segment_gather(lists->segmenter);
	return jr_segment_build_begin(lists->segmenter, lists->i, &lists->build,
				      &lists->more, error);
}

static gboolean repeat(Lists *lists, JrDbBody body, GError **error)
{
	const JrFlow *flow = lists->segmenter->flow;

	for (lists->more = TRUE; lists->more;) {
		if (flow->stop && flow->stop())
			return TRUE;
		if (!jr_segment_do(lists->segmenter, body, lists, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean build_list(Lists *lists, GError **error)
{
	JrSegmenter *segmenter = lists->segmenter;
	const JrFlow *flow = segmenter->flow;

	/* Whom a dry run finds for another list it finds again. */
	if (flow->dry_run)
		segmenter->enter[lists->i] = segmenter->leave[lists->i] = 0;
	if (!(flow->dry_run ? jr_db_read : jr_db_write)(flow->db, begin, lists,
							error))
		return FALSE;
	if (!lists->more)
		return TRUE;
	if (!read_wanted(lists, error) || !repeat(lists, leave_page, error) ||
	    !repeat(lists, enter_page, error))
		return FALSE;
	if (flow->stop && flow->stop())
		return TRUE; /* the next run goes on */
	if (!flow->dry_run && !jr_segment_do(segmenter, finish, lists, error))
		return FALSE;
	if (segmenter->options.built) {
		const JrSegmentBuilt built = built_of(lists);

		segmenter->options.built(&built, segmenter->options.user);
	}
	return TRUE;
}

/* Whether it may have to be built. */
static gboolean is_another(Lists *lists)
{
	const JrSegmenter *segmenter = lists->segmenter;
	const JrSegmentDef *def = jr_segment_def(segmenter, lists->i);
	const JrSegment *is = jr_segment_stored(lists->stored, def->name);

	lists->news = is && g_strcmp0(is->hash, def->hash) == 0;
	return !def->expr && (segmenter->options.rebuild || !lists->news ||
			      g_strcmp0(is->text, def->text) != 0 ||
			      jr_segment_build_of(lists->stored, def->number));
}

/* What asks for lists, and is not built itself, follows them. */
static void tell_following(const JrSegmenter *segmenter,
			   const JrSegmentStored *stored)
{
	for (guint i = 0; segmenter->options.built && i < segmenter->n; i++) {
		const JrSegmentDef *def = jr_segment_def(segmenter, i);
		const JrSegmentBuilt built = {
			.segment = def->name,
			.why = "following",
			.enter = segmenter->enter[i],
			.leave = segmenter->leave[i],
		};

		if (def->expr && (built.enter > 0 || built.leave > 0) &&
		    !jr_segment_build_of(stored, def->number) &&
		    !jr_segment_is_another(
			    segmenter, def,
			    jr_segment_stored(stored, def->name)))
			segmenter->options.built(&built,
						 segmenter->options.user);
	}
}

gboolean jr_segment_build_lists(JrSegmenter *segmenter,
				const JrSegmentStored *stored, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, NULL);
	gboolean ok = TRUE;

	jr_segment_ask_all(segmenter);
	for (guint i = 0; ok && i < segmenter->n; i++) {
		g_autoptr(GArray) wanted =
			g_array_new(FALSE, FALSE, sizeof(gint64));
		Lists lists = { .segmenter = segmenter,
				.stored = stored,
				.i = i,
				.wanted = wanted,
				.seen = seen };

		if (!is_another(&lists))
			continue;
		segmenter->quiet = !lists.news;
		segmenter->listed_anew[i] = segmenter->flow->dry_run;
		ok = build_list(&lists, error);
	}
	segmenter->quiet = FALSE;
	if (ok)
		tell_following(segmenter, stored);
	/* The others find them once more when they are built. */
	if (segmenter->flow->dry_run)
		jr_segment_count_none(segmenter);
	return ok;
}
