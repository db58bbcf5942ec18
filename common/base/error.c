#include "base/error.h"

#include <sysexits.h>

static const int exit_codes[] = {
	[JR_ERROR_USAGE] = EX_USAGE,	     /* 64 */
	[JR_ERROR_INPUT] = EX_DATAERR,	     /* 65 */
	[JR_ERROR_CONFIG] = EX_CONFIG,	     /* 78 */
	[JR_ERROR_BUSY] = EX_TEMPFAIL,	     /* 75 */
	[JR_ERROR_REFUSED] = EX_UNAVAILABLE, /* 69 */
	[JR_ERROR_IO] = EX_IOERR,	     /* 74 */
	[JR_ERROR_ALARM] = 1,
};

GQuark jr_error_quark(void)
{
	return g_quark_from_static_string("jr-error-quark");
}

int jr_error_exit_code(const GError *error)
{
	if (!error)
		return EX_OK;
	if (error->domain != JR_ERROR)
		return EX_SOFTWARE; /* 70 */
	g_assert((gsize)error->code < G_N_ELEMENTS(exit_codes));
	return exit_codes[error->code];
}

void jr_error_at(GError **error, const char *file, guint line, guint column)
{
	if (!error || !*error)
		return;
	if (column > 0)
		g_prefix_error(error, "%u: ", column);
	if (line > 0)
		g_prefix_error(error, column > 0 ? "%u:" : "%u: ", line);
	if (file)
		g_prefix_error(error, line > 0 ? "%s:" : "%s: ", file);
}
