package io.grandstand.gateway;

import io.grandstand.protocol.Publication;
import java.util.ArrayList;
import java.util.List;

/// A channel of which only the last records are shown, however many Kafka retains.
final class HistoryCap {
    private HistoryCap() {}

    /// What a history request comes to.
    ///
    /// @param outcome the channel's last `shown + 1` records, newest first
    /// @param shown how many of them are shown; at least 1
    /// @param from position that wanted records come after; 0 for the beginning
    /// @param before position that they come before; `Long.MAX_VALUE` for the end
    /// @param limit most records wanted
    /// @param reverse newest first
    static HistoryRequest.Outcome apply(
            HistoryRequest.Outcome outcome,
            int shown,
            long from,
            long before,
            int limit,
            boolean reverse) {
        if (!(outcome instanceof HistoryRequest.Found(List<Publication> newestFirst, long top))) {
            return outcome;
        }
        if (from > 0 && newestFirst.size() > shown && from < newestFirst.get(shown).offset()) {
            return new HistoryRequest.Unrecoverable();
        }
        var wanted = new ArrayList<Publication>();
        List<Publication> visible =
                newestFirst.size() > shown ? newestFirst.subList(0, shown) : newestFirst;
        for (Publication publication : reverse ? visible : visible.reversed()) {
            if (publication.offset() > from
                    && publication.offset() < before
                    && wanted.size() < limit) {
                wanted.add(publication);
            }
        }
        return new HistoryRequest.Found(List.copyOf(wanted), top);
    }
}
