#include "net/sender.h"
#include "net/handover.h"
#include "base/clock.h"
#include "base/error.h"

#define IN_FLIGHT 16
#define IN_FLIGHT_HTTP2 100
#define TROUBLE 10
#define POLL_MS 1000
#define BURST_MS 100 /* how far the pace may catch up */

/* How fast hand-overs go. */
typedef struct {
	double per_second; /* 0: as fast as they come */
	double due_ms;	   /* the next may go then, in ticks */
} Pace;

struct _JrSender {
	JrProvider *provider;
	JrHttp *http; /* NULL: the provider hands over by itself */
	guint max_in_flight, max_trouble;
	Pace pace;
	GHashTable *paces; /* From to its Pace */

	guint in_flight; /* submitted and not told of */
	GQueue again;	 /* Pending that waits for a new token */
	guint token;	 /* how many tokens were thrown away */
	gboolean proved; /* the provider has taken our token */
	guint trouble;	 /* in a row without a verdict */
	JrSenderState state;
	char *why;		/* set once it has stopped */
	gint64 now_s, ticks_ms; /* what the last submit said, and when */
};

/* A hand-over that is under way. */
typedef struct {
	JrSender *sender;
	JrHttpRequest request;
	JrSenderDone done;
	gpointer data;
	guint token;	/* sent with the token of this number */
	gboolean again; /* for the second time */
} Pending;

JrSender *jr_sender_new(JrProvider *provider, const JrSenderLimits *limits)
{
	const JrSenderLimits l = limits ? *limits : (JrSenderLimits){ 0 };
	JrSender *s = g_new0(JrSender, 1);

	s->provider = provider;
	s->max_in_flight = provider->kind->http2 ? IN_FLIGHT_HTTP2 : IN_FLIGHT;
	if (l.in_flight > 0)
		s->max_in_flight = l.in_flight;
	s->max_trouble = l.trouble > 0 ? l.trouble : TROUBLE;
	s->pace.per_second = l.per_second;
	s->paces =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (provider->kind->request)
		s->http = jr_http_new(&l.http);
	g_queue_init(&s->again);
	return s;
}

static void stop(JrSender *s, JrSenderState state, const char *why)
{
	if (s->state != JR_SENDER_RUNS)
		return;
	s->state = state;
	s->why = g_strdup(why);
}

static void not_sent(const JrSender *s, JrAnswer *answer)
{
	g_autofree char *reason = g_strconcat("not sent: ", s->why, NULL);

	jr_answer_say(answer, JR_OUTCOME_WAIT, "stopped", reason);
}

/* Learn from @answer how the provider is doing. */
static void watch(JrSender *s, const JrAnswer *answer)
{
	switch (answer->outcome) {
	case JR_OUTCOME_STOP:
		stop(s, JR_SENDER_CONFIG, answer->reason);
		break;
	case JR_OUTCOME_WAIT:
	case JR_OUTCOME_UNKNOWN:
		if (++s->trouble >= s->max_trouble)
			stop(s, JR_SENDER_LATER, answer->reason);
		break;
	case JR_OUTCOME_ACCEPTED:
	case JR_OUTCOME_REFUSED:
	case JR_OUTCOME_OPTED_OUT:
	case JR_OUTCOME_DROP_TOKEN:
		s->trouble = 0;
		break;
	}
}

static void settle(Pending *p, const JrAnswer *answer)
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
static void renew_token(Pending *p)
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
	Pending *p = data;
	JrSender *s = p->sender;
	g_auto(JrAnswer) answer = { 0 };

	read_answer(s, http, &answer);
	if (answer.stale_token && !p->again && s->state == JR_SENDER_RUNS) {
		renew_token(p);
		return;
	}
	/* A new connection has to prove itself anew. */
	s->proved = http->end == JR_HTTP_ANSWERED &&
		    answer.outcome != JR_OUTCOME_STOP;
	watch(s, &answer);
	settle(p, &answer);
}

static void start(Pending *p)
{
	JrSender *s = p->sender;
	const JrProviderKind *kind = s->provider->kind;

	p->token = s->token;
	if (kind->authorization) {
		g_free(p->request.authorization);
		p->request.authorization = kind->authorization(s->provider);
	}
	jr_http_start(s->http, &p->request, take_answer, p);
}

/* The answer to a request for a token. */
typedef struct {
	JrSender *sender;
	gint64 now_s;
	gboolean came;
	GError *error;
} TokenAnswer;

static void take_token(const JrHttpAnswer *http, gpointer data)
{
	TokenAnswer *t = data;
	JrProvider *provider = t->sender->provider;

	t->came = TRUE;
	provider->kind->token_answer(provider, t->now_s, http, &t->error);
}

/* Fetch a token by @request, and wait for it. */
static gboolean fetch_token(JrSender *s, gint64 now_s,
			    const JrHttpRequest *request, GError **error)
{
	TokenAnswer t = { .sender = s, .now_s = now_s };

	jr_http_start(s->http, request, take_token, &t);
	while (!t.came)
		jr_http_poll(s->http, POLL_MS);
	if (!t.error)
		return TRUE;
	g_propagate_error(error, t.error);
	return FALSE;
}

