/* The kernel's limit: a WebSocket sender with nothing around it, to which the gateway is compared.
 *
 *   raw plain|joined [--any]
 *
 * One thread, one epoll. Clients connect with `GET /...?n=<index>` and are subscribed from the end of the handshake on;
 * what they send is read and thrown away. A driver connects to the control port and writes
 *
 *   A <length>\n<bytes>           to every client
 *   P <index> <length>\n<bytes>   to one client; dropped if it is not there, which the receiving side then misses
 *
 * Each becomes one unmasked text frame, whose header is written once. `plain` makes one send() of each message and
 * connection; `joined` puts up to 16 waiting messages with the same recipients into one. It prints
 * `ready <port> <control port>`, and ends when the control connection does, so that it does not outlive its driver.
 * The ports are free ones of 127.0.0.1; with --any clients may connect to every address of this machine. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CLIENTS_MAX = 1 << 16,        /* indices are below this, whatever the descriptor limit allows */
    PAYLOAD_MAX = 0xffff,         /* what a frame header of four bytes can say; longer is refused */
    FRAME_MAX = PAYLOAD_MAX + 4,
    WAITING_MAX = 16,             /* messages handled between two looks at the sockets, and joined at most */
    REQUEST_MAX = 4096,           /* an upgrade request that is longer is refused */
    REST_MAX = 8 << 20,           /* a client that is this far behind is disconnected */
    CONTROL_MAX = 1 << 20,        /* read ahead of what is sent; half of it holds any message */
    EVENTS_MAX = 512
};

typedef struct {
    int fd;
    int index;                    /* of this client, -1 until its handshake is done */
    int place;                    /* in `connected` */
    char *rest;                   /* the request so far; after the handshake: what the socket did not take yet */
    size_t rest_length, rest_capacity;
} Client;

typedef struct {
    long index;                   /* of the recipient, -1 for all */
    size_t length;
    const char *bytes;
} Message;

static int epoll_fd, web_fd, listening_control_fd, control_fd = -1;
static Client **by_fd, *by_index[CLIENTS_MAX], *connected[CLIENTS_MAX];
static int connected_count;
static char control[CONTROL_MAX + 1]; /* the last byte stays 0, where reading a number ends at the latest */
static size_t control_start, control_end;

