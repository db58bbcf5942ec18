#include "lang/expr_run.h"

#include <string.h>

#define FOLD_BUFFER 256 /* bytes: longer texts are rare, and allocated */

static gboolean is_ascii(const ExprValue *text)
{
	for (guint32 i = 0; i < text->len; i++)
		if ((guchar)text->text[i] >= 0x80)
			return FALSE;
	return TRUE;
}

/* @text with case folded, in @buffer when it fits; *@made must be freed. */
static ExprValue fold_text(const ExprValue *text, char *buffer, gsize size,
			   char **made)
{
	ExprValue folded = *text;

	*made = NULL;
	if (is_ascii(text) && text->len < size) {
		for (guint32 i = 0; i < text->len; i++)
			buffer[i] = g_ascii_tolower(text->text[i]);
		buffer[text->len] = '\0';
		folded.text = buffer;
		return folded;
	}
	*made = g_utf8_casefold(text->text, text->len);
	folded.text = *made;
	folded.len = strlen(*made);
	return folded;
}

static gboolean texts_equal(const ExprValue *a, const ExprValue *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static gboolean has_part(const ExprValue *text, const ExprValue *part)
{
	return g_strstr_len(text->text, text->len, part->text) != NULL;
}

static gboolean has_start(const ExprValue *text, const ExprValue *part)
{
	return text->len >= part->len &&
	       memcmp(text->text, part->text, part->len) == 0;
}

static gboolean has_end(const ExprValue *text, const ExprValue *part)
{
	return text->len >= part->len &&
	       memcmp(text->text + text->len - part->len, part->text,
		      part->len) == 0;
}

static gboolean
match_texts(gboolean (*match)(const ExprValue *text, const ExprValue *part),
	    const ExprValue *a, const ExprValue *b, gboolean fold)
{
	char left[FOLD_BUFFER], right[FOLD_BUFFER];
	g_autofree char *made_left = NULL;
	g_autofree char *made_right = NULL;
	ExprValue x, y;

	if (!fold)
		return match(a, b);
	x = fold_text(a, left, sizeof left, &made_left);
	y = fold_text(b, right, sizeof right, &made_right);
	return match(&x, &y);
}

gboolean expr_equal(ExprRun *run, const ExprValue *a, const ExprValue *b,
		    gboolean fold)
{
	const guint equal = EXPR_EQUAL | EXPR_SAME;

	if (fold && a->kind == EXPR_TEXT && b->kind == EXPR_TEXT)
		return match_texts(texts_equal, a, b, TRUE);
	return (expr_relate(run, a, b, FALSE, equal) & equal) != 0;
}

/* To add an operator on texts: a row here, and one in expr_parse.c. */
static const ExprMatch matches[] = {
	{ "contains", has_part, TRUE },
	{ "starts_with", has_start, FALSE },
	{ "ends_with", has_end, FALSE },
};

const ExprMatch *expr_match_find(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(matches); i++)
		if (strcmp(matches[i].word, word) == 0)
			return &matches[i];
	g_assert_not_reached();
}

static gboolean list_has(ExprRun *run, const JrVal *list, const ExprValue *item,
			 gboolean fold)
{
	for (guint32 i = 0; list->type == JR_VAL_LIST && i < list->len; i++) {
		ExprValue value = expr_value_of(&list->items[i]);

		if (expr_equal(run, &value, item, fold))
			return TRUE;
	}
	return FALSE;
}

gboolean expr_match(ExprRun *run, const ExprMatch *match, const ExprValue *a,
		    const ExprValue *b, gboolean fold)
{
	if (a->kind == EXPR_TREE && match->lists)
		return list_has(run, a->tree, b, fold);
	if (a->kind != EXPR_TEXT || b->kind != EXPR_TEXT)
		return FALSE;
	return match_texts(match->text, a, b, fold);
}
