package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ProcfsTest {
    @Test
    void theProcessorTimeIsUserAndSystemTime() {
        String stat =
                "4711 (a (strange) name 1 2) S 1 4711 4711 0 -1 4194560 100 0 1 0 250 125 9 9"
                        + " 20 0 12 0 99 123456 789";
        assertThat(Procfs.cpuSeconds(stat)).isEqualTo(3.75);
    }

    @Test
    void ourOwnTimeRises() {
        long pid = ProcessHandle.current().pid();
        double before = Procfs.cpuSeconds(pid);
        long sum = 0;
        for (int i = 0; Procfs.cpuSeconds(pid) < before + 0.02; i++) {
            sum += i;
        }
        assertThat(sum).isNotNegative();
        assertThat(Procfs.rssBytes(pid)).isGreaterThan(10 << 20);
    }

    @Test
    void residentMemoryIsInKibibytes() {
        assertThat(Procfs.rssBytes("Name:\tjava\nVmPeak:\t 900 kB\nVmRSS:\t    12345 kB\n"))
                .isEqualTo(12_345L << 10);
    }

    @Test
    void socketMemoryIsInPages() {
        String sockstat =
                """
                sockets: used 10
                TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 335
                UDP: inuse 0 mem 7
                """;
        assertThat(Procfs.socketBytes(sockstat)).isEqualTo(335 * 4_096);
    }

    @Test
    void theLimitOfOpenFilesIsTheSoftOne() {
        String limits =
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95000                95000                processes
                Max open files            20000                30000                files
                """;
        assertThat(Procfs.descriptorsMax(limits)).isEqualTo(20_000);
        assertThat(Procfs.descriptorsMax("Max open files   unlimited  unlimited  files"))
                .isEqualTo(Long.MAX_VALUE);
    }

    /// These files tell everything in the first read, or nothing.
    @Test
    void thisMachineCanBeDescribed() {
        assertThat(Procfs.portsPerAddress()).isGreaterThan(1_000);
        assertThat(Procfs.descriptorsMax()).isPositive();
        assertThat(Procfs.hardware().memoryBytes()).isGreaterThan(1L << 28);
        assertThat(Procfs.hardware().cpu()).isNotBlank();
        assertThat(Procfs.slabBytes()).isPositive();
    }

    @Test
    void pausesAreFoundInTheLogsOfBothCollectors() {
        String log =
                """
                [0.005s][info][gc] Using G1
                [1.201s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 23M->4M(376M) 3.456ms
                [1.300s][info][gc] GC(1) Concurrent Mark Cycle 9.1ms
                [1.301s][info][gc] GC(1) Pause Remark 10M->9M(100M) 1.200ms
                [2.000s][info][gc,phases] GC(2) y: Pause Mark Start (Minor) 0.006ms
                """;
        assertThat(Stage.pauses(log)).containsExactly(3.456, 1.2, 0.006);
    }

    @Test
    void liveObjectsAreTheLastLineOfAClassHistogram() {
        String histogram =
                """
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:          1200        1048576  [B (java.base@25.0.3)
                Total         98765       23456789
                """;
        assertThat(JvmHeap.totalBytes(histogram)).isEqualTo(23_456_789);
        assertThatExceptionOfType(BenchException.class)
                .isThrownBy(() -> JvmHeap.totalBytes("23 is not attached"));
    }
}