static void die(const char *what) {
    fprintf(stderr, "raw: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static void watch(int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, operation, fd, &event) < 0) die("epoll_ctl");
}

/* ---- clients: sending ---- */

static void disconnect(Client *client) {
    if (client->index >= 0) {
        by_index[client->index] = NULL;
        connected[client->place] = connected[--connected_count];
        connected[client->place]->place = client->place;
    }
    by_fd[client->fd] = NULL;
    close(client->fd);
    free(client->rest);
    free(client);
}

static void free_rest(Client *client) {
    free(client->rest);
    client->rest = NULL;
    client->rest_length = client->rest_capacity = 0;
}

static void append(Client *client, const char *bytes, size_t length) {
    size_t needed = client->rest_length + length;
    if (needed > client->rest_capacity) {
        client->rest_capacity = needed * 2;
        client->rest = realloc(client->rest, client->rest_capacity);
        if (!client->rest) die("out of memory");
    }
    memcpy(client->rest + client->rest_length, bytes, length);
    client->rest_length = needed;
}

/* How much the socket took, 0 if it is full, -1 if the connection is gone. */
static ssize_t send_some(const Client *client, const char *bytes, size_t length) {
    ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent;
}

/* Sends, or keeps what the socket does not take until it does: the order stays, and nobody waits for this client. */
static void send_to(Client *client, const char *bytes, size_t length) {
    ssize_t sent = 0;
    if (client->rest_length == 0) {
        sent = send_some(client, bytes, length);
        if (sent == (ssize_t) length) return;
        if (sent >= 0) watch(EPOLL_CTL_MOD, client->fd, EPOLLIN | EPOLLOUT);
    }
    if (sent < 0) {
        disconnect(client);
    } else if (client->rest_length + length > REST_MAX) {
        fprintf(stderr, "raw: client %d is %d MB behind and is disconnected\n", client->index, REST_MAX >> 20);
        disconnect(client);
    } else {
        append(client, bytes + sent, length - (size_t) sent);
    }
}

static void send_rest(Client *client) {
    ssize_t sent = send_some(client, client->rest, client->rest_length);
    if (sent < 0) {
        disconnect(client);
        return;
    }
    client->rest_length -= (size_t) sent;
    memmove(client->rest, client->rest + sent, client->rest_length);
    if (client->rest_length > 0) return;
    free_rest(client);
    watch(EPOLL_CTL_MOD, client->fd, EPOLLIN);
}

/* ---- clients: the handshake of RFC 6455, 4.2 ---- */

static uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

/* SHA-1 (RFC 3174) of a text of less than 120 bytes, which is two blocks at most. */
static void sha1(const char *text, size_t length, uint8_t digest[20]) {
    static const uint32_t constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t hash[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    uint8_t padded[128] = {0};
    size_t size = length < 56 ? 64 : 128;
    memcpy(padded, text, length);
    padded[length] = 0x80;
    padded[size - 2] = (uint8_t) (length * 8 >> 8);
    padded[size - 1] = (uint8_t) (length * 8);
    for (const uint8_t *block = padded; block < padded + size; block += 64) {
        uint32_t words[80], a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
        for (int i = 0; i < 16; i++) {
            memcpy(&words[i], block + 4 * i, 4);
            words[i] = ntohl(words[i]);
        }
        for (int i = 16; i < 80; i++) {
            words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        }
        for (int i = 0; i < 80; i++) {
            uint32_t mix = i / 20 == 0 ? (b & c) | (~b & d) : i / 20 == 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            uint32_t next = rotate(a, 5) + mix + e + constants[i / 20] + words[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t) (hash[i / 4] >> (24 - i % 4 * 8));
}

/* Base64 of 20 bytes: 27 characters, one '=' and the end of the string. */
static void base64(const uint8_t digest[20], char text[29]) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 27; i++) {
        int bit = i * 6, low = bit / 8 + 1 < 20 ? digest[bit / 8 + 1] : 0;
        text[i] = alphabet[((digest[bit / 8] << 8 | low) >> (10 - bit % 8)) & 63];
    }
    strcpy(text + 27, "=");
}

static void refuse(Client *client, const char *why) {
    char response[200];
    int length = snprintf(response, sizeof response,
            "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s\n", strlen(why) + 1, why);
    send_some(client, response, (size_t) length);
    disconnect(client);
}

/* `client->rest` is a whole request, and a string. */
static void upgrade(Client *client) {
    const char *request = client->rest, *line_end = strstr(request, "\r\n");
    const char *query = memmem(request, (size_t) (line_end - request), "?n=", 3);
    char *end = NULL;
    long index = query ? strtol(query + 3, &end, 10) : -1;
    if (index < 0 || index >= CLIENTS_MAX || end == query + 3) {
        return refuse(client, "the query must be n=<index>, below 65536");
    }
    if (by_index[index]) return refuse(client, "there is a client with this index already");

    const char *key = strcasestr(line_end, "\r\nSec-WebSocket-Key:");
    if (!key) return refuse(client, "there is no Sec-WebSocket-Key");
    key += strlen("\r\nSec-WebSocket-Key:");
    key += strspn(key, " \t");
    char text[80], accept[29], response[200];
    uint8_t digest[20];
    int key_length = (int) strcspn(key, " \t\r");
    int length = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key_length, key);
    if (length >= (int) sizeof text) return refuse(client, "Sec-WebSocket-Key is too long");
    sha1(text, (size_t) length, digest);
    base64(digest, accept);

    free_rest(client);
    client->index = (int) index;
    client->place = connected_count;
    by_index[index] = connected[connected_count++] = client;
    length = snprintf(response, sizeof response,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    send_to(client, response, (size_t) length);
}

static void receive(Client *client) {
    char bytes[REQUEST_MAX];
    ssize_t length = recv(client->fd, bytes, sizeof bytes, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (length <= 0) {
        disconnect(client);
    } else if (client->index < 0) {
        append(client, bytes, (size_t) length);
        append(client, "", 1);
        client->rest_length--;
        if (strstr(client->rest, "\r\n\r\n")) {
            upgrade(client);
        } else if (client->rest_length > REQUEST_MAX) {
            refuse(client, "the request is longer than 4096 bytes");
        }
    }
}

static void accept_client(void) {
    int fd = accept4(web_fd, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)) return;
    if (fd < 0) die("no further connection can be accepted");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* no message waits for what acknowledges another */
    Client *client = calloc(1, sizeof *client);
    if (!client) die("out of memory");
    client->fd = fd;
    client->index = -1;
    by_fd[fd] = client;
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
}

/* ---- the driver ---- */

/* Reads a space and a number from `at` on, and moves it behind them; whether they are there. */
static bool read_number(const char **at, size_t *number) {
    if ((*at)[0] != ' ' || !isdigit((unsigned char) (*at)[1])) return false;
    char *end;
    *number = strtoul(*at + 1, &end, 10);
    *at = end;
    return true;
}

/* Looks at the message at `from`; where it ends, or 0 if it has not arrived as a whole. */
static size_t next_message(size_t from, Message *message) {
    const char *line = control + from, *line_end = memchr(line, '\n', control_end - from);
    if (!line_end && control_end - from < 40) return 0;
    const char *at = line + 1;
    size_t index = 0;
    bool one = *line == 'P', known = line_end && (one || *line == 'A');
    known = known && (!one || read_number(&at, &index)) && read_number(&at, &message->length) && at == line_end;
    errno = 0;
    if (!known) die("the driver wrote neither `A <length>` nor `P <index> <length>`");
    message->index = !one ? -1 : index < CLIENTS_MAX ? (long) index : CLIENTS_MAX;
    if (message->length > PAYLOAD_MAX) die("the driver's message is longer than 65535 bytes");
    message->bytes = line_end + 1;
    size_t next = (size_t) (message->bytes - control) + message->length;
    return next <= control_end ? next : 0;
}

static size_t write_frame(char *frame, const Message *message) {
    size_t header = message->length < 126 ? 2 : 4;
    frame[0] = (char) 0x81; /* a text frame, and its only one */
    frame[1] = (char) (header == 2 ? message->length : 126);
    if (header == 4) {
        frame[2] = (char) (message->length >> 8);
        frame[3] = (char) message->length;
    }
    memcpy(frame + header, message->bytes, message->length);
    return header + message->length;
}

/* Sends up to 16 waiting messages; whether there may be more. In between, the sockets get their turn. */
static bool deliver(int joined_max) {
    static char frames[WAITING_MAX * FRAME_MAX];
    Message message;
    size_t end = next_message(control_start, &message);
    int taken = 0;
    while (end && taken < WAITING_MAX) {
        size_t length = 0;
        long index = message.index;
        int stop = taken + joined_max < WAITING_MAX ? taken + joined_max : WAITING_MAX;
        for (; end && taken < stop && message.index == index; taken++) {
            length += write_frame(frames + length, &message);
            control_start = end;
            end = next_message(control_start, &message);
        }
        if (index < 0) {
            /* Backwards: a client that is disconnected gives its place to one that was served already. */
            for (int i = connected_count - 1; i >= 0; i--) send_to(connected[i], frames, length);
        } else if (index < CLIENTS_MAX && by_index[index]) {
            send_to(by_index[index], frames, length);
        }
    }
    return end != 0;
}

static void read_control(void) {
    if (control_start == control_end || control_start > CONTROL_MAX / 2) {
        memmove(control, control + control_start, control_end - control_start);
        control_end -= control_start;
        control_start = 0;
    }
    if (control_end == CONTROL_MAX) return; /* the driver waits until half of it is sent */
    ssize_t length = recv(control_fd, control + control_end, CONTROL_MAX - control_end, MSG_DONTWAIT);
    if (length == 0 || (length < 0 && errno == ECONNRESET)) exit(0);
    if (length < 0 && errno != EAGAIN && errno != EINTR) die("the control connection failed");
    if (length > 0) control_end += (size_t) length;
}

/* ---- the program ---- */

static int listen_on(in_addr_t address, int *port) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *) &name, length) < 0 || listen(fd, SOMAXCONN) < 0) die("cannot listen");
    if (getsockname(fd, (struct sockaddr *) &name, &length) < 0) die("getsockname");
    *port = ntohs(name.sin_port);
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    return fd;
}

