package io.grandstand.gateway.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The keys of one key set as it was at one time.
///
/// @param leftOut what is wrong with those that are broken, for the log
record TokenKeys(List<TokenKey> keys, List<String> leftOut) {
    /// A set with more entries is refused as a whole.
    static final int KEYS_MAX = 100;

    static final TokenKeys NONE = new TokenKeys(List.of(), List.of());

    TokenKeys {
        keys = List.copyOf(keys);
        leftOut = List.copyOf(leftOut);
    }

    /// Which key a token is to be checked with.
    sealed interface Lookup {}

    record Found(TokenKey key) implements Lookup {}

    /// The set knows of the token's key, but it must not be used for this token.
    record Unfit(String reason) implements Lookup {}

    /// The set knows nothing of the token's key; a newer one may.
    record Unknown() implements Lookup {}

    /// The keys of a document (RFC 7517, 5). Keys that are not to be used are left out, as are
    /// broken ones.
    ///
    /// @throws ParseException if it is no key set, has too many entries, or none that can be used:
    ///   a signer without any key is rather a mistake than a wish to refuse everybody
    static TokenKeys parse(String json) throws ParseException {
        List<Object> entries = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(json), "keys");
        if (entries == null) {
            throw new ParseException("it has no list of keys", 0);
        }
        if (entries.size() > KEYS_MAX) {
            throw new ParseException(
                    "it has %d keys: at most %d are accepted".formatted(entries.size(), KEYS_MAX),
                    0);
        }
        var keys = new ArrayList<TokenKey>();
        var leftOut = new ArrayList<String>();
        for (int i = 0; i < entries.size(); i++) {
            try {
                TokenKey key = TokenKey.of(object(entries.get(i)));
                if (key != null) {
                    keys.add(key);
                }
            } catch (ParseException e) {
                leftOut.add("key %d: %s".formatted(i, e.getMessage()));
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("it has no key that tokens could be checked with", 0);
        }
        return new TokenKeys(keys, leftOut);
    }

    /// The one key that a token of this header can have been signed with.
    ///
    /// A token without `kid` is accepted where that leaves no choice: trying all keys would let
    /// clients make the gateway work for nothing.
    Lookup find(JWSHeader header) {
        String id = header.getKeyID();
        List<TokenKey> known =
                id == null ? keys : keys.stream().filter(key -> id.equals(key.id())).toList();
        if (known.isEmpty()) {
            return new Unknown();
        }
        List<TokenKey> fit =
                known.stream()
                        .filter(key -> key.algorithms().contains(header.getAlgorithm()))
                        .toList();
        return switch (fit.size()) {
            case 1 -> new Found(fit.getFirst());
            case 0 -> new Unfit("its key is not for its algorithm");
            default ->
                    new Unfit(
                            id == null ? "it does not name its key" : "its key's id is ambiguous");
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object entry) throws ParseException {
        if (entry instanceof Map<?, ?> object) {
            // Names in a JSON object are text.
            return (Map<String, Object>) object;
        }
        throw new ParseException("it is not an object", 0);
    }
}
