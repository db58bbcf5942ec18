#include "flow/attribute_names.h"
#include "base/suggest.h"

#include <string.h>

/* What is remembered of what people have: enough to suggest something. */
#define KNOWN_MAX 2000	/* names */
#define LEARN_FROM 5000 /* people */

typedef struct {
	const char *path; /* of an expression */
	guint line, column;
	gboolean seen;
} Asked;

struct _JrAttributeNames {
	GArray *asked;	   /* Asked */
	guint unseen;	   /* of them */
	GHashTable *known; /* owned texts */
	guint64 people;
};

JrAttributeNames *jr_attribute_names_new(void)
{
	JrAttributeNames *names = g_new0(JrAttributeNames, 1);

	names->asked = g_array_new(FALSE, FALSE, sizeof(Asked));
	names->known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return names;
}

void jr_attribute_names_free(JrAttributeNames *names)
{
	if (!names)
		return;
	g_array_unref(names->asked);
	g_hash_table_unref(names->known);
	g_free(names);
}

static void note_attribute(gpointer user, const char *path, guint line,
			   guint column)
{
	JrAttributeNames *names = user;
	const Asked one = { path, line, column, FALSE };

	if (g_str_equal(path, "id")) /* everyone has one, by that name or not */
		return;
	g_array_append_val(names->asked, one);
	names->unseen++;
}

void jr_attribute_names_ask(JrAttributeNames *names, const JrExpr *expr)
{
	static const JrExprVisitor visitor = { .attribute = note_attribute };

	jr_expr_visit(expr, &visitor, names);
}

static void learn(JrAttributeNames *names, const char *before, const JrVal *map)
{
	for (guint32 i = 0; i < map->len; i++) {
		const JrMember *member = &map->members[i];
		char *name = g_strconcat(before, member->key, NULL);

		if (member->val.type == JR_VAL_MAP && !*before) {
			g_autofree char *dot = g_strconcat(name, ".", NULL);

			learn(names, dot, &member->val);
		}
		if (g_hash_table_size(names->known) < KNOWN_MAX)
			g_hash_table_add(names->known, name);
		else
			g_free(name);
	}
}

void jr_attribute_names_see(JrAttributeNames *names, const JrVal *attributes)
{
	names->people++;
	if (names->unseen == 0)
		return;
	for (guint i = 0; i < names->asked->len; i++) {
		Asked *one = &g_array_index(names->asked, Asked, i);

		if (!one->seen && jr_val_path(attributes, one->path)) {
			one->seen = TRUE;
			names->unseen--;
		}
	}
	if (names->people <= LEARN_FROM)
		learn(names, "", attributes);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those known, in an order that does not depend on how they are kept. */
static GPtrArray *sorted(const JrAttributeNames *names)
{
	GPtrArray *all = g_ptr_array_new();
	GHashTableIter at;
	gpointer name;

	g_hash_table_iter_init(&at, names->known);
	while (g_hash_table_iter_next(&at, &name, NULL))
		g_ptr_array_add(all, name);
	g_ptr_array_sort(all, by_name);
	g_ptr_array_add(all, NULL);
	return all;
}

void jr_attribute_names_tell(const JrAttributeNames *names,
			     JrAttributeUnknownFn each, gpointer user)
{
	g_autoptr(GPtrArray) known = NULL;

	if (names->people == 0 || names->unseen == 0)
		return;
	known = sorted(names);
	for (guint i = 0; i < names->asked->len; i++) {
		const Asked *one = &g_array_index(names->asked, Asked, i);
		const JrAttributeUnknown unknown = {
			.path = one->path,
			.line = one->line,
			.column = one->column,
			.nearest = jr_suggest(
				one->path, (const char *const *)known->pdata),
		};

		if (!one->seen)
			each(&unknown, user);
	}
}
