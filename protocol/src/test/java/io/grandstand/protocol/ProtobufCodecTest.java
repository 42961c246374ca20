package io.grandstand.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Protobuf format byte by byte. What is right in it is held against the schema in
/// `SchemaTest`.
class ProtobufCodecTest {
    private static final byte[] NONE = {};

    @Test
    void everyMessageBringsItsLength() throws Exception {
        check(new Command(1, new Command.Presence("a")), "07 0801 4203 0a0161");
        assertThat(Codec.PROTOBUF.commands(hex("00 07 0801 4203 0a0161 00")))
                .containsExactly(
                        Command.PONG, new Command(1, new Command.Presence("a")), Command.PONG);
    }

    @Test
    void theEmptyMessageIsOneByte() {
        check(new Message.Ping(), "00");
        check(Command.PONG, "00");
    }

    @Test
    void emptyResultsAreWritten() {
        check(new Message.Reply(4, new Message.Unsubscribed()), "04 0804 3a00");
        check(new Message.Reply(5, new Message.Published()), "04 0805 4200");
        check(new Message.Reply(6, new Message.PresenceStatsResult(0, 0)), "04 0806 5200");
    }

    @Test
    void aPublicationLiesInAPushInAReply() {
        var publication =
                new Publication(new byte[] {(byte) 0xff, 0}, null, 300, Map.of("k", "42"));
        check(
                new Message.Push("a", new Message.PublicationEvent(publication)),
                "17 2215 120161 2210 2202ff00 30ac02 3a07 0a016b 12023432");
        assertThat(
                        Codec.PROTOBUF.encodeBare(
                                new Message.Push("a", new Message.PublicationEvent(publication))))
                .isEqualTo(hex("15 120161 2210 2202ff00 30ac02 3a07 0a016b 12023432"));
    }

    @Test
    void negativeNumbersTakeTenBytes() throws Exception {
        check(
                new Command(1, new Command.History("a", -1, null, false)),
                "12 0801 520e 0a0161 38ffffffffffffffffff01");
    }

    @Test
    void unknownFieldsAreSkipped() throws Exception {
        // Number 100 as varint, 64 bits, bytes, 32 bits; around and within a request.
        String novel = "a00607 a1060102030405060708 a20601ff a50601020304";
        assertThat(Codec.PROTOBUF.commands(hex("35" + novel + "0801 421a" + novel + "0a0161")))
                .containsExactly(new Command(1, new Command.Presence("a")));
    }

    @Test
    void messagesOfAnUnknownKindAreLeftOut() throws Exception {
        assertThat(Codec.PROTOBUF.messages(hex("05 0803 a20600 00")))
                .containsExactly(new Message.Ping());
        assertThat(Codec.PROTOBUF.messages(hex("02 2200"))).isEmpty();
    }

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
        List<Integer> fields = List.of(4, 11, 5, 6, 7, 8, 9, 10, 13, 12, 14, 15);
        var forwards = new ByteArrayOutputStream();
        String backwards = "";
        for (int i = fields.size() - 1; i >= 0; i--) {
            String field = "%02x00".formatted(fields.get(i) << 3 | 2);
            forwards.writeBytes(hex(field));
            backwards = field + backwards;
            String length = "%02x".formatted(forwards.size());
            for (String all :
                    List.of(HexFormat.of().formatHex(forwards.toByteArray()), backwards)) {
                assertThat(Codec.PROTOBUF.commands(hex(length + all)).getFirst().request())
                        .isInstanceOf(order.get(i));
            }
        }
    }

    @Test
    void anEntryOfAMapMayLackKeyOrValue() throws Exception {
        var connect =
                (Command.Connect)
                        Codec.PROTOBUF
                                .commands(hex("10 220e 1a00 1a03 0a0161 3200 3203 0a0162"))
                                .getFirst()
                                .request();
        assertThat(Shown.of(connect))
                .isEqualTo(
                        Shown.of(
                                new Command.Connect(
                                        "",
                                        NONE,
                                        Map.of(
                                                "", Command.Subscribe.to(""),
                                                "a", Command.Subscribe.to("")),
                                        "",
                                        "",
                                        Map.of("", "", "b", ""))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01", // a length without its bytes
                "ffffffff07", // a length of 2 GB
                "ffffffff0f", // a negative length
                "ffffffffffffffffffffff", // a number without end
                "01 08", // an id without its number
                "01 00", // field number 0
                "02 1000 0801 3a", // a second message cut off
                "03 0a0161", // the id as text
                "02 4801", // a request as a number
                "05 4204 0a0161 00", // more in the request than in the frame's message
                "04 4202 0a01", // text without its letters
                "05 4203 0a01ff", // text that is not UTF-8
                "06 4204 0affffff7f", // text of 256 MB
                "02 1b1c", // a group
                "02 1c00", // the end of a group
                "02 1e00", // wire type 6
                "0d 2a0b 38ffffffffffffffffff01" // an offset beyond 63 bits
            })
    void whatIsNoCommandIsMalformed(String frame) {
        assertThatThrownBy(() -> Codec.PROTOBUF.commands(hex(frame)))
                .isInstanceOf(Codec.Malformed.class);
    }

    /// Groups nested in groups are the one unknown field that could use up the stack.
    @Test
    void nestingWithoutEndIsMalformed() throws Exception {
        byte[] groups = new byte[60_000];
        Arrays.fill(groups, (byte) 0x1b);
        assertThatThrownBy(() -> Codec.PROTOBUF.commands(delimited(groups)))
                .isInstanceOf(Codec.Malformed.class);

        byte[] node = NONE;
        while (node.length < 60_000) {
            node = field(6, node);
        }
        byte[] subscribe = field(5, field(13, node));
        assertThatThrownBy(() -> Codec.PROTOBUF.commands(delimited(subscribe)))
                .isInstanceOf(Codec.Malformed.class)
                .hasMessage("filter nested too deep");
    }

    @Test
    void aTimeOfMoreThan68YearsIsCut() throws Exception {
        assertThat(Codec.PROTOBUF.messages(hex("0a 7a08 0801 10ffffffff0f")))
                .containsExactly(
                        new Message.Reply(0, new Message.SubRefreshed(true, Integer.MAX_VALUE)));
    }

    private static void check(Command command, String bytes) {
        assertThat(Codec.PROTOBUF.encode(command)).isEqualTo(hex(bytes));
    }

    private static void check(Message message, String bytes) {
        assertThat(Codec.PROTOBUF.encode(message)).isEqualTo(hex(bytes));
    }

    private static byte[] field(int number, byte[] message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, message);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] delimited(byte[] message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        out.writeByteArrayNoTag(message);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }
}
