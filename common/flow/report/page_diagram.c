/*
 * page_diagram.c - layout and drawing of a diagram.
 *
 * Every step has a row of its own, in the order of the file, so that no two
 * boxes meet; the further arms of a step stand in lanes to the right.  A way
 * that passes others by runs at the right of all that it passes.
 */
#include "flow/report/page_diagram.h"

#include <string.h>

#define BOX_WIDTH 300
#define BOX_HEIGHT 60
#define LINE_HEIGHT 17
#define ROW (BOX_HEIGHT + 34)
#define LANE (BOX_WIDTH + 40)
#define MARGIN 6
#define LINE_CHARS 44  /* that fit into a box, in bold */
#define SMALL_CHARS 46 /* and not */
#define LANES 6	       /* more would be seen by nobody */

/* ---- layout ---- */

typedef struct {
	const JrWorkflow *workflow;
	const JrPageFacts *facts;
	guint lanes[JR_WORKFLOW_MAX_STEPS]; /* of each step */
	guint last_lane;
	gboolean branches; /* ways may pass others by */
	guint n_passing;   /* ways that pass others by, so far */
	GString *out;
} Draw;

static void set_lane(Draw *draw, int to, guint lane)
{
	if (to == JR_STEP_END)
		return;
	lane = MIN(lane, LANES - 1);
	if (draw->lanes[to] > lane)
		draw->lanes[to] = lane;
}

/* Ways lead onwards only, so that one look at each step in order will do; where
 * ways meet again it is in the leftmost of their lanes. */
static void find_lanes(Draw *draw)
{
	const JrWorkflow *w = draw->workflow;

	for (guint i = 0; i < w->n_steps; i++)
		draw->lanes[i] = i == 0 ? 0 : LANES;
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *step = &w->steps[i];
		guint lane;

		if (draw->lanes[i] >= LANES)
			draw->lanes[i] = 0;
		lane = draw->lanes[i];
		for (guint a = 0; a < step->n_arms; a++)
			set_lane(draw, step->arms[a].to, lane + a);
		if (step->n_arms == 0 && step->kind != JR_STEP_EXIT)
			set_lane(draw, step->next, lane);
		else if (step->n_arms > 0 && step->kind != JR_STEP_SPLIT)
			set_lane(draw, step->otherwise, lane + step->n_arms);
		draw->last_lane = MAX(draw->last_lane, lane);
	}
}

/* Row 0 is the trigger, and the last the end. */
static guint row_of(const Draw *draw, int step)
{
	return step == JR_STEP_END ? draw->workflow->n_steps + 1
				   : (guint)step + 1;
}

static guint lane_of(const Draw *draw, int step)
{
	return step == JR_STEP_END ? 0 : draw->lanes[step];
}

static guint top_of(guint row)
{
	return MARGIN + row * ROW;
}

static guint middle_of(guint lane)
{
	return MARGIN + lane * LANE + BOX_WIDTH / 2;
}

/* ---- boxes ---- */

static void put_line(Draw *draw, const char *class, const char *text, guint x,
		     guint y)
{
	g_string_append_printf(draw->out,
			       "<text class=\"%s\" x=\"%u\" y=\"%u\">", class,
			       x, y);
	jr_html_escape(text, draw->out);
	g_string_append(draw->out, "</text>");
}

/* Its lines in the middle of it, whole in its tool tip. */
static void put_box(Draw *draw, guint row, guint lane, const char *class,
		    const JrPageBox *box)
{
	const char *const counts[] = { box->people, box->messages };
	g_autofree char *title = jr_page_cut(box->title, LINE_CHARS);
	guint x = MARGIN + lane * LANE, y = top_of(row), lines = 1;

	g_string_append(draw->out, "<g><title>");
	jr_html_escape(box->title, draw->out);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		lines += *counts[i] != '\0';
		g_string_append(draw->out, *counts[i] ? "; " : "");
		jr_html_escape(counts[i], draw->out);
	}
	g_string_append_printf(
		draw->out,
		"</title><rect class=\"box %s\" x=\"%u\" y=\"%u\" "
		"width=\"%d\" height=\"%d\" rx=\"7\"/>",
		class, x, y, BOX_WIDTH, BOX_HEIGHT);
	y += (BOX_HEIGHT - lines * LINE_HEIGHT) / 2 + 13;
	put_line(draw, "strong", title, x + 10, y);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autofree char *text = jr_page_cut(counts[i], SMALL_CHARS);

		if (*text)
			put_line(draw, "soft", text, x + 10, y += LINE_HEIGHT);
	}
	g_string_append(draw->out, "</g>\n");
}

