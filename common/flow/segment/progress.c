/* What is stored of segments, and how far building them is: for both kinds. */
#include "flow/segment/impl.h"

const JrSegment *jr_segment_stored(const JrSegmentStored *stored,
				   const char *name)
{
	for (guint i = 0; i < stored->segments->len; i++) {
		const JrSegment *one =
			&g_array_index(stored->segments, JrSegment, i);

		if (g_str_equal(one->name, name))
			return one;
	}
	return NULL;
}

const JrSegmentBuild *jr_segment_build_of(const JrSegmentStored *stored,
					  gint64 segment)
{
	for (guint i = 0; i < stored->builds->len; i++) {
		const JrSegmentBuild *one =
			&g_array_index(stored->builds, JrSegmentBuild, i);

		if (one->segment == segment)
			return one;
	}
	return NULL;
}

gboolean jr_segment_is_fresh(const JrSegmentStored *stored, gint64 person)
{
	gsize byte = (gsize)person / 8;

	return stored->fresh && byte < stored->fresh->len &&
	       stored->fresh->data[byte] & 1u << (person % 8);
}

const char *jr_segment_why(const JrSegmentStored *stored,
			   const JrSegmentDef *def)
{
	const JrSegment *is = jr_segment_stored(stored, def->name);

	if (!is || !is->hash)
		return "new";
	return g_str_equal(is->hash, def->hash) &&
			       g_strcmp0(is->text, def->text) == 0
		       ? "rebuilt"
		       : "changed";
}

gboolean jr_segment_is_another(const JrSegmenter *segmenter,
			       const JrSegmentDef *def, const JrSegment *is)
{
	return segmenter->options.rebuild || !is ||
	       g_strcmp0(is->hash, def->hash) != 0 ||
	       g_strcmp0(is->text, def->text) != 0;
}

static gboolean is_another_now(JrSegmenter *segmenter, const JrSegmentDef *def,
			       gboolean *yes, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JrSegment));

	*yes = TRUE;
	if (!jr_segments_load(segmenter->flow->db, segmenter->arena, all,
			      error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		const JrSegment *is = &g_array_index(all, JrSegment, i);

		if (g_str_equal(is->name, def->name))
			*yes = jr_segment_is_another(segmenter, def, is);
	}
	return TRUE;
}

gboolean jr_segment_build_begin(JrSegmenter *segmenter, guint i,
				JrSegmentBuild *build, gboolean *yes,
				GError **error)
{
	const JrSegmentDef *def = jr_segment_def(segmenter, i);
	JrSegmentBuild begun = { 0 };
	gboolean found;

	*build = (JrSegmentBuild){ .segment = def->number, .hash = def->hash };
	if (!is_another_now(segmenter, def, yes, error) ||
	    !jr_segment_build_get(segmenter->flow->db, def->number,
				  segmenter->arena, &begun, &found, error))
		return FALSE;
	/* Begun by another who died, or who is at it: it goes on from there. */
	if (found && g_str_equal(begun.hash, def->hash)) {
		build->after_person = begun.after_person;
		build->entered = begun.entered;
		build->left = begun.left;
	}
	*yes |= found;
	return !*yes || segmenter->flow->dry_run ||
	       jr_segment_build_put(segmenter->flow->db, build, error);
}

gboolean jr_segment_build_goes_on(JrSegmenter *segmenter, guint i,
				  JrSegmentBuild *build, gboolean *yes,
				  GError **error)
{
	const JrSegmentDef *def = jr_segment_def(segmenter, i);

	*yes = TRUE;
	if (segmenter->flow->dry_run)
		return TRUE;
	if (!jr_segment_build_get(segmenter->flow->db, def->number,
				  segmenter->arena, build, yes, error))
		return FALSE;
	build->hash = def->hash; /* it outlives the arena */
	return TRUE;
}

gboolean jr_segment_build_end(JrSegmenter *segmenter, guint i,
			      const JrSegmentBuilt *built, GError **error)
{
	const JrSegmentDef *def = jr_segment_def(segmenter, i);
	JrDb *db = segmenter->flow->db;
	JrSegment put = {
		.name = def->name,
		.hash = def->hash,
		.text = def->text,
		.manual = !def->expr,
		.built_s = jr_flow_now(segmenter->flow),
	};

	return jr_segment_put(db, &put, error) &&
	       jr_segment_build_drop(db, def->number, error) &&
	       jr_segment_write_built(segmenter, built, error);
}
