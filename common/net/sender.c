#include "net/sender_impl.h"
#include "net/handover.h"
#include "base/clock.h"
#include "base/error.h"

#define IN_FLIGHT 16
#define IN_FLIGHT_HTTP2 100
#define TROUBLE 10
#define PAUSE_MS ((gint64)100) /* after trouble, doubled each time */
#define PAUSE_MAX_MS 2000
#define BURST_MS 100 /* how far the pace may catch up */
#define MEANWHILE_MS 5

JrSender *jr_sender_new(JrProvider *provider, const JrSenderLimits *limits)
{
	JrSenderLimits l = limits ? *limits : (JrSenderLimits){ 0 };
	JrSender *s = g_new0(JrSender, 1);

	s->provider = provider;
	s->max_in_flight = provider->kind->http2 ? IN_FLIGHT_HTTP2 : IN_FLIGHT;
	if (l.in_flight > 0)
		s->max_in_flight = l.in_flight;
	/* What asks for one request alone asks it of each connection. */
	if (l.http.max_connections <= 0 && provider->kind->http2)
		l.http.max_connections = provider->kind->first_alone ? 1 : 2;
	/* Over HTTP/1.1 each that is under way has a connection. */
	if (l.http.max_connections <= 0 && !provider->kind->http2)
		l.http.max_connections = (int)s->max_in_flight;
	s->max_trouble = l.trouble > 0 ? l.trouble : TROUBLE;
	s->pace.per_second = l.per_second;
	s->paces =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (provider->kind->request)
		s->http = jr_http_new(&l.http);
	g_queue_init(&s->again);
	s->doubts = g_ptr_array_new();
	s->believed = g_hash_table_new(NULL, NULL);
	s->given_up = g_hash_table_new(NULL, NULL);
	s->proved = g_hash_table_new(NULL, NULL);
	return s;
}

void jr_sender_stop(JrSender *s, JrSenderState state, const char *why)
{
	if (s->state != JR_SENDER_RUNS)
		return;
	s->why = g_strdup(why);
	g_atomic_int_set(&s->state, (int)state); /* why comes before it */
}

static void not_sent(const JrSender *s, JrAnswer *answer)
{
	g_autofree char *reason = g_strconcat(
		"not sent: ", s->why ? s->why : s->given_up_why, NULL);

	jr_answer_say(answer, JR_OUTCOME_WAIT, "stopped", reason);
}

/*
 * No verdict on @p.  What was under way together with it fares alike, and is
 * the same trouble; after it one goes alone, and later each time.
 */
static void note_trouble(JrSender *s, const JrPending *p,
			 const JrAnswer *answer)
{
	s->unsure++;
	g_free(s->last_why);
	s->last_why = g_strdup(answer->reason);
	if (p->round != s->round)
		return;
	s->round++;
	s->pause_ms = jr_clock_ticks_ms() +
		      MIN(PAUSE_MS << MIN(s->trouble, 16), PAUSE_MAX_MS);
	if (++s->trouble >= s->max_trouble)
		jr_sender_stop(s, JR_SENDER_LATER, answer->reason);
}

/* Learn from @answer, to @p, how the provider is doing. */
static void watch(JrSender *s, const JrPending *p, const JrAnswer *answer)
{
	switch (answer->outcome) {
	case JR_OUTCOME_STOP:
		jr_sender_stop(s, JR_SENDER_CONFIG, answer->reason);
		break;
	case JR_OUTCOME_WAIT:
	case JR_OUTCOME_UNKNOWN:
		note_trouble(s, p, answer);
		break;
	case JR_OUTCOME_ACCEPTED:
	case JR_OUTCOME_REFUSED:
	case JR_OUTCOME_OPTED_OUT:
	case JR_OUTCOME_DROP_TOKEN:
		s->trouble = 0;
		s->unsure = 0;
		s->pause_ms = 0;
		break;
	}
}

void jr_sender_settle(JrPending *p, const JrAnswer *answer)
{
	p->sender->in_flight--;
	p->done(answer, p->data);
	jr_http_request_clear(&p->request);
	g_free(p);
}

