package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.protocol.Codes.DisconnectCode;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The JSON format letter by letter. Tests write JSON with single quotes.
class JsonCodecTest {
    private static final byte[] NONE = {};
    private static final ClientInfo NOBODY = new ClientInfo("", "c1", NONE, NONE);
    private static final ClientInfo ASHA =
            new ClientInfo("asha", "c2", json("{'club':7}"), json("[1]"));

    @Test
    void aConnectReply() {
        check(
                reply(
                        1,
                        new Message.Connected(
                                "9ac9", "0.1", false, 0, NONE, Map.of(), 25, true, "", "")),
                "{'id':1,'connect':{'client':'9ac9','version':'0.1','ping':25,'pong':true}}");
        check(
                reply(
                        1,
                        new Message.Connected(
                                "9ac9",
                                "0.1",
                                true,
                                60,
                                json("{'hello':1}"),
                                Map.of("news:", subscribed("e.0", 17)),
                                25,
                                true,
                                "s3cret",
                                "n1")),
                "{'id':1,'connect':{'client':'9ac9','version':'0.1','expires':true,'ttl':60,"
                        + "'data':{'hello':1},'subs':{'news:':{'recoverable':true,"
                        + "'positioned':true,'epoch':'e.0','offset':17}},"
                        + "'ping':25,'pong':true,'session':'s3cret','node':'n1'}}");
    }

    @Test
    void aSubscribeReplyLeavesOutWhatIsZero() {
        check(
                reply(2, subscribed("e.0", 0)),
                "{'id':2,'subscribe':{'recoverable':true,'positioned':true,'epoch':'e.0'}}");
        check(
                reply(
                        2,
                        new Message.Subscribed(
                                true,
                                30,
                                true,
                                true,
                                "e.0",
                                17,
                                List.of(
                                        new Publication(json("1"), null, 16, Map.of()),
                                        new Publication(
                                                json("null"), ASHA, 17, Map.of("del", "1"))),
                                true,
                                true,
                                json("'data'"))),
                "{'id':2,'subscribe':{'expires':true,'ttl':30,'recoverable':true,"
                        + "'positioned':true,'epoch':'e.0','offset':17,'publications':["
                        + "{'data':1,'offset':16},"
                        + "{'data':null,'info':{'user':'asha','client':'c2','conn_info':{'club':7},"
                        + "'chan_info':[1]},'offset':17,'tags':{'del':'1'}}],"
                        + "'recovered':true,'was_recovering':true,'data':'data'}}");
    }

    @Test
    void emptyResultsAreWritten() {
        check(reply(4, new Message.Unsubscribed()), "{'id':4,'unsubscribe':{}}");
        check(reply(5, new Message.Published()), "{'id':5,'publish':{}}");
        check(reply(6, new Message.RpcResult(NONE)), "{'id':6,'rpc':{}}");
        check(reply(7, new Message.SubRefreshed(false, 0)), "{'id':7,'sub_refresh':{}}");
        check(
                reply(8, new Message.PresenceResult(Map.of())),
                "{'id':8,'presence':{'presence':{}}}");
        check(
                reply(9, new Message.PresenceStatsResult(0, 0)),
                "{'id':9,'presence_stats':{'num_clients':0,'num_users':0}}");
        check(
                reply(10, new Message.HistoryResult(List.of(), new Position(0, ""))),
                "{'id':10,'history':{'publications':[],'epoch':'','offset':0}}");
    }

    @Test
    void otherResults() {
        check(
                reply(8, new Message.PresenceResult(Map.of("c1", NOBODY))),
                "{'id':8,'presence':{'presence':{'c1':{'user':'','client':'c1'}}}}");
        check(
                reply(9, new Message.PresenceStatsResult(3_000_000_000L, 2)),
                "{'id':9,'presence_stats':{'num_clients':3000000000,'num_users':2}}");
        check(
                reply(
                        10,
                        new Message.HistoryResult(
                                List.of(new Publication(json("{}"), null, 5, Map.of())),
                                new Position(7, "e"))),
                "{'id':10,'history':{'publications':[{'data':{},'offset':5}],'epoch':'e','offset':7}}");
        check(reply(11, new Message.RpcResult(json("[7]"))), "{'id':11,'rpc':{'data':[7]}}");
        check(
                reply(12, new Message.Refreshed("c1", "0.1", true, 60)),
                "{'id':12,'refresh':{'client':'c1','version':'0.1','expires':true,'ttl':60}}");
        check(
                reply(13, new Message.SubRefreshed(true, 60)),
                "{'id':13,'sub_refresh':{'expires':true,'ttl':60}}");
    }

