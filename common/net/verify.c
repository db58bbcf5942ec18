#include "net/verify.h"
#include "net/answer.h"
#include "base/error.h"

#define PAGES_MAX 50

void jr_verify_found(JrVerify *v, const char *what, JrCheckState state,
		     const char *said)
{
	JrCheck check = { what, state, g_strdup(said) };

	g_array_append_val(v->checks, check);
}

json_t *jr_verify_get(JrVerify *v, const char *what, char *url, GError **error)
{
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) why = NULL;
	json_t *object;

	v->aim(v->provider, url, &request);
	object = jr_ask_json(v->ask, &request, &why);
	if (object)
		return object;
	if (g_error_matches(why, JR_ERROR, JR_ERROR_REFUSED))
		jr_verify_found(v, what, JR_CHECK_WRONG, "not found");
	else
		g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

void jr_verify_word(JrVerify *v, const char *what, const char *word,
		    const char *good)
{
	word = jr_answer_code(word);
	jr_verify_found(v, what,
			g_strcmp0(word, good) == 0 ? JR_CHECK_GOOD
						   : JR_CHECK_WRONG,
			word ? word : "unclear");
}

/* ---- lists ---- */

/* What reading a list has come to. */
typedef struct {
	JrVerify *v;
	const JrVerifyList *list;
	gboolean good;
	char *said; /* of the last that is ours; owned */
	guint seen;
} Reading;

/* Whether @number is the one that messages come from, or may be. */
static gboolean is_ours(const JrVerify *v, const char *number)
{
	if (!number)
		return FALSE;
	if (v->number)
		return g_str_equal(v->number, number);
	return g_ptr_array_find_with_equal_func(v->pool, number, g_str_equal,
						NULL);
}

static gboolean counts(const Reading *r, const json_t *item)
{
	const JrVerifyList *list = r->list;
	const json_t *numbers =
		list->numbers ? json_object_get(item, list->numbers) : NULL;

	if (!list->number)
		return TRUE;
	if (!list->numbers)
		return is_ours(r->v, jr_answer_text(item, list->number));
	for (gsize i = 0; i < json_array_size(numbers); i++)
		if (is_ours(r->v, jr_answer_text(json_array_get(numbers, i),
						 list->number)))
			return TRUE;
	return FALSE;
}

static void look_at(Reading *r, const json_t *item)
{
	const char *number = jr_answer_text(item, "phone_number");
	const char *word = jr_answer_code(jr_answer_text(item, r->list->field));

	r->seen++;
	if (number)
		g_ptr_array_add(r->v->pool, g_strdup(number));
	if (r->good || !counts(r, item))
		return;
	g_free(r->said);
	r->said = g_strdup(word ? word : "unclear");
	r->good = !r->list->good || g_strcmp0(word, r->list->good) == 0;
}

/* FALSE: an error, or (without one) there is no such list. */
static gboolean look_at_page(Reading *r, const char *first, guint n, char **url,
			     GError **error)
{
	g_autoptr(json_t) page =
		jr_verify_get(r->v, r->list->what, g_steal_pointer(url), error);
	const json_t *items = json_object_get(page, r->list->key);

	if (!page)
		return FALSE;
	for (gsize i = 0; i < json_array_size(items); i++)
		look_at(r, json_array_get(items, i));
	if (json_array_size(items) > 0 && (!r->good || r->list->whole))
		*url = r->v->next(r->v, first, n, page);
	return TRUE;
}

static void conclude(Reading *r, gboolean whole)
{
	g_autofree char *cut = NULL;

	if (whole || r->good || (r->said && r->list->number)) {
		jr_verify_found(r->v, r->list->what,
				r->good ? JR_CHECK_GOOD : JR_CHECK_WRONG,
				r->said ? r->said : "none");
		return;
	}
	cut = g_strdup_printf("not among the first %u: look there", r->seen);
	jr_verify_found(r->v, r->list->what, JR_CHECK_LATER, cut);
}

gboolean jr_verify_list(JrVerify *v, const JrVerifyList *list, char *url,
			GError **error)
{
	g_autofree char *first = g_strdup(url), *next = url;
	Reading r = { .v = v, .list = list };
	g_autoptr(GError) why = NULL;
	gboolean there = TRUE;

	for (guint n = 1; there && next && n <= PAGES_MAX; n++)
		there = look_at_page(&r, first, n, &next, &why);
	if (there)
		conclude(&r, next == NULL);
	g_free(r.said);
	if (!why)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}
