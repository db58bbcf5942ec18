/*
 * jr-send-push - hand push messages to FCM, APNs and browsers.
 *
 * See man/jr-send-push.1; what it does is jr-send-sms's work on other channels.
 */
#include "flow/send/command.h"

int main(int argc, char **argv)
{
	static const JrSendCommand command = {
		.name = "jr-send-push",
		.synopsis = "[-nq] [-m number] [-p name] [-r number] "
			    "[-t recipient] [--config=file] [--now=time] "
			    "[--state=file] [--text=text] [--verify]",
		.channels = 1 << JR_CHANNEL_PUSH,
		.test_channel = JR_CHANNEL_PUSH,
	};

	return jr_send_main(&command, argc, argv);
}