    @Test
    void anErrorSaysWhetherToTryAgain() {
        check(
                reply(6, Message.Failed.of(ErrorCode.PERMISSION_DENIED)),
                "{'id':6,'error':{'code':103,'message':'permission denied'}}");
        check(
                reply(6, Message.Failed.of(ErrorCode.INTERNAL)),
                "{'id':6,'error':{'code':100,'message':'internal server error','temporary':true}}");
    }

    @Test
    void aPublicationEmbedsItsDataAsItIs() {
        check(
                push("result:42", pub(json("{'home':1}"), 8_589_934_823L, Map.of("k", "42"))),
                "{'push':{'channel':'result:42','pub':{'data':{'home':1},'offset':8589934823,'tags':{'k':'42'}}}}");
    }

    @Test
    void lineBreaksWithinDataAreLeftOut() {
        check(
                push("a", pub(json("{\n'home':\r\n1}"), 1, Map.of())),
                "{'push':{'channel':'a','pub':{'data':{'home':1},'offset':1}}}");
    }

    @Test
    void otherPushes() {
        check(
                push("a", new Message.Joined(NOBODY)),
                "{'push':{'channel':'a','join':{'info':{'user':'','client':'c1'}}}}");
        check(
                push("a", new Message.Left(ASHA)),
                "{'push':{'channel':'a','leave':{'info':{'user':'asha','client':'c2','conn_info':{'club':7},'chan_info':[1]}}}}");
        check(
                push(
                        "a",
                        new Message.SubscriptionEnded(
                                UnsubscribeCode.INSUFFICIENT_STATE.code(),
                                UnsubscribeCode.INSUFFICIENT_STATE.reason())),
                "{'push':{'channel':'a','unsubscribe':{'code':2500,'reason':'insufficient"
                        + " state'}}}");
        check(
                push("a", new Message.SubscriptionEnded(0, "")),
                "{'push':{'channel':'a','unsubscribe':{'code':0,'reason':''}}}");
        check(push("", new Message.DirectMessage(json("1"))), "{'push':{'message':{'data':1}}}");
        check(
                push("a", new Message.SubscriptionAdded(true, "e", 5, true, json("{}"))),
                "{'push':{'channel':'a','subscribe':{'recoverable':true,'epoch':'e','offset':5,'positioned':true,'data':{}}}}");
        check(
                push("", new Message.Disconnected(DisconnectCode.SHUTDOWN.code(), "shutdown")),
                "{'push':{'disconnect':{'code':3001,'reason':'shutdown'}}}");
        check(
                push("", new Message.RefreshEvent(true, 60)),
                "{'push':{'refresh':{'expires':true,'ttl':60}}}");
    }

    @Test
    void whateverStandsInAStringStaysInIt() {
        check(
                push("\"\\\n\u0001\u007f/é\ud83c\udfcf\ud83c", new Message.Disconnected(1, "r")),
                "{'push':{'channel':'\\'\\\\\\u000a\\u0001\u007f/é\ud83c\udfcf?','disconnect':{'code':1,'reason':'r'}}}");
    }

    @Test
    void aBarePushHasNoEnvelope() {
        checkBare(
                push("result:42", pub(json("1"), 3, Map.of())),
                "{'channel':'result:42','pub':{'data':1,'offset':3}}");
        checkBare(
                push(
                        "",
                        new Message.Connected(
                                "9ac9",
                                "0.1",
                                false,
                                0,
                                NONE,
                                Map.of("a", subscribed("e", 2)),
                                25,
                                false,
                                "s",
                                "")),
                "{'connect':{'client':'9ac9','version':'0.1','subs':{'a':{'recoverable':true,"
                        + "'positioned':true,'epoch':'e','offset':2}},'ping':25,'session':'s'}}");
    }