static void read_answer(JrSender *s, const JrHttpAnswer *http, JrAnswer *answer)
{
	switch (http->end) {
	case JR_HTTP_ANSWERED:
		s->provider->kind->answer(s->provider, http, answer);
		return;
	case JR_HTTP_NOT_SENT:
		jr_answer_say(answer, JR_OUTCOME_WAIT, "not-sent",
			      http->reason);
		return;
	case JR_HTTP_UNKNOWN:
		jr_answer_say(answer, JR_OUTCOME_UNKNOWN, "no-answer",
			      http->reason);
		return;
	}
}

/* Throw the token away that @p was sent with, unless another did already. */
static void renew_token(JrPending *p)
{
	JrSender *s = p->sender;

	if (p->token == s->token) {
		s->provider->kind->token_stale(s->provider);
		s->token++;
	}
	p->again = TRUE;
	g_queue_push_tail(&s->again, p);
}

static void take_answer(const JrHttpAnswer *http, gpointer data)
{
	JrPending *p = data;
	JrSender *s = p->sender;
	g_auto(JrAnswer) answer = { 0 };

	read_answer(s, http, &answer);
	if (answer.stale_token && !p->again && s->state == JR_SENDER_RUNS) {
		renew_token(p);
		return;
	}
	/* A new connection has to prove itself anew. */
	if (http->end == JR_HTTP_ANSWERED && answer.outcome != JR_OUTCOME_STOP)
		g_hash_table_add(s->proved, (gpointer)p->environment);
	else
		g_hash_table_remove(s->proved, p->environment);
	if (jr_sender_doubt(p, &answer))
		return;
	watch(s, p, &answer);
	jr_sender_settle(p, &answer);
}

static void start(JrPending *p)
{
	JrSender *s = p->sender;
	const JrProviderKind *kind = s->provider->kind;

	p->token = s->token;
	p->round = s->round;
	if (kind->authorization) {
		g_free(p->request.authorization);
		p->request.authorization = kind->authorization(s->provider);
	}
	jr_http_start(s->http, &p->request, take_answer, p);
}

/* Ask again what was not taken for its token, or tell that it is not sent. */
static void start_again(JrSender *s)
{
	JrPending *p;

	while ((p = g_queue_pop_head(&s->again))) {
		if (s->state == JR_SENDER_RUNS && jr_sender_have_token(s)) {
			start(p);
			continue;
		}
		g_auto(JrAnswer) answer = { 0 };
		not_sent(s, &answer);
		jr_sender_settle(p, &answer);
	}
}

static void move_on(JrSender *s, gint64 wait_ms)
{
	if (s->meanwhile) {
		s->meanwhile(s, s->meanwhile_user);
		wait_ms = MIN(wait_ms, MEANWHILE_MS);
	}
	start_again(s);
	if (s->http)
		jr_http_poll(s->http,
			     (int)CLAMP(wait_ms, 1, JR_SENDER_POLL_MS));
	else
		jr_clock_sleep_ms(wait_ms);
}

void jr_sender_meanwhile(JrSender *s, JrSenderMeanwhileFn meanwhile,
			 gpointer user)
{
	s->meanwhile = meanwhile;
	s->meanwhile_user = user;
}

/* Wait until one more, to a device of @environment, may be under way. */
static void wait_for_room(JrSender *s, const char *environment)
{
	for (;;) {
		gboolean alone =
			s->trouble > 0 ||
			(s->provider->kind->first_alone &&
			 !g_hash_table_contains(s->proved, environment));
		guint room = alone ? 1 : s->max_in_flight;

		if (s->in_flight < room)
			return;
		move_on(s, JR_SENDER_POLL_MS);
	}
}

static void wait_until(JrSender *s, double due_ms)
{
	double now;

	while ((now = (double)jr_clock_ticks_ms()) < due_ms)
		move_on(s, (gint64)(due_ms - now) + 1);
}

void jr_sender_pace(JrSender *s, const char *from, double per_second)
{
	JrPace *pace = g_new0(JrPace, 1);

	pace->per_second = per_second;
	g_hash_table_insert(s->paces, g_strdup(from ? from : ""), pace);
}

/* Wait until @pace lets the next one go, which counts as @units. */
static void wait_for_pace(JrSender *s, JrPace *pace, int units)
{
	if (!pace || pace->per_second <= 0)
		return;
	pace->due_ms =
		MAX(pace->due_ms, (double)jr_clock_ticks_ms() - BURST_MS);
	wait_until(s, pace->due_ms);
	pace->due_ms += 1000 * units / pace->per_second;
}

