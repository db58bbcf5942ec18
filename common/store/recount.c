/* recount.c - counting anew what was counted along the way. */
#include "store/report.h"
#include "store/stmt.h"
#include "store/sums.h"

static const char *const recounts[] = {
	"DELETE /* all */ FROM counters",
	JR_SUM_MESSAGES,
	JR_SUM_ENTERED,
	JR_SUM_DONE,
	JR_SUM_GOAL,
	JR_SUM_EXITED,
	"DELETE /* all */ FROM verdicts",
	JR_SUM_VERDICTS,
	"DELETE /* all */ FROM latencies",
	JR_SUM_LATENCIES,
};

gboolean jr_report_recount(JrDb *db, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(recounts); i++) {
		g_autoptr(JrStmt) st = jr_db_stmt(db, recounts[i], error);

		if (!st || !jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}
