/* Lists of what a provider has on record are foreign bytes: "PJSON", where P is
 * the provider.  Whatever they hold, each row can be looked for, no code or
 * price is more than a word, and the next page is on the provider's own host.
 */
#include "net/answer.h"
#include "net/providers.h"
#include "base/error.h"

#include <string.h>

static const JrProviderKind *const kinds[] = {
	&jr_provider_twilio,
	&jr_provider_telnyx,
	&jr_provider_messagebird,
};

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_word(const char *word)
{
	g_assert(!word || *word);
	for (const char *c = word; c && *c; c++)
		g_assert(g_ascii_isalnum(*c) || strchr("_.-", *c));
}

static void check(const JrListed *row)
{
	g_assert(row->provider_id && row->to);
	g_assert(row->channel == JR_CHANNEL_SMS ||
		 row->channel == JR_CHANNEL_WHATSAPP);
	g_assert(row->metric <= JR_METRIC_LAST);
	g_assert(row->segments == -1 || row->segments > 0);
	g_assert(row->at_s >= 0);
	check_word(row->code);
	check_word(row->price);
	check_word(row->currency);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	if (size == 0)
		return 0;
	JrProvider provider = { kinds[data[0] % G_N_ELEMENTS(kinds)], NULL };
	g_autoptr(GString) body =
		g_string_new_len((const char *)data + 1, (gssize)(size - 1));
	g_autoptr(json_t) answer = jr_answer_json(body);
	g_autoptr(JrArena) arena = jr_arena_new(1024 * 1024);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrListed));
	JrListPage page = { arena, rows, NULL };

	if (answer)
		provider.kind->listed(&provider, answer, &page);
	for (guint i = 0; i < rows->len; i++)
		check(&g_array_index(rows, JrListed, i));
	g_assert(!page.next || strchr("/0123456789", page.next[0]));
	g_free(page.next);
	return 0;
}