/* Why @error of a provider's request() leaves the message unsent. */
static void cannot_request(JrSender *s, const GError *error, JrAnswer *answer)
{
	gboolean input = g_error_matches(error, JR_ERROR, JR_ERROR_INPUT);

	jr_answer_say(answer, input ? JR_OUTCOME_REFUSED : JR_OUTCOME_STOP,
		      input ? "content" : "settings", error->message);
	if (!input)
		jr_sender_stop(s, JR_SENDER_CONFIG, error->message);
}

/* Put @handover under way.  FALSE: it is not; @answer says why. */
static gboolean send(JrSender *s, const JrHandover *handover,
		     const JrPermit *permit, JrPending *p, JrAnswer *answer)
{
	g_autoptr(GError) error = NULL;

	if (!s->provider->kind->request(s->provider, handover, permit,
					&p->request, &error)) {
		cannot_request(s, error, answer);
		return FALSE;
	}
	if (!jr_sender_have_token(s)) {
		not_sent(s, answer);
		return FALSE;
	}
	start(p);
	return TRUE;
}

void jr_sender_submit(JrSender *s, const JrHandover *handover,
		      const JrPermit *permit, JrSenderDone done, gpointer data)
{
	const JrProviderKind *kind = s->provider->kind;
	const char *environment = g_intern_string(handover->environment);
	g_auto(JrAnswer) answer = { 0 };

	g_assert(permit);
	s->now_s = handover->now_s;
	s->ticks_ms = jr_clock_ticks_ms();
	if (s->state == JR_SENDER_RUNS) {
		wait_for_room(s, environment);
		wait_until(s, (double)s->pause_ms);
		wait_for_pace(s, &s->pace, 1);
		wait_for_pace(s,
			      g_hash_table_lookup(
				      s->paces,
				      handover->sender ? handover->sender : ""),
			      MAX(handover->segments, 1));
	}
	JrPending *p = g_new0(JrPending, 1);
	*p = (JrPending){ .sender = s,
			  .done = done,
			  .data = data,
			  .round = s->round,
			  .environment = environment };
	s->in_flight++;
	if (s->state != JR_SENDER_RUNS ||
	    g_hash_table_contains(s->given_up, environment)) {
		not_sent(s, &answer);
	} else if (kind->hand_over) {
		kind->hand_over(s->provider, handover, permit, &answer);
		watch(s, p, &answer);
	} else if (send(s, handover, permit, p, &answer)) {
		return;
	}
	jr_sender_settle(p, &answer);
}

guint jr_sender_room(const JrSender *s)
{
	return s->max_in_flight;
}

gboolean jr_sender_move_on(JrSender *s, int wait_ms)
{
	if (s->in_flight == 0)
		return FALSE;
	start_again(s);
	if (s->http)
		jr_http_poll(s->http, wait_ms);
	return s->in_flight > 0;
}

void jr_sender_wake(JrSender *s)
{
	if (s->http)
		jr_http_wake(s->http);
}

void jr_sender_drain(JrSender *s)
{
	while (s->in_flight > 0)
		move_on(s, JR_SENDER_POLL_MS);
	jr_sender_end_doubts(s);
	/* Nothing follows that could show whether anybody is there. */
	if (s->unsure >= s->max_trouble)
		jr_sender_stop(s, JR_SENDER_LATER, s->last_why);
}

void jr_sender_free(JrSender *s)
{
	jr_sender_stop(s, JR_SENDER_LATER, "the run has ended");
	if (s->http)
		jr_http_free(s->http);
	start_again(s); /* tells that they are not sent */
	jr_sender_end_doubts(s);
	g_ptr_array_unref(s->doubts);
	g_hash_table_unref(s->believed);
	g_hash_table_unref(s->given_up);
	g_hash_table_unref(s->proved);
	jr_provider_close(s->provider);
	g_hash_table_unref(s->paces);
	g_free(s->last_why);
	g_free(s->given_up_why);
	g_free(s->why);
	g_free(s);
}

JrSenderState jr_sender_state(const JrSender *s, const char **why)
{
	JrSenderState state = (JrSenderState)g_atomic_int_get(&s->state);

	if (why)
		*why = state == JR_SENDER_RUNS ? NULL : s->why;
	return state;
}
