/* What is no segment any more: its members leave, then it is forgotten. */
#include "flow/segment/impl.h"

#define GONE "gone" /* no hash is like that */
#define PAGE 2000   /* members in a transaction */

typedef struct {
	JrSegmenter *segmenter;
	const JrSegment *segment;
	JrSegmentBuilt built;
	gint64 after; /* the last member who left */
	gboolean more;
} Gone;

/* Whether leaving was begun, by another who died. */
static gboolean is_gone(const JrSegmentBuild *begun)
{
	return g_str_equal(begun->hash, GONE);
}

static gboolean forget(Gone *gone, GError **error)
{
	JrSegmenter *segmenter = gone->segmenter;
	gboolean was;

	if (!jr_segment_drop(segmenter->flow->db, gone->segment->segment, &was,
			     error))
		return FALSE;
	/* Or another has told of it. */
	return !was || jr_segment_write_built(segmenter, &gone->built, error);
}

/* Read who leaves, at most a page of them, and how many did. */
static gboolean read_page(Gone *gone, GArray *members, JrPerson *people,
			  GError **error)
{
	JrSegmenter *segmenter = gone->segmenter;
	JrDb *db = segmenter->flow->db;
	JrSegmentBuild begun = { 0 };
	gboolean found;

	if (!jr_segment_build_get(db, gone->segment->segment, segmenter->arena,
				  &begun, &found, error))
		return FALSE;
	gone->built.leave = found && is_gone(&begun) ? begun.left : 0;
	if (!jr_segment_page(db, gone->segment->segment, gone->after, PAGE,
			     members, error))
		return FALSE;
	for (guint i = 0; i < members->len; i++)
		people[i].person =
			g_array_index(members, JrSegmentMember, i).person;
	return jr_people_load(db, people, members->len, segmenter->arena,
			      error);
}

static gboolean keep_progress(const Gone *gone, GError **error)
{
	const JrSegmentBuild build = {
		.segment = gone->segment->segment,
		.hash = GONE,
		.left = gone->built.leave,
	};

	return jr_segment_build_put(gone->segmenter->flow->db, &build, error);
}

static gboolean leave_page(JrDb *db, gpointer data, GError **error)
{
	Gone *gone = data;
	JrSegmenter *segmenter = gone->segmenter;
	g_autoptr(GArray) members =
		g_array_new(FALSE, FALSE, sizeof(JrSegmentMember));
	g_autofree JrMemberChange *changes = g_new0(JrMemberChange, PAGE);
	g_autofree JrPerson *people = g_new0(JrPerson, PAGE);

	jr_segment_gather(segmenter);
	if (!read_page(gone, members, people, error))
		return FALSE;
	gone->more = members->len > 0;
	if (!gone->more)
		return forget(gone, error);
	for (guint i = 0; i < members->len; i++) {
		gone->after = g_array_index(members, JrSegmentMember, i).person;
		changes[i].person = gone->after;
		changes[i].segment = gone->segment->segment;
		if (people[i].person)
			jr_segment_gather_news(segmenter, gone->segment->name,
					       &people[i], FALSE, TRUE);
	}
	gone->built.leave += members->len;
	return keep_progress(gone, error) &&
	       jr_members_change(db, jr_flow_now(segmenter->flow), changes,
				 members->len, error);
}

static gboolean take_leave(JrSegmenter *segmenter, const JrSegment *segment,
			   GError **error)
{
	Gone gone = {
		.segmenter = segmenter,
		.segment = segment,
		.built = { segment->name, "removed", 0, 0 },
		.more = !segmenter->flow->dry_run,
	};

	while (gone.more)
		if (!jr_segment_do(segmenter, leave_page, &gone, error))
			return FALSE;
	if (segmenter->flow->dry_run)
		gone.built.leave = segment->size;
	if (segmenter->options.built)
		segmenter->options.built(&gone.built, segmenter->options.user);
	return TRUE;
}

gboolean jr_segment_build_gone(JrSegmenter *segmenter,
			       const JrSegmentStored *stored, GError **error)
{
	gboolean ok = TRUE;

	segmenter->quiet = TRUE;
	for (guint i = 0; ok && i < stored->segments->len; i++) {
		const JrSegment *one =
			&g_array_index(stored->segments, JrSegment, i);

		if (!g_hash_table_contains(segmenter->by_name, one->name))
			ok = take_leave(segmenter, one, error);
	}
	segmenter->quiet = FALSE;
	return ok;
}