static void put_step(Draw *draw, guint i)
{
	const JrStep *step = &draw->workflow->steps[i];
	g_auto(JrPageBox) box = jr_page_step_box(step, draw->facts);

	put_box(draw, i + 1, draw->lanes[i],
		step->kind == JR_STEP_MESSAGE ? "sends" : "", &box);
}

/* ---- ways ---- */

static void put_head_at(Draw *draw, guint x, guint y)
{
	g_string_append_printf(
		draw->out, "<path class=\"head\" d=\"M%u %u l-4 -7 h8 z\"/>\n",
		x, y);
}

/* Whether boxes stand between, in the lane to arrive in. */
static gboolean passes(const Draw *draw, guint from_row, guint to_row,
		       guint lane)
{
	for (guint row = from_row + 1; row < to_row; row++)
		if (draw->lanes[row - 1] == lane)
			return TRUE;
	return FALSE;
}

static void put_straight(Draw *draw, guint row, guint lane, guint to_row,
			 guint to_lane)
{
	guint x = middle_of(lane), to_x = middle_of(to_lane);
	guint y = top_of(row) + BOX_HEIGHT, to_y = top_of(to_row);

	if (x == to_x)
		g_string_append_printf(draw->out,
				       "<path class=\"edge\" d=\"M%u %u "
				       "V%u\"/>",
				       x, y, to_y - 5);
	else
		g_string_append_printf(
			draw->out,
			"<path class=\"edge\" d=\"M%u %u v%d H%u V%u\"/>", x, y,
			(ROW - BOX_HEIGHT) / 2, to_x, to_y - 5);
	put_head_at(draw, to_x, to_y);
}

/* Out at the right, down beside all, and in again from above. */
static void put_passing(Draw *draw, guint row, guint lane, guint to_row,
			guint to_lane)
{
	guint widest = MAX(lane, to_lane);
	guint x, y = top_of(row) + BOX_HEIGHT / 2, to_y = top_of(to_row);

	for (guint at = row; at <= to_row && at >= 1; at++)
		if (at <= draw->workflow->n_steps)
			widest = MAX(widest, draw->lanes[at - 1]);
	x = MARGIN + widest * LANE + BOX_WIDTH + 8 +
	    (draw->n_passing++ % 4) * 7;
	g_string_append_printf(draw->out,
			       "<path class=\"edge\" d=\"M%u %u H%u V%u H%u "
			       "V%u\"/>",
			       MARGIN + lane * LANE + BOX_WIDTH, y, x,
			       to_y - 13, middle_of(to_lane), to_y - 5);
	put_head_at(draw, middle_of(to_lane), to_y);
}

static void put_way(Draw *draw, int from, int to, const char *label)
{
	guint row = from < 0 ? 0 : row_of(draw, from);
	guint lane = from < 0 ? 0 : lane_of(draw, from);
	guint to_row = row_of(draw, to), to_lane = lane_of(draw, to);
	gboolean beside = passes(draw, row, to_row, to_lane) ||
			  (lane != to_lane && passes(draw, row, to_row, lane) &&
			   to_lane < lane);

	if (beside)
		put_passing(draw, row, lane, to_row, to_lane);
	else
		put_straight(draw, row, lane, to_row, to_lane);
	if (label && beside)
		put_line(draw, "soft", label,
			 MARGIN + lane * LANE + BOX_WIDTH + 4,
			 top_of(row) + BOX_HEIGHT / 2 - 4);
	else if (label && to_lane < lane) /* others arrive there, too */
		put_line(draw, "soft", label, middle_of(lane) + 6,
			 top_of(row) + BOX_HEIGHT + 12);
	else if (label)
		put_line(draw, "soft", label, middle_of(to_lane) + 6,
			 top_of(to_row) - 6);
}