/* Have a token that is good now.  FALSE: there is none; the sender stops. */
static gboolean have_token(JrSender *s)
{
	const JrProviderKind *kind = s->provider->kind;
	gint64 now_s = s->now_s + (jr_clock_ticks_ms() - s->ticks_ms) / 1000;
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;
	gboolean ready = FALSE;

	if (!kind->token)
		return TRUE;
	switch (kind->token(s->provider, now_s, &request, &error)) {
	case JR_TOKEN_READY:
		ready = TRUE;
		break;
	case JR_TOKEN_ASK:
		ready = fetch_token(s, now_s, &request, &error);
		break;
	case JR_TOKEN_FAILED:
		break;
	}
	if (!ready)
		stop(s,
		     g_error_matches(error, JR_ERROR, JR_ERROR_BUSY)
			     ? JR_SENDER_LATER
			     : JR_SENDER_CONFIG,
		     error->message);
	return ready;
}

/* Ask again what was not taken for its token, or tell that it is not sent. */
static void start_again(JrSender *s)
{
	Pending *p;

	while ((p = g_queue_pop_head(&s->again))) {
		if (s->state == JR_SENDER_RUNS && have_token(s)) {
			start(p);
			continue;
		}
		g_auto(JrAnswer) answer = { 0 };
		not_sent(s, &answer);
		settle(p, &answer);
	}
}

static void move_on(JrSender *s, gint64 wait_ms)
{
	start_again(s);
	if (s->http)
		jr_http_poll(s->http, (int)CLAMP(wait_ms, 1, POLL_MS));
	else
		jr_clock_sleep_ms(wait_ms);
}

/* Wait until one more may be under way. */
static void wait_for_room(JrSender *s)
{
	for (;;) {
		gboolean alone = s->provider->kind->first_alone && !s->proved;
		guint room = alone ? 1 : s->max_in_flight;

		if (s->in_flight < room)
			return;
		move_on(s, POLL_MS);
	}
}

void jr_sender_pace(JrSender *s, const char *from, double per_second)
{
	Pace *pace = g_new0(Pace, 1);

	pace->per_second = per_second;
	g_hash_table_insert(s->paces, g_strdup(from ? from : ""), pace);
}

/* Wait until @pace lets the next one go, which counts as @units. */
static void wait_for_pace(JrSender *s, Pace *pace, int units)
{
	double now = (double)jr_clock_ticks_ms();

	if (!pace || pace->per_second <= 0)
		return;
	pace->due_ms = MAX(pace->due_ms, now - BURST_MS);
	for (; now < pace->due_ms; now = (double)jr_clock_ticks_ms())
		move_on(s, (gint64)(pace->due_ms - now) + 1);
	pace->due_ms += 1000 * units / pace->per_second;
}

/* Why @error of a provider's request() leaves the message unsent. */
static void cannot_request(JrSender *s, const GError *error, JrAnswer *answer)
{
	gboolean input = g_error_matches(error, JR_ERROR, JR_ERROR_INPUT);

	jr_answer_say(answer, input ? JR_OUTCOME_REFUSED : JR_OUTCOME_STOP,
		      input ? "content" : "settings", error->message);
	watch(s, answer);
}

/* Put @handover under way.  FALSE: it is not; @answer says why. */
static gboolean send(JrSender *s, const JrHandover *handover,
		     const JrPermit *permit, Pending *p, JrAnswer *answer)
{
	g_autoptr(GError) error = NULL;

	if (!s->provider->kind->request(s->provider, handover, permit,
					&p->request, &error)) {
		cannot_request(s, error, answer);
		return FALSE;
	}
	if (!have_token(s)) {
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
	g_auto(JrAnswer) answer = { 0 };

	g_assert(permit);
	s->now_s = handover->now_s;
	s->ticks_ms = jr_clock_ticks_ms();
	if (s->state == JR_SENDER_RUNS) {
		wait_for_room(s);
		wait_for_pace(s, &s->pace, 1);
		wait_for_pace(s,
			      g_hash_table_lookup(
				      s->paces,
				      handover->sender ? handover->sender : ""),
			      MAX(handover->segments, 1));
	}
	Pending *p = g_new0(Pending, 1);
	*p = (Pending){ .sender = s, .done = done, .data = data };
	s->in_flight++;
	if (s->state != JR_SENDER_RUNS) {
		not_sent(s, &answer);
	} else if (kind->hand_over) {
		kind->hand_over(s->provider, handover, permit, &answer);
		watch(s, &answer);
	} else if (send(s, handover, permit, p, &answer)) {
		return;
	}
	settle(p, &answer);
}

guint jr_sender_room(const JrSender *s)
{
	return s->max_in_flight;
}

void jr_sender_drain(JrSender *s)
{
	while (s->in_flight > 0)
		move_on(s, POLL_MS);
}

void jr_sender_free(JrSender *s)
{
	stop(s, JR_SENDER_LATER, "the run has ended");
	if (s->http)
		jr_http_free(s->http);
	start_again(s); /* tells that they are not sent */
	jr_provider_close(s->provider);
	g_hash_table_unref(s->paces);
	g_free(s->why);
	g_free(s);
}

JrSenderState jr_sender_state(const JrSender *s, const char **why)
{
	if (why)
		*why = s->why;
	return s->state;
}
