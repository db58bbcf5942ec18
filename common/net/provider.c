#include "net/provider.h"
#include "net/providers.h"
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
	g_autoptr(JrClasses) classes = jr_classes_new(
		kind->classes, jr_val_get(setup->settings, "classes"),
		setup->file, error);
	JrProvider *provider = classes ? kind->open(setup, error) : NULL;

	if (!provider)
		return NULL;
	provider->kind = kind;
	provider->classes = g_steal_pointer(&classes);
	return provider;
}

void jr_provider_close(JrProvider *provider)
{
	jr_classes_free(provider->classes);
	provider->kind->close(provider);
}
