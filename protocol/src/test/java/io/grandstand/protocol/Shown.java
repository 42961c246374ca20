package io.grandstand.protocol;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values as text that is equal if and only if they are: of records it tells the type, of arrays
/// and collections the contents.
final class Shown {
    private Shown() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> "0x" + HexFormat.of().formatHex(bytes);
            case String text -> '"' + text + '"';
            case List<?> list ->
                    list.stream().map(Shown::of).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map -> {
                var shown = new TreeMap<String, String>();
                map.forEach((key, element) -> shown.put(of(key), of(element)));
                yield shown.toString();
            }
            case Record record ->
                    Arrays.stream(record.getClass().getRecordComponents())
                            .map(component ->
                                    component.getName() + "=" + of(get(component, record)))
                            .collect(
                                    Collectors.joining(
                                            ", ", record.getClass().getSimpleName() + "(", ")"));
            default -> value.toString();
        };
    }

    private static @Nullable Object get(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
