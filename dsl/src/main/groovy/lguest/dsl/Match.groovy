package lguest.dsl

import groovy.transform.CompileStatic

/** What {@code expect} found on a console: the text itself, as a string; {@code match[1]} is the first group of the pattern. */
@CompileStatic
final class Match {
    /** Printed between the last match and this one. */
    final String before
    /** The whole match, then the groups; null for one that took no part. */
    final List<String> groups
    /** Which of several was found: the text or pattern as it was given. */
    final Object pattern

    Match(String before, List<String> groups, Object pattern) {
        this.before = before
        this.groups = groups
        this.pattern = pattern
    }

    String getText() { groups[0] }

    /** @param group 0 for all of it, or the number of a group */
    String getAt(int group) {
        if (group < 0 || group >= groups.size()) {
            throw new ScriptFailure("group ${group} of a pattern with ${groups.size() - 1}")
        }
        groups[group]
    }

    @Override
    String toString() { text }
}
