package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class JsonEncoderTest {
    private final JsonEncoder encoder = new JsonEncoder();

    @Test
    void aConnectReplyHasWhatClientsNeed() {
        check(
                new Reply.Connected(1, "9ac9", "0.1", 25),
                "{\"id\":1,\"connect\":{\"client\":\"9ac9\",\"version\":\"0.1\",\"ping\":25,\"pong\":true}}");
    }

    @Test
    void aSubscribeReplyLeavesOutWhatIsZero() {
        check(
                new Reply.Subscribed(2, "e.0", 0, false, false),
                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"e.0\"}}");
        check(
                new Reply.Subscribed(2, "e.0", 17, true, true),
                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"e.0\","
                    + "\"offset\":17,\"was_recovering\":true,\"recovered\":true}}");
    }

    @Test
    void emptyResultsAreWritten() {
        check(new Reply.Unsubscribed(4), "{\"id\":4,\"unsubscribe\":{}}");
        check(new Reply.Published(5), "{\"id\":5,\"publish\":{}}");
    }

    @Test
    void anErrorSaysWhetherToTryAgain() {
        check(
                new Reply.Failed(6, Codes.ErrorCode.PERMISSION_DENIED),
                "{\"id\":6,\"error\":{\"code\":103,\"message\":\"permission denied\"}}");
        check(
                new Reply.Failed(6, Codes.ErrorCode.INTERNAL),
                "{\"id\":6,\"error\":{\"code\":100,\"message\":\"internal server"
                        + " error\",\"temporary\":true}}");
    }

    @Test
    void aPublicationEmbedsItsDataAsItIs() {
        var publication =
                new Reply.Publication(8_589_934_823L, "{\"home\":1}".getBytes(UTF_8), null);
        assertThat(new String(encoder.publication("result:42", publication), UTF_8))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"result:42\",\"pub\":{\"data\":{\"home\":1},\"offset\":8589934823}}}");
    }

    @Test
    void specialDataIsTagged() {
        var deleted =
                new Reply.Publication(3, "null".getBytes(UTF_8), Reply.Publication.Tag.DELETED);
        assertThat(new String(encoder.publication("a:b", deleted), UTF_8))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a:b\",\"pub\":{\"data\":null,\"offset\":3,\"tags\":{\"del\":\"1\"}}}}");
    }

    @Test
    void anUnsubscribePushHasCodeAndReason() {
        assertThat(
                        new String(
                                encoder.unsubscribe(
                                        "a:b", Codes.UnsubscribeCode.INSUFFICIENT_STATE),
                                UTF_8))
                .isEqualTo(
                        "{\"push\":{\"channel\":\"a:b\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient"
                            + " state\"}}}");
    }

    /// Channel names come from clients: whatever stands in them, the push stays one line of valid
    /// JSON.
    @Property
    void anyChannelNameStaysInsideItsString(
            @ForAll String channel, @ForAll @LongRange(min = 0) long offset) {
        byte[] push =
                encoder.publication(channel, new Reply.Publication(offset, new byte[] {'1'}, null));
        assertThat(RawJson.isOneValue(push)).isTrue();
        assertThat(push).doesNotContain((byte) '\n');
    }

    private void check(Reply reply, String json) {
        assertThat(new String(encoder.reply(reply), UTF_8)).isEqualTo(json);
    }
}