    @Test
    void aConnect() throws Exception {
        check(
                new Command(
                        1,
                        new Command.Connect(
                                "abc",
                                json("{'a':1}"),
                                Map.of("news:", Command.Subscribe.after("", "e", 5)),
                                "js",
                                "1.2",
                                Map.of("x-token", "t"))),
                "{'id':1,'connect':{'token':'abc','data':{'a':1},'subs':{'news:':{'recover':true,"
                        + "'epoch':'e','offset':5}},'name':'js','version':'1.2',"
                        + "'headers':{'x-token':'t'}}}");
        check(new Command(1, Command.Connect.withToken("")), "{'id':1,'connect':{}}");
    }

    @Test
    void aSubscribe() throws Exception {
        check(new Command(2, Command.Subscribe.to("a")), "{'id':2,'subscribe':{'channel':'a'}}");
        check(
                new Command(
                        2,
                        new Command.Subscribe(
                                "result:42",
                                "jwt",
                                true,
                                "k7Qd.3",
                                9_007_199_254_740_991L,
                                json("{'conflate_ms':250}"),
                                true,
                                true,
                                true,
                                "fossil",
                                new FilterNode(
                                        "and",
                                        "",
                                        "",
                                        "",
                                        List.of(),
                                        List.of(
                                                new FilterNode(
                                                        "", "team", "eq", "x", List.of(),
                                                        List.of()),
                                                new FilterNode(
                                                        "",
                                                        "over",
                                                        "in",
                                                        "",
                                                        List.of("1", "2"),
                                                        List.of()))),
                                3,
                                -1)),
                "{'id':2,'subscribe':{'channel':'result:42','token':'jwt','recover':true,"
                        + "'epoch':'k7Qd.3','offset':9007199254740991,'data':{'conflate_ms':250},"
                        + "'positioned':true,'recoverable':true,'join_leave':true,"
                        + "'delta':'fossil','tf':{'op':'and','nodes':["
                        + "{'key':'team','cmp':'eq','val':'x'},"
                        + "{'key':'over','cmp':'in','vals':['1','2']}]},'flag':3,'type':-1}}");
    }

    @Test
    void otherCommands() throws Exception {
        check(
                new Command(3, new Command.Unsubscribe("a")),
                "{'id':3,'unsubscribe':{'channel':'a'}}");
        check(
                new Command(4, new Command.Publish("a", json("{'x':[1]}"))),
                "{'id':4,'publish':{'channel':'a','data':{'x':[1]}}}");
        check(new Command(5, new Command.Presence("a")), "{'id':5,'presence':{'channel':'a'}}");
        check(
                new Command(6, new Command.PresenceStats("a")),
                "{'id':6,'presence_stats':{'channel':'a'}}");
        check(
                new Command(7, new Command.History("a", -1, new Position(5, "e"), true)),
                "{'id':7,'history':{'channel':'a','limit':-1,'since':{'offset':5,'epoch':'e'},'reverse':true}}");
        check(
                new Command(7, new Command.History("a", 0, null, false)),
                "{'id':7,'history':{'channel':'a'}}");
        check(new Command(8, new Command.Ping()), "{'id':8,'ping':{}}");
        check(new Command(0, new Command.Send(json("1"))), "{'send':{'data':1}}");
        check(
                new Command(9, new Command.Rpc("gettop", json("{}"))),
                "{'id':9,'rpc':{'method':'gettop','data':{}}}");
        check(new Command(10, new Command.Refresh("t")), "{'id':10,'refresh':{'token':'t'}}");
        check(
                new Command(11, new Command.SubRefresh("a", "t", 0)),
                "{'id':11,'sub_refresh':{'channel':'a','token':'t'}}");
    }

