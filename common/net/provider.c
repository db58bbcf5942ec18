#include "net/provider.h"
#include "net/providers.h"
#include "net/settings.h"
#include "base/error.h"
#include "base/suggest.h"

#include <string.h>

/* To add a provider: see provider.h. */
static const JrProviderKind *const kinds[] = {
	&jr_provider_twilio,  &jr_provider_telnyx, &jr_provider_messagebird,
	&jr_provider_fcm,     &jr_provider_apns,   &jr_provider_webpush,
	&jr_provider_sandbox, &jr_provider_exec,
};

const JrProviderKind *jr_provider_kind(const char *name, GError **error)
{
	const char *names[G_N_ELEMENTS(kinds) + 1] = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		names[i] = kinds[i]->name;
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	g_autofree char *write = jr_suggest_write(name, names);
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "there is no provider '%s': %s", name, write);
	return NULL;
}

JrProvider *jr_provider_open(const JrProviderKind *kind,
			     const JrProviderSetup *setup, GError **error)
{
	g_autoptr(JrProvider) provider = g_malloc0(kind->size);

	if (kind->fresh)
		memcpy(provider, kind->fresh, kind->size);
	provider->kind = kind;
	provider->classes = jr_classes_new(
		kind->classes, jr_val_get(setup->settings, "classes"),
		setup->file, error);
	if (provider->classes &&
	    jr_settings_read(setup, kind->settings, provider, error) &&
	    (!kind->open || kind->open(provider, setup, error)))
		return g_steal_pointer(&provider);
	return NULL;
}

void jr_provider_close(JrProvider *provider)
{
	if (provider->kind->close)
		provider->kind->close(provider);
	jr_settings_clear(provider->kind->settings, provider);
	g_clear_pointer(&provider->classes, jr_classes_free);
	g_free(provider);
}
