/*
 * jr-send-sms - hand SMS and WhatsApp messages to their provider.
 *
 * See man/jr-send-sms.1; what it does is jr-send-push's work on other channels.
 */
#include "flow/send/command.h"

int main(int argc, char **argv)
{
	static const JrSendCommand command = {
		.name = "jr-send-sms",
		.synopsis =
			"[-cnq] [-m number] [-p name] [-r number] "
			"[-t recipient] [--config=file] [--list] "
			"[--now=time] [--reconcile] [--since=duration] [--smart] "
			"[--state=file] [--text=text] [--verify]",
		.channels = 1 << JR_CHANNEL_SMS | 1 << JR_CHANNEL_WHATSAPP,
		.test_channel = JR_CHANNEL_SMS,
		.texts = TRUE,
	};

	return jr_send_main(&command, argc, argv);
}