static void handle(struct epoll_event event) {
    int fd = event.data.fd;
    if (fd == web_fd) {
        accept_client();
    } else if (fd == control_fd) {
        read_control();
    } else if (fd == listening_control_fd) {
        control_fd = accept(fd, NULL, NULL);
        if (control_fd < 0) die("cannot accept the driver");
        close(fd); /* one driver only */
        listening_control_fd = -1;
        watch(EPOLL_CTL_ADD, control_fd, EPOLLIN);
    } else {
        if (event.events & EPOLLOUT) send_rest(by_fd[fd]);
        if (by_fd[fd] && event.events & ~(uint32_t) EPOLLOUT) receive(by_fd[fd]);
    }
}

int main(int count, char **arguments) {
    bool joined = count > 1 && !strcmp(arguments[1], "joined");
    bool plain = count > 1 && !strcmp(arguments[1], "plain");
    bool any = count == 3 && !strcmp(arguments[2], "--any");
    if (!(joined || plain) || (count != 2 && !any)) die("usage: raw plain|joined [--any]");

    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
    limit.rlim_cur = limit.rlim_max < 2 * CLIENTS_MAX ? limit.rlim_max : 2 * CLIENTS_MAX;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
    by_fd = calloc(limit.rlim_cur, sizeof *by_fd);
    if (!by_fd) die("out of memory");

    int port, control_port;
    epoll_fd = epoll_create1(0);
    web_fd = listen_on(any ? INADDR_ANY : INADDR_LOOPBACK, &port);
    listening_control_fd = listen_on(INADDR_LOOPBACK, &control_port);
    printf("ready %d %d\n", port, control_port);
    fflush(stdout);

    struct epoll_event events[EVENTS_MAX];
    for (bool more = false;;) {
        int ready = epoll_wait(epoll_fd, events, EVENTS_MAX, more ? 0 : -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) handle(events[i]);
        more = deliver(joined ? WAITING_MAX : 1);
    }
}
