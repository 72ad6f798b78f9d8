"""What we lean on in waitress, the web server; the pin stands in requirements.in. common.foreign
says what such a list is for."""

from typing import Final

from common.foreign import ForeignName

NAMES: Final = (
    ForeignName(
        "waitress:create_server",
        "application map= _start= _sock= _dispatcher= **kw",
        "its threads, and a loop that has not begun",
    ),
    ForeignName("waitress.server:BaseWSGIServer.active_channels", "attribute", "the connections"),
    ForeignName(
        "waitress.server:BaseWSGIServer.task_dispatcher",
        "attribute",
        "its threads, ended after the loop",
    ),
    ForeignName(
        "waitress.server:BaseWSGIServer.pull_trigger", "self", "wakes the loop from a signal"
    ),
    ForeignName(
        "waitress.wasyncore:close_all", "map= ignore_all=", "idle connections, when all is answered"
    ),
    ForeignName(
        "waitress.wasyncore:dispatcher.close",
        "self",
        "closes the listening socket and leaves the connections",
    ),
    ForeignName(
        "waitress.wasyncore:dispatcher.accepting",
        "0",
        "whether the listening socket is open; the loop asks",
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.request", "class attribute", "a request that arrives still"
    ),
    ForeignName(
        "waitress.server:BaseWSGIServer.channel_class",
        "class",
        "what a connection becomes; ours reads more strictly",
    ),
    ForeignName("waitress.channel:HTTPChannel", "class", "a connection"),
    ForeignName(
        "waitress.channel:HTTPChannel.handle_read",
        "self",
        "takes what there is; an OSError is the end of the connection for it",
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.service",
        "self",
        "what a thread does with the first of its requests",
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.write_soon", "self data", "what it writes of an answer"
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.outbuf_lock",
        "attribute",
        "who holds it writes; a condition of a lock that may be taken again",
    ),
    ForeignName("waitress.channel:HTTPChannel.outbufs", "attribute", "the last one takes more"),
    ForeignName(
        "waitress.channel:HTTPChannel._flush_some",
        "self do_close=",
        "sends of it what the system takes",
    ),
    ForeignName(
        "waitress.channel:HTTPChannel._flush_exception",
        "self flush do_close=",
        "and says what does not go",
    ),
    ForeignName(
        "waitress.channel:ClientDisconnected",
        "error",
        "raised where a thread writes: the connection is of no use, and it goes on",
    ),
    ForeignName(
        "waitress.wasyncore:dispatcher.recv",
        "self buffer_size",
        "reads; BlockingIOError when there is nothing",
    ),
    ForeignName("waitress.wasyncore:dispatcher.connected", "0", "not closed yet"),
    ForeignName(
        "waitress.parser:HTTPRequestParser.headers",
        "attribute",
        "of a request; what it says of the connection decides whether it stays",
    ),
    ForeignName("waitress.parser:HTTPRequestParser.headers_finished", "0", "its head has arrived"),
    ForeignName("waitress.channel:HTTPChannel.parser_class", "class", "who reads its requests"),
    ForeignName("waitress.parser:HTTPRequestParser", "class", "reads a request"),
    ForeignName(
        "waitress.parser:HTTPRequestParser.parse_header",
        "self header_plus",
        "the head, whole; what it raises is answered 400",
    ),
    ForeignName(
        "waitress.parser:HTTPRequestParser.version", "class attribute", "of HTTP, as the head says"
    ),
    ForeignName(
        "waitress.parser:HTTPRequestParser.expect_continue",
        "0",
        "set: it answers 100 and reads on, also after a refusal",
    ),
    ForeignName(
        "waitress.parser:HTTPRequestParser.body_rcv",
        "class attribute",
        "who takes the body, once the head is read",
    ),
    ForeignName(
        "waitress.parser:ParsingError", "error", "answered 400, then the connection is closed"
    ),
    ForeignName(
        "waitress.parser:TransferEncodingNotImplemented",
        "error",
        "answered 501, then the connection is closed",
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.requests", "attribute", "those that a thread has or will have"
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.total_outbufs_len", "0", "bytes of answers not yet sent"
    ),
    ForeignName(
        "waitress.channel:HTTPChannel.will_close", "0", "set: the loop closes the connection"
    ),
    ForeignName(
        "waitress.wasyncore:dispatcher.readable",
        "self",
        "of the listening socket it also closes idle connections",
    ),
    ForeignName(
        "waitress.wasyncore:dispatcher.writable",
        "self",
        "whether it has something to send, or is to be closed",
    ),
    ForeignName("waitress.wasyncore:read", "obj", "what its loop does with one that can be read"),
    ForeignName(
        "waitress.wasyncore:write", "obj", "what its loop does with one that can be written"
    ),
)
