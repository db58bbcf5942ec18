/*
 * sums.h - the statements that count anew what is counted along the way: for
 * migrations, and for jr_report_recount().
 *
 * A message counts on the day of its metric "sent"; a journey, with all that
 * becomes of it, on the day on which it began.
 */
#pragma once

#define JR_SUM_MESSAGES                                                        \
	"INSERT /* all */ INTO counters SELECT t.day, m.workflow,"             \
	" COALESCE(m.step, ''), COALESCE(m.variant, ''), m.channel,"           \
	" COALESCE(t.provider, ''), COALESCE(t.country, ''), t.metric,"        \
	" COUNT(*), SUM(CASE WHEN t.metric = 1 THEN m.segments ELSE 0 END),"   \
	" SUM(CASE WHEN t.metric = 1 THEN m.cost_micros ELSE 0 END)"           \
	" FROM metrics t JOIN messages m ON m.id = t.message"                  \
	" WHERE t.first = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"

#define JR_SUM_JOURNEYS(counted, where)                                        \
	"INSERT /* all */ INTO counters SELECT entered_s / 86400, workflow,"   \
	" '', '', 0, '', '', " counted ", COUNT(*), 0, 0 FROM enrolments"      \
	" WHERE " where " GROUP BY 1, 2"
#define JR_SUM_ENTERED JR_SUM_JOURNEYS("32", "state > 0")
#define JR_SUM_DONE JR_SUM_JOURNEYS("33", "state = 2")
#define JR_SUM_GOAL JR_SUM_JOURNEYS("34", "goal_s > 0")
#define JR_SUM_EXITED JR_SUM_JOURNEYS("35", "state = 4")

/* Of decisions that an erasure took away nothing is known any more. */
#define JR_SUM_VERDICTS                                                        \
	"INSERT /* all */ INTO verdicts SELECT at_s / 86400,"                  \
	" COALESCE(workflow, ''), COALESCE(step, ''), channel,"                \
	" COALESCE(gate, ''), COALESCE(verdict, ''), COUNT(*)"                 \
	" FROM decisions GROUP BY 1, 2, 3, 4, 5, 6"

/* As jr_latency_round() does. */
#define JR_SUM_LATENCIES                                                              \
	"INSERT /* all */ INTO latencies SELECT day, workflow, step, channel,"        \
	" CASE WHEN took <= 0 THEN 0 WHEN took <= 60 THEN took"                       \
	"  WHEN took <= 600 THEN (took + 9) / 10 * 10"                                \
	"  WHEN took <= 3600 THEN (took + 59) / 60 * 60"                              \
	"  WHEN took <= 86400 THEN (took + 599) / 600 * 600"                          \
	"  ELSE (took + 3599) / 3600 * 3600 END, COUNT(*) FROM (SELECT t.day AS day," \
	" m.workflow AS workflow, COALESCE(m.step, '') AS step,"                      \
	" m.channel AS channel, m.accepted_s - m.trigger_s AS took"                   \
	" FROM metrics t JOIN messages m ON m.id = t.message"                         \
	" WHERE t.metric = 1 AND t.first = 1 AND m.trigger_s > 0) AS each_one"        \
	" GROUP BY 1, 2, 3, 4, 5"
