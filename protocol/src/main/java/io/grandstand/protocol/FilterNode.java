package io.grandstand.protocol;

import java.util.List;

/// A node of a tags filter as it stands on the wire, not yet known to be valid.
///
/// @param op empty for a leaf, or `and`, `or`, `not`
/// @param key the tag a leaf looks at
/// @param cmp how a leaf compares: `eq neq in nin ex nex sw ew ct lt lte gt gte`
/// @param val what most leaves compare with
/// @param vals what `in` and `nin` compare with
/// @param nodes the operands of `and`, `or`, `not`
public record FilterNode(
        String op, String key, String cmp, String val, List<String> vals, List<FilterNode> nodes) {
    /// Nodes may be nested this deep, the outermost counted; a command with deeper ones is
    /// malformed.
    static final int DEPTH_MAX = 16;
}