    @Test
    void severalCommandsShareAFrameOneALine() throws Exception {
        assertThat(
                        commands(
                                """
                                {'id':1,'presence':{'channel':'a'}}
                                {'id':2,'unsubscribe':{'channel':'b'}}
                                """))
                .containsExactly(
                        new Command(1, new Command.Presence("a")),
                        new Command(2, new Command.Unsubscribe("b")));
    }

    @Test
    void publishedDataIsTakenByteForByte() throws Exception {
        for (String data :
                List.of("{'a':[1,2.50,'ü\\n']}", "[]", "'text'", "12", "-1.5e3", "true", "null")) {
            checkPublished("{'id':1,'publish':{'channel':'c','data':%s}}", data, data);
            checkPublished("{'publish':{'data':%s ,'channel':'c'},'id':1}", data, data);
        }
    }

    @Test
    void lineBreaksInsidePublishedDataAreDropped() throws Exception {
        checkPublished("{'id':1,'publish':{'channel':'c','data':%s}}", "{\n'a':\r\n1}", "{'a':1}");
    }

    @Test
    void unknownFieldsAreIgnored() throws Exception {
        assertThat(
                        commands(
                                "{'id':3,'novel':{'x':[1,{}]},'unsubscribe':{'data':7,'channel':'a','y':{}}}"))
                .containsExactly(new Command(3, new Command.Unsubscribe("a")));
        assertThat(messages("{'id':3,'novel':{'x':[1,{}]},'publish':{'y':{}}}"))
                .containsExactly(reply(3, new Message.Published()));
    }

    @Test
    void messagesOfAnUnknownKindAreLeftOut() throws Exception {
        assertThat(
                        messages(
                                """
                                {'id':3,'novel':{}}
                                {'push':{'channel':'a','novel':{}}}
                                {'push':{}}
                                {}
                                """))
                .containsExactly(new Message.Ping());
        assertThat(messages("{'id':3,'novel':{}}")).isEmpty();
    }

    @Test
    void nullIsTheZeroValue() throws Exception {
        assertThat(
                        Shown.of(
                                commands(
                                        "{'id':null,'subscribe':{'channel':'a','token':null,'recover':null,'offset':null,'tf':null}}")))
                .isEqualTo(Shown.of(List.of(new Command(0, Command.Subscribe.to("a")))));
        assertThat(
                        Shown.of(
                                messages(
                                        "{'id':1,'history':{'publications':null,'epoch':null,'offset':null}}")))
                .isEqualTo(
                        Shown.of(
                                List.of(
                                        reply(
                                                1,
                                                new Message.HistoryResult(
                                                        List.of(), new Position(0, ""))))));
    }

    /// Each request comes last in its frame, behind all those that it takes precedence of.
    @Test
    void ofSeveralRequestsTheFirstInTheProtocolsOrderCounts() throws Exception {
        List<Class<?>> order =
                List.of(
                        Command.Connect.class,
                        Command.Ping.class,
                        Command.Subscribe.class,
                        Command.Unsubscribe.class,
                        Command.Publish.class,
                        Command.Presence.class,
                        Command.PresenceStats.class,
                        Command.History.class,
                        Command.Rpc.class,
                        Command.Send.class,
                        Command.Refresh.class,
                        Command.SubRefresh.class);
        List<String> names =
                List.of(
                        "connect",
                        "ping",
                        "subscribe",
                        "unsubscribe",
                        "publish",
                        "presence",
                        "presence_stats",
                        "history",
                        "rpc",
                        "send",
                        "refresh",
                        "sub_refresh");
        var frame = new StringBuilder("'id':1}");
        for (int i = names.size() - 1; i >= 0; i--) {
            frame.insert(0, "'%s':{},".formatted(names.get(i)));
            assertThat(commands("{" + frame).getFirst().request()).isInstanceOf(order.get(i));
        }
        frame.setLength(0);
        for (int i = names.size() - 1; i >= 0; i--) {
            frame.append("'%s':{},".formatted(names.get(i)));
            assertThat(commands("{" + frame + "'id':1}").getFirst().request())
                    .isInstanceOf(order.get(i));
        }
    }

