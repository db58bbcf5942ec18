/*
 * expr_run.h - what evaluating an expression is made of.
 */
#pragma once

#include "lang/expr_impl.h"

struct ExprRun {
	const JrExpr *expr;
	const JrFacts *facts;
	gint64 now_s;		  /* later than that of @facts when looking
				   * ahead */
	gint64 next_s;		  /* first instant it may differ at */
	gboolean ahead;		  /* whether that is asked for */
	const JrFactEvent *event; /* the one that is looked at, or NULL */
	GPtrArray *trace;	  /* of texts, by id of node; NULL: not asked */
	GError **error;
};

/* expr_value.c */
ExprValue expr_value_of(const JrVal *val);
ExprValue expr_bool(gboolean yes);
ExprValue expr_int(gint64 num);
ExprValue expr_instant(gint64 at_s);
gboolean expr_truth(const ExprValue *value);
/* Whether there is something: not null, and not empty. */
gboolean expr_is_there(const ExprValue *value);
/* @value as an instant; FALSE when it is none, or outside years 1 to 9999. */
gboolean expr_to_instant(const ExprValue *value, JrZone *zone, ExprValue *out);
/* How @a stands to @b, by time or as values; @relation is what is asked. */
guint expr_relate(ExprRun *run, const ExprValue *a, const ExprValue *b,
		  gboolean as_time, guint relation);
/* What a message, an explanation or a set knows it by: JSON. */
void expr_value_write(const ExprValue *value, GString *out);

/* expr_text.c */
/* Whether they are equal; @fold ignores case. */
gboolean expr_equal(ExprRun *run, const ExprValue *a, const ExprValue *b,
		    gboolean fold);
gboolean expr_match(ExprRun *run, const ExprMatch *match, const ExprValue *a,
		    const ExprValue *b, gboolean fold);

/* expr_arith.c */
double expr_as_real(const ExprValue *number);
/* @a + @b of numbers; not finite is null (FALSE). */
gboolean expr_add_numbers(ExprRun *run, const ExprValue *a, const ExprValue *b,
			  ExprValue *out);

/* What is known of a selection while its events go by. */
struct ExprGather {
	ExprRun *run;
	const ExprNode *node;
	const ExprSelect *select;
	ExprValue since, before; /* instants; EXPR_NULL: not asked */
	gint64 next_in;		 /* when one of those taken may leave */
	gint64 next_out;	 /* when one of the others may come in */
	gboolean decided;	 /* those taken are enough */
	gboolean failed;
	gint64 count;	  /* taken */
	gint64 numbers;	  /* of these, in the sum */
	ExprValue best;	  /* or the sum */
	GHashTable *seen; /* distinct values, as texts */
};

/* expr_event.c */
typedef struct {
	gboolean in;
	gint64 turn_s; /* when that may change; G_MAXINT64: never */
} ExprVerdict;
ExprVerdict expr_judge_time(const ExprGather *g, const JrFactEvent *event);
void expr_judge_where(ExprRun *run, const ExprNode *where,
		      const JrFactEvent *event, ExprVerdict *verdict);
gboolean expr_judge_follow(const ExprGather *g, const JrFactEvent *event,
			   ExprVerdict *verdict);
/* @node with @event as the one that is looked at; lowers *@turn_s. */
ExprValue expr_look(ExprRun *run, const ExprNode *node,
		    const JrFactEvent *event, gint64 *turn_s);
gboolean expr_ask_events(ExprRun *run, const JrFactEventQuery *query,
			 JrFactEventFn each, gpointer user);

/* expr_query.c */
gboolean expr_query(ExprRun *run, const ExprNode *node, ExprValue *out);

/* expr_eval.c */
gboolean expr_eval(ExprRun *run, const ExprNode *node, ExprValue *out);
const JrVal *expr_path_find(const ExprPath *path, const JrVal *root);
gboolean expr_refuse(ExprRun *run, const ExprNode *node); /* FALSE */

/* expr_time.c */
void expr_lower(ExprRun *run, gint64 at_s);
/*
 * The first instant after @now_s at which the sign of @diff, which changes as
 * @move tells, enters or leaves @relation; G_MAXINT64: never.
 */
gint64 expr_turn(gint64 diff, const ExprMove *move, guint relation,
		 gint64 now_s);
ExprMove expr_move_add(const ExprMove *a, const ExprMove *b);
ExprMove expr_move_negate(const ExprMove *move);
/* @value as it is now; if it moves, next_s is lowered to when it has. */
ExprValue expr_still(ExprRun *run, const ExprValue *value);
/* @at + @span; FALSE when that is outside years 1 to 9999. */
gboolean expr_shift(ExprRun *run, const ExprValue *at, const JrSpan *span,
		    ExprValue *out);
JrSpan expr_span_negate(const JrSpan *span);
/* No event before that is still within @span at @now_s. */
gint64 expr_span_floor(gint64 now_s, const JrSpan *span, JrZone *zone);

typedef enum {
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_MONTH,
	UNIT_YEAR,
} ExprUnit;
/* Lower next_s to when the clock's @unit at @at, an instant, changes. */
void expr_unit_moves(ExprRun *run, const ExprValue *at, ExprUnit unit);
#define EXPR_FIRST_S (-62135596800) /* year 1 */
#define EXPR_LAST_S 253402300799    /* year 9999 */
