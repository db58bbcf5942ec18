#include "net/http_end.h"

static const JrHttpFate fates[] = {
	/* before anything is sent */
	{ CURLE_UNSUPPORTED_PROTOCOL, JR_HTTP_NOT_SENT, "not http or https" },
	{ CURLE_URL_MALFORMAT, JR_HTTP_NOT_SENT, "not a URL" },
	{ CURLE_FAILED_INIT, JR_HTTP_NOT_SENT, "libcurl did not start" },
	{ CURLE_NOT_BUILT_IN, JR_HTTP_NOT_SENT, "libcurl lacks what it takes" },
	{ CURLE_COULDNT_RESOLVE_PROXY, JR_HTTP_NOT_SENT,
	  "the proxy's name has no address" },
	{ CURLE_COULDNT_RESOLVE_HOST, JR_HTTP_NOT_SENT,
	  "the name has no address" },
	{ CURLE_COULDNT_CONNECT, JR_HTTP_NOT_SENT, "no connection" },
	{ CURLE_PROXY, JR_HTTP_NOT_SENT, "the proxy does not let us through" },
	{ CURLE_INTERFACE_FAILED, JR_HTTP_NOT_SENT, "no interface to send by" },
	{ CURLE_NO_CONNECTION_AVAILABLE, JR_HTTP_NOT_SENT,
	  "no connection was free" },
	/* TLS: a request is sent after the handshake only */
	{ CURLE_SSL_CONNECT_ERROR, JR_HTTP_NOT_SENT,
	  "the TLS handshake failed" },
	{ CURLE_PEER_FAILED_VERIFICATION, JR_HTTP_NOT_SENT,
	  "its certificate is not trusted" },
	{ CURLE_SSL_CACERT_BADFILE, JR_HTTP_NOT_SENT,
	  "cannot read the file of trusted certificates" },
	{ CURLE_SSL_ISSUER_ERROR, JR_HTTP_NOT_SENT,
	  "its certificate's issuer is wrong" },
	{ CURLE_SSL_INVALIDCERTSTATUS, JR_HTTP_NOT_SENT,
	  "its certificate is revoked" },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, JR_HTTP_NOT_SENT,
	  "its key is another one" },
	{ CURLE_SSL_CIPHER, JR_HTTP_NOT_SENT, "no common TLS cipher" },
	{ CURLE_SSL_CERTPROBLEM, JR_HTTP_NOT_SENT, "our certificate is wrong" },
	{ CURLE_SSL_ENGINE_INITFAILED, JR_HTTP_NOT_SENT, "TLS did not start" },
	/* at any time */
	{ CURLE_OPERATION_TIMEDOUT, JR_HTTP_UNKNOWN, "timed out" },
	{ CURLE_SEND_ERROR, JR_HTTP_UNKNOWN, "cut off while sending" },
	{ CURLE_SEND_FAIL_REWIND, JR_HTTP_UNKNOWN,
	  "cut off before the answer came" },
	{ CURLE_READ_ERROR, JR_HTTP_UNKNOWN, "cut off while sending" },
	{ CURLE_ABORTED_BY_CALLBACK, JR_HTTP_UNKNOWN, "given up" },
	{ CURLE_RECV_ERROR, JR_HTTP_UNKNOWN, "cut off before the answer came" },
	{ CURLE_GOT_NOTHING, JR_HTTP_UNKNOWN, "closed without an answer" },
	{ CURLE_PARTIAL_FILE, JR_HTTP_UNKNOWN, "cut off within the answer" },
	{ CURLE_WRITE_ERROR, JR_HTTP_UNKNOWN, "the answer is too long" },
	{ CURLE_WEIRD_SERVER_REPLY, JR_HTTP_UNKNOWN, "the answer is not HTTP" },
	{ CURLE_BAD_CONTENT_ENCODING, JR_HTTP_UNKNOWN,
	  "the answer's encoding is unknown" },
	{ CURLE_HTTP2, JR_HTTP_UNKNOWN, "broken HTTP/2" },
	{ CURLE_HTTP2_STREAM, JR_HTTP_UNKNOWN, "the HTTP/2 stream was reset" },
};

const JrHttpFate *jr_http_fate(CURLcode code)
{
	static const JrHttpFate any = { CURLE_OK, JR_HTTP_UNKNOWN,
					"the exchange failed" };

	for (gsize i = 0; i < G_N_ELEMENTS(fates); i++)
		if (fates[i].code == code)
			return &fates[i];
	return &any;
}

JrHttpEnd jr_http_end(CURLcode code, const JrHttpProgress *progress)
{
	if (code == CURLE_OK)
		return JR_HTTP_ANSWERED;
	if (progress->refused)
		return JR_HTTP_NOT_SENT;
	if (progress->has_body)
		return progress->given > 0 ? JR_HTTP_UNKNOWN : JR_HTTP_NOT_SENT;
	return jr_http_fate(code)->end;
}