    @Test
    void anErrorCountsMoreThanAResultAndAPushMoreThanBoth() throws Exception {
        assertThat(messages("{'id':1,'publish':{},'error':{'code':100}}"))
                .containsExactly(reply(1, new Message.Failed(100, "", false)));
        assertThat(messages("{'id':1,'push':{'disconnect':{'code':3001}},'error':{'code':100}}"))
                .containsExactly(push("", new Message.Disconnected(3001, "")));
    }

    @Test
    void aTimeOfMoreThan68YearsIsCut() throws Exception {
        assertThat(messages("{'id':1,'sub_refresh':{'expires':true,'ttl':4294967295}}"))
                .containsExactly(reply(1, new Message.SubRefreshed(true, Integer.MAX_VALUE)));
    }

    @Test
    void aBareConnectRequest() throws Exception {
        for (String none : List.of("", "{}", "null", " \n", "{'subs':null}")) {
            assertThat(Shown.of(Codec.JSON.connect(json(none))))
                    .isEqualTo(Shown.of(Command.Connect.withToken("")));
        }
        assertThat(Shown.of(Codec.JSON.connect(json("{'token':'t'}"))))
                .isEqualTo(Shown.of(Command.Connect.withToken("t")));
        for (String wrong : List.of("[]", "1", "{}{}", "null null", "{'token':1}", "{")) {
            assertThatThrownBy(() -> Codec.JSON.connect(json(wrong)))
                    .isInstanceOf(Codec.Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "[]",
                "1",
                "null",
                "{",
                "{'id':-1}",
                "{'id':'1'}",
                "{'id':1.5}",
                "{'id':1e1}",
                "{'id':4294967296}",
                "{'id':99999999999999999999}",
                "{'id':1,'connect':[]}",
                "{'id':1,'connect':null}",
                "{'id':1,'connect':{'subs':[]}}",
                "{'id':1,'connect':{'subs':{'a':7}}}",
                "{'id':1,'connect':{'headers':{'a':7}}}",
                "{'id':1,'subscribe':{'channel':7}}",
                "{'id':1,'subscribe':{'channel':'\\ud83c'}}",
                "{'id':1,'subscribe':{'channel':'\\udfcf\\ud83c'}}",
                "{'id':1,'connect':{'headers':{'\\ud83c':''}}}",
                "{'id':1,'subscribe':{'channel':'a','recover':'yes'}}",
                "{'id':1,'subscribe':{'channel':'a','recover':1}}",
                "{'id':1,'subscribe':{'channel':'a','offset':-1}}",
                "{'id':1,'subscribe':{'channel':'a','offset':9223372036854775808}}",
                "{'id':1,'subscribe':{'channel':'a','flag':9223372036854775808}}",
                "{'id':1,'subscribe':{'channel':'a','type':2147483648}}",
                "{'id':1,'subscribe':{'channel':'a','tf':'x'}}",
                "{'id':1,'subscribe':{'channel':'a','tf':{'nodes':{}}}}",
                "{'id':1,'subscribe':{'channel':'a','tf':{'nodes':[1]}}}",
                "{'id':1,'subscribe':{'channel':'a','tf':{'vals':[1]}}}",
                "{'id':1,'history':{'channel':'a','limit':-2147483649}}",
                "{'id':1,'history':{'channel':'a','since':7}}",
                "{'id':1,'publish':{'channel':'a','data':}}",
                "{'id':1,'publish':{'channel':'a','data':NaN}}",
                "{'id':1,'publish':{'channel':'a','data':'\u0000'}}",
                "{'id':1} trailing"
            })
    void whatIsNoCommandIsMalformed(String frame) {
        assertThatThrownBy(() -> commands(frame)).isInstanceOf(Codec.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "[]",
                "{'id':-1}",
                "{'push':null}",
                "{'push':{'channel':'a','pub':[]}}",
                "{'push':{'channel':'a','pub':{'offset':'1'}}}",
                "{'push':{'channel':'a','pub':{'tags':{'a':1}}}}",
                "{'id':1,'error':{'code':4294967295}}",
                "{'id':1,'connect':{'ping':-1}}",
                "{'id':1,'history':{'publications':{}}}",
                "{'id':1,'history':{'publications':[null]}}",
                "{'id':1,'presence':{'presence':{'a':null}}}"
            })
    void whatIsNoMessageIsMalformed(String frame) {
        assertThatThrownBy(() -> messages(frame)).isInstanceOf(Codec.Malformed.class);
    }

    @Test
    void anEncodingOtherThanUtf8IsMalformed() {
        String frame = "{'id':1,'publish':{'channel':'a','data':'ü'}}".replace('\'', '"');
        byte[] overlong = frame.getBytes(UTF_8);
        for (int i = 0; i < overlong.length; i++) {
            if (overlong[i] < 0) {
                overlong[i] = (byte) 0xc0;
                overlong[++i] = (byte) 0x80;
            }
        }
        for (byte[] bytes :
                List.of(frame.getBytes(UTF_16LE), ("\ufeff" + frame).getBytes(UTF_8), overlong)) {
            assertThatThrownBy(() -> Codec.JSON.commands(bytes))
                    .isInstanceOf(Codec.Malformed.class)
                    .hasMessage("not UTF-8");
        }
    }

    @Test
    void nestingWithoutEndIsMalformed() {
        String deep = "{'id':1,'publish':{'channel':'a','data':" + "[".repeat(30_000);
        assertThatThrownBy(() -> commands(deep)).isInstanceOf(Codec.Malformed.class);
        assertThatThrownBy(() -> messages("{'push':{'pub':{'data':" + "[".repeat(30_000)))
                .isInstanceOf(Codec.Malformed.class);
    }

    /// A channel's data may be nested deeper than what clients may send.
    @Test
    void whatTheServerMaySendIsRead() throws Exception {
        byte[] deep =
                ("[".repeat(JsonScan.NESTING_MAX) + "]".repeat(JsonScan.NESTING_MAX))
                        .getBytes(UTF_8);
        assertThat(RawJson.isOneValue(deep)).isTrue();
        Message message = push("a", pub(deep, 1, Map.of()));
        assertThat(Shown.of(Codec.JSON.messages(Codec.JSON.encode(message))))
                .isEqualTo(Shown.of(List.of(message)));
    }

    private static Message.Subscribed subscribed(String epoch, long offset) {
        return new Message.Subscribed(
                false, 0, true, true, epoch, offset, List.of(), false, false, NONE);
    }

    private static Message.Event pub(byte[] data, long offset, Map<String, String> tags) {
        return new Message.PublicationEvent(new Publication(data, null, offset, tags));
    }

    private static Message reply(long id, Message.Result result) {
        return new Message.Reply(id, result);
    }

    private static Message.Push push(String channel, Message.Event event) {
        return new Message.Push(channel, event);
    }

    private static void check(Message message, String json) {
        assertThat(text(Codec.JSON.encode(message))).isEqualTo(json);
    }

    private static void checkBare(Message.Push push, String json) {
        assertThat(text(Codec.JSON.encodeBare(push))).isEqualTo(json);
    }

    private static void check(Command command, String json) throws Exception {
        assertThat(text(Codec.JSON.encode(command))).isEqualTo(json);
        assertThat(Shown.of(commands(json))).isEqualTo(Shown.of(List.of(command)));
    }

    private static void checkPublished(String template, String data, String expected)
            throws Exception {
        assertThat(Shown.of(commands(template.formatted(data))))
                .isEqualTo(
                        Shown.of(
                                List.of(new Command(1, new Command.Publish("c", json(expected))))));
    }

    private static List<Command> commands(String frame) throws Codec.Malformed {
        return Codec.JSON.commands(json(frame));
    }

    private static List<Message> messages(String frame) throws Codec.Malformed {
        return Codec.JSON.messages(json(frame));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    private static String text(byte[] json) {
        return new String(json, UTF_8).replace('"', '\'');
    }
}