/* How many ways part at @step that have an arm, or the lack of one. */
static guint n_ways(const JrStep *step)
{
	gboolean otherwise =
		step->kind == JR_STEP_BRANCH ||
		(step->kind == JR_STEP_WAIT_FOR && step->has_timeout);

	return step->n_arms + (step->n_arms > 0 && otherwise);
}

static const JrArm *arm_at(const JrStep *step, guint way)
{
	return way < step->n_arms ? &step->arms[way] : NULL;
}

static int end_of(const JrStep *step, guint way)
{
	return way < step->n_arms ? step->arms[way].to : step->otherwise;
}

/* The @way-th way of the @i-th step, and those after it that lead to the same
 * place: as one, with what is said of each. */
static void put_joined(Draw *draw, guint i, guint way)
{
	const JrStep *step = &draw->workflow->steps[i];
	g_autoptr(GString) words = g_string_new(NULL);
	g_autofree char *label = NULL;

	for (guint other = 0; other < n_ways(step); other++) {
		g_autofree char *more = NULL;

		if (end_of(step, other) != end_of(step, way))
			continue;
		if (other < way)
			return; /* it is drawn */
		more = jr_page_way_words(step, arm_at(step, other),
					 draw->facts);
		g_string_append_printf(words, "%s%s", words->len ? "; " : "",
				       more);
	}
	label = jr_page_cut(words->str, SMALL_CHARS);
	put_way(draw, (int)i, end_of(step, way), label);
}

static void put_ways(Draw *draw, guint i)
{
	const JrStep *step = &draw->workflow->steps[i];

	for (guint way = 0; way < n_ways(step); way++)
		put_joined(draw, i, way);
	if (step->kind == JR_STEP_EXIT)
		put_way(draw, (int)i, JR_STEP_END, NULL);
	else if (step->n_arms == 0)
		put_way(draw, (int)i, step->next, NULL);
}

/* ---- a diagram ---- */

static void put_ends(Draw *draw)
{
	g_auto(JrPageBox) begin =
		jr_page_begin_box(draw->workflow, draw->facts);
	g_auto(JrPageBox) end = jr_page_end_box(draw->workflow, draw->facts);

	put_box(draw, 0, 0, "", &begin);
	put_box(draw, row_of(draw, JR_STEP_END), 0, "", &end);
}

static void put_diagram(Draw *draw)
{
	const JrWorkflow *w = draw->workflow;
	guint width, height = top_of(w->n_steps + 1) + BOX_HEIGHT + MARGIN;

	width = 2 * MARGIN + draw->last_lane * LANE + BOX_WIDTH +
		(draw->branches ? 40 : 0);
	g_string_append(draw->out, "<div class=\"scroll\" tabindex=\"0\" "
				   "role=\"region\" aria-label=\"Diagram of ");
	jr_html_escape(w->name, draw->out);
	g_string_append_printf(draw->out,
			       "\"><svg width=\"%u\" height=\"%u\" "
			       "viewBox=\"0 0 %u %u\" role=\"img\" "
			       "aria-label=\"Steps of ",
			       width, height, width, height);
	jr_html_escape(w->name, draw->out);
	g_string_append(draw->out, "\">\n");
	put_way(draw, -1, w->n_steps > 0 ? 0 : JR_STEP_END, NULL);
	for (guint i = 0; i < w->n_steps; i++)
		put_ways(draw, i);
	put_ends(draw);
	for (guint i = 0; i < w->n_steps; i++)
		put_step(draw, i);
	g_string_append(draw->out, "</svg></div>\n");
}

gboolean jr_page_branches(const JrWorkflow *workflow)
{
	for (guint i = 0; i < workflow->n_steps; i++)
		if (workflow->steps[i].n_arms > 0)
			return TRUE;
	return FALSE;
}

void jr_page_diagram(const JrWorkflow *workflow, const JrPageFacts *facts,
		     GString *out)
{
	Draw draw = { .workflow = workflow,
		      .facts = facts,
		      .branches = jr_page_branches(workflow),
		      .out = out };

	find_lanes(&draw);
	put_diagram(&draw);
}
