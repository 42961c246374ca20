package io.grandstand.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.ScriptedServer.Peer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReadmeExampleTest {
    @Test
    void theReadmeShowsTheExample() throws IOException {
        String source = Files.readString(Path.of("src/test/java", source()));
        int begin = source.indexOf("// begin\n") + "// begin\n".length();
        int end = source.indexOf("\n        // end\n");
        String example = source.substring(begin, end).stripIndent();
        assertThat(Files.readString(Path.of("README.md")))
                .contains("```java\n" + example + "\n```\n");
    }

    @Test
    void theExamplePrintsWhatIsPublished() throws Exception {
        var out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (var server = new ScriptedServer(loops)) {
            System.setOut(new PrintStream(out, true, UTF_8));
            var example = new ReadmeExample(server.endpoint().toString(), "t");
            Peer peer = server.welcome();
            peer.send(
                    "{'id':%s,'subscribe':{'epoch':'e'}}"
                            .formatted(ScriptedServer.id(peer.receive())));
            peer.send("{'push':{'channel':'ball:m1','pub':{'data':{'runs':6},'offset':9}}}\n{}");
            assertThat(peer.receive()).as("all before the ping is read").isEqualTo("{}");
            example.client.close();
            example.client.closed().join();
            example.loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        } finally {
            System.setOut(before);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
        assertThat(out.toString(UTF_8)).isEqualTo("9 {\"runs\":6}\n");
    }

    private static String source() {
        return ReadmeExample.class.getName().replace('.', '/') + ".java";
    }
}
