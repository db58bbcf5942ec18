/*
 * Handing over.  While one batch is handed over by a thread, the next one is
 * claimed and answers are written: the network does not wait for the disk, nor
 * the disk for the network.  At most one thread runs, which has the senders,
 * the jobs that are to go and the array of those that were answered to itself;
 * the store and all else are the other's.  It goes on with what is under way
 * until the next batch is there.
 */
#include "flow/send/impl.h"
#include "base/crash.h"

/* How long the thread waits for one provider while others may answer. */
#define SHARED_MS 5
#define ALONE_MS 1000

JrHandover jr_send_handover(const JrSendJob *job)
{
	const JrMessage *message = job->message;
	const JrVal *content = job->content;
	const JrDevice *device = job->device;

	return (JrHandover){
		.id = message->id,
		.channel = message->channel,
		.to = device ? device->token : message->address,
		.kind = device ? device->kind : NULL,
		.platform = device ? device->platform : NULL,
		.p256dh = jr_val_get_text(job->device_more, "p256dh"),
		.auth = jr_val_get_text(job->device_more, "auth"),
		.environment = device ? device->environment : NULL,
		.app = device ? device->app : NULL,
		.sender = message->sender,
		.title = jr_val_get_text(content, "title"),
		.body = jr_val_get_text(content, "body"),
		.link = jr_val_get_text(content, "link"),
		.image = jr_val_get_text(content, "image"),
		.media = jr_val_get(content, "media"),
		.tmpl = jr_val_get_text(content, "template"),
		.data = jr_val_get(content, "data"),
		.options = jr_val_get(content, "options"),
		.now_s = job->now_s,
		.deadline_s = message->deadline_s,
		.segments = (int)message->segments,
	};
}

void jr_send_keep_answer(JrSendJob *job, const JrAnswer *answer)
{
	jr_answer_copy(&job->answer, answer);
}

/* A JrSenderDone; of whoever has the senders. */
static void take_answer(const JrAnswer *answer, gpointer data)
{
	JrSendJob *job = data;

	jr_send_keep_answer(job, answer);
	g_ptr_array_add(job->send->arrived, job);
}

/* Each way with what is under way there.  FALSE: nothing is. */
static gboolean move_on(JrSend *send, int wait_ms)
{
	gboolean any = FALSE;

	for (guint i = 0; i < send->ways->len; i++)
		any |= jr_sender_move_on(jr_send_way_at(send, i)->sender,
					 wait_ms);
	return any;
}

/* A JrSenderMeanwhileFn: all but the one that waits. */
static void move_others_on(JrSender *waiting, gpointer data)
{
	JrSend *send = data;

	for (guint i = 0; i < send->ways->len; i++)
		if (jr_send_way_at(send, i)->sender != waiting)
			jr_sender_move_on(jr_send_way_at(send, i)->sender, 0);
}

void jr_send_side_by_side(JrSend *send)
{
	if (send->ways->len < 2)
		return;
	for (guint i = 0; i < send->ways->len; i++)
		jr_sender_meanwhile(jr_send_way_at(send, i)->sender,
				    move_others_on, send);
}

static int patience(const JrSend *send)
{
	return send->ways->len > 1 ? SHARED_MS : ALONE_MS;
}

static void hand_over(JrSendBatch *batch)
{
	for (guint i = 0; i < batch->jobs->len; i++) {
		JrSendJob *job = batch->jobs->pdata[i];
		JrHandover handover = jr_send_handover(job);

		jr_sender_submit(job->way->sender, &handover, job->permit,
				 take_answer, job);
		jr_crash_point("send-handed-over");
	}
	/* Who was answered, or will be, has them. */
	g_ptr_array_set_size(batch->jobs, 0);
}

/* A GThreadFunc. */
static gpointer work(gpointer data)
{
	JrSend *send = data;

	hand_over(send->over);
	while (!g_atomic_int_get(&send->wanted) &&
	       move_on(send, patience(send)))
		;
	return NULL;
}

/* Have the thread end once all of its batch is handed over. */
static void want(JrSend *send)
{
	g_atomic_int_set(&send->wanted, TRUE);
	for (guint i = 0; i < send->ways->len; i++)
		jr_sender_wake(jr_send_way_at(send, i)->sender);
	g_thread_join(g_steal_pointer(&send->thread));
}

/* What has arrived is to be settled. */
static void gather(JrSend *send)
{
	send->tried |= send->arrived->len > 0;
	g_ptr_array_extend_and_steal(send->answered,
				     g_steal_pointer(&send->arrived));
	send->arrived = g_ptr_array_new_with_free_func(
		(GDestroyNotify)jr_send_job_free);
}

void jr_send_handed_over(JrSend *send)
{
	if (send->thread)
		want(send);
	if (send->over)
		jr_send_batch_unref(g_steal_pointer(&send->over));
	gather(send);
}

/*
 * Whether the next batch may be claimed before this one is handed over.  Not
 * before the first answer: what is wrong with key and settings shows with that.
 * Not where they go slowly, or one by one: they would be claimed long before.
 */
static gboolean may_overlap(const JrSend *send)
{
	for (guint i = 0; i < send->ways->len; i++) {
		const JrSendWay *way = jr_send_way_at(send, i);

		if (!way->provider->kind->request || way->per_second > 0)
			return FALSE;
	}
	return send->tried;
}

void jr_send_hand_over(JrSend *send, JrSendBatch *batch)
{
	jr_send_handed_over(send);
	send->over = batch;
	g_atomic_int_set(&send->wanted, FALSE);
	if (may_overlap(send))
		send->thread = g_thread_try_new("send", work, send, NULL);
	if (send->thread)
		return;
	hand_over(batch);
	move_on(send, 0); /* what was begun last goes out */
	jr_send_handed_over(send);
}

gboolean jr_send_drain(JrSend *send, GError **error)
{
	jr_send_handed_over(send);
	/* All together: who waited for one would be late for the others. */
	while (move_on(send, patience(send)))
		;
	for (guint i = 0; i < send->ways->len; i++)
		jr_sender_drain(jr_send_way_at(send, i)->sender);
	gather(send);
	return jr_send_settle(send, error);
}
