#include "rules/words_table.h"

/* clang-format off */
const char *const jr_words_stop[] = {
	"stop", "stopall", "stop all", "stopp", "stop stop", "stops",
	"unsubscribe", "unsubscribe me", "unsub", "end", "quit", "cancel",
	"revoke", "optout", "opt out", "remove", "td",
	"arret", "arrete", "arretez", "arreter", "arrett", "desabonner", /* French */
	"alto", "parar", "baja", "detener", "no mas", "cancelar", /* Spanish */
	"stoppen", "abmelden", "abbestellen", /* German */
	"sair", "basta", "afmelden", NULL,
};

const char *const jr_words_law[] = {
	"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe",
	NULL,
};

const char *const jr_words_start[] = {
	"start", "yes", "unstop", "optin", "opt in", "subscribe", "resume",
	NULL,
};

const char *const jr_words_help[] = {
	"help", "info", "help me", "ayuda", "aide", "hilfe", NULL,
};

const char *const jr_words_phrases[] = {
	"stop texting", "stop texts", "stop text", "stop messaging",
	"stop messages", "stop msgs", "stop sms", "stop sending",
	"stop contacting", "stop these", "stop those", "stop the texts",
	"stop the messages", "stop all texts", "stop all messages",
	"stop your texts", "stop your messages", "stop spamming",
	"stop bothering me", "stop harassing me", "please stop", "pls stop",
	"plz stop", "make it stop",
	"quit texting", "quit messaging", "quit sending", "quit spamming",
	"end messages", "end texts", "cancel messages", "cancel texts",
	"unsubscribe me", "please unsubscribe", "pls unsubscribe",
	"unsubscribe please", "want to unsubscribe", "wish to unsubscribe",
	"like to unsubscribe", "opt me out", "want to opt out",
	"wish to opt out", "like to opt out", "want out of this list",
	"opting out", "please opt out", "take me off", "get me off",
	"remove me", "remove my number", "remove this number",
	"delete my number", "lose my number", "i revoke", "revoke my consent",
	"revoke consent", "withdraw my consent",
	"dont text me", "do not text me", "dont text this", "do not text",
	"dont message me", "do not message", "dont contact me",
	"do not contact", "dont send me", "do not send me", "never text me",
	"no more texts", "no more text", "no more messages", "no more sms",
	"no more msgs", "leave me alone",
	"no mas mensajes", "no quiero recibir", "dejen de", "deje de enviar",
	"ne plus recevoir", "ne menvoyez plus", "arretez de", "desabonnez moi",
	"keine sms mehr", "keine nachrichten mehr", "nicht mehr schreiben",
	NULL,
};

const char *const jr_words_fillers[] = {
	"please", "pls", "plz", "now", "thanks", "thank", "you", "thx", "ty",
	"ok", "okay", "stop", "all", "this", "these", "those", "it", "them",
	"everything", "any", "more", "further", "future", "the", "your", "ur",
	"my", "me", "us", "from", "to", "of", "out", "and", "at", "once",
	"immediately", "already", "asap", "today", "forever", "texting",
	"text", "texts", "txt", "txts", "messaging", "message", "messages",
	"msg", "msgs", "sms", "sending", "contacting", "contact", "calling",
	"bothering", "spamming", "spam", "notifications", "alerts", "ads",
	"marketing", "promos", "subscription", "number", "phone", "service",
	"merci", "svp", "gracias", "por", "favor", "bitte", "danke", NULL,
};

const char *const jr_words_everyday[] = {
	"end", "quit", "cancel", "revoke", "remove", "alto", "baja", "basta",
	"parar", "cancelar", "sair", "td", "stops", "unsubscribe", NULL,
};

const char *const jr_words_harmless_after[] = {
	"by", "in", "at", "over", "off", "near", "sign", "light", "lights",
	"watch", "motion", "loss", "gap", "somewhere", "laughing", "smiling",
	NULL,
};

const char *const jr_words_harmless_before[] = {
	"bus", "full", "non", "one", "pit", "next", "last", "train", "tram",
	"first", "another", "tube", "metro", "rest", "truck", "short", "door",
	NULL,
};

const char *const jr_words_negations[] = {
	"dont", "not", "never", "cant", "cannot", "wont", "didnt", "doesnt",
	"wouldnt", "couldnt", "shouldnt", "no", "nicht", "pas", NULL,
};

const char *const jr_words_doubtful[] = {
	"stop", "unsubscribe", "unsubscribed", "optout", "unsub", "arret",
	"spam", "spammer", "spammers", "spamming", "harassment", "harassing",
	"tcpa", "fcc", "lawyer", "attorney", "gdpr", NULL,
};

const char *const jr_words_doubtful_phrases[] = {
	" opt out ", " wrong number ", " wrong person ", " not interested ",
	" who gave you ", " do not call ", " dont call ", " report you ",
	" reporting you ", " never signed up ", " didnt sign up ",
	" cancel my subscription ", " remove from ", " off this list ",
	" off your list ", " no longer wish ", " dont want these ",
	" dont want this ", " stpo ", " sotp ", " tsop ", NULL,
};
/* clang-format on */
