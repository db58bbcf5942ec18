/* What came of looking at people: into the store, then into the stream. */
#include "base/crash.h"
#include "flow/segment/impl.h"
#include "store/log.h"

#include <string.h>

void jr_segment_gather(JrSegmenter *segmenter)
{
	jr_arena_reset(segmenter->arena);
	g_array_set_size(segmenter->changes, 0);
	g_array_set_size(segmenter->looks, 0);
	g_array_set_size(segmenter->rows, 0);
	g_array_set_size(segmenter->news, 0);
	g_ptr_array_set_size(segmenter->built, 0);
}

static void gather_row(JrSegmenter *segmenter, const JrSegmentNews *news,
		       gint64 person, gboolean history)
{
	gint64 now_s = jr_flow_now(segmenter->flow);
	const JrLogRow row = {
		.kind = news->in ? JR_LOG_SEGMENT_ENTERED : JR_LOG_SEGMENT_LEFT,
		.flags = history ? JR_LOG_HISTORY : 0,
		.person = person,
		.name = news->segment,
		.at_s = now_s,
		.received_s = now_s,
	};

	g_array_append_val(segmenter->rows, row);
}

void jr_segment_gather_news(JrSegmenter *segmenter, const char *name,
			    const JrPerson *person, gboolean in,
			    gboolean history)
{
	const JrSegmentNews news = {
		.segment = name,
		.id = jr_arena_text(segmenter->arena, person->id,
				    strlen(person->id)),
		.in = in,
	};

	if (segmenter->flow->dry_run)
		return;
	g_assert(news.id);
	g_array_append_val(segmenter->news, news);
	if (!segmenter->quiet || !history)
		gather_row(segmenter, &news, person->person, history);
}

gboolean jr_segment_write(JrSegmenter *segmenter, GError **error)
{
	JrDb *db = segmenter->flow->db;
	JrLogRow *rows = (JrLogRow *)segmenter->rows->data;
	gint64 now_s = jr_flow_now(segmenter->flow);

	/* Everyone was looked at in the order in which the store has them. */
	if (segmenter->changes->len > 0 &&
	    !jr_members_change(db, now_s,
			       (JrMemberChange *)segmenter->changes->data,
			       segmenter->changes->len, error))
		return FALSE;
	if (segmenter->looks->len > 0 &&
	    !jr_looks_set(db, (const JrLook *)segmenter->looks->data,
			  segmenter->looks->len, error))
		return FALSE;
	return segmenter->rows->len == 0 ||
	       (jr_log_admit(db, rows, segmenter->rows->len, error) &&
		jr_log_append(db, rows, segmenter->rows->len, error));
}

/* How all records of now begin: {"type":"segment","timestamp":…,"segment":.
 * Made once for all of them, of which there may be millions.  Owned. */
static char *head_of_records(const JrSegmenter *segmenter)
{
	return g_strdup_printf("{\"type\":\"segment\",\"timestamp\":"
			       "%" G_GINT64_FORMAT ",\"segment\":",
			       jr_flow_now(segmenter->flow));
}

/* @head"…","change":"…" */
static void begin_record(const char *head, const char *segment,
			 const char *change, GString *out)
{
	g_string_append(out, head);
	jr_val_write_text(segment, strlen(segment), out);
	g_string_append(out, ",\"change\":\"");
	g_string_append(out, change);
	g_string_append_c(out, '"');
}

static void put_counts(const JrSegmentBuilt *built, GString *out)
{
	g_string_append_printf(out,
			       ",\"entered\":%" G_GINT64_FORMAT
			       ",\"left\":%" G_GINT64_FORMAT "}",
			       built->enter, built->leave);
}

gboolean jr_segment_write_built(JrSegmenter *segmenter,
				const JrSegmentBuilt *built, GError **error)
{
	gint64 now_s = jr_flow_now(segmenter->flow);
	g_autofree char *head = head_of_records(segmenter);
	g_autoptr(GString) data = g_string_new(NULL);
	GString *line = g_string_new(NULL);
	JrLogRow row = {
		.kind = JR_LOG_DEFINED,
		.name = built->segment,
		.at_s = now_s,
		.received_s = now_s,
	};

	g_string_printf(data, "{\"change\":\"%s\"", built->why);
	put_counts(built, data);
	row.data = data->str;
	row.data_len = data->len;
	begin_record(head, built->segment, built->why, line);
	put_counts(built, line);
	g_ptr_array_add(segmenter->built, g_string_free(line, FALSE));
	return jr_log_add(segmenter->flow->db, &row, error);
}

static gboolean put_news(const JrSegmenter *segmenter, const char *head,
			 const JrSegmentNews *news, GString *line,
			 GError **error)
{
	g_string_truncate(line, 0);
	begin_record(head, news->segment, news->in ? "entered" : "left", line);
	g_string_append(line, ",\"person\":{\"id\":");
	jr_val_write_text(news->id, strlen(news->id), line);
	g_string_append(line, "}}");
	return jr_writer_line(segmenter->flow->out, line->str, line->len,
			      error);
}

static gboolean put_all(const JrSegmenter *segmenter, GError **error)
{
	g_autofree char *head = head_of_records(segmenter);
	g_autoptr(GString) line = g_string_new(NULL);

	for (guint i = 0; i < segmenter->news->len; i++)
		if (!put_news(segmenter, head,
			      &g_array_index(segmenter->news, JrSegmentNews, i),
			      line, error))
			return FALSE;
	for (guint i = 0; i < segmenter->built->len; i++) {
		const char *built = segmenter->built->pdata[i];

		if (!jr_writer_line(segmenter->flow->out, built, strlen(built),
				    error))
			return FALSE;
	}
	return jr_writer_flush(segmenter->flow->out, error);
}

gboolean jr_segment_tell(JrSegmenter *segmenter, GError **error)
{
	gint64 entered = 0;

	for (guint i = 0; i < segmenter->news->len; i++)
		entered += g_array_index(segmenter->news, JrSegmentNews, i).in;
	jr_flow_count(segmenter->flow, "entered", entered);
	jr_flow_count(segmenter->flow, "left", segmenter->news->len - entered);
	return !segmenter->flow->out || put_all(segmenter, error);
}

gboolean jr_segment_do(JrSegmenter *segmenter, JrDbBody body, gpointer data,
		       GError **error)
{
	JrFlow *flow = segmenter->flow;

	if (flow->dry_run)
		return jr_db_read(flow->db, body, data, error);
	if (!jr_db_write(flow->db, body, data, error))
		return FALSE;
	jr_crash_point("segment-kept");
	return jr_segment_tell(segmenter, error);
}
